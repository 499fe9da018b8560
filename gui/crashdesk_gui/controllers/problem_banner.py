"""What failed, in the banner; taken back when it is over or when the page in front says the same."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from crashdesk_gui.desk_frame import Frame
from crashdesk_gui.ended_demonstration import explain_of
from crashdesk_gui.errors import explain
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.empty import ErrorState

_log = logging.getLogger(__name__)


class ProblemBanner(QObject):
    """Shows problems in the banner of the window that `frame` returns, which is the one of that moment."""

    def __init__(self, frame: Callable[[], Frame], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._unreadable = ""
        self._told = ("", "", False)

    def show(self, what: str, error: Exception, session: StoreSession | None = None) -> None:
        """Say that `what` failed, what that means and what to do."""
        told = explain(error) if session is None else explain_of(session, error)
        _log.warning("%s: %s", what, told.title)
        text = QCoreApplication.translate("Desk", "{0}: {1}. {2} {3}")
        text = text.format(what, told.title.rstrip(".。"), told.meaning, told.advice)
        text = "\n".join(filter(None, (text, told.details)))
        self._frame().window.banner.show_message(text, Tone.DANGER)

    def show_failed(self, what: str, error: Exception, session: StoreSession) -> None:
        """Say that a job of the store in front failed, unless the page in front turns out to say it itself."""
        pages = self._frame().pages
        recovering = pages.is_made("recovery") and pages.recovery.tells()
        self.show(what, error, session)
        text = self._frame().window.banner.text
        self._told = (text, explain_of(session, error).title, recovering)
        self._unreadable = text if error is session.overview_error else ""
        # The page in front takes the news after this.
        QTimer.singleShot(0, self, self.say_once)

    def say_once(self) -> None:
        """Take back the banner over a page that says the same itself."""
        text, title, recovering = self._told
        window, pages = self._frame().window, self._frame().pages
        if not text or window.banner.text != text:
            return
        page = pages.page(window.current_page())
        full = any(each.isVisible() and each.accessibleName() == title for each in page.findChildren(ErrorState))
        if full or (recovering and window.current_page() == "recovery"):
            window.banner.hide()

    def take_back_unreadable(self) -> None:
        """The store in front can be read again: what the banner said of it is over."""
        banner = self._frame().window.banner
        if self._unreadable and banner.text == self._unreadable:
            banner.hide()
