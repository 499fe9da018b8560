"""The recovery page: five steps from the checkpoint to the report, and nothing is written before the fourth."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QCoreApplication, QTimer, Signal, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from crashdesk import CheckpointInfo
from crashdesk.operator_recovery import Comparison, RecoveryReport
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController, Confirm
from crashdesk_gui.controllers.recovery_gate import RecoveryGate, executed, held_by_another, is_past
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.dialogs.confirm import confirm
from crashdesk_gui.exporting import AskPath, ask_save_path
from crashdesk_gui.jobs import Job
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.views.comparison_states import ComparisonStates
from crashdesk_gui.views.recovery_banners import RecoveryBanners
from crashdesk_gui.views.recovery_focus import RecoveryFocus
from crashdesk_gui.views.recovery_footer import Progress, RecoveryFooter
from crashdesk_gui.views.recovery_path import Passing, RecoveryState, Step, done_steps, natural_step, reachable_steps
from crashdesk_gui.views.recovery_run import RecoveryRun
from crashdesk_gui.views.recovery_views import StepViews
from crashdesk_gui.widgets.focus import FocusKeeper
from crashdesk_gui.widgets.panel import page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.stepper import Stepper


class RecoveryPage(StatefulPage):
    """Signals: `page_wanted(page id)`; `restart_wanted()` to start the bot again; `exchange_wanted()` to connect one;
    `step_shown()` when another step is before the operator's eyes.

    `ask` confirms a cancellation and `ask_path` a file to write; both are dialogs by default.
    """

    page_wanted = Signal(str)
    restart_wanted = Signal()
    exchange_wanted = Signal()
    step_shown = Signal()

    def __init__(
        self, ui: UiContext, parent: QWidget | None = None, *, ask: Confirm = confirm, ask_path: AskPath = ask_save_path
    ) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._step = Step.CHECKPOINT
        self._seen: Step | None = None
        self._comparing_here = False
        self._restart_available = False
        self._running = ""
        self._words = PlanWords(ui.display, self)
        self._states = ComparisonStates(ui, self)
        self._gate = RecoveryGate(ui.display, self)
        self._exports = TableExports(ui, self, ask=ask_path)
        self._views = StepViews(ui, self._words, self._exports, ask_path)
        self._run = RecoveryRun(self._views, CancellationController(ui, self._words, ask=ask, parent=self))
        self._keeper = FocusKeeper(self, self._place)
        self._banners = RecoveryBanners(ui, self._gate, self._resume)
        self._footer = RecoveryFooter(ui, self._words, self._gate)
        self._passing = Passing()
        self.back_button = self._footer.back_button
        self.stop_button = self._footer.stop_button
        self.again_button = self._footer.again_button
        self.next_button = self._footer.next_button
        self.danger_button = self._footer.danger_button
        self.set_content(self._build())
        self._focus = RecoveryFocus(self._views, self._footer, self._stepper)
        self._connect_footer()
        self._exports.said.connect(self._banners.show_note)
        self._views.choice_changed.connect(self._show_footer)
        self._views.page_wanted.connect(self.page_wanted)
        self._show_all()

    # What others ask of the page

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store's recovery."""
        for signal, slot in self._links(self._session):
            signal.disconnect(slot)
        self._session = session
        self._exports.set_session(session)
        self._run.forget()
        self._banners.failure.hide()
        self._banners.note.hide()
        self._views.checkpoint.reset()
        for signal, slot in self._links(session):
            signal.connect(slot)
        self._step = natural_step(session)
        if session is not None and self._run.take_over(session):
            self._step = Step.EXECUTE
        self._on_news()
        if session is not None and session.comparison is not None:
            QTimer.singleShot(0, self._views, self._views.make_decide)

    def own_state(self) -> RecoveryState:
        return RecoveryState(step=self._step, checkpoint=self._views.checkpoint.info, failure=self._banners.error)

    def restore_own(self, own: msgspec.Struct) -> None:
        if not isinstance(own, RecoveryState) or self._session is None or self._run.under_way:
            return
        if own.checkpoint is not None:
            self._views.checkpoint.want(own.checkpoint, self._session.overview)
        if own.failure is not None:
            self._banners.show_failure(QCoreApplication.translate("StoreSession", "Recovering"), own.failure)
        if own.step in reachable_steps(self._session, executing=False):
            self.show_step(own.step)

    def choose_checkpoint(self, info: CheckpointInfo) -> None:
        """Begin a recovery from this checkpoint: the first step, with it chosen."""
        self._views.checkpoint.want(info, self._session.overview if self._session is not None else None)
        self.show_step(Step.CHECKPOINT)

    def go_on(self) -> None:
        """Go to where the recovery goes on: to the plan that waits for decisions, else to the report of the last one."""
        session = self._session
        if session is None or self._run.under_way:
            return
        if session.comparison is not None and not executed(session):
            if self._step in (Step.CHECKPOINT, Step.REPORT):
                self.show_step(Step.DECIDE)
        elif session.last_report is not None and not is_past(session):
            self.show_step(Step.REPORT)

    def tells(self) -> bool:
        """Whether a failure of the recovery is told here, above the step."""
        return self._run.known

    def show_step(self, step: Step) -> None:
        """Go to a step; what cannot be done there yet says why."""
        self._banners.note.hide()
        self._step = step
        self._show_all()

    def set_restart_available(self, available: bool) -> None:
        """Say whether the desk can start the bot again, so that the report offers it."""
        self._restart_available = available
        self._show_footer()

    def refresh(self) -> None:
        """Compare with the exchange again."""
        self._start_comparing()

    def on_shown(self) -> None:
        """Put the keyboard where the step's content is."""
        if self.showing_content:
            self._place().setFocus()

    def content_focus(self) -> QWidget:
        """What to read or to press first at the step."""
        return self._focus.content(self._step, self._session, executing=self._run.under_way)

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._step

    # Building

    def _build(self) -> QWidget:
        content = QWidget()
        layout = page_layout(content)
        self._stepper = Stepper(
            self.ui,
            (
                self.tr("Checkpoint"),
                self.tr("Compare"),
                self.tr("Decide"),
                self.tr("Execute"),
                self.tr("Report"),
            ),
        )
        self._stepper.step_chosen.connect(lambda number: self.show_step(Step(number)))
        layout.addWidget(self._stepper)
        layout.addWidget(self._banners)
        layout.addWidget(self._views, 1)
        layout.addWidget(self._footer)
        return content

    def _connect_footer(self) -> None:
        footer = self._footer
        footer.back_wanted.connect(self._go_back)
        footer.stop_wanted.connect(self._stop)
        footer.again_wanted.connect(self._start_comparing)
        footer.next_wanted.connect(lambda: self.show_step(Step(self._step + 1)))
        footer.exchange_wanted.connect(self.exchange_wanted)
        footer.resume_wanted.connect(self._resume)
        footer.restart_wanted.connect(self.restart_wanted)
        footer.execute_wanted.connect(self._start_executing)

    # What is known

    def _links(self, session: StoreSession | None) -> list[tuple[SignalInstance, Callable[..., object]]]:
        if session is None:
            return []
        return [
            (session.overview_changed, self._on_overview),
            (session.comparison_changed, self._on_comparison),
            (session.exchange_changed, self._on_news),
            (session.decisions_changed, self._on_news),
            (session.report_ready, self._on_report),
            (session.failed, self._on_failed),
            (session.busy_changed, self._on_news),
            (session.runner.progressed, self._on_progress),
        ]

    def _on_overview(self, _overview: Overview) -> None:
        self._step = self._passing.step(self._session, self._step)
        self._on_news()

    def _on_comparison(self, comparison: Comparison | None) -> None:
        failed = self._session is not None and self._session.comparing_error is not None
        # After a failure, what was shown is still all that is known: the report, or the plan with its age.
        if comparison is None and not failed and self._step is not Step.REPORT:
            self._step = Step.CHECKPOINT
        elif not failed and not self._comparing_here and self._outdated():
            self._step = Step.DECIDE
        self._comparing_here = False
        self._banners.failure.hide()
        self._on_news()
        if comparison is not None:
            QTimer.singleShot(0, self._views, self._views.make_decide)

    def _on_news(self) -> None:
        # What nobody sees need not follow; the page looks when it is shown.
        if self.isVisible():
            self._show_all()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_all()

    def _outdated(self) -> bool:
        """Whether a comparison from elsewhere moves the page: before the operator's eyes only what was to be executed does."""
        return self._step is Step.EXECUTE or (self._step is not Step.REPORT and not self.isVisible())

    def _on_report(self, _report: RecoveryReport) -> None:
        self._run.forget()
        self._banners.failure.hide()
        self._step = Step.REPORT
        self._on_news()

    def _on_failed(self, what: str, error: Exception) -> None:
        if self._run.known and not self._run.under_way:
            self._run.forget()
            self._banners.show_failure(what, error)
        self._on_news()

    def _on_progress(self, job: Job) -> None:
        if not self._run.show_progress(job) and self._step is Step.COMPARE:
            self._views.compare.show_progress(job)

    # Showing

    def _show_all(self) -> None:
        now = self.window().focusWidget()
        here = self.isVisible() and now is not None and self.isAncestorOf(now)
        with self._keeper.steady():
            self._present()
        reading = self._step is Step.COMPARE and self._session is not None and self._session.busy
        moved = self._focus.moves_to(self._step, executing=self._run.under_way, reading=reading)
        if moved and here and self.showing_content:
            self._keeper.forget()
            self._place().setFocus()
        if self.isVisible() and self._step is not self._seen:
            self._seen = self._step
            self.step_shown.emit()

    def _place(self) -> QWidget:
        return self._focus.place(self._step, self.content_focus())

    def _present(self) -> None:
        session = self._session
        if session is None:
            self.show_empty(self._states.no_store())
            return
        if session.overview is None:
            if session.overview_error is not None:
                self.show_error(self._states.not_readable(session.overview_error, session.refresh))
            else:
                self.show_loading(self.tr("Reading the store"))
            return
        held = held_by_another(self._gate.presence(session)) and not self._run.under_way
        if held and self._step is not Step.EXECUTE:
            if session.last_report is None or self._passing.passed(session):
                self._show_running(session)
                return
            self._step = Step.REPORT
        self._running = ""
        self.show_content()
        self._views.checkpoint.show_overview(session.overview)
        self._show_step(session)
        self._banners.show_step(session, self._step, executing=self._run.under_way)
        reachable = reachable_steps(session, executing=self._run.under_way)
        self._stepper.set_steps(
            self._step,
            done_steps(session, self._step),
            reachable & {self._step, Step.REPORT} if held else reachable,
        )
        self._show_footer()

    def _show_running(self, session: StoreSession) -> None:
        """There is nothing to recover while a bot or another operator is at work."""
        presence = self._gate.presence(session)
        holder = self._gate.holder(presence)
        if holder != self._running or self.showing_content:
            self._running = holder
            by_bot = presence is None or presence.bot_runs
            self.show_empty(self._states.bot_runs(holder) if by_bot else self._states.operator_at_work(holder))

    def _show_step(self, session: StoreSession) -> None:
        if self._step is Step.COMPARE:
            self._views.compare.show_state(session, self._start_comparing, self.exchange_wanted.emit)
        elif self._step is Step.DECIDE:
            self._views.decide.show_session(session)
        elif self._step is Step.EXECUTE and not self._run.shown:
            self._views.execute.show_plan(session, self._gate.hindrance(session))
        elif self._step is Step.REPORT and session.last_report is not None:
            presence = self._gate.presence(session)
            holder = self._gate.holder(presence) if held_by_another(presence) else ""
            self._views.report.show_report(session.last_report, holder)
        self._views.show_step(self._step)

    def _show_footer(self) -> None:
        if self._session is not None:
            progress = Progress(
                usable=self._views.checkpoint.usable,
                executing=self._run.under_way,
                stopping=self._run.stopping,
                restartable=self._restart_available,
            )
            with self._keeper.steady():
                self._footer.show_step(self._session, self._step, progress)

    # Going on

    def _go_back(self) -> None:
        self.show_step(Step(max(self._step - 1, 0)))

    def _start_comparing(self) -> None:
        session = self._session
        if session is None or session.busy or session.exchange is None:
            return
        after_report = self._step is Step.REPORT
        if after_report:
            # The recovered state is a checkpoint of its own now: from there on it is the one to compare.
            self._views.checkpoint.reset()
            if session.overview is not None:
                self._views.checkpoint.show_overview(session.overview)
        self._comparing_here = True
        self._banners.unconfirmed_is_over()
        self._step = Step.COMPARE
        session.compare(None if after_report else self._views.checkpoint.info)
        self._show_all()

    def _start_executing(self) -> None:
        session = self._session
        if session is None or session.comparison is None or self._gate.hindrance(session):
            return
        self._show_run(self._run.execute(session, session.comparison.plan))

    def _resume(self) -> None:
        session = self._session
        interrupted = session.overview.interrupted if session and session.overview else None
        if session is not None and interrupted is not None:
            self._show_run(self._run.resume(session, interrupted))

    def _show_run(self, begun: bool) -> None:
        if not begun:
            self._banners.show_unconfirmed()
            return
        self._banners.note.hide()
        self._banners.failure.hide()
        self._step = Step.EXECUTE
        self._show_all()
        QTimer.singleShot(0, self._views, self._views.make_report)

    def _stop(self) -> None:
        if self._run.stop():
            self._show_footer()
