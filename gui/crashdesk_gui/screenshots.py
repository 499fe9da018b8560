"""Pictures of every page of the incident, taken from the real desk while it handles a real one, without a screen.

A picture is taken when what it shows is there, and not after some time: a machine that is busy takes longer.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from crashdesk import StoreManifest, __version__
from crashdesk.clock import SystemClock
from crashdesk.demo.incident import Incident
from crashdesk.errors import DemoError
from crashdesk.inspection import StoreView
from crashdesk_gui.app import listen_to_log, make_application, make_ui
from crashdesk_gui.connection import ExchangeAccess, connection_of
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.about import AboutDialog
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.dialogs.palette import CommandPalette
from crashdesk_gui.dialogs.shortcuts import ShortcutSheet
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeMode
from crashdesk_gui.views.connect_dialog import ConnectDialog
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.empty import LoadingState
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.table import RecordTableView

SIZE = (1280, 800)
_PATIENCE_S = 60.0
_QUIET_TURNS = 6
_TURN_S = 0.02
_WITH_A_SELECTION = ("orphans", "checkpoints")
"""The tables beside which the selected row is told in full."""


class Photographer:
    """Waits for the desk to show something and saves it, once a theme, as ``<name>-<theme><suffix>.png``."""

    def __init__(
        self,
        app: QApplication,
        desk: Desk,
        directory: Path,
        themes: Sequence[ThemeMode],
        suffix: str = "",
        *,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._app = app
        self._desk = desk
        self._directory = directory
        self._themes = themes
        self._suffix = suffix
        self._patience_s = patience_s
        self.taken: list[Path] = []

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Let the desk work until `condition` holds. Raises DemoError when it never does."""
        self._wait(lambda: "" if condition() else f"the desk did not come to show {what}")

    def settle(self, subject: QWidget | None = None) -> None:
        """Let the desk work until everything is there that the window, or `subject`, is about to show, and nothing moves.

        Raises DemoError when that never comes.
        """
        shown = subject or self._desk.window
        quiet = 0

        def restless() -> str:
            nonlocal quiet
            left = next(_unfinished(self._desk, shown), "")
            # Between two parts of its work a desk seems to have finished.
            quiet = 0 if left else quiet + 1
            return left or ("" if quiet > _QUIET_TURNS else "the desk did not come to rest")

        self._wait(restless)

    def _wait(self, lacking: Callable[[], str]) -> None:
        """Let the desk work until nothing is `lacking`. Raises DemoError with what is."""
        deadline = time.monotonic() + self._patience_s
        while left := lacking():
            if time.monotonic() > deadline:
                raise DemoError(f"no picture was saved: {left} within {self._patience_s:.0f} s")
            self._app.processEvents()
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            time.sleep(_TURN_S)

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Save the window, or `widget`, in each theme.

        Raises DemoError when it never shows everything, and when a file cannot be written.
        """
        subject = widget or self._desk.window
        for mode in self._themes:
            self._desk.ui.themes.set_mode(mode)
            self.settle(subject)
            path = self._directory / f"{name}-{mode.value}{self._suffix}.png"
            if not subject.grab().save(str(path)):
                raise DemoError(f"{path} cannot be written; check the directory and its free space")
            self.taken.append(path)

    def page(self, page: str, name: str, *, content: bool = True) -> None:
        """Show a page of the window and take it, with its content unless it is to have none. Raises DemoError."""
        self._desk.window.show_page(page)
        shown = self._desk.pages.page(page)
        if content:
            self.until(lambda: shown.showing_content, f"the content of the page {page}")
        self.take(name)


def photograph_incident(
    incident: Incident, directory: Path, *, theme: str | None, language: Language = Language.ENGLISH
) -> list[Path]:
    """Handle a staged incident in a desk of its own and return the pictures taken, both themes unless one is named.

    Pictures of a language other than English have its code in their name: ``overview-light-zh_CN.png``. Raises
    DemoError when the desk does not come to show something.
    """
    app = make_application()
    with tempfile.TemporaryDirectory(prefix="crashdesk-settings-") as temporary:
        settings = DeskSettings(QSettings(str(Path(temporary) / "desk.ini"), QSettings.Format.IniFormat))
        languages = Languages(app, language)
        ui = make_ui(app, settings, incident.clock, theme=theme or ThemeMode.LIGHT.value)
        log = listen_to_log()
        desk = Desk(
            ui,
            who="operator",
            clock=incident.clock,
            restart_bot=incident.restart_bot,
            start_demo=lambda: None,
            log=log,
            remember=False,
            languages=languages,
        )
        suffix = "" if language is Language.ENGLISH else f"-{language.value}"
        themes = [ThemeMode(theme)] if theme else [ThemeMode.LIGHT, ThemeMode.DARK]
        photographer = Photographer(app, desk, directory, themes, suffix)
        try:
            desk.window.resize(*SIZE)
            desk.window.show()
            photographer.settle()
            photographer.take("welcome")
            photograph(photographer, desk, incident)
        finally:
            desk.window.close()
            desk.close()
            log.close()
            languages.close()
    return photographer.taken


def photograph(photographer: Photographer, desk: Desk, incident: Incident) -> None:
    """Handle the incident as an operator would, taking each state on the way. Raises DemoError."""
    session = desk.add_view(StoreView(incident.directory, clock=incident.clock))
    photographer.until(lambda: session.comparison is not None and not session.busy, "the comparison")
    _compared(photographer, desk, session)
    session.execute()
    photographer.until(lambda: session.report is not None and not session.busy, "the report")
    _recovered(photographer)
    executed = session.comparison
    desk.restarting.start()
    photographer.until(
        lambda: _running(session) and session.comparison is not executed and not session.busy, "the bot running again"
    )
    photographer.page("overview", "overview-running")
    incident.stop_bot()
    photographer.until(lambda: not _running(session), "the bot stopped again")
    incident.close()
    session.compare()
    photographer.until(lambda: not session.busy, "the exchange gone")
    photographer.page("orphans", "orphans-unreachable", content=False)
    photographer.page("overview", "overview-unreachable")


def _unfinished(desk: Desk, shown: QWidget) -> Iterator[str]:
    """What is still to come in a window or a dialog, in words."""
    for runner in _runners(desk):
        yield from (f"the job {job.title!r} did not end" for job in runner.jobs)
    if any(each.isVisible() for each in shown.findChildren(LoadingState)):
        yield "what was being read was not there"
    for page in shown.findChildren(StatefulPage):
        if page.isVisible() and not page.complete:
            yield f"the page {type(page).__name__} was not complete"
    for table in shown.findChildren(RecordTableView):
        filled = table.objectName() in _WITH_A_SELECTION and table.isVisible() and table.model().rowCount() > 0
        if filled and table.current_record() is None:
            yield f"nothing was selected in the table {table.objectName()}"


def _runners(desk: Desk) -> Iterator[JobRunner]:
    yield from (desk.connecting.lookups, desk.connecting.reads, desk.restarting.runner)
    for session in desk.sessions:
        yield from (session.runner, session.watcher)


def _running(session: StoreSession) -> bool:
    presence = session.overview.presence if session.overview else None
    return presence is not None and presence.running


def _compared(photographer: Photographer, desk: Desk, session: StoreSession) -> None:
    photographer.page("overview", "overview")
    photographer.page("orphans", "orphans")
    photographer.page("history", "history")
    desk.pages.history.show_against_exchange()
    photographer.take("history-exchange")
    photographer.page("positions", "positions")
    for step in (Step.CHECKPOINT, Step.COMPARE, Step.EXECUTE):
        desk.pages.recovery.show_step(step)
        photographer.page("recovery", f"recovery-{step.name.lower()}")
    desk.pages.recovery.show_step(Step.DECIDE)
    photographer.page("recovery", "recovery")
    _dialogs(photographer, desk, session)


def _dialogs(photographer: Photographer, desk: Desk, session: StoreSession) -> None:
    comparison = session.comparison
    assert comparison is not None
    asking = CancellationController(desk.ui, PlanWords(desk.ui.display), parent=desk.window)
    question = asking.question(comparison.plan, session.decisions)
    if question is not None:
        _take_dialog(photographer, "confirm", ConfirmDestructive(desk.ui, question, desk.window))
    _take_dialog(photographer, "connect", _connect_dialog(desk, session))
    palette = CommandPalette(desk.ui, desk.window.commands, desk.window)
    palette.open_over(desk.window)
    _take_dialog(photographer, "palette", palette)
    _take_dialog(photographer, "shortcuts", ShortcutSheet(desk.ui, desk.window.commands, desk.window))
    _take_dialog(photographer, "about", AboutDialog(desk.ui, __version__, parent=desk.window))


def _connect_dialog(desk: Desk, session: StoreSession) -> ConnectDialog:
    manifest = StoreManifest(bot=session.view.name, exchange="binanceusdm", account="main")
    access = ExchangeAccess(clock=SystemClock(), environ={})
    connecting = desk.connecting
    return ConnectDialog(
        desk.ui,
        manifest,
        connection_of(manifest),
        access,
        lookups=connecting.lookups,
        reads=connecting.reads,
        parent=desk.window,
    )


def _take_dialog(photographer: Photographer, name: str, dialog: QDialog) -> None:
    dialog.show()
    photographer.take(name, dialog)
    dialog.close()
    dialog.deleteLater()
    photographer.settle()


def _recovered(photographer: Photographer) -> None:
    photographer.page("recovery", "recovery-report")
    photographer.page("activity", "activity")
    photographer.page("history", "history-recovered")
    photographer.page("overview", "overview-recovered")
