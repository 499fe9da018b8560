"""The window with its pages: made as one, so that it can be made anew over the same sessions in another language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from crashdesk import CheckpointInfo, __version__
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.restarting import Restarting
from crashdesk_gui.desk_pages import Pages
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.language import Language
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.main_window import MainWindow
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.empty import Choice, EmptyState
from crashdesk_gui.widgets.page_state import PageState

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Place:
    """Where the operator is: the page in front, and what is in hand on each page."""

    page: str
    states: dict[str, PageState]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Frame:
    """A window and the pages in it."""

    window: MainWindow
    pages: Pages

    def place(self) -> Place:
        """Where the operator is now."""
        return Place(self.window.current_page(), self.pages.states())

    def go_to(self, place: Place) -> None:
        """Bring the operator to a place of an earlier frame."""
        self.pages.restore(place.states)
        self.window.show_page(place.page)

    def recover_from(self, info: CheckpointInfo) -> None:
        """Begin a recovery from this checkpoint."""
        self.pages.recovery.choose_checkpoint(info)
        self.window.show_page("recovery")

    def lead_to(self, page_id: str) -> None:
        """Bring the operator from a button to a page; the recovery goes on there where it is to be gone on with."""
        if page_id == "recovery":
            self.pages.recovery.go_on()
        self.window.show_page(page_id)

    def show_report(self) -> None:
        """Show the report of the last recovery."""
        self.pages.recovery.show_step(Step.REPORT)
        self.window.show_page("recovery")

    def let_go(self) -> None:
        """Leave the session; filters, sizes and the window's place are in the settings then, for the next frame to read."""
        self.window.ui.settings.set_geometry(self.window.saveGeometry())
        self.pages.make_no_more()
        self.pages.set_session(None)

    def take_over(self, older: Frame, place: Place) -> None:
        """Come to where `older` was, at `place`, say what it said, and let it vanish."""
        # First, so that a page which says the same can take it back.
        self.window.banner.take_over(older.window.banner)
        self.go_to(place)
        if not older.window.isMaximized() and not older.window.isFullScreen():
            self.window.setGeometry(older.window.geometry())
        # Before the older one goes: an application without a window ends.
        self.window.show()
        older.window.hide()
        older.window.deleteLater()

    def refuse_language(self, choice: Language, why: str) -> None:
        """Go on with `choice`, and say why."""
        self.window.set_language(choice)
        self.window.banner.show_message(why, Tone.WARNING)

    def show_about(self) -> None:
        """Say what this is, and which versions it runs on."""
        from crashdesk_gui.dialogs.about import AboutDialog

        dialog = AboutDialog(self.window.ui, __version__, parent=self.window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def make_frame(ui: UiContext, log: LogFeed, runners: Iterable[JobRunner]) -> Frame:
    """A window that shows the progress of `runners`, not shown yet; its pages are made as they are needed."""
    window = MainWindow(ui, tuple(runners))
    pages = Pages(ui, log, window)
    frame = Frame(window, pages)
    for page_id in pages.IDS:
        pages.when_made(page_id, partial(window.take_page, page_id))
    pages.when_made("overview", lambda: pages.overview.page_wanted.connect(frame.lead_to))
    pages.when_made("orphans", lambda: pages.orphans.page_wanted.connect(frame.lead_to))
    pages.when_made("activity", lambda: pages.activity.report_wanted.connect(frame.show_report))
    pages.when_made("recovery", lambda: pages.recovery.page_wanted.connect(window.show_page))
    pages.when_made("history", lambda: _connect_history(frame))
    pages.when_made("positions", lambda: _connect_positions(frame))
    for spec in pages.specs():
        window.add_page(spec)
    window.page_shown.connect(lambda _page_id: pages.put_off())
    window.closing.connect(pages.make_no_more)
    pages.make_the_rest()
    return frame


def connect_pages(
    pages: Pages, *, compare: Callable[[], object], exchange: Callable[[], object], restarting: Restarting
) -> None:
    """Let the pages ask for a comparison, for an exchange and for the bot's next start."""
    pages.overview.compare_wanted.connect(compare)
    pages.overview.connect_wanted.connect(exchange)
    pages.overview.restart_wanted.connect(restarting.start)

    def connect_recovery() -> None:
        pages.recovery.exchange_wanted.connect(exchange)
        pages.recovery.restart_wanted.connect(restarting.start)
        pages.recovery.set_restart_available(restarting.offered)

    pages.when_made("orphans", lambda: pages.orphans.exchange_wanted.connect(exchange))
    pages.when_made("recovery", connect_recovery)


def _connect_history(frame: Frame) -> None:
    pages = frame.pages
    pages.history.recover_wanted.connect(frame.recover_from)
    pages.history.checkpoint_selected.connect(lambda _info: _mark_in_charts(pages))


def _connect_positions(frame: Frame) -> None:
    pages = frame.pages
    pages.positions.checkpoint_selected.connect(lambda info: pages.history.select_checkpoint(info.seq))
    _mark_in_charts(pages)


def _mark_in_charts(pages: Pages) -> None:
    """Mark the checkpoint of the history in the charts, as soon as both are there."""
    row = pages.history.table.current_record() if pages.is_made("history") else None
    if row is not None and pages.is_made("positions"):
        pages.positions.select_checkpoint(row.info.seq)


def welcome(ui: UiContext, open_store: Callable[[], object], start_demo: Callable[[], object] | None) -> QWidget:
    """What a desk without a store shows: what a store is, and the two ways to begin."""
    choices = [Choice(translate("Desk", "Open a store…"), open_store, "open")]
    if start_demo is not None:
        choices.append(Choice(translate("Desk", "Try the demonstration"), start_demo, "play"))
    text = translate(
        "Desk",
        "A store is the directory in which a bot keeps its checkpoints. Opening one only reads. The demonstration "
        "brings its own bot and its own exchange, and needs no account.",
    )
    return EmptyState(ui, translate("Desk", "Welcome to Crashdesk"), text, icon="store", choices=choices)
