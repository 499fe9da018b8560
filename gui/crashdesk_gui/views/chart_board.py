"""The charts of one store with everything that is laid over them: gaps, the crash, the exchange, the words, the selection."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from PySide6.QtCore import QObject, Signal

from crashdesk.exchange.records import ExchangeSnapshot
from crashdesk.reconcile.records import Plan
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.recovery_gate import is_outdated
from crashdesk_gui.desk_words import last_reading
from crashdesk_gui.joined_words import listed_apart
from crashdesk_gui.models.chart_data import ChartData, Curve, CurveId, lanes_of, range_for
from crashdesk_gui.models.chart_units import UnitOf, units_of
from crashdesk_gui.series import Known
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.chart_scene import Crash
from crashdesk_gui.views.charts import ChartStack
from crashdesk_gui.views.history_strip import has_stopped, interval_of
from crashdesk_gui.views.lane_words import LaneWords, exchange_marks, held_legs
from crashdesk_gui.widgets.text import TextLabel
from crashdesk_gui.widgets.timeline import missing_spans
from crashdesk_gui.widgets.timeline_marks import clock_text

_LEAST_MARGIN_NS = 60_000_000_000
_FINE_NS = 60_000_000_000
"""Where less time is shown, a moment is told to the millisecond."""


class ChartState(msgspec.Struct, frozen=True, kw_only=True):
    """How the charts stand: the span that was chosen (None all) while `preset`, else the view that was taken by hand; the
    marked checkpoint, the crosshair, and how far down they are scrolled. Times in UNIX nanoseconds.
    """

    preset: bool
    span: int | None
    view: tuple[int, int]
    selected: int | None
    crosshair: int | None
    scrolled: int


class ChartBoard(QObject):
    """Draws `ChartData` into its `charts`; tells in two labels which moment is shown.

    Signals: `range_released()` when the operator left the chosen range, `moment_chosen(time)` on a click, `stepped(seq)` when a
    key moved the crosshair to a checkpoint and `emptied(bool)` when there is no chart any more, or is one again.
    """

    range_released = Signal()
    moment_chosen = Signal(object)
    stepped = Signal(object)
    emptied = Signal(bool)

    def __init__(self, ui: UiContext, moment: TextLabel, figures: TextLabel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._moment = moment
        self._figures = figures
        self._session: StoreSession | None = None
        self._words = LaneWords(ui, self)
        self._span: int | None = None
        self._preset = True
        self._selected: int | None = None
        self._awaited: ChartState | None = None
        self._fine = False
        self._counted_by: ExchangeSnapshot | None = None
        self._counts: UnitOf = units_of(None)
        self._shown: frozenset[CurveId] = frozenset()
        self._held: tuple[CurveId, ...] = ()
        self.data: ChartData | None = None
        self.charts = ChartStack(ui)
        self.charts.setAccessibleName(self.tr("Charts of positions, equity and PnL"))
        self.charts.hovered.connect(self._show_headers)
        self.charts.chosen.connect(self.moment_chosen)
        self.charts.stepped.connect(self._step)
        self.charts.ended.connect(self._go_to_end)
        self.charts.range_taken.connect(self._on_range_taken)
        self.charts.range_changed.connect(self._on_range_changed)
        ui.themes.changed.connect(self._wear_theme)
        ui.display.changed.connect(self._show_headers)

    @property
    def lanes(self) -> tuple[tuple[Curve, ...], ...]:
        """The curves that are shown, lane by lane."""
        return self.charts.scene.lanes

    @property
    def recorded(self) -> list[Curve]:
        """The curves that are shown and that checkpoints tell of."""
        ids = self.data.curve_ids if self.data is not None else ()
        return [curve for lane in self.lanes for curve in lane if curve.id in ids]

    @property
    def moment_words(self) -> tuple[str, str]:
        """Which moment the values over the charts are of, and what is known of it."""
        return self._moment.text(), self._figures.text()

    def clear(self, session: StoreSession | None) -> None:
        """Forget what was shown: another store comes."""
        self._session, self.data, self._selected, self._awaited = session, None, None, None
        self.charts.set_lanes([])

    def state(self) -> ChartState:
        """How the charts stand, or will once there is something to draw."""
        scene = self.charts.scene
        return self._awaited or ChartState(
            preset=self._preset,
            span=self._span,
            view=scene.view,
            selected=self._selected,
            crosshair=scene.crosshair,
            scrolled=self.charts.scrolled,
        )

    def restore(self, state: ChartState) -> None:
        """Let the charts stand so again, as soon as there is something to draw; a checkpoint marked since stays marked."""
        self._preset, self._span = state.preset, state.span
        self.select(state.selected if self._selected is None else self._selected)
        self._awaited = state
        self._take_awaited()

    def _take_awaited(self) -> None:
        state = self._awaited
        if state is None or self.data is None:
            return
        self._awaited = None
        if state.preset:
            self._apply_range()
        else:
            self.charts.set_range(*state.view)
        self.charts.scroll_to(state.scrolled)
        self.charts.show_crosshair(state.crosshair)

    def show_data(self, data: ChartData, shown: Collection[CurveId]) -> None:
        """Draw these curves of a store; a range that was taken by hand stays, and a checkpoint that is not the newest."""
        if self.data is not None and self._selected == int(self.data.seqs[-1]):
            self._selected = int(data.seqs[-1])
        self.data = data
        self._set_limits()
        self.show_curves(shown)
        if self._preset:
            self._apply_range()
        self._take_awaited()

    def show_curves(self, shown: Collection[CurveId]) -> None:
        """Draw other curves of the same store."""
        self._shown = frozenset(shown)
        if self.data is not None:
            self._held = held_legs(self._reading())
            self._set_lanes(self.data)
            self.show_surroundings()

    def _set_lanes(self, data: ChartData) -> None:
        lanes = lanes_of(data, self._shown, self._held)
        self.charts.set_lanes(lanes)
        self.emptied.emit(not lanes)

    def show_surroundings(self) -> None:
        """Show anew what comes from elsewhere than the history: the crash, and where the exchange stands."""
        session, data = self._session, self.data
        if session is None or data is None:
            return
        self.charts.set_bands(data.gaps, self._crash(session, data))
        reading = self._reading()
        held = held_legs(reading)
        if held != self._held:
            self._held = held
            self._set_lanes(data)
        at = max(reading.made_at, data.end) if reading else 0
        shown = [curve for lane in self.lanes for curve in lane]
        self.charts.set_exchange_marks(at, exchange_marks(reading, shown, data.curve_ids))
        self._mark_selected()
        self._show_headers()

    def move_on(self) -> None:
        """Let the crash and a chosen range follow the clock."""
        if self.data is not None:
            self._set_limits()
            self.show_surroundings()
            if self._preset:
                self._apply_range()

    def choose_range(self, span_ns: int | None) -> None:
        """Show so much time, None all of it."""
        self._span, self._preset = span_ns, True
        self._apply_range()

    def select(self, seq: int | None) -> None:
        """Mark a checkpoint; one that the history does not know marks none."""
        self._selected = seq
        self._mark_selected()
        if self.charts.scene.crosshair is None:
            self._show_headers()

    def _crash(self, session: StoreSession, data: ChartData) -> Crash | None:
        stopped = has_stopped(session.overview)
        interval = interval_of(session.view.manifest)
        spans = missing_spans((data.end,), interval, self._now(), stopped=stopped)
        if not spans:
            return None
        start, end = spans[-1]
        words = self.tr("nothing is known for {0}") if data.known is not None else self.tr("no checkpoint for {0}")
        until = self.tr("now {0}").format(clock_text(end, start, self._ui))
        return Crash(start, end, words.format(self._ui.display.duration(end - start)), until)

    def _now(self) -> int:
        last = self.data.end if self.data is not None else 0
        return max(self._ui.display.now(), last)

    def _set_limits(self) -> None:
        data = self.data
        assert data is not None
        margin = max((self._now() - data.first) // 20, _LEAST_MARGIN_NS)
        self.charts.set_limits(data.first - margin, self._now() + margin)

    def _apply_range(self) -> None:
        if self.data is not None:
            self.charts.set_range(*range_for(self._span, self.data.first, self.data.end, self._now()))

    def _on_range_taken(self) -> None:
        self._preset = False
        self.range_released.emit()

    def _on_range_changed(self, start: int, end: int) -> None:
        fine = end - start < _FINE_NS
        if fine is not self._fine:
            self._fine = fine
            self._show_headers()

    # Words

    def _wear_theme(self) -> None:
        self._ui.themes.with_its_part(self.charts, self._show_headers)

    def _show_headers(self, _change: object = None) -> None:
        data = self.data
        if data is None:
            return
        moment = self.charts.scene.crosshair
        if moment is None:
            position = data.position_of(self._selected)
            # What follows the newest checkpoint sees what is known last, where the exchange is compared with it.
            newest = position is None or position == len(data.times) - 1
            newest = newest or (data.known is not None and data.known.seq == self._selected)
            moment = data.end if newest else int(data.times[position])
        self._show_moment(data, moment)
        reading = self._reading()
        until = min(moment, data.end)
        self.charts.set_headers(
            [self._words.header(curves, until, reading, data.curve_ids, self._units()) for curves in self.lanes]
        )
        said = *self.moment_words, *(self.charts.header_text(lane) for lane in range(len(self.lanes)))
        self.charts.setAccessibleDescription(listed_apart(said))

    def _show_moment(self, data: ChartData, moment: int) -> None:
        self._moment.setText(self._ui.display.time(moment, millis=self._fine))
        position = data.position_at(moment)
        if position is None:
            self._figures.setText(self.tr("before the first checkpoint"))
            return
        seq = int(data.seqs[position])
        if data.known is not None and moment >= data.end:
            self._figures.setText(self._last_known(data.known))
            return
        past = data.past_at(moment)
        if past is not None:
            self._figures.setText(self._past(past, exactly=moment in data.past))
            return
        changes = data.changes_at(moment)
        if changes:
            self._figures.setText(self.tr("checkpoint {0} + {1}").format(seq, self.tr("%n change(s)", "", changes)))
            return
        if moment > data.last:
            words = self.tr("after the last checkpoint, {0}")
        else:
            words = (
                self.tr("no checkpoint here, the last was {0}") if data.in_gap(moment) else self.tr("checkpoint {0}")
            )
        self._figures.setText(words.format(seq))

    def _past(self, known: Known, *, exactly: bool) -> str:
        changes = self.tr("%n change(s)", "", known.changes)
        if exactly:
            return self.tr("checkpoint {0} + {1}, from which a recovery started").format(known.seq, changes)
        return self.tr("no checkpoint here, the last was {0} + {1}").format(known.seq, changes)

    def _last_known(self, known: Known) -> str:
        changes = self.tr("%n change(s)", "", known.changes)
        if known.seq is None:
            return self.tr("last known state: {0} without a checkpoint").format(changes)
        if not known.changes:
            return self.tr("last known state: checkpoint {0}").format(known.seq)
        return self.tr("last known state: checkpoint {0} + {1}").format(known.seq, changes)

    def _reading(self) -> Plan | None:
        """What the curves are compared with; nothing while the store has come to know more since."""
        session = self._session
        return None if session is None or is_outdated(session) else last_reading(session)

    def _units(self) -> UnitOf:
        """What values count, as the exchange told it last: that holds however much the store has come to know since."""
        comparison = self._session.comparison if self._session is not None else None
        snapshot = comparison.snapshot if comparison is not None else None
        if snapshot is not self._counted_by:
            self._counted_by, self._counts = snapshot, units_of(snapshot)
        return self._counts

    # Moving along the checkpoints

    def _mark_selected(self) -> None:
        if self.data is not None:
            position = self.data.position_of(self._selected)
            self.charts.set_selected(None if position is None else int(self.data.times[position]))

    def _step(self, by: int) -> None:
        data = self.data
        if data is None:
            return
        at = self.charts.scene.crosshair
        if at is None:
            position = data.position_of(self._selected)
            target = len(data.times) - 1 if position is None else position + by
        else:
            position = data.position_at(at)
            here = position is not None and int(data.times[position]) == at
            target = -1 if position is None else position
            # Between two checkpoints the step back leads to the one whose values hold here.
            target += by if here or by > 0 else 0
        if target == len(data.times) and data.end > data.last:
            self._put_crosshair(data.end)
            return
        target = min(max(target, 0), len(data.times) - 1)
        begin = at if at is not None else (data.first if position is None else int(data.times[position]))
        low, high = sorted((begin, int(data.times[target])))
        between = [moment for moment in data.past if low < moment < high]
        if between:
            self._put_crosshair(min(between) if by > 0 else max(between))
        else:
            self._go_to(target)

    def _go_to_end(self, last: bool) -> None:
        if self.data is not None:
            self._go_to(len(self.data.times) - 1 if last else 0)

    def _go_to(self, position: int) -> None:
        data = self.data
        assert data is not None
        self._put_crosshair(int(data.times[position]))
        self.stepped.emit(int(data.seqs[position]))

    def _put_crosshair(self, at: int) -> None:
        self.charts.reveal(at)
        self.charts.show_crosshair(at)
