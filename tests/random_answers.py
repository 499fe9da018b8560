"""How a random operator answers a question, types and takes aim."""

from __future__ import annotations

import random

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from crashdesk_gui.dialogs.confirm import ConfirmDestructive

LEFT = Qt.MouseButton.LeftButton
ALT, CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
WORDS = ("btc", "9001", "sell", "0.01", ">1", "grid-", "存储", "\\", "[", "a b c", "2", "%", "'", "recovered")
BLIND = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Space)
KEYS = (
    *BLIND,
    *(Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left),
    *(Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Menu, Qt.Key.Key_F5, Qt.Key.Key_C, Qt.Key.Key_A, Qt.Key.Key_L, Qt.Key.Key_X, Qt.Key.Key_1),
)


WAYS = {"by its rule": 9, "blind": 3, "wrong count": 2, "declined": 2, "closed": 1, "keys": 3, "count and Enter": 3}


def answer_by(way: str, dialog: ConfirmDestructive, rng: random.Random) -> None:
    """Answer in one of the `WAYS`; the dialog may still be open after."""
    wanted = dialog._question.typed
    if way == "by its rule":
        if wanted:
            QTest.keyClicks(dialog.typed_field, wanted)
        QTest.mouseClick(dialog.accept_button, LEFT)
    elif way == "blind":
        QTest.keyClick(dialog.focusWidget() or dialog, rng.choice(BLIND))
    elif way == "wrong count":
        if wanted:
            QTest.keyClicks(dialog.typed_field, rng.choice(["0", "11", "yes", " "]))
            QTest.keyClick(dialog.typed_field, Qt.Key.Key_Return)
            QTest.mouseClick(dialog.accept_button, LEFT)
    elif way == "declined":
        QTest.mouseClick(dialog.decline_button, LEFT)
    elif way == "closed":
        dialog.close()
    elif way == "keys":
        for _ in range(rng.randint(1, 12)):
            if dialog.isVisible():
                QTest.keyClick(dialog.focusWidget() or dialog, rng.choice(KEYS))
    elif wanted:
        QTest.keyClicks(dialog.typed_field, wanted)
        QTest.keyClick(dialog.typed_field, Qt.Key.Key_Return)
        QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)


def write(field: QWidget, text: str) -> None:
    """By keys where a keyboard has them, as an input method does it otherwise."""
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)


def middle(widget: QWidget) -> QPoint:
    """Of what is to be seen of it."""
    return widget.visibleRegion().boundingRect().center()


def name_of(button: QAbstractButton) -> str:
    """For the log."""
    return button.text() or button.accessibleName() or button.objectName() or type(button).__name__
