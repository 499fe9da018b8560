"""Positions, equity and PnL over time. pyqtgraph and numpy are imported when the page is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QWidget

from crashdesk.storage.history import CheckpointSummary
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.exporting import CSV, PNG, SVG, AskPath, Exporter, FileKind, ask_save_path, png_bytes, svg_bytes
from crashdesk_gui.session import CheckpointRow, Overview, Series, StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.curve_picker import CurvePicker
from crashdesk_gui.views.history_strip import has_stopped, interval_of
from crashdesk_gui.views.range_bar import RangeBar
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.empty import EmptyState, ErrorState
from crashdesk_gui.widgets.panel import Panel, page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button
from crashdesk_gui.widgets.timeline import missing_spans

if TYPE_CHECKING:
    from crashdesk_gui.jobs import Job
    from crashdesk_gui.models.chart_data import ChartData
    from crashdesk_gui.views.charts import ChartStack
    from crashdesk_gui.views.lane_words import LaneWords

_MOST_BANDS = 200
_SETTING = "positions-curves"


class PositionsPage(StatefulPage):
    """Signals: `checkpoint_selected(CheckpointInfo)` when the operator chooses one in the charts."""

    checkpoint_selected = Signal(object)

    def __init__(self, ui: UiContext, parent: QWidget | None = None, *, ask_path: AskPath = ask_save_path) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._data: ChartData | None = None
        self._summaries: dict[int, CheckpointSummary] = {}
        self._preparing: Job | None = None
        self._stale = True
        self._span: int | None = None
        self._preset = True
        self._selected: int | None = None
        self.charts: ChartStack | None = None
        self._words: LaneWords | None = None
        self.banner = Banner(ui)
        self.picker = CurvePicker(ui)
        self._moment = TextLabel(ui, style=TextStyle.HEADING, selectable=True)
        self._figures = TextLabel(ui, tone=Tone.MUTED)
        self._place = QScrollArea()
        self.ranges = RangeBar()
        self._exporter = Exporter(self, on_saved=self._saved, on_failed=self._save_failed, ask=ask_path)
        self._build()
        self.picker.shown_changed.connect(self._on_picked)
        self.ranges.chosen.connect(self._choose_range)
        ui.themes.changed.connect(self._show_headers)
        ui.display.changed.connect(self._show_headers)
        self._show_nothing_open()

    # Building

    def _build(self) -> None:
        content = QWidget()
        layout = page_layout(content)
        layout.addWidget(self.banner)
        bar = QHBoxLayout()
        bar.setSpacing(2)
        bar.addWidget(self.ranges)
        bar.addSpacing(8)
        bar.addWidget(self._moment)
        bar.addSpacing(8)
        bar.addWidget(self._figures, 1)
        bar.addWidget(self._export_button())
        layout.addLayout(bar)
        row = QHBoxLayout()
        row.setSpacing(8)
        panel = Panel(self.ui, flush=True)
        self._place.setWidgetResizable(True)
        self._place.setFrameShape(QScrollArea.Shape.NoFrame)
        self._place.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        panel.add(self._place, 1)
        row.addWidget(panel, 1)
        row.addWidget(self.picker)
        layout.addLayout(row, 1)
        self.set_content(content)

    def _export_button(self) -> QWidget:
        button = push_button(self.ui, self.tr("Export"), kind=ButtonKind.QUIET, icon="export")
        menu = QMenu(button)
        menu.addAction(self.tr("Picture as PNG…"), lambda: self.export_picture(PNG))
        menu.addAction(self.tr("Picture as SVG…"), lambda: self.export_picture(SVG))
        menu.addAction(self.tr("Values of this range as CSV…"), self.export_values)
        button.setMenu(menu)
        return button

    # The session

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store, or none."""
        if self._session is not None:
            for signal, slot in self._connections(self._session):
                signal.disconnect(slot)
        self._session = session
        self._data = None
        self._selected = None
        self._preparing = None
        self._stale = True
        self.banner.hide()
        if session is None:
            self._show_nothing_open()
            return
        for signal, slot in self._connections(session):
            signal.connect(slot)
        self.show_loading(self.tr("Reading the history…"))
        if session.overview is None and session.overview_error is not None:
            self._on_failed("", session.overview_error)
        elif self.isVisible():
            self._prepare()

    def _connections(self, session: StoreSession) -> tuple[tuple[Any, Callable[..., object]], ...]:
        return (
            (session.series_changed, self._on_series),
            (session.overview_changed, self._on_overview),
            (session.comparison_changed, self._on_comparison),
            (session.failed, self._on_failed),
        )

    def on_shown(self) -> None:
        """The page came to the front."""
        self._prepare()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._prepare()

    def select_checkpoint(self, seq: int) -> None:
        """Mark a checkpoint, without a signal; an unknown number marks none."""
        self._selected = seq
        self._mark_selected()

    def _on_series(self, _series: Series) -> None:
        self._stale = True
        if self.isVisible():
            self._prepare()

    def _on_overview(self, overview: Overview) -> None:
        if not overview.rows and self._session is not None:
            self._show_no_history()
        elif self._data is not None:
            self._show_decorations()

    def _prepare(self) -> None:
        session = self._session
        if session is None or session.series is None or not self._stale or self._preparing is not None:
            return
        self._stale = False
        if not session.series.summaries:
            self._show_no_history()
            return
        series = session.series

        def work(_progress: object) -> ChartData:
            # Imported here, off the GUI thread: together they take a quarter of a second.
            import pyqtgraph  # noqa: F401

            from crashdesk_gui.models.chart_data import chart_data

            return chart_data(series)

        self._preparing = session.watcher.run(
            work,
            title=self.tr("Preparing the charts"),
            on_done=lambda data: self._show_data(session, data),
            on_failed=lambda error: self._on_unprepared(session, error),
            on_cancelled=lambda: self._on_unprepared(session, None),
            owner=self,
        )

    def _on_unprepared(self, session: StoreSession, error: Exception | None) -> None:
        if session is self._session:
            self._preparing, self._stale = None, True
            if error is not None:
                self._show_error(error)

    # Showing

    def _show_data(self, session: StoreSession, data: ChartData) -> None:
        if session is not self._session:
            return
        from crashdesk_gui.models.chart_data import default_curves

        self._preparing = None
        first = self._data is None
        self._data = data
        series = session.series
        self._summaries = {each.seq: each for each in series.summaries} if series else {}
        if self.charts is None:
            self._make_charts()
        if first:
            saved = self.ui.settings.text(session.key, _SETTING)
            keys = set(saved.split("\n")) if saved else None
            shown = {each.id for each in data.curves if each.id.key in keys} if keys else set()
            self.picker.set_curves(data, shown or default_curves(data))
        else:
            self.picker.set_curves(data, self.picker.shown())
        self._show_lanes()
        if first:
            self._choose_range(self._span)
        elif self._preset:
            self._apply_range()
        self.show_content()
        if self._stale:
            self._prepare()

    def _make_charts(self) -> None:
        from crashdesk_gui.views.charts import ChartStack
        from crashdesk_gui.views.lane_words import LaneWords

        self._words = LaneWords(self.ui, self)
        self.charts = ChartStack(self.ui)
        self.charts.setAccessibleName(self.tr("Charts of positions, equity and PnL"))
        self.charts.hovered.connect(self._show_headers)
        self.charts.chosen.connect(self._choose_nearest)
        self.charts.stepped.connect(self._step)
        self.charts.range_taken.connect(self._on_range_taken)
        self._place.setWidget(self.charts)

    def _show_lanes(self) -> None:
        from crashdesk_gui.models.chart_data import lanes_of

        if self.charts is None or self._data is None:
            return
        first, end = self._data.first, self._now()
        margin = max((end - first) // 20, 60_000_000_000)
        self.charts.set_limits(first - margin, end + margin)
        self.charts.set_lanes(lanes_of(self._data, self.picker.shown()))
        self._show_decorations()
        self._mark_selected()

    def _now(self) -> int:
        last = self._data.last if self._data is not None else 0
        return max(self.ui.display.now(), last)

    def _show_decorations(self) -> None:
        from crashdesk_gui.views.lane_words import exchange_marks

        session, data, charts = self._session, self._data, self.charts
        if session is None or data is None or charts is None:
            return
        stopped = has_stopped(session.overview)
        spans = missing_spans(data.times, interval_of(session.view.manifest), self._now(), stopped=stopped)
        crash = None
        if spans and spans[-1][0] == data.last:
            words = self.tr("no checkpoint for {0}").format(self.ui.display.duration(spans[-1][1] - spans[-1][0]))
            crash, spans = (*spans[-1], words), spans[:-1]
        charts.set_bands(sorted(spans, key=lambda span: span[0] - span[1])[:_MOST_BANDS], crash)
        comparison = session.comparison
        at = max(comparison.snapshot.finished_at, data.last) if comparison else 0
        charts.set_exchange_marks(at, exchange_marks(comparison, data.curves))
        self._show_headers()

    # Words over the lanes

    def _show_headers(self, at: object = None) -> None:
        data, charts, words = self._data, self.charts, self._words
        if data is None or charts is None or words is None:
            return
        moment = at if isinstance(at, int) else None
        if moment is None:
            summary = self._summaries.get(self._selected or 0)
            moment = data.last if summary is None else summary.at
        self._show_moment(moment)
        comparison = self._session.comparison if self._session is not None else None
        until = min(moment, data.last)
        lanes = ([curve for curve in data.curves if curve.id in ids] for ids in charts.lane_ids())
        charts.set_headers([words.header(curves, until, comparison) for curves in lanes])

    def _show_moment(self, moment: int) -> None:
        data = self._data
        assert data is not None
        self._moment.setText(self.ui.display.time(moment))
        position = data.nearest(moment)
        if moment > data.last:
            self._figures.setText(self.tr("after the last checkpoint, {0}").format(data.seqs[-1]) + self._later())
        elif position is not None:
            later = self._later() if position == len(data.seqs) - 1 else ""
            self._figures.setText(self.tr("checkpoint {0}").format(data.seqs[position]) + later)

    def _later(self) -> str:
        """What the curves, drawn from the checkpoints, lack at their end."""
        overview = self._session.overview if self._session is not None else None
        if overview is None or not overview.known_changes:
            return ""
        return self.tr(", without %n later change(s)", "", overview.known_changes)

    # Choosing

    def _on_picked(self) -> None:
        if self._session is not None:
            keys = "\n".join(sorted(curve.key for curve in self.picker.shown()))
            self.ui.settings.set_text(self._session.key, _SETTING, keys)
        self._show_lanes()

    def _choose_range(self, span_ns: int | None) -> None:
        self._span, self._preset = span_ns, True
        self._apply_range()

    def _apply_range(self) -> None:
        from crashdesk_gui.models.chart_data import range_for

        if self.charts is not None and self._data is not None:
            self.charts.set_range(*range_for(self._span, self._data.first, self._data.last, self._now()))

    def _on_range_taken(self) -> None:
        self._preset = False
        self.ranges.release()

    def _choose_nearest(self, at: int) -> None:
        """The checkpoint that still exists closest to a moment; older ones live on in the charts alone."""
        rows = self._rows()
        if rows:
            self._choose(min(rows, key=lambda row: abs(row.info.timestamp - at)))

    def _step(self, by: int) -> None:
        rows = self._rows()
        if rows:
            seqs = [row.info.seq for row in rows]
            position = seqs.index(self._selected) + by if self._selected in seqs else len(seqs) - 1
            self._choose(rows[min(max(position, 0), len(seqs) - 1)])

    def _choose(self, row: CheckpointRow) -> None:
        self.select_checkpoint(row.info.seq)
        self.checkpoint_selected.emit(row.info)

    def _rows(self) -> tuple[CheckpointRow, ...]:
        overview = self._session.overview if self._session is not None else None
        return overview.rows if overview is not None else ()

    def _mark_selected(self) -> None:
        if self.charts is None or self._data is None:
            return
        summary = self._summaries.get(self._selected or 0)
        self.charts.set_selected(summary.at if summary is not None else None)
        self._show_headers()

    def _on_comparison(self, _comparison: object) -> None:
        if self._data is not None:
            self._show_decorations()

    # Saving

    def export_picture(self, kind: FileKind) -> None:
        """Save the charts as they are shown."""
        charts, session = self.charts, self._session
        if charts is None or session is None:
            return
        size, ground = QSize(charts.viewport().size()), QColor(self.ui.theme.base)
        title = self.tr("{0}: positions").format(session.view.name)
        picture = png_bytes(charts.draw, size, ground) if kind is PNG else svg_bytes(charts.draw, size, ground, title)
        self._exporter.save(session.watcher, kind, f"{session.view.name}-positions", lambda: picture)

    def export_values(self) -> None:
        """Save the exact values of the shown curves between the edges of the charts."""
        from crashdesk_gui.models.chart_data import chart_csv

        charts, session, data = self.charts, self._session, self._data
        if charts is None or session is None or data is None:
            return
        start, end = charts.visible_range
        shown = self.picker.shown()
        curves = [curve for curve in data.curves if curve.id in shown]
        name = f"{session.view.name}-positions"
        self._exporter.save(session.watcher, CSV, name, lambda: chart_csv(curves, start, end))

    def _saved(self, path: object) -> None:
        self.banner.show_message(self.tr("Saved as {0}").format(path), Tone.OK)

    def _save_failed(self, what: str, error: Exception) -> None:
        told = explain(error)
        self.banner.show_message(f"{what}: {told.title} {told.advice}", Tone.DANGER)

    # The other states

    def _show_nothing_open(self) -> None:
        text = self.tr("Open a store to see its positions over time.")
        self.show_empty(EmptyState(self.ui, self.tr("No store is open"), text, icon="positions"))

    def _show_no_history(self) -> None:
        text = self.tr(
            "Positions, equity and PnL are drawn from the checkpoints. The first one will appear here by itself."
        )
        self.show_empty(EmptyState(self.ui, self.tr("There is nothing to draw yet"), text, icon="positions"))

    def _show_error(self, error: Exception) -> None:
        told = explain(error)
        self.show_error(ErrorState(self.ui, told.title, meaning=told.meaning, remedy=told.advice))

    def _on_failed(self, _what: str, error: Exception) -> None:
        session = self._session
        if session is not None and session.overview is None and error is session.overview_error:
            self._show_error(error)
