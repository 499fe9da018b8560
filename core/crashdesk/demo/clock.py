"""Exchange time as the clock of everybody in the demonstration."""

from __future__ import annotations

import threading
from typing import Protocol


class TimeControl(Protocol):
    """The part of the embedded exchange that moves its time."""

    def now_ns(self) -> int:
        """Exchange time."""
        ...

    def advance(self, seconds: float) -> int:
        """Let time and market go on; returns the new time."""
        ...


class VenueClock:
    """A clock that stands until somebody sleeps: sleeping moves the exchange's time, at full speed."""

    def __init__(self, control: TimeControl) -> None:
        self._control = control
        self._moved = threading.Condition()
        self._now = control.now_ns()

    def now_ns(self) -> int:
        """Exchange time as of the last move."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move exchange time by `seconds`, without waiting for them."""
        now = self._control.advance(seconds)
        with self._moved:
            self._now = now
            self._moved.notify_all()

    def refresh(self) -> None:
        """Take over the exchange's time, which somebody else may have moved."""
        now = self._control.now_ns()
        with self._moved:
            self._now = now
            self._moved.notify_all()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until others have moved time by `seconds`, or `event` is set (noticed within a tenth of a second)."""
        until = self._now + int(seconds * 1e9)
        with self._moved:
            while not event.is_set() and self._now < until:
                self._moved.wait(0.1)
        return event.is_set()
