"""CcxtExchange on other exchanges: their real ccxt clients parse recorded-style answers. No network."""

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from crashdesk.clock import SystemClock
from crashdesk.errors import ExchangeRefused
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings
from crashdesk.exchange.records import CancelStatus, LookupStatus, Namespace, OrderRef, ScopeKind, ScopeStatus
from crashdesk.state import OrderType

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"


def with_answers(exchange_id: str, markets: list[dict[str, Any]], respond: Callable[..., Any]) -> CcxtExchange:
    """An exchange whose client parses what `respond(method, path, parameters)` returns in place of the network."""

    def prepare(client: Any) -> None:
        client.set_markets(markets)
        client.enableRateLimit = False

        def fetch(url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
            parts = urlsplit(url)
            parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
            answer = respond(method, parts.path, parameters)
            client.handle_errors(200, "OK", url, method, {}, json.dumps(answer), answer, headers, body)
            return answer

        client.fetch = fetch

    return CcxtExchange(
        ExchangeSettings(exchange=exchange_id, account="main"),
        ExchangeCredentials(values={"apiKey": "k-12345", "secret": "c2VjcmV0", "password": "p-12345"}),
        clock=SystemClock(),
        prepare=prepare,
    )


def swap_market(market_id: str) -> dict[str, Any]:
    names = {"base": "BTC", "quote": "USDT", "settle": "USDT", "baseId": "BTC", "quoteId": "USDT", "settleId": "USDT"}
    kinds = {"spot": False, "swap": True, "future": False, "option": False, "contract": True, "linear": True}
    precision = {"amount": "1", "price": "0.1"}
    return {
        "id": market_id, "symbol": BTC, "type": "swap", "inverse": False, "active": True, "contractSize": "0.01",
        "precision": precision, "limits": {}, "info": {}, **names, **kinds,
    }  # fmt: skip


class OkxOrders:
    """Open orders as OKX pages them: newest first, 100 at most, further ones `after` an id."""

    def __init__(self, normal: int, algo: dict[str, int]) -> None:
        self.normal = [self._row("ordId", 1000 + n, "limit") for n in range(normal)]
        self.algo = {
            kind: [self._row("algoId", first + n, kind) for n in range(algo[kind])]
            for first, kind in zip(range(5000, 10_000, 1000), algo, strict=False)
        }

    @staticmethod
    def _row(id_field: str, number: int, kind: str) -> dict[str, Any]:
        return {
            id_field: str(number), "clOrdId": "", "instId": "BTC-USDT-SWAP", "instType": "SWAP", "ordType": kind, "px": "60000",
            "sz": "3", "side": "buy", "posSide": "net", "state": "live", "cTime": str(1767225600000 + number), "triggerPx": "",
        }  # fmt: skip

    def __call__(self, method: str, path: str, parameters: dict[str, str]) -> Any:
        if path.endswith("/orders-pending"):
            rows, id_field = self.normal, "ordId"
        elif path.endswith("/orders-algo-pending"):
            kinds = parameters["ordType"].split(",")
            rows, id_field = [row for kind in kinds for row in self.algo.get(kind, [])], "algoId"
        else:
            return {"code": "0", "msg": "", "data": [{"sCode": "0", "sMsg": "", "ordId": "1000", "clOrdId": ""}]}
        after = int(parameters.get("after", 10**9))
        older = sorted((row for row in rows if int(row[id_field]) < after), key=lambda row: -int(row[id_field]))
        return {"code": "0", "msg": "", "data": older[: min(int(parameters.get("limit", 100)), 100)]}


@pytest.mark.scenario(25)
def test_okx_is_paged_to_the_end_in_every_conditional_kind() -> None:
    okx = with_answers("okx", [swap_market("BTC-USDT-SWAP")], OkxOrders(250, {"trigger": 130, "oco": 1, "twap": 2}))

    reading = okx.read_open_orders([])
    okx.close()

    by_namespace = [order.namespace for order in reading.orders]
    assert by_namespace.count(Namespace.NORMAL) == 250
    assert by_namespace.count(Namespace.CONDITIONAL) == 133
    assert reading.coverage.complete
    assert [r.count for r in reading.coverage.readings] == [250, 130, 1, 0, 0, 2]
    assert (reading.orders[0].amount, reading.orders[0].position_side) == (3, "both")


@pytest.mark.scenario(47)
def test_an_order_that_cannot_be_understood_makes_its_scope_a_gap_and_hides_no_other() -> None:
    answers = OkxOrders(3, {})
    answers.normal[1]["state"] = "a state of next year"
    okx = with_answers("okx", [swap_market("BTC-USDT-SWAP")], answers)

    reading = okx.read_open_orders([])
    okx.close()

    assert [order.id for order in reading.orders] == ["1000", "1002"]
    assert reading.coverage.readings[0].status is ScopeStatus.FAILED
    assert "order 1001" in reading.coverage.readings[0].reason
    assert not reading.coverage.covers(ScopeKind.ORDERS, BTC)


@pytest.mark.scenario(37)
def test_an_exchange_that_repeats_its_page_is_truncated() -> None:
    answers = OkxOrders(150, {})
    okx = with_answers("okx", [swap_market("BTC-USDT-SWAP")], lambda m, p, q: answers(m, p, {**q, "after": "1150"}))

    normal = okx.read_open_orders([]).coverage.readings[0]
    okx.close()

    assert (normal.status, normal.count) == (ScopeStatus.TRUNCATED, 100)


def test_a_cancel_answer_of_okx_without_a_status_is_accepted_for_the_right_id_only() -> None:
    okx = with_answers("okx", [swap_market("BTC-USDT-SWAP")], OkxOrders(1, {}))

    answers = [
        okx.cancel_order(OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=order_id)) for order_id in ("1000", "1001")
    ]
    okx.close()

    assert [answer.status for answer in answers] == [CancelStatus.ACCEPTED, CancelStatus.UNKNOWN]


def bybit_row(order_id: str, status: str, stop_type: str = "", trigger: str = "") -> dict[str, Any]:
    return {
        "symbol": "BTCUSDT", "orderType": "Limit", "orderLinkId": "", "orderId": order_id, "avgPrice": "", "side": "Buy",
        "stopOrderType": stop_type, "orderStatus": status, "price": "60000", "qty": "3", "cumExecQty": "0",
        "triggerPrice": trigger,
        "createdTime": "1767225600000", "updatedTime": "1767225600000", "reduceOnly": False, "positionIdx": 0,
    }  # fmt: skip


@pytest.mark.scenario(37)
def test_bybit_lists_conditional_orders_twice_and_they_come_once() -> None:
    plain, trigger = bybit_row("a", "New"), bybit_row("b", "Untriggered", "Stop", "59000")
    ended = bybit_row("c", "Cancelled")

    def respond(method: str, path: str, parameters: dict[str, str]) -> Any:
        if not path.endswith("/order/realtime"):
            return {"retCode": 0, "retMsg": "OK", "result": {"unified": 1, "uta": 1}}
        here = parameters["category"] == "linear" and parameters.get("settleCoin") == "USDT"
        rows = [trigger] if "orderFilter" in parameters else [plain, trigger, ended]
        return {"retCode": 0, "retMsg": "OK", "result": {"list": rows if here else [], "category": "linear"}}

    bybit = with_answers("bybit", [swap_market("BTCUSDT")], respond)
    reading = bybit.read_open_orders([])
    bybit.close()

    assert [(order.id, order.namespace) for order in reading.orders] == [
        ("a", Namespace.NORMAL),
        ("b", Namespace.CONDITIONAL),
    ]
    assert reading.orders[1].order_type is OrderType.STOP_LIMIT
    assert len(reading.coverage.readings) == 6
    assert reading.coverage.complete


@pytest.mark.scenario(42)
def test_an_exchange_that_turns_out_to_need_a_symbol_is_read_per_symbol() -> None:
    asked: list[str] = []

    def respond(method: str, path: str, parameters: dict[str, str]) -> Any:
        asked.append(path)
        return {"code": 0, "msg": "OK", "data": {"rows": []}}

    phemex = with_answers("phemex", [{**swap_market("BTCUSDT"), "info": {"settlementCurrency": "USDT"}}], respond)
    reading = phemex.read_open_orders([BTC])
    phemex.close()

    assert [(r.scope.symbol, r.status) for r in reading.coverage.readings] == [(BTC, ScopeStatus.READ)]
    assert not reading.coverage.covers(ScopeKind.ORDERS, ETH)
    assert len(asked) == 1


def test_an_exchange_without_a_read_by_client_id_is_searched_and_a_miss_proves_nothing() -> None:
    row = {
        "order_id": "k-1", "cliOrdId": "bot-1", "symbol": "PF_XBTUSD", "side": "buy", "orderType": "lmt", "limitPrice": 60000,
        "unfilledSize": 3, "filledSize": 0, "receivedTime": "2026-01-01T00:00:00.000Z", "status": "untouched",
        "lastUpdateTime": "2026-01-01T00:00:00.000Z", "reduceOnly": False,
    }  # fmt: skip

    def respond(method: str, path: str, parameters: dict[str, str]) -> Any:
        if path.endswith("/openorders"):
            return {"result": "success", "openOrders": [row]}
        return {"result": "success", "elements": [], "fills": [], "orders": []}

    kraken = with_answers("krakenfutures", [swap_market("PF_XBTUSD")], respond)
    found, missed = (
        kraken.read_order(OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="", client_order_id=name))
        for name in ("bot-1", "bot-2")
    )
    kraken.close()

    assert found.order is not None
    assert (found.order.id, found.order.client_order_id) == ("k-1", "bot-1")
    assert missed.status is LookupStatus.UNKNOWN
    assert "by its client order id" in missed.reason


def test_a_secret_in_the_wrong_form_is_named_as_such() -> None:
    kraken = CcxtExchange(
        ExchangeSettings(exchange="krakenfutures"),
        ExchangeCredentials(values={"apiKey": "k-12345", "secret": "s-12345"}),
        clock=SystemClock(),
        prepare=lambda client: client.set_markets([swap_market("PF_XBTUSD")]),
    )

    with pytest.raises(ExchangeRefused, match=r"nothing can be signed with it.*enter the secret again"):
        kraken.check_credentials()
    kraken.close()


def test_a_redirect_is_not_followed() -> None:
    class Elsewhere(HTTPAdapter):
        sent = 0

        def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
            Elsewhere.sent += 1
            reply = requests.Response()
            reply.status_code, reply.request, reply.url = 307, request, request.url
            reply.headers["Location"], reply.raw = "https://fapi.binance.com/elsewhere", io.BytesIO()
            return reply

    def prepare(client: Any) -> None:
        client.set_markets([swap_market("BTCUSDT")])
        client.session.mount("https://", Elsewhere())

    sent_on = CcxtExchange(
        ExchangeSettings(exchange="binanceusdm"),
        ExchangeCredentials(values={"apiKey": "k-12345", "secret": "s-12345"}),
        clock=SystemClock(),
        prepare=prepare,
    )
    answer = sent_on.cancel_order(OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="1"))
    sent_on.close()

    assert (answer.status, Elsewhere.sent) == (CancelStatus.UNKNOWN, 1)
    assert "not followed" in answer.reason
