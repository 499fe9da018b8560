"""Stacked charts with one time axis. Importing this imports pyqtgraph, so pages do it when they are first shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Zone
from crashdesk_gui.models.chart_data import Curve, CurveId, Measure
from crashdesk_gui.theme import Theme, Tone, mix
from crashdesk_gui.views.chart_style import FEW_POINTS, cosmetic, curve_colour, fills
from crashdesk_gui.widgets.text import TextStyle

_NS = 1_000_000_000
_AXIS_WIDTH = 72
LANE_HEIGHT = 112


@dataclass(frozen=True)
class ExchangeMark:
    """Where the exchange stands now on one curve: `same` tells whether that is what the last checkpoint says."""

    value: float
    same: bool


class ChartStack(pg.GraphicsLayoutWidget):
    """Lanes under each other, zoomed and moved together along the time only.

    Signals, times in UNIX nanoseconds: `hovered(time or None)`, `chosen(time)` on a click, `stepped(int)` on the arrow keys,
    `range_changed(start, end)`, `range_taken()` when the operator zoomed or moved by hand.
    """

    hovered = Signal(object)
    chosen = Signal(object)
    stepped = Signal(int)
    range_changed = Signal(object, object)
    range_taken = Signal()

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._lanes: list[_Lane] = []
        self._bands: tuple[tuple[int, int], ...] = ()
        self._crash: tuple[int, int, str] | None = None
        self._marks: tuple[int, Mapping[CurveId, ExchangeMark]] = (0, {})
        self._selected: int | None = None
        self._limits = (0, 1)
        self._range = (0, _NS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.ci.setContentsMargins(4, 4, 12, 4)
        self.ci.setSpacing(0)
        self.scene().sigMouseMoved.connect(self._on_moved)
        self.scene().sigMouseClicked.connect(self._on_clicked)
        ui.themes.changed.connect(self._dress)
        ui.display.changed.connect(self._dress)
        self._dress()

    @property
    def visible_range(self) -> tuple[int, int]:
        """From where to where is shown, UNIX nanoseconds."""
        return self._range

    def lane_ids(self) -> list[tuple[CurveId, ...]]:
        """Which curves each lane holds, from top to bottom."""
        return [lane.ids for lane in self._lanes]

    def set_lanes(self, lanes: Sequence[Sequence[Curve]]) -> None:
        """Draw these curves; lanes that stay keep their items, so that an update does not flicker."""
        if [tuple(curve.id for curve in lane) for lane in lanes] != self.lane_ids():
            self._rebuild(lanes)
        for lane, curves in zip(self._lanes, lanes, strict=True):
            lane.set_curves(curves)
        self._place_decorations()
        self._fit()

    def set_limits(self, start: int, end: int) -> None:
        """How far one can move."""
        self._limits = (start, end)
        for lane in self._lanes:
            lane.plot.vb.setLimits(xMin=start / _NS, xMax=end / _NS, minXRange=1.0)

    def set_range(self, start: int, end: int) -> None:
        """Show this span of time."""
        self._range = (start, end)
        if self._lanes:
            self._lanes[0].plot.vb.setXRange(start / _NS, end / _NS, padding=0)
        self._fit()

    def set_bands(self, bands: Sequence[tuple[int, int]], crash: tuple[int, int, str] | None) -> None:
        """Shade times without checkpoints; `crash` is the last of them, with its words."""
        self._bands, self._crash = tuple(bands), crash
        self._place_decorations()

    def set_exchange_marks(self, at: int, marks: Mapping[CurveId, ExchangeMark]) -> None:
        """Mark where the exchange stands, as read at `at`."""
        self._marks = (at, marks)
        self._place_decorations()
        self._fit()

    def set_selected(self, at: int | None) -> None:
        """Mark the chosen checkpoint."""
        self._selected = at
        for lane in self._lanes:
            lane.show_line(lane.selection, at)

    def set_headers(self, lines: Sequence[str]) -> None:
        """The lines over the lanes, as rich text."""
        for lane, line in zip(self._lanes, lines, strict=True):
            lane.header.setText(line)

    # Building

    def _rebuild(self, lanes: Sequence[Sequence[Curve]]) -> None:
        self.clear()
        self._lanes = []
        for row, curves in enumerate(lanes):
            last = row == len(lanes) - 1
            lane = _Lane(self, row * 2, tuple(curve.id for curve in curves), last=last, utc=self._utc())
            self._lanes.append(lane)
            if row:
                lane.plot.setXLink(self._lanes[0].plot)
        if self._lanes:
            box = self._lanes[0].plot.vb
            box.sigXRangeChanged.connect(self._on_range)
            for lane in self._lanes:
                lane.plot.vb.sigRangeChangedManually.connect(lambda *_: self.range_taken.emit())
        self.set_limits(*self._limits)
        self._dress_lanes()
        self.set_range(*self._range)
        self.set_selected(self._selected)
        self.setMinimumHeight(len(lanes) * LANE_HEIGHT + 32)

    def _utc(self) -> bool:
        return self._ui.display.zone is Zone.UTC

    def _dress(self, _change: object = None) -> None:
        self.setBackground(self._ui.theme.base)
        self._dress_lanes()

    def _dress_lanes(self) -> None:
        for lane in self._lanes:
            lane.dress(self._ui.theme, utc=self._utc())
        self._place_decorations()

    def _place_decorations(self) -> None:
        for number, lane in enumerate(self._lanes):
            lane.show_bands(self._bands, self._crash, self._ui.theme, words=number == 0)
            lane.show_marks(*self._marks, self._ui.theme)

    # Range

    def _on_range(self, _box: object, x_range: Sequence[float]) -> None:
        self._range = (int(x_range[0] * _NS), int(x_range[1] * _NS))
        self._fit()
        self.range_changed.emit(*self._range)

    def _fit(self) -> None:
        for lane in self._lanes:
            lane.fit(*self._range)

    # Input

    def _time_at(self, position: QPointF) -> int | None:
        if not self._lanes:
            return None
        box = self._lanes[0].plot.vb
        area = box.sceneBoundingRect()
        if not area.left() <= position.x() <= area.right():
            return None
        return int(box.mapSceneToView(QPointF(position.x(), area.center().y())).x() * _NS)

    def _on_moved(self, position: QPointF) -> None:
        self.show_crosshair(self._time_at(position))

    def show_crosshair(self, at: int | None) -> None:
        """Put the crosshair of every lane to a moment, or take it away."""
        for lane in self._lanes:
            lane.show_line(lane.crosshair, at)
        self.hovered.emit(at)

    def _on_clicked(self, event: object) -> None:
        if event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            at = self._time_at(event.scenePos())  # type: ignore[attr-defined]
            if at is not None:
                self.chosen.emit(at)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.show_crosshair(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        start, end = self._range
        match event.key():
            case Qt.Key.Key_Left:
                self.stepped.emit(-1)
            case Qt.Key.Key_Right:
                self.stepped.emit(1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom((end - start) // 4)
            case Qt.Key.Key_Minus:
                self._zoom(-(end - start) // 2)
            case _:
                super().keyPressEvent(event)

    def _zoom(self, inset: int) -> None:
        self.range_taken.emit()
        self.set_range(max(self._range[0] + inset, self._limits[0]), min(self._range[1] - inset, self._limits[1]))

    def draw(self, painter: QPainter, target: QRectF) -> None:
        """Paint the charts into a picture, without the crosshair."""
        self.show_crosshair(None)
        self.scene().render(painter, target, QRectF(self.viewport().rect()))


class _Lane:
    """One chart with its header, crosshair, bands and marks."""

    def __init__(self, stack: ChartStack, row: int, ids: tuple[CurveId, ...], *, last: bool, utc: bool) -> None:
        self.ids = ids
        self.header = stack.addLabel("", row=row, col=0, justify="left")
        self.header.setContentsMargins(_AXIS_WIDTH, 6, 0, 0)
        axis = pg.DateAxisItem(utcOffset=0 if utc else None)
        self.plot: pg.PlotItem = stack.addPlot(row=row + 1, col=0, axisItems={"bottom": axis})
        self._last = last
        self._curves: dict[CurveId, pg.PlotDataItem] = {}
        self._tails: dict[CurveId, pg.PlotDataItem] = {}
        self._grounds: dict[CurveId, pg.PlotDataItem] = {}
        self._data: tuple[Curve, ...] = ()
        self._bands: list[pg.LinearRegionItem] = []
        self._crash_start = 0
        self._theme: Theme | None = None
        self._marks_at = 0
        self._marks: Mapping[CurveId, ExchangeMark] = {}
        self._scatter = pg.ScatterPlotItem(pxMode=True, antialias=True)
        self._words = pg.TextItem(anchor=(1, 0))
        self.crosshair = pg.InfiniteLine(angle=90, movable=False)
        self.selection = pg.InfiniteLine(angle=90, movable=False)
        self._zero = pg.InfiniteLine(angle=0, movable=False, pos=0)
        self._configure()

    def _configure(self) -> None:
        plot = self.plot
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.vb.setMouseEnabled(x=True, y=False)
        plot.vb.disableAutoRange()
        plot.vb.setDefaultPadding(0)
        left = plot.getAxis("left")
        left.setWidth(_AXIS_WIDTH)
        left.enableAutoSIPrefix(False)
        left.setStyle(maxTickLevel=0, tickLength=-4)
        left.setZValue(-100)
        plot.showAxis("bottom", self._last)
        plot.getAxis("bottom").enableAutoSIPrefix(False)
        for item, depth in (
            (self._zero, -5),
            (self.selection, 5),
            (self.crosshair, 8),
            (self._scatter, 10),
            (self._words, 12),
        ):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)
        for item in (self.crosshair, self.selection, self._words):
            item.hide()
        self._zero.setVisible(all(each.measure is not Measure.EQUITY for each in self.ids))

    def set_curves(self, curves: Sequence[Curve]) -> None:
        self._data = tuple(curves)
        for curve in curves:
            if curve.id not in self._curves:
                self._curves[curve.id] = self._add_item()
                self._tails[curve.id] = pg.PlotDataItem(antialias=False)
                self.plot.addItem(self._tails[curve.id])
            self._curves[curve.id].setData(curve.x, curve.y)
            if fills(curve):
                # A curve that is filled is also stroked down to its base, which reads as a drop to zero: hence two items.
                if curve.id not in self._grounds:
                    self._grounds[curve.id] = self._add_item(depth=-2)
                self._grounds[curve.id].setData(curve.x, curve.y)
            elif curve.id in self._grounds:
                self.plot.removeItem(self._grounds.pop(curve.id))
        self._dress_curves()

    def _add_item(self, depth: int = 0) -> pg.PlotDataItem:
        item = pg.PlotDataItem(stepMode="right", antialias=False)
        item.setZValue(depth)
        self.plot.addItem(item)
        # Only after adding: as an argument it fails on the view that is not there yet.
        item.setDownsampling(auto=True, method="peak")
        item.setClipToView(True)
        return item

    def dress(self, theme: Theme, *, utc: bool) -> None:
        self._theme = theme
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(QPen(QColor(theme.border)))
            axis.setTextPen(QPen(QColor(theme.muted)))
            axis.setStyle(tickFont=TextStyle.SMALL.font())
        bottom = self.plot.getAxis("bottom")
        bottom.utcOffset = 0 if utc else None
        bottom.picture = None
        bottom.update()
        self.plot.showGrid(y=True, alpha=0.5)
        self.crosshair.setPen(cosmetic(QColor(theme.crosshair), 1, Qt.PenStyle.DashLine))
        self.selection.setPen(cosmetic(QColor(theme.accent), 2))
        self._zero.setPen(cosmetic(QColor(theme.strong_border), 1))
        self._dress_curves()

    def _dress_curves(self) -> None:
        theme = self._theme
        if theme is None:
            return
        for curve in self._data:
            colour = curve_colour(theme, curve.id)
            self._curves[curve.id].setPen(cosmetic(colour, 2 if len(curve.times) <= FEW_POINTS else 1))
            self._tails[curve.id].setPen(cosmetic(colour, 1, Qt.PenStyle.DotLine))
            ground = self._grounds.get(curve.id)
            if ground is not None:
                ground.setPen(None)
                ground.setFillLevel(0.0)
                ground.setFillBrush(QBrush(QColor(colour.red(), colour.green(), colour.blue(), 36)))

    def show_line(self, line: pg.InfiniteLine, at: int | None) -> None:
        line.setVisible(at is not None)
        if at is not None:
            line.setPos(at / _NS)

    def show_bands(
        self, bands: Sequence[tuple[int, int]], crash: tuple[int, int, str] | None, theme: Theme, *, words: bool
    ) -> None:
        for item in self._bands:
            self.plot.removeItem(item)
        ground = mix(theme.color(Tone.DANGER), QColor(theme.base), 0.14)
        spans = [*bands, crash[:2]] if crash else list(bands)
        self._bands = []
        for start, end in spans:
            pen = cosmetic(theme.color(Tone.DANGER), 1, Qt.PenStyle.DashLine)
            item = pg.LinearRegionItem((start / _NS, end / _NS), movable=False, brush=QBrush(ground), pen=pen)
            item.setZValue(-10)
            self.plot.addItem(item, ignoreBounds=True)
            self._bands.append(item)
        for curve in self._data:
            # What the bot last knew, carried on as a hint to where nothing is known.
            tail = [curve.x[-1], crash[1] / _NS] if crash else []
            self._tails[curve.id].setData(tail, [curve.y[-1]] * len(tail))
        self._words.setVisible(crash is not None and words)
        if crash is not None and words:
            self._words.setText(crash[2], color=theme.color(Tone.DANGER))
            self._words.setFont(TextStyle.SMALL.font())
            self._crash_start = crash[0]

    def show_marks(self, at: int, marks: Mapping[CurveId, ExchangeMark], theme: Theme) -> None:
        self._marks_at = at
        self._marks = {curve: mark for curve, mark in marks.items() if curve in self.ids}
        spots = []
        for mark in self._marks.values():
            tone = Tone.OK if mark.same else Tone.WARNING
            symbol = "o" if mark.same else "d"
            pen = cosmetic(QColor(theme.base), 1)
            spots.append(
                {"pos": (at / _NS, mark.value), "symbol": symbol, "size": 12, "brush": theme.color(tone), "pen": pen}
            )
        self._scatter.setData(spots)

    def fit(self, start: int, end: int) -> None:
        """Choose the values to show between two moments: all that are drawn, and zero where it means something."""
        found = [bounds for curve in self._data if (bounds := curve.bounds(start, end)) is not None]
        lows = [low for low, _high in found]
        highs = [high for _low, high in found]
        if self._marks and start <= self._marks_at <= end:
            lows += [mark.value for mark in self._marks.values()]
            highs += [mark.value for mark in self._marks.values()]
        if not lows:
            return
        if self._zero.isVisible():
            lows.append(0.0)
            highs.append(0.0)
        low, high = min(lows), max(highs)
        room = (high - low) * 0.14 or abs(high) * 0.01 or 1.0
        self.plot.vb.setYRange(low - room, high + room, padding=0)
        if self._words.isVisible():
            # Beside the band, since its words are wider than it mostly is; inside where one has zoomed into it.
            beside = self._crash_start - start > (end - start) // 3
            self._words.setPos((self._crash_start if beside and self._crash_start < end else end) / _NS, high + room)
