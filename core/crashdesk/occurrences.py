"""What happened to a manager since it was made: counted, logged, and told to the bot."""

from __future__ import annotations

import enum
import logging
import threading
from collections.abc import Callable

from crashdesk.errors import CrashdeskError
from crashdesk.results import RecoveryStats
from crashdesk.storage.changelog import ChangeLogStats
from crashdesk.storage.names import CheckpointInfo

_log = logging.getLogger("crashdesk")


class Counted(enum.Enum):
    """What is counted; the values are the names in RecoveryStats."""

    CHECKPOINTS = "checkpoints"
    RECOVERIES = "recoveries"
    SYNCS = "syncs"
    CANCELLED = "orphans_cancelled"
    FAILURES = "failures"


class Occurrences:
    """Counts and reports, from any thread."""

    def __init__(self, on_error: Callable[[CrashdeskError], None] | None) -> None:
        self._on_error = on_error
        self._mutex = threading.Lock()
        self._counts = dict.fromkeys(Counted, 0)
        self._last_checkpoint: CheckpointInfo | None = None
        self._last_error = ""

    def count(self, what: Counted, number: int = 1) -> None:
        """Add to a count."""
        with self._mutex:
            self._counts[what] += number

    def saved(self, info: CheckpointInfo) -> CheckpointInfo:
        """A checkpoint was made; returns it."""
        with self._mutex:
            self._last_checkpoint = info
            self._counts[Counted.CHECKPOINTS] += 1
        return info

    def report(self, error: CrashdeskError) -> None:
        """Something failed without anybody to raise it to."""
        with self._mutex:
            self._counts[Counted.FAILURES] += 1
            self._last_error = str(error)
        _log.error("%s", error)
        if self._on_error is not None:
            try:
                self._on_error(error)
            except Exception:  # noqa: BLE001 - the bot's own callback must not end the thread that saves
                _log.exception("on_error failed")

    def stats(self, *, merged: int, degraded: str, journal: ChangeLogStats) -> RecoveryStats:
        """The counts so far, with what the others know."""
        with self._mutex:
            return RecoveryStats(
                **{count.value: number for count, number in self._counts.items()},
                last_checkpoint=self._last_checkpoint,
                last_error=self._last_error,
                checkpoints_merged=merged,
                degraded=degraded,
                journal=journal,
            )
