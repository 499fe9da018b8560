"""The part of a lane in which its lines are: it draws them, and takes the wheel and the mouse along the time."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPaintEngine, QPainter
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsSceneWheelEvent,
    QGraphicsWidget,
    QStyleOptionGraphicsItem,
    QWidget,
)

from crashdesk_gui.models.chart_pixels import Rectangles
from crashdesk_gui.theme import Theme
from crashdesk_gui.views.chart_items import Outlines, paint_gaps, pixels_of, stroke_lines
from crashdesk_gui.views.chart_style import cosmetic, fill_rectangles

_ZOOM_PER_STEP = 1.02 ** (1 / 8)
_MOVE_PER_STEP = 1 / 1200
"""How much of what is shown one step of the wheel moves along; a notch has 120 steps."""


class Plot(QGraphicsWidget):
    """Draws `Outlines`, the crosshair and the mark of the chosen checkpoint.

    A screen gets lines and grounds as rectangles of whole pixels: a painter takes thirty times as long to stroke a line of
    steps and to fill a ground with so many corners. A recording, for a vector file or a finer picture, gets them as they are.

    Signals, places in the scene: `zoomed(factor, x)` shows `factor` of the time around x; `shifted(share)` moves along by a
    share of what is shown; `dragged(from_x, to_x, finished)` and, with Shift or the right button, `marked(from_x, to_x,
    finished)`.
    """

    zoomed = Signal(float, float)
    shifted = Signal(float)
    dragged = Signal(float, float, bool)
    marked = Signal(float, float, bool)

    def __init__(self, parent: QGraphicsItem, theme: Theme) -> None:
        super().__init__(parent)
        self._marking = False
        self._drawn = Outlines(QRectF())
        self._filled: tuple[tuple[QColor, Rectangles], ...] = ()
        self._ratio = 0.0
        self._selection, self._crosshair = QGraphicsLineItem(self), QGraphicsLineItem(self)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.dress(theme)

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme, self._ratio = theme, 0.0
        self._selection.setPen(cosmetic(QColor(theme.accent), 2))
        self._crosshair.setPen(cosmetic(QColor(theme.crosshair), 1, Qt.PenStyle.DashLine))
        self.update()

    @property
    def outlines(self) -> Outlines:
        """What is drawn."""
        return self._drawn

    def show_outlines(self, drawn: Outlines) -> None:
        """Draw these."""
        self._drawn, self._ratio = drawn, 0.0
        self.update()

    def show_lines(self, selection: float | None, crosshair: float | None) -> None:
        """Put the crosshair and the mark of the chosen checkpoint so many pixels from the left, None: nowhere."""
        for line, x in ((self._selection, selection), (self._crosshair, crosshair)):
            line.setVisible(x is not None)
            if x is not None:
                line.setLine(QLineF(x, 0, x, self.size().height()))

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        paint_gaps(self._drawn, self._theme, painter)
        if painter.paintEngine().type() is QPaintEngine.Type.Raster:
            self._fill_pixels(painter)
        else:
            stroke_lines(self._drawn, self._theme, painter)

    def _fill_pixels(self, painter: QPainter) -> None:
        ratio = painter.device().devicePixelRatioF()
        if ratio != self._ratio:
            self._ratio, self._filled = ratio, pixels_of(self._drawn, self._theme, ratio)
        if ratio != 1:
            painter.scale(1 / ratio, 1 / ratio)
        for colour, rectangles in self._filled:
            fill_rectangles(painter, rectangles, colour)

    def wheelEvent(self, event: QGraphicsSceneWheelEvent) -> None:
        sideways = event.orientation() == Qt.Orientation.Horizontal
        if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.shifted.emit(-event.delta() * _MOVE_PER_STEP)
        else:
            self.zoomed.emit(_ZOOM_PER_STEP ** -event.delta(), event.scenePos().x())
        event.accept()

    def mouseDragEvent(self, event: Any) -> None:
        """pyqtgraph's scene tells a drag from a click."""
        event.accept()
        if event.isStart():
            with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._marking = with_shift or event.button() == Qt.MouseButton.RightButton
        places = event.buttonDownScenePos().x(), event.scenePos().x()
        if self._marking:
            self.marked.emit(*places, event.isFinish())
            return
        self.setCursor(Qt.CursorShape.CrossCursor if event.isFinish() else Qt.CursorShape.ClosedHandCursor)
        self.dragged.emit(*places, event.isFinish())
