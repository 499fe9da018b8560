"""Stops and reduce-only orders of the embedded exchange: when they fire, and when they end."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import ccxt
import pytest
from binance_builders import BOT, BTC, CREDENTIALS, ETH, START_NS, fill_order, new_client
from embedded_clients import Connect, ids, opened_clients, status_of

from crashdesk.demo.venue import EmbeddedExchange, LedgerStatus, Namespace


@pytest.fixture
def exchange() -> Iterator[EmbeddedExchange]:
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=CREDENTIALS) as running:
        yield running


@pytest.fixture
def connect(exchange: EmbeddedExchange) -> Iterator[Connect]:
    with opened_clients(exchange, new_client, BOT) as open_client:
        yield open_client


@pytest.fixture
def bot(connect: Connect) -> Any:
    return connect(BOT)


def test_reduce_only_orders_expire_with_their_position(exchange: EmbeddedExchange, bot: Any) -> None:
    fill_order(exchange, bot, "buy", "0.1")
    keeps = bot.create_order(BTC, "limit", "sell", "0.1", "66000")["id"]
    reduces = bot.create_order(BTC, "limit", "sell", "0.1", "65000", {"reduceOnly": True})["id"]
    fill_order(exchange, bot, "sell", "0.1")

    assert ids(bot.fetch_open_orders()) == [keeps]
    assert bot.fetch_order(reduces, BTC)["status"] == "expired"
    assert status_of(exchange, reduces) is LedgerStatus.EXPIRED


def test_reduce_only_never_flips_a_position(exchange: EmbeddedExchange, bot: Any) -> None:
    fill_order(exchange, bot, "buy", "0.1")
    order = bot.create_order(BTC, "market", "sell", "0.3", None, {"reduceOnly": True})
    assert (order["status"], Decimal(order["filled"])) == ("expired", Decimal("0.1"))
    assert exchange.ledger().positions == ()


def test_stop_triggers_on_the_mark_price_and_closes_the_position(exchange: EmbeddedExchange, bot: Any) -> None:
    fill_order(exchange, bot, "buy", "0.1")
    stop = bot.create_order(
        BTC, "market", "sell", "0.1", None, {"stopLossPrice": "63000", "reduceOnly": True, "clientOrderId": "cd-stop"}
    )
    assert (stop["status"], Decimal(stop["triggerPrice"]), stop["reduceOnly"]) == ("open", Decimal("63000"), True)
    assert bot.fetch_open_orders() == [], "conditional orders live in a namespace of their own"
    assert ids(bot.fetch_open_orders(None, None, None, {"trigger": True})) == [stop["id"]]
    assert ids(bot.fetch_open_orders(BTC, None, None, {"trigger": True})) == [stop["id"]]
    assert bot.fetch_order("", BTC, {"trigger": True, "clientAlgoId": "cd-stop"})["id"] == stop["id"]

    exchange.push_price(BTC, Decimal("62000"))
    ended = bot.fetch_order(stop["id"], BTC, {"trigger": True})
    assert ended["status"] == "closed"
    closing = bot.fetch_order(ended["info"]["actualOrderId"], BTC)
    assert (closing["status"], Decimal(closing["average"])) == ("closed", Decimal("62999.9"))
    assert bot.fetch_positions() == []
    assert status_of(exchange, stop["id"], Namespace.CONDITIONAL) is LedgerStatus.TRIGGERED
    assert ids(bot.fetch_orders(BTC, None, None, {"trigger": True})) == [stop["id"]]


def test_every_kind_of_conditional_order_fires_on_its_side(exchange: EmbeddedExchange, bot: Any) -> None:
    fill_order(exchange, bot, "buy", "1")

    def conditional(kind: str, side: str, price: str | None = None, **params: Any) -> str:
        return str(bot.create_order(BTC, kind, side, "0.1", price, params)["id"])

    profit = conditional("market", "sell", takeProfitPrice="65000", reduceOnly=True)
    limit = conditional("limit", "sell", price="65600", takeProfitPrice="65500")
    breakout = conditional("market", "buy", triggerPrice="66000")
    trailing = conditional("market", "sell", trailingPercent="1", reduceOnly=True)
    dip = conditional("market", "buy", takeProfitPrice="63000")
    close = bot.create_order(BTC, "STOP_MARKET", "sell", None, None, {"triggerPrice": "62000", "closePosition": True})

    def waiting() -> list[str]:
        return ids(bot.fetch_open_orders(BTC, None, None, {"trigger": True}))

    assert waiting() == [profit, limit, breakout, trailing, dip, close["id"]]
    exchange.push_price(BTC, Decimal("65000"))
    assert waiting() == [limit, breakout, trailing, dip, close["id"]]
    exchange.push_price(BTC, Decimal("65500"))
    assert waiting() == [breakout, trailing, dip, close["id"]]
    assert [Decimal(order["price"]) for order in bot.fetch_open_orders(BTC)] == [Decimal("65600")]
    exchange.push_price(BTC, Decimal("66000"))
    assert waiting() == [trailing, dip, close["id"]]
    exchange.push_price(BTC, Decimal("65400"))
    assert waiting() == [trailing, dip, close["id"]], "a trailing stop follows up to 66000 and fires 1% below"
    exchange.push_price(BTC, Decimal("65339"))
    assert waiting() == [dip, close["id"]]
    exchange.push_price(BTC, Decimal("63000"))
    assert waiting() == [close["id"]]
    assert exchange.ledger().positions[0].quantity == Decimal("0.9")
    exchange.push_price(BTC, Decimal("61000"))
    assert waiting() == []
    assert exchange.ledger().positions == ()


def test_reduce_only_stop_without_a_position_expires_when_it_triggers(exchange: EmbeddedExchange, bot: Any) -> None:
    fill_order(exchange, bot, "buy", "0.1")
    stop = bot.create_order(BTC, "market", "sell", "0.1", None, {"stopLossPrice": "63000", "reduceOnly": True})["id"]
    fill_order(exchange, bot, "sell", "0.1")
    assert status_of(exchange, stop, Namespace.CONDITIONAL) is LedgerStatus.OPEN
    exchange.push_price(BTC, Decimal("62000"))
    assert bot.fetch_order(stop, BTC, {"trigger": True})["status"] == "expired"
    assert exchange.ledger().positions == ()


def test_conditional_orders_are_cancelled_by_either_id(exchange: EmbeddedExchange, bot: Any) -> None:
    params = {"triggerPrice": "66000"}
    first = bot.create_order(BTC, "market", "buy", "0.1", None, params)["id"]
    bot.create_order(BTC, "market", "buy", "0.1", None, {**params, "clientOrderId": "cd-2"})
    with pytest.raises(ccxt.OrderNotFound):
        bot.cancel_order(first, BTC)
    bot.cancel_order(first, BTC, {"trigger": True})
    bot.cancel_order("", BTC, {"trigger": True, "clientAlgoId": "cd-2"})
    assert exchange.ledger().open_orders == ()
    assert [order.status for order in exchange.ledger().closed_orders] == [LedgerStatus.CANCELLED] * 2


def test_cancel_all_leaves_other_markets_and_conditional_orders(bot: Any) -> None:
    bot.create_order(BTC, "limit", "buy", "0.01", "63000")
    kept = bot.create_order(ETH, "limit", "buy", "0.1", "3000")["id"]
    stop = bot.create_order(BTC, "market", "buy", "0.1", None, {"triggerPrice": "66000"})["id"]
    bot.cancel_all_orders(BTC)
    assert ids(bot.fetch_open_orders()) == [kept]
    assert ids(bot.fetch_open_orders(None, None, None, {"trigger": True})) == [stop]
