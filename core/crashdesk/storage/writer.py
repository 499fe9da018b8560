"""Opening the journal for writing, whatever state it is in."""

from __future__ import annotations

from pathlib import Path

from crashdesk.clock import Clock
from crashdesk.errors import StorageError
from crashdesk.storage.database import DatabaseDamaged, DatabaseUnusable
from crashdesk.storage.files import FileSystem
from crashdesk.storage.journal import JOURNAL_NAME, Journal
from crashdesk.storage.store import CORRUPT


def open_journal(directory: Path, clock: Clock, files: FileSystem) -> tuple[Journal, str]:
    """The journal, and what is wrong with its past (empty for nothing).

    A damaged one is moved to ``corrupt/`` and a new one begun: the checkpoints do not depend on it, but intents and
    decisions before are not known any more, which the second value says. Only for the lock's owner. Raises StorageError,
    also when the journal is in use or of a newer version: then it stays where it is.
    """
    try:
        return _readable_journal(directory, clock), ""
    except DatabaseDamaged as error:
        reason = str(error)
    stamp = clock.now_ns()
    try:
        files.make_directory(directory / CORRUPT)
        for suffix in ("", "-wal", "-shm"):
            path = directory / (JOURNAL_NAME + suffix)
            if path.exists():
                files.rename(path, directory / CORRUPT / f"{path.name}.{stamp}")
        files.sync_directory(directory)
    except OSError as error:
        raise StorageError(f"the damaged journal cannot be moved aside: {error.strerror or error}") from error
    return Journal(directory, clock), (
        f"the journal was damaged ({reason}) and moved to {CORRUPT}/; a new one was begun. Intents and decisions before now are "
        "not known: orders without the bot's prefix cannot be told apart"
    )


def _readable_journal(directory: Path, clock: Clock) -> Journal:
    journal = Journal(directory, clock)
    try:
        journal.view()
    except DatabaseUnusable:
        journal.close()
        raise
    return journal
