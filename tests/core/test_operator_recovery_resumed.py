"""A recovery by hand that was interrupted is found and resumed, and nothing is sent twice."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from operator_incident import MANUAL, ORPHAN, Incident, cancel
from recovery_builders import live

from crashdesk.audit import AuditKind
from crashdesk.errors import PlanChanged, RecoveryError
from crashdesk.exchange.records import CancelAnswer, OrderRef
from crashdesk.interrupted import interrupted_plan
from crashdesk.reconcile.records import Action, Decision, OutcomeKind
from crashdesk.state import OrderStatus
from crashdesk.storage.journal import Journal


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    made = Incident(tmp_path / "store")
    yield made
    made.view.close()


class Died(BaseException):
    """The desk's process, gone."""


@pytest.mark.scenario(35)
@pytest.mark.parametrize("arrived", [False, True])
def test_an_interrupted_recovery_is_found_and_resumed_without_a_second_request(
    incident: Incident, arrived: bool
) -> None:
    second = live(id="6", client_order_id="grid-6")
    incident.exchange.put(second)

    def die(ref: OrderRef) -> CancelAnswer:
        if arrived:
            incident.exchange.change(ref.key, status=OrderStatus.CANCELLED)
        raise Died

    adopt = Decision(order_key=MANUAL.key, action=Action.ADOPT, who="kim")
    incident.exchange.on_cancel = die
    with contextlib.suppress(Died):
        incident.run(adopt, cancel(), cancel(second.key))
    incident.exchange.on_cancel = lambda ref: None

    interrupted = incident.recovery.interrupted()
    assert interrupted is not None
    assert (interrupted.who, interrupted.done, len(interrupted.decisions)) == ("kim", {MANUAL.key}, 3)
    report = incident.recovery.resume(interrupted)
    ended = {outcome.order_key: outcome.kind for outcome in report.execution.outcomes}
    assert report.decisions == interrupted.decisions
    assert ended == {
        MANUAL.key: OutcomeKind.ADOPTED,
        ORPHAN.key: OutcomeKind.ALREADY_CLOSED if arrived else OutcomeKind.STILL_OPEN,
        second.key: OutcomeKind.CANCELLED,
    }
    assert incident.exchange.requests["cancel_order"] == 2
    assert (ORPHAN.key in incident.exchange.open_keys()) is not arrived
    assert {order.id for order in report.state.open_orders} == {"8389765", "5"}
    assert incident.recovery.interrupted() is None


def test_a_recovery_that_was_stopped_saves_nothing_and_can_be_resumed(incident: Incident) -> None:
    report = incident.run(cancel(), stopped=lambda: True)
    assert (report.saved, report.execution.stopped, report.final) == (None, True, None)
    assert "stopped by the operator" in report.problem
    interrupted = incident.recovery.interrupted()
    assert interrupted is not None
    assert incident.recovery.resume(interrupted).saved is not None
    assert incident.exchange.requests["cancel_order"] == 1


def test_a_resumed_recovery_reports_what_was_done_before_the_stop_as_well(incident: Incident) -> None:
    adopt = Decision(order_key=MANUAL.key, action=Action.ADOPT, who="kim")
    asked = iter([False, True])
    first = incident.run(cancel(), adopt, stopped=lambda: next(asked))
    assert [outcome.kind for outcome in first.execution.outcomes] == [OutcomeKind.CANCELLED]
    interrupted = incident.recovery.interrupted()
    assert interrupted is not None
    report = incident.recovery.resume(interrupted)
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.CANCELLED, OutcomeKind.ADOPTED]
    assert report.execution.outcomes[0].sent
    assert report.decisions == interrupted.decisions


def test_what_was_decided_anew_after_a_stop_is_what_is_resumed(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id, stopped=lambda: True)
    anew = [Decision(order_key=MANUAL.key, action=Action.LEAVE, who="kim")]
    incident.recovery.execute(comparison, anew, plan_id=comparison.plan.id, stopped=lambda: True)
    interrupted = incident.recovery.interrupted()
    assert interrupted is not None
    assert interrupted.decisions == tuple(anew)
    incident.recovery.resume(interrupted)
    assert "cancel_order" not in incident.exchange.requests


def test_once_the_bot_has_recovered_an_interrupted_plan_is_history(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id, stopped=lambda: True)
    interrupted = incident.recovery.interrupted()
    assert interrupted is not None
    incident.start_bot()
    assert incident.recovery.interrupted() is None
    with pytest.raises(PlanChanged, match="is newer than the comparison"):
        incident.recovery.resume(interrupted)
    assert "cancel_order" not in incident.exchange.requests


def test_an_interrupted_plan_that_cannot_be_read_back_says_what_to_do(incident: Incident) -> None:
    journal = Journal(incident.directory, incident.clock)
    journal.append(AuditKind.PLAN, "a plan", who="kim", plan_id="1", data={"plan": "{}", "decisions": "[]"})
    journal.close()
    with pytest.raises(RecoveryError, match="compare again instead"):
        incident.recovery.interrupted()
    assert interrupted_plan([]) is None
