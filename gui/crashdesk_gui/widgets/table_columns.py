"""How the columns of a table stand: as the operator arranged them, fitted to the table's width, never too narrow for a number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QTableView

from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.settings import ColumnLayout, DeskSettings
from crashdesk_gui.widgets.giving_way import without_room
from crashdesk_gui.widgets.hidden_columns import width_beside_mark
from crashdesk_gui.widgets.number_widths import CHECK_WIDTH, NumberWidths
from crashdesk_gui.widgets.text import TextStyle

# A cell keeps 8 pixels free on both sides.
_PADDING = 17
_WIDEST = 320
_NARROWEST_BROKEN = 88
"""A text that is broken into lines keeps this room, in pixels."""


class TableColumns(QObject):
    """The columns of `view`, remembered under its object name for each store, unless `remember` is false.

    Those of `giving_way` hide, first to last, while the table is too narrow for all; then texts that may be broken into
    lines are. A column of numbers is never narrower than its numbers, whoever arranged it.

    Signals: `room_divided()` when the room was given to the columns.
    """

    room_divided = Signal()

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
        self._may_give_way = tuple(giving_way)
        self._giving_way = list(giving_way)
        self._gave_way: set[str] = set()
        self._asked = [column.width for column in model.columns]
        self._numbers = NumberWidths(model, self.metrics_of, _PADDING)
        self._needs: dict[str, int] = {}
        self._left_out: set[str] = set()
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

    def without_room(self) -> list[Column[Any]]:
        """The columns that are to be seen and have no room."""
        return [column for column in self._records.columns if column.id in self._gave_way]

    def first_visible(self) -> int:
        """The logical index of the leftmost column that is shown."""
        header = self._header
        order = (header.logicalIndex(position) for position in range(header.count()))
        return next((logical for logical in order if not header.isSectionHidden(logical)), 0)

    def fit_numbers(self) -> None:
        """Make room for the numbers of the rows as they are now."""
        if self._numbers.measure():
            self.fill_width()

    def make_room(self, logical: int, width: int) -> None:
        """Widen a column of which a number was found to have no room; `width` is what its text takes."""
        column = self._records.columns[logical]
        if self._numbers.widen(column, width + _PADDING + (CHECK_WIDTH if column.check else 0)):
            self.fill_width()

    def fit_texts(self, sample: int, *, narrow: bool, only: Collection[str] = ()) -> None:
        """Make columns as wide as their first `sample` rows need; without `narrow` none loses width. `only` names some of them.

        A table that the operator has arranged stays as it is.
        """
        if self._remember and self._settings.columns(self._store, self._name) is not None:
            return
        rows = self._records.records_at(range(min(sample, self._records.rowCount())))
        titles = QFontMetrics(TextStyle.SMALL.font())
        if narrow:
            self._numbers.forget()
        self._numbers.measure()
        for logical, column in enumerate(self._records.columns):
            if not column.stretch and column.title and rows and (not only or column.id in only):
                metrics = self.metrics_of(column)
                widest = max(map(metrics.horizontalAdvance, {column.text(record) for record in rows}))
                width = min(max(widest, titles.horizontalAdvance(column.title)) + _PADDING, _WIDEST)
                self._asked[logical] = width if narrow else max(width, self._asked[logical])
        self.share_room(sample)

    def share_room(self, sample: int) -> None:
        """Divide the room among the stretching columns by what the texts of their first `sample` rows need."""
        rows = self._records.records_at(range(min(sample, self._records.rowCount())))
        elastic = [column for column in self._records.columns if column.stretch]
        if len(elastic) > 1:
            for column in elastic:
                metrics = self.metrics_of(column)
                widest = max(map(metrics.horizontalAdvance, {column.text(record) for record in rows}), default=0)
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
        self._gave_way.discard(column_id)
        if shown and column_id in self._giving_way:
            self._giving_way.remove(column_id)
        self._header.setSectionHidden(logical, not shown)
        self.keep()

    def leave_out(self, column_ids: Collection[str]) -> None:
        """Hide these columns, in which no row has anything to say; those that were left out before are shown again."""
        self._restoring = True
        for logical, column in enumerate(self._records.columns):
            if column.id in self._left_out.symmetric_difference(column_ids):
                self._gave_way.discard(column.id)
                self._header.setSectionHidden(logical, column.id in column_ids)
        self._left_out = set(column_ids)
        self._restoring = False
        self.fill_width()

    def reset(self) -> None:
        """Back to how the columns were given."""
        self._settings.set_columns(self._store, self._name, None)
        self.restore()

    def take_width(self, logical: int, _before: int, width: int) -> None:
        """The operator has made a column this wide."""
        if not self._restoring:
            self._asked[logical] = width
            self.keep()

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
                column.id: self._asked[logical]
                for logical, column in enumerate(columns)
                if not column.stretch and not header.isSectionHidden(logical)
            },
            hidden=tuple(
                column.id
                for logical, column in enumerate(columns)
                if header.isSectionHidden(logical) and column.id not in self._gave_way
            ),
            kept=tuple(each for each in self._may_give_way if each not in self._giving_way),
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
        self._giving_way = [each for each in self._may_give_way if each not in layout.kept]
        self._numbers.forget()
        self._numbers.measure()
        header = self._header
        logical_of = {column.id: logical for logical, column in enumerate(columns)}
        order = [each for each in dict.fromkeys(layout.order) if each in logical_of]
        order += [column.id for column in columns if column.id not in order]
        for position, column_id in enumerate(order):
            header.moveSection(header.visualIndex(logical_of[column_id]), position)
        visible = [column.id for column in columns if column.id not in layout.hidden]
        for logical, column in enumerate(columns):
            hidden = bool(visible) and column.id in layout.hidden
            header.setSectionHidden(logical, hidden or column.id in self._left_out)
            self._asked[logical] = min(max(layout.widths.get(column.id, column.width), 24), 1200)
        if saved is not None:
            order_of_sort = Qt.SortOrder.DescendingOrder if layout.descending else Qt.SortOrder.AscendingOrder
            sort_column = logical_of.get(layout.sort or "", -1)
            self._records.sort(sort_column, order_of_sort)
        header.setSortIndicator(self._records.sort_column, self._records.sort_order)
        self._restoring = False
        self.fill_width()

    def fill_width(self) -> None:
        """Give each column its width, and the room that is left to the stretching ones."""
        if self._restoring:
            return
        room = self._view.viewport().width()
        columns = self._records.columns
        least = {column.id: self._least(logical) for logical, column in enumerate(columns) if self._wanted(logical)}
        gone = self._without_room(least, room)
        widths = {column_id: width for column_id, width in least.items() if column_id not in gone}
        self._break_lines(widths, sum(widths.values()) - room)
        shown = [column for column in columns if column.id in widths]
        # Where that which would take the room has itself given way, all share it: no table ends before its frame.
        elastic = shown if any(each.stretch and each.id in self._left_out.union(gone) for each in columns) else []
        elastic = [column for column in shown if column.stretch] or elastic
        self._free_mark(shown, len(gone), widths, room)
        left = room - sum(widths.values())
        if elastic and left > 0:
            widths |= self._shares({column: widths[column.id] for column in elastic}, left)
        self._restoring = True
        for logical, column in enumerate(columns):
            if column.id in gone or column.id in self._gave_way:
                self._header.setSectionHidden(logical, column.id in gone)
            if column.id in widths:
                self._header.resizeSection(logical, widths[column.id])
        self._gave_way = set(gone)
        self._restoring = False
        self.room_divided.emit()

    def _without_room(self, least: dict[str, int], room: int) -> Collection[str]:
        """Which columns give way: as many as leave a title beside the mark that tells of them, not under it."""
        gone = without_room(least, self._giving_way, room)
        while gone:
            kept = {column_id: width for column_id, width in least.items() if column_id not in gone}
            last = self._last([column for column in self._records.columns if column.id in kept])
            if last is None:
                break
            lacking = width_beside_mark(last.title, len(gone)) - kept[last.id] - (room - sum(kept.values()))
            more = without_room(least, self._giving_way, room - max(lacking, 0))
            if len(more) <= len(gone):
                break
            gone = more
        return gone

    def _free_mark(self, shown: list[Column[Any]], hidden: int, widths: dict[str, int], room: int) -> None:
        """Let the last column's title stand beside the mark of the hidden ones, where `room` is left for that."""
        last = self._last(shown)
        left = room - sum(widths.values())
        if hidden and last is not None and left > 0:
            wanted = width_beside_mark(last.title, hidden) - widths[last.id]
            widths[last.id] += min(max(wanted, 0), left)

    def _last(self, shown: list[Column[Any]]) -> Column[Any] | None:
        """The rightmost of these columns."""
        places = {column.id: logical for logical, column in enumerate(self._records.columns)}
        return max(shown, key=lambda column: self._header.visualIndex(places[column.id]), default=None)

    def _wanted(self, logical: int) -> bool:
        """Whether a column is to be seen where there is room."""
        return not self._header.isSectionHidden(logical) or self._records.columns[logical].id in self._gave_way

    def _least(self, logical: int) -> int:
        """How wide a column is before anything is stretched or broken into lines."""
        column = self._records.columns[logical]
        asked = column.width if column.stretch else self._asked[logical]
        return max(asked, self._numbers.whole(column) or self._numbers.broken(column))

    def _break_lines(self, widths: dict[str, int], too_wide: int) -> None:
        """Take what is `too_wide`, in pixels, from the columns that may break their texts into lines: the widest first.

        Lines end between words, and within them only where that spares the operator to scroll sideways; never within a number.
        """
        breaking = [column for column in self._records.columns if column.wrap and column.id in widths]
        breaking.sort(key=lambda each: -widths[each.id])
        by_words = {each.id: max(self._numbers.worded(each), _NARROWEST_BROKEN) for each in breaking}
        by_letters = {each.id: max(self._numbers.broken(each), _NARROWEST_BROKEN) for each in breaking}
        suffices = sum(max(widths[each] - least, 0) for each, least in by_letters.items()) >= too_wide
        for least in (by_words, by_letters) if suffices else (by_words,):
            for column in breaking:
                taken = min(too_wide, widths[column.id] - least[column.id])
                if taken > 0:
                    widths[column.id] -= taken
                    too_wide -= taken

    def _shares(self, elastic: dict[Column[Any], int], spare: int) -> dict[str, int]:
        """How wide each stretching column is: its own width, then what its texts need, then an equal part of what is left."""
        wants = [max(self._needs.get(column.id, 0) - width, 0) for column, width in elastic.items()]
        wanted = max(sum(wants), 1)
        taken = [min(want, spare * want // wanted) for want in wants]
        left, rest = divmod(spare - sum(taken), len(elastic))
        shares = {column.id: width + more + left for (column, width), more in zip(elastic.items(), taken, strict=True)}
        shares[next(reversed(shares))] += rest
        return shares
