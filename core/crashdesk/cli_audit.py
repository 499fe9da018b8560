"""``crashdesk audit``: who decided what, on what evidence, what came of it, and whether the log is whole."""

from __future__ import annotations

import contextlib
import enum
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.audit_export import about, audit_csv, audit_json, moment_ns
from crashdesk.cli_errors import MEANS
from crashdesk.cli_next import name_next_step, typed
from crashdesk.cli_table import Column, Listing, Row, print_listing, say
from crashdesk.errors import ConfigError
from crashdesk.findings import Finding
from crashdesk.inspection import StoreView
from crashdesk.report_words import utc_text
from crashdesk.restored import nothing_restored
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.verification_journal import check_audit, doubts

_HEADINGS = ("TIME (UTC)", "WHO", "KIND", "DECISION", "OUTCOME", "ORDER")


class AuditForm(enum.Enum):
    """How the log is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def print_audit(
    directory: Path, form: AuditForm, *, since: str | None, order: str | None, console: Console, errors: Console
) -> bool:
    """Print the log, the newest entry last; whether its chain is whole. For another program what is wrong goes to `errors`.

    Raises NotAStore, ConfigError for a `since` that is no time, DatabaseUnusable for a log that cannot be read.
    """
    start = _start(since)
    with StoreView(directory) as view:
        if not (directory / JOURNAL_NAME).exists():
            return _without_log(view, form, console, errors)
        entries, findings = _read(view)
    chosen = [each for each in entries if (start is None or each.at >= start) and (order is None or about(each, order))]
    if form is AuditForm.TABLE:
        if chosen:
            print_listing(console, _listing(chosen))
            console.print()
    else:
        _write(chosen, form)
    to = console if form is AuditForm.TABLE else errors
    for line in _verdict(len(chosen), len(entries), findings, directory):
        if findings or form is AuditForm.TABLE:
            say(to, line)
    return not findings


def _start(since: str | None) -> int | None:
    if since is None:
        return None
    try:
        return moment_ns(since)
    except ValueError:
        raise ConfigError(
            f"--since {since}: give a date or a time of UTC, as 2026-11-24 or 2026-11-24T01:38:28"
        ) from None


def _read(view: StoreView) -> tuple[list[AuditEntry], list[Finding]]:
    try:
        with contextlib.closing(Journal(view.directory, view.clock, read_only=True)) as journal:
            written = journal.entries_written()
            entries = journal.entries()
            return entries, [*check_audit(entries, written), *doubts(journal)]
    except DatabaseUnusable as error:
        error.add_note(
            f"{MEANS} The audit log cannot be read, so who decided what is not known. The checkpoints are not affected."
        )
        name_next_step(error, view.directory)
        raise


def _without_log(view: StoreView, form: AuditForm, console: Console, errors: Console) -> bool:
    """A store whose journal is not there has lost its log, unless it holds nothing at all."""
    lost = bool(view.checkpoints())
    if form is not AuditForm.TABLE:
        _write([], form)
    if lost:
        say(errors, f"✕ {JOURNAL_NAME} is missing, and the audit log with it: who decided what before is not known.")
        say(errors, f"Next: {typed('verify', view.directory)}")
    elif form is AuditForm.TABLE:
        say(console, "✓ Nothing was logged yet.")
    return not lost


def _write(entries: Sequence[AuditEntry], form: AuditForm) -> None:
    sys.stdout.write(audit_json(entries) if form is AuditForm.JSON else audit_csv(entries))


def _verdict(shown: int, total: int, findings: Sequence[Finding], directory: Path) -> list[str]:
    part = "" if shown == total else f"; {shown} of them shown"
    if not findings:
        return [f"✓ {_entries(total)} in an unbroken chain{part}"]
    wrong = [f"✕ {each.subject}: {each.text}. To do: {each.advice}." for each in findings]
    return [
        *wrong,
        f"✕ The audit log is not to be relied on ({_entries(total)}{part})",
        f"Next: {typed('verify', directory)}",
    ]


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _listing(entries: Sequence[AuditEntry]) -> Listing:
    columns = (Column("NO.", right=True), *(Column(heading) for heading in _HEADINGS))
    return Listing(columns=columns, rows=tuple(Row(_cells(each), _note(each)) for each in entries))


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    begun = entry.kind is AuditKind.RECOVERY and nothing_restored(entry.text)
    moment = f"{utc_text(entry.at).removesuffix(' UTC')}.{entry.at // 1_000_000 % 1000:03d}"
    told = (entry.data.get(name, "") or "-" for name in ("action", "outcome"))
    return str(entry.seq), moment, entry.who, "start" if begun else entry.kind.value, *told, _order(entry)


def _order(entry: AuditEntry) -> str:
    symbol, _, number = entry.order_key.partition(":")[2].rpartition(":")
    return f"{symbol} {number}".strip() or entry.order_key or "-"


def _note(entry: AuditEntry) -> str:
    """What was done, and the evidence on which it was decided."""
    evidence = " ".join(line.partition(": ")[2] or line for line in entry.data.get("evidence", "").splitlines())
    return f"{entry.text}. {evidence}" if evidence else entry.text
