"""Whether a stop that is about to be cancelled protects a position that was not there when it was shown."""

from __future__ import annotations

from crashdesk.clock import Clock
from crashdesk.exchange.protocol import Exchange
from crashdesk.exchange.records import ExchangeOrder, PositionsReading, ScopeKind, ScopeStatus
from crashdesk.reconcile.order_context import under_other_markets
from crashdesk.reconcile.protection import guards, may_guard
from crashdesk.reconcile.records import OutcomeKind, Plan

_FRESH_NS = 5_000_000_000
"""So long a reading of the positions counts: a request for each of a hundred stops would cost the limit of requests."""


class Guard:
    """Looks at the positions again where a plan's order could close one, and did not when it was shown."""

    def __init__(self, plan: Plan, exchange: Exchange, clock: Clock) -> None:
        self._shown = tuple(each.live for each in plan.positions if each.live is not None)
        self._symbols = sorted({each.live.symbol for each in plan.orphans if each.live and may_guard(each.live)})
        self._coverage = plan.coverage
        self._exchange = exchange
        self._clock = clock
        self._read_at = 0
        self._reading: PositionsReading | None = None

    def objection(self, order: ExchangeOrder) -> tuple[OutcomeKind, str] | None:
        """Why `order` must not be cancelled now as it was decided, with the kind of that outcome; None for no reason."""
        if not may_guard(order) or guards(order, (*self._shown, *under_other_markets(self._shown, (order.symbol,)))):
            return None
        now = self._positions()
        if guards(order, (*now.positions, *under_other_markets(now.positions, (order.symbol,)))):
            text = (
                "not touched: since it was shown a position was opened that it protects; compare again and decide anew"
            )
            return OutcomeKind.CHANGED, text
        if now.coverage.covers(ScopeKind.POSITIONS, order.symbol):
            return None
        gaps = now.coverage.gaps()
        unlisted = bool(gaps) and all(each.status is ScopeStatus.NOT_SUPPORTED for each in gaps)
        if unlisted and not self._coverage.covers(ScopeKind.POSITIONS, order.symbol):
            return None  # It was shown as what may protect one that nobody can list, and comparing again tells no more.
        reason = next((each.reason for each in gaps if each.reason), "no reason was given")
        text = f"not touched: whether it protects a position by now could not be read ({reason}); compare again"
        return OutcomeKind.UNKNOWN, text

    def _positions(self) -> PositionsReading:
        now = self._clock.now_ns()
        if self._reading is None or not 0 <= now - self._read_at <= _FRESH_NS:
            self._reading, self._read_at = self._exchange.read_positions(self._symbols), now
        return self._reading
