"""What CcxtExchange could not read is a gap that says why, and never an empty account."""

from typing import Any

import pytest
from ccxt_on_binance import BTC, Open, rest

from crashdesk.demo.venue import Credentials, EmbeddedExchange, Fault, FaultKind
from crashdesk.errors import ExchangeRefused, ExchangeUnavailable
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.records import LookupStatus, ScopeKind, ScopeStatus

BROKEN = [
    FaultKind.RESET_AFTER,
    FaultKind.TRUNCATED,
    FaultKind.PLAIN_OK,
    FaultKind.HTML_404,
    FaultKind.HTML_503,
    FaultKind.RATE_LIMITED,
    FaultKind.UNKNOWN_STATUS,
]


@pytest.mark.scenario(40)
@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.value)
def test_a_broken_answer_is_never_an_empty_account(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, kind: FaultKind
) -> None:
    trader.create_order(BTC, "market", "buy", "0.01")
    ref = rest(trader)
    exchange.connect()
    venue.add_fault(Fault(kind=kind, method="GET", times=100))

    orders, positions, account = exchange.read_open_orders([]), exchange.read_positions([]), exchange.read_account()

    for reading in (*orders.coverage.readings, *positions.coverage.readings, *account.coverage.readings):
        assert reading.status is ScopeStatus.FAILED
        assert reading.reason
    assert not orders.coverage.covers(ScopeKind.ORDERS, BTC)
    assert not orders.coverage.covers(ScopeKind.CONDITIONAL_ORDERS, BTC)
    assert account.account is None
    assert exchange.read_order(ref).status is LookupStatus.UNKNOWN
    assert exchange.clock_offset_ns() is None
    assert exchange.read_prices([BTC]) == {}


def test_one_scope_that_fails_leaves_the_others_read(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any
) -> None:
    ref = rest(trader)
    venue.add_fault(Fault(kind=FaultKind.HTML_502, path="/fapi/v1/openAlgoOrders"))

    reading = exchange.read_open_orders([])

    assert [order.id for order in reading.orders] == [ref.id]
    assert reading.coverage.covers(ScopeKind.ORDERS, BTC)
    assert not reading.coverage.covers(ScopeKind.CONDITIONAL_ORDERS, BTC)
    assert [gap.reason for gap in reading.coverage.gaps()] == [
        "the exchange cannot serve requests at this moment (a web page instead of an answer: 502 Bad Gateway); "
        "look at the exchange's status page, wait a minute, then read it again"
    ]


def test_without_markets_everything_is_a_gap_and_the_next_read_tries_again(
    venue: EmbeddedExchange, exchange: CcxtExchange
) -> None:
    venue.add_fault(Fault(kind=FaultKind.HTML_503, path="/fapi/v1/exchangeInfo", times=2))

    reading = exchange.read_open_orders([])

    assert [gap.scope.kind for gap in reading.coverage.gaps()] == [ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS]
    assert all("the markets of binanceusdm could not be loaded" in gap.reason for gap in reading.coverage.gaps())
    with pytest.raises(ExchangeUnavailable, match="read it again"):
        exchange.describe_market(BTC)
    assert exchange.read_open_orders([]).coverage.complete


@pytest.mark.scenario(45)
def test_wrong_keys_say_what_to_check(open_exchange: Open) -> None:
    stranger = open_exchange(Credentials(api_key="nobodys-key", secret="nobodys-secret"))

    (reading,) = stranger.read_account().coverage.readings

    assert reading.status is ScopeStatus.FAILED
    assert "check on the exchange's site that the key still exists" in reading.reason
    with pytest.raises(ExchangeRefused, match="check on the exchange's site that the key still exists"):
        stranger.check_credentials()
