"""No message and no log record of CcxtExchange shows a key, a secret or a signature."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from ccxt_on_binance import BOT, HEDGER, START_NS, VIEWER, Open, new_trader, opened_accounts, rest

from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind
from crashdesk.exchange.ccxt_exchange import CcxtExchange


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(BOT, VIEWER, HEDGER)) as running:
        yield running


@pytest.fixture
def open_exchange(venue: EmbeddedExchange) -> Iterator[Open]:
    with opened_accounts(venue) as open_one:
        yield open_one


@pytest.fixture
def exchange(open_exchange: Open) -> CcxtExchange:
    return open_exchange()


@pytest.fixture
def trader(venue: EmbeddedExchange) -> Iterator[Any]:
    client = new_trader(venue, BOT)
    yield client
    client.session.close()


def test_no_message_and_no_log_record_shows_key_secret_or_signature(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any
) -> None:
    texts: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            texts.append(logging.Formatter().format(record))

    root, handler = logging.getLogger(), Collect()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    refs = [rest(trader) for _ in FaultKind]
    trader.session.close()
    texts.clear()
    noisy = logging.getLogger("urllib3.connectionpool")
    try:
        exchange = open_exchange(timeout_s=0.2, deadline_s=0.4)
        texts.append(repr(exchange))
        for ref, kind in zip(refs, FaultKind, strict=True):
            # An application may lower the level again: the filter still stands before its handlers.
            noisy.setLevel(logging.DEBUG)
            venue.add_fault(Fault(kind=kind, method="DELETE", seconds=0.3))
            texts.append(str(exchange.cancel_order(ref)))
            venue.clear_faults()
            venue.release()
            texts.extend((str(exchange.read_open_orders([])), str(exchange.read_account())))
        venue.close()
        texts.extend((str(exchange.read_order(refs[0])), str(exchange.read_positions([]))))
        texts.append(str(exchange.late_results))
        logging.getLogger("crashdesk.exchange").warning("signed with %s", BOT.secret)
        exchange.close()
    finally:
        noisy.setLevel(logging.WARNING)
        root.removeHandler(handler)
        root.setLevel(level)

    everything = "\n".join(texts)
    assert "signed with [removed]" in everything
    assert "/fapi/v1/openOrders" in everything
    for secret in (BOT.api_key, BOT.secret, "signature=", "X-MBX-APIKEY"):
        assert secret not in everything
