"""A recovery by hand whose exchange or disk fails on the way saves only what was read, and reports all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from operator_incident import KNOWN, ORPHAN, Incident, cancel

from crashdesk.audit import AuditKind
from crashdesk.errors import ExchangeUnavailable
from crashdesk.exchange.records import CancelAnswer, CancelStatus, OrderRef, ScopeKind
from crashdesk.reconcile.records import OutcomeKind
from crashdesk.storage.files import LocalFiles


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    made = Incident(tmp_path / "store")
    yield made
    made.view.close()


@pytest.mark.scenario(46)
@pytest.mark.parametrize("lost", [{ScopeKind.POSITIONS}, {ScopeKind.ORDERS}, {ScopeKind.ACCOUNT}, set(ScopeKind)])
def test_when_the_last_read_fails_nothing_is_saved_and_the_report_says_so(
    incident: Incident, lost: set[ScopeKind]
) -> None:
    def lose_sight(ref: OrderRef) -> None:
        incident.exchange.before_read = lambda: incident.exchange.unread.update(lost)

    incident.exchange.on_cancel = lose_sight
    comparison = incident.recovery.compare()
    if ScopeKind.POSITIONS in lost:  # positions are read before orders are
        incident.exchange.on_cancel = lambda ref: incident.exchange.unread.update(lost - {ScopeKind.ORDERS})
    report = incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id)
    assert report.saved is None
    assert report.state is None
    assert "the exchange could not be read again, so nothing was saved" in report.problem
    assert "no answer in time" in report.problem
    assert report.execution.outcomes[0].kind in (OutcomeKind.CANCELLED, OutcomeKind.UNKNOWN)
    assert len(incident.view.checkpoints()) == 2
    assert incident.kinds()[-1] is AuditKind.PROBLEM

    incident.exchange.unread.clear()
    incident.exchange.before_read = lambda: None
    interrupted = incident.recovery.interrupted()
    assert interrupted is not None
    finished = incident.recovery.resume(interrupted)
    assert finished.saved is not None
    assert incident.exchange.requests["cancel_order"] == 1


@pytest.mark.scenario(46)
def test_an_exchange_that_dies_at_the_end_does_not_take_the_report_with_it(incident: Incident) -> None:
    def die(ref: OrderRef) -> None:
        incident.exchange.broken = ExchangeUnavailable("the markets could not be loaded: no route")

    incident.exchange.on_cancel = die
    report = incident.run(cancel())
    assert (report.saved, report.final) == (None, None)
    assert "no route" in report.problem
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.CANCELLED]


def test_a_scope_that_could_not_be_read_from_the_start_leaves_its_records_as_they_were(incident: Incident) -> None:
    incident.exchange.unread = {ScopeKind.POSITIONS}
    report = incident.run()
    assert report.saved is not None
    assert report.state.positions == KNOWN.positions


def test_a_disk_that_refuses_at_the_end_does_not_take_the_report_with_it(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = incident.recovery.compare()

    def full(self: LocalFiles, descriptor: int, data: bytes) -> int:
        if data[:4] == b"ZQCK":
            raise OSError(28, "No space left on device")
        return write(self, descriptor, data)

    write = LocalFiles.write
    with monkeypatch.context() as patched:
        patched.setattr(LocalFiles, "write", full)
        report = incident.recovery.execute(comparison, [cancel()], plan_id=comparison.plan.id)
    assert report.saved is None
    assert "No space left on device" in report.problem
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.CANCELLED]
    interrupted = incident.recovery.interrupted()
    assert interrupted is not None
    assert incident.recovery.resume(interrupted).saved is not None


@pytest.mark.scenario(33)
def test_a_refused_cancellation_is_in_the_report_and_the_rest_goes_on(incident: Incident) -> None:
    incident.exchange.on_cancel = lambda ref: CancelAnswer(status=CancelStatus.NOT_DONE, reason="no permission")
    report = incident.run(cancel())
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.REFUSED]
    assert report.saved is not None
    assert ORPHAN.id not in {order.id for order in report.state.open_orders}
