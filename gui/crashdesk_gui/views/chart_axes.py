"""The axes of the charts: pyqtgraph's, with ticks that are exact values and round moments of the zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

from crashdesk_gui.models.axis_ticks import TimeTick, time_ticks
from crashdesk_gui.theme import Theme
from crashdesk_gui.views.chart_style import cosmetic

_TICK_SPACING = 108
_NS = 1_000_000_000


class ValueAxis(pg.AxisItem):
    """The values at the left of a lane."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__("left", linkView=box)
        self._ticks: tuple[tuple[Decimal, str], ...] = ()
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=0, tickTextOffset=4, autoExpandTextSpace=False, hideOverlappingLabels=8)

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take the colours of a theme."""
        self.setStyle(tickFont=font)
        self.setPen(None)
        self.setTextPen(cosmetic(QColor(theme.muted)))

    def show_ticks(self, ticks: tuple[tuple[Decimal, str], ...]) -> None:
        """Mark these values, with their words."""
        if ticks != self._ticks:
            self._ticks = ticks
            self.picture = None
            self.update()

    def tickValues(self, _least: float, _most: float, _size: float) -> list[tuple[float, list[float]]]:
        return [(0.0, [float(value) for value, _text in self._ticks])]

    def tickStrings(self, _values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        return [text for _value, text in self._ticks]

    def drawPicture(self, painter: QPainter, axis: Any, _ticks: Any, texts: Any) -> None:
        # The lines of the grid begin where a tick would be.
        super().drawPicture(painter, axis, (), texts)

    def wheelEvent(self, event: QGraphicsSceneWheelEvent) -> None:
        # Over the values the wheel scrolls the lanes: there is no time to zoom into.
        event.ignore()

    def mouseDragEvent(self, event: Any) -> None:
        event.ignore()


class TimeAxis(pg.AxisItem):
    """The one time axis under all lanes, in UNIX seconds."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._zone: tzinfo | None = None
        self._ticks: list[TimeTick] = []
        self._strong_pen = self.textPen()
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=4, tickTextOffset=4, autoExpandTextSpace=False, tickAlpha=255, hideOverlappingLabels=8)

    def dress(self, theme: Theme, font: QFont, zone: tzinfo | None) -> None:
        """Take the colours of a theme and the zone in which the moments are round."""
        self._zone = zone
        self._strong_pen = cosmetic(QColor(theme.text))
        self.setStyle(tickFont=font)
        self.setPen(cosmetic(QColor(theme.border)))
        self.setTickPen(cosmetic(QColor(theme.strong_border)))
        self.setTextPen(cosmetic(QColor(theme.muted)))

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:
        wanted = max(int(size // _TICK_SPACING), 1)
        self._ticks = time_ticks(int(least * _NS), int(most * _NS), wanted, self._zone)
        return [(0.0, [tick.at / _NS for tick in self._ticks])]

    def tickStrings(self, _values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        return [tick.text for tick in self._ticks]

    def drawPicture(self, painter: QPainter, axis: Any, ticks: Any, texts: Sequence[tuple[QRectF, Any, str]]) -> None:
        # A new day is told apart from the hours, for which pyqtgraph has no pen of its own.
        days = {tick.text for tick in self._ticks if tick.strong}
        super().drawPicture(painter, axis, ticks, [each for each in texts if each[2] not in days])
        painter.setPen(self._strong_pen)
        for place, flags, text in texts:
            if text in days:
                painter.drawText(place, int(flags), text)
