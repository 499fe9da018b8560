"""Recovery by hand, with the bot down: compare, decide, execute, save what is true."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import msgspec

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.clock import Clock, SystemClock
from crashdesk.compare import compare
from crashdesk.errors import ExchangeError, PlanChanged, RecoveryError, StateError, StorageError
from crashdesk.exchange.protocol import Exchange, Step, unheard
from crashdesk.exchange.records import ExchangeSnapshot
from crashdesk.execute import Execution, check_decisions, execute_plan
from crashdesk.inspection import StoreView
from crashdesk.live import EMPTY_ACCOUNT
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.records import Action, Decision, Outcome, OutcomeKind, Plan
from crashdesk.state import SystemState
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.history import HistoryIndex
from crashdesk.storage.journal import Cause, Journal
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore
from crashdesk.storage.writer import open_journal


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with what it was made from.

    `newest_seq` is the newest checkpoint that there was, 0 for none: a newer one at the time of executing means that the
    bot has run since. None when that is not to be checked.
    """

    plan: Plan
    snapshot: ExchangeSnapshot
    state: SystemState
    checkpoint: CheckpointInfo | None
    newest_seq: int | None = None


class RecoveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a recovery by hand did. `saved` is the reconciled checkpoint, None when none was written; `problem` then says why.

    `final` is the comparison after the last step, made against the same checkpoint; None when it was stopped before.
    """

    plan: Plan
    execution: Execution
    decisions: tuple[Decision, ...]
    final: Plan | None
    state: SystemState | None
    saved: CheckpointInfo | None
    who: str
    started_at: int
    finished_at: int
    problem: str = ""


class InterruptedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan whose execution was begun and never finished; `newest_seq` as in Comparison.

    `outcomes` are those that the audit log holds already, without the orders as they were read again.
    """

    plan: Plan
    decisions: tuple[Decision, ...]
    done: frozenset[str]
    begun_at: int
    who: str
    newest_seq: int | None = None
    outcomes: tuple[Outcome, ...] = ()


def _empty_state(now_ns: int) -> SystemState:
    return SystemState(timestamp=now_ns, account=EMPTY_ACCOUNT, positions=(), open_orders=())


class OperatorRecovery:
    """The operator's way through one incident. Reading needs no lock; `execute` takes the store's lock for its duration."""

    def __init__(self, view: StoreView, exchange: Exchange, *, who: str, clock: Clock | None = None) -> None:
        """`who` enters the audit log with every decision."""
        self._view = view
        self._exchange = exchange
        self._who = who
        self._clock = clock or SystemClock()

    def compare(self, checkpoint: CheckpointInfo | None = None, step: Step = unheard) -> Comparison:
        """Compare a checkpoint (the newest valid one by default) with the exchange; writes nothing.

        A store without any checkpoint is compared as an empty state. Raises StoreCorrupted, CodecError, StorageError,
        or ExchangeError when the exchange cannot be asked.
        """
        if checkpoint is None:
            found = self._view.latest()
            checkpoint = found.info if found else None
            state = found.state if found else _empty_state(self._clock.now_ns())
        else:
            state = self._view.store.load(checkpoint)
        return self._compare(state, checkpoint, step, bot_running=self._view.presence().running)

    def execute(
        self,
        comparison: Comparison,
        decisions: Sequence[Decision],
        *,
        plan_id: str,
        step: Step = unheard,
        stopped: Callable[[], bool] = lambda: False,
    ) -> RecoveryReport:
        """Carry out what was decided, read the exchange once more, and save the reconciled state as a new checkpoint.

        `plan_id` is the identity of the plan that the operator saw. Nothing is saved when it was stopped, when the
        exchange could not be read as completely as before, or when the disk refuses; the report says so. Raises PlanChanged
        when the plan is another one, was finished before, or the bot has run since it was made; StoreLocked while a bot
        runs; StorageError before anything was sent.
        """
        plan = comparison.plan
        if plan.id != plan_id:
            raise PlanChanged(
                "the plan that was shown is not the one to execute any more; compare again and decide anew"
            )
        check_decisions(plan, decisions)
        started = self._clock.now_ns()
        with StateStore(self._view.directory, purpose="the recovery desk", clock=self._clock) as store:
            store.acquire()
            _refuse_outdated(comparison, store)
            journal, problem = open_journal(self._view.directory, self._clock, LocalFiles())
            try:
                if problem:
                    journal.append(AuditKind.PROBLEM, problem, who=self._who)
                self._begin(journal, comparison, decisions)
                execution = execute_plan(
                    plan,
                    decisions,
                    exchange=self._exchange,
                    log=journal,
                    clock=self._clock,
                    step=step,
                    stopped=stopped,
                )
                return self._finish(store, journal, comparison, tuple(decisions), execution, started, step)
            finally:
                journal.close()

    def interrupted(self) -> InterruptedPlan | None:
        """The newest plan that was begun and not finished; None for none. Raises DatabaseUnusable."""
        return interrupted_plan(self._view.audit_entries())

    def resume(
        self, interrupted: InterruptedPlan, *, step: Step = unheard, stopped: Callable[[], bool] = lambda: False
    ) -> RecoveryReport:
        """Go on with an interrupted plan: what was done stays done, what may have been sent is read first.

        The report covers both parts.

        Raises what `execute` raises, and CheckpointNotFound when the plan's checkpoint is gone.
        """
        plan = interrupted.plan
        checkpoint = self._view.store.find(plan.checkpoint_seq) if plan.checkpoint_seq is not None else None
        state = self._view.store.load(checkpoint) if checkpoint else _empty_state(plan.made_at)
        comparison = self._compare(state, checkpoint, step)
        remaining = [decision for decision in interrupted.decisions if decision.order_key not in interrupted.done]
        resumed = msgspec.structs.replace(comparison, plan=plan, newest_seq=interrupted.newest_seq)
        report = self.execute(resumed, remaining, plan_id=plan.id, step=step, stopped=stopped)
        execution = msgspec.structs.replace(report.execution, outcomes=interrupted.outcomes + report.execution.outcomes)
        return msgspec.structs.replace(report, execution=execution, decisions=interrupted.decisions)

    def _compare(
        self, state: SystemState, checkpoint: CheckpointInfo | None, step: Step, *, bot_running: bool = False
    ) -> Comparison:
        newest = max((info.seq for info in self._view.checkpoints()), default=0)
        plan, snapshot = compare(
            state,
            journal=self._view.journal_view(),
            exchange=self._exchange,
            manifest=self._view.manifest,
            checkpoint_seq=checkpoint.seq if checkpoint else None,
            clock=self._clock,
            step=step,
            bot_running=bot_running,
        )
        return Comparison(plan=plan, snapshot=snapshot, state=state, checkpoint=checkpoint, newest_seq=newest)

    def _begin(self, journal: Journal, comparison: Comparison, decisions: Sequence[Decision]) -> None:
        plan = comparison.plan
        entries = journal.entries(plan_id=plan.id)
        if any(entry.kind is AuditKind.RECOVERY for entry in entries):
            raise PlanChanged("this plan was executed before; compare again to see what is left")
        begun = [entry for entry in entries if entry.kind is AuditKind.PLAN]
        if begun and set(decisions) <= set(_decisions_of(begun[-1])):
            return
        cancels = sum(decision.action is Action.CANCEL for decision in decisions)
        journal.append(
            AuditKind.PLAN,
            f"recovery from checkpoint {plan.checkpoint_seq}: {cancels} to cancel of {len(plan.orphans)} orphan orders",
            who=self._who,
            plan_id=plan.id,
            data={
                "plan": msgspec.json.encode(plan).decode(),
                "decisions": msgspec.json.encode(list(decisions)).decode(),
                "newest_seq": "" if comparison.newest_seq is None else str(comparison.newest_seq),
            },
        )

    def _finish(
        self,
        store: StateStore,
        journal: Journal,
        comparison: Comparison,
        decisions: tuple[Decision, ...],
        execution: Execution,
        started: int,
        step: Step,
    ) -> RecoveryReport:
        final: Plan | None = None
        state: SystemState | None = None
        saved: CheckpointInfo | None = None
        if execution.stopped:
            problem = "stopped by the operator between two orders; what was done is in the audit log, nothing was saved"
        else:
            final, problem = self._read_again(comparison, step)
        if final is not None and not problem:
            adopted = execution.adopted | self._adopted_before(journal, comparison.plan.id)
            reconciled = reconciled_state(comparison.state, final, adopted=adopted, now_ns=self._clock.now_ns())
            try:
                saved = store.save(reconciled)
            except (StorageError, StateError) as error:
                problem = f"nothing was saved: {error}. What was done on the exchange stays done; resume the recovery"
        if saved is not None:
            state = reconciled
            journal.append(
                AuditKind.RECOVERY,
                f"recovered: checkpoint {saved.seq} holds the reconciled state",
                who=self._who,
                plan_id=comparison.plan.id,
                data={"checkpoint": str(saved.seq)},
            )
            journal.note_cause(saved.seq, Cause.RECOVERED)
            self._index(saved, state)
        else:
            journal.append(AuditKind.PROBLEM, problem, who=self._who, plan_id=comparison.plan.id)
        return RecoveryReport(
            plan=comparison.plan,
            execution=execution,
            decisions=decisions,
            final=final,
            state=state,
            saved=saved,
            who=self._who,
            started_at=started,
            finished_at=self._clock.now_ns(),
            problem=problem,
        )

    def _read_again(self, comparison: Comparison, step: Step) -> tuple[Plan | None, str]:
        """The comparison at the end, and why it is no ground to save on."""
        step(0, 1, "reading the exchange once more")
        try:
            final = self._compare(comparison.state, comparison.checkpoint, step).plan
        except ExchangeError as error:
            return None, (
                f"nothing was saved: the exchange could not be read again at the end: {error}. "
                "Compare again and finish the recovery"
            )
        return final, _worse(comparison.plan, final)

    def _adopted_before(self, journal: Journal, plan_id: str) -> frozenset[str]:
        return frozenset(
            entry.order_key
            for entry in journal.entries(plan_id=plan_id)
            if entry.kind is AuditKind.OUTCOME and entry.data.get("outcome") == "adopted"
        )

    def _index(self, saved: CheckpointInfo, state: SystemState) -> None:
        # It is for browsing only, and completed from the files whenever it is opened.
        with contextlib.suppress(DatabaseUnusable), contextlib.closing(HistoryIndex(self._view.directory)) as index:
            index.add([(saved, state, saved.size or 0)])


def _worse(shown: Plan, final: Plan) -> str:
    """Why `final` is no ground to save on; empty when it was read as completely as `shown`."""
    before = {gap.scope for gap in shown.coverage.gaps()}
    lost = [gap for gap in final.coverage.gaps() if gap.scope not in before]
    if not lost:
        return ""
    names = "; ".join(f"{gap.scope.label()} ({gap.reason})" for gap in lost)
    return f"nothing was saved: the exchange could not be read again at the end: {names}. Compare again and finish the recovery"


def _refuse_outdated(comparison: Comparison, store: StateStore) -> None:
    newest = max((info.seq for info in store.list_checkpoints()), default=0)
    if comparison.newest_seq is not None and newest > comparison.newest_seq:
        raise PlanChanged(
            f"checkpoint {newest} is newer than the comparison: the bot has run or was recovered since; "
            "compare again and decide anew"
        )


def _decisions_of(entry: AuditEntry) -> tuple[Decision, ...]:
    """Raises RecoveryError when they cannot be read back."""
    try:
        return msgspec.json.decode(entry.data["decisions"], type=tuple[Decision, ...])
    except (KeyError, msgspec.DecodeError) as error:
        raise RecoveryError(f"an interrupted plan cannot be read back ({error}); compare again instead") from None


def interrupted_plan(entries: Sequence[AuditEntry]) -> InterruptedPlan | None:
    """The newest plan in an audit log that has no recovery entry after it; None for none.

    Raises RecoveryError when the plan cannot be read back.
    """
    begun = [entry for entry in entries if entry.kind is AuditKind.PLAN]
    if not begun:
        return None
    last = begun[-1]
    related = [entry for entry in entries if entry.plan_id == last.plan_id]
    if any(entry.kind is AuditKind.RECOVERY for entry in related) or _superseded(entries, last):
        return None
    try:
        plan = msgspec.json.decode(last.data["plan"], type=Plan)
    except (KeyError, msgspec.DecodeError) as error:
        raise RecoveryError(f"an interrupted plan cannot be read back ({error}); compare again instead") from None
    decisions = _decisions_of(last)
    done = frozenset(entry.order_key for entry in related if entry.kind is AuditKind.OUTCOME)
    newest = last.data.get("newest_seq", "")
    return InterruptedPlan(
        plan=plan,
        decisions=decisions,
        done=done,
        begun_at=last.at,
        who=last.who,
        newest_seq=int(newest) if newest.isdecimal() else None,
        outcomes=tuple(_outcome_of(entry) for entry in related if entry.kind is AuditKind.OUTCOME),
    )


def _outcome_of(entry: AuditEntry) -> Outcome:
    """An outcome as the audit log tells it. Raises RecoveryError when it cannot be read back."""
    try:
        return Outcome(
            order_key=entry.order_key,
            action=Action(entry.data["action"]),
            kind=OutcomeKind(entry.data["outcome"]),
            text=entry.text,
            sent=entry.data.get("sent") == "true",
            at=entry.at,
        )
    except (KeyError, ValueError) as error:
        raise RecoveryError(f"outcome {entry.seq} of the audit log cannot be read back: {error}") from None


def _superseded(entries: Sequence[AuditEntry], plan_entry: AuditEntry) -> bool:
    """Whether a later recovery made the plan pointless."""
    return any(entry.kind is AuditKind.RECOVERY and entry.seq > plan_entry.seq for entry in entries)
