"""Carrying out decisions against the embedded exchange over HTTP: one request an order, and only a re-read is proof."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import ccxt
import pytest
import strategies as make
from recovery_builders import ExchangeInMemory, live, plan_of, snapshot
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from strategies import ManualClock

from crashdesk.audit import AuditKind, broken_links
from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange, Fault, FaultKind, LedgerStatus
from crashdesk.demo.venue import Namespace as VenueNamespace
from crashdesk.errors import PlanChanged
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings
from crashdesk.exchange.records import CancelAnswer, CancelStatus, OrderLookup, OrderRef
from crashdesk.execute import Execution, execute_plan
from crashdesk.patience import Patience
from crashdesk.reconcile.records import Action, Decision, Outcome, OutcomeKind, Plan
from crashdesk.state import OrderStatus, Side
from crashdesk.storage.journal import Journal

BTC = "BTC/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
BOT = Credentials(api_key="bot-key-1a2b3c", secret="bot-secret-4d5e6f")
VIEWER = Credentials(api_key="viewer-key-9z", secret="viewer-secret-8y", can_trade=False)
NORMAL, CONDITIONAL = "/fapi/v1/order", "/fapi/v1/algoOrder"
EMPTY = make.state(positions=(), open_orders=())
MANIFEST = StoreManifest(bot="grid", client_order_id_prefix="grid-")


class VenueClock(ManualClock):
    """The embedded exchange's time; sleeping moves it."""

    def __init__(self, venue: EmbeddedExchange) -> None:
        super().__init__()
        self._venue = venue

    def now_ns(self) -> int:
        return self._venue.now_ns()

    def sleep(self, seconds: float) -> None:
        self._venue.advance(seconds)


class Desk:
    """An operator's place: an exchange, a journal, and orders that only the exchange knows."""

    def __init__(self, venue: EmbeddedExchange, directory: Path) -> None:
        self.venue = venue
        self.clock = VenueClock(venue)
        self.journal = Journal(directory, self.clock)
        self.exchange = self.connect(BOT)
        self.trader: Any = ccxt.binanceusdm(
            {"apiKey": BOT.api_key, "secret": BOT.secret, "options": demo_client_options()}
        )
        mount_loopback(self.trader, venue.url, now_ns=venue.now_ns)

    def connect(self, keys: Credentials, **settings: Any) -> CcxtExchange:
        return CcxtExchange(
            ExchangeSettings(**{"exchange": "binanceusdm", "account": "main", **settings}),
            ExchangeCredentials(values={"apiKey": keys.api_key, "secret": keys.secret}),
            clock=self.clock,
            prepare=lambda client: mount_loopback(client, self.venue.url, now_ns=self.venue.now_ns),
        )

    def rest(self, number: int = 1, price: str = "60000", prefix: str = "grid-") -> str:
        params = {"clientOrderId": f"{prefix}{number}"}
        return str(self.trader.create_order(BTC, "limit", "buy", "0.01", price, params)["id"])

    def rest_stop(self) -> str:
        params = {"stopLossPrice": "60000", "reduceOnly": True, "clientOrderId": "grid-stop"}
        return str(self.trader.create_order(BTC, "market", "sell", "0.01", None, params)["id"])

    def compare(self) -> Plan:
        self.venue.advance(60)
        plan, _ = compare(
            EMPTY,
            journal=self.journal.view(),
            exchange=self.exchange,
            manifest=MANIFEST,
            checkpoint_seq=None,
            clock=self.clock,
        )
        return plan

    def execute(self, plan: Plan, *decisions: Decision, **changes: Any) -> Execution:
        exchange = changes.pop("exchange", self.exchange)
        return execute_plan(plan, decisions, exchange=exchange, log=self.journal, clock=self.clock, **changes)

    def cancel_all(self, plan: Plan, **changes: Any) -> Execution:
        return self.execute(plan, *(cancel(verdict.key) for verdict in plan.orphans), **changes)

    def deletes(self, path: str = NORMAL) -> int:
        return self.venue.request_count("DELETE", path, received=True)

    def truth(self, order_id: str, namespace: VenueNamespace = VenueNamespace.NORMAL) -> LedgerStatus:
        order = self.venue.ledger().order(order_id, namespace)
        assert order is not None
        return order.status

    def close(self) -> None:
        self.exchange.close()
        self.journal.close()
        self.trader.session.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(BOT, VIEWER)) as venue:
        opened = Desk(venue, tmp_path)
        yield opened
        opened.close()


def cancel(key: str, who: str = "operator") -> Decision:
    return Decision(order_key=key, action=Action.CANCEL, who=who)


def only(execution: Execution) -> Outcome:
    (outcome,) = execution.outcomes
    return outcome


def kinds(journal: Journal, plan: Plan) -> list[AuditKind]:
    return [entry.kind for entry in journal.entries(plan_id=plan.id)]


def test_cancelled_once_and_proved_by_reading_it_again(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent) == (OutcomeKind.CANCELLED, True)
    assert outcome.reread is not None
    assert outcome.reread.status is OrderStatus.CANCELLED
    assert outcome.elapsed_ns is not None
    assert (desk.truth(order), desk.deletes()) == (LedgerStatus.CANCELLED, 1)
    assert kinds(desk.journal, plan) == [AuditKind.DECISION, AuditKind.INTENT, AuditKind.OUTCOME]
    decision = desk.journal.entries(plan_id=plan.id)[0]
    assert decision.data["verdict"] == "own_orphan"
    assert "starts with the bot's own prefix" in decision.data["evidence"]
    assert broken_links(desk.journal.entries()) == []


def test_a_conditional_order_is_cancelled_in_its_own_namespace(desk: Desk) -> None:
    desk.trader.create_order(BTC, "market", "buy", "0.01")
    order = desk.rest_stop()
    plan = desk.compare()
    assert [verdict.preselected for verdict in plan.orphans] == [False]
    assert only(desk.cancel_all(plan)).kind is OutcomeKind.CANCELLED
    assert desk.truth(order, VenueNamespace.CONDITIONAL) is LedgerStatus.CANCELLED
    assert (desk.deletes(CONDITIONAL), desk.deletes()) == (1, 0)


@pytest.mark.scenario(27)
def test_an_order_that_filled_before_is_not_touched(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    desk.venue.push_price(BTC, Decimal(59000))
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent, desk.deletes()) == (OutcomeKind.FILLED, False, 0)
    assert desk.truth(order) is LedgerStatus.FILLED


def test_an_order_that_somebody_else_cancelled_is_not_touched_and_not_claimed(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    desk.trader.cancel_order(order, BTC)
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent, desk.deletes()) == (OutcomeKind.ALREADY_CLOSED, False, 1)


def test_an_order_that_somebody_cancels_between_the_reading_and_the_request_is_not_claimed_either(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()

    class Raced(_Wrapped):
        def cancel_order(self, ref: OrderRef) -> CancelAnswer:
            desk.trader.cancel_order(order, BTC)
            return super().cancel_order(ref)

    outcome = only(desk.cancel_all(plan, exchange=Raced(desk.exchange)))
    assert (outcome.kind, outcome.sent) == (OutcomeKind.ALREADY_CLOSED, True)


class _Wrapped:
    """Another exchange in front of the real connection."""

    def __init__(self, inner: CcxtExchange) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        return self._inner.cancel_order(ref)


@pytest.mark.scenario(28, 29)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"filled": Decimal("0.004"), "status": OrderStatus.PARTIALLY_FILLED}, "filled 0 → 0.004"),
        ({"price": Decimal("36000")}, "price 36450.0 → 36000"),
        ({"amount": Decimal("0.005")}, "amount 0.010 → 0.005"),
        ({"trigger_price": Decimal("34500")}, "trigger price 34000 → 34500"),
        ({"side": Side.SELL}, "side buy → sell"),
        ({"reduce_only": True}, "reduce-only no → yes"),
        ({"position_side": "SHORT"}, "position side LONG → SHORT"),
        ({"client_order_id": "web_1"}, "client order id grid-17 → web_1"),
    ],
)
@pytest.mark.parametrize("action", [Action.CANCEL, Action.ADOPT])
def test_an_order_that_changed_since_it_was_shown_is_not_touched(
    tmp_path: Path, clock: ManualClock, change: dict[str, Any], words: str, action: Action
) -> None:
    shown = live(trigger_price=Decimal(34000), reduce_only=False, position_side="LONG")
    plan = plan_of(EMPTY, snapshot(orders=(shown,)))
    exchange = ExchangeInMemory(shown)
    exchange.change(shown.key, **change)
    journal = Journal(tmp_path, clock)
    decision = Decision(order_key=shown.key, action=action, who="operator")
    outcome = only(execute_plan(plan, [decision], exchange=exchange, log=journal, clock=clock))
    journal.close()
    assert (outcome.kind, outcome.sent) == (OutcomeKind.CHANGED, False)
    assert words in outcome.text
    assert "compare again and decide anew" in outcome.text
    assert "cancel_order" not in exchange.requests


@pytest.mark.scenario(45)
def test_a_key_that_may_only_read_is_refused_and_the_order_is_told_to_rest(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    viewer = desk.connect(VIEWER)
    outcome = only(desk.cancel_all(plan, exchange=viewer))
    viewer.close()
    assert outcome.kind is OutcomeKind.REFUSED
    assert "permission" in outcome.text
    assert outcome.reread is not None
    assert outcome.reread.status is OrderStatus.OPEN
    assert (desk.truth(order), desk.deletes()) == (LedgerStatus.OPEN, 1)


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
    assert f"cancel {plan.orphans[0].key}: waiting 10 s for the exchange's limit" in told
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


class Died(Exception):
    """The desk's process, gone."""


@pytest.mark.scenario(35)
@pytest.mark.parametrize("sent", [False, True])
def test_after_a_crash_between_intent_and_outcome_nothing_is_sent_a_second_time(desk: Desk, sent: bool) -> None:
    first, second = desk.rest(1), desk.rest(2, "59000")
    plan = desk.compare()

    class Dying(_Wrapped):
        def cancel_order(self, ref: OrderRef) -> CancelAnswer:
            if sent:
                super().cancel_order(ref)
            raise Died

    with pytest.raises(Died):
        desk.cancel_all(plan, exchange=Dying(desk.exchange))
    before = desk.deletes()
    resumed = desk.cancel_all(plan)
    assert before == int(sent)
    assert desk.deletes() == before + 1
    interrupted = next(outcome for outcome in resumed.outcomes if not outcome.sent)
    assert interrupted.kind is (OutcomeKind.ALREADY_CLOSED if sent else OutcomeKind.UNKNOWN)
    assert "a cancel was intended before" in interrupted.text
    touched = {first: desk.truth(first), second: desk.truth(second)}
    assert sorted(status.value for status in touched.values()) == (
        ["cancelled", "cancelled"] if sent else ["cancelled", "open"]
    )
    assert kinds(desk.journal, plan).count(AuditKind.DECISION) == 2


@pytest.mark.scenario(34)
def test_the_same_plan_executed_again_sends_nothing(desk: Desk) -> None:
    desk.rest()
    plan = desk.compare()
    desk.cancel_all(plan)
    assert only(desk.cancel_all(plan)).kind is OutcomeKind.ALREADY_CLOSED
    assert desk.deletes() == 1


def test_what_an_operator_tried_to_cancel_does_not_become_the_bots_own(desk: Desk) -> None:
    """A cancellation that failed must not hand somebody's order to the unattended policy."""
    desk.rest(prefix="web_")
    plan = desk.compare()
    desk.venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="DELETE", path=NORMAL))
    assert only(desk.cancel_all(plan)).kind is OutcomeKind.UNKNOWN
    (again,) = desk.compare().orphans
    assert (again.kind, again.preselected) == (plan.orphans[0].kind, False)


def test_an_order_that_is_gone_is_not_touched_and_not_claimed(tmp_path: Path, clock: ManualClock) -> None:
    outcome = answered(tmp_path, clock, lambda exchange: exchange.orders.clear())
    assert (outcome.kind, outcome.sent) == (OutcomeKind.ALREADY_CLOSED, False)
    assert "compare the positions" in outcome.text


def answered(
    tmp_path: Path,
    clock: ManualClock,
    before: Callable[[ExchangeInMemory], object] = lambda exchange: None,
    on_cancel: Callable[[ExchangeInMemory], CancelAnswer | None] = lambda exchange: None,
) -> Outcome:
    """What becomes of one cancellation; `on_cancel` is how the exchange takes the request."""
    plan = plan_of(EMPTY, snapshot(orders=(live(),)))
    exchange = ExchangeInMemory(live())
    before(exchange)
    exchange.on_cancel = lambda ref: on_cancel(exchange)
    journal = Journal(tmp_path, clock)
    outcome = only(execute_plan(plan, [cancel(live().key)], exchange=exchange, log=journal, clock=clock))
    journal.close()
    assert exchange.requests.get("cancel_order", 0) <= 1
    return outcome


@pytest.mark.scenario(31)
def test_a_cancellation_that_is_accepted_and_not_carried_out_is_unknown_and_tells_so(
    tmp_path: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = answered(tmp_path, clock, on_cancel=lambda exchange: CancelAnswer(status=CancelStatus.ACCEPTED))
    assert (outcome.kind, outcome.sent) == (OutcomeKind.UNKNOWN, True)
    assert "it is still open after 10 s: look at the exchange before you rely on it" in outcome.text
    assert outcome.text in caplog.text


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


def test_a_request_that_took_long_leaves_the_reads_their_time(tmp_path: Path, clock: ManualClock) -> None:
    def slow(exchange: ExchangeInMemory) -> CancelAnswer:
        clock.sleep(20)
        due = clock.now_ns() + 3_000_000_000
        read = exchange.read_order

        def read_order(ref: OrderRef) -> OrderLookup:
            if clock.now_ns() >= due:
                exchange.change(ref.key, status=OrderStatus.CANCELLED)
            return read(ref)

        exchange.read_order = read_order  # type: ignore[method-assign]
        return CancelAnswer(status=CancelStatus.UNKNOWN, reason="no answer in time")

    assert answered(tmp_path, clock, on_cancel=slow).kind is OutcomeKind.CANCELLED


def test_how_long_it_reads_again_is_chosen_by_who_calls(tmp_path: Path, clock: ManualClock) -> None:
    plan = plan_of(EMPTY, snapshot(orders=(live(),)))
    exchange = ExchangeInMemory(live())
    exchange.on_cancel = lambda ref: CancelAnswer(status=CancelStatus.ACCEPTED)
    journal = Journal(tmp_path, clock)
    before = clock.now_ns()
    execution = execute_plan(
        plan, [cancel(live().key)], exchange=exchange, log=journal, clock=clock, patience=Patience(proof_s=60)
    )
    journal.close()
    assert (clock.now_ns() - before) // 1_000_000_000 == 60
    assert "still open after 60 s" in only(execution).text


@pytest.mark.scenario(32)
@pytest.mark.parametrize(
    ("status", "filled", "kind", "words"),
    [
        (OrderStatus.FILLED, "0.010", OutcomeKind.FILLED, "already filled, 0.010 of 0.010"),
        (OrderStatus.CANCELLED, "0.004", OutcomeKind.ALREADY_CLOSED, "already cancelled, 0.004 of 0.010 filled"),
        (OrderStatus.EXPIRED, "0", OutcomeKind.ALREADY_CLOSED, "already expired"),
    ],
)
def test_that_the_exchange_knows_no_such_order_is_settled_by_reading(
    tmp_path: Path, clock: ManualClock, status: OrderStatus, filled: str, kind: OutcomeKind, words: str
) -> None:
    def ended(exchange: ExchangeInMemory) -> CancelAnswer:
        exchange.change(live().key, status=status, filled=Decimal(filled))
        return CancelAnswer(status=CancelStatus.ABSENT, reason="unknown order sent")

    outcome = answered(tmp_path, clock, on_cancel=ended)
    assert (outcome.kind, outcome.sent) == (kind, True)
    assert words in outcome.text
    assert "knows no such open order (unknown order sent)" in outcome.text


def test_what_filled_before_the_cancellation_is_counted(tmp_path: Path, clock: ManualClock) -> None:
    def partly(exchange: ExchangeInMemory) -> CancelAnswer:
        exchange.change(live().key, status=OrderStatus.CANCELLED, filled=Decimal("0.004"))
        return CancelAnswer(status=CancelStatus.ACCEPTED)

    outcome = answered(tmp_path, clock, on_cancel=partly)
    assert outcome.kind is OutcomeKind.CANCELLED
    assert "0.004 of 0.010 had filled" in outcome.text
    assert outcome.reread is not None
    assert outcome.reread.filled == Decimal("0.004")
    journal = Journal(tmp_path, clock, read_only=True)
    assert [entry.data.get("filled") for entry in journal.entries() if entry.kind is AuditKind.OUTCOME] == ["0.004"]
    journal.close()


@pytest.mark.parametrize("sent", [True, False])
def test_what_is_refused_says_whether_a_request_went_out(tmp_path: Path, clock: ManualClock, sent: bool) -> None:
    refusal = CancelAnswer(status=CancelStatus.NOT_DONE, reason="connection refused", sent=sent)
    outcome = answered(tmp_path, clock, on_cancel=lambda exchange: refusal)
    assert (outcome.kind, outcome.sent) == (OutcomeKind.REFUSED, sent)
    assert outcome.text.startswith("refused: " if sent else "nothing was sent: ")


def test_what_is_refused_because_it_is_gone_is_not_called_open(tmp_path: Path, clock: ManualClock) -> None:
    def gone(exchange: ExchangeInMemory) -> CancelAnswer:
        exchange.orders.clear()
        return CancelAnswer(status=CancelStatus.NOT_DONE, reason="order is not active")

    outcome = answered(tmp_path, clock, on_cancel=gone)
    assert outcome.kind is OutcomeKind.ALREADY_CLOSED
    assert "compare the positions" in outcome.text


def test_what_stays_unknown_is_shown_again_by_the_next_comparison(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()

    class Deaf(_Wrapped):
        def cancel_order(self, ref: OrderRef) -> CancelAnswer:
            return CancelAnswer(status=CancelStatus.ACCEPTED)

    assert only(desk.cancel_all(plan, exchange=Deaf(desk.exchange))).kind is OutcomeKind.UNKNOWN
    again = desk.compare()
    assert [verdict.live.id for verdict in again.needs_decision if verdict.live] == [order]
    assert only(desk.cancel_all(again)).kind is OutcomeKind.CANCELLED
    assert desk.deletes() == 1


def test_an_order_that_is_adopted_is_read_again_and_not_cancelled(desk: Desk) -> None:
    desk.rest(prefix="web_")
    plan = desk.compare()
    key = plan.orphans[0].key
    execution = desk.execute(plan, Decision(order_key=key, action=Action.ADOPT, who="operator"))
    assert (only(execution).kind, execution.adopted) == (OutcomeKind.ADOPTED, frozenset({key}))
    desk.venue.push_price(BTC, Decimal(59000))
    gone = desk.execute(plan, Decision(order_key=key, action=Action.ADOPT, who="operator"))
    assert (only(gone).kind, gone.adopted, desk.deletes()) == (OutcomeKind.FILLED, frozenset(), 0)


def test_what_cannot_be_a_record_of_the_state_is_not_adopted(tmp_path: Path, clock: ManualClock) -> None:
    unmeasured, twin = live(id="1", client_order_id="grid-1", amount=None), live(id="8389765", client_order_id="web_1")
    other = live(id="9", client_order_id="web_9")
    same = live(id="9", client_order_id="web_8", symbol="ETH/USDT:USDT")
    state = make.state(positions=(), open_orders=(make.order(symbol="SOL/USDT:USDT"),))
    plan = plan_of(state, snapshot(orders=(unmeasured, twin, other, same)))
    decisions = [
        Decision(order_key=order.key, action=Action.ADOPT, who="operator") for order in (unmeasured, twin, other, same)
    ]
    journal = Journal(tmp_path, clock)
    exchange = ExchangeInMemory(unmeasured, twin, other, same)
    execution = execute_plan(plan, decisions, exchange=exchange, log=journal, clock=clock)
    journal.close()
    assert [outcome.kind for outcome in execution.outcomes] == [
        OutcomeKind.SKIPPED,
        OutcomeKind.SKIPPED,
        OutcomeKind.ADOPTED,
        OutcomeKind.SKIPPED,
    ]
    assert execution.adopted == {other.key}


def test_an_order_that_is_left_is_remembered_and_not_proposed_again(desk: Desk) -> None:
    desk.rest()
    plan = desk.compare()
    assert plan.orphans[0].preselected
    leave = Decision(order_key=plan.orphans[0].key, action=Action.LEAVE, who="kim", note="belongs to the hedge")
    assert only(desk.execute(plan, leave)).kind is OutcomeKind.LEFT
    again = desk.compare().orphans[0]
    assert (again.preselected, again.dismissed, desk.deletes()) == (False, "belongs to the hedge", 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": Decimal("36000")}, "price 36450.0 → 36000"),
        ({"amount": Decimal("0.020")}, "amount 0.010 → 0.020"),
        ({"side": Side.SELL}, "side buy → sell"),
        ({"filled": Decimal("0.004"), "status": OrderStatus.PARTIALLY_FILLED}, ""),
    ],
)
def test_what_was_left_is_shown_again_when_it_is_another_order_now(
    tmp_path: Path, clock: ManualClock, change: dict[str, Any], words: str
) -> None:
    """That it has filled further is what it was left for; a new price, amount or side is not."""
    plan = plan_of(EMPTY, snapshot(orders=(live(),)))
    journal = Journal(tmp_path, clock)
    leave = Decision(order_key=live().key, action=Action.LEAVE, who="kim", note="the hedge")
    execute_plan(plan, [leave], exchange=ExchangeInMemory(live()), log=journal, clock=clock)
    same = plan_of(EMPTY, snapshot(orders=(live(),)), with_journal=journal.view()).orphans[0]
    assert same.dismissed == "the hedge"
    after = plan_of(EMPTY, snapshot(orders=(live(**change),)), with_journal=journal.view())
    journal.close()
    (verdict,) = after.orphans
    told = next(item.text for item in verdict.evidence if "decided to leave it" in item.text)
    assert not verdict.preselected
    assert bool(after.needs_decision) is bool(words)
    assert verdict.dismissed == ("" if words else "the hedge")
    assert words in told
    assert "the hedge" in told


@pytest.mark.scenario(72)
def test_declining_everything_sends_nothing_but_reads(desk: Desk) -> None:
    desk.rest()
    desk.rest_stop()
    plan = desk.compare()
    asked = desk.venue.request_count("GET", NORMAL)
    execution = desk.execute(plan)
    assert (execution.outcomes, execution.stopped) == ((), False)
    assert (desk.deletes(), desk.deletes(CONDITIONAL), desk.venue.request_count("GET", NORMAL)) == (0, 0, asked)
    assert kinds(desk.journal, plan) == []


def test_stopping_takes_effect_between_two_orders(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.rest(number, f"5{number}000")
    plan = desk.compare()
    seen: list[tuple[int, int]] = []

    def step(done: int, total: int, text: str) -> None:
        seen.append((done, total))

    execution = desk.cancel_all(plan, step=step, stopped=lambda: len(seen) == 2)
    assert (execution.stopped, len(execution.outcomes), desk.deletes()) == (True, 2, 2)
    assert seen == [(0, 3), (1, 3)]
    rest = desk.cancel_all(plan)
    assert (rest.stopped, desk.deletes()) == (False, 3)
    assert desk.venue.ledger().open_orders == ()


@pytest.mark.parametrize(
    "decisions",
    [
        lambda plan: [cancel("normal:BTC/USDT:USDT:999")],
        lambda plan: [cancel(plan.orphans[0].key), cancel(plan.orphans[0].key, "other")],
        lambda plan: [cancel(plan.orphans[0].key), cancel("")],
    ],
    ids=["not in the plan", "decided twice", "one good, one without a name"],
)
def test_a_decision_that_the_plan_does_not_offer_stops_everything_before_anything_is_sent(
    desk: Desk, decisions: Callable[[Plan], list[Decision]]
) -> None:
    desk.rest()
    plan = desk.compare()
    with pytest.raises(PlanChanged, match="compare again"):
        desk.execute(plan, *decisions(plan))
    assert (desk.deletes(), kinds(desk.journal, plan)) == (0, [])


def test_an_order_that_the_state_knows_cannot_be_decided_on(desk: Desk) -> None:
    order = live()
    plan = plan_of(make.state(positions=()), snapshot(orders=(order,)))
    with pytest.raises(PlanChanged, match="no orphan order"):
        desk.execute(plan, cancel(order.key))


def test_a_refusal_because_the_order_is_over_says_how_it_ended(tmp_path: Path, clock: ManualClock) -> None:
    shown = live()
    exchange = ExchangeInMemory(shown)

    def fill(ref: OrderRef) -> CancelAnswer:
        exchange.change(shown.key, status=OrderStatus.FILLED, filled=shown.amount)
        return CancelAnswer(status=CancelStatus.NOT_DONE, reason="too late")

    exchange.on_cancel = fill
    journal = Journal(tmp_path, clock)
    plan = plan_of(EMPTY, snapshot(orders=(shown,)))
    outcome = only(execute_plan(plan, [cancel(shown.key)], exchange=exchange, log=journal, clock=clock))
    journal.close()
    assert outcome.kind is OutcomeKind.FILLED
    assert exchange.requests["cancel_order"] == 1


def test_an_order_that_vanished_is_cancelled_only_where_the_exchange_had_agreed(
    tmp_path: Path, clock: ManualClock
) -> None:
    shown = live()
    journal = Journal(tmp_path, clock)
    ended = {}
    for status in (CancelStatus.ACCEPTED, CancelStatus.UNKNOWN, CancelStatus.ABSENT):
        exchange = ExchangeInMemory(shown)

        def vanish(ref: OrderRef, exchange: ExchangeInMemory = exchange, status: CancelStatus = status) -> CancelAnswer:
            exchange.orders.clear()
            return CancelAnswer(status=status, reason="told")

        exchange.on_cancel = vanish
        plan = plan_of(EMPTY, snapshot(orders=(shown,), started_at=0, finished_at=0, account_label=status.value))
        outcome = only(execute_plan(plan, [cancel(shown.key)], exchange=exchange, log=journal, clock=clock))
        ended[status] = outcome.kind
    journal.close()
    assert ended == {
        CancelStatus.ACCEPTED: OutcomeKind.CANCELLED,
        CancelStatus.UNKNOWN: OutcomeKind.ALREADY_CLOSED,
        CancelStatus.ABSENT: OutcomeKind.ALREADY_CLOSED,
    }
