"""A note beside a journal that is in use: a log that is gone was there. SQLite would begin with an empty one in silence."""

from __future__ import annotations

import contextlib
from pathlib import Path

from crashdesk.storage.files import FileSystem, write_small_file
from crashdesk.storage.wal import SHORT_LOG, holds_a_commit, is_cut_off, log_size

UNCERTAIN = (
    "Intents and decisions before now may not be known: orders without the bot's prefix cannot be told apart, and until an "
    "operator has looked at every order none is cancelled unattended"
)
_TEXT = (
    "The journal beside this file is in use, or was when its process was killed: what is in journal.sqlite-wal is part of it. "
    "Crashdesk removes this file when it closes the journal.\n"
)


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}-used")


def is_noted(path: Path) -> bool:
    """Whether the journal at `path` is in use, or its last use did not end in an orderly close."""
    return _note(path).exists()


def note_use(path: Path, files: FileSystem) -> None:
    """Note that the journal is in use; only when its log is there and holds a commit. Raises OSError."""
    if not is_noted(path):
        write_small_file(files, _note(path), _TEXT.encode())


def note_end(path: Path, files: FileSystem) -> None:
    """Take the note away: the main file has everything. One that cannot be removed makes the next start doubt too much."""
    with contextlib.suppress(OSError):
        files.remove(_note(path))
        # Before SQLite deletes the log: a power cut must not turn the two around.
        files.sync_directory(path.parent)


def lost_log(path: Path) -> str:
    """What is to be said when the log that was beside the journal is gone or shorter than it was; empty for nothing.

    Also beside a running bot. Raises StorageError.
    """
    # In this order: an orderly close removes the note before the log.
    gone = is_noted(path) and not holds_a_commit(log_size(path)) and is_noted(path)
    return f"{SHORT_LOG}. {UNCERTAIN}" if gone or is_cut_off(path) else ""
