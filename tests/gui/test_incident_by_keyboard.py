"""The whole incident without a mouse: real keys to whatever has the keyboard, from the first page to the running bot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk_keyboard import CTRL, Keyboard
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from crashdesk.demo.venue import LedgerStatus
from crashdesk.reconcile.records import Action
from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.dialogs.palette import CommandPalette
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.table import RecordTableView

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def keyboard(sit_down: Callable[..., DeskOperator], incident: LoopbackIncident) -> Keyboard:
    started: list[bool] = []
    operator = sit_down(restart_bot=lambda: started.append(True))
    operator.open(incident.directory)
    keys = Keyboard(operator)
    keys.started = started
    return keys


def test_the_whole_incident_by_keyboard_alone(keyboard: Keyboard, incident: LoopbackIncident) -> None:
    operator, session = keyboard.operator, keyboard.operator.session
    recovery = operator.desk.pages.recovery

    keyboard.page(1)
    assert operator.sentence.endswith("2 orders need your decision.")
    keyboard.tab_to_button("Review the orphan orders")
    keyboard.press(Qt.Key.Key_Return)
    assert operator.desk.window.current_page() == "orphans"

    # Review: own orders are proposed; Space takes one back and proposes it again; Alt and a letter decide.
    first = keyboard.arrow_to(incident.first)
    keyboard.press(Qt.Key.Key_Space)
    assert session.taken.get(first.verdict.key) is None
    keyboard.press(Qt.Key.Key_Space)
    assert session.taken.get(first.verdict.key).action is Action.CANCEL
    keyboard.press(Qt.Key.Key_C, CTRL)
    assert first.live.client_order_id in QGuiApplication.clipboard().text()
    stop = keyboard.arrow_to(incident.stop)
    keyboard.press(Qt.Key.Key_A, ALT)
    assert session.taken.get(stop.verdict.key).action is Action.ADOPT
    manual = keyboard.arrow_to(incident.manual)
    keyboard.press(Qt.Key.Key_C, ALT)
    assert session.taken.get(manual.verdict.key).action is Action.CANCEL
    keyboard.tab_to(lambda each: isinstance(each, QLineEdit) and each.accessibleName() == "Note on the decision")
    keyboard.type("asked the desk, theirs")
    keyboard.tab_to_button("Leave")
    keyboard.press(Qt.Key.Key_Return)
    assert (session.taken.get(manual.verdict.key).action, session.taken.get(manual.verdict.key).note) == (
        Action.LEAVE,
        "asked the desk, theirs",
    )

    # Recovery: step by step to the execution, whose button is never under the fingers by itself.
    keyboard.page(5)
    assert recovery.step is Step.DECIDE
    keyboard.press(Qt.Key.Key_Return)
    assert recovery.step is Step.EXECUTE
    keyboard.tab_to(lambda each: isinstance(each, QPushButton) and each.text().startswith("Cancel 2 orders"))
    declined: list[str] = []

    def decline(dialog: ConfirmDestructive) -> None:
        declined.append(dialog.windowTitle())
        keyboard.press(Qt.Key.Key_Escape)

    keyboard.in_dialog(decline)
    keyboard.press(Qt.Key.Key_Space)
    assert declined[0].startswith("Cancel 2 orders on binanceusdm")
    assert incident.cancel_requests == 0

    def accept(dialog: ConfirmDestructive) -> None:
        if dialog.typed_field.isVisible():
            keyboard.type("2")
        keyboard.tab_to(lambda each: each is dialog.accept_button)
        keyboard.press(Qt.Key.Key_Space)

    keyboard.in_dialog(accept)
    keyboard.tab_to(lambda each: isinstance(each, QPushButton) and each.text().startswith("Cancel 2 orders"))
    keyboard.press(Qt.Key.Key_Space)
    operator.wait_until(lambda: session.report is not None)
    operator.wait_until_idle()
    assert recovery.step is Step.REPORT
    assert incident.status(incident.first) is LedgerStatus.CANCELLED
    assert incident.status(incident.second) is LedgerStatus.CANCELLED
    assert incident.status(incident.manual) is LedgerStatus.OPEN
    assert incident.cancelled_ids == {incident.first, incident.second}

    # Report and restart.
    assert recovery.isAncestorOf(keyboard.focus)
    keyboard.tab_to_button("Copy report")
    keyboard.press(Qt.Key.Key_Return)
    operator.wait_until(lambda: QGuiApplication.clipboard().text().startswith("# ! Recovered"))
    keyboard.window.activateWindow()
    for page in (1, 5):
        keyboard.page(page)
        keyboard.press(Qt.Key.Key_Return, CTRL, times=3)
        assert keyboard.focus.text() == "Start the bot again"
        assert keyboard.started == []
    keyboard.tab_to_button("Start the bot again")
    keyboard.press(Qt.Key.Key_Return)
    operator.wait_until(lambda: keyboard.started == [True])
    operator.wait_until_idle()


def test_palette_filter_and_reading_again_by_keyboard(keyboard: Keyboard) -> None:
    operator, window = keyboard.operator, keyboard.window
    keyboard.page(4)
    before = operator.session.comparison
    keyboard.press(Qt.Key.Key_F5)
    operator.wait_until(lambda: operator.session.comparison is not before and not operator.session.busy)
    table = operator.desk.pages.orphans.findChild(RecordTableView)
    operator.wait_until(lambda: window.focusWidget() is table)

    keyboard.press(Qt.Key.Key_F, CTRL)
    assert isinstance(window.focusWidget(), QLineEdit)
    keyboard.type("protects")
    operator.wait_until(lambda: table.record_model().shown_count() == 1)
    keyboard.press(Qt.Key.Key_Escape)
    operator.wait_until(lambda: table.record_model().shown_count() == 4)

    keyboard.press(Qt.Key.Key_K, CTRL)
    operator.wait_until(lambda: bool(window.findChildren(CommandPalette)))
    palette = window.findChildren(CommandPalette)[0]
    QTest.keyClicks(palette.focusWidget(), "activity")
    QTest.keyClick(palette.focusWidget(), Qt.Key.Key_Return)
    operator.wait_until(lambda: window.current_page() == "activity")
    shown = operator.desk.pages.activity
    assert shown is window.focusWidget() or shown.isAncestorOf(window.focusWidget())


def test_choices_open_and_close_by_keyboard(keyboard: Keyboard) -> None:
    keyboard.page(2)
    combo = keyboard.tab_to(lambda each: isinstance(each, QComboBox))
    before = combo.currentIndex()
    keyboard.press(Qt.Key.Key_Down)
    assert combo.currentIndex() == before + 1
    keyboard.press(Qt.Key.Key_Up)
    assert combo.currentIndex() == before
