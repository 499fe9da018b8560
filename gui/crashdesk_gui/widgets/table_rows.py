"""Rows as high as their wrapped texts need, in tables that have columns which break their texts into lines."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QTableView

from crashdesk_gui.display import Display
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.next_turn import NextTurn
from crashdesk_gui.widgets.text_lines import wrapped_height

_ACROSS = 16
"""A cell keeps 8 pixels free on both sides."""
_ABOVE_AND_BELOW = 10
MOST_WRAPPED = 200
"""Further down rows are as high as in any table, and their texts end in dots: nobody measures ten thousand texts."""
_AT_ONCE = 50
"""What is longer is measured in a turn of its own, after the columns have their widths."""


class WrappedRows(QObject):
    """Keeps the rows of `view` as high as the texts of its model's wrapping columns need at their present width.

    Signals: `changed()` when a row became higher or lower; `about_to_fit_late()` and `fitted_late()` around measuring in a turn
    of its own, when whoever reads has his place already.
    """

    changed = Signal()
    about_to_fit_late = Signal()
    fitted_late = Signal()

    def __init__(self, view: QTableView, model: TableModel[Any], display: Display) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._display = display
        self._wrapping = [number for number, column in enumerate(model.columns) if column.wrap]
        if self._wrapping:
            model.updated.connect(self._on_updated)
            view.horizontalHeader().sectionResized.connect(self._on_resized)
            self._soon = NextTurn(self)
            self._soon.came.connect(self._fit_late)

    def fit(self) -> None:
        """Measure anew."""
        if not self._wrapping:
            return
        header = self._view.horizontalHeader()
        shown = [number for number in self._wrapping if not header.isSectionHidden(number)]
        widths = {number: header.sectionSize(number) - _ACROSS for number in shown}
        font, metrics = self._view.font(), self._view.fontMetrics()
        changed = False
        heights: dict[tuple[str, int], int] = {}
        for row in range(min(self._model.rowCount(), MOST_WRAPPED)):
            record = self._model.record_at(row)
            height = self._display.row_height
            for number, width in widths.items() if record is not None else ():
                text = self._model.columns[number].text(record)
                if (text, width) not in heights:
                    fits = metrics.horizontalAdvance(text) <= width
                    heights[text, width] = 0 if fits else wrapped_height(font, text, width) + _ABOVE_AND_BELOW
                height = max(height, heights[text, width])
            if self._view.rowHeight(row) != height:
                self._view.setRowHeight(row, height)
                changed = True
        if changed:
            self.changed.emit()

    def _fit_late(self) -> None:
        self.about_to_fit_late.emit()
        self.fit()
        self.fitted_late.emit()

    def _on_updated(self) -> None:
        if self._model.rowCount() > _AT_ONCE:
            self._soon.start()  # the columns are made to fit as well, each in its turn
        else:
            self.fit()

    def _on_resized(self, number: int, _before: int, _after: int) -> None:
        if number in self._wrapping:
            self._soon.start()  # one column after the other gets its width
