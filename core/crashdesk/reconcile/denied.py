"""Whether an account denies all that the state knows: then it may be another one than the store's. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crashdesk.exchange.records import ExchangeSnapshot, LookupStatus, ScopeKind
from crashdesk.reconcile.legs import Leg, known_legs, live_legs, placed_holdings
from crashdesk.reconcile.matching import CONDITIONAL_TYPES, pair_orders
from crashdesk.reconcile.records import OrderVerdictKind, Plan
from crashdesk.state import OrderState, PositionState, SystemState

MEMORY_NS = 2 * 3600 * 1_000_000_000
"""How long the most forgetful exchange (OKX) can be asked for an order that was cancelled without a fill."""
_FORGOTTEN_AFTER_NS = 24 * MEMORY_NS
"""Others count from when an order was placed: Binance forgets one that was cancelled without a fill three days later. A day
less."""
_COUNT_FROM_PLACING = frozenset({"binance", "binanceusdm", "binancecoinm"})
"""Those that are known to remember every order for that long, so that who comes hours after the crash is warned, too."""
_LEAST_RECORDS = 2
"""One order that an exchange denies is a matter of that order."""


def denied_entirely(state: SystemState, snapshot: ExchangeSnapshot) -> str:
    """Why the account may be another one than that of `state`.

    Empty when something of it was found or was not read, or when it is so old that an exchange may have forgotten it.
    Orders end and positions are closed, but an exchange remembers an order for a while after it ended: one that denies every
    order which rested a moment ago, and holds none of the positions, never had them. The names that accounts have here are no
    proof, since keys of two accounts of one exchange look alike.
    """
    orders, legs = state.open_orders, known_legs(state.positions)
    # The bot's clock and the exchange's differ by less than the day that is left.
    young = [order for order in orders if snapshot.started_at - order.created_at < _FORGOTTEN_AFTER_NS]
    few = not young or len(young) + len(legs) < _LEAST_RECORDS
    if few or snapshot.started_at - state.timestamp > _memory_ns(snapshot.exchange, young):
        return ""
    if not (_orders_denied(state, snapshot) and _positions_denied(legs, snapshot)):
        return ""
    return (
        "the exchange has never heard of any open order of the last known state, and none of its positions is held: the "
        "account that was opened may be another one than the store's; look whether the keys are those of the right account"
    )


def _memory_ns(exchange: str, young: Sequence[OrderState]) -> int:
    """How long after they were known that exchange surely remembers one of these orders."""
    plain = any(order.order_type not in CONDITIONAL_TYPES for order in young)
    return _FORGOTTEN_AFTER_NS if exchange in _COUNT_FROM_PLACING and plain else MEMORY_NS


def at_stake(plan: Plan) -> int:
    """How many orders and positions that are known a recovery would give up: the number that an operator has to type."""
    orders, positions = plan.orders, plan.positions
    return sum(each.known is not None for each in orders) + sum(each.known is not None for each in positions)


def denies_orders(plan: Plan) -> bool:
    """Whether a doubted account denies the known orders; else positions are gone, and nothing proves who closed them."""
    known = [each for each in plan.orders if each.known is not None]
    return bool(known) and all(each.kind is OrderVerdictKind.MISSING_UNPROVEN for each in known)


def _orders_denied(state: SystemState, snapshot: ExchangeSnapshot) -> bool:
    denied = {
        (lookup.ref.symbol, lookup.ref.id, lookup.ref.client_order_id)
        for lookup in snapshot.lookups
        if lookup.status is LookupStatus.ABSENT
    }
    orders = state.open_orders
    if any((order.symbol, order.id, order.client_order_id) not in denied for order in orders):
        return False
    # One that goes on under a new id is denied under its old one.
    return not pair_orders(orders, snapshot.orders, snapshot.coverage).pairs


def _positions_denied(legs: Mapping[Leg, PositionState], snapshot: ExchangeSnapshot) -> bool:
    if any(not snapshot.coverage.covers(ScopeKind.POSITIONS, symbol) for symbol, _ in legs):
        return False
    holdings = placed_holdings(snapshot.positions, legs)
    return not holdings.undivided and legs.keys().isdisjoint(live_legs(holdings.rows))
