"""Whether the verdicts of a plan say what was told and what is true on the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from crashdesk.demo.simulation_exchange import ORDER_SCOPES, Reading, unlike
from crashdesk.exchange.records import ExchangeOrder, Namespace, ScopeKind
from crashdesk.reconcile.matching import CONDITIONAL_TYPES
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind, Plan, PositionVerdictKind
from crashdesk.state import OPEN_STATUSES, OrderState, OrderStatus

_OPEN_KINDS = (OrderVerdictKind.MATCHED, OrderVerdictKind.DRIFTED)
_OVER = (OrderVerdictKind.FILLED_WHILE_DOWN, OrderVerdictKind.CLOSED_WHILE_DOWN, OrderVerdictKind.MISSING_UNPROVEN)


def namespace_of(order: OrderState) -> Namespace:
    """Where the exchange keeps an order of the state."""
    return Namespace.CONDITIONAL if order.order_type in CONDITIONAL_TYPES else Namespace.NORMAL


def key_of_known(order: OrderState) -> str:
    """The identity of an order of the state."""
    return f"{namespace_of(order).value}:{order.symbol}:{order.id}"


def known_is_covered(order: OrderState, reading: Reading) -> bool:
    """Whether the list was read that would hold it if it were open."""
    return reading.covers(ORDER_SCOPES[namespace_of(order)], order.symbol)


def wrong_order_verdict(verdict: OrderVerdict, reading: Reading) -> Iterator[str]:
    """What a verdict on an order claims without ground."""
    live, known = verdict.live, verdict.known
    if known is None:
        if live is None or live.key not in reading.told:
            yield f"{verdict.key} is called {verdict.kind.value}, and the exchange never told it"
        elif live.status in OPEN_STATUSES and live.key not in reading.open():
            yield f"{verdict.key} is called {verdict.kind.value} and open, and it is over"
        return
    if verdict.kind in _OPEN_KINDS:
        yield from _wrong_open(verdict, known, live, reading)
    elif verdict.kind in _OVER:
        yield from _wrong_end(verdict, known, reading)
    elif verdict.kind is OrderVerdictKind.UNKNOWN and _seen_open(known, reading):
        yield f"{verdict.key} is called unknown, and the exchange told that it is open"


def _seen_open(known: OrderState, reading: Reading) -> bool:
    key = key_of_known(known)
    return key in reading.told and key in reading.open() and known.id not in reading.unanswered


def _wrong_open(
    verdict: OrderVerdict, known: OrderState, live: ExchangeOrder | None, reading: Reading
) -> Iterator[str]:
    true = reading.open().get(live.key) if live is not None else None
    if live is None or true is None or live.key not in reading.told:
        yield f"{verdict.key} is called {verdict.kind.value}, and it is not open or was not read"
        return
    if unlike(live, true):
        yield f"{verdict.key} is shown other than it is: {unlike(live, true)}"
    same = true.amount in (None, known.quantity) and true.filled == known.filled_quantity
    if verdict.kind is OrderVerdictKind.MATCHED and not same:
        yield f"{verdict.key} is called matched, and it has changed"


def _wrong_end(verdict: OrderVerdict, known: OrderState, reading: Reading) -> Iterator[str]:
    key = key_of_known(known)
    true = reading.orders.get(key)
    word = f"{key} is called {verdict.kind.value}"
    if not known_is_covered(known, reading) and key not in reading.told:
        yield f"{word}, and its scope was not read"
    if true is None:
        return
    if true.status in OPEN_STATUSES:
        yield f"{word}, and it is open"
    elif verdict.kind is OrderVerdictKind.FILLED_WHILE_DOWN and true.status is not OrderStatus.FILLED:
        yield f"{word}, and it is {true.status.value}"
    elif verdict.kind is OrderVerdictKind.CLOSED_WHILE_DOWN and true.status is OrderStatus.FILLED:
        yield f"{word}, and it filled"
    if verdict.kind is OrderVerdictKind.MISSING_UNPROVEN and known.id in reading.unanswered:
        yield f"{word}, and asking for it was not answered"


def wrong_position_verdicts(plan: Plan, reading: Reading) -> Iterator[str]:
    """What the verdicts on positions claim without ground, and what they leave out."""
    true = {(leg.symbol, leg.side): leg.contracts for leg in reading.positions}
    shown = set()
    for verdict in plan.positions:
        place = (verdict.symbol, verdict.side)
        shown.add(place)
        word = f"the {verdict.side.leg} position of {verdict.symbol} is called {verdict.kind.value}"
        if not reading.covers(ScopeKind.POSITIONS, verdict.symbol):
            if verdict.kind is not PositionVerdictKind.UNKNOWN:
                yield f"{word}, and positions were not read"
            continue
        if verdict.kind is PositionVerdictKind.UNKNOWN:
            yield f"{word}, and positions were read"
        elif verdict.kind is PositionVerdictKind.CLOSED_WHILE_DOWN:
            if place in true:
                yield f"{word}, and it is {true[place]}"
        elif verdict.live is None or verdict.live.contracts != true.get(place):
            yield f"{word} with {verdict.live.contracts if verdict.live else 'nothing'}, and it is {true.get(place)}"
        elif verdict.kind is PositionVerdictKind.MATCHED and (
            verdict.known is None or verdict.known.quantity != true[place]
        ):
            yield f"{word}, and the bot knew another quantity"
    for place in true.keys() - shown:
        if reading.covers(ScopeKind.POSITIONS, place[0]):
            yield f"the {place[1].leg} position of {place[0]} is in no verdict"
