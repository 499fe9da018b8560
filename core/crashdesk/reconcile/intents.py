"""The fate of what the bot was about to send when its record ends."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crashdesk.exchange.records import ExchangeOrder, ExchangeSnapshot, LookupStatus, Namespace, OrderLookup, OrderRef
from crashdesk.exchange.records import ScopeKind as Kind
from crashdesk.reconcile.denied import MEMORY_NS
from crashdesk.reconcile.evidence import Evidence, Source, fact, intended_amount, intended_price, or_unstated
from crashdesk.reconcile.filled_since import filled_since, known_on_the_exchange
from crashdesk.reconcile.fills import fill_facts
from crashdesk.reconcile.records import IntentVerdict, IntentVerdictKind
from crashdesk.reconcile.rules import Rules
from crashdesk.state import OPEN_STATUSES, OrderStatus, SystemState
from crashdesk.storage.journal_records import Intent, JournalView, latest_of_each

MOST_LOOKUPS = 300
"""How many intents are asked for one by one; each costs the account's rate limit a request."""

_CONDITIONAL_WORDS = ("stop", "profit", "trail", "trigger", "oco")
_CLOCK_TOLERANCE_NS = 60_000_000_000


class LateArrival(msgspec.Struct, frozen=True, kw_only=True):
    """An open order that no list shows, and that an intent led to."""

    order: ExchangeOrder
    read_at: int
    evidence: Evidence


class IntentFates(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict for every pending intent, and the open orders found by them."""

    verdicts: tuple[IntentVerdict, ...]
    late: tuple[LateArrival, ...]


def intents_to_look_up(state: SystemState, journal: JournalView, snapshot: ExchangeSnapshot) -> list[OrderRef]:
    """What to ask the exchange for: pending intents in scopes that were read, the newest first, each by client order id."""
    asked = [intent for intent in reversed(_unresolved(state, journal, snapshot)) if _gap(intent, snapshot) is None]
    return [ref for intent in asked[:MOST_LOOKUPS] for ref in _refs(intent, snapshot)]


def judge_intents(state: SystemState, journal: JournalView, snapshot: ExchangeSnapshot, rules: Rules) -> IntentFates:
    """What became of each intent that neither the state nor the list of open orders resolves."""
    unresolved = _unresolved(state, journal, snapshot)
    if not unresolved:
        return IntentFates(verdicts=(), late=())
    answers = {lookup.ref.key: lookup for lookup in snapshot.lookups if not lookup.ref.id}
    # What is older than the lists by the clock of the machine that wrote it.
    started = rules.now_ns - (snapshot.clock_offset_ns or 0)
    known_at = known_on_the_exchange(state, snapshot)
    over = [order for order in snapshot.orders if order.status not in OPEN_STATUSES]
    # One that is listed twice is told in two ways: whichever came first must not decide.
    ended = {
        (each.symbol, each.client_order_id): each for each in sorted(over, key=lambda each: (each.key, repr(each)))
    }
    verdicts: list[IntentVerdict] = []
    late: list[LateArrival] = []
    for intent in unresolved:
        listed = ended.get((intent.symbol, intent.client_order_id))
        if listed is not None:
            told = OrderLookup(ref=listed.ref, status=LookupStatus.FOUND, order=listed, read_at=snapshot.finished_at)
            lookups = [told]
        else:
            lookups = [answers[ref.key] for ref in _refs(intent, snapshot) if ref.key in answers]
        verdict, found = _judge(intent, lookups, snapshot, rules, started, known_at)
        verdicts.append(verdict)
        late += [found] if found is not None else []
    return IntentFates(verdicts=tuple(verdicts), late=tuple(late))


def _unresolved(state: SystemState, journal: JournalView, snapshot: ExchangeSnapshot) -> Sequence[Intent]:
    if not journal.pending:
        return ()
    known = {(order.symbol, order.client_order_id) for order in state.open_orders}
    listed = {(order.symbol, order.client_order_id) for order in snapshot.orders if order.status in OPEN_STATUSES}
    return [
        intent
        for intent in latest_of_each(journal.pending)
        if intent.client_order_id and (intent.symbol, intent.client_order_id) not in known | listed
    ]


def _namespaces(intent: Intent, snapshot: ExchangeSnapshot) -> tuple[Namespace, ...]:
    """Where the exchange would keep the order; both where the intent does not say what kind it is."""
    if not any(reading.scope.kind is Kind.CONDITIONAL_ORDERS for reading in snapshot.coverage.readings):
        return (Namespace.NORMAL,)
    word = intent.order_type.lower()
    if word in ("limit", "market"):
        return (Namespace.NORMAL,)
    if any(part in word for part in _CONDITIONAL_WORDS):
        return (Namespace.CONDITIONAL,)
    return (Namespace.NORMAL, Namespace.CONDITIONAL)


def _refs(intent: Intent, snapshot: ExchangeSnapshot) -> list[OrderRef]:
    return [
        OrderRef(symbol=intent.symbol, namespace=namespace, id="", client_order_id=intent.client_order_id)
        for namespace in _namespaces(intent, snapshot)
    ]


def _gap(intent: Intent, snapshot: ExchangeSnapshot) -> Evidence | None:
    """Why the lists do not tell that the order is not open; None when they do."""
    kinds = {Namespace.NORMAL: Kind.ORDERS, Namespace.CONDITIONAL: Kind.CONDITIONAL_ORDERS}
    if all(snapshot.coverage.covers(kinds[namespace], intent.symbol) for namespace in _namespaces(intent, snapshot)):
        return None
    unread = "The scope that would hold it was not read, so it may be open."
    return fact(Source.EXCHANGE, unread, snapshot.finished_at)


def _judge(
    intent: Intent,
    lookups: Sequence[OrderLookup],
    snapshot: ExchangeSnapshot,
    rules: Rules,
    started: int,
    known_at: int | None,
) -> tuple[IntentVerdict, LateArrival | None]:
    found = next((lookup for lookup in lookups if lookup.order is not None), None)
    if found is None or found.order is None:
        kind, facts = _not_found(intent, lookups, snapshot, rules, started)
        return IntentVerdict(kind=kind, intent=intent, live=None, evidence=(_intended(intent), *facts)), None
    order, late, since = found.order, None, None
    if order.status in OPEN_STATUSES:
        kind, facts = IntentVerdictKind.LIVE, (_unlisted(found, order, intent),)
        late = LateArrival(order=order, read_at=found.read_at, evidence=facts[0])
    elif _is_older(order, intent, snapshot):
        kind, facts = IntentVerdictKind.UNKNOWN, (_reused(order, intent, ahead=intent.at > started),)
    else:
        kind = IntentVerdictKind.FILLED if order.status is OrderStatus.FILLED else IntentVerdictKind.CLOSED
        facts = (*fill_facts(found), _ended(found, order))
        since = filled_since(None, order, known_at, found.trades)
    evidence = (_intended(intent), *facts)
    return IntentVerdict(kind=kind, intent=intent, live=order, evidence=evidence, filled_since=since), late


def _not_found(
    intent: Intent, lookups: Sequence[OrderLookup], snapshot: ExchangeSnapshot, rules: Rules, started: int
) -> tuple[IntentVerdictKind, tuple[Evidence, ...]]:
    """NEVER_ARRIVED only where everybody who could know was asked, denies it, had the time to hear of it, and still remembers."""
    gap = _gap(intent, snapshot)
    if gap is not None:
        return IntentVerdictKind.UNKNOWN, (gap,)
    if len(lookups) < len(_refs(intent, snapshot)):
        template = (
            "The exchange was not asked about this order alone: at most {most} are, the newest first, and none after several "
            "failures in a row."
        )
        return IntentVerdictKind.UNKNOWN, (fact(Source.RULE, template, most=MOST_LOOKUPS),)
    failed = next((lookup for lookup in lookups if lookup.status is not LookupStatus.ABSENT), None)
    if failed is not None:
        unanswered = "Asked for by its client order id, without an answer: {reason}"
        return IntentVerdictKind.UNKNOWN, (fact(Source.EXCHANGE, unanswered, failed.read_at, reason=failed.reason),)
    absent = fact(
        Source.EXCHANGE,
        "It is not among the open orders, which were read completely, and asked for by its client order id the exchange "
        "says that there is no such order.",
        lookups[-1].read_at,
    )
    if started - intent.at > MEMORY_NS:
        forgotten = (
            "It may have arrived and ended since: exchanges forget orders that ended without a fill, some in hours."
        )
        return IntentVerdictKind.UNKNOWN, (absent, fact(Source.RULE, forgotten))
    if started - intent.at >= rules.grace_ns:
        return IntentVerdictKind.NEVER_ARRIVED, (absent,)
    young = fact(
        Source.RULE,
        "Too young to judge: written down {age} s before the comparison, {grace} s are required. Read again.",
        age=f"{max(0, started - intent.at) / 1e9:.1f}",
        grace=f"{rules.grace_ns / 1e9:g}",
    )
    return IntentVerdictKind.UNKNOWN, (absent, young)


def _unlisted(lookup: OrderLookup, order: ExchangeOrder, intent: Intent) -> Evidence:
    return fact(
        Source.EXCHANGE,
        "No list of open orders shows it; asked for by its client order id {client_id}: {status}.",
        lookup.read_at,
        client_id=intent.client_order_id,
        status=order.status.value.replace("_", " "),
    )


def _is_older(order: ExchangeOrder, intent: Intent, snapshot: ExchangeSnapshot) -> bool:
    """Whether the order was there before the intent was written: then its client order id was used before."""
    if order.created_at is None:
        return False
    return order.created_at - (snapshot.clock_offset_ns or 0) < intent.at - _CLOCK_TOLERANCE_NS


def _reused(order: ExchangeOrder, intent: Intent, *, ahead: bool) -> Evidence:
    if ahead:
        return fact(
            Source.EXCHANGE,
            "The exchange has order {id} with the client order id {client_id}. The clock that dated the intent was ahead and was "
            "set back since, so whether this is the order that it meant cannot be told.",
            order.created_at,
            id=order.id,
            client_id=intent.client_order_id,
        )
    return fact(
        Source.EXCHANGE,
        "The exchange has order {id} with the client order id {client_id}, which is older than the intent: the client order "
        "id was used twice, and nobody can tell what became of the second order.",
        order.created_at,
        id=order.id,
        client_id=intent.client_order_id,
    )


def _intended(intent: Intent) -> Evidence:
    return fact(
        Source.JOURNAL,
        "The bot wrote down that it was about to send {side} {quantity} {symbol} at {price} under client order id {client_id}; "
        "whether it did is not written.",
        intent.at,
        side=intent.side or "an order of",
        quantity=intended_amount(intent),
        symbol=intent.symbol,
        price=intended_price(intent),
        client_id=intent.client_order_id,
    )


def _ended(lookup: OrderLookup, order: ExchangeOrder) -> Evidence:
    return fact(
        Source.EXCHANGE,
        "Order {id} arrived: {status}, {filled} of {amount} filled at {average}. The positions that were read contain it."
        if order.filled
        else "Order {id} arrived: {status}, {filled} of {amount} filled.",
        order.updated_at or lookup.read_at,
        id=order.id,
        status=order.status.value.replace("_", " "),
        filled=or_unstated(order.filled),
        amount=or_unstated(order.amount),
        average=or_unstated(order.average if order.average is not None else order.price),
    )
