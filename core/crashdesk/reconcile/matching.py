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


class Pair(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A known order and its live one; `contradiction` says why it cannot be certain.

    `renamed` when they have only the client order id in common: the exchange may have replaced the order under a new id, or
    the client order id may have been used a second time.
    """

    known: OrderState
    live: ExchangeOrder
    contradiction: str = ""
    renamed: bool = False


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """Every record exactly once: in a pair, or alone on its side."""

    pairs: tuple[Pair, ...]
    known_alone: tuple[OrderState, ...]
    live_alone: tuple[ExchangeOrder, ...]


class Namespaces:
    """Where the exchange keeps orders of each type, as far as its scopes tell."""

    def __init__(self, coverage: Coverage) -> None:
        has_conditional = any(reading.scope.kind is ScopeKind.CONDITIONAL_ORDERS for reading in coverage.readings)
        self._conditional = CONDITIONAL_TYPES if has_conditional else frozenset[OrderType]()
        self._coverage = coverage
        self._covered: dict[tuple[Namespace, str], bool] = {}

    def likely(self, kind: OrderType) -> Namespace:
        """The namespace of orders of this type."""
        return Namespace.CONDITIONAL if kind in self._conditional else Namespace.NORMAL

    def covered(self, order: OrderState) -> bool:
        """Whether every scope was read that could hold the order."""
        place = (self.likely(order.order_type), order.symbol)
        if place not in self._covered:
            conditional = place[0] is Namespace.CONDITIONAL
            kind = ScopeKind.CONDITIONAL_ORDERS if conditional else ScopeKind.ORDERS
            self._covered[place] = self._coverage.covers(kind, order.symbol)
        return self._covered[place]


def pair_orders(known: Sequence[OrderState], live: Sequence[ExchangeOrder], coverage: Coverage) -> Pairing:
    """Pair by exchange id (in the likely namespace first), then by client order id.

    Independent of the records' order; linear in their number, but for sorting what is not the same by its id.
    """
    namespaces = Namespaces(coverage)
    pairs, known_rest, live_rest = _plain_pairs(known, live, namespaces)
    if not known_rest and not live_rest:
        return Pairing(pairs=tuple(pairs), known_alone=(), live_alone=())
    return _pair_rest(pairs, known_rest, _without_repeats(live_rest), namespaces)


def _plain_pairs(
    known: Sequence[OrderState], live: Sequence[ExchangeOrder], namespaces: Namespaces
) -> tuple[list[Pair], Sequence[OrderState], Sequence[ExchangeOrder]]:
    """The orders that nothing can be confused with: an id that each side has once, and no word against it. And the rest."""
    by_id = {(order.symbol, order.id): order for order in live}
    if len(by_id) != len(live) or len({(record.symbol, record.id) for record in known}) != len(known):
        return [], known, live
    pairs: list[Pair] = []
    rest: list[OrderState] = []
    for record in known:
        key = (record.symbol, record.id)
        order = by_id.get(key) if record.id else None
        if (
            order is not None
            and order.namespace is namespaces.likely(record.order_type)
            and (
                order.client_order_id == record.client_order_id
                or not order.client_order_id
                or not record.client_order_id
            )
        ):
            pairs.append(Pair(known=record, live=order))
            del by_id[key]
        else:
            rest.append(record)
    return pairs, rest, list(by_id.values())


def _pair_rest(
    pairs: list[Pair], known: Sequence[OrderState], listed: Sequence[ExchangeOrder], namespaces: Namespaces
) -> Pairing:
    by_id: dict[tuple[str, str], list[ExchangeOrder]] = defaultdict(list)
    by_client: dict[tuple[str, str], list[ExchangeOrder]] = defaultdict(list)
    for order in listed:
        by_id[order.symbol, order.id].append(order)
        # One that is over says nothing of another with the same client order id: it may be what that one replaced.
        if order.client_order_id and order.status in OPEN_STATUSES:
            by_client[order.symbol, order.client_order_id].append(order)
    taken: set[str] = set()
    wanted = {(record.symbol, record.client_order_id) for record in known if record.client_order_id}
    for pair in pairs if wanted else ():
        # Found by its id, and still one of those that carry this client order id.
        client = (pair.live.symbol, pair.live.client_order_id)
        if client in wanted and pair.live.status in OPEN_STATUSES:
            by_client[client].append(pair.live)
            taken.add(pair.live.key)

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
        if not (record.id and take(_pair_by_id(record, by_id.get((record.symbol, record.id), []), namespaces)))
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


def _pair_by_id(record: OrderState, candidates: list[ExchangeOrder], namespaces: Namespaces) -> Pair | None:
    namespace = namespaces.likely(record.order_type)
    same_namespace = [order for order in candidates if order.namespace is namespace]
    silent = [order for order in same_namespace if not record.client_order_id or not order.client_order_id]
    # In the other namespace the same id means another order, unless the client order id says that it is this one.
    confirmed = [
        order for order in candidates if record.client_order_id and order.client_order_id == record.client_order_id
    ]
    confirmed.sort(key=lambda order: (order.status not in OPEN_STATUSES, order.namespace is not namespace))
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
    if order.side is not record.side:
        return Pair(
            known=record,
            live=order,
            contradiction=f"order {order.id} carries the same client order id, and is to {order.side.value}",
        )
    return Pair(known=record, live=order, renamed=bool(record.id))
