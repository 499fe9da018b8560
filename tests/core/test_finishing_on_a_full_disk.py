"""A log that fails after orders were cancelled takes neither the report of it nor what was saved away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash, store_before_the_crash
from strategies import T0

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision, OutcomeKind
from crashdesk.report_conclusion import conclude
from crashdesk.report_lines import summary_lines
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.journal import Journal

FULL = "journal.sqlite cannot be used: database or disk is full"


def fail_at(monkeypatch: pytest.MonkeyPatch, kind: AuditKind) -> None:
    append = Journal.append

    def refuse(self: Journal, wanted: AuditKind, *arguments: Any, **named: Any) -> AuditEntry:
        if wanted is kind:
            raise DatabaseUnusable(FULL)
        return append(self, wanted, *arguments, **named)

    monkeypatch.setattr(Journal, "append", refuse)


def cancel_one(directory: Path, exchange: ExchangeInMemory) -> RecoveryReport:
    with StoreView(directory, clock=DeskClock(T0)) as view:
        recovery = OperatorRecovery(view, exchange, who="ops", clock=DeskClock(T0))
        comparison = recovery.compare()
        (key,) = [each.key for each in comparison.plan.orphans if each.key.endswith(":9001")]
        decisions = [Decision(order_key=key, action=Action.CANCEL, who="ops")]
        return recovery.execute(comparison, decisions, plan_id=comparison.plan.id)


def test_a_checkpoint_that_was_saved_is_reported_though_the_log_cannot_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange, directory = exchange_after_the_crash(T0), store_before_the_crash(tmp_path / "store", T0)
    with monkeypatch.context() as broken:
        fail_at(broken, AuditKind.RECOVERY)
        report = cancel_one(directory, exchange)
    assert report.saved is not None
    assert [each.kind for each in report.execution.outcomes] == [OutcomeKind.CANCELLED]
    assert report.problem == (
        f"the checkpoint was saved, but the audit log could not be completed: {FULL}. Make room, then resume the recovery"
    )
    assert not conclude(report).clean
    lines = summary_lines(report)
    assert lines[0].startswith("! Recovered to checkpoint 5; ")
    assert "the audit log could not be completed" in lines[0]
    with StoreView(directory, clock=DeskClock(T0)) as view:
        recovery = OperatorRecovery(view, exchange, who="ops", clock=DeskClock(T0))
        interrupted = recovery.interrupted()
        assert interrupted is not None
        resumed = recovery.resume(interrupted)
        assert (resumed.problem, recovery.interrupted()) == ("", None)
