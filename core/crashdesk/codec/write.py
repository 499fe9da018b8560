"""A state, or the records of one that were kept encoded, to a checkpoint's bytes."""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec

from crashdesk.checksum import crc32
from crashdesk.codec.layout import (
    I64,
    MAGIC,
    ORDER_TYPE_CODES,
    SIDES,
    STATUSES,
    U16,
    U32,
    VERSION_PLAIN,
    VERSION_STRATEGIES,
    canonical,
)
from crashdesk.errors import StateError
from crashdesk.state import (
    AccountState,
    OrderState,
    PositionState,
    StrategyState,
    SystemState,
    check_account,
    check_order,
    check_position,
    check_unique,
)

_SIDE_CODES = {side: chr(code) for code, side in enumerate(SIDES)}
_STATUS_CODES = {status: chr(code) for code, status in enumerate(STATUSES)}
_ORDER_TYPE_CODES = {kind: chr(code) for kind, code in ORDER_TYPE_CODES.items()}

# The length before a text, for all lengths below 128: as ASCII as the text must be.
_LENGTHS = tuple(chr(size) + "\0" for size in range(128))

_NOT_ORDINARY = (TypeError, AttributeError, LookupError, UnicodeEncodeError, struct.error)

_Choice = TypeVar("_Choice", bound=enum.Enum)

_finite = Decimal.is_finite


class EncodedState(msgspec.Struct, frozen=True, kw_only=True):
    """A consistent state, every record already in its file form."""

    timestamp: int
    account: bytes
    positions: tuple[bytes, ...]
    orders: tuple[bytes, ...]
    strategies: tuple[bytes, ...]


def encode_account(account: AccountState) -> bytes:
    """The account section. Raises StateError when an amount is not finite or does not fit."""
    check_account(account)
    return b"".join(
        map(
            _decimal,
            (account.equity, account.balance, account.available, account.margin_used, account.unrealized_pnl),
        )
    )


def encode_position(position: PositionState) -> bytes:
    """One position record. Raises StateError when it contradicts itself or does not fit."""
    return _ordinary_position(position) or _any_position(position)


def encode_order(order: OrderState) -> bytes:
    """One order record. Raises StateError when it contradicts itself or does not fit."""
    return _ordinary_order(order) or _any_order(order)


def encode_strategy(strategy: StrategyState) -> bytes:
    """One strategy record. Raises StateError when a value does not fit."""
    if not isinstance(strategy.state_data, bytes | bytearray | memoryview):
        raise StateError(f"the state of strategy {strategy.name!r} is {strategy.state_data!r}; it must be bytes")
    data = bytes(strategy.state_data)
    if len(data) > 0xFFFFFFFF:
        raise StateError(f"the state of strategy {strategy.name!r} is larger than 4 GiB")
    return _text(strategy.name, "strategy name") + U32.pack(len(data)) + data


def assemble(
    *,
    timestamp: int,
    account: bytes,
    positions: Sequence[bytes],
    orders: Sequence[bytes],
    strategies: Sequence[bytes] = (),
    chunk: int = 2000,
) -> Iterator[bytes]:
    """A whole file from encoded records, in pieces of at most `chunk` records, the CRC last.

    Without strategies it is a version 1 file, with them version 2. Raises StateError when the timestamp does not fit.
    """
    version = VERSION_STRATEGIES if strategies else VERSION_PLAIN
    header = MAGIC + U32.pack(version) + _instant(timestamp, "timestamp")
    sections = [
        (header + account + U32.pack(len(positions)), positions, chunk),
        (U32.pack(len(orders)), orders, chunk),
    ]
    if strategies:
        # Of any size each: joining them would stop the other threads for as long as it takes.
        sections.append((U32.pack(len(strategies)), strategies, 1))
    return _with_checksum(sections)


def encode_chunks(state: SystemState) -> Iterator[bytes]:
    """The file of `state` in pieces. Raises StateError when the state contradicts itself or does not fit."""
    chunks = assemble(
        timestamp=state.timestamp,
        account=encode_account(state.account),
        positions=[encode_position(position) for position in state.positions],
        orders=[encode_order(order) for order in state.open_orders],
        strategies=[encode_strategy(strategy) for strategy in state.strategy_states or ()],
    )
    check_unique(state)
    return chunks


def encode(state: SystemState) -> bytes:
    """The bytes of `state`'s checkpoint file. Raises StateError as `encode_chunks`."""
    return b"".join(encode_chunks(state))


def _with_checksum(sections: Sequence[tuple[bytes, Sequence[bytes], int]]) -> Iterator[bytes]:
    crc = 0
    for head, records, chunk in sections:
        crc = crc32(head, crc)
        yield head
        for start in range(0, len(records), chunk):
            piece = b"".join(records[start : start + chunk])
            crc = crc32(piece, crc)
            yield piece
    yield U32.pack(crc)


def _ordinary_position(position: PositionState) -> bytes | None:
    """The record where all its texts are short and ASCII and its values right; None for any other."""
    name, symbol = position.id, position.symbol
    try:
        if not (_finite(position.quantity) and _finite(position.entry_price) and _finite(position.unrealized_pnl)):
            return None
        quantity, entry_price = canonical(position.quantity), canonical(position.entry_price)
        pnl = canonical(position.unrealized_pnl)
        if quantity.startswith("-"):
            return None
        # fmt: off
        text = "".join((
            _LENGTHS[len(name)], name, _LENGTHS[len(symbol)], symbol, _SIDE_CODES[position.side],
            _LENGTHS[len(quantity)], quantity, _LENGTHS[len(entry_price)], entry_price, _LENGTHS[len(pnl)], pnl,
        ))
        # fmt: on
        return text.encode("ascii") + I64.pack(position.opened_at)
    except _NOT_ORDINARY:
        return None


def _ordinary_order(order: OrderState) -> bytes | None:
    """The record where all its texts are short and ASCII and its values right; None for any other."""
    name, client_name, symbol = order.id, order.client_order_id, order.symbol
    try:
        if not (_finite(order.quantity) and _finite(order.filled_quantity)):
            return None
        quantity, filled = canonical(order.quantity), canonical(order.filled_quantity)
        price = "\0"
        if order.price is not None:
            if not _finite(order.price):
                return None
            price = canonical(order.price)
            price = "\1" + _LENGTHS[len(price)] + price
        # fmt: off
        text = "".join((
            _LENGTHS[len(name)], name, _LENGTHS[len(client_name)], client_name, _LENGTHS[len(symbol)], symbol,
            _SIDE_CODES[order.side], _ORDER_TYPE_CODES[order.order_type],
            _LENGTHS[len(quantity)], quantity, _LENGTHS[len(filled)], filled, price, _STATUS_CODES[order.status],
        ))
        # fmt: on
        return text.encode("ascii") + I64.pack(order.created_at)
    except _NOT_ORDINARY:
        return None


def _any_position(position: PositionState) -> bytes:
    check_position(position)
    return b"".join(
        (
            _text(position.id, "position id"),
            _text(position.symbol, "symbol"),
            _code(_SIDE_CODES, position.side, "side"),
            _decimal(position.quantity),
            _decimal(position.entry_price),
            _decimal(position.unrealized_pnl),
            _instant(position.opened_at, "opened_at"),
        )
    )


def _any_order(order: OrderState) -> bytes:
    check_order(order)
    price = b"\0" if order.price is None else b"\1" + _decimal(order.price)
    return b"".join(
        (
            _text(order.id, "order id"),
            _text(order.client_order_id, "client order id"),
            _text(order.symbol, "symbol"),
            _code(_SIDE_CODES, order.side, "side"),
            _code(_ORDER_TYPE_CODES, order.order_type, "order type"),
            _decimal(order.quantity),
            _decimal(order.filled_quantity),
            price,
            _code(_STATUS_CODES, order.status, "order status"),
            _instant(order.created_at, "created_at"),
        )
    )


def _text(value: str, label: str) -> bytes:
    if not isinstance(value, str):
        raise StateError(f"{label} is {value!r}; it must be text")
    try:
        raw = value.encode()
    except UnicodeEncodeError as error:
        raise StateError(f"{label} {value!r} is no valid Unicode text: {error.reason}") from None
    if len(raw) > 0xFFFF:
        raise StateError(f"{label} is {len(raw)} bytes long; a checkpoint takes at most 65535")
    return U16.pack(len(raw)) + raw


def _decimal(value: Decimal) -> bytes:
    raw = canonical(value).encode("ascii")
    if len(raw) > 0xFFFF:
        raise StateError(f"an amount of {len(raw)} digits does not fit; a checkpoint takes at most 65535")
    return U16.pack(len(raw)) + raw


def _instant(value: int, label: str) -> bytes:
    try:
        return I64.pack(value)
    except struct.error:
        raise StateError(f"{label} {value!r} is no time in UNIX nanoseconds that fits 64 bits") from None


def _code(codes: Mapping[_Choice, str], value: _Choice, label: str) -> bytes:
    try:
        return codes[value].encode("latin-1")
    except (KeyError, TypeError):
        raise StateError(f"{label} is {value!r}; it must be one of {', '.join(map(str, codes))}") from None
