"""Saying of a failure that the disk is full where that is the reason: SQLite and the system have many names for it."""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from crashdesk.errors import AccountInUse, DiskFull, StorageError, StoreLocked

# A journal, its log and the log's index when they are new.
_ROOM = 256 << 10


@contextlib.contextmanager
def naming_a_full_disk(directory: Path) -> Iterator[None]:
    """Turns a StorageError of the block into DiskFull when there is no room left on the disk of `directory`."""
    try:
        yield
    except (StoreLocked, AccountInUse):
        raise
    except StorageError as error:
        if not (_says_full(error) or _is_full(directory)):
            raise
        raise DiskFull(
            f"the disk of {directory} is full: the bot was not started, because nothing that it does could be recorded. Nothing "
            f"that was stored is lost; free some space (10 MB at least), then start it again ({error})"
        ) from error


def _says_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        error = error.__cause__
    return False


def _is_full(directory: Path) -> bool:
    try:
        return shutil.disk_usage(directory).free < _ROOM
    except OSError:
        return False  # the first error says what is wrong
