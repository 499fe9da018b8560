"""The unattended comparison with the exchange: cancel what is provably the bot's own, and put its state right."""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec

from crashdesk.account_lock import AccountPrefixes
from crashdesk.audit import AuditKind
from crashdesk.belonging import Belonging, doubt_about_account, of_manifest
from crashdesk.checkpointing import System
from crashdesk.clock import Clock
from crashdesk.compare import compare, failed_readings
from crashdesk.config import StoreManifest
from crashdesk.errors import CrashdeskError, ExchangeError, StorageError, WrongAccount
from crashdesk.exchange.protocol import Exchange
from crashdesk.execute import Execution, execute_plan
from crashdesk.live import LiveState
from crashdesk.recall import LastKnown
from crashdesk.reconcile.order_names import order_names
from crashdesk.reconcile.ownership import never_written
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, OrderVerdictKind, Plan
from crashdesk.results import SyncResult, sync_result
from crashdesk.state import SystemState
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_life import UNATTENDED


class Synchroniser:
    """One synchronisation at a time. `report` hears of what went wrong, `enter` writes to the audit log."""

    def __init__(
        self,
        exchange: Exchange,
        journal: Journal,
        *,
        manifest: StoreManifest | None,
        recorded: Belonging | None,
        prefixes: Callable[[], AccountPrefixes],
        cancel_own: bool,
        clock: Clock,
        report: Callable[[CrashdeskError], None],
        enter: Callable[[AuditKind, str], None],
    ) -> None:
        """`recorded` as in `compare`; `prefixes` asks anew who uses the account, and may raise StorageError."""
        self._exchange = exchange
        self._journal = journal
        self._manifest = manifest
        self._recorded = recorded
        self._prefixes = prefixes
        self._cancel_own_orders = cancel_own
        self._clock = clock
        self._report = report
        self._enter = enter
        self._mutex = threading.Lock()

    def synchronise(self, system: System, restored: LastKnown | None) -> SyncResult:
        """Compare, cancel own orphans that protect nothing, and put the system right.

        `restored` is what the system's state comes from when it was restored just now. Raises ExchangeError.
        """
        with self._mutex:
            state = system.snapshot()
            if restored is not None:
                # It was put into the system just now, and is as old as ever: what happened since is what counts.
                state = msgspec.structs.replace(state, timestamp=restored.state.timestamp)
            self._require_known_account(state)
            plan = self._compare(state, restored)
            _require_undenied(plan)
            self._warn_of_unwritten(plan)
            execution = self._cancel_own(plan, system)
            final, problem = plan, ""
            if execution.problem:
                self._report(ExchangeError(execution.problem))
            if any(outcome.sent for outcome in execution.outcomes):
                try:
                    final = self._compare(state, restored)
                except ExchangeError as error:
                    problem = f"the exchange could not be read again after cancelling: {error}"
                    self._report(error)
            reconciled = reconciled_state(state, final, adopted=(), now_ns=self._clock.now_ns())
            if isinstance(system, LiveState):
                system.amend(state, reconciled)
            else:
                system.restore(reconciled)
        gaps = failed_readings(final.coverage)
        problem = problem or execution.problem or "; ".join(f"{gap.scope.label()}: {gap.reason}" for gap in gaps)
        result = sync_result(plan, final, execution, problem)
        if restored is not None and result.entries_untold:
            legs = ", ".join(f"{each.symbol} {each.side.leg}" for each in result.entries_untold)
            self._enter(
                AuditKind.PROBLEM,
                f"the exchange does not tell the entry price of {legs}, and none is known: 0 is in the state in its place",
            )
        return result

    def _compare(self, state: SystemState, restored: LastKnown | None) -> Plan:
        checkpoint = restored.info if restored else None
        plan, _ = compare(
            state,
            journal=self._journal,
            exchange=self._exchange,
            manifest=self._manifest,
            checkpoint_seq=checkpoint.seq if checkpoint else None,
            checkpoint_timestamp=checkpoint.timestamp if checkpoint else None,
            changes=restored.changes if restored else 0,
            clock=self._clock,
            recorded=self._recorded,
            prefixes=self._known_prefixes(),
            trading=restored is None,
        )
        return plan

    def _require_known_account(self, state: SystemState) -> None:
        """Unattended, a state is only put right by an account that it is known to be of. Raises WrongAccount."""
        belongs = of_manifest(self._manifest) if self._manifest else self._recorded
        doubt = doubt_about_account(belongs, self._exchange, state)
        if doubt:
            raise WrongAccount(
                f"{doubt}; or have an operator recover the store. Nothing was compared, the state is as it was"
            )

    def _known_prefixes(self) -> AccountPrefixes:
        try:
            return self._prefixes()
        except StorageError as error:
            self._report(error)
            return AccountPrefixes()

    def _cancel_own(self, plan: Plan, system: System) -> Execution:
        chosen = self._cancellable(plan, system) if self._cancel_own_orders else []
        decisions = [Decision(order_key=verdict.key, action=Action.CANCEL, who=UNATTENDED) for verdict in chosen]
        if not decisions:
            return Execution(plan_id=plan.id, outcomes=())
        return execute_plan(plan, decisions, exchange=self._exchange, log=self._journal, clock=self._clock)

    def _cancellable(self, plan: Plan, system: System) -> list[OrderVerdict]:
        # A bot that trades meanwhile may have learnt of an order since its state was cut.
        known = order_names(system.snapshot().open_orders)
        own = [
            verdict
            for verdict in plan.of_kind(OrderVerdictKind.OWN_ORPHAN)
            if verdict.live is not None and known.isdisjoint(order_names((verdict.live,)))
        ]
        chosen = [verdict for verdict in own if verdict.preselected]
        left = [verdict for verdict in own if not (verdict.protective or verdict.dismissed)]
        if not (left and plan.journal_problem):
            return chosen
        self._warn(
            f"{len(left)} orphan orders were left for an operator: the journal, which tells the orders that somebody decided "
            f"to keep, cannot be relied on ({plan.journal_problem})"
        )
        return []

    def _warn_of_unwritten(self, plan: Plan) -> None:
        """Say that orders may be another bot's, though they carry the prefix of this one."""
        unwritten = sum(never_written(each) for each in plan.orphans)
        if unwritten and self._manifest is not None:
            self._warn(
                f"{unwritten} open orders carry the prefix {self._manifest.client_order_id_prefix}, and the bot never wrote them "
                "down; they were left for an operator. If another bot's prefix begins with the same, name that in other_prefixes"
            )

    def _warn(self, text: str) -> None:
        self._report(StorageError(text))
        self._enter(AuditKind.PROBLEM, text)


def _require_undenied(plan: Plan) -> None:
    """An account that denies all of a state from the store must not empty it. Raises WrongAccount."""
    if plan.denied:
        raise WrongAccount(
            f"{plan.denied}, or have an operator recover the store. Nothing was cancelled, the state is as it was"
        )
