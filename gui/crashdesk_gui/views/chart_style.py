"""How curves look: which colour, which pen, and the polygon that a painter draws."""

from __future__ import annotations

import numpy as np
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from crashdesk import Side
from crashdesk_gui.models.chart_data import CurveId, Floats, Measure
from crashdesk_gui.theme import Theme, Tone

_POINT_BYTES = 16


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
        memory = shiboken6.VoidPtr(made.data(), len(x) * _POINT_BYTES, True)
        corners = np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)
        corners[:, 0] = x
        corners[:, 1] = y
    return made
