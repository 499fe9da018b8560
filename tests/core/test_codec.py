"""ZQCK bytes: exact and complete, and those of the format."""

from __future__ import annotations

import decimal
import zlib
from decimal import Decimal

import pytest
import strategies as make
from golden_bytes import CRC_1, CRC_2, GOLDEN_1, GOLDEN_2, GOLDEN_STATE, sealed, with_strategies
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.checksum import crc32, second_crc32
from crashdesk.codec import (
    assemble,
    decode,
    encode,
    encode_account,
    encode_order,
    encode_position,
    read_header,
    summarise,
)
from crashdesk.errors import MalformedCheckpoint
from crashdesk.state import Side, StrategyState, SystemState


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
