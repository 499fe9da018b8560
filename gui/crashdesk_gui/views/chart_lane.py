"""One chart of the stack: its view, its axis, its lines, the words over it and the marks beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsSceneWheelEvent, QStyleOptionGraphicsItem, QWidget

from crashdesk_gui.models.chart_data import Floats
from crashdesk_gui.views.chart_axes import ValueAxis
from crashdesk_gui.views.chart_items import OutlineItem, Outlines
from crashdesk_gui.views.chart_paint import crash_words_place, paint_crash_words, paint_header, paint_marks
from crashdesk_gui.views.chart_scene import HEADER_HEIGHT, LaneShape, Scene, has_zero, plot_rect, visible_gaps
from crashdesk_gui.views.chart_style import cosmetic, polygon

_NS = 1_000_000_000
_AROUND = 4
"""So many pixels more than what has changed are drawn anew."""


class TimeBox(pg.ViewBox):
    """A view that is moved and zoomed along the time only.

    Signals, UNIX seconds: `taken(start, end)` when it was moved or zoomed with the mouse; `span_dragged(first, last, finished)`
    while a span is marked with Shift or the right button.
    """

    taken = Signal(float, float)
    span_dragged = Signal(float, float, bool)

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self._marking = False
        self.setMouseEnabled(x=True, y=False)
        self.disableAutoRange()
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.sigRangeChangedManually.connect(self._tell)

    def _tell(self, _axes: object) -> None:
        self.taken.emit(*self.viewRange()[0])

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        sideways = event.orientation() == Qt.Orientation.Horizontal
        if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.translateBy(x=-event.delta() / 1200 * self.viewRect().width())
            self.sigRangeChangedManually.emit(self.state["mouseEnabled"])
            event.accept()
        else:
            super().wheelEvent(event, axis)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        if event.isStart():
            with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._marking = with_shift or event.button() == Qt.MouseButton.RightButton
        if self._marking:
            event.accept()
            first, last = (self.mapToView(place).x() for place in (event.buttonDownPos(), event.pos()))
            self.span_dragged.emit(first, last, event.isFinish())
            return
        self.setCursor(Qt.CursorShape.CrossCursor if event.isFinish() else Qt.CursorShape.ClosedHandCursor)
        super().mouseDragEvent(event, axis)


class Lane(pg.GraphicsWidget):
    """Shows one lane of a `Scene`."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene
        self._number = 0
        self._shape: LaneShape | None = None
        self._left = 0
        self._over: object = None
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.box = TimeBox()
        self.box.setParentItem(self)
        self.axis = ValueAxis(self.box)
        self.axis.setParentItem(self)
        for item in (self.box, self.axis):
            # The words and the marks of the lane lie over its lines.
            item.setFlag(pg.GraphicsWidget.GraphicsItemFlag.ItemStacksBehindParent)
        self._outlines = OutlineItem(self.box, scene.theme)
        self.selection = pg.InfiniteLine(angle=90, movable=False)
        self.crosshair = pg.InfiniteLine(angle=90, movable=False)
        for item in (self.selection, self.crosshair):
            self.box.addItem(item, ignoreBounds=True)
        self.dress(scene)

    def dress(self, scene: Scene) -> None:
        """Take the colours and the words of a scene."""
        theme = scene.theme
        self.axis.dress(theme, scene.small_font)
        self.selection.setPen(cosmetic(QColor(theme.accent), 2))
        self.crosshair.setPen(cosmetic(QColor(theme.crosshair), 1, Qt.PenStyle.DashLine))

    def place(self, rect: QRectF, left: int) -> None:
        """Stand there, with so much room for the values."""
        if rect != self.geometry() or left != self._left:
            self._left = left
            self.setGeometry(rect)
            plot = plot_rect(self.rect(), left)
            # Apart from the lines, so that it is not drawn anew with them.
            self.axis.setWidth(left - _AROUND)
            self.axis.setGeometry(QRectF(0, plot.top(), left - _AROUND, plot.height()))
            self.box.setGeometry(plot)

    def show_shape(self, scene: Scene, number: int, shape: LaneShape) -> None:
        """Draw a lane as it was measured out for the width of its plot."""
        self._scene, self._number, self._shape = scene, number, shape
        self._outlines.show_outlines(self._measured(scene, number, shape), scene.theme)
        self.axis.show_ticks(shape.ticks)
        start, end = scene.view
        self.box.setRange(
            xRange=(start / _NS, end / _NS), yRange=(shape.low, shape.high), padding=0, disableAutoRange=False
        )
        # Now, not while it is painted, as pyqtgraph does it: that has everything painted once more.
        self.box.updateMatrix()
        self.show_lines(scene)
        over = (
            shape.low,
            shape.high,
            scene.marks,
            scene.theme,
            number,
            crash_words_place(scene, self._header(), number),
        )
        if over != self._over:
            self._over = over
            self.update()

    def _measured(self, scene: Scene, number: int, shape: LaneShape) -> Outlines:
        area = self.box.rect()
        start, end = scene.view
        across, up = area.width() / (end - start), area.height() / (shape.high - shape.low)

        def y_of(values: Floats) -> Floats:
            return area.bottom() - (values - shape.low) * up

        gaps = (np.clip(visible_gaps(scene, int(area.width())), start, end) - start) * across
        return Outlines(
            area=area,
            # Whatever lies outside is left out here: a vector file knows no edge beyond which nothing is drawn.
            lines=tuple((curve, polygon(np.maximum(x, 0.0), y_of(y))) for curve, x, y in shape.lines),
            gaps=tuple((left, right) for left, right in gaps.tolist()),
            levels=tuple(y_of(np.array([float(value) for value, _text in shape.ticks])).tolist()),
            zero=float(y_of(np.zeros(1))[0]) if has_zero(scene.lanes[number]) else None,
        )

    def show_lines(self, scene: Scene) -> None:
        """Put the crosshair and the mark of the chosen checkpoint where they are now."""
        self._scene = scene
        for line, at in ((self.selection, scene.selected), (self.crosshair, scene.crosshair)):
            seen = at is not None and scene.view[0] <= at <= scene.view[1]
            line.setVisible(seen)
            if seen:
                line.setPos(at / _NS)

    def show_header(self, scene: Scene) -> None:
        """Write the line over the lane anew."""
        self._scene = scene
        self.update(QRectF(0, 0, self.rect().width(), HEADER_HEIGHT))

    def _header(self) -> QRectF:
        plot = plot_rect(self.rect(), self._left)
        return QRectF(plot.left(), 0, plot.width(), HEADER_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        scene, shape = self._scene, self._shape
        if shape is None or self._number >= len(scene.lanes):
            return
        plot, header = plot_rect(self.rect(), self._left), self._header()
        painter.setPen(cosmetic(QColor(scene.theme.border)))
        painter.drawPolyline([plot.topLeft(), plot.bottomLeft(), plot.bottomRight()])
        paint_marks(scene, painter, plot, self._number, shape)
        place = crash_words_place(scene, header, self._number)
        if place is not None:
            paint_crash_words(scene, painter, header, place)
        # While the lines alone move, the words over them stay.
        if option.exposedRect.top() < HEADER_HEIGHT - _AROUND:  # type: ignore[attr-defined]
            paint_header(scene, painter, header, self._number)
