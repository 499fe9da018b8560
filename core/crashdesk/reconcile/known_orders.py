"""The verdict on orders that the state knows: as they were, changed, ended, or not to be told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crashdesk.contracts import Contract, amount_text, plain
from crashdesk.exchange.records import ExchangeOrder, ExchangeSnapshot, LookupStatus, OrderLookup
from crashdesk.reconcile.fills import fill_facts
from crashdesk.reconcile.matching import Namespaces, Pair
from crashdesk.reconcile.order_changes import changes, same
from crashdesk.reconcile.order_context import OrderContext
from crashdesk.reconcile.ownership import too_young
from crashdesk.reconcile.records import Evidence, OrderVerdict, OrderVerdictKind, Source, fact
from crashdesk.reconcile.rules import Rules
from crashdesk.state import OPEN_STATUSES, OrderState, OrderStatus, SystemState

Lookups = Mapping[tuple[str, str, str], OrderLookup]


def lookup_of(order: OrderState, lookups: Lookups) -> OrderLookup | None:
    """The targeted read of a known order, None where there was none."""
    return lookups.get((order.symbol, order.id, order.client_order_id))


class KnownOrders:
    """Judges the orders of one state by what one snapshot tells of them."""

    def __init__(
        self, state: SystemState, snapshot: ExchangeSnapshot, rules: Rules, lookups: Lookups, context: OrderContext
    ) -> None:
        self._namespaces = Namespaces(snapshot.coverage)
        self._state_time = state.timestamp
        self._rules = rules
        self._lookups = lookups
        self._context = context

    def paired(self, pair: Pair) -> OrderVerdict:
        """The verdict on an order that both sides have."""
        known, live = pair.known, pair.live
        if pair.contradiction:
            kind = OrderVerdictKind.AMBIGUOUS
            facts: tuple[Evidence, ...] = (
                fact(Source.EXCHANGE, "It contradicts itself: {what}.", what=pair.contradiction),
            )
        elif live.status not in OPEN_STATUSES:
            return self._ended_in_list(pair)
        elif same(known, live):
            kind, facts = OrderVerdictKind.MATCHED, ()
        else:
            kind, facts = OrderVerdictKind.DRIFTED, (*self._replaced(pair), *changes(known, live, live.updated_at))
        protection = self._context.protections.of(live)
        return OrderVerdict(
            kind=kind,
            known=known,
            live=live,
            facts=(*protection.facts, *facts) if protection.facts else facts,
            known_at=self._state_time,
            seen_at=self._context.seen_at,
            protective=bool(protection.how),
            protects=protection.how,
            contract=self._context.contract(live.symbol),
        )

    def alone(self, order: OrderState) -> OrderVerdict:
        """The verdict on a known order that no list shows."""
        read_at = self._context.seen_at
        if not self._namespaces.covered(order):
            unread = "The scope that holds such orders was not read, so it may still be open."
            return self._unknown(order, fact(Source.EXCHANGE, unread, read_at))
        absent = fact(Source.EXCHANGE, "It is not among the open orders, which were read completely.", read_at)
        lookup = self._lookup(order)
        if lookup is None:
            never = "The exchange was not asked about this order alone, so what became of it is not known."
            return self._unknown(order, absent, fact(Source.EXCHANGE, never))
        kind, live = _fate(order, lookup)
        facts = [absent, *fill_facts(lookup), _told(lookup, kind, self._context.contract(order.symbol))]
        if kind is OrderVerdictKind.MISSING_UNPROVEN:
            young = too_young(order.created_at, self._rules)
            if young is not None:
                facts.append(young)
                kind = OrderVerdictKind.UNKNOWN
        if live is not None and live.status in OPEN_STATUSES:
            facts += changes(order, live, lookup.read_at)
        return OrderVerdict(
            kind=kind,
            known=order,
            live=live,
            facts=tuple(facts),
            known_at=self._state_time,
            contract=self._context.contract(order.symbol),
        )

    def _unknown(self, order: OrderState, *facts: Evidence) -> OrderVerdict:
        return OrderVerdict(
            kind=OrderVerdictKind.UNKNOWN,
            known=order,
            live=None,
            facts=facts,
            known_at=self._state_time,
            contract=self._context.contract(order.symbol),
        )

    def _ended_in_list(self, pair: Pair) -> OrderVerdict:
        """It ended while the list was made: the list itself says how."""
        ended = OrderLookup(
            ref=pair.live.ref, status=LookupStatus.FOUND, order=pair.live, read_at=self._context.seen_at
        )
        kind, _ = _fate(pair.known, ended)
        return OrderVerdict(
            kind=kind,
            known=pair.known,
            live=pair.live,
            facts=(_told(ended, kind, self._context.contract(pair.live.symbol)),),
            known_at=self._state_time,
            contract=self._context.contract(pair.live.symbol),
        )

    def _replaced(self, pair: Pair) -> tuple[Evidence, ...]:
        """What is known of the order that the exchange replaced by this one."""
        if not pair.renamed:
            return ()
        lookup = self._lookup(pair.known)
        if lookup is not None and lookup.goes_on_as is not None:
            fired = "The trigger of order {old} fired: it placed order {new}."
            return (fact(Source.EXCHANGE, fired, lookup.read_at, old=pair.known.id, new=pair.live.id),)
        fate = "no longer there" if lookup is None or lookup.order is None else lookup.order.status.value
        template = "Order {old} is {fate}; order {new} carries its client order id {client_id}."
        values = {"old": pair.known.id, "fate": fate, "new": pair.live.id, "client_id": pair.live.client_order_id}
        return (fact(Source.EXCHANGE, template, lookup.read_at if lookup else None, **values),)

    def _lookup(self, order: OrderState) -> OrderLookup | None:
        return lookup_of(order, self._lookups)


def _fate(order: OrderState, lookup: OrderLookup) -> tuple[OrderVerdictKind, ExchangeOrder | None]:
    if lookup.status is LookupStatus.ABSENT:
        return OrderVerdictKind.MISSING_UNPROVEN, None
    if lookup.status is LookupStatus.UNKNOWN or lookup.order is None:
        return OrderVerdictKind.UNKNOWN, None
    live = lookup.order
    if live.status is OrderStatus.FILLED:
        return OrderVerdictKind.FILLED_WHILE_DOWN, live
    if live.status in OPEN_STATUSES:
        return (OrderVerdictKind.MATCHED if same(order, live) else OrderVerdictKind.DRIFTED), live
    return OrderVerdictKind.CLOSED_WHILE_DOWN, live


def _told(lookup: OrderLookup, kind: OrderVerdictKind, contract: Contract | None) -> Evidence:
    live = lookup.order
    if kind is OrderVerdictKind.UNKNOWN:
        return fact(
            Source.EXCHANGE,
            "Asked about this order alone, the exchange gave no answer: {reason}",
            lookup.read_at,
            reason=lookup.reason,
        )
    if live is None:
        return fact(
            Source.EXCHANGE,
            "Asked about this order alone, the exchange says that there is none; exchanges forget old closed orders.",
            lookup.read_at,
        )
    if kind is OrderVerdictKind.FILLED_WHILE_DOWN:
        return fact(
            Source.EXCHANGE,
            "Asked about this order alone, the exchange says: filled, {filled} of {amount} at {average}.",
            live.updated_at or lookup.read_at,
            filled=_plain(live.filled),
            amount=_plain_amount(live.amount, contract),
            average=_plain(live.average if live.average is not None else live.price),
        )
    return fact(
        Source.EXCHANGE,
        "Asked about this order alone, the exchange says: {status}, {filled} of {amount} filled.",
        live.updated_at or lookup.read_at,
        status=live.status.value.replace("_", " "),
        filled=_plain(live.filled),
        amount=_plain_amount(live.amount, contract),
    )


def _plain(value: Decimal | None) -> str:
    return "unstated" if value is None else str(plain(value))


def _plain_amount(value: Decimal | None, contract: Contract | None) -> str:
    return "unstated" if value is None else amount_text(plain(value), contract)
