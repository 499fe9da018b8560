"""Positions, equity and PnL over time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from crashdesk_gui.checkpoint_rows import CheckpointRow, CheckpointRows
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.exporting import AskPath, ask_save_path
from crashdesk_gui.jobs import Job
from crashdesk_gui.models.chart_data import ChartData, CurveId, chart_data, default_curves, shown_now
from crashdesk_gui.models.chart_past import with_past
from crashdesk_gui.series import Series
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.chart_board import ChartBoard, ChartState
from crashdesk_gui.views.chart_loading import ChartLoading, import_ahead, read_ahead
from crashdesk_gui.views.charts import ChartStack
from crashdesk_gui.views.curve_picker import CurvePicker
from crashdesk_gui.views.history_strip import interval_of
from crashdesk_gui.views.positions_saving import PositionsSaving
from crashdesk_gui.views.range_bar import RangeBar
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.empty import Choice, EmptyState, ErrorState
from crashdesk_gui.widgets.panel import Panel, page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button

_SETTING = "positions-curves"
_STEP_NS = 15_000_000_000


def _prepared(series: Series, interval_ns: int) -> ChartData:
    import_ahead()
    return with_past(chart_data(series, interval_ns), series.past)


class PositionsPage(StatefulPage):
    """Signals: `checkpoint_selected(CheckpointInfo)` when the operator chooses one in the charts."""

    checkpoint_selected = Signal(object)

    def __init__(self, ui: UiContext, parent: QWidget | None = None, *, ask_path: AskPath = ask_save_path) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._preparing: Job | None = None
        self._stale = True
        self._moved_at = 0
        self._drawing = ChartLoading(self)
        self.banner = Banner(ui)
        self.picker = CurvePicker(ui)
        self.ranges = RangeBar()
        self._moment = TextLabel(ui, style=TextStyle.HEADING, selectable=True)
        self._figures = TextLabel(ui, tone=Tone.MUTED, wrap=True, selectable=True)
        self.board = ChartBoard(ui, self._moment, self._figures, self)
        self.saving = PositionsSaving(ui, self.board, self.banner, lambda: self._session, self, ask_path)
        self._nothing_shown = self._no_curve()
        self._build()
        self.board.emptied.connect(self._on_emptied)
        self.picker.shown_changed.connect(self._on_picked)
        self.ranges.chosen.connect(self.board.choose_range)
        self.board.range_released.connect(self.ranges.release)
        self.board.moment_chosen.connect(self._choose_nearest)
        self.board.stepped.connect(self._choose_exactly)
        ui.display.ticked.connect(self._move_on)
        self._show_nothing_open()

    @property
    def charts(self) -> ChartStack:
        """The charts themselves."""
        return self.board.charts

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
        export = push_button(self.ui, self.tr("Export"), kind=ButtonKind.QUIET, icon="export")
        export.setMenu(self.saving.menu(export))
        bar.addWidget(export)
        layout.addLayout(bar)
        row = QHBoxLayout()
        row.setSpacing(8)
        panel = Panel(self.ui, flush=True)
        panel.add(self.board.charts, 1)
        panel.add(self._nothing_shown, 1)
        row.addWidget(panel, 1)
        row.addWidget(self.picker)
        layout.addLayout(row, 1)
        self.set_content(content)

    @property
    def complete(self) -> bool:
        drawn = self.board.charts.isHidden() or self.board.charts.complete
        return super().complete and (drawn or not self.showing_content)

    def _no_curve(self) -> EmptyState:
        back = Choice(self.tr("Show the default curves"), self._show_defaults)
        text = self.tr("Check the curves that you want to see in the list at the right.")
        state = EmptyState(self.ui, self.tr("No curve is shown"), text, icon="positions", choices=[back])
        state.hide()
        return state

    def content_focus(self) -> QWidget | None:
        if self._nothing_shown.isHidden():
            return self.board.charts
        return self._nothing_shown.findChild(QPushButton)

    # The session

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store, or none."""
        if self._session is not None:
            for signal, slot in self._connections(self._session):
                signal.disconnect(slot)
        self._session = session
        self._preparing = None
        self._stale = True
        self.board.clear(session)
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
        elif session.series is not None:
            self._load_ahead(session)

    def _connections(self, session: StoreSession) -> tuple[tuple[Any, Callable[..., object]], ...]:
        return (
            (session.series_changed, self._on_series),
            (session.overview_changed, self._on_overview),
            (session.comparison_changed, self._on_comparison),
            (session.failed, self._on_failed),
        )

    def own_state(self) -> ChartState:
        return self.board.state()

    def restore_own(self, own: msgspec.Struct) -> None:
        if isinstance(own, ChartState):
            self.board.restore(own)
            if own.preset:
                self.ranges.show_span(own.span)
            else:
                self.ranges.release()

    def on_shown(self) -> None:
        """The page came to the front."""
        self._prepare()
        self._move_on()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.board.show_surroundings()
        self._prepare()

    def select_checkpoint(self, seq: int) -> None:
        """Mark a checkpoint, without a signal; an unknown number marks none."""
        self.board.select(seq)

    def _on_series(self, _series: object) -> None:
        self._stale = True
        if self.isVisible():
            self._prepare()
        elif self._session is not None:
            self._load_ahead(self._session)

    def _load_ahead(self, session: StoreSession) -> None:
        """Every page in front has what it shows by now: this delays nobody, and spares whoever comes here."""
        if not self._drawing.done:
            session.watcher.run(
                read_ahead,
                title=self.tr("Preparing the charts"),
                on_done=lambda read: self._drawing.load_ahead(read, lambda: not (session.busy or session.watcher.busy)),
                owner=self,
            )

    def _on_overview(self, overview: Overview) -> None:
        if not len(overview.rows) and self.board.data is None:
            self._show_no_history()
        else:
            self._show_surroundings()

    def _on_comparison(self, _comparison: object) -> None:
        self._show_surroundings()

    def _show_surroundings(self) -> None:
        # Done when the page is shown, if it is not now: the pages in front come first.
        if self.isVisible():
            self.board.show_surroundings()

    def _on_failed(self, _what: str, error: Exception) -> None:
        session = self._session
        if session is not None and session.overview is None and error is session.overview_error:
            self._show_error(error)

    def _move_on(self) -> None:
        """Let the crash follow the clock a few times a minute; nothing moves while somebody reads it."""
        now = self.ui.display.now()
        if self.isVisible() and now - self._moved_at > _STEP_NS and self.board.charts.scene.crosshair is None:
            self._moved_at = now
            self.board.move_on()

    # Preparing

    def _prepare(self) -> None:
        session = self._session
        if session is None or session.series is None or not self._stale or self._preparing is not None:
            return
        self._stale = False
        series, interval = session.series, interval_of(session.view.manifest)
        self._preparing = session.watcher.run(
            lambda _progress: _prepared(series, interval),
            title=self.tr("Preparing the charts"),
            on_done=lambda data: self._drawing.load(partial(self._show_data, session, data)),
            on_failed=lambda error: self._on_unprepared(session, error),
            on_cancelled=lambda: self._on_unprepared(session, None),
            owner=self,
        )

    def _on_unprepared(self, session: StoreSession, error: Exception | None) -> None:
        if session is self._session:
            self._preparing, self._stale = None, True
            if error is not None:
                self._show_error(error)

    def _show_data(self, session: StoreSession, data: ChartData) -> None:
        if session is not self._session:
            return
        self._preparing = None
        if not len(data.times):
            self._show_no_history()
            return
        before, chosen = self.board.data, self.picker.shown()
        shown = (
            self._remembered(session, data) if before is None else shown_now(before.curve_ids, chosen, data.curve_ids)
        )
        if before is not None and shown != chosen and self.ui.settings.text(session.key, _SETTING):
            self._remember(session, shown)
        self.picker.set_curves(data, shown)
        self.board.show_data(data, shown)
        self.show_content()
        if self._stale:
            self._prepare()

    def _remembered(self, session: StoreSession, data: ChartData) -> set[CurveId]:
        saved = self.ui.settings.text(session.key, _SETTING)
        keys = set(saved.split("\n")) if saved else set()
        return {each.id for each in data.curves if each.id.key in keys} or default_curves(data)

    # Choosing

    def _on_picked(self) -> None:
        if self._session is not None:
            self._remember(self._session, self.picker.shown())
        self.board.show_curves(self.picker.shown())

    def _remember(self, session: StoreSession, shown: set[CurveId]) -> None:
        self.ui.settings.set_text(session.key, _SETTING, "\n".join(sorted(curve.key for curve in shown)))

    def _on_emptied(self, empty: bool) -> None:
        """Say that nothing is drawn, where the charts were."""
        self.board.charts.setHidden(empty)
        self._nothing_shown.setVisible(empty)

    def _show_defaults(self) -> None:
        data = self.board.data
        if data is not None:
            self.picker.set_curves(data, default_curves(data))
            self._on_picked()
            self.board.charts.setFocus()

    def _choose_nearest(self, at: int) -> None:
        """The checkpoint that still exists closest to a moment; older ones live on in the charts alone."""
        overview = self._session.overview if self._session is not None else None
        if overview is not None and len(overview.rows):
            rows = CheckpointRows.whole(overview.rows)
            self._choose(rows[int(np.abs(rows.times - at).argmin())])

    def _choose_exactly(self, seq: int) -> None:
        """The checkpoint of that number, if it still exists."""
        overview = self._session.overview if self._session is not None else None
        row = CheckpointRows.whole(overview.rows).find(seq) if overview is not None else None
        if row is not None:
            self._choose(row)

    def _choose(self, row: CheckpointRow) -> None:
        self.select_checkpoint(row.info.seq)
        self.checkpoint_selected.emit(row.info)

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
