"""What a disk may hold after the machine died: of all that was not flushed, any part, in any combination."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fault_files import DIRECTORY, ROOT, Names

SECTOR = 512
_MOST_REPEATS = 30


class PowerLoss:
    """Follows the log of a `MemoryFiles` and tells, at any point of it, which disks are possible.

    The ordering is as weak as can be: a change of a name is certain only after its directory was flushed, and survives or not
    independently of the ones before and after it; data is certain only after its file was flushed. A flush that failed makes
    nothing certain, and what it was asked for stays uncertain for ever.
    """

    def __init__(self) -> None:
        self.names: Names = {ROOT: DIRECTORY}
        self.pending: list[tuple[Any, ...]] = []
        self.doubtful: list[tuple[Any, ...]] = []
        self.data: dict[int, bytes] = {}
        self.flushed: dict[int, int] = {}
        self.given_up: set[int] = set()

    def copy(self) -> PowerLoss:
        other = PowerLoss()
        other.names, other.data, other.flushed = dict(self.names), dict(self.data), dict(self.flushed)
        other.pending, other.doubtful, other.given_up = list(self.pending), list(self.doubtful), set(self.given_up)
        return other

    def happen(self, operation: tuple[Any, ...]) -> None:
        """Go on by one entry of the log."""
        match operation:
            case ("write", inode, data):
                self.data[inode] = self.data.get(inode, b"") + data
            case ("sync", inode) if inode not in self.given_up:
                self.flushed[inode] = len(self.data.get(inode, b""))
            case ("sync_failed", inode):
                self.given_up.add(inode)
            case ("overwrite", inode):
                self.data[inode], self.flushed[inode] = b"", 0
            case ("rot", inode, data):
                self.data[inode], self.flushed[inode] = data, len(data)
            case ("sync_directory", path):
                for done in [one for one in self.pending if one[1].parent == path and one not in self.doubtful]:
                    self.pending.remove(done)
                    change(self.names, done)
            case ("sync_directory_failed", path):
                self.doubtful += [one for one in self.pending if one[1].parent == path]
            case ("rename", source, target) if source.parent != target.parent:
                # Two directories are two writes.
                self.pending += [("link", target, self.inode(source)), ("unlink", source)]
            case ("link" | "unlink" | "rename", *_):
                self.pending.append(operation)

    def inode(self, path: Path) -> int:
        names = dict(self.names)
        for one in self.pending:
            change(names, one)
        return names[path]

    def disks(self, dice: random.Random) -> Iterator[tuple[Names, dict[int, bytes]]]:
        """Different disks, each once: first all that is uncertain lost, then all of it there, then at random."""
        seen: set[object] = set()
        repeats = 0
        for attempt in range(100_000):
            found = dict(self.names)
            for one in self.pending:
                if attempt == 1 or (attempt > 1 and dice.random() < 0.5):
                    change(found, one)
            names: Names = {}
            for path in sorted(found, key=lambda path: len(path.parts)):
                if path == ROOT or path.parent in names:  # what its directory took along is not there
                    names[path] = found[path]
            data = {inode: self.remains(inode, attempt, dice) for inode in names.values() if inode != DIRECTORY}
            key = (frozenset(names.items()), frozenset(data.items()))
            if key in seen:
                repeats += 1
                if repeats > _MOST_REPEATS:
                    return
                continue
            repeats = 0
            seen.add(key)
            yield names, data

    def remains(self, inode: int, attempt: int, dice: random.Random) -> bytes:
        """What is left of a file: certainly the flushed part; of the rest all, nothing, a part, zeros, or all but one sector."""
        content, certain = self.data.get(inode, b""), self.flushed.get(inode, 0)
        safe, loose = content[:certain], content[certain:]
        if not loose or attempt == 1:
            return content
        if attempt == 0:
            return safe
        cut = dice.randrange(len(loose))
        before, sector = loose[: cut // SECTOR * SECTOR], loose[cut // SECTOR * SECTOR :][:SECTOR]
        without_sector = before + bytes(len(sector)) + loose[len(before) + len(sector) :]
        torn = (loose[:cut], loose[:cut] + bytes(len(loose) - cut))
        return safe + dice.choice((loose, b"", bytes(len(loose)), *torn, without_sector))


def change(names: Names, operation: tuple[Any, ...]) -> None:
    """Apply one change of a name, as far as the names there are allow it."""
    match operation:
        case ("link", path, inode):
            names[path] = inode
        case ("unlink", path):
            names.pop(path, None)
        case ("rename", source, target):
            if source in names:
                names[target] = names.pop(source)
