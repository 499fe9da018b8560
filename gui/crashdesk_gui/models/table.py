"""A table of records: columns as data, keyed updates, sorting and filtering inside the model.

`QSortFilterProxyModel` is a hundred times slower from Python and does not sort decimals; this model replaces it.
An update moves, inserts and removes only what changed, so that selection and scroll position survive it.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from PySide6.QtCore import QModelIndex, QObject, Qt

from crashdesk_gui.joined_words import listed
from crashdesk_gui.models.columns import Column, Role, Section, SectionRow
from crashdesk_gui.models.rows import rearrange
from crashdesk_gui.models.table_base import Index, TableModel

__all__ = ["Column", "RecordTableModel", "Role", "Section", "SectionRow", "TableModel"]

T = TypeVar("T")
_MOST_NOTICES = 48
_Display = Qt.ItemDataRole.DisplayRole


class RecordTableModel(TableModel[T]):
    """Records in memory, each known by a hashable key; for more than some ten thousand see `LongTableModel`.

    With `sections` and `section_of`, rows are grouped under heading rows in that order (sorting works within a group; a
    section without rows is not shown). With `checked`, the column marked `check` has a checkbox in each row, ticked where that
    says so of its record; whoever hears `check_wanted` makes it so by giving the model other records.

    `fixed` is what of a record its group depends on, and every column but those of `changing`: a record that is replaced by one
    with the very same object there keeps its row, unless one of `changing` is sorted by or a filter asks for more.
    """

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key: Callable[[T], Hashable],
        *,
        checked: Callable[[T], bool] | None = None,
        sections: Sequence[Section] = (),
        section_of: Callable[[T], Hashable] | None = None,
        fixed: Callable[[T], object] | None = None,
        changing: Collection[str] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._key = key
        self._is_checked = checked
        self._sections = tuple(sections)
        self._section_of = section_of
        self._fixed = fixed
        self._changing = frozenset(number for number, column in enumerate(self.columns) if column.id in changing)
        self._groups: dict[Hashable, Hashable] = {}
        self._out_of_place = False
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
        fresh = dict(zip(map(self._key, incoming), incoming, strict=True))
        if len(fresh) != len(incoming):
            raise ValueError("two records of a table have the same key")
        before = self._records
        changed = [
            key
            for key, record in fresh.items()
            if key in before and before[key] is not record and before[key] != record
        ]
        same_keys = list(fresh) == list(before)
        like_before = same_keys and self._like_before(before, fresh, changed)
        self._forget_places(changed, like_before=like_before)
        if same_keys and not self._out_of_place and not self._may_move(fresh, changed, like_before=like_before):
            self.about_to_update.emit()
            self._records = fresh
            self.updated.emit()
        else:
            self._records = {**before, **fresh}
            self._arrange(fresh)
            self._records = fresh
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
        self._forget_places(changed, like_before=not changed)
        self._out_of_place |= self._may_move(self._records, changed, like_before=False)
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
        return self._row_by_key().get(key, -1)

    def rows_of(self, keys: Iterable[Hashable]) -> list[int]:
        row_by_key = self._row_by_key()
        return sorted(row_by_key[key] for key in keys if key in row_by_key)

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
        self._arrange(self._records)

    # Checks

    def is_checkable(self, _record: T) -> bool:
        """Whether the record's row has a checkbox."""
        return self._is_checked is not None

    def is_checked(self, record: T) -> bool:
        """Whether the record's checkbox is ticked."""
        return self._is_checked is not None and self._is_checked(record)

    def checked_records(self) -> list[T]:
        """The checked records in the given order, shown or filtered out."""
        checked = self._is_checked
        return [] if checked is None else [record for record in self._records.values() if checked(record)]

    def hidden_checked_count(self) -> int:
        """How many checked records the filter hides; say so wherever they are acted upon."""
        if self._predicate is None or self._is_checked is None:
            return 0
        return len(self.checked_records()) - sum(map(self._is_checked, self.shown_records()))

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

    def _like_before(self, before: dict[Hashable, T], fresh: dict[Hashable, T], changed: Sequence[Hashable]) -> bool:
        """Whether these records are the same as before in all that is fixed."""
        fixed = self._fixed
        if fixed is None:
            return not changed
        return all(fixed(before[key]) is fixed(fresh[key]) for key in changed)

    def _forget_places(self, changed: Sequence[Hashable], *, like_before: bool) -> None:
        if not like_before:
            self._orders.clear()
            self._groups.clear()
        elif changed:
            for column in self._changing:
                self._orders.pop(column, None)

    def _may_move(self, records: dict[Hashable, T], changed: Sequence[Hashable], *, like_before: bool) -> bool:
        """Whether rows may stand elsewhere, or be shown no more, when these have changed and no other came or went."""
        if not changed:
            return False
        if not like_before and (self._is_grouped or 0 <= self._sort_column < len(self.columns)):
            return True
        if self._sort_column in self._changing:
            return True
        shows, shown = self._predicate, self._row_by_key()
        return shows is not None and any(bool(shows(records[key])) is not (key in shown) for key in changed)

    @property
    def _is_grouped(self) -> bool:
        return bool(self._sections) and self._section_of is not None

    def _arrange(self, records: dict[Hashable, T]) -> None:
        keys = self._ordered(records)
        if self._is_grouped:
            rows = self._grouped(keys, records)
        else:
            self._counts = {None: len(keys)}
            rows = keys
        self.about_to_update.emit()
        rearrange(self, self._rows, rows, self._forget_rows)
        self._out_of_place = False
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

    def _row_by_key(self) -> dict[Hashable, int]:
        if self._row_of is None:
            self._row_of = dict(zip(self._rows, range(len(self._rows)), strict=True))
        return self._row_of

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
        if order is None:
            column = self.columns[self._sort_column]
            order = self._orders[self._sort_column] = _Order.sort(records, column.sort or column.text)
        descending = self._sort_order == Qt.SortOrder.DescendingOrder
        return (order.present[::-1] if descending else order.present) + order.absent

    def _grouped(self, keys: list[Hashable], records: dict[Hashable, T]) -> list[Hashable]:
        group_of = self._groups
        if not group_of:
            section_of = cast(Callable[[T], Hashable], self._section_of)
            group_of |= {key: section_of(record) for key, record in records.items()}
        groups: dict[Hashable, list[Hashable]] = {section.id: [] for section in self._sections}
        for key in keys:
            groups[group_of[key]].append(key)
        self._counts = {section_id: len(members) for section_id, members in groups.items()}
        rows: list[Hashable] = []
        for section in self._sections:
            if groups[section.id]:
                rows += (section, *groups[section.id])
        return rows

    def _emit_changed(self, keys: Sequence[Hashable]) -> None:
        """Tell of the rows of these keys, in runs; of many scattered ones at once, with what stands between them."""
        rows = self.rows_of(keys) if keys else []
        starts = [place for place, row in enumerate(rows) if place == 0 or rows[place - 1] != row - 1]
        if len(starts) > _MOST_NOTICES:
            starts = starts[:1]
        last_column = len(self.columns) - 1
        for start, stop in zip(starts, [*starts[1:], len(rows)], strict=False):
            self.dataChanged.emit(self.index(rows[start], 0), self.index(rows[stop - 1], last_column))


@dataclass(frozen=True)
class _Order:
    """The keys in ascending order of one column, those with one value as they were given; `absent` have none there."""

    present: list[Hashable]
    absent: list[Hashable]

    @classmethod
    def sort(cls, records: dict[Hashable, T], sort: Callable[[T], Any]) -> "_Order":
        """Sort all records."""
        values = {key: sort(record) for key, record in records.items()}
        present = [key for key, value in values.items() if value is not None]
        present.sort(key=values.__getitem__)
        return cls(present, [key for key, value in values.items() if value is None])
