"""The last question tells what the same click saves without having read it, and what an order protects, beside the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_after_crash import session_after_crash
from orphan_incident import ExchangeInMemory, store_before_the_crash
from PySide6.QtWidgets import QScrollArea, QWidget
from recovery_desk import NOW, decide

from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import Action
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController, own_undecided
from crashdesk_gui.dialogs.confirm import Confirmation, ConfirmDestructive
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.table import RecordTableView

DOWN = "the exchange is in trouble (-1001)"


@pytest.fixture
def session(tmp_path: Path, exchange: ExchangeInMemory, qtbot) -> Iterator[StoreSession]:
    with session_after_crash(store_before_the_crash(tmp_path / "store", NOW), exchange, qtbot) as each:
        yield each
        qtbot.waitUntil(lambda: not each.busy)


def asked(ui: UiContext, session: StoreSession, qtbot) -> Confirmation:
    """What would be asked after a comparison with the exchange as it answers now."""
    if session.comparison is None:
        with qtbot.waitSignal(session.comparison_changed):
            session.compare()
        qtbot.waitUntil(lambda: not session.busy)
    window = QWidget()
    qtbot.addWidget(window)
    plan = session.comparison.plan
    asking = CancellationController(ui, PlanWords(ui.display, window), parent=window)
    question = asking.question(plan, session.decisions, own_undecided(plan, session.decisions))
    assert question is not None
    return question


def test_what_was_not_read_is_said_beside_the_answer_and_asks_for_the_count(
    ui: UiContext, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.unreadable[ScopeKind.POSITIONS] = DOWN
    exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = DOWN
    question = asked(ui, session, qtbot)
    (alert,) = question.alerts
    assert alert.tone is Tone.WARNING
    assert alert.text.splitlines() == [
        "Positions could not be read. If the read at the end fails too, saved as last known, and not as they are: "
        "1 position(s).",
        "Open orders could not all be read: there may be more orphan orders.",
    ]
    assert question.typed == str(len(question.items))
    assert not any("position" in note for note in question.notes), "what was not read is not saved as on the exchange"


def test_money_that_was_not_read_is_said_and_does_not_ask_for_more(
    ui: UiContext, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.unreadable[ScopeKind.ACCOUNT] = DOWN
    question = asked(ui, session, qtbot)
    assert [each.text for each in question.alerts] == [
        "The account's money could not be read. If the read at the end fails too, it is saved as last known."
    ]
    assert question.typed == ""


def test_nothing_is_alarming_where_everything_was_read(ui: UiContext, session: StoreSession, qtbot) -> None:
    assert asked(ui, session, qtbot).alerts == ()


def test_a_question_that_cancels_nothing_tells_of_the_gaps_too(
    ui: UiContext, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.unreadable[ScopeKind.POSITIONS] = DOWN
    asked(ui, session, qtbot)
    for order_id in ("9001", "9002"):
        decide(session, order_id, None)
    question = asked(ui, session, qtbot)
    assert (question.decline, question.typed) == ("Do not recover yet", "")
    assert [each.tone for each in question.alerts] == [Tone.WARNING]


def test_cancelling_what_is_another_s_is_the_danger_and_stands_first(
    ui: UiContext, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    """A cancelled order never comes back; an adopted one can still be left to who placed it."""
    asked(ui, session, qtbot)
    decide(session, "9004", Action.CANCEL)
    decide(session, "9005", Action.ADOPT)
    question = asked(ui, session, qtbot)
    assert [(each.cells[4], each.tone) for each in question.items if each.remark] == [("9004", Tone.DANGER)]
    assert question.items[0].cells[4] == "9004"
    (adopted,) = question.beside
    assert [(each.remark, each.tone) for each in adopted.items] == [("cannot tell whose", Tone.WARNING)]


def test_a_position_that_loses_its_stop_is_a_red_box_above_the_field(
    ui: UiContext, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    asked(ui, session, qtbot)
    decide(session, "9003", Action.CANCEL)
    question = asked(ui, session, qtbot)
    (alert,) = question.alerts
    assert alert.tone is Tone.DANGER
    assert "After this: no stop." in alert.text
    dialog = ConfirmDestructive(ui, question)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    (box,) = (each for each in dialog.findChildren(Banner) if each.isVisible())
    assert box.text == alert.text
    assert not dialog.findChild(QScrollArea).isAncestorOf(box), "it never scrolls away from the answer"
    assert box.geometry().bottom() < dialog.typed_field.geometry().top()
    assert alert.text in dialog.accept_button.accessibleDescription()


def test_the_list_is_as_high_as_its_rows(ui: UiContext, session: StoreSession, qtbot) -> None:
    question = asked(ui, session, qtbot)
    dialog = ConfirmDestructive(ui, question)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    table = dialog.findChild(RecordTableView)
    rows = sum(table.rowHeight(each) for each in range(len(question.items)))
    free = table.viewport().height() - rows
    assert 0 <= free < ui.display.row_height
