"""Orders that are too new to judge are read again by the desk, once they are old enough, and never under a plan in hand."""

from __future__ import annotations

import threading

import msgspec
import pytest
import shiboken6
from desk_operator import DeskOperator
from loopback_incident import BOT, BTC, OPEN_ORDERS, PREFIX, LoopbackIncident

from crashdesk.demo.venue import FaultKind
from crashdesk.execute import Execution
from crashdesk.reconcile.records import Action, OrderVerdictKind
from crashdesk.recovery_report import RecoveryReport
from crashdesk_gui.controllers.reading_again import MOST_IN_A_ROW
from crashdesk_gui.views.recovery_path import Step

WAITS = "too new to judge: the desk reads again in 6 s"
LEFT = "too new to judge: reading again will settle it"


class Bench:
    """The operator at his desk, an account on which orders are placed, and the time that passes for both."""

    def __init__(self, operator: DeskOperator, incident: LoopbackIncident) -> None:
        self.operator = operator
        self.incident = incident
        self.timer = operator.desk._reading_again._timer
        self._placed = 0

    def place(self) -> str:
        """The bot's prefix on an order that is placed now, and that its journal does not name; returns its id."""
        self._placed += 1
        client = self.incident._client(BOT)
        name = {"clientOrderId": f"{PREFIX}new{self._placed}"}
        price = str((self.incident.venue.price(BTC) * 4 / 5).quantize(1))
        made = client.create_order(BTC, "limit", "buy", "0.010", price, name)
        client.session.close()
        return str(made["id"])

    def compare(self) -> None:
        """As the operator does it."""
        self.operator.desk.window.refresh_requested.emit()
        self.operator.wait_until_idle()

    def wait(self, seconds: float) -> bool:
        """Let the time pass; tells whether the desk read the exchange meanwhile."""
        before = self.reads
        self.incident.venue.advance(seconds)
        if self.timer.isActive():
            self.timer.timeout.emit()
        self.operator.wait_until_idle()
        return self.reads > before

    @property
    def reads(self) -> int:
        return self.incident.venue.request_count("GET", OPEN_ORDERS)

    def verdict(self, order_id: str) -> OrderVerdictKind:
        comparison = self.operator.session.comparison
        assert comparison is not None
        return next(each.kind for each in comparison.plan.orphans if each.live and each.live.id == order_id)


@pytest.fixture
def bench(operator: DeskOperator, incident: LoopbackIncident) -> Bench:
    return Bench(operator, incident)


def test_the_desk_reads_again_once_when_the_youngest_order_is_old_enough(bench: Bench) -> None:
    assert "too new" not in bench.operator.words
    assert not bench.timer.isActive()
    order = bench.place()
    bench.compare()
    assert bench.verdict(order) is OrderVerdictKind.UNKNOWN
    assert WAITS in bench.operator.words
    assert 5_000 < bench.timer.interval() <= 5_500
    assert bench.timer.isActive()
    assert not bench.wait(5), "an order of five seconds may have been stamped a little later than it seems"
    bench.operator.desk.ui.display.ticked.emit()
    assert "the desk reads again in 1 s" in bench.operator.words
    assert bench.wait(1)
    assert bench.verdict(order) is OrderVerdictKind.AMBIGUOUS
    assert "too new" not in bench.operator.words
    assert not bench.timer.isActive()


def test_it_waits_for_the_youngest(bench: Bench) -> None:
    bench.place()
    bench.incident.venue.advance(3)
    youngest = bench.place()
    bench.compare()
    assert WAITS in bench.operator.words
    assert not bench.wait(3)
    assert bench.wait(3)
    assert bench.verdict(youngest) is OrderVerdictKind.AMBIGUOUS


def test_a_plan_on_which_the_operator_has_decided_stays_and_the_line_says_what_settles_it(bench: Bench) -> None:
    order = bench.place()
    bench.compare()
    session = bench.operator.session
    plan = session.comparison.plan
    session.decide([each for each in plan.orphans if each.protective], Action.LEAVE)
    assert LEFT in bench.operator.words
    assert not bench.timer.isActive()
    assert not bench.wait(60)
    assert session.comparison.plan is plan
    session.propose()
    assert bench.timer.isActive(), "nothing would be lost any more"
    assert bench.wait(0)
    assert bench.verdict(order) is OrderVerdictKind.AMBIGUOUS


def test_a_note_is_work_of_the_operator_too(bench: Bench) -> None:
    bench.place()
    bench.compare()
    session = bench.operator.session
    session.write_note(next(iter(session.orphans)), "asked kim", tell=False)
    assert not bench.wait(6)
    assert LEFT in bench.operator.words


@pytest.mark.parametrize("step", [Step.DECIDE, Step.EXECUTE])
def test_a_plan_that_was_gone_on_with_in_the_recovery_stays(bench: Bench, step: Step) -> None:
    bench.place()
    bench.compare()
    operator = bench.operator
    operator.go_to("recovery")
    operator.desk.pages.recovery.show_step(step)
    assert not bench.wait(6)
    assert LEFT in operator.words
    operator.go_to("overview")
    assert not bench.wait(6), "he only looks something up"
    bench.compare()
    assert "too new" not in operator.words


def test_before_he_decides_the_recovery_is_read_again_as_every_page(bench: Bench) -> None:
    bench.operator.go_to("recovery")
    bench.operator.desk.pages.recovery.show_step(Step.CHECKPOINT)
    bench.place()
    bench.compare()
    assert bench.wait(6)
    assert bench.operator.desk.pages.recovery.step is Step.CHECKPOINT


def test_a_job_that_runs_is_waited_for(bench: Bench) -> None:
    bench.place()
    bench.compare()
    session, over = bench.operator.session, threading.Event()
    session.runner.run(lambda _progress: over.wait(30), title="a job")
    bench.operator.wait_until(lambda: not bench.timer.isActive())
    bench.incident.venue.advance(6)
    before = bench.reads
    over.set()
    bench.operator.wait_until(lambda: bench.reads > before)
    bench.operator.wait_until_idle()
    assert "too new" not in bench.operator.words


def test_a_bot_that_always_places_orders_is_not_read_without_end(bench: Bench) -> None:
    bench.place()
    bench.compare()
    for _ in range(MOST_IN_A_ROW):
        bench.incident.venue.advance(6)
        bench.place()
        assert bench.wait(0)
    assert LEFT in bench.operator.words
    assert not bench.wait(60)
    bench.place()
    bench.compare()
    assert WAITS in bench.operator.words, "the operator reads, and it begins anew"


def test_a_reading_that_failed_or_was_stopped_is_not_begun_again(bench: Bench) -> None:
    operator, incident = bench.operator, bench.incident
    bench.place()
    bench.compare()
    incident.fail(FaultKind.RESET_BEFORE, times=1_000_000)
    incident.venue.advance(6)
    bench.timer.timeout.emit()
    operator.wait_until(lambda: operator.session.comparing_error is not None)
    operator.wait_until_idle()
    incident.venue.clear_faults()
    assert not bench.wait(60)
    bench.place()
    bench.compare()
    assert WAITS in operator.words
    incident.venue.advance(6)
    bench.timer.timeout.emit()
    operator.session.runner.cancel_all()
    operator.wait_until_idle()
    assert not bench.wait(60)
    assert LEFT in operator.words


def test_the_report_of_a_recovery_stays_though_its_last_reading_met_new_orders(bench: Bench) -> None:
    operator = bench.operator
    operator.to_execution()
    bench.incident.venue.advance(1)
    bench.place()
    operator.execute_to_the_end("Cancel 2 orders and recover")
    report = operator.session.report
    assert report is not None
    assert LEFT in operator.words
    assert not bench.wait(60)
    assert operator.session.report is report


def test_the_report_of_an_older_plan_that_was_resumed_stays_though_nothing_was_read_at_its_end(bench: Bench) -> None:
    bench.place()
    bench.compare()
    session = bench.operator.session
    older = msgspec.structs.replace(session.comparison.plan, id="older")
    report = RecoveryReport(
        plan=older,
        execution=Execution(plan_id=older.id, outcomes=(), stopped=True),
        decisions=(),
        final=None,
        state=None,
        saved=None,
        who="ops",
        started_at=older.made_at,
        finished_at=older.made_at,
        problem="stopped",
    )
    session._on_reported(report)
    assert LEFT in bench.operator.words
    assert not bench.wait(6)
    assert session.report is report
    bench.compare()
    assert session.report is None


def test_nothing_is_read_for_a_store_that_was_closed(bench: Bench) -> None:
    bench.place()
    bench.compare()
    assert bench.timer.isActive()
    bench.operator.desk.close_store(bench.operator.session.key)
    assert not bench.timer.isActive()


def test_nothing_is_read_by_a_closed_desk(bench: Bench) -> None:
    bench.place()
    bench.compare()
    bench.operator.close()
    assert not shiboken6.isValid(bench.timer)
