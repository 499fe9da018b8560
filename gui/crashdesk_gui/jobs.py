"""Work off the GUI thread: one serial queue per runner, answers always on the GUI thread.

`JobRunner.run(fn, on_done=..., on_failed=...)` calls `fn(progress)` in a worker thread. Exactly one of `on_done(result)`,
`on_failed(exception)` and `on_cancelled()` follows, unless the runner was closed or the receiver is gone.
"""

import contextlib
import itertools
import logging
import threading
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QThreadPool, Signal

_log = logging.getLogger(__name__)
_numbers = itertools.count(1)


class JobCancelled(Exception):
    """Raised inside a job by `Progress.raise_if_cancelled`: the operator asked it to stop."""


class JobState(Enum):
    """Where a job is in its life."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Progress:
    """What a running job holds: tell how far it is, learn whether it should stop. Safe from any thread."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._latest: tuple[int, int, str] = (0, 0, "")
        self._announced = False

    def report(self, done: int, total: int, text: str = "") -> None:
        """Tell that `done` of `total` steps are finished; `total` 0 means that nobody knows how many there are.

        Cheap enough for a tight loop: reports that the window has not yet read replace each other.
        """
        with self._lock:
            self._latest = (done, total, text)
            announce = not self._announced
            self._announced = True
        if announce:
            self._notify()

    @property
    def cancelled(self) -> bool:
        """Whether the operator asked the job to stop."""
        return self._cancelled.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `JobCancelled` if the job should stop; call it between steps that may stand alone."""
        if self._cancelled.is_set():
            raise JobCancelled

    def report_or_stop(self, done: int, total: int, text: str = "") -> None:
        """As `report`, and raise `JobCancelled` if the job should stop: for work that only reads, which may end anywhere."""
        self.raise_if_cancelled()
        self.report(done, total, text)

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake at once when cancelled; tells whether it was."""
        return self._cancelled.wait(seconds)

    def _cancel(self) -> None:
        self._cancelled.set()

    def _read(self) -> tuple[int, int, str]:
        with self._lock:
            self._announced = False
            return self._latest


class Job:
    """One piece of work in a runner's queue. Read it on the GUI thread only.

    Attributes: `number` unique in the process, `title`, `name` of what it runs, `cancellable`, `state`, and `done`, `total`,
    `text` as last reported.
    """

    def __init__(self, fn: Callable[[Progress], Any], title: str, cancellable: bool, progress: Progress) -> None:
        self.number = next(_numbers)
        self.title = title
        # The log is English: a title is in the language of the desk.
        self.name = getattr(fn, "__qualname__", type(fn).__name__)
        self.cancellable = cancellable
        self.state = JobState.WAITING
        self.done = 0
        self.total = 0
        self.text = ""
        self._progress = progress
        # Let go on the GUI thread only: with it may go the last reference to a widget.
        self._fn: Callable[[Progress], Any] | None = fn

    def cancel(self) -> None:
        """Ask the job to stop at its next safe point; nothing happens if it is not cancellable or has ended."""
        if self.cancellable:
            self._progress._cancel()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop and has not come to its end."""
        return self._progress.cancelled and not self.ended

    @property
    def ended(self) -> bool:
        """Whether the job is done, failed or cancelled."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class _Answers:
    """The callbacks of one job, and whom they belong to."""

    def __init__(
        self,
        on_done: Callable[[Any], object] | None,
        on_failed: Callable[[Exception], object] | None,
        on_cancelled: Callable[[], object] | None,
        owner: QObject | None,
    ) -> None:
        self.on_done = on_done
        self.on_failed = on_failed
        self.on_cancelled = on_cancelled
        self._owner = owner

    def call(self, callback: Callable[..., object] | None, *values: object) -> None:
        receiver = getattr(callback, "__self__", None)
        gone = any(isinstance(each, QObject) and not shiboken6.isValid(each) for each in (receiver, self._owner))
        if callback is not None and not gone:
            callback(*values)


class JobRunner(QObject):
    """A serial queue of background jobs.

    Signals, all on the GUI thread: `started(Job)`, `progressed(Job)`, `finished(Job)`.
    """

    started = Signal(object)
    progressed = Signal(object)
    finished = Signal(object)
    _began = Signal(object)
    _moved = Signal(object)
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._jobs: dict[int, tuple[Job, _Answers]] = {}
        self._closed = threading.Event()
        queued = Qt.ConnectionType.QueuedConnection
        self._began.connect(self._on_began, queued)
        self._moved.connect(self._on_moved, queued)
        self._ended.connect(self._on_ended, queued)

    def run(
        self,
        fn: Callable[[Progress], Any],
        *,
        title: str,
        on_done: Callable[[Any], object] | None = None,
        on_failed: Callable[[Exception], object] | None = None,
        on_cancelled: Callable[[], object] | None = None,
        cancellable: bool = True,
        owner: QObject | None = None,
    ) -> Job:
        """Queue `fn`; give `owner` when a callback is a lambda of a widget, so that it dies with the widget.

        A failure without `on_failed` is logged with its traceback. Raises RuntimeError after `close()`.
        """
        if self._closed.is_set():
            raise RuntimeError("the job runner is closed")
        progress = Progress(lambda: self._emit(self._moved, job))
        job = Job(fn, title, cancellable, progress)
        self._jobs[job.number] = (job, _Answers(on_done, on_failed, on_cancelled, owner))
        # A function: PySide's pool keeps every QRunnable that it was ever given.
        self._pool.start(partial(self._work, job, progress))
        return job

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every job that has not ended, in the order of the queue."""
        return tuple(job for job, _answers in self._jobs.values())

    @property
    def busy(self) -> bool:
        """Whether any job waits or runs."""
        return bool(self._jobs)

    @property
    def at_rest(self) -> bool:
        """Whether the worker thread has nothing left to do, not even for a closed runner."""
        return self._pool.activeThreadCount() == 0

    def cancel_all(self) -> None:
        """Ask every cancellable job to stop."""
        for job in self.jobs:
            job.cancel()

    def close(self, timeout_ms: int = 5000) -> bool:
        """Cancel everything, drop the callbacks and wait for the thread; False if it is still busy after the timeout."""
        self._closed.set()
        for job, _answers in self._jobs.values():
            job._progress._cancel()
        self._pool.clear()
        ended = self._pool.waitForDone(timeout_ms)
        if ended:
            self._jobs.clear()
        return ended

    def _work(self, job: Job, progress: Progress) -> None:
        if self._closed.is_set() or job._fn is None:
            return
        self._emit(self._began, job)
        try:
            progress.raise_if_cancelled()
            result = job._fn(progress)
        except JobCancelled:
            self._emit(self._ended, job, JobState.CANCELLED, None)
        except Exception as error:  # noqa: BLE001 - it is delivered, as an object, to on_failed
            self._emit(self._ended, job, JobState.FAILED, error)
        else:
            self._emit(self._ended, job, JobState.DONE, result)

    def _emit(self, signal: Any, *values: object) -> None:
        # The runner's C++ half may be gone when the interpreter shuts down while a job still runs.
        if not self._closed.is_set():
            with contextlib.suppress(RuntimeError):
                signal.emit(*values)

    def _on_began(self, job: Job) -> None:
        if not self._closed.is_set():
            job.state = JobState.RUNNING
            self.started.emit(job)

    def _on_moved(self, job: Job) -> None:
        latest = job._progress._read()
        if not self._closed.is_set() and not job.ended:
            job.done, job.total, job.text = latest
            self.progressed.emit(job)

    def _on_ended(self, job: Job, state: JobState, value: Any) -> None:
        if self._closed.is_set():
            return
        _job, answers = self._jobs.pop(job.number)
        job.state = state
        job._fn = None
        self.finished.emit(job)
        if state is JobState.DONE:
            answers.call(answers.on_done, value)
        elif state is JobState.CANCELLED:
            answers.call(answers.on_cancelled)
        elif answers.on_failed is None:
            _log.error("a job failed: %s", job.name, exc_info=value)
        else:
            answers.call(answers.on_failed, value)
