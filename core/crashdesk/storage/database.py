"""Opening SQLite files so that the rest of the store meets only our errors."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from crashdesk.errors import StorageError


class DatabaseUnusable(StorageError):
    """A SQLite file is damaged, of another version, or cannot be reached."""


def open_database(path: Path, *, schema: str, version: int, read_only: bool, durable: bool) -> sqlite3.Connection:
    """A connection in WAL mode, the schema in place; `durable` flushes every commit to the device.

    A read-only connection never creates the file. Raises DatabaseUnusable.
    """
    try:
        if read_only:
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=5
            )
        else:
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            connection = sqlite3.connect(path, check_same_thread=False, timeout=5, isolation_level=None)
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnusable(f"{path.name} cannot be opened: {error}") from error
    try:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > version:
            raise DatabaseUnusable(
                f"{path.name} was written by a newer version of Crashdesk; update Crashdesk to read it"
            )
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            if found < version:
                connection.executescript(f"BEGIN;{schema};PRAGMA user_version={version};COMMIT;")
        elif found < version:
            raise DatabaseUnusable(f"{path.name} is empty")
    except sqlite3.Error as error:
        connection.close()
        raise DatabaseUnusable(f"{path.name} is damaged or unreachable: {error}") from error
    except DatabaseUnusable:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into DatabaseUnusable."""
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{path.name}: {error}") from error
