"""What a store knows last: its newest valid checkpoint, and the journal's changes since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from crashdesk.changes import Announced, Batch, Mark
from crashdesk.codec import EncodedState
from crashdesk.errors import StoreCorrupted
from crashdesk.replay import Base, replay
from crashdesk.state import SystemState
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import SkippedCheckpoint, StateStore


class LastKnown(msgspec.Struct, frozen=True, kw_only=True):
    """The last state that a store knows.

    `info` is the checkpoint that it stands on, None when it comes from the journal alone; `skipped` are newer ones that could
    not be used. `changes` of the journal were applied, the last of them durable `until` (UNIX nanoseconds, None without any).
    `problem` says what may be missing, empty when nothing is; `notice` what is wrong with the store although nothing is.
    `continues` says that the journal ends with this very state.
    """

    info: CheckpointInfo | None
    state: SystemState
    records: EncodedState
    skipped: tuple[SkippedCheckpoint, ...] = ()
    changes: int = 0
    until: int | None = None
    problem: str = ""
    notice: str = ""
    continues: bool = False


def recall(
    store: StateStore,
    batches: Iterable[Batch],
    problem: str = "",
    *,
    announced: Announced | None = None,
    names: Sequence[str] | None = None,
) -> LastKnown | None:
    """The last state that can be put together; None when there was never one.

    `batches` is what the journal holds, `problem` why it cannot be read, `announced` the checkpoint that an operator's
    recovery was about to save last, `names` those in ``checkpoints/`` where the caller has just listed them. Raises
    StoreCorrupted when checkpoints exist or existed, none is valid, and the journal does not make up for them; StorageError.
    """
    try:
        found = store.find_latest(names)
    except StoreCorrupted as error:
        return _from_journal_alone(store, error, batches, problem)
    base = None
    if found is not None:
        mark = Mark(found.info.seq, found.state.timestamp)
        base = Base(mark=mark, state=found.state, records=found.records)
    newest = found.skipped[0].info if found and found.skipped else None
    knows = Mark(newest.seq, newest.timestamp) if newest else None
    replayed = replay(base, batches, problem, knows=knows, announced=announced)
    if replayed.state is None or replayed.records is None:
        if replayed.problem and not problem:
            raise StoreCorrupted(
                f"there is no checkpoint any more in {store.directory}, though the journal tells of a state that was: "
                f"{replayed.problem}. Nothing was changed: restore a backup of the directory, or start the bot on a new one"
            )
        return None
    return LastKnown(
        info=found.info if found else None,
        state=replayed.state,
        records=replayed.records,
        skipped=found.skipped if found else (),
        changes=replayed.applied,
        until=replayed.at,
        problem=replayed.problem,
        continues=replayed.last is not None,
    )


def _from_journal_alone(store: StateStore, error: StoreCorrupted, batches: Iterable[Batch], problem: str) -> LastKnown:
    # Only a journal that knows the newest of them is this store's, and not an older copy of it.
    newest = store.list_checkpoints()[-1:]
    replayed = replay(None, batches, problem, knows=Mark(newest[0].seq, newest[0].timestamp) if newest else None)
    if replayed.state is None or replayed.records is None or replayed.problem:
        raise error
    return LastKnown(
        info=None,
        state=replayed.state,
        records=replayed.records,
        changes=replayed.applied,
        until=replayed.at,
        notice=f"none of the checkpoints in {store.directory} is usable; the state comes from the journal alone, which is whole",
        continues=True,
    )
