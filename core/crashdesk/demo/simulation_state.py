"""Whether a recovered state is what the ledger holds, as far as the exchange could be read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from crashdesk.demo.simulation_exchange import Reading
from crashdesk.demo.simulation_incident import Incident, Turn
from crashdesk.demo.simulation_verdicts import key_of_known, known_is_covered
from crashdesk.exchange.records import ExchangeOrder, ScopeKind
from crashdesk.reconcile.records import OutcomeKind
from crashdesk.state import OrderState, PositionState, Side, SystemState


class _Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What must be in the state (by id, with the live order where it was read), and what may be."""

    must: dict[str, ExchangeOrder | None]
    may: frozenset[str]


def wrong_in_state(turn: Turn, incident: Incident) -> Iterator[str]:
    """What a turn's state has wrong, compared with the last look at the exchange."""
    reading, after = turn.final, turn.after
    assert reading is not None
    assert after is not None
    known = turn.known or SystemState(timestamp=0, account=after.account, positions=(), open_orders=())
    yield from _wrong_orders(turn, incident, known, after, reading)
    yield from _wrong_positions(known, after, reading)
    if (ScopeKind.ACCOUNT, None) in reading.read:
        if after.account != reading.money:
            yield "the account is not the ledger's"
    elif turn.known is not None and after.account != known.account:
        yield "the account was not read, and changed"


def _wrong_orders(
    turn: Turn, incident: Incident, known: SystemState, after: SystemState, reading: Reading
) -> Iterator[str]:
    expected = _expected(turn, incident, known, reading)
    records = {order.id: order for order in after.open_orders}
    for order_id in expected.must.keys() - records.keys():
        yield f"order {order_id} is missing from the state"
    for order_id, record in records.items():
        live = expected.must.get(order_id)
        if order_id not in expected.must and order_id not in expected.may:
            yield f"order {order_id} is in the state, and it is over or was never the bot's"
        elif live is not None and (wrong := _differs(record, live)):
            yield f"order {order_id} in the state: {wrong}"


def _expected(turn: Turn, incident: Incident, known: SystemState, reading: Reading) -> _Expected:
    must: dict[str, ExchangeOrder | None] = {}
    may: set[str] = set()
    told_open = {key: order for key, order in reading.open().items() if key in reading.told}
    exact = {key_of_known(order) for order in known.open_orders} & told_open.keys()
    for order in known.open_orders:
        key = key_of_known(order)
        successors = [
            live
            for other, live in told_open.items()
            if other not in exact and order.client_order_id and _same_client(order, live)
        ]
        if key in exact:
            must[order.id] = told_open[key]
        elif successors:
            may |= {order.id, *(live.id for live in successors)}
        elif not known_is_covered(order, reading):
            # Nothing was told of it; what ended while the list was made may have been told as over.
            must[order.id] = None
        elif order.id in reading.unanswered or _may_be_young(order, reading, incident):
            may.add(order.id)
        elif key in reading.open():
            must[order.id] = None
    for key in _adopted(turn, incident):
        order_id = key.rpartition(":")[2]
        if key in told_open:
            must[order_id] = told_open[key]
        elif key in reading.open():
            # It was adopted, and the list that holds it could not be read at the end.
            must[order_id] = None
        else:
            may.add(order_id)
    return _Expected(must=must, may=frozenset(may))


def _same_client(known: OrderState, live: ExchangeOrder) -> bool:
    return live.symbol == known.symbol and live.client_order_id == known.client_order_id


def _may_be_young(order: OrderState, reading: Reading, incident: Incident) -> bool:
    """An order of which the exchange knows nothing any more stays while it is too young to judge."""
    forgotten = incident.exchange.weather.forgetful
    return forgotten and reading.now_ns - order.created_at < 60_000_000_000


def _adopted(turn: Turn, incident: Incident) -> set[str]:
    """The keys of what this plan took over; a plan may have been executed in several parts."""
    assert turn.plan is not None
    return {
        outcome.order_key
        for other in incident.turns
        if other.plan is not None and other.plan.id == turn.plan.id
        for outcome in other.outcomes
        if outcome.kind is OutcomeKind.ADOPTED
    } | {
        entry.order_key
        for entry in incident.audit
        if entry.plan_id == turn.plan.id and entry.data.get("outcome") == "adopted"
    }


def _differs(record: OrderState, live: ExchangeOrder) -> str:
    price = live.price if live.price is not None else live.trigger_price
    pairs = (
        ("quantity", record.quantity, live.amount if live.amount is not None else record.quantity),
        ("filled", record.filled_quantity, live.filled),
        ("price", record.price, price),
        ("side", record.side, live.side),
        ("status", record.status, live.status),
    )
    return ", ".join(f"{name} {mine} instead of {true}" for name, mine, true in pairs if mine != true)


def _wrong_positions(known: SystemState, after: SystemState, reading: Reading) -> Iterator[str]:
    mine, before = _legs(after.positions), _legs(known.positions)
    true = {(leg.symbol, leg.side): leg.contracts for leg in reading.positions}
    for place in mine.keys() | before.keys() | true.keys():
        symbol, side = place
        covered = reading.covers(ScopeKind.POSITIONS, symbol)
        wanted = (true if covered else before).get(place, Decimal(0))
        # What was told of an incomplete list is not a reason to forget, but may be learnt.
        told = {wanted} if covered else {wanted, true.get(place, wanted)}
        if mine.get(place, Decimal(0)) not in told:
            yield f"the {side.leg} position of {symbol} is {mine.get(place, 0)} in the state instead of {wanted}"


def _legs(positions: tuple[PositionState, ...]) -> dict[tuple[str, Side], Decimal]:
    legs: dict[tuple[str, Side], Decimal] = {}
    for position in positions:
        place = (position.symbol, position.side)
        legs[place] = legs.get(place, Decimal(0)) + position.quantity
    return {place: quantity for place, quantity in legs.items() if quantity}
