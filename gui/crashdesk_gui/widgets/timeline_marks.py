"""The signs of the timeline: how a checkpoint, a recovery and a decision are drawn, and what each of them means."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QBrush, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from crashdesk_gui import format as text_format
from crashdesk_gui.context import UiContext
from crashdesk_gui.joined_words import listed
from crashdesk_gui.theme import Theme, Tone, mix
from crashdesk_gui.widgets.text import TextStyle

_NS = 1_000_000_000
_HEAD_ROOM = 4


class Mark(enum.IntEnum):
    """What a tick stands for; a higher one wins where several share a pixel."""

    UNKNOWN = 0
    PERIODIC = 1
    TRADE = 2
    MANUAL = 3
    SHUTDOWN = 4
    START_RECOVERED = 5
    START = 6
    RECOVERED = 7
    CORRUPT = 8

    @property
    def tone(self) -> Tone:
        """Its colour, which its shape repeats."""
        return (
            Tone.UNKNOWN,
            Tone.MUTED,
            Tone.ACCENT,
            Tone.WARNING,
            Tone.TEXT,
            Tone.TEXT,
            Tone.TEXT,
            Tone.OK,
            Tone.DANGER,
        )[self]

    @property
    def height(self) -> int:
        """How tall its tick is."""
        return (14, 14, 22, 26, 26, 26, 26, 26, 26)[self]


def scale_text(moment: int, step: int, ui: UiContext) -> str:
    """A label of a time axis whose labels are `step` nanoseconds apart; the status line and the tooltips name the zone."""
    at = text_format.moment_in(moment, ui.display.tzinfo)
    if at is None:
        return ""
    if step >= 86400 * _NS:
        return f"{at:%m-%d}"
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return f"{at:%m-%d %H:%M}"
    return f"{at:%H:%M}" if step >= 60 * _NS else f"{at:%H:%M:%S}"


def clock_text(moment: int, beside: int, ui: UiContext) -> str:
    """The time of day, with the day where that of the moment `beside` it is another one."""
    at, other = (text_format.moment_in(each, ui.display.tzinfo) for each in (moment, beside))
    if at is None:
        return ""
    return f"{at:%H:%M}" if other is not None and at.date() == other.date() else f"{at:%m-%d %H:%M}"


def draw_break(painter: QPainter, x: float, base: float, theme: Theme) -> None:
    """Two slanting strokes across an axis: behind them it goes on elsewhere, or faster."""
    painter.fillRect(QRectF(x - 2.5, base - 1, 5, 3), QColor(theme.base))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(Tone.MUTED), 1))
    painter.drawLines([QLineF(x + side - 1.5, base + 4.5, x + side + 1.5, base - 3.5) for side in (-2.5, 2.5)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_tick(
    painter: QPainter, mark: Mark, x: float, base: float, ui: UiContext, *, height: int | None = None
) -> None:
    """A checkpoint's tick standing on `base`; its head tells the kind without its colour."""
    draw_ticks(painter, mark, [x], base, ui, height=height)


def draw_ticks(
    painter: QPainter, mark: Mark, places: Sequence[float], base: float, ui: UiContext, *, height: int | None = None
) -> None:
    """Ticks of one kind, from left to right; where they stand side by side not every one has a head of its own."""
    colour = ui.theme.color(mark.tone)
    top = base - (mark.height if height is None else height)
    painter.setPen(QPen(colour, 1))
    painter.drawLines([QLineF(x, base - 1, x, top) for x in places])
    if mark in (Mark.UNKNOWN, Mark.PERIODIC, Mark.TRADE):
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colour)
    if mark is Mark.CORRUPT:
        painter.setPen(QPen(colour, 2))
    last = -float(_HEAD_ROOM)
    for x in places:
        if x - last >= _HEAD_ROOM:
            _draw_head(painter, mark, x, top)
            last = x
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _draw_head(painter: QPainter, mark: Mark, x: float, top: float) -> None:
    if mark is Mark.MANUAL:
        painter.drawEllipse(QPointF(x + 0.5, top), 2.5, 2.5)
    elif mark is Mark.SHUTDOWN:
        painter.drawRect(QRectF(x - 2, top - 2.5, 5, 5))
    elif mark in (Mark.START_RECOVERED, Mark.START):
        if mark is Mark.START_RECOVERED:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF([QPointF(x - 2, top - 3), QPointF(x + 4, top), QPointF(x - 2, top + 3)]))
    elif mark is Mark.RECOVERED:
        x += 0.5
        diamond = [QPointF(x - 4, top), QPointF(x, top - 4), QPointF(x + 4, top), QPointF(x, top + 4)]
        painter.drawPolygon(QPolygonF(diamond))
    else:
        x += 0.5
        painter.drawLine(QPointF(x - 3, top - 3), QPointF(x + 3, top + 3))
        painter.drawLine(QPointF(x - 3, top + 3), QPointF(x + 3, top - 3))


def draw_event(painter: QPainter, large: bool, x: float, middle: float, ui: UiContext) -> None:
    """A recovery is a filled triangle that points at the strip, a decision a ring."""
    if large:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ui.theme.color(Tone.OK))
        corners = [QPointF(x - 5, middle - 4), QPointF(x + 5, middle - 4), QPointF(x, middle + 5)]
        painter.drawPolygon(QPolygonF(corners))
    else:
        painter.setPen(QPen(ui.theme.color(Tone.ACCENT), 1.5))
        painter.setBrush(QColor(ui.theme.base))
        painter.drawEllipse(QPointF(x, middle), 3.5, 3.5)


def fill_gap(painter: QPainter, area: QRectF, ui: UiContext) -> None:
    """The hatched ground of a time without checkpoints."""
    theme = ui.theme
    painter.fillRect(area, theme.tint(Tone.DANGER))
    hatch = mix(theme.color(Tone.DANGER), QColor(theme.base), 0.45)
    painter.fillRect(area, QBrush(hatch, Qt.BrushStyle.BDiagPattern))


class Sign(enum.Enum):
    """What the legend explains beside the marks."""

    GAP = "gap"
    RECOVERY = "recovery"
    DECISION = "decision"


class Legend(QWidget):
    """Explains the signs that are in the strip, each drawn as it is there, in one line."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._items: tuple[tuple[Mark | Sign, str], ...] = ()
        self.setFont(TextStyle.SMALL.font())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        ui.themes.changed.connect(self.update)

    def set_items(self, items: Sequence[tuple[Mark | Sign, str]]) -> None:
        """Explain these, in this order."""
        fresh = tuple(items)
        if fresh != self._items:
            self._items = fresh
            self.setAccessibleName(listed(word for _sign, word in fresh))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = sum(_LEGEND_SIGN + metrics.horizontalAdvance(word) + _LEGEND_GAP for _sign, word in self._items)
        return QSize(max(width - _LEGEND_GAP, 0), 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        x, bottom = 0.0, self.height() / 2 + 7
        for sign, word in self._items:
            if isinstance(sign, Mark):
                painter.save()
                painter.setClipRect(QRectF(x, 0, _LEGEND_SIGN, self.height()))
                draw_tick(painter, sign, round(x + 5), bottom, self._ui, height=min(sign.height - 5, 13))
                painter.restore()
            elif sign is Sign.GAP:
                fill_gap(painter, QRectF(x, bottom - 13, 12, 12), self._ui)
            else:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                draw_event(painter, sign is Sign.RECOVERY, x + 6, self.height() / 2, self._ui)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(self._ui.theme.color(Tone.MUTED))
            width = painter.fontMetrics().horizontalAdvance(word)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(x + _LEGEND_SIGN, 0, width + 2, self.height()), flags, word)
            x += _LEGEND_SIGN + width + _LEGEND_GAP


_LEGEND_SIGN = 16
_LEGEND_GAP = 14
