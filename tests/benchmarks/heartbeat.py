"""Records how long the window's thread stays away from its event loop, and what it did when that was too long.

    heart = Heartbeat()
    script = Script(heart)            # drives the desk from inside app.exec()
    script.run(steps())               # a generator: `yield Wait("comparing", condition)`, act in between
    heart.stop(); heart.holds         # those with the most work first

A hold is the time between two returns to the event loop, in which no click, key or paint is served. Its `own_ms` is the
processor time of the thread in it, `process_ms` that of all threads: what neither explains was waiting for a core that another
process had, what only the second explains was waiting for the interpreter's lock.
Needs QT_NO_GLIB=1 in the environment before the application is made.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

LIMIT_MS = 50.0
_SAMPLE_S = 0.008
_POLL_MS = 4
_KEPT_FRAMES = 6
_OURS = ("crashdesk", "benchmarks")


@dataclass
class Hold:
    """One time away from the event loop, and what the thread was seen doing in it: (stack, how often)."""

    action: str
    wall_ms: float
    own_ms: float
    process_ms: float
    stacks: Counter[str] = field(default_factory=Counter)


class Heartbeat(QObject):
    """Listens to the event loop of the thread it is made in, from then on until `stop`.

    `beats` counts the returns to the loop; `holds` are those that took longer than `keep_ms`.
    """

    def __init__(self, keep_ms: float = 10.0, limit_ms: float = LIMIT_MS) -> None:
        super().__init__()
        self._keep_ms = keep_ms
        self._limit_s = limit_ms / 1000
        self._action = "start"
        self._woke: float | None = None
        self._woke_cpu = self._woke_process = 0.0
        self._stacks: Counter[str] = Counter()
        self._holds: list[Hold] = []
        self.beats = 0
        self._ended = threading.Event()
        self._thread_id = threading.get_ident()
        application, dispatcher = QCoreApplication.instance(), QAbstractEventDispatcher.instance()
        if application is None or dispatcher is None:
            raise RuntimeError("make the application first")
        self._application = application
        if "Glib" in dispatcher.metaObject().className():
            raise RuntimeError("GLib's event loop does not tell when it works; set QT_NO_GLIB=1 before Qt is started")
        dispatcher.awake.connect(self._on_awake, Qt.ConnectionType.DirectConnection)
        dispatcher.aboutToBlock.connect(self._on_block, Qt.ConnectionType.DirectConnection)
        self._dispatcher = dispatcher
        self._sampler = threading.Thread(target=self._sample, name="heartbeat", daemon=True)
        self._sampler.start()

    @property
    def holds(self) -> list[Hold]:
        """The kept holds, those with the most work of the thread first."""
        return sorted(self._holds, key=lambda hold: -hold.own_ms)

    def longest(self, action: str | None = None) -> Hold | None:
        """The hold with the most work, of all or of one action."""
        found = (hold for hold in self.holds if action is None or hold.action == action)
        return next(found, None)

    def forget(self) -> None:
        """Drop what was recorded so far."""
        self._holds.clear()

    @contextlib.contextmanager
    def during(self, action: str) -> Iterator[None]:
        """Name what is done in this context."""
        before, self._action = self._action, action
        try:
            yield
        finally:
            self._action = before

    def name(self, action: str) -> None:
        """Name what is done from now on."""
        self._action = action

    def stop(self) -> None:
        """Stop listening."""
        self._ended.set()
        self._dispatcher.awake.disconnect(self._on_awake)
        self._dispatcher.aboutToBlock.disconnect(self._on_block)
        self._application.removeEventFilter(self)
        self._sampler.join()

    def eventFilter(self, _receiver: QObject, _event: QEvent) -> bool:
        # The first event after it had blocked: of a timer or a socket, before which the dispatcher tells nothing.
        self._application.removeEventFilter(self)
        if self._woke is None:
            self._begin_hold()
        return False

    def _on_awake(self) -> None:
        # Told before posted events; in between the loop serves the window's input.
        self._application.removeEventFilter(self)
        self._end_hold()
        self._begin_hold()

    def _on_block(self) -> None:
        self._end_hold()
        self._woke = None
        self._application.installEventFilter(self)

    def _begin_hold(self) -> None:
        self._woke_cpu, self._woke_process = time.thread_time(), time.process_time()
        self._woke = time.perf_counter()

    def _end_hold(self) -> None:
        self.beats += 1
        if self._woke is None:
            return
        wall_ms = (time.perf_counter() - self._woke) * 1000
        if wall_ms >= self._keep_ms:
            own_ms = (time.thread_time() - self._woke_cpu) * 1000
            process_ms = (time.process_time() - self._woke_process) * 1000
            self._holds.append(Hold(self._action, wall_ms, own_ms, process_ms, self._stacks))
        if self._stacks:
            self._stacks = Counter()

    def _sample(self) -> None:
        """Look what the thread is at once a hold is longer than half the limit."""
        while not self._ended.wait(_SAMPLE_S):
            woke = self._woke
            if woke is not None and time.perf_counter() - woke > self._limit_s / 2:
                self._stacks[_seen(self._thread_id)] += 1


def _seen(thread_id: int) -> str:
    """Where a thread is, innermost first, as far as it is in our code.

    Nothing here may wait: whoever holds a frame keeps alive what is local in it, a painter that Qt believes to be gone.
    """
    frame = sys._current_frames().get(thread_id)
    places = []
    while frame is not None:
        code = frame.f_code
        if any(name in code.co_filename for name in _OURS):
            places.append((code.co_filename, frame.f_lineno, code.co_name))
        frame = frame.f_back
    lines = [f"{file.rsplit('/', 1)[-1]}:{line} {name}" for file, line, name in places[:_KEPT_FRAMES]]
    return " < ".join(lines) or "outside of our code"


@dataclass(frozen=True)
class Wait:
    """What a script waits for before it goes on."""

    action: str
    until: Callable[[], bool]
    seconds: float = 60.0


Steps = Generator[Wait, None, None]


class Script(QObject):
    """Runs a generator step by step inside the event loop: each step is an event of its own, as a click is."""

    def __init__(self, heart: Heartbeat) -> None:
        super().__init__()
        self._heart = heart
        self._steps: Steps | None = None
        self._wait: Wait | None = None
        self._deadline = 0.0
        self.error: BaseException | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._poll)

    def run(self, steps: Steps) -> None:
        """Run to the end and return then. Raises what the steps raise, TimeoutError when a wait takes too long."""
        self._steps = steps
        self._timer.start()
        QApplication.exec()
        self._timer.stop()
        if self.error is not None:
            raise self.error

    def _poll(self) -> None:
        try:
            if self._wait is not None and not self._wait.until():
                if time.monotonic() > self._deadline:
                    raise TimeoutError(f"{self._wait.action}: not done within {self._wait.seconds} s")
                return
            assert self._steps is not None
            self._wait = next(self._steps)
            self._deadline = time.monotonic() + self._wait.seconds
            self._heart.name(self._wait.action)
        except StopIteration:
            QApplication.quit()
        except BaseException as error:  # noqa: BLE001 - raised again by run()
            self.error = error
            QApplication.quit()
