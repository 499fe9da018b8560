"""``crashdesk recover``: the operator's recovery in a terminal."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from crashdesk.cli_text import plan_tables
from crashdesk.clock import SystemClock
from crashdesk.compare import failed_readings
from crashdesk.connections import open_store_exchange
from crashdesk.errors import ConfigError, StoreLocked
from crashdesk.execute import describe
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import Comparison, OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision, OutcomeKind
from crashdesk.report import utc_text
from crashdesk.storage.lock import describe_holder

_NOT_DONE = (OutcomeKind.CHANGED, OutcomeKind.REFUSED, OutcomeKind.UNKNOWN, OutcomeKind.SKIPPED)


def operator_name() -> str:
    """Who enters the audit log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"


def recover_store(
    directory: Path,
    *,
    seq: int | None,
    dry_run: bool,
    cancel_own: bool,
    console: Console,
    ask: Callable[[str], bool],
) -> int:
    """Compare, show, ask, execute. Returns the exit code; raises CrashdeskError."""
    clock = SystemClock()
    with StoreView(directory, clock=clock) as view:
        if view.manifest is None:
            raise ConfigError(
                f"{directory} has no store.toml, so nobody knows which exchange it belongs to; "
                "give RecoveryManager a StoreManifest, or connect the store in the desk"
            )
        presence = view.presence()
        if presence.running:
            if not dry_run:
                raise StoreLocked(describe_holder(directory, presence.holder))
            console.print("! The bot is running: it knows its newer orders, the checkpoint does not.\n")
        exchange = open_store_exchange(view.manifest, os.environ, clock=clock)
        try:
            recovery = OperatorRecovery(view, exchange, who=operator_name(), clock=clock)
            checkpoint = view.store.find(seq) if seq is not None else None
            comparison = recovery.compare(checkpoint)
            _show(comparison, console)
            if dry_run:
                console.print("Dry run: nothing was sent, nothing was written.")
                return 0
            decisions = _decide(comparison, console, cancel_own=cancel_own, ask=ask)
            if decisions is None:
                console.print("Nothing was sent, nothing was written.")
                return 1
            report = recovery.execute(comparison, decisions, plan_id=comparison.plan.id)
        finally:
            exchange.close()
        return _conclude(report, console)


def _conclude(report: RecoveryReport, console: Console) -> int:
    outcomes = report.execution.outcomes
    for outcome in outcomes:
        console.print(f"{outcome.order_key}: {outcome.text}", markup=False)
    if report.saved is None or report.final is None:
        console.print(f"✕ {report.problem}", markup=False)
        return 1
    for gap in failed_readings(report.final.coverage):
        console.print(
            f"! {gap.scope.label()} could not be read ({gap.reason}): its records stay as the checkpoint had them",
            markup=False,
        )
    console.print(f"✓ checkpoint {report.saved.seq} holds the reconciled state; start the bot again")
    undone = sum(outcome.kind in _NOT_DONE for outcome in outcomes)
    if undone:
        console.print(f"! {undone} of {len(outcomes)} orders were not cancelled; compare again")
    return 1 if undone else 0


def _show(comparison: Comparison, console: Console) -> None:
    plan = comparison.plan
    if comparison.checkpoint is not None:
        console.print(
            f"Checkpoint {comparison.checkpoint.seq} of {utc_text(comparison.checkpoint.timestamp)} against {plan.exchange}\n"
        )
    else:
        console.print(f"No checkpoint: an empty state against {plan.exchange}\n")
    for table in plan_tables(plan):
        if table.row_count:
            console.print(table)
            console.print()
    if plan.journal_problem:
        console.print(f"! {plan.journal_problem}", markup=False)


def _decide(
    comparison: Comparison, console: Console, *, cancel_own: bool, ask: Callable[[str], bool]
) -> list[Decision] | None:
    """What is approved; None when the operator said no."""
    chosen = [verdict for verdict in comparison.plan.orphans if verdict.preselected]
    if chosen:
        console.print("To be cancelled:")
        for verdict in chosen:
            console.print(f"  {describe(verdict.live)}", markup=False)
    if not cancel_own:
        if not sys.stdin.isatty():
            raise ConfigError(
                "nobody can be asked: standard input is no terminal. Look with --dry-run, then give --cancel-own to cancel "
                "exactly the orders that are proposed"
            )
        question = (
            f"Cancel these {len(chosen)} orders and save the reconciled state?"
            if chosen
            else "Save the reconciled state?"
        )
        if not ask(question):
            return None
    who = operator_name()
    return [Decision(order_key=verdict.key, action=Action.CANCEL, who=who) for verdict in chosen]
