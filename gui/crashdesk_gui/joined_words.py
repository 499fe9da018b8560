"""Words put together with the marks of the language that is spoken: those of Chinese are as wide as its words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def labelled(label: str, text: str) -> str:
    """`label: text`."""
    return translate("Joined", "{0}: {1}").format(label, text)


def listed(parts: Iterable[str]) -> str:
    """`one, two, three`."""
    pair = translate("Joined", "{0}, {1}")
    return reduce(pair.format, parts) if (parts := list(parts)) else ""


def listed_apart(parts: Iterable[str]) -> str:
    """`one; two, which has a comma`."""
    pair = translate("Joined", "{0}; {1}")
    return reduce(pair.format, parts) if (parts := list(parts)) else ""
