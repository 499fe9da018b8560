"""Reading what the journal's changes behind a checkpoint made of it, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from crashdesk.changes import Change, ChangeKind, Mark
from crashdesk.codec import decode
from crashdesk.errors import CodecError, StorageError
from crashdesk.inspection import StoreView
from crashdesk.recall import LastKnown
from crashdesk.state import SystemState
from crashdesk.storage.journal_spans import span_behind
from crashdesk.storage.names import CheckpointInfo
from crashdesk_gui.known_steps import KnownSteps, known_steps


class StepsReader:
    """Knows the steps to the last known state; they are read again when there are others. Used by one thread at a time."""

    def __init__(self, view: StoreView) -> None:
        self._view = view
        self._read: tuple[CheckpointInfo, int, int | None] | None = None
        self._steps = KnownSteps()

    def look(self, last: LastKnown) -> KnownSteps:
        """Those behind the checkpoint that the last known state stands on; none where they cannot be told apart."""
        if last.info is None or not last.changes:
            return KnownSteps()
        wanted = (last.info, last.changes, last.until)
        if wanted != self._read:
            self._steps = steps_behind(self._view, last.info, last.changes)
            self._read = wanted
        return self._steps


def steps_behind(view: StoreView, info: CheckpointInfo, count: int) -> KnownSteps:
    """What the first `count` changes behind a checkpoint made of it; none where it cannot be read: they are drawn as one then."""
    try:
        state = decode(view.store.read_bytes(info))
        return known_steps(state, islice(_changes(view, state, info), count))
    except (CodecError, StorageError, UnicodeDecodeError):
        return KnownSteps()


def _changes(view: StoreView, state: SystemState, info: CheckpointInfo) -> Iterator[tuple[int, Change]]:
    """With the moments at which they became durable; beyond a checkpoint that was passed over too."""
    mark: Mark | None = Mark(info.seq, state.timestamp)
    while mark is not None and (span := view.ask_journal(span_behind(mark), None)) is not None:
        for batch in span.batches:
            yield from ((batch.at, each) for each in batch.changes if each.kind < ChangeKind.CHECKPOINT)
        mark = span.before
