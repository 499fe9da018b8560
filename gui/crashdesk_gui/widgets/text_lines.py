"""Texts that are broken into lines wherever that is needed: an id has no spaces, and none of its letters may be cut."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QMenu, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.number_texts import elided_between_numbers
from crashdesk_gui.widgets.text import TextLabel, TextStyle

_FEWEST_LETTERS = 12


def wrapping(alignment: Qt.AlignmentFlag) -> QTextOption:
    """Lines that end between words; a word that is longer than a line is broken."""
    option = QTextOption(alignment)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def wrapped_height(font: QFont, text: str, width: int) -> int:
    """How high a text is in pixels when it is broken into lines of `width` pixels."""
    layout = QTextLayout(text.replace("\n", "\N{LINE SEPARATOR}"), font)
    layout.setTextOption(wrapping(Qt.AlignmentFlag.AlignLeft))
    height = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        height += line.height()
    layout.endLayout()
    return math.ceil(height)


class OneLineLabel(TextLabel):
    """A label that ends in dots where there is no room for all of it, never within a number; its tip then says the rest."""

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().averageCharWidth() * _FEWEST_LETTERS
        return QSize(min(least, super().sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(self.font())
        room = self.contentsRect()
        shown = elided_between_numbers(self.fontMetrics(), self.text(), room.width())
        painter.drawText(room, self.alignment() | Qt.TextFlag.TextSingleLine, shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_rest()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell_rest()

    def _tell_rest(self) -> None:
        whole = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
        self.setToolTip("" if whole else self.text())


class BreakingLabel(TextLabel):
    """A label that needs little width, since it breaks long words. A click selects all of its text, for Ctrl+C."""

    def __init__(
        self,
        ui: UiContext,
        text: str = "",
        style: TextStyle = TextStyle.BODY,
        *,
        tone: Tone = Tone.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ui, text, style, tone=tone, wrap=True, parent=parent)
        self._selected = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def copy(self) -> None:
        """Put the whole text on the clipboard, without the breaks."""
        QGuiApplication.clipboard().setText(self.text())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * _FEWEST_LETTERS, self.fontMetrics().height())

    def sizeHint(self) -> QSize:
        width = min(self.fontMetrics().horizontalAdvance(self.text()) + 1, super().sizeHint().width())
        width = max(width, self.minimumSizeHint().width())
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inner = width - margins.left() - margins.right()
        return wrapped_height(self.font(), self.text(), inner) + margins.top() + margins.bottom()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        if self._selected:
            painter.fillRect(self.contentsRect(), palette.color(QPalette.ColorRole.Highlight))
        role = QPalette.ColorRole.HighlightedText if self._selected else QPalette.ColorRole.WindowText
        painter.setPen(palette.color(role))
        painter.setFont(self.font())
        painter.drawText(QRectF(self.contentsRect()), self.text(), wrapping(self.alignment()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._select(True)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._select(event.reason() is Qt.FocusReason.PopupFocusReason and self._selected)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy"), self.copy)
        menu.popup(event.globalPos())

    def _select(self, selected: bool) -> None:
        self._selected = selected
        self.update()
