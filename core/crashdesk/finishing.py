"""The end of a recovery by hand: read the exchange once more, and save the state that is true."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Sequence

from crashdesk.audit import AuditKind
from crashdesk.belonging import audit_data, of_exchange
from crashdesk.checkpointing import save_reconciled
from crashdesk.clock import Clock
from crashdesk.codec import summary_of
from crashdesk.comparison import Comparison, worse
from crashdesk.errors import ExchangeError, StateError, StorageError
from crashdesk.exchange.protocol import Exchange, Step
from crashdesk.execute import Execution, record_outcome
from crashdesk.execute_order import not_adopted
from crashdesk.interrupted import adopted_in, outcomes_in
from crashdesk.known_state import KnownState
from crashdesk.reconcile.plan import reconciled_state, with_open_order
from crashdesk.reconcile.records import Decision, Outcome, OutcomeKind, Plan
from crashdesk.recovery_report import RecoveryReport
from crashdesk.settling import settled_as_adopted, settled_as_open, settled_by, unsettled_outcomes
from crashdesk.state import SystemState
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.history import HistoryIndex
from crashdesk.storage.journal import Journal
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore
from crashdesk.trouble_words import trouble_line

CompareAgain = Callable[[KnownState, Step, Collection[str]], Comparison]


class Finishing:
    """What is left to do once a plan was executed, on a store and a journal that are open for writing.

    `compare_again` compares a known state with the exchange, the given symbols read too. `bot` is the store's bot by name.
    """

    def __init__(
        self,
        comparison: Comparison,
        *,
        store: StateStore,
        journal: Journal,
        exchange: Exchange,
        compare_again: CompareAgain,
        who: str,
        bot: str,
        clock: Clock,
    ) -> None:
        self._comparison = comparison
        self._store = store
        self._journal = journal
        self._exchange = exchange
        self._compare_again = compare_again
        self._who = who
        self._bot = bot
        self._clock = clock

    def finish(self, decisions: tuple[Decision, ...], execution: Execution, started: int, step: Step) -> RecoveryReport:
        """The end of what was executed: read again, save, and note what came of it, as far as the log can be written."""
        comparison, journal = self._comparison, self._journal
        final: Plan | None = None
        reconciled: SystemState | None = None
        saved: CheckpointInfo | None = None
        if execution.stopped:
            why = execution.problem or "stopped by the operator between two orders"
            told = (
                "what was done is in the audit log"
                if journal.in_place()
                else "what was done stands in this report alone"
            )
            problem = f"{why}; {told}, nothing was saved"
        else:
            final, problem = self._read_again(step)
        if final is not None and not problem:
            try:
                reconciled, execution = self._reconcile(final, execution)
            except DatabaseUnusable as error:
                problem = _nothing_saved(error)
            else:
                saved, problem = self._save(reconciled)
        if saved is None or reconciled is None:
            self._note_problem(problem)
        else:
            problem = self._note_saved(saved, settled=not _undecided(comparison.plan, decisions))
            self._index(saved, reconciled)
        return RecoveryReport(
            plan=comparison.plan,
            execution=execution,
            decisions=decisions,
            final=final,
            state=reconciled if saved is not None else None,
            saved=saved,
            who=self._who,
            started_at=started,
            finished_at=self._clock.now_ns(),
            skipped=comparison.skipped,
            problem=problem,
            bot=self._bot,
        )

    def _read_again(self, step: Step) -> tuple[Plan | None, str]:
        """The comparison at the end, and why it is no ground to save on."""
        comparison = self._comparison
        step(0, 1, "reading the exchange once more")
        try:
            known = KnownState(
                state=comparison.state,
                checkpoint=comparison.checkpoint,
                changes=comparison.changes,
                until=comparison.until,
                known_later=comparison.known_later,
                problem=comparison.plan.journal_problem,
            )
            # Where the exchange lists per symbol: a position that closed since must not take its symbol's orders out of sight.
            scopes = [reading.scope for reading in comparison.plan.coverage.readings]
            symbols = {scope.symbol for scope in scopes if scope.symbol is not None}
            final = self._compare_again(known, step, symbols).plan
        except ExchangeError as error:
            why = str(error) if error.trouble is None else trouble_line(error.trouble)
            problem = f"the exchange could not be read again, so nothing was saved: {why}. Resume the recovery once it answers"
            return None, problem
        return final, worse(comparison.plan, final)

    def _reconcile(self, final: Plan, execution: Execution) -> tuple[SystemState, Execution]:
        """The state to save, and the execution with the truth about adopted orders that are not in it, and what was unknown."""
        comparison, journal = self._comparison, self._journal
        entries = journal.entries(plan_id=comparison.plan.id)
        adopted = adopted_in(entries)
        execution = execution.amended(self._settled(final, outcomes_in(entries), adopted))
        state = reconciled_state(comparison.state, final, adopted=adopted, now_ns=self._clock.now_ns())
        held = {(order.symbol, order.id) for order in state.open_orders}
        unknown = {outcome.order_key: outcome for outcome in execution.outcomes if outcome.kind is OutcomeKind.UNKNOWN}
        outcomes = []
        for verdict in comparison.plan.orphans:
            shown = verdict.live
            if verdict.key not in adopted or shown is None:
                continue
            if (shown.symbol, shown.id) in held:
                if verdict.key in unknown:
                    outcomes.append(settled_as_adopted(unknown[verdict.key], self._clock.now_ns()))
                    record_outcome(comparison.plan.id, verdict, outcomes[-1], journal, who=self._who)
                continue
            fresh = self._exchange.read_order(shown.ref)
            with_it = with_open_order(state, fresh.order, self._clock.now_ns())
            if with_it is not None:
                # The last list did not show it, the exchange says that it is open: its word on the one order counts.
                state = with_it
                continue
            outcome = not_adopted(verdict.key, fresh, self._clock.now_ns())
            record_outcome(comparison.plan.id, verdict, outcome, journal, who=self._who)
            outcomes.append(outcome)
        return state, execution.amended(outcomes)

    def _settled(self, final: Plan, told: Sequence[Outcome], adopted: Collection[str]) -> list[Outcome]:
        """What is known by now of the orders whose outcome was unknown, entered in the audit log. What is adopted comes later."""
        plan, settled = self._comparison.plan, []
        for before in unsettled_outcomes(told):
            verdict, seen = plan.orphan_by_key.get(before.order_key), final.orphan_by_key.get(before.order_key)
            if verdict is None or verdict.live is None or before.order_key in adopted:
                continue
            if seen is not None and seen.live is not None:
                outcome: Outcome | None = settled_as_open(before, seen.live, self._clock.now_ns())
            else:
                fresh = self._exchange.read_order(verdict.live.ref)
                outcome = settled_by(before, verdict, fresh, self._clock.now_ns())
            if outcome is not None:
                record_outcome(plan.id, verdict, outcome, self._journal, who=self._who)
                settled.append(outcome)
        return settled

    def _save(self, state: SystemState) -> tuple[CheckpointInfo | None, str]:
        """The checkpoint, or why there is none."""
        plan_id = self._comparison.plan.id
        try:
            return save_reconciled(self._store, self._journal, state, who=self._who, plan_id=plan_id), ""
        except (StorageError, StateError) as error:
            return None, _nothing_saved(error)

    def _note_saved(self, saved: CheckpointInfo, *, settled: bool) -> str:
        """Enter that it is saved, and that nothing is in doubt any more; why the log cannot, empty where it can."""
        try:
            self._journal.append(
                AuditKind.RECOVERY,
                f"recovered: checkpoint {saved.seq} holds the reconciled state",
                who=self._who,
                plan_id=self._comparison.plan.id,
                data={"checkpoint": str(saved.seq), **audit_data(of_exchange(self._exchange))},
            )
            if settled:
                self._journal.settle()
        except DatabaseUnusable as error:
            return (
                f"the checkpoint was saved, but the audit log could not be completed: {error}. Make room, then resume the "
                "recovery"
            )
        return ""

    def _note_problem(self, problem: str) -> None:
        # The report tells it all the same: what was done on the exchange must not be lost with a log that fails.
        with contextlib.suppress(DatabaseUnusable):
            self._journal.append(AuditKind.PROBLEM, problem, who=self._who, plan_id=self._comparison.plan.id)

    def _index(self, saved: CheckpointInfo, state: SystemState) -> None:
        # It is for browsing only, and completed from the files whenever it is opened.
        with contextlib.suppress(DatabaseUnusable), contextlib.closing(HistoryIndex(self._store.directory)) as index:
            index.add([(saved.seq, summary_of(state), saved.size or 0)])


def _nothing_saved(error: Exception) -> str:
    return f"nothing was saved: {error}. What was done on the exchange stays done; resume the recovery"


def _undecided(plan: Plan, decisions: Sequence[Decision]) -> bool:
    """Whether an orphan was left without a word: what the journal may lack is then still in doubt."""
    decided = {decision.order_key for decision in decisions}
    return any(verdict.key not in decided for verdict in plan.needs_decision)
