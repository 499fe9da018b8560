"""A stop behind the price at which the exchange liquidates stops no loss: nobody calls the position covered by it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import strategies as make
from recovery_builders import leg, only_position, plan_of, snapshot, stop

from crashdesk.reconcile.stop_cover import StopJudgement, judge_stops
from crashdesk.state import OrderType, Side

NOTHING = make.state(open_orders=(), positions=())
SHORT_STOP = {"side": Side.BUY, "trigger_price": Decimal(39000)}


@pytest.mark.parametrize(
    ("position", "order", "judged"),
    [
        ({"liquidation_price": Decimal(35000)}, {}, StopJudgement.UNKNOWN),
        ({"liquidation_price": Decimal(33000)}, {}, StopJudgement.ALL),
        ({}, {}, StopJudgement.ALL),
        ({"side": Side.SELL, "liquidation_price": Decimal(38000)}, SHORT_STOP, StopJudgement.UNKNOWN),
        ({"side": Side.SELL, "liquidation_price": Decimal(40000)}, SHORT_STOP, StopJudgement.ALL),
    ],
    ids=["long, behind", "long, before", "not told", "short, behind", "short, before"],
)
def test_a_stop_covers_only_before_the_liquidation(
    position: dict[str, Any], order: dict[str, Any], judged: StopJudgement
) -> None:
    orders = (stop(amount=Decimal("0.250"), reduce_only=True, **order),)
    plan = plan_of(NOTHING, snapshot(orders=orders, positions=(leg(**position),)))
    assert judge_stops(only_position(plan)) is judged
    (verdict,) = plan.orders
    # It is a protective order all the same: who takes it away does so on purpose.
    assert (verdict.protective, verdict.preselected) == (True, False)
    told = any("before: as things stand it stops no loss" in item.text for item in verdict.evidence)
    assert told is (judged is StopJudgement.UNKNOWN)


@pytest.mark.parametrize(
    ("side", "order", "judged"),
    [
        (Side.BUY, {"trigger_price": None}, StopJudgement.ALL),
        (Side.BUY, {"trigger_price": Decimal(36000)}, StopJudgement.ALL),
        (Side.BUY, {"trigger_price": Decimal(40000)}, StopJudgement.UNKNOWN),
        (Side.SELL, {"side": Side.BUY, "trigger_price": Decimal(37000)}, StopJudgement.ALL),
        (Side.SELL, {"side": Side.BUY, "trigger_price": Decimal(33000)}, StopJudgement.UNKNOWN),
    ],
    ids=["at work at once", "long, reached", "long, not yet", "short, reached", "short, not yet"],
)
def test_a_trailing_stop_that_waits_to_be_activated_is_no_cover_yet(
    side: Side, order: dict[str, Any], judged: StopJudgement
) -> None:
    trailing = stop(order_type=OrderType.TRAILING_STOP, amount=Decimal("0.250"), reduce_only=True, **order)
    plan = plan_of(NOTHING, snapshot(orders=(trailing,), positions=(leg(side=side),)))
    assert judge_stops(only_position(plan)) is judged


def test_what_several_records_of_a_leg_were_entered_at_is_their_average() -> None:
    records = (
        make.position(id="a", quantity=Decimal("0.1"), entry_price=Decimal(36000)),
        make.position(id="b", quantity=Decimal("0.2"), entry_price=Decimal(37000)),
    )
    known = make.state(open_orders=(), positions=records)
    held = leg(contracts=Decimal("0.3"), entry_price=Decimal("36666.6666667"))
    verdict = only_position(plan_of(known, snapshot(positions=(held,))))
    assert "Known: long 0.3 entered at 36666.6666667." in verdict.evidence[0].text
    assert not any("entry price" in item.text for item in verdict.evidence)


def test_a_position_of_more_digits_than_arithmetic_has_is_compared_and_told_exactly() -> None:
    quantity = Decimal("123456789012.123456789012345678")
    known = make.state(open_orders=(), positions=(make.position(quantity=quantity),))
    verdict = only_position(plan_of(known, snapshot(positions=(leg(contracts=quantity),), markets=())))
    assert verdict.kind.value == "matched"
    assert f"Known: long {quantity}" in verdict.evidence[0].text
