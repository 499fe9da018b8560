"""A column that scrolls up and down: by the keyboard too, and visibly, where there is more than fits."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone


class ScrollColumn(QScrollArea):
    """Shows `inside` at the full width. Tab stops at it only while there is something to scroll to."""

    def __init__(self, ui: UiContext, inside: QWidget, name: str) -> None:
        super().__init__()
        self._ui = ui
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        # How high it must be follows from its width; what Qt asks for is meant for the narrowest.
        inside.setMinimumHeight(1)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.verticalScrollBar().rangeChanged.connect(self._take_or_leave)
        self._take_or_leave(0, 0)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(self._ui.theme.color(Tone.ACCENT), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            # While it has the keyboard, Tab may come back to it: a keeper of the focus relies on that.
            self._take_or_leave(0, self.verticalScrollBar().maximum())
            self.setViewportMargins(*((3, 3, 3, 3) if self.hasFocus() else (0, 0, 0, 0)))
            self.update()
        return handled

    def _take_or_leave(self, _least: int, most: int) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if most > 0 or self.hasFocus() else Qt.FocusPolicy.NoFocus)
