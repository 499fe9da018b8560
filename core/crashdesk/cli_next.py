"""The one next step that ``crashdesk recover`` names last: what to type, for every way it can end."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from crashdesk.cli_errors import NEXT
from crashdesk.config import StoreManifest
from crashdesk.errors import (
    CheckpointNotFound,
    ConfigError,
    CrashdeskError,
    ExchangeError,
    NotAStore,
    RecoveryError,
    StorageError,
    StoreLocked,
    WrongAccount,
)
from crashdesk.exchange.records import Coverage, ScopeStatus
from crashdesk.inspection import BotPresence
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.denied import denies_orders
from crashdesk.reconcile.records import Plan
from crashdesk.report_conclusion import Ending
from crashdesk.storage.database import DatabaseNewer


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Whose recovery it is: the store as it was named on the command line, and what its ``store.toml`` says."""

    directory: Path
    manifest: StoreManifest

    def command(self, words: str, *options: str) -> str:
        """`crashdesk recover STORE --dry-run`, as it can be typed."""
        return typed(words, self.directory, *options)

    @property
    def start(self) -> str:
        """How the bot is started again."""
        if self.manifest.demonstration:
            return self.command("demo --start-bot")
        return "start the bot as you always do"


def typed(words: str, directory: Path, *options: str) -> str:
    """A command on a store as a shell takes it, where this one was typed."""
    return " ".join((program(sys.argv[0], shutil.which("crashdesk")), words, shlex.quote(str(directory)), *options))


def program(called: str, found: str | None) -> str:
    """What to type for `crashdesk`: its name where the shell finds it by that, else the path by which it was `called`."""
    path = Path(called)
    by_name = path.stem != "crashdesk" or path.name == called or (found is not None and path.absolute() == Path(found))
    return "crashdesk" if by_name else shlex.quote(called)


def after_comparison(
    plan: Plan, place: Place, presence: BotPresence, *, interrupted: bool | None, settled: bool, key_reads_only: bool
) -> str:
    """What to type after a comparison that changed nothing; `interrupted` is None where that cannot be told.

    `settled` says that nothing differs, and nothing else is to be done; `key_reads_only` that the key cannot cancel what is
    proposed.
    """
    again = place.command("recover", "--dry-run")
    proposed = any(each.preselected for each in plan.orphans)
    in_the_desk = f"decide on each in the desk (without a screen, recover: they stay open): {place.command('desk')}"
    steps = (
        (presence.bot_runs and settled, f"nothing needs to be done while the bot runs; to look again: {again}"),
        (presence.running, f"{_let_go(presence)}, then type: {again}"),
        (interrupted, place.command("recover", "--resume")),
        (interrupted is None, place.command("verify")),
        (plan.denied, _look_at_the_account(plan, place, again)),
        (settled, place.start),
        (_may_be_read_later(plan.coverage), f"wait a minute, then type: {again}"),
        (key_reads_only, f"set a key that may trade, then type: {again}"),
        (plan.needs_decision and not proposed, in_the_desk),
    )
    return next((step for applies, step in steps if applies), place.command("recover"))


def _look_at_the_account(plan: Plan, place: Place, again: str) -> str:
    """Where positions alone are gone the keys may well be right: no trades told leave that in doubt for good."""
    keys = f"set the keys of the account that the store belongs to, then type: {again}"
    if denies_orders(plan):
        return keys
    return (
        f"{keys}; if they are set, and the positions were closed by hand, confirm that with: {place.command('recover')}"
    )


def _may_be_read_later(coverage: Coverage) -> bool:
    """Whether something was not read that the exchange can tell."""
    return any(each.status is not ScopeStatus.NOT_SUPPORTED for each in coverage.gaps())


def _let_go(presence: BotPresence) -> str:
    return "stop the bot" if presence.bot_runs else "let the other desk finish, or close it"


def after_no(place: Place) -> str:
    """What to type when the operator said no."""
    return f"leave the bot stopped; to decide again, type: {place.command('recover')}"


def after_recovery(report: RecoveryReport, place: Place, *, interrupted: bool) -> str:
    """What to type when a recovery has ended; `interrupted` says that it can be gone on with."""
    told = report.conclusion
    if told.ending is not Ending.SAVED:
        return place.command("recover", *(["--resume"] if interrupted else ["--dry-run"]))
    if told.not_handled or told.unknown or told.as_known:
        return f"leave the bot stopped, and type: {place.command('recover', '--dry-run')}"
    if told.clean:
        return place.start
    if told.uncovered:
        return f"place the missing stops on the exchange, unless the bot places its own; then {place.start}"
    return f"read the warnings above; then {place.start}"


def name_next_step(error: CrashdeskError, directory: Path) -> None:
    """Note on an error what to type when what it says was put right; an error that names a step already keeps it."""
    notes: Sequence[str] = getattr(error, "__notes__", ())
    if not any(note.startswith(NEXT) for note in notes):
        error.add_note(f"{NEXT} {_after_error(error, directory)}")


def _after_error(error: CrashdeskError, directory: Path) -> str:
    again = typed("recover", directory, "--dry-run")
    steps: tuple[tuple[type[CrashdeskError], str], ...] = (
        (NotAStore, "crashdesk recover STORE --dry-run, with STORE as the bot's checkpoint_dir"),
        (StoreLocked, f"stop the program that holds the store, then type: {again}"),
        (CheckpointNotFound, typed("list", directory)),
        (DatabaseNewer, f"update Crashdesk, then type: {again}"),
        (StorageError, typed("verify", directory)),
        (WrongAccount, f"set the keys of the account that the store belongs to, then type: {again}"),
        (ExchangeError, f"once that is put right, type: {again}"),
        (ConfigError, f"once that is put right, type: {again}"),
        (RecoveryError, again),
    )
    return next((step for kind, step in steps if isinstance(error, kind)), typed("verify", directory))
