"""Group commit: changes and intents go to the journal together, on a thread of their own or on that of whoever waits."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

import msgspec

from crashdesk.changes import Change
from crashdesk.errors import CrashdeskError, StateError, StorageError, StoreDegraded
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause, Intent

# How long a change that nobody waits for may wait for others: a commit is a flush of the device.
LINGER_S = 0.005
RETRY_S = 1.0
SLOW_S = 1.0
MOST_BYTES = 64 << 20
_OVERHEAD = 64
_log = logging.getLogger("crashdesk")
_SILENCE_S = 60.0


class Work:
    """Something handed in: done when it is durable or has failed. `last` is then the number of its last change.

    `anew` says that its changes describe the whole state after a failure.
    """

    __slots__ = ("anew", "cause", "changes", "done", "error", "intent", "last")

    def __init__(
        self,
        changes: tuple[Change, ...] = (),
        intent: Intent | None = None,
        cause: tuple[int, Cause] | None = None,
        *,
        anew: bool = False,
    ) -> None:
        self.anew = anew
        self.changes = changes
        self.intent = intent
        self.cause = cause
        self.done = False
        self.error: CrashdeskError | None = None
        self.last = 0


class ChangeLogStats(msgspec.Struct, frozen=True, kw_only=True):
    """How the journal keeps up. `pending` changes are not durable yet, the oldest for `oldest_pending_s`; `missed` ones were
    never journalled because it could not be written; `problem` says why it cannot be now, empty when it can."""

    commits: int = 0
    pending: int = 0
    oldest_pending_s: float = 0
    slowest_commit_s: float = 0
    missed: int = 0
    problem: str = ""


class ChangeLog:
    """The queue before a journal. Safe to call from any thread; `append` never waits for the disk.

    When the journal cannot be written, or cannot keep up within `most_bytes`, changes are not kept here: `report` hears of it,
    waiting raises, and every `retry_s` the log asks `describe_anew` to hand in the whole state again, from which it goes on.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        report: Callable[[CrashdeskError], None],
        linger_s: float = LINGER_S,
        retry_s: float = RETRY_S,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._journal = journal
        self._report = report
        self._linger_s, self._retry_s, self._most_bytes = linger_s, retry_s, most_bytes
        self._queue_lock = threading.Lock()
        self._commit_lock = threading.Lock()
        self._pending: list[Work] = []
        # What is being committed; it stays here when an exception of a signal ends that half-way.
        self._taken: list[Work] = []
        self._taken_since = 0.0
        self._pending_bytes = 0
        self._pending_since = 0.0
        self._problem = ""
        self._reported = False
        self._commits, self._missed, self._slowest_s = 0, 0, 0.0
        self._silent_until = 0.0
        self._awake = threading.Event()
        self._hurry = threading.Event()
        self._closing = threading.Event()
        self.describe_anew: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="crashdesk-journal", daemon=True)
        self._thread.start()

    def append(self, changes: tuple[Change, ...], cause: tuple[int, Cause] | None = None) -> Work:
        """Hand in changes that belong together; they become durable soon, in the order in which they were handed in."""
        return self._submit(Work(changes, cause=cause))

    def intend(self, intent: Intent) -> None:
        """Make an intent durable, and every change before it.

        Raises StoreDegraded, and StateError for an intent that cannot be stored: then do not send.
        """
        try:
            msgspec.json.decode(msgspec.json.encode(intent), type=Intent)
        except (ValueError, TypeError) as error:
            # Handed in all the same, it would take the changes of others with it.
            raise StateError(f"this intent cannot be stored: {error}") from None
        self.wait(self._submit(Work(intent=intent)))

    def restart(self, changes: tuple[Change, ...]) -> Work:
        """Go on from a whole state after a failure."""
        return self._submit(Work(changes, anew=True))

    def flush(self) -> None:
        """Ask that everything becomes durable at once; does not wait."""
        self._hurry.set()
        self._awake.set()

    def wait(self, work: Work) -> None:
        """Return when `work` is durable. Raises StoreDegraded when it is not and will not be."""
        if not work.done:
            self._commit(work)
        if work.error is not None:
            raise StoreDegraded(f"this is not durable: {work.error}") from work.error

    def stats(self) -> ChangeLogStats:
        """How it keeps up at this moment."""
        with self._queue_lock:
            waiting = [work for work in (*self._taken, *self._pending) if not work.done]
            since = self._taken_since if self._taken else self._pending_since
            return ChangeLogStats(
                commits=self._commits,
                pending=sum(len(work.changes) for work in waiting),
                oldest_pending_s=time.monotonic() - since if waiting else 0.0,
                slowest_commit_s=self._slowest_s,
                missed=self._missed,
                problem=self._problem,
            )

    @property
    def is_current_thread(self) -> bool:
        """Whether the caller runs on the thread of this object."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """Make durable what is handed in and end the thread; the journal stays open."""
        self._closing.set()
        self._awake.set()
        self._hurry.set()
        if not self.is_current_thread:  # it is where `report` may close everything
            self._thread.join()
        self._commit()

    def _submit(self, work: Work) -> Work:
        with self._queue_lock:
            if work.anew:
                self._problem = ""
            if self._problem and work.changes:
                self._missed += len(work.changes)
                work.error, work.done = StorageError(self._problem), True
                return work
            if not self._pending:
                self._pending_since = time.monotonic()
            self._pending.append(work)
            # However large a state is, it must be possible to begin anew with it.
            for change in work.changes if not work.anew else ():
                self._pending_bytes += len(change.body) + _OVERHEAD
            overflow = self._pending_bytes > self._most_bytes
            if overflow:
                problem = self._give_up(StorageError("the disk does not keep up with the changes of the bot"))
        if overflow and problem is not None:
            # Elsewhere: this is the trading thread, and the journal's own may be stuck in the disk.
            threading.Thread(target=self._report, args=[problem], name="crashdesk-journal-full", daemon=True).start()
        if not self._awake.is_set():
            self._awake.set()
        return work

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._problem:
                if self._closing.wait(self._retry_s):
                    return
                self._begin_anew()
            else:
                self._awake.wait()
                self._hurry.wait(self._linger_s)
            self._awake.clear()
            self._hurry.clear()
            self._commit()

    def _begin_anew(self) -> None:
        try:
            self.describe_anew()
        except Exception as error:  # noqa: BLE001 - whatever it is, this thread must outlive it
            self._report(StorageError(f"the state could not be handed to the journal again: {error!r}"))

    def _commit(self, wanted: Work | None = None) -> None:
        """Commit everything that is pending, unless `wanted` is done by then; what is to be reported is, without a lock."""
        with self._commit_lock:
            problem = None if wanted is not None and wanted.done else self._commit_pending()
            if wanted is not None and not wanted.done:
                _finish([wanted], StorageError("it was interrupted on its way to the disk"))
        if problem is not None:
            self._report(problem)

    def _commit_pending(self) -> CrashdeskError | None:
        """The caller holds the commit lock; returns what is to be reported."""
        with self._queue_lock:
            interrupted = self._fail(StorageError("a commit was interrupted")) if self._taken else None
            self._taken, self._taken_since = self._pending, self._pending_since
            self._pending, self._pending_bytes = [], 0
            batch = self._taken
        if not batch:
            return interrupted
        started = time.monotonic()
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is: what is not known to be durable is not
            known = error if isinstance(error, CrashdeskError) else StorageError(f"the journal failed: {error!r}")
            with self._queue_lock:
                return self._fail(known) or interrupted
        except BaseException:
            self._awake.set()  # whoever commits next finds what was taken here
            raise
        _finish(batch, None)
        self._taken = []
        return self._account(time.monotonic() - started, batch) or interrupted

    def _fail(self, error: CrashdeskError) -> CrashdeskError | None:
        """What was taken is not durable; the caller holds both locks. Returns what is to be reported."""
        batch = [work for work in self._taken if not work.done]
        _finish(batch, error)
        self._taken = []
        self._missed += sum(len(work.changes) for work in batch if not work.anew)
        return self._give_up(error) if any(work.changes for work in batch) else None

    def _write(self, batch: Sequence[Work]) -> None:
        number = self._journal.commit(
            changes=[change for work in batch for change in work.changes],
            intents=[work.intent for work in batch if work.intent is not None],
            causes=[work.cause for work in batch if work.cause is not None],
        )
        for work in batch:
            number += len(work.changes)
            work.last = number - 1

    def _account(self, seconds: float, batch: Sequence[Work]) -> CrashdeskError | None:
        self._commits += 1
        self._slowest_s = max(self._slowest_s, seconds)
        if any(work.changes for work in batch):
            if self._reported:
                _log.warning("the journal is written again; the whole state was journalled anew")
            self._reported = False
        if seconds <= SLOW_S or time.monotonic() < self._silent_until:
            return None
        self._silent_until = time.monotonic() + _SILENCE_S
        return StorageError(
            f"the disk is slow: it took {seconds:.1f} s to make {len(batch)} journal entries durable; "
            "a crash in such a moment loses what is waiting"
        )

    def _give_up(self, error: CrashdeskError) -> CrashdeskError | None:
        """Keep no changes until the whole state is handed in again: what follows a lost change means nothing.

        The caller holds the queue lock. Returns what is to be reported.
        """
        lost = [work for work in self._pending if work.changes]
        self._pending = [work for work in self._pending if not work.changes]
        self._pending_bytes = 0
        self._missed += sum(len(work.changes) for work in lost if not work.anew)
        self._problem = str(error)
        first, self._reported = not self._reported, True
        _finish(lost, error)
        self._awake.set()
        if not first:
            return None
        return StoreDegraded(
            f"the journal cannot be written: {error}. What changes now is not safe until it can be again, or a checkpoint "
            "succeeds; the bot trades on, and an intent is refused"
        )


def _finish(batch: Sequence[Work], error: CrashdeskError | None) -> None:
    for work in batch:
        work.error, work.done = error, True
