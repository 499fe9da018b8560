"""The files of a store, damaged or made newer on purpose."""

from __future__ import annotations

from pathlib import Path

from crashdesk.storage.names import CheckpointInfo


def damage(info: CheckpointInfo) -> None:
    """Flip one bit in the middle of a checkpoint."""
    data = bytearray(info.path.read_bytes())
    data[len(data) // 2] ^= 1
    info.path.write_bytes(data)


def names(directory: Path) -> list[str]:
    """The names in a directory, sorted."""
    return sorted(path.name for path in directory.iterdir())


def tree(directory: Path) -> dict[str, tuple[int, int, int]]:
    """Everything about a directory that an observer could have changed."""
    paths = [directory, *directory.rglob("*")]
    return {str(path): (s.st_mtime_ns, s.st_size, s.st_mode) for path in paths if (s := path.stat())}
