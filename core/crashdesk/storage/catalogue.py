"""What the store's writer knows to be in its directory: it alone adds and deletes, so it need not list again and again."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Set

import msgspec


class Entry(msgspec.Struct, frozen=True, order=True):
    """One checkpoint, as its file name tells it."""

    seq: int
    timestamp: int


class Catalogue:
    """The checkpoints by sequence number and by age. With 100,000 of them every method but the constructor takes microseconds."""

    def __init__(self, entries: Iterable[Entry] = (), pinned: Iterable[Entry] = ()) -> None:
        self._by_seq = sorted(entries)
        self._by_age = sorted(self._by_seq, key=_age)
        self._pinned = set(pinned)

    def __len__(self) -> int:
        return len(self._by_seq)

    def __contains__(self, entry: Entry) -> bool:
        at = bisect_left(self._by_seq, entry)
        return at < len(self._by_seq) and self._by_seq[at] == entry

    @property
    def pinned(self) -> Set[Entry]:
        """Those known to be pinned; another process may have pinned others."""
        return self._pinned

    @property
    def unpinned_count(self) -> int:
        """How many are not known to be pinned."""
        return len(self._by_seq) - len(self._pinned)

    def add(self, entry: Entry) -> None:
        """A checkpoint that was saved."""
        insort(self._by_seq, entry)
        insort(self._by_age, entry, key=_age)

    def remove(self, entry: Entry) -> None:
        """A checkpoint that is gone; one that is not listed is no error."""
        if entry in self:
            del self._by_seq[bisect_left(self._by_seq, entry)]
            del self._by_age[bisect_left(self._by_age, _age(entry), key=_age)]
            self._pinned.discard(entry)

    def set_pinned(self, entry: Entry, pinned: bool) -> None:
        """Whether retention must leave a listed checkpoint alone."""
        if not pinned:
            self._pinned.discard(entry)
        elif entry in self:
            self._pinned.add(entry)

    def newest(self) -> Iterator[Entry]:
        """All of them, newest first."""
        return reversed(self._by_seq)

    def newest_unpinned(self) -> Iterator[Entry]:
        """Those not known to be pinned, newest first."""
        return (entry for entry in reversed(self._by_seq) if entry not in self._pinned)

    def oldest_unpinned(self) -> Iterator[Entry]:
        """Those not known to be pinned, lowest sequence number first."""
        return (entry for entry in self._by_seq if entry not in self._pinned)

    def earliest_unpinned(self) -> Iterator[Entry]:
        """Those not known to be pinned, earliest time first: another order than that of the numbers after a clock went back."""
        return (entry for entry in self._by_age if entry not in self._pinned)


def _age(entry: Entry) -> tuple[int, int]:
    return entry.timestamp, entry.seq
