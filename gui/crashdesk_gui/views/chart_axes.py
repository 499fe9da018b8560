"""The axes of the charts: ticks are exact values, and round moments of the zone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from crashdesk_gui.models.axis_ticks import time_ticks
from crashdesk_gui.theme import Theme
from crashdesk_gui.views.chart_scene import MARK_CENTRE, RIGHT_MARGIN
from crashdesk_gui.views.chart_style import cosmetic
from crashdesk_gui.widgets.timeline_marks import draw_break

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


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A mark at `x` with words that begin at `left`, in pixels; a new day is `strong`."""

    x: int
    left: int
    text: str
    strong: bool = False


class TimeAxis(QGraphicsWidget):
    """The one time axis under all lanes. It is even; what it cannot show it says behind a break, under the exchange's marks."""

    def __init__(self) -> None:
        super().__init__()
        self._zone: tzinfo | None = None
        self._theme: Theme | None = None
        self._font = QFont()
        self._view = (0, 1)
        self._beyond = ""

    def dress(self, theme: Theme, font: QFont, zone: tzinfo | None) -> None:
        """Take the colours of a theme and the zone in which the moments are round."""
        self._theme, self._font, self._zone = theme, font, zone
        self.update()

    def show_view(self, view: tuple[int, int], beyond: str = "") -> None:
        """Show the time between two moments, UNIX nanoseconds; `beyond` are words on what comes later."""
        if (view, beyond) != (self._view, self._beyond):
            self._view, self._beyond = view, beyond
            self.update()

    def boundingRect(self) -> QRectF:
        return self.rect().adjusted(-_BEYOND, 0, RIGHT_MARGIN, 0)

    def labels(self) -> list[AxisLabel]:
        """What is marked, from left to right; the words on what comes later are the last."""
        (start, end), width = self._view, self.size().width()
        metrics = QFontMetricsF(self._font)
        later: list[AxisLabel] = []
        free = math.inf
        if self._beyond:
            room = metrics.horizontalAdvance(self._beyond)
            middle = width + MARK_CENTRE
            left = round(min(middle - room / 2, width + RIGHT_MARGIN - 2 - room))
            later.append(AxisLabel(round(middle), left, self._beyond))
            free = left - _BEYOND
        labels = []
        for tick in time_ticks(start, end, max(int(width // _TICK_SPACING), 1), self._zone):
            x = round((tick.at - start) / (end - start) * width)
            left = round(x - metrics.horizontalAdvance(tick.text) / 2)
            right = 2 * x - left
            fits = left >= -_BEYOND and right <= width + _BEYOND
            if right <= free:
                labels.append(AxisLabel(x, left, tick.text if fits else "", tick.strong))
        return labels + later

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._theme
        if theme is None:
            return
        width, labels = self.size().width(), self.labels()
        painter.setPen(cosmetic(QColor(theme.border)))
        painter.drawLine(QLineF(0, 0, width, 0))
        painter.setPen(cosmetic(QColor(theme.strong_border)))
        painter.drawLines([QLineF(label.x, 0, label.x, _TICK_LENGTH) for label in labels])
        if self._beyond:
            # Under the line of the axis, because above it the lanes begin.
            draw_break(painter, width + MARK_CENTRE / 2, _TICK_LENGTH, theme)
        painter.setFont(self._font)
        muted, strong = QColor(theme.muted), QColor(theme.text)
        baseline = 2 * _TICK_LENGTH + QFontMetricsF(self._font).ascent()
        for label in labels:
            # A new day is told apart from the hours.
            painter.setPen(strong if label.strong else muted)
            painter.drawText(label.left, round(baseline), label.text)
