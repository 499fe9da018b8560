"""Saving a system: the cut, the file, and what follows from a new checkpoint."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Protocol

from crashdesk.audit import AuditKind
from crashdesk.changes import Mark, checkpoint_mark, whole_state
from crashdesk.codec import StateSummary, assemble, encode_chunks, summary_of
from crashdesk.config import RecoveryConfig
from crashdesk.errors import CrashdeskError, StorageError, StoreDegraded
from crashdesk.live import MARKS, LiveState, encoded
from crashdesk.state import SystemState
from crashdesk.storage.bot_starts import WITHIN_NS
from crashdesk.storage.changelog import ChangeLog, Work
from crashdesk.storage.history import HistoryIndex
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.journal_spans import Span, crash_spans
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore


class System(Protocol):
    """What a bot must offer; LiveState is the ready one."""

    def snapshot(self) -> SystemState:
        """The whole state at this instant; called on a background thread."""
        ...

    def restore(self, state: SystemState) -> None:
        """Go on from `state`."""
        ...


class Checkpointer:
    """Makes one checkpoint after the other; for one thread."""

    def __init__(
        self,
        system: System,
        store: StateStore,
        journal: Journal,
        log: ChangeLog,
        history: HistoryIndex | None,
        config: RecoveryConfig,
        report: Callable[[CrashdeskError], None],
    ) -> None:
        """`report` hears of what failed without costing the checkpoint."""
        self._system = system
        self._store = store
        self._journal = journal
        self._log = log
        self._history = history
        self._config = config
        self._report = report
        # The journal's numbers of this run's newest checkpoints.
        self._marked: dict[int, int] = {}
        # A number that was noted may have no file: its save failed. It is not given out again.
        self._highest_noted = journal.newest_checkpoint()
        self._before_this_run = journal.last_change
        self._crashes: list[Span] | None = None
        # What this run saved last besides recoveries, and whether it was the first: that one belongs to the start.
        self._last: tuple[int, int, Cause] | None = None
        self._last_is_first = False

    def save(self, cause: Cause) -> CheckpointInfo:
        """Save the system as it is now; when this returns it is on the device.

        A journal that cannot be written has been reported by then and does not keep the file from being written. Raises
        StorageError, StateError, and what the system's `snapshot` raises.
        """
        seq = self._store.reserve(above=self._highest_noted)
        if not self._journal.in_place():
            self._report(
                StorageError(
                    f"{self._journal.path} was deleted, moved or replaced while it was in use; it is written anew from what "
                    "is still open. Leave the store's files alone while a bot runs"
                )
            )
        if isinstance(self._system, LiveState):
            cut = self._system.cut(seq, cause)
            records, summary, marked = cut.records, cut.summary, cut.marked
            chunks = assemble(
                timestamp=records.timestamp,
                account=records.account,
                positions=records.positions,
                orders=records.orders,
                strategies=records.strategies,
            )
        else:
            state = self._system.snapshot()
            chunks, summary = encode_chunks(state), summary_of(state)
            mark = checkpoint_mark(Mark(seq, state.timestamp), recorded=False)
            marked = self._log.append((mark,), cause=(seq, cause))
        # In this order: a checkpoint that is there and a journal that does not know it would look like somebody else's.
        self._await(seq, marked)
        info = self._store.save_chunks(summary.timestamp, chunks, seq=seq)
        if cause is not Cause.RECOVERED:
            self._last_is_first = self._last is None
            self._last = seq, summary.timestamp, cause
        self._follow_up(info, summary)
        return info

    def note_end(self, now_ns: int) -> None:
        """The system ends in order at this moment: the checkpoint that it asked for right before is its end.

        Raises DatabaseUnusable, which costs nothing but that word.
        """
        if self._last is None or self._last_is_first:
            return
        seq, saved_at, cause = self._last
        if cause is Cause.MANUAL and now_ns - saved_at <= WITHIN_NS:
            self._journal.commit(causes=[(seq, Cause.SHUTDOWN)])

    def _await(self, seq: int, marked: Work | None) -> None:
        if marked is None:
            return
        try:
            self._log.wait(marked)
        except StoreDegraded:
            return  # reported when it began
        self._marked[seq] = marked.last

    def _follow_up(self, info: CheckpointInfo, summary: StateSummary) -> None:
        """What is not part of the promise: each step's failure is reported and loses nothing."""
        steps: list[Callable[[], None]] = [lambda: self._index(info, summary), self._clean_up, self._trim]
        for step in steps:
            try:
                step()
            except CrashdeskError as error:
                self._report(error)

    def _index(self, info: CheckpointInfo, summary: StateSummary) -> None:
        if self._history is not None:
            self._history.add([(info.seq, summary, info.size or 0)])

    def _clean_up(self) -> None:
        self._store.cleanup(self._config.max_checkpoints, self._config.max_checkpoint_age_hours)

    def _trim(self) -> None:
        """Shorten the journal: recovery may need it behind the newest checkpoint, and behind the one before that."""
        verified = self._store.verified_newest()
        if len(verified) < 2:
            return
        before = self._marked.get(verified[1].seq)
        self._marked = {seq: number for seq, number in self._marked.items() if seq >= verified[1].seq}
        if before is not None:
            self._journal.trim(before, self._looked_back_at())

    def _looked_back_at(self) -> list[tuple[int, int]]:
        """The changes that earlier recoveries started from, as long as the checkpoints are there that they came after."""
        if self._crashes is None:
            try:
                recovered = {seq for seq, cause in self._journal.causes().items() if cause is Cause.RECOVERED}
                self._crashes = crash_spans(self._journal.batches(until=self._before_this_run), recovered)
            except StorageError:
                self._crashes = []  # what cannot be read is nothing to look back at, and no reason to keep everything
        with contextlib.suppress(OSError):  # unknown is not gone
            self._crashes = [span for span in self._crashes if self._store.holds(span.mark.seq, span.mark.timestamp)]
        return [(span.first, span.last) for span in self._crashes]


def save_reconciled(
    store: StateStore, journal: Journal, state: SystemState, *, who: str, plan_id: str
) -> CheckpointInfo:
    """Save a state that was put right by hand; whatever checkpoint the next start falls back on, the journal leads to it.

    The audit log tells before which checkpoint it will be: whoever is interrupted between file and journal finds it proved.
    Raises StateError, StorageError; when only the journal refused, the checkpoint is there all the same.
    """
    existing = [Mark(info.seq, info.timestamp) for info in store.list_checkpoints()]
    seq = store.reserve(above=journal.newest_checkpoint())
    journal.append(
        AuditKind.CHECKPOINT,
        "about to save the reconciled state",
        who=who,
        plan_id=plan_id,
        data={"checkpoint": str(seq), "timestamp": str(state.timestamp), "after": str(journal.last_change)},
    )
    # The file first: as long as it cannot be written, the interrupted plan can be resumed as it was.
    info = store.save_chunks(state.timestamp, encode_chunks(state), seq=seq)
    mark = checkpoint_mark(Mark(seq, state.timestamp))
    journal.commit((*whole_state(encoded(state), existing[-MARKS:]), mark), causes=[(seq, Cause.RECOVERED)])
    return info
