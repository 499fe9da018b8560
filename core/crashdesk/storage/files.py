"""The one seam between the store and the disk: every operation that durability depends on.

Tests put a recording or a failing implementation here; SQLite's files are the only ones that do not pass through it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import filelock

# Long enough that handing over costs little beside writing, short enough that a trading loop does not notice.
_BYTES_BETWEEN_YIELDS = 256 * 1024
_PIECE = 128 * 1024


class HeldLock(Protocol):
    """A lock that was taken."""

    def intact(self) -> bool:
        """Whether the file at its path is still the one that is locked; it is not after somebody deleted it."""
        ...

    def release(self) -> None:
        """Give it back."""
        ...


class FileSystem(Protocol):
    """What the store asks of a disk. Every method may raise OSError."""

    def make_directory(self, path: Path) -> list[Path]:
        """Create a directory (0700) and its parents, and return those that were missing; an existing one is left as it is."""
        ...

    def exists(self, path: Path) -> bool:
        """Whether there is a file or directory of this name."""
        ...

    def lock(self, path: Path, timeout: float) -> HeldLock:
        """Take an exclusive lock on a file, creating it (0600); TimeoutError when another holds it for `timeout` seconds."""
        ...

    def create(self, path: Path) -> int:
        """Create a new file (0600) for writing and return its descriptor; an existing file is an error."""
        ...

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write some of `data`; returns how many bytes were taken, which may be fewer."""
        ...

    def sync(self, descriptor: int) -> None:
        """Flush the file to the device."""
        ...

    def close(self, descriptor: int) -> None:
        """Close the descriptor."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Move a file within one filesystem, atomically."""
        ...

    def remove(self, path: Path) -> None:
        """Delete a file."""
        ...

    def sync_directory(self, path: Path) -> None:
        """Flush a directory's entries to the device, where the system can."""
        ...

    def list_directory(self, path: Path) -> list[str]:
        """The names in a directory, in no order."""
        ...

    def read(self, path: Path, limit: int) -> bytes:
        """At most `limit` bytes of a file."""
        ...

    def pieces(self, path: Path) -> Iterator[bytes]:
        """A file in pieces, from the device and not from the system's memory where the system can be asked for that."""
        ...


class SyncFailed(OSError):
    """The device did not confirm a file: the system may have dropped what it had accepted, and a second try proves nothing."""


class _ProcessLock(filelock.FileLock):
    """One that only the process that took it gives back: its fork shares it, and filelock may unlock what is forgotten there."""

    taken_by = 0

    def __del__(self, *_: Any, **_more: Any) -> None:
        if self.taken_by == os.getpid():
            super().__del__()


class LocalLock:
    """A lock on a file of the real disk: flock on Unix, msvcrt on Windows."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._lock = _ProcessLock(path, mode=0o600, thread_local=False)
        self._lock.taken_by = os.getpid()
        self._lock.acquire(timeout=timeout, poll_interval=0.02)
        # Nobody else's file gets this number as long as the lock keeps the file open.
        self._identity = self._find()

    def intact(self) -> bool:
        return self._identity is not None and self._find() == self._identity

    def release(self) -> None:
        self._lock.release()

    def _find(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino


class LocalFiles:
    """The real disk."""

    def make_directory(self, path: Path) -> list[Path]:
        missing = [part for part in (path, *path.parents) if not part.exists()]
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return missing

    def exists(self, path: Path) -> bool:
        try:
            os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def lock(self, path: Path, timeout: float) -> HeldLock:
        return LocalLock(path, timeout)

    def create(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)

    def write(self, descriptor: int, data: memoryview) -> int:
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        if sys.platform == "darwin":
            # fsync on macOS stops at the drive's cache.
            import fcntl

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        path.unlink()

    def sync_directory(self, path: Path) -> None:
        if sys.platform == "win32":
            return  # NTFS journals its directory entries; Windows offers no flush of a directory.
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def list_directory(self, path: Path) -> list[str]:
        return os.listdir(path)

    def read(self, path: Path, limit: int) -> bytes:
        with path.open("rb") as file:
            # Asked for `limit` bytes, Python would reserve them all, however small the file is.
            return file.read(min(limit, os.fstat(file.fileno()).st_size + 1))

    def pieces(self, path: Path) -> Iterator[bytes]:
        with path.open("rb", buffering=0) as file:
            if hasattr(os, "posix_fadvise"):
                with contextlib.suppress(OSError):  # it is advice
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while piece := file.read(_PIECE):
                yield piece


def write_all(files: FileSystem, descriptor: int, data: bytes) -> None:
    """Write the whole of `data`, however often the system takes only a part. Raises OSError."""
    view = memoryview(data)
    while view:
        taken = files.write(descriptor, view)
        if taken <= 0:
            raise OSError("the disk accepts no more data")
        view = view[taken:]


def write_new_file(files: FileSystem, path: Path, chunks: Iterable[bytes]) -> int:
    """Create `path` and flush it to the device; returns its size. Other threads get their turn meanwhile.

    Whatever fails, also in `chunks`, the file is abandoned: removed and never tried again. Raises SyncFailed when the
    flush failed, OSError for any other refusal, and what `chunks` raises.
    """
    descriptor = files.create(path)
    try:
        try:
            size = unyielded = 0
            for chunk in chunks:
                write_all(files, descriptor, chunk)
                size += len(chunk)
                unyielded += len(chunk)
                if unyielded >= _BYTES_BETWEEN_YIELDS:
                    unyielded = 0
                    time.sleep(0)
            _sync(files, descriptor)
        except BaseException:
            with contextlib.suppress(OSError):  # the first failure is the one to report
                files.close(descriptor)
            raise
        files.close(descriptor)
    except BaseException:
        discard(files, path)
        raise
    return size


def _sync(files: FileSystem, descriptor: int) -> None:
    try:
        files.sync(descriptor)
    except OSError as error:
        raise SyncFailed(error.errno, error.strerror) from error


def discard(files: FileSystem, path: Path) -> None:
    """Remove a temporary file if that is possible; otherwise the next writer sweeps it."""
    with contextlib.suppress(OSError):
        files.remove(path)


def write_small_file(files: FileSystem, path: Path, data: bytes) -> None:
    """Put a small file in place whole and durably, replacing an older one. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    discard(files, temporary)  # from an attempt that was interrupted
    write_new_file(files, temporary, [data])
    try:
        files.rename(temporary, path)
    except OSError:
        discard(files, temporary)
        raise
    files.sync_directory(path.parent)
