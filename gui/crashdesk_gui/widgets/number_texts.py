"""Numbers within texts: a number of which digits are missing is a wrong number."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from crashdesk_gui.format import GROUP_SEPARATOR, MINUS

_NUMBER = re.compile(rf"(?<![\w.-])[+{MINUS}]?\d[\d{GROUP_SEPARATOR}]*(?:\.\d+)?(?!\w)")
_WITH_SIGNS = re.compile(rf"(?:[^\w\s] )?{_NUMBER.pattern}(?: [/→])?")
_WORD = re.compile(r"[^\s/]+/?")
_DOTS = "…"


def widest_number(metrics: QFontMetrics, text: str) -> int:
    """How wide the widest number of a text is, in pixels; 0 where it has none. An id such as `grid-4` is no number.

    A sign that stands beside it belongs to it: `▲ 0.25`, `0.25 /`.
    """
    return max((metrics.horizontalAdvance(number) for number in _WITH_SIGNS.findall(text)), default=0)


def widest_word(metrics: QFontMetrics, text: str) -> int:
    """How wide the widest part of a text is that lines keep whole, in pixels: a symbol may be broken behind its slash."""
    return max((metrics.horizontalAdvance(word) for word in _WORD.findall(text)), default=0)


def elided_between_numbers(metrics: QFontMetrics, text: str, width: int) -> str:
    """As much of the beginning of a text as fits into `width` pixels, never ending within a number or right behind one."""
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    if shown == text:
        return text
    end = len(shown.removesuffix(_DOTS))
    for number in _NUMBER.finditer(text):
        if number.start() < end <= number.end():
            return text[: number.start()].rstrip() + _DOTS
    return shown
