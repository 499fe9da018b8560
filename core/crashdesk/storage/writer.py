"""Opening the journal for writing, whatever state it is in."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crashdesk.clock import Clock
from crashdesk.errors import StorageError
from crashdesk.storage.database import SQLITE_ERRORS, DatabaseDamaged, DatabaseUnusable
from crashdesk.storage.files import FileSystem
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_copy import copy_journal
from crashdesk.storage.journal_note import UNCERTAIN, is_noted
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.own_connections import looking_at
from crashdesk.storage.renewal import CORRUPT, finish, put_in_place
from crashdesk.storage.wal import SHORT_LOG, holds_a_commit, read_index, read_log


def open_journal(directory: Path, clock: Clock, files: FileSystem, *, expected: bool) -> tuple[Journal, str]:
    """The journal, and what is wrong with its past (empty for nothing), which it remembers as a doubt.

    From a damaged one everything that can be read and passes its check goes into a new one; the damaged one is moved to
    ``corrupt/``. `expected` says that there must have been one: the store has checkpoints. Only for the lock's owner. Raises
    StorageError, also when the journal is in use or of a newer version: then it stays where it is.
    """
    path = directory / JOURNAL_NAME
    for unfinished in directory.glob(f".{JOURNAL_NAME}.*"):
        shutil.rmtree(unfinished, ignore_errors=True)  # where a process died that was making the file
    finish(path, clock.now_ns(), files)
    noted = is_noted(path)
    doubt = ""
    if (expected or noted) and not path.exists():
        doubt = f"the journal is missing; a new one was begun. {UNCERTAIN}"
    index, log = read_index(path), read_log(path)
    try:
        journal = _checked(directory, clock, files)
    except DatabaseDamaged as error:
        doubt = _rescue(path, clock, files, " ".join(str(error).split())[:200])
        journal, rescued = _checked(directory, clock, files), True
    else:
        rescued = False
    try:
        if not doubt:
            lost = journal.lost_log(log, index) or (SHORT_LOG if noted and not holds_a_commit(len(log)) else "")
            doubt = f"{lost}. {UNCERTAIN}" if lost else ""
        if doubt and not rescued:
            journal.doubt(doubt)
        journal.note_use()
    except StorageError:
        journal.close()
        raise
    return journal, doubt


def _checked(directory: Path, clock: Clock, files: FileSystem) -> Journal:
    journal = Journal(directory, clock, files=files)
    try:
        journal.check()
    except DatabaseUnusable:
        journal.close()
        raise
    return journal


def _rescue(path: Path, clock: Clock, files: FileSystem, damage: str) -> str:
    """Put a new journal in the place of a damaged one; returns its doubt. Raises StorageError."""
    doubts: list[str] = []

    def doubt(lost: str) -> str:
        doubts.append(
            f"the journal was damaged ({damage}) and moved to {CORRUPT}/; a new one was begun with what could be kept"
            f"{f' (not kept: {lost})' if lost else ''}. {UNCERTAIN}"
        )
        return doubts[0]

    try:
        with _duplicate(path) as source:
            copy_journal(source, path, files, now_ns=clock.now_ns(), doubt=doubt)
    except OSError as error:
        raise StorageError(f"the damaged journal cannot be read: {error.strerror or error}") from error
    put_in_place(path, clock.now_ns(), files, damage)
    return doubts[0]


@contextlib.contextmanager
def _duplicate(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection to a copy: opening the damaged file itself would change the evidence. None when there is only its log."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / path.name
        with looking_at(path) as allowed:
            if not allowed:
                raise DatabaseUnusable(f"the damaged {path.name} is just being read by this program too; try again")
            for suffix in ("", "-wal"):
                source = path.with_name(path.name + suffix)
                if source.exists():
                    shutil.copyfile(source, copy.with_name(source.name))
        if not copy.exists():
            yield None
            return
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            # One table whose description is damaged must not make the others unreadable.
            with contextlib.suppress(*SQLITE_ERRORS):
                connection.execute("PRAGMA writable_schema=ON")
            yield connection
