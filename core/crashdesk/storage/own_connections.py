"""Which SQLite files this process has open: beside SQLite none of them may be looked at.

On Unix a process loses all its locks on a file as soon as it closes any descriptor of it (fcntl(2), "advisory record
locking"), the locks of SQLite's connections too. Another process could then cut off the log's index while it is mapped
here, which ends this process with SIGBUS, or write at the same time. SQLite keeps such a list of its own for the same reason.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The locks belong to the process, and so does this. Nobody connects while somebody looks.
_mutex = threading.RLock()
_connections: Counter[str] = Counter()


class OwnConnection(sqlite3.Connection):
    """A connection that counts from `connected` on until it is closed; one that is never closed counts for good."""

    counted_as = ""

    def close(self) -> None:
        """Close it, and let the file be looked at again."""
        super().close()
        name, self.counted_as = self.counted_as, ""
        with _mutex:
            if name:
                _connections[name] -= 1
            if not _connections[name]:
                del _connections[name]


def connected(path: Path, address: Path | str, **options: Any) -> sqlite3.Connection:
    """A connection to the SQLite file at `path` by its `address`, with the `options` of sqlite3.connect. Raises sqlite3.Error."""
    name = os.path.realpath(path)
    with _mutex:
        connection = sqlite3.connect(address, factory=OwnConnection, **options)
        connection.counted_as = name
        _connections[name] += 1
    return connection


@contextlib.contextmanager
def looking_at(path: Path) -> Iterator[bool]:
    """Whether the files of the SQLite file at `path` may be read: not while this process has it open, nor will it meanwhile."""
    with _mutex:
        yield os.path.realpath(path) not in _connections
