"""The embedded exchange itself: simulation, dialect, faults and server put together."""

import math
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from types import TracebackType
from typing import Self

from crashdesk.demo.venue.binance.api import BinanceApi
from crashdesk.demo.venue.control import CONTROL_PREFIX, serve_control
from crashdesk.demo.venue.dialect import Api, Dialect
from crashdesk.demo.venue.faults import Fault, FaultKind, FaultScript, Holds
from crashdesk.demo.venue.ledger import BINANCE_RULES
from crashdesk.demo.venue.okx.api import OkxApi
from crashdesk.demo.venue.okx.markets import OKX_RULES
from crashdesk.demo.venue.records import Credentials, HeldRequest, LedgerReport, VenueError
from crashdesk.demo.venue.server import Delivery, LoopbackServer, Reply, Request, html_reply
from crashdesk.demo.venue.simulation import Simulation


class EmbeddedExchange:
    """An exchange on 127.0.0.1, in daemon threads of this process, from construction until close().

    It speaks Binance's USD-M futures API, or OKX's, at `url` and offers the operations of VenueOperations as methods, which may
    be called from any thread; another process can use them through VenueControl(url, token). Exchange time starts at
    `start_ns` and stands still until advance() or follow_real_time(). The same seed and the same calls give the same
    prices and fills. Raises VenueError when it cannot listen.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        start_ns: int,
        credentials: Sequence[Credentials],
        hedge_mode: bool = False,
        starting_balance: Decimal = Decimal("100000"),
        port: int = 0,
        dialect: Dialect = Dialect.BINANCE,
    ) -> None:
        accounts = sorted({entry.account for entry in credentials}) or ["main"]
        self.dialect = dialect
        self._simulation = Simulation(
            accounts,
            seed=seed,
            start_ns=start_ns,
            hedge_mode=hedge_mode,
            starting_balance=starting_balance,
            rules=BINANCE_RULES if dialect is Dialect.BINANCE else OKX_RULES,
        )
        speak: Callable[[Simulation, Sequence[Credentials]], Api]
        speak = BinanceApi if dialect is Dialect.BINANCE else OkxApi
        self._api = speak(self._simulation, credentials)
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._faults = FaultScript()
        self._holds = Holds()
        self._processed: Counter[tuple[str, str]] = Counter()
        self._received: Counter[tuple[str, str]] = Counter()
        self.token = secrets.token_urlsafe(24)
        try:
            self._server = LoopbackServer(self._respond, port)
        except OSError as error:
            raise VenueError(
                f"The embedded exchange cannot listen on 127.0.0.1 port {port}: {error}. Give it a free port, or 0."
            ) from error
        self.url = f"http://127.0.0.1:{self._server.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving, drop every connection, end the threads; a second call does nothing."""
        self._closing.set()
        self._holds.close()
        self._server.close()

    def now_ns(self) -> int:
        """Exchange time, UNIX nanoseconds."""
        with self._lock:
            return self._simulation.now_ns()

    def advance(self, seconds: float) -> int:
        """Move exchange time on; prices step and orders match on the way. Returns the new time in nanoseconds."""
        if not math.isfinite(seconds):
            raise VenueError(f"Exchange time cannot move by {seconds} s.")
        with self._lock:
            return self._simulation.advance(seconds)

    def follow_real_time(self) -> None:
        """From now on exchange time runs with the wall clock; prices step and orders match with it."""
        with self._lock:
            self._simulation.follow_real_time()

    def price(self, symbol: str) -> Decimal:
        """Last and mark price of a unified symbol. Raises VenueError when it is not traded."""
        with self._lock:
            self._simulation.now_ns()
            return self._simulation.book(symbol).last

    def push_price(self, symbol: str, price: Decimal) -> None:
        """Move a market through every level to `price`, filling what it crosses; the path goes on from there."""
        with self._lock:
            self._simulation.push_price(symbol, price)

    def ledger(self, account: str = "main") -> LedgerReport:
        """The truth about one account. Raises VenueError when there is no such account."""
        with self._lock:
            return self._simulation.report(account)

    def add_fault(self, fault: Fault) -> None:
        """Script one more fault."""
        self._faults.add(fault)

    def clear_faults(self) -> None:
        """Forget the faults that did not strike yet."""
        self._faults.clear()

    def revoke(self, api_key: str) -> None:
        """Refuse this key from now on, as after its owner deleted it at the exchange."""
        with self._lock:
            self._api.revoke(api_key)

    def wait_until_held(self, timeout: float) -> HeldRequest | None:
        """The oldest request whose reply is held; waits for one, None after `timeout` seconds."""
        return self._holds.wait_until_held(timeout)

    def release(self) -> None:
        """Let every held reply go."""
        self._holds.release()

    def request_count(self, method: str, path: str, *, received: bool = False) -> int:
        """How many requests of exactly that method and path were processed, or received (those lost to a fault too)."""
        with self._lock:
            return (self._received if received else self._processed)[(method, path)]

    def _respond(self, request: Request) -> Delivery:
        if request.path.startswith(CONTROL_PREFIX):
            return Delivery(payload=serve_control(self, self.token, request).encode())
        with self._lock:
            self._received[(request.method, request.path)] += 1
        fault = self._faults.strike(request.method, request.path)
        if fault is None:
            return Delivery(payload=self._process(request).encode())
        return self._misbehave(fault, request)

    def _process(self, request: Request, clock_shift_ms: int = 0) -> Reply:
        with self._lock:
            self._processed[(request.method, request.path)] += 1
            return self._api.answer(request, clock_shift_ms)

    def _misbehave(self, fault: Fault, request: Request) -> Delivery:
        kind = fault.kind
        if kind in _UNPROCESSED:
            return _UNPROCESSED[kind]
        if kind in _REFUSED:
            return Delivery(payload=self._api.failure(kind).encode())
        if kind is FaultKind.DELAY_BEFORE:
            self._closing.wait(fault.seconds)
        shift_ms = round(fault.seconds * 1000) if kind is FaultKind.CLOCK_SKEW else 0
        payload = self._process(request, shift_ms).encode()
        if kind is FaultKind.DELAY_AFTER:
            self._closing.wait(fault.seconds)
        elif kind is FaultKind.HOLD:
            self._holds.hold(self._api.summary(request), fault.seconds)
        elif kind is FaultKind.TRUNCATED:
            # More than the head must arrive, else the client sees an empty reply instead of a broken one.
            cut = (payload.index(b"\r\n\r\n") + 4 + len(payload)) // 2
            return Delivery(payload=payload[:cut], close=True)
        elif kind is FaultKind.UNKNOWN_STATUS:
            return Delivery(payload=self._api.failure(kind).encode())
        return _REPLACED.get(kind, Delivery(payload=payload))


_UNPROCESSED = {
    FaultKind.RESET_BEFORE: Delivery(reset=True),
    FaultKind.HTML_404: Delivery(payload=html_reply(404).encode()),
    FaultKind.HTML_502: Delivery(payload=html_reply(502).encode()),
    FaultKind.HTML_503: Delivery(payload=html_reply(503).encode()),
}
"""Sent instead of doing anything."""

_REFUSED = frozenset(
    {
        FaultKind.RATE_LIMITED,
        FaultKind.BANNED,
        FaultKind.OTHER_ADDRESS,
        FaultKind.OVERLOADED,
        FaultKind.MAINTENANCE,
    }
)
"""Answered in the exchange's own words instead of doing anything."""

_REPLACED = {
    FaultKind.RESET_AFTER: Delivery(reset=True),
    FaultKind.PLAIN_OK: Delivery(payload=Reply(body=b"OK", content_type="text/plain").encode()),
}
"""Sent instead of the true reply, after the work is done."""
