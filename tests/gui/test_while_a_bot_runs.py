"""While a bot is at work, nothing on the page of orphan orders stands as if it would be carried out."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_after_crash import bot_at_work, compare
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.orphans_page import OrphansPage
from crashdesk_gui.widgets.table import RecordTableView


@pytest.fixture
def page(ui: UiContext, session: StoreSession, qtbot) -> OrphansPage:
    shown = OrphansPage(ui)
    qtbot.addWidget(shown)
    shown.resize(1024, 640)
    shown.set_session(session)
    shown.show()
    compare(session, qtbot)
    return shown


def look(session: StoreSession, qtbot) -> None:
    qtbot.waitUntil(lambda: not session.watcher.busy)
    session.refresh()
    qtbot.waitUntil(lambda: not session.watcher.busy)


def ticked(page: OrphansPage) -> int:
    return len(page.findChild(RecordTableView).record_model().checked_records())


def told(page: OrphansPage) -> str:
    labels = "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())
    model = page.findChild(RecordTableView).record_model()
    headings = [model.index(row, 0) for row in range(model.rowCount()) if model.is_section(row)]
    notes = [each.data(Qt.ItemDataRole.AccessibleTextRole) for each in headings]
    return "\n".join([labels, *notes])


def test_nothing_is_ticked_or_proposed_while_a_bot_runs_and_again_after_its_end(
    page: OrphansPage, session: StoreSession, directory: Path, qtbot
) -> None:
    assert ticked(page) == 2
    assert "cancel 2 (2 proposed)" in told(page)
    bot = bot_at_work(directory)
    look(session, qtbot)
    assert "not proposed while somebody else is at work on the store" in told(page)
    for _ in ("compared before", "compared while it runs"):
        assert "The bot runs" in told(page)
        assert ticked(page) == 0
        assert "cancel 2" not in told(page)
        assert "need your decision" not in told(page)
        assert "proposed for cancelling" not in told(page)
        compare(session, qtbot)
    bot.close()
    look(session, qtbot)
    compare(session, qtbot)
    assert ticked(page) == 2
    assert "cancel 2 (2 proposed)" in told(page)
