"""What the embedded exchange refuses, in the exchange's own words, and what a refusal leaves behind."""

from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import ccxt
import pytest
from binance_builders import BOT, BTC, VIEWER
from embedded_clients import Connect, ids
from rich.pretty import pretty_repr

from crashdesk.demo.venue import Credentials, EmbeddedExchange


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


def test_refused_orders_leave_no_trace(venue: EmbeddedExchange, bot: Any) -> None:
    with pytest.raises(ccxt.OrderNotFillable):
        bot.create_order(BTC, "limit", "buy", "0.01", "64000.1", {"postOnly": True})
    with pytest.raises(ccxt.InsufficientFunds):
        bot.create_order(BTC, "market", "buy", "40")
    report = venue.ledger()
    assert (report.orders, report.balance) == ((), report.starting_balance)


def test_read_only_key_may_read_and_nothing_else(venue: EmbeddedExchange, connect: Connect, bot: Any) -> None:
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
    assert [entry.id for entry in venue.ledger().orders] == [order["id"]]


def test_wrong_keys_signatures_and_clocks_are_refused(venue: EmbeddedExchange, connect: Connect, bot: Any) -> None:
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
    assert _status_without_key(venue) == (401, b'{"code":-2014,"msg":"API-key format invalid."}')


def _status_without_key(venue: EmbeddedExchange) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", urlsplit(venue.url).port or 0, timeout=5)
    try:
        connection.request("GET", "/fapi/v3/account?timestamp=1&signature=1")
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_secrets_are_not_shown() -> None:
    assert "bot-secret" not in repr(BOT)
    assert "bot-secret" not in pretty_repr(BOT)
