"""A table of a hundred thousand records that are made only when they are looked at: rows are numbers in arrays.

Sorting and filtering work on columns of numbers and take some ten milliseconds; an update tells Qt in the narrowest honest way,
so that selection and scroll position survive it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar, overload

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QObject, Qt

from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.ranking import Ranking, runs_of
from crashdesk_gui.models.table_base import Index, TableModel

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Keys = NDArray[np.int64]
_MOST_RUNS = 48
_KEPT_RECORDS = 512
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class Source(Protocol[T_co]):
    """Records by ascending number. Immutable: what is new comes as another source."""

    @property
    def seqs(self) -> Keys:
        """The numbers of the records, ascending."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, position: int) -> T_co: ...

    def position(self, seq: int) -> int:
        """Where a record stands, -1 where there is none."""
        ...


class LongTableModel(TableModel[T], Generic[T]):
    """Records of a `Source`, the newest first unless a column is sorted by. A record's key is its number."""

    def __init__(self, columns: Sequence[Column[T]], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._source: Any = _Nothing()
        self._older: Any = self._source
        self._keys: Keys = np.array([], dtype=np.int64)
        self._mask: Callable[[Any], NDArray[np.bool_]] | None = None
        self._rankings: dict[int, Ranking] = {}
        self._made: dict[int, T] = {}

    # For the derived class

    def ranked(self, source: Any, column: Column[T]) -> Ranking:
        """The order of a source's records by a column."""
        raise NotImplementedError

    def key_of(self, record: T) -> Hashable:
        raise NotImplementedError

    # Records

    @property
    def source(self) -> Any:
        """What is shown."""
        return self._source

    def set_source(self, source: Source[T]) -> None:
        """Show these records; those that were shown before stay where they are."""
        if source is self._source:
            return
        self._older, self._source = self._source, source
        self._rankings = {}
        self._made = {}
        self._arrange()
        self._older = self._source
        self._made = {}
        if len(self._keys):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, len(self.columns) - 1))

    def clear(self) -> None:
        """Show nothing."""
        self.set_source(_Nothing())

    def records(self) -> Sequence[T]:
        return _Records(self._source, self._source.seqs[::-1])

    def shown_records(self) -> Sequence[T]:
        return _Records(self._source, self._keys)

    def shown_count(self) -> int:
        return len(self._keys)

    def record(self, key: Hashable) -> T | None:
        position = self._source.position(key) if isinstance(key, int) else -1
        found: T | None = None if position < 0 else self._source[position]
        return found

    def record_at(self, row: int) -> T | None:
        made = self._made.get(row)
        if made is not None:
            return made
        if not 0 <= row < len(self._keys):
            return None
        key = int(self._keys[row])
        source = self._source
        position = source.position(key)
        if position < 0:
            # In the middle of an update: the row is about to go.
            source = self._older
            position = source.position(key)
        if len(self._made) >= _KEPT_RECORDS:
            self._made.clear()
        record: T = source[position]
        self._made[row] = record
        return record

    def row_of(self, key: Hashable) -> int:
        if not isinstance(key, int):
            return -1
        found = np.flatnonzero(self._keys == key)
        return int(found[0]) if len(found) else -1

    def records_at(self, rows: Sequence[int]) -> Sequence[T]:
        return _Records(self._source, self._keys[np.array(rows, dtype=np.int64)])

    def keys_at(self, rows: Sequence[int]) -> Sequence[int]:
        keys: list[int] = self._keys[np.array(rows, dtype=np.int64)].tolist()
        return keys

    def rows_of(self, keys: Iterable[Hashable]) -> list[int]:
        wanted = [key for key in keys if isinstance(key, int)]
        rows: list[int] = np.flatnonzero(np.isin(self._keys, wanted)).tolist()
        return rows

    # Order and filter

    def set_filter(self, mask: Callable[[Any], NDArray[np.bool_]] | None) -> None:
        """Show only the records of a source for which the mask is true; None shows all."""
        self._mask = mask
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 restores the given order."""
        self._sort_column = column
        self._sort_order = order
        self._arrange()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._keys)

    def flags(self, index: Index) -> Qt.ItemFlag:
        # Asked for every cell of a selection: no record is made for it.
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    # Arrangement

    def _arrange(self) -> None:
        wanted = self._wanted()
        if np.array_equal(wanted, self._keys):
            return
        self.about_to_update.emit()
        self._become(wanted)
        self.updated.emit()

    def _wanted(self) -> Keys:
        source = self._source
        if not len(source):
            return self._keys[:0]
        if not 0 <= self._sort_column < len(self.columns):
            positions = np.arange(len(source) - 1, -1, -1)
        else:
            ranking = self._rankings.get(self._sort_column)
            if ranking is None:
                ranking = self.ranked(source, self.columns[self._sort_column])
                self._rankings[self._sort_column] = ranking
            positions = ranking.positions(descending=self._sort_order == Qt.SortOrder.DescendingOrder)
        if self._mask is not None:
            positions = positions[self._mask(source)[positions]]
        keys: Keys = source.seqs[positions]
        return keys

    def _become(self, wanted: Keys) -> None:
        """Remove, reorder, insert; where that would be many pieces, they are brought together at the end first."""
        if not len(self._keys) or not len(wanted):
            self._remove([(0, len(self._keys))] if len(self._keys) else [])
            self._insert(wanted, [(0, len(wanted))] if len(wanted) else [])
            return
        leaving = ~np.isin(self._keys, wanted, assume_unique=True)
        runs = runs_of(leaving)
        if len(runs) > _MOST_RUNS:
            self._reorder(np.concatenate((self._keys[~leaving], self._keys[leaving])))
            runs = [(len(self._keys) - int(leaving.sum()), len(self._keys))]
        self._remove(runs)
        arriving = ~np.isin(wanted, self._keys, assume_unique=True)
        runs = runs_of(arriving)
        if len(runs) > _MOST_RUNS:
            ends = (len(self._keys), len(wanted))
            self._insert(np.concatenate((self._keys, wanted[arriving])), [ends])
            self._reorder(wanted)
        else:
            self._reorder(wanted[~arriving])
            self._insert(wanted, runs)

    def _remove(self, runs: list[tuple[int, int]]) -> None:
        for start, stop in reversed(runs):
            self.beginRemoveRows(QModelIndex(), start, stop - 1)
            self._set_keys(np.concatenate((self._keys[:start], self._keys[stop:])))
            self.endRemoveRows()

    def _insert(self, wanted: Keys, runs: list[tuple[int, int]]) -> None:
        for start, stop in runs:
            self.beginInsertRows(QModelIndex(), start, stop - 1)
            self._set_keys(np.concatenate((self._keys[:start], wanted[start:stop], self._keys[start:])))
            self.endInsertRows()

    def _reorder(self, wanted: Keys) -> None:
        if np.array_equal(self._keys, wanted):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = self._keys[[index.row() for index in before]] if before else self._keys[:0]
        self._set_keys(wanted)
        if before:
            places = np.flatnonzero(np.isin(wanted, keys))
            rows = dict(zip(wanted[places].tolist(), places.tolist(), strict=True))
            after = [self.index(rows[key], index.column()) for key, index in zip(keys.tolist(), before, strict=True)]
            self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _set_keys(self, keys: Keys) -> None:
        self._keys = keys
        self._made = {}


class _Nothing(Sequence[Any]):
    """No records."""

    seqs: Keys = np.array([], dtype=np.int64)

    def __len__(self) -> int:
        return 0

    def __getitem__(self, position: object) -> Any:
        raise IndexError(position)

    def position(self, _seq: int) -> int:
        return -1


class _Records(Sequence[T], Generic[T]):
    """Records in an order, made when they are asked for; safe to go through in another thread."""

    def __init__(self, source: Any, keys: Keys) -> None:
        self._source = source
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, row: int) -> T: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[T]: ...

    def __getitem__(self, row: int | slice) -> T | Sequence[T]:
        if isinstance(row, slice):
            return _Records(self._source, self._keys[row])
        found: T = self._source[self._source.position(int(self._keys[row]))]
        return found

    def __iter__(self) -> Iterator[T]:
        # Where all of them stand is looked up at once: a table measures the same few rows once per column.
        seqs = self._source.seqs
        places = np.minimum(np.searchsorted(seqs, self._keys), len(seqs) - 1) if len(seqs) else self._keys
        return (self._source[place] for place in places.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    # It equals lists, which have none either.
    __hash__ = None  # type: ignore[assignment]
