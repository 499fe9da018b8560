"""What a list of checkpoints shows of each one, without building its orders."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from crashdesk.codec.fields import FieldReader
from crashdesk.codec.layout import HEADER, SIDES, VERSION_STRATEGIES, intact_file
from crashdesk.codec.read import LEAST_ORDER, LEAST_POSITION, LEAST_STRATEGY, NOT_ORDINARY, ordinary_amount
from crashdesk.errors import MalformedCheckpoint
from crashdesk.state import Side, SystemState

_Quantity = tuple[str, Side, Decimal]


class StateSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One checkpoint in short; `quantities` are symbol, side and quantity of each position, in the file's order."""

    timestamp: int
    equity: Decimal
    unrealized_pnl: Decimal
    quantities: tuple[tuple[str, Side, Decimal], ...]
    orders: int
    strategies: int


def summary_of(state: SystemState) -> StateSummary:
    """The summary of a state."""
    return StateSummary(
        timestamp=state.timestamp,
        equity=state.account.equity,
        unrealized_pnl=state.account.unrealized_pnl,
        quantities=tuple([(record.symbol, record.side, record.quantity) for record in state.positions]),
        orders=len(state.open_orders),
        strategies=len(state.strategy_states or ()),
    )


def summarise(data: bytes) -> StateSummary:
    """The summary of a checkpoint's bytes: that of its state, without building the state.

    Raises as `decode` for what it looks at: the header, the checksum, two amounts of the account, of each position
    symbol, side and quantity, and the counts.
    """
    header, body = intact_file(data)
    reader = FieldReader(body, HEADER.size)
    equity = reader.amount()
    for _ in range(3):
        reader.skip_field()
    unrealized_pnl = reader.amount()
    quantities = _quantities(reader, reader.count(LEAST_POSITION, "positions"))
    orders = reader.count(LEAST_ORDER, "orders")
    strategies = 0
    if header.version == VERSION_STRATEGIES:
        for _ in range(orders):
            _skip_order(reader)
        strategies = reader.count(LEAST_STRATEGY, "strategies")
    return StateSummary(
        timestamp=header.timestamp,
        equity=equity,
        unrealized_pnl=unrealized_pnl,
        quantities=tuple(quantities),
        orders=orders,
        strategies=strategies,
    )


def _quantities(reader: FieldReader, count: int) -> list[_Quantity]:
    """Of `count` positions; as the loops in `crashdesk.codec.read`."""
    body, at = reader.body, reader.at
    quantities: list[_Quantity] = []
    for _ in range(count):
        reader.at = at
        try:
            at += body[at] + body[at + 1] * 256 + 2
            start = at + 2
            at = start + body[at] + body[at + 1] * 256
            symbol = body[start:at].decode()
            side = SIDES[body[at]]
            start = at + 3
            at = start + body[at + 1] + body[at + 2] * 256
            quantity = ordinary_amount(body[start:at].decode())
            at += body[at] + body[at + 1] * 256 + 2
            at += body[at] + body[at + 1] * 256 + 10
            if quantity < 0 or at > len(body):
                raise ValueError
        except NOT_ORDINARY:
            symbol, side, quantity = _quantity(reader)
            at = reader.at
        quantities.append((symbol, side, quantity))
    reader.at = at
    return quantities


def _quantity(reader: FieldReader) -> _Quantity:
    start = reader.at
    reader.skip_field()
    symbol, side, quantity = reader.text(), reader.side(), reader.amount()
    if quantity < 0:
        raise MalformedCheckpoint(f"the position at byte {start} has the negative quantity {quantity}")
    reader.skip_field()
    reader.skip_field()
    reader.skip(8)
    return symbol, side, quantity


def _skip_order(reader: FieldReader) -> None:
    for _ in range(3):
        reader.skip_field()
    reader.skip(2)
    reader.skip_field()
    reader.skip_field()
    if reader.has_price():
        reader.skip_field()
    reader.skip(9)
