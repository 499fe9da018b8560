"""The verdict on each order."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crashdesk.exchange.records import ExchangeOrder, ExchangeSnapshot, LookupStatus, OrderLookup, OrderRef
from crashdesk.reconcile.intents import LateArrival
from crashdesk.reconcile.known_orders import KnownOrders, Lookups, lookup_of
from crashdesk.reconcile.matching import Namespaces, Pair, Pairing, pair_orders
from crashdesk.reconcile.order_context import OrderContext, protections_of
from crashdesk.reconcile.protection import Protections
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind, Source, fact, known_ref
from crashdesk.reconcile.renamed_orders import RenamedOrders
from crashdesk.reconcile.rules import Rules
from crashdesk.reconcile.strangers import Strangers
from crashdesk.state import OPEN_STATUSES, OrderState, OrderStatus, SystemState
from crashdesk.storage.journal_records import JournalView


def orders_to_look_up(state: SystemState, snapshot: ExchangeSnapshot) -> list[OrderRef]:
    """The known orders that want a targeted read before their verdict.

    They are absent from scopes that were read, or another order carries their client order id. One without any id cannot be
    asked for.
    """
    pairing = pair_orders(state.open_orders, snapshot.orders, snapshot.coverage)
    namespaces = Namespaces(snapshot.coverage)
    wanted = [
        order for order in pairing.known_alone if (order.id or order.client_order_id) and namespaces.covered(order)
    ]
    wanted += [pair.known for pair in pairing.pairs if pair.renamed]
    return [known_ref(order, namespaces.likely(order.order_type)) for order in wanted]


def orders_unaccounted(state: SystemState, snapshot: ExchangeSnapshot) -> tuple[ExchangeOrder, ...]:
    """The listed orders that the state does not know: whose they are is a question to the journal."""
    pairing = pair_orders(state.open_orders, snapshot.orders, snapshot.coverage)
    # A renamed one may turn out to be another order.
    return (*pairing.live_alone, *(pair.live for pair in pairing.pairs if pair.renamed))


def judge_orders(
    state: SystemState,
    journal: JournalView,
    snapshot: ExchangeSnapshot,
    rules: Rules,
    late: Sequence[LateArrival] = (),
    protections: Protections | None = None,
) -> tuple[OrderVerdict, ...]:
    """One verdict for each order of the state and of the exchange; `late` are orders that only an intent led to.

    `protections` are the snapshot's, where somebody has them already.
    """
    lookups = {(lookup.ref.symbol, lookup.ref.id, lookup.ref.client_order_id): lookup for lookup in snapshot.lookups}
    pairing = _settled(pair_orders(state.open_orders, snapshot.orders, snapshot.coverage), lookups)
    context = OrderContext(snapshot, protections or protections_of(snapshot))
    known_orders = KnownOrders(state, snapshot, rules, lookups, context)
    verdicts = [known_orders.paired(pair) for pair in pairing.pairs]
    told = {pair.live.key for pair in pairing.pairs} if pairing.known_alone or pairing.live_alone or late else set()
    for known in pairing.known_alone:
        verdict = known_orders.alone(known)
        if verdict.live is not None and verdict.live.key in told:
            verdict = _told_twice(verdict)
        elif verdict.live is not None:
            told.add(verdict.live.key)
        verdicts.append(verdict)
    listed = {market.symbol for market in snapshot.markets}
    strangers = Strangers(journal, context, rules, RenamedOrders(pairing.known_alone, listed))
    arrived = {arrival.order.key: arrival for arrival in late}
    listed = {order.key for order in pairing.live_alone}
    unlisted = [arrival.order for key, arrival in sorted(arrived.items()) if key not in listed]
    for order in (*pairing.live_alone, *unlisted):
        # Otherwise it ended while the list was made, or a record of the state turned out to be it.
        if order.status in OPEN_STATUSES and order.key not in told:
            verdicts.append(strangers.judge(order, None if order.key in listed else arrived[order.key]))
    return _in_order(verdicts)


def _in_order(verdicts: Sequence[OrderVerdict]) -> tuple[OrderVerdict, ...]:
    """By kind, then by the orders' identity."""
    groups: dict[OrderVerdictKind, list[OrderVerdict]] = {kind: [] for kind in OrderVerdictKind}
    for verdict in verdicts:
        groups[verdict.kind].append(verdict)
    return tuple(verdict for group in groups.values() for verdict in sorted(group, key=_place))


def _place(verdict: OrderVerdict) -> str:
    return verdict.key


def _settled(pairing: Pairing, lookups: Lookups) -> Pairing:
    """The pairing after the known orders were asked for by themselves.

    Replaced orders are over without being filled; where the old one filled or still rests, the client order id was used twice.
    A record without an id may turn out to be an order that the lists show without its client order id. A conditional order
    whose trigger fired goes on as the order that it placed, whatever client order id that one carries.
    """
    pairs: list[Pair] = []
    known_alone: list[OrderState] = []
    alone = {order.key: order for order in pairing.live_alone}
    for pair in pairing.pairs:
        if not pair.renamed:
            pairs.append(pair)
            continue
        lookup = lookup_of(pair.known, lookups)
        if lookup is not None and _is_replaced(lookup):
            pairs.append(pair)
        elif lookup is not None and lookup.status is LookupStatus.FOUND and lookup.order is not None:
            known_alone.append(pair.known)
            alone[pair.live.key] = pair.live
        else:
            reason = f"order {pair.live.id} carries the client order id {pair.known.client_order_id!r}"
            reason += f", and order {pair.known.id} could not be read by itself"
            pairs.append(msgspec.structs.replace(pair, contradiction=reason))
    for known in pairing.known_alone:
        lookup = lookup_of(known, lookups)
        told = lookup.order if lookup is not None else None
        listed = alone.get(told.key) if told is not None and told.status in OPEN_STATUSES else None
        placed = lookup.goes_on_as if lookup is not None else None
        if placed is not None and placed.key in alone:
            pairs.append(Pair(known=known, live=alone.pop(placed.key), renamed=True))
        elif listed is not None:
            pairs.append(Pair(known=known, live=alone.pop(listed.key)))
        else:
            known_alone.append(known)
    return Pairing(
        pairs=tuple(pairs), known_alone=tuple(known_alone), live_alone=tuple(alone[key] for key in sorted(alone))
    )


def _is_replaced(lookup: OrderLookup) -> bool:
    if lookup.status is LookupStatus.ABSENT:
        return True
    ended = lookup.order
    return ended is not None and ended.status not in OPEN_STATUSES and ended.status is not OrderStatus.FILLED


def _told_twice(verdict: OrderVerdict) -> OrderVerdict:
    """Two records of the state cannot be the same order: this one has to wait for somebody who can tell."""
    assert verdict.live is not None
    note = fact(Source.RULE, "Another record of the state is order {id} already.", id=verdict.live.id)
    return msgspec.structs.replace(verdict, kind=OrderVerdictKind.AMBIGUOUS, live=None, facts=(*verdict.facts, note))
