"""Rows onto the clipboard: a hundred thousand of them in slices, between which the window goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.export import tsv_lines
from crashdesk_gui.models.table_base import TableModel

_SLICE_S = 0.012


class RowCopier(QObject):
    """Copies rows as tab-separated text. Few are there at once; while many are being written, the pointer over `view` says so,
    and the clipboard keeps what it had until all of them are there. A new copy takes the place of one under way.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._lines: list[str] = []
        self._rest: Iterator[str] = iter(())
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        """Whether rows are still being written."""
        return self._turns.isActive()

    def copy(self, model: TableModel[Any], records: Sequence[Any], columns: Sequence[Column[Any]]) -> None:
        """Put these rows on the clipboard."""
        self._lines, self._rest = [], tsv_lines(model, records, columns)
        self._view.setCursor(Qt.CursorShape.BusyCursor)
        self._turns.start()
        self._go_on()

    def _go_on(self) -> None:
        until = time.perf_counter() + _SLICE_S
        for line in self._rest:
            self._lines.append(line)
            if time.perf_counter() > until:
                return
        self._turns.stop()
        self._view.unsetCursor()
        QGuiApplication.clipboard().setText("".join(self._lines))
        self._lines = []
