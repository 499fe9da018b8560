"""The one door through which events of core threads reach Qt."""

import contextlib
import threading
from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, Qt, QTimer, Signal


class EventBridge(QObject):
    """Takes events from any thread, hands them to the GUI thread in order.

    With `coalesce_ms` and `key`, events of equal key that arrive within that time are one: the newest.
    Signals: `received(event)` on the thread that made the bridge.
    """

    received = Signal(object)
    _woken = Signal()

    def __init__(
        self,
        *,
        coalesce_ms: int = 0,
        key: Callable[[object], Hashable] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, object] = {}
        self._count = 0
        self._awake = False
        self._closed = False
        self._timer = QTimer(self, singleShot=True, interval=coalesce_ms)
        self._timer.timeout.connect(self._deliver)
        self._woken.connect(self._timer.start, Qt.ConnectionType.QueuedConnection)

    def post(self, event: object) -> None:
        """Hand over an event; never blocks, never raises, does nothing after `close()`."""
        with self._lock:
            if self._closed:
                return
            self._count += 1
            key = ("every", self._count) if self._key is None else ("key", self._key(event))
            self._waiting.pop(key, None)
            self._waiting[key] = event
            wake = not self._awake
            self._awake = True
        if wake:
            # The C++ half may already be gone when a core thread outlives the window.
            with contextlib.suppress(RuntimeError):
                self._woken.emit()

    def close(self) -> None:
        """Drop what waits and everything that is posted later."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
        self._timer.stop()

    def _deliver(self) -> None:
        with self._lock:
            events = list(self._waiting.values())
            self._waiting.clear()
            self._awake = False
        for event in events:
            if not self._closed:
                self.received.emit(event)
