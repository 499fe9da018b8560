"""The heart of the application: stores and their sessions, the pages, and what connects them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from crashdesk.clock import Clock
from crashdesk.config import StoreManifest
from crashdesk.exchange.protocol import Exchange
from crashdesk.inspection import StoreView
from crashdesk_gui.connection import ExchangeAccess
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.connecting import Connecting
from crashdesk_gui.controllers.first_look import FirstLook
from crashdesk_gui.controllers.plans_seen import PlansSeen
from crashdesk_gui.controllers.problem_banner import ProblemBanner
from crashdesk_gui.controllers.reading_again import ReadingAgain
from crashdesk_gui.controllers.restart_news import say_restarted
from crashdesk_gui.controllers.restarting import Restarting
from crashdesk_gui.controllers.settings_report import SettingsReport
from crashdesk_gui.controllers.speaking import Speaking
from crashdesk_gui.controllers.verifying import verify
from crashdesk_gui.desk_frame import Frame, connect_pages, make_frame, welcome
from crashdesk_gui.desk_pages import Pages
from crashdesk_gui.desk_words import (
    deciding_explained,
    exchange_line,
    situation_of,
    still_worked_on,
    store_entries,
)
from crashdesk_gui.dialogs.confirm import confirm
from crashdesk_gui.dialogs.directory import AskDirectory, ask_directory
from crashdesk_gui.dialogs.leaving import Confirm, may_leave
from crashdesk_gui.exporting import reveal
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.language import Languages
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.news_log import log_closed, log_news, log_opened
from crashdesk_gui.reading.store import StoreReader
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import Situation, Standing
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.main_window import MainWindow
from crashdesk_gui.views.sidebar import StoreEntry


class Desk(QObject):
    """Owns the window, a session per open store, and the ways between the pages.

    `open_exchange` opens the exchange of every store, in place of keys from the environment or a dialog; `restart_bot`
    starts the bot again and returns when it has recovered (both are called in a worker thread); `start_demo` opens the
    demonstration; `remember` puts opened stores on the list of the next start; without `languages` the desk speaks
    what it spoke at its start. `window` and `pages` are others after a change of the language.

    Signals: `store_opened(StoreSession)`, `window_changed(MainWindow)` when another window took the place of the first.
    """

    store_opened = Signal(object)
    window_changed = Signal(object)

    def __init__(
        self,
        ui: UiContext,
        *,
        who: str,
        clock: Clock,
        open_exchange: Callable[[StoreManifest], Exchange] | None = None,
        restart_bot: Callable[[], object] | None = None,
        start_demo: Callable[[], object] | None = None,
        access: ExchangeAccess | None = None,
        log: LogFeed | None = None,
        ask_path: AskDirectory = ask_directory,
        confirm: Confirm = confirm,
        remember: bool = True,
        languages: Languages | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.ui = ui
        self._who = who
        self._clock = clock
        self._ask_path = ask_path
        self._confirm = confirm
        self._start_demo = start_demo
        self._remember = remember
        self._sessions: dict[str, StoreSession] = {}
        self._current = ""
        self._seen = PlansSeen(lambda: self._frame, lambda: self.session)
        self._problems = ProblemBanner(lambda: self._frame, self)
        self.speaking = Speaking(ui, languages, self)
        self._log_feed = log or LogFeed(self)
        self._make_welcome: Callable[[], QWidget] = partial(welcome, ui, self._ask_store, start_demo)
        self._opener = JobRunner(self)
        self.connecting = Connecting(ui, access or ExchangeAccess(clock=clock), open_exchange, self)
        self._first_look = FirstLook(self.connecting, self.situation)
        self.restarting = Restarting(restart_bot, self)
        self._reading_again = ReadingAgain(clock, busy=self._busy, in_hand=self._seen.in_hand, parent=self)
        self._runners = [self._opener, self.restarting.runner, self.connecting.lookups, self.connecting.reads]
        self._settings_report = SettingsReport(ui.settings)
        self._frame = self._framed()
        self._connect_parts()
        self._show_restart()
        self._settings_report.tell(self.window.banner)

    @property
    def window(self) -> MainWindow:
        """The window that is shown now."""
        return self._frame.window

    @property
    def pages(self) -> Pages:
        """The pages of that window."""
        return self._frame.pages

    def watch(self, runner: JobRunner) -> None:
        """Show the progress of a runner's jobs, in this window and in those that follow it."""
        self._runners.append(runner)
        self.window.watch(runner)

    def set_welcome(self, make: Callable[[], QWidget]) -> None:
        """Show what `make` returns while no store is open, in this window and in those that follow it."""
        self._make_welcome = make
        self.window.set_welcome(make())

    # Stores

    @property
    def session(self) -> StoreSession | None:
        """The store that is shown."""
        return self._sessions.get(self._current)

    @property
    def sessions(self) -> tuple[StoreSession, ...]:
        """Every open store, in the order of the sidebar."""
        return tuple(self._sessions.values())

    def open_store(self, directory: str | os.PathLike[str]) -> None:
        """Open a store in the background and show it; one that is open already is only shown."""
        path = Path(directory)
        self._opener.run(
            lambda _progress: StoreView(path.resolve(), clock=self._clock),
            title=self.tr("Opening {0}").format(path.name),
            on_done=self.add_view,
            on_failed=lambda error: self._problems.show(
                lambda: self.tr("Opening {0}").format(path), error, task=f"Opening the store {path}"
            ),
            owner=self,
        )

    def add_view(self, view: StoreView, reader: StoreReader | None = None) -> StoreSession:
        """Show a store that was opened already, and connect its exchange where the keys are known.

        `reader` is one of that view which has begun to read.
        """
        key = str(view.directory.resolve())
        if key in self._sessions:
            view.close()
            self.select_store(key)
            return self._sessions[key]
        session = StoreSession(view, who=self._who, clock=self._clock, reader=reader, parent=self)
        self._sessions[key] = session
        self._follow(session)
        if self._remember:
            self.ui.settings.add_recent_store(key)
        self._show_stores()
        self.select_store(key)
        self._first_look.begin(session)
        session.start()
        self.store_opened.emit(session)
        return session

    def select_store(self, store_id: str) -> None:
        """Show an open store on the page that was open for it last; an unknown id shows none."""
        self._current = store_id if store_id in self._sessions else ""
        session = self.session
        self.window.set_current_store(self._current)
        if not self._settings_report.is_on(self.window.banner):
            self.window.banner.hide()
        self.pages.set_session(session)
        self._settings_report.tell(self.window.banner)
        if session is not None:
            self.window.show_page(self.ui.settings.page(self._current))
        self._show_session(session)

    def close_store(self, store_id: str) -> None:
        """Take a store off the list; its files stay as they are. Refused while a job of it runs."""
        session = self._sessions.get(store_id)
        if session is None:
            return
        if session.busy:
            name = session.view.name
            self.window.banner.show_message(lambda: still_worked_on(name), Tone.WARNING)
            return
        del self._sessions[store_id]
        self.ui.settings.remove_recent_store(store_id)
        self._show_stores()
        if store_id == self._current:
            self.select_store(next(iter(self._sessions), ""))
        log_closed(session)
        self._reading_again.forget(session)
        session.close()
        session.deleteLater()

    def close(self) -> None:
        """End every job (bounded) and close every store; call it when the window is gone."""
        self.ui.display.ticked.disconnect(self._show_health)
        self.ui.display.changed.disconnect(self._show_health)
        self.pages.make_no_more()
        for part in (self._reading_again, self._opener, self.connecting, self.restarting):
            part.close()
        for session in self.sessions:
            session.close()

    def situation(self, session: StoreSession) -> Situation | None:
        """How a store stands; None while nothing is known of it."""
        return situation_of(session, self._seen.reviewed)

    # Wiring

    def _framed(self) -> Frame:
        """A window with its pages, connected."""
        frame = make_frame(self.ui, self._log_feed, (*self._runners, *(each.runner for each in self.sessions)))
        frame.window.set_welcome(self._make_welcome())
        frame.window.commands.set_enabled(self._start_demo is not None, "demo")
        frame.window.set_language(self.speaking.choice)
        frame.window.about_requested.connect(frame.show_about)
        frame.window.installEventFilter(self)
        self._connect_window(frame.window)
        frame.pages.when_made("recovery", lambda: frame.pages.recovery.step_shown.connect(self._show_badge))
        connect_pages(frame.pages, compare=self._compare, exchange=self._connect_exchange, restarting=self.restarting)
        return frame

    def _connect_window(self, window: MainWindow) -> None:
        window.store_selected.connect(self.select_store)
        window.page_shown.connect(self._on_page_shown)
        window.open_store_requested.connect(self._ask_store)
        window.recent_store_requested.connect(self.open_store)
        if self._start_demo is not None:
            window.demo_requested.connect(self._start_demo)
        window.connect_requested.connect(self._connect_exchange)
        window.refresh_requested.connect(self._compare)
        window.verify_requested.connect(self._verify)
        window.show_in_files_requested.connect(lambda store_id: reveal(Path(store_id)))
        window.close_store_requested.connect(self.close_store)
        window.language_requested.connect(self.speaking.speak)

    def _connect_parts(self) -> None:
        self.ui.display.ticked.connect(self._show_health)
        self.ui.display.changed.connect(self._show_health)
        self.speaking.changed.connect(self._change_window)
        self.speaking.refused.connect(lambda why: self._frame.refuse_language(self.speaking.choice, why))
        self.connecting.connected.connect(self._first_look.on_connected)
        self.connecting.absence_changed.connect(self._show_session)
        self.connecting.failed.connect(self._on_not_connected)
        self._reading_again.changed.connect(self._show_session)
        self.restarting.changed.connect(self._show_restart)
        self.restarting.changed.connect(self._reading_again.look_again)
        self.restarting.done.connect(self._on_restarted)
        self.restarting.failed.connect(self._on_not_restarted)

    def _follow(self, session: StoreSession) -> None:
        def changed(*_news: object) -> None:
            self._show_session(session)

        for signal in (
            session.overview_changed,
            session.comparison_changed,
            session.exchange_changed,
            session.report_ready,
            session.busy_changed,
        ):
            signal.connect(changed)
        session.decisions_changed.connect(self._show_badge)
        log_opened(session)
        log_news(session)
        self._reading_again.follow(session)
        session.overview_changed.connect(lambda _overview: self._first_look.on_overview(session))
        session.overview_changed.connect(lambda _overview: self._on_readable(session))
        session.failed.connect(lambda _what, error: self._on_failed(session, error))
        self.window.watch(session.runner)

    def _change_window(self) -> None:
        older, place = self._frame, self._frame.place()
        older.window.removeEventFilter(self)
        older.let_go()
        self._frame = self._framed()
        self._show_restart()
        # The list first: one without a current store takes its first, as soon as the keyboard comes to it.
        self._show_stores()
        self.select_store(self._current)
        self._frame.take_over(older, place)
        self.window_changed.emit(self.window)

    # Reactions

    def _on_page_shown(self, page_id: str) -> None:
        if self._current:
            self.ui.settings.set_page(self._current, page_id)
        self._problems.say_once(self.session)
        self._show_badge()
        self._reading_again.look_again()

    def _on_not_connected(self, session: StoreSession, error: Exception) -> None:
        task = f"Connecting {session.view.name} to its exchange"
        self._problems.show(lambda: self.tr("Connecting"), error, session, task=task)

    def _on_not_restarted(self, error: Exception) -> None:
        task = f"Starting the bot of {self.session.view.name}" if self.session else "Starting the bot"
        self._problems.show(lambda: self.tr("Starting the bot"), error, task=task)

    def _on_failed(self, session: StoreSession, error: Exception) -> None:
        self._show_session(session)
        if session is self.session:
            self._problems.show_failed(error, session)

    def _on_readable(self, session: StoreSession) -> None:
        if session is self.session:
            self._problems.take_back_unreadable()

    def _on_restarted(self) -> None:
        say_restarted(lambda: self.window.banner, self.session, self)
        if self.session is not None:
            self.session.refresh()
            self.session.compare()

    def _busy(self, session: StoreSession) -> bool:
        return session.busy or self.restarting.under_way

    def _ask_store(self) -> None:
        directory = self._ask_path(self.window.menuBar(), self.tr("Open a store"))
        if directory:
            self.open_store(directory)

    def _connect_exchange(self) -> None:
        if self.session is not None:
            self.connecting.ask(self.session, self.window)

    def _compare(self) -> None:
        session = self.session
        if session is None or session.busy:
            return
        if session.exchange is None:
            self._connect_exchange()
        else:
            self.window.banner.hide()
            session.compare()

    def _verify(self) -> None:
        if self.session is not None:
            verify(self._opener, self.session, lambda: self.window.banner, self._problems)

    # Showing

    def _show_stores(self) -> None:
        self.window.set_stores(self._entries())

    def _entries(self) -> list[StoreEntry]:
        return store_entries(self.sessions, self.situation, self.connecting.live, self.ui.display)

    def _show_health(self) -> None:
        for entry in self._entries():
            self.window.set_health(entry.id, entry.status, entry.health)

    def _show_session(self, session: StoreSession | None) -> None:
        self._show_stores()
        if session is not self.session:
            return
        live = self.connecting.live(session) if session else None
        self.pages.overview.set_live(live)
        absence = self.connecting.absence(session) if session else ""
        line = self._reading_again.told_in(exchange_line(session, live, absence), session) if session else None
        self.window.set_exchange_line(line)
        self._show_badge()

    def _show_badge(self) -> None:
        """How many orphan orders need a decision, now that the operator has seen what is in front."""
        self._seen.note()
        situation = self.situation(self.session) if self.session else None
        deciding = len(situation.deciding) if situation and situation.standing is not Standing.RUNNING else 0
        self.window.set_badge("orphans", deciding, tip=deciding_explained(deciding))

    def _show_restart(self) -> None:
        if self.pages.is_made("recovery"):
            self.pages.recovery.set_restart_available(self.restarting.offered)
        self.pages.overview.set_restart(possible=self.restarting.possible, under_way=self.restarting.under_way)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        closing = watched is self.window and event.type() == QEvent.Type.Close
        if closing and not may_leave(self.ui, self.sessions, self._confirm, self.window):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
