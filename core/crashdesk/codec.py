"""ZQCK bytes to SystemState and back; ``resources/format.md`` is the specification.

A record's bytes do not depend on its neighbours, so `encode_order` and `encode_position` can be kept per record and
joined by `assemble` without encoding anything again.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

import msgspec

from crashdesk.checksum import crc32
from crashdesk.errors import (
    ChecksumMismatch,
    MalformedCheckpoint,
    NewerVersion,
    NotACheckpoint,
    StateError,
)
from crashdesk.state import (
    AccountState,
    OrderState,
    OrderStatus,
    OrderType,
    PositionState,
    Side,
    StrategyState,
    SystemState,
    check_account,
    check_order,
    check_position,
    check_unique,
    validate_state,
)

MAGIC = b"ZQCK"
VERSION_PLAIN = 1
VERSION_STRATEGIES = 2

_HEADER = struct.Struct("<4sIq")
_U16 = struct.Struct("<H")
_U32 = struct.Struct("<I")
_I64 = struct.Struct("<q")

_SIDES = (Side.BUY, Side.SELL)
_STATUSES = tuple(OrderStatus)
_TYPE_CODES = {kind: 255 if kind is OrderType.OTHER else code for code, kind in enumerate(OrderType)}
_TYPES = {code: kind for kind, code in _TYPE_CODES.items()}
_SIDE_BYTES = {side: bytes([code]) for code, side in enumerate(_SIDES)}
_STATUS_BYTES = {status: bytes([code]) for code, status in enumerate(_STATUSES)}
_TYPE_BYTES = {kind: bytes([code]) for kind, code in _TYPE_CODES.items()}

_Choice = TypeVar("_Choice", bound=enum.Enum)

# The least bytes that one record can take: counts beyond what could fit are refused before anything is allocated.
_LEAST_POSITION = 2 + 2 + 1 + 3 * (2 + 1) + 8
_LEAST_ORDER = 3 * 2 + 1 + 1 + 2 * (2 + 1) + 1 + 1 + 8
_LEAST_STRATEGY = 2 + 4


class FileHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What the first 16 bytes of a checkpoint say."""

    version: int
    timestamp: int


def _text(value: str, label: str) -> bytes:
    if not isinstance(value, str):
        raise StateError(f"{label} is {value!r}; it must be text")
    try:
        raw = value.encode()
    except UnicodeEncodeError as error:
        raise StateError(f"{label} {value!r} is no valid Unicode text: {error.reason}") from None
    if len(raw) > 0xFFFF:
        raise StateError(f"{label} is {len(raw)} bytes long; a checkpoint takes at most 65535")
    return _U16.pack(len(raw)) + raw


def _canonical(value: Decimal) -> str:
    # A decimal context may ask for a small e; the format does not.
    return str(value).upper()


def _decimal(value: Decimal) -> bytes:
    raw = _canonical(value).encode("ascii")
    if len(raw) > 0xFFFF:
        raise StateError(f"an amount of {len(raw)} digits does not fit; a checkpoint takes at most 65535")
    return _U16.pack(len(raw)) + raw


def _instant(value: int, label: str) -> bytes:
    try:
        return _I64.pack(value)
    except struct.error:
        raise StateError(f"{label} {value!r} is no time in UNIX nanoseconds that fits 64 bits") from None


def _code(codes: Mapping[_Choice, bytes], value: _Choice, label: str) -> bytes:
    try:
        return codes[value]
    except (KeyError, TypeError):
        raise StateError(f"{label} is {value!r}; it must be one of {', '.join(map(str, codes))}") from None


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
    check_position(position)
    return b"".join(
        (
            _text(position.id, "position id"),
            _text(position.symbol, "symbol"),
            _code(_SIDE_BYTES, position.side, "side"),
            _decimal(position.quantity),
            _decimal(position.entry_price),
            _decimal(position.unrealized_pnl),
            _instant(position.opened_at, "opened_at"),
        )
    )


def encode_order(order: OrderState) -> bytes:
    """One order record. Raises StateError when it contradicts itself or does not fit."""
    check_order(order)
    price = b"\0" if order.price is None else b"\1" + _decimal(order.price)
    return b"".join(
        (
            _text(order.id, "order id"),
            _text(order.client_order_id, "client order id"),
            _text(order.symbol, "symbol"),
            _code(_SIDE_BYTES, order.side, "side"),
            _code(_TYPE_BYTES, order.order_type, "order type"),
            _decimal(order.quantity),
            _decimal(order.filled_quantity),
            price,
            _code(_STATUS_BYTES, order.status, "order status"),
            _instant(order.created_at, "created_at"),
        )
    )


def encode_strategy(strategy: StrategyState) -> bytes:
    """One strategy record. Raises StateError when a value does not fit."""
    if not isinstance(strategy.state_data, bytes | bytearray | memoryview):
        raise StateError(f"the state of strategy {strategy.name!r} is {strategy.state_data!r}; it must be bytes")
    data = bytes(strategy.state_data)
    if len(data) > 0xFFFFFFFF:
        raise StateError(f"the state of strategy {strategy.name!r} is larger than 4 GiB")
    return _text(strategy.name, "strategy name") + _U32.pack(len(data)) + data


def assemble(
    *,
    timestamp: int,
    account: bytes,
    positions: Sequence[bytes],
    orders: Sequence[bytes],
    strategies: Sequence[bytes] = (),
    chunk: int = 500,
) -> Iterator[bytes]:
    """A whole file from encoded records, in pieces of at most `chunk` records, the CRC last.

    Without strategies it is a version 1 file, with them version 2. Raises StateError when the timestamp does not fit.
    """
    version = VERSION_STRATEGIES if strategies else VERSION_PLAIN
    header = MAGIC + _U32.pack(version) + _instant(timestamp, "timestamp")
    sections = [(header + account + _U32.pack(len(positions)), positions), (_U32.pack(len(orders)), orders)]
    if strategies:
        sections.append((_U32.pack(len(strategies)), strategies))
    return _with_checksum(sections, chunk)


def _with_checksum(sections: Sequence[tuple[bytes, Sequence[bytes]]], chunk: int) -> Iterator[bytes]:
    crc = 0
    for head, records in sections:
        crc = crc32(head, crc)
        yield head
        for start in range(0, len(records), chunk):
            piece = b"".join(records[start : start + chunk])
            crc = crc32(piece, crc)
            yield piece
    yield _U32.pack(crc)


def encode_chunks(state: SystemState) -> Iterator[bytes]:
    """The file of `state` in pieces. Raises StateError when the state contradicts itself or does not fit."""
    check_unique(state)
    return assemble(
        timestamp=state.timestamp,
        account=encode_account(state.account),
        positions=[encode_position(position) for position in state.positions],
        orders=[encode_order(order) for order in state.open_orders],
        strategies=[encode_strategy(strategy) for strategy in state.strategy_states or ()],
    )


def encode(state: SystemState) -> bytes:
    """The bytes of `state`'s checkpoint file. Raises StateError as `encode_chunks`."""
    return b"".join(encode_chunks(state))


def read_header(data: bytes) -> FileHeader:
    """Version and timestamp from the first 16 bytes, unchecked.

    Raises NotACheckpoint, NewerVersion or MalformedCheckpoint.
    """
    if data[:4] != MAGIC:
        raise NotACheckpoint(
            f"this is no checkpoint: it starts with {bytes(data[:4])!r} instead of {MAGIC!r}"
            if data
            else "this is no checkpoint: the file is empty"
        )
    if len(data) < _HEADER.size:
        raise MalformedCheckpoint(f"the file ends after {len(data)} bytes, inside its header")
    _, version, timestamp = _HEADER.unpack_from(data)
    if version not in (VERSION_PLAIN, VERSION_STRATEGIES):
        raise NewerVersion(
            f"written by a newer version of Crashdesk (format version {version}, this one reads 1 and 2): "
            "update Crashdesk to read it"
        )
    return FileHeader(version=version, timestamp=timestamp)


def stored_crc(data: bytes) -> int:
    """The CRC-32 that the last four bytes hold. Raises MalformedCheckpoint when there are none."""
    if len(data) < _HEADER.size + 4:
        raise MalformedCheckpoint(f"the file ends after {len(data)} bytes, before its checksum")
    return int(_U32.unpack_from(data, len(data) - 4)[0])


def decode(data: bytes) -> SystemState:
    """The state in a checkpoint's bytes.

    Raises NotACheckpoint, NewerVersion, ChecksumMismatch or MalformedCheckpoint, and nothing else, whatever the bytes.
    """
    header = read_header(data)
    stored, computed = stored_crc(data), crc32(data[:-4])
    if stored != computed:
        raise ChecksumMismatch(
            f"the checksum does not fit: the file says {stored:08x}, its bytes give {computed:08x}; "
            "it was damaged or cut off"
        )
    reader = _Reader(bytes(data), _HEADER.size, len(data) - 4)
    try:
        state = reader.state(header)
        validate_state(state)
    except StateError as error:
        raise MalformedCheckpoint(f"the content cannot be: {error}") from None
    return state


class _Reader:
    """Walks over the body of one file; every complaint names the byte."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data = data
        self._at = start
        self._end = end

    def state(self, header: FileHeader) -> SystemState:
        try:
            return self._state(header)
        except struct.error:
            raise MalformedCheckpoint(f"the content ends inside a record (near byte {self._at})") from None
        except UnicodeDecodeError:
            raise MalformedCheckpoint(f"a text near byte {self._at} is not UTF-8") from None
        except InvalidOperation:
            raise MalformedCheckpoint(f"an amount near byte {self._at} is no decimal number") from None

    def _state(self, header: FileHeader) -> SystemState:
        account = AccountState(
            equity=self._amount(),
            balance=self._amount(),
            available=self._amount(),
            margin_used=self._amount(),
            unrealized_pnl=self._amount(),
        )
        positions = tuple(self._position() for _ in range(self._count(_LEAST_POSITION, "positions")))
        orders = tuple(self._order() for _ in range(self._count(_LEAST_ORDER, "orders")))
        strategies: tuple[StrategyState, ...] | None = None
        if header.version == VERSION_STRATEGIES:
            strategies = tuple(self._strategy() for _ in range(self._count(_LEAST_STRATEGY, "strategies")))
        if self._at != self._end:
            raise MalformedCheckpoint(f"{self._end - self._at} bytes too many stand before the checksum")
        return SystemState(
            timestamp=header.timestamp,
            account=account,
            positions=positions,
            open_orders=orders,
            strategy_states=strategies,
        )

    def _take(self, size: int) -> bytes:
        start, end = self._at, self._at + size
        if end > self._end:
            raise MalformedCheckpoint(f"a field at byte {start} says {size} bytes; only {self._end - start} are left")
        self._at = end
        return self._data[start:end]

    def _text(self) -> str:
        return self._take(int.from_bytes(self._take(2), "little")).decode()

    def _amount(self) -> Decimal:
        text = self._text()
        value = Decimal(text)
        if not value.is_finite() or _canonical(value) != text:
            raise MalformedCheckpoint(f"the amount {text!r} before byte {self._at} is not in canonical decimal form")
        return value

    def _instant(self) -> int:
        return int.from_bytes(self._take(8), "little", signed=True)

    def _count(self, least: int, label: str) -> int:
        count = int.from_bytes(self._take(4), "little")
        if count * least > self._end - self._at:
            raise MalformedCheckpoint(f"{count} {label} cannot be in the {self._end - self._at} bytes that are left")
        return count

    def _code(self, codes: Sequence[object], label: str) -> int:
        code = self._take(1)[0]
        if code >= len(codes):
            raise MalformedCheckpoint(f"byte {self._at - 1}: {code} is no {label}")
        return code

    def _side(self) -> Side:
        return _SIDES[self._code(_SIDES, "side")]

    def _position(self) -> PositionState:
        return PositionState(
            id=self._text(),
            symbol=self._text(),
            side=self._side(),
            quantity=self._amount(),
            entry_price=self._amount(),
            unrealized_pnl=self._amount(),
            opened_at=self._instant(),
        )

    def _order(self) -> OrderState:
        return OrderState(
            id=self._text(),
            client_order_id=self._text(),
            symbol=self._text(),
            side=self._side(),
            order_type=self._order_type(),
            quantity=self._amount(),
            filled_quantity=self._amount(),
            price=self._price(),
            status=_STATUSES[self._code(_STATUSES, "order status")],
            created_at=self._instant(),
        )

    def _order_type(self) -> OrderType:
        code = self._take(1)[0]
        if code not in _TYPES:
            raise MalformedCheckpoint(f"byte {self._at - 1}: {code} is no order type")
        return _TYPES[code]

    def _price(self) -> Decimal | None:
        flag = self._take(1)[0]
        if flag > 1:
            raise MalformedCheckpoint(f"byte {self._at - 1}: {flag} is no price flag (0 or 1)")
        return self._amount() if flag else None

    def _strategy(self) -> StrategyState:
        name = self._text()
        return StrategyState(name=name, state_data=self._take(int.from_bytes(self._take(4), "little")))
