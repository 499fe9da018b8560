"""The embedded exchange, driven by the unmodified ccxt client."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import ccxt
import pytest
from rich.pretty import pretty_repr

from crashdesk.demo.transport import EscapedRequest, demo_client_options, mount_loopback
from crashdesk.demo.venue import (
    MARKETS,
    Credentials,
    EmbeddedExchange,
    Fault,
    FaultKind,
    LedgerStatus,
    Namespace,
    VenueControl,
    VenueError,
    spawn_venue,
)
from crashdesk.demo.venue.simulation import Simulation

BTC, ETH, SOL = "BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
BOT = Credentials(api_key="bot-key", secret="bot-secret")
HUMAN = Credentials(api_key="human-key", secret="human-secret")
VIEWER = Credentials(api_key="viewer-key", secret="viewer-secret", can_trade=False)
HEDGER = Credentials(api_key="hedger-key", secret="hedger-secret", account="hedger")
CREDENTIALS = (BOT, HUMAN, VIEWER, HEDGER)
ORDER_PATH = "/fapi/v1/order"

Connect = Callable[..., Any]


@pytest.fixture
def exchange() -> Iterator[EmbeddedExchange]:
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=CREDENTIALS) as running:
        yield running


@pytest.fixture
def connect(exchange: EmbeddedExchange) -> Iterator[Connect]:
    opened = []

    def open_client(credentials: Credentials = BOT, to: EmbeddedExchange = exchange, **options: Any) -> Any:
        client = new_client(credentials, to.url, to.now_ns, **options)
        opened.append(client)
        return client

    yield open_client
    for client in opened:
        client.session.close()


@pytest.fixture
def bot(connect: Connect) -> Any:
    return connect(BOT)


def new_client(credentials: Credentials, url: str, now_ns: Callable[[], int], **options: Any) -> Any:
    client = ccxt.binanceusdm(
        {
            "apiKey": credentials.api_key,
            "secret": credentials.secret,
            "timeout": 400,
            "options": {**demo_client_options(), **options},
        }
    )
    client.number = str
    mount_loopback(client, url, now_ns=now_ns)
    return client


def ids(orders: list[dict[str, Any]]) -> list[str]:
    return [order["id"] for order in orders]


def status_of(exchange: EmbeddedExchange, order_id: str, namespace: Namespace = Namespace.NORMAL) -> LedgerStatus:
    order = exchange.ledger().order(order_id, namespace)
    assert order is not None
    return order.status


def fill_order(exchange: EmbeddedExchange, client: Any, side: str, amount: str, symbol: str = BTC) -> dict[str, Any]:
    return dict(client.create_order(symbol, "market", side, amount))


# Reading


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


def test_prices_agree_across_endpoints(exchange: EmbeddedExchange, bot: Any) -> None:
    exchange.advance(600)
    last = exchange.price(ETH)

    assert bot.fetch_time() == START_NS // 1_000_000 + 600_000
    assert Decimal(bot.fetch_ticker(ETH)["last"]) == last
    assert {symbol: Decimal(ticker["last"]) for symbol, ticker in bot.fetch_tickers().items()} == {
        symbol: exchange.price(symbol) for symbol in (BTC, ETH, SOL)
    }
    assert Decimal(bot.fetch_mark_price(ETH)["markPrice"]) == last
    assert Decimal(bot.fetch_last_prices([ETH])[ETH]["price"]) == last
    quote = bot.fetch_bids_asks([ETH])[ETH]
    assert Decimal(quote["bid"]) < last < Decimal(quote["ask"])


def test_balance_is_what_the_ledger_says(exchange: EmbeddedExchange, bot: Any) -> None:
    fill_order(exchange, bot, "buy", "0.5")
    bot.create_order(ETH, "limit", "buy", "10", "3000")
    exchange.push_price(BTC, Decimal("65000"))

    truth = exchange.ledger()
    for useV2 in (False, True):
        usdt = bot.fetch_balance({"useV2": useV2})["USDT"]
        assert Decimal(usdt["total"]) == truth.equity
        assert Decimal(usdt["free"]) == truth.available
        assert Decimal(usdt["used"]) == truth.margin_used
    assert truth.available == truth.equity - truth.margin_used
    assert truth.margin_used == (Decimal("0.5") * 65000 + 10 * 3000) / 20


def test_orders_are_found_by_both_ids_while_open_and_after(exchange: EmbeddedExchange, bot: Any) -> None:
    placed = bot.create_order(BTC, "limit", "buy", "0.01", "63000", {"newClientOrderId": "cd-1"})
    assert (placed["status"], placed["clientOrderId"]) == ("open", "cd-1")
    other = bot.create_order(SOL, "limit", "sell", "2", "170")

    assert ids(bot.fetch_open_orders(BTC)) == [placed["id"]]
    assert ids(bot.fetch_open_orders()) == [placed["id"], other["id"]]
    for _ in range(2):
        by_id = bot.fetch_order(placed["id"], BTC)
        assert by_id == bot.fetch_order("", BTC, {"origClientOrderId": "cd-1"})
        exchange.advance(1)
        if by_id["status"] == "open":
            bot.cancel_order("", BTC, {"origClientOrderId": "cd-1"})
    assert by_id["status"] == "canceled"
    assert Decimal(by_id["lastUpdateTimestamp"]) == START_NS // 1_000_000 + 1000
    assert ids(bot.fetch_orders(BTC)) == [placed["id"]]
    assert ids(bot.fetch_canceled_orders(BTC)) == [placed["id"]]


def test_history_is_read_in_pages(exchange: EmbeddedExchange, bot: Any) -> None:
    placed = []
    for _ in range(5):
        placed.append(fill_order(exchange, bot, "buy", "0.01")["id"])
        exchange.advance(60)
    second = START_NS // 1_000_000 + 60_000

    assert ids(bot.fetch_orders(BTC, None, 2)) == placed[-2:]
    assert ids(bot.fetch_orders(BTC, second, 2)) == placed[1:3]
    assert ids(bot.fetch_orders(BTC, None, 2, {"orderId": placed[3]})) == placed[3:]
    trades = bot.fetch_my_trades(BTC)
    assert [trade["order"] for trade in trades] == placed
    assert [trade["order"] for trade in bot.fetch_my_trades(BTC, second)] == placed[1:]
    assert [t["order"] for t in bot.fetch_my_trades(BTC, None, None, {"fromId": trades[3]["id"]})] == placed[3:]
    assert [t["order"] for t in bot.fetch_my_trades(BTC, None, None, {"orderId": placed[2]})] == [placed[2]]
    exchange.advance(8 * 86_400)
    assert bot.fetch_my_trades(BTC) == [], "the exchange shows the last seven days unless asked for others"


def test_keys_of_one_account_share_it_and_are_told_apart(exchange: EmbeddedExchange, connect: Connect) -> None:
    bot, human, viewer, hedger = (connect(entry) for entry in CREDENTIALS)
    mine = bot.create_order(BTC, "limit", "buy", "0.01", "63000")["id"]
    theirs = human.create_order(BTC, "limit", "sell", "0.01", "65000")["id"]

    assert ids(viewer.fetch_open_orders()) == [mine, theirs]
    assert hedger.fetch_open_orders() == []
    bot.cancel_order(theirs, BTC)
    report = exchange.ledger()
    assert [(order.id, order.placed_by) for order in report.open_orders] == [(mine, "bot-key")]
    assert [(order.placed_by, order.cancelled_by) for order in report.closed_orders] == [("human-key", "bot-key")]


# Matching


def test_resting_orders_fill_when_the_price_reaches_them(exchange: EmbeddedExchange, bot: Any) -> None:
    near, far, never = (bot.create_order(BTC, "limit", "buy", "0.01", price)["id"] for price in (63900, 63800, 63000))
    exchange.push_price(BTC, Decimal("63800.1"))
    assert ids(bot.fetch_open_orders(BTC)) == [far, never]
    exchange.push_price(BTC, Decimal("63800"))
    assert ids(bot.fetch_open_orders(BTC)) == [never]

    trades = bot.fetch_my_trades(BTC)
    assert {trade["order"] for trade in trades} == {near, far}
    assert all(trade["takerOrMaker"] == "maker" for trade in trades)
    assert sum(Decimal(trade["fee"]["cost"]) for trade in trades) == Decimal("0.02") * 63850 * Decimal("0.0002")
    assert Decimal(bot.fetch_order(near, BTC)["average"]) == 63900


def test_some_orders_fill_in_two_pieces(exchange: EmbeddedExchange, bot: Any) -> None:
    for level in range(40):
        bot.create_order(SOL, "limit", "buy", "10", str(150 - Decimal(level + 1) / 50))
    seen_partial = set()
    for _ in range(2000):
        exchange.advance(5)
        partial = [o for o in exchange.ledger().open_orders if o.status is LedgerStatus.PARTIALLY_FILLED]
        seen_partial.update(order.id for order in partial)
        if len(seen_partial) >= 3 and not partial:
            break

    assert len(seen_partial) >= 3
    for order_id in seen_partial:
        pieces = bot.fetch_my_trades(SOL, None, None, {"orderId": order_id})
        assert len(pieces) == 2
        assert sum(Decimal(piece["amount"]) for piece in pieces) == 10
        assert bot.fetch_order(order_id, SOL)["status"] == "closed"


def test_money_adds_up_to_the_last_digit_after_a_day_of_trading(exchange: EmbeddedExchange, bot: Any) -> None:
    dice = random.Random(3)
    bot.load_markets()
    for round_number in range(60):
        exchange.advance(1440)
        symbol, side = dice.choice((BTC, ETH, SOL)), dice.choice(("buy", "sell"))
        notional = Decimal(dice.randint(200, 20_000))
        price = exchange.price(symbol)
        amount = bot.amount_to_precision(symbol, str(notional / price))
        if round_number % 2:
            bot.create_order(symbol, "market", side, amount)
        else:
            away = Decimal("0.998") if side == "buy" else Decimal("1.002")
            bot.create_order(symbol, "limit", side, amount, bot.price_to_precision(symbol, str(price * away)))

    truth = exchange.ledger()
    trades = [trade for symbol in (BTC, ETH, SOL) for trade in bot.fetch_my_trades(symbol)]
    held = {symbol: Decimal(0) for symbol in (BTC, ETH, SOL)}
    cash = truth.starting_balance
    for trade in trades:
        sign = 1 if trade["side"] == "buy" else -1
        held[trade["symbol"]] += sign * Decimal(trade["amount"])
        cash -= sign * Decimal(trade["price"]) * Decimal(trade["amount"]) + Decimal(trade["fee"]["cost"])
    assert len(trades) == truth.fill_count > 40
    realized = sum(Decimal(trade["info"]["realizedPnl"]) for trade in trades)
    fees = sum(Decimal(trade["fee"]["cost"]) for trade in trades)
    assert (truth.realized_pnl, truth.fees_paid) == (realized, fees)
    assert truth.balance == truth.starting_balance + realized - fees
    assert truth.equity == cash + sum(held[symbol] * exchange.price(symbol) for symbol in held)
    positions = {position["symbol"]: position for position in bot.fetch_positions()}
    for symbol, quantity in held.items():
        assert Decimal(positions[symbol]["contracts"]) == abs(quantity)
        assert positions[symbol]["side"] == ("long" if quantity > 0 else "short")
    assert sum(Decimal(row["unrealizedPnl"]) for row in positions.values()) == truth.unrealized_pnl


def test_one_way_position_nets_and_flips(exchange: EmbeddedExchange, bot: Any) -> None:
    exchange.push_price(BTC, Decimal("60000.1"))
    fill_order(exchange, bot, "sell", "0.3")
    exchange.advance(4)
    exchange.push_price(BTC, Decimal("58999.9"))
    fill_order(exchange, bot, "buy", "0.5")

    (position,) = bot.fetch_positions()
    assert (position["side"], Decimal(position["contracts"])) == ("long", Decimal("0.2"))
    assert (Decimal(position["entryPrice"]), position["hedged"]) == (Decimal("59000"), False)
    truth = exchange.ledger()
    assert truth.realized_pnl == Decimal("0.3") * 1000
    assert truth.positions[0].opened_at == START_NS + 4_000_000_000
    fill_order(exchange, bot, "sell", "0.2")
    assert bot.fetch_positions() == []


def test_hedge_legs_live_side_by_side(connect: Connect) -> None:
    with EmbeddedExchange(start_ns=START_NS, credentials=CREDENTIALS, hedge_mode=True) as exchange:
        bot = connect(BOT, exchange)
        assert bot.fetch_position_mode()["hedged"] is True
        bot.create_order(BTC, "market", "buy", "0.2", None, {"hedged": True})
        bot.create_order(BTC, "market", "sell", "0.1", None, {"hedged": True})
        legs = {row["side"]: Decimal(row["contracts"]) for row in bot.fetch_positions() if row["hedged"]}
        assert legs == {"long": Decimal("0.2"), "short": Decimal("0.1")}

        bot.create_order(BTC, "market", "sell", "0.15", None, {"hedged": True, "reduceOnly": True})
        assert {p.position_side: p.quantity for p in exchange.ledger().positions} == {
            "LONG": Decimal("0.05"),
            "SHORT": Decimal("0.1"),
        }
        with pytest.raises(ccxt.InvalidOrder, match="-2022"):
            bot.create_order(BTC, "market", "sell", "0.06", None, {"positionSide": "LONG"})
        with pytest.raises(ccxt.OperationRejected, match="-4061"):
            bot.create_order(BTC, "market", "sell", "0.01")


def test_position_mode_changes_only_on_an_empty_account(bot: Any) -> None:
    bot.set_position_mode(True)
    assert bot.fetch_position_mode()["hedged"] is True
    with pytest.raises(ccxt.OperationRejected, match="-4059"):
        bot.set_position_mode(True)
    bot.set_position_mode(False)
    order = bot.create_order(BTC, "limit", "buy", "0.01", "63000")
    with pytest.raises(ccxt.OperationRejected, match="-4067"):
        bot.set_position_mode(True)
    bot.cancel_order(order["id"], BTC)
    bot.create_order(BTC, "market", "buy", "0.01")
    with pytest.raises(ccxt.OperationRejected, match="-4068"):
        bot.set_position_mode(True)


def test_immediate_or_cancel_never_rests(bot: Any) -> None:
    missed = bot.create_order(BTC, "limit", "buy", "0.01", "63000", {"timeInForce": "IOC"})
    taken = bot.create_order(BTC, "limit", "buy", "0.01", "65000", {"timeInForce": "IOC"})
    assert (missed["status"], missed["filled"]) == ("expired", "0")
    assert (taken["status"], Decimal(taken["average"])) == ("closed", Decimal("64000.1"))
    assert bot.fetch_open_orders() == []


def test_who_asks_for_liquidations_hears_that_there_were_none(bot: Any) -> None:
    assert bot.fetch_my_liquidations("BTC/USDT:USDT") == []


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


# Conditional orders


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


# Errors


def _raw_order(bot: Any, **changes: Any) -> Any:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01"}
    return bot.fapiPrivatePostOrder({**order, "price": "63000", **changes})


def _cancel_twice(bot: Any) -> None:
    order = bot.create_order(BTC, "limit", "buy", "0.01", "63000")
    bot.cancel_order(order["id"], BTC)
    bot.cancel_order(order["id"], BTC)


def _reuse_client_id(bot: Any) -> None:
    for _ in range(2):
        bot.create_order(BTC, "limit", "buy", "0.01", "63000", {"newClientOrderId": "cd-1"})


@pytest.mark.parametrize(
    ("code", "error", "request_"),
    [
        (-1102, ccxt.BadRequest, lambda bot: _raw_order(bot, quantity="")),
        (-1100, ccxt.BadRequest, lambda bot: _raw_order(bot, quantity="1e-2")),
        (-1111, ccxt.BadRequest, lambda bot: _raw_order(bot, quantity="0.0105")),
        (-1111, ccxt.BadRequest, lambda bot: _raw_order(bot, price="63000.05")),
        (-1116, ccxt.BadRequest, lambda bot: _raw_order(bot, type="ICEBERG")),
        (-1117, ccxt.BadRequest, lambda bot: _raw_order(bot, side="HOLD")),
        (-1121, ccxt.BadSymbol, lambda bot: _raw_order(bot, symbol="DOGEUSDT")),
        (-2011, ccxt.OrderNotFound, _cancel_twice),
        (-2011, ccxt.OrderNotFound, lambda bot: bot.cancel_order("1", BTC, {"trigger": True})),
        (-2013, ccxt.OrderNotFound, lambda bot: bot.fetch_order("1", BTC)),
        (-2013, ccxt.OrderNotFound, lambda bot: bot.fetch_order("1", BTC, {"trigger": True})),
        (-2019, ccxt.InsufficientFunds, lambda bot: bot.create_order(BTC, "market", "buy", "40")),
        (
            -2021,
            ccxt.OrderImmediatelyFillable,
            lambda bot: bot.create_order(BTC, "market", "sell", "0.1", None, {"stopLossPrice": "65000"}),
        ),
        (
            -2022,
            ccxt.InvalidOrder,
            lambda bot: bot.create_order(BTC, "limit", "sell", "0.01", "65000", {"reduceOnly": True}),
        ),
        (-4003, ccxt.BadRequest, lambda bot: _raw_order(bot, quantity="0")),
        (-4005, ccxt.BadRequest, lambda bot: _raw_order(bot, quantity="1001")),
        (-4015, ccxt.BadRequest, lambda bot: _raw_order(bot, newClientOrderId="no spaces")),
        (
            -4061,
            ccxt.OperationRejected,
            lambda bot: bot.create_order(BTC, "limit", "buy", "0.01", "63000", {"hedged": True}),
        ),
        (-4116, ccxt.InvalidOrder, _reuse_client_id),
        (-4120, ccxt.InvalidOrder, lambda bot: _raw_order(bot, type="STOP_MARKET", stopPrice="65000")),
        (-4164, ccxt.InvalidOrder, lambda bot: bot.create_order(BTC, "limit", "buy", "0.001", "63000")),
        (
            -5022,
            ccxt.OrderNotFillable,
            lambda bot: bot.create_order(BTC, "limit", "buy", "0.01", "64000.1", {"postOnly": True}),
        ),
    ],
)
def test_refusals_reach_ccxt_as_the_exchange_words_them(
    bot: Any, code: int, error: type[Exception], request_: Callable[[Any], Any]
) -> None:
    bot.load_markets()
    with pytest.raises(error, match=rf'"code":{code},') as caught:
        request_(bot)
    assert type(caught.value) is error


def test_refused_orders_leave_no_trace(exchange: EmbeddedExchange, bot: Any) -> None:
    with pytest.raises(ccxt.OrderNotFillable):
        bot.create_order(BTC, "limit", "buy", "0.01", "64000.1", {"postOnly": True})
    with pytest.raises(ccxt.InsufficientFunds):
        bot.create_order(BTC, "market", "buy", "40")
    report = exchange.ledger()
    assert (report.orders, report.balance) == ((), report.starting_balance)


def test_read_only_key_may_read_and_nothing_else(exchange: EmbeddedExchange, connect: Connect, bot: Any) -> None:
    order = bot.create_order(BTC, "limit", "buy", "0.01", "63000")
    viewer = connect(VIEWER)
    assert ids(viewer.fetch_open_orders()) == [order["id"]]
    for trade in (
        lambda: viewer.cancel_order(order["id"], BTC),
        lambda: viewer.create_order(BTC, "market", "buy", "0.01"),
        lambda: viewer.set_position_mode(True),
    ):
        with pytest.raises(ccxt.AuthenticationError, match="-2015"):
            trade()
    assert [entry.id for entry in exchange.ledger().orders] == [order["id"]]


def test_wrong_keys_signatures_and_clocks_are_refused(exchange: EmbeddedExchange, connect: Connect, bot: Any) -> None:
    unknown = connect(Credentials(api_key="stranger", secret="x"))
    with pytest.raises(ccxt.AuthenticationError, match="-2015"):
        unknown.fetch_balance()
    forged = connect(Credentials(api_key=BOT.api_key, secret="guess"))
    with pytest.raises(ccxt.AuthenticationError, match="-1022"):
        forged.fetch_balance()
    bot.load_markets()
    for shift_ms in (-11_000, 2_000):
        bot.options["timeDifference"] = -shift_ms
        with pytest.raises(ccxt.InvalidNonce, match="-1021"):
            bot.fetch_balance()
    bot.options["timeDifference"] = 9_000
    bot.fetch_balance()
    assert _status_without_key(exchange) == (401, b'{"code":-2014,"msg":"API-key format invalid."}')


def _status_without_key(exchange: EmbeddedExchange) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", urlsplit(exchange.url).port or 0, timeout=5)
    try:
        connection.request("GET", "/fapi/v3/account?timestamp=1&signature=1")
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


# Faults


@pytest.mark.parametrize(
    ("kind", "error", "cancelled"),
    [
        (FaultKind.RESET_BEFORE, ccxt.NetworkError, False),
        (FaultKind.RESET_AFTER, ccxt.NetworkError, True),
        (FaultKind.DELAY_AFTER, ccxt.RequestTimeout, True),
        (FaultKind.TRUNCATED, ccxt.NetworkError, True),
        (FaultKind.HTML_404, ccxt.ExchangeNotAvailable, False),
        (FaultKind.HTML_502, ccxt.ExchangeNotAvailable, False),
        (FaultKind.HTML_503, ccxt.ExchangeNotAvailable, False),
        (FaultKind.OVERLOADED, ccxt.OperationFailed, False),
        (FaultKind.MAINTENANCE, ccxt.OperationFailed, False),
        (FaultKind.RATE_LIMITED, ccxt.DDoSProtection, False),
        (FaultKind.UNKNOWN_STATUS, ccxt.RequestTimeout, True),
    ],
)
def test_fault_during_a_cancel(
    exchange: EmbeddedExchange, bot: Any, kind: FaultKind, error: type[Exception], cancelled: bool
) -> None:
    order_id = bot.create_order(BTC, "limit", "buy", "0.01", "63000")["id"]
    exchange.add_fault(Fault(kind=kind, method="DELETE", path=ORDER_PATH, seconds=1.0))

    with pytest.raises(error) as caught:
        bot.cancel_order(order_id, BTC)

    assert type(caught.value) is error
    assert (status_of(exchange, order_id) is LedgerStatus.CANCELLED) is cancelled
    assert exchange.request_count("DELETE", ORDER_PATH) == int(cancelled)
    assert exchange.request_count("DELETE", ORDER_PATH, received=True) == 1
    assert bot.fetch_order(order_id, BTC)["status"] == ("canceled" if cancelled else "open")


def test_plain_ok_looks_like_success_without_an_id(exchange: EmbeddedExchange, bot: Any) -> None:
    order_id = bot.create_order(BTC, "limit", "buy", "0.01", "63000")["id"]
    exchange.add_fault(Fault(kind=FaultKind.PLAIN_OK, method="DELETE"))
    answer = bot.cancel_order(order_id, BTC)
    assert (answer["id"], answer["status"]) == (None, None)
    assert status_of(exchange, order_id) is LedgerStatus.CANCELLED


def test_delay_before_lets_the_work_happen_after_the_client_gave_up(exchange: EmbeddedExchange, bot: Any) -> None:
    order_id = bot.create_order(BTC, "limit", "buy", "0.01", "63000")["id"]
    exchange.add_fault(Fault(kind=FaultKind.DELAY_BEFORE, method="DELETE", seconds=0.8))
    with pytest.raises(ccxt.RequestTimeout):
        bot.cancel_order(order_id, BTC)
    assert bot.fetch_order(order_id, BTC)["status"] == "open"
    deadline = time.monotonic() + 5
    while exchange.request_count("DELETE", ORDER_PATH) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert bot.fetch_order(order_id, BTC)["status"] == "canceled"


def test_clock_skew_refuses_the_request(exchange: EmbeddedExchange, bot: Any) -> None:
    bot.load_markets()
    exchange.add_fault(Fault(kind=FaultKind.CLOCK_SKEW, path="/fapi/v1/openOrders", seconds=60, times=2))
    for _ in range(2):
        with pytest.raises(ccxt.InvalidNonce, match="-1021"):
            bot.fetch_open_orders()
    assert bot.fetch_open_orders() == []


def test_faults_skip_strike_and_are_used_up(exchange: EmbeddedExchange, bot: Any) -> None:
    bot.load_markets()
    exchange.add_fault(Fault(kind=FaultKind.HTML_502, method="GET", path="/fapi/v1/open", times=2, skip=1))
    outcomes = []
    for _ in range(5):
        try:
            outcomes.append(bot.fetch_open_orders())
        except ccxt.ExchangeNotAvailable:
            outcomes.append("502")
        bot.fetch_balance()
    assert outcomes == [[], "502", "502", [], []]
    exchange.add_fault(Fault(kind=FaultKind.HTML_502, times=100))
    exchange.clear_faults()
    assert bot.fetch_open_orders() == []


def test_held_reply_goes_out_when_released(exchange: EmbeddedExchange, connect: Connect) -> None:
    patient = connect(BOT)
    patient.timeout = 10_000
    patient.load_markets()
    exchange.add_fault(Fault(kind=FaultKind.HOLD, method="POST", path=ORDER_PATH))
    answers: list[Any] = []
    params = {"newClientOrderId": "cd-held"}
    sender = threading.Thread(
        target=lambda: answers.append(patient.create_order(BTC, "limit", "buy", "0.01", "63000", params))
    )
    sender.start()
    held = exchange.wait_until_held(5)
    assert held is not None
    assert (held.method, held.path, held.symbol, held.client_order_id) == ("POST", ORDER_PATH, "BTCUSDT", "cd-held")
    assert answers == []
    exchange.release()
    sender.join(5)
    assert answers[0]["clientOrderId"] == "cd-held"
    assert exchange.wait_until_held(0) is None


_CLIENT_SCRIPT = """
import sys
import ccxt
from crashdesk.demo.transport import demo_client_options, mount_loopback
url, now_ns = sys.argv[1], int(sys.argv[2])
client = ccxt.binanceusdm({"apiKey": "bot-key", "secret": "bot-secret", "options": demo_client_options()})
mount_loopback(client, url, now_ns=lambda: now_ns)
client.create_order("BTC/USDT:USDT", "limit", "buy", "0.01", "63000", {"newClientOrderId": "cd-last"})
"""


def test_client_killed_in_mid_flight_leaves_its_order(exchange: EmbeddedExchange, bot: Any) -> None:
    exchange.add_fault(Fault(kind=FaultKind.HOLD, method="POST", path=ORDER_PATH))
    with subprocess.Popen([sys.executable, "-c", _CLIENT_SCRIPT, exchange.url, str(START_NS)]) as client:
        try:
            assert exchange.wait_until_held(20) is not None
        finally:
            client.kill()
    exchange.release()
    assert [order["clientOrderId"] for order in bot.fetch_open_orders()] == ["cd-last"]


# Transport


def test_requests_to_any_other_host_are_stopped(exchange: EmbeddedExchange, connect: Connect) -> None:
    careless = connect(BOT, fetchCurrencies=True)
    with pytest.raises(EscapedRequest, match=r"'api\.binance\.com'") as caught:
        careless.load_markets()
    assert "signature" not in str(caught.value)
    with pytest.raises(EscapedRequest):
        careless.session.get("http://localhost:1/")
    with pytest.raises(EscapedRequest):
        careless.session.get(f"{exchange.url}/fapi/v1/ping")


def test_errors_keep_the_real_urls(exchange: EmbeddedExchange, bot: Any) -> None:
    bot.load_markets()
    exchange.add_fault(Fault(kind=FaultKind.RESET_BEFORE))
    with pytest.raises(ccxt.NetworkError, match=r"https://fapi\.binance\.com/fapi/v1/openOrders"):
        bot.fetch_open_orders()


# Time and prices


def test_same_seed_same_prices_and_time_stands_still() -> None:
    def path(seed: int) -> list[Decimal]:
        with EmbeddedExchange(seed=seed, start_ns=START_NS, credentials=()) as exchange:
            prices = []
            for _ in range(50):
                exchange.advance(60)
                prices.append(exchange.price(BTC))
            assert exchange.now_ns() == START_NS + 3_000_000_000_000
            return prices

    assert path(1) == path(1)
    assert path(1) != path(2)
    assert all(price % Decimal("0.1") == 0 for price in path(1))


@pytest.mark.parametrize("seed", range(4))
def test_prices_move_like_a_market(seed: int) -> None:
    simulation = _simulation(seed)
    prices: dict[str, list[Decimal]] = {spec.symbol: [] for spec in MARKETS}
    for _ in range(288):
        simulation.advance(300)
        for symbol, seen in prices.items():
            seen.append(simulation.book(symbol).last)
    for spec in MARKETS:
        seen = prices[spec.symbol]
        spread = (max(seen) - min(seen)) / spec.start_price
        assert Decimal("0.008") < spread < Decimal("0.2")


def test_pushed_price_is_where_the_path_goes_on(exchange: EmbeddedExchange) -> None:
    exchange.push_price(ETH, Decimal("4000"))
    assert exchange.price(ETH) == 4000
    exchange.advance(5)
    assert 3990 < exchange.price(ETH) < 4010
    exchange.advance(86_400)
    assert 3600 < exchange.price(ETH) < 4400


def test_real_time_moves_prices_once_followed() -> None:
    wall = [1_000_000_000]
    simulation = _simulation(1, wall_ns=lambda: wall[0])
    wall[0] += 60_000_000_000
    assert simulation.now_ns() == START_NS
    simulation.follow_real_time()
    before = simulation.book(BTC).last
    wall[0] += 60_000_000_000
    assert simulation.now_ns() == START_NS + 60_000_000_000
    assert simulation.book(BTC).last != before
    simulation.advance(3600)
    assert simulation.now_ns() == START_NS + 3_660_000_000_000


def _simulation(seed: int, **options: Any) -> Simulation:
    return Simulation(
        ["main"], seed=seed, start_ns=START_NS, hedge_mode=False, starting_balance=Decimal(1000), **options
    )


# Steering and lifetime


def test_impossible_orders_to_the_venue_say_what_is_possible(exchange: EmbeddedExchange) -> None:
    with pytest.raises(VenueError, match="BTC/USDT:USDT"):
        exchange.price("DOGE/USDT:USDT")
    with pytest.raises(VenueError, match="hedger, main"):
        exchange.ledger("nobody")
    with pytest.raises(VenueError, match="forward"):
        exchange.advance(-1)
    with pytest.raises(VenueError, match="positive"):
        exchange.push_price(BTC, Decimal(0))
    with pytest.raises(VenueError, match="port"):
        EmbeddedExchange(start_ns=START_NS, credentials=(), port=urlsplit(exchange.url).port or 0)
    assert exchange.ledger().positions == ()


def test_control_from_another_process_does_the_same(bot: Any) -> None:
    with spawn_venue(seed=7, start_ns=START_NS, credentials=CREDENTIALS) as venue:
        control = venue.control
        client = new_client(BOT, venue.url, control.now_ns)
        order = client.create_order(BTC, "limit", "buy", "0.01", "63000")
        control.add_fault(Fault(kind=FaultKind.HTML_502, method="GET"))
        with pytest.raises(ccxt.ExchangeNotAvailable):
            client.fetch_open_orders()
        control.add_fault(Fault(kind=FaultKind.HTML_502))
        control.clear_faults()
        assert control.advance(7.5) == START_NS + 7_500_000_000 == control.now_ns()
        control.push_price(BTC, Decimal("62999.9"))
        assert control.price(BTC) == Decimal("62999.9")
        report = control.ledger()
        assert [(entry.id, entry.status) for entry in report.orders] == [(order["id"], LedgerStatus.FILLED)]
        assert report.positions[0].quantity == Decimal("0.01")
        assert control.wait_until_held(0.05) is None
        control.release()
        assert control.request_count("POST", ORDER_PATH) == 1
        with pytest.raises(VenueError, match="nobody"):
            control.ledger("nobody")
        with pytest.raises(VenueError, match="token"):
            VenueControl(venue.url, "guess").now_ns()
        control.follow_real_time()
        client.session.close()
    assert not venue.is_running
    with pytest.raises(VenueError, match="does not answer"):
        control.now_ns()


_PARENT_SCRIPT = """
import time
from crashdesk.demo.venue import spawn_venue
venue = spawn_venue(seed=1, start_ns=0, credentials=())
print(venue.url, flush=True)
time.sleep(60)
"""


def test_venue_process_ends_with_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT_SCRIPT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        address = ("127.0.0.1", urlsplit(parent.stdout.readline().decode()).port or 0)
        socket.create_connection(address, timeout=5).close()
        os.kill(parent.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        parent.wait(10)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(address, timeout=1).close()
        except OSError:
            return
        time.sleep(0.02)
    pytest.fail("the exchange still listens after its parent is gone")


def test_close_ends_threads_and_held_replies() -> None:
    before = set(threading.enumerate())
    exchange = EmbeddedExchange(start_ns=START_NS, credentials=CREDENTIALS)
    exchange.add_fault(Fault(kind=FaultKind.HOLD, path="/fapi/v1/time"))
    client = new_client(BOT, exchange.url, exchange.now_ns)
    client.load_markets()
    with pytest.raises(ccxt.RequestTimeout):
        client.fetch_time()
    exchange.close()
    exchange.close()
    client.session.close()
    assert set(threading.enumerate()) <= before


def test_clients_that_speak_no_http_are_turned_away_quietly(
    exchange: EmbeddedExchange, bot: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    port = urlsplit(exchange.url).port or 0
    for nonsense in (b"", b"\x16\x03\x01\n", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(nonsense)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(4096)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert bot.fetch_time() == START_NS // 1_000_000
    assert capfd.readouterr() == ("", "")


def test_secrets_are_not_shown() -> None:
    assert "bot-secret" not in repr(BOT)
    assert "bot-secret" not in pretty_repr(BOT)
