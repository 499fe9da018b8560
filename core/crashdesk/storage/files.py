"""The one seam between the store and the disk: every operation that durability depends on.

Tests put a recording or a failing implementation here; SQLite's files are the only ones that do not pass through it.
"""

from __future__ import annotations

import contextlib
import os
import sys
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
            return file.read(limit)


def write_all(files: FileSystem, descriptor: int, data: bytes) -> None:
    """Write the whole of `data`, however often the system takes only a part. Raises OSError."""
    view = memoryview(data)
    while view:
        taken = files.write(descriptor, bytes(view))
        if taken <= 0:
            raise OSError("the disk accepts no more data")
        view = view[taken:]


def write_small_file(files: FileSystem, path: Path, data: bytes) -> None:
    """Put a small file in place whole and durably, replacing an older one. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with contextlib.suppress(FileNotFoundError):  # the usual case: no earlier attempt was interrupted
        files.remove(temporary)
    descriptor = files.create(temporary)
    try:
        write_all(files, descriptor, data)
        files.sync(descriptor)
    finally:
        files.close(descriptor)
    files.rename(temporary, path)
    files.sync_directory(path.parent)
