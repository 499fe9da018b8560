"""Which checkpoint files were read and found intact, so that each is read again only when it changed."""

from __future__ import annotations

from crashdesk import CheckpointInfo
from crashdesk.errors import StorageError
from crashdesk.inspection import StoreView


class CheckedFiles:
    """Remembers what came of reading each file, by its modification time and size. Used by one thread at a time."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[int, int, str]] = {}

    def problem(self, view: StoreView, info: CheckpointInfo) -> str:
        """What is wrong with a checkpoint, read now if it is new or has changed; empty for an intact or a vanished one."""
        try:
            told = info.path.stat()
        except OSError:
            return ""
        known = self._found.get(info.seq)
        if known is not None and known[:2] == (told.st_mtime_ns, told.st_size):
            return known[2]
        try:
            problem = view.damage(info)
        except StorageError as error:
            problem = str(error)
        self._found[info.seq] = (told.st_mtime_ns, told.st_size, problem)
        return problem
