"""Stacked charts with one time axis: the widget, its mouse and its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import Curve, CurveId, Integers
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.chart_paint import paint_lane, paint_time_axis, plot_rect
from crashdesk_gui.views.chart_scene import (
    HEADER_HEIGHT,
    LANE_HEIGHT,
    RIGHT_MARGIN,
    TIME_AXIS_HEIGHT,
    Crash,
    ExchangeMark,
    HeaderPart,
    LaneShape,
    Scene,
    axis_width,
    shape_lane,
)
from crashdesk_gui.widgets.text import TextStyle

_SHORTEST_NS = 2_000_000_000
_ZOOM_PER_NOTCH = 0.8
_KEY_ZOOM = 0.6
_PLAIN = Qt.KeyboardModifier.NoModifier


class ChartStack(QAbstractScrollArea):
    """Lanes under each other, zoomed and moved together along the time only.

    The wheel zooms, dragging moves, dragging with Shift or the right button zooms into a span, a click chooses a moment.
    Signals, times in UNIX nanoseconds: `hovered(time or None)`, `chosen(time)` on a click, `stepped(int)` on the left and
    right keys, `ended(bool)` on Home (False) and End (True), `range_changed(start, end)`, `range_taken()` when the operator
    zoomed or moved by hand.
    """

    hovered = Signal(object)
    chosen = Signal(object)
    stepped = Signal(int)
    ended = Signal(bool)
    range_changed = Signal(object, object)
    range_taken = Signal()

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._scene = Scene(
            theme=ui.theme,
            font=TextStyle.BODY.font(),
            strong_font=TextStyle.HEADING.font(),
            small_font=TextStyle.SMALL.font(),
            zone=ui.display.tzinfo,
            zone_name=ui.display.zone_name(),
            number=ui.display.decimal,
        )
        self._limits = (0, _SHORTEST_NS)
        self._shapes: dict[int, LaneShape] = {}
        self._left = 0
        self._pressed: QPoint | None = None
        self._pressed_range = (0, 0)
        self._dragged = False
        self._band: tuple[float, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        ui.themes.changed.connect(self._dress)
        ui.display.changed.connect(self._dress)

    # What is shown

    @property
    def scene(self) -> Scene:
        """What is shown, for a picture."""
        return self._scene

    @property
    def visible_range(self) -> tuple[int, int]:
        """From where to where is shown, UNIX nanoseconds."""
        return self._scene.view

    def lane_ids(self) -> list[tuple[CurveId, ...]]:
        """Which curves each lane holds, from top to bottom."""
        return [tuple(curve.id for curve in lane) for lane in self._scene.lanes]

    def header_text(self, lane: int) -> str:
        """The line over a lane, as plain text."""
        return "   ".join(part.text for part in self._scene.headers[lane])

    def minimumSizeHint(self) -> QSize:
        return QSize(320, LANE_HEIGHT + TIME_AXIS_HEIGHT)

    def set_lanes(self, lanes: Sequence[tuple[Curve, ...]]) -> None:
        """Draw these curves."""
        self._change(lanes=tuple(lanes), headers=())
        self._set_scroll_range()

    def set_limits(self, start: int, end: int) -> None:
        """How far one can move."""
        self._limits = (start, max(end, start + _SHORTEST_NS))

    def set_range(self, start: int, end: int) -> None:
        """Show this span of time, or what of it is within the limits."""
        least, most = self._limits
        length = min(max(end - start, _SHORTEST_NS), most - least)
        start = min(max(start, least), most - length)
        if (start, start + length) != self._scene.view:
            self._change(view=(start, start + length))
            self.range_changed.emit(*self._scene.view)

    def set_bands(self, gaps: Integers, crash: Crash | None) -> None:
        """Shade times without checkpoints, in which no line is drawn; `crash` is the last of them, with its words."""
        self._change(gaps=gaps, crash=crash)

    def set_exchange_marks(self, at: int, marks: Mapping[CurveId, ExchangeMark]) -> None:
        """Mark where the exchange stands, as read at `at`."""
        self._change(marks=marks, marked_at=at)

    def set_selected(self, at: int | None) -> None:
        """Mark the chosen checkpoint."""
        self._scene = replace(self._scene, selected=at)
        self.viewport().update()

    def set_headers(self, headers: Sequence[tuple[HeaderPart, ...]]) -> None:
        """The lines over the lanes."""
        self._scene = replace(self._scene, headers=tuple(headers))
        self.viewport().update()

    def show_crosshair(self, at: int | None) -> None:
        """Put the crosshair of every lane to a moment, or take it away."""
        if at != self._scene.crosshair:
            self._scene = replace(self._scene, crosshair=at)
            self.viewport().update()
            self.hovered.emit(at)

    def reveal(self, at: int) -> None:
        """Move along until a moment can be seen."""
        start, end = self._scene.view
        margin = (end - start) // 20
        if at < start + margin:
            self._take_range(at - margin, at - margin + end - start)
        elif at > end - margin:
            self._take_range(at + margin - (end - start), at + margin)

    def _change(self, **changes: object) -> None:
        self._scene = replace(self._scene, **changes)  # type: ignore[arg-type]
        self._shapes.clear()
        self.viewport().update()

    def _dress(self, _change: object = None) -> None:
        display = self._ui.display
        self._change(theme=self._ui.theme, zone=display.tzinfo, zone_name=display.zone_name())

    # Geometry

    def _lane_height(self) -> float:
        count = max(len(self._scene.lanes), 1)
        return max((self.viewport().height() - TIME_AXIS_HEIGHT) / count, LANE_HEIGHT)

    def _lane_rect(self, lane: int) -> QRectF:
        height = self._lane_height()
        return QRectF(0, lane * height - self.verticalScrollBar().value(), self.viewport().width(), height)

    def _visible_lanes(self) -> list[int]:
        bottom = self.viewport().height() - TIME_AXIS_HEIGHT
        rects = ((lane, self._lane_rect(lane)) for lane in range(len(self._scene.lanes)))
        return [lane for lane, rect in rects if rect.bottom() > 0 and rect.top() < bottom]

    def plot_area(self, lane: int = 0) -> QRectF:
        """Where in the viewport the lines of a lane are."""
        self._shape()
        return plot_rect(self._lane_rect(lane), self._left)

    def _shape(self) -> None:
        """Measure out the visible lanes that are not yet, again when they turn out to need another room for their values."""
        visible = self._visible_lanes()
        for _ in range(2):
            width = self.viewport().width() - self._left - RIGHT_MARGIN
            height = int(self._lane_height()) - HEADER_HEIGHT
            for lane in visible:
                if lane not in self._shapes:
                    self._shapes[lane] = shape_lane(self._scene, lane, width, height)
            left = axis_width(tuple(self._shapes[lane] for lane in visible), self._scene.small_font)
            if left == self._left:
                return
            self._left = left
            self._shapes.clear()
        self._shape_missing(visible)

    def _shape_missing(self, visible: Sequence[int]) -> None:
        width = self.viewport().width() - self._left - RIGHT_MARGIN
        for lane in visible:
            if lane not in self._shapes:
                self._shapes[lane] = shape_lane(self._scene, lane, width, int(self._lane_height()) - HEADER_HEIGHT)

    def _set_scroll_range(self) -> None:
        page = self.viewport().height() - TIME_AXIS_HEIGHT
        bar = self.verticalScrollBar()
        bar.setPageStep(max(page, 1))
        bar.setSingleStep(LANE_HEIGHT // 2)
        bar.setRange(0, max(round(self._lane_height() * len(self._scene.lanes)) - page, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shapes.clear()
        self._set_scroll_range()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._shape()
        painter = QPainter(self.viewport())
        size = self.viewport().size()
        painter.fillRect(self.viewport().rect(), QColor(self._scene.theme.base))
        bottom = size.height() - TIME_AXIS_HEIGHT
        painter.setClipRect(0, 0, size.width(), bottom)
        for lane in self._visible_lanes():
            paint_lane(self._scene, painter, self._lane_rect(lane), self._left, lane, self._shapes[lane])
        self._paint_band(painter, bottom)
        painter.setClipping(False)
        paint_time_axis(self._scene, painter, QRectF(0, bottom, size.width(), TIME_AXIS_HEIGHT), self._left)
        if self.hasFocus():
            painter.setPen(QColor(self._scene.theme.accent))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_band(self, painter: QPainter, bottom: int) -> None:
        if self._band is not None:
            left, right = sorted(self._band)
            ground = self._scene.theme.color(Tone.ACCENT)
            ground.setAlpha(48)
            painter.fillRect(QRectF(left, 0, right - left, bottom), ground)

    # Range

    def zoom(self, factor: float, around: int | None = None) -> None:
        """Show `factor` of the time that is shown, keeping a moment (None: the middle) where it is."""
        start, end = self._scene.view
        fixed = (start + end) // 2 if around is None else around
        self._take_range(fixed - int((fixed - start) * factor), fixed + int((end - fixed) * factor))

    def move_by(self, share: float) -> None:
        """Move along by a share of the time that is shown."""
        start, end = self._scene.view
        by = int((end - start) * share)
        self._take_range(start + by, end + by)

    def _take_range(self, start: int, end: int) -> None:
        before = self._scene.view
        self.set_range(start, end)
        if self._scene.view != before:
            self.range_taken.emit()

    def _time_at(self, x: float) -> int | None:
        if not self._scene.lanes:
            return None
        area = self.plot_area()
        if not area.left() <= x <= area.right():
            return None
        return self._moment(x)

    def _moment(self, x: float) -> int:
        area = self.plot_area()
        start, end = self._scene.view
        return start + int((x - area.left()) / max(area.width(), 1) * (end - start))

    # Input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton) and self._scene.lanes:
            self._pressed = event.position().toPoint()
            self._pressed_range = self._scene.view
            self._dragged = False
            spans = (
                event.button() == Qt.MouseButton.RightButton or event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            )
            self._band = (event.position().x(), event.position().x()) if spans else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._pressed is None:
            self.show_crosshair(self._time_at(place.x()))
            return
        if not self._dragged and (place.toPoint() - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return
        self._dragged = True
        if self._band is not None:
            self._band = (self._band[0], place.x())
            self.viewport().update()
            return
        start, end = self._pressed_range
        by = int((self._pressed.x() - place.x()) / max(self.plot_area().width(), 1) * (end - start))
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self._take_range(start + by, end + by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, band, dragged = self._pressed, self._band, self._dragged
        self._pressed, self._band, self._dragged = None, None, False
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.viewport().update()
        if pressed is None:
            return
        if dragged and band is not None:
            first, last = sorted(band)
            self._take_range(self._moment(first), self._moment(last))
        elif not dragged and event.button() == Qt.MouseButton.LeftButton:
            at = self._time_at(event.position().x())
            if at is not None:
                self.chosen.emit(at)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        if delta.x() and abs(delta.x()) >= abs(delta.y()):
            self.move_by(-delta.x() / 1200)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.move_by(-delta.y() / 1200)
        elif event.position().x() < self.plot_area().left():
            # Over the values the wheel scrolls the lanes: there is no time to zoom into.
            super().wheelEvent(event)
            return
        else:
            self.zoom(_ZOOM_PER_NOTCH ** (delta.y() / 120), self._time_at(event.position().x()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.show_crosshair(None)

    def viewportEvent(self, event: QEvent) -> bool:
        # The pointer leaves the viewport, not the area around it.
        if event.type() == QEvent.Type.Leave and self._pressed is None:
            self.show_crosshair(None)
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_KEY_ZOOM, self._crosshair_in_view())
            case Qt.Key.Key_Minus:
                self.zoom(1 / _KEY_ZOOM, self._crosshair_in_view())
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                by = -1 if event.key() == Qt.Key.Key_Left else 1
                self.move_by(by / 10) if shift else self.stepped.emit(by)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self.ended.emit(event.key() == Qt.Key.Key_End)
            case Qt.Key.Key_Escape if self._scene.crosshair is not None:
                self.show_crosshair(None)
            case _:
                super().keyPressEvent(event)

    def _crosshair_in_view(self) -> int | None:
        start, end = self._scene.view
        at = self._scene.crosshair
        return at if at is not None and start <= at <= end else None

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
