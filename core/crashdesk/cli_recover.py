"""``crashdesk recover``: the operator's recovery in a terminal."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from crashdesk.belonging import require_undenied
from crashdesk.cli_demonstration import demonstration_explained
from crashdesk.cli_ending import conclude_recovery, executing, say_next
from crashdesk.cli_errors import MEANS, NEXT, not_asked
from crashdesk.cli_next import Place, after_comparison, after_no, name_next_step
from crashdesk.cli_situation import answer, differences, question, situation_lines, verdict_line
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
from crashdesk.inspection import BotPresence, StoreView
from crashdesk.interrupted import InterruptedPlan
from crashdesk.operator_recovery import Comparison, OperatorRecovery, RecoveryReport
from crashdesk.patience import Patience
from crashdesk.reconcile.denied import at_stake
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, Plan
from crashdesk.reconcile.words import notional_text
from crashdesk.report import compared_text, utc_text
from crashdesk.report_file import report_target
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


class Terminal(msgspec.Struct, frozen=True, kw_only=True):
    """Where the operator sits: `ask` asks for yes or no, `type_in` for a text where that is not enough."""

    console: Console
    ask: Callable[[str], bool]
    type_in: Callable[[str], str] = input


def recover_store(directory: Path, wishes: Wishes, terminal: Terminal, *, patience: Patience | None = None) -> int:
    """Compare, show, ask, execute; with `resume`, go on with what was decided. Returns the exit code.

    Raises CrashdeskError, with the next step noted on it.
    """
    try:
        return _recover_store(directory, wishes, terminal, patience)
    except CrashdeskError as error:
        name_next_step(error, directory)
        raise


def _recover_store(directory: Path, wishes: Wishes, terminal: Terminal, patience: Patience | None) -> int:
    target = report_target(wishes.report) if wishes.report is not None else None
    clock = SystemClock()
    with StoreView(directory, clock=clock) as view:
        place = _place(directory, view.manifest)
        presence = view.presence()
        if presence.running and not wishes.dry_run:
            raise StoreLocked(describe_holder(directory, presence.holder))
        exchange = _opened(place.manifest, clock)
        try:
            recovery = OperatorRecovery(view, exchange, who=operator_name(), clock=clock, patience=patience)
            if wishes.resume:
                with (
                    demonstration_explained(place.manifest),
                    executing(terminal.console, place.command("recover", "--resume")) as (step, stopped),
                ):
                    report = _resume(recovery, terminal.console, step, stopped)
            else:
                looked = _look(recovery, view, place, wishes, presence)
                _show(looked, terminal.console, clock.now_ns())
                decisions = _decided(looked, exchange, wishes, terminal)
                if isinstance(decisions, int):
                    return decisions
                report = _execute(recovery, looked, decisions, terminal.console)
        finally:
            exchange.close()
        return conclude_recovery(report, place, terminal.console, target, interrupted=_can_go_on(recovery))


def _place(directory: Path, manifest: StoreManifest | None) -> Place:
    if manifest is None:
        raise ConfigError(
            f"{directory} has no store.toml, so nobody knows which exchange it belongs to; "
            "give RecoveryManager a StoreManifest, or connect the store in the desk"
        )
    return Place(directory=directory, manifest=manifest)


class _Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison found. `interrupted` says of an earlier recovery that it was not finished, None where nobody knows;
    `unfinished` tells it in words."""

    place: Place
    presence: BotPresence
    last_sign: int | None
    comparison: Comparison
    interrupted: bool | None
    unfinished: str
    settled: bool


def _look(recovery: OperatorRecovery, view: StoreView, place: Place, wishes: Wishes, presence: BotPresence) -> _Looked:
    interrupted, unfinished = _unfinished(recovery, place)
    checkpoint = view.store.find(wishes.seq) if wishes.seq is not None else None
    with demonstration_explained(place.manifest):
        comparison = recovery.compare(checkpoint)
    more_to_do = interrupted is not False or comparison.skipped or wishes.seq is not None
    return _Looked(
        place=place,
        presence=presence,
        last_sign=view.last_sign_of_life(),
        comparison=comparison,
        interrupted=interrupted,
        unfinished=unfinished,
        settled=not (differences(comparison.plan) or more_to_do),
    )


def _decided(looked: _Looked, exchange: CcxtExchange, wishes: Wishes, terminal: Terminal) -> list[Decision] | int:
    """What is approved; the exit code where nothing is to be executed. Raises WrongAccount, ExchangeRefused, RecoveryError."""
    plan, console = looked.comparison.plan, terminal.console
    proposed = [verdict for verdict in plan.orphans if verdict.preselected]
    reads_only = bool(proposed) and exchange.read_permissions().read_only
    if wishes.dry_run:
        say(console, "Dry run: nothing was sent, nothing was written.")
        say_next(console, _after_looking(looked, key_reads_only=reads_only))
        return 0
    if looked.settled and not wishes.save:
        _say_settled(console)
        say_next(console, looked.place.start)
        return 0
    if reads_only:
        proposed = _cannot_be_cancelled(proposed, console, cancel_own=wishes.cancel_own)
    decisions = _decide(looked.place, plan, proposed, wishes, terminal)
    confirmed = decisions is not None and account_confirmed(plan, wishes, console, terminal.type_in)
    if decisions is None or not confirmed:
        console.print("Nothing was sent, nothing was written.")
        say_next(console, after_no(looked.place))
        return 1
    return decisions


def _after_looking(looked: _Looked, *, key_reads_only: bool) -> str:
    return after_comparison(
        looked.comparison.plan,
        looked.place,
        looked.presence,
        interrupted=looked.interrupted,
        settled=looked.settled,
        key_reads_only=key_reads_only,
    )


def _execute(
    recovery: OperatorRecovery, looked: _Looked, decisions: list[Decision], console: Console
) -> RecoveryReport:
    """Carry out what was approved; who came here confirmed the account, where anybody doubts it."""
    with executing(console, looked.place.command("recover", "--resume")) as (step, stopped):
        return recovery.execute(
            looked.comparison,
            decisions,
            plan_id=looked.comparison.plan.id,
            step=step,
            stopped=stopped,
            account_confirmed=True,
        )


def _opened(manifest: StoreManifest, clock: Clock) -> CcxtExchange:
    try:
        return open_store_exchange(manifest, os.environ, clock=clock)
    except ConfigError as error:
        not_asked(error)
        raise


def _resume(recovery: OperatorRecovery, console: Console, step: Step, stopped: Callable[[], bool]) -> RecoveryReport:
    interrupted = recovery.interrupted()
    if interrupted is None:
        raise RecoveryError("no recovery of this store was interrupted; leave --resume out to begin one")
    say(console, f"Going on with the recovery that {_begun(interrupted)}\n")
    return recovery.resume(interrupted, step=step, stopped=stopped)


def _unfinished(recovery: OperatorRecovery, place: Place) -> tuple[bool | None, str]:
    """Whether a recovery was interrupted, None where that cannot be told, and what there is to say of it."""
    try:
        interrupted = recovery.interrupted()
    except (RecoveryError, StorageError) as error:
        return None, f"! Whether a recovery was interrupted cannot be told: {error}"
    if interrupted is None:
        return False, ""
    return True, (
        f"! The recovery that {_begun(interrupted)} was not finished. To go on with what was decided then: "
        f"`{place.command('recover', '--resume')}`"
    )


def _can_go_on(recovery: OperatorRecovery) -> bool:
    """Whether what was begun can be gone on with."""
    try:
        return recovery.interrupted() is not None
    except (RecoveryError, StorageError):
        return False


def _begun(interrupted: InterruptedPlan) -> str:
    done, decided = interrupted.carried_out, len(interrupted.decisions)
    unknown = f", unknown: {interrupted.unknown}" if interrupted.unknown else ""
    return f"{interrupted.who} began at {utc_text(interrupted.begun_at)} (orders done: {done} of {decided}{unknown})"


def _say_settled(console: Console) -> None:
    say(
        console,
        "✓ Nothing is to be done: the last known state is what the exchange holds. Nothing was sent, nothing was written; the "
        "bot can be started. To save a checkpoint all the same, give --save",
    )


def _show(looked: _Looked, console: Console, now_ns: int) -> None:
    """The answer first, then what it rests on."""
    comparison, plan = looked.comparison, looked.comparison.plan
    say(console, answer(looked.presence, looked.last_sign, now_ns, comparison))
    say(console, verdict_line(plan))
    for line in situation_lines(looked.place.manifest, looked.presence):
        say(console, line)
    for line in (looked.unfinished, *skipped_lines(comparison.skipped)):
        if line:
            say(console, line)
    mode = f", {plan.mode.value} account" if plan.mode else ""
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


def _say_what_is_not_proposed(plan: Plan, place: Place, console: Console) -> None:
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
        f"To cancel, adopt or leave each of them by its evidence, open the store in the desk: `{place.command('desk')}`",
    )


def _cannot_be_cancelled(proposed: Sequence[OrderVerdict], console: Console, *, cancel_own: bool) -> list[OrderVerdict]:
    """What is left to propose with a key that is known to read only: nothing. Raises ExchangeRefused for `cancel_own`."""
    orders = "1 proposed order" if len(proposed) == 1 else f"{len(proposed)} proposed orders"
    if cancel_own:
        raise error_of(Trouble(kind=TroubleKind.PERMISSION), f"nothing was sent: {orders} cannot be cancelled")
    say(console, f"! The account's key can only read, so {orders} cannot be cancelled with it and would stay open.")
    return []


def _decide(
    place: Place, plan: Plan, chosen: Sequence[OrderVerdict], wishes: Wishes, terminal: Terminal
) -> list[Decision] | None:
    """What is approved of the `chosen` orders; None when the operator said no. Raises RecoveryError where nobody can."""
    if chosen:
        terminal.console.print("To be cancelled:")
        for verdict in chosen:
            money = notional_text(verdict)
            say(terminal.console, f"  {order_words(verdict.live, verdict.contract)}" + (f", {money}" if money else ""))
    _say_what_is_not_proposed(plan, place, terminal.console)
    if not (wishes.cancel_own or (wishes.save and not chosen)):
        if not sys.stdin.isatty():
            raise _nobody_to_ask(place, proposed=bool(chosen))
        if not terminal.ask(question(place.manifest, plan, chosen)):
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


def _nobody_to_ask(place: Place, *, proposed: bool) -> RecoveryError:
    """A yes is typed by somebody or given as an option; what comes through a pipe is neither."""
    option = "--cancel-own" if proposed else "--save"
    way = (
        "Look with --dry-run, then give --cancel-own to cancel exactly the orders that are proposed"
        if proposed
        else "No order is proposed for cancellation; look with --dry-run, then give --save to save the reconciled state"
    )
    error = RecoveryError(
        f"nobody can be asked: standard input is no terminal, and what is piped in is not taken for a yes. {way}"
    )
    error.add_note(f"{MEANS} Nothing was sent to the exchange and nothing was written.")
    error.add_note(f"{NEXT} {place.command('recover', option)}")
    return error
