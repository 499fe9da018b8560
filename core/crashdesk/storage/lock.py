"""One writer a store: an exclusive lock on a file, and a note that says who holds it."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from pathlib import Path

import filelock
import msgspec

from crashdesk.clock import Clock
from crashdesk.errors import StorageError, StoreLocked
from crashdesk.storage.files import FileSystem, HeldLock, write_small_file

LOCK_NAME = "LOCK"
HOLDER_NAME = "LOCK.holder"
_A_LOOK_S = 0.05
DESK, REPAIR, SETTLING = "the recovery desk", "repair", "settling"
"""What an operator holds a store for; every other purpose is a bot's name."""


class LockHolder(msgspec.Struct, frozen=True, kw_only=True):
    """Who took the lock last. Whether it is still held only the lock itself can tell."""

    pid: int
    host: str
    program: str
    purpose: str
    acquired_at: int
    released_at: int | None = None

    @property
    def by_hand(self) -> bool:
        """Whether it was an operator, and no bot."""
        return self.purpose in (DESK, REPAIR, SETTLING)


class StoreLock:
    """The store's exclusive lock, kept until `release` or the end of the process.

    The kernel frees it with the process, so a lock of a dead process is no lock; the holder note stays and tells who it was.
    """

    def __init__(self, directory: Path, files: FileSystem, clock: Clock) -> None:
        self._directory = directory
        self._files = files
        self._clock = clock
        self._lock: HeldLock | None = None
        self._holder: LockHolder | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock; a forked child does not hold its parent's."""
        return self._holder is not None and self._holder.pid == os.getpid()

    def acquire(self, purpose: str, timeout: float = 1.0) -> None:
        """Take the lock, waiting `timeout` real seconds at most (a desk may be probing it for a moment).

        Raises StoreLocked, naming the holder; StorageError when the lock file cannot be opened.
        """
        if self.held:
            return
        if self._holder is not None:  # it is the parent's, of which this process is a fork
            raise StoreLocked(describe_holder(self._directory, self._holder))
        try:
            lock = self._files.lock(self._directory / LOCK_NAME, timeout)
        except TimeoutError:
            raise StoreLocked(describe_holder(self._directory, read_holder(self._directory, self._files))) from None
        except OSError as error:
            raise StorageError(
                f"the lock of {self._directory} cannot be taken: {error.strerror or error}; nothing was written. Run this as "
                "the user that runs the bot, on the store itself and not on a copy that may only be read"
            ) from error
        holder = LockHolder(
            pid=os.getpid(),
            host=socket.gethostname(),
            program=Path(sys.argv[0]).name or "python",
            purpose=purpose,
            acquired_at=self._clock.now_ns(),
        )
        try:
            write_small_file(self._files, self._directory / HOLDER_NAME, msgspec.json.encode(holder))
        except OSError as error:
            lock.release()
            raise StorageError(
                f"{self._directory} cannot be written ({error.strerror or error}); check its permissions and free space"
            ) from error
        self._lock, self._holder = lock, holder

    def intact(self) -> bool:
        """Whether the lock file is still the one that was locked. Raises OSError when that cannot be told."""
        return self._lock is not None and self._lock.intact()

    def abandon(self) -> None:
        """Let go of a lock whose file was deleted, without a note: the one that is there may be another process's."""
        lock, self._lock, self._holder = self._lock, None, None
        if lock is not None:
            lock.release()

    def release(self) -> None:
        """Give the lock back; without effect when it is not held."""
        if self._holder is None or not self.held:
            return
        note = msgspec.structs.replace(self._holder, released_at=self._clock.now_ns())
        with contextlib.suppress(OSError):  # the note is a courtesy; failing to write it must not keep the lock
            if self.intact():
                write_small_file(self._files, self._directory / HOLDER_NAME, msgspec.json.encode(note))
        self.abandon()


def read_holder(directory: Path, files: FileSystem) -> LockHolder | None:
    """The note of the last holder; None when there is none that can be read."""
    try:
        return msgspec.json.decode(files.read(directory / HOLDER_NAME, 65536), type=LockHolder)
    except (OSError, msgspec.DecodeError):
        return None


def is_locked(directory: Path) -> bool:
    """Whether a writer holds the lock at this moment.

    It is found out by trying it for an instant, in a way that lets others look at the same time: two desks, or two threads of
    one, must not take each other for the bot. Raises StorageError when the lock file cannot be opened.
    """
    path = directory / LOCK_NAME
    try:
        return path.exists() and (_is_held_on_windows(path) if sys.platform == "win32" else _is_held(path))
    except OSError as error:
        raise StorageError(f"whether {directory} is in use cannot be told: {error.strerror or error}") from error


def _is_held(path: Path) -> bool:
    """Shared, which needs no more than to read the file: a backup, a read-only mount, another user's store. Raises OSError."""
    import fcntl

    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _is_held_on_windows(path: Path) -> bool:
    """There a lock cannot be shared: who only looks is gone within the pause. Raises OSError."""
    probe = filelock.FileLock(path, thread_local=False)
    try:
        probe.acquire(timeout=_A_LOOK_S, poll_interval=_A_LOOK_S / 5)
    except filelock.Timeout:
        return True
    probe.release()
    return False


def describe_holder(directory: Path, holder: LockHolder | None) -> str:
    """A sentence that says who holds the store and what to do."""
    who = "another process"
    if holder is not None:
        who = f"{holder.purpose or holder.program} (process {holder.pid} on {holder.host})"
    return f"the store {directory} is in use by {who}; stop it first, or look at the store without writing"
