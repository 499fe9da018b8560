"""One opened store on the desk: what is known of it, the jobs that find out more, and the operator's decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from crashdesk import CheckpointInfo, Side
from crashdesk.audit import AuditEntry
from crashdesk.clock import Clock
from crashdesk.errors import RecoveryError, StorageError
from crashdesk.exchange.protocol import Exchange
from crashdesk.inspection import BotPresence, StoreView
from crashdesk.interrupted import InterruptedPlan, interrupted_plan
from crashdesk.operator_recovery import Comparison, OperatorRecovery, RecoveryReport
from crashdesk.recall import LastKnown
from crashdesk.reconcile.records import Action, Decision, OrderVerdict
from crashdesk.storage.history import CheckpointSummary, QuantityPoint
from crashdesk.storage.journal_records import Cause
from crashdesk_gui.checked_files import CheckedFiles
from crashdesk_gui.jobs import Job, JobRunner, Progress

WATCH_INTERVAL_MS = 1000


class CheckpointRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history. `summary` is None for a file that could not be decoded: then `problem` says why.

    `equity_change` is against the checkpoint before.
    """

    info: CheckpointInfo
    summary: CheckpointSummary | None
    cause: Cause | None
    equity_change: Decimal | None = None
    problem: str = ""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the charts draw: signed quantities per leg, and the summaries for equity and PnL."""

    legs: tuple[tuple[str, Side, tuple[QuantityPoint, ...]], ...] = ()
    summaries: tuple[CheckpointSummary, ...] = ()


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at the directory told.

    The last known state is `latest`, the newest valid checkpoint, and `known_changes` of the journal since, the last of them of
    `known_until`; with changes and no `latest` it comes from the journal alone. It holds `known_orders` and `known_positions`;
    `known_problem` says what may be missing. `latest_problem` is set when nothing is known; `skipped` are (name, reason) of newer
    checkpoints that are damaged.
    """

    rows: tuple[CheckpointRow, ...] = ()
    corrupt: tuple[tuple[str, str], ...] = ()
    presence: BotPresence | None = None
    last_sign_of_life: int | None = None
    latest: CheckpointInfo | None = None
    known_changes: int = 0
    known_until: int | None = None
    known_orders: int = 0
    known_positions: int = 0
    known_problem: str = ""
    latest_problem: str = ""
    skipped: tuple[tuple[str, str], ...] = ()
    entries: tuple[AuditEntry, ...] = ()
    audit_problem: str = ""
    interrupted: InterruptedPlan | None = None
    journal_problem: str = ""
    read_at: int = 0

    @property
    def known_at(self) -> int | None:
        """When the last known state was true, UNIX nanoseconds; None when nothing is known."""
        times = [self.latest.timestamp] if self.latest else []
        if self.known_changes and self.known_until is not None:
            times.append(self.known_until)
        return max(times, default=None)


class StoreSession(QObject):
    """The state of one store's pages. Lives on the GUI thread; everything slow runs in `runner`, one job at a time.

    Signals: `overview_changed(Overview)`, `series_changed(Series)`, `comparison_changed(Comparison | None)`,
    `exchange_changed()`, `decisions_changed()`, `report_ready(RecoveryReport)`, `failed(str, Exception)` with what was done,
    `busy_changed()`.
    """

    overview_changed = Signal(object)
    series_changed = Signal(object)
    comparison_changed = Signal(object)
    exchange_changed = Signal()
    decisions_changed = Signal()
    report_ready = Signal(object)
    failed = Signal(str, object)
    busy_changed = Signal()

    def __init__(self, view: StoreView, *, who: str, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.who = who
        self.clock = clock
        self.runner = JobRunner(self)
        self.watcher = JobRunner(self)
        self.exchange: Exchange | None = None
        self.overview: Overview | None = None
        self.series: Series | None = None
        self.comparison: Comparison | None = None
        self.report: RecoveryReport | None = None
        self.comparing_error: Exception | None = None
        self.overview_error: Exception | None = None
        self._decisions: dict[str, Decision] = {}
        self._orphan_keys: tuple[str, ...] = ()
        self._checked = CheckedFiles()
        self._summarised: dict[int, CheckpointSummary] = {}
        self._seen: object = None
        self._timer = QTimer(self)
        self._timer.setInterval(WATCH_INTERVAL_MS)
        self._timer.timeout.connect(self.refresh)
        self.runner.started.connect(lambda _job: self.busy_changed.emit())
        self.runner.finished.connect(lambda _job: self.busy_changed.emit())

    @property
    def key(self) -> str:
        """The store's directory as text: what settings are remembered under."""
        return str(self.view.directory.resolve())

    @property
    def busy(self) -> bool:
        """Whether a job on the exchange or on the store runs or waits."""
        return self.runner.busy

    def start(self) -> None:
        """Read the store, and go on watching it."""
        self.refresh()
        self._timer.start()

    def close(self) -> None:
        """Stop watching, end the jobs (bounded), give the exchange and the index back."""
        self._timer.stop()
        self.watcher.close()
        self.runner.close(30000)
        if self.exchange is not None:
            self.exchange.close()
            self.exchange = None
        self.view.close()

    def connect_exchange(self, exchange: Exchange | None) -> None:
        """Use this exchange from now on; an earlier one is closed and its comparison forgotten."""
        if self.exchange is not None and self.exchange is not exchange:
            self.exchange.close()
        self.exchange = exchange
        self.comparing_error = None
        self._set_comparison(None)
        self.exchange_changed.emit()

    def refresh(self) -> None:
        """Look at the directory again; a look that is under way serves this wish too."""
        if self.watcher.busy:
            return
        self.watcher.run(
            self._look,
            title=self.tr("Reading the store"),
            on_done=self._on_looked,
            on_failed=self._on_look_failed,
            owner=self,
        )

    def recheck(self) -> None:
        """Read every file again and look anew, whatever seemed unchanged."""
        self._checked = CheckedFiles()
        self._seen = None
        self.refresh()

    def compare(self, checkpoint: CheckpointInfo | None = None) -> Job | None:
        """Compare an older checkpoint (None: the last known state) with the exchange; None when no exchange is connected."""
        exchange = self.exchange
        if exchange is None:
            return None
        recovery = self._recovery(exchange)

        def work(progress: Progress) -> Comparison:
            return recovery.compare(checkpoint, _step(progress))

        return self.runner.run(
            work,
            title=self.tr("Comparing with the exchange"),
            on_done=self._on_compared,
            on_failed=self._on_compare_failed,
            owner=self,
        )

    def decide(self, verdicts: Sequence[OrderVerdict], action: Action | None, note: str = "") -> None:
        """Decide on orphan orders, or take decisions back with `action` None."""
        for verdict in verdicts:
            if action is None:
                self._decisions.pop(verdict.key, None)
            else:
                self._decisions[verdict.key] = Decision(order_key=verdict.key, action=action, who=self.who, note=note)
        self.decisions_changed.emit()

    def decision(self, verdict: OrderVerdict) -> Decision | None:
        """What was decided on this order, None for nothing."""
        return self._decisions.get(verdict.key)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """All decisions on the plan that is shown, in the plan's order."""
        return tuple(self._decisions[key] for key in self._orphan_keys if key in self._decisions)

    @property
    def _bot_runs(self) -> bool:
        presence = self.overview.presence if self.overview else None
        return presence is not None and presence.running

    @property
    def can_execute(self) -> bool:
        """Whether a recovery could be executed now: an exchange, a plan, and no bot on the store."""
        return self.exchange is not None and self.comparison is not None and not self._bot_runs and not self.busy

    def execute(self) -> Job | None:
        """Execute the plan that is shown with the decisions taken; the report comes by `report_ready`."""
        exchange, comparison = self.exchange, self.comparison
        if exchange is None or comparison is None:
            return None
        recovery, decisions = self._recovery(exchange), self.decisions

        def work(progress: Progress) -> RecoveryReport:
            return recovery.execute(
                comparison,
                decisions,
                plan_id=comparison.plan.id,
                step=_step(progress),
                stopped=lambda: progress.cancelled,
            )

        return self.runner.run(
            work,
            title=self.tr("Recovering"),
            on_done=self._on_reported,
            on_failed=self._on_execute_failed,
            owner=self,
        )

    def resume(self, interrupted: InterruptedPlan) -> Job | None:
        """Go on with an interrupted plan."""
        exchange = self.exchange
        if exchange is None:
            return None
        recovery = self._recovery(exchange)

        def work(progress: Progress) -> RecoveryReport:
            return recovery.resume(interrupted, step=_step(progress), stopped=lambda: progress.cancelled)

        return self.runner.run(
            work,
            title=self.tr("Resuming the recovery"),
            on_done=self._on_reported,
            on_failed=self._on_execute_failed,
            owner=self,
        )

    def _recovery(self, exchange: Exchange) -> OperatorRecovery:
        return OperatorRecovery(self.view, exchange, who=self.who, clock=self.clock)

    def _look(self, progress: Progress) -> tuple[Overview, Series] | None:
        """Read the store anew; None when nothing in it changed since the last look."""
        view = self.view
        seen = (view.fingerprint(), view.presence())
        if seen == self._seen:
            return None
        history = view.history(_step(progress))
        newest = max(self._summarised, default=0)
        for summary in history.summaries(after=newest):
            self._summarised[summary.seq] = summary
        causes = view.causes()
        checkpoints = view.checkpoints()
        rows = _rows(view, checkpoints, self._summarised, causes, self._checked)
        legs = tuple((symbol, side, tuple(history.quantities(symbol, side))) for symbol, side in history.legs())
        series = Series(legs=legs, summaries=tuple(self._summarised[seq] for seq in sorted(self._summarised)))
        overview = _overview(view, rows, self.clock.now_ns())
        self._seen = seen
        return overview, series

    def _on_looked(self, result: tuple[Overview, Series] | None) -> None:
        self.overview_error = None
        if result is None:
            return
        overview, series = result
        before = self.overview
        self.overview = overview
        if before is None or msgspec.structs.replace(before, read_at=overview.read_at) != overview:
            self.overview_changed.emit(overview)
        if series != self.series:
            self.series = series
            self.series_changed.emit(series)

    def _on_look_failed(self, error: Exception) -> None:
        first = self.overview_error is None or str(self.overview_error) != str(error)
        self.overview_error = error
        if first:
            self.failed.emit(self.tr("Reading the store"), error)

    def _on_compared(self, comparison: Comparison) -> None:
        self.comparing_error = None
        if not self._bot_runs:
            # What a running bot is compared with is no new incident: the report of its recovery stays.
            self.report = None
        self._set_comparison(comparison)

    def _on_compare_failed(self, error: Exception) -> None:
        self.comparing_error = error
        self.failed.emit(self.tr("Comparing with the exchange"), error)
        self.comparison_changed.emit(self.comparison)

    def _on_reported(self, report: RecoveryReport) -> None:
        self.report = report
        self.report_ready.emit(report)
        self.refresh()

    def _on_execute_failed(self, error: Exception) -> None:
        self.failed.emit(self.tr("Recovering"), error)
        self.refresh()

    def _set_comparison(self, comparison: Comparison | None) -> None:
        self.comparison = comparison
        self._orphan_keys = tuple(verdict.key for verdict in comparison.plan.orphans) if comparison else ()
        self._decisions = {}
        if comparison is not None:
            for verdict in comparison.plan.orphans:
                if verdict.preselected:
                    self._decisions[verdict.key] = Decision(order_key=verdict.key, action=Action.CANCEL, who=self.who)
        self.comparison_changed.emit(comparison)
        self.decisions_changed.emit()


def _step(progress: Progress) -> Callable[[int, int, str], None]:
    def report(done: int, total: int, text: str) -> None:
        progress.report(done, total, text)

    return report


def _rows(
    view: StoreView,
    checkpoints: Sequence[CheckpointInfo],
    summaries: dict[int, CheckpointSummary],
    causes: dict[int, Cause],
    checked: CheckedFiles,
) -> tuple[CheckpointRow, ...]:
    rows: list[CheckpointRow] = []
    previous: CheckpointSummary | None = None
    for info in checkpoints:
        summary = summaries.get(info.seq)
        problem = checked.problem(view, info)
        change = summary.equity - previous.equity if summary is not None and previous is not None else None
        rows.append(
            CheckpointRow(info=info, summary=summary, cause=causes.get(info.seq), equity_change=change, problem=problem)
        )
        previous = summary or previous
    return tuple(rows)


def _overview(view: StoreView, rows: tuple[CheckpointRow, ...], now_ns: int) -> Overview:
    values: dict[str, Any] = {"rows": rows, "corrupt": tuple(view.corrupt_files()), "read_at": now_ns}
    values["presence"] = view.presence()
    values["last_sign_of_life"] = view.last_sign_of_life()
    try:
        last = view.latest()
    except StorageError as error:
        values["latest_problem"] = str(error)
    else:
        values |= _known(last) if last else {}
    values["journal_problem"] = view.journal_problem()
    try:
        values["entries"] = tuple(view.audit_entries())
        values["interrupted"] = interrupted_plan(values["entries"])
    except (StorageError, RecoveryError) as error:
        values["audit_problem"] = str(error)
    return Overview(**values)


def _known(last: LastKnown) -> dict[str, Any]:
    return {
        "latest": last.info,
        "known_changes": last.changes,
        "known_until": last.until,
        "known_orders": len(last.state.open_orders),
        "known_positions": len(last.state.positions),
        "known_problem": last.problem or last.notice,
        "skipped": tuple((item.info.name, item.reason) for item in last.skipped),
    }
