"""A titled table that is as high as its rows, with its export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent

from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.models.table import RecordTableModel
from crashdesk_gui.widgets.panel import Panel
from crashdesk_gui.widgets.table import RecordTableView

_HEADER = 32
_SCROLL_BAR = 12
_MEASURED_ROWS = 60


class TablePanel(Panel):
    """As high as its rows, up to `most_rows`; without rows only its title shows.

    `name` becomes part of an exported file's name; the columns of `giving_way` hide where there is no room for all, those of
    `hidden_empty` where no row has anything to say in them.
    """

    def __init__(
        self,
        ui: UiContext,
        model: RecordTableModel[Any],
        title: str,
        name: str,
        exports: TableExports,
        *,
        most_rows: int = 8,
        giving_way: Sequence[str] = (),
        hidden_empty: Sequence[str] = (),
    ) -> None:
        super().__init__(ui, title, flush=True)
        self._ui = ui
        self._model = model
        self._name = title
        self._most_rows = most_rows
        self._hidden_empty = frozenset(hidden_empty)
        self.table = RecordTableView(
            ui, model, f"recovery-{name}", accessible_name=title, remember=False, giving_way=giving_way
        )
        self._export = exports.button(model, name, title)
        self.add_head_widget(self._export)
        self.add(self.table)
        ui.display.changed.connect(self._fit)
        self.table.row_heights_changed.connect(self._fit)
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit)
        self.table.horizontalHeader().sectionResized.connect(lambda *_: self._fit_soon.start())

    def show_records(self, records: Sequence[Any], note: str = "") -> None:
        """Show these rows, and the note beside the title."""
        self.set_title(self._name, note)
        self._model.set_records(records)
        self.table.setVisible(bool(records))
        self._export.setVisible(bool(records))
        may_be_empty = (each for each in self._model.columns if each.id in self._hidden_empty)
        self.table.leave_out({each.id for each in may_be_empty if not any(map(each.text, records))})
        self.table.fit_columns(_MEASURED_ROWS)
        self._fit()

    def rename(self, title: str) -> None:
        """Show its next rows under another title."""
        self._name = title
        self.table.setAccessibleName(title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        rows = min(self._model.rowCount(), self._most_rows)
        height = sum(self.table.rowHeight(row) for row in range(rows)) or self._ui.display.row_height
        sideways = self.table.horizontalHeader().length() > self.table.viewport().width()
        self.table.setFixedHeight(_HEADER + height + (_SCROLL_BAR if sideways else 0) + 2)
