"""Positions, equity and PnL over time. pyqtgraph and numpy are imported when the page is first shown."""

from __future__ import annotations

import html
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QScrollArea, QToolButton, QWidget

from crashdesk import Side
from crashdesk.storage.history import CheckpointSummary
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.exporting import CSV, PNG, SVG, AskPath, Exporter, FileKind, ask_save_path, png_bytes, svg_bytes
from crashdesk_gui.session import Overview, Series, StoreSession
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.curve_picker import CurvePicker
from crashdesk_gui.views.history_strip import DEFAULT_INTERVAL_MS
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.empty import EmptyState, ErrorState
from crashdesk_gui.widgets.panel import Panel, page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button
from crashdesk_gui.widgets.timeline import missing_spans

if TYPE_CHECKING:
    from crashdesk_gui.jobs import Job
    from crashdesk_gui.models.chart_data import ChartData, Curve, CurveId
    from crashdesk_gui.views.charts import ChartStack

_HOUR = 3_600_000_000_000
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
        self.banner = Banner(ui)
        self.picker = CurvePicker(ui)
        self._moment = TextLabel(ui, style=TextStyle.HEADING, selectable=True)
        self._figures = TextLabel(ui, tone=Tone.MUTED)
        self._place = QScrollArea()
        self._ranges = QButtonGroup(self)
        self._exporter = Exporter(self, on_saved=self._saved, on_failed=self._save_failed, ask=ask_path)
        self._build()
        self.picker.shown_changed.connect(self._on_picked)
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
        spans = ((self.tr("1 h"), 1), (self.tr("6 h"), 6), (self.tr("24 h"), 24), (self.tr("7 d"), 168), (self.tr("All"), 0))
        for words, hours in spans:
            button = QToolButton()
            button.setText(words)
            button.setMinimumWidth(40)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setCheckable(True)
            button.setChecked(hours == 0)
            button.setAccessibleName(self.tr("Show {0}").format(words))
            button.clicked.connect(lambda _on=False, hours=hours: self._choose_range(hours * _HOUR or None))
            self._ranges.addButton(button)
            bar.addWidget(button)
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
        old = self._session
        if old is not None:
            old.series_changed.disconnect(self._on_series)
            old.overview_changed.disconnect(self._on_overview)
            old.comparison_changed.disconnect(self._on_comparison)
            old.failed.disconnect(self._on_failed)
        self._session = session
        self._data = None
        self._selected = None
        self._preparing = None
        self._stale = True
        self.banner.hide()
        if session is None:
            self._show_nothing_open()
            return
        session.series_changed.connect(self._on_series)
        session.overview_changed.connect(self._on_overview)
        session.comparison_changed.connect(self._on_comparison)
        session.failed.connect(self._on_failed)
        self.show_loading(self.tr("Reading the history…"))
        if session.overview is None and session.overview_error is not None:
            self._on_failed("", session.overview_error)
        elif self.isVisible():
            self._prepare()

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
            on_failed=self._on_prepare_failed,
            on_cancelled=self._on_prepare_cancelled,
            owner=self,
        )

    def _on_prepare_failed(self, error: Exception) -> None:
        self._preparing = None
        self._show_error(error)

    def _on_prepare_cancelled(self) -> None:
        self._preparing = None
        self._stale = True

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

        self.charts = ChartStack(self.ui)
        self.charts.setAccessibleName(self.tr("Charts of positions, equity and PnL"))
        self.charts.hovered.connect(self._show_headers)
        self.charts.chosen.connect(self._choose_time)
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
        session, data, charts = self._session, self._data, self.charts
        if session is None or data is None or charts is None:
            return
        manifest = session.view.manifest
        interval = (manifest.checkpoint_interval_ms if manifest else DEFAULT_INTERVAL_MS) * 1_000_000
        spans = missing_spans(data.times, interval, self._now())
        crash = None
        if spans and spans[-1][0] == data.last:
            words = self.tr("no checkpoint for {0}").format(self.ui.display.duration(spans[-1][1] - spans[-1][0]))
            crash, spans = (*spans[-1], words), spans[:-1]
        charts.set_bands(sorted(spans, key=lambda span: span[0] - span[1])[:_MOST_BANDS], crash)
        self._show_marks()
        self._show_headers()

    def _show_marks(self) -> None:
        from crashdesk_gui.views.charts import ExchangeMark

        session, data, charts = self._session, self._data, self.charts
        if session is None or data is None or charts is None:
            return
        marks = {}
        for curve in data.curves:
            live = self._live_value(curve.id)
            if live is not None:
                marks[curve.id] = ExchangeMark(float(live), live == curve.values[-1])
        comparison = session.comparison
        charts.set_exchange_marks(max(comparison.snapshot.finished_at, data.last) if comparison else 0, marks)

    def _live_value(self, curve: CurveId) -> Decimal | None:
        """Where the exchange stands on a curve; None where that was not read."""
        from crashdesk_gui.models.chart_data import Measure

        comparison = self._session.comparison if self._session is not None else None
        if comparison is None:
            return None
        if curve.measure is Measure.QUANTITY:
            return self._live_quantity(curve)
        account = comparison.snapshot.account
        if account is None:
            return None
        return account.equity if curve.measure is Measure.EQUITY else account.unrealized_pnl

    def _live_quantity(self, curve: CurveId) -> Decimal | None:
        from crashdesk.exchange.records import ScopeKind

        assert self._session is not None
        assert self._session.comparison is not None
        snapshot = self._session.comparison.snapshot
        if not snapshot.coverage.covers(ScopeKind.POSITIONS, curve.symbol):
            return None
        legs = [each.contracts for each in snapshot.positions if each.symbol == curve.symbol and each.side is curve.side]
        total = sum(legs, Decimal(0))
        return total if curve.side is Side.BUY else -total

    # Words over the lanes

    def _show_headers(self, at: object = None) -> None:
        data, charts = self._data, self.charts
        if data is None or charts is None:
            return
        moment = at if isinstance(at, int) else None
        if moment is None:
            position = data.seqs.index(self._selected) if self._selected in data.seqs else len(data.times) - 1
            moment = data.times[position]
        else:
            position = data.nearest(moment)
        self._show_moment(moment, position)
        for number, ids in enumerate(charts.lane_ids()):
            charts.set_header(number, self._header(ids, moment))

    def _show_moment(self, moment: int, position: int | None) -> None:
        data = self._data
        assert data is not None
        self._moment.setText(self.ui.display.time(moment))
        if moment > data.last:
            words = self.tr("after the last checkpoint, {0}").format(data.seqs[-1])
        else:
            words = self.tr("checkpoint {0}").format(data.seqs[position]) if position is not None else ""
        self._figures.setText(words)

    def _header(self, ids: tuple[CurveId, ...], moment: int) -> str:
        from crashdesk_gui.views.charts import curve_colour

        theme = self.ui.theme
        title = html.escape(ids[0].symbol or self.picker.words(ids[0]))
        parts = [f'<span style="color:{theme.text};font-weight:600">{title}</span>']
        known_until = self._data.last if self._data is not None else 0
        for curve_id in ids:
            curve = self._data.curve(curve_id) if self._data is not None else None
            if curve is None:
                continue
            colour = curve_colour(theme, curve_id).name()
            text = self._value_text(curve, moment if moment <= known_until else known_until)
            parts.append(f'<span style="color:{colour}">{html.escape(text)}</span>')
            parts.append(self._exchange_text(curve))
        return "&nbsp;&nbsp;&nbsp;".join(part for part in parts if part)

    def _value_text(self, curve: Curve, moment: int) -> str:
        value = curve.value_at(moment)
        number = self.ui.display.decimal
        if curve.id.side is None:
            return number(value, sign=_signed(curve))
        glyph, word = ("▲", self.tr("long")) if curve.id.side is Side.BUY else ("▼", self.tr("short"))
        return f"{glyph} {word} {number(abs(value) if value is not None else Decimal(0))}"

    def _exchange_text(self, curve: Curve) -> str:
        live = self._live_value(curve.id)
        comparison = self._session.comparison if self._session is not None else None
        if comparison is None:
            return ""
        if live is None:
            status, words = Status.UNKNOWN, self.tr("exchange not read")
        else:
            status = Status.OK if live == curve.values[-1] else Status.DIFFERS
            shown = abs(live) if curve.id.side is not None else live
            words = self.tr("exchange now {0}").format(self.ui.display.decimal(shown, sign=_signed(curve)))
        return f'<span style="color:{self.ui.theme.hex(status.tone)}">{status.glyph} {html.escape(words)}</span>'

    # Choosing

    def _on_picked(self) -> None:
        if self._session is not None:
            keys = "\n".join(sorted(curve.key for curve in self.picker.shown()))
            self.ui.settings.set_text(self._session.key, _SETTING, keys)
        self._show_lanes()

    def _choose_range(self, span_ns: int | None) -> None:
        self._span, self._preset = span_ns, True
        self._ranges.setExclusive(True)
        self._apply_range()

    def _apply_range(self) -> None:
        from crashdesk_gui.models.chart_data import range_for

        if self.charts is not None and self._data is not None:
            self.charts.set_range(*range_for(self._span, self._data.first, self._data.last, self._now()))

    def _on_range_taken(self) -> None:
        self._preset = False
        self._ranges.setExclusive(False)
        for button in self._ranges.buttons():
            button.setChecked(False)

    def _choose_time(self, at: object) -> None:
        if self._data is not None and isinstance(at, int):
            self._choose_nearest(at)

    def _choose_nearest(self, at: int) -> None:
        """The checkpoint that still exists closest to a moment; older ones live on in the charts alone."""
        overview = self._session.overview if self._session is not None else None
        if overview is None or not overview.rows:
            return
        row = min(overview.rows, key=lambda row: abs(row.info.timestamp - at))
        self._selected = row.info.seq
        self._mark_selected()
        self.checkpoint_selected.emit(row.info)

    def _step(self, by: int) -> None:
        overview = self._session.overview if self._session is not None else None
        if overview is None or not overview.rows:
            return
        seqs = [row.info.seq for row in overview.rows]
        position = seqs.index(self._selected) + by if self._selected in seqs else len(seqs) - 1
        row = overview.rows[min(max(position, 0), len(seqs) - 1)]
        self._selected = row.info.seq
        self._mark_selected()
        self.checkpoint_selected.emit(row.info)

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
        text = self.tr("Positions, equity and PnL are drawn from the checkpoints. The first one will appear here by itself.")
        self.show_empty(EmptyState(self.ui, self.tr("There is nothing to draw yet"), text, icon="positions"))

    def _show_error(self, error: Exception) -> None:
        told = explain(error)
        self.show_error(ErrorState(self.ui, told.title, meaning=told.meaning, remedy=told.advice))

    def _on_failed(self, _what: str, error: Exception) -> None:
        session = self._session
        if session is not None and session.overview is None and error is session.overview_error:
            self._show_error(error)


def _signed(curve: Curve) -> bool:
    """Whether the sign is always shown: a gain and a loss must not look alike."""
    return curve.id.measure.value == "unrealized_pnl"
