"""The charts in pyqtgraph's view. Importing this imports pyqtgraph: a worker does it before the charts are needed."""

from __future__ import annotations

import math
from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsSimpleTextItem, QWidget

from crashdesk_gui.theme import Tone
from crashdesk_gui.views.chart_axes import TimeAxis
from crashdesk_gui.views.chart_lane import Lane
from crashdesk_gui.views.chart_scene import (
    HEADER_HEIGHT,
    LANE_HEIGHT,
    RIGHT_MARGIN,
    TIME_AXIS_HEIGHT,
    LaneShape,
    Scene,
    axis_width,
    plot_rect,
    shape_lane,
)

_NS = 1_000_000_000
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
        self._strip = QGraphicsRectItem()
        self._zone = QGraphicsSimpleTextItem()
        self._time = TimeAxis()
        self._span = QGraphicsRectItem()
        for depth, item in enumerate((self._span, self._strip, self._time, self._zone)):
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
        for lane in self._made().values():
            lane.show_header(scene)

    @property
    def complete(self) -> bool:
        """Whether every lane that can be seen is made and fits what is shown."""
        return len(self._made()) == len(self._visible()) and not self._fitting.isActive()

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
        return QRectF(0, lane * height - self._offset, self._size.width(), height)

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
        for number, lane in made.items():
            self._fit_lane(number, lane)
        self._fit_time()
        if len(made) < len(self._visible()):
            self._making.start()

    def _fit_lane(self, number: int, lane: Lane) -> None:
        lane.place(self._lane_rect(number), self._left)
        lane.show_shape(self._shown, number, self._shapes[number])

    def _fit_time(self) -> None:
        width, bottom = self._size.width(), self._size.height() - TIME_AXIS_HEIGHT
        self._strip.setRect(0, bottom, width, TIME_AXIS_HEIGHT)
        self._zone.setPos(8, bottom + 8)
        plot = max(width - self._left - RIGHT_MARGIN, 1)
        self._time.setHeight(TIME_AXIS_HEIGHT)
        self._time.setGeometry(QRectF(self._left, bottom, plot, TIME_AXIS_HEIGHT))
        start, end = self._shown.view
        self._time.setRange(start / _NS, end / _NS)

    def _measure(self) -> None:
        """Measure out the lanes that can be seen, again when their values turn out to need another room."""
        height = int(self._lane_height()) - HEADER_HEIGHT
        for _ in range(2):
            width = int(self._size.width()) - self._left - RIGHT_MARGIN
            visible = self._visible()
            for number in visible:
                if number not in self._shapes:
                    self._shapes[number] = shape_lane(self._shown, number, width, height)
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
            lane.box.taken.connect(self._on_taken)
            lane.box.span_dragged.connect(self._on_span)
            self.addItem(lane)
            self._lanes.append(lane)
            for number, made in self._made().items():
                if made is lane:
                    self._measure()
                    self._fit_lane(number, lane)
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

    def _on_clicked(self, event: object) -> None:
        if event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            at = self._moment_at(event.scenePos())  # type: ignore[attr-defined]
            if at is not None:
                self.clicked.emit(at)

    def _on_taken(self, start: float, end: float) -> None:
        # The stack answers with what it allows, which may be what is shown already: then this lane must come back.
        self._fitting.start()
        self.taken.emit(round(start * _NS), round(end * _NS))

    def _on_span(self, first: float, last: float, finished: bool) -> None:
        start, end = sorted((round(first * _NS), round(last * _NS)))
        area = self.plot_area(0)
        scale = area.width() / (self._shown.view[1] - self._shown.view[0])
        left, right = (area.left() + (at - self._shown.view[0]) * scale for at in (start, end))
        left, right = max(left, area.left()), min(right, area.right())
        self._span.setRect(QRectF(left, 0, max(right - left, 0), self._size.height() - TIME_AXIS_HEIGHT))
        self._span.setVisible(not finished)
        if finished:
            self.taken.emit(start, end)

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        if not event.isAccepted():
            self.wheel_left.emit(event)
            event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)
