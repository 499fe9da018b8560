"""Where the keyboard belongs at each step of a recovery."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crashdesk_gui.controllers.recovery_gate import is_outdated
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.recovery_footer import RecoveryFooter
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.views.recovery_views import StepViews
from crashdesk_gui.widgets.focus import can_focus, first_focusable
from crashdesk_gui.widgets.stepper import Stepper


class RecoveryFocus:
    """Knows the controls of the steps and those that stand around them."""

    def __init__(self, views: StepViews, footer: RecoveryFooter, stepper: Stepper) -> None:
        self._views = views
        self._footer = footer
        self._stepper = stepper
        self._at: tuple[Step, bool, bool] | None = None

    def moves_to(self, step: Step, *, executing: bool, reading: bool) -> bool:
        """Whether the keyboard has another place there than where it was last."""
        before, self._at = self._at, (step, executing, reading)
        return before != self._at

    def content(self, step: Step, session: StoreSession | None, *, executing: bool) -> QWidget:
        """What to read or to press first at the step. Never the button that executes: nobody gets there by haste."""
        footer, views = self._footer, self._views
        if executing:
            return footer.stop_button
        deciding = step in (Step.COMPARE, Step.DECIDE, Step.EXECUTE)
        if deciding and session is not None and is_outdated(session):
            return footer.again_button
        if step is Step.CHECKPOINT:
            return views.checkpoint.table
        if step is Step.EXECUTE:
            return views.execute.table
        if step is Step.REPORT and not can_focus(footer.next_button):
            return views.report.table
        return footer.next_button

    def place(self, step: Step, content: QWidget) -> QWidget:
        """The step's own control, and its neighbours while that one cannot be used."""
        if can_focus(content):
            return content
        shown = first_focusable(self._views.currentWidget())
        if shown is not None:
            return shown
        around = (self._footer.back_button, self._footer.again_button)
        return next((each for each in around if can_focus(each)), self._stepper.step(step))
