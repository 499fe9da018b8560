"""Disks for the tests of storage: the real one with faults, and one in memory that notes everything a crash could undo."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crashdesk.storage.files import LocalFiles

OPERATIONS = [name for name in vars(LocalFiles) if not name.startswith("_")]


class FaultyFiles(LocalFiles):
    """The real disk, with a record of what was asked of it and a fault at the operation that a test names."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Path]] = []
        self.paths: dict[int, Path] = {}
        self.disarm()

    def arm(self, nth: int, error: int, mode: str = "refused", kind: str | None = None) -> None:
        """Fail the `nth` operation (of a kind, or of any) from now on.

        It is "refused" (and not done), "done" (and an error reported nevertheless), "short" (a write takes a part and is refused
        then), or the disk is "gone" from there on.
        """
        self.left, self.error, self.mode, self.kind = nth, error, mode, kind
        self.struck = False

    def disarm(self) -> None:
        self.arm(0, 0)
        self.mode = "off"

    def perform(self, name: str, *args: Any) -> Any:
        path = args[0] if isinstance(args[0], Path) else self.paths[args[0]]
        self.calls.append((name, path))
        strikes = self.mode == "gone" and self.struck
        if self.mode != "off" and self.kind in (None, name):
            self.left -= 1
            strikes = strikes or self.left == 0
        self.struck = self.struck or strikes
        if strikes and self.mode == "short" and name == "write" and len(args[1]) > 1:
            self.left = 1
            return getattr(super(), name)(args[0], args[1][: len(args[1]) // 2])
        if strikes and (self.mode != "done" or name in ("create", "lock")):
            self._really_close(name, args)
            raise OSError(self.error, f"the disk says no ({os.strerror(self.error)})")
        result = getattr(super(), name)(*args)
        if name == "create":
            self.paths[result] = path
        if strikes:
            raise OSError(self.error, "the disk says no, though it did")
        return result

    def _really_close(self, name: str, args: tuple[Any, ...]) -> None:
        # A failing close frees the descriptor all the same.
        if name == "close":
            super().close(*args)


def _operation(name: str) -> Callable[..., Any]:
    return lambda self, *args: self.perform(name, *args)


for _name in OPERATIONS:
    setattr(FaultyFiles, _name, _operation(_name))


ROOT = Path("/disk")
DIRECTORY = -1
Names = dict[Path, int]


class MemoryLock:
    """Held by whoever asks: in memory there is one process."""

    def intact(self) -> bool:
        return True

    def release(self) -> None:
        return None


class MemoryFiles:
    """A disk in memory, and the log of the operations that a crash of the machine could undo, in part."""

    def __init__(self, names: Names | None = None, data: dict[int, bytes] | None = None) -> None:
        self.names: Names = {ROOT: DIRECTORY} if names is None else names
        self.data: dict[int, bytes] = {} if data is None else data
        self.inodes = itertools.count(max(self.data, default=0) + 1)
        self.log: list[tuple[Any, ...]] = []
        self.refused: list[str] = []

    def note(self, *what: Any) -> None:
        self.log.append(what)

    def refuse(self, *operations: str) -> None:
        """Let the next operation of each of these kinds fail."""
        self.refused = list(operations)

    def _may_fail(self, name: str) -> None:
        if name in self.refused:
            self.refused.remove(name)
            raise OSError(errno.EIO, "Input/output error")

    def _inode(self, path: Path) -> int:
        if path not in self.names:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))
        return self.names[path]

    def make_directory(self, path: Path) -> list[Path]:
        missing = [part for part in (path, *path.parents) if not self.exists(part)]
        for part in reversed(missing):
            self.names[part] = DIRECTORY
            self.note("link", part, DIRECTORY)
        return missing

    def exists(self, path: Path) -> bool:
        return path in self.names or path in ROOT.parents

    def lock(self, path: Path, timeout: float) -> MemoryLock:
        if path not in self.names:
            self.create(path)
        return MemoryLock()

    def create(self, path: Path) -> int:
        self._inode(path.parent)
        if path in self.names:
            raise FileExistsError(errno.EEXIST, "File exists", str(path))
        inode = self.names[path] = next(self.inodes)
        self.data[inode] = b""
        self.note("link", path, inode)
        return inode

    def write(self, descriptor: int, data: memoryview) -> int:
        self.data[descriptor] += bytes(data)
        self.note("write", descriptor, bytes(data))
        return len(data)

    def sync(self, descriptor: int) -> None:
        try:
            self._may_fail("sync")
        except OSError:
            self.note("sync_failed", descriptor)
            raise
        self.note("sync", descriptor)

    def close(self, descriptor: int) -> None:
        self._may_fail("close")

    def rename(self, source: Path, target: Path) -> None:
        self._may_fail("rename")
        self.names[target] = self._inode(source)
        del self.names[source]
        self.note("rename", source, target)

    def remove(self, path: Path) -> None:
        self._may_fail("remove")
        self._inode(path)
        del self.names[path]
        self.note("unlink", path)

    def sync_directory(self, path: Path) -> None:
        self._inode(path)
        try:
            self._may_fail("sync_directory")
        except OSError:
            self.note("sync_directory_failed", path)
            raise
        self.note("sync_directory", path)

    def list_directory(self, path: Path) -> list[str]:
        self._inode(path)
        return [known.name for known in self.names if known.parent == path]

    def read(self, path: Path, limit: int) -> bytes:
        return self.data[self._inode(path)][:limit]

    def pieces(self, path: Path) -> Iterator[bytes]:
        yield self.data[self._inode(path)]


def temporaries(directory: Path) -> list[str]:
    """The temporary files that a write left behind."""
    return [path.name for path in directory.rglob("*.tmp")]
