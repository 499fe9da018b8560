"""The embedded exchange's time as everybody's clock."""

from __future__ import annotations

from strategies import ManualClock

from crashdesk.demo.venue import EmbeddedExchange


class VenueClock(ManualClock):
    """The embedded exchange's time; sleeping moves it. `behind_s` is how far this machine's own clock is behind."""

    def __init__(self, venue: EmbeddedExchange, behind_s: int = 0) -> None:
        super().__init__()
        self._venue = venue
        self._behind_ns = behind_s * 1_000_000_000

    def now_ns(self) -> int:
        return self._venue.now_ns() - self._behind_ns

    def sleep(self, seconds: float) -> None:
        self._venue.advance(seconds)
