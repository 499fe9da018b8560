"""Where moments are on a strip of time: evenly, with a last part that may be shortened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TimeScale:
    """From `start` to `end`, UNIX nanoseconds; even, but for what comes after `fold`, which has the share `tail` of the length.

    A place is a share of the length: 0 is the start, 1 the end.
    """

    start: int
    end: int
    fold: int | None = None
    tail: float = 0.0

    def shares_of(self, times: NDArray[np.int64]) -> NDArray[np.float64]:
        """Where moments are; those before the start and after the end lie outside."""
        if self.fold is None:
            return (times - self.start) / (self.end - self.start)
        even = (times - self.start) * ((1 - self.tail) / max(self.fold - self.start, 1))
        shortened = 1 - (self.end - times) * (self.tail / (self.end - self.fold))
        return np.where(times <= self.fold, even, shortened)

    def share_of(self, at: int) -> float:
        """Where a moment is."""
        return float(self.shares_of(np.array([at], dtype=np.int64))[0])

    def moment_of(self, share: float) -> int:
        """Which moment is at a place."""
        if self.fold is None:
            return self.start + int(share * (self.end - self.start))
        if share <= 1 - self.tail:
            return self.start + int(share / (1 - self.tail) * (self.fold - self.start))
        return self.end - int((1 - share) / self.tail * (self.end - self.fold))
