"""Which state a recovery by hand compares with, where checkpoints are old, missing or damaged."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from operator_incident import KNOWN, MANIFEST, ORPHAN, Incident, cancel, content
from recovery_builders import LATER, SECOND, ExchangeInMemory, leg, stop
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import write_manifest
from crashdesk.errors import StorageError, StoreCorrupted
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import Comparison, OperatorRecovery
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.store import StateStore


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    made = Incident(tmp_path / "store")
    yield made
    made.view.close()


def test_an_older_checkpoint_can_be_recovered_on_purpose(incident: Incident) -> None:
    comparison = incident.recovery.compare(incident.view.store.find(1))
    report = incident.recovery.execute(comparison, [], plan_id=comparison.plan.id)
    assert report.saved is not None
    assert report.saved.seq == 3


def test_compared_with_an_older_checkpoint_an_order_that_the_last_known_state_knows_is_not_proposed(
    incident: Incident,
) -> None:
    with StateStore(incident.directory, clock=ManualClock(T0 + SECOND)) as store:
        adopted = make.order(id=ORPHAN.id, client_order_id=ORPHAN.client_order_id)
        store.save(make.state(timestamp=T0 + SECOND, open_orders=(*KNOWN.open_orders, adopted)))
    comparison = incident.recovery.compare(incident.view.store.find(2))
    verdict = comparison.plan.orphan_by_key[ORPHAN.key]
    assert not verdict.preselected
    assert "The last known state knows this order." in [said.text for said in verdict.evidence]
    report = incident.recovery.execute(comparison, [], plan_id=comparison.plan.id)
    assert not report.final.orphan_by_key[ORPHAN.key].preselected


def test_a_store_without_checkpoints_is_compared_as_an_empty_state(tmp_path: Path) -> None:
    with StateStore(tmp_path / "store"):
        write_manifest(tmp_path / "store", MANIFEST, LocalFiles())
    clock = ManualClock(LATER)
    exchange = ExchangeInMemory(ORPHAN, stop(), positions=[leg()])
    with StoreView(tmp_path / "store", clock=clock) as view:
        recovery = OperatorRecovery(view, exchange, who="kim", clock=clock)
        comparison = recovery.compare()
        assert comparison.checkpoint is None
        # Without a journal nobody knows what the bot knew: nothing is proposed, everything can be chosen.
        assert not any(verdict.preselected for verdict in comparison.plan.orphans)
        report = recovery.execute(comparison, [], plan_id=comparison.plan.id)
        assert report.saved is not None
        assert report.saved.seq == 1
        assert [position.quantity for position in view.store.load(1).positions] == [Decimal("0.250")]


@pytest.mark.scenario(64)
def test_a_store_whose_checkpoints_are_all_damaged_is_not_compared_as_an_empty_one(incident: Incident) -> None:
    for info in incident.view.checkpoints():
        info.path.write_bytes(b"ZQCK")
    with pytest.raises(StoreCorrupted):
        incident.recovery.compare()


@pytest.mark.scenario(63)
def test_a_damaged_newest_checkpoint_is_passed_over_and_nothing_is_moved(incident: Incident) -> None:
    newest = incident.view.checkpoints()[-1]
    newest.path.write_bytes(newest.path.read_bytes()[:-9])
    before = content(incident.directory)
    assert incident.recovery.compare().plan.checkpoint_seq == 1
    assert content(incident.directory) == before


def test_the_last_known_state_is_that_however_many_damaged_checkpoints_are_newer(incident: Incident) -> None:
    with StateStore(incident.directory, clock=ManualClock(T0)) as store:
        for second in range(1, 8):
            info = store.save(make.state(timestamp=T0 + second * SECOND))
            info.path.write_bytes(b"ZQCK")
    last = incident.recovery.compare()
    assert last.plan.checkpoint_seq == 2
    assert "checkpoint 9" in last.plan.journal_problem
    chosen = incident.recovery.compare(incident.view.store.find(2))
    assert (chosen.plan.journal_problem, chosen.skipped) == (last.plan.journal_problem, last.skipped)
    older = incident.recovery.compare(incident.view.store.find(1))
    assert (older.plan.journal_problem, older.skipped) == ("", ())


def test_a_damaged_journal_is_told_in_the_plan_and_in_the_audit_log(incident: Incident) -> None:
    (incident.directory / "journal.sqlite").write_bytes(b"SQLite format 3\0 and no more")
    comparison = incident.recovery.compare()
    assert "journal.sqlite" in comparison.plan.journal_problem
    report = incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id)
    assert report.saved is not None
    first = incident.view.audit_entries()[0]
    assert first.kind is AuditKind.PROBLEM
    assert "damaged" in first.text


def test_a_history_index_that_cannot_be_used_does_not_stop_a_recovery(incident: Incident) -> None:
    (incident.directory / "history.sqlite").mkdir()
    assert incident.run(cancel()).saved is not None


def test_a_missing_checkpoint_and_a_missing_order_do_not_pass_for_each_other(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    assert isinstance(comparison, Comparison)
    (incident.directory / "checkpoints" / comparison.checkpoint.name).unlink()  # type: ignore[union-attr]
    with pytest.raises(StorageError):
        incident.recovery.compare(comparison.checkpoint)
