"""Stacked charts with one time axis: what they show, how far they move, and the keys. Does without pyqtgraph until lanes come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollBar, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import Curve, CurveId, Integers
from crashdesk_gui.views.chart_scene import LANE_HEIGHT, TIME_AXIS_HEIGHT, Crash, ExchangeMark, HeaderPart, Scene
from crashdesk_gui.widgets.text import TextStyle

if TYPE_CHECKING:
    from crashdesk_gui.views.chart_canvas import ChartCanvas

_SHORTEST_NS = 20_000_000
"""A bot's last changes are milliseconds apart."""
_KEY_ZOOM = 0.6


class ChartStack(QWidget):
    """Lanes under each other, zoomed and moved together along the time only.

    The wheel zooms, dragging moves, dragging with Shift or the right button zooms into a span, a click chooses a moment.
    Signals, times in UNIX nanoseconds: `hovered(time or None)`, `chosen(time)` on a click, `stepped(int)` on the left and
    right keys, `ended(bool)` on Home (False) and End (True), `range_changed(start, end)`, `range_taken()` when the operator
    zoomed or moved by hand.
    """

    accessible_role = QAccessible.Role.Chart
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
        self._canvas: ChartCanvas | None = None
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self._bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar.valueChanged.connect(self._draw)
        self._row = QHBoxLayout(self)
        # Room for the ring around the charts that have the keyboard.
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(0)
        self._row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignRight)
        self._bar.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        ui.themes.changed.connect(self._wear_theme)
        ui.display.changed.connect(self._dress)

    # What is shown

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    @property
    def canvas(self) -> ChartCanvas | None:
        """Where it is drawn; None as long as there was nothing to draw."""
        return self._canvas

    @property
    def complete(self) -> bool:
        """Whether everything that can be seen is drawn."""
        return self._canvas is not None and self._canvas.complete

    @property
    def visible_range(self) -> tuple[int, int]:
        """From where to where is shown, UNIX nanoseconds."""
        return self._scene.view

    @property
    def scrolled(self) -> int:
        """How far down the lanes are scrolled, in pixels."""
        return self._bar.value()

    def scroll_to(self, offset: int) -> None:
        """Scroll the lanes, as far as there are any."""
        self._bar.setValue(offset)

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
        if lanes and self._canvas is None:
            self._make_canvas()
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
        if self._canvas is not None:
            self._canvas.draw_lines(self._scene)

    def set_headers(self, headers: Sequence[tuple[HeaderPart, ...]]) -> None:
        """The lines over the lanes."""
        self._scene = replace(self._scene, headers=tuple(headers))
        if self._canvas is not None:
            self._canvas.draw_headers(self._scene)

    def show_crosshair(self, at: int | None) -> None:
        """Put the crosshair of every lane to a moment, or take it away."""
        if at != self._scene.crosshair:
            self._scene = replace(self._scene, crosshair=at)
            if self._canvas is not None:
                self._canvas.draw_lines(self._scene)
            self.hovered.emit(at)

    def reveal(self, at: int) -> None:
        """Move along until a moment can be seen."""
        start, end = self._scene.view
        margin = (end - start) // 20
        if at < start + margin:
            self._take_range(at - margin, at - margin + end - start)
        elif at > end - margin:
            self._take_range(at + margin - (end - start), at + margin)

    def _change(self, **changes: Any) -> None:
        self._scene = replace(self._scene, **changes)
        self._draw()

    def _draw(self, _value: int = 0) -> None:
        if self._canvas is not None:
            self._canvas.draw(self._scene, self._bar.value())

    def _wear_theme(self) -> None:
        self._ui.themes.with_its_part(self, self._dress)

    def _dress(self, _change: object = None) -> None:
        display = self._ui.display
        self._change(theme=self._ui.theme, zone=display.tzinfo, zone_name=display.zone_name())
        self.update()

    def _make_canvas(self) -> None:
        # Here, not above: `chart_loading` imports it in parts, when somebody opens the page or nothing else is to be done.
        from crashdesk_gui.views.chart_canvas import ChartCanvas

        canvas = self._canvas = ChartCanvas(self._scene, self)
        canvas.hovered.connect(self.show_crosshair)
        canvas.clicked.connect(self.chosen)
        canvas.taken.connect(self._take_range)
        canvas.wheel_left.connect(self._scroll)
        self._row.insertWidget(0, canvas, 1)

    # Geometry

    def viewport(self) -> QWidget:
        """What the mouse is over."""
        return self._canvas.viewport() if self._canvas is not None else self

    def plot_area(self, lane: int = 0) -> QRectF:
        """Where in the viewport the lines of a lane are."""
        return self._canvas.plot_area(lane) if self._canvas is not None else QRectF()

    @property
    def least_height(self) -> int:
        """How high the charts must be for every lane to be readable."""
        return len(self._scene.lanes) * LANE_HEIGHT + TIME_AXIS_HEIGHT

    def _set_scroll_range(self) -> None:
        page = self.contentsRect().height() - 4
        over = max(self.least_height - page, 0)
        self._bar.setPageStep(max(page - TIME_AXIS_HEIGHT, 1))
        self._bar.setSingleStep(LANE_HEIGHT // 2)
        self._bar.setRange(0, over)
        self._bar.setVisible(over > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_scroll_range()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._scene.theme.base))
        if self.hasFocus():
            painter.setPen(QColor(self._scene.theme.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

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

    # Input

    def _scroll(self, event: QEvent) -> None:
        QApplication.sendEvent(self._bar, event)

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
            case Qt.Key.Key_Up | Qt.Key.Key_Down | Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self._scroll(event)
            case Qt.Key.Key_Escape if self._scene.crosshair is not None:
                self.show_crosshair(None)
            case _:
                super().keyPressEvent(event)

    def _crosshair_in_view(self) -> int | None:
        start, end = self._scene.view
        at = self._scene.crosshair
        return at if at is not None and start <= at <= end else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
