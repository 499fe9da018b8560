"""What differs between two states: every field, exactly, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import strategies as make
from hypothesis import given

from crashdesk.difference import Change, Section, difference
from crashdesk.state import OrderStatus, StrategyState, SystemState


@given(make.states, make.states)
def test_two_states_differ_in_nothing_exactly_when_they_are_equal_but_for_time_and_order(
    one: SystemState, other: SystemState
) -> None:
    assert difference(one, one) == ()
    alike = (
        one.account == other.account
        and set(one.positions) == set(other.positions)
        and set(one.open_orders) == set(other.open_orders)
        and set(one.strategy_states or ()) == set(other.strategy_states or ())
    )
    assert (difference(one, other) == ()) is alike


@given(make.states, make.states)
def test_the_way_back_is_the_same_way_turned_round(one: SystemState, other: SystemState) -> None:
    turned = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED, Change.CHANGED: Change.CHANGED}
    back = [(row.section, turned[row.change], row.key, row.field, row.new, row.old) for row in difference(other, one)]
    assert back == [(row.section, row.change, row.key, row.field, row.old, row.new) for row in difference(one, other)]


def test_each_difference_is_a_row_with_exact_texts() -> None:
    old = make.state(
        open_orders=(make.order(id="1"), make.order(id="2", price=None)),
        strategy_states=(StrategyState(name="grid", state_data=b"17"),),
    )
    new = msgspec.structs.replace(
        old,
        account=make.account(equity=Decimal("10250.5000001")),
        positions=(),
        open_orders=(
            make.order(id="1", filled_quantity=Decimal("0.00400"), status=OrderStatus.PARTIALLY_FILLED),
            make.order(id="3"),
        ),
        strategy_states=(StrategyState(name="grid", state_data=b"181"),),
    )
    rows = [(row.section, row.change, row.key, row.field, row.old, row.new) for row in difference(old, new)]
    long = "long 0.250 at 36500.1"
    assert rows == [
        (Section.ACCOUNT, Change.CHANGED, "account", "equity", "10250.50", "10250.5000001"),
        (Section.POSITIONS, Change.REMOVED, make.position().id, "", long, ""),
        (Section.ORDERS, Change.CHANGED, "1", "filled_quantity", "0", "0.00400"),
        (Section.ORDERS, Change.CHANGED, "1", "status", "open", "partially_filled"),
        (Section.ORDERS, Change.REMOVED, "2", "", "buy 0.010 at market, 0 filled", ""),
        (Section.ORDERS, Change.ADDED, "3", "", "", "buy 0.010 at 36450.0, 0 filled"),
        (Section.STRATEGIES, Change.CHANGED, "grid", "state_data", "2 bytes", "3 bytes"),
    ]


def test_a_price_that_came_or_went_is_told() -> None:
    priced, unpriced = make.state(open_orders=(make.order(),)), make.state(open_orders=(make.order(price=None),))
    assert [(row.field, row.old, row.new) for row in difference(priced, unpriced)] == [("price", "36450.0", "")]
