"""Where an exchange keeps its conditional orders in several lists, a cancel request has to say which of them is meant."""

from typing import Any

import pytest
from recorded_exchange import ACCOUNT_KINDS, opened

from crashdesk.exchange.records import CancelStatus, Namespace, OrderRef

INVERSE = {
    "id": "BTC-USD", "symbol": "BTC/USD:BTC", "contractSize": "100", "linear": False, "inverse": True, "settle": "BTC",
}  # fmt: skip
HTX_REF = OrderRef(symbol="BTC/USD:BTC", namespace=Namespace.CONDITIONAL, id="35")
_TPSL_ROW = {
    "volume": 1, "order_type": 1, "tpsl_order_type": "sl", "direction": "sell", "order_id": 35, "order_id_str": "35",
    "order_source": "api", "trigger_type": "le", "trigger_price": "50000", "order_price": 0, "created_at": 1767225600000,
    "order_price_type": "market", "status": 2, "symbol": "BTC", "contract_code": "BTC-USD",
}  # fmt: skip
_NO_ORDERS = {"status": "ok", "data": {"orders": [], "total_page": 0, "current_page": 1, "total_size": 0}, "ts": 1}
_LISTED = {
    "status": "ok",
    "data": {"orders": [_TPSL_ROW], "total_page": 1, "current_page": 1, "total_size": 1},
    "ts": 1,
}
_REFUSED = {"order_id": "35", "err_code": 1099, "err_msg": "in a state that has no name yet"}


def htx(**answers: Any) -> list[dict[str, Any]]:
    """The lists of an inverse contract with one stop-loss, and a cancel of each kind that knows its own orders alone."""
    bodies = {
        "swap_trigger_openorders": _NO_ORDERS,
        "swap_tpsl_openorders": _LISTED,
        "swap_track_openorders": _NO_ORDERS,
        "swap_tpsl_cancel": {"status": "ok", "data": {"errors": [], "successes": "35"}, "ts": 1},
        **answers,
    }
    return [{"ask": f"POST /swap-api/v1/{name}", "body": body} for name, body in bodies.items() if body]


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({}, CancelStatus.ACCEPTED),
        ({"swap_tpsl_cancel": {"status": "ok", "data": {"errors": [_REFUSED], "successes": ""}}}, CancelStatus.UNKNOWN),
    ],
    ids=["done", "a refusal that ccxt does not know"],
)
def test_a_stop_loss_is_cancelled_among_the_stop_losses(answers: dict[str, Any], status: CancelStatus) -> None:
    with opened("htx", answers=htx(**answers), markets=[INVERSE]) as (found, _):
        assert found.cancel_order(HTX_REF).status is status


@pytest.mark.parametrize(
    "answers",
    [{"swap_tpsl_openorders": _NO_ORDERS}, {"swap_tpsl_openorders": None}],
    ids=["no list shows it", "a list was not read"],
)
def test_nothing_is_sent_about_an_order_of_an_unknown_kind_since_its_number_may_be_anothers(
    answers: dict[str, Any],
) -> None:
    with opened("htx", answers=htx(**answers), markets=[INVERSE]) as (found, adapter):
        answer = found.cancel_order(HTX_REF)
        assert (answer.status, answer.sent) == (CancelStatus.NOT_DONE, False)
    assert not [asked for asked in adapter.asked if asked.endswith("cancel")]


def test_a_linear_stop_whose_own_answer_is_a_failure_is_not_called_cancelled() -> None:
    row = {
        "algo_id": "35", "contract_code": "BTC-USDT", "side": "sell", "type": "trigger", "volume": "9", "order_price": "0",
        "trigger_type": "le", "trigger_price": "50000", "state": "active", "created_time": "1767225601000",
    }  # fmt: skip
    failed = {"algo_id": "35", "code": 1099, "message": "in a state that has no name yet"}
    answers = [
        {"ask": "GET /v5/algo/order/opens", "with": {"type": "trigger"}, "body": {"code": 200, "data": [row]}},
        {"ask": "GET /v5/algo/order/opens", "body": {"code": 200, "message": "Success", "data": []}},
        {"ask": "POST /v5/algo/cancel_orders", "body": {"code": 200, "message": "Success", "data": [failed]}},
    ]
    ref = OrderRef(symbol="BTC/USDT:USDT", namespace=Namespace.CONDITIONAL, id="35")
    with opened("htx", answers=answers) as (found, _):
        answer = found.cancel_order(ref)
    assert answer.status is CancelStatus.UNKNOWN
    assert "1099" in answer.reason


@pytest.mark.parametrize(("kind", "cancelled_as"), [("normal", None), ("tpsl", "tpsl")])
def test_a_spot_stop_of_bitget_is_cancelled_as_one_and_a_plain_order_as_it_always_was(
    kind: str, cancelled_as: str | None
) -> None:
    row = {
        "symbol": "BTCUSDT", "orderId": "12", "clientOid": "stop-1", "size": "0.02", "orderType": "market", "side": "sell",
        "status": "live", "triggerPrice": "50000", "tpslType": "tpsl", "cTime": "1767225600000", "uTime": "1767225600000",
    }  # fmt: skip
    done = {"code": "00000", "msg": "success", "data": {"orderId": "12", "clientOid": "stop-1"}}
    refused = {"code": "43001", "msg": "The order does not exist", "data": None}
    path = "POST /api/v2/spot/trade/cancel-order"
    answers = [
        {
            "ask": "GET /api/v2/spot/trade/unfilled-orders", "with": {"tpslType": "tpsl"},
            "body": {"code": "00000", "msg": "success", "data": [row] if kind == "tpsl" else []},
        },
        {"ask": path, "with": {"tpslType": "tpsl"}, "body": done if cancelled_as else refused},
        {"ask": path, "body": refused if cancelled_as else done},
        *ACCOUNT_KINDS,
    ]  # fmt: skip
    ref = OrderRef(symbol="BTC/USDT", namespace=Namespace.NORMAL, id="12")
    markets = [{"id": "BTCUSDT", "symbol": "BTC/USDT", "amount": "0.0001"}]
    with opened("bitget", answers=answers, markets=markets, market_type="spot") as (found, _):
        assert found.cancel_order(ref).status is CancelStatus.ACCEPTED


def test_a_plan_of_bitget_is_cancelled_under_its_own_kind() -> None:
    row = {
        "planType": "pos_loss", "symbol": "BTCUSDT", "size": "0.02", "orderId": "12", "clientOid": "stop-1", "price": "0",
        "triggerPrice": "50000", "triggerType": "mark_price", "planStatus": "live", "side": "sell", "posSide": "long",
        "marginCoin": "USDT", "marginMode": "crossed", "orderType": "market", "cTime": "1767225600000",
    }  # fmt: skip
    pending = "GET /api/v2/mix/order/orders-plan-pending"
    empty = {"code": "00000", "msg": "success", "data": {"entrustedList": None, "endId": None}}
    listed = {"code": "00000", "msg": "success", "data": {"entrustedList": [row], "endId": "12"}}
    done = {"code": "00000", "msg": "success", "data": {"successList": [{"orderId": "12"}], "failureList": []}}
    answers = [
        {"ask": pending, "with": {"planType": "profit_loss"}, "body": listed},
        {"ask": pending, "body": empty},
        {"ask": "POST /api/v2/mix/order/cancel-plan-order", "with": {"planType": "pos_loss"}, "body": done},
        *ACCOUNT_KINDS,
    ]
    ref = OrderRef(symbol="BTC/USDT:USDT", namespace=Namespace.CONDITIONAL, id="12")
    with opened("bitget", answers=answers) as (found, _):
        assert found.cancel_order(ref).status is CancelStatus.ACCEPTED


def test_a_twap_of_bingx_is_cancelled_as_one() -> None:
    answers = [
        {
            "ask": "POST /openApi/swap/v1/twap/cancelOrder", "with": {"mainOrderId": "12"},
            "body": {"code": 0, "msg": "", "data": {"mainOrderId": "12", "symbol": "BTC-USDT", "orderStatus": "Running"}},
        },
    ]  # fmt: skip
    ref = OrderRef(symbol="BTC/USDT:USDT", namespace=Namespace.CONDITIONAL, id="12")
    with opened("bingx", answers=answers) as (found, _):
        assert found.cancel_order(ref).status is CancelStatus.ACCEPTED


def test_a_take_profit_of_bybits_spot_is_cancelled_among_them() -> None:
    row = {
        "orderId": "12", "orderLinkId": "tp-1", "symbol": "BTCUSDT", "side": "Sell", "orderType": "Limit", "qty": "0.02",
        "price": "70000", "triggerPrice": "69000", "orderStatus": "Untriggered", "createdTime": "1767225600000",
        "updatedTime": "1767225600000", "stopOrderType": "tpslOrder", "cumExecQty": "0", "leavesQty": "0.02",
    }  # fmt: skip

    def listed(*rows: dict[str, Any]) -> dict[str, Any]:
        found = {"list": list(rows), "nextPageCursor": "", "category": "spot"}
        return {"retCode": 0, "retMsg": "OK", "result": found, "time": 1}

    answers = [
        {"ask": "GET /v5/order/realtime", "with": {"orderFilter": "tpslOrder"}, "body": listed(row)},
        {"ask": "GET /v5/order/realtime", "body": listed()},
        {
            "ask": "POST /v5/order/cancel", "with": {"orderFilter": "tpslOrder"},
            "body": {"retCode": 0, "retMsg": "OK", "result": {"orderId": "12", "orderLinkId": "tp-1"}, "time": 1},
        },
        {"ask": "GET /v5/user/query-api", "body": {"retCode": 0, "retMsg": "OK", "result": {"uta": 1}, "time": 1}},
    ]  # fmt: skip
    ref = OrderRef(symbol="BTC/USDT", namespace=Namespace.CONDITIONAL, id="12")
    markets = [{"id": "BTCUSDT", "symbol": "BTC/USDT", "amount": "0.0001"}]
    with opened("bybit", answers=answers, markets=markets, market_type="spot") as (found, _):
        assert found.cancel_order(ref).status is CancelStatus.ACCEPTED
