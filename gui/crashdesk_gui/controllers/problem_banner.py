"""What failed, in the banner; taken back when it is over or when the page in front says the same."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from crashdesk_gui.desk_frame import Frame
from crashdesk_gui.ended_demonstration import explain_of
from crashdesk_gui.errors import explain
from crashdesk_gui.log_sentences import failure_words
from crashdesk_gui.notice_words import work_words
from crashdesk_gui.notifications import Work
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Words
from crashdesk_gui.widgets.empty import ErrorState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    """What was said of a job that failed; `recovering` when the recovery's page was about to say it itself."""

    words: Words
    error: Exception
    session: StoreSession
    recovering: bool


class ProblemBanner(QObject):
    """Shows problems in the banner of the window that `frame` returns, which is the one of that moment."""

    def __init__(self, frame: Callable[[], Frame], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._unreadable: Words | None = None
        self._told: _Told | None = None
        self._folded = False

    def show(self, what: Words, error: Exception, session: StoreSession | None = None, *, task: str = "") -> Words:
        """Say that `what` failed, what that means and what to do. Returns the words that are shown.

        `task` is what failed for the log, which is English; empty where the log tells it otherwise.
        """

        def words() -> str:
            told = explain(error) if session is None else explain_of(session, error)
            text = QCoreApplication.translate("Desk", "{0}: {1}. {2} {3}")
            text = text.format(what(), told.title.rstrip(".。"), told.meaning, told.advice)
            return "\n".join(filter(None, (text, told.details)))

        if task:
            _log.warning("%s", failure_words(task, error))
        self._folded = False
        self._frame().window.banner.show_message(words, Tone.DANGER)
        return words

    def show_failed(self, error: Exception, session: StoreSession) -> None:
        """Say that a job of the store in front failed, unless the page in front turns out to say it itself."""
        pages = self._frame().pages
        recovering = pages.is_made("recovery") and pages.recovery.tells()
        # Now: a look that fails once more puts another error in the place of this one.
        work = work_of(error, session)
        words = self.show(lambda: work_words(work), error, session)
        self._told = _Told(words, error, session, recovering)
        self._unreadable = words if error is session.overview_error else None
        # The page in front takes the news after this.
        QTimer.singleShot(0, self, self.say_once)

    def say_once(self, session: StoreSession | None = None) -> None:
        """Take back the banner over a page that says the same itself.

        On another page of the same `session` it comes again while it holds.
        """
        told = self._told
        window, pages = self._frame().window, self._frame().pages
        if told is None:
            return
        holds = session is told.session and told.error in (session.comparing_error, session.overview_error)
        if self._folded and holds and window.banner.isHidden():
            window.banner.show_message(told.words, Tone.DANGER)
        self._folded = False
        if not window.banner.says(told.words):
            return
        title = explain_of(told.session, told.error).title
        page = pages.page(window.current_page())
        full = any(each.isVisible() and each.accessibleName() == title for each in page.findChildren(ErrorState))
        if full or (told.recovering and window.current_page() == "recovery"):
            window.banner.hide()
            self._folded = True

    def take_back_unreadable(self) -> None:
        """The store in front can be read again: what the banner said of it is over."""
        banner = self._frame().window.banner
        if self._unreadable is not None and banner.says(self._unreadable):
            banner.hide()


def work_of(error: Exception, session: StoreSession) -> Work:
    """What a session was about when it failed with this error."""
    if error is session.overview_error:
        return Work.READING
    return Work.COMPARING if error is session.comparing_error else Work.RECOVERING
