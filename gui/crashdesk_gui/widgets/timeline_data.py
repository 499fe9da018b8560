"""What the strip over the history shows, as columns: a hundred thousand ticks are three arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from crashdesk_gui.widgets.timeline_marks import Mark

Integers = NDArray[np.int64]
Gap = tuple[int, int]
MISSED_INTERVALS = 3
"""So many intervals without a checkpoint count as a gap: one late checkpoint is no incident."""


class Ticks:
    """The checkpoints in the order of time: `times` in UNIX nanoseconds, numbers `seqs`, and a `Mark` each in `marks`."""

    __slots__ = ("marks", "seqs", "times")

    def __init__(
        self, times: Integers | None = None, seqs: Integers | None = None, marks: NDArray[np.uint8] | None = None
    ) -> None:
        """From columns in any order."""
        none = np.array([], dtype=np.int64)
        times, seqs = none if times is None else times, none if seqs is None else seqs
        marks = none.astype(np.uint8) if marks is None else marks
        # Nearly always they come in order, and to find that out takes a tenth of the time.
        if not (np.diff(times) > 0).all():
            order = np.lexsort((seqs, times))
            times, seqs, marks = times[order], seqs[order], marks[order]
        self.times: Integers = times
        self.seqs: Integers = seqs
        self.marks: NDArray[np.uint8] = marks

    def __len__(self) -> int:
        return len(self.times)

    def same(self, other: Ticks) -> bool:
        """Whether both show the same."""
        times, seqs = np.array_equal(self.times, other.times), np.array_equal(self.seqs, other.seqs)
        return times and seqs and np.array_equal(self.marks, other.marks)

    def kinds(self) -> set[Mark]:
        """Which marks there are."""
        # np.unique would import numpy.ma, which takes longer than the rest of a start's drawing.
        return {Mark(int(each)) for each in np.flatnonzero(np.bincount(self.marks))}


class Events:
    """What somebody did, in the order of time: a recovery (`large`) or a decision; `text(index)` says it in words."""

    __slots__ = ("large", "text", "times")

    def __init__(
        self,
        times: Integers | None = None,
        large: NDArray[np.bool_] | None = None,
        text: Callable[[int], str] = str,
    ) -> None:
        self.times = np.array([], dtype=np.int64) if times is None else times
        self.large = np.array([], dtype=np.bool_) if large is None else large
        self.text = text

    def __len__(self) -> int:
        return len(self.times)

    def between(self, start: float, end: float) -> range:
        """Those from one moment to another."""
        return range(
            int(np.searchsorted(self.times, start)),
            int(np.searchsorted(self.times, end, side="right")),
        )


def missing_spans(
    times: Sequence[int] | Integers, interval_ns: int, until_ns: int | None, *, stopped: bool = False
) -> tuple[Gap, ...]:
    """Where there should have been checkpoints and were none: (from, to), the last one open to `until_ns`.

    `times` ascend. A span counts when more than three intervals pass without a checkpoint; the last one, when the bot is
    known to have `stopped`, after one. `until_ns` None: nobody expects any after the last.
    """
    moments = np.asarray(times, dtype=np.int64)
    limit = interval_ns * MISSED_INTERVALS
    late = np.flatnonzero(np.diff(moments) > limit)
    spans = [(int(moments[place]), int(moments[place + 1])) for place in late]
    last = int(moments[-1]) if len(moments) else 0
    if until_ns is not None and len(moments) and until_ns - last > (interval_ns if stopped else limit):
        spans.append((last, until_ns))
    return tuple(spans)


def highest_per_pixel(places: NDArray[np.floating], marks: NDArray[np.uint8]) -> Iterable[tuple[int, int]]:
    """(pixel, greatest mark) of ascending places: one look for all that share a pixel."""
    if not len(places):
        return ()
    pixels = np.floor(places + 0.5).astype(np.int64)
    starts = np.flatnonzero(np.diff(pixels, prepend=pixels[0] - 1))
    return zip(pixels[starts].tolist(), np.maximum.reduceat(marks, starts).tolist(), strict=True)
