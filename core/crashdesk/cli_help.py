"""How ``--help`` reads: plain text, the commands in the order of an incident, examples, and what the exit codes mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typer.core import TyperGroup

HELP_SETTINGS = {"help_option_names": ["--help", "-h"], "max_content_width": 100}
"""For the outermost group; its commands take them over."""

_ORDER = ("desk", "list", "show", "verify", "recover", "audit", "settle", "demo", "desktop-entry")
_ENDED = {
    0: "done, and nothing is wrong",
    1: "it failed or was refused, something is wrong, or nobody said yes",
    2: "it could not begin: wrong usage, no store there, or a setting is missing",
}
# Click leaves the lines of a paragraph alone that begins with this.
_AS_IT_IS = "\b\n"


class CommandsInOrder(TyperGroup):
    """Lists the commands as one needs them in an incident."""

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))


def epilog(
    heading: str,
    *examples: tuple[str, str],
    ended: Mapping[int, str] | None = None,
    more: tuple[str, ...] = (),
) -> str:
    """What stands below the options: (command, what it does) examples, and the exit codes; `ended` says some more exactly.

    `more` are lines between the two.
    """
    width = max(len(command) for command, _ in examples) + 2
    paragraphs = [[heading, *(f"  {command:<{width}}{what}" for command, what in examples)]]
    if more:
        paragraphs.append(list(more))
    codes = {**_ENDED, **(ended or {})}
    paragraphs.append(["Exit codes:", *(f"  {code}  {what}" for code, what in codes.items())])
    return "\n\n".join(_AS_IT_IS + "\n".join(lines) for lines in paragraphs)
