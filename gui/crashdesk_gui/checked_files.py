"""Which checkpoint files were read and found intact, so that each is read again only when it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import stat_result

import numpy as np
from numpy.typing import NDArray

from crashdesk import CheckpointInfo
from crashdesk.errors import NewerVersion, StorageError
from crashdesk.inspection import StoreView
from crashdesk_gui.checkpoint_rows import FileCheck
from crashdesk_gui.series import Integers

_PENDING, _GONE = -1, -2


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a file cannot be used; `newer` when it is not damaged, but of a newer version of Crashdesk."""

    reason: str
    newer: bool = False


class CheckedFiles:
    """Remembers what came of reading each file, by its times and size. Used by one thread at a time.

    Attributes: `checks` uint8, a `FileCheck` for each file that is followed; `problems` by sequence number.
    """

    def __init__(self) -> None:
        self._seqs: Integers = np.array([], dtype=np.int64)
        self._modified: Integers = self._seqs
        self._sizes: Integers = self._seqs
        self.checks: NDArray[np.uint8] = np.array([], dtype=np.uint8)
        self.problems: dict[int, str] = {}
        self._passed_over: Mapping[int, Flaw] = {}
        self._next_again = 0

    def follow(self, seqs: Integers) -> None:
        """These are the files from now on, by ascending number; what is known of those that stay is kept."""
        if np.array_equal(seqs, self._seqs):
            return
        places = np.searchsorted(self._seqs, seqs)
        known = places < len(self._seqs)
        known[known] = self._seqs[places[known]] == seqs[known]
        modified = np.full(len(seqs), _PENDING, dtype=np.int64)
        sizes = np.zeros(len(seqs), dtype=np.int64)
        checks = np.zeros(len(seqs), dtype=np.uint8)
        for fresh, before in ((modified, self._modified), (sizes, self._sizes), (checks, self.checks)):
            fresh[known] = before[places[known]]
        self._seqs, self._modified, self._sizes, self.checks = seqs, modified, sizes, checks
        if self.problems:
            present = set(seqs.tolist())
            self.problems = {seq: problem for seq, problem in self.problems.items() if seq in present}

    def forget(self) -> None:
        """Read every file again when its turn comes; until then what was found stands."""
        self._modified = np.full(len(self._seqs), _PENDING, dtype=np.int64)

    def read_again(self, newest: int) -> None:
        """Read the newest files again when their turn comes, though nothing tells that they changed."""
        self._modified = self._modified.copy()
        self._modified[max(len(self._seqs) - newest, 0) :] = _PENDING

    def pass_over(self, flaws: Mapping[int, Flaw]) -> bool:
        """These files (by number) were of no use to who wanted to use them, which counts whatever reading their bytes says;
        returns whether that is news.
        """
        before, self._passed_over = self._passed_over, flaws
        for seq in {seq for seq in before if seq not in flaws}:
            place = self._place(seq)
            if place is not None:
                self._modified[place] = _PENDING
        told = [
            self._tell(place, seq, flaw)
            for seq, flaw in flaws.items()
            if seq not in self.problems and (place := self._place(seq)) is not None
        ]
        return any(told)

    def _place(self, seq: int) -> int | None:
        place = int(np.searchsorted(self._seqs, seq))
        return place if place < len(self._seqs) and self._seqs[place] == seq else None

    def pending(self, limit: int) -> Integers:
        """The places of files that are to be read, the newest `limit` of them."""
        return np.flatnonzero(self._modified == _PENDING)[-limit:][::-1]

    def again(self, newest: int, others: int) -> list[int]:
        """The places of files to look at once more: the newest ones, and the next of the others in turn."""
        count = len(self._seqs)
        start = max(count - newest, 0)
        turn = range(self._next_again, min(self._next_again + others, start))
        self._next_again = turn.stop if turn.stop < start else 0
        return [*range(start, count), *turn]

    def check(self, view: StoreView, place: int, info: Callable[[int], CheckpointInfo]) -> bool:
        """Read a file if it is new or has changed; returns whether anything is known now that was not before."""
        file = info(place)
        try:
            told = file.path.stat()
        except OSError:
            self._modified[place] = _GONE
            return False
        if self._modified[place] == _moment(told) and self._sizes[place] == told.st_size:
            return False
        flaw: Flaw | None
        try:
            error = view.flaw(file)
        except StorageError as unreadable:
            flaw = Flaw(str(unreadable))
        else:
            flaw = None if error is None else Flaw(str(error), newer=isinstance(error, NewerVersion))
        self._modified[place], self._sizes[place] = _moment(told), told.st_size
        return self._tell(place, file.seq, flaw or self._passed_over.get(file.seq))

    def _tell(self, place: int, seq: int, flaw: Flaw | None) -> bool:
        """What is known of a file now; returns whether that is news."""
        check = FileCheck.INTACT if flaw is None else FileCheck.NEWER if flaw.newer else FileCheck.CORRUPT
        problem = "" if flaw is None else flaw.reason
        before = self.problems.get(seq, "")
        if self.checks[place] == check and before == problem:
            return False
        # Whoever shows the old ones keeps them.
        if not self.checks.flags.writeable:
            self.checks = self.checks.copy()
        self.checks[place] = check
        if before != problem:
            self.problems = self.problems | {seq: problem}
            if not problem:
                del self.problems[seq]
        return True


def _moment(told: stat_result) -> int:
    """When a file was written last: who changes bytes in place can set the one time back, but not the other."""
    return max(told.st_mtime_ns, told.st_ctime_ns)
