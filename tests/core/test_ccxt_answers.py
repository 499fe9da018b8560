"""Answers in the words of single exchanges, through their unmodified ccxt clients and the whole request path. No network."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from expected_orders import ORDERS, order_facts
from order_in_facts import BTC, T0
from recorded_exchange import ACCOUNT_KINDS, Recorded, opened

from crashdesk.exchange.records import (
    CancelStatus,
    LookupStatus,
    Namespace,
    OrderRef,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.state import OrderStatus


@pytest.mark.scenario(21, 47)
@pytest.mark.parametrize("exchange", sorted(ORDERS))
def test_open_orders_in_the_words_of_the_exchange(exchange: str) -> None:
    with opened(exchange) as (found, _):
        reading = found.read_open_orders([BTC])

    gaps = {gap.status for gap in reading.coverage.gaps()} - {ScopeStatus.NOT_SUPPORTED}
    assert not gaps, reading.coverage.gaps()
    assert sorted(map(order_facts, reading.orders), key=lambda one: one["id"]) == sorted(
        ORDERS[exchange], key=lambda one: one["id"]
    )


LONG, SHORT = "long", "short"


@pytest.mark.parametrize(
    ("exchange", "legs"),
    [
        ("bingx", [(LONG, "0.05", "60100", "1", True)]),
        ("bitget", [(LONG, "0.05", "60100", "1", True), (SHORT, "0.05", "60900", "1", True)]),
        ("deribit", [(SHORT, "1500", "60500.25", "1", None)]),
        ("gate", [(LONG, "9440", "60100.5", "0.0001", True)]),
        ("htx", [(LONG, "9", "60100", "0.001", True)]),
        ("hyperliquid", [(SHORT, "0.25", "60500.0", "1", None)]),
        ("krakenfutures", [(SHORT, "1.5", "61000.5", "1", None)]),
        ("kucoinfutures", [(SHORT, "7", "60000.5", "0.001", False)]),
        ("mexc", [(LONG, "30", "60100", "0.0001", None)]),
    ],
)
def test_positions_in_the_words_of_the_exchange(exchange: str, legs: list[tuple[Any, ...]]) -> None:
    with opened(exchange) as (found, _):
        reading = found.read_positions([])

    assert reading.coverage.complete, reading.coverage.gaps()
    assert legs == [
        (leg.side.leg, str(leg.contracts), str(leg.entry_price), str(leg.contract_size), leg.hedged)
        for leg in reading.positions
    ]


@pytest.mark.parametrize(
    ("exchange", "order_id", "status", "words"),
    [
        ("bingx", "1736011111111111111", CancelStatus.UNKNOWN, "already filled"),
        ("bitget", "1100000000000000001", CancelStatus.ACCEPTED, ""),
        ("coinbase", "0000-0001", CancelStatus.ACCEPTED, ""),
        ("deribit", "146062", CancelStatus.ACCEPTED, ""),
        # These do not name the order in their answer: only a read proves anything.
        ("hyperliquid", "91490942", CancelStatus.UNKNOWN, "about which order"),
        ("kraken", "OAAAAA-BBBBB-CCCCC1", CancelStatus.UNKNOWN, "about which order"),
        ("krakenfutures", "59302619-41d2-4f0b-941f-7e7914760ad3", CancelStatus.ACCEPTED, ""),
        ("kucoinfutures", "253356193032912896", CancelStatus.UNKNOWN, "about which order"),
    ],
)
def test_cancel_answers_in_the_words_of_the_exchange(
    exchange: str, order_id: str, status: CancelStatus, words: str
) -> None:
    with opened(exchange) as (found, recorded):
        symbol = next(iter(ORDERS[exchange]))["symbol"]
        answer = found.cancel_order(OrderRef(symbol=symbol, namespace=Namespace.NORMAL, id=order_id))

    assert (answer.status, answer.sent) == (status, True)
    assert words in answer.reason
    assert recorded.asked


@pytest.mark.parametrize(
    ("exchange", "order_id", "status"),
    [("kraken", "OAAAAA-BBBBB-CCCCC1", OrderStatus.CANCELLED), ("coinbase", "0000-0001", OrderStatus.FILLED)],
)
def test_single_orders_in_the_words_of_the_exchange(exchange: str, order_id: str, status: OrderStatus) -> None:
    with opened(exchange) as (found, _):
        symbol = ORDERS[exchange][0]["symbol"]
        lookup = found.read_order(OrderRef(symbol=symbol, namespace=Namespace.NORMAL, id=order_id))

    assert lookup.order is not None
    assert (lookup.status, lookup.order.status) == (LookupStatus.FOUND, status)


@pytest.mark.parametrize(
    ("exchange", "order_id"), [("bitget", "1100000000000000009"), ("mexc", "137"), ("htx", "1355")]
)
def test_a_conditional_order_that_ccxt_does_not_find_by_its_id_is_looked_for_in_its_lists(
    exchange: str, order_id: str
) -> None:
    wanted, missing = (OrderRef(symbol=BTC, namespace=Namespace.CONDITIONAL, id=one) for one in (order_id, "999"))

    with opened(exchange) as (found, _):
        here, nowhere = found.read_order(wanted), found.read_order(missing)

    assert here.order is not None
    assert (here.order.id, here.order.trigger_price) == (order_id, 50000)
    assert nowhere.status is LookupStatus.UNKNOWN


# An empty answer, and an answer that only looks empty


@pytest.mark.scenario(40)
@pytest.mark.parametrize(
    ("exchange", "ask", "body"),
    [
        (
            "bitget",
            "GET /api/v2/mix/order/orders-",
            {"code": "00000", "msg": "system busy", "data": {"entrustedList": None}},
        ),
        ("hyperliquid", "POST /info", {"status": "down"}),
        ("kraken", "POST /0/private/OpenOrders", {"error": [], "result": "unavailable"}),
        (
            "krakenfutures",
            "GET /derivatives/api/v3/openorders",
            {"result": "success", "serverTime": "2026-01-01T00:10:00.000Z"},
        ),
        ("mexc", "GET /api/v1/private/", {"success": True, "code": 0, "message": "under maintenance"}),
        ("coinbase", "GET /api/v3/brokerage/orders/historical/batch", {"message": "try again"}),
    ],
)
def test_an_answer_without_a_list_is_a_failure_and_no_empty_account(
    exchange: str, ask: str, body: dict[str, Any]
) -> None:
    with opened(exchange, answers=[{"ask": ask, "body": body}, *ACCOUNT_KINDS]) as (found, _):
        reading = found.read_open_orders([])

    assert reading.orders == ()
    assert {one.status for one in reading.coverage.readings} <= {ScopeStatus.FAILED, ScopeStatus.NOT_SUPPORTED}


@pytest.mark.parametrize(
    ("exchange", "ask", "body"),
    [
        (
            "bitget",
            "GET /api/v2/mix/order/orders-",
            {"code": "00000", "msg": "success", "data": {"entrustedList": None, "endId": None}},
        ),
        ("hyperliquid", "POST /info", []),
        ("kraken", "POST /0/private/OpenOrders", {"error": [], "result": {"open": {}}}),
        ("phemex", "GET /g-orders/activeList", {"code": 10002, "msg": "OM_ORDER_NOT_FOUND", "data": None}),
        ("mexc", "GET /api/v1/private/", {"success": True, "code": 0, "data": []}),
    ],
)
def test_an_empty_list_is_read_as_one(exchange: str, ask: str, body: Any) -> None:
    with opened(exchange, answers=[{"ask": ask, "body": body}, *ACCOUNT_KINDS]) as (found, _):
        reading = found.read_open_orders([BTC])

    assert {one.status for one in reading.coverage.readings} <= {ScopeStatus.READ, ScopeStatus.NOT_SUPPORTED}, reading


def test_a_position_list_that_only_looks_empty_is_a_failure() -> None:
    body = {"success": True, "code": 0, "message": "under maintenance"}
    with opened("mexc", answers=[{"ask": "GET /api/v1/private/", "body": body}]) as (found, _):
        reading = found.read_positions([])

    assert [one.status for one in reading.coverage.readings] == [ScopeStatus.FAILED]


# Pages that shift


class ShiftingPages(Recorded):
    """MEXC's numbered pages of open orders; between the requests `change(orders)` happens to the account."""

    def __init__(self, count: int, change: Callable[[list[int], int], None]) -> None:
        super().__init__([])
        self.numbers = list(range(1, count + 1))
        self.change = change

    def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
        parts = urlsplit(request.url)
        given = {name: int(values[0]) for name, values in parse_qs(parts.query).items() if values[0].isdigit()}
        if "planorder" in parts.path:
            return self.reply(request, 200, {"success": True, "code": 0, "data": []})
        self.asked.append(parts.path)
        start = (given["page_num"] - 1) * given["page_size"]
        page = [self._row(number) for number in self.numbers[start : start + given["page_size"]]]
        self.change(self.numbers, len(self.asked))
        return self.reply(request, 200, {"success": True, "code": 0, "data": page})

    @staticmethod
    def _row(number: int) -> dict[str, Any]:
        return {
            "orderId": str(number), "symbol": "BTC_USDT", "price": 60000, "vol": 50, "side": 1, "orderType": 1, "dealVol": 0,
            "openType": 1, "state": 2, "externalOid": "", "createTime": T0 + number, "updateTime": T0 + number,
        }  # fmt: skip


def read_shifting(count: int, change: Callable[[list[int], int], None]) -> tuple[set[int], ScopeReading, ShiftingPages]:
    pages = ShiftingPages(count, change)
    with opened("mexc", adapter=pages) as (found, _):
        reading = found.read_open_orders([])
    return {int(one.id) for one in reading.orders}, reading.coverage.readings[0], pages


@pytest.mark.scenario(38)
def test_an_order_that_slips_to_a_page_already_read_is_found_by_reading_again() -> None:
    def cancel_the_first(numbers: list[int], request: int) -> None:
        if request == 1:
            numbers.pop(0)

    ids, reading, pages = read_shifting(250, cancel_the_first)

    # Order 101 moved to the first page after that had been read.
    assert ids == set(range(2, 251))
    assert reading.status is ScopeStatus.READ
    assert len(pages.asked) == 9


@pytest.mark.scenario(38)
def test_pages_that_never_come_to_rest_are_truncated_and_nothing_seen_is_lost() -> None:
    ids, reading, _ = read_shifting(150, lambda numbers, request: numbers.insert(0, 1000 + request))

    assert set(range(1, 151)) <= ids
    assert reading.status is ScopeStatus.TRUNCATED
    assert "differed each time" in reading.reason


@pytest.mark.scenario(39)
@pytest.mark.parametrize("count", [100, 200])
def test_a_list_that_ends_with_a_full_page_is_whole(count: int) -> None:
    ids, reading, _ = read_shifting(count, lambda _numbers, _request: None)

    assert (len(ids), reading.status, reading.count) == (count, ScopeStatus.READ, count)


# What never left


def test_a_cancellation_that_the_client_refuses_by_itself_was_not_sent() -> None:
    with opened("bitget") as (found, recorded):
        answer = found.cancel_order(OrderRef(symbol="NOT/LISTED:LISTED", namespace=Namespace.NORMAL, id="1"))

    assert (answer.status, answer.sent) == (CancelStatus.NOT_DONE, False)
    assert recorded.asked == []


def test_a_cancellation_of_an_order_without_an_id_was_not_sent() -> None:
    with opened("kraken") as (found, recorded):
        answer = found.cancel_order(
            OrderRef(symbol="BTC/USDT", namespace=Namespace.NORMAL, id="", client_order_id="bot-1")
        )

    assert (answer.status, answer.sent, recorded.asked) == (CancelStatus.NOT_DONE, False, [])
