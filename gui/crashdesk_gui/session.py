"""One opened store on the desk: what is known of it, the jobs that find out more, and the operator's decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from crashdesk import CheckpointInfo
from crashdesk.clock import Clock
from crashdesk.exchange.permissions import KeyPermissions
from crashdesk.exchange.protocol import Exchange
from crashdesk.inspection import StoreView
from crashdesk.interrupted import InterruptedPlan
from crashdesk.operator_recovery import Comparison, OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, Plan
from crashdesk.reconcile.tally import Tally
from crashdesk_gui.checkpoint_rows import CheckpointRow
from crashdesk_gui.decisions import DecisionCount, Decisions
from crashdesk_gui.jobs import Job, JobRunner, Progress
from crashdesk_gui.memory import give_back
from crashdesk_gui.overview import Overview
from crashdesk_gui.reading.store import Reading, Step, StoreReader
from crashdesk_gui.series import Series

__all__ = ["CheckpointRow", "Overview", "Series", "StoreSession"]

WATCH_INTERVAL_MS = 1000
SLICE_PAUSE_MS = 15
"""Between two slices of a large store the worker thread rests, so that the window gets its turns."""
_SHOWN_S = 0.12
"""So long the window has to show that a recovery begins."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A recovery that is under way: its job, and what it carries out; `resuming` goes on with one that was interrupted."""

    job: Job
    plan: Plan
    decisions: tuple[Decision, ...]
    resuming: bool = False


class StoreSession(QObject):
    """The state of one store's pages. Lives on the GUI thread; everything slow runs in `runner`, one job at a time.
    `reader` may have begun to read the view already.

    Signals: `overview_changed(Overview)`, `series_changed(Series)`, `comparison_changed(Comparison | None)` (the decisions are
    the proposed ones then), `exchange_changed()`, `decisions_changed()` when the operator decided,
    `report_ready(RecoveryReport)`, `failed(str, Exception)` with what was done, `busy_changed()`.
    """

    overview_changed = Signal(object)
    series_changed = Signal(object)
    comparison_changed = Signal(object)
    exchange_changed = Signal()
    decisions_changed = Signal()
    report_ready = Signal(object)
    failed = Signal(str, object)
    busy_changed = Signal()

    def __init__(
        self,
        view: StoreView,
        *,
        who: str,
        clock: Clock,
        reader: StoreReader | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.view = view
        self.key = str(view.directory.resolve())
        """The store's directory as text: what settings are remembered under."""
        self.who = who
        self.clock = clock
        self.runner = JobRunner(self)
        self.watcher = JobRunner(self)
        self.exchange: Exchange | None = None
        self.permissions: KeyPermissions | None = None
        self.overview: Overview | None = None
        self.series: Series | None = None
        self.comparison: Comparison | None = None
        self.report: RecoveryReport | None = None
        self.last_report: RecoveryReport | None = None
        """The report of the last recovery; `report` is forgotten with the next comparison, this one stays."""
        self.comparing_error: Exception | None = None
        self.overview_error: Exception | None = None
        self._execution: Execution | None = None
        self._decisions = Decisions(None, who)
        self._reader = reader or StoreReader(view, clock)
        self._look_wanted = False
        self._closer_wanted = False
        self._slices = QTimer(self, singleShot=True, interval=SLICE_PAUSE_MS)
        self._slices.timeout.connect(self._go_on)
        self._timer = QTimer(self)
        self._timer.setInterval(WATCH_INTERVAL_MS)
        self._timer.timeout.connect(self.refresh)
        self.runner.started.connect(lambda _job: self.busy_changed.emit())
        self.runner.finished.connect(lambda _job: self.busy_changed.emit())

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
        self._slices.stop()
        if self.exchange is not None and self.execution is None:
            # A comparison that waits for an answer need not be waited for; a recovery must come to a safe point.
            self.exchange.close()
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
        self.permissions = None
        self.comparing_error = None
        self._set_comparison(None, Decisions(None, self.who))
        self.exchange_changed.emit()

    def set_permissions(self, permissions: KeyPermissions) -> None:
        """What the key of the connected account may do, as far as that is known.

        One that can only read cancels nothing, so what was proposed before that was known is proposed no longer.
        """
        self.permissions = permissions
        if self.read_only and self.execution is None and self._decisions.withdraw_proposal():
            self.decisions_changed.emit()
        self.exchange_changed.emit()

    @property
    def read_only(self) -> bool:
        """Whether the key is known to be unable to cancel orders."""
        return self.exchange is not None and self.permissions is not None and self.permissions.read_only

    def refresh(self) -> None:
        """Look at the directory again, as soon as what is being read is read."""
        if self.watcher.busy:
            self._look_wanted = True
        else:
            closer, self._look_wanted, self._closer_wanted = self._closer_wanted, False, False
            self._read(self._reader.look_closer if closer else self._reader.look)

    def look_closer(self) -> None:
        """Look again and read the newest files anew: bytes may rot without any sign on the outside."""
        self._closer_wanted = True
        self.refresh()

    def recheck(self) -> None:
        """Read every file again and look anew, whatever seemed unchanged."""
        self._reader.forget()
        self.refresh()

    def compare(self, checkpoint: CheckpointInfo | None = None) -> Job | None:
        """Compare an older checkpoint (None: the last known state) with the exchange; None when no exchange is connected."""
        exchange = self.exchange
        if exchange is None:
            return None
        recovery, who = self._recovery(exchange), self.who

        def work(progress: Progress) -> tuple[Comparison, Decisions]:
            comparison = recovery.compare(checkpoint, progress.report_or_stop)
            plan = comparison.plan
            _ = plan.tally, plan.too_new, plan.changed_orders
            return comparison, Decisions(plan, who)

        return self.runner.run(
            work,
            title=self.tr("Comparing with the exchange"),
            on_done=self._on_compared,
            on_failed=self._on_compare_failed,
            on_cancelled=lambda: self.comparison_changed.emit(self.comparison),
            owner=self,
        )

    def decide(self, verdicts: Sequence[OrderVerdict], action: Action | None, note: str = "") -> None:
        """Decide on orphan orders, or take decisions back with `action` None."""
        self._decisions.decide((verdict.key for verdict in verdicts), action, note)
        self.decisions_changed.emit()

    def note_of(self, key: str) -> str:
        """What was noted on the order of this key, decided or not."""
        return self._decisions.note(key)

    def write_note(self, key: str, note: str, *, tell: bool = True) -> None:
        """Note this on an orphan order; `tell` is false while it is being typed: then only who asks hears of it."""
        self._decisions.write_note(key, note)
        if tell:
            self.decisions_changed.emit()

    def propose(self) -> None:
        """Drop every decision and propose again; nothing with a key that is known to be unable to cancel."""
        self._decisions.propose()
        if self.read_only:
            self._decisions.withdraw_proposal()
        self.decisions_changed.emit()

    @property
    def taken(self) -> Mapping[str, Decision]:
        """The decisions on the plan that is shown by the keys of their orders."""
        return self._decisions.taken

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """All decisions on the plan that is shown, in the plan's order; the same object until something else is decided."""
        return self._decisions.all

    @property
    def decision_count(self) -> DecisionCount:
        """How many orphan orders of the plan that is shown there are of each decision."""
        return self._decisions.count

    def tally(self, *, accepted: bool) -> Tally:
        """The numbers of the orphan orders of the plan that is shown; see `Decisions.tally`."""
        return self._decisions.tally(accepted=accepted)

    @property
    def orphans(self) -> Mapping[str, OrderVerdict]:
        """The orphan orders of the plan that is shown by their keys, in the plan's order."""
        return self._decisions.orphans

    @property
    def _bot_runs(self) -> bool:
        presence = self.overview.presence if self.overview else None
        return presence is not None and presence.bot_runs

    @property
    def can_execute(self) -> bool:
        """Whether a recovery could be executed now: an exchange, a plan, and nobody on the store."""
        presence = self.overview.presence if self.overview else None
        held = presence is not None and presence.running
        return self.exchange is not None and self.comparison is not None and not held and not self.busy

    @property
    def execution(self) -> Execution | None:
        """The recovery that is being carried out; None when none is."""
        running = self._execution is not None and not self._execution.job.ended
        return self._execution if running else None

    def execute(self, *, account_confirmed: bool = False) -> Job | None:
        """Execute the plan that is shown with the decisions taken; the report comes by `report_ready`.

        `account_confirmed` as in OperatorRecovery.execute.
        """
        exchange, comparison = self.exchange, self.comparison
        if exchange is None or comparison is None:
            return None
        recovery, decisions = self._recovery(exchange), self.decisions

        def work(progress: Progress) -> RecoveryReport:
            # To write down a plan of ten thousand orders keeps Python's lock for as long as some frames.
            progress.wait(_SHOWN_S)
            return _looked_through(
                recovery.execute(
                    comparison,
                    decisions,
                    plan_id=comparison.plan.id,
                    step=progress.report,
                    stopped=lambda: progress.cancelled,
                    account_confirmed=account_confirmed,
                )
            )

        job = self.runner.run(
            work,
            title=self.tr("Recovering"),
            on_done=self._on_reported,
            on_failed=self._on_execute_failed,
            owner=self,
        )
        self._execution = Execution(job, comparison.plan, decisions)
        self._decisions.confirm()
        return job

    def resume(self, interrupted: InterruptedPlan) -> Job | None:
        """Go on with an interrupted plan."""
        exchange = self.exchange
        if exchange is None:
            return None
        recovery = self._recovery(exchange)

        def work(progress: Progress) -> RecoveryReport:
            return _looked_through(
                recovery.resume(interrupted, step=progress.report, stopped=lambda: progress.cancelled)
            )

        job = self.runner.run(
            work,
            title=self.tr("Resuming the recovery"),
            on_done=self._on_reported,
            on_failed=self._on_execute_failed,
            owner=self,
        )
        left = tuple(each for each in interrupted.decisions if each.order_key not in interrupted.done)
        self._execution = Execution(job, interrupted.plan, left, resuming=True)
        return job

    def _recovery(self, exchange: Exchange) -> OperatorRecovery:
        return OperatorRecovery(self.view, exchange, who=self.who, clock=self.clock)

    def _read(self, look: Callable[[Step], Reading | None]) -> None:
        self.watcher.run(
            lambda progress: look(progress.report),
            title=self.tr("Reading the store"),
            on_done=self._on_looked,
            on_failed=self._on_look_failed,
            owner=self,
        )

    def _go_on(self) -> None:
        if self.watcher.busy:
            self._slices.start()
        elif self._look_wanted:
            self.refresh()
        elif self._reader.unfinished:
            self._read(self._reader.go_on)

    def _on_looked(self, reading: Reading | None) -> None:
        readable_again = self.overview_error is not None
        self.overview_error = None
        if readable_again and self.overview is not None:
            self.overview_changed.emit(self.overview)
        if reading is not None:
            self._tell(reading)
        if self._look_wanted or self._reader.unfinished:
            self._slices.start()

    def _tell(self, reading: Reading) -> None:
        before, overview = self.overview, reading.overview
        self.overview = overview
        if before is None or msgspec.structs.replace(before, read_at=overview.read_at) != overview:
            self.overview_changed.emit(overview)
        if reading.series is not None and reading.series is not self.series:
            self.series = reading.series
            self.series_changed.emit(reading.series)

    def _on_look_failed(self, error: Exception) -> None:
        first = self.overview_error is None or str(self.overview_error) != str(error)
        self.overview_error = error
        if first:
            self.failed.emit(self.tr("Reading the store"), error)

    def _on_compared(self, compared: tuple[Comparison, Decisions]) -> None:
        comparison, decisions = compared
        self.comparing_error = None
        if not self._bot_runs:
            # What a running bot is compared with is no new incident: the report of its recovery stays.
            self.report = None
        if self.read_only:
            decisions.withdraw_proposal()
        decisions.take_over_notes(self._decisions)
        self._set_comparison(comparison, decisions)
        self.look_closer()

    def _on_compare_failed(self, error: Exception) -> None:
        self.comparing_error = error
        self.failed.emit(self.tr("Comparing with the exchange"), error)
        self.comparison_changed.emit(self.comparison)
        self.look_closer()

    def _on_reported(self, report: RecoveryReport) -> None:
        self.report = self.last_report = report
        self.report_ready.emit(report)
        self.refresh()

    def _on_execute_failed(self, error: Exception) -> None:
        self.failed.emit(self.tr("Recovering"), error)
        self.refresh()

    def _set_comparison(self, comparison: Comparison | None, decisions: Decisions) -> None:
        self.comparison = comparison
        self._decisions = decisions
        self.comparison_changed.emit(comparison)


def _looked_through(report: RecoveryReport) -> RecoveryReport:
    """With what every page asks for first, found in the worker, which gives back what only the execution needed."""
    give_back()
    if report.final is not None:
        _ = report.final.orphan_by_key, report.final.too_new, report.execution.adopted
    _ = report.conclusion, report.tally, report.filled, report.stops
    return report
