"""Time as an argument."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits; the demonstration's clock is the embedded exchange's."""

    def now_ns(self) -> int:
        """UNIX nanoseconds, UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait, in this clock's own seconds."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ns(self) -> int:
        """UNIX nanoseconds, UTC."""
        return time.time_ns()

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        time.sleep(seconds)
