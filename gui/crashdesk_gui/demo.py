"""The demonstration in the desk: an incident staged in the background, opened when it is there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from crashdesk.cli_demonstration import killed_words
from crashdesk.demo.incident import Incident, stage_incident
from crashdesk.demo.setting import Setting, setting_of
from crashdesk.demo.start_request import StartAnswer, answer_request, take_request
from crashdesk.errors import DemoError
from crashdesk_gui.controllers.restarting import Restarting
from crashdesk_gui.desk import Desk
from crashdesk_gui.errors import explain
from crashdesk_gui.jobs import Job, JobRunner, Progress
from crashdesk_gui.language import Language
from crashdesk_gui.widgets.empty import ErrorState, LoadingState

# How far the bar is, of 100, when the day is traded and the crash and its aftermath follow.
_TRADED = 90
_LOOK_EVERY_MS = 250


class Demonstration(QObject):
    """Stages one incident in the background and ends everything of it at `close`.

    Signals: `staged(Path)` with the store to open, `failed(Exception)`.
    """

    staged = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        directory: Path,
        *,
        setting: Setting | None = None,
        seed: int = 0,
        hours: float = 24,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._setting = setting
        self._directory = directory
        self._seed = seed
        self._hours = hours
        self._incident: Incident | None = None
        self.runner = JobRunner(self)
        self._asked = False
        self._mailbox = QTimer(self, interval=_LOOK_EVERY_MS)

    def begin(self, desk: Desk) -> None:
        """Stage the incident, telling the desk how it goes, and open its store there."""
        desk.watch(self.runner)
        desk.set_welcome(lambda: self._waiting(desk))
        self.staged.connect(desk.open_store)
        self.failed.connect(lambda error: desk.set_welcome(lambda: self._stopped(desk, error)))
        self.staged.connect(lambda _store: self._mailbox.start())
        self._mailbox.timeout.connect(lambda: self._look_for_request(desk.restarting))
        desk.restarting.done.connect(lambda: self._answer(StartAnswer()))
        desk.restarting.failed.connect(lambda error: self._answer(StartAnswer(problem=str(error))))
        self.runner.run(
            self._stage,
            title=self.tr("The sample bot trades a day"),
            on_done=self._on_staged,
            on_failed=self.failed.emit,
            cancellable=False,
            owner=self,
        )

    def restart_bot(self) -> object:
        """Start the incident's bot again; returns when it has recovered. Raises DemoError."""
        if self._incident is None:
            raise DemoError("there is no incident yet; wait until the demonstration is staged")
        return self._incident.restart_bot()

    def _look_for_request(self, restarting: Restarting) -> None:
        """Start the bot where another terminal asks for it; one that is being started already answers as well."""
        with contextlib.suppress(OSError):  # the store may be gone, and its request with it
            if take_request(self._directory):
                self._asked = True
                restarting.start()

    def _answer(self, answer: StartAnswer) -> None:
        if not self._asked:
            return
        self._asked = False
        with contextlib.suppress(OSError):  # who asked waits for a bounded time
            answer_request(self._directory, answer)

    def close(self) -> None:
        """End the bot and the exchange."""
        self._mailbox.stop()
        self.runner.close(60_000)
        if self._incident is not None:
            self._incident.close()

    def _waiting(self, desk: Desk) -> LoadingState:
        waiting = LoadingState(
            desk.ui, self.tr("A sample bot is trading a day on an embedded exchange, and will be killed")
        )

        def show(job: Job) -> None:
            waiting.set_progress(job.done, job.total, job.text)

        self.runner.progressed.connect(show)
        waiting.destroyed.connect(lambda: self.runner.progressed.disconnect(show))
        for job in self.runner.jobs[:1]:
            show(job)
        return waiting

    def _stopped(self, desk: Desk, error: Exception) -> ErrorState:
        told = explain(error)
        return ErrorState(desk.ui, told.title, meaning=told.meaning, remedy=told.advice)

    def _stage(self, progress: Progress) -> Incident:
        def traded(part: float) -> None:
            progress.report(
                int(part * _TRADED),
                100,
                self.tr("{0} of {1} hours traded").format(int(part * self._hours), f"{self._hours:g}"),
            )

        def say(text: str) -> None:
            progress.report(_TRADED, 100, text)

        return stage_incident(
            self._directory, setting=self._setting, seed=self._seed, hours=self._hours, say=say, traded=traded
        )

    def _on_staged(self, incident: Incident) -> None:
        self._incident = incident
        self.staged.emit(incident.directory)


def demonstrate(
    directory: Path,
    *,
    exchange: str,
    seed: int,
    hours: float,
    theme: str | None,
    language: str | None,
    screenshots: Path | None,
    say: Callable[[str], None] = lambda text: print(text, flush=True),
) -> int:
    """``crashdesk demo``: open the desk on an incident, or save pictures of handling one. Returns the exit code.

    Raises CrashdeskError.
    """
    if screenshots is None:
        from crashdesk_gui.app import run

        demonstration = Demonstration(directory, setting=setting_of(exchange), seed=seed, hours=hours)
        demonstration.staged.connect(lambda store: say(killed_words(store)))
        try:
            return run(
                [],
                theme=theme,
                language=language,
                restart_bot=demonstration.restart_bot,
                remember=False,
                on_ready=demonstration.begin,
            )
        finally:
            demonstration.close()
    _make_directory(screenshots)
    # Decided before Qt starts: pictures need no screen, and must not depend on the one there is.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from crashdesk_gui.screenshots import photograph_incident

    # An incident is over once it is handled: each language has one of its own, the same by its seed.
    with tempfile.TemporaryDirectory(prefix="crashdesk-demo-", ignore_cleanup_errors=True) as temporary:
        languages = [Language(language)] if language else [Language.ENGLISH, Language.CHINESE]
        stores = [directory, Path(temporary) / "store"]
        for spoken, store in zip(languages, stores, strict=False):
            with stage_incident(store, setting=setting_of(exchange), seed=seed, hours=hours, say=say) as incident:
                for path in photograph_incident(incident, screenshots, theme=theme, language=spoken):
                    say(str(path))
    return 0


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoError(
            f"{directory} cannot be created: {error.strerror or error}; choose another directory"
        ) from error
