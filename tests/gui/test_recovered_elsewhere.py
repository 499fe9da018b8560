"""Somebody else recovers the store while the desk shows a plan: the plan is of the past, and every page says so."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import msgspec
import pytest
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident

from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk.storage.lock import DESK, HOLDER_NAME, LockHolder
from crashdesk.storage.store import StateStore
from crashdesk_gui.controllers.recovery_gate import is_outdated
from crashdesk_gui.views.recovery_path import Step

ORPHANS = "Orphan orders, grouped by verdict"


def recover_elsewhere(incident: LoopbackIncident) -> int:
    """As `crashdesk recover` in a terminal does; returns the number of the checkpoint that was saved."""
    with StoreView(incident.directory, clock=incident.clock) as view:
        recovery = OperatorRecovery(view, incident.open_exchange(), who="kim", clock=incident.clock)
        compared = recovery.compare()
        decisions = [
            Decision(order_key=each.key, action=Action.CANCEL, who="kim")
            for each in compared.plan.orphans
            if each.preselected
        ]
        incident.venue.advance(30)
        report = recovery.execute(compared, decisions, plan_id=compared.plan.id)
    assert report.saved is not None
    return report.saved.seq


def test_no_page_goes_on_with_a_plan_that_somebody_else_overtook(
    operator: DeskOperator, incident: LoopbackIncident
) -> None:
    operator.to_execution()
    assert operator.can_press("Cancel 2 orders and recover")
    saved = recover_elsewhere(incident)
    operator.look_again()

    overtaken = f"This comparison is out of date: the store was recovered since, by checkpoint {saved} of "
    operator.wait_for_words(overtaken)
    assert not operator.can_press("Cancel 2 orders and recover")
    assert not operator.can_press("Continue")
    assert operator.can_press("Compare again")

    operator.go_to("orphans")
    assert overtaken in operator.words
    assert not operator.can_press("Continue to recovery")
    operator.go_to("overview")
    assert "comparison out of date" in operator.words
    assert "need your decision" not in operator.words

    operator.go_to("orphans")
    operator.press("Compare again")
    operator.wait_until_idle()
    assert overtaken not in operator.words
    assert {each for each in operator.rows(ORPHANS) if incident.first in each or incident.second in each} == set()
    operator.go_to("recovery")
    assert overtaken not in operator.words


def test_a_comparison_is_out_of_date_when_what_it_rests_on_was_damaged(
    operator: DeskOperator, incident: LoopbackIncident
) -> None:
    newest = incident.directory / "checkpoints" / incident.checkpoint_files[-1]
    newest.write_bytes(newest.read_bytes()[:-3])
    operator.go_to("orphans")
    operator.wait_for_words("This comparison is out of date: the checkpoint that it rests on is damaged now: ")
    operator.press("Compare again")
    operator.wait_until_idle()
    assert "out of date" not in operator.words
    assert len(operator.rows(ORPHANS)) == 4


@contextlib.contextmanager
def held_by(incident: LoopbackIncident, purpose: str) -> Iterator[None]:
    """Another process holds the store: this one's lock, with a note that says another one took it."""
    at = incident.clock.now_ns()
    note = LockHolder(pid=os.getpid() + 1, host="trade-1", program="python", purpose=purpose, acquired_at=at)
    with StateStore(incident.directory, purpose=purpose, clock=incident.clock) as store:
        store.acquire()
        (incident.directory / HOLDER_NAME).write_bytes(msgspec.json.encode(note))
        yield


@pytest.mark.parametrize(
    ("purpose", "title", "held", "hindrance"),
    [
        ("btc-grid", "The bot runs", "The store is held by btc-grid (process ", "Stop the bot first: "),
        (
            DESK,
            "An operator is at work",
            "The store is held by an operator at another desk: the recovery desk (process ",
            "An operator at another desk holds the store: ",
        ),
    ],
)
def test_an_operator_at_another_desk_is_not_called_a_bot(
    operator: DeskOperator, incident: LoopbackIncident, purpose: str, title: str, held: str, hindrance: str
) -> None:
    with held_by(incident, purpose):
        operator.look_again()
        operator.go_to("recovery")
        operator.wait_for_words(held)
        assert title in operator.words
        operator.go_to("history")
        assert operator.desk.pages.history.offers.hindrance().startswith(hindrance)


def test_what_an_operator_at_another_desk_overtook_is_out_of_date_while_he_still_holds_the_store(
    operator: DeskOperator, incident: LoopbackIncident
) -> None:
    operator.to_execution()
    recover_elsewhere(incident)
    with held_by(incident, DESK):
        operator.look_again()
        assert is_outdated(operator.session)
    with held_by(incident, "btc-grid"):
        operator.look_again()
        assert not is_outdated(operator.session), "a bot that runs always knows more"


@pytest.mark.parametrize(("purpose", "stays"), [("btc-grid", True), (DESK, False)])
def test_the_report_stays_while_a_bot_that_runs_is_compared_and_goes_with_a_new_incident(
    operator: DeskOperator, incident: LoopbackIncident, purpose: str, stays: bool
) -> None:
    operator.to_execution()
    operator.execute_to_the_end("Cancel 2 orders and recover")
    report = operator.session.report
    assert report is not None
    with held_by(incident, purpose):
        operator.look_again()
        assert not operator.session.can_execute
        operator.session.compare()
        operator.wait_until_idle()
        assert operator.session.report is (report if stays else None)
        assert not operator.session.can_execute


PAST = "This report is of the past: the store went on after it."


def run_and_crash(operator: DeskOperator, incident: LoopbackIncident) -> None:
    """The bot saves one more checkpoint and is gone."""
    with held_by(incident, "btc-grid"):
        operator.look_again()
    state = incident.saved_state()
    with StateStore(incident.directory, purpose="btc-grid", clock=incident.clock) as store:
        store.acquire()
        incident.venue.advance(30)
        store.save(msgspec.structs.replace(state, timestamp=incident.clock.now_ns()))
    operator.look_again()


def test_after_another_crash_the_recovery_begins_anew(operator: DeskOperator, incident: LoopbackIncident) -> None:
    operator.to_execution()
    operator.execute_to_the_end("Cancel 2 orders and recover")
    recovery = operator.desk.pages.recovery
    operator.desk.pages.recovery.set_restart_available(True)
    assert recovery.step is Step.REPORT
    assert operator.can_press("Start the bot again")

    for _crash in range(2):
        run_and_crash(operator, incident)
        operator.wait_until(lambda: recovery.step is Step.CHECKPOINT)
        operator.wait_until_idle()
        assert not operator.can_press("Start the bot again")
        assert operator.can_press("Compare with the exchange")
        operator.go_to("overview")
        operator.go_to("recovery")
        assert recovery.step is Step.CHECKPOINT
    recovery.show_step(Step.REPORT)
    assert PAST in operator.words, "whoever goes back to it is told"
    assert not operator.can_press("Start the bot again")
    operator.look_again()
    assert recovery.step is Step.REPORT
    assert incident.cancel_requests == 2
