"""How long executing waits: for the proof of a cancellation, and for an exchange that asks for a pause."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from crashdesk.clock import Clock
from crashdesk.errors import ExchangeUnavailable
from crashdesk.exchange.protocol import Exchange
from crashdesk.exchange.records import LookupStatus, OrderLookup, OrderRef

_FIRST_PAUSE_S = 0.1
_SLICE_S = 1.0


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """`proof_s`: how long an order is read again until it is seen closed, in seconds, the exchange's pauses not counted.

    `pause_s`: how long a pause may be that the exchange's limit asks for; a longer one stops the batch.
    """

    proof_s: float = 10.0
    pause_s: float = 120.0


class HeldBack(ExchangeUnavailable):
    """The exchange takes no requests for longer than somebody would wait for; nothing was sent since it said so."""


def proof_pauses(proof_s: float) -> Iterator[float]:
    """Seconds between two reads, doubling, `proof_s` in all; the first read is at once."""
    yield 0.0
    pause, left = _FIRST_PAUSE_S, proof_s
    while left > 0:
        yield min(pause, left)
        left = round(left - pause, 6)
        pause *= 2


class PatientReader:
    """Reads single orders, and waits where the exchange asks for a pause. `say` hears what is waited for.

    `stopped` ends a wait early.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        patience: Patience,
        *,
        say: Callable[[str], None],
        stopped: Callable[[], bool],
    ) -> None:
        self._exchange = exchange
        self._clock = clock
        self._patience = patience
        self._say = say
        self._stopped = stopped
        self.paused_s = 0.0
        """How long it has waited for the exchange's limit so far."""

    def read(self, ref: OrderRef) -> OrderLookup:
        """One order. After a pause that was stopped, or that would be too long, the lookup says UNKNOWN and asks for it."""
        waited = 0.0
        while True:
            fresh = self._exchange.read_order(ref)
            pause = fresh.retry_after_s
            if fresh.status is not LookupStatus.UNKNOWN or pause is None:
                return fresh
            waited += pause
            if waited > self._patience.pause_s or not self.wait(pause):
                return fresh

    def wait(self, pause_s: float) -> bool:
        """Wait for the exchange's limit, in slices; False when it was stopped or is longer than the patience allows."""
        if pause_s > self._patience.pause_s:
            return False
        left = pause_s
        while left > 0:
            if self._stopped():
                return False
            self._say(f"waiting {left:.0f} s for the exchange's limit")
            part = min(_SLICE_S, left)
            self._clock.sleep(part)
            self.paused_s += part
            left -= part
        return True
