"""``crashdesk recover``: the operator's recovery in a terminal."""

from __future__ import annotations

import contextlib
import getpass
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape

from crashdesk.belonging import require_undenied
from crashdesk.cli_demonstration import demonstration_explained
from crashdesk.cli_errors import interrupted_at_work, not_asked
from crashdesk.cli_situation import differences, question, situation_lines, verdict_line
from crashdesk.cli_table import print_listing, say
from crashdesk.cli_text import plan_listings, skipped_lines
from crashdesk.clock import Clock, SystemClock
from crashdesk.config import StoreManifest
from crashdesk.connections import open_store_exchange
from crashdesk.errors import (
    ConfigError,
    CrashdeskError,
    RecoveryError,
    StorageError,
    StoreLocked,
)
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.protocol import Step
from crashdesk.exchange.trouble_error import error_of
from crashdesk.inspection import StoreView
from crashdesk.interrupted import InterruptedPlan
from crashdesk.operator_recovery import Comparison, OperatorRecovery, RecoveryReport
from crashdesk.patience import Patience
from crashdesk.reconcile.denied import at_stake
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, Plan
from crashdesk.reconcile.words import notional_text
from crashdesk.report import compared_text, utc_text
from crashdesk.report_conclusion import Ending
from crashdesk.report_file import ReportTarget, report_target, write_report
from crashdesk.report_lines import summary_lines
from crashdesk.report_words import order_words
from crashdesk.storage.lock import describe_holder
from crashdesk.trouble import Trouble, TroubleKind


def operator_name() -> str:
    """Who enters the audit log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator asked for on the command line.

    `save` wants a checkpoint though nothing differs, and is not asked where nothing would be cancelled; `report` is where the
    report goes, None for nowhere.
    """

    seq: int | None = None
    dry_run: bool = False
    cancel_own: bool = False
    resume: bool = False
    save: bool = False
    report: Path | None = None


def recover_store(
    directory: Path,
    wishes: Wishes,
    *,
    console: Console,
    ask: Callable[[str], bool],
    type_in: Callable[[str], str] = input,
    patience: Patience | None = None,
) -> int:
    """Compare, show, ask, execute; with `resume`, go on with what was decided. Returns the exit code; raises CrashdeskError.

    `ask` asks for yes or no, `type_in` for a text where that is not enough.
    """
    target = report_target(wishes.report) if wishes.report is not None else None
    clock = SystemClock()
    with StoreView(directory, clock=clock) as view:
        manifest = view.manifest
        if manifest is None:
            raise ConfigError(
                f"{directory} has no store.toml, so nobody knows which exchange it belongs to; "
                "give RecoveryManager a StoreManifest, or connect the store in the desk"
            )
        presence = view.presence()
        if presence.running and not wishes.dry_run:
            raise StoreLocked(describe_holder(directory, presence.holder))
        for line in situation_lines(manifest, presence, view.last_sign_of_life(), clock.now_ns()):
            say(console, line)
        console.print()
        exchange = _opened(manifest, clock)
        try:
            recovery = OperatorRecovery(view, exchange, who=operator_name(), clock=clock, patience=patience)
            if wishes.resume:
                with demonstration_explained(manifest), executing(console) as (step, stopped):
                    report = _resume(recovery, console, step, stopped)
                return _conclude(report, console, target)
            interrupted = _mention_interrupted(recovery, directory, console)
            checkpoint = view.store.find(wishes.seq) if wishes.seq is not None else None
            with demonstration_explained(manifest):
                comparison = recovery.compare(checkpoint)
            plan = comparison.plan
            _show(comparison, console)
            say(console, verdict_line(plan))
            if wishes.dry_run:
                console.print("Dry run: nothing was sent, nothing was written.")
                return 0
            settled = not (differences(plan) or interrupted or comparison.skipped or wishes.seq is not None)
            if settled and not wishes.save:
                _say_settled(console)
                return 0
            proposed = [verdict for verdict in plan.orphans if verdict.preselected]
            if proposed and exchange.read_permissions().read_only:
                proposed = _cannot_be_cancelled(proposed, console, cancel_own=wishes.cancel_own)
            decisions = _decide(manifest, plan, proposed, wishes, console, ask)
            confirmed = decisions is not None and account_confirmed(plan, wishes, console, type_in)
            if decisions is None or (plan.denied and not confirmed):
                console.print("Nothing was sent, nothing was written.")
                return 1
            with executing(console) as (step, stopped):
                report = recovery.execute(
                    comparison,
                    decisions,
                    plan_id=plan.id,
                    step=step,
                    stopped=stopped,
                    account_confirmed=confirmed,
                )
        finally:
            exchange.close()
        return _conclude(report, console, target)


def _opened(manifest: StoreManifest, clock: Clock) -> CcxtExchange:
    try:
        return open_store_exchange(manifest, os.environ, clock=clock)
    except ConfigError as error:
        not_asked(error)
        raise


@contextlib.contextmanager
def executing(console: Console) -> Iterator[tuple[Step, Callable[[], bool]]]:
    """What is being done, in one line; the first Ctrl-C stops between two orders, the second at once."""
    asked, at_work = threading.Event(), threading.Event()

    def stop(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        console.print("Stopping after the order that is under way…")

    with console.status("Recovering…") as status:

        def step(done: int, total: int, text: str) -> None:
            at_work.set()
            status.update(escape(f"{done + 1} of {total}: {text}" if done < total else text))

        here = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, stop) if here else None
        try:
            yield step, asked.is_set
        except CrashdeskError as error:
            if at_work.is_set():
                interrupted_at_work(error)
            raise
        finally:
            if here:
                signal.signal(signal.SIGINT, before)


def _resume(recovery: OperatorRecovery, console: Console, step: Step, stopped: Callable[[], bool]) -> RecoveryReport:
    interrupted = recovery.interrupted()
    if interrupted is None:
        raise RecoveryError("no recovery of this store was interrupted; leave --resume out to begin one")
    say(console, f"Going on with the recovery that {_begun(interrupted)}\n")
    return recovery.resume(interrupted, step=step, stopped=stopped)


def _mention_interrupted(recovery: OperatorRecovery, directory: Path, console: Console) -> bool:
    """Say whether a recovery was interrupted; True unless there was certainly none."""
    try:
        interrupted = recovery.interrupted()
    except (RecoveryError, StorageError) as error:
        say(console, f"! Whether a recovery was interrupted cannot be told: {error}\n")
        return True
    if interrupted is not None:
        say(
            console,
            f"! The recovery that {_begun(interrupted)} was not finished. To go on with what was decided then: "
            f"`crashdesk recover --resume {directory}`\n",
        )
    return interrupted is not None


def _begun(interrupted: InterruptedPlan) -> str:
    done, decided = interrupted.carried_out, len(interrupted.decisions)
    unknown = f", unknown: {interrupted.unknown}" if interrupted.unknown else ""
    return f"{interrupted.who} began at {utc_text(interrupted.begun_at)} (orders done: {done} of {decided}{unknown})"


def _conclude(report: RecoveryReport, console: Console, target: ReportTarget | None) -> int:
    outcomes = report.execution.outcomes
    orders = {verdict.key: order_words(verdict.live, verdict.contract) for verdict in report.plan.orphans}
    for outcome in outcomes:
        say(console, f"{orders.get(outcome.order_key, outcome.order_key)}: {outcome.text}")
    if outcomes:
        console.print()
    for line in summary_lines(report):
        say(console, line)
    told = report.conclusion
    failed = told.ending is not Ending.SAVED or bool(told.not_handled or told.unknown)
    return 1 if not _written(report, target, console) or failed else 0


def _written(report: RecoveryReport, target: ReportTarget | None, console: Console) -> bool:
    """Write the report where it was wanted; False when that failed."""
    if target is None:
        return True
    try:
        path = write_report(report, target)
    except StorageError as error:
        say(console, f"✕ {error}")
        return False
    say(console, f"Report: {path}")
    return True


def _say_settled(console: Console) -> None:
    say(
        console,
        "✓ Nothing is to be done: the last known state is what the exchange holds. Nothing was sent, nothing was written; the "
        "bot can be started. To save a checkpoint all the same, give --save",
    )


def _show(comparison: Comparison, console: Console) -> None:
    plan = comparison.plan
    mode = f", {plan.mode.value} account" if plan.mode else ""
    for line in skipped_lines(comparison.skipped):
        say(console, line)
    say(console, f"Compared: {compared_text(plan)}, with {plan.exchange}{mode}\n")
    if plan.denied:
        say(console, f"! This may be another account, so nothing is proposed: {plan.denied}\n")
    elif plan.journal_problem:
        say(
            console,
            f"! Something may be missing in what was known, so nothing is proposed: {plan.journal_problem}\n",
        )
    for listing in plan_listings(plan):
        print_listing(console, listing)
        console.print()


def _say_what_is_not_proposed(plan: Plan, console: Console) -> None:
    """Where an orphan can be decided on that is not proposed here, and why it is not."""
    rest = [verdict for verdict in plan.needs_decision if not verdict.preselected]
    if not rest:
        return
    orphans = "1 orphan order stays" if len(rest) == 1 else f"{len(rest)} orphan orders stay"
    why = (
        "because this may be another account"
        if plan.denied
        else "because the journal is in doubt: it may lack what the bot knew of them, so --cancel-own cancels nothing"
        if plan.journal_problem
        else "because nothing proves that it is safe to cancel them"
    )
    say(
        console,
        f"! {orphans} on the exchange, {why}. "
        "To cancel, adopt or leave each of them by its evidence, open the store in the desk: `crashdesk desk`",
    )


def _cannot_be_cancelled(proposed: Sequence[OrderVerdict], console: Console, *, cancel_own: bool) -> list[OrderVerdict]:
    """What is left to propose with a key that is known to read only: nothing. Raises ExchangeRefused for `cancel_own`."""
    orders = "1 proposed order" if len(proposed) == 1 else f"{len(proposed)} proposed orders"
    if cancel_own:
        raise error_of(Trouble(kind=TroubleKind.PERMISSION), f"nothing was sent: {orders} cannot be cancelled")
    say(console, f"! The account's key can only read, so {orders} cannot be cancelled with it and would stay open.")
    return []


def _decide(
    manifest: StoreManifest,
    plan: Plan,
    chosen: Sequence[OrderVerdict],
    wishes: Wishes,
    console: Console,
    ask: Callable[[str], bool],
) -> list[Decision] | None:
    """What is approved of the `chosen` orders; None when the operator said no."""
    if chosen:
        console.print("To be cancelled:")
        for verdict in chosen:
            money = notional_text(verdict)
            say(console, f"  {order_words(verdict.live, verdict.contract)}" + (f", {money}" if money else ""))
    _say_what_is_not_proposed(plan, console)
    if not (wishes.cancel_own or (wishes.save and not chosen)):
        if not sys.stdin.isatty():
            raise ConfigError(_nobody_to_ask(bool(chosen)))
        if not ask(question(manifest, plan, chosen)):
            return None
    who = operator_name()
    return [Decision(order_key=verdict.key, action=Action.CANCEL, who=who) for verdict in chosen]


def account_confirmed(plan: Plan, wishes: Wishes, console: Console, type_in: Callable[[str], str]) -> bool:
    """Whether the operator typed what is given up where the account may be another one; True where nobody doubts it.

    No option answers this beforehand: who scripts a recovery did not look at the account. Raises WrongAccount then.
    """
    if not plan.denied:
        return True
    if wishes.cancel_own or wishes.save or not sys.stdin.isatty():
        require_undenied(plan, confirmed=False)
    wanted = str(at_stake(plan))
    say(
        console,
        f"! Going on saves what the account that was opened holds, and gives up all {wanted} orders and positions of the store.",
    )
    return type_in(f"Type {wanted}, the number of them, if it is the right account: ").strip() == wanted


def _nobody_to_ask(proposed: bool) -> str:
    way = (
        "Look with --dry-run, then give --cancel-own to cancel exactly the orders that are proposed"
        if proposed
        else "No order is proposed for cancellation; look with --dry-run, then give --save to save the reconciled state"
    )
    return f"nobody can be asked: standard input is no terminal. {way}"
