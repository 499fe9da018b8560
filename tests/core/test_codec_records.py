"""Single records and summaries of ZQCK bytes say what the whole state says, and are refused as it is."""

from __future__ import annotations

from decimal import Decimal

import pytest
import strategies as make
from golden_bytes import CRC_1, CRC_2, GOLDEN_1, GOLDEN_2, GOLDEN_STATE, amount, sealed, with_strategies

from crashdesk.codec import (
    StateSummary,
    decode,
    decode_account,
    decode_order,
    decode_position,
    decode_strategy,
    decode_with_records,
    encode_account,
    encode_order,
    encode_position,
    encode_strategy,
    summarise,
)
from crashdesk.errors import ChecksumMismatch, CodecError, MalformedCheckpoint, NewerVersion, NotACheckpoint
from crashdesk.state import Side, StrategyState


def test_each_record_comes_with_its_own_bytes() -> None:
    state, kept = decode_with_records(GOLDEN_2 + CRC_2)
    assert repr(state) == repr(with_strategies(GOLDEN_STATE))
    assert kept.timestamp == state.timestamp
    assert kept.account == encode_account(state.account)
    assert kept.positions == tuple(map(encode_position, state.positions))
    assert kept.orders == tuple(map(encode_order, state.open_orders))
    assert kept.strategies == (encode_strategy(StrategyState(name="grid", state_data=b"\x00\xff\n")),)
    assert decode_with_records(GOLDEN_1 + CRC_1)[1].strategies == ()


def test_a_single_record_is_read_from_its_bytes_and_no_others() -> None:
    state, kept = decode_with_records(GOLDEN_2 + CRC_2)
    for read, raw, record in (
        (decode_account, kept.account, state.account),
        (decode_position, kept.positions[0], state.positions[0]),
        (decode_order, kept.orders[0], state.open_orders[0]),
        (decode_order, kept.orders[1], state.open_orders[1]),
        (decode_strategy, kept.strategies[0], with_strategies(state).strategy_states[0]),
    ):
        assert repr(read(raw)) == repr(record)
        with pytest.raises(MalformedCheckpoint, match="1 bytes too many"):
            read(raw + b"\0")
        for size in range(len(raw)):
            with pytest.raises(MalformedCheckpoint):
                read(raw[:size])


def test_a_single_record_that_contradicts_itself_is_refused() -> None:
    position = encode_position(make.position(quantity=Decimal("2")))
    with pytest.raises(MalformedCheckpoint, match="negative"):
        decode_position(position.replace(amount("2"), amount("-2")))
    order = encode_order(make.order(quantity=Decimal("0.010")))
    for text in ("1e5", "NaN", "00", "١"):
        with pytest.raises(MalformedCheckpoint, match="amount"):
            decode_order(order.replace(amount("0.010"), amount(text)))


@pytest.mark.parametrize(("data", "strategies"), [(GOLDEN_1 + CRC_1, 0), (GOLDEN_2 + CRC_2, 1)])
def test_a_summary_says_what_the_state_holds(data: bytes, strategies: int) -> None:
    summary = summarise(data)
    assert summary == StateSummary(
        timestamp=1_700_000_000_123_456_789,
        equity=Decimal("10250.50"),
        unrealized_pnl=Decimal("-0.0"),
        quantities=(("BTC", Side.SELL, Decimal("2")),),
        orders=2,
        strategies=strategies,
    )
    assert str(summary.equity) == "10250.50"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        pytest.param(b"ZQCK", b"ZQCX", NotACheckpoint, id="magic"),
        pytest.param(b"K\x01", b"K\x03", NewerVersion, id="version"),
        pytest.param(amount("10250.50"), amount("1e5"), MalformedCheckpoint, id="equity"),
        pytest.param(b"\x01\x01\x002", b"\x01\x02\x00-2", MalformedCheckpoint, id="negative position quantity"),
        pytest.param(b"\x01\x01\x002", b"\x02\x01\x002", MalformedCheckpoint, id="side 2"),
        pytest.param(b"\x03\x00BTC\x01\x01\x002", b"\x03\x00B\xffC\x01\x01\x002", MalformedCheckpoint, id="not UTF-8"),
        pytest.param(b"\x02\x00\x00\x00\x01\x007", b"\xff\xff\x00\x00\x01\x007", MalformedCheckpoint, id="order count"),
    ],
)
def test_a_summary_is_refused_as_the_state_is(old: bytes, new: bytes, error: type[CodecError]) -> None:
    assert GOLDEN_1.count(old) == 1
    data = sealed(GOLDEN_1.replace(old, new))
    for read in (summarise, decode):
        with pytest.raises(error):
            read(data)
    with pytest.raises(ChecksumMismatch):
        summarise(GOLDEN_1.replace(b"BTC", b"ETH") + CRC_1)
