"""A second reader and writer of ZQCK, from the description alone: nothing of crashdesk's encodes or decodes here.

What one side writes the other must read, and the dump in resources/format.md must be what both write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.codec import decode, encode
from crashdesk.state import OrderStatus, OrderType, Side, StrategyState, SystemState
from crashdesk.storage.store import StateStore

DOCUMENT = Path(__file__).parents[2] / "resources" / "format.md"

SIDES = {0: "buy", 1: "sell"}
ORDER_TYPES = {
    0: "market",
    1: "limit",
    2: "stop",
    3: "stop_limit",
    4: "take_profit",
    5: "take_profit_limit",
    6: "trailing_stop",
    255: "other",
}
STATUSES = dict(enumerate(["pending", "open", "partially_filled", "filled", "cancelled", "rejected", "expired"]))

# In the order of the file; "price?" is the flag with the price that may follow.
ACCOUNT = dict.fromkeys(("equity", "balance", "available", "margin_used", "unrealized_pnl"), "dec")
POSITION = {
    "id": "str",
    "symbol": "str",
    "side": SIDES,
    "quantity": "dec",
    "entry_price": "dec",
    "unrealized_pnl": "dec",
    "opened_at": "time",
}
ORDER = {
    "id": "str",
    "client_order_id": "str",
    "symbol": "str",
    "side": SIDES,
    "order_type": ORDER_TYPES,
    "quantity": "dec",
    "filled_quantity": "dec",
    "price": "price?",
    "status": STATUSES,
    "created_at": "time",
}
STRATEGY = {"name": "str", "state_data": "blob"}


def checksum(data: bytes) -> int:
    """CRC-32/ISO-HDLC, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xEDB88320 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def decimal_text(negative: bool, coefficient: int, exponent: int) -> str:
    """The one text of an amount, by the rules of the document."""
    digits = str(coefficient)
    adjusted = exponent + len(digits) - 1
    if exponent <= 0 and adjusted >= -6:
        if exponent == 0:
            text = digits
        elif -exponent < len(digits):
            text = f"{digits[:exponent]}.{digits[exponent:]}"
        else:
            text = "0." + "0" * (-exponent - len(digits)) + digits
    else:
        point = "." if len(digits) > 1 else ""
        text = f"{digits[0]}{point}{digits[1:]}E{'-' if adjusted < 0 else '+'}{abs(adjusted)}"
    return ("-" if negative else "") + text


def parse_decimal(text: str) -> tuple[bool, int, int]:
    """(negative, coefficient, exponent) of a canonical text."""
    match = re.fullmatch(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:E([+-][0-9]+))?", text, re.ASCII)
    assert match, text
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", match[4] or "0"
    parts = (sign == "-", int(whole + fraction), int(exponent) - len(fraction))
    assert decimal_text(*parts) == text
    return parts


def length_prefixed(text: str) -> bytes:
    raw = text.encode("utf-8")
    return len(raw).to_bytes(2, "little") + raw


def encoded(kind: Any, value: Any) -> bytes:
    if kind == "str":
        return length_prefixed(value)
    if kind == "dec":
        return length_prefixed(decimal_text(*value))
    if kind == "time":
        return value.to_bytes(8, "little", signed=True)
    if kind == "price?":
        return b"\0" if value is None else b"\1" + encoded("dec", value)
    if kind == "blob":
        return len(value).to_bytes(4, "little") + value
    return bytes([next(code for code, name in kind.items() if name == value)])


def shown(kind: Any, value: Any) -> str:
    if kind == "dec":
        return decimal_text(*value)
    if kind == "price?":
        return "none follows" if value is None else f"follows: {shown('dec', value)}"
    if kind == "blob":
        return f"{len(value)} bytes"
    return f'"{value}"' if kind == "str" else str(value)


def written_record(label: str, layout: dict[str, Any], record: dict[str, Any]) -> Iterator[tuple[bytes, str]]:
    for name, kind in layout.items():
        yield encoded(kind, record[name]), f"{label} {name}: {shown(kind, record[name])}"


def written(plain: dict[str, Any]) -> Iterator[tuple[bytes, str]]:
    """The fields of a file one after the other, each with what it says."""
    version = 2 if plain["strategies"] else 1
    body = [
        (b"ZQCK", 'magic "ZQCK"'),
        (version.to_bytes(4, "little"), f"version {version}"),
        (encoded("time", plain["timestamp"]), f"timestamp: {plain['timestamp']}"),
        *written_record("account", ACCOUNT, plain["account"]),
    ]
    sections = [("position", POSITION), ("order", ORDER), ("strategy", STRATEGY)]
    for label, layout in sections[: 2 if version == 1 else 3]:
        records = plain[{"position": "positions", "order": "orders", "strategy": "strategies"}[label]]
        body.append((len(records).to_bytes(4, "little"), f"{label} count: {len(records)}"))
        for record in records:
            body.extend(written_record(label, layout, record))
    yield from body
    crc = checksum(b"".join(raw for raw, _ in body))
    yield crc.to_bytes(4, "little"), f"checksum: {crc:08x}"


class Reader:
    """Reads a file's fields in order; asserts what the document demands."""

    def __init__(self, data: bytes) -> None:
        assert checksum(data[:-4]) == int.from_bytes(data[-4:], "little")
        self.rest = data[:-4]

    def take(self, size: int) -> bytes:
        assert size <= len(self.rest)
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def field(self, kind: Any) -> Any:
        if kind == "str":
            return self.take(self.number(2)).decode("utf-8")
        if kind == "dec":
            return parse_decimal(self.field("str"))
        if kind == "time":
            return int.from_bytes(self.take(8), "little", signed=True)
        if kind == "price?":
            return [lambda: None, lambda: self.field("dec")][self.number(1)]()
        if kind == "blob":
            return self.take(self.number(4))
        return kind[self.number(1)]

    def record(self, layout: dict[str, Any]) -> dict[str, Any]:
        return {name: self.field(kind) for name, kind in layout.items()}

    def file(self) -> dict[str, Any]:
        assert self.take(4) == b"ZQCK"
        version = self.number(4)
        assert version in (1, 2)
        plain: dict[str, Any] = {"timestamp": self.field("time"), "account": self.record(ACCOUNT)}
        plain["positions"] = [self.record(POSITION) for _ in range(self.number(4))]
        plain["orders"] = [self.record(ORDER) for _ in range(self.number(4))]
        plain["strategies"] = [self.record(STRATEGY) for _ in range(self.number(4))] if version == 2 else []
        assert self.rest == b""
        return plain


def plain_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        sign, digits, exponent = value.as_tuple()
        return bool(sign), int("".join(map(str, digits))), exponent
    return value.value if isinstance(value, Side | OrderType | OrderStatus) else value


def plain_record(record: Any, layout: dict[str, Any]) -> dict[str, Any]:
    return {name: plain_value(getattr(record, name)) for name in layout}


def plain_state(state: SystemState) -> dict[str, Any]:
    """A state as plain tuples, numbers and texts, each amount taken apart."""
    return {
        "timestamp": state.timestamp,
        "account": plain_record(state.account, ACCOUNT),
        "positions": [plain_record(record, POSITION) for record in state.positions],
        "orders": [plain_record(record, ORDER) for record in state.open_orders],
        "strategies": [plain_record(record, STRATEGY) for record in state.strategy_states or ()],
    }


@given(make.states)
def test_each_side_reads_what_the_other_writes(state: SystemState) -> None:
    plain = plain_state(state)
    data = b"".join(raw for raw, _ in written(plain))
    assert encode(state) == data
    assert repr(decode(data)) == repr(state)
    assert Reader(data).file() == plain


@given(make.amounts)
def test_the_documents_decimal_rules_are_the_codecs(amount: Decimal) -> None:
    assert decimal_text(*plain_value(amount)) == str(amount)
    assert parse_decimal(str(amount)) == plain_value(amount)


@given(st.integers(-12, 12), st.integers(0, 10**9), st.booleans())
def test_the_decimal_rules_hold_around_the_change_of_notation(exponent: int, coefficient: int, negative: bool) -> None:
    text = decimal_text(negative, coefficient, exponent)
    assert str(Decimal(text)) == text
    assert plain_value(Decimal(text)) == (negative, coefficient, exponent)


def test_a_stores_file_is_what_the_second_reader_expects(tmp_path: Path) -> None:
    state = make.state(strategy_states=(StrategyState(name="grid", state_data=b"\1"),))
    with StateStore(tmp_path) as store:
        info = store.save(state)
    assert info.name == "checkpoint-000000000001-01700000000000000000.zqck"
    assert Reader(info.path.read_bytes()).file() == plain_state(state)


def test_the_store_loads_what_the_second_writer_wrote(tmp_path: Path) -> None:
    state = make.state(timestamp=5)
    (tmp_path / "checkpoints").mkdir()
    path = tmp_path / "checkpoints" / "checkpoint-000000000007-00000000000000000005.zqck"
    path.write_bytes(b"".join(raw for raw, _ in written(plain_state(state))))
    with StateStore(tmp_path) as store:
        assert store.load_latest() == state
        assert store.save(state).seq == 8


# The document's own example.

EXAMPLE = make.state(
    account=make.account(
        equity=Decimal("100.5"),
        balance=Decimal("1E+2"),
        available=Decimal("0"),
        margin_used=Decimal("1E-7"),
        unrealized_pnl=Decimal("-0.0"),
    ),
    positions=(make.position(id="p1", symbol="BTC/USDT:USDT", side=Side.SELL, quantity=Decimal("2")),),
    open_orders=(make.order(id="7", client_order_id="grid-1", symbol="BTC/USDT:USDT"),),
)
EXAMPLE_STRATEGIES = (StrategyState(name="grid", state_data=b"\x00\xff\n"),)


def dump(fields: list[tuple[bytes, str]], offset: int = 0) -> str:
    """One field a line (continued where it is long): offset, bytes, meaning."""
    lines = []
    for raw, meaning in fields:
        for start in range(0, len(raw), 16):
            text = meaning if start == 0 else ""
            lines.append(f"{offset + start:04x}  {raw[start : start + 16].hex(' '):<47}  {text}".rstrip())
        offset += len(raw)
    return "\n".join(lines)


def documented_dumps() -> tuple[str, str]:
    plain = dump(list(written(plain_state(EXAMPLE))))
    state = make.state(
        account=EXAMPLE.account,
        positions=EXAMPLE.positions,
        open_orders=EXAMPLE.open_orders,
        strategy_states=EXAMPLE_STRATEGIES,
    )
    fields = list(written(plain_state(state)))
    at = next(number for number, (_, meaning) in enumerate(fields) if meaning.startswith("strategy count"))
    return plain, dump(fields[at:], sum(len(raw) for raw, _ in fields[:at]))


def test_the_documents_dumps_are_real_files() -> None:
    document = DOCUMENT.read_text("utf-8")
    blocks = re.findall(r"```hexdump\n(.*?)\n```", document, re.DOTALL)
    assert blocks == list(documented_dumps())
    data = bytes.fromhex("".join(line[6:53] for line in blocks[0].splitlines()))
    assert repr(decode(data)) == repr(EXAMPLE)
    assert f"{len(data)} bytes" in document


@pytest.mark.parametrize(
    ("column", "codes", "enumeration"),
    [(1, SIDES, Side), (2, ORDER_TYPES, OrderType), (3, STATUSES, OrderStatus)],
)
def test_the_documents_codes_are_complete(column: int, codes: dict[int, str], enumeration: Any) -> None:
    rows = re.findall(r"^\| (\d+) \| (\w*) ?\| (\w*) ?\| (\w*) ?\|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert {int(row[0]): row[column] for row in rows if row[column]} == codes
    assert set(codes.values()) == {member.value for member in enumeration}


def test_the_documents_decimal_examples_hold() -> None:
    rows = re.findall(r"^\| ([+−]), (\d+), (−?\d+) \| `([^`]+)` \| (.*) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 8
    for sign, coefficient, exponent, text, wrong in rows:
        parts = (sign == "−", int(coefficient), int(exponent.replace("−", "-")))
        assert decimal_text(*parts) == text == str(Decimal(text))
        for other in re.findall(r"`([^`]+)`", wrong):
            assert other != decimal_text(*parts)
