"""How an order was filled while nobody watched: its trades are told, and never decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
import strategies as make
from recovery_builders import BTC, LATER, live, lookup, only_order, plan_of, snapshot

from crashdesk.exchange.records import LookupStatus, OrderLookup, Trade
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind
from crashdesk.state import OrderStatus

FILLED = lookup(LookupStatus.FOUND, live(status=OrderStatus.FILLED, filled=Decimal("0.010"), average=Decimal("36446")))


def trade(**changes: Any) -> Trade:
    fields = {"id": "1", "order_id": "8389765", "symbol": BTC, "amount": Decimal("0.010"), "price": Decimal("36446.0")}
    return Trade(**(fields | changes))


def judged(answer: OrderLookup, *trades: Trade) -> OrderVerdict:
    answered = msgspec.structs.replace(answer, trades=trades)
    state = make.state(open_orders=(make.order(),), positions=())
    return only_order(plan_of(state, snapshot(lookups=(answered,))))


def told(verdict: OrderVerdict) -> str:
    return "\n".join(item.text for item in verdict.evidence)


@pytest.mark.scenario(1)
def test_the_fills_are_told_with_sum_average_and_fees_per_currency() -> None:
    fee = {"fee": Decimal("0.05"), "fee_currency": "USDT"}
    verdict = judged(
        FILLED,
        trade(amount=Decimal("0.004"), price=Decimal(36440), at=LATER, **fee),
        trade(id="2", amount=Decimal("0.005"), price=Decimal(36450), **fee),
        trade(id="3", amount=Decimal("0.001"), price=Decimal(36450), fee=Decimal("0.00001"), fee_currency="BNB"),
    )
    assert verdict.kind is OrderVerdictKind.FILLED_WHILE_DOWN
    assert "3 fills: 0.010 in all, at 36446 on average, fees 0.00001 BNB and 0.1 USDT." in told(verdict)
    assert (
        verdict.evidence[-1].text == "Asked about this order alone, the exchange says: filled, 0.01 of 0.01 at 36446."
    )
    assert "add up" not in told(verdict)
    assert "One fill: 0.010 at 36446, fees unstated." in told(judged(FILLED, trade()))


@pytest.mark.scenario(3)
def test_an_order_that_was_cancelled_after_a_part_of_it_had_filled_tells_that_part() -> None:
    part = lookup(LookupStatus.FOUND, live(status=OrderStatus.CANCELLED, filled=Decimal("0.003")))
    verdict = judged(part, trade(amount=Decimal("0.003")))
    assert verdict.kind is OrderVerdictKind.CLOSED_WHILE_DOWN
    assert "One fill: 0.003 at 36446" in told(verdict)


@pytest.mark.parametrize("trades", [(), (trade(amount=Decimal("0.004")),)])
def test_fills_that_do_not_add_up_are_said_and_change_no_verdict(trades: tuple[Trade, ...]) -> None:
    verdict = judged(FILLED, *trades)
    assert verdict.kind is OrderVerdictKind.FILLED_WHILE_DOWN
    total = sum((each.amount for each in trades), Decimal(0))
    assert f"add up to {total}, while the order says 0.010: the order's number stands" in told(verdict)


def test_trades_that_could_not_be_read_change_no_verdict() -> None:
    failed = msgspec.structs.replace(FILLED, trades_problem="no answer in time")
    state = make.state(open_orders=(make.order(),), positions=())
    verdict = only_order(plan_of(state, snapshot(lookups=(failed,))))
    assert verdict.kind is OrderVerdictKind.FILLED_WHILE_DOWN
    assert "Its fills could not be read: no answer in time" in told(verdict)
