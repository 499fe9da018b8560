"""The views of a recovery's five steps: each is made when somebody goes to its step, or asks it something."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.exporting import AskPath
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.views.recovery_decide import DecideStep
from crashdesk_gui.views.recovery_execute import ExecuteStep
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.views.recovery_report import ReportStep
from crashdesk_gui.views.recovery_steps import CheckpointStep, CompareStep
from crashdesk_gui.widgets.focus import focus_chain, stop_before
from crashdesk_gui.widgets.page_stack import PageStack
from crashdesk_gui.widgets.page_state import restore_views


class StepViews(PageStack):
    """Signals: `page_wanted(page id)`; `choice_changed()` when another checkpoint became the current one."""

    page_wanted = Signal(str)
    choice_changed = Signal()

    def __init__(self, ui: UiContext, words: PlanWords, exports: TableExports, ask_path: AskPath) -> None:
        super().__init__()
        self._ui = ui
        self._words = words
        self._exports = exports
        self._ask_path = ask_path

    @cached_property
    def checkpoint(self) -> CheckpointStep:
        """From which checkpoint."""
        view = CheckpointStep(self._ui)
        view.choice_changed.connect(self.choice_changed)
        view.page_wanted.connect(self.page_wanted)
        self._take_in(view)
        return view

    @cached_property
    def compare(self) -> CompareStep:
        """What could be read, and what was found."""
        view = CompareStep(self._ui, self._words, self._exports)
        view.page_wanted.connect(self.page_wanted)
        self._take_in(view)
        return view

    @cached_property
    def decide(self) -> DecideStep:
        """What differs."""
        view = DecideStep(self._ui, self._words, self._exports)
        view.orphans_wanted.connect(lambda: self.page_wanted.emit("orphans"))
        self._take_in(view)
        return view

    @cached_property
    def execute(self) -> ExecuteStep:
        """What will be done, and how far it is."""
        view = ExecuteStep(self._ui, self._words, self._exports)
        self._take_in(view)
        return view

    @cached_property
    def report(self) -> ReportStep:
        """What was done."""
        view = ReportStep(self._ui, self._words, self._exports, ask=self._ask_path)
        self._take_in(view)
        return view

    def make_decide(self) -> None:
        """Make the view that a recovery begins with once there is a comparison, before anybody goes there."""
        _ = self.decide

    def make_report(self) -> None:
        """Make the last view while the exchange is still asked: what came of it is shown the sooner."""
        _ = self.report

    def of(self, step: Step) -> QWidget:
        """The view of a step."""
        match step:
            case Step.CHECKPOINT:
                return self.checkpoint
            case Step.COMPARE:
                return self.compare
            case Step.DECIDE:
                return self.decide
            case Step.EXECUTE:
                return self.execute
            case Step.REPORT:
                return self.report

    def show_step(self, step: Step) -> None:
        """Bring a step to the front."""
        self.setCurrentWidget(self.of(step))

    def _take_in(self, view: QWidget) -> None:
        """Put a view behind the others, and let Tab come to it where it stands on the screen, not after all that was there.

        Its tables and columns stand again as they did, as soon as they show something.
        """
        self.addWidget(view)
        before = stop_before(self)
        for each in list(focus_chain(view)):
            # Qt puts only what can have the keyboard into an order.
            if each.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                QWidget.setTabOrder(before, each)
                before = each
        restore_views(view, self.awaited)
