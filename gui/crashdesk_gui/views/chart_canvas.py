"""The charts in pyqtgraph's view. Importing this imports pyqtgraph: a worker does it before the charts are needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QGraphicsSimpleTextItem, QWidget

from crashdesk_gui.theme import Tone
from crashdesk_gui.views.chart_axes import TimeAxis
from crashdesk_gui.views.chart_lane import Lane
from crashdesk_gui.views.chart_paint import CrashWords, crash_words
from crashdesk_gui.views.chart_scene import (
    HEADER_HEIGHT,
    LANE_HEIGHT,
    LEFT_MARGIN,
    RIGHT_MARGIN,
    TIME_AXIS_HEIGHT,
    LaneShape,
    Scene,
    axis_width,
    plot_rect,
    shape_lane,
    visible_gaps,
)

_OVER_LANES = 50


class ChartCanvas(pg.GraphicsView):
    """Shows a `Scene`, as much of it as fits below `offset`; makes a lane per turn of the event loop, when it is first seen.

    Signals, times in UNIX nanoseconds: `hovered(time or None)`, `clicked(time)`, `taken(start, end)` when the operator moved,
    zoomed or marked a span, `completed()` when every lane that can be seen is made, `wheel_left(QWheelEvent)` for a wheel that
    was turned beside the lines.
    """

    hovered = Signal(object)
    clicked = Signal(object)
    taken = Signal(object, object)
    completed = Signal()
    wheel_left = Signal(object)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=scene.theme.base)
        # The stack around it takes the keyboard.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._shown = scene
        self._offset = 0
        self._size = QSizeF(self.size())
        self._left = 0
        self._lanes: list[Lane] = []
        self._shapes: dict[int, LaneShape] = {}
        self._held: tuple[int, int] | None = None
        self._strip = QGraphicsRectItem()
        self._zone = QGraphicsSimpleTextItem()
        self._time = TimeAxis()
        self._span = QGraphicsRectItem()
        over: tuple[QGraphicsItem, ...] = (self._span, self._strip, self._time, self._zone)
        for depth, item in enumerate(over):
            item.setZValue(_OVER_LANES + depth)
            self.addItem(item)
        self._span.setPen(Qt.PenStyle.NoPen)
        self._strip.setPen(Qt.PenStyle.NoPen)
        self._span.hide()
        self._dress()
        self._fitting = self._timer(self.fit)
        self._making = self._timer(self._make_next)
        self.scene().sigMouseMoved.connect(self._on_moved)
        self.scene().sigMouseClicked.connect(self._on_clicked)

    def _timer(self, slot: Callable[[], object]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=0)
        timer.timeout.connect(slot)
        return timer

    # What is shown

    def draw(self, scene: Scene, offset: int) -> None:
        """Show another scene, or another part of it, at the next turn."""
        if scene.theme is not self._shown.theme or scene.zone is not self._shown.zone:
            self._shown = scene
            self._dress()
        self._shown, self._offset = scene, offset
        self._fitting.start()

    def draw_lines(self, scene: Scene) -> None:
        """Show where the crosshair and the chosen checkpoint of the scene are; nothing else has changed."""
        self._shown = scene
        for lane in self._made().values():
            lane.show_lines(scene)

    def draw_headers(self, scene: Scene) -> None:
        """Show the words of the scene; nothing else has changed."""
        self._shown = scene
        words = self._crash_words()
        for lane in self._made().values():
            lane.show_header(scene, words)

    @property
    def complete(self) -> bool:
        """Whether every lane that can be seen is made and fits what is shown."""
        return len(self._made()) == len(self._visible()) and not self._fitting.isActive()

    @property
    def dotted(self) -> bool:
        """Whether a value that held too short to be seen is marked with a dot."""
        return any(lane.plot.outlines.dots for lane in self._made().values())

    def plot_area(self, lane: int) -> QRectF:
        """Where the lines of a lane are."""
        self._measure()
        return plot_rect(self._lane_rect(lane), self._left)

    def _dress(self) -> None:
        scene, theme = self._shown, self._shown.theme
        self.setBackground(theme.base)
        self._strip.setBrush(QColor(theme.base))
        self._zone.setBrush(QColor(theme.muted))
        self._zone.setFont(scene.small_font)
        self._zone.setText(scene.zone_name)
        self._time.dress(theme, scene.small_font, scene.zone)
        marked = theme.color(Tone.ACCENT)
        marked.setAlpha(48)
        self._span.setBrush(marked)
        for lane in self._lanes:
            lane.dress(scene)

    # Fitting the lanes into the window

    def set_size(self, size: QSizeF) -> None:
        """Fit everything into so many pixels; called for a view that is not on the screen."""
        self._size = size
        self.resize(size.toSize())
        self.fit()

    def _lane_height(self) -> float:
        count = max(len(self._shown.lanes), 1)
        return max((self._size.height() - TIME_AXIS_HEIGHT) / count, LANE_HEIGHT)

    def _lane_rect(self, lane: int) -> QRectF:
        height = self._lane_height()
        # On whole pixels, where lines are crisp.
        top, bottom = round(lane * height), round((lane + 1) * height)
        return QRectF(0, top - self._offset, self._size.width(), bottom - top)

    def _visible(self) -> range:
        height = self._lane_height()
        first = int(max(self._offset, 0) // height)
        last = math.ceil((self._offset + self._size.height() - TIME_AXIS_HEIGHT) / height)
        return range(first, min(last, len(self._shown.lanes)))

    def _slot(self, number: int) -> int:
        """Which of the few lanes that are made shows this one; those that can be seen at once have different ones."""
        return number % (math.ceil(self._size.height() / self._lane_height()) + 1)

    def _made(self) -> dict[int, Lane]:
        slots = ((number, self._slot(number)) for number in self._visible())
        return {number: self._lanes[slot] for number, slot in slots if slot < len(self._lanes)}

    def fit(self) -> None:
        """Measure out what can be seen and show it so; lanes that are not made yet follow at the next turns."""
        self._fitting.stop()
        self._shapes.clear()
        self._measure()
        made = self._made()
        for lane in self._lanes:
            used = lane in made.values()
            if lane.isVisible() != used:
                lane.setVisible(used)
        words = self._crash_words()
        for number, lane in made.items():
            self._fit_lane(number, lane, words)
        self._fit_time()
        if len(made) < len(self._visible()):
            self._making.start()

    def _fit_lane(self, number: int, lane: Lane, words: CrashWords | None) -> None:
        lane.place(self._lane_rect(number), self._left)
        lane.show_shape(self._shown, number, self._shapes[number], words)

    def _crash_words(self) -> CrashWords | None:
        return crash_words(self._shown, self._size.width() - LEFT_MARGIN - RIGHT_MARGIN)

    def _fit_time(self) -> None:
        width, bottom = self._size.width(), self._size.height() - TIME_AXIS_HEIGHT
        self._strip.setRect(0, bottom, width, TIME_AXIS_HEIGHT)
        self._zone.setPos(LEFT_MARGIN, bottom + 8)
        plot = max(width - self._left - RIGHT_MARGIN, 1)
        self._time.setGeometry(QRectF(self._left, bottom, plot, TIME_AXIS_HEIGHT))
        self._time.show_view(self._shown.view, self._shown.beyond)

    def _measure(self) -> None:
        """Measure out the lanes that can be seen, again when their values turn out to need another room."""
        height = int(self._lane_height()) - HEADER_HEIGHT
        for _ in range(2):
            width = int(self._size.width()) - self._left - RIGHT_MARGIN
            visible = self._visible()
            gaps = visible_gaps(self._shown, width)
            for number in visible:
                if number not in self._shapes:
                    self._shapes[number] = shape_lane(self._shown, number, gaps, width, height)
            left = axis_width(tuple(self._shapes[number] for number in visible), self._shown.small_font)
            if left == self._left:
                return
            self._left = left
            self._shapes.clear()
        self._measure()

    def _make_next(self) -> None:
        """Make one lane, so that many of them do not keep the window from its events."""
        if len(self._made()) < len(self._visible()):
            lane = Lane(self._shown)
            lane.plot.zoomed.connect(self._on_zoomed)
            lane.plot.shifted.connect(self._on_shifted)
            lane.plot.dragged.connect(self._on_dragged)
            lane.plot.marked.connect(self._on_marked)
            self.addItem(lane)
            self._lanes.append(lane)
            for number, made in self._made().items():
                if made is lane:
                    self._measure()
                    self._fit_lane(number, lane, self._crash_words())
        if len(self._made()) < len(self._visible()):
            self._making.start()
        elif self.complete:
            self.completed.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        # pyqtgraph calls this while it makes the view.
        if event is not None:
            self._size = QSizeF(self.viewport().size())
            self._fitting.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._fitting.isActive():
            self.fit()
        super().paintEvent(event)

    # Input

    def _moment(self, x: float) -> int:
        area = self.plot_area(0)
        start, end = self._shown.view
        return start + int((x - area.left()) / max(area.width(), 1) * (end - start))

    def _moment_at(self, place: QPointF) -> int | None:
        area = self.plot_area(0)
        within = self._shown.lanes and area.left() <= place.x() <= area.right()
        return self._moment(place.x()) if within else None

    def _on_moved(self, place: QPointF) -> None:
        if not self.scene().dragButtons:
            self.hovered.emit(self._moment_at(place))

    def _on_clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            at = self._moment_at(event.scenePos())
            if at is not None:
                self.clicked.emit(at)

    def _on_zoomed(self, factor: float, x: float) -> None:
        start, end = self._shown.view
        at = self._moment(x)
        self.taken.emit(at - round((at - start) * factor), at + round((end - at) * factor))

    def _on_shifted(self, share: float) -> None:
        start, end = self._shown.view
        by = round((end - start) * share)
        self.taken.emit(start + by, end + by)

    def _on_dragged(self, from_x: float, to_x: float, finished: bool) -> None:
        # From where it was taken hold of: the moment stays under the pointer, whatever was drawn meanwhile.
        if self._held is None:
            self._held = self._shown.view
        start, end = self._held
        by = round((from_x - to_x) / max(self.plot_area(0).width(), 1) * (end - start))
        if finished:
            self._held = None
        self.taken.emit(start + by, end + by)

    def _on_marked(self, from_x: float, to_x: float, finished: bool) -> None:
        area = self.plot_area(0)
        left, right = (min(max(x, area.left()), area.right()) for x in sorted((from_x, to_x)))
        self._span.setRect(QRectF(left, 0, right - left, self._size.height() - TIME_AXIS_HEIGHT))
        self._span.setVisible(not finished)
        if finished:
            self.taken.emit(*(self._moment(x) for x in sorted((from_x, to_x))))

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        if not event.isAccepted():
            self.wheel_left.emit(event)
            event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)
