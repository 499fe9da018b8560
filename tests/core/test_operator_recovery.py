"""Recovery by hand: compare writes nothing, execute saves only what was read, and an interruption loses nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from recovery_builders import LATER, SECOND, ExchangeInMemory, leg, live, stop
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind, broken_links
from crashdesk.changes import Mark, checkpoint_mark
from crashdesk.config import RecoveryConfig, StoreManifest, write_manifest
from crashdesk.errors import ExchangeUnavailable, PlanChanged, RecoveryError, StorageError, StoreCorrupted, StoreLocked
from crashdesk.exchange.records import CancelAnswer, CancelStatus, OrderRef, ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.interrupted import interrupted_plan
from crashdesk.live import LiveState
from crashdesk.operator_recovery import Comparison, OperatorRecovery
from crashdesk.reconcile.records import Action, Decision, OrderVerdictKind, OutcomeKind
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus
from crashdesk.state import OrderStatus, SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.lock import DESK
from crashdesk.storage.store import StateStore

MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
KNOWN = make.state(
    open_orders=(make.order(), make.order(id="2", client_order_id="grid-2")),
    strategy_states=(make.records.StrategyState(name="grid", state_data=b"17"),),
)
ORPHAN = live(id="4", client_order_id="grid-4")
MANUAL = live(id="5", client_order_id="web_5")
FILLED = live(id="2", client_order_id="grid-2", status=OrderStatus.FILLED, filled=Decimal("0.010"))


class Incident:
    """A store that a dead bot left, and an exchange that has moved on."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = ManualClock(LATER)
        with StateStore(directory, clock=ManualClock(T0)) as store:
            store.save(make.state(timestamp=T0 - SECOND))
            store.save(KNOWN)
            write_manifest(directory, MANIFEST, LocalFiles())
            journal = Journal(directory, ManualClock(T0))
            journal.commit([checkpoint_mark(Mark(info.seq, info.timestamp)) for info in store.list_checkpoints()])
            journal.close()
        self.exchange = ExchangeInMemory(live(), FILLED, ORPHAN, MANUAL, positions=[leg(contracts=Decimal("0.260"))])
        self.view = StoreView(directory, clock=self.clock)
        self.recovery = OperatorRecovery(self.view, self.exchange, who="kim", clock=self.clock)

    def run(self, *decisions: Decision, **changes: Any) -> Any:
        comparison = self.recovery.compare()
        return self.recovery.execute(comparison, decisions, plan_id=comparison.plan.id, **changes)

    def start_bot(self) -> tuple[Any, SystemState]:
        """The bot's own next start, with the exchange out of sight."""
        bot = LiveState(clock=self.clock)
        config = RecoveryConfig(checkpoint_dir=self.directory)
        with RecoveryManager(bot, config, clock=self.clock) as manager:
            return manager.recover(), bot.snapshot()

    def kinds(self) -> list[AuditKind]:
        return [entry.kind for entry in self.view.audit_entries()]


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    made = Incident(tmp_path / "store")
    yield made
    made.view.close()


def cancel(key: str = ORPHAN.key) -> Decision:
    return Decision(order_key=key, action=Action.CANCEL, who="kim")


def content(directory: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(directory.rglob("*"))}


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
    assert "nothing was saved: the exchange could not be read again at the end" in report.problem
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
        ORPHAN.key: OutcomeKind.ALREADY_CLOSED if arrived else OutcomeKind.UNKNOWN,
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


def test_what_a_running_bot_placed_since_its_checkpoint_is_not_proposed(incident: Incident) -> None:
    with StateStore(incident.directory, purpose="grid", clock=incident.clock) as bot:
        bot.acquire()
        running = incident.recovery.compare().plan
    stopped = incident.recovery.compare().plan
    assert [verdict.key for verdict in stopped.orphans if verdict.preselected] == [ORPHAN.key]
    assert not [verdict for verdict in running.orphans if verdict.preselected]


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


@pytest.mark.scenario(33)
def test_a_refused_cancellation_is_in_the_report_and_the_rest_goes_on(incident: Incident) -> None:
    incident.exchange.on_cancel = lambda ref: CancelAnswer(status=CancelStatus.NOT_DONE, reason="no permission")
    report = incident.run(cancel())
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.REFUSED]
    assert report.saved is not None
    assert ORPHAN.id not in {order.id for order in report.state.open_orders}


def test_a_missing_checkpoint_and_a_missing_order_do_not_pass_for_each_other(incident: Incident) -> None:
    comparison = incident.recovery.compare()
    assert isinstance(comparison, Comparison)
    (incident.directory / "checkpoints" / comparison.checkpoint.name).unlink()  # type: ignore[union-attr]
    with pytest.raises(StorageError):
        incident.recovery.compare(comparison.checkpoint)
