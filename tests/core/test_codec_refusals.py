"""What is no valid ZQCK state is refused with one of our errors, when it is read and when it is written."""

from __future__ import annotations

import struct
import tracemalloc
from decimal import Decimal

import pytest
import strategies as make
from golden_bytes import GOLDEN_1, GOLDEN_2, GOLDEN_BODY, GOLDEN_STATE, amount, sealed, with_strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.codec import decode, encode, encode_account, encode_order, encode_position
from crashdesk.errors import ChecksumMismatch, CodecError, MalformedCheckpoint, NewerVersion, NotACheckpoint, StateError
from crashdesk.state import StrategyState, SystemState


@pytest.mark.scenario(60, 61)
def test_every_flipped_bit_and_every_cut_is_refused() -> None:
    data = encode(with_strategies(GOLDEN_STATE))
    for bit in range(len(data) * 8):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CodecError):
            decode(bytes(damaged))
    for size in range(len(data)):
        with pytest.raises(CodecError):
            decode(data[:size])


@settings(max_examples=500)
@given(st.data())
def test_content_changed_under_a_right_checksum_is_refused_or_valid(data: st.DataObject) -> None:
    body = bytearray(GOLDEN_2)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(8, len(body) - 1))
        new = data.draw(
            st.sampled_from([b"", b"\0", b"\x01", b"\xff", b"E", b"-", b"\xff\xff"]) | st.binary(max_size=4)
        )
        body[at : at + data.draw(st.integers(0, 4))] = new
    try:
        state = decode(sealed(bytes(body)))
    except CodecError:
        return
    assert repr(decode(encode(state))) == repr(state)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_our_errors(data: bytes) -> None:
    for candidate in (
        data,
        b"ZQCK" + data,
        sealed(b"ZQCK\x01\x00\x00\x00" + data),
        sealed(b"ZQCK\x02\x00\x00\x00" + data),
    ):
        with pytest.raises(CodecError):
            decode(candidate)


@pytest.mark.parametrize("section", ["positions", "orders", "strategies"])
def test_an_impossible_count_is_refused_before_memory_is_taken(section: str) -> None:
    head = b"ZQCK\x02\x00\x00\x00" + bytes(8) + b"\x01\x000" * 5
    counts = {"positions": 0, "orders": 1, "strategies": 2}[section]
    data = sealed(head + bytes(4) * counts + struct.pack("<I", 4_000_000_000) + bytes(4) * 2)
    tracemalloc.start()
    try:
        with pytest.raises(MalformedCheckpoint, match=f"4000000000 {section}"):
            decode(data)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


NOT_CANONICAL = [
    "1_0250.50", " 10250.50", "10250.50 ", "+10250.50", "010250.50", ".5", "5.", "1e5", "1E5", "1E+05", "1.E+5", "100E+2",
    "0.0000001", "1E+0", "1E-1", "٣", "१२", "NaN", "sNaN", "NaN5", "Infinity", "-Infinity", "-inf", "", "-", "E+5", "0x10", "1,5",
    "１", "--1", "1\n", "1\0", "1E+1000000000000000000", "1E-1999999999999999998",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_CANONICAL)
def test_an_amount_has_one_way_to_be_written(text: str) -> None:
    data = sealed(GOLDEN_1.replace(amount("10250.50"), amount(text), 1))
    with pytest.raises(MalformedCheckpoint):
        decode(data)


@pytest.mark.parametrize("text", ["1E+5", "-0", "-0E+3", "0.000001", "1E-7", "0E-7", "1.00", "1E+999999999999999999"])
def test_an_amount_in_its_canonical_form_is_taken(text: str) -> None:
    assert str(decode(sealed(GOLDEN_1.replace(amount("10250.50"), amount(text), 1))).account.equity) == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"\x00\xe6\xb3\xa8\x00", b"\x00\xe6\xb3\xa8\x02", id="side 2"),
        pytest.param(b"\xa8\x00\x03", b"\xa8\x00\x07", id="order type 7"),
        pytest.param(b"\xa8\x00\x03", b"\xa8\x00\xfe", id="order type 254"),
        pytest.param(b"1.5\x00\x06", b"1.5\x00\x07", id="status 7"),
        pytest.param(b"1.5\x00\x06", b"1.5\x02\x06", id="price flag 2"),
        pytest.param(b"\x01\x008\x01\x00c", b"\x01\x007\x01\x00c", id="duplicate order id"),
        pytest.param(b"\xe6\xb3\xa8", b"\xe6\xb3\x28", id="not UTF-8"),
        pytest.param(b"\xe6\xb3\xa8", b"\xed\xa0\x80", id="a surrogate"),
        pytest.param(b"\x01\x01\x002", b"\x01\x02\x00-2", id="negative position quantity"),
        pytest.param(b"\x02\x00\x00\x00\x01\x007", b"\x01\x00\x00\x00\x01\x007", id="one order less than there are"),
        pytest.param(b"\x02\x00\x00\x00\x01\x007", b"\x03\x00\x00\x00\x01\x007", id="one order more than there are"),
    ],
)
def test_what_cannot_be_is_refused_though_its_checksum_is_right(old: bytes, new: bytes) -> None:
    assert GOLDEN_1.count(old) == 1
    with pytest.raises(MalformedCheckpoint):
        decode(sealed(GOLDEN_1.replace(old, new)))


def test_bytes_after_the_content_are_refused() -> None:
    with pytest.raises(MalformedCheckpoint, match="1 bytes too many"):
        decode(sealed(GOLDEN_1 + b"\0"))
    with pytest.raises(ChecksumMismatch):
        decode(encode(GOLDEN_STATE) + b"\0")
    # A strategy section has no place in version 1.
    with pytest.raises(MalformedCheckpoint, match="too many"):
        decode(sealed(GOLDEN_2.replace(b"K\x02", b"K\x01")))


def test_each_kind_of_refusal_has_its_own_error() -> None:
    data = encode(GOLDEN_STATE)
    with pytest.raises(NotACheckpoint, match="empty"):
        decode(b"")
    with pytest.raises(NotACheckpoint):
        decode(b"PK\x03\x04" + data[4:])
    for version in (3, 2**32 - 1):
        with pytest.raises(NewerVersion, match="newer version"):
            decode(sealed(b"ZQCK" + struct.pack("<I", version) + GOLDEN_BODY))
    # A version number that was damaged is damage: nobody has to wait for an update.
    with pytest.raises(ChecksumMismatch):
        decode(data[:4] + struct.pack("<I", 3) + data[8:])
    with pytest.raises(MalformedCheckpoint, match="version is 0"):
        decode(sealed(b"ZQCK" + struct.pack("<I", 0) + GOLDEN_BODY))
    with pytest.raises(ChecksumMismatch, match="damaged or cut off"):
        decode(data[:-5] + data[-4:])
    with pytest.raises(MalformedCheckpoint, match="inside its header"):
        decode(data[:10])


LONG = "é" * 32_768  # 65,536 bytes


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(make.state(open_orders=(make.order(id=LONG),)), id="order id of 65,536 bytes"),
        pytest.param(make.state(positions=(make.position(symbol=LONG),)), id="symbol of 65,536 bytes"),
        pytest.param(make.state(account=make.account(equity=Decimal("1" * 65_536))), id="amount of 65,536 digits"),
        pytest.param(make.state(open_orders=(make.order(client_order_id="\ud800"),)), id="lone surrogate"),
        pytest.param(make.state(timestamp=2**63), id="timestamp beyond 64 bits"),
        pytest.param(make.state(timestamp=1_700_000_000.5), id="timestamp as float"),
        pytest.param(make.state(open_orders=(make.order(created_at=-(2**63) - 1),)), id="created_at beyond 64 bits"),
        pytest.param(make.state(positions=(make.position(opened_at=None),)), id="no opened_at"),
        pytest.param(make.state(account=make.account(equity=Decimal("NaN"))), id="NaN"),
        pytest.param(make.state(account=make.account(equity=Decimal("sNaN"))), id="signalling NaN"),
        pytest.param(make.state(open_orders=(make.order(price=Decimal("Infinity")),)), id="Infinity"),
        pytest.param(make.state(open_orders=(make.order(price=0.1),)), id="float"),
        pytest.param(make.state(open_orders=(make.order(id=8389765),)), id="number as id"),
        pytest.param(make.state(open_orders=(make.order(side="buy"),)), id="side as text"),
        pytest.param(make.state(open_orders=(make.order(order_type="limit"),)), id="order type as text"),
        pytest.param(make.state(open_orders=(make.order(status=None),)), id="no status"),
        pytest.param(make.state(positions=(make.position(side="long"),)), id="position side as text"),
        pytest.param(make.state(positions=(make.position(quantity=Decimal("-1")),)), id="negative quantity"),
        pytest.param(make.state(positions=(make.position(), make.position())), id="position twice"),
        pytest.param(make.state(open_orders=(make.order(), make.order())), id="order twice"),
        pytest.param(make.state(strategy_states=(StrategyState(name="a", state_data=b""),) * 2), id="strategy twice"),
        pytest.param(
            make.state(strategy_states=(StrategyState(name="a", state_data=5),)), id="number as strategy data"
        ),
        pytest.param(
            make.state(strategy_states=(StrategyState(name="a", state_data="x"),)), id="text as strategy data"
        ),
    ],
)
def test_a_state_that_cannot_be_stored_is_refused(state: SystemState) -> None:
    with pytest.raises(StateError):
        encode(state)


def test_a_record_that_is_kept_encoded_was_checked() -> None:
    for refused in (
        lambda: encode_account(make.account(available=Decimal("NaN"))),
        lambda: encode_position(make.position(quantity=Decimal("-1"))),
        lambda: encode_order(make.order(price=0.1)),
    ):
        with pytest.raises(StateError):
            refused()
