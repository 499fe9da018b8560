"""The desk's log on the disk: bounded, readable by its user alone, without secrets."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from crashdesk_gui.redaction import private_values, without_secrets

FILE_NAME = "desk.log"
MAX_BYTES = 1024 * 1024
BACKUPS = 3
_log = logging.getLogger(__name__)


def state_directory(environ: Mapping[str, str], platform: str, home: Path) -> Path:
    """Where this platform keeps logs and other state of an application; `platform` as `sys.platform`."""
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Crashdesk"
    if platform == "darwin":
        return home / "Library" / "Logs" / "Crashdesk"
    named = environ.get("XDG_STATE_HOME", "")
    # The specification of base directories wants a relative one ignored.
    base = Path(named) if named.startswith("/") else home / ".local" / "state"
    return base / "crashdesk"


def log_path() -> Path:
    """The log file of this user."""
    return state_directory(os.environ, sys.platform, Path.home()) / FILE_NAME


class DeskLog(RotatingFileHandler):
    """Writes records to a file of at most `MAX_BYTES`, with `BACKUPS` older ones beside it, secrets taken out.

    `values` are secrets that are known. Creates the directory, readable by its user alone; raises OSError when it cannot.
    """

    def __init__(self, path: Path, values: Sequence[str] = ()) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8", errors="backslashreplace")
        self._values = tuple(values)
        line = "%(asctime)s %(levelname)s [%(process)d %(threadName)s] %(name)s: %(message)s"
        self.setFormatter(logging.Formatter(line))

    def format(self, record: logging.LogRecord) -> str:
        """One record, its traceback included, without secrets."""
        return without_secrets(super().format(record), self._values)

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        if hasattr(os, "fchmod"):
            os.fchmod(stream.fileno(), 0o600)
        return stream

    def rotate(self, source: str, dest: str) -> None:
        """Move the full file aside; where another desk has it open and the system forbids it, go on in the same file."""
        try:
            super().rotate(source, dest)
        except PermissionError:
            self.maxBytes = 0

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - as in the base class
        """A full disk must not end or flood anything: write nothing more, and say so where it can still be read."""
        self.setLevel(logging.CRITICAL + 1)
        problem = sys.exc_info()[1]
        _log.warning("the log file %s cannot be written any more: %s", self.baseFilename, problem)


def start_log_file(path: Path, logger: logging.Logger, environ: Mapping[str, str]) -> DeskLog | None:
    """Let everything that `logger` is told go to this file; None, with a warning in the log, where there can be none."""
    try:
        handler = DeskLog(path, private_values(environ))
    except OSError as error:
        _log.warning("the desk keeps no log file: %s cannot be written: %s", path, error.strerror or error)
        return None
    logger.addHandler(handler)
    return handler


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of the file, at most 64 KiB of it; empty when it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 65536))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    return text.splitlines()[-count:]
