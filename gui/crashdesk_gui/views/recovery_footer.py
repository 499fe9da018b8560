"""The line under every step of a recovery: what pressing on would write, the way back, and the one way on."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QIcon
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
    still_waiting,
)
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Status, Tone
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


RESUMED_AT = (Step.CHECKPOINT, Step.REPORT)
"""Where to resume an interrupted recovery is the step's own way on; at the others a banner offers it."""


class _Onward(NamedTuple):
    """What the way on says, what it asks for, whether that can be done now, and whether there is such a way at all.

    `starts` says that it starts the bot.
    """

    text: str
    wanted: SignalInstance
    enabled: bool
    offered: bool = True
    starts: bool = False


class RecoveryFooter(QWidget):
    """The buttons of a recovery.

    Signals: `back_wanted()`, `stop_wanted()`, `again_wanted()` to compare, `next_wanted()` for the next step,
    `execute_wanted()`, `exchange_wanted()` to connect one, `resume_wanted()`, `restart_wanted()` to start the bot again.
    """

    back_wanted = Signal()
    stop_wanted = Signal()
    again_wanted = Signal()
    next_wanted = Signal()
    exchange_wanted = Signal()
    resume_wanted = Signal()
    restart_wanted = Signal()
    execute_wanted = Signal()

    def __init__(self, ui: UiContext, words: PlanWords, gate: RecoveryGate) -> None:
        super().__init__()
        self._ui = ui
        self._words = words
        self._gate = gate
        self._wanted: SignalInstance = self.next_wanted
        self._starts = False
        self._note = TextLabel(ui, tone=Tone.MUTED, wrap=True)
        self.back_button = push_button(ui, self.tr("Back"), self.back_wanted.emit, kind=ButtonKind.QUIET)
        self.stop_button = push_button(ui, self.tr("Stop after this order"), self.stop_wanted.emit, icon="stop")
        self.again_button = push_button(ui, self.tr("Compare again"), self.again_wanted.emit, icon="refresh")
        self.next_button = push_button(ui, self.tr("Continue"), self._go_on, kind=ButtonKind.PRIMARY)
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
        resumes = step in RESUMED_AT and can_resume(self._gate, session)
        first = step is Step.CHECKPOINT
        self.again_button.setText(self.tr("Compare with the exchange") if first else self.tr("Compare again"))
        waiting = still_waiting(session) if step is Step.REPORT and not (held or resumes) else 0
        self.again_button.setVisible(can_compare_again or resumes or (step is Step.REPORT and not held and not waiting))
        free = not session.busy and session.exchange is not None
        self.again_button.setEnabled(free and (progress.usable or not first))
        self.danger_button.setVisible(dangerous and not executing)
        self.danger_button.setText(self.tr("Cancel {0} and recover").format(self._words.orders(cancels)))
        self.danger_button.setEnabled(not hindrance)
        self._show_onward(self._onward(session, step, progress, waiting), hidden=executing or dangerous or outdated)
        asks = acts and session.comparison is not None and asks_first(session.comparison.plan, decisions)
        starts = step is Step.REPORT and not waiting
        needs_press(self.next_button, resumes or starts or (step is Step.EXECUTE and not asks))
        note = self._note_text(step, executing=executing, hindered=bool(hindrance), asks=asks, resumes=resumes)
        if self._starts:
            note = self._restart_text(session)
        self._note.setText(self._waiting_text(waiting) if waiting else note)
        self._note.set_tone(Tone.WARNING if waiting else Tone.MUTED)

    def _onward(self, session: StoreSession, step: Step, progress: Progress, waiting: int) -> _Onward:
        """The one way on from a step; `waiting` orders that a report leaves come before the start of the bot."""
        if step in RESUMED_AT and can_resume(self._gate, session):
            return _Onward(self.tr("Resume the recovery"), self.resume_wanted, not session.busy)
        if step is Step.CHECKPOINT:
            return self._from_checkpoint(session, progress)
        if step is Step.REPORT:
            return self._from_report(session, progress, waiting)
        if step is Step.EXECUTE:
            return _Onward(self.tr("Recover"), self.execute_wanted, not self._gate.hindrance(session))
        compared = session.comparison is not None
        enabled = compared and not session.busy and not (step is Step.DECIDE and executed(session))
        return _Onward(self.tr("Continue"), self.next_wanted, enabled, compared or step is Step.DECIDE)

    def _from_checkpoint(self, session: StoreSession, progress: Progress) -> _Onward:
        if session.exchange is None:
            return _Onward(self.tr("Connect an exchange…"), self.exchange_wanted, True)
        return _Onward(self.tr("Compare with the exchange"), self.again_wanted, not session.busy and progress.usable)

    def _from_report(self, session: StoreSession, progress: Progress, waiting: int) -> _Onward:
        if waiting:
            free = not session.busy and session.exchange is not None
            return _Onward(self.tr("Compare again"), self.again_wanted, free)
        report = session.last_report
        saved = report is not None and report.saved is not None and not is_past(session)
        held = held_by_another(self._gate.presence(session))
        offered = progress.restartable and saved
        return _Onward(self.tr("Start the bot again"), self.restart_wanted, not held, offered, starts=True)

    def _show_onward(self, onward: _Onward, *, hidden: bool) -> None:
        self._wanted = onward.wanted
        starts = onward.starts and onward.enabled and onward.offered and not hidden
        if starts is not self._starts:
            self._starts = starts
            self.next_button.setIcon(self._ui.icons.on_accent("play") if starts else QIcon())
        self.next_button.setText(onward.text)
        self.next_button.setEnabled(onward.enabled)
        self.next_button.setVisible(onward.offered and not hidden)

    def _go_on(self) -> None:
        self._wanted.emit()

    def _waiting_text(self, waiting: int) -> str:
        told = self.tr("Orders that still need your decision: {0}. Compare again and decide before the bot starts.")
        return f"{Status.DIFFERS.glyph} {told.format(waiting)}"

    def _restart_text(self, session: StoreSession) -> str:
        """What the start of the bot does."""
        report = session.last_report
        assert report is not None
        assert report.saved is not None
        told = self.tr("The bot starts, restores checkpoint {0} and trades on from there.")
        return told.format(report.saved.seq)

    def _note_text(self, step: Step, *, executing: bool, hindered: bool, asks: bool, resumes: bool) -> str:
        if resumes:
            return self.tr(
                "What was done stays done. Resuming first reads what became of the rest, and sends nothing twice."
            )
        if step is Step.REPORT:
            return self.tr("Each decision and what came of it is in the audit log too.")
        if executing:
            return self.tr("Each outcome is entered in the audit log as it happens.")
        if step is Step.EXECUTE and not hindered and asks:
            return self.tr("Nothing has been written yet. This button asks once more.")
        if step is Step.EXECUTE and not hindered:
            return self.tr("Nothing has been written yet. This button does it.")
        return self.tr("Nothing is written, in the store or on the exchange, before you confirm the last step.")
