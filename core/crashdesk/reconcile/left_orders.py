"""What became of the orders that an operator left alone: where a position moved, a fill of theirs may be the reason. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import plain
from crashdesk.exchange.records import ExchangeOrder, ExchangeSnapshot, LookupStatus, Namespace, OrderLookup, OrderRef
from crashdesk.reconcile.evidence import Evidence, Source, fact
from crashdesk.reconcile.filled_since import filled_since
from crashdesk.reconcile.order_names import order_names
from crashdesk.reconcile.positions import symbols_moved
from crashdesk.reconcile.records import IntentVerdict, OrderVerdict, PositionVerdict
from crashdesk.state import OPEN_STATUSES, SystemState
from crashdesk.storage.journal_records import Dismissal, JournalView, LeftTerms

MOST_ASKED = 50
"""How many orders that were left are asked for one by one; each costs the account's rate limit a request."""


class LeftFate(msgspec.Struct, frozen=True, kw_only=True):
    """What the exchange says of one order that was left and rests no more; `order` is None where it gave no answer.

    It is another one than was left where that went on under a new id. `since` is how much of it filled since the compared state
    was true, None where that is not told.
    """

    left: Dismissal
    symbol: str
    order: ExchangeOrder | None
    since: Decimal | None


def left_to_look_up(state: SystemState, journal: JournalView, snapshot: ExchangeSnapshot) -> list[OrderRef]:
    """What to ask the exchange for: orders that were left, rest no more, and whose symbol's position moved; the newest first.

    By its client order id, too, as far as that was noted: somebody may have replaced it.
    """
    moved = symbols_moved(state, snapshot)
    known = order_names(state.open_orders)
    told = {order.key for order in snapshot.orders if order.status in OPEN_STATUSES}
    told |= {lookup.order.key for lookup in snapshot.lookups if lookup.order is not None}
    newest = sorted(journal.dismissals, key=lambda each: (-each.at, each.order_key))
    refs = [ref for each in newest if each.order_key not in told and (ref := _ref_of(each)) is not None]
    wanted = [ref for ref in refs if ref.symbol in moved and (ref.symbol, ref.id) not in known]
    names = _names(journal.left)
    return [each for ref in wanted[:MOST_ASKED] for each in (ref, *_successors(ref.key, names))]


def left_fates(
    journal: JournalView,
    snapshot: ExchangeSnapshot,
    known_at: int | None,
    orders: Sequence[OrderVerdict],
    intents: Sequence[IntentVerdict],
) -> tuple[LeftFate, ...]:
    """What became of those that were asked for, without what `orders` and `intents` tell already.

    `known_at` is when the compared state was true, by the exchange's clock (UNIX nanoseconds); None where nobody can tell.
    """
    told = {each.live.key for each in orders if each.live is not None}
    told |= {each.live.key for each in intents if each.live is not None}
    told |= {each.key for each in orders if each.known is not None}
    answers = {lookup.ref.key: lookup for lookup in snapshot.lookups}
    names = _names(journal.left)
    fates: dict[str, LeftFate] = {}
    for each in sorted(journal.dismissals, key=lambda left: left.order_key):
        asked = [
            answers[key]
            for key in (each.order_key, *(ref.key for ref in _successors(each.order_key, names)))
            if key in answers
        ]
        for fate in _fates(each, asked, told, known_at):
            fates.setdefault(each.order_key if fate.order is None else fate.order.key, fate)
    return tuple(fates.values())


def _fates(
    left: Dismissal, answers: Sequence[OrderLookup], told: Collection[str], known_at: int | None
) -> Iterator[LeftFate]:
    # What a trigger placed is told with the trigger.
    told = {
        *told,
        *(each.placed.key for each in answers if each.placed is not None and each.placed.status not in OPEN_STATUSES),
    }
    for lookup in answers:
        order, placed = lookup.order, lookup.goes_on_as
        itself = lookup.ref.key == left.order_key
        if lookup.status is LookupStatus.ABSENT or (itself and left.order_key in told):
            continue
        if order is None:
            if itself:
                yield LeftFate(left=left, symbol=lookup.ref.symbol, order=None, since=None)
        elif order.key not in told and (placed is None or placed.key not in told):
            since = filled_since(None, order, known_at, lookup.trades)
            yield LeftFate(left=left, symbol=order.symbol, order=order, since=since)


def with_left(positions: Sequence[PositionVerdict], fates: Sequence[LeftFate]) -> tuple[PositionVerdict, ...]:
    """The position verdicts with what filled of the orders that were left, by name: nobody looks for it there else."""
    news: dict[str, list[LeftFate]] = {}
    for fate in fates:
        if fate.since is None or fate.since:
            news.setdefault(fate.symbol, []).append(fate)
    return tuple(_with_news(each, news.get(each.symbol, ())) for each in positions)


def _with_news(verdict: PositionVerdict, fates: Sequence[LeftFate]) -> PositionVerdict:
    legs = ("", "both", "net", verdict.side.leg)
    told = [_said(each) for each in fates if each.order is None or each.order.position_side.lower() in legs]
    return msgspec.structs.replace(verdict, evidence=(*verdict.evidence, *told)) if told else verdict


def _said(fate: LeftFate) -> Evidence:
    left, order = fate.left, fate.order
    values: dict[str, object] = {
        "id": left.order_key.rpartition(":")[2],
        "who": left.who,
        "note": f": {left.note}" if left.note else "",
    }
    if order is None:
        text = (
            "What became of order {id} is not known: the exchange gave no answer. {who} had decided to leave it{note}."
        )
        return fact(Source.EXCHANGE, text, at=None, **values)
    if fate.since is None:
        text = "Order {id} is over; how much of it filled since is not told. {who} had decided to leave it{note}."
        return fact(Source.EXCHANGE, text, at=order.updated_at, **values)
    text = "Order {id} filled {filled} since. {who} had decided to leave it{note}."
    if order.key != left.order_key:
        values["new"] = order.id
        text = (
            "Order {new}, which carries the client order id of order {id}, filled {filled} since. {who} had decided to leave "
            "order {id}{note}."
        )
    return fact(Source.EXCHANGE, text, at=order.updated_at, filled=str(plain(fate.since)), **values)


def _ref_of(left: Dismissal) -> OrderRef | None:
    """How to ask for the order that a decision names; None for one without an id of its own."""
    namespace, _, rest = left.order_key.partition(":")
    symbol, _, order_id = rest.rpartition(":")
    if (
        not symbol
        or not order_id
        or order_id.startswith("client ")
        or namespace not in {each.value for each in Namespace}
    ):
        return None
    return OrderRef(symbol=symbol, namespace=Namespace(namespace), id=order_id)


def _names(left: Iterable[LeftTerms]) -> dict[str, str]:
    """The client order ids of orders that were left, by their keys, as far as they were noted."""
    return {each.order_key: each.client_order_id for each in left if each.client_order_id}


def _successors(order_key: str, names: Mapping[str, str]) -> list[OrderRef]:
    """How to ask for what an order that was left may have become: a fired trigger's order is a normal one."""
    if order_key not in names:
        return []
    symbol = order_key.partition(":")[2].rpartition(":")[0]
    own = Namespace(order_key.partition(":")[0])
    places = (own,) if own is Namespace.NORMAL else (own, Namespace.NORMAL)
    return [OrderRef(symbol=symbol, namespace=each, id="", client_order_id=names[order_key]) for each in places]
