"""A picture of the charts with every lane and what one must know to read it, whatever size the window has.

It is recorded lane by lane, so that the window stays responsive, and can be played into any painter, in any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPicture
from PySide6.QtWidgets import QWidget

from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.chart_canvas import ChartCanvas
from crashdesk_gui.views.chart_items import DOT, paint_unknown
from crashdesk_gui.views.chart_scene import LEFT_MARGIN, TIME_AXIS_HEIGHT, Scene
from crashdesk_gui.views.chart_style import cosmetic
from crashdesk_gui.views.picture_words import PictureWords, Sign

_WIDTH = 1200
_LANE_HEIGHT = 140
_CAPTION_HEIGHT = 64
_LEGEND_HEIGHT = 32
_SIGN = 22
_GAP = 24


class ChartPicture(QObject):
    """Records a scene in a view of its own; calls `on_done(picture, size)` once and is gone then."""

    def __init__(
        self, scene: Scene, words: PictureWords, parent: QWidget, on_done: Callable[[QPicture, QSize], object]
    ) -> None:
        super().__init__(parent)
        self._scene = _for_picture(scene)
        self._words = words
        self._on_done = on_done
        self._charts = QSizeF(_WIDTH, len(scene.lanes) * _LANE_HEIGHT + TIME_AXIS_HEIGHT)
        # A child that is never shown: its lanes need a view, not a screen.
        self._canvas = ChartCanvas(self._scene, parent)
        self._canvas.completed.connect(lambda: QTimer.singleShot(0, self, self._record))
        self._canvas.set_size(self._charts)

    def _record(self) -> None:
        picture = QPicture()
        painter = QPainter(picture)
        height = self._charts.height()
        _write_caption(painter, self._scene, self._words)
        place = QRectF(0, _CAPTION_HEIGHT, _WIDTH, height)
        self._canvas.scene().render(painter, place, QRectF(0, 0, _WIDTH, height))
        signs = [each for each in self._words.legend if each[0] is not Sign.MOMENT or self._canvas.dotted]
        _draw_legend(painter, self._scene, signs, place.bottom())
        painter.end()
        self._canvas.deleteLater()
        self.deleteLater()
        self._on_done(picture, QSize(_WIDTH, round(place.bottom()) + _LEGEND_HEIGHT))


def _write_caption(painter: QPainter, scene: Scene, words: PictureWords) -> None:
    title = QFont(scene.strong_font)
    title.setPixelSize(round(QFontInfo(scene.strong_font).pixelSize() * 1.35))
    lines = ((title, words.title, scene.strong_font, words.span), (scene.font, words.account, scene.font, words.moment))
    for number, (font, text, beside_font, beside) in enumerate(lines):
        line = QRectF(LEFT_MARGIN, 8 + number * 26, _WIDTH - 2 * LEFT_MARGIN, 26)
        painter.setPen(QColor(scene.theme.muted if number else scene.theme.text))
        painter.setFont(beside_font)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, beside)
        room = line.width() - QFontMetrics(beside_font).horizontalAdvance(beside) - _GAP
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        painter.setFont(font)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _draw_legend(painter: QPainter, scene: Scene, signs: Sequence[tuple[Sign, str]], top: float) -> None:
    metrics, x, middle = QFontMetrics(scene.small_font), float(LEFT_MARGIN), top + _LEGEND_HEIGHT / 2
    for sign, text in signs:
        _draw_sign(painter, scene, sign, QPointF(x + _SIGN / 2, middle))
        painter.setFont(scene.small_font)
        painter.setPen(QColor(scene.theme.muted))
        place = QRectF(x + _SIGN + 6, top, metrics.horizontalAdvance(text) + 2, _LEGEND_HEIGHT)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        x = place.right() + _GAP


def _draw_sign(painter: QPainter, scene: Scene, sign: Sign, centre: QPointF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    theme = scene.theme
    place = QRectF(centre.x() - _SIGN / 2, centre.y() - _SIGN / 2, _SIGN, _SIGN)
    match sign:
        case Sign.LONG | Sign.SHORT:
            tone, glyph = (Tone.LONG, "▲") if sign is Sign.LONG else (Tone.SHORT, "▼")
            painter.setFont(scene.font)
            painter.setPen(theme.color(tone))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, glyph)
        case Sign.UNKNOWN:
            paint_unknown(painter, theme, QRectF(place.left(), centre.y() - 6, _SIGN, 12))
        case Sign.MOMENT:
            painter.fillRect(QRectF(centre.x() - DOT / 2, centre.y() - DOT / 2, DOT, DOT), QColor(theme.muted))
        case Sign.EXCHANGE:
            painter.setPen(cosmetic(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(place.left(), centre.y()), QPointF(place.right() - 10, centre.y()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.muted))
            painter.drawEllipse(QPointF(place.right() - 5, centre.y()), 4.5, 4.5)
        case Sign.DIFFERS:
            painter.setFont(scene.strong_font)
            painter.setPen(theme.color(Tone.WARNING))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, Status.DIFFERS.glyph)
    painter.restore()


def _for_picture(scene: Scene) -> Scene:
    """With fonts that are as large as on the screen whatever the picture is played into."""
    return replace(
        scene,
        font=_in_pixels(scene.font),
        strong_font=_in_pixels(scene.strong_font),
        small_font=_in_pixels(scene.small_font),
    )


def _in_pixels(font: QFont) -> QFont:
    """The font with its size in pixels of the screen."""
    sized = QFont(font)
    sized.setPixelSize(QFontInfo(font).pixelSize())
    return sized
