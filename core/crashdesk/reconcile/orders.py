"""The verdict on each order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import Contract, amount_text, contract_of, plain
from crashdesk.exchange.records import (
    ExchangeOrder,
    ExchangeSnapshot,
    LookupStatus,
    OrderLookup,
    OrderRef,
)
from crashdesk.reconcile.dismissals import changed_since_left, left_evidence
from crashdesk.reconcile.evidence import seen_open
from crashdesk.reconcile.fills import fill_facts
from crashdesk.reconcile.intents import LateArrival
from crashdesk.reconcile.matching import Namespaces, Pair, Pairing, pair_orders
from crashdesk.reconcile.ownership import index_intents, other_prefix, owner, too_young
from crashdesk.reconcile.pricing import Pricing
from crashdesk.reconcile.protection import Protections
from crashdesk.reconcile.records import Evidence, OrderVerdict, OrderVerdictKind, Source, fact, known_ref
from crashdesk.reconcile.rules import Rules
from crashdesk.state import OPEN_STATUSES, OrderState, OrderStatus, SystemState
from crashdesk.storage.journal_records import JournalView

_Lookups = Mapping[tuple[str, str, str], OrderLookup]


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
    desk = _Desk(state, snapshot, rules, lookups, protections or protections_of(snapshot))
    verdicts = [desk.paired(pair) for pair in pairing.pairs]
    told = {pair.live.key for pair in pairing.pairs} if pairing.known_alone or pairing.live_alone or late else set()
    for known in pairing.known_alone:
        verdict = desk.known_alone(known)
        if verdict.live is not None and verdict.live.key in told:
            verdict = _told_twice(verdict)
        elif verdict.live is not None:
            told.add(verdict.live.key)
        verdicts.append(verdict)
    strangers = _Strangers(journal, desk, rules)
    arrived = {arrival.order.key: arrival for arrival in late}
    listed = {order.key for order in pairing.live_alone}
    unlisted = [arrival.order for key, arrival in sorted(arrived.items()) if key not in listed]
    for order in (*pairing.live_alone, *unlisted):
        # Otherwise it ended while the list was made, or a record of the state turned out to be it.
        if order.status in OPEN_STATUSES and order.key not in told:
            verdicts.append(strangers.judge(order, None if order.key in listed else arrived[order.key]))
    return _in_order(verdicts)


# What the bot put into a lost journal may have been this very order: then it is no orphan.
_MAY_BE_KNOWN = fact(Source.JOURNAL, "What the bot noted last may be missing: it may well have known this order.")


def protections_of(snapshot: ExchangeSnapshot) -> Protections:
    """Which of a snapshot's orders protect, and what."""
    markets = {market.symbol: market for market in snapshot.markets}
    return Protections(snapshot.orders, snapshot.positions, snapshot.coverage, markets)


class _Strangers:
    """Judges the orders that the state does not know: whose they are, and what was decided on them before."""

    def __init__(self, journal: JournalView, desk: _Desk, rules: Rules) -> None:
        self._intents = index_intents(journal)
        self._dismissed = {dismissal.order_key: dismissal for dismissal in journal.dismissals}
        self._left_as = {terms.order_key: terms for terms in journal.left}
        self._journal_problem = journal.problem
        self._desk = desk
        self._rules = rules

    def judge(self, order: ExchangeOrder, arrival: LateArrival | None) -> OrderVerdict:
        """The verdict on one of them; `arrival` when no list shows it."""
        contract = self._desk.contract(order.symbol)
        kind, evidence = owner(order, self._intents, self._rules, contract)
        if kind is OrderVerdictKind.OWN_ORPHAN and self._journal_problem:
            evidence += (_MAY_BE_KNOWN,)
        left = self._dismissed.get(order.key)
        changes = changed_since_left(order, self._left_as.get(order.key)) if left is not None else ""
        if left is not None:
            evidence += (left_evidence(left, changes),)
        seen = [seen_open(order, self._desk.seen_at if arrival is None else arrival.read_at, contract)]
        seen += [] if arrival is None else [arrival.evidence]
        protection = self._desk.protections.of(order)
        notional, distance = self._desk.pricing.of(order)
        return OrderVerdict(
            kind=kind,
            known=None,
            live=order,
            facts=(_absent_from_state(self._rules), *seen, *evidence, *protection.facts),
            protective=bool(protection.how),
            protects=protection.how,
            preselected=kind is OrderVerdictKind.OWN_ORPHAN
            and not (protection.how or left is not None or self._journal_problem),
            dismissed=(left.note or f"left by {left.who}") if left and not changes else "",
            notional=notional,
            distance=distance,
            contract=contract,
            other_program=other_prefix(order.client_order_id, self._rules),
        )


def _in_order(verdicts: Sequence[OrderVerdict]) -> tuple[OrderVerdict, ...]:
    """By kind, then by the orders' identity."""
    groups: dict[OrderVerdictKind, list[OrderVerdict]] = {kind: [] for kind in OrderVerdictKind}
    for verdict in verdicts:
        groups[verdict.kind].append(verdict)
    return tuple(verdict for group in groups.values() for verdict in sorted(group, key=_place))


def _place(verdict: OrderVerdict) -> str:
    return verdict.key


def _settled(pairing: Pairing, lookups: _Lookups) -> Pairing:
    """The pairing after the known orders were asked for by themselves.

    Replaced orders are over without being filled; where the old one filled or still rests, the client order id was used twice.
    A record without an id may turn out to be an order that the lists show without its client order id.
    """
    pairs: list[Pair] = []
    known_alone: list[OrderState] = []
    alone = {order.key: order for order in pairing.live_alone}
    for pair in pairing.pairs:
        if not pair.renamed:
            pairs.append(pair)
            continue
        lookup = _lookup_of(pair.known, lookups)
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
        lookup = _lookup_of(known, lookups)
        told = lookup.order if lookup is not None else None
        listed = alone.get(told.key) if told is not None and told.status in OPEN_STATUSES else None
        if listed is not None:
            pairs.append(Pair(known=known, live=alone.pop(listed.key)))
        else:
            known_alone.append(known)
    return Pairing(
        pairs=tuple(pairs), known_alone=tuple(known_alone), live_alone=tuple(alone[key] for key in sorted(alone))
    )


def _lookup_of(order: OrderState, lookups: _Lookups) -> OrderLookup | None:
    return lookups.get((order.symbol, order.id, order.client_order_id))


def _is_replaced(lookup: OrderLookup) -> bool:
    if lookup.status is LookupStatus.ABSENT:
        return True
    ended = lookup.order
    return ended is not None and ended.status not in OPEN_STATUSES and ended.status is not OrderStatus.FILLED


class _Desk:
    """What the verdicts on one snapshot have in common."""

    def __init__(
        self,
        state: SystemState,
        snapshot: ExchangeSnapshot,
        rules: Rules,
        lookups: _Lookups,
        protections: Protections,
    ) -> None:
        self.pricing = Pricing(snapshot)
        self._namespaces = Namespaces(snapshot.coverage)
        self.protections = protections
        self._markets = {market.symbol: market for market in snapshot.markets}
        self._contracts: dict[str, Contract | None] = {}
        self._state_time = state.timestamp
        self._snapshot = snapshot
        self.seen_at = snapshot.finished_at
        self._rules = rules
        self._lookups = lookups

    def contract(self, symbol: str) -> Contract | None:
        """What the amounts of a symbol count."""
        if symbol not in self._contracts:
            self._contracts[symbol] = contract_of(symbol, self._markets.get(symbol))
        return self._contracts[symbol]

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
            kind, facts = OrderVerdictKind.DRIFTED, (*self._replaced(pair), *_changes(known, live, live.updated_at))
        protection = self.protections.of(live)
        return OrderVerdict(
            kind=kind,
            known=known,
            live=live,
            facts=(*protection.facts, *facts) if protection.facts else facts,
            known_at=self._state_time,
            seen_at=self.seen_at,
            protective=bool(protection.how),
            protects=protection.how,
            contract=self.contract(live.symbol),
        )

    def known_alone(self, order: OrderState) -> OrderVerdict:
        """The verdict on a known order that no list shows."""
        read_at = self._snapshot.finished_at
        if not self._namespaces.covered(order):
            unread = "The scope that holds such orders was not read, so it may still be open."
            return self._unknown(order, fact(Source.EXCHANGE, unread, read_at))
        absent = fact(Source.EXCHANGE, "It is not among the open orders, which were read completely.", read_at)
        lookup = self._lookup(order)
        if lookup is None:
            never = "The exchange was not asked about this order alone, so what became of it is not known."
            return self._unknown(order, absent, fact(Source.EXCHANGE, never))
        kind, live = _fate(order, lookup)
        facts = [absent, *fill_facts(lookup), _told(lookup, kind, self.contract(order.symbol))]
        if kind is OrderVerdictKind.MISSING_UNPROVEN:
            young = too_young(order.created_at, self._rules)
            if young is not None:
                facts.append(young)
                kind = OrderVerdictKind.UNKNOWN
        if live is not None and live.status in OPEN_STATUSES:
            facts += _changes(order, live, lookup.read_at)
        return OrderVerdict(
            kind=kind,
            known=order,
            live=live,
            facts=tuple(facts),
            known_at=self._state_time,
            contract=self.contract(order.symbol),
        )

    def _unknown(self, order: OrderState, *facts: Evidence) -> OrderVerdict:
        return OrderVerdict(
            kind=OrderVerdictKind.UNKNOWN,
            known=order,
            live=None,
            facts=facts,
            known_at=self._state_time,
            contract=self.contract(order.symbol),
        )

    def _ended_in_list(self, pair: Pair) -> OrderVerdict:
        """It ended while the list was made: the list itself says how."""
        ended = OrderLookup(ref=pair.live.ref, status=LookupStatus.FOUND, order=pair.live, read_at=self.seen_at)
        kind, _ = _fate(pair.known, ended)
        return OrderVerdict(
            kind=kind,
            known=pair.known,
            live=pair.live,
            facts=(_told(ended, kind, self.contract(pair.live.symbol)),),
            known_at=self._state_time,
            contract=self.contract(pair.live.symbol),
        )

    def _replaced(self, pair: Pair) -> tuple[Evidence, ...]:
        """What is known of the order that the exchange replaced by this one."""
        if not pair.renamed:
            return ()
        lookup = self._lookup(pair.known)
        fate = "no longer there" if lookup is None or lookup.order is None else lookup.order.status.value
        template = "Order {old} is {fate}; order {new} carries its client order id {client_id}."
        values = {"old": pair.known.id, "fate": fate, "new": pair.live.id, "client_id": pair.live.client_order_id}
        return (fact(Source.EXCHANGE, template, lookup.read_at if lookup else None, **values),)

    def _lookup(self, order: OrderState) -> OrderLookup | None:
        return _lookup_of(order, self._lookups)


def same(known: OrderState, live: ExchangeOrder) -> bool:
    """Whether `differences` would find none; asked of every order."""
    price = live.price if live.price is not None else live.trigger_price
    return (
        (live.filled is None or known.filled_quantity == live.filled)
        and (price is None or known.price is None or known.price == price)
        and (live.amount is None or known.quantity == live.amount)
        and known.side is live.side
        and (known.id == live.id or not known.id)
    )


def _changes(known: OrderState, live: ExchangeOrder, at: int | None) -> list[Evidence]:
    return [
        fact(Source.EXCHANGE, "{field}: {old} → {new}", at, field=field, old=old, new=new)
        for field, old, new in differences(known, live)
    ]


def differences(known: OrderState, live: ExchangeOrder) -> list[tuple[str, str, str]]:
    """(field, old, new) of what changed; what the exchange does not say is not a change."""
    pairs: Sequence[tuple[str, Decimal | None, Decimal | None]] = (
        ("amount", known.quantity, live.amount),
        ("filled", known.filled_quantity, live.filled),
        # A conditional order's price stands in `price` where the bot keeps its trigger there.
        ("price", known.price, live.price if live.price is not None else live.trigger_price),
    )
    changed = [
        (name, str(old), str(new)) for name, old, new in pairs if old is not None and new is not None and old != new
    ]
    if known.side is not live.side:
        changed.append(("side", known.side.value, live.side.value))
    if known.id != live.id and known.id:
        changed.append(("id", known.id, live.id))
    return changed


def _told_twice(verdict: OrderVerdict) -> OrderVerdict:
    """Two records of the state cannot be the same order: this one has to wait for somebody who can tell."""
    assert verdict.live is not None
    note = fact(Source.RULE, "Another record of the state is order {id} already.", id=verdict.live.id)
    return msgspec.structs.replace(verdict, kind=OrderVerdictKind.AMBIGUOUS, live=None, facts=(*verdict.facts, note))


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


def _absent_from_state(rules: Rules) -> Evidence:
    seq, changes = rules.checkpoint_seq, rules.changes
    if not changes:
        template = "Unknown to the state that was compared." if seq is None else "Unknown to checkpoint {seq}."
    elif seq is None and changes == 1:
        template = "Unknown to the last known state (1 journalled change, no checkpoint)."
    elif seq is None:
        template = "Unknown to the last known state ({changes} journalled changes, no checkpoint)."
    elif changes == 1:
        template = "Unknown to the last known state (checkpoint {seq} and 1 journalled change)."
    else:
        template = "Unknown to the last known state (checkpoint {seq} and {changes} journalled changes)."
    return fact(Source.CHECKPOINT, template, seq=seq, changes=changes)
