"""CcxtExchange cancels with one request, and an answer that is lost or late is never called a success."""

from collections.abc import Callable
from typing import Any

import pytest
from ccxt_on_binance import (
    BTC,
    CONDITIONAL_PATH,
    NORMAL_PATH,
    VIEWER,
    Open,
    rest,
    stop,
    wait_until,
)

from crashdesk.demo.venue import EmbeddedExchange, Fault, FaultKind, LedgerStatus
from crashdesk.demo.venue import Namespace as VenueNamespace
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.records import CancelStatus, LookupStatus, Namespace, OrderRef


def truth(venue: EmbeddedExchange, ref: OrderRef) -> LedgerStatus:
    order = venue.ledger().order(ref.id, VenueNamespace(ref.namespace.value))
    assert order is not None
    return order.status


@pytest.mark.scenario(32)
@pytest.mark.parametrize("place", [rest, stop], ids=["normal", "conditional"])
def test_a_cancel_is_one_request_and_its_answer_is_accepted(
    venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, place: Callable[[Any], OrderRef]
) -> None:
    ref = place(trader)
    path = NORMAL_PATH if ref.namespace is Namespace.NORMAL else CONDITIONAL_PATH

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.ACCEPTED
    assert venue.request_count("DELETE", path, received=True) == 1
    assert truth(venue, ref) is LedgerStatus.CANCELLED
    again = exchange.cancel_order(ref)
    assert (again.status, again.reason) == (CancelStatus.ABSENT, "OrderNotFound: Unknown order sent. (-2011)")


OPEN, GONE = LedgerStatus.OPEN, LedgerStatus.CANCELLED


@pytest.mark.scenario(9, 44)
@pytest.mark.parametrize(
    ("kind", "answered", "ends"),
    [
        (FaultKind.RESET_BEFORE, CancelStatus.UNKNOWN, OPEN),
        (FaultKind.RESET_AFTER, CancelStatus.UNKNOWN, GONE),
        (FaultKind.DELAY_AFTER, CancelStatus.UNKNOWN, GONE),
        (FaultKind.TRUNCATED, CancelStatus.UNKNOWN, GONE),
        (FaultKind.PLAIN_OK, CancelStatus.UNKNOWN, GONE),
        (FaultKind.UNKNOWN_STATUS, CancelStatus.UNKNOWN, GONE),
        (FaultKind.HTML_404, CancelStatus.UNKNOWN, OPEN),
        (FaultKind.HTML_502, CancelStatus.UNKNOWN, OPEN),
        (FaultKind.OVERLOADED, CancelStatus.UNKNOWN, OPEN),
        (FaultKind.RATE_LIMITED, CancelStatus.NOT_DONE, OPEN),
        (FaultKind.CLOCK_SKEW, CancelStatus.NOT_DONE, OPEN),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_every_fault_costs_one_request_and_is_never_called_done(
    venue: EmbeddedExchange,
    open_exchange: Open,
    trader: Any,
    kind: FaultKind,
    answered: CancelStatus,
    ends: LedgerStatus,
) -> None:
    # An operator's own ccxt options must not make a cancel repeat itself.
    exchange, ref = open_exchange(timeout_s=0.3, options={"maxRetriesOnFailure": 2}), rest(trader)
    exchange.connect()
    seconds = 60.0 if kind is FaultKind.CLOCK_SKEW else 0.6
    venue.add_fault(Fault(kind=kind, method="DELETE", seconds=seconds))

    answer = exchange.cancel_order(ref)

    assert answer.status is answered
    assert answer.reason
    assert venue.request_count("DELETE", NORMAL_PATH, received=True) == 1
    assert truth(venue, ref) is ends


def test_a_refused_connection_did_nothing(venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any) -> None:
    ref = rest(trader)
    exchange.connect()
    venue.close()

    answer = exchange.cancel_order(ref)

    assert (answer.status, answer.reason) == (CancelStatus.NOT_DONE, "NetworkError: Connection refused")


@pytest.mark.scenario(45)
def test_a_key_without_trading_permission_did_nothing(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any
) -> None:
    ref = rest(trader)

    answer = open_exchange(VIEWER).cancel_order(ref)

    assert answer.status is CancelStatus.NOT_DONE
    assert "Invalid API-key, IP, or permissions for action. (-2015)" in answer.reason
    assert truth(venue, ref) is LedgerStatus.OPEN


@pytest.mark.parametrize("order_id", ["", " "])
def test_without_an_id_nothing_is_sent(exchange: CcxtExchange, venue: EmbeddedExchange, order_id: str) -> None:
    ref = OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id=order_id, client_order_id="bot-1")

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.NOT_DONE
    assert "read the order first" in answer.reason
    assert venue.request_count("DELETE", NORMAL_PATH, received=True) == 0


def test_without_markets_nothing_is_sent(venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any) -> None:
    ref = rest(trader)
    venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, path="/fapi/v1/exchangeInfo"))

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.NOT_DONE
    assert answer.reason.startswith("nothing was sent: the markets")
    assert venue.request_count("DELETE", NORMAL_PATH, received=True) == 0


def test_a_result_after_the_deadline_is_unknown_first_and_kept_when_it_comes(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any, caplog: pytest.LogCaptureFixture
) -> None:
    exchange, ref = open_exchange(deadline_s=0.3), rest(trader)
    exchange.connect()
    venue.add_fault(Fault(kind=FaultKind.HOLD, method="DELETE"))

    answer = exchange.cancel_order(ref)

    assert answer.status is CancelStatus.UNKNOWN
    assert "unknown until it is read again" in answer.reason
    assert exchange.late_results == ()
    venue.release()
    wait_until(lambda: exchange.late_results)
    (late,) = exchange.late_results
    assert late.request == f"cancelling {ref.key}"
    assert late.text == f"answered about order {ref.id}, status canceled"
    assert "after its deadline" in caplog.text


def test_a_cancel_that_waits_behind_a_slow_request_is_never_sent_late(
    venue: EmbeddedExchange, open_exchange: Open, trader: Any
) -> None:
    exchange, first, second = open_exchange(deadline_s=0.3), rest(trader), rest(trader)
    exchange.connect()
    venue.add_fault(Fault(kind=FaultKind.HOLD, method="DELETE"))
    exchange.cancel_order(first)

    answer = exchange.cancel_order(second)

    assert answer.status is CancelStatus.NOT_DONE
    assert "nothing was sent" in answer.reason
    venue.release()
    wait_until(lambda: exchange.late_results)
    assert exchange.read_order(second).status is LookupStatus.FOUND
    assert venue.request_count("DELETE", NORMAL_PATH, received=True) == 1
    assert truth(venue, second) is LedgerStatus.OPEN
