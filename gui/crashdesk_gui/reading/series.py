"""The quantities of every leg, read once and then only the points that came since."""

from __future__ import annotations

from crashdesk import Side
from crashdesk.inspection import StoreView
from crashdesk_gui.series import AccountSeries, Known, LegSeries, Series

_POINTS = 10_000


class SeriesReader:
    """Knows the points as they were at the last look. Used by one thread at a time."""

    def __init__(self, view: StoreView) -> None:
        self._view = view
        self._legs: dict[tuple[str, Side], LegSeries] = {}
        self._waiting: list[tuple[str, Side]] = []
        self._series: Series | None = None

    def forget(self) -> None:
        """Read every point again: one that was indexed late changes those after it."""
        self._legs = {}

    def look(self) -> None:
        """Find out which legs there are. Raises DatabaseUnusable."""
        self._waiting = self._view.history_as_it_is().legs()

    @property
    def complete(self) -> bool:
        """Whether every leg was read since the last look."""
        return not self._waiting

    def read_some(self, points: int = _POINTS) -> None:
        """Read the new points of the next legs, until about so many came. Raises DatabaseUnusable."""
        index = self._view.history_as_it_is()
        read = 0
        while self._waiting and read < points:
            key = self._waiting[-1]
            known = self._legs.get(key)
            after = int(known.seqs[-1]) if known is not None and len(known) else 0
            more = LegSeries.of_columns(*key, index.point_columns(*key, after=after, limit=_POINTS))
            read += len(more) + 1
            if len(more):
                self._legs[key] = more if known is None else known.appended(more)
            if len(more) < _POINTS:
                self._waiting.pop()

    def series(self, account: AccountSeries, known: Known | None = None, past: tuple[Known, ...] = ()) -> Series:
        """All of it, with what is known beyond the newest checkpoint, and was so before; the same object until it changes."""
        legs = tuple(self._legs[key] for key in sorted(self._legs, key=lambda key: (key[0], key[1].value)))
        before = self._series
        same = (
            before is not None
            and before.account is account
            and before.known == known
            and before.past == past
            and len(before.legs) == len(legs)
            and all(mine is theirs for mine, theirs in zip(before.legs, legs, strict=True))
        )
        if before is None or not same:
            self._series = before = Series(legs, account, known, past)
        return before
