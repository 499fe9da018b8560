"""What an unmodified ccxt client reads from the embedded exchange."""

from decimal import Decimal
from typing import Any

from binance_builders import BTC, CREDENTIALS, ETH, SOL, START_NS, fill_order
from embedded_clients import Connect, ids

from crashdesk.demo.venue import MARKETS, EmbeddedExchange


def test_markets_carry_their_filters(bot: Any) -> None:
    markets = bot.load_markets()

    assert set(markets) == {BTC, ETH, SOL}
    for spec in MARKETS:
        market = markets[spec.symbol]
        assert market["swap"] is market["linear"] is market["active"] is True
        assert Decimal(market["contractSize"]) == 1
        assert Decimal(market["precision"]["price"]) == spec.tick
        assert Decimal(market["precision"]["amount"]) == spec.step
        assert Decimal(market["limits"]["amount"]["min"]) == spec.min_quantity
        assert Decimal(market["limits"]["cost"]["min"]) == spec.min_notional


def test_prices_agree_across_endpoints(venue: EmbeddedExchange, bot: Any) -> None:
    venue.advance(600)
    last = venue.price(ETH)

    assert bot.fetch_time() == START_NS // 1_000_000 + 600_000
    assert Decimal(bot.fetch_ticker(ETH)["last"]) == last
    assert {symbol: Decimal(ticker["last"]) for symbol, ticker in bot.fetch_tickers().items()} == {
        symbol: venue.price(symbol) for symbol in (BTC, ETH, SOL)
    }
    assert Decimal(bot.fetch_mark_price(ETH)["markPrice"]) == last
    assert Decimal(bot.fetch_last_prices([ETH])[ETH]["price"]) == last
    quote = bot.fetch_bids_asks([ETH])[ETH]
    assert Decimal(quote["bid"]) < last < Decimal(quote["ask"])


def test_balance_is_what_the_ledger_says(venue: EmbeddedExchange, bot: Any) -> None:
    fill_order(venue, bot, "buy", "0.5")
    bot.create_order(ETH, "limit", "buy", "10", "3000")
    venue.push_price(BTC, Decimal("65000"))

    truth = venue.ledger()
    for useV2 in (False, True):
        usdt = bot.fetch_balance({"useV2": useV2})["USDT"]
        assert Decimal(usdt["total"]) == truth.equity
        assert Decimal(usdt["free"]) == truth.available
        assert Decimal(usdt["used"]) == truth.margin_used
    assert truth.available == truth.equity - truth.margin_used
    assert truth.margin_used == (Decimal("0.5") * 65000 + 10 * 3000) / 20


def test_orders_are_found_by_both_ids_while_open_and_after(venue: EmbeddedExchange, bot: Any) -> None:
    placed = bot.create_order(BTC, "limit", "buy", "0.01", "63000", {"newClientOrderId": "cd-1"})
    assert (placed["status"], placed["clientOrderId"]) == ("open", "cd-1")
    other = bot.create_order(SOL, "limit", "sell", "2", "170")

    assert ids(bot.fetch_open_orders(BTC)) == [placed["id"]]
    assert ids(bot.fetch_open_orders()) == [placed["id"], other["id"]]
    for _ in range(2):
        by_id = bot.fetch_order(placed["id"], BTC)
        assert by_id == bot.fetch_order("", BTC, {"origClientOrderId": "cd-1"})
        venue.advance(1)
        if by_id["status"] == "open":
            bot.cancel_order("", BTC, {"origClientOrderId": "cd-1"})
    assert by_id["status"] == "canceled"
    assert Decimal(by_id["lastUpdateTimestamp"]) == START_NS // 1_000_000 + 1000
    assert ids(bot.fetch_orders(BTC)) == [placed["id"]]
    assert ids(bot.fetch_canceled_orders(BTC)) == [placed["id"]]


def test_history_is_read_in_pages(venue: EmbeddedExchange, bot: Any) -> None:
    placed = []
    for _ in range(5):
        placed.append(fill_order(venue, bot, "buy", "0.01")["id"])
        venue.advance(60)
    second = START_NS // 1_000_000 + 60_000

    assert ids(bot.fetch_orders(BTC, None, 2)) == placed[-2:]
    assert ids(bot.fetch_orders(BTC, second, 2)) == placed[1:3]
    assert ids(bot.fetch_orders(BTC, None, 2, {"orderId": placed[3]})) == placed[3:]
    trades = bot.fetch_my_trades(BTC)
    assert [trade["order"] for trade in trades] == placed
    assert [trade["order"] for trade in bot.fetch_my_trades(BTC, second)] == placed[1:]
    assert [t["order"] for t in bot.fetch_my_trades(BTC, None, None, {"fromId": trades[3]["id"]})] == placed[3:]
    assert [t["order"] for t in bot.fetch_my_trades(BTC, None, None, {"orderId": placed[2]})] == [placed[2]]
    venue.advance(8 * 86_400)
    assert bot.fetch_my_trades(BTC) == [], "the exchange shows the last seven days unless asked for others"


def test_keys_of_one_account_share_it_and_are_told_apart(venue: EmbeddedExchange, connect: Connect) -> None:
    bot, human, viewer, hedger = (connect(entry) for entry in CREDENTIALS)
    mine = bot.create_order(BTC, "limit", "buy", "0.01", "63000")["id"]
    theirs = human.create_order(BTC, "limit", "sell", "0.01", "65000")["id"]

    assert ids(viewer.fetch_open_orders()) == [mine, theirs]
    assert hedger.fetch_open_orders() == []
    bot.cancel_order(theirs, BTC)
    report = venue.ledger()
    assert [(order.id, order.placed_by) for order in report.open_orders] == [(mine, "bot-key")]
    assert [(order.placed_by, order.cancelled_by) for order in report.closed_orders] == [("human-key", "bot-key")]
