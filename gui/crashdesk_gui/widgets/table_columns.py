"""How the columns of a table stand: as the operator arranged them, as wide as their texts, and fitted to the table's width."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QTableView

from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.settings import ColumnLayout, DeskSettings
from crashdesk_gui.widgets.giving_way import without_room
from crashdesk_gui.widgets.text import TextStyle

# A cell keeps 8 pixels free on both sides.
_PADDING = 17
_WIDEST = 320


class TableColumns(QObject):
    """The columns of `view`, remembered under its object name for each store, unless `remember` is false.

    Those of `giving_way` hide, first to last, while the table is too narrow for all.
    """

    def __init__(
        self,
        view: QTableView,
        model: TableModel[Any],
        settings: DeskSettings,
        *,
        store: str,
        remember: bool,
        giving_way: Sequence[str],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._header = view.horizontalHeader()
        self._records = model
        self._settings = settings
        self._name = view.objectName()
        self._store = store
        self._remember = remember
        self._giving_way = list(giving_way)
        self._gave_way: dict[str, int] = {}
        self._needs: dict[str, int] = {}
        self._restoring = False

    def set_store(self, store: str) -> None:
        """Take over the arrangement that belongs to this store."""
        self._store = store
        self.restore()

    def visible(self, *, gave_way: bool = False) -> list[Column[Any]]:
        """The columns that are shown, from left to right; with `gave_way`, those too for which there is no room."""
        header = self._header
        order = (header.logicalIndex(position) for position in range(header.count()))
        hidden = {each for each in range(header.count()) if header.isSectionHidden(each)}
        columns = ((logical, self._records.columns[logical]) for logical in order)
        return [each for logical, each in columns if logical not in hidden or (gave_way and each.id in self._gave_way)]

    def first_visible(self) -> int:
        """The logical index of the leftmost column that is shown."""
        header = self._header
        order = (header.logicalIndex(position) for position in range(header.count()))
        return next((logical for logical in order if not header.isSectionHidden(logical)), 0)

    def fit_texts(self, sample: int, *, narrow: bool, only: Collection[str] = ()) -> None:
        """Make columns as wide as their first `sample` rows need; without `narrow` none loses width. `only` names some of them.

        A table that the operator has arranged stays as it is.
        """
        if self._remember and self._settings.columns(self._store, self._name) is not None:
            return
        rows = self._records.records_at(range(min(sample, self._records.rowCount())))
        titles = QFontMetrics(TextStyle.SMALL.font())
        self._restoring = True
        for logical, column in enumerate(self._records.columns):
            if not column.stretch and column.title and rows and (not only or column.id in only):
                metrics = self.metrics_of(column)
                widest = max(metrics.horizontalAdvance(column.text(record)) for record in rows)
                width = min(max(widest, titles.horizontalAdvance(column.title)) + _PADDING, _WIDEST)
                self._view.setColumnWidth(logical, width if narrow else max(width, self._view.columnWidth(logical)))
        self._restoring = False
        self.share_room(sample)

    def share_room(self, sample: int) -> None:
        """Divide the room among the stretching columns by what the texts of their first `sample` rows need."""
        rows = self._records.records_at(range(min(sample, self._records.rowCount())))
        elastic = [column for column in self._records.columns if column.stretch]
        if len(elastic) > 1:
            for column in elastic:
                metrics = self.metrics_of(column)
                widest = max((metrics.horizontalAdvance(column.text(record)) for record in rows), default=0)
                self._needs[column.id] = min(widest + _PADDING, _WIDEST)
        self.fill_width()

    def metrics_of(self, column: Column[Any]) -> QFontMetrics:
        """How wide its texts are at their widest: bold where some of them may be."""
        font = QFont(self._view.font())
        font.setBold(font.bold() or column.strong is not None)
        return QFontMetrics(font)

    def show_column(self, logical: int, shown: bool) -> None:
        """Show or hide a column because the operator wants it so: it gives way no more."""
        column_id = self._records.columns[logical].id
        self._gave_way.pop(column_id, None)
        if shown and column_id in self._giving_way:
            self._giving_way.remove(column_id)
        self._header.setSectionHidden(logical, not shown)
        self.keep()

    def reset(self) -> None:
        """Back to how the columns were given."""
        self._settings.set_columns(self._store, self._name, None)
        self.restore()

    def keep(self, *_changes: object) -> None:
        """Remember how the columns stand now."""
        if self._restoring:
            return
        self.fill_width()
        if self._remember:
            self._settings.set_columns(self._store, self._name, self._layout())

    def _layout(self) -> ColumnLayout:
        header = self._header
        columns = self._records.columns
        sort = self._records.sort_column
        return ColumnLayout(
            order=tuple(columns[header.logicalIndex(position)].id for position in range(header.count())),
            widths={
                column.id: header.sectionSize(logical)
                for logical, column in enumerate(columns)
                if not column.stretch and not header.isSectionHidden(logical)
            },
            hidden=tuple(
                column.id
                for logical, column in enumerate(columns)
                if header.isSectionHidden(logical) and column.id not in self._gave_way
            ),
            sort=columns[sort].id if sort >= 0 else None,
            descending=self._records.sort_order == Qt.SortOrder.DescendingOrder,
        )

    def restore(self) -> None:
        """Arrange the columns as they are remembered, else as they were given."""
        columns = self._records.columns
        saved = self._settings.columns(self._store, self._name) if self._remember else None
        layout = saved or ColumnLayout(hidden=tuple(column.id for column in columns if not column.visible))
        self._restoring = True
        self._gave_way.clear()
        header = self._header
        logical_of = {column.id: logical for logical, column in enumerate(columns)}
        order = [each for each in dict.fromkeys(layout.order) if each in logical_of]
        order += [column.id for column in columns if column.id not in order]
        for position, column_id in enumerate(order):
            header.moveSection(header.visualIndex(logical_of[column_id]), position)
        visible = [column.id for column in columns if column.id not in layout.hidden]
        for logical, column in enumerate(columns):
            header.setSectionHidden(logical, bool(visible) and column.id in layout.hidden)
            self._view.setColumnWidth(logical, min(max(layout.widths.get(column.id, column.width), 24), 1200))
        if saved is not None:
            order_of_sort = Qt.SortOrder.DescendingOrder if layout.descending else Qt.SortOrder.AscendingOrder
            sort_column = logical_of.get(layout.sort or "", -1)
            self._records.sort(sort_column, order_of_sort)
        header.setSortIndicator(self._records.sort_column, self._records.sort_order)
        self._restoring = False
        self.fill_width()

    def fill_width(self) -> None:
        """Give the room that is left to the stretching columns; they never get less than their own width."""
        self._give_way()
        header = self._header
        columns = self._records.columns
        shown = [logical for logical in range(len(columns)) if not header.isSectionHidden(logical)]
        elastic = [logical for logical in shown if columns[logical].stretch]
        if not elastic or self._restoring:
            return
        fixed = sum(header.sectionSize(logical) for logical in shown if not columns[logical].stretch)
        room = max(self._view.viewport().width() - fixed, 0)
        self._restoring = True
        for logical, width in zip(elastic, self._shares([columns[each] for each in elastic], room), strict=True):
            header.resizeSection(logical, width)
        self._restoring = False

    def _shares(self, elastic: Sequence[Column[Any]], room: int) -> list[int]:
        """How wide each stretching column is: its own width, then what its texts need, then an equal part of what is left."""
        if not all(column.id in self._needs for column in elastic):
            return [max(column.width, room // len(elastic)) for column in elastic]
        spare = max(room - sum(column.width for column in elastic), 0)
        wants = [max(self._needs[column.id] - column.width, 0) for column in elastic]
        wanted = max(sum(wants), 1)
        taken = [min(want, spare * want // wanted) for want in wants]
        left, rest = divmod(spare - sum(taken), len(elastic))
        shares = [column.width + more + left for column, more in zip(elastic, taken, strict=True)]
        shares[-1] += rest
        return shares

    def _give_way(self) -> None:
        """Hide as many of the columns that give way as the width demands, and show the others again."""
        if self._restoring or not self._giving_way:
            return
        header, columns = self._header, self._records.columns
        logical_of = {column.id: logical for logical, column in enumerate(columns)}
        widths = {
            column.id: self._gave_way.get(column.id, column.width if column.stretch else header.sectionSize(logical))
            for logical, column in enumerate(columns)
            if column.id in self._gave_way or not header.isSectionHidden(logical)
        }
        gone = without_room(widths, self._giving_way, self._view.viewport().width())
        self._restoring = True
        for column_id in gone.keys() ^ self._gave_way.keys():
            header.setSectionHidden(logical_of[column_id], column_id in gone)
        self._gave_way = gone
        self._restoring = False
