"""Opening SQLite files so that the rest of the store meets only our errors."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crashdesk.errors import StorageError
from crashdesk.storage.own_connections import connected, looking_at
from crashdesk.storage.wal import is_cut_off

BUSY_SECONDS = 5.0
# Where a damaged file garbles the text of an error, Python fails to decode it.
SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
# The version stands a second time behind these letters: one flipped bit must not look like a newer version.
_APPLICATION = int.from_bytes(b"ZQ\0\0", "big")
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class DatabaseUnusable(StorageError):
    """A SQLite file is in use, of a newer version, missing or damaged."""


class DatabaseDamaged(DatabaseUnusable):
    """A SQLite file is there and does not hold what it should; waiting or updating will not help."""


class DatabaseNewer(DatabaseUnusable):
    """A SQLite file was written by a newer version of Crashdesk; it is not damaged."""


class DatabaseUnreliable(DatabaseUnusable):
    """The device failed under a SQLite file: what was written last may be lost though it can be read."""


def open_database(path: Path, *, schema: str, version: int, read_only: bool, durable: bool) -> sqlite3.Connection:
    """A connection in WAL mode, the schema in place; `durable` flushes every commit to the device.

    A read-only connection creates no file; while nobody writes, it shows the file as it was when it was opened.
    Raises DatabaseDamaged, DatabaseUnusable.
    """
    try:
        # In this order: who creates the file has it in place before SQLite makes the log beside it.
        if _log(path).exists() and not path.exists():
            raise DatabaseDamaged(f"{path.name} is missing, while its log {_log(path).name} is there")
        if not read_only and not path.exists():
            _create(path, schema, version)
        if path.stat().st_size == 0:
            # SQLite would take it for a new one and delete the log, which may still hold everything.
            raise DatabaseDamaged(f"{path.name} is empty: it was cut off")
        connection = _reading(path) if read_only else _connect(path)
    except OSError as error:
        raise DatabaseUnusable(f"{path.name} cannot be opened: {error.strerror or error}") from error
    except SQLITE_ERRORS as error:
        raise _problem(path, error) from error
    try:
        told_twice = _check_version(path, connection, version)
        if not read_only:
            connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            # fsync on macOS stops at the drive's cache; without effect elsewhere.
            connection.execute(f"PRAGMA fullfsync={'ON' if durable else 'OFF'}")
            if not told_twice:
                connection.execute(f"PRAGMA application_id={_APPLICATION + version}")
    except SQLITE_ERRORS as error:
        connection.close()
        raise _problem(path, error) from error
    except DatabaseUnusable:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into DatabaseUnusable, or DatabaseDamaged where they say that the file is."""
    try:
        yield
    except SQLITE_ERRORS as error:
        raise _problem(path, error) from error


@contextlib.contextmanager
def interpreting(path: Path) -> Iterator[None]:
    """Turns the errors of making records from rows into DatabaseDamaged."""
    try:
        yield
    except (ValueError, TypeError, ArithmeticError) as error:  # msgspec's and decimal's are among them
        raise DatabaseDamaged(f"{path.name} holds an entry that cannot be read: {error}") from None


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commits all that the block did, or nothing of it. Raises sqlite3.Error and what the block raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _connect(path: Path, *, address: str = "") -> sqlite3.Connection:
    return connected(
        path, address or path, uri=bool(address), check_same_thread=False, timeout=BUSY_SECONDS, isolation_level=None
    )


def _create(path: Path, schema: str, version: int) -> None:
    """Build the database aside and put it in place whole, so that a file without content is always a damaged one."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as workshop:
        new = Path(workshop) / path.name
        os.close(os.open(new, os.O_CREAT | os.O_WRONLY, 0o600))
        connection = _connect(new)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            versions = f"PRAGMA user_version={version};PRAGMA application_id={_APPLICATION + version}"
            connection.executescript(f"BEGIN;{schema};{versions};COMMIT;")
        finally:
            connection.close()
        try:
            os.link(new, path)
        except FileExistsError:
            return  # another process was faster
        except OSError:
            os.rename(new, path)  # a file system without hard links


def _reading(path: Path) -> sqlite3.Connection:
    address = path.absolute().as_uri()
    if not _log(path).exists():
        # Nobody has it open. A plain read-only connection would create the log and its index.
        return _connect(path, address=f"{address}?mode=ro&immutable=1")
    index = path.with_name(path.name + "-shm")
    # Of a log that was cut off the index is the witness, and SQLite would write it anew.
    if index.exists() and not is_cut_off(path):
        return _connect(path, address=f"{address}?mode=ro")
    with looking_at(path) as allowed:
        return _copied_to_memory(path) if allowed else _connect(path, address=f"{address}?mode=ro")


def _copied_to_memory(path: Path) -> sqlite3.Connection:
    """A file with a log but without the log's index, as a copied store has it: SQLite would create the index."""
    with tempfile.TemporaryDirectory() as directory:
        for source in (path, _log(path)):
            shutil.copyfile(source, Path(directory) / source.name)
        memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        copy = sqlite3.connect(Path(directory) / path.name)
        try:
            copy.backup(memory)
        finally:
            copy.close()
    memory.execute("PRAGMA query_only=ON")
    return memory


def _check_version(path: Path, connection: sqlite3.Connection, version: int) -> bool:
    """Whether the version stands in both its places, as it does in every file but those of the first releases.

    Raises DatabaseNewer for a newer version, DatabaseDamaged where the two places do not say the same.
    """
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != _APPLICATION + found and (application != 0 or found > version):
        raise DatabaseDamaged(f"{path.name} is damaged: the two places of its version say {found} and {application}")
    if found > version:
        raise DatabaseNewer(f"{path.name} was written by a newer version of Crashdesk; update Crashdesk to read it")
    if found < version:
        raise DatabaseDamaged(f"{path.name} holds nothing of Crashdesk's")
    return bool(application)


def _problem(path: Path, error: Exception) -> DatabaseUnusable:
    code = getattr(error, "sqlite_errorcode", None)
    # Text that is not UTF-8 is the one operational error that comes without a code, and a damaged byte of the header has one
    # that says nothing.
    damaged = (
        isinstance(error, UnicodeDecodeError)
        or (code is None and isinstance(error, sqlite3.OperationalError))
        or "unsupported file format" in str(error)
    )
    if damaged or (code is not None and code & 0xFF in _DAMAGE):
        return DatabaseDamaged(f"{path.name} is damaged: {error}")
    if code is not None and code & 0xFF == sqlite3.SQLITE_IOERR:
        return DatabaseUnreliable(f"the disk failed under {path.name}: {error}")
    return DatabaseUnusable(f"{path.name} cannot be used: {error}")
