"""The dialogs: nothing irreversible by accident, every object named, a fault shown once."""

import dataclasses
import logging
import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.about import AboutDialog
from crashdesk_gui.dialogs.confirm import AffectedItem, Confirmation, ConfirmDestructive, Listing, confirm, friction_for
from crashdesk_gui.dialogs.crash import CrashReporter
from crashdesk_gui.widgets.table import RecordTableView


def question(count: int, typed: str = "") -> Confirmation:
    return Confirmation(
        title=f"Cancel {count} orders?",
        text="They cannot be brought back.",
        headers=("Symbol", "Order"),
        items=tuple(
            AffectedItem(cells=("BTC/USDT", f"id-{number}"), remark="protects" * (number == 1))
            for number in range(count)
        ),
        accept=f"Cancel {count} orders",
        typed=typed,
        reasons=("More than ten orders.",) if typed else (),
    )


def opened(ui: UiContext, qtbot: QtBot, asked: Confirmation) -> ConfirmDestructive:
    dialog = ConfirmDestructive(ui, asked)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_every_affected_object_is_named_with_its_remark(ui: UiContext, qtbot: QtBot) -> None:
    model = opened(ui, qtbot, question(40)).findChild(RecordTableView).model()
    assert [model.index(row, 1).data() for row in range(model.rowCount())] == [f"id-{number}" for number in range(40)]
    assert model.index(1, 2).data() == "! protects"


def test_of_many_objects_the_last_has_room_as_soon_as_it_is_seen(ui: UiContext, qtbot: QtBot) -> None:
    wide = AffectedItem(cells=("BTC/USDT", "an id that is much wider than those of all others above it"))
    asked = question(2000)
    view = opened(ui, qtbot, dataclasses.replace(asked, items=(*asked.items, wide))).findChild(RecordTableView)
    needed = view.fontMetrics().horizontalAdvance(wide.cells[1])
    view.scrollToBottom()
    qtbot.waitUntil(lambda: view.columnWidth(1) >= needed)
    assert view.model().index(2000, 1).data() == wide.cells[1]


def test_what_happens_beside_stands_in_a_list_of_its_own(ui: UiContext, qtbot: QtBot) -> None:
    beside = Listing(
        title="Adopted: 1 order", items=(AffectedItem(cells=("ETH/USDT", "an id that is wider than those above")),)
    )
    asked = dataclasses.replace(question(3, typed="3"), beside=(beside,), notes=("Left: 2 orders.",))
    dialog = opened(ui, qtbot, asked)
    above, below = (dialog.findChild(RecordTableView, name) for name in ("confirm", "confirm-beside-0"))
    assert above.model().rowCount() == 3
    assert [below.model().index(0, column).data() for column in range(2)] == list(beside.items[0].cells)
    assert [above.columnWidth(each) for each in range(2)] == [below.columnWidth(each) for each in range(2)]
    shown = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert "Adopted: 1 order" in shown
    assert "Left: 2 orders." in shown
    assert "Adopted: 1 order" in dialog.accept_button.accessibleDescription()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_a_key_pressed_in_haste_declines(ui: UiContext, qtbot: QtBot, key: Qt.Key) -> None:
    dialog = opened(ui, qtbot, question(3))
    qtbot.keyClick(dialog.focusWidget() or dialog, key)
    assert dialog.isHidden()
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_the_deed_is_done_by_its_own_button_alone(ui: UiContext, qtbot: QtBot) -> None:
    dialog = opened(ui, qtbot, question(3))
    assert dialog.decline_button.isDefault()
    assert not dialog.accept_button.isDefault()
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_friction_wants_the_exact_count(ui: UiContext, qtbot: QtBot) -> None:
    dialog = opened(ui, qtbot, question(12, typed="12"))
    for wrong in ("", "1", "120", "twelve", "-12"):
        dialog.typed_field.setText(wrong)
        assert not dialog.accept_button.isEnabled(), wrong
    dialog.typed_field.clear()
    qtbot.keyClicks(dialog.typed_field, "12")
    assert dialog.accept_button.isEnabled()
    qtbot.keyClick(dialog.typed_field, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Enter after typing neither does the deed nor declines"
    assert dialog.focusWidget() is dialog.accept_button
    qtbot.keyClick(dialog.accept_button, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_enter_presses_the_button_that_has_the_keyboard(ui: UiContext, qtbot: QtBot) -> None:
    dialog = opened(ui, qtbot, question(3))
    assert dialog.focusWidget() is dialog.decline_button
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.accept_button
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_enter_on_a_wrong_count_says_what_is_wrong(ui: UiContext, qtbot: QtBot) -> None:
    dialog = opened(ui, qtbot, question(12, typed="12"))
    assert dialog.focusWidget() is dialog.decline_button
    dialog.typed_field.setFocus()
    qtbot.keyClicks(dialog.typed_field, "11")
    qtbot.keyClick(dialog.typed_field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    shown = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert "Wanted is 12; 11 was typed." in shown


def test_more_objects_ask_for_more(ui: UiContext) -> None:
    assert friction_for(10) == ""
    assert friction_for(11) == "11"
    assert friction_for(1, always=True) == "1"


@pytest.mark.parametrize("accepts", [True, False])
def test_confirm_returns_the_answer(ui: UiContext, qapp: QApplication, accepts: bool) -> None:
    def answer() -> None:
        dialog = qapp.activeModalWidget()
        assert isinstance(dialog, ConfirmDestructive)
        (dialog.accept_button if accepts else dialog.decline_button).click()

    QTimer.singleShot(0, answer)
    assert confirm(ui, question(2)) is accepts


def fault(text: str) -> BaseException:
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def test_one_fault_is_shown_once_and_every_time_logged(
    ui: UiContext, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    reporter = CrashReporter(ui)
    errors = [fault(f"number {number}") for number in range(3)]
    with caplog.at_level(logging.ERROR):
        for error in errors:
            reporter.report(type(error), error, error.__traceback__)
        qtbot.waitUntil(lambda: reporter.dialog is not None, timeout=2000)
    assert len(caplog.records) == 3
    copy = next(button for button in reporter.dialog.findChildren(QPushButton) if "Copy" in button.text())
    copy.click()
    assert "ValueError: number 0" in QGuiApplication.clipboard().text()
    reporter.dialog.accept()
    reporter.report(type(errors[1]), errors[1], errors[1].__traceback__)
    qtbot.wait(20)
    assert reporter.dialog is None


def test_an_interrupt_from_the_keyboard_is_no_fault(ui: UiContext, qtbot: QtBot) -> None:
    reporter = CrashReporter(ui)
    reporter.report(KeyboardInterrupt, KeyboardInterrupt(), None)
    qtbot.wait(20)
    assert reporter.dialog is None


def test_diagnostics_name_the_versions(ui: UiContext, qtbot: QtBot) -> None:
    dialog = AboutDialog(ui, "1.2.3", [("ccxt", "4.5.0")])
    qtbot.addWidget(dialog)
    next(button for button in dialog.findChildren(QPushButton) if "Copy" in button.text()).click()
    text = QGuiApplication.clipboard().text()
    assert "Crashdesk: 1.2.3" in text
    assert "ccxt: 4.5.0" in text
    assert f"Python: {sys.version.split()[0]}" in text
