"""A cancellation whose answer is lost, late or unreadable is settled by reading and never sent again."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from execution_desk import BOT, NORMAL, Desk, Wrapped, only
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from crashdesk.demo.transport import mount_loopback
from crashdesk.demo.venue import Fault, FaultKind, LedgerStatus
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings
from crashdesk.exchange.records import CancelAnswer, CancelStatus, OrderRef
from crashdesk.reconcile.records import OutcomeKind
from crashdesk.state import OrderStatus


@pytest.mark.scenario(9)
@pytest.mark.parametrize(
    "kind",
    [FaultKind.RESET_AFTER, FaultKind.PLAIN_OK, FaultKind.UNKNOWN_STATUS, FaultKind.TRUNCATED],
)
def test_an_answer_that_was_lost_is_settled_by_reading_and_never_sent_again(desk: Desk, kind: FaultKind) -> None:
    order = desk.rest()
    plan = desk.compare()
    desk.venue.add_fault(Fault(kind=kind, method="DELETE", path=NORMAL))
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent, desk.deletes()) == (OutcomeKind.CANCELLED, True, 1)
    assert "the answer was lost" in outcome.text
    assert desk.truth(order) is LedgerStatus.CANCELLED


@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.HTML_502, FaultKind.OVERLOADED])
def test_a_request_that_never_arrived_leaves_an_open_order_and_nobody_pretends_otherwise(
    desk: Desk, kind: FaultKind
) -> None:
    order = desk.rest()
    plan = desk.compare()
    desk.venue.add_fault(Fault(kind=kind, method="DELETE", path=NORMAL))
    outcome = only(desk.cancel_all(plan))
    assert outcome.kind in (OutcomeKind.UNKNOWN, OutcomeKind.REFUSED)
    assert outcome.reread is not None
    assert outcome.reread.status is OrderStatus.OPEN
    assert (desk.truth(order), desk.deletes()) == (LedgerStatus.OPEN, 1)


@pytest.mark.scenario(9)
def test_a_time_out_after_the_work_was_done_is_settled_by_reading(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    hasty = desk.connect(BOT, deadline_s=0.5)
    hasty.connect()
    desk.venue.add_fault(Fault(kind=FaultKind.DELAY_AFTER, method="DELETE", path=NORMAL, seconds=0.8))
    outcome = only(desk.cancel_all(plan, exchange=hasty))
    hasty.close()
    assert (outcome.kind, desk.deletes()) == (OutcomeKind.CANCELLED, 1)
    assert desk.truth(order) is LedgerStatus.CANCELLED


@pytest.mark.scenario(36)
@pytest.mark.parametrize("skip", [0, 1])
def test_a_limit_in_mid_batch_is_waited_for_and_shown(desk: Desk, skip: int) -> None:
    first, second = desk.rest(1), desk.rest(2, "59000")
    plan = desk.compare()
    desk.venue.add_fault(Fault(kind=FaultKind.RATE_LIMITED, method="GET", path=NORMAL, skip=skip))
    told: list[str] = []
    execution = desk.cancel_all(plan, step=lambda done, total, text: told.append(text))
    assert [outcome.kind for outcome in execution.outcomes] == [OutcomeKind.CANCELLED] * 2
    assert told[0] == "cancelling buy 0.01 BTC/USDT:USDT at 60000"
    assert f"{told[0]}: waiting 10 s for the exchange's limit" in told
    assert (desk.truth(first), desk.truth(second), desk.deletes()) == (
        LedgerStatus.CANCELLED,
        LedgerStatus.CANCELLED,
        2,
    )


@pytest.mark.scenario(15)
def test_an_order_that_cannot_be_read_again_is_not_touched(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    desk.venue.add_fault(Fault(kind=FaultKind.HTML_503, method="GET", path=NORMAL))
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent, desk.deletes()) == (OutcomeKind.UNKNOWN, False, 0)
    assert "not touched" in outcome.text
    assert desk.truth(order) is LedgerStatus.OPEN


def test_a_cancellation_that_cannot_be_proved_is_unknown(desk: Desk) -> None:
    desk.rest()
    plan = desk.compare()
    desk.venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="GET", path=NORMAL, skip=1, times=50))
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent, desk.deletes()) == (OutcomeKind.UNKNOWN, True, 1)
    assert "could not be read again" in outcome.text


class AcceptsAndForgets(HTTPAdapter):
    """A front of the exchange that says "cancelled" to every cancellation and hands none of them on."""

    def __init__(self, onward: HTTPAdapter) -> None:
        super().__init__()
        self._onward = onward
        self.accepted: list[str] = []

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        if request.method != "DELETE":
            return self._onward.send(request, *args, **kwargs)
        asked = dict(parse_qsl(urlsplit(request.url).query or request.body))
        self.accepted.append(asked["orderId"])
        answer = {"orderId": int(asked["orderId"]), "symbol": asked["symbol"], "status": "CANCELED", "executedQty": "0"}
        response = Response()
        response.status_code, response.reason, response.request, response.url = 200, "OK", request, request.url
        response.raw = io.BytesIO(json.dumps(answer).encode())
        response.headers["Content-Type"] = "application/json"
        return response


@pytest.mark.scenario(31)
def test_over_http_an_accepted_cancellation_whose_order_rests_on_is_unknown_and_sent_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    order = desk.rest()
    fronts: list[AcceptsAndForgets] = []

    def prepare(client: Any) -> None:
        mount_loopback(client, desk.venue.url, now_ns=desk.venue.now_ns)
        fronts.append(AcceptsAndForgets(client.session.get_adapter("https://")))
        client.session.mount("https://", fronts[0])

    exchange = CcxtExchange(
        ExchangeSettings(exchange="binanceusdm", account="main"),
        ExchangeCredentials(values={"apiKey": BOT.api_key, "secret": BOT.secret}),
        clock=desk.clock,
        prepare=prepare,
    )
    plan = desk.compare()
    outcome = only(desk.cancel_all(plan, exchange=exchange))
    again = only(desk.cancel_all(plan, exchange=exchange))
    exchange.close()
    assert (outcome.kind, outcome.sent) == (OutcomeKind.UNKNOWN, True)
    assert "it is still open after 10 s: look at the exchange before you rely on it" in outcome.text
    assert outcome.text in caplog.text
    assert (again.kind, again.sent) == (OutcomeKind.UNKNOWN, False)
    assert fronts[0].accepted == [order]
    assert desk.truth(order) is LedgerStatus.OPEN


def test_what_stays_unknown_is_shown_again_by_the_next_comparison(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()

    class Deaf(Wrapped):
        def cancel_order(self, ref: OrderRef) -> CancelAnswer:
            return CancelAnswer(status=CancelStatus.ACCEPTED)

    assert only(desk.cancel_all(plan, exchange=Deaf(desk.exchange))).kind is OutcomeKind.UNKNOWN
    again = desk.compare()
    assert [verdict.live.id for verdict in again.needs_decision if verdict.live] == [order]
    assert only(desk.cancel_all(again)).kind is OutcomeKind.CANCELLED
    assert desk.deletes() == 1
