"""A fee that is taken in the bought coin is part of what changes a spot holding; one that is not told stays unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
import strategies as make
from recovery_builders import LATER, ON_SPOT, SECOND, leg, live, lookup, only_position, plan_of, snapshot
from strategies import T0

from crashdesk.exchange.ccxt_trades import parse_trade
from crashdesk.exchange.records import ExchangeOrder, Fee, LookupStatus, Trade
from crashdesk.reconcile.position_orders import FillsSince, StopCover
from crashdesk.reconcile.records import PositionVerdict
from crashdesk.state import OrderStatus, Side

SPOT = "BTC/USDT"
KNOWN = make.order(symbol=SPOT, quantity=Decimal(1))
BOUGHT = live(symbol=SPOT, amount=Decimal(1), filled=Decimal(1), status=OrderStatus.FILLED, updated_at=T0 + SECOND)
UNTOLD = (
    "What the fills that were read cost, or in which currency, is not known for all of them: a fee may be the rest."
)


def trade(amount: str = "1", cost: str | None = "0.001", currency: str = "BTC", **changes: Any) -> Trade:
    fields: dict[str, Any] = {"id": "1", "order_id": BOUGHT.id, "symbol": SPOT, "price": Decimal(36450), "at": LATER}
    fee = None if cost is None else Decimal(cost)
    return Trade(**(fields | {"amount": Decimal(amount), "fee": fee, "fee_currency": currency} | changes))


def judged(
    now: str,
    *trades: Trade,
    order: ExchangeOrder = BOUGHT,
    filled_before: str = "0",
    known: str = "0.25",
    listed: bool = False,
) -> PositionVerdict:
    """The holding that was `known` and is `now`, after the fills of one order."""
    state = make.state(
        open_orders=(msgspec.structs.replace(KNOWN, side=order.side, filled_quantity=Decimal(filled_before)),),
        positions=(make.position(id="btc", symbol=SPOT, quantity=Decimal(known)),),
    )
    held = leg(symbol=SPOT, asset="BTC", contracts=Decimal(now))
    found = () if listed else (lookup(LookupStatus.FOUND, order, trades=trades or None),)
    orders = (order,) if listed else ()
    seen = snapshot(positions=(held,), orders=orders, lookups=found, markets=(), coverage=ON_SPOT)
    return only_position(plan_of(state, seen))


def words(verdict: PositionVerdict) -> str:
    return "\n".join(item.text for item in verdict.evidence)


@pytest.mark.scenario(59)
def test_a_fee_in_the_bought_coin_is_taken_off_what_was_bought() -> None:
    verdict = judged("1.249", trade())
    assert verdict.fills is not None
    assert (verdict.fills.amount, verdict.fills.fees, verdict.fills.all_told) == (
        Decimal("0.999"),
        Decimal("0.001"),
        True,
    )
    assert verdict.fills.amount == verdict.change
    assert (
        "The change of +0.999 is what one order filled since the last known state, less 0.001 BTC of fees that were taken "
        "from it."
    ) in words(verdict)
    assert "no fill that was read" not in words(verdict)


def test_the_fees_of_several_fills_are_summed_each_in_its_own_currency() -> None:
    verdict = judged(
        "1.2494", trade("0.4", "0.0004"), trade("0.5", "0.0002", id="2"), trade("0.1", "0.01", "BNB", id="3")
    )
    assert verdict.fills is not None
    assert verdict.fills.amount == verdict.change == Decimal("0.9994")


@pytest.mark.parametrize(
    "paid",
    [
        trade(cost="36.45", currency="USDT"),
        trade(cost="0.01", currency="BNB"),
        trade(cost="0", currency=""),
    ],
)
def test_a_fee_in_another_currency_takes_nothing_from_the_holding(paid: Trade) -> None:
    verdict = judged("1.25", paid)
    assert "The change of +1 is what one order filled since the last known state." in words(verdict)
    short = judged("1.249", paid)
    assert "Of the change of +0.999, +1 is what orders filled since; -0.001 no fill that was read explains." in words(
        short
    )
    assert UNTOLD not in words(short)
    assert short.fills is not None
    assert short.fills.all_told


@pytest.mark.parametrize(
    "trades",
    [
        (),
        (trade(cost=None),),
        (trade(cost="0.001", currency=""),),
        (trade("0.4", "0.0004"), trade("0.6", None, id="2")),
        (trade("0.4", "0.0004"),),
        (trade(fee=Decimal("0.0005"), further_fees=(Fee(cost=Decimal("0.0005"), currency=""),)),),
    ],
    ids=["no trades", "no cost", "no currency", "one without", "some missing", "a second one without currency"],
)
def test_a_fee_that_is_not_told_stays_unknown_and_is_never_estimated(trades: tuple[Trade, ...]) -> None:
    verdict = judged("1.249", *trades)
    assert verdict.fills is not None
    assert (verdict.fills.amount, verdict.fills.fees) == (Decimal(1), Decimal(0))
    assert (verdict.fills.orders_told, verdict.fills.fees_told, verdict.fills.all_told) == (True, False, False)
    assert UNTOLD in words(verdict)
    assert "What became of some orders" not in words(verdict)
    exact = judged("1.25", *trades)
    assert "The change of +1 is what one order filled since the last known state." in words(exact)
    assert UNTOLD not in words(exact)


def test_fees_in_two_currencies_of_one_fill_both_count() -> None:
    both = trade(cost="0.01", currency="BNB", further_fees=(Fee(cost=Decimal("0.001"), currency="BTC"),))
    verdict = judged("1.249", both)
    assert verdict.fills is not None
    assert verdict.fills.amount == verdict.change


def test_a_small_shortfall_is_guessed_to_be_a_fee_only_where_the_fills_leave_room_for_one() -> None:
    guess = "a fee taken in BTC could explain it"
    sold = msgspec.structs.replace(BOUGHT, side=Side.SELL, amount=Decimal("0.001"), filled=Decimal("0.001"))
    usdt = trade("0.001", "0.03", "USDT")
    assert guess not in words(judged("1.999", usdt, order=sold, known="2"))
    assert guess not in words(judged("1.998", usdt, order=sold, known="2"))
    assert guess in words(judged("1.998", trade("0.001", None), order=sold, known="2"))
    untouched = live(symbol=SPOT, amount=Decimal(1))
    assert guess in words(judged("1.999", order=untouched, known="2", listed=True))


def test_a_rebate_in_the_coin_adds_to_the_holding() -> None:
    verdict = judged("1.2501", trade(cost="-0.0001"))
    assert verdict.fills is not None
    assert verdict.fills.amount == verdict.change == Decimal("1.0001")


def test_a_sale_loses_the_fee_too_where_it_is_taken_in_the_coin() -> None:
    sold = msgspec.structs.replace(BOUGHT, side=Side.SELL)
    verdict = judged("0.999", trade(), order=sold, known="2")
    assert verdict.fills is not None
    assert verdict.fills.amount == verdict.change == Decimal("-1.001")


def test_of_an_order_that_was_known_to_be_partly_filled_only_the_later_fills_cost() -> None:
    before, after = trade("0.4", "0.0004", at=T0 - SECOND), trade("0.6", "0.0006", id="2", at=T0 + SECOND)
    verdict = judged("0.8494", before, after, filled_before="0.4")
    assert verdict.fills is not None
    assert verdict.fills.amount == verdict.change == Decimal("0.5994")
    for unclear in (trade("0.6", "0.0006", id="2", at=None), trade("0.6", "0.0006", id="2", at=T0 - SECOND)):
        untold = judged("0.8494", before, unclear, filled_before="0.4").fills
        assert untold is not None
        assert (untold.amount, untold.fees_told) == (Decimal("0.6"), False)


def test_what_an_order_cost_that_is_still_open_is_not_known() -> None:
    resting = live(symbol=SPOT, amount=Decimal(1), filled=Decimal("0.5"), status=OrderStatus.PARTIALLY_FILLED)
    verdict = judged("0.7495", order=resting, listed=True)
    assert UNTOLD in words(verdict)


def test_a_rest_beyond_the_fees_is_said_with_them() -> None:
    verdict = judged("1.3", trade())
    assert "Of the change of +1.05, +0.999 is what orders filled since; +0.051 no fill that was read" in words(verdict)
    assert "Of what filled, 0.001 BTC of fees are taken off." in words(verdict)


def test_a_coin_that_pays_the_fees_of_another_market_is_not_said_to_change_unexplained() -> None:
    state = make.state(
        open_orders=(KNOWN,), positions=(make.position(id="bnb", symbol="BNB/USDT", quantity=Decimal(1)),)
    )
    held = leg(symbol="BNB/USDT", asset="BNB", contracts=Decimal("0.5"))
    for paid in (trade(cost="0.5", currency="BNB"), trade(cost=None)):
        found = lookup(LookupStatus.FOUND, BOUGHT, trades=(paid,))
        verdict = only_position(
            plan_of(state, snapshot(positions=(held,), lookups=(found,), markets=(), coverage=ON_SPOT))
        )
        assert UNTOLD in words(verdict) or verdict.fills is None


def test_a_contract_position_pays_its_fees_from_the_margin() -> None:
    bought = live(filled=Decimal("0.010"), status=OrderStatus.FILLED)
    state = make.state(open_orders=(make.order(),), positions=(make.position(),))
    for paid in (trade("0.010", "0.001"), trade("0.010", None)):
        found = lookup(LookupStatus.FOUND, bought, trades=(paid,))
        exchange = snapshot(positions=(leg(contracts=Decimal("0.260")),), lookups=(found,))
        fills = only_position(plan_of(state, exchange)).fills
        assert fills is not None
        assert (fills.amount, fills.fees, fills.all_told) == (Decimal("0.01"), Decimal(0), True)


def test_a_plan_of_an_audit_log_that_knew_no_fees_is_read_as_it_was() -> None:
    for told in (True, False):
        old = msgspec.json.encode({"amount": "0.01", "orders": 1, "all_told": told})
        fills = msgspec.json.decode(old, type=FillsSince)
        assert fills == FillsSince(amount=Decimal("0.01"), orders=1, orders_told=told)
        assert (fills.fees, fills.fees_told, fills.all_told) == (Decimal(0), True, told)
        assert msgspec.json.decode(msgspec.json.encode(fills), type=FillsSince) == fills
    stops = msgspec.json.decode(b'{"covered": "0.2", "all_told": true, "had_one": true, "used": true}', type=StopCover)
    assert stops == StopCover(covered=Decimal("0.2"), all_told=True, had_one=True, used=True)


RAW = {"id": "1", "order": BOUGHT.id, "symbol": SPOT, "amount": "1", "price": "36450", "timestamp": None}
NONE_TOLD = {"cost": None, "currency": None}


@pytest.mark.parametrize(
    ("raw", "fees"),
    [
        ({"fee": {"cost": "0.001", "currency": "BTC"}}, (Fee(cost=Decimal("0.001"), currency="BTC"),)),
        (
            {"fee": NONE_TOLD, "fees": [{"cost": "0.001", "currency": "BTC"}]},
            (Fee(cost=Decimal("0.001"), currency="BTC"),),
        ),
        (
            {"fee": {"cost": "0.001", "currency": "BTC"}, "fees": [{"cost": "0.001", "currency": "BTC"}]},
            (Fee(cost=Decimal("0.001"), currency="BTC"),),
        ),
        (
            {"fee": NONE_TOLD, "fees": [{"cost": "0.001", "currency": "BTC"}, {"cost": "-0.2", "currency": "BNB"}]},
            (Fee(cost=Decimal("0.001"), currency="BTC"), Fee(cost=Decimal("-0.2"), currency="BNB")),
        ),
        ({"fee": {"cost": "0.001", "currency": None}}, (Fee(cost=Decimal("0.001"), currency=""),)),
        ({"fee": NONE_TOLD, "fees": [{"cost": "0.001", "currency": "BTC"}, {"rate": "0.1", "currency": "BNB"}]}, None),
        ({"fee": NONE_TOLD, "fees": ["what"]}, None),
        ({"fee": NONE_TOLD, "fees": []}, None),
        ({"fee": {"rate": "0.001", "currency": "BTC"}}, None),
        ({}, None),
    ],
)
def test_both_forms_in_which_ccxt_tells_fees_are_carried(raw: dict[str, Any], fees: tuple[Fee, ...] | None) -> None:
    told = parse_trade({**RAW, **raw}, BOUGHT)
    assert told is not None
    assert told.fees == fees
