"""A table of records: columns as data, keyed updates, sorting and filtering inside the model.

`QSortFilterProxyModel` is a hundred times slower from Python and does not sort decimals; this model replaces it.
An update moves, inserts and removes only what changed, so that selection and scroll position survive it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from crashdesk_gui.models.rows import rearrange
from crashdesk_gui.theme import Tone

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
_Display = Qt.ItemDataRole.DisplayRole


class Role(IntEnum):
    """The model's own item roles."""

    RECORD = Qt.ItemDataRole.UserRole + 1
    KEY = Qt.ItemDataRole.UserRole + 2
    TONE = Qt.ItemDataRole.UserRole + 3
    SECTION = Qt.ItemDataRole.UserRole + 4
    STRONG = Qt.ItemDataRole.UserRole + 5


@dataclass(frozen=True, kw_only=True)
class Column(Generic[T]):
    """One column of a record table.

    Attributes: `id` stable, for settings and JSON; `title` translated; `text` what is shown; `sort` a comparable key or None
    for "no value", which always comes last (default: the shown text); `export` the exact value for CSV, JSON and the
    clipboard (default: the shown text); `numeric` aligns right; `tone` colours the text; `strong` makes it bold; `check`
    puts the row's checkbox here; `width` in pixels; `stretch` takes the room that is left; `visible` by default.
    """

    id: str
    title: str
    text: Callable[[T], str]
    sort: Callable[[T], Any] | None = None
    export: Callable[[T], object] | None = None
    numeric: bool = False
    tooltip: Callable[[T], str] | None = None
    tone: Callable[[T], Tone | None] | None = None
    strong: Callable[[T], bool] | None = None
    check: bool = False
    width: int = 112
    stretch: bool = False
    visible: bool = True


@dataclass(frozen=True, kw_only=True)
class Section:
    """A group of rows under a heading. `id` is what the model's `section_of` returns; `note` stands muted after the title.

    `counted` shows how many rows there are.
    """

    id: Hashable
    title: str
    note: str = ""
    tone: Tone = Tone.TEXT
    counted: bool = True


@dataclass(frozen=True)
class SectionRow:
    """What `Role.SECTION` returns for a heading: the section and how many rows it shows."""

    section: Section
    count: int


class RecordTableModel(QAbstractTableModel, Generic[T]):
    """Rows of records, each known by a hashable key.

    With `sections` and `section_of`, rows are grouped under heading rows in that order (sorting works within a group; a
    section without rows is not shown). With `checkable`, the column marked `check` has a checkbox per row that satisfies it.

    Signals: `about_to_update()` and `updated()` around every rearrangement; `checked_changed()`.
    """

    about_to_update = Signal()
    updated = Signal()
    checked_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key: Callable[[T], Hashable],
        *,
        checkable: Callable[[T], bool] | None = None,
        sections: Sequence[Section] = (),
        section_of: Callable[[T], Hashable] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._checkable = checkable
        self._sections = tuple(sections)
        self._section_of = section_of
        self._records: dict[Hashable, T] = {}
        self._rows: list[Hashable] = []
        self._row_of: dict[Hashable, int] | None = None
        self._counts: dict[Hashable, int] = {}
        self._predicate: Callable[[T], bool] | None = None
        self._sort_column = -1
        self._sort_order = Qt.SortOrder.AscendingOrder
        self._checked: set[Hashable] = set()
        self._orders: dict[int, _Order] = {}

    # Records

    def set_records(self, records: Iterable[T]) -> None:
        """Show these records; what has the same key as before is updated in place. The given order is the unsorted one.

        Raises ValueError when two records have one key.
        """
        incoming = list(records)
        fresh = {self._key(record): record for record in incoming}
        if len(fresh) != len(incoming):
            raise ValueError("two records of a table have the same key")
        before, self._records = self._records, {**self._records, **fresh}
        for order in self._orders.values():
            order.stale = True
        self._arrange(fresh)
        self._records = fresh
        changed = [key for key, record in fresh.items() if key in before and before[key] != record]
        self._emit_changed(changed)
        self._drop_checks()

    def records(self) -> list[T]:
        """Every record, filtered out or not, in the given order."""
        return list(self._records.values())

    def shown_records(self) -> list[T]:
        """The records that pass the filter, in the order of the rows."""
        return [self._records[key] for key in self._rows if not isinstance(key, Section)]

    def shown_count(self) -> int:
        """How many records pass the filter."""
        return sum(self._counts.values())

    def record(self, key: Hashable) -> T | None:
        """The record of a key, or None."""
        return self._records.get(key)

    def record_at(self, row: int) -> T | None:
        """The record of a row; None for a heading or a row that is not there."""
        if not 0 <= row < len(self._rows):
            return None
        return self._records.get(self._rows[row])

    def row_of(self, key: Hashable) -> int:
        """The row of a record's key, -1 when it is not shown."""
        if self._row_of is None:
            self._row_of = {each: row for row, each in enumerate(self._rows)}
        return self._row_of.get(key, -1)

    def key_of(self, record: T) -> Hashable:
        """The key of a record."""
        return self._key(record)

    def is_section(self, row: int) -> bool:
        """Whether the row is a heading."""
        return 0 <= row < len(self._rows) and isinstance(self._rows[row], Section)

    # Order and filter

    def set_filter(self, predicate: Callable[[T], bool] | None) -> None:
        """Show only the records that satisfy the predicate; None shows all."""
        self._predicate = predicate
        self._arrange(self._records)

    def set_sections(self, sections: Sequence[Section]) -> None:
        """Replace the headings, for example when a note of one changed."""
        self._sections = tuple(sections)
        self._arrange(self._records)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 restores the given order."""
        self._sort_column = column
        self._sort_order = order
        self._arrange(self._records, same_rows=True)

    @property
    def sort_column(self) -> int:
        """The column sorted by, -1 for none."""
        return self._sort_column

    @property
    def sort_order(self) -> Qt.SortOrder:
        """The direction sorted in."""
        return self._sort_order

    # Checks

    def checked_keys(self) -> frozenset[Hashable]:
        """The keys of the checked records, shown or filtered out."""
        return frozenset(self._checked)

    def checked_records(self) -> list[T]:
        """The checked records in the given order, shown or filtered out."""
        return [record for key, record in self._records.items() if key in self._checked]

    def hidden_checked_count(self) -> int:
        """How many checked records the filter hides; say so wherever they are acted upon."""
        return sum(1 for key in self._checked if self.row_of(key) < 0)

    def is_checkable(self, record: T) -> bool:
        """Whether the record's row has a checkbox."""
        return self._checkable is not None and self._checkable(record)

    def set_checked(self, keys: Iterable[Hashable]) -> None:
        """Check exactly these records; those that are not checkable are left out."""
        wanted = {key for key in keys if key in self._records and self.is_checkable(self._records[key])}
        if wanted != self._checked:
            changed = wanted ^ self._checked
            self._checked = wanted
            self._emit_changed(changed)
            self.checked_changed.emit()

    def set_check(self, keys: Iterable[Hashable], checked: bool) -> None:
        """Check or uncheck some records, leaving the others."""
        self.set_checked(self._checked | set(keys) if checked else self._checked - set(keys))

    # Export

    def export_columns(self) -> tuple[Column[T], ...]:
        """The columns that carry values."""
        return tuple(column for column in self.columns if column.title or column.export)

    def export_value(self, column: Column[T], record: T) -> object:
        """The exact value of a cell for other programs."""
        return column.export(record) if column.export else column.text(record)

    def refresh_texts(self) -> None:
        """Show every cell anew, after the zone or the language changed; ages need it too."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1), [_Display])
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

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
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        key = self._rows[index.row()]
        if isinstance(key, Section):
            return self._section_data(key, index.column(), role)
        return self._record_data(key, self._records[key], self.columns[index.column()], role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self.is_section(index.row()):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        record = self._records[self._rows[index.row()]]
        if self.columns[index.column()].check and self.is_checkable(record):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not self.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        self.set_check([self._rows[index.row()]], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _record_data(self, key: Hashable, record: T, column: Column[T], role: int) -> Any:
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
                answer = Qt.CheckState.Checked if key in self._checked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole if column.tooltip:
                answer = column.tooltip(record) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = f"{column.title}: {column.text(record)}" if column.title else column.text(record)
            case Role.RECORD:
                answer = record
            case Role.KEY:
                answer = key
            case _:
                answer = None
        return answer

    def _section_data(self, section: Section, column: int, role: int) -> Any:
        if role == Role.SECTION:
            return SectionRow(section, self._counts.get(section.id, 0))
        if role == _Display and column == 0:
            return section.title
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            return f"{section.title}, {self._counts.get(section.id, 0)}. {section.note}"
        return None

    # Arrangement

    def _arrange(self, records: dict[Hashable, T], *, same_rows: bool = False) -> None:
        keys = self._ordered(records)
        if not self._sections or self._section_of is None:
            self._counts = {None: len(keys)}
            rows = keys
        else:
            rows = list(self._grouped(keys, records))
        self.about_to_update.emit()
        rearrange(self, self._rows, rows, self._forget_rows, same_rows=same_rows)
        for row in (row for row, key in enumerate(rows) if isinstance(key, Section)) if rows is not keys else ():
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
        self.updated.emit()

    def _forget_rows(self) -> None:
        self._row_of = None

    def _ordered(self, records: dict[Hashable, T]) -> list[Hashable]:
        predicate = self._predicate
        if not 0 <= self._sort_column < len(self.columns):
            return list(records) if predicate is None else [key for key, each in records.items() if predicate(each)]
        order = self._sorted_keys(records)
        return order if predicate is None else [key for key in order if predicate(records[key])]

    def _sorted_keys(self, records: dict[Hashable, T]) -> list[Hashable]:
        """All keys by the sorted column; remembered for the filter and for the other direction."""
        order = self._orders.get(self._sort_column)
        if order is None or order.stale:
            column = self.columns[self._sort_column]
            order = _Order.sort(records, column.sort or column.text, order)
            self._orders[self._sort_column] = order
        descending = self._sort_order == Qt.SortOrder.DescendingOrder
        return (order.present[::-1] if descending else order.present) + order.absent

    def _grouped(self, keys: list[Hashable], records: dict[Hashable, T]) -> Iterator[Hashable]:
        section_of = cast(Callable[[T], Hashable], self._section_of)
        groups: dict[Hashable, list[Hashable]] = {section.id: [] for section in self._sections}
        for key in keys:
            groups[section_of(records[key])].append(key)
        self._counts = {section_id: len(members) for section_id, members in groups.items()}
        for section in self._sections:
            if groups[section.id]:
                yield section
                yield from groups[section.id]

    def _emit_changed(self, keys: Iterable[Hashable]) -> None:
        rows = sorted(row for key in keys if (row := self.row_of(key)) >= 0)
        start = 0
        last_column = len(self.columns) - 1
        for position, row in enumerate(rows):
            if position + 1 == len(rows) or rows[position + 1] != row + 1:
                self.dataChanged.emit(self.index(rows[start], 0), self.index(row, last_column))
                start = position + 1

    def _drop_checks(self) -> None:
        kept = {key for key in self._checked if key in self._records and self.is_checkable(self._records[key])}
        if kept != self._checked:
            self._checked = kept
            self.checked_changed.emit()


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


@dataclass
class _Order:
    """The keys in ascending order of one column; `absent` have no value there. `stale` when records changed since."""

    present: list[Hashable]
    absent: list[Hashable]
    stale: bool = False

    @classmethod
    def sort(cls, records: dict[Hashable, T], sort: Callable[[T], Any], before: "_Order | None") -> "_Order":
        """Sort all records, starting from the order before, which makes an update of a few among many linear."""
        known: dict[Hashable, None] = dict.fromkeys(before.present + before.absent) if before else {}
        start = [key for key in known if key in records] + [key for key in records if key not in known]
        values = {key: sort(records[key]) for key in start}
        present = sorted((key for key in start if values[key] is not None), key=values.__getitem__)
        return cls(present, [key for key in start if values[key] is None])
