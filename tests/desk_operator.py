"""An operator at the real desk: sees what is visible, clicks what is enabled, answers the dialogs that open."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTabBar, QWidget

from crashdesk.clock import Clock
from crashdesk.config import StoreManifest
from crashdesk.exchange.connect import ExchangeCredentials
from crashdesk.exchange.protocol import Exchange
from crashdesk.reconcile.records import Action
from crashdesk_gui.connection import ExchangeAccess
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.views.main_window import FIRST_SIZE
from crashdesk_gui.widgets.status import Chip
from crashdesk_gui.widgets.table import RecordTableView

PATIENCE_MS = 30_000
_PAGES = ("overview", "history", "positions", "orphans", "recovery", "activity")

Opener = Callable[[StoreManifest, ExchangeCredentials, Clock], Exchange]


class DeskOperator:
    """One desk in one window, and the hands and eyes of who sits before it. `close` ends everything of it.

    `opener` opens the store's exchange, the real way when there is none.
    """

    def __init__(
        self,
        ui: UiContext,
        qtbot: Any,
        clock: Clock,
        *,
        opener: Opener | None = None,
        restart_bot: Callable[[], object] | None = None,
    ) -> None:
        self._qtbot = qtbot
        self.asked: list[str] = []
        access = ExchangeAccess(clock=clock, environ={}, from_keyring=lambda _exchange, _account: None, opener=opener)
        self.desk = Desk(ui, who="ops", clock=clock, access=access, restart_bot=restart_bot)
        self.desk.window.resize(FIRST_SIZE)
        self.desk.window.show()
        self._closed = False

    # The store

    def open(self, directory: Path) -> None:
        """Open a store and wait until it is compared with the exchange, as it is by itself."""
        self.desk.open_store(directory)
        self.wait_until(lambda: self.desk.session is not None and self.desk.session.comparison is not None)
        self.wait_until_idle()

    @property
    def session(self) -> StoreSession:
        assert self.desk.session is not None
        return self.desk.session

    def look_again(self) -> None:
        """Read the store anew, as the desk does every second."""
        self.wait_until(lambda: not self.session.watcher.busy)
        self.session.refresh()
        self.wait_until(lambda: not self.session.watcher.busy)

    def close(self) -> None:
        """Close the window and give everything back."""
        if self._closed:
            return
        self._closed = True
        self.desk.window.close()
        self.desk.close()
        self.desk.window.deleteLater()
        self.desk.deleteLater()
        for _ in range(3):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QCoreApplication.processEvents()

    # Eyes

    @property
    def sentence(self) -> str:
        """The overview's sentence in large type."""
        return self.desk.pages.overview.sentence

    @property
    def words(self) -> str:
        """Every text that is to be seen in the window, tables aside."""
        window = self.desk.window
        labels = [each.text() for each in window.findChildren(QLabel) if each.isVisible()]
        return "\n".join([*labels, *(each.text for each in window.findChildren(Chip) if each.isVisible())])

    def shows(self, words: str) -> bool:
        """Whether one text that is to be seen holds these words; cheaper than `words`, to wait for it."""
        window = self.desk.window
        labels = (each for each in window.findChildren(QLabel) if words in each.text())
        chips = (each for each in window.findChildren(Chip) if words in each.text)
        return any(each.isVisible() for each in (*labels, *chips))

    def rows(self, name: str) -> list[str]:
        """The rows of the visible table of that accessible name, each as one line."""
        model = self.table(name).record_model()
        return [" | ".join(column.text(record) for column in model.columns) for record in model.shown_records()]

    def row(self, name: str, words: str) -> str:
        """The one row of a table that holds these words."""
        found = [line for line in self.rows(name) if words in line]
        assert len(found) == 1, self.rows(name)
        return found[0]

    def table(self, name: str) -> RecordTableView:
        """The visible table of that accessible name."""
        found = [each for each in self.desk.window.findChildren(RecordTableView) if each.accessibleName() == name]
        return next(each for each in found if each.isVisible())

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Let the desk work until the condition holds."""
        self._qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def wait_for_words(self, words: str) -> None:
        """Wait until these words are to be seen."""
        try:
            self.wait_until(lambda: self.shows(words))
        except AssertionError:
            raise AssertionError(f"{words!r} never came to be seen in:\n{self.words}") from None

    def wait_until_idle(self) -> None:
        """Wait until no job of the store runs or waits."""
        self.wait_until(lambda: not self.session.busy and not self.session.watcher.busy)

    # Hands

    def go_to(self, page: str) -> None:
        """Click a page's tab."""
        tabs = self.desk.window.findChild(QTabBar)
        self._click(tabs, tabs.tabRect(_PAGES.index(page)).center())
        assert self.desk.window.current_page() == page

    def can_press(self, text: str) -> bool:
        """Whether there is a visible button of that text that can be pressed."""
        return any(each.isEnabled() for each in self._buttons(text))

    def press(self, text: str) -> None:
        """Click the button of that text or accessible name."""
        buttons = [each for each in self._buttons(text) if each.isEnabled()]
        assert len(buttons) == 1, (text, self._all_buttons())
        self._click(buttons[0])

    def decide(self, order_id: str, action: Action | None, note: str = "") -> None:
        """Select an orphan order on its page, write the note, and press the button of the decision."""
        page = self.desk.pages.orphans
        table = page.findChild(RecordTableView)
        key = next(each.verdict.key for each in table.record_model().records() if each.live.id == order_id)
        assert table.select_key(key)
        panel = page.findChild(EvidencePanel)
        self._click(panel.button(action))
        if note:
            field = panel.findChild(QLineEdit)
            field.setFocus()
            field.selectAll()
            self._qtbot.keyClicks(field, note)
            field.clearFocus()
            assert panel.note == note

    def to_execution(self) -> None:
        """From wherever, to the recovery's fourth step."""
        self.go_to("recovery")
        for _ in range(3):
            if self.can_press("Continue"):
                self.press("Continue")

    def execute(self, button: str, *, typed: str = "") -> None:
        """Press the button that executes, and say yes to what it asks; it is not waited for the end."""
        with self.answering(accept=True, typed=typed):
            self.press(button)

    def execute_to_the_end(self, button: str, *, typed: str = "") -> None:
        """Execute and wait for the report, or for the message that says why there is none."""
        with self.ending():
            self.execute(button, typed=typed)

    @contextlib.contextmanager
    def ending(self) -> Iterator[None]:
        """What is done in this context lets a recovery come to its end, which is waited for; confirmations are accepted."""
        ended: list[object] = []

        def note(*news: object) -> None:
            if news[0] != "Reading the store":
                ended.append(news)

        self.session.report_ready.connect(note)
        self.session.failed.connect(note)
        with self.answering(accept=True):
            yield
        self.wait_until(lambda: bool(ended))
        self.session.report_ready.disconnect(note)
        self.session.failed.disconnect(note)
        self.wait_until_idle()
        self.look_again()

    @contextlib.contextmanager
    def not_looking(self) -> Iterator[None]:
        """The desk does not look at the store meanwhile, as in the second between two looks."""
        self.session._timer.stop()
        yield
        self.session._timer.start()

    def answering(self, *, accept: bool, typed: str = "") -> _Answering:
        """While in this context, the confirmation that opens is answered; what it asked is kept in `asked`."""
        return _Answering(self._qtbot, self.asked, accept=accept, typed=typed)

    def _buttons(self, text: str) -> list[QAbstractButton]:
        found = self.desk.window.findChildren(QAbstractButton)
        return [each for each in found if each.isVisible() and text in (each.text(), each.accessibleName())]

    def _all_buttons(self) -> list[str]:
        found = self.desk.window.findChildren(QAbstractButton)
        return [f"{each.text()} ({each.isEnabled()})" for each in found if each.isVisible() and each.text()]

    def _click(self, widget: QWidget, position: QPoint | None = None) -> None:
        assert widget.isVisible()
        assert widget.isEnabled(), widget
        self._qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=position or widget.rect().center())


class _Answering:
    """Answers one confirmation dialog from inside its event loop."""

    def __init__(self, qtbot: Any, asked: list[str], *, accept: bool, typed: str) -> None:
        self._qtbot = qtbot
        self._asked = asked
        self._accept = accept
        self._typed = typed
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._look)

    def __enter__(self) -> _Answering:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ConfirmDestructive) or not dialog.isVisible():
            return
        self._timer.stop()
        self._asked.append(
            "\n".join(
                [
                    *(each.text() for each in dialog.findChildren(QLabel)),
                    *(
                        " | ".join(column.text(record) for column in table.record_model().columns)
                        for table in dialog.findChildren(RecordTableView)
                        for record in table.record_model().shown_records()
                    ),
                ]
            )
        )
        if self._typed:
            assert not dialog.accept_button.isEnabled()
            self._qtbot.keyClicks(dialog.typed_field, self._typed)
        button = dialog.accept_button if self._accept else dialog.decline_button
        self._qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
