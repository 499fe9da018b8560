"""Keep the texts of the desk complete: ``python tests/translations.py`` reads every source text into resources/i18n.

It says what is not translated yet; translate that in crashdesk_zh_CN.ts (a text file, or with pyside6-linguist) and run it
again: it also compiles the .qm files that the desk loads. Sources are the desk's own literals, the templates of the
core's evidence and its words on exchanges that refuse, which are named nowhere in the desk.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from crashdesk.trouble_words import ANSWERS

ROOT = Path(__file__).resolve().parents[1]
I18N = ROOT / "resources" / "i18n"
GUI = ROOT / "gui" / "crashdesk_gui"
RECONCILE = ROOT / "core" / "crashdesk" / "reconcile"
CHINESE = I18N / "crashdesk_zh_CN.ts"
ENGLISH = I18N / "crashdesk_en.ts"


def evidence_templates() -> set[str]:
    """Every template that the core gives to `fact`, as a literal or as a name that literals were assigned to."""
    found: set[str] = set()
    for path in RECONCILE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        assigned: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                assigned.setdefault(node.targets[0].id, set()).update(_literals(node.value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fact":
                template = node.args[1]
                found |= (
                    assigned.get(template.id, set()) if isinstance(template, ast.Name) else set(_literals(template))
                )
    return found


def trouble_texts() -> set[str]:
    """Every clause and sentence by which the core explains an exchange that refuses."""
    return {text for answers in ANSWERS.values() for text in (answers.what, answers.meaning, answers.advice)}


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def update(target: Path, *, plurals_only: bool = False) -> None:
    """Bring a .ts file up to date with the sources: new texts come in unfinished, those that are gone go out."""
    with tempfile.TemporaryDirectory() as directory:
        evidence = Path(directory) / "evidence.py"
        lines = [f"translate('Evidence', {template!r})" for template in sorted(evidence_templates())]
        lines += [f"translate('Core', {text!r})" for text in sorted(trouble_texts())]
        evidence.write_text("\n".join(lines), "utf-8")
        sources = [str(path) for path in sorted(GUI.rglob("*.py"))]
        options = ["-no-obsolete", "-locations", "none", *(["-pluralonly"] if plurals_only else [])]
        _run("pyside6-lupdate", *sources, str(evidence), "-ts", str(target), *options)


def compile_texts(source: Path, target: Path) -> None:
    """Write the .qm file of a .ts file. A desk that runs has the older one mapped into its memory, and must keep it whole."""
    part = target.with_suffix(".part.qm")
    _run("pyside6-lrelease", str(source), "-qm", str(part))
    part.replace(target)


def unfinished(path: Path) -> list[str]:
    """The source texts of a .ts file that have no translation."""
    return [
        f"{message.context}: {message.source}"
        for message in messages(path)
        if not message.finished or not all(message.translations)
    ]


class Message(NamedTuple):
    """One entry of a .ts file; a plural has a translation for each of its forms."""

    context: str
    source: str
    comment: str
    translations: Sequence[str]
    plural: bool
    finished: bool


def messages(path: Path) -> Iterator[Message]:
    """Every entry of a .ts file."""
    for context in ElementTree.parse(path).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            yield Message(
                context=context.findtext("name", ""),
                source=message.findtext("source", ""),
                comment=message.findtext("comment", ""),
                translations=[form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""],
                plural=message.get("numerus") == "yes",
                finished=translation.get("type") is None,
            )


def _run(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).with_name(tool)
    ended = subprocess.run([str(program), *arguments], capture_output=True, text=True, timeout=60, check=False)
    if ended.returncode:
        raise SystemExit(f"{tool} failed:\n{ended.stdout}{ended.stderr}")


def main() -> int:
    """Refresh both languages; 1 while something is not translated."""
    update(CHINESE)
    update(ENGLISH, plurals_only=True)
    missing = [*unfinished(CHINESE), *unfinished(ENGLISH)]
    for source in (CHINESE, ENGLISH):
        compile_texts(source, source.with_suffix(".qm"))
    for text in missing:
        sys.stdout.write(f"not translated: {text}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
