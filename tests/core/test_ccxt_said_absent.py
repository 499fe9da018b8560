"""That there is no such order is concluded from the exchange's own word, never from an answer that says nothing. No network."""

from typing import Any

import pytest
from recorded_exchange import ACCOUNT_KINDS, opened

from crashdesk.exchange.records import LookupStatus, Namespace, OrderLookup, OrderRef
from crashdesk.state import OrderStatus

ORDERS_OF = {
    "krakenfutures": ("GET /derivatives/api/v3/orders/status", "BTC/USD:USD"),
    "kraken": ("POST /0/private/QueryOrders", "BTC/USDT"),
    "bitget": ("GET /api/v2/mix/order/detail", "BTC/USDT:USDT"),
    "hyperliquid": ("POST /info", "BTC/USDC:USDC"),
    "phemex": ("GET /api-data/g-futures/orders/by-order-id", "BTC/USDT:USDT"),
}


def asked_for(exchange: str, body: Any, *more: dict[str, Any]) -> OrderLookup:
    ask, symbol = ORDERS_OF[exchange]
    answers = [{"ask": ask, "body": body}, *more, *ACCOUNT_KINDS]
    with opened(exchange, answers=answers) as (found, _):
        return found.read_order(OrderRef(symbol=symbol, namespace=Namespace.NORMAL, id="77"))


@pytest.mark.scenario(40)
@pytest.mark.parametrize(
    ("exchange", "body"),
    [
        ("krakenfutures", {"result": "success", "serverTime": "2026-01-01T00:10:00.000Z"}),
        ("kraken", {"error": []}),
        ("bitget", {"code": "00000", "msg": "system busy", "data": None}),
        ("phemex", {"code": 0, "msg": "under maintenance"}),
    ],
)
def test_an_answer_that_says_nothing_of_the_order_is_no_word_that_there_is_none(exchange: str, body: Any) -> None:
    lookup = asked_for(exchange, body)

    assert lookup.status is LookupStatus.UNKNOWN
    assert lookup.reason


def test_a_refusal_that_ccxt_does_not_call_absence_is_unknown_in_the_exchanges_own_words() -> None:
    lookup = asked_for("kraken", {"error": ["EOrder:Unknown order"]})

    assert (lookup.status, lookup.reason) == (LookupStatus.UNKNOWN, "InvalidOrder: EOrder:Unknown order")


@pytest.mark.parametrize(
    ("exchange", "body"),
    [
        ("kraken", {"error": [], "result": {}}),
        ("bitget", {"code": "00000", "msg": "success", "data": []}),
        ("bitget", {"code": "40109", "msg": "The data of the order cannot be found", "data": None}),
        ("hyperliquid", {"status": "unknownOid"}),
        ("phemex", {"code": 0, "msg": "OK", "data": []}),
        ("phemex", {"code": 10002, "msg": "OM_ORDER_NOT_FOUND", "data": None}),
    ],
)
def test_the_exchanges_own_word_that_there_is_none_counts(exchange: str, body: Any) -> None:
    assert asked_for(exchange, body).status is LookupStatus.ABSENT


STATUS = {"ask": ORDERS_OF["krakenfutures"][0], "body": {"result": "success", "orders": []}}
EVENTS = "GET /api/history/v2/orders"


def event(kind: str, field: str, filled: str, reason: str) -> dict[str, Any]:
    """One entry of Kraken's list of order events."""
    order = {
        "uid": "77", "accountUid": "a-1", "tradeable": "PF_XBTUSD", "direction": "Buy", "quantity": "1", "filled": filled,
        "timestamp": 1767225600000, "lastUpdateTimestamp": 1767225600000, "limitPrice": "60000", "orderType": "Limit",
        "clientId": "bot-1", "reduceOnly": False,
    }  # fmt: skip
    return {"timestamp": 1767225600000, "uid": "e-1", "event": {kind: {field: order, "reason": reason}}}


PLACED = event("OrderPlaced", "order", "0.4", "new_user_order")


@pytest.mark.parametrize(
    ("events", "status", "filled"),
    [
        ([PLACED, event("OrderUpdated", "newOrder", "1", "full_fill")], OrderStatus.FILLED, "1"),
        ([event("OrderUpdated", "newOrder", "1", "full_fill"), PLACED], OrderStatus.FILLED, "1"),
        ([PLACED, event("OrderCancelled", "order", "0.7", "cancelled_by_user")], OrderStatus.CANCELLED, "0.7"),
    ],
)
def test_an_order_that_ended_longer_ago_than_the_exchange_tells_of_it_is_read_from_its_history(
    events: list[Any], status: OrderStatus, filled: str
) -> None:
    lookup = asked_for(
        "krakenfutures", STATUS["body"], {"ask": EVENTS, "body": {"elements": events, "len": len(events)}}
    )

    assert lookup.order is not None
    assert (lookup.order.status, str(lookup.order.filled)) == (status, filled)


def test_without_its_history_what_became_of_it_is_unknown() -> None:
    lookup = asked_for("krakenfutures", STATUS["body"])

    assert lookup.status is LookupStatus.UNKNOWN
    assert "ended orders could not be read" in lookup.reason


def test_what_the_history_does_not_show_either_is_absent() -> None:
    lookup = asked_for("krakenfutures", STATUS["body"], {"ask": EVENTS, "body": {"elements": [], "len": 0}})

    assert lookup.status is LookupStatus.ABSENT
