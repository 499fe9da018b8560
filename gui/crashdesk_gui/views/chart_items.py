"""What is drawn inside a lane: its lines over a grid, the ground under them, and the times of which nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from crashdesk_gui.models.chart_data import CurveId, Floats, Measure
from crashdesk_gui.models.chart_pixels import Rectangles, ground_rectangles, level_rectangles, line_rectangles
from crashdesk_gui.theme import Theme, Tone, mix
from crashdesk_gui.views.chart_style import cosmetic, curve_colour, polygon

_FEW_CORNERS = 600
"""Up to so many corners a line is drawn two pixels wide and its ground is tinted; beyond it both only hide what it does."""
DOT = 5
_GROUND = 0.14
"""So much of a line's colour is in the ground under it."""


@dataclass(frozen=True, eq=False)
class Outlines:
    """What a lane draws within `area`, all of it in pixels of its plot: a vector file keeps six digits, fewer than a value has.

    `lines` have their corners as x and y, `ends` are last values that held too short to be seen, `gaps` are (left, right),
    `levels` where a line of the grid runs, `zero` where zero is, None when it has no meaning. The grid is not that of the
    axis, because an axis with a grid is drawn anew, words and all, with every step of the lines.
    """

    area: QRectF
    lines: tuple[tuple[CurveId, Floats, Floats], ...] = ()
    ends: tuple[tuple[CurveId, float, float], ...] = ()
    gaps: tuple[tuple[float, float], ...] = ()
    levels: tuple[float, ...] = ()
    zero: float | None = None

    @property
    def few(self) -> bool:
        """Whether the lines have so few corners that each of them can be seen."""
        return sum(len(x) for _curve, x, _y in self.lines) <= _FEW_CORNERS

    @property
    def grounded(self) -> tuple[tuple[CurveId, Floats, Floats], ...]:
        """The lines with a tinted ground down to zero."""
        if not self.few or self.zero is None:
            return ()
        return tuple(line for line in self.lines if line[0].measure is Measure.QUANTITY)

    @property
    def dots(self) -> tuple[tuple[CurveId, float, float], ...]:
        """The values that held for so short a time that their line cannot be seen."""
        lone = tuple(
            (curve, float(x[-1]), float(y[-1]))
            for curve, x, y in self.lines
            if x[-1] - x[0] < DOT and y.max() - y.min() < DOT
        )
        return (*lone, *(each for each in self.ends if each not in lone))


def paint_gaps(drawn: Outlines, theme: Theme, painter: QPainter) -> None:
    """Hatch the times of which nothing is known."""
    edges = []
    for start, end in drawn.gaps:
        band = QRectF(start, drawn.area.top(), end - start, drawn.area.height())
        paint_unknown(painter, theme, band)
        # What goes on beyond the view does not end at its edge.
        ends = (at for at in (start, end) if drawn.area.left() < at < drawn.area.right())
        edges += [QLineF(at, band.top(), at, band.bottom()) for at in ends]
    if edges:
        painter.setPen(cosmetic(mix(theme.color(Tone.DANGER), QColor(theme.base), 0.6), 1, Qt.PenStyle.DashLine))
        painter.drawLines(edges)


def paint_unknown(painter: QPainter, theme: Theme, place: QRectF) -> None:
    """Hatch a place."""
    painter.fillRect(place, theme.tint(Tone.DANGER))
    painter.fillRect(place, QBrush(mix(theme.color(Tone.DANGER), QColor(theme.base), 0.3), Qt.BrushStyle.BDiagPattern))


def _ground_colour(theme: Theme, curve: CurveId) -> QColor:
    return mix(curve_colour(theme, curve), QColor(theme.base), _GROUND)


def pixels_of(drawn: Outlines, theme: Theme, ratio: float) -> tuple[tuple[QColor, Rectangles], ...]:
    """What is filled with which colour, one after the other, where a unit is so many pixels."""
    thin = max(round(ratio), 1)
    width = 2 * thin if drawn.few else thin
    least = round(DOT * ratio)
    size = max(int(drawn.area.width() * ratio), least), max(int(drawn.area.height() * ratio), least)
    filled = [
        (_ground_colour(theme, curve), ground_rectangles(x * ratio, y * ratio, (drawn.zero or 0.0) * ratio, size))
        for curve, x, y in drawn.grounded
    ]
    levels = np.array(drawn.levels) * ratio
    filled.append((QColor(theme.grid_line), level_rectangles(levels, thin, size)))
    if drawn.zero is not None:
        zero = np.array([drawn.zero]) * ratio
        filled.append((QColor(theme.strong_border), level_rectangles(zero, thin, size)))
    for curve, x, y in drawn.lines:
        filled.append((curve_colour(theme, curve), line_rectangles(x * ratio, y * ratio, width, size)))
    for curve, at, height in drawn.dots:
        dot = np.array([at]) * ratio, np.array([height]) * ratio
        filled.append((curve_colour(theme, curve), line_rectangles(*dot, round(DOT * ratio), size)))
    return tuple(filled)


def stroke_lines(drawn: Outlines, theme: Theme, painter: QPainter) -> None:
    """Draw the lines over the grid and their ground as what they are."""
    painter.setPen(Qt.PenStyle.NoPen)
    for curve, x, y in drawn.grounded:
        painter.setBrush(_ground_colour(theme, curve))
        ground = polygon(x, y)
        ground.append(QPointF(x[-1], drawn.zero or 0.0))
        ground.append(QPointF(x[0], drawn.zero or 0.0))
        painter.drawPolygon(ground)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(cosmetic(QColor(theme.grid_line)))
    for level in drawn.levels:
        _stroke_across(painter, drawn.area, level)
    if drawn.zero is not None:
        painter.setPen(cosmetic(QColor(theme.strong_border)))
        _stroke_across(painter, drawn.area, drawn.zero)
    for curve, x, y in drawn.lines:
        # As wide in a finer picture as on the screen.
        pen = cosmetic(curve_colour(theme, curve), 2 if drawn.few else 1)
        pen.setCosmetic(False)
        painter.setPen(pen)
        painter.drawPolyline(polygon(x, y))
    for curve, at, height in drawn.dots:
        painter.fillRect(QRectF(at - DOT / 2, height - DOT / 2, DOT, DOT), curve_colour(theme, curve))


def _stroke_across(painter: QPainter, area: QRectF, y: float) -> None:
    painter.drawLine(QLineF(area.left(), y, area.right(), y))
