"""A recovery's report as a file: its name, and whether it can be written, asked before anything is sent."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from crashdesk.errors import ConfigError
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report import report_html, report_markdown
from crashdesk.report_words import moment_of

_WRITERS = {".md": report_markdown, ".html": report_html}


def report_name(report: RecoveryReport) -> str:
    """`recovery-grid-mm-2026-11-23T1357Z-6ce0a4f2d1b35a90`, without a suffix: bot, end in UTC, and plan."""
    ended = moment_of(report.finished_at)
    told = (report.bot, "" if ended is None else f"{ended:%Y-%m-%dT%H%MZ}", report.plan.id)
    return "-".join(("recovery", *(_plain(each) for each in told if each)))


def check_report_path(path: Path) -> None:
    """Raises ConfigError when no report can be written there. A directory is fine: the report gets its own name there."""
    if path.is_dir():
        directory = path
    elif path.suffix.lower() not in _WRITERS:
        raise ConfigError(f"--report {path}: the name has to end in .md or .html, or be a directory; nothing was sent")
    elif path.exists():
        raise ConfigError(f"--report {path}: there is such a file already; give another name. Nothing was sent")
    else:
        directory = path.parent
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


def write_report(report: RecoveryReport, path: Path) -> Path:
    """Write the report, whole or not at all; returns where it is. Raises OSError."""
    target = path / f"{report_name(report)}.md" if path.is_dir() else path
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(_WRITERS[target.suffix.lower()](report), encoding="utf-8")
        part.replace(target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def _plain(text: str) -> str:
    return "".join(each if each.isalnum() or each in "-_." else "-" for each in text).strip("-.")
