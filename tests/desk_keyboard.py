"""Ten fingers at the real desk: real keys to whatever has the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from desk_operator import DeskOperator
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from crashdesk_gui.dialogs.confirm import ConfirmDestructive
from crashdesk_gui.models.orphans import OrphanRow
from crashdesk_gui.widgets.table import RecordTableView

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
MOST_STOPS = 120


class Keyboard:
    """Ten fingers. It presses keys and reads what the screen shows; it clicks and calls nothing."""

    def __init__(self, operator: DeskOperator) -> None:
        self.operator = operator
        self.window = operator.desk.window

    @property
    def focus(self) -> QWidget:
        """What has the keyboard, in the dialog that is open or in the window."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        return top.focusWidget() or top

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focus, key, modifier)
            QApplication.processEvents()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)
        QApplication.processEvents()

    def page(self, number: int) -> None:
        self.press(Qt.Key(Qt.Key.Key_0 + number), CTRL)

    def tab_to(self, wanted: Callable[[QWidget], bool]) -> QWidget:
        """Press Tab until the keyboard is on what is wanted."""
        for _ in range(MOST_STOPS):
            if wanted(self.focus):
                return self.focus
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab did not come to it; it is on {self.focus}")

    def tab_to_button(self, text: str) -> QWidget:
        return self.tab_to(
            lambda each: isinstance(each, QAbstractButton) and text in (each.text(), each.accessibleName())
        )

    def arrow_to(self, order_id: str) -> OrphanRow:
        """Walk up to the first order and down until the current one is that order."""
        table = self.focus
        assert isinstance(table, RecordTableView)
        self.press(Qt.Key.Key_Home, CTRL)
        for _ in range(20):
            row = table.current_record()
            if row is not None and row.live.id == order_id:
                return row
            self.press(Qt.Key.Key_Down)
        raise AssertionError(f"the arrows never came to {order_id}")

    def in_dialog(self, does: Callable[[ConfirmDestructive], object]) -> None:
        """What to do when the confirmation opens, which happens inside the next key press."""

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, ConfirmDestructive) and dialog.isVisible():
                timer.stop()
                does(dialog)

        timer = QTimer(self.window, interval=5)
        timer.timeout.connect(look)
        timer.start()
