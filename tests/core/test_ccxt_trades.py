"""The fills of one order: through the real ccxt client and the embedded exchange, and as other exchanges tell them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from ccxt_on_binance import BTC, START_NS
from recovery_builders import live

from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.ccxt_scopes import ClientProfile
from crashdesk.exchange.ccxt_trades import parse_trade, read_trades
from crashdesk.exchange.ccxt_worker import Reply
from crashdesk.exchange.records import LookupStatus, Namespace, OrderRef, Trade
from crashdesk.exchange.redact import Redactor
from crashdesk.state import OrderStatus

TRADES_PATH = "/fapi/v1/userTrades"
ORDER = live(status=OrderStatus.FILLED, filled=Decimal("0.010"), created_at=START_NS)


def ref(made: dict[str, Any]) -> OrderRef:
    return OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=made["id"])


@pytest.mark.scenario(1)
def test_a_filled_order_tells_its_own_fills_and_no_others(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    filled, other, resting = (
        trader.create_order(BTC, "market", "buy", "0.01"),
        trader.create_order(BTC, "market", "buy", "0.02"),
        trader.create_order(BTC, "limit", "buy", "0.01", "50000"),
    )
    lookup = exchange.read_order(ref(filled))
    assert (lookup.status, lookup.trades_problem) == (LookupStatus.FOUND, "")
    assert lookup.trades is not None
    assert {trade.order_id for trade in lookup.trades} == {filled["id"]}
    assert sum(trade.amount for trade in lookup.trades) == Decimal("0.01")
    assert all(trade.fee is not None and trade.fee_currency == "USDT" for trade in lookup.trades)
    assert other["id"] != filled["id"]

    # Nothing is asked of an order that rests, or ended without a fill.
    asked = venue.request_count("GET", TRADES_PATH)
    assert exchange.read_order(ref(resting)).trades is None
    trader.cancel_order(resting["id"], BTC)
    assert exchange.read_order(ref(resting)).trades is None
    assert venue.request_count("GET", TRADES_PATH) == asked


def test_what_a_triggered_order_became_tells_its_fills(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    trader.create_order(BTC, "market", "buy", "0.01")
    made = trader.create_order(BTC, "market", "sell", "0.01", None, {"stopLossPrice": "60000", "reduceOnly": True})
    venue.push_price(BTC, Decimal(59000))
    lookup = exchange.read_order(OrderRef(symbol=BTC, namespace=Namespace.CONDITIONAL, id=made["id"]))
    assert lookup.order is not None
    assert lookup.order.status is OrderStatus.FILLED
    assert lookup.trades is not None
    assert sum(trade.amount for trade in lookup.trades) == Decimal("0.01")


def test_trades_that_cannot_be_read_leave_the_order_found(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    filled = trader.create_order(BTC, "market", "buy", "0.01")
    venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="GET", path=TRADES_PATH))
    lookup = exchange.read_order(ref(filled))
    assert (lookup.status, lookup.trades) == (LookupStatus.FOUND, None)
    assert lookup.order is not None
    assert lookup.order.status is OrderStatus.FILLED
    assert lookup.trades_problem


class Client:
    """The two methods that ccxt may have; remembers what was asked of them."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []

    def fetch_order_trades(self, *arguments: Any) -> Any:
        self.asked.append(("order", *arguments))
        return self.answer

    def fetch_my_trades(self, *arguments: Any) -> Any:
        self.asked.append(("mine", *arguments))
        return self.answer


RAW = {"id": 1, "order": 8389765, "symbol": BTC, "amount": "0.004", "price": "36440", "timestamp": 1_700_000_000_000}


def read(answer: Any, *, exchange: str = "other", **has: bool) -> tuple[Client, tuple[tuple[Trade, ...] | None, str]]:
    client = Client(answer)
    profile = ClientProfile(exchange=exchange, market_type="swap", has=has, features={})
    ask: Callable[..., Reply] = lambda label, work: Reply(value=work(client))  # noqa: E731
    return client, read_trades(profile, ask, ORDER, Redactor(()))


def test_trades_come_from_the_method_that_the_exchange_has_and_are_sorted_out_by_order() -> None:
    others = {**RAW, "id": "9", "order": "77"}
    client, (trades, problem) = read([others, RAW, RAW], fetchMyTrades=True)
    assert client.asked == [("mine", BTC, START_NS // 1_000_000 - 1_000)]
    assert trades is not None
    assert [(trade.id, trade.order_id, trade.amount, trade.fee) for trade in trades] == [
        ("1", "8389765", Decimal("0.004"), None)
    ]
    assert problem == ""
    direct, _ = read([RAW], fetchMyTrades=True, fetchOrderTrades=True)
    assert direct.asked == [("order", "8389765", BTC)]
    by_id, _ = read([RAW], exchange="binanceusdm", fetchMyTrades=True, fetchOrderTrades=True)
    assert by_id.asked == [("mine", BTC, None, None, {"orderId": "8389765"})]


@pytest.mark.parametrize("answer", [None, {"code": 1}, ["what"], [{**RAW, "amount": None}], [{**RAW, "order": None}]])
def test_what_is_no_list_of_trades_is_a_gap_and_not_an_empty_list(answer: Any) -> None:
    _, (trades, problem) = read(answer, fetchMyTrades=True)
    assert trades is None
    assert problem


def test_an_exchange_without_trades_says_so_and_is_not_asked() -> None:
    client, (trades, problem) = read([RAW])
    assert (client.asked, trades) == ([], None)
    assert "cannot list the trades" in problem
    assert parse_trade({**RAW, "fee": {"cost": "0.1", "currency": "BNB"}}, ORDER) == Trade(
        id="1", order_id="8389765", symbol=BTC, amount=Decimal("0.004"), price=Decimal(36440), fee=Decimal("0.1"),
        fee_currency="BNB", at=1_700_000_000_000_000_000,
    )  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(ORDER), type=type(ORDER)) == ORDER
