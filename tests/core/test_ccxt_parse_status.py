"""The status of an order that ccxt tells, also where a triggered order has a child or two scopes tell one order."""

from decimal import Decimal
from typing import Any

import pytest
from ccxt_records import BTC, order

from crashdesk.exchange.ccxt_parse import Unreadable, advance, has_triggered, parse_order, triggered_order_id
from crashdesk.exchange.ccxt_reading import without_doubles
from crashdesk.exchange.records import Namespace
from crashdesk.state import OrderStatus


def test_an_order_in_a_list_of_open_ones_is_open_though_it_does_not_say_so() -> None:
    raw = {"id": "7", "symbol": BTC, "side": "buy", "status": None, "amount": "3", "filled": "1", "info": {}}

    assert parse_order(raw, Namespace.NORMAL, listed_as_open=True).status is OrderStatus.PARTIALLY_FILLED
    with pytest.raises(Unreadable, match="status"):
        parse_order(raw, Namespace.NORMAL)


@pytest.mark.parametrize(
    ("told", "filled", "expected"),
    [
        ("open", "0", OrderStatus.OPEN),
        ("open", None, OrderStatus.OPEN),
        ("open", "0.004", OrderStatus.PARTIALLY_FILLED),
        ("canceling", "0", OrderStatus.OPEN),
        ("canceling", "0.004", OrderStatus.PARTIALLY_FILLED),
        ("pending", "0", OrderStatus.PENDING),
        ("PENDING", "0", OrderStatus.PENDING),
        ("NEW", "0", OrderStatus.OPEN),
        ("closed", "0.01", OrderStatus.FILLED),
        ("closed", "0.004", OrderStatus.CANCELLED),
        ("canceled", "0.004", OrderStatus.CANCELLED),
        ("cancelled", "0", OrderStatus.CANCELLED),
        ("rejected", "0", OrderStatus.REJECTED),
        ("expired", "0", OrderStatus.EXPIRED),
    ],
)
def test_statuses(told: str, filled: str | None, expected: OrderStatus) -> None:
    assert order(status=told, filled=filled).status is expected


@pytest.mark.scenario(47)
def test_a_status_that_nobody_knows_is_not_guessed() -> None:
    with pytest.raises(Unreadable, match="LIQUIDATING"):
        order(status="LIQUIDATING")


def test_a_triggered_conditional_order_is_over_and_has_not_filled_itself() -> None:
    info = {"algoStatus": "FINISHED", "orderType": "TAKE_PROFIT", "actualOrderId": "4810225003"}
    raw = {
        "id": "3",
        "symbol": BTC,
        "side": "sell",
        "status": "closed",
        "amount": "0.01",
        "filled": "0.01",
        "info": info,
    }

    parsed = parse_order(raw, Namespace.CONDITIONAL)

    assert has_triggered(raw)
    assert triggered_order_id(raw) == "4810225003"
    assert (parsed.status, parsed.filled) == (OrderStatus.EXPIRED, None)


def test_a_conditional_order_that_keeps_its_id_when_it_triggers_tells_its_own_fills() -> None:
    parsed = order(
        Namespace.CONDITIONAL, {"cumExecQty": "0.01", "stopOrderType": "Stop"}, status="closed", filled="0.01"
    )

    assert (parsed.status, parsed.filled) == (OrderStatus.FILLED, Decimal("0.01"))


@pytest.mark.parametrize("child", ["", "0", None])
def test_no_child_is_no_child(child: object) -> None:
    assert triggered_order_id({"info": {"actualOrderId": child}}) == ""


@pytest.mark.parametrize(
    ("behind", "ahead"),
    [
        ({"filled": "0.1", "lastUpdateTimestamp": 2}, {"filled": "0.2", "lastUpdateTimestamp": 1}),
        ({"filled": "0.1", "lastUpdateTimestamp": 1}, {"filled": "0.1", "lastUpdateTimestamp": 2}),
        ({"filled": None, "status": "open"}, {"filled": "0", "status": "canceled"}),
        ({"filled": "9"}, {"filled": "10"}),
    ],
)
def test_of_two_records_of_an_order_the_more_advanced_counts(behind: dict[str, Any], ahead: dict[str, Any]) -> None:
    assert advance(behind) < advance(ahead)


def test_an_order_in_two_scopes_is_one_as_far_as_it_has_come() -> None:
    seen_first, seen_later = order(filled="0.001"), order(filled="0.004")
    conditional = order(Namespace.CONDITIONAL, {"executedQty": "0"}, id="2")
    twice = order(id="2")

    once = without_doubles([seen_later, seen_first, twice, conditional])

    assert [(one.id, one.namespace, one.filled) for one in once] == [
        ("1", Namespace.NORMAL, Decimal("0.004")),
        ("2", Namespace.CONDITIONAL, Decimal(0)),
    ]
