"""What is drawn inside a lane: its lines over a grid, the ground under them, and the times of which nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from crashdesk_gui.models.chart_data import CurveId, Measure
from crashdesk_gui.theme import Theme, Tone, mix
from crashdesk_gui.views.chart_style import cosmetic, curve_colour

_FEW_CORNERS = 600
"""Up to so many corners a line is drawn two pixels wide and its ground is tinted; beyond it both only cost time."""


@dataclass(frozen=True, eq=False)
class Outlines:
    """What a lane draws within `area`, all of it in pixels of its plot: a vector file keeps six digits, fewer than a value has.

    `gaps` are (left, right), `levels` where a line of the grid runs, `zero` where zero is, None when it has no meaning. The
    grid is not that of the axis, because an axis with a grid is drawn anew, words and all, with every step of the lines.
    """

    area: QRectF
    lines: tuple[tuple[CurveId, QPolygonF], ...] = ()
    gaps: tuple[tuple[float, float], ...] = ()
    levels: tuple[float, ...] = ()
    zero: float | None = None


class OutlineItem(pg.GraphicsObject):
    """Draws `Outlines` under everything else in a view."""

    def __init__(self, box: pg.ViewBox, theme: Theme) -> None:
        super().__init__(box)
        self._theme = theme
        self._drawn = Outlines(QRectF())
        self.setZValue(-1)

    def show_outlines(self, drawn: Outlines, theme: Theme) -> None:
        """Draw these."""
        if drawn.area != self._drawn.area:
            self.prepareGeometryChange()
        self._drawn, self._theme = drawn, theme
        self.update()

    def boundingRect(self) -> QRectF:
        return self._drawn.area

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_gaps(painter)
        painter.setPen(cosmetic(QColor(self._theme.grid_line)))
        for level in self._drawn.levels:
            self._across(painter, level)
        self._paint_lines(painter)

    def _across(self, painter: QPainter, y: float) -> None:
        area = self._drawn.area
        painter.drawLine(QLineF(area.left(), round(y), area.right(), round(y)))

    def _paint_gaps(self, painter: QPainter) -> None:
        area, theme = self._drawn.area, self._theme
        danger, base = theme.color(Tone.DANGER), QColor(theme.base)
        hatch = QBrush(mix(danger, base, 0.3), Qt.BrushStyle.BDiagPattern)
        edges = []
        for start, end in self._drawn.gaps:
            band = QRectF(start, area.top(), end - start, area.height())
            painter.fillRect(band, theme.tint(Tone.DANGER))
            painter.fillRect(band, hatch)
            edges += [QLineF(at, area.top(), at, area.bottom()) for at in (start, end)]
        if edges:
            painter.setPen(cosmetic(mix(danger, base, 0.6), 1, Qt.PenStyle.DashLine))
            painter.drawLines(edges)

    def _paint_lines(self, painter: QPainter) -> None:
        drawn, theme = self._drawn, self._theme
        few = sum(line.size() for _curve, line in drawn.lines) <= _FEW_CORNERS
        if few:
            painter.setPen(Qt.PenStyle.NoPen)
            for curve, line in drawn.lines:
                if curve.measure is Measure.QUANTITY and drawn.zero is not None:
                    _tint_ground(painter, line, drawn.zero, curve_colour(theme, curve))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if drawn.zero is not None:
            painter.setPen(cosmetic(QColor(theme.strong_border)))
            self._across(painter, drawn.zero)
        for curve, line in drawn.lines:
            painter.setPen(cosmetic(curve_colour(theme, curve), 2 if few else 1))
            painter.drawPolyline(line)


def _tint_ground(painter: QPainter, line: QPolygonF, ground: float, colour: QColor) -> None:
    filled = QPolygonF(line)
    filled.append(QPointF(line.last().x(), ground))
    filled.append(QPointF(line.first().x(), ground))
    painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), 36))
    painter.drawPolygon(filled)
