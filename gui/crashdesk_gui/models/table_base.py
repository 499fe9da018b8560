"""What every table model of the desk has in common: columns as data, and how a record's cells answer Qt."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from crashdesk_gui.joined_words import labelled
from crashdesk_gui.models.columns import Column, Field, Role

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
_Display = Qt.ItemDataRole.DisplayRole


class TableModel(QAbstractTableModel, Generic[T]):
    """Rows of records, each known by a hashable key; where they come from is the derived class's business.

    Signals: `about_to_update()` and `updated()` around every rearrangement; `check_wanted(list of records, bool)` when the
    operator ticks checkboxes, or takes ticks away.
    """

    about_to_update = Signal()
    updated = Signal()
    check_wanted = Signal(object, bool)

    def __init__(self, columns: Sequence[Column[T]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._sort_column = -1
        self._sort_order = Qt.SortOrder.AscendingOrder

    # Records: for the derived class

    def records(self) -> Sequence[T]:
        """Every record, filtered out or not, in the given order."""
        raise NotImplementedError

    def shown_records(self) -> Sequence[T]:
        """The records that pass the filter, in the order of the rows."""
        raise NotImplementedError

    def shown_count(self) -> int:
        """How many records pass the filter."""
        raise NotImplementedError

    def record(self, key: Hashable) -> T | None:
        """The record of a key, or None."""
        raise NotImplementedError

    def record_at(self, row: int) -> T | None:
        """The record of a row; None for a heading or a row that is not there."""
        raise NotImplementedError

    def records_at(self, rows: Sequence[int]) -> Sequence[T]:
        """The records of some rows, headings left out."""
        return [record for row in rows if (record := self.record_at(row)) is not None]

    def keys_at(self, rows: Sequence[int]) -> Sequence[Hashable]:
        """The keys of the records of some rows."""
        return [self.key_of(record) for record in self.records_at(rows)]

    def row_of(self, key: Hashable) -> int:
        """The row of a record's key, -1 when it is not shown."""
        raise NotImplementedError

    def rows_of(self, keys: Iterable[Hashable]) -> list[int]:
        """The rows of the records of these keys, from top to bottom; what is not shown has none."""
        return sorted(row for key in keys if (row := self.row_of(key)) >= 0)

    def key_of(self, record: T) -> Hashable:
        """The key of a record."""
        raise NotImplementedError

    def is_section(self, _row: int) -> bool:
        """Whether the row is a heading."""
        return False

    @property
    def sort_column(self) -> int:
        """The column sorted by, -1 for none."""
        return self._sort_column

    @property
    def sort_order(self) -> Qt.SortOrder:
        """The direction sorted in."""
        return self._sort_order

    # Checks: none unless the derived class has them

    def is_checkable(self, _record: T) -> bool:
        """Whether the record's row has a checkbox."""
        return False

    def is_checked(self, _record: T) -> bool:
        """Whether the record's checkbox is ticked."""
        return False

    # Export

    def export_columns(self) -> tuple[Column[T], ...]:
        """The columns that carry values."""
        return tuple(column for column in self.columns if column.title or column.export)

    def export_value(self, column: Column[T], record: T) -> object:
        """The exact value of a cell for other programs."""
        return column.export(record) if column.export else column.text(record)

    def export_fields(self) -> tuple[Field[T], ...]:
        """What a file holds of each record."""
        fields: list[Field[T]] = []
        for column in self.export_columns():
            fields += column.fields if column.fields is not None else [Field(column.id, column.export or column.text)]
        return tuple(fields)

    def refresh_texts(self) -> None:
        """Show every cell anew, after the zone or the language changed; ages need it too."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(self.columns) - 1), [_Display])
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    # Qt's side

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Display) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == _Display:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def data(self, index: Index, role: int = _Display) -> Any:
        record = self.record_at(index.row()) if index.isValid() else None
        return None if record is None else self._record_data(record, self.columns[index.column()], role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        record = self.record_at(index.row())
        if record is None:
            return flags
        flags |= Qt.ItemFlag.ItemIsSelectable
        if self.columns[index.column()].check and self.is_checkable(record):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def _record_data(self, record: T, column: Column[T], role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer: Any = column.text(record)
            case Role.TONE:
                answer = column.tone(record) if column.tone else None
            case Role.STRONG:
                answer = bool(column.strong and column.strong(record))
            case Qt.ItemDataRole.TextAlignmentRole:
                answer = _alignment(column)
            case Qt.ItemDataRole.CheckStateRole if column.check and self.is_checkable(record):
                answer = Qt.CheckState.Checked if self.is_checked(record) else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole if column.tooltip:
                answer = column.tooltip(record) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = labelled(column.title, column.text(record)) if column.title else column.text(record)
            case Role.RECORD:
                answer = record
            case Role.KEY:
                answer = self.key_of(record)
            case _:
                answer = None
        return answer


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
