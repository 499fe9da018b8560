"""Columns that scroll up and down where there is more than fits."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone

_MOST_FREE = 40
"""A line is left out for being cut only when it is no higher than this; of a higher one the beginning is shown."""


class ScrollColumn(QScrollArea):
    """Shows `inside` at the full width. By the keyboard too: Tab stops at it while there is something to scroll to."""

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


class WholeLines(QScrollArea):
    """Shows `inside` at the full width and, seen from its top, ends with a whole line: half a one looks like a fault."""

    def __init__(self, inside: QWidget | None = None) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._below = 0
        # The lines have their places only when the layout inside has been told of the new size.
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._fit)
        if inside is not None:
            self.show_inside(inside)

    def show_inside(self, inside: QWidget) -> None:
        """Scroll this; it has no ground of its own."""
        self.setWidget(inside)
        # Not by a style sheet of its own: it would dress everything inside a second time.
        for part in (self.viewport(), inside):
            part.setAutoFillBackground(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Qt makes every scroll area the filter of what it scrolls.
        if watched is self.widget() and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fitting.start()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fitting.start()

    def _fit(self) -> None:
        content, height = self.widget(), self.contentsRect().height()
        if content is None:
            return
        tops = [
            top
            for each in content.findChildren(QWidget)
            if each.isVisibleTo(content) and not each.findChildren(QWidget)
            if (top := each.mapTo(content, QPoint(0, 0)).y()) < height < top + each.height()
        ]
        below = height - min(tops) if tops else 0
        below = below if below <= _MOST_FREE else 0
        if below != self._below:
            self._below = below
            self.setViewportMargins(0, 0, 0, below)
