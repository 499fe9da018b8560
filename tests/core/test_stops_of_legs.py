"""In hedge mode a stop counts for its own leg alone; one that names none is unknown for both, and never counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
import strategies as make
from recovery_builders import leg, live, plan_of, snapshot, stop

from crashdesk.exchange.records import ExchangeOrder, ExchangePosition
from crashdesk.reconcile.records import Plan, PositionVerdict
from crashdesk.reconcile.stop_cover import StopJudgement, judge_stops
from crashdesk.reconcile.stop_owners import StopOwner, stop_owner
from crashdesk.state import OrderState, OrderType, Side

LONG = leg(id="long", contracts=Decimal("0.25"), hedged=True)
SHORT = leg(id="short", side=Side.SELL, contracts=Decimal("0.1"), hedged=True)
ALL, PART, NONE, UNKNOWN = StopJudgement.ALL, StopJudgement.PART, StopJudgement.NONE, StopJudgement.UNKNOWN
UNUSED, GONE = StopJudgement.UNUSED, StopJudgement.GONE


def sell_stop(**changes: Any) -> ExchangeOrder:
    return stop(**({"id": "s", "amount": Decimal("0.25")} | changes))


def buy_stop(**changes: Any) -> ExchangeOrder:
    fields = {"id": "b", "side": Side.BUY, "trigger_price": Decimal(38000), "amount": Decimal("0.1")}
    return stop(**(fields | changes))


def hedged(
    *orders: ExchangeOrder, held: tuple[ExchangePosition, ...] = (LONG, SHORT), known: tuple[OrderState, ...] = ()
) -> Plan:
    return plan_of(make.state(open_orders=known, positions=()), snapshot(orders=orders, positions=held))


def judged(plan: Plan) -> dict[Side, StopJudgement | None]:
    return {each.side: judge_stops(each) for each in plan.positions}


def leg_of(plan: Plan, side: Side) -> PositionVerdict:
    return next(each for each in plan.positions if each.side is side)


@pytest.mark.parametrize(
    ("orders", "of_long", "of_short"),
    [
        ((), UNUSED, UNUSED),
        ((sell_stop(position_side="long"),), ALL, NONE),
        ((sell_stop(position_side="LONG", reduce_only=True),), ALL, NONE),
        ((sell_stop(position_side="long", amount=Decimal("0.1")),), PART, NONE),
        ((buy_stop(position_side="short"),), NONE, ALL),
        ((sell_stop(position_side="long"), buy_stop(position_side="short")), ALL, ALL),
        # A stop that opens more of its own leg protects neither.
        ((sell_stop(position_side="short"),), UNUSED, UNUSED),
        ((buy_stop(position_side="long"),), UNUSED, UNUSED),
        # Without a leg.
        ((sell_stop(),), UNKNOWN, UNKNOWN),
        ((sell_stop(reduce_only=True),), UNKNOWN, UNKNOWN),
        ((buy_stop(reduce_only=True),), UNKNOWN, UNKNOWN),
        ((sell_stop(close_position=True, amount=None),), UNKNOWN, UNKNOWN),
        ((sell_stop(position_side="both", reduce_only=True),), UNKNOWN, UNKNOWN),
        # What is known to cover all of a leg does so whatever else there is.
        ((sell_stop(position_side="long"), sell_stop(id="t", reduce_only=True)), ALL, UNKNOWN),
        # A take-profit is a stop of neither leg, whichever it belongs to.
        ((sell_stop(order_type=OrderType.TAKE_PROFIT, reduce_only=True),), UNUSED, UNUSED),
        ((live(id="l", side=Side.SELL, reduce_only=True),), UNUSED, UNUSED),
    ],
)
def test_each_leg_has_its_own_stops(
    orders: tuple[ExchangeOrder, ...], of_long: StopJudgement, of_short: StopJudgement
) -> None:
    assert judged(hedged(*orders)) == {Side.BUY: of_long, Side.SELL: of_short}
    untold = tuple(msgspec.structs.replace(each, hedged=None) for each in (LONG, SHORT))
    assert judged(hedged(*orders, held=untold)) == {Side.BUY: of_long, Side.SELL: of_short}


def test_one_leg_of_a_hedged_account_is_not_covered_by_a_stop_that_may_open_the_other() -> None:
    assert judged(hedged(sell_stop(reduce_only=True), held=(LONG,))) == {Side.BUY: UNKNOWN}
    assert judged(hedged(sell_stop(position_side="long"), held=(LONG,))) == {Side.BUY: ALL}
    assert judged(hedged(sell_stop(position_side="both"), held=(LONG,))) == {Side.BUY: ALL}
    one_way = msgspec.structs.replace(LONG, hedged=False)
    assert judged(hedged(sell_stop(reduce_only=True), held=(one_way,))) == {Side.BUY: ALL}


def test_a_stop_is_counted_once_and_for_its_leg() -> None:
    plan = hedged(sell_stop(position_side="long", amount=Decimal("0.2")), sell_stop(id="t", reduce_only=True))
    long, short = leg_of(plan, Side.BUY).stops, leg_of(plan, Side.SELL).stops
    assert long is not None
    assert short is not None
    assert (long.covered, len(long.orders), long.orders[0].endswith(":s")) == (Decimal("0.2"), 1, True)
    assert (short.covered, short.orders) == (Decimal(0), ())


def test_an_order_without_a_leg_is_never_proposed_and_says_why() -> None:
    for order in (sell_stop(), sell_stop(reduce_only=True), live(id="l", side=Side.SELL, reduce_only=True)):
        (verdict,) = hedged(order).orders
        assert (verdict.protective, verdict.preselected) == (True, False)
        assert verdict.protects == "it may close either leg of BTC/USDT:USDT, the exchange does not say which"
        assert not any("protects nothing" in each.text for each in verdict.evidence)
        assert not any("stops cover" in each.text for each in verdict.evidence)


def test_a_known_stop_that_opens_a_leg_is_missed_by_none() -> None:
    """The bot's record of an order names no leg; where the exchange says that it opens one, it never protected the other."""
    known = make.order(id="s", client_order_id="", order_type=OrderType.STOP, side=Side.SELL, price=Decimal(34000))
    assert judged(hedged(sell_stop(position_side="short"), known=(known,)))[Side.BUY] is UNUSED
    assert judged(hedged(known=(known,)))[Side.BUY] is GONE


def test_whose_a_stop_is_is_asked_of_the_leg_that_it_covers() -> None:
    plan = hedged(
        sell_stop(position_side="long", client_order_id="web_1"),
        buy_stop(position_side="short", client_order_id="grid-1"),
        sell_stop(id="x", position_side="short", client_order_id="web_2"),
    )
    assert stop_owner(leg_of(plan, Side.BUY), plan) is StopOwner.OTHERS
    assert stop_owner(leg_of(plan, Side.SELL), plan) is StopOwner.BOT
    adopted = leg_of(plan, Side.BUY).stops
    assert adopted is not None
    assert stop_owner(leg_of(plan, Side.BUY), plan, adopted.orders) is StopOwner.BOT


def test_whose_the_stops_are_is_said_of_all_of_them_together() -> None:
    half = {"position_side": "long", "amount": Decimal("0.1")}
    ours = sell_stop(id="1", client_order_id="grid-1", **half)
    other = sell_stop(id="2", client_order_id="web_1", **half)
    nobodys = sell_stop(id="3", client_order_id="", **half)
    for orders, owner in (
        ((ours,), StopOwner.BOT),
        ((other,), StopOwner.OTHERS),
        ((nobodys,), StopOwner.UNPROVEN),
        ((other, nobodys), StopOwner.UNPROVEN),
        ((ours, other), StopOwner.MIXED),
    ):
        plan = hedged(*orders)
        assert stop_owner(leg_of(plan, Side.BUY), plan) is owner


def test_a_stop_that_no_order_is_named_for_is_not_proved_to_be_the_bots() -> None:
    """A plan that an older version wrote into the audit log does not say which stops it counted."""
    plan = hedged(sell_stop(position_side="long", client_order_id="grid-1"))
    told = leg_of(plan, Side.BUY)
    assert told.stops is not None
    old = msgspec.structs.replace(told, stops=msgspec.structs.replace(told.stops, orders=()))
    assert stop_owner(old, msgspec.structs.replace(plan, positions=(old,))) is StopOwner.UNPROVEN
