"""Paints a scene of stacked charts, on a widget or into a picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPolygonF

from crashdesk_gui.models.axis_ticks import time_ticks
from crashdesk_gui.models.chart_data import CurveId, Measure
from crashdesk_gui.theme import Tone, mix
from crashdesk_gui.views.chart_scene import (
    HEADER_HEIGHT,
    RIGHT_MARGIN,
    TIME_AXIS_HEIGHT,
    Crash,
    LaneShape,
    Scene,
    axis_width,
    has_zero,
    shape_lane,
    visible_gaps,
)
from crashdesk_gui.views.chart_style import cosmetic, curve_colour, polygon

_FEW_CORNERS = 1000
"""Up to so many corners a line is drawn two pixels wide and its ground is tinted; beyond it both only cost time."""
_TICK_SPACING = 108
_MARK = 5.5
_WORD_GAP = 16


def paint_picture(scene: Scene, painter: QPainter, area: QRectF) -> None:
    """The whole stack, as a picture for a report: every lane, whatever the window shows."""
    count = max(len(scene.lanes), 1)
    height = (area.height() - TIME_AXIS_HEIGHT) / count
    left, shapes = 0, ()
    for _ in range(2):
        # The room for the values follows from the lanes' values, which follow from the room that is left for them.
        shapes = tuple(
            shape_lane(scene, lane, int(area.width() - left - RIGHT_MARGIN), int(height - HEADER_HEIGHT))
            for lane in range(len(scene.lanes))
        )
        left = axis_width(shapes, scene.small_font)
    for number, shape in enumerate(shapes):
        rect = QRectF(area.left(), area.top() + number * height, area.width(), height)
        paint_lane(scene, painter, rect, left, number, shape)
    paint_time_axis(
        scene, painter, QRectF(area.left(), area.bottom() - TIME_AXIS_HEIGHT, area.width(), TIME_AXIS_HEIGHT), left
    )


def plot_rect(rect: QRectF, left: int) -> QRectF:
    """Where in a lane its lines are."""
    return rect.adjusted(left, HEADER_HEIGHT, -RIGHT_MARGIN, -1)


def x_of(scene: Scene, plot: QRectF, at: int) -> float:
    """Where a moment is."""
    start, end = scene.view
    return plot.left() + (at - start) / (end - start) * plot.width()


def paint_lane(scene: Scene, painter: QPainter, rect: QRectF, left: int, number: int, shape: LaneShape) -> None:
    """One lane with its header, in its place of the stack."""
    plot = plot_rect(rect, left)
    if plot.height() < 1 or plot.width() < 1:
        return
    _paint_bands(scene, painter, plot)
    _paint_values(scene, painter, plot, rect.left(), shape)
    _paint_lines(scene, painter, plot, shape, zero=has_zero(scene.lanes[number]))
    for at, pen in (
        (scene.selected, cosmetic(QColor(scene.theme.accent), 2)),
        (scene.crosshair, cosmetic(QColor(scene.theme.crosshair), 1, Qt.PenStyle.DashLine)),
    ):
        if at is not None and scene.view[0] <= at <= scene.view[1]:
            x = x_of(scene, plot, at)
            painter.setPen(pen)
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
    painter.setPen(cosmetic(QColor(scene.theme.border)))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    painter.drawLine(plot.topLeft(), plot.bottomLeft())
    _paint_marks(scene, painter, plot, number, shape)
    header = QRectF(plot.left(), rect.top(), plot.width(), HEADER_HEIGHT)
    if number < len(scene.headers):
        _paint_header(scene, painter, header, number)
    if scene.crash is not None and scene.crash.end >= scene.view[0] and scene.crash.start <= scene.view[1]:
        _paint_crash_words(scene, scene.crash, painter, header, number)


def paint_time_axis(scene: Scene, painter: QPainter, rect: QRectF, left: int) -> None:
    """The one time axis under all lanes; at its left the zone."""
    theme = scene.theme
    plot = rect.adjusted(left, 0, -RIGHT_MARGIN, 0)
    metrics = QFontMetrics(scene.small_font)
    base = rect.top() + 8 + metrics.ascent()
    painter.setFont(scene.small_font)
    painter.setPen(QColor(theme.muted))
    painter.drawText(QPointF(rect.left() + 8, base), scene.zone_name)
    for tick in time_ticks(*scene.view, max(int(plot.width() // _TICK_SPACING), 1), scene.zone):
        x = x_of(scene, plot, tick.at)
        painter.setPen(cosmetic(QColor(theme.strong_border)))
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.top() + 4))
        width = metrics.horizontalAdvance(tick.text)
        begin = x - width / 2
        if begin >= plot.left() - 8 and begin + width <= rect.right() - 2:
            painter.setPen(QColor(theme.text if tick.strong else theme.muted))
            painter.drawText(QPointF(begin, base), tick.text)


def _paint_bands(scene: Scene, painter: QPainter, plot: QRectF) -> None:
    theme = scene.theme
    danger = theme.color(Tone.DANGER)
    for start, end in visible_gaps(scene, int(plot.width())).tolist():
        first = max(x_of(scene, plot, start), plot.left())
        last = min(x_of(scene, plot, end), plot.right())
        band = QRectF(first, plot.top(), last - first, plot.height())
        painter.fillRect(band, theme.tint(Tone.DANGER))
        painter.fillRect(band, QBrush(mix(danger, QColor(theme.base), 0.3), Qt.BrushStyle.BDiagPattern))
        painter.setPen(cosmetic(mix(danger, QColor(theme.base), 0.6), 1, Qt.PenStyle.DashLine))
        for edge, at in ((first, start), (last, end)):
            if scene.view[0] <= at <= scene.view[1]:
                painter.drawLine(QPointF(edge, plot.top()), QPointF(edge, plot.bottom()))


def _lane_for_words(scene: Scene, width: float) -> int | None:
    """The first lane beside whose header there is so much room left; None when every header is too long."""
    metrics = {True: QFontMetrics(scene.strong_font), False: QFontMetrics(scene.font)}
    for number, parts in enumerate(scene.headers):
        if sum(metrics[part.strong].horizontalAdvance(part.text) + _WORD_GAP for part in parts) <= width:
            return number
    return None


def _paint_crash_words(scene: Scene, crash: Crash, painter: QPainter, header: QRectF, number: int) -> None:
    """Beside a header, where they hide neither a value nor a line; over the first lane only when there is no room."""
    metrics = QFontMetrics(scene.small_font)
    width = metrics.horizontalAdvance(crash.text)
    lane = _lane_for_words(scene, header.width() - width)
    if number != (lane or 0):
        return
    place = QRectF(header.right() - width, header.top(), width, header.height())
    if lane is None:
        start = x_of(scene, header, crash.start)
        right = min(start if start - width - 12 > header.left() else header.right(), header.right())
        place = QRectF(right - width - 6, header.bottom() + 1, width, metrics.height())
        ground = QColor(scene.theme.base)
        ground.setAlpha(208)
        painter.fillRect(place.adjusted(-4, 0, 4, 0), ground)
    painter.setFont(scene.small_font)
    painter.setPen(scene.theme.color(Tone.DANGER))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, crash.text)


def _y_of(plot: QRectF, shape: LaneShape, value: float) -> float:
    return plot.bottom() - (value - shape.low) / (shape.high - shape.low) * plot.height()


def _paint_values(scene: Scene, painter: QPainter, plot: QRectF, left: float, shape: LaneShape) -> None:
    metrics = QFontMetrics(scene.small_font)
    painter.setFont(scene.small_font)
    for value, text in shape.ticks:
        y = round(_y_of(plot, shape, float(value)))
        painter.setPen(cosmetic(QColor(scene.theme.grid_line)))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        box = QRectF(left + 2, y - metrics.height() / 2, plot.left() - left - 8, metrics.height())
        painter.setPen(QColor(scene.theme.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _paint_lines(scene: Scene, painter: QPainter, plot: QRectF, shape: LaneShape, *, zero: bool) -> None:
    ground = _y_of(plot, shape, 0.0)
    few = sum(len(x) for _curve, x, _y in shape.lines) <= _FEW_CORNERS
    scale = plot.height() / (shape.high - shape.low)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    drawn: list[tuple[CurveId, QPolygonF]] = []
    for curve, x, y in shape.lines:
        line = polygon(x + plot.left(), plot.bottom() - (y - shape.low) * scale)
        drawn.append((curve, line))
        if few and curve.measure is Measure.QUANTITY:
            colour = curve_colour(scene.theme, curve)
            filled = QPolygonF(line)
            filled.append(QPointF(line.last().x(), ground))
            filled.append(QPointF(line.first().x(), ground))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), 36))
            painter.drawPolygon(filled)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if zero:
        painter.setPen(cosmetic(QColor(scene.theme.strong_border)))
        painter.drawLine(QPointF(plot.left(), round(ground)), QPointF(plot.right(), round(ground)))
    for curve, line in drawn:
        painter.setPen(cosmetic(curve_colour(scene.theme, curve), 2 if few else 1))
        painter.drawPolyline(line)


def _paint_marks(scene: Scene, painter: QPainter, plot: QRectF, number: int, shape: LaneShape) -> None:
    """Beside the plot, because "now" is not a place on the axis once one has moved away from it."""
    x = plot.right() + RIGHT_MARGIN / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for curve in scene.lanes[number]:
        mark = scene.marks.get(curve.id)
        if mark is None:
            continue
        tone = scene.theme.color(Tone.OK if mark.same else Tone.WARNING)
        wanted = _y_of(plot, shape, mark.value)
        y = min(max(wanted, plot.top() + _MARK), plot.bottom() - _MARK)
        painter.setBrush(tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF(_mark_corners(x, y, wanted - y))) if not mark.same or wanted != y else (
            painter.drawEllipse(QPointF(x, y), _MARK - 0.5, _MARK - 0.5)
        )
        if wanted == y:
            painter.setPen(cosmetic(tone, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(plot.right() - 12, y), QPointF(x - _MARK, y))
    painter.restore()


def _mark_corners(x: float, y: float, beyond: float) -> list[QPointF]:
    """A diamond; an arrow where the value lies `beyond` what the lane shows (negative: above)."""
    if beyond:
        tip = _MARK if beyond > 0 else -_MARK
        return [QPointF(x - _MARK, y - tip / 2), QPointF(x + _MARK, y - tip / 2), QPointF(x, y + tip)]
    return [QPointF(x, y - _MARK), QPointF(x + _MARK, y), QPointF(x, y + _MARK), QPointF(x - _MARK, y)]


def _paint_header(scene: Scene, painter: QPainter, rect: QRectF, number: int) -> None:
    x = rect.left()
    for part in scene.headers[number]:
        font = scene.strong_font if part.strong else scene.font
        metrics = QFontMetrics(font)
        room = rect.right() - x
        if room < metrics.horizontalAdvance("…"):
            return
        text = metrics.elidedText(part.text, Qt.TextElideMode.ElideRight, int(room))
        painter.setFont(font)
        painter.setPen(QColor(part.colour))
        painter.drawText(QPointF(x, rect.top() + (HEADER_HEIGHT + metrics.ascent() - metrics.descent()) / 2), text)
        x += metrics.horizontalAdvance(text) + _WORD_GAP
