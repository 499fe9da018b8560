"""The desk in states that are the same at every run: the incident over loopback, whose clock stands, in both themes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from loopback_incident import LoopbackIncident
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QApplication, QWidget

from crashdesk.reconcile.records import Action
from crashdesk_gui.connection import ExchangeAccess
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.display import Display
from crashdesk_gui.icons import Icons
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeManager, ThemeMode
from crashdesk_gui.views.recovery_page import Step

SIZE = (1280, 800)
THEMES = (ThemeMode.LIGHT, ThemeMode.DARK)
_PATIENCE_S = 30.0

Picture = tuple[str, QImage]


def languages() -> tuple[Language, ...]:
    """The languages that this machine has letters for."""
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return (Language.ENGLISH, Language.CHINESE) if chinese else (Language.ENGLISH,)


def pictures(app: QApplication, language: Language, theme: ThemeMode) -> Iterator[Picture]:
    """Every state as (name, picture); it takes some seconds."""
    app.setCursorFlashTime(0)
    worn = Languages(app, language)
    with tempfile.TemporaryDirectory(prefix="crashdesk-pictures-") as temporary:
        settings = DeskSettings(QSettings(str(Path(temporary) / "desk.ini"), QSettings.Format.IniFormat))
        with LoopbackIncident(Path(temporary) / "btc-grid") as incident:
            themes = ThemeManager(app, theme)
            ui = UiContext(themes, Icons(themes), Display(now=incident.clock.now_ns), settings)
            access = ExchangeAccess(
                clock=incident.clock,
                environ={},
                from_keyring=lambda _exchange, _account: None,
                opener=lambda _manifest, _keys, _clock: incident.open_exchange(),
            )
            desk = Desk(ui, who="ops", clock=incident.clock, access=access, remember=False)
            desk.window.resize(*SIZE)
            desk.window.show()
            try:
                yield from _Tour(app, desk, incident, f"{theme.value}-{language.value}").go()
            finally:
                window = desk.window
                window.close()
                desk.close()
                # Left to the garbage collector, a timer could be destroyed in a worker's thread, which ends the process.
                for part in (window, desk, ui.display, themes):
                    part.deleteLater()
                app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    worn.close()


class _Tour:
    """One way through the incident, taking each state on it."""

    def __init__(self, app: QApplication, desk: Desk, incident: LoopbackIncident, suffix: str) -> None:
        self._app = app
        self._desk = desk
        self._incident = incident
        self._suffix = suffix

    def go(self) -> Iterator[Picture]:
        desk, incident = self._desk, self._incident
        yield from self._take("welcome")
        desk.open_store(incident.directory)
        self._until(lambda: desk.session is not None and desk.session.comparison is not None)
        self._until(lambda: not desk.session.busy and not desk.session.watcher.busy)
        for page in ("overview", "orphans", "history"):
            yield from self._page(page)
        desk.pages.history.show_against_exchange()
        yield from self._take("history-difference")
        desk.window.show_page("positions")
        self._until(lambda: desk.pages.positions.charts.complete)
        yield from self._take("positions")
        yield from self._recovery()
        yield from self._page("activity")
        desk.window.show_page("overview")
        yield from self._take("overview-recovered")

    def _recovery(self) -> Iterator[Picture]:
        desk, session = self._desk, self._desk.session
        assert session is not None
        assert session.comparison is not None
        desk.window.show_page("recovery")
        for step in (Step.CHECKPOINT, Step.COMPARE, Step.DECIDE, Step.EXECUTE):
            desk.pages.recovery.show_step(step)
            yield from self._take(f"recovery-{step.name.lower()}")
        plan = session.comparison.plan
        session.decide([each for each in plan.orphans if each.protective], Action.CANCEL)
        asking = CancellationController(desk.ui, PlanWords(desk.ui.display), parent=desk.window)
        question = asking.question(plan, session.decisions)
        assert question is not None
        dialog = ConfirmDestructive(desk.ui, question, desk.window)
        dialog.show()
        yield from self._take("confirm", dialog)
        dialog.close()
        dialog.deleteLater()
        session.decide([each for each in plan.orphans if each.protective], Action.ADOPT)
        session.execute()
        self._until(lambda: session.report is not None and not session.busy)
        self._until(lambda: not session.watcher.busy)
        session.refresh()
        self._until(lambda: not session.watcher.busy)
        yield from self._take("recovery-report")

    def _page(self, name: str) -> Iterator[Picture]:
        self._desk.window.show_page(name)
        yield from self._take(name)

    def _take(self, name: str, widget: QWidget | None = None) -> Iterator[Picture]:
        self._settle()
        yield f"{name}-{self._suffix}", (widget or self._desk.window).grab().toImage()

    def _until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, "the desk did not come to show what was to be taken"
            self._app.processEvents()
            time.sleep(0.005)
        self._settle()

    def _settle(self) -> None:
        for _ in range(4):
            self._app.processEvents()
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            time.sleep(0.01)
