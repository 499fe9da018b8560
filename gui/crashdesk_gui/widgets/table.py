"""The desk's table view: dense, calm, keyboard-friendly, remembering how the operator arranged it."""

from collections.abc import Collection, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.widgets.hidden_columns import HiddenColumns
from crashdesk_gui.widgets.table_columns import TableColumns
from crashdesk_gui.widgets.table_copy import RowCopier
from crashdesk_gui.widgets.table_menu import ColumnMenu
from crashdesk_gui.widgets.table_paint import FlatHeader, RecordDelegate
from crashdesk_gui.widgets.table_rows import WrappedRows

_UPWARDS = frozenset({QAbstractItemView.CursorAction.MoveUp, QAbstractItemView.CursorAction.MovePageUp})


class RecordTableView(QTableView):
    """Shows a `TableModel`.

    `name` identifies the table in the settings; `accessible_name` is what a screen reader says. Call `set_store` when
    another store is shown, so that each store keeps its own arrangement; `remember=False` keeps none. The columns of
    `giving_way` hide, first to last, while the table is too narrow for all; the operator can show them all the same.

    Signals: `current_changed(record or None)`, `selection_changed(list of records)`, `record_activated(record)` on Enter or
    double click, `context_menu_wanted(record, global position)`, `row_heights_changed()` when wrapped texts made rows higher
    or lower.
    """

    current_changed = Signal(object)
    selection_changed = Signal(object)
    record_activated = Signal(object)
    context_menu_wanted = Signal(object, object)
    row_heights_changed = Signal()

    def __init__(
        self,
        ui: UiContext,
        model: TableModel[Any],
        name: str,
        *,
        accessible_name: str,
        store: str = "",
        remember: bool = True,
        giving_way: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ui = ui
        self._records = model
        self._anchor: tuple[Hashable, int] | None = None
        self._copier = RowCopier(self)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self._configure()
        self.setModel(model)
        self._columns = TableColumns(self, model, ui.settings, store=store, remember=remember, giving_way=giving_way)
        self._hidden = HiddenColumns(self._ui, self._header, self._show_hidden_columns)
        self._columns.room_divided.connect(self._tell_hidden_columns)
        self._rows = WrappedRows(self, model, ui.display)
        self._rows.changed.connect(self.row_heights_changed)
        self._rows.about_to_fit_late.connect(self._keep_place)
        self._rows.fitted_late.connect(self._return_to_place)
        self._connect(model)
        self._columns.restore()

    # What pages use

    def record_model(self) -> TableModel[Any]:
        """The model, typed."""
        return self._records

    def current_record(self) -> Any:
        """The record of the row with the keyboard focus, or None."""
        return self._records.record_at(self.currentIndex().row())

    def selected_rows(self) -> Sequence[int]:
        """The selected rows from top to bottom: a hundred thousand without looking at each."""
        ranges = sorted((each.top(), each.bottom()) for each in self.selectionModel().selection().toList())
        rows: list[int] = []
        for top, bottom in ranges:
            rows.extend(range(max(top, rows[-1] + 1 if rows else 0), bottom + 1))
        return rows

    def selected_records(self) -> Sequence[Any]:
        """The selected records from top to bottom."""
        return self._records.records_at(self.selected_rows())

    def selected_keys(self) -> Sequence[Hashable]:
        """The keys of the selected records from top to bottom."""
        return self._records.keys_at(self.selected_rows())

    def select_key(self, key: Hashable) -> bool:
        """Select the row of a record and scroll to it; False when it is not shown."""
        row = self._records.row_of(key)
        if row < 0:
            return False
        index = self._records.index(row, self._columns.first_visible())
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)
        return True

    def select_first(self) -> bool:
        """Select the first record; False when there is none."""
        first = next(
            (row for row in range(min(self._records.rowCount(), 2)) if not self._records.is_section(row)), None
        )
        return first is not None and self.select_key(self._records.key_of(self._records.record_at(first)))

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text, values exact; columns that gave way included."""
        self._copier.copy(self._records, self.selected_records(), self.visible_columns(gave_way=True))

    def visible_columns(self, *, gave_way: bool = False) -> list[Column[Any]]:
        """The columns that are shown, from left to right; with `gave_way`, those too for which there is no room."""
        return self._columns.visible(gave_way=gave_way)

    def fit_columns(self, sample: int = 64, *, narrow: bool = True, only: Collection[str] = ()) -> None:
        """Make columns as wide as their first `sample` rows need, so that no number is cut; without `narrow` none loses width.

        `only` names some of them. A table that the operator has arranged stays as it is.
        """
        self._columns.fit_texts(sample, narrow=narrow, only=only)

    def leave_out(self, column_ids: Collection[str]) -> None:
        """Hide these columns until it is called without them: for those in which no row has anything to say."""
        self._columns.leave_out(column_ids)

    def share_room(self, sample: int = 64) -> None:
        """Divide the room among the stretching columns by what the texts of their first `sample` rows need."""
        self._columns.share_room(sample)

    def metrics_of(self, column: Column[Any]) -> QFontMetrics:
        """How wide its texts are at their widest: bold where some of them may be."""
        return self._columns.metrics_of(column)

    def set_store(self, store: str) -> None:
        """Take over the arrangement that belongs to this store."""
        self._columns.set_store(store)

    # Setting up

    def _configure(self) -> None:
        self._header = FlatHeader(self._ui, self)
        self.setHorizontalHeader(self._header)
        self._delegate = RecordDelegate(self._ui, self)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)
        rows.setMinimumSectionSize(18)
        rows.setDefaultSectionSize(self._ui.display.row_height)
        self.setSortingEnabled(False)

    def _connect(self, model: TableModel[Any]) -> None:
        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_column_menu)
        header.sectionClicked.connect(self._sort_by)
        header.sectionMoved.connect(self._columns.keep)
        header.sectionResized.connect(self._columns.take_width)
        self._delegate.text_cut.connect(self._columns.make_room, Qt.ConnectionType.QueuedConnection)
        model.updated.connect(self._columns.fit_numbers)
        model.about_to_update.connect(self._keep_place)
        model.updated.connect(self._return_to_place)
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.doubleClicked.connect(self._tell_activated)
        self._ui.display.changed.connect(self._show_anew)
        self._ui.themes.changed.connect(self.viewport().update)

    def _show_anew(self) -> None:
        self._keep_place()
        self.verticalHeader().setDefaultSectionSize(self._ui.display.row_height)
        self._rows.fit()
        self._return_to_place()
        self._records.refresh_texts()

    # Keyboard and selection

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif event.key() == Qt.Key.Key_Space and any(column.check for column in self._records.columns):
            self._toggle_checks()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A heading is no row: pressing it leaves the selection and what belongs to it."""
        if not self._records.is_section(self.rowAt(event.position().toPoint().y())):
            super().mousePressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        index = super().moveCursor(action, modifiers)
        if not self._records.is_section(index.row()):
            return index
        # A heading is nothing to stop at: go on in the direction of the key, or stay where that ends.
        upwards = action in _UPWARDS
        row = index.row() + (-1 if upwards else 1)
        while self._records.is_section(row):
            row += -1 if upwards else 1
        if self._records.record_at(row) is None:
            return (
                self.currentIndex() if action is not QAbstractItemView.CursorAction.MoveHome else self._first_record()
            )
        return self._records.index(row, index.column())

    def _first_record(self) -> QModelIndex:
        rows = range(self._records.rowCount())
        row = next((row for row in rows if not self._records.is_section(row)), -1)
        return self._records.index(row, self._columns.first_visible())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        record = self._records.record_at(index.row())
        if record is not None:
            below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.context_menu_wanted.emit(record, event.globalPos() if by_mouse else below)

    def _toggle_checks(self) -> None:
        model = self._records
        records = [record for record in self.selected_records() if model.is_checkable(record)]
        if records:
            model.check_wanted.emit(records, not all(model.is_checked(record) for record in records))

    def _tell_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_changed.emit(self._records.record_at(current.row()))

    def _tell_selection(self, *_ranges: object) -> None:
        self.selection_changed.emit(self.selected_records())

    def _tell_activated(self, index: QModelIndex) -> None:
        record = self._records.record_at(index.row())
        if record is not None:
            self.record_activated.emit(record)

    # The scroll position: rows that arrive above must not push what the operator reads

    def _keep_place(self) -> None:
        row = self.rowAt(0)
        while self._records.is_section(row):
            row += 1
        record = self._records.record_at(row) if self.verticalScrollBar().value() > 0 else None
        offset = self.rowViewportPosition(row)
        self._anchor = None if record is None else (self._records.key_of(record), offset)

    def _return_to_place(self) -> None:
        if self._anchor is None:
            return
        key, offset = self._anchor
        row = self._records.row_of(key)
        if row >= 0:
            self.executeDelayedItemsLayout()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.rowViewportPosition(row) - offset)

    # Columns

    def _sort_by(self, column: int) -> None:
        model = self._records
        again = column == model.sort_column and model.sort_order == Qt.SortOrder.AscendingOrder
        self.sort_by(column, Qt.SortOrder.DescendingOrder if again else Qt.SortOrder.AscendingOrder)

    def sort_by(self, column: int, order: Qt.SortOrder) -> None:
        """Sort by a column and remember it; -1 restores the given order."""
        self._records.sort(column, order)
        self.horizontalHeader().setSortIndicator(column, order)
        self.horizontalHeader().viewport().update()
        self._columns.keep()

    def _tell_hidden_columns(self) -> None:
        self._hidden.tell([column.title for column in self._columns.without_room()])
        self._header.end_titles(None if self._hidden.isHidden() else self._hidden.geometry().left())

    def _show_hidden_columns(self) -> None:
        self._show_column_menu(self._hidden.geometry().bottomLeft())

    def _show_column_menu(self, position: QPoint) -> None:
        header = self.horizontalHeader()
        menu = ColumnMenu(self._records, header, self._columns.show_column, self)
        menu.add_arrangement(lambda: self.sort_by(-1, Qt.SortOrder.AscendingOrder), self._columns.reset)
        menu.exec(header.mapToGlobal(position))
        menu.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._columns.fill_width()
