"""The headline of the report on the screen is never calmer than any line under it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from orphan_incident import ExchangeInMemory, exchange_after_the_crash
from PySide6.QtWidgets import QLabel
from recovery_desk import NOW, Operator, decide, press, show, to_execution, words

from crashdesk.reconcile.position_orders import StopCover
from crashdesk.reconcile.records import Action
from crashdesk.report_conclusion import conclude
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk_words import health
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import judge
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.recovery_page import RecoveryPage
from crashdesk_gui.views.recovery_report import ReportStep
from crashdesk_gui.views.recovery_verdict import VerdictWords
from crashdesk_gui.widgets.text import TextLabel

_HEAVIER = (Tone.OK, Tone.WARNING, Tone.DANGER)


@pytest.fixture
def exchange() -> ExchangeInMemory:
    """The only position is covered in full by the only stop."""
    found = exchange_after_the_crash(NOW)
    found.change("9003", amount=Decimal("0.260"))
    found.positions = found.positions[:1]
    return found


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> RecoveryPage:
    return show(ui, session, Operator(tmp_path), qtbot)


def headline_of(page: RecoveryPage) -> TextLabel:
    (found,) = [each for each in page.findChildren(QLabel) if each.isVisible() and " Recovered" in each.text()]
    assert isinstance(found, TextLabel)
    return found


def worst_tone(page: RecoveryPage) -> Tone:
    shown = (each for each in page.findChildren(TextLabel) if each.isVisible())
    return max((each._tone for each in shown if each._tone in _HEAVIER), key=_HEAVIER.index, default=Tone.OK)


@pytest.mark.parametrize(
    ("stop", "tone", "said"),
    [
        (Action.LEAVE, Tone.OK, "✓ Recovered: checkpoint 5 holds what is true on the exchange"),
        (Action.CANCEL, Tone.WARNING, "! Recovered to checkpoint 5, but stops do not cover every position"),
        (Action.ADOPT, Tone.WARNING, "! Recovered to checkpoint 5; 1 adopted order not provably the bot's"),
    ],
)
def test_the_headline_says_what_became_of_the_only_stop(
    ui: UiContext, page: RecoveryPage, session: StoreSession, stop: Action, tone: Tone, said: str, qtbot
) -> None:
    to_execution(page, session, qtbot)
    decide(session, "9005", Action.LEAVE)
    decide(session, "9003", stop)
    press(page.danger_button, session, qtbot)
    assert headline_of(page).text().replace("(s)", "") == said
    assert headline_of(page)._tone is tone
    assert _HEAVIER.index(tone) >= _HEAVIER.index(worst_tone(page))
    assert session.report is not None
    assert conclude(session.report).mark == said[0]
    qtbot.waitUntil(lambda: judge(session.overview, connected=True, report=session.report).settled)
    situation = judge(session.overview, connected=True, report=session.report)
    assert health(situation, ui.display)[0].glyph == said[0], "the list of stores is no calmer"


def test_a_stop_that_is_gone_is_as_red_above_as_below(page: RecoveryPage, session: StoreSession, qtbot) -> None:
    to_execution(page, session, qtbot)
    press(page.danger_button, session, qtbot)
    report = session.report
    assert report is not None
    assert report.final is not None
    bare = StopCover(covered=Decimal(0), all_told=True, had_one=True)
    positions = tuple(msgspec.structs.replace(each, stops=bare) for each in report.final.positions)
    gone = msgspec.structs.replace(report, final=msgspec.structs.replace(report.final, positions=positions))
    page.findChild(ReportStep).show_report(gone)
    qtbot.waitUntil(lambda: "✕ Recovered to checkpoint 5, but stops do not cover every position" in words(page))
    assert "1 orphan order open that nobody settled." in words(page).replace("(s)", "")
    assert worst_tone(page) is Tone.DANGER


def test_an_audit_log_that_could_not_be_completed_is_told_once_with_what_to_do(
    page: RecoveryPage, session: StoreSession, qtbot
) -> None:
    to_execution(page, session, qtbot)
    decide(session, "9005", Action.LEAVE)
    decide(session, "9003", Action.LEAVE)
    press(page.danger_button, session, qtbot)
    assert session.report is not None
    unlogged = msgspec.structs.replace(session.report, problem="the audit log could not be completed")
    sentence = "The audit log could not be completed: make room on its disk, then resume the recovery."
    verdict = VerdictWords()
    assert verdict.saved_words(unlogged) == (
        "! Recovered to checkpoint 5; the audit log could not be completed",
        (sentence,),
    )
    assert unlogged.final is not None
    also_in_doubt = msgspec.structs.replace(
        unlogged, final=msgspec.structs.replace(unlogged.final, journal_problem="lost")
    )
    _headline, also = verdict.saved_words(also_in_doubt)
    assert [each for each in also if "audit log" in each] == [sentence]
