"""The embedded exchange as a server: nobody leaves loopback, others control it, and it ends when it should."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import ccxt
import pytest
from binance_builders import BOT, BTC, CREDENTIALS, ORDER_PATH, START_NS, new_client
from embedded_clients import Connect

from crashdesk.demo.transport import EscapedRequest
from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind, LedgerStatus, VenueControl, VenueError, spawn_venue


def test_requests_to_any_other_host_are_stopped(venue: EmbeddedExchange, connect: Connect) -> None:
    careless = connect(BOT, fetchCurrencies=True)
    with pytest.raises(EscapedRequest, match=r"'api\.binance\.com'") as caught:
        careless.load_markets()
    assert "signature" not in str(caught.value)
    with pytest.raises(EscapedRequest):
        careless.session.get("http://localhost:1/")
    with pytest.raises(EscapedRequest):
        careless.session.get(f"{venue.url}/fapi/v1/ping")


def test_errors_keep_the_real_urls(venue: EmbeddedExchange, bot: Any) -> None:
    bot.load_markets()
    venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE))
    with pytest.raises(ccxt.NetworkError, match=r"https://fapi\.binance\.com/fapi/v1/openOrders"):
        bot.fetch_open_orders()


def test_impossible_orders_to_the_venue_say_what_is_possible(venue: EmbeddedExchange) -> None:
    with pytest.raises(VenueError, match="BTC/USDT:USDT"):
        venue.price("DOGE/USDT:USDT")
    with pytest.raises(VenueError, match="hedger, main"):
        venue.ledger("nobody")
    with pytest.raises(VenueError, match="forward"):
        venue.advance(-1)
    with pytest.raises(VenueError, match="positive"):
        venue.push_price(BTC, Decimal(0))
    with pytest.raises(VenueError, match="port"):
        EmbeddedExchange(start_ns=START_NS, credentials=(), port=urlsplit(venue.url).port or 0)
    assert venue.ledger().positions == ()


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
    venue = EmbeddedExchange(start_ns=START_NS, credentials=CREDENTIALS)
    venue.add_fault(Fault(kind=FaultKind.HOLD, path="/fapi/v1/time"))
    client = new_client(BOT, venue.url, venue.now_ns)
    client.load_markets()
    with pytest.raises(ccxt.RequestTimeout):
        client.fetch_time()
    venue.close()
    venue.close()
    client.session.close()
    assert set(threading.enumerate()) <= before


def test_clients_that_speak_no_http_are_turned_away_quietly(
    venue: EmbeddedExchange, bot: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    port = urlsplit(venue.url).port or 0
    for nonsense in (b"", b"\x16\x03\x01\n", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(nonsense)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(4096)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert bot.fetch_time() == START_NS // 1_000_000
    assert capfd.readouterr() == ("", "")
