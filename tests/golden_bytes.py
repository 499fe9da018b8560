"""Bytes of the format, written down once, and how to seal others."""

from __future__ import annotations

import struct
import zlib
from decimal import Decimal

import strategies as make

from crashdesk.state import AccountState, OrderState, OrderStatus, OrderType, Side, StrategyState, SystemState

GOLDEN_STATE = SystemState(
    timestamp=1_700_000_000_123_456_789,
    account=AccountState(
        equity=Decimal("10250.50"),
        balance=Decimal("1E+4"),
        available=Decimal("0"),
        margin_used=Decimal("1E-7"),
        unrealized_pnl=Decimal("-0.0"),
    ),
    positions=(make.position(id="p1", symbol="BTC", side=Side.SELL, quantity=Decimal("2"), opened_at=-1),),
    open_orders=(
        make.order(id="7", client_order_id="", symbol="注", order_type=OrderType.STOP_LIMIT),
        OrderState(
            id="8",
            client_order_id="c",
            symbol="BTC",
            side=Side.SELL,
            order_type=OrderType.OTHER,
            quantity=Decimal("3"),
            filled_quantity=Decimal("1.5"),
            price=None,
            status=OrderStatus.EXPIRED,
            created_at=2**63 - 1,
        ),
    ),
)
# Written by hand from the format's tables; only the two checksums were computed (by another program).
GOLDEN_BODY = (
    bytes.fromhex("15cd853dfe9c9717")  # 1700000000123456789
    + b"\x08\x0010250.50\x04\x001E+4\x01\x000\x04\x001E-7\x04\x00-0.0"
    + bytes.fromhex("01000000")  # one position
    + b"\x02\x00p1\x03\x00BTC\x01\x01\x002\x07\x0036500.1\x04\x0012.5"
    + bytes.fromhex("ffffffffffffffff")
    + bytes.fromhex("02000000")  # two orders
    + b"\x01\x007\x00\x00\x03\x00\xe6\xb3\xa8\x00\x03\x05\x000.010\x01\x000\x01\x07\x0036450.0\x01"
    + bytes.fromhex("00a8e23df09c9717")
    + b"\x01\x008\x01\x00c\x03\x00BTC\x01\xff\x01\x003\x03\x001.5\x00\x06"
    + bytes.fromhex("ffffffffffffff7f")
)
GOLDEN_1 = b"ZQCK\x01\x00\x00\x00" + GOLDEN_BODY
GOLDEN_2 = b"ZQCK\x02\x00\x00\x00" + GOLDEN_BODY + b"\x01\x00\x00\x00\x04\x00grid\x03\x00\x00\x00\x00\xff\x0a"
CRC_1 = bytes.fromhex("47e05237")
CRC_2 = bytes.fromhex("c5039bfd")


def sealed(body: bytes) -> bytes:
    """A file of `body`, its checksum right."""
    return body + struct.pack("<I", zlib.crc32(body))


def amount(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<H", len(raw)) + raw


def with_strategies(state: SystemState) -> SystemState:
    return SystemState(
        timestamp=state.timestamp,
        account=state.account,
        positions=state.positions,
        open_orders=state.open_orders,
        strategy_states=(StrategyState(name="grid", state_data=b"\x00\xff\n"),),
    )
