"""The heart of the application: stores and their sessions, the pages, and what connects them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from crashdesk import AccountMode, CheckpointInfo, __version__
from crashdesk.clock import Clock
from crashdesk.config import StoreManifest
from crashdesk.exchange.protocol import Exchange
from crashdesk.inspection import StoreView
from crashdesk.verification import Verification, verify_store
from crashdesk_gui.connection import ExchangeAccess
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.connecting import Connecting
from crashdesk_gui.controllers.restarting import Restarting
from crashdesk_gui.desk_pages import make_pages
from crashdesk_gui.desk_words import comparison_words, exchange_line, health, report_words, verification_words
from crashdesk_gui.dialogs.about import AboutDialog
from crashdesk_gui.dialogs.confirm import confirm
from crashdesk_gui.dialogs.leaving import Confirm, may_leave
from crashdesk_gui.errors import explain
from crashdesk_gui.exporting import reveal
from crashdesk_gui.jobs import JobRunner, Progress
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import Situation, Standing, judge
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.main_window import MainWindow
from crashdesk_gui.views.sidebar import StoreEntry
from crashdesk_gui.widgets.empty import Choice, EmptyState

_log = logging.getLogger(__name__)

AskDirectory = Callable[[QWidget, str], str]
"""Asks for a directory: (parent, title) -> path, empty when declined."""


def ask_directory(parent: QWidget, title: str) -> str:
    """Ask with the system's dialog."""
    return QFileDialog.getExistingDirectory(parent, title)


class Desk(QObject):
    """Owns the window, a session per open store, and the ways between the pages.

    `open_exchange` opens the exchange of every store, in place of keys from the environment or a dialog; `restart_bot`
    starts the bot again and returns when it has recovered (both are called in a worker thread); `start_demo` opens the
    demonstration; `remember` puts opened stores on the list of the next start.

    Signals: `store_opened(StoreSession)`.
    """

    store_opened = Signal(object)

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
        self._reviewed: set[str] = set()
        self._to_compare: set[str] = set()
        self._to_connect: set[str] = set()
        self._opener = JobRunner(self)
        self.connecting = Connecting(ui, access or ExchangeAccess(clock=clock), open_exchange, self)
        self.restarting = Restarting(restart_bot, self)
        runners = (self._opener, self.restarting.runner, self.connecting.lookups, self.connecting.reads)
        self.window = MainWindow(ui, runners)
        self.pages = make_pages(ui, log or LogFeed(self))
        self._build()
        self._connect_window()
        self._connect_pages()
        self._show_restart()

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
            on_failed=lambda error: self._show_problem(self.tr("Opening {0}").format(path), error),
            owner=self,
        )

    def add_view(self, view: StoreView) -> StoreSession:
        """Show a store that was opened already, and connect its exchange where the keys are known."""
        key = str(view.directory.resolve())
        if key in self._sessions:
            view.close()
            self.select_store(key)
            return self._sessions[key]
        session = StoreSession(view, who=self._who, clock=self._clock, parent=self)
        self._sessions[key] = session
        self._follow(session)
        if self._remember:
            self.ui.settings.add_recent_store(key)
        self._show_stores()
        self.select_store(key)
        self._to_connect.add(session.key)
        session.start()
        _log.info("opened the store %s", key)
        self.store_opened.emit(session)
        return session

    def select_store(self, store_id: str) -> None:
        """Show an open store on the page that was open for it last; an unknown id shows none."""
        self._current = store_id if store_id in self._sessions else ""
        session = self.session
        self.window.set_current_store(self._current)
        self.window.set_subject(session.view.name if session else "")
        self.window.banner.hide()
        self.pages.set_session(session)
        if session is not None:
            self.window.show_page(self.ui.settings.page(self._current))
        self._show_session(session)

    def close_store(self, store_id: str) -> None:
        """Take a store off the list; its files stay as they are. Refused while a job of it runs."""
        session = self._sessions.get(store_id)
        if session is None:
            return
        if session.busy:
            text = self.tr("{0} is still being worked on. Wait or cancel that first, then remove it.")
            self.window.banner.show_message(text.format(session.view.name), Tone.WARNING)
            return
        del self._sessions[store_id]
        self.ui.settings.remove_recent_store(store_id)
        self._show_stores()
        if store_id == self._current:
            self.select_store(next(iter(self._sessions), ""))
        session.close()
        session.deleteLater()

    def close(self) -> None:
        """End every job (bounded) and close every store; call it when the window is gone."""
        self.ui.display.ticked.disconnect(self._show_health)
        self.ui.display.changed.disconnect(self._show_health)
        for part in (self._opener, self.connecting, self.restarting):
            part.close()
        for session in self.sessions:
            session.close()

    def situation(self, session: StoreSession) -> Situation | None:
        """How a store stands; None while nothing is known of it."""
        if session.overview is None:
            return None
        return judge(
            session.overview,
            connected=session.exchange is not None,
            comparison=session.comparison,
            report=session.report,
            reviewed=self._reviewed,
            own_pid=os.getpid(),
        )

    # Wiring

    def _build(self) -> None:
        for spec in self.pages.specs():
            self.window.add_page(spec)
        choices = [Choice(self.tr("Open a store…"), self._ask_store, "open")]
        if self._start_demo is not None:
            choices.append(Choice(self.tr("Try the demonstration"), self._start_demo, "play"))
        text = self.tr(
            "A store is the directory in which a bot keeps its checkpoints. Opening one only reads. The demonstration "
            "brings its own bot and its own exchange, and needs no account."
        )
        self.window.set_welcome(
            EmptyState(self.ui, self.tr("Welcome to Crashdesk"), text, icon="store", choices=choices)
        )
        self.window.commands.set_enabled(self._start_demo is not None, "demo")
        self.window.installEventFilter(self)

    def _connect_window(self) -> None:
        window = self.window
        window.store_selected.connect(self.select_store)
        window.page_shown.connect(self._on_page_shown)
        window.open_store_requested.connect(self._ask_store)
        window.recent_store_requested.connect(self.open_store)
        window.demo_requested.connect(self._on_demo)
        window.connect_requested.connect(self._connect_exchange)
        window.refresh_requested.connect(self._compare)
        window.verify_requested.connect(self._verify)
        window.show_in_files_requested.connect(lambda store_id: reveal(Path(store_id)))
        window.close_store_requested.connect(self.close_store)
        window.about_requested.connect(self._show_about)
        self.ui.display.ticked.connect(self._show_health)
        self.ui.display.changed.connect(self._show_health)

    def _connect_pages(self) -> None:
        pages = self.pages
        for page in (pages.overview, pages.orphans, pages.recovery):
            page.page_wanted.connect(self.window.show_page)
        pages.overview.compare_wanted.connect(self._compare)
        pages.overview.connect_wanted.connect(self._connect_exchange)
        pages.overview.restart_wanted.connect(self.restarting.start)
        pages.orphans.exchange_wanted.connect(self._connect_exchange)
        pages.recovery.exchange_wanted.connect(self._connect_exchange)
        pages.recovery.restart_wanted.connect(self.restarting.start)
        pages.history.checkpoint_selected.connect(lambda info: pages.positions.select_checkpoint(info.seq))
        pages.positions.checkpoint_selected.connect(lambda info: pages.history.select_checkpoint(info.seq))
        pages.history.recover_wanted.connect(self._recover_from)
        self.connecting.connected.connect(self._on_connected)
        self.connecting.failed.connect(lambda _session, error: self._show_problem(self.tr("Connecting"), error))
        self.restarting.changed.connect(self._show_restart)
        self.restarting.done.connect(self._on_restarted)
        self.restarting.failed.connect(partial(self._show_problem, self.tr("Starting the bot")))

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
        session.comparison_changed.connect(
            lambda found: _log.info("%s: %s", session.view.name, comparison_words(found.plan)) if found else None
        )
        session.report_ready.connect(lambda report: _log.info("%s: %s", session.view.name, report_words(report)))
        session.overview_changed.connect(lambda _overview: self._on_overview(session))
        session.failed.connect(lambda what, error: self._on_failed(session, what, error))
        self.window.watch(session.runner)

    # Reactions

    def _on_page_shown(self, page_id: str) -> None:
        if self._current:
            self.ui.settings.set_page(self._current, page_id)
        self._note_review()

    def _note_review(self) -> None:
        """Orphan orders that were on the screen count as looked at; deciding on them goes on in the recovery."""
        session = self.session
        if session is None or session.comparison is None or self.window.current_page() != "orphans":
            return
        self._reviewed.add(session.comparison.plan.id)
        self.pages.overview.set_reviewed(frozenset(self._reviewed))

    def _on_connected(self, session: StoreSession) -> None:
        self._to_compare.add(session.key)
        _log.info("%s is connected to %s", session.view.name, session.exchange.id if session.exchange else "nothing")
        self._compare_first(session)

    def _on_overview(self, session: StoreSession) -> None:
        """The store's own answer comes first; opening an exchange, and importing what that takes, can wait for it."""
        if session.key in self._to_connect:
            self._to_connect.discard(session.key)
            self.connecting.connect_known(session)
        self._compare_first(session)

    def _compare_first(self, session: StoreSession) -> None:
        """Compare by itself once an exchange is connected and the store is read, unless a bot is at work."""
        situation = self.situation(session)
        if situation is None or session.exchange is None or session.key not in self._to_compare:
            return
        self._to_compare.discard(session.key)
        if situation.standing is not Standing.RUNNING:
            session.compare()

    def _on_failed(self, session: StoreSession, what: str, error: Exception) -> None:
        self._show_session(session)
        if session is self.session:
            self._show_problem(what, error)
        else:
            _log.warning("%s: %s: %s", session.view.name, what, error)

    def _on_restarted(self) -> None:
        self.window.banner.show_message(self.tr("The bot runs again and has restored the recovered state."), Tone.OK)
        if self.session is not None:
            self.session.refresh()
            self.session.compare()

    def _on_demo(self) -> None:
        if self._start_demo is not None:
            self._start_demo()

    def _ask_store(self) -> None:
        directory = self._ask_path(self.window, self.tr("Open a store"))
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

    def _recover_from(self, info: CheckpointInfo) -> None:
        self.pages.recovery.choose_checkpoint(info)
        self.window.show_page("recovery")

    def _verify(self) -> None:
        session = self.session
        if session is None:
            return

        def work(progress: Progress) -> Verification:
            return verify_store(session.view, progress.report)

        def verified(found: Verification) -> None:
            self.window.banner.show_message(*verification_words(found))
            session.recheck()

        self._opener.run(
            work,
            title=self.tr("Verifying all checkpoints"),
            on_done=verified,
            on_failed=lambda error: self._show_problem(self.tr("Verifying all checkpoints"), error),
            owner=session,
        )

    def _show_about(self) -> None:
        dialog = AboutDialog(self.ui, __version__, parent=self.window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # Showing

    def _show_problem(self, what: str, error: Exception) -> None:
        told = explain(error)
        _log.warning("%s: %s", what, told.title)
        self.window.banner.show_message(f"{what}: {told.title.rstrip('.')}. {told.meaning} {told.advice}", Tone.DANGER)

    def _show_stores(self) -> None:
        self.window.set_stores([self._entry(session) for session in self.sessions])

    def _entry(self, session: StoreSession) -> StoreEntry:
        status, word = health(self.situation(session), self.ui.display, failed=session.overview_error is not None)
        live = self.connecting.live(session)
        if live is None and session.view.manifest is not None and session.view.manifest.exchange:
            live = session.view.manifest.mode is AccountMode.LIVE
        return StoreEntry(id=session.key, name=session.view.name, status=status, health=word, live=live)

    def _show_health(self) -> None:
        for session in self.sessions:
            entry = self._entry(session)
            self.window.set_health(entry.id, entry.status, entry.health)

    def _show_session(self, session: StoreSession | None) -> None:
        self._show_stores()
        if session is not self.session:
            return
        situation = self.situation(session) if session else None
        live = self.connecting.live(session) if session else None
        self.pages.overview.set_live(live)
        self.window.set_exchange_line(exchange_line(session, live) if session else None)
        waiting = situation is not None and situation.standing is not Standing.RUNNING
        self.window.set_badge("orphans", len(situation.deciding) if situation and waiting else 0)
        self._note_review()

    def _show_restart(self) -> None:
        self.pages.recovery.set_restart_available(self.restarting.possible and not self.restarting.under_way)
        self.pages.overview.set_restart(possible=self.restarting.possible, under_way=self.restarting.under_way)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        closing = watched is self.window and event.type() == QEvent.Type.Close
        if closing and not may_leave(self.ui, self.sessions, self._confirm, self.window):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
