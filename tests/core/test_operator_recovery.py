"""Recovery by hand: compare writes nothing, and execute does what was decided on the plan that was shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from operator_incident import KNOWN, MANUAL, ORPHAN, Incident, cancel, content
from recovery_builders import live

from crashdesk.audit import AuditKind, broken_links
from crashdesk.errors import PlanChanged, StoreLocked
from crashdesk.reconcile.records import Action, Decision, OrderVerdictKind, OutcomeKind
from crashdesk.results import RecoveryStatus
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.lock import DESK
from crashdesk.storage.store import StateStore


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    made = Incident(tmp_path / "store")
    yield made
    made.view.close()


def test_comparing_writes_nothing(incident: Incident) -> None:
    before = content(incident.directory)
    comparison = incident.recovery.compare()
    older = incident.recovery.compare(incident.view.store.find(1))
    assert content(incident.directory) == before
    assert (comparison.plan.checkpoint_seq, older.plan.checkpoint_seq) == (2, 1)
    assert comparison.plan.id != older.plan.id
    assert "cancel_order" not in incident.exchange.requests


def test_what_was_decided_is_done_and_the_bots_next_start_restores_what_is_true(incident: Incident) -> None:
    adopt = Decision(order_key=MANUAL.key, action=Action.ADOPT, who="kim")
    report = incident.run(cancel(), adopt)
    assert report.problem == ""
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.CANCELLED, OutcomeKind.ADOPTED]
    assert incident.exchange.open_keys() == {live().key, MANUAL.key}
    assert (report.saved.seq, incident.view.causes()[3]) == (3, Cause.RECOVERED)
    assert report.final is not None
    assert report.final.orphans == (next(v for v in report.final.orders if v.key == MANUAL.key),)

    result, state = incident.start_bot()
    assert result.status is RecoveryStatus.SUCCESS
    assert {order.id for order in state.open_orders} == {"8389765", "5"}
    assert [position.quantity for position in state.positions] == [Decimal("0.260")]
    assert state.strategy_states == KNOWN.strategy_states
    assert state.account.equity == Decimal("10300")
    assert incident.kinds()[:-1] == [
        AuditKind.PLAN,
        AuditKind.DECISION,
        AuditKind.DECISION,
        AuditKind.INTENT,
        AuditKind.OUTCOME,
        AuditKind.OUTCOME,
        AuditKind.CHECKPOINT,
        AuditKind.RECOVERY,
    ]
    assert broken_links(incident.view.audit_entries()) == []
    assert incident.recovery.interrupted() is None


@pytest.mark.scenario(71)
def test_recovering_once_more_changes_nothing(incident: Incident) -> None:
    incident.run(cancel())
    first = incident.view.store.load(3)
    report = incident.run()
    again = incident.view.store.load(report.saved.seq)
    assert (again.open_orders, again.positions, again.account) == (first.open_orders, first.positions, first.account)
    assert incident.exchange.requests["cancel_order"] == 1


@pytest.mark.scenario(72)
def test_declining_everything_sends_nothing_and_still_saves_what_is_true(incident: Incident) -> None:
    report = incident.run()
    assert "cancel_order" not in incident.exchange.requests
    assert ORPHAN.key in incident.exchange.open_keys()
    assert {order.id for order in report.state.open_orders} == {"8389765"}


def test_only_the_plan_that_was_shown_is_executed(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    before = content(incident.directory)
    with pytest.raises(PlanChanged, match="not the one to execute"):
        incident.recovery.execute(comparison, [cancel()], plan_id="another")
    with pytest.raises(PlanChanged, match="no orphan order"):
        incident.recovery.execute(comparison, [cancel(live().key)], plan_id=comparison.plan.id)
    assert content(incident.directory) == before
    assert incident.recovery.interrupted() is None


@pytest.mark.scenario(34)
def test_a_plan_is_executed_once(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id)
    with pytest.raises(PlanChanged):
        incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id)
    assert incident.exchange.requests["cancel_order"] == 1
    assert len(incident.view.checkpoints()) == 3


@pytest.mark.usefixtures("impatient")
@pytest.mark.scenario(70)
def test_while_a_bot_runs_nothing_is_done_and_the_bot_is_named(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    with StateStore(incident.directory, purpose="grid", clock=incident.clock) as bot:
        bot.acquire()
        with pytest.raises(StoreLocked, match="in use by grid"):
            incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id)
    assert "cancel_order" not in incident.exchange.requests
    assert incident.kinds() == []


@pytest.mark.parametrize(("purpose", "kind"), [("grid", OrderVerdictKind.UNKNOWN), (DESK, OrderVerdictKind.OWN_ORPHAN)])
def test_an_order_is_left_to_a_bot_that_runs_and_not_to_an_operator_who_holds_the_store(
    incident: Incident, purpose: str, kind: OrderVerdictKind
) -> None:
    own = next(each.key for each in incident.recovery.compare().plan.orphans if each.preselected)
    with StateStore(incident.directory, purpose=purpose, clock=incident.clock) as store:
        store.acquire()
        plan = incident.recovery.compare().plan
    verdict = next(each for each in plan.orders if each.key == own)
    assert verdict.kind is kind
    assert any("The bot is running" in each.text for each in verdict.evidence) is (purpose == "grid")


def test_a_comparison_from_before_the_bot_ran_again_is_outdated(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    incident.start_bot()
    with pytest.raises(PlanChanged, match="checkpoint 3 is newer than the comparison"):
        incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id)
    assert "cancel_order" not in incident.exchange.requests


def test_what_a_running_bot_placed_since_its_checkpoint_is_not_proposed(incident: Incident) -> None:
    with StateStore(incident.directory, purpose="grid", clock=incident.clock) as bot:
        bot.acquire()
        running = incident.recovery.compare().plan
    stopped = incident.recovery.compare().plan
    assert [verdict.key for verdict in stopped.orphans if verdict.preselected] == [ORPHAN.key]
    assert not [verdict for verdict in running.orphans if verdict.preselected]
