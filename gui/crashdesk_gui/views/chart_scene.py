"""What a stack of charts shows at one moment: immutable, so that a picture of it can be made while it moves on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetrics

from crashdesk import Side
from crashdesk_gui.models.axis_ticks import value_ticks
from crashdesk_gui.models.chart_data import Curve, CurveId, Floats, Integers, Measure
from crashdesk_gui.models.chart_steps import known_spans, outline, wide_gaps
from crashdesk_gui.theme import Theme

LANE_HEIGHT = 88
HEADER_HEIGHT = 26
TIME_AXIS_HEIGHT = 28
LEFT_MARGIN, RIGHT_MARGIN = 8, 28
MARK_CENTRE = 12.0
"""So far right of the plot the exchange is marked, what differs beside it."""
_ROOM = 0.14
_SHORT_END = 5.0
_PIXELS_PER_VALUE = 20
_LEAST_AXIS, _MOST_AXIS = 56, 160


@dataclass(frozen=True)
class ExchangeMark:
    """Where the exchange stands now on one curve: `same` tells whether that is what is known last."""

    value: float
    same: bool


@dataclass(frozen=True, slots=True)
class HeaderPart:
    """A few words of the line over a chart, in a colour of the theme; `shorter` ones for where there is less and less room,
    `tip` a sentence for who rests the mouse on it."""

    text: str
    colour: str
    strong: bool = False
    shorter: tuple[str, ...] = ()
    tip: str = ""


@dataclass(frozen=True)
class Crash:
    """The time since the last known moment, in which nothing is known, with its words, and those that say when it ends."""

    start: int
    end: int
    text: str
    until: str = ""


def no_gaps() -> Integers:
    """An array of gaps without any."""
    return np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True)
class Scene:
    """Everything that is painted. Times are UNIX nanoseconds.

    `marks` hold with the exchange as read at `marked_at`; `number` gives the words of a value on the axis.
    """

    theme: Theme
    font: QFont
    strong_font: QFont
    small_font: QFont
    zone: tzinfo | None
    zone_name: str
    number: Callable[[Decimal], str]
    lanes: tuple[tuple[Curve, ...], ...] = ()
    headers: tuple[tuple[HeaderPart, ...], ...] = ()
    view: tuple[int, int] = (0, 1_000_000_000)
    gaps: Integers = field(default_factory=no_gaps)
    crash: Crash | None = None
    marks: Mapping[CurveId, ExchangeMark] = field(default_factory=dict)
    marked_at: int = 0
    selected: int | None = None
    crosshair: int | None = None

    @property
    def beyond(self) -> str:
        """What to say of the time that the view cuts off from the one in which nothing is known; empty where it does not."""
        crash = self.crash
        return crash.until if crash is not None and crash.start < self.view[1] < crash.end else ""

    @property
    def least_height(self) -> int:
        """How high the stack must be for every lane to be readable."""
        return len(self.lanes) * LANE_HEIGHT + TIME_AXIS_HEIGHT


@dataclass(frozen=True, eq=False)
class LaneShape:
    """One lane measured out for a width: the pieces of its lines (x in pixels from the plot's left, y in values), its values.

    `gaps` are the (start, end) pairs, UNIX ns, in which nothing is known and no line runs; `ends` where a line ends before one
    with a value that held too short to be seen.
    """

    gaps: Integers
    lines: tuple[tuple[CurveId, Floats, Floats], ...]
    low: float
    high: float
    ticks: tuple[tuple[Decimal, str], ...]
    ends: tuple[tuple[CurveId, float, float], ...] = ()


def visible_gaps(scene: Scene, width: int) -> Integers:
    """The gaps and the crash, as far as they can be seen."""
    gaps = scene.gaps
    if scene.crash is not None:
        gaps = np.vstack((gaps, np.array([[scene.crash.start, scene.crash.end]], dtype=np.int64)))
    return wide_gaps(gaps, scene.view, max(width, 1))


def shape_lane(scene: Scene, lane: int, gaps: Integers, width: int, height: int) -> LaneShape:
    """Measure out a lane whose plot has this size in pixels; values are chosen so that all that is drawn fits."""
    spans = list(known_spans(gaps, scene.view))
    lines = []
    ends = []
    lows: list[float] = []
    highs: list[float] = []
    for curve in scene.lanes[lane]:
        for span in spans:
            x, y = outline(curve, span, scene.view, max(width, 1))
            if len(x):
                lines.append((curve.id, x, y))
                if min(span[1], curve.until) < scene.view[1] and _ends_abruptly(x, y):
                    ends.append((curve.id, float(x[-1]), float(y[-1])))
                lows.append(float(y.min()))
                highs.append(float(y.max()))
    # Seen together with what is known last, which it is compared with, or in the time since.
    if scene.view[0] <= scene.marked_at and scene.lanes[lane][0].until <= scene.view[1]:
        values = [mark.value for _curve, mark in lane_marks(scene, lane)]
        lows += values
        highs += values
    low, high = _room(lows, highs, zero=has_zero(scene.lanes[lane]))
    ticks = tuple((value, scene.number(value)) for value in value_ticks(low, high, max(height // _PIXELS_PER_VALUE, 1)))
    return LaneShape(gaps, tuple(lines), low, high, ticks, tuple(ends))


def _ends_abruptly(x: Floats, y: Floats) -> bool:
    """Whether the last value of a line held for so few pixels that it cannot be read."""
    # From the end, because only a few of many corners are near it: this is asked of every line in every frame.
    place, last, end = len(x) - 1, y[-1], x[-1]
    while place >= 0 and end - x[place] < _SHORT_END:
        if y[place] != last:
            return True
        place -= 1
    return False


def lane_marks(scene: Scene, lane: int) -> list[tuple[CurveId, ExchangeMark]]:
    """Where the exchange stands on the curves of a lane, and on the leg of its symbol that has no curve yet."""
    if not scene.marks:
        return []
    curve = scene.lanes[lane][0].id
    sides = (None,) if curve.side is None else tuple(Side)
    curves = (CurveId(curve.measure, curve.symbol, side) for side in sides)
    return [(each, scene.marks[each]) for each in curves if each in scene.marks]


def axis_width(shapes: tuple[LaneShape, ...], font: QFont) -> int:
    """How much room the values beside the lanes need, in steps, so that nothing trembles while one moves along."""
    metrics = QFontMetrics(font)
    widest = max((metrics.horizontalAdvance(text) for shape in shapes for _value, text in shape.ticks), default=0)
    return min(max((widest + 16 + 15) // 16 * 16, _LEAST_AXIS), _MOST_AXIS)


def plot_rect(lane: QRectF, left: int) -> QRectF:
    """Where in a lane its lines are, when its values have so much room at the left."""
    return lane.adjusted(left, HEADER_HEIGHT, -RIGHT_MARGIN, -1)


def has_zero(curves: tuple[Curve, ...]) -> bool:
    """Whether zero means something in a lane and must be seen: an equity is read by its changes."""
    return all(curve.id.measure is not Measure.EQUITY for curve in curves)


def _room(lows: list[float], highs: list[float], *, zero: bool) -> tuple[float, float]:
    if zero or not lows:
        lows, highs = [*lows, 0.0], [*highs, 0.0]
    low, high = min(lows), max(highs)
    room = (high - low) * _ROOM or abs(high) * 0.01 or 1.0
    return low - room, high + room
