"""The page of a recovery's report says no more than is known of fills, and of each stop that the recovery took away."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from orphan_incident import ExchangeInMemory
from PySide6.QtWidgets import QLabel
from recovery_desk import NOW, Operator, decide, look_again, press, show, to_execution, words

from crashdesk.reconcile.records import Action
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import judge
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.overview_panels import NoticesPanel
from crashdesk_gui.views.recovery_page import RecoveryPage
from crashdesk_gui.views.recovery_report import ReportStep
from crashdesk_gui.widgets.text import TextLabel

DAY_NS = 86_400_000_000_000
LOST = (
    "a part of it was covered by stop ▼ sell 0.240 BTC/USDT:USDT at trig. 35\u202f100.0, which this recovery cancelled"
)


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> RecoveryPage:
    return show(ui, session, Operator(tmp_path), qtbot)


def label(page: RecoveryPage, part: str) -> TextLabel:
    """The one visible text with these words."""
    (found,) = [each for each in page.findChildren(QLabel) if each.isVisible() and part in each.text()]
    assert isinstance(found, TextLabel)
    return found


def test_what_may_have_filled_before_the_known_state_is_not_told_as_news(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.change("9001", created_at=NOW - 40 * DAY_NS)
    to_execution(page, session, qtbot)
    press(page.danger_button, session, qtbot)
    order = "buy 0.020 BTC/USDT:USDT at 36\u202f380.5"
    assert f"{order}: 0.005 filled in all; how much of it since is not told" in words(page)


def test_a_stop_that_the_recovery_cancelled_is_named_as_a_warning(
    ui: UiContext, page: RecoveryPage, session: StoreSession, qtbot
) -> None:
    to_execution(page, session, qtbot)
    decide(session, "9003", Action.CANCEL)
    press(page.danger_button, session, qtbot)
    said = f"!  BTC/USDT:USDT ▲ long 0.260: no stop on the exchange; {LOST}."
    assert label(page, LOST).text() == said
    assert label(page, LOST)._tone is Tone.WARNING

    notices = NoticesPanel(ui)
    qtbot.addWidget(notices)
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: judge(session.overview, connected=True, report=session.report).settled)
    notices.set_situation(session.overview, judge(session.overview, connected=True, report=session.report))
    assert "No stop protects BTC/USDT:USDT and ETH/USDT:USDT." in notices.texts()

    # Only now: what the session reads anew shows its own report again.
    assert session.report is not None
    stopped = msgspec.structs.replace(session.report, saved=None, state=None, final=None, problem="stopped")
    page.findChild(ReportStep).show_report(stopped)
    unread = f"?  BTC/USDT:USDT ▲ long 0.260: whether a stop protects it is not known; {LOST}."
    qtbot.waitUntil(lambda: unread in words(page))
    assert label(page, LOST)._tone is Tone.WARNING
