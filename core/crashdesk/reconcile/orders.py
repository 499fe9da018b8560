"""The verdict on each order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from crashdesk.exchange.records import (
    Coverage,
    ExchangeOrder,
    ExchangeSnapshot,
    LookupStatus,
    Market,
    Namespace,
    OrderLookup,
    OrderRef,
    ScopeKind,
)
from crashdesk.reconcile.matching import Pair, likely_namespace, pair_orders
from crashdesk.reconcile.ownership import index_intents, owner, too_young
from crashdesk.reconcile.protection import protects
from crashdesk.reconcile.records import Evidence, OrderVerdict, OrderVerdictKind, Source, fact, known_ref
from crashdesk.reconcile.rules import Rules
from crashdesk.state import OPEN_STATUSES, OrderState, OrderStatus, SystemState
from crashdesk.storage.journal_records import JournalView


def orders_to_look_up(state: SystemState, snapshot: ExchangeSnapshot) -> list[OrderRef]:
    """The known orders that are absent from scopes that were read: each wants a targeted read before its verdict.

    An order without any id cannot be asked for.
    """
    pairing = pair_orders(state.open_orders, snapshot.orders, snapshot.coverage)
    return [
        known_ref(order, likely_namespace(order, snapshot.coverage))
        for order in pairing.known_alone
        if (order.id or order.client_order_id) and _covered(order, snapshot.coverage)
    ]


def judge_orders(
    state: SystemState, journal: JournalView, snapshot: ExchangeSnapshot, rules: Rules
) -> tuple[OrderVerdict, ...]:
    """One verdict for each order of the state and of the exchange."""
    pairing = pair_orders(state.open_orders, snapshot.orders, snapshot.coverage)
    lookups = {(lookup.ref.symbol, lookup.ref.id, lookup.ref.client_order_id): lookup for lookup in snapshot.lookups}
    intents = index_intents(journal)
    dismissed = {dismissal.order_key: dismissal for dismissal in journal.dismissals}
    verdicts = [_paired(pair, state.timestamp, snapshot) for pair in pairing.pairs]
    paired = {pair.live.key for pair in pairing.pairs}
    for known in pairing.known_alone:
        lookup = lookups.get((known.symbol, known.id, known.client_order_id))
        verdict = _known_alone(known, lookup, state.timestamp, snapshot, rules)
        verdicts.append(_told_twice(verdict) if verdict.live is not None and verdict.live.key in paired else verdict)
    for order in pairing.live_alone:
        if order.status not in OPEN_STATUSES:
            continue  # it ended while the list was made: nothing of it is left to decide
        kind, evidence = owner(order, intents, rules)
        left = dismissed.get(order.key)
        if left is not None:
            note = f": {left.note}" if left.note else ""
            evidence += (fact(Source.JOURNAL, "{who} decided to leave it{note}.", left.at, who=left.who, note=note),)
        protection = protects(order, snapshot.positions, snapshot.coverage)
        verdicts.append(
            OrderVerdict(
                kind=kind,
                known=None,
                live=order,
                evidence=(_absent_from_state(rules), _seen(order, snapshot), *evidence, *_protection(protection)),
                protective=bool(protection),
                protects=protection,
                preselected=kind is OrderVerdictKind.OWN_ORPHAN and not protection and left is None,
                dismissed=(left.note or f"left by {left.who}") if left else "",
            )
        )
    rank = {kind: place for place, kind in enumerate(OrderVerdictKind)}
    priced = [_priced(verdict, snapshot) for verdict in verdicts]
    return tuple(sorted(priced, key=lambda verdict: (rank[verdict.kind], verdict.key)))


def _covered(order: OrderState, coverage: Coverage) -> bool:
    kind = (
        ScopeKind.CONDITIONAL_ORDERS if likely_namespace(order, coverage) is Namespace.CONDITIONAL else ScopeKind.ORDERS
    )
    return coverage.covers(kind, order.symbol)


def _paired(pair: Pair, state_time: int, snapshot: ExchangeSnapshot) -> OrderVerdict:
    known, live = pair.known, pair.live
    evidence = [_recorded(known, state_time), _seen(live, snapshot)]
    if pair.contradiction:
        evidence.append(fact(Source.EXCHANGE, "It contradicts itself: {what}.", what=pair.contradiction))
        kind = OrderVerdictKind.AMBIGUOUS
    elif live.status not in OPEN_STATUSES:
        ended = OrderLookup(ref=live.ref, status=LookupStatus.FOUND, order=live, read_at=snapshot.finished_at)
        kind, _ = _fate(known, ended)
        evidence = [_recorded(known, state_time), _told(ended, kind)]
    else:
        changes = differences(known, live)
        kind = OrderVerdictKind.DRIFTED if changes else OrderVerdictKind.MATCHED
        evidence += [
            fact(Source.EXCHANGE, "{field}: {old} → {new}", live.updated_at, field=field, old=old, new=new)
            for field, old, new in changes
        ]
    protection = protects(live, snapshot.positions, snapshot.coverage)
    return OrderVerdict(
        kind=kind,
        known=known,
        live=live,
        evidence=(*evidence, *_protection(protection)),
        protective=bool(protection),
        protects=protection,
    )


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
    return msgspec.structs.replace(
        verdict, kind=OrderVerdictKind.AMBIGUOUS, live=None, evidence=(*verdict.evidence, note)
    )


def _known_alone(
    order: OrderState, lookup: OrderLookup | None, state_time: int, snapshot: ExchangeSnapshot, rules: Rules
) -> OrderVerdict:
    evidence: list[Evidence] = [_recorded(order, state_time)]
    if not _covered(order, snapshot.coverage):
        evidence.append(
            fact(
                Source.EXCHANGE,
                "The scope that holds such orders was not read, so it may still be open.",
                snapshot.finished_at,
            )
        )
        return OrderVerdict(kind=OrderVerdictKind.UNKNOWN, known=order, live=None, evidence=tuple(evidence))
    evidence.append(
        fact(Source.EXCHANGE, "It is not among the open orders, which were read completely.", snapshot.finished_at)
    )
    if lookup is None:
        evidence.append(fact(Source.EXCHANGE, "It was not asked for by itself, so what became of it is not known."))
        return OrderVerdict(kind=OrderVerdictKind.UNKNOWN, known=order, live=None, evidence=tuple(evidence))
    kind, live = _fate(order, lookup)
    evidence.append(_told(lookup, kind))
    if kind is OrderVerdictKind.MISSING_UNPROVEN:
        young = too_young(order.created_at, rules)
        if young is not None:
            evidence.append(young)
            kind = OrderVerdictKind.UNKNOWN
    if live is not None and live.status in OPEN_STATUSES:
        evidence += [
            fact(Source.EXCHANGE, "{field}: {old} → {new}", lookup.read_at, field=field, old=old, new=new)
            for field, old, new in differences(order, live)
        ]
    return OrderVerdict(kind=kind, known=order, live=live, evidence=tuple(evidence))


def _fate(order: OrderState, lookup: OrderLookup) -> tuple[OrderVerdictKind, ExchangeOrder | None]:
    if lookup.status is LookupStatus.ABSENT:
        return OrderVerdictKind.MISSING_UNPROVEN, None
    if lookup.status is LookupStatus.UNKNOWN or lookup.order is None:
        return OrderVerdictKind.UNKNOWN, None
    live = lookup.order
    if live.status is OrderStatus.FILLED:
        return OrderVerdictKind.FILLED_WHILE_DOWN, live
    if live.status in OPEN_STATUSES:
        return (OrderVerdictKind.DRIFTED if differences(order, live) else OrderVerdictKind.MATCHED), live
    return OrderVerdictKind.CLOSED_WHILE_DOWN, live


def _told(lookup: OrderLookup, kind: OrderVerdictKind) -> Evidence:
    live = lookup.order
    if kind is OrderVerdictKind.UNKNOWN:
        return fact(
            Source.EXCHANGE, "Asked for it by itself, without an answer: {reason}", lookup.read_at, reason=lookup.reason
        )
    if live is None:
        return fact(
            Source.EXCHANGE,
            "Asked for it by itself: the exchange says that there is no such order; exchanges forget old closed orders.",
            lookup.read_at,
        )
    if kind is OrderVerdictKind.FILLED_WHILE_DOWN:
        return fact(
            Source.EXCHANGE,
            "Asked for it by itself: filled, {filled} of {amount} at {average}.",
            live.updated_at or lookup.read_at,
            filled=_or_unstated(live.filled),
            amount=_or_unstated(live.amount),
            average=_or_unstated(live.average if live.average is not None else live.price),
        )
    return fact(
        Source.EXCHANGE,
        "Asked for it by itself: {status}, {filled} of {amount} filled.",
        live.updated_at or lookup.read_at,
        status=live.status.value.replace("_", " "),
        filled=_or_unstated(live.filled),
        amount=_or_unstated(live.amount),
    )


def _recorded(order: OrderState, at: int) -> Evidence:
    return fact(
        Source.CHECKPOINT,
        "Known: {side} {quantity} at {price}, {filled} filled, {status}.",
        at,
        side=order.side.value,
        quantity=order.quantity,
        price=order.price if order.price is not None else "market",
        filled=order.filled_quantity,
        status=order.status.value.replace("_", " "),
    )


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


def _seen(order: ExchangeOrder, snapshot: ExchangeSnapshot) -> Evidence:
    return fact(
        Source.EXCHANGE,
        "Open on the exchange: {side} {amount} at {price}, {filled} filled.",
        snapshot.finished_at,
        side=order.side.value,
        amount=_or_unstated(order.amount),
        price=order.price if order.price is not None else (order.trigger_price or "market"),
        filled=_or_unstated(order.filled),
    )


def _protection(text: str) -> tuple[Evidence, ...]:
    return (fact(Source.RULE, "It protects: {how}.", how=text),) if text else ()


def _or_unstated(value: Decimal | None) -> str:
    return "unstated" if value is None else str(value)


def _priced(verdict: OrderVerdict, snapshot: ExchangeSnapshot) -> OrderVerdict:
    live = verdict.live
    if live is None:
        return verdict
    mark = snapshot.prices.get(live.symbol)
    limit = live.price if live.price is not None else live.trigger_price
    distance = (limit - mark) / mark if limit is not None and mark else None
    price = limit if limit is not None else mark
    return msgspec.structs.replace(
        verdict, notional=_notional(live.remaining, price, snapshot.market(live.symbol)), distance=distance
    )


def _notional(remaining: Decimal | None, price: Decimal | None, market: Market | None) -> Decimal | None:
    """The quote value of what remains; None when a factor is not known (a guess would be read as a fact)."""
    if remaining is None or price is None or market is None:
        return None
    if market.contract_size is None:
        return remaining * price if market.market_type == "spot" else None
    if market.linear is False:
        return remaining * market.contract_size
    return remaining * market.contract_size * price
