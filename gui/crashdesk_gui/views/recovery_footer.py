"""The line under every step of a recovery: what pressing on would write, the way back, and the one way on."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crashdesk.reconcile.records import Action
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import asks_first
from crashdesk_gui.controllers.recovery_gate import (
    RecoveryGate,
    can_resume,
    executed,
    held_by_another,
    is_outdated,
    is_past,
)
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, needs_press, push_button


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What the page knows beside the session: whether the chosen checkpoint can be used, an execution runs, is being stopped.

    `restartable` says whether the desk can start the bot.
    """

    usable: bool = False
    executing: bool = False
    stopping: bool = False
    restartable: bool = False


class RecoveryFooter(QWidget):
    """The buttons of a recovery.

    Signals: `back_wanted()`, `stop_wanted()`, `again_wanted()` to compare again, `next_wanted()`, `execute_wanted()`.
    """

    back_wanted = Signal()
    stop_wanted = Signal()
    again_wanted = Signal()
    next_wanted = Signal()
    execute_wanted = Signal()

    def __init__(self, ui: UiContext, words: PlanWords, gate: RecoveryGate) -> None:
        super().__init__()
        self._words = words
        self._gate = gate
        self._note = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self.back_button = push_button(ui, self.tr("Back"), self.back_wanted.emit, kind=ButtonKind.QUIET)
        self.stop_button = push_button(ui, self.tr("Stop after this order"), self.stop_wanted.emit, icon="stop")
        self.again_button = push_button(ui, self.tr("Compare again"), self.again_wanted.emit, icon="refresh")
        self.next_button = push_button(ui, self.tr("Continue"), self.next_wanted.emit, kind=ButtonKind.PRIMARY)
        self.danger_button = push_button(ui, self.tr("Recover"), self.execute_wanted.emit, kind=ButtonKind.DANGER)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._note, 1)
        for button in (self.back_button, self.stop_button, self.again_button, self.next_button, self.danger_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_step(self, session: StoreSession, step: Step, progress: Progress) -> None:
        """Offer what can be done at this step now."""
        executing = progress.executing
        acts = step is Step.EXECUTE and session.comparison is not None
        decisions = session.decisions if acts else ()
        cancels = sum(each.action is Action.CANCEL for each in decisions)
        compared = session.comparison is not None
        outdated = is_outdated(session) and step in (Step.COMPARE, Step.DECIDE, Step.EXECUTE)
        can_compare_again = compared and step in (Step.COMPARE, Step.DECIDE, Step.EXECUTE) and not executing
        dangerous = cancels > 0 and not outdated
        hindrance = self._gate.hindrance(session)
        self.back_button.setVisible(step in (Step.COMPARE, Step.DECIDE, Step.EXECUTE) and not executing)
        self.stop_button.setVisible(executing)
        self.stop_button.setEnabled(executing and not progress.stopping)
        held = held_by_another(self._gate.presence(session))
        resumes = step is Step.CHECKPOINT and can_resume(self._gate, session)
        self.again_button.setText(self.tr("Compare with the exchange") if resumes else self.tr("Compare again"))
        self.again_button.setVisible(can_compare_again or resumes or (step is Step.REPORT and not held))
        free = not session.busy and session.exchange is not None
        self.again_button.setEnabled(free and (progress.usable or not resumes))
        self.danger_button.setVisible(dangerous and not executing)
        self.danger_button.setText(self.tr("Cancel {0} and recover").format(self._words.orders(cancels)))
        self.danger_button.setEnabled(not hindrance)
        self._show_next(session, step, progress, hidden=executing or dangerous or outdated)
        asks = acts and session.comparison is not None and asks_first(session.comparison.plan, decisions)
        needs_press(self.next_button, resumes or step is Step.REPORT or (step is Step.EXECUTE and not asks))
        self._note.setText(self._note_text(step, executing=executing, hindered=bool(hindrance), asks=asks))

    def _show_next(self, session: StoreSession, step: Step, progress: Progress, *, hidden: bool) -> None:
        free = not session.busy and session.exchange is not None
        compared, report = session.comparison is not None, session.last_report
        texts = {
            Step.CHECKPOINT: (self.tr("Compare with the exchange"), free and progress.usable),
            Step.COMPARE: (self.tr("Continue"), compared and not session.busy),
            Step.DECIDE: (self.tr("Continue"), compared and not session.busy and not executed(session)),
            Step.EXECUTE: (self.tr("Recover"), not self._gate.hindrance(session)),
            Step.REPORT: (self.tr("Start the bot again"), not held_by_another(self._gate.presence(session))),
        }
        text, enabled = texts[step]
        offered = {
            Step.COMPARE: compared,
            Step.REPORT: progress.restartable
            and report is not None
            and report.saved is not None
            and not is_past(session),
        }.get(step, True)
        if step is Step.CHECKPOINT and session.exchange is None:
            text, enabled = self.tr("Connect an exchange…"), True
        elif step is Step.CHECKPOINT and can_resume(self._gate, session):
            text, enabled = self.tr("Resume the recovery"), free
        self.next_button.setText(text)
        self.next_button.setEnabled(enabled)
        self.next_button.setVisible(offered and not hidden)

    def _note_text(self, step: Step, *, executing: bool, hindered: bool, asks: bool) -> str:
        if step is Step.REPORT:
            return self.tr("Each decision and what came of it is in the audit log too.")
        if executing:
            return self.tr("Each outcome is entered in the audit log as it happens.")
        if step is Step.EXECUTE and not hindered and asks:
            return self.tr("Nothing has been written yet. This button asks once more.")
        if step is Step.EXECUTE and not hindered:
            return self.tr("Nothing has been written yet. This button does it.")
        return self.tr("Nothing is written, in the store or on the exchange, before you confirm the last step.")
