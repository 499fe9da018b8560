"""One chart of the stack: its plot, its axis, the words over it and the marks beside it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneResizeEvent,
    QGraphicsWidget,
    QStyleOptionGraphicsItem,
    QWidget,
)

from crashdesk_gui.models.chart_data import Floats
from crashdesk_gui.views.chart_axes import ValueAxis
from crashdesk_gui.views.chart_items import Outlines
from crashdesk_gui.views.chart_marks import paint_marks
from crashdesk_gui.views.chart_paint import (
    CrashWords,
    crash_words_place,
    fitted,
    header_metrics,
    paint_crash_words,
    paint_header,
)
from crashdesk_gui.views.chart_plot import Plot
from crashdesk_gui.views.chart_scene import (
    HEADER_HEIGHT,
    LEFT_MARGIN,
    HeaderPart,
    LaneShape,
    Scene,
    has_zero,
    plot_rect,
)
from crashdesk_gui.views.chart_style import cosmetic

_AROUND = 4
"""Items that are nearer than so many pixels to one that has changed are drawn anew with it."""


class LaneHeader(QGraphicsWidget):
    """The words over a lane; an item of its own, which is not drawn anew with the lines under it."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._shown: tuple[object, ...] = ()
        self._scene: Scene | None = None
        self._number = 0
        self._place: QRectF | None = None
        self._fitted: list[tuple[HeaderPart, str]] = []

    def show_words(self, scene: Scene, number: int, place: QRectF | None) -> None:
        """Write these, with those on the crash in a place of the header, None: not here."""
        words = scene.headers[number] if number < len(scene.headers) else ()
        shown = (words, place, scene.crash.text if place is not None and scene.crash is not None else "", scene.theme)
        self._scene, self._number, self._place = scene, number, place
        if shown != self._shown:
            self._shown = shown
            self._fit()
            self.update()

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        scene = self._scene
        if scene is None:
            return
        parts = scene.headers[self._number] if self._number < len(scene.headers) else ()
        self._fitted = fitted(parts, header_metrics(scene), self.size().width())
        # Whoever rests the mouse on words that were shortened reads all of them.
        whole = [part.text for part in parts]
        cut = whole if [text for _part, text in self._fitted] != whole else []
        rest = "\n".join([*cut, *(part.tip for part in parts if part.tip)])
        if rest != self.toolTip():
            self.setToolTip(rest)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        if self._scene is not None:
            paint_header(self._scene, painter, self.rect(), self._fitted)
            if self._place is not None:
                paint_crash_words(self._scene, painter, self._place, over_lines=False)


class Lane(QGraphicsWidget):
    """Shows one lane of a `Scene`."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene
        self._number = 0
        self._shape: LaneShape | None = None
        self._words: CrashWords | None = None
        self._left = 0
        self._over: object = None
        self.plot = Plot(self, scene.theme)
        # The words and the marks of the lane lie over its lines.
        self.plot.setFlag(QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent)
        self._axis = ValueAxis(self)
        self._header = LaneHeader(self)
        self.dress(scene)

    def dress(self, scene: Scene) -> None:
        """Take the colours and the words of a scene."""
        self._axis.dress(scene.theme, scene.small_font)
        self.plot.dress(scene.theme)

    def place(self, rect: QRectF, left: int) -> None:
        """Stand there, with so much room for the values."""
        if rect != self.geometry() or left != self._left:
            self._left = left
            self.setGeometry(rect)
            plot = plot_rect(self.rect(), left)
            # Apart from the lines, so that it is not drawn anew with them.
            self._axis.setGeometry(QRectF(0, plot.top(), left - _AROUND, plot.height()))
            # Over the values and the marks too, where its words may go on.
            width = self.rect().width() - LEFT_MARGIN - _AROUND
            self._header.setGeometry(QRectF(LEFT_MARGIN, _AROUND - 1, width, HEADER_HEIGHT - 2 * _AROUND + 1))
            self.plot.setGeometry(plot)

    def show_shape(self, scene: Scene, number: int, shape: LaneShape, words: CrashWords | None) -> None:
        """Draw a lane as it was measured out for the width of its plot."""
        self._scene, self._number, self._shape = scene, number, shape
        self.plot.show_outlines(self._measured(scene, number, shape))
        self._axis.show_ticks(shape.ticks, shape.low, shape.high)
        self.show_lines(scene)
        self.show_header(scene, words)
        over = shape.low, shape.high, scene.marks, scene.theme, number, self._place_over_lines()
        if over != self._over:
            self._over = over
            self.update()

    def _measured(self, scene: Scene, number: int, shape: LaneShape) -> Outlines:
        area = self.plot.rect()
        start, end = scene.view
        across, up = area.width() / (end - start), area.height() / (shape.high - shape.low)

        def y_of(values: Floats) -> Floats:
            return area.bottom() - (values - shape.low) * up

        gaps = (np.clip(shape.gaps, start, end) - start) * across
        return Outlines(
            area=area,
            # Whatever lies outside is left out here: a vector file knows no edge beyond which nothing is drawn.
            lines=tuple((curve, np.maximum(x, 0.0), y_of(y)) for curve, x, y in shape.lines),
            ends=tuple((curve, x, float(y_of(np.array([y]))[0])) for curve, x, y in shape.ends),
            gaps=tuple((left, right) for left, right in gaps.tolist()),
            levels=tuple(y_of(np.array([float(value) for value, _text in shape.ticks])).tolist()),
            zero=float(y_of(np.zeros(1))[0]) if has_zero(scene.lanes[number]) else None,
        )

    def show_lines(self, scene: Scene) -> None:
        """Put the crosshair and the mark of the chosen checkpoint where they are now."""
        start, end = scene.view
        across = self.plot.size().width() / (end - start)
        seen = (at is not None and start <= at <= end for at in (scene.selected, scene.crosshair))
        self._scene = scene
        self.plot.show_lines(
            *(
                (at - start) * across if visible and at is not None else None
                for at, visible in zip((scene.selected, scene.crosshair), seen, strict=True)
            )
        )

    def show_header(self, scene: Scene, words: CrashWords | None) -> None:
        """Write the line over the lane anew; `words` on the crash stand in one of the lanes."""
        self._scene, self._words = scene, words
        beside = words is not None and words.beside_header
        over_plot = QRectF(self._left - LEFT_MARGIN, 0, self.plot.size().width(), self._header.size().height())
        self._header.show_words(scene, self._number, self._words_place(over_plot) if beside else None)

    def _words_place(self, header: QRectF) -> QRectF | None:
        words = self._words
        if words is None or words.lane != self._number:
            return None
        return crash_words_place(self._scene, words, header)

    def _place_over_lines(self) -> QRectF | None:
        if self._words is None or self._words.beside_header:
            return None
        return self._words_place(QRectF(self._left, 0, self.plot.size().width(), HEADER_HEIGHT))

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        scene, shape = self._scene, self._shape
        if shape is None or self._number >= len(scene.lanes):
            return
        plot = plot_rect(self.rect(), self._left)
        painter.setPen(cosmetic(QColor(scene.theme.border)))
        painter.drawPolyline([plot.topLeft(), plot.bottomLeft(), plot.bottomRight()])
        paint_marks(scene, painter, plot, self._number, shape)
        place = self._place_over_lines()
        if place is not None:
            paint_crash_words(scene, painter, place, over_lines=True)
