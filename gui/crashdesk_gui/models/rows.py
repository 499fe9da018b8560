"""From one order of keys to another, told to Qt in the narrowest honest way."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QAbstractTableModel, QModelIndex

_MAX_RUNS = 48
_FEW_KEYS = 8
_Runs = list[tuple[int, int]]


def rearrange(
    model: QAbstractTableModel,
    rows: list[Hashable],
    wanted: list[Hashable],
    rows_changed: Callable[[], None],
) -> None:
    """Make `rows` (the list that the model reads) equal to `wanted`, in place, keeping persistent indexes on their keys.

    A few runs are inserted and removed where they are. When the changes are scattered, leaving rows are first moved to
    the end and removed as one run, new ones added at the end as one run and moved: at most two layout changes, so that
    a filter over a hundred thousand rows costs the view four notices instead of thousands. `rows_changed` is called after
    every change of `rows`, before Qt is told.
    """
    step = _Step(model, rows, rows_changed)
    if rows == wanted:
        return
    if not rows or not wanted:
        step.remove_runs([(0, len(rows))] if rows else [])
        step.insert_runs(wanted, [(0, len(wanted))] if wanted else [])
        return
    old, new = set(rows), set(wanted)
    if old == new:
        step.reorder(wanted)
        return
    leaving = [] if old <= new else [position for position, key in enumerate(rows) if key not in new]
    if leaving:
        runs = _runs(leaving)
        if len(runs) > _MAX_RUNS:
            gone = [rows[position] for position in leaving]
            step.reorder([key for key in rows if key in new] + gone)
            runs = [(len(rows) - len(gone), len(rows))]
        step.remove_runs(runs)
    arriving = [] if new <= old else [position for position, key in enumerate(wanted) if key not in old]
    runs = _runs(arriving)
    if len(runs) > _MAX_RUNS:
        added = [wanted[position] for position in arriving]
        step.insert_runs(rows + added, [(len(rows), len(rows) + len(added))])
        step.reorder(wanted)
        return
    step.reorder([key for key in wanted if key in old] if arriving else wanted)
    step.insert_runs(wanted, runs)


class _Step:
    """The three changes that Qt knows, on one list of rows."""

    def __init__(self, model: QAbstractTableModel, rows: list[Hashable], rows_changed: Callable[[], None]) -> None:
        self._model = model
        self._rows = rows
        self._changed = rows_changed

    def remove_runs(self, runs: _Runs) -> None:
        for start, stop in reversed(runs):
            self._model.beginRemoveRows(QModelIndex(), start, stop - 1)
            del self._rows[start:stop]
            self._changed()
            self._model.endRemoveRows()

    def insert_runs(self, wanted: list[Hashable], runs: _Runs) -> None:
        for start, stop in runs:
            self._model.beginInsertRows(QModelIndex(), start, stop - 1)
            self._rows[start:start] = wanted[start:stop]
            self._changed()
            self._model.endInsertRows()

    def reorder(self, wanted: list[Hashable]) -> None:
        if self._rows == wanted:
            return
        self._model.layoutAboutToBeChanged.emit()
        before = self._model.persistentIndexList()
        keys = [self._rows[index.row()] for index in before]
        self._rows[:] = wanted
        self._changed()
        if before:
            moved = set(keys)
            few = len(moved) <= _FEW_KEYS
            row_of = {key: wanted.index(key) for key in moved} if few else {key: row for row, key in enumerate(wanted)}
            after = [self._model.index(row_of[key], index.column()) for key, index in zip(keys, before, strict=True)]
            self._model.changePersistentIndexList(before, after)
        self._model.layoutChanged.emit()


def _runs(positions: list[int]) -> _Runs:
    runs: _Runs = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs
