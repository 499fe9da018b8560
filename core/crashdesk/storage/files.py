"""The one seam between the store and the disk: every operation that durability depends on.

Tests put a recording or a failing implementation here; SQLite's files are the only ones that do not pass through it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol


class FileSystem(Protocol):
    """What the store asks of a disk. Every method may raise OSError."""

    def make_directory(self, path: Path) -> None:
        """Create a directory (0700) and its parents; an existing one is left as it is."""
        ...

    def create(self, path: Path) -> int:
        """Create a new file (0600) for writing and return its descriptor; an existing file is an error."""
        ...

    def write(self, descriptor: int, data: bytes) -> int:
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


class SyncFailed(OSError):
    """The device did not confirm a file: the system may have dropped what it had accepted, and a second try proves nothing."""


class LocalFiles:
    """The real disk."""

    def make_directory(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def create(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)

    def write(self, descriptor: int, data: bytes) -> int:
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


def write_all(files: FileSystem, descriptor: int, data: bytes) -> None:
    """Write the whole of `data`, however often the system takes only a part. Raises OSError."""
    view = memoryview(data)
    while view:
        taken = files.write(descriptor, bytes(view))
        if taken <= 0:
            raise OSError("the disk accepts no more data")
        view = view[taken:]


def write_new_file(files: FileSystem, path: Path, chunks: Iterable[bytes]) -> int:
    """Create `path` and flush it to the device; returns its size. Other threads run between two chunks.

    Whatever fails, also in `chunks`, the file is abandoned: removed and never tried again. Raises SyncFailed when the
    flush failed, OSError for any other refusal, and what `chunks` raises.
    """
    descriptor = files.create(path)
    try:
        try:
            size = 0
            for chunk in chunks:
                write_all(files, descriptor, chunk)
                size += len(chunk)
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
