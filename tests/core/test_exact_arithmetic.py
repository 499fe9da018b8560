"""Money and quantities of more digits than Python's arithmetic keeps are added, subtracted and turned without losing one."""

from __future__ import annotations

from decimal import Decimal

import pytest
import strategies as make
from recovery_builders import LATER, MONEY, leg, live, lookup, market, only_order, only_position, plan_of, snapshot
from strategies import T0

from crashdesk.contracts import Contract
from crashdesk.exact import difference, negative, product, total
from crashdesk.exchange.records import LookupStatus, Trade
from crashdesk.reconcile.filled_since import filled_since
from crashdesk.reconcile.legs import known_legs, live_legs
from crashdesk.reconcile.records import PositionVerdictKind
from crashdesk.report_lines import _sum
from crashdesk.state import OrderStatus, Side

LONG = Decimal("123456789012345678.123456789012345678")
"""Thirty-six digits: an integer part of a meme coin's order of magnitude, a token's eighteen decimals."""
LAST = Decimal("0.000000000000000001")


def test_nothing_is_rounded() -> None:
    assert difference(LONG, LAST) == Decimal("123456789012345678.123456789012345677")
    assert total((LONG, LAST)) == Decimal("123456789012345678.123456789012345679")
    assert total(()) == 0
    assert str(negative(LONG)) == f"-{LONG}"
    assert product(LONG, Decimal(1000)) == Decimal("123456789012345678123.456789012345678")
    assert difference(LONG, LAST) != (LONG - LAST), "Python's own would have rounded"


def test_what_filled_since_is_told_to_its_last_digit() -> None:
    known = make.order(quantity=LONG, filled_quantity=LAST)
    now = live(amount=LONG, filled=LONG)
    assert filled_since(known, now, T0) == Decimal("123456789012345678.123456789012345677")


@pytest.mark.parametrize("side", list(Side))
def test_a_position_that_differs_in_its_last_digit_differs(side: Side) -> None:
    state = make.state(open_orders=(), positions=(make.position(side=side, quantity=LONG),))
    held = leg(side=side, contracts=total((LONG, LAST)))
    verdict = only_position(plan_of(state, snapshot(positions=(held,), markets=(market(amount_step=LAST),))))
    assert verdict.kind is PositionVerdictKind.QUANTITY_DIFFERS
    assert verdict.change == (LAST if side is Side.BUY else -LAST)


def test_several_records_of_a_leg_are_their_exact_sum() -> None:
    records = (make.position(quantity=LONG), make.position(id="p2", quantity=LAST))
    assert [each.quantity for each in known_legs(records).values()] == [total((LONG, LAST))]
    rows = (leg(id="a", contracts=LONG), leg(id="b", contracts=LAST))
    assert [each.contracts for each in live_legs(rows).values()] == [total((LONG, LAST))]


def test_fills_add_up_to_their_last_digit() -> None:
    order = live(status=OrderStatus.FILLED, amount=total((LONG, LAST)), filled=total((LONG, LAST)))
    trades = tuple(
        Trade(id=str(number), order_id=order.id, symbol=order.symbol, amount=amount, price=Decimal(1), at=LATER)
        for number, amount in enumerate((LONG, LAST))
    )
    state = make.state(open_orders=(make.order(quantity=total((LONG, LAST))),), positions=())
    told = only_order(plan_of(state, snapshot(lookups=(lookup(LookupStatus.FOUND, order, trades=trades),))))
    assert "add up to" not in "\n".join(item.text for item in told.evidence)


def test_contracts_are_as_many_coins_as_they_are() -> None:
    assert Contract(size=Decimal("0.1"), unit="X").coins(LONG) == Decimal("12345678901234567.8123456789012345678")


def test_a_change_of_money_is_told_to_its_last_digit() -> None:
    assert _sum("equity", LONG, LAST, MONEY.currency).endswith("+123456789012345678.123456789012345677)")
