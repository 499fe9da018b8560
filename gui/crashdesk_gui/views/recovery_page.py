"""The recovery page: five steps from the checkpoint to the report, and nothing is written before the fourth."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QWidget

from crashdesk import CheckpointInfo
from crashdesk.operator_recovery import Comparison, RecoveryReport
from crashdesk.reconcile.records import Action
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController, Confirm
from crashdesk_gui.controllers.recovery_gate import RecoveryGate, executed, held_by_another
from crashdesk_gui.dialogs.confirm import confirm
from crashdesk_gui.jobs import Job
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.comparison_states import ComparisonStates
from crashdesk_gui.views.recovery_banners import RecoveryBanners
from crashdesk_gui.views.recovery_decide import DecideStep
from crashdesk_gui.views.recovery_execute import ExecuteStep
from crashdesk_gui.views.recovery_report import AskFile, ReportStep, ask_file
from crashdesk_gui.views.recovery_steps import CheckpointStep, CompareStep
from crashdesk_gui.widgets.panel import page_layout
from crashdesk_gui.widgets.stack import StatefulPage
from crashdesk_gui.widgets.stepper import Stepper
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, push_button


class Step(IntEnum):
    """Where the operator is."""

    CHECKPOINT = 0
    COMPARE = 1
    DECIDE = 2
    EXECUTE = 3
    REPORT = 4


class RecoveryPage(StatefulPage):
    """Signals: `page_wanted(page id)`; `restart_wanted()` to start the bot again; `exchange_wanted()` to connect one.

    `ask` confirms a cancellation and `ask_path` a file to write; both are dialogs by default.
    """

    page_wanted = Signal(str)
    restart_wanted = Signal()
    exchange_wanted = Signal()

    def __init__(
        self, ui: UiContext, parent: QWidget | None = None, *, ask: Confirm = confirm, ask_path: AskFile = ask_file
    ) -> None:
        super().__init__(ui, parent)
        self._session: StoreSession | None = None
        self._step = Step.CHECKPOINT
        self._job: Job | None = None
        self._stopping = False
        self._comparing_here = False
        self._restart_available = False
        self._wanted_checkpoint: CheckpointInfo | None = None
        self._words = PlanWords(ui.display, self)
        self._states = ComparisonStates(ui, self)
        self._gate = RecoveryGate(ui.display, self)
        self._cancellation = CancellationController(ui, self._words, ask=ask, parent=self)
        self._checkpoint = CheckpointStep(ui)
        self._compare = CompareStep(ui, self._words)
        self._decide = DecideStep(ui, self._words)
        self._execute = ExecuteStep(ui, self._words)
        self._report = ReportStep(ui, self._words, ask=ask_path)
        self.set_content(self._build())
        self._checkpoint.choice_changed.connect(self._show_footer)
        self._decide.orphans_wanted.connect(lambda: self.page_wanted.emit("orphans"))
        self._show_all()

    # What others ask of the page

    def set_session(self, session: StoreSession | None) -> None:
        """Show another store's recovery."""
        for signal, slot in self._links(self._session):
            signal.disconnect(slot)
        self._session = session
        self._job = None
        self._wanted_checkpoint = None
        self._banners.failure.hide()
        self._checkpoint.reset()
        for signal, slot in self._links(session):
            signal.connect(slot)
        self._step = self._natural_step()
        self._show_all()

    def choose_checkpoint(self, info: CheckpointInfo) -> None:
        """Begin a recovery from this checkpoint: the first step, with it chosen."""
        self._wanted_checkpoint = info
        self._take_wanted_checkpoint()
        self.show_step(Step.CHECKPOINT)

    def show_step(self, step: Step) -> None:
        """Go to a step; what cannot be done there yet says why."""
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
            table = self._views.currentWidget().findChild(RecordTableView)
            by_button = self._step is Step.DECIDE or table is None or not table.isVisible()
            (self.next_button if by_button else table).setFocus()

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._step

    # Building

    def _build(self) -> QWidget:
        content = QWidget()
        layout = page_layout(content)
        self._banners = RecoveryBanners(self.ui, self._gate, self._resume)
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
        self._views = QStackedWidget()
        for view in (self._checkpoint, self._compare, self._decide, self._execute, self._report):
            self._views.addWidget(view)
        layout.addWidget(self._stepper)
        layout.addWidget(self._banners)
        layout.addWidget(self._views, 1)
        layout.addLayout(self._build_footer())
        return content

    def _build_footer(self) -> QHBoxLayout:
        self._note = TextLabel(self.ui, tone=Tone.MUTED, wrap=True)
        self.back_button = push_button(self.ui, self.tr("Back"), self._go_back, kind=ButtonKind.QUIET)
        self.stop_button = push_button(self.ui, self.tr("Stop after this order"), self._stop, icon="stop")
        self.again_button = push_button(self.ui, self.tr("Compare again"), self._start_comparing, icon="refresh")
        self.next_button = push_button(self.ui, "", self._go_on, kind=ButtonKind.PRIMARY)
        self.danger_button = push_button(self.ui, "", self._start_executing, kind=ButtonKind.DANGER)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._note, 1)
        for button in (self.back_button, self.stop_button, self.again_button, self.next_button, self.danger_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    # What is known

    def _links(self, session: StoreSession | None) -> list[tuple[SignalInstance, Callable[..., object]]]:
        if session is None:
            return []
        return [
            (session.overview_changed, self._on_overview),
            (session.comparison_changed, self._on_comparison),
            (session.exchange_changed, self._show_all),
            (session.decisions_changed, self._on_decisions),
            (session.report_ready, self._on_report),
            (session.failed, self._on_failed),
            (session.busy_changed, self._on_busy),
            (session.runner.progressed, self._on_progress),
        ]

    def _natural_step(self) -> Step:
        session = self._session
        if session is None:
            return Step.CHECKPOINT
        if session.report is not None:
            return Step.REPORT
        return Step.DECIDE if session.comparison is not None else Step.CHECKPOINT

    def _on_overview(self, _overview: Overview) -> None:
        self._take_wanted_checkpoint()
        self._show_all()

    def _on_comparison(self, comparison: Comparison | None) -> None:
        if comparison is None and self._session is not None and self._session.comparing_error is None:
            self._step = Step.CHECKPOINT
        elif comparison is not None and not self._comparing_here and self._outdated():
            self._step = Step.DECIDE
        self._comparing_here = False
        self._banners.failure.hide()
        self._show_all()

    def _on_decisions(self) -> None:
        # While another page is used to decide, this one need not follow every keystroke; it looks when it is shown.
        if self.isVisible():
            self._show_all()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_all()

    def _outdated(self) -> bool:
        """Whether a comparison from elsewhere moves the page: what was to be executed, or was reported, is of the past.

        Before the operator's eyes nothing else moves.
        """
        return self._step in (Step.EXECUTE, Step.REPORT) or not self.isVisible()

    def _on_report(self, _report: RecoveryReport) -> None:
        self._job = None
        self._banners.failure.hide()
        self._step = Step.REPORT
        self._show_all()

    def _on_failed(self, what: str, error: Exception) -> None:
        if self._job is None or not self._job.ended:
            return
        self._job = None
        self._banners.show_failure(what, error)
        self._show_all()

    def _on_busy(self) -> None:
        self._show_all()

    def _on_progress(self, job: Job) -> None:
        if self._job is not None and job is self._job:
            self._execute.show_progress(job)
        elif self._step is Step.COMPARE:
            self._compare.show_progress(job)

    def _executing(self) -> bool:
        return self._job is not None and not self._job.ended

    def _take_wanted_checkpoint(self) -> None:
        session, wanted = self._session, self._wanted_checkpoint
        if session is None or session.overview is None:
            return
        self._checkpoint.show_overview(session.overview)
        if wanted is not None:
            self._checkpoint.choose(wanted)
            self._wanted_checkpoint = None

    # Showing

    def _show_all(self) -> None:
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
        self.show_content()
        self._checkpoint.show_overview(session.overview)
        self._show_step(session)
        report = session.report
        recovered = self._step is Step.REPORT and report is not None and report.saved is not None
        self._banners.show_session(session, executing=self._executing(), recovered=recovered)
        self._show_stepper(session)
        self._show_footer()

    def _show_step(self, session: StoreSession) -> None:
        if self._step is Step.COMPARE:
            self._compare.show_state(session, self._start_comparing, self.exchange_wanted.emit)
        elif self._step is Step.DECIDE:
            self._decide.show_session(session)
        elif self._step is Step.EXECUTE and not self._executing():
            self._execute.show_plan(session, self._gate.hindrance(session))
        elif self._step is Step.REPORT and session.report is not None:
            self._report.show_report(session.report)
        self._views.setCurrentIndex(self._step)

    def _show_stepper(self, session: StoreSession) -> None:
        done = {step for step in Step if step < self._step}
        reachable = {Step.CHECKPOINT, Step.COMPARE}
        if session.comparison is not None:
            reachable |= {Step.DECIDE}
            if not executed(session):
                reachable |= {Step.EXECUTE}
        else:
            done -= {Step.COMPARE, Step.DECIDE, Step.EXECUTE}
        if session.report is not None:
            reachable |= {Step.REPORT}
        if self._executing():
            reachable = {Step.EXECUTE}
        self._stepper.set_steps(self._step, frozenset(done), frozenset(reachable))

    def _show_footer(self) -> None:
        session = self._session
        if session is None:
            return
        executing = self._executing()
        cancels = sum(each.action is Action.CANCEL for each in session.decisions)
        compared = session.comparison is not None
        free = not session.busy and session.exchange is not None
        self.back_button.setVisible(self._step in (Step.COMPARE, Step.DECIDE, Step.EXECUTE) and not executing)
        self.stop_button.setVisible(executing)
        self.stop_button.setEnabled(executing and not self._stopping)
        self.again_button.setVisible(
            (compared and self._step in (Step.COMPARE, Step.DECIDE) and not executing) or self._step is Step.REPORT
        )
        self.again_button.setEnabled(free)
        dangerous = self._step is Step.EXECUTE and cancels > 0
        self.danger_button.setVisible(dangerous and not executing)
        self.danger_button.setText(self.tr("Cancel {0} and recover").format(self._words.orders(cancels)))
        self.danger_button.setEnabled(not self._gate.hindrance(session))
        self._show_next(session, self.next_button, hidden=executing or dangerous)
        self._note.setText(self._note_text(session))

    def _show_next(self, session: StoreSession, button: QPushButton, *, hidden: bool) -> None:
        free = not session.busy and session.exchange is not None
        compared = session.comparison is not None
        texts = {
            Step.CHECKPOINT: (self.tr("Compare with the exchange"), free and self._checkpoint.usable),
            Step.COMPARE: (self.tr("Continue"), compared and not session.busy),
            Step.DECIDE: (self.tr("Continue"), compared and not session.busy and not executed(session)),
            Step.EXECUTE: (self.tr("Recover"), not self._gate.hindrance(session)),
            Step.REPORT: (self.tr("Start the bot again"), not held_by_another(self._gate.presence(session))),
        }
        text, enabled = texts[self._step]
        offered = {
            Step.COMPARE: compared,
            Step.REPORT: self._restart_available and session.report is not None and session.report.saved is not None,
        }.get(self._step, True)
        if self._step is Step.CHECKPOINT and session.exchange is None:
            text, enabled = self.tr("Connect an exchange…"), True
        button.setText(text)
        button.setEnabled(enabled)
        button.setVisible(offered and not hidden)

    def _note_text(self, session: StoreSession) -> str:
        if self._step is Step.REPORT:
            return self.tr("Everything above is in the audit log too.")
        if self._executing():
            return self.tr("Each outcome is entered in the audit log as it happens.")
        if self._step is Step.EXECUTE and not self._gate.hindrance(session):
            return self.tr("Nothing has been written yet. This button does it.")
        return self.tr("Nothing is written, in the store or on the exchange, before “Execute”.")

    # Going on

    def _go_back(self) -> None:
        self.show_step(Step(max(self._step - 1, 0)))

    def _go_on(self) -> None:
        if self._step is Step.CHECKPOINT:
            if self._session is not None and self._session.exchange is None:
                self.exchange_wanted.emit()
            else:
                self._start_comparing()
        elif self._step is Step.EXECUTE:
            self._start_executing()
        elif self._step is Step.REPORT:
            self.restart_wanted.emit()
        else:
            self.show_step(Step(self._step + 1))

    def _start_comparing(self) -> None:
        session = self._session
        if session is None or session.busy or session.exchange is None:
            return
        after_report = self._step is Step.REPORT
        if after_report:
            # The recovered state is a checkpoint of its own now: from there on it is the one to compare.
            self._checkpoint.reset()
            if session.overview is not None:
                self._checkpoint.show_overview(session.overview)
        self._comparing_here = True
        self._step = Step.COMPARE
        session.compare(None if after_report else self._checkpoint.info)
        self._show_all()

    def _start_executing(self) -> None:
        session = self._session
        if session is None or session.comparison is None or self._gate.hindrance(session):
            return
        plan, decisions = session.comparison.plan, session.decisions
        self._begin(self._cancellation.execute(session), lambda: self._execute.show_begun(plan, decisions))

    def _resume(self) -> None:
        session = self._session
        interrupted = session.overview.interrupted if session and session.overview else None
        if session is None or interrupted is None:
            return
        left = [each for each in interrupted.decisions if each.order_key not in interrupted.done]
        self._begin(
            self._cancellation.resume(session, interrupted),
            lambda: self._execute.show_begun(interrupted.plan, left, resuming=True),
        )

    def _begin(self, job: Job | None, show: Callable[[], object]) -> None:
        if job is None:
            return
        self._job = job
        self._stopping = False
        self._step = Step.EXECUTE
        self._banners.failure.hide()
        show()
        self._show_all()

    def _stop(self) -> None:
        if self._job is not None and not self._job.ended:
            self._job.cancel()
            self._stopping = True
            self._show_footer()
            self._execute.show_stopping()
