"""A table of records: columns as data, keyed updates, sorting and filtering inside the model.

`QSortFilterProxyModel` is a hundred times slower from Python and does not sort decimals; this model replaces it.
An update moves, inserts and removes only what changed, so that selection and scroll position survive it.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from PySide6.QtCore import QModelIndex, QObject, Qt

from crashdesk_gui.joined_words import listed
from crashdesk_gui.models.columns import Column, Role, Section, SectionRow
from crashdesk_gui.models.rows import rearrange
from crashdesk_gui.models.table_base import Index, TableModel

__all__ = ["Column", "RecordTableModel", "Role", "Section", "SectionRow", "TableModel"]

T = TypeVar("T")
_Display = Qt.ItemDataRole.DisplayRole


class RecordTableModel(TableModel[T]):
    """Records in memory, each known by a hashable key; for more than some ten thousand see `LongTableModel`.

    With `sections` and `section_of`, rows are grouped under heading rows in that order (sorting works within a group; a
    section without rows is not shown). With `checked`, the column marked `check` has a checkbox in each row, ticked where that
    says so of its record; whoever hears `check_wanted` makes it so by giving the model other records.
    """

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key: Callable[[T], Hashable],
        *,
        checked: Callable[[T], bool] | None = None,
        sections: Sequence[Section] = (),
        section_of: Callable[[T], Hashable] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._key = key
        self._is_checked = checked
        self._sections = tuple(sections)
        self._section_of = section_of
        self._records: dict[Hashable, T] = {}
        self._rows: list[Hashable] = []
        self._row_of: dict[Hashable, int] | None = None
        self._counts: dict[Hashable, int] = {}
        self._predicate: Callable[[T], bool] | None = None
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

    def replace_records(self, records: Iterable[T]) -> None:
        """Put these in the places of those with the same keys; all others stay, and so does the order of the rows.

        Raises KeyError for one that is not there.
        """
        changed = []
        for record in records:
            key = self._key(record)
            if self._records[key] != record:
                self._records[key] = record
                changed.append(key)
        for order in self._orders.values():
            order.stale = True
        self._emit_changed(changed)

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

    # Checks

    def is_checkable(self, _record: T) -> bool:
        """Whether the record's row has a checkbox."""
        return self._is_checked is not None

    def is_checked(self, record: T) -> bool:
        """Whether the record's checkbox is ticked."""
        return self._is_checked is not None and self._is_checked(record)

    def checked_records(self) -> list[T]:
        """The checked records in the given order, shown or filtered out."""
        return [record for record in self._records.values() if self.is_checked(record)]

    def hidden_checked_count(self) -> int:
        """How many checked records the filter hides; say so wherever they are acted upon."""
        shows = self._predicate
        return 0 if shows is None else sum(not shows(record) for record in self.checked_records())

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = _Display) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        key = self._rows[index.row()]
        if isinstance(key, Section):
            return self._section_data(key, index.column(), role)
        return self._record_data(self._records[key], self.columns[index.column()], role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not self.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        self.check_wanted.emit([self.record_at(index.row())], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _section_data(self, section: Section, column: int, role: int) -> Any:
        if role == Role.SECTION:
            return SectionRow(section, self._counts.get(section.id, 0))
        if role == _Display and column == 0:
            return section.title
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            return f"{listed((section.title, str(self._counts.get(section.id, 0))))}. {section.note}"
        return None

    # Arrangement

    def _arrange(self, records: dict[Hashable, T], *, same_rows: bool = False) -> None:
        keys = self._ordered(records)
        if not self._sections or self._section_of is None:
            self._counts = {None: len(keys)}
            rows = keys
        else:
            rows = self._grouped(keys, records)
        self.about_to_update.emit()
        rearrange(self, self._rows, rows, self._forget_rows, same_rows=same_rows)
        if rows is not keys:
            self._tell_headings()
        self.updated.emit()

    def _tell_headings(self) -> None:
        """Every heading counts its rows anew."""
        row = 0
        for section in self._sections:
            if self._counts[section.id]:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
                row += 1 + self._counts[section.id]

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

    def _grouped(self, keys: list[Hashable], records: dict[Hashable, T]) -> list[Hashable]:
        section_of = cast(Callable[[T], Hashable], self._section_of)
        groups: dict[Hashable, list[Hashable]] = {section.id: [] for section in self._sections}
        for key in keys:
            groups[section_of(records[key])].append(key)
        self._counts = {section_id: len(members) for section_id, members in groups.items()}
        rows: list[Hashable] = []
        for section in self._sections:
            if groups[section.id]:
                rows += (section, *groups[section.id])
        return rows

    def _emit_changed(self, keys: Iterable[Hashable]) -> None:
        rows = sorted(row for key in keys if (row := self.row_of(key)) >= 0)
        start = 0
        last_column = len(self.columns) - 1
        for position, row in enumerate(rows):
            if position + 1 == len(rows) or rows[position + 1] != row + 1:
                self.dataChanged.emit(self.index(rows[start], 0), self.index(row, last_column))
                start = position + 1


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
