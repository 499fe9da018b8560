"""Somebody else recovers the store while the desk shows a plan: the plan is of the past, and every page says so."""

from __future__ import annotations

from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident

from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision

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
