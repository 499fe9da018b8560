"""Faults that a test orders from the embedded exchange: lost, late, held and repeated answers."""

import subprocess
import sys
import threading
import time
from typing import Any

import ccxt
import pytest
from binance_builders import BOT, BTC, ORDER_PATH, START_NS
from embedded_clients import Connect, status_of

from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind, LedgerStatus


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
    venue: EmbeddedExchange, bot: Any, kind: FaultKind, error: type[Exception], cancelled: bool
) -> None:
    order_id = bot.create_order(BTC, "limit", "buy", "0.01", "63000")["id"]
    venue.add_fault(Fault(kind=kind, method="DELETE", path=ORDER_PATH, seconds=1.0))

    with pytest.raises(error) as caught:
        bot.cancel_order(order_id, BTC)

    assert type(caught.value) is error
    assert (status_of(venue, order_id) is LedgerStatus.CANCELLED) is cancelled
    assert venue.request_count("DELETE", ORDER_PATH) == int(cancelled)
    assert venue.request_count("DELETE", ORDER_PATH, received=True) == 1
    assert bot.fetch_order(order_id, BTC)["status"] == ("canceled" if cancelled else "open")


def test_plain_ok_looks_like_success_without_an_id(venue: EmbeddedExchange, bot: Any) -> None:
    order_id = bot.create_order(BTC, "limit", "buy", "0.01", "63000")["id"]
    venue.add_fault(Fault(kind=FaultKind.PLAIN_OK, method="DELETE"))
    answer = bot.cancel_order(order_id, BTC)
    assert (answer["id"], answer["status"]) == (None, None)
    assert status_of(venue, order_id) is LedgerStatus.CANCELLED


def test_delay_before_lets_the_work_happen_after_the_client_gave_up(venue: EmbeddedExchange, bot: Any) -> None:
    order_id = bot.create_order(BTC, "limit", "buy", "0.01", "63000")["id"]
    venue.add_fault(Fault(kind=FaultKind.DELAY_BEFORE, method="DELETE", seconds=0.8))
    with pytest.raises(ccxt.RequestTimeout):
        bot.cancel_order(order_id, BTC)
    assert bot.fetch_order(order_id, BTC)["status"] == "open"
    deadline = time.monotonic() + 5
    while venue.request_count("DELETE", ORDER_PATH) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert bot.fetch_order(order_id, BTC)["status"] == "canceled"


def test_clock_skew_refuses_the_request(venue: EmbeddedExchange, bot: Any) -> None:
    bot.load_markets()
    venue.add_fault(Fault(kind=FaultKind.CLOCK_SKEW, path="/fapi/v1/openOrders", seconds=60, times=2))
    for _ in range(2):
        with pytest.raises(ccxt.InvalidNonce, match="-1021"):
            bot.fetch_open_orders()
    assert bot.fetch_open_orders() == []


def test_faults_skip_strike_and_are_used_up(venue: EmbeddedExchange, bot: Any) -> None:
    bot.load_markets()
    venue.add_fault(Fault(kind=FaultKind.HTML_502, method="GET", path="/fapi/v1/open", times=2, skip=1))
    outcomes = []
    for _ in range(5):
        try:
            outcomes.append(bot.fetch_open_orders())
        except ccxt.ExchangeNotAvailable:
            outcomes.append("502")
        bot.fetch_balance()
    assert outcomes == [[], "502", "502", [], []]
    venue.add_fault(Fault(kind=FaultKind.HTML_502, times=100))
    venue.clear_faults()
    assert bot.fetch_open_orders() == []


def test_held_reply_goes_out_when_released(venue: EmbeddedExchange, connect: Connect) -> None:
    patient = connect(BOT)
    patient.timeout = 10_000
    patient.load_markets()
    venue.add_fault(Fault(kind=FaultKind.HOLD, method="POST", path=ORDER_PATH))
    answers: list[Any] = []
    params = {"newClientOrderId": "cd-held"}
    sender = threading.Thread(
        target=lambda: answers.append(patient.create_order(BTC, "limit", "buy", "0.01", "63000", params))
    )
    sender.start()
    held = venue.wait_until_held(5)
    assert held is not None
    assert (held.method, held.path, held.symbol, held.client_order_id) == ("POST", ORDER_PATH, "BTCUSDT", "cd-held")
    assert answers == []
    venue.release()
    sender.join(5)
    assert answers[0]["clientOrderId"] == "cd-held"
    assert venue.wait_until_held(0) is None


_CLIENT_SCRIPT = """
import sys
import ccxt
from crashdesk.demo.transport import demo_client_options, mount_loopback
url, now_ns = sys.argv[1], int(sys.argv[2])
client = ccxt.binanceusdm({"apiKey": "bot-key", "secret": "bot-secret", "options": demo_client_options()})
mount_loopback(client, url, now_ns=lambda: now_ns)
client.create_order("BTC/USDT:USDT", "limit", "buy", "0.01", "63000", {"newClientOrderId": "cd-last"})
"""


def test_client_killed_in_mid_flight_leaves_its_order(venue: EmbeddedExchange, bot: Any) -> None:
    venue.add_fault(Fault(kind=FaultKind.HOLD, method="POST", path=ORDER_PATH))
    with subprocess.Popen([sys.executable, "-c", _CLIENT_SCRIPT, venue.url, str(START_NS)]) as client:
        try:
            assert venue.wait_until_held(20) is not None
        finally:
            client.kill()
    venue.release()
    assert [order["clientOrderId"] for order in bot.fetch_open_orders()] == ["cd-last"]
