"""What the embedded exchange's OKX dialect refuses, how it misbehaves on request, and where it can be reached."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import ccxt
import pytest
from embedded_clients import Connect, ids, opened_clients, status_of
from okx_builders import (
    BOT,
    BTC,
    CANCEL,
    CREDENTIALS,
    PLACE,
    START_NS,
    VIEWER,
    conditional,
    new_client,
    okx_venue,
    rest,
)

from crashdesk.demo.transport import EscapedRequest
from crashdesk.demo.venue import Credentials, Dialect, EmbeddedExchange, Fault, FaultKind, LedgerStatus, spawn_venue


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    with okx_venue() as running:
        yield running


@pytest.fixture
def connect(venue: EmbeddedExchange) -> Iterator[Connect]:
    with opened_clients(venue, new_client, BOT) as open_client:
        yield open_client


# Refusals


def _raw(bot: Any, **changes: Any) -> Any:
    order = {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "1", "px": "60000"}
    return bot.privatePostTradeOrder({**order, **changes})


def _twice(bot: Any) -> None:
    for _ in range(2):
        rest(bot, clientOrderId="cd1")


def _cancel_twice(bot: Any) -> None:
    order_id = rest(bot)
    for _ in range(2):
        bot.cancel_order(order_id, BTC)


def _cancel_filled(bot: Any) -> None:
    bot.cancel_order(bot.create_order(BTC, "market", "buy", "1")["id"], BTC)


def _close_fraction(bot: Any, **params: Any) -> None:
    conditional(bot, "sell", params.pop("kind", "market"), stopLossPrice="60000", closeFraction="1", **params)


@pytest.mark.parametrize(
    ("code", "error", "request_"),
    [
        ("51000", ccxt.BadRequest, lambda bot: _raw(bot, side="hold")),
        ("51000", ccxt.BadRequest, lambda bot: _raw(bot, px="60000.05")),
        ("51000", ccxt.BadRequest, lambda bot: _raw(bot, posSide="long")),
        ("51000", ccxt.BadRequest, lambda bot: _raw(bot, clOrdId="cd-1")),
        ("51000", ccxt.BadRequest, lambda bot: _raw(bot, clOrdId="c" * 33)),
        ("51000", ccxt.BadRequest, lambda bot: rest(bot, stopLoss={"triggerPrice": "59000"})),
        ("51001", ccxt.BadSymbol, lambda bot: _raw(bot, instId="DOGE-USDT-SWAP")),
        ("51008", ccxt.InsufficientFunds, lambda bot: _raw(bot, sz="5000")),
        ("51016", ccxt.InvalidOrder, _twice),
        ("51020", ccxt.InvalidOrder, lambda bot: _raw(bot, sz="0.001")),
        ("51121", ccxt.InvalidOrder, lambda bot: _raw(bot, sz="1.001")),
        ("51169", ccxt.ExchangeError, lambda bot: _raw(bot, reduceOnly=True)),
        ("51250", ccxt.InvalidOrder, lambda bot: conditional(bot, "sell", stopLossPrice="65000")),
        ("51328", ccxt.InvalidOrder, _close_fraction),
        ("51400", ccxt.OrderNotFound, lambda bot: bot.cancel_order("1", BTC)),
        ("51400", ccxt.OrderNotFound, lambda bot: bot.cancel_order("1", BTC, {"trigger": True})),
        ("51401", ccxt.OrderNotFound, _cancel_twice),
        ("51402", ccxt.OrderNotFound, _cancel_filled),
        ("51503", ccxt.OrderNotFound, lambda bot: bot.edit_order("1", BTC, "limit", "buy", "1", "60000")),
        ("51603", ccxt.OrderNotFound, lambda bot: bot.fetch_order("1", BTC)),
        ("51603", ccxt.OrderNotFound, lambda bot: bot.fetch_order("1", BTC, {"trigger": True})),
    ],
)
def test_refusals_come_inside_a_reply_of_status_200(
    bot: Any, code: str, error: type[Exception], request_: Callable[[Any], Any]
) -> None:
    bot.load_markets()
    with pytest.raises(error, match=rf'"s?[cC]ode":"{code}"') as caught:
        request_(bot)
    assert type(caught.value) is error


def test_one_of_two_orders_may_be_refused(venue: EmbeddedExchange, bot: Any) -> None:
    common = {"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "1"}
    answer = bot.privatePostTradeBatchOrders([{**common, "px": "60000"}, {**common, "px": "60000.01"}])

    assert (answer["code"], [row["sCode"] for row in answer["data"]]) == ("2", ["0", "51000"])
    assert ids(bot.fetch_open_orders()) == [answer["data"][0]["ordId"]]
    assert len(venue.ledger().orders) == 1


def test_a_post_only_order_that_would_trade_is_accepted_and_cancelled(venue: EmbeddedExchange, bot: Any) -> None:
    order_id = rest(bot, "65000", postOnly=True)
    assert bot.fetch_order(order_id, BTC)["status"] == "canceled"
    assert venue.ledger().fill_count == 0


@pytest.mark.parametrize(
    ("code", "error", "keys"),
    [
        ("50111", ccxt.AuthenticationError, Credentials(api_key="stranger", secret="x", passphrase="x")),
        ("50113", ccxt.AuthenticationError, Credentials(api_key="bot-key", secret="x", passphrase="bot-phrase")),
        ("50105", ccxt.AuthenticationError, Credentials(api_key="bot-key", secret="bot-secret", passphrase="x")),
    ],
)
def test_wrong_keys_are_refused(connect: Connect, code: str, error: type[Exception], keys: Credentials) -> None:
    with pytest.raises(error, match=code):
        connect(keys).fetch_balance()


def test_wrong_times_and_missing_headers_are_refused(venue: EmbeddedExchange, bot: Any, connect: Connect) -> None:
    bot.load_markets()
    for shift_ms in (-31_000, 31_000):
        bot.options["timeDifference"] = shift_ms
        with pytest.raises(ccxt.InvalidNonce, match="50102"):
            bot.fetch_balance()
    bot.options["timeDifference"] = 29_000
    bot.fetch_balance()
    bot.iso8601 = lambda _ms: "yesterday"
    with pytest.raises(ccxt.AuthenticationError, match="50112"):
        bot.fetch_balance()
    with pytest.raises(ccxt.AuthenticationError, match="50103"):
        bot.fetch("https://www.okx.com/api/v5/account/balance")
    venue.add_fault(Fault(kind=FaultKind.CLOCK_SKEW, path="/api/v5/account", seconds=60))
    with pytest.raises(ccxt.InvalidNonce, match="50102"):
        connect().fetch_balance()


def test_a_read_only_key_may_read_and_nothing_else(venue: EmbeddedExchange, connect: Connect, bot: Any) -> None:
    order_id, viewer = rest(bot), connect(VIEWER)
    assert ids(viewer.fetch_open_orders()) == [order_id]
    with pytest.raises(ccxt.ExchangeError, match="50120"):
        viewer.cancel_order(order_id, BTC)
    assert status_of(venue, order_id) is LedgerStatus.OPEN


# Faults and lifetime


@pytest.mark.parametrize(
    ("kind", "error", "cancelled"),
    [
        (FaultKind.RESET_BEFORE, ccxt.NetworkError, False),
        (FaultKind.RESET_AFTER, ccxt.NetworkError, True),
        (FaultKind.DELAY_AFTER, ccxt.RequestTimeout, True),
        (FaultKind.TRUNCATED, ccxt.NetworkError, True),
        (FaultKind.HTML_502, ccxt.ExchangeNotAvailable, False),
        (FaultKind.RATE_LIMITED, ccxt.RateLimitExceeded, False),
        (FaultKind.OVERLOADED, ccxt.ExchangeNotAvailable, False),
        (FaultKind.MAINTENANCE, ccxt.OnMaintenance, False),
        (FaultKind.UNKNOWN_STATUS, ccxt.RequestTimeout, True),
    ],
)
def test_fault_during_a_cancel(
    venue: EmbeddedExchange, bot: Any, kind: FaultKind, error: type[Exception], cancelled: bool
) -> None:
    order_id = rest(bot)
    venue.add_fault(Fault(kind=kind, path=CANCEL, seconds=1.0))

    with pytest.raises(error) as caught:
        bot.cancel_order(order_id, BTC)

    assert type(caught.value) is error
    assert venue.request_count("POST", CANCEL) == int(cancelled)
    assert venue.request_count("POST", CANCEL, received=True) == 1
    assert bot.fetch_order(order_id, BTC)["status"] == ("canceled" if cancelled else "open")


def test_a_held_reply_says_what_it_is_about(venue: EmbeddedExchange, connect: Connect) -> None:
    patient = connect(timeout=10_000)
    patient.load_markets()
    venue.add_fault(Fault(kind=FaultKind.HOLD, method="POST", path=PLACE))
    sender = threading.Thread(target=lambda: rest(patient, clientOrderId="cdheld"))
    sender.start()
    held = venue.wait_until_held(5)
    assert held is not None
    assert (held.api_key, held.symbol, held.client_order_id) == ("bot-key", "BTC-USDT-SWAP", "cdheld")
    assert [order.client_order_id for order in venue.ledger().open_orders] == ["cdheld"]
    venue.release()
    sender.join(5)
    assert not sender.is_alive()


def test_it_runs_in_a_process_of_its_own() -> None:
    with spawn_venue(seed=7, start_ns=START_NS, credentials=CREDENTIALS, dialect=Dialect.OKX) as venue:
        client = new_client(BOT, venue.url, venue.control.now_ns, timeout=10_000)
        order_id = rest(client, amount="3")
        (order,) = venue.control.ledger().orders
        client.session.close()
    assert (order.id, order.quantity, order.contracts) == (order_id, Decimal("0.03"), 3)


def test_requests_to_any_other_host_are_stopped(connect: Connect) -> None:
    client = connect(hostname="aws.okx.com")
    with pytest.raises(EscapedRequest, match=r"aws\.okx\.com"):
        client.load_markets()


def test_passphrases_are_not_shown() -> None:
    assert BOT.passphrase not in repr(BOT)


def test_client_order_ids_have_an_okx_form() -> None:
    assert Dialect.BINANCE.client_order_id("cdmm-7-000012") == "cdmm-7-000012"
    assert Dialect.OKX.client_order_id("cdmm-7-000012") == "cdmm7000012"
    assert Dialect.OKX.client_order_id("cdmm-7-000012").startswith(Dialect.OKX.client_order_id("cdmm-"))
