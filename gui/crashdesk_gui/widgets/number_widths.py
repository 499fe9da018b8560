"""How wide the columns of a table must be for its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QFontMetrics

from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.widgets.number_texts import widest_number, widest_word

SAMPLE = 64
"""So many rows are measured. Further down a column grows when a number comes into sight that has no room."""
CHECK_WIDTH = 22
"""What a checkbox takes of its cell."""
_WIDEST_SENTENCE = 320
_WIDEST_WORD = 120
"""A longer one, such as an id or Chinese without spaces, is broken."""


class NumberWidths:
    """The widths that the texts of a model were found to need, in pixels; they only grow until they are forgotten."""

    def __init__(self, model: TableModel[Any], metrics_of: Callable[[Column[Any]], QFontMetrics], padding: int) -> None:
        self._model = model
        self._metrics_of = metrics_of
        self._padding = padding
        self._whole: dict[str, int] = {}
        self._worded: dict[str, int] = {}
        self._broken: dict[str, int] = {}
        self._measured: dict[str, frozenset[str]] = {}

    def whole(self, column: Column[Any]) -> int:
        """What a column needs to show each text on one line; 0 for one that may cut its texts."""
        return self._whole.get(column.id, 0)

    def broken(self, column: Column[Any]) -> int:
        """What it needs at least: the widest number, where texts may be broken into lines."""
        return self._broken.get(column.id, 0)

    def worded(self, column: Column[Any]) -> int:
        """What it needs so that lines are broken between words, where texts may be broken into lines."""
        return max(self._worded.get(column.id, 0), self.broken(column))

    def forget(self) -> None:
        """The rows that are measured next are others."""
        self._whole.clear()
        self._worded.clear()
        self._broken.clear()
        self._measured.clear()

    def widen(self, column: Column[Any], width: int) -> bool:
        """Take over that a text of this column needs `width` pixels on one line; False when that is known."""
        if width <= self.broken(column):
            return False
        self._whole[column.id] = max(width, self.whole(column))
        self._broken[column.id] = width
        return True

    def measure(self) -> bool:
        """Look at the first rows; whether one of them needs more than was known."""
        before = self._whole | {}, self._worded | {}, self._broken | {}
        records = self._model.records_at(range(min(SAMPLE, self._model.rowCount())))
        for column in self._model.columns if records else ():
            if column.numeric or column.whole or column.wrap:
                self._measure(column, {column.text(record) for record in records})
        return before != (self._whole, self._worded, self._broken)

    def _measure(self, column: Column[Any], texts: set[str]) -> None:
        before, self._measured[column.id] = self._measured.get(column.id, frozenset()), frozenset(texts)
        texts = texts - before
        if not texts:
            return
        metrics = self._metrics_of(column)
        beside = self._padding + (CHECK_WIDTH if column.check else 0)
        number = max(widest_number(metrics, text) for text in texts) + beside
        whole = max(metrics.horizontalAdvance(text) for text in texts) + beside
        if column.wrap:
            words = (widest_word(metrics, text) for text in texts)
            word = max((each for each in words if each <= _WIDEST_WORD), default=0) + beside
            self._worded[column.id] = max(number, word, self._worded.get(column.id, 0))
            whole = max(min(whole, _WIDEST_SENTENCE), number)
        if column.numeric or column.whole:
            self._whole[column.id] = max(whole, self.whole(column))
        self._broken[column.id] = max(number if column.wrap else whole, self.broken(column))
