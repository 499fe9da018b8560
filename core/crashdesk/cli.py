"""The command line: ``crashdesk``, and the commands that look at a store, check it and recover from it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from crashdesk import __version__
from crashdesk.cli_desk import commands as desk_commands
from crashdesk.cli_desk import open_desk
from crashdesk.cli_errors import error_lines, system_error_lines
from crashdesk.cli_help import HELP_SETTINGS, CommandsInOrder, epilog
from crashdesk.cli_show import show_checkpoint, show_last_known
from crashdesk.cli_table import print_listing, say
from crashdesk.cli_text import (
    checkpoint_listing,
    counted,
    verification_lines,
)
from crashdesk.errors import ConfigError, CrashdeskError, DemoError, NotAStore, RecoveryError, StorageError
from crashdesk.inspection import FileDetails, StoreView
from crashdesk.patience import Patience
from crashdesk.repair import open_doubts, repair_store, settle_doubts
from crashdesk.report import utc_text
from crashdesk.storage.names import CheckpointInfo
from crashdesk.verification import verify_store

app = typer.Typer(
    cls=CommandsInOrder,
    add_completion=True,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=HELP_SETTINGS,
    help="The crash-recovery desk for trading bots. Without a command it opens the desk.",
    epilog=epilog(
        "A bot died, and its store is at STORE:",
        ("crashdesk desk STORE", "see what happened, decide, recover"),
        ("crashdesk verify STORE", "is the store intact?"),
        ("crashdesk recover STORE --dry-run", "compare with the exchange only"),
        ("crashdesk recover STORE", "recover in the terminal; it asks first"),
        ("crashdesk demo", "practise without a real account"),
    ),
)
app.add_typer(desk_commands)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

StoreArgument = Annotated[
    Path,
    # Whether it can be read, StoreView says better.
    typer.Argument(
        metavar="STORE",
        help="The directory that the bot's RecoveryConfig names as checkpoint_dir.",
        readable=False,
        show_default=False,
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        console.print(f"crashdesk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def without_command(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Open the desk when no command is given."""
    if context.invoked_subcommand is None:
        raise typer.Exit(open_desk([]))


@app.command(
    "list",
    epilog=epilog(
        "For example:",
        ("crashdesk list STORE --limit 100", "the newest hundred"),
        ended={0: "listed, intact or not (`crashdesk verify` tells by its exit code)"},
    ),
)
def list_checkpoints(
    store: StoreArgument,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many, newest first.")] = 20,
) -> None:
    """List a store's checkpoints, newest first."""
    with StoreView(store) as view:
        _print_heading(view)
        checkpoints = view.checkpoints()
        rows: list[tuple[CheckpointInfo, FileDetails | None, str]] = []
        for info in reversed(checkpoints[-limit:]):
            try:
                details = view.details(info)
            except StorageError as error:
                rows.append((info, None, str(error)))
            else:
                rows.append((info, details, details.problem))
        if rows:
            print_listing(console, checkpoint_listing(rows, view.causes()))
        hidden = len(checkpoints) - len(rows)
        older = f", {hidden} older not shown (--limit)" if hidden > 0 else ""
        console.print(counted(len(checkpoints), "checkpoint") + older)
        for name, reason in view.corrupt_files():
            say(console, f"✕ moved aside: {name}: {reason}")
        if problem := view.journal_problem():
            say(console, f"! {problem}. `crashdesk verify` says what to do")
        if bad := sum(details is None or details.state is None for _, details, _ in rows):
            say(console, f"! {counted(bad, 'checkpoint')} cannot be used: `crashdesk verify` says what to do")


def _print_heading(view: StoreView) -> None:
    manifest = view.manifest
    presence = view.presence()
    holder = presence.holder if presence.running else None
    where_from = f" (process {holder.pid} on {holder.host})" if holder else ""
    if presence.bot_runs:
        bot = f"running{where_from}"
    else:
        held = f"; held by {holder.purpose}{where_from}" if holder else ""
        bot = f"not running{held}; last sign of life {utc_text(view.last_sign_of_life())}"
    told = (manifest.exchange, manifest.account, manifest.mode.value) if manifest else ("no store.toml",)
    say(console, " · ".join(each for each in (view.name, *told, bot) if each) + "\n")


@app.command(
    short_help="Show the last known state, or one checkpoint.",
    epilog=epilog(
        "For example:",
        ("crashdesk show STORE", "as it was known, before any comparison"),
        ("crashdesk show STORE --checkpoint 12", "one file, and the changes after it"),
        ("crashdesk show STORE --json", "the same for another program"),
        ended={0: "shown; lines with ! say what is in doubt", 1: "it is damaged, or nothing can be read"},
    ),
)
def show(
    store: StoreArgument,
    checkpoint: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="The sequence number; by default the last known state, with the journal's changes."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show the last known state, with which a recovery begins, or what one checkpoint holds and what came after it."""
    if checkpoint is None:
        whole = show_last_known(console, store, as_json=json)
    else:
        whole = show_checkpoint(console, store, checkpoint, as_json=json)
    if not whole:
        raise typer.Exit(1)


@app.command(
    short_help="Check that a store is intact.",
    epilog=epilog(
        "For example:",
        ("crashdesk verify STORE", "says what is wrong and what to do"),
        ("crashdesk verify --repair STORE", "with the bot stopped; loses nothing"),
        ended={1: "something is wrong: the lines with ✕ say what"},
    ),
)
def verify(
    store: StoreArgument,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="First put in order what can be without losing anything; not while the bot runs."
        ),
    ] = False,
) -> None:
    """Check checkpoints (by two CRC implementations), journal, audit log, history and permissions."""
    if repair:
        for line in repair_store(store):
            say(console, f"· {line}")
    with StoreView(store) as view:
        result = verify_store(view)
    for line in verification_lines(result):
        say(console, line)
    raise typer.Exit(0 if result.ok else 1)


@app.command(
    short_help="Print who decided what, why, and what came of it.",
    epilog=epilog(
        "For example:",
        ("crashdesk audit STORE", "the whole log, the newest entry last"),
        ("crashdesk audit STORE --order 8001", "what was done about one order"),
        ("crashdesk audit STORE --csv", "the fields that the desk exports"),
        ended={0: "printed, and nobody changed or deleted an entry", 1: "the chain is broken, or cannot be read"},
    ),
)
def audit(
    store: StoreArgument,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="From then on, in UTC: 2026-11-24T01:38:28.")
    ] = None,
    order: Annotated[
        str | None, typer.Option(metavar="ID", help="Only what is about this order, by its id there.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV.")] = False,
) -> None:
    """Print the audit log, the newest entry last, and say whether its chain of hashes is unbroken; also while the bot runs."""
    from crashdesk.cli_audit import AuditForm, print_audit

    if json and csv:
        raise ConfigError("--json and --csv exclude each other")
    form = AuditForm.JSON if json else AuditForm.CSV if csv else AuditForm.TABLE
    if not print_audit(store, form, since=since, order=order, console=console, errors=errors):
        raise typer.Exit(1)


@app.command(
    short_help="Say that you looked at every order after a lost journal.",
    epilog=epilog(
        "For example:",
        ("crashdesk settle STORE", "says what is in doubt, and asks"),
        ended={1: "something is in doubt, and nobody said yes"},
    ),
)
def settle(
    store: StoreArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Say that you have looked at every open order after the journal was lost or damaged.

    Until then no order of the account is cancelled unattended. A recovery settles it by itself.
    """
    doubts = open_doubts(store)
    if not doubts:
        console.print("✓ nothing is in doubt")
        return
    for text in doubts:
        say(console, f"! {text}")
    if not (yes or sys.stdin.isatty()):
        raise RecoveryError("nobody can be asked: standard input is no terminal; look at every order, then give --yes")
    if not (yes or _ask("Have you looked at every open order of the account?")):
        raise typer.Exit(1)
    from crashdesk.cli_recover import operator_name

    settle_doubts(store, who=operator_name())
    console.print("✓ settled; the bot's next start says nothing of it any more")


@app.command(
    short_help="Compare with the exchange, cancel what you approve, save.",
    epilog=epilog(
        "For example:",
        ("crashdesk recover STORE --dry-run", "compare only; nothing is written"),
        ("crashdesk recover STORE", "names each order to cancel, and asks"),
        ("crashdesk recover STORE --report DIR", "and writes down what happened"),
        ("crashdesk recover STORE --resume", "go on with an interrupted recovery"),
        ended={
            0: "recovered, or nothing was to be done; --dry-run: compared",
            1: "not recovered, or an order could not be handled: it says which",
        },
        more=(
            "Keys: CRASHDESK_<EXCHANGE>_API_KEY and CRASHDESK_<EXCHANGE>_SECRET",
            "in the environment, or from the system's keyring; a message names",
            "what else an exchange wants.",
        ),
    ),
)
def recover(
    store: StoreArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only compare and show; nothing is sent or written.")
    ] = False,
    checkpoint: Annotated[
        int | None,
        typer.Option(metavar="N", help="Recover from this sequence number instead of the newest valid one."),
    ] = None,
    cancel_own: Annotated[
        bool,
        typer.Option(
            "--cancel-own", help="Do not ask: cancel the proposed orders (the bot's own, protecting nothing)."
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the recovery that was interrupted, as it was decided then.")
    ] = False,
    save: Annotated[
        bool,
        typer.Option("--save", help="Save a checkpoint though nothing differs; do not ask where nothing is cancelled."),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the report there: .md or .html, or a directory."),
    ] = None,
    proof_seconds: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0,
            max=3600,
            help="How long a cancelled order is read again until it is seen closed, else left as unknown.",
        ),
    ] = Patience().proof_s,
    pause_seconds: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0,
            max=86400,
            help="The longest pause to make when the exchange's rate limit asks for one; a longer one stops.",
        ),
    ] = Patience().pause_s,
) -> None:
    """Compare a store with its exchange, cancel what is approved, and save the reconciled state for the bot's next start."""
    from crashdesk.cli_recover import Terminal, Wishes, recover_store

    if resume and (dry_run or cancel_own or save or checkpoint is not None):
        raise ConfigError(
            "--resume goes on with what was decided: it takes neither --dry-run, --cancel-own, --save nor --checkpoint"
        )
    if dry_run and (save or report is not None):
        raise ConfigError("--dry-run writes nothing: it takes neither --save nor --report")
    code = recover_store(
        store,
        Wishes(seq=checkpoint, dry_run=dry_run, cancel_own=cancel_own, resume=resume, save=save, report=report),
        Terminal(console=console, ask=_ask),
        patience=Patience(proof_s=proof_seconds, pause_s=pause_seconds),
    )
    raise typer.Exit(code)


def _ask(question: str) -> bool:
    """Yes or no; who ends the input says no."""
    try:
        return typer.confirm(question, default=False)
    except typer.Abort:
        console.print()
        return False


def main() -> None:
    """The entry point: our errors become lines on standard error, exit code 2 for usage and 1 for failure."""
    try:
        app()
    except DemoError as error:
        errors.print(f"crashdesk: the demonstration stopped: {error}", markup=False)
        sys.exit(1)
    except CrashdeskError as error:
        first, *more = error_lines(error)
        errors.print("\n  ".join((f"crashdesk: {first}", *more)), markup=False)
        sys.exit(2 if isinstance(error, NotAStore | ConfigError) else 1)
    except OSError as error:
        errors.print("\n  ".join(system_error_lines(error)), markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        errors.print("crashdesk: stopped")
        sys.exit(1)


if __name__ == "__main__":
    main()
