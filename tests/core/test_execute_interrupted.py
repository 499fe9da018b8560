"""A recovery that dies at any step: never two requests for one order, nothing forgotten."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from interrupted_recovery import ADOPTED, DECISIONS, FIRST, SECOND_ORPHAN, Died, Fuse, Place

from crashdesk.audit import AuditKind, broken_links
from crashdesk.reconcile.records import Action, Decision, OutcomeKind
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.journal import Journal


def steps_of_a_whole_recovery(directory: Path, fuse: Fuse) -> int:
    place = Place(directory, fuse)
    comparison = place.recovery.compare()
    before = fuse.count
    assert place.recovery.execute(comparison, DECISIONS, plan_id=comparison.plan.id).saved is not None
    place.view.close()
    fuse.requests.clear()
    return fuse.count - before


@pytest.mark.scenario(35)
@pytest.mark.parametrize(
    ("before", "delay"),
    [(True, 0), (False, 0), (False, 3)],
    ids=["before it took effect", "after it took effect", "while it takes effect slowly"],
)
def test_a_crash_at_any_step_sends_nothing_twice_and_forgets_nothing(
    memory_path: Path, fuse: Fuse, before: bool, delay: int
) -> None:
    steps = steps_of_a_whole_recovery(memory_path / "whole", fuse)
    assert steps > 20
    for number in range(1, steps + 1):
        place = Place(memory_path / f"store-{number}", fuse)
        place.exchange.delay = delay
        comparison = place.recovery.compare()
        fuse.requests.clear()
        fuse.blow_at(number, before=before)
        with pytest.raises(Died):
            place.recovery.execute(comparison, DECISIONS, plan_id=comparison.plan.id)
        fuse.armed = False
        sent_before = len(fuse.requests)
        finish(place)
        after = [name for name, _ in fuse.requests[sent_before:]]
        assert after[:1] in ([], ["list"]), "it begins by reading"
        check_nothing_lost(place, f"step {number}")
        place.view.close()
        fuse.requests.clear()


def finish(place: Place) -> None:
    """What an operator does after the crash: resume what was begun, begin what was not."""
    interrupted = place.recovery.interrupted()
    if interrupted is not None:
        assert place.recovery.resume(interrupted).saved is not None
    elif not any(entry.kind is AuditKind.RECOVERY for entry in place.entries()):
        comparison = place.recovery.compare()
        report = place.recovery.execute(comparison, DECISIONS, plan_id=comparison.plan.id)
        assert report.saved is not None


def check_nothing_lost(place: Place, where: str) -> None:
    for order in (FIRST, SECOND_ORPHAN):
        assert place.cancels(order.key) <= 1, where
    assert {key for name, key in place.fuse.requests if name == "cancel"} <= {FIRST.key, SECOND_ORPHAN.key}
    assert place.recovery.interrupted() is None
    last = place.view.latest()
    assert last is not None
    assert {order.id for order in last.state.open_orders} == {"8389765", "5"}, where
    assert last.state.positions[0].quantity == Decimal("0.260")
    assert [item.note for item in place.view.journal_view().dismissals] == ["the hedge"]
    entries = place.entries()
    assert broken_links(entries) == []
    told = {entry.order_key: entry.data["outcome"] for entry in entries if entry.kind is AuditKind.OUTCOME}
    assert told.keys() == {decision.order_key for decision in DECISIONS}, where
    for order in (FIRST, SECOND_ORPHAN):
        is_open = order.key in place.exchange.open_keys()
        # A cancellation that never left is told as what it is, and the next comparison offers the order again.
        assert (told[order.key] == "still_open") is is_open, where
        assert (order.key in {v.key for v in place.recovery.compare().plan.needs_decision}) is is_open


def test_a_journal_that_fails_in_mid_batch_stops_it_and_the_report_tells_what_was_done(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = place.recovery.compare()
    real = Journal.append

    def failing(self: Journal, kind: AuditKind, text: str, **more: Any) -> Any:
        if kind in (AuditKind.OUTCOME, AuditKind.PROBLEM):
            raise DatabaseUnusable("journal.sqlite cannot be written: disk I/O error")
        return real(self, kind, text, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "append", failing)
        report = place.recovery.execute(comparison, DECISIONS, plan_id=comparison.plan.id)
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.CANCELLED]
    assert (report.saved, report.execution.stopped) == (None, True)
    assert "the audit log cannot be written any more" in report.problem
    finish(place)
    check_nothing_lost(place, "after a journal that failed")


def test_an_outcome_that_was_decided_otherwise_before_is_not_taken_for_what_is_decided_now(place: Place) -> None:
    """Stopped, decided anew, interrupted: what was left before is cancelled, what was adopted before is not in the state."""
    comparison = place.recovery.compare()
    adopt = Decision(order_key=ADOPTED.key, action=Action.ADOPT, who="kim")
    leave = Decision(order_key=FIRST.key, action=Action.LEAVE, who="kim")
    asked = iter([False, False, True])
    place.recovery.execute(
        comparison,
        [adopt, leave, DECISIONS[3]],
        plan_id=comparison.plan.id,
        stopped=lambda: next(asked),
    )
    anew = [
        Decision(order_key=FIRST.key, action=Action.CANCEL, who="kim"),
        Decision(order_key=ADOPTED.key, action=Action.LEAVE, who="kim"),
    ]
    place.recovery.execute(comparison, anew, plan_id=comparison.plan.id, stopped=lambda: True)
    interrupted = place.recovery.interrupted()
    assert interrupted is not None
    assert interrupted.done == frozenset()
    report = place.recovery.resume(interrupted)
    assert place.cancels(FIRST.key) == 1
    assert {outcome.order_key: outcome.kind for outcome in report.execution.outcomes} == {
        ADOPTED.key: OutcomeKind.LEFT,
        FIRST.key: OutcomeKind.CANCELLED,
    }
    assert report.state is not None
    assert {order.id for order in report.state.open_orders} == {"8389765"}
