"""The strip over the history: a tick per checkpoint, bands where some are missing, marks for what people decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import TextStyle
from crashdesk_gui.widgets.time_scale import TimeScale
from crashdesk_gui.widgets.timeline_data import Events, Gap, Integers, Ticks, highest_per_pixel, missing_spans
from crashdesk_gui.widgets.timeline_marks import (
    Mark,
    clock_text,
    draw_break,
    draw_event,
    draw_ticks,
    fill_gap,
    scale_text,
)

__all__ = ["Events", "Gap", "Ticks", "TimelineStrip", "missing_spans"]

_HEIGHT = 76
_LANE = 16
_SIDE = 15
_NEAR = 6
_EVENT_ROOM = 5
"""So far apart are the marks of what people did: where there are more, one stands for its neighbours, and its tip tells all."""
_LABEL_GAP = 6
_MOST_SELECTED = 64
_NS = 1_000_000_000
_STEPS_S = (1, 5, 15, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2419200)


@dataclass(frozen=True, slots=True)
class ScaleLabel:
    """A mark of the scale at the pixel `x`; its words, empty where they would touch others, are `width` pixels from `left`."""

    x: int
    text: str
    left: int
    width: int


class TimelineStrip(QWidget):
    """Shows ticks, gaps and events on one axis; a click or the arrow keys choose a checkpoint.

    Signals: `tick_chosen(int)` with a sequence number.
    """

    accessible_role = QAccessible.Role.Chart
    tick_chosen = Signal(object)

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._ticks = Ticks()
        self._gaps: tuple[Gap, ...] = ()
        self._events = Events()
        self._scale = TimeScale(0, 1)
        self._selected: frozenset[int] = frozenset()
        self._hover: int | None = None
        self._picture: QPixmap | None = None
        self._tips: Callable[[int], str] = _no_tip
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Timeline of the checkpoints"))
        ui.themes.changed.connect(self._redraw)
        ui.display.changed.connect(self._redraw)

    def sizeHint(self) -> QSize:
        return QSize(480, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def set_tips(self, tips: Callable[[int], str]) -> None:
        """What the tooltip of a checkpoint says, by its sequence number."""
        self._tips = tips

    def set_data(self, ticks: Ticks, gaps: Sequence[Gap], events: Events, scale: TimeScale) -> None:
        """Show these on a scale from the left to the right edge."""
        told = (ticks, tuple(gaps), events, scale)
        if told == (self._ticks, self._gaps, self._events, self._scale):
            return
        self._ticks, self._gaps, self._events, self._scale = told
        self.setAccessibleDescription(self._in_words())
        self._redraw()

    def _in_words(self) -> str:
        """What a sighted operator sees, for a screen reader."""
        time, ticks = self._ui.display.time, self._ticks.times
        if not len(ticks):
            return self.tr("No checkpoints.")
        return self.tr(
            "{0} checkpoints from {1} to {2}. Gaps without checkpoints: {3}. Marks of what people did: {4}. "
            "The arrow keys choose a checkpoint."
        ).format(len(ticks), time(int(ticks[0])), time(int(ticks[-1])), len(self._gaps), len(self._events))

    def set_selected(self, seqs: frozenset[int]) -> None:
        """Mark these checkpoints."""
        if seqs != self._selected:
            self._selected = seqs
            self.update()

    # Geometry

    def _axis(self) -> QRect:
        return QRect(_SIDE, 0, max(self.width() - 2 * _SIDE, 1), self.height())

    def _baseline(self) -> int:
        return _LANE + 4 + 30

    def x_of(self, at: int) -> float:
        """Where a moment is, in logical pixels."""
        axis = self._axis()
        return axis.left() + self._scale.share_of(at) * (axis.width() - 1)

    def _places(self, times: Integers) -> NDArray[np.float64]:
        axis = self._axis()
        return axis.left() + self._scale.shares_of(times) * (axis.width() - 1)

    def _time_at(self, x: float) -> int:
        axis = self._axis()
        return self._scale.moment_of((x - axis.left()) / max(axis.width() - 1, 1))

    def _tick_near(self, x: float) -> int | None:
        """The position of the tick closest to a pixel; None without ticks."""
        times = self._ticks.times
        at = self._time_at(x)
        position = int(np.searchsorted(times, at))
        around = [each for each in (position - 1, position) if 0 <= each < len(times)]
        return min(around, key=lambda each: abs(int(times[each]) - at), default=None)

    def _tick_at(self, x: float) -> int | None:
        """The tick under the pointer."""
        tick = self._tick_near(x)
        return tick if tick is not None and abs(self.x_of(int(self._ticks.times[tick])) - x) <= _NEAR else None

    # Painting

    def _redraw(self, _change: object = None) -> None:
        self._picture = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._redraw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            self._paint_still(painter)
            painter.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        self._paint_selection(painter)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._ui.theme.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_still(self, painter: QPainter) -> None:
        self._paint_gaps(painter)
        theme = self._ui.theme
        base = self._baseline()
        painter.setPen(QColor(theme.strong_border))
        painter.drawLine(_SIDE, base, self.width() - _SIDE, base)
        self._paint_scale(painter, base)
        self._paint_ticks(painter, base)
        self._paint_events(painter)

    def _paint_gaps(self, painter: QPainter) -> None:
        painter.setFont(TextStyle.SMALL.font())
        for start, end in self._gaps:
            left = max(self.x_of(start), _SIDE)
            right = min(self.x_of(end), self.width() - _SIDE)
            if right <= left:
                continue
            area = QRectF(left, _LANE + 2, max(right - left, 2), self._baseline() - _LANE - 2)
            fill_gap(painter, area, self._ui)
            self._paint_gap_words(painter, area, self._ui.display.duration(end - start), last=end >= self._scale.end)

    def _paint_gap_words(self, painter: QPainter, area: QRectF, words: str, *, last: bool) -> None:
        width = painter.fontMetrics().horizontalAdvance(words) + 12
        if area.width() < width + 8:
            if last:
                # How long nothing has come is the one number that must be there, however narrow its band.
                above = QRectF(area.right() - width, 0, width, _LANE)
                painter.setPen(self._ui.theme.color(Tone.DANGER))
                painter.drawText(above, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
            return
        plate = QRectF(area.center().x() - width / 2, area.center().y() - 9, width, 18)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._ui.theme.base))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self._ui.theme.color(Tone.DANGER))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_ticks(self, painter: QPainter, base: int) -> None:
        # One tick per pixel column, however many checkpoints share it.
        axis = self._axis()
        places = self._places(self._ticks.times)
        seen = slice(int(np.searchsorted(places, axis.left() - 0.5)), int(np.searchsorted(places, axis.right() + 0.5)))
        columns: dict[int, list[float]] = {}
        for x, mark in highest_per_pixel(places[seen], self._ticks.marks[seen]):
            columns.setdefault(mark, []).append(x)
        for mark in sorted(columns):
            draw_ticks(painter, Mark(mark), columns[mark], base, self._ui)

    def _paint_events(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = self._events.between(self._scale.start, self._scale.end)
        part = slice(seen.start, seen.stop)
        places = self._places(self._events.times[part])
        last = {0: -_EVENT_ROOM, 1: -_EVENT_ROOM}
        for x, large in highest_per_pixel(places, self._events.large[part].astype(np.uint8)):
            if x - last[large] >= _EVENT_ROOM:
                draw_event(painter, bool(large), x, _LANE / 2 + 2, self._ui)
                last[large] = x
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_scale(self, painter: QPainter, base: int) -> None:
        painter.setFont(TextStyle.SMALL.font())
        painter.setPen(self._ui.theme.color(Tone.MUTED))
        for label in self.labels():
            painter.drawLine(label.x, base, label.x, base + 4)
            painter.drawText(label.left, base + 6 + painter.fontMetrics().ascent(), label.text)
        fold = self._scale.fold
        if fold is not None:
            draw_break(painter, (self.x_of(fold) + self.x_of(self._scale.end)) / 2, base, self._ui.theme)

    def labels(self) -> list[ScaleLabel]:
        """The marks of the scale from left to right: none in a part that is shortened, but for now at its edge."""
        scale, metrics = self._scale, QFontMetrics(TextStyle.SMALL.font())
        room = metrics.horizontalAdvance("00-00 00:00:00") + 24
        even = scale.end if scale.fold is None else scale.fold
        across = max(self.x_of(even) - self._axis().left(), 1)
        wanted = (even - scale.start) / _NS / max(across / room, 1)
        step = next((each for each in _STEPS_S if each >= wanted), _STEPS_S[-1]) * _NS
        moments = range(scale.start - scale.start % step + step, even + 1, step)
        texts = [(moment, scale_text(moment, step, self._ui)) for moment in moments]
        if scale.fold is not None:
            texts.append((scale.end, self.tr("now {0}").format(clock_text(scale.end, scale.fold, self._ui))))
        labels: list[ScaleLabel] = []
        free = self.width()
        # From the right, because now must be said.
        for moment, text in reversed(texts):
            x, width = round(self.x_of(moment)), metrics.horizontalAdvance(text)
            left = min(max(x - width // 2, 0), self.width() - width)
            if moment == scale.end:
                left = x + 1 - width
            fits = left + width <= free
            free = left - _LABEL_GAP if fits else free
            labels.append(ScaleLabel(x, text if fits else "", left, width))
        return labels[::-1]

    def _paint_selection(self, painter: QPainter) -> None:
        theme = self._ui.theme
        base = self._baseline()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for position in self._selected_positions():
            x = self.x_of(int(self._ticks.times[position]))
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawLine(QPointF(x, _LANE + 2), QPointF(x, base))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawPolygon(QPolygonF([QPointF(x - 5, base + 7), QPointF(x + 5, base + 7), QPointF(x, base)]))
        if self._hover is not None:
            painter.setPen(QPen(QColor(theme.crosshair), 1, Qt.PenStyle.DotLine))
            x = self.x_of(self._hover)
            painter.drawLine(QPointF(x, _LANE), QPointF(x, base))

    def _selected_positions(self) -> list[int]:
        # Only as many as can be told apart.
        wanted = sorted(self._selected)[-_MOST_SELECTED:]
        return [int(place) for place in np.flatnonzero(np.isin(self._ticks.seqs, wanted))] if wanted else []

    # Input

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        tick = self._tick_at(event.position().x())
        self._hover = None if tick is None else int(self._ticks.times[tick])
        self.setCursor(Qt.CursorShape.ArrowCursor if tick is None else Qt.CursorShape.PointingHandCursor)
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self._hover = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        tick = self._tick_near(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and tick is not None:
            self.tick_chosen.emit(int(self._ticks.seqs[tick]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
        last = len(self._ticks.times) - 1
        current = next(iter(self._selected_positions()), None)
        if last < 0:
            wanted = None
        elif event.key() == Qt.Key.Key_Home:
            wanted = 0
        elif event.key() == Qt.Key.Key_End:
            wanted = last
        elif event.key() in steps:
            wanted = last if current is None else min(max(current + steps[Qt.Key(event.key())], 0), last)
        else:
            wanted = None
        if wanted is None:
            super().keyPressEvent(event)
        else:
            self.tick_chosen.emit(int(self._ticks.seqs[wanted]))

    def focusInEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            text = self.tip_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def tip_at(self, x: float, y: float) -> str:
        """What the strip says of a place: the decision, the checkpoint or the gap that is there."""
        if y <= _LANE + 2:
            near = self._events.between(self._time_at(x - _NEAR), self._time_at(x + _NEAR))[-8:]
            if near:
                time = self._ui.display.time
                return "\n".join(f"{time(int(self._events.times[each]))}: {self._events.text(each)}" for each in near)
        tick = self._tick_at(x)
        if tick is not None:
            return self._tips(int(self._ticks.seqs[tick]))
        at = self._time_at(x)
        for start, end in self._gaps:
            if start <= at <= end:
                span = self._ui.display.duration(end - start)
                return self.tr("No checkpoint for {0}, from {1} on").format(span, self._ui.display.time(start))
        return ""


def _no_tip(_seq: int) -> str:
    return ""
