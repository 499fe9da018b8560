"""Time as an argument."""

from __future__ import annotations

import threading
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

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for `event`, at most `seconds` of this clock; tells whether it is set."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ns(self) -> int:
        """UNIX nanoseconds, UTC."""
        return time.time_ns()

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        time.sleep(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for `event`, at most `seconds`."""
        return event.wait(seconds)
