"""Where the exchange stands now, marked beside a lane: as the side that is held, with a sign where that is not what is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from crashdesk import Side
from crashdesk_gui.models.chart_data import CurveId
from crashdesk_gui.theme import Status, Theme, Tone
from crashdesk_gui.views.chart_scene import MARK_CENTRE, RIGHT_MARGIN, ExchangeMark, LaneShape, Scene, lane_marks
from crashdesk_gui.views.chart_style import cosmetic, curve_colour

_MARK = 5.5
_APART = 2 * _MARK + 1
_LEADER = 12.0


@dataclass(frozen=True)
class PlacedMark:
    """A mark in pixels; `beyond` is -1 where its value lies above what the lane shows, 1 below."""

    curve: CurveId
    mark: ExchangeMark
    y: float
    beyond: int = 0

    @property
    def flat(self) -> bool:
        """Whether it says that a side is not held."""
        return self.curve.side is not None and not self.mark.value


def place_marks(marks: Iterable[tuple[CurveId, ExchangeMark]], shape: LaneShape, plot: QRectF) -> list[PlacedMark]:
    """The marks of a lane so that none hides another; what is not held is not marked beside what is."""
    placed = [_place(curve, mark, shape, plot) for curve, mark in marks]
    held = _apart([each for each in placed if not each.flat], plot)
    for flat in (each for each in placed if each.flat):
        near = next((n for n, each in enumerate(held) if abs(each.y - flat.y) < _APART), None)
        if near is None:
            held.append(flat)
        elif not flat.mark.same:
            held[near] = replace(held[near], mark=replace(held[near].mark, same=False))
    return held


def paint_marks(scene: Scene, painter: QPainter, plot: QRectF, number: int, shape: LaneShape) -> None:
    """Beside the plot, because "now" is not a place on the axis once one has moved away from it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(scene.strong_font)
    for placed in place_marks(lane_marks(scene, number), shape, plot):
        _paint_mark(painter, scene.theme, placed, plot.right())
    painter.restore()


def paint_glyph(painter: QPainter, curve: CurveId, colour: QColor, centre: QPointF, *, flat: bool = False) -> None:
    """A mark by itself: the arrow of its side, a ring where that is not held, a disc for the account's figures."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if flat:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 2))
    if flat or curve.side is None:
        painter.drawEllipse(centre, _MARK - 1, _MARK - 1)
        return
    tip = -_MARK if curve.side is Side.BUY else _MARK
    base = centre.y() - tip * 0.8
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(centre.x() - _MARK, base),
                QPointF(centre.x() + _MARK, base),
                QPointF(centre.x(), centre.y() + tip),
            ]
        )
    )


def _place(curve: CurveId, mark: ExchangeMark, shape: LaneShape, plot: QRectF) -> PlacedMark:
    wanted = plot.bottom() - (mark.value - shape.low) / (shape.high - shape.low) * plot.height()
    # Beyond the edge there must be room for the arrow that says so.
    if wanted < plot.top():
        return PlacedMark(curve, mark, plot.top() + 2 * _MARK, -1)
    if wanted > plot.bottom():
        return PlacedMark(curve, mark, plot.bottom() - 2 * _MARK, 1)
    return PlacedMark(curve, mark, min(max(wanted, plot.top() + _MARK), plot.bottom() - _MARK))


def _apart(held: list[PlacedMark], plot: QRectF) -> list[PlacedMark]:
    """The two sides of a symbol, the long one above the short one."""
    if len(held) != 2 or abs(held[0].y - held[1].y) >= _APART:
        return held
    upper, lower = sorted(held, key=lambda each: each.curve.side is Side.SELL)
    middle = (upper.y + lower.y) / 2
    middle = min(max(middle, plot.top() + _APART), plot.bottom() - _APART)
    return [replace(upper, y=middle - _APART / 2), replace(lower, y=middle + _APART / 2)]


def _paint_mark(painter: QPainter, theme: Theme, placed: PlacedMark, right: float) -> None:
    colour, centre = curve_colour(theme, placed.curve), QPointF(right + MARK_CENTRE, placed.y)
    paint_glyph(painter, placed.curve, colour, centre, flat=placed.flat)
    if placed.beyond:
        tip, wing = placed.y + placed.beyond * 2 * _MARK, placed.y + placed.beyond * 1.4 * _MARK
        painter.setPen(QPen(colour, 1.5))
        painter.drawPolyline([QPointF(centre.x() + x, y) for x, y in ((-_MARK, wing), (0.0, tip), (_MARK, wing))])
    else:
        painter.setPen(cosmetic(colour, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(right - _LEADER, placed.y), QPointF(centre.x() - _MARK - 1, placed.y))
    if not placed.mark.same:
        painter.setPen(theme.color(Tone.WARNING))
        beside = QRectF(centre.x() + _MARK, placed.y - _APART, right + RIGHT_MARGIN - centre.x() - _MARK, 2 * _APART)
        painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, Status.DIFFERS.glyph)
