"""The words over a lane and the marks beside it, painted over what pyqtgraph draws."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPolygonF

from crashdesk_gui.theme import Tone
from crashdesk_gui.views.chart_scene import RIGHT_MARGIN, LaneShape, Scene
from crashdesk_gui.views.chart_style import cosmetic

_MARK = 5.5
_WORD_GAP = 16


@dataclass(frozen=True)
class CrashWords:
    """In which lane the words on the crash stand, how many pixels wide; over its lines only when no header has room."""

    lane: int
    width: int
    beside_header: bool


def crash_words(scene: Scene, width: float) -> CrashWords | None:
    """Where the words stand when a header is so wide: beside the first that leaves room, where they hide nothing."""
    crash, (first, last) = scene.crash, scene.view
    if crash is None or crash.end < first or crash.start > last:
        return None
    needed = QFontMetrics(scene.small_font).horizontalAdvance(crash.text)
    metrics = {True: QFontMetrics(scene.strong_font), False: QFontMetrics(scene.font)}
    for number, parts in enumerate(scene.headers):
        taken = sum(metrics[part.strong].horizontalAdvance(part.text) + _WORD_GAP for part in parts)
        if taken + needed <= width:
            return CrashWords(number, needed, beside_header=True)
    return CrashWords(0, needed, beside_header=False)


def crash_words_place(scene: Scene, words: CrashWords, header: QRectF) -> QRectF:
    """Where in their lane the words on the crash stand."""
    assert scene.crash is not None
    if words.beside_header:
        return QRectF(header.right() - words.width, header.top(), words.width, header.height())
    first, last = scene.view
    start = header.left() + (scene.crash.start - first) / (last - first) * header.width()
    right = min(start if start - words.width - 12 > header.left() else header.right(), header.right())
    height = QFontMetrics(scene.small_font).height()
    return QRectF(right - words.width - 6, header.bottom() + 1, words.width, height)


def paint_crash_words(scene: Scene, painter: QPainter, place: QRectF, *, over_lines: bool) -> None:
    """Write for how long there is no checkpoint; over lines on a ground that lets them be seen a little."""
    assert scene.crash is not None
    if over_lines:
        ground = QColor(scene.theme.base)
        ground.setAlpha(208)
        painter.fillRect(place.adjusted(-4, 0, 4, 0), ground)
    painter.setFont(scene.small_font)
    painter.setPen(scene.theme.color(Tone.DANGER))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, scene.crash.text)


def paint_marks(scene: Scene, painter: QPainter, plot: QRectF, number: int, shape: LaneShape) -> None:
    """Beside the plot, because "now" is not a place on the axis once one has moved away from it."""
    x = plot.right() + RIGHT_MARGIN / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for curve in scene.lanes[number]:
        mark = scene.marks.get(curve.id)
        if mark is None:
            continue
        tone = scene.theme.color(Tone.OK if mark.same else Tone.WARNING)
        wanted = plot.bottom() - (mark.value - shape.low) / (shape.high - shape.low) * plot.height()
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


def paint_header(scene: Scene, painter: QPainter, rect: QRectF, number: int) -> None:
    """The line over a lane, cut off where there is no room for more."""
    x = rect.left()
    for part in scene.headers[number] if number < len(scene.headers) else ():
        font = scene.strong_font if part.strong else scene.font
        metrics = QFontMetrics(font)
        room = rect.right() - x
        if room < metrics.horizontalAdvance("…"):
            return
        text = metrics.elidedText(part.text, Qt.TextElideMode.ElideRight, int(room))
        painter.setFont(font)
        painter.setPen(QColor(part.colour))
        painter.drawText(QPointF(x, rect.top() + (rect.height() + metrics.ascent() - metrics.descent()) / 2), text)
        x += metrics.horizontalAdvance(text) + _WORD_GAP
