"""The axes of the charts: ticks are exact values, and round moments of the zone."""

from __future__ import annotations

from datetime import tzinfo
from decimal import Decimal

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from crashdesk_gui.models.axis_ticks import time_ticks
from crashdesk_gui.theme import Theme
from crashdesk_gui.views.chart_style import cosmetic

_TICK_SPACING = 108
_TICK_LENGTH = 4
_BEYOND = 8.0
"""Words may stand out so much beyond the ends of their axis, where nothing else is."""


class ValueAxis(QGraphicsWidget):
    """The values at the left of a lane."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._ticks: tuple[tuple[float, str], ...] = ()
        self._colour = QColor()
        self._font = QFont()

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take the colours of a theme."""
        self._colour, self._font = QColor(theme.muted), font
        self.update()

    def show_ticks(self, ticks: tuple[tuple[Decimal, str], ...], low: float, high: float) -> None:
        """Mark these values, with their words, where the axis goes from `low` to `high`."""
        up = self.size().height() / (high - low)
        placed = tuple((self.size().height() - (float(value) - low) * up, text) for value, text in ticks)
        if placed != self._ticks:
            self._ticks = placed
            self.update()

    def boundingRect(self) -> QRectF:
        return self.rect().adjusted(0, -_BEYOND, 0, _BEYOND)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setFont(self._font)
        painter.setPen(self._colour)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        half = QFontMetricsF(self._font).height() / 2
        for y, text in self._ticks:
            # Over and under the axis other things begin.
            middle = max(min(y, self.size().height() + 1 - half), half - 4)
            painter.drawText(QRectF(0, middle - _BEYOND, self.size().width() - 4, 2 * _BEYOND), flags, text)


class TimeAxis(QGraphicsWidget):
    """The one time axis under all lanes."""

    def __init__(self) -> None:
        super().__init__()
        self._zone: tzinfo | None = None
        self._theme: Theme | None = None
        self._font = QFont()
        self._view = (0, 1)

    def dress(self, theme: Theme, font: QFont, zone: tzinfo | None) -> None:
        """Take the colours of a theme and the zone in which the moments are round."""
        self._theme, self._font, self._zone = theme, font, zone
        self.update()

    def show_view(self, view: tuple[int, int]) -> None:
        """Show the time between two moments, UNIX nanoseconds."""
        if view != self._view:
            self._view = view
            self.update()

    def boundingRect(self) -> QRectF:
        return self.rect().adjusted(-_BEYOND, 0, _BEYOND, 0)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme, (start, end) = self._theme, self._view
        if theme is None:
            return
        width = self.size().width()
        ticks = time_ticks(start, end, max(int(width // _TICK_SPACING), 1), self._zone)
        places = [round((tick.at - start) / (end - start) * width) for tick in ticks]
        painter.setPen(cosmetic(QColor(theme.border)))
        painter.drawLine(QLineF(0, 0, width, 0))
        painter.setPen(cosmetic(QColor(theme.strong_border)))
        painter.drawLines([QLineF(x, 0, x, _TICK_LENGTH) for x in places])
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        muted, strong = QColor(theme.muted), QColor(theme.text)
        baseline = 2 * _TICK_LENGTH + metrics.ascent()
        for x, tick in zip(places, ticks, strict=True):
            left = round(x - metrics.horizontalAdvance(tick.text) / 2)
            if left >= -_BEYOND and 2 * x - left <= width + _BEYOND:
                # A new day is told apart from the hours.
                painter.setPen(strong if tick.strong else muted)
                painter.drawText(left, round(baseline), tick.text)
