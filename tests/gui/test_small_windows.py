"""What is too much for a small window: a line ends between numbers, a question never leaves the window, its buttons stay."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.confirm import AffectedItem, Confirmation, ConfirmDestructive, Listing
from crashdesk_gui.views.main_window import LEAST_SIZE
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text_lines import OneLineLabel

HUGE = "123456789012.123456789012345678"
CELLS = ("▼ sell 1000000MOG/USDT:USDT", "stop-limit", "0.000000000012", f"{HUGE} / {HUGE}", "48102250049000077123")


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def question(orders: int) -> Confirmation:
    items = tuple(AffectedItem(cells=CELLS, remark="protects the long position") for _ in range(orders))
    return Confirmation(
        title=f"Cancel {orders} orders?",
        text="Each order is read again first. " * 3,
        headers=("Order", "Type", "Price", "Remaining / amount", "Order id"),
        numeric=(2, 3),
        items=items,
        accept=f"Cancel {orders} orders and recover",
        typed=str(orders),
        reasons=tuple(f"After this: no stop. LONG {HUGE} stands unprotected. ({each})" for each in range(8)),
        beside=(Listing(title="Adopted besides", items=items[:3]), Listing(title="Left besides", items=items[:3])),
        notes=("Changed since, and saved as on the exchange now: 1 position.",),
    )


@pytest.mark.parametrize("orders", [1, 12, 60])
def test_a_question_stays_within_the_smallest_window_with_its_buttons(ui: UiContext, qtbot: QtBot, orders: int) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(LEAST_SIZE)
    window.show()
    dialog = ConfirmDestructive(ui, question(orders), window)
    dialog.show()
    settle()
    assert dialog.width() < window.width()
    assert dialog.height() < window.height()
    for button in (dialog.decline_button, dialog.accept_button, dialog.typed_field):
        place = QRect(button.mapTo(dialog, QPoint(0, 0)), button.size())
        assert dialog.rect().contains(place)
        assert not any(place.intersects(each) for each in others(dialog, button))
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    assert orders == 1 or dialog.findChild(QScrollArea).verticalScrollBar().maximum() > 0
    table = dialog.findChildren(RecordTableView)[0]
    assert table.viewport().height() >= table.rowHeight(0)
    for beside in dialog.findChildren(RecordTableView)[1:]:
        assert beside.viewport().height() >= min(orders, 3) * beside.rowHeight(0)


def others(dialog: ConfirmDestructive, button: QWidget) -> list[QRect]:
    """Where the other parts of the dialog stand."""
    parts = [
        each for each in dialog.children() if isinstance(each, QWidget) and each.isVisible() and each is not button
    ]
    return [each.geometry() for each in parts]


def test_a_line_without_room_ends_between_numbers_and_its_tip_says_the_rest(ui: UiContext, qtbot: QtBot) -> None:
    text = f"sell {HUGE} 1000000MOG/USDT:USDT at 0.000000000012"
    label = OneLineLabel(ui, text)
    qtbot.addWidget(label)
    whole = label.sizeHint().width()
    label.resize(whole - 20, 24)
    label.show()
    assert label.toolTip() == text
    assert label.minimumSizeHint().width() < whole // 2
    label.resize(whole + 2, 24)
    assert label.toolTip() == ""
    assert not label.grab().isNull()
