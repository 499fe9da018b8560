"""The activity page, shown with the log of a store and the application's own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QLabel

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.activity_page import ActivityPage


@contextmanager
def listening_feed() -> Iterator[LogFeed]:
    """The application's log, as far as the tests write it."""
    each = LogFeed()
    each.listen(logging.getLogger("crashdesk_gui.test"))
    yield each
    each.close()
    each.deleteLater()


def shown_page(ui: UiContext, session: StoreSession, feed: LogFeed, target: Path, qtbot) -> ActivityPage:
    shown = ActivityPage(ui, feed, ask_path=lambda _parent, _title, name, _kinds: str(target.with_name(name)))
    qtbot.addWidget(shown)
    shown.resize(1024, 640)
    shown.set_session(session)
    shown.show()
    return shown


def words(page: ActivityPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
