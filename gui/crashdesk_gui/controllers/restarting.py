"""Starting the bot again after a recovery, where the desk has a way to do that."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from crashdesk_gui.jobs import JobRunner


class Restarting(QObject):
    """Runs `restart_bot` in the background, once at a time.

    Signals: `changed()` when it begins or ends, `done()` when the bot runs and has recovered, `failed(Exception)`.
    """

    changed = Signal()
    done = Signal()
    failed = Signal(object)

    def __init__(self, restart_bot: Callable[[], object] | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._restart_bot = restart_bot
        self.runner = JobRunner(self)

    @property
    def possible(self) -> bool:
        """Whether the desk can start the bot at all."""
        return self._restart_bot is not None

    @property
    def under_way(self) -> bool:
        """Whether the bot is being started."""
        return self.runner.busy

    @property
    def offered(self) -> bool:
        """Whether it could be started now."""
        return self.possible and not self.under_way

    def start(self) -> None:
        """Start the bot; without effect while it is being started, or where that is not possible."""
        restart = self._restart_bot
        if restart is None or self.under_way:
            return
        self.runner.run(
            lambda _progress: restart(),
            title=self.tr("Starting the bot"),
            on_done=lambda _news: self._ended(None),
            on_failed=self._ended,
            cancellable=False,
            owner=self,
        )
        self.changed.emit()

    def close(self) -> None:
        """Wait for a start that is under way (bounded)."""
        self.runner.close(30000)

    def _ended(self, error: Exception | None) -> None:
        self.changed.emit()
        if error is None:
            self.done.emit()
        else:
            self.failed.emit(error)
