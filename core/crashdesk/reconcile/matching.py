"""Which order of the recovered state is which order on the exchange."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

import msgspec

from crashdesk.exchange.records import Coverage, ExchangeOrder, Namespace, ScopeKind
from crashdesk.state import OPEN_STATUSES, OrderState, OrderType

CONDITIONAL_TYPES = frozenset(
    {
        OrderType.STOP,
        OrderType.STOP_LIMIT,
        OrderType.TAKE_PROFIT,
        OrderType.TAKE_PROFIT_LIMIT,
        OrderType.TRAILING_STOP,
    }
)


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A known order and its live one; `contradiction` says why it cannot be certain."""

    known: OrderState
    live: ExchangeOrder
    contradiction: str = ""


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """Every record exactly once: in a pair, or alone on its side."""

    pairs: tuple[Pair, ...]
    known_alone: tuple[OrderState, ...]
    live_alone: tuple[ExchangeOrder, ...]


def likely_namespace(order: OrderState, coverage: Coverage) -> Namespace:
    """Where the exchange keeps an order of this type, as far as its scopes tell."""
    has_conditional = any(reading.scope.kind is ScopeKind.CONDITIONAL_ORDERS for reading in coverage.readings)
    return Namespace.CONDITIONAL if has_conditional and order.order_type in CONDITIONAL_TYPES else Namespace.NORMAL


def pair_orders(known: Sequence[OrderState], live: Sequence[ExchangeOrder], coverage: Coverage) -> Pairing:
    """Pair by exchange id (in the likely namespace first), then by client order id.

    Independent of the records' order; linear in their number, but for sorting.
    """
    listed = _without_repeats(live)
    by_id: dict[tuple[str, str], list[ExchangeOrder]] = defaultdict(list)
    by_client: dict[tuple[str, str], list[ExchangeOrder]] = defaultdict(list)
    for order in listed:
        by_id[order.symbol, order.id].append(order)
        # One that is over says nothing of another with the same client order id: it may be what that one replaced.
        if order.client_order_id and order.status in OPEN_STATUSES:
            by_client[order.symbol, order.client_order_id].append(order)
    pairs: list[Pair] = []
    taken: set[str] = set()

    def take(pair: Pair | None) -> bool:
        if pair is None or pair.live.key in taken:
            return False
        taken.add(pair.live.key)
        pairs.append(pair)
        return True

    # Every exact id before any client order id: a replaced order leaves its client order id to its successor.
    rest = [
        record
        for record in sorted(known, key=lambda record: (record.symbol, record.id, record.client_order_id))
        if not (record.id and take(_pair_by_id(record, by_id.get((record.symbol, record.id), []), coverage)))
    ]
    alone = [
        record
        for record in rest
        if not take(_pair_by_client(record, by_client.get((record.symbol, record.client_order_id), []), taken))
    ]
    return Pairing(
        pairs=tuple(pairs),
        known_alone=tuple(alone),
        live_alone=tuple(order for order in listed if order.key not in taken),
    )


def _without_repeats(orders: Sequence[ExchangeOrder]) -> list[ExchangeOrder]:
    """One record an order, by key: an order that moved between two pages is listed twice; the furthest filled one counts."""
    latest: dict[str, ExchangeOrder] = {}
    for order in orders:
        seen = latest.get(order.key)
        if seen is None or _progress(order) > _progress(seen):
            latest[order.key] = order
    return [latest[key] for key in sorted(latest)]


def _progress(order: ExchangeOrder) -> tuple[Decimal, int, str]:
    # The text decides between two that are as far, so that it does not matter which was listed first.
    return order.filled or Decimal(0), order.updated_at or 0, repr(order)


def _pair_by_id(record: OrderState, candidates: list[ExchangeOrder], coverage: Coverage) -> Pair | None:
    namespace = likely_namespace(record, coverage)
    same_namespace = [order for order in candidates if order.namespace is namespace]
    silent = [order for order in same_namespace if not record.client_order_id or not order.client_order_id]
    # In the other namespace the same id means another order, unless the client order id says that it is this one.
    confirmed = [
        order for order in candidates if record.client_order_id and order.client_order_id == record.client_order_id
    ]
    confirmed.sort(key=lambda order: order.namespace is not namespace)
    agreeing = confirmed + silent
    if agreeing:
        return Pair(known=record, live=agreeing[0])
    if same_namespace:
        order = same_namespace[0]
        return Pair(
            known=record,
            live=order,
            contradiction=f"the id is the same, but the client order id is {order.client_order_id!r} "
            f"instead of {record.client_order_id!r}",
        )
    return None


def _pair_by_client(record: OrderState, candidates: list[ExchangeOrder], taken: Collection[str]) -> Pair | None:
    order = next((order for order in candidates if order.key not in taken), None)
    if order is None:
        return None
    if len(candidates) > 1:
        return Pair(
            known=record,
            live=order,
            contradiction=f"{len(candidates)} open orders carry the client order id {record.client_order_id!r}",
        )
    return Pair(known=record, live=order)
