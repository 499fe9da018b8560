"""One background thread that saves: the trading thread asks and goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from crashdesk.errors import CrashdeskError, StorageError
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import CheckpointInfo

# A later wish of a stronger cause names the checkpoint that serves both.
_STRENGTH = {Cause.PERIODIC: 0, Cause.TRADE: 1, Cause.MANUAL: 2, Cause.SHUTDOWN: 3, Cause.RECOVERED: 4}


class BackgroundSaver:
    """At most one save in flight and one wanted: wishes that come meanwhile are served by the same save."""

    def __init__(self, save: Callable[[Cause], CheckpointInfo], on_error: Callable[[CrashdeskError], None]) -> None:
        """`save` runs on the thread of this object; what it raises goes to the future and to `on_error`."""
        self._save = save
        self._on_error = on_error
        self._condition = threading.Condition()
        self._wanted: tuple[Cause, Future[CheckpointInfo]] | None = None
        self._merged = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="crashdesk-saver", daemon=True)
        self._thread.start()

    def request(self, cause: Cause) -> Future[CheckpointInfo]:
        """Ask for a checkpoint of the state as it is now or a moment later; never blocks on the disk.

        Raises StorageError after `close`.
        """
        with self._condition:
            if self._closing:
                raise StorageError("the recovery manager is closed; nothing is saved any more")
            if self._wanted is None:
                self._wanted = (cause, Future())
            else:
                self._merged += 1
                if _STRENGTH[cause] > _STRENGTH[self._wanted[0]]:
                    self._wanted = (cause, self._wanted[1])
            self._condition.notify_all()
            return self._wanted[1]

    @property
    def merged(self) -> int:
        """How many wishes were served by a checkpoint that was wanted already: the disk is slower than the wishes."""
        return self._merged

    @property
    def is_current_thread(self) -> bool:
        """Whether the caller runs on the thread that saves, which must not wait for itself."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """Serve what is wanted, then end the thread; called on that thread itself, what is wanted fails."""
        dropped: Future[CheckpointInfo] | None = None
        with self._condition:
            self._closing = True
            if self.is_current_thread and self._wanted is not None:
                dropped, self._wanted = self._wanted[1], None
            self._condition.notify_all()
        if dropped is not None:
            dropped.set_exception(StorageError("the recovery manager was closed before this checkpoint was made"))
        if not self.is_current_thread:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._wanted is not None or self._closing)
                if self._wanted is None:
                    return
                cause, future = self._wanted
                self._wanted = None
            self._serve(cause, future)

    def _serve(self, cause: Cause, future: Future[CheckpointInfo]) -> None:
        try:
            info = self._save(cause)
        except CrashdeskError as error:
            future.set_exception(error)
            self._on_error(error)
        except Exception as error:  # noqa: BLE001 - a bot's snapshot() may raise anything; the saver must outlive it
            problem = StorageError(f"the checkpoint could not be made: the bot's snapshot failed with {error!r}")
            problem.__cause__ = error
            future.set_exception(problem)
            self._on_error(problem)
        else:
            future.set_result(info)
