"""Stops and reduce-only orders of the embedded exchange: when they fire, and when they end."""

from decimal import Decimal
from typing import Any

import ccxt
import pytest
from binance_builders import BTC, ETH, fill_order
from embedded_clients import ids, status_of

from crashdesk.demo.venue import EmbeddedExchange, LedgerStatus, Namespace


def test_reduce_only_orders_expire_with_their_position(venue: EmbeddedExchange, bot: Any) -> None:
    fill_order(venue, bot, "buy", "0.1")
    keeps = bot.create_order(BTC, "limit", "sell", "0.1", "66000")["id"]
    reduces = bot.create_order(BTC, "limit", "sell", "0.1", "65000", {"reduceOnly": True})["id"]
    fill_order(venue, bot, "sell", "0.1")

    assert ids(bot.fetch_open_orders()) == [keeps]
    assert bot.fetch_order(reduces, BTC)["status"] == "expired"
    assert status_of(venue, reduces) is LedgerStatus.EXPIRED


def test_reduce_only_never_flips_a_position(venue: EmbeddedExchange, bot: Any) -> None:
    fill_order(venue, bot, "buy", "0.1")
    order = bot.create_order(BTC, "market", "sell", "0.3", None, {"reduceOnly": True})
    assert (order["status"], Decimal(order["filled"])) == ("expired", Decimal("0.1"))
    assert venue.ledger().positions == ()


def test_stop_triggers_on_the_mark_price_and_closes_the_position(venue: EmbeddedExchange, bot: Any) -> None:
    fill_order(venue, bot, "buy", "0.1")
    stop = bot.create_order(
        BTC, "market", "sell", "0.1", None, {"stopLossPrice": "63000", "reduceOnly": True, "clientOrderId": "cd-stop"}
    )
    assert (stop["status"], Decimal(stop["triggerPrice"]), stop["reduceOnly"]) == ("open", Decimal("63000"), True)
    assert bot.fetch_open_orders() == [], "conditional orders live in a namespace of their own"
    assert ids(bot.fetch_open_orders(None, None, None, {"trigger": True})) == [stop["id"]]
    assert ids(bot.fetch_open_orders(BTC, None, None, {"trigger": True})) == [stop["id"]]
    assert bot.fetch_order("", BTC, {"trigger": True, "clientAlgoId": "cd-stop"})["id"] == stop["id"]

    venue.push_price(BTC, Decimal("62000"))
    ended = bot.fetch_order(stop["id"], BTC, {"trigger": True})
    assert ended["status"] == "closed"
    closing = bot.fetch_order(ended["info"]["actualOrderId"], BTC)
    assert (closing["status"], Decimal(closing["average"])) == ("closed", Decimal("62999.9"))
    assert bot.fetch_positions() == []
    assert status_of(venue, stop["id"], Namespace.CONDITIONAL) is LedgerStatus.TRIGGERED
    assert ids(bot.fetch_orders(BTC, None, None, {"trigger": True})) == [stop["id"]]


def test_every_kind_of_conditional_order_fires_on_its_side(venue: EmbeddedExchange, bot: Any) -> None:
    fill_order(venue, bot, "buy", "1")

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
    venue.push_price(BTC, Decimal("65000"))
    assert waiting() == [limit, breakout, trailing, dip, close["id"]]
    venue.push_price(BTC, Decimal("65500"))
    assert waiting() == [breakout, trailing, dip, close["id"]]
    assert [Decimal(order["price"]) for order in bot.fetch_open_orders(BTC)] == [Decimal("65600")]
    venue.push_price(BTC, Decimal("66000"))
    assert waiting() == [trailing, dip, close["id"]]
    venue.push_price(BTC, Decimal("65400"))
    assert waiting() == [trailing, dip, close["id"]], "a trailing stop follows up to 66000 and fires 1% below"
    venue.push_price(BTC, Decimal("65339"))
    assert waiting() == [dip, close["id"]]
    venue.push_price(BTC, Decimal("63000"))
    assert waiting() == [close["id"]]
    assert venue.ledger().positions[0].quantity == Decimal("0.9")
    venue.push_price(BTC, Decimal("61000"))
    assert waiting() == []
    assert venue.ledger().positions == ()


def test_reduce_only_stop_without_a_position_expires_when_it_triggers(venue: EmbeddedExchange, bot: Any) -> None:
    fill_order(venue, bot, "buy", "0.1")
    stop = bot.create_order(BTC, "market", "sell", "0.1", None, {"stopLossPrice": "63000", "reduceOnly": True})["id"]
    fill_order(venue, bot, "sell", "0.1")
    assert status_of(venue, stop, Namespace.CONDITIONAL) is LedgerStatus.OPEN
    venue.push_price(BTC, Decimal("62000"))
    assert bot.fetch_order(stop, BTC, {"trigger": True})["status"] == "expired"
    assert venue.ledger().positions == ()


def test_conditional_orders_are_cancelled_by_either_id(venue: EmbeddedExchange, bot: Any) -> None:
    params = {"triggerPrice": "66000"}
    first = bot.create_order(BTC, "market", "buy", "0.1", None, params)["id"]
    bot.create_order(BTC, "market", "buy", "0.1", None, {**params, "clientOrderId": "cd-2"})
    with pytest.raises(ccxt.OrderNotFound):
        bot.cancel_order(first, BTC)
    bot.cancel_order(first, BTC, {"trigger": True})
    bot.cancel_order("", BTC, {"trigger": True, "clientAlgoId": "cd-2"})
    assert venue.ledger().open_orders == ()
    assert [order.status for order in venue.ledger().closed_orders] == [LedgerStatus.CANCELLED] * 2


def test_cancel_all_leaves_other_markets_and_conditional_orders(bot: Any) -> None:
    bot.create_order(BTC, "limit", "buy", "0.01", "63000")
    kept = bot.create_order(ETH, "limit", "buy", "0.1", "3000")["id"]
    stop = bot.create_order(BTC, "market", "buy", "0.1", None, {"triggerPrice": "66000"})["id"]
    bot.cancel_all_orders(BTC)
    assert ids(bot.fetch_open_orders()) == [kept]
    assert ids(bot.fetch_open_orders(None, None, None, {"trigger": True})) == [stop]
