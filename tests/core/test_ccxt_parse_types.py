"""Types, reduce-only flags and position sides of the orders that ccxt tells."""

from decimal import Decimal
from typing import Any

import pytest
from ccxt_records import conditional, order

from crashdesk.exchange.records import Namespace
from crashdesk.state import OrderType


@pytest.mark.parametrize(
    ("word", "unified", "price", "expected"),
    [
        ("STOP_MARKET", "market", None, OrderType.STOP),
        ("STOP", "limit", "59000", OrderType.STOP_LIMIT),
        ("TAKE_PROFIT_MARKET", "market", None, OrderType.TAKE_PROFIT),
        ("TAKE_PROFIT", "limit", "70000", OrderType.TAKE_PROFIT_LIMIT),
        ("TRAILING_STOP_MARKET", "market", None, OrderType.TRAILING_STOP),
    ],
)
def test_binance_conditional_types(word: str, unified: str, price: str | None, expected: OrderType) -> None:
    parsed = conditional(word, type=unified, price=price, triggerPrice="60000")

    assert parsed.order_type is expected
    assert parsed.trigger_price == 60000
    assert parsed.price == (None if price is None else Decimal(price))


@pytest.mark.parametrize(
    ("info", "fields", "expected"),
    [
        ({"ordType": "trigger", "ordPx": "-1"}, {"type": "trigger", "triggerPrice": "50000", "price": "-1"}, OrderType.STOP),
        ({"ordType": "trigger"}, {"type": "trigger", "triggerPrice": "50000", "price": "50010"}, OrderType.STOP_LIMIT),
        (
            {"ordType": "conditional", "slOrdPx": "-1"},
            {"type": "conditional", "stopLossPrice": "5", "price": None},
            OrderType.STOP,
        ),
        (
            {"ordType": "conditional", "tpOrdPx": "6"},
            {"type": "conditional", "takeProfitPrice": "5", "price": None},
            OrderType.TAKE_PROFIT_LIMIT,
        ),
        ({"ordType": "oco"}, {"type": "oco", "stopLossPrice": "4", "takeProfitPrice": "9"}, OrderType.OTHER),
        ({"ordType": "move_order_stop"}, {"type": "move_order_stop", "price": None}, OrderType.TRAILING_STOP),
        ({"ordType": "iceberg"}, {"type": "iceberg"}, OrderType.OTHER),
        ({"ordType": "twap"}, {"type": "twap"}, OrderType.OTHER),
    ],
)  # fmt: skip
def test_okx_conditional_types(info: dict[str, Any], fields: dict[str, Any], expected: OrderType) -> None:
    assert order(Namespace.CONDITIONAL, info, **fields).order_type is expected


@pytest.mark.parametrize(
    ("info", "fields", "expected"),
    [
        ({"type": "LIMIT"}, {}, OrderType.LIMIT),
        ({"type": "LIMIT_MAKER"}, {"type": "limit"}, OrderType.LIMIT),
        ({"type": "MARKET", "origType": "STOP_MARKET"}, {"type": "market", "triggerPrice": "6"}, OrderType.MARKET),
        ({"type": "STOP_LOSS_LIMIT"}, {"type": "limit", "triggerPrice": "6"}, OrderType.STOP_LIMIT),
        ({"type": "TAKE_PROFIT"}, {"type": "market", "triggerPrice": "6", "price": None}, OrderType.TAKE_PROFIT),
        ({"orderType": "Market", "stopOrderType": "TakeProfit"}, {"type": "market", "triggerPrice": "6"}, OrderType.TAKE_PROFIT),
        ({"ordType": "limit"}, {"stopLossPrice": "5", "takeProfitPrice": "9"}, OrderType.LIMIT),
        ({}, {"type": "stop-loss", "price": None, "triggerPrice": "6"}, OrderType.STOP),
        ({}, {"type": "settle-position", "price": None}, OrderType.OTHER),
    ],
)  # fmt: skip
def test_types_in_the_normal_namespace(info: dict[str, Any], fields: dict[str, Any], expected: OrderType) -> None:
    assert order(info=info, **fields).order_type is expected


def test_a_market_order_has_no_price_though_ccxt_reports_its_average_as_one() -> None:
    parsed = order(type="market", price="64000.1", average="64000.1", status="closed", filled="0.01")

    assert (parsed.price, parsed.average) == (None, Decimal("64000.1"))


@pytest.mark.parametrize(
    ("unified", "info", "expected"),
    [
        (True, {}, True),
        (None, {"reduceOnly": "true"}, True),
        (False, {"reduceOnly": False}, False),
        (None, {"reduce_only": "false"}, False),
        # ccxt's parser of OKX says False where the exchange says nothing.
        (False, {}, None),
        (False, {"reduceOnly": ""}, None),
        (None, {}, None),
    ],
)
def test_reduce_only(unified: bool | None, info: dict[str, Any], expected: bool | None) -> None:
    assert order(reduceOnly=unified, info=info).reduce_only is expected


def test_an_order_that_closes_the_position_has_no_amount_of_its_own() -> None:
    parsed = conditional("STOP_MARKET", {"closePosition": True}, type="market", amount="0", triggerPrice="60000")

    assert (parsed.close_position, parsed.amount, parsed.remaining) == (True, None, None)


@pytest.mark.parametrize(
    ("info", "expected"),
    [({"closePosition": "false"}, False), ({"closeFraction": "1"}, True), ({"closeFraction": ""}, None), ({}, None)],
)
def test_close_position(info: dict[str, Any], expected: bool | None) -> None:
    assert order(info=info).close_position is expected


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"positionSide": "BOTH"}, "both"),
        ({"positionSide": "SHORT"}, "short"),
        ({"posSide": "net"}, "both"),
        ({"posSide": "long"}, "long"),
        ({}, ""),
    ],
)
def test_position_sides(info: dict[str, Any], expected: str) -> None:
    assert order(info=info).position_side == expected
