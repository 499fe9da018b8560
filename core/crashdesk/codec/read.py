"""A checkpoint's bytes to its state.

The loops over positions and orders read what nearly all records are, with nothing but local variables. They rely on
three things: `body` ends before the checksum, so that a length that points too far ends in an IndexError or a
struct.error at the next fixed part; latin-1 gives every byte one character, so that one text serves all slices; and
where anything is out of the ordinary, the careful reader takes that record again and decides.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from crashdesk.codec.fields import FieldReader
from crashdesk.codec.layout import (
    HEADER,
    ORDER_TYPES,
    SIDES,
    STATUSES,
    VERSION_STRATEGIES,
    canonical,
    intact_file,
)
from crashdesk.codec.write import EncodedState
from crashdesk.errors import MalformedCheckpoint, StateError
from crashdesk.state import (
    AccountState,
    OrderState,
    PositionState,
    StrategyState,
    SystemState,
    check_unique,
)

# The least bytes that one record can take.
LEAST_POSITION = 2 + 2 + 1 + 3 * (2 + 1) + 8
LEAST_ORDER = 3 * 2 + 1 + 1 + 2 * (2 + 1) + 1 + 1 + 8
LEAST_STRATEGY = 2 + 4

_FLAG_SIZE = struct.Struct("<BH").unpack_from
_STATUS_CREATED = struct.Struct("<Bq").unpack_from
_OPENED = struct.Struct("<q").unpack_from

# How many different amounts are remembered while one file is read.
_REMEMBERED = 4096

# What the loops raise, or run into, where a record is not what they take for granted.
NOT_ORDINARY = (ValueError, LookupError, struct.error, InvalidOperation)

_Record = TypeVar("_Record", PositionState, OrderState, StrategyState, AccountState)


def decode(data: bytes) -> SystemState:
    """The state in a checkpoint's bytes.

    Raises NotACheckpoint, NewerVersion, ChecksumMismatch or MalformedCheckpoint, and nothing else, whatever the bytes.
    """
    return _read(data)[0]


def decode_with_records(data: bytes) -> tuple[SystemState, EncodedState]:
    """As `decode`, with each record's bytes as they stand in the file: what is kept need not be encoded again."""
    state, body, (account, positions, orders, strategies) = _read(data)
    encoded = EncodedState(
        timestamp=state.timestamp,
        account=_cut(body, account)[0],
        positions=_cut(body, positions),
        orders=_cut(body, orders),
        strategies=_cut(body, strategies),
    )
    return state, encoded


def decode_account(raw: bytes) -> AccountState:
    """The account from its own bytes, as `encode_account` made them. Raises MalformedCheckpoint."""
    return _only(raw, lambda reader, _: reader.account())


def decode_position(raw: bytes) -> PositionState:
    """One position from its own bytes, as `encode_position` made them. Raises MalformedCheckpoint."""
    return _only(raw, lambda reader, text: _positions(reader, text, 1, _Amounts())[0][0])


def decode_order(raw: bytes) -> OrderState:
    """One order from its own bytes, as `encode_order` made them. Raises MalformedCheckpoint."""
    return _only(raw, lambda reader, text: _orders(reader, text, 1, _Amounts())[0][0])


def decode_strategy(raw: bytes) -> StrategyState:
    """One strategy's state from its own bytes, as `encode_strategy` made them. Raises MalformedCheckpoint."""
    return _only(raw, lambda reader, _: reader.strategy())


def _only(raw: bytes, read: Callable[[FieldReader, str], _Record]) -> _Record:
    reader = FieldReader(bytes(raw))
    record = read(reader, raw.decode("latin-1"))
    reader.finish("the end of the record")
    return record


def _cut(body: bytes, marks: list[int]) -> tuple[bytes, ...]:
    return tuple([body[start:end] for start, end in itertools.pairwise(marks)])


def _read(data: bytes) -> tuple[SystemState, bytes, tuple[list[int], ...]]:
    """The state, the file without its checksum, and of each section where its records start and the last one ends."""
    header, body = intact_file(data)
    text = body.decode("latin-1")
    reader = FieldReader(body, HEADER.size)
    amounts = _Amounts()
    account, account_marks = _account(reader, text, amounts)
    positions, position_marks = _positions(reader, text, reader.count(LEAST_POSITION, "positions"), amounts)
    orders, order_marks = _orders(reader, text, reader.count(LEAST_ORDER, "orders"), amounts)
    strategies: list[StrategyState] = []
    strategy_marks: list[int] = []
    if header.version == VERSION_STRATEGIES:
        strategies, strategy_marks = _strategies(reader, reader.count(LEAST_STRATEGY, "strategies"))
    reader.finish("the checksum")
    state = SystemState(
        timestamp=header.timestamp,
        account=account,
        positions=tuple(positions),
        open_orders=tuple(orders),
        strategy_states=tuple(strategies),
    )
    try:
        check_unique(state)
    except StateError as error:
        raise MalformedCheckpoint(f"the content cannot be: {error}") from None
    return state, body, (account_marks, position_marks, order_marks, strategy_marks)


def _account(reader: FieldReader, text: str, amounts: _Amounts) -> tuple[AccountState, list[int]]:
    body, at = reader.body, reader.at
    marks = [at]
    values: list[Decimal] = []
    try:
        for _ in range(5):
            start, at = at, at + body[at] + 2
            values.append(amounts[text[start:at]])
        if at > len(body):
            raise ValueError
    except NOT_ORDINARY:
        return reader.account(), [*marks, reader.at]
    equity, balance, available, margin_used, unrealized_pnl = values
    account = AccountState(
        equity=equity,
        balance=balance,
        available=available,
        margin_used=margin_used,
        unrealized_pnl=unrealized_pnl,
    )
    reader.at = at
    return account, [*marks, at]


def _positions(reader: FieldReader, text: str, count: int, amounts: _Amounts) -> tuple[list[PositionState], list[int]]:
    body, at = reader.body, reader.at
    positions: list[PositionState] = []
    marks = [at]
    for _ in range(count):
        try:
            start = at + 2
            at = start + body[at] + body[at + 1] * 256
            position_id = text[start:at]
            start = at + 2
            at = start + body[at] + body[at + 1] * 256
            symbol = text[start:at]
            side = SIDES[body[at]]
            start, at = at + 1, at + body[at + 1] + 3
            quantity = amounts[text[start:at]]
            start, at = at, at + body[at] + 2
            entry_price = amounts[text[start:at]]
            start, at = at, at + body[at] + 2
            unrealized_pnl = amounts[text[start:at]]
            (opened_at,) = _OPENED(body, at)
            at += 8
            if quantity < 0:
                raise ValueError
            position = PositionState(
                id=position_id if position_id.isascii() else _utf8(position_id),
                symbol=symbol if symbol.isascii() else _utf8(symbol),
                side=side,
                quantity=quantity,
                entry_price=entry_price,
                unrealized_pnl=unrealized_pnl,
                opened_at=opened_at,
            )
        except NOT_ORDINARY:
            reader.at = marks[-1]
            position = reader.position()
            at = reader.at
        positions.append(position)
        marks.append(at)
    reader.at = at
    return positions, marks


def _orders(reader: FieldReader, text: str, count: int, amounts: _Amounts) -> tuple[list[OrderState], list[int]]:
    body, at = reader.body, reader.at
    orders: list[OrderState] = []
    marks = [at]
    symbols: dict[str, str] = {}
    for _ in range(count):
        try:
            start = at + 2
            at = start + body[at] + body[at + 1] * 256
            order_id = text[start:at]
            start = at + 2
            at = start + body[at] + body[at + 1] * 256
            client_order_id = text[start:at]
            start = at + 2
            at = start + body[at] + body[at + 1] * 256
            symbol = text[start:at]
            side, order_type = SIDES[body[at]], ORDER_TYPES[body[at + 1]]
            start, at = at + 2, at + body[at + 2] + 4
            quantity = amounts[text[start:at]]
            start, at = at, at + body[at] + 2
            filled_quantity = amounts[text[start:at]]
            has_price, size = _FLAG_SIZE(body, at)
            if has_price == 1:
                start = at + 3
                at = start + size
                price = ordinary_amount(text[start:at])
            elif has_price == 0:
                price = None
                at += 1
            else:
                raise ValueError
            status, created_at = _STATUS_CREATED(body, at)
            at += 9
            order = OrderState(
                id=order_id if order_id.isascii() else _utf8(order_id),
                client_order_id=client_order_id if client_order_id.isascii() else _utf8(client_order_id),
                symbol=symbols.setdefault(symbol, symbol) if symbol.isascii() else _utf8(symbol),
                side=side,
                order_type=order_type,
                quantity=quantity,
                filled_quantity=filled_quantity,
                price=price,
                status=STATUSES[status],
                created_at=created_at,
            )
        except NOT_ORDINARY:
            reader.at = marks[-1]
            order = reader.order()
            at = reader.at
        orders.append(order)
        marks.append(at)
    reader.at = at
    return orders, marks


def _strategies(reader: FieldReader, count: int) -> tuple[list[StrategyState], list[int]]:
    strategies, marks = [], [reader.at]
    for _ in range(count):
        strategies.append(reader.strategy())
        marks.append(reader.at)
    return strategies, marks


class _Amounts(dict[str, Decimal]):
    """Amounts by their whole field, length included, each read when it first appears.

    The loops cut a field by the lower byte of its length alone: a longer one is never found here, and refused.
    """

    def __missing__(self, field: str) -> Decimal:
        if field[1] != "\0":
            raise ValueError(field)
        value = ordinary_amount(field[2:])
        if len(self) < _REMEMBERED:
            self[field] = value
        return value


def ordinary_amount(text: str) -> Decimal:
    """A finite decimal in its canonical form. Raises one of NOT_ORDINARY."""
    value = Decimal(text)
    if canonical(value) != text or not value.is_finite():
        raise ValueError(text)
    return value


def _utf8(text: str) -> str:
    return text.encode("latin-1").decode()
