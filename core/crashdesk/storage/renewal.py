"""A new file in the place of a SQLite file that cannot be trusted any more: what can be read and checked goes along."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crashdesk.errors import StorageError
from crashdesk.storage.database import SQLITE_ERRORS, DatabaseUnusable, guarded, open_database, transaction
from crashdesk.storage.files import FileSystem, write_small_file

CORRUPT = "corrupt"
_SUFFIXES = ("", "-wal", "-shm")
# SQLite's complaint of a damaged schema repeats the whole of it.
_LONGEST_REASON = 120

Row = tuple[Any, ...]
# Raises ValueError, TypeError, LookupError, ArithmeticError or StorageError for a row that is not what was written.
Check = Callable[[Row], object]


class StopCopying(ValueError):
    """Raised by a check: neither this row nor any after it can be relied on."""


# Told what was left behind; returns the rows to add, by table.
Remarks = Callable[[list[str]], Mapping[str, Row]]


def build_copy(
    source: sqlite3.Connection | None,
    path: Path,
    *,
    schema: str,
    version: int,
    checks: Mapping[str, Check],
    remarks: Remarks,
    files: FileSystem,
) -> list[str]:
    """Copy every row that passes the check of its table to a new file beside `path`; returns what was left behind, in words.

    What `remarks` has to say of it is in the copy, too. The copy waits beside `path` until `put_in_place`; a crash in between
    loses nothing. Raises DatabaseUnusable.
    """
    copy = path.with_name(f"{path.name}-copy")
    lost: list[str] = []
    try:
        for suffix in _SUFFIXES:
            _beside(copy, suffix).unlink(missing_ok=True)
        with (
            contextlib.closing(
                open_database(copy, schema=schema, version=version, read_only=False, durable=True)
            ) as target,
            guarded(copy),
            transaction(target),
        ):
            for table, check in checks.items():
                lost += _copy_table(source, target, table, check) if source is not None else []
            if lost and not any(target.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in checks):
                lost = ["all of it"]
            for table, row in remarks(lost).items():
                _insert(target, table, row)
        if _beside(copy, "-wal").exists():
            raise DatabaseUnusable(f"the new {path.name} could not be completed")
        _flush(copy, files)
        files.rename(copy, _waiting(path))
        files.sync_directory(path.parent)
    except OSError as error:
        raise DatabaseUnusable(f"a new {path.name} cannot be written: {error.strerror or error}") from error
    return lost


def put_in_place(path: Path, stamp: int, files: FileSystem, reason: str) -> None:
    """Move what is at `path` to ``corrupt/``, with the reason, and the copy that waits into its place. Raises StorageError."""
    try:
        files.make_directory(path.parent / CORRUPT)
        write_small_file(files, path.parent / CORRUPT / f"{path.name}.{stamp}.reason.txt", reason.encode())
        # The log goes first: beside the new file it would be taken for the new file's.
        for suffix in reversed(_SUFFIXES):
            old = _beside(path, suffix)
            if old.exists():
                files.rename(old, path.parent / CORRUPT / f"{path.name}.{stamp}{suffix}")
        files.sync_directory(path.parent)
        files.rename(_waiting(path), path)
        files.sync_directory(path.parent)
    except OSError as error:
        raise StorageError(f"{path.name} cannot be replaced by its copy: {error.strerror or error}") from error


def finish(path: Path, stamp: int, files: FileSystem) -> None:
    """Complete a replacement that a crash interrupted. Raises StorageError."""
    if _waiting(path).exists():
        put_in_place(path, stamp, files, "it was being replaced when the process ended")


def _waiting(path: Path) -> Path:
    return path.with_name(f"{path.name}-next")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _flush(path: Path, files: FileSystem) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        files.sync(descriptor)
    finally:
        os.close(descriptor)


def _copy_table(source: sqlite3.Connection, target: sqlite3.Connection, table: str, check: Check) -> list[str]:
    kept = dropped = 0
    stopped = ""
    rows = _rows(source, table)
    try:
        for row in rows:
            try:
                check(row)
            except StopCopying as error:
                stopped = str(error)
                break
            except (ValueError, TypeError, LookupError, ArithmeticError, StorageError):
                dropped += 1
                continue
            _insert(target, table, row)
            kept += 1
    except _Unreadable as error:
        stopped = str(error)
    if stopped:
        return [f"{table}: {kept} could be kept, then {stopped}"]
    return [f"{table}: {dropped} of {dropped + kept} were damaged"] if dropped else []


def _insert(target: sqlite3.Connection, table: str, row: Row) -> None:
    marks = ",".join("?" * len(row))
    target.execute(f"INSERT OR REPLACE INTO {table} VALUES({marks})", row)


class _Unreadable(Exception):
    """Some of the source cannot be read."""


def _rows(source: sqlite3.Connection, table: str) -> Iterator[Row]:
    """The rows from the oldest on, and where one cannot be read, from the newest back to there. Raises _Unreadable after."""
    newest: int | None = None
    try:
        for number, *row in source.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid"):
            yield tuple(row)
            newest = number
    except SQLITE_ERRORS as error:
        with contextlib.suppress(*SQLITE_ERRORS):
            for number, *row in source.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid DESC"):
                if newest is not None and number <= newest:
                    break
                yield tuple(row)
        raise _Unreadable(" ".join(str(error).split())[:_LONGEST_REASON]) from error
