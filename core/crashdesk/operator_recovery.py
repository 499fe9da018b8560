"""Recovery by hand, with the bot down: compare, decide, execute, save what is true."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec

from crashdesk.account_users import PURPOSE, AccountUsers
from crashdesk.audit import AuditKind
from crashdesk.belonging import Belonging, recorded, require_account_of_plan, require_undenied
from crashdesk.clock import Clock, SystemClock
from crashdesk.compare import compare
from crashdesk.comparison import Comparison, refuse_outdated, refuse_overtaken, refuse_repaired, refuse_vanished
from crashdesk.errors import PlanChanged
from crashdesk.exchange.protocol import Exchange, Step, unheard
from crashdesk.execute import check_decisions, execute_plan
from crashdesk.finishing import Finishing
from crashdesk.inspection import StoreView
from crashdesk.interrupted import InterruptedPlan, decisions_of, interrupted_plan
from crashdesk.known_state import KnownState, StoredJournal, empty_state
from crashdesk.patience import Patience
from crashdesk.recall import recall
from crashdesk.reconcile.order_names import order_names
from crashdesk.reconcile.records import Action, Decision
from crashdesk.recovery_report import RecoveryReport
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore
from crashdesk.storage.writer import open_journal

__all__ = ["Comparison", "OperatorRecovery", "RecoveryReport"]


class OperatorRecovery:
    """The operator's way through one incident. Reading needs no lock; `execute` takes those of store and account meanwhile."""

    def __init__(
        self,
        view: StoreView,
        exchange: Exchange,
        *,
        who: str,
        clock: Clock | None = None,
        patience: Patience | None = None,
        account_locks: Path | None = None,
    ) -> None:
        """`who` enters the audit log with every decision; `patience` says how long executing waits for the exchange.

        `account_locks` as in RecoveryManager.
        """
        self._view = view
        self._exchange = exchange
        self._who = who
        self._clock = clock or SystemClock()
        self._patience = patience
        self._users = AccountUsers(view, exchange, account_locks, self._clock)

    def compare(self, checkpoint: CheckpointInfo | None = None, step: Step = unheard) -> Comparison:
        """Compare what the store knows with the exchange; writes nothing.

        That is the last known state, or an older `checkpoint` as it was; a store without any is compared as an empty
        state. Raises StoreCorrupted, CodecError, StorageError,
        or ExchangeError when the exchange cannot be asked.
        """
        bot_runs, newest = self._view.presence().bot_runs, self._newest()
        return self._compare(self._known(checkpoint), newest, step, bot_running=bot_runs)

    def execute(
        self,
        comparison: Comparison,
        decisions: Sequence[Decision],
        *,
        plan_id: str,
        step: Step = unheard,
        stopped: Callable[[], bool] = lambda: False,
        account_confirmed: bool = False,
    ) -> RecoveryReport:
        """Carry out what was decided, read the exchange once more, and save the reconciled state as a new checkpoint.

        `plan_id` is the identity of the plan that the operator saw; `account_confirmed` says that he confirmed the account where
        the plan doubts that it is the store's. Nothing is saved when it was stopped, when the
        exchange could not be read as completely as before, or when the disk refuses; the report says so. Raises PlanChanged
        when the plan is another one, was finished before, or the bot has run since it was made; StoreLocked while a bot
        runs, AccountInUse while another store's bot uses the account in the same way; WrongAccount for a doubted account that
        nobody confirmed; StorageError before anything was sent.
        """
        plan = comparison.plan
        if plan.id != plan_id:
            raise PlanChanged(
                "the plan that was shown is not the one to execute any more; compare again and decide anew"
            )
        require_account_of_plan(plan, self._exchange)
        require_undenied(plan, confirmed=account_confirmed)
        check_decisions(plan, decisions)
        started = self._clock.now_ns()
        refuse_vanished(comparison, self._view.store)
        with (
            StateStore(self._view.directory, purpose=PURPOSE, clock=self._clock) as store,
            contextlib.ExitStack() as held,
        ):
            store.acquire()
            refuse_outdated(comparison, store)
            held.enter_context(self._users.held())
            journal, problem = open_journal(
                self._view.directory, self._clock, LocalFiles(), expected=bool(store.list_checkpoints())
            )
            try:
                refuse_overtaken(comparison, journal)
                if problem:
                    journal.append(AuditKind.PROBLEM, problem, who=self._who, plan_id=plan.id)
                    last = recall(self._view.store, journal.batches_to_recover(), announced=journal.announced())
                    refuse_repaired(comparison, last)
                self._begin(journal, comparison, decisions)
                execution = execute_plan(
                    plan,
                    decisions,
                    exchange=self._exchange,
                    log=journal,
                    clock=self._clock,
                    step=step,
                    stopped=stopped,
                    patience=self._patience,
                    who=self._who,
                )
                finishing = self._finishing(comparison, store, journal)
                return finishing.finish(tuple(decisions), execution, started, step)
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
        newest = interrupted.newest_seq, interrupted.newest_change
        checkpoint = self._saved_by(interrupted)
        if checkpoint is not None:
            newest = checkpoint.seq, self._view.last_change()
        elif plan.checkpoint_seq is not None:
            checkpoint = self._view.store.find(plan.checkpoint_seq)
        comparison = self._compare(self._known(checkpoint), self._newest(), step)
        # What was begun in spite of the doubt was confirmed then; a doubt that is new may be other keys.
        confirmed = bool(plan.denied)
        require_undenied(comparison.plan, confirmed=confirmed)
        remaining = [decision for decision in interrupted.decisions if decision.order_key not in interrupted.done]
        resumed = msgspec.structs.replace(comparison, plan=plan, newest_seq=newest[0], newest_change=newest[1])
        report = self.execute(
            resumed, remaining, plan_id=plan.id, step=step, stopped=stopped, account_confirmed=confirmed
        )
        before = msgspec.structs.replace(report.execution, outcomes=interrupted.outcomes)
        execution = before.amended(report.execution.outcomes)
        return msgspec.structs.replace(report, execution=execution, decisions=interrupted.decisions)

    def _saved_by(self, interrupted: InterruptedPlan) -> CheckpointInfo | None:
        """The newest checkpoint, when it is the one that this very plan saved just before it was interrupted."""
        newest = self._view.checkpoints()[-1:]
        return next((info for info in newest if info.timestamp == interrupted.saving), None)

    def _known(self, checkpoint: CheckpointInfo | None) -> KnownState:
        last = self._view.latest()
        if last is not None and (checkpoint is None or (last.info is not None and last.info.seq == checkpoint.seq)):
            return KnownState(
                state=last.state,
                checkpoint=last.info,
                changes=last.changes,
                until=last.until,
                skipped=last.skipped,
                problem=last.problem,
            )
        if checkpoint is None:
            return KnownState(state=empty_state(self._clock.now_ns()))
        later = order_names(last.state.open_orders) if last is not None else frozenset()
        return KnownState(state=self._view.store.load(checkpoint), checkpoint=checkpoint, known_later=later)

    def _newest(self) -> tuple[int, int | None]:
        """The newest checkpoint and change; to be asked for before the state is read, since a bot may be at work."""
        return max((info.seq for info in self._view.checkpoints()), default=0), self._view.last_change()

    def _compare(
        self,
        known: KnownState,
        newest: tuple[int, int | None],
        step: Step,
        *,
        bot_running: bool = False,
        also: Collection[str] = (),
    ) -> Comparison:
        users = self._users.look()
        plan, snapshot = compare(
            known.state,
            journal=StoredJournal(self._view, "; ".join(text for text in (users.problem, known.problem) if text)),
            exchange=self._exchange,
            manifest=self._view.manifest,
            checkpoint_seq=known.checkpoint.seq if known.checkpoint else None,
            checkpoint_timestamp=known.checkpoint.timestamp if known.checkpoint else None,
            changes=known.changes,
            clock=self._clock,
            step=step,
            bot_running=bot_running,
            # A bot that never came to a checkpoint may have sent every one of its orders unseen.
            intents_since=None if known.checkpoint or known.changes else 0,
            recorded=self._recorded(),
            prefixes=users.prefixes,
            also=also,
            known_later=known.known_later,
        )
        return Comparison(
            plan=plan,
            snapshot=snapshot,
            state=known.state,
            checkpoint=known.checkpoint,
            changes=known.changes,
            until=known.until,
            skipped=known.skipped,
            newest_seq=newest[0],
            newest_change=newest[1],
            known_later=known.known_later,
        )

    def _recorded(self) -> Belonging | None:
        if self._view.manifest is not None:
            return None
        try:
            return recorded(self._view.audit_entries())
        except DatabaseUnusable:
            return None  # then nobody knows it, which the plan says

    def _begin(self, journal: Journal, comparison: Comparison, decisions: Sequence[Decision]) -> None:
        plan = comparison.plan
        entries = journal.entries(plan_id=plan.id)
        if any(entry.kind is AuditKind.RECOVERY for entry in entries):
            raise PlanChanged("this plan was executed before; compare again to see what is left")
        begun = [entry for entry in entries if entry.kind is AuditKind.PLAN]
        if begun and set(decisions) <= set(decisions_of(begun[-1])):
            return
        for item in comparison.skipped:
            text = f"checkpoint {item.info.seq} was passed over: {item.reason}"
            journal.append(AuditKind.PROBLEM, text, who=self._who, plan_id=plan.id)
        cancels = sum(decision.action is Action.CANCEL for decision in decisions)
        journal.append(
            AuditKind.PLAN,
            f"recovery from {plan.compared}: {cancels} to cancel of {len(plan.orphans)} orphan orders",
            who=self._who,
            plan_id=plan.id,
            data={
                "plan": msgspec.json.encode(plan).decode(),
                "decisions": msgspec.json.encode(list(decisions)).decode(),
                "newest_seq": "" if comparison.newest_seq is None else str(comparison.newest_seq),
                "newest_change": "" if comparison.newest_change is None else str(comparison.newest_change),
            },
        )

    def _finishing(self, comparison: Comparison, store: StateStore, journal: Journal) -> Finishing:
        return Finishing(
            comparison,
            store=store,
            journal=journal,
            exchange=self._exchange,
            compare_again=lambda known, step, also: self._compare(known, (0, None), step, also=also),
            who=self._who,
            bot=self._view.manifest.bot if self._view.manifest else "",
            clock=self._clock,
        )
