"""Notes and warnings on orphan orders: nothing that was typed is lost, and what belongs to others is not touched unwarned."""

from __future__ import annotations

from typing import Any

import pytest
from orphan_incident import ExchangeInMemory
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from crashdesk.reconcile.records import Action, Decision, OrderVerdict
from crashdesk_gui.actions import DECISION_KEYS, ActionSet
from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.shortcuts import ShortcutSheet
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.views.orphans_page import OrphansPage
from crashdesk_gui.widgets.table import RecordTableView

ALT = Qt.KeyboardModifier.AltModifier


class Reviewer:
    """The page in an operator's hands."""

    def __init__(self, page: OrphansPage, session: StoreSession, qtbot: Any) -> None:
        self.page, self.session, self.qtbot = page, session, qtbot
        self.table = page.findChild(RecordTableView)
        fields = page.findChildren(QLineEdit)
        self.field = next(each for each in fields if each.accessibleName() == "Note on the decision")

    def compare(self) -> None:
        with self.qtbot.waitSignal(self.session.comparison_changed):
            self.session.compare()
        self.qtbot.waitUntil(lambda: not self.session.busy)

    def verdict(self, order_id: str) -> OrderVerdict:
        return next(each for each in self.session.comparison.plan.orphans if each.live.id == order_id)

    def decision(self, order_id: str) -> Decision | None:
        return self.session.taken.get(self.verdict(order_id).key)

    def select(self, order_id: str) -> None:
        assert self.table.select_key(self.verdict(order_id).key)

    def note(self, order_id: str) -> str:
        """What the field holds when the order is selected."""
        self.select(order_id)
        return self.field.text()

    def type(self, order_id: str, note: str) -> None:
        self.select(order_id)
        self.qtbot.keyClicks(self.field, note)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.table, key, modifier)

    def words(self) -> str:
        return "\n".join(each.text() for each in self.page.findChildren(QLabel) if each.isVisible())

    def warning(self) -> str:
        return "\n".join(line for line in self.words().splitlines() if line.startswith("! "))


@pytest.fixture
def reviewer(ui: UiContext, session: StoreSession, qtbot: Any) -> Reviewer:
    page = OrphansPage(ui)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.set_session(session)
    page.show()
    each = Reviewer(page, session, qtbot)
    each.compare()
    return each


def test_a_half_typed_note_stays_with_its_order_until_the_exchange_knows_the_order_no_more(
    reviewer: Reviewer, exchange: ExchangeInMemory
) -> None:
    reviewer.type("9003", "the hedge of the d")
    assert reviewer.note("9004") == ""
    reviewer.type("9004", "theirs")
    reviewer.compare()
    assert reviewer.decision("9003") is None
    assert reviewer.note("9003") == "the hedge of the d"
    reviewer.press(Qt.Key.Key_A, ALT)
    assert reviewer.decision("9003").note == "the hedge of the d"
    reviewer.press(Qt.Key.Key_U, ALT)
    assert reviewer.field.text() == "the hedge of the d"
    assert reviewer.note("9004") == "theirs"

    hedge = exchange.orders.pop("9003")
    reviewer.compare()
    exchange.orders["9003"] = hedge
    reviewer.compare()
    assert reviewer.note("9003") == ""


def test_each_order_of_several_keeps_the_note_that_was_written_on_it(reviewer: Reviewer) -> None:
    reviewer.type("9005", "mine, from the phone")
    reviewer.type("9001", "of the old grid")
    reviewer.select("9005")
    reviewer.press(Qt.Key.Key_Space)
    reviewer.select("9001")
    reviewer.table.selectAll()
    reviewer.press(Qt.Key.Key_L, ALT)
    assert [reviewer.decision(each).note for each in ("9001", "9002", "9005")] == [
        "of the old grid",
        "of the old grid",
        "mine, from the phone",
    ]


def test_a_note_can_be_taken_away_again(reviewer: Reviewer) -> None:
    reviewer.type("9001", "x")
    assert reviewer.decision("9001").note == "x"
    reviewer.qtbot.keyClick(reviewer.field, Qt.Key.Key_Backspace)
    assert reviewer.decision("9001").note == ""
    reviewer.page._proposal.click()
    assert reviewer.note("9001") == ""


def test_what_an_order_was_left_with_is_no_note_for_the_next_decision(reviewer: Reviewer) -> None:
    reviewer.type("9003", "the hedge")
    reviewer.type("9004", "theirs")
    reviewer.press(Qt.Key.Key_L, ALT)
    with reviewer.qtbot.waitSignal(reviewer.session.report_ready):
        reviewer.session.execute()
    reviewer.qtbot.waitUntil(lambda: not reviewer.session.busy)
    reviewer.compare()
    assert reviewer.verdict("9004").dismissed == "theirs"
    assert reviewer.note("9004") == ""
    assert reviewer.note("9003") == "the hedge"


def test_cancelling_what_is_not_ours_warns_as_clearly_as_adopting_it(reviewer: Reviewer) -> None:
    reviewer.select("9001")
    assert reviewer.warning() == ""
    reviewer.select("9004")
    assert "before the bot adopts it. Cancelling it would take it from whoever placed it" in reviewer.warning()
    reviewer.press(Qt.Key.Key_C, ALT)
    assert "This order is not the bot's (client order id web_19fe22): cancelling it takes it" in reviewer.warning()
    assert "adopt" not in reviewer.warning()
    reviewer.press(Qt.Key.Key_A, ALT)
    assert "before the bot adopts it." in reviewer.warning()
    assert "cancel" not in reviewer.warning().lower()
    reviewer.press(Qt.Key.Key_L, ALT)
    assert reviewer.warning() == ""


def test_what_is_delicate_among_the_orders_to_cancel_is_counted_whatever_row_is_selected(reviewer: Reviewer) -> None:
    reviewer.select("9005")
    reviewer.press(Qt.Key.Key_Space)
    assert "Nothing proves whose order this is" in reviewer.warning()
    reviewer.select("9003")
    reviewer.press(Qt.Key.Key_C, ALT)
    assert "It protects a position, which stands unprotected without it." in reviewer.warning()
    reviewer.select("9001")
    assert reviewer.warning() == (
        "! Not provably the bot's: 2 order(s) to cancel. Protecting a position: 1 order(s) to cancel."
    )
    reviewer.select("9004")
    reviewer.press(Qt.Key.Key_A, ALT)
    assert "Not provably the bot's: 2 order(s) to cancel and 1 to adopt." in reviewer.warning()


def test_a_letter_alone_decides_nothing(reviewer: Reviewer) -> None:
    before = reviewer.session.decisions
    reviewer.select("9003")
    for key in (Qt.Key.Key_C, Qt.Key.Key_A, Qt.Key.Key_L, Qt.Key.Key_U):
        reviewer.press(key)
        reviewer.press(key, Qt.KeyboardModifier.ShiftModifier)
    assert reviewer.session.decisions == before


def test_every_key_that_decides_is_listed_and_told(ui: UiContext, reviewer: Reviewer) -> None:
    sheet = ShortcutSheet(ui, ActionSet(reviewer.page, ui.icons), reviewer.page)
    model = sheet.findChild(RecordTableView).record_model()
    listed = [model.columns[1].text(line) for line in model.records()]
    for action, keys in DECISION_KEYS.items():
        assert keys in listed
        assert keys in reviewer.table.accessibleDescription()
        assert keys in reviewer.page.findChild(EvidencePanel).button(action).toolTip()


@pytest.mark.parametrize("order_id", ["9003", "9005"])
def test_adopting_what_is_not_provably_ours_warns_as_cancelling_it_does(reviewer: Reviewer, order_id: str) -> None:
    reviewer.select(order_id)
    reviewer.press(Qt.Key.Key_A, ALT)
    assert "before the bot adopts it." in reviewer.warning()
    assert "Not provably the bot's: 1 order(s) to adopt." in reviewer.warning()


def test_a_note_without_a_decision_is_said_to_be_lost_until_a_decision_takes_it(reviewer: Reviewer) -> None:
    assert "ot kept" not in reviewer.words()
    reviewer.type("9004", "t")
    assert "Not kept: 1 note(s) on orders without a decision. Choose Leave to keep a note." in reviewer.words()
    assert "! This note is not kept while nothing is decided on the order" in reviewer.warning()
    reviewer.press(Qt.Key.Key_L, ALT)
    assert "ot kept" not in reviewer.words()
    reviewer.press(Qt.Key.Key_U, ALT)
    assert "Not kept: 1 note(s)" in reviewer.words()
    reviewer.select("9003")
    assert "This note is not kept" not in reviewer.warning()


@pytest.mark.parametrize("width", [820, 1024, 1600])
def test_no_warning_moves_the_buttons_that_decide(reviewer: Reviewer, width: int) -> None:
    reviewer.page.resize(width, 640)
    reviewer.select("9003")
    reviewer.qtbot.wait(1)
    panel = reviewer.page.findChild(EvidencePanel)
    controls = [*(panel.button(each) for each in DECISION_KEYS), reviewer.field]

    def heights() -> list[int]:
        QApplication.processEvents()
        return [each.mapTo(reviewer.page, QPoint()).y() for each in controls]

    before = heights()
    reviewer.type("9004", "theirs")
    assert heights() == before
    for key in (Qt.Key.Key_C, Qt.Key.Key_A, Qt.Key.Key_L, Qt.Key.Key_U):
        for order_id in ("9001", "9003", "9004", "9005"):
            reviewer.select(order_id)
            reviewer.press(key, ALT)
            assert heights() == before


def test_own_orders_without_a_decision_are_said_to_be_cancelled_by_the_bots_own_start(reviewer: Reviewer) -> None:
    told = "The bot's own start cancels {0} of its orders without a decision, unless its configuration says otherwise."
    assert "own start" not in reviewer.words()
    for number, order_id in enumerate(("9001", "9002"), 1):
        reviewer.select(order_id)
        reviewer.press(Qt.Key.Key_U, ALT)
        assert told.format(number) in reviewer.words()
    reviewer.press(Qt.Key.Key_L, ALT)
    assert told.format(1) in reviewer.words()


def test_the_button_of_the_decision_that_was_taken_looks_taken(reviewer: Reviewer) -> None:
    panel = reviewer.page.findChild(EvidencePanel)

    def taken() -> list[Action]:
        return [action for action in Action if panel.button(action).isChecked()]

    reviewer.select("9001")
    assert taken() == [Action.CANCEL], "proposed"
    panel.button(Action.CANCEL).click()
    assert taken() == [Action.CANCEL], "a second press takes nothing back"
    panel.button(Action.LEAVE).click()
    assert taken() == [Action.LEAVE]
    reviewer.select("9004")
    assert taken() == []
    reviewer.select("9001")
    panel.button(None).click()
    assert taken() == []
    assert panel.button(None).text() == "Clear decision"
