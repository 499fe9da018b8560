"""ZQCK bytes: exact, complete, and refused with one of our errors whenever they are anything else."""

from __future__ import annotations

import decimal
import struct
import tracemalloc
import zlib
from decimal import Decimal

import pytest
import strategies as make
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.checksum import crc32, second_crc32
from crashdesk.codec import (
    StateSummary,
    assemble,
    decode,
    decode_account,
    decode_order,
    decode_position,
    decode_strategy,
    decode_with_records,
    encode,
    encode_account,
    encode_order,
    encode_position,
    encode_strategy,
    read_header,
    summarise,
)
from crashdesk.errors import (
    ChecksumMismatch,
    CodecError,
    MalformedCheckpoint,
    NewerVersion,
    NotACheckpoint,
    StateError,
)
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


@given(make.states)
def test_a_state_comes_back_with_every_digit(state: SystemState) -> None:
    data = encode(state)
    again = decode(data)
    # == takes 1.0 for 1 and -0 for 0; the representation does not.
    assert repr(again) == repr(state)
    assert read_header(data).version == (2 if state.strategy_states else 1)


def test_ten_thousand_orders_come_back() -> None:
    state = make.state(open_orders=make.many_orders(10_000))
    assert repr(decode(encode(state))) == repr(state)


def test_the_bytes_are_those_of_the_format() -> None:
    assert encode(GOLDEN_STATE) == GOLDEN_1 + CRC_1
    assert encode(with_strategies(GOLDEN_STATE)) == GOLDEN_2 + CRC_2
    assert repr(decode(GOLDEN_1 + CRC_1)) == repr(GOLDEN_STATE)
    assert repr(decode(GOLDEN_2 + CRC_2)) == repr(with_strategies(GOLDEN_STATE))


def test_no_strategies_are_none_and_version_1() -> None:
    assert make.state(strategy_states=()).strategy_states is None
    assert encode(make.state(strategy_states=())) == encode(make.state(strategy_states=None))
    assert decode(sealed(encode(make.state())[:-4].replace(b"K\x01", b"K\x02", 1) + bytes(4))) == make.state()


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


@given(st.binary(max_size=300), st.integers(0, 300))
def test_two_implementations_agree_on_the_checksum(data: bytes, cut: int) -> None:
    assert crc32(data[cut:], crc32(data[:cut])) == second_crc32(data) == zlib.crc32(data)


def test_the_checksum_is_the_standard_one() -> None:
    assert crc32(b"123456789") == second_crc32(b"123456789") == 0xCBF43926


def test_chunks_do_not_depend_on_their_size() -> None:
    state = make.state(open_orders=make.many_orders(7))
    parts = {
        "timestamp": state.timestamp,
        "account": encode_account(state.account),
        "positions": [encode_position(record) for record in state.positions],
        "orders": [encode_order(record) for record in state.open_orders],
    }
    assert {b"".join(assemble(**parts, chunk=size)) for size in (1, 2, 3, 7, 500)} == {encode(state)}


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


def test_a_text_is_stored_by_its_characters_whatever_its_class_shows() -> None:
    class Shown(str):
        __slots__ = ()

        def __format__(self, spec: str) -> str:
            return f"<{self.upper()}>"

    assert encode_order(make.order(symbol=Shown("BTC"))) == encode_order(make.order(symbol="BTC"))


@pytest.mark.parametrize("size", [31, 32, 127, 128, 255, 256, 257, 511, 512, 65_535])
def test_texts_and_amounts_of_every_length_come_back(size: int) -> None:
    text, amount = "i" * size, Decimal("7" * size)
    state = make.state(
        account=make.account(equity=amount, unrealized_pnl=amount),
        positions=(make.position(id=text), make.position(id="2", symbol=text, quantity=amount, entry_price=amount)),
        open_orders=(
            make.order(id=text, client_order_id=text, symbol=text),
            make.order(quantity=amount, filled_quantity=amount, price=amount),
        ),
        strategy_states=(StrategyState(name=text, state_data=bytes(size)),),
    )
    assert repr(decode(encode(state))) == repr(state)
    assert summarise(encode(state)).quantities[1] == (text, Side.BUY, amount)


def test_five_thousand_different_amounts_come_back() -> None:
    orders = tuple(make.order(id=str(n), quantity=Decimal(n), filled_quantity=Decimal(-n)) for n in range(5000))
    state = make.state(open_orders=orders)
    assert repr(decode(encode(state))) == repr(state)


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


def test_the_longest_text_fits() -> None:
    state = make.state(open_orders=(make.order(id="x" + "é" * 32_767),))
    assert decode(encode(state)) == state


def test_the_decimal_context_of_the_bot_changes_nothing() -> None:
    state = make.state(account=make.account(equity=Decimal("1.2345678E-10"), balance=Decimal("-0E+3")))
    expected = encode(state)
    with decimal.localcontext(decimal.Context(prec=3, capitals=0, Emax=5, Emin=-5, traps=[decimal.Inexact])):
        assert encode(state) == expected
        assert repr(decode(expected).account.equity) == "Decimal('1.2345678e-10')"
        with pytest.raises(MalformedCheckpoint):
            decode(sealed(expected[:-4].replace(b"E-10", b"e-10")))
        with pytest.raises(MalformedCheckpoint):
            decode(sealed(expected[:-4].replace(b"1.2345678E-10", b"not a number!")))
