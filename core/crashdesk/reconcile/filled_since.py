"""How much of an order filled since the compared state was true: one rule for every place that says it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crashdesk.exact import difference, total
from crashdesk.exchange.records import ExchangeOrder, ExchangeSnapshot, Trade
from crashdesk.state import OrderState, SystemState


def known_on_the_exchange(state: SystemState, snapshot: ExchangeSnapshot) -> int | None:
    """When `state` was true, by the exchange's clock (UNIX nanoseconds).

    None where its own time is yet to come: then the clock was set back, and nobody can tell what is older and what is younger.
    """
    if state.timestamp > snapshot.finished_at:
        return None
    return state.timestamp + (snapshot.clock_offset_ns or 0)


def filled_since(
    known: OrderState | None, live: ExchangeOrder, known_at: int | None, trades: Sequence[Trade] | None = None
) -> Decimal | None:
    """How much of `live` filled since `known_at` (UNIX nanoseconds by the exchange's clock); None where nobody can tell.

    What filled of an order that the state does not know is news only where the order is younger, or its `trades` tell when it
    filled: of an older one, it may be in the state already. A `known` one that goes on under a new id may count its fills anew.
    """
    if live.filled is None:
        return None
    if known is None:
        return _of_unknown(live.filled, live.created_at, known_at, trades)
    if live.filled < known.filled_quantity or (known.id and known.id != live.id):
        return None
    return difference(live.filled, known.filled_quantity)


def _of_unknown(
    filled: Decimal, created_at: int | None, known_at: int | None, trades: Sequence[Trade] | None
) -> Decimal | None:
    if not filled:
        return filled
    if known_at is None:
        return None
    if created_at is not None and created_at >= known_at:
        return filled
    told = [(each.at, each.amount) for each in trades or () if each.at is not None]
    # Exchanges forget trades, and send them late: what does not add up proves nothing.
    if total(amount for _, amount in told) != filled:
        return None
    return total(amount for at, amount in told if at >= known_at)
