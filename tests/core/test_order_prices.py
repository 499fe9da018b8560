"""A limit price and a trigger price never look alike, whoever tells of the order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import strategies as make
from recovery_builders import intent, live, plan_of, snapshot, stop

from crashdesk.cli_text import plan_listings, state_listings
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.order_prices import noted_price_text, price_text
from crashdesk.reconcile.evidence import intended_price
from crashdesk.revalidation import describe
from crashdesk.state import OrderState, OrderType, Side


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (live(), "36450.0"),
        (stop(), "trig. 34000"),
        (stop(order_type=OrderType.STOP_LIMIT, price=Decimal(33900)), "trig. 34000 → 33900"),
        (stop(price=Decimal(34000), trigger_price=None), "trig. 34000"),
        (live(order_type=OrderType.MARKET, price=None), "market"),
        (live(price=None), "an unstated price"),
        (stop(trigger_price=None), "an unstated price"),
        (make.order(price=Decimal(36450)), "36450"),
        (make.order(order_type=OrderType.STOP, price=Decimal(34000)), "trig. 34000"),
        (make.order(order_type=OrderType.STOP_LIMIT, price=Decimal(33900)), "33900"),
        (make.order(order_type=OrderType.MARKET, price=None), "market"),
        (make.order(price=None), "an unstated price"),
    ],
)
def test_the_price_of_an_order_in_words(order: ExchangeOrder | OrderState, text: str) -> None:
    assert price_text(order) == text


@pytest.mark.parametrize(
    ("order_type", "price", "text"),
    [
        ("limit", "59520", "59520"),
        ("stop_market", "54400", "trig. 54400"),
        ("take_profit", "54400", "trig. 54400"),
        ("stop_limit", "54400", "54400"),
        ("market", "", "market"),
        ("limit", "", "an unstated price"),
    ],
)
def test_the_price_that_the_bot_noted(order_type: str, price: str, text: str) -> None:
    assert noted_price_text(price, order_type) == text
    noted: dict[str, Any] = {"order_type": order_type, "price": price}
    assert intended_price(intent(**noted)) == text


def test_evidence_audit_and_terminal_mark_a_trigger() -> None:
    known = make.order(order_type=OrderType.STOP, side=Side.SELL, price=Decimal(33000))
    state = make.state(open_orders=(known,), positions=())
    plan = plan_of(state, snapshot(orders=(stop(),)))
    (verdict,) = plan.orders
    told = "\n".join(item.text for item in verdict.evidence)
    assert "Known: sell 0.010 at trig. 33000" in told
    assert "Open on the exchange: sell 0.010 at trig. 34000" in told
    assert "trigger price: 33000 → 34000" in told
    assert "at trig. 34000 (order 8389765)" in describe(stop())
    cells = [
        cell for each in (*plan_listings(plan), *state_listings(state, {})) for row in each.rows for cell in row.cells
    ]
    assert {"trig. 34000", "trig. 33000"} <= set(cells)
    assert not {"34000", "33000"} & set(cells)
