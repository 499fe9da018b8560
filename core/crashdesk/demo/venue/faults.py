"""Scripted misbehaviour of the embedded exchange."""

import threading
from enum import StrEnum

import msgspec

from crashdesk.demo.venue.records import HeldRequest

MAX_HOLD_SECONDS = 30.0


class FaultKind(StrEnum):
    """What goes wrong. "Unprocessed" means that the exchange did nothing; the client cannot see the difference."""

    DELAY_BEFORE = "delay_before"
    """Waits `seconds`, then processes and replies."""
    DELAY_AFTER = "delay_after"
    """Processes, waits `seconds`, then replies: a timeout after doing the work."""
    HOLD = "hold"
    """Processes, then keeps the reply until it is released, or for `seconds` (30 when 0)."""
    RESET_BEFORE = "reset_before"
    """Resets the connection, unprocessed."""
    RESET_AFTER = "reset_after"
    """Processes, then resets the connection."""
    TRUNCATED = "truncated"
    """Processes, then sends half of the reply and closes."""
    PLAIN_OK = "plain_ok"
    """Processes, then replies 200 with the body `OK`."""
    UNKNOWN_STATUS = "unknown_status"
    """Processes, then replies that the execution status is unknown (Binance -1007, OKX 50004)."""
    HTML_404 = "html_404"
    """Replies an HTML page with status 404, unprocessed."""
    HTML_502 = "html_502"
    """Replies an HTML page with status 502, unprocessed."""
    HTML_503 = "html_503"
    """Replies an HTML page with status 503, unprocessed."""
    RATE_LIMITED = "rate_limited"
    """Replies 429 with Binance's -1003 or OKX's 50011, unprocessed."""
    BANNED = "banned"
    """Replies 418 with Binance's -1003 that names the end of the ban, or 429 with OKX's 50011, unprocessed."""
    OTHER_ADDRESS = "other_address"
    """Replies that the key may not be used from here (Binance's -2015, OKX's 50110), unprocessed."""
    OVERLOADED = "overloaded"
    """Replies Binance's -1008 or OKX's 50013, unprocessed."""
    MAINTENANCE = "maintenance"
    """Replies 503 with Binance's -1001 or OKX's 50001, unprocessed."""
    CLOCK_SKEW = "clock_skew"
    """Judges the request with a clock that is `seconds` ahead (behind when negative)."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One script: the first `skip` requests that match are served well, the next `times` suffer, then it is used up.

    It matches requests of `method` (any when empty) whose path starts with `path`.
    """

    kind: FaultKind
    method: str = ""
    path: str = ""
    times: int = 1
    seconds: float = 0.0
    skip: int = 0


class FaultScript:
    """The faults that still wait for their requests. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Script one more fault; the oldest that matches a request strikes."""
        with self._lock:
            self._waiting.append((fault, 0))

    def clear(self) -> None:
        """Forget all that did not strike yet."""
        with self._lock:
            self._waiting.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault that this request suffers, counted as used."""
        with self._lock:
            for index, (fault, seen) in enumerate(self._waiting):
                if (fault.method and fault.method != method) or not path.startswith(fault.path):
                    continue
                if seen + 1 >= fault.skip + fault.times:
                    del self._waiting[index]
                else:
                    self._waiting[index] = (fault, seen + 1)
                if seen >= fault.skip:
                    return fault
            return None


class Holds:
    """Replies that are kept back, and those who wait for one to be. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: list[HeldRequest] = []
        self._releases = 0
        self._closed = False

    def hold(self, request: HeldRequest, seconds: float) -> None:
        """Block until released, or for `seconds`."""
        with self._changed:
            self._held.append(request)
            self._changed.notify_all()
            before = self._releases
            self._changed.wait_for(
                lambda: self._closed or self._releases > before, min(seconds or MAX_HOLD_SECONDS, MAX_HOLD_SECONDS)
            )
            self._held.remove(request)

    def wait_until_held(self, timeout: float) -> HeldRequest | None:
        """The oldest request being held; waits for one, None after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._held), timeout)
            return self._held[0] if self._held else None

    def release(self) -> None:
        """Let every held reply go."""
        with self._changed:
            self._releases += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let every held reply go, and hold none from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
