"""What recoveries started from: the states that checkpoints and the journal's changes behind them led to."""

from __future__ import annotations

from itertools import islice

from crashdesk.errors import CheckpointNotFound, StorageError
from crashdesk.inspection import StoreView
from crashdesk.looking_back import LookedBack, look_back, recoveries_told
from crashdesk_gui.reading.steps import steps_behind
from crashdesk_gui.series import Known

_NEWEST = 5


class PastReader:
    """Knows what the newest recoveries started from; it is read again when there are others. Used by one thread at a time."""

    def __init__(self, view: StoreView) -> None:
        self._view = view
        self._counted = 0
        self.known: tuple[Known, ...] = ()

    def look(self, recoveries: int) -> None:
        """Read it where the number of recoveries in the audit log is another one."""
        if recoveries == self._counted:
            return
        try:
            told = [each for each in recoveries_told(self._view) if each.changes]
            seqs = list(islice(dict.fromkeys(each.seq for each in reversed(told)), _NEWEST))
            looked = [found for seq in reversed(seqs) if (found := self._look_back(seq)) is not None]
        except StorageError:
            return  # as long as it cannot be read, what was read before holds
        self._counted = recoveries
        self.known = tuple(
            Known.by(
                each.state,
                at=each.until,
                seq=each.checkpoint.seq,
                changes=each.count,
                steps=steps_behind(self._view, each.checkpoint, each.count),
            )
            for each in looked
            if each.state is not None and each.until is not None
        )

    def _look_back(self, seq: int) -> LookedBack | None:
        try:
            return look_back(self._view, self._view.store.find(seq))
        except CheckpointNotFound:
            return None
