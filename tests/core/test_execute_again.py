"""A plan that is executed a second time, after a crash or on purpose, sends nothing a second time."""

from __future__ import annotations

import pytest
from execution_desk import NORMAL, Desk, Wrapped, kinds, only

from crashdesk.audit import AuditKind
from crashdesk.demo.venue import Fault, FaultKind
from crashdesk.exchange.records import CancelAnswer, OrderRef
from crashdesk.reconcile.records import OutcomeKind


class Died(Exception):
    """The desk's process, gone."""


@pytest.mark.scenario(35)
@pytest.mark.parametrize("sent", [False, True])
def test_after_a_crash_between_intent_and_outcome_nothing_is_sent_a_second_time(desk: Desk, sent: bool) -> None:
    first, second = desk.rest(1), desk.rest(2, "59000")
    plan = desk.compare()

    class Dying(Wrapped):
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
