"""A recovery's report as a file: its name, and whether it can be written, asked before anything is sent."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import msgspec

from crashdesk.errors import ConfigError, StorageError
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report import report_html, report_markdown
from crashdesk.report_words import moment_of

_WRITERS = {".md": report_markdown, ".html": report_html}


def report_name(report: RecoveryReport) -> str:
    """`recovery-grid-mm-2026-11-23T1357Z-6ce0a4f2d1b35a90`, without a suffix: bot, end in UTC, and plan."""
    ended = moment_of(report.finished_at)
    told = (report.bot, "" if ended is None else f"{ended:%Y-%m-%dT%H%MZ}", report.plan.id)
    return "-".join(("recovery", *(_plain(each) for each in told if each)))


class ReportTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where a report goes: the file `path`, or a file with the report's own name in that directory."""

    path: Path
    is_directory: bool


def report_target(path: Path) -> ReportTarget:
    """What an operator means by this path, settled before anything is sent. Raises ConfigError when it cannot be written."""
    target = ReportTarget(path=path, is_directory=path.is_dir())
    if not target.is_directory:
        if path.suffix.lower() not in _WRITERS:
            raise ConfigError(
                f"--report {path}: the name has to end in .md or .html, or be a directory; nothing was sent"
            )
        if path.exists():
            raise ConfigError(f"--report {path}: there is such a file already; give another name. Nothing was sent")
    directory = path if target.is_directory else path.parent
    probe = directory / f".crashdesk-report.{os.getpid()}.part"
    try:
        probe.touch(exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"--report {path}: {directory} cannot be written ({error.strerror or error}); nothing was sent"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    return target


def write_report(report: RecoveryReport, target: ReportTarget) -> Path:
    """Write the report, whole or not at all; returns where it is. Raises StorageError."""
    path = target.path / f"{report_name(report)}.md" if target.is_directory else target.path
    text = _WRITERS[path.suffix.lower()](report)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # A file name in it may be of bytes that are no text.
        part.write_text(text, encoding="utf-8", errors="backslashreplace")
        part.replace(path)
    except OSError as error:
        raise StorageError(
            f"The report could not be written to {target.path}: {error.strerror or error}. What was done stays done, "
            "and the audit log has it: `crashdesk desk`, page Activity"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def _plain(text: str) -> str:
    return "".join(each if each.isalnum() or each in "-_." else "-" for each in text).strip("-.")
