"""The window with its pages: made as one, so that it can be made anew over the same sessions in another language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QWidget

from crashdesk import CheckpointInfo
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk_pages import Pages, make_pages
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.language import Language
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.main_window import MainWindow
from crashdesk_gui.widgets.empty import Choice, EmptyState

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Place:
    """Where the operator is: the page in front and the checkpoint that is selected in the history."""

    page: str
    checkpoint: CheckpointInfo | None


@dataclass(frozen=True, slots=True)
class Frame:
    """A window and the pages in it."""

    window: MainWindow
    pages: Pages

    def place(self) -> Place:
        """Where the operator is now."""
        row = self.pages.history.table.current_record()
        return Place(self.window.current_page(), None if row is None else row.info)

    def go_to(self, place: Place) -> None:
        """Bring the operator to a place of an earlier frame."""
        if place.checkpoint is not None:
            self.pages.history.select_checkpoint(place.checkpoint.seq)
        self.window.show_page(place.page)

    def recover_from(self, info: CheckpointInfo) -> None:
        """Begin a recovery from this checkpoint."""
        self.pages.recovery.choose_checkpoint(info)
        self.window.show_page("recovery")

    def let_go(self) -> None:
        """Leave the session; filters, sizes and the window's place are in the settings then, for the next frame to read."""
        self.window.ui.settings.set_geometry(self.window.saveGeometry())
        self.pages.set_session(None)

    def take_over(self, older: Frame, place: Place) -> None:
        """Come to where `older` was, at `place`, and let it vanish."""
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

    @staticmethod
    def open_dialog(dialog: QDialog) -> None:
        """Show a dialog that goes away by itself when it is closed."""
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def make_frame(ui: UiContext, log: LogFeed, runners: Iterable[JobRunner]) -> Frame:
    """A window that shows the progress of `runners`, with every page in it, not shown yet."""
    frame = Frame(MainWindow(ui, tuple(runners)), make_pages(ui, log))
    window, pages = frame.window, frame.pages
    for spec in pages.specs():
        window.add_page(spec)
    for page in (pages.overview, pages.orphans, pages.recovery):
        page.page_wanted.connect(window.show_page)
    pages.history.recover_wanted.connect(frame.recover_from)
    pages.history.checkpoint_selected.connect(lambda info: pages.positions.select_checkpoint(info.seq))
    pages.positions.checkpoint_selected.connect(lambda info: pages.history.select_checkpoint(info.seq))
    return frame


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
