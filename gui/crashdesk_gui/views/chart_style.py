"""How curves look: which colour, which pen, and the polygon that a painter draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import shiboken6
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from crashdesk import Side
from crashdesk_gui.models.chart_data import CurveId, Floats, Measure
from crashdesk_gui.models.chart_pixels import Rectangles
from crashdesk_gui.theme import Theme, Tone

_POINT_BYTES = 16
# The stubs know neither its size nor that it is a buffer.
_void_pointer: Any = shiboken6.VoidPtr


def curve_colour(theme: Theme, curve: CurveId) -> QColor:
    """Long blue, short orange; the account's figures in the colours of series."""
    if curve.side is not None:
        return theme.color(Tone.LONG if curve.side is Side.BUY else Tone.SHORT)
    return QColor(theme.series[0] if curve.measure is Measure.EQUITY else theme.series[1])


def cosmetic(colour: QColor, width: int = 1, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width is in pixels, whatever the scale, with corners as square as the steps."""
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def polygon(x: Floats, y: Floats) -> QPolygonF:
    """The corners as what a painter takes, without an object for each of them."""
    made = QPolygonF()
    made.resize(len(x))
    if len(x):
        memory = _void_pointer(made.data(), len(x) * _POINT_BYTES, True)
        corners = np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)
        corners[:, 0] = x
        corners[:, 1] = y
    return made


def fill_rectangles(painter: QPainter, rectangles: Rectangles, colour: QColor) -> None:
    """Fill rectangles of whole pixels, without an object for each of them."""
    if len(rectangles):
        # A QRect is four such numbers, in this order.
        inside = np.ascontiguousarray(rectangles, dtype=np.int32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        first: Any = shiboken6.wrapInstance(inside.ctypes.data, QRect)
        painter.drawRects(first, len(inside))
