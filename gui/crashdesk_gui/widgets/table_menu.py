"""The menu of a table's header: which columns are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from crashdesk_gui.models.table_base import TableModel


class ColumnMenu(QMenu):
    """A choice per column; the last one that is shown cannot be hidden. `show_column(logical index, shown)` carries it out."""

    def __init__(
        self,
        model: TableModel[Any],
        header: QHeaderView,
        show_column: Callable[[int, bool], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        shown = sum(not header.isSectionHidden(logical) for logical in range(len(model.columns)))
        for logical, column in enumerate(model.columns):
            if not column.title:
                continue
            action = self.addAction(column.title)
            action.setCheckable(True)
            visible = not header.isSectionHidden(logical)
            action.setChecked(visible)
            action.setEnabled(shown > 1 or not visible)
            action.toggled.connect(lambda on, logical=logical: show_column(logical, on))

    def add_arrangement(self, unsort: Callable[[], object], reset: Callable[[], object]) -> None:
        """Back to how the table was given."""
        translate = QCoreApplication.translate
        self.addSeparator()
        self.addAction(translate("RecordTableView", "Unsorted"), unsort)
        self.addAction(translate("RecordTableView", "Reset columns"), reset)
