"""How curves look: which colour, which pen, and whether the ground under them is tinted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from crashdesk import Side
from crashdesk_gui.models.chart_data import Curve, CurveId, Measure
from crashdesk_gui.theme import Theme, Tone

FEW_POINTS = 4000
"""Up to so many points a curve is drawn two pixels wide and filled; beyond it that costs a second per frame."""


def fills(curve: Curve) -> bool:
    """Whether the ground under a curve is tinted: it means something for a quantity, and is affordable for few points."""
    return curve.id.measure is Measure.QUANTITY and len(curve.times) <= FEW_POINTS


def curve_colour(theme: Theme, curve: CurveId) -> QColor:
    """Long blue, short orange; the account's figures in the colours of series."""
    if curve.side is not None:
        return theme.color(Tone.LONG if curve.side is Side.BUY else Tone.SHORT)
    return QColor(theme.series[0] if curve.measure is Measure.EQUITY else theme.series[1])


def cosmetic(colour: QColor, width: int, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width is in pixels, whatever the zoom."""
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    return pen
