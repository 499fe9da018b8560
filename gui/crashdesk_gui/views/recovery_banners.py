"""What must be known on every step of a recovery: a failure, an unfinished recovery, a bot that holds the store."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crashdesk.errors import PlanChanged, StoreLocked
from crashdesk.interrupted import InterruptedPlan
from crashdesk.reconcile.denied import denies_orders
from crashdesk.reconcile.records import Action, Plan
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.recovery_gate import RecoveryGate, can_resume, cannot_resume, held_by_another
from crashdesk_gui.errors import explain, told_together
from crashdesk_gui.joined_words import labelled
from crashdesk_gui.phrases import said
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.recovery_footer import RESUMED_AT
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.banner import Banner


class RecoveryBanners(QWidget):
    """`failure` stays until it is dismissed or the next attempt; the others come and go with what they tell."""

    def __init__(self, ui: UiContext, gate: RecoveryGate, resume: Callable[[], object]) -> None:
        super().__init__()
        self._ui = ui
        self._gate = gate
        self._resume = resume
        self._error: Exception | None = None
        self.failure = Banner(ui)
        self.note = Banner(ui)
        self.outdated = Banner(ui)
        self.older = Banner(ui)
        self.journal = Banner(ui)
        self.interrupted = Banner(ui)
        self.presence = Banner(ui)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for banner in self._all():
            layout.addWidget(banner)

    @property
    def error(self) -> Exception | None:
        """Why an attempt failed, while that is shown."""
        return None if self.failure.isHidden() else self._error

    def show_failure(self, what: str, error: Exception) -> None:
        """Say what failed, what it means and what to do."""
        self._error = error
        explanation = explain(error)
        self.failure.show_message(labelled(what, f"{explanation.title}\n{explanation.body}"), Tone.DANGER)
        self._fold()

    def show_note(self, text: str, tone: Tone) -> None:
        """Say what came of something small, such as an export."""
        self.note.show_message(text, tone)
        self._fold()

    def show_unconfirmed(self) -> None:
        """Say that what was not confirmed was not begun, until the next comparison."""
        self.show_note(self._unconfirmed(), Tone.ACCENT)

    def unconfirmed_is_over(self) -> None:
        """Take that back: another plan comes."""
        if self.note.text == self._unconfirmed():
            self.note.hide()
            self._fold()

    def _unconfirmed(self) -> str:
        return self.tr("Nothing was cancelled and nothing was saved.")

    def show_step(self, session: StoreSession, step: Step, *, executing: bool) -> None:
        """Say what must be known at this step; while a recovery is carried out, only what does not belong to its plan."""
        report, comparison = session.last_report, session.comparison
        planned = step in (Step.COMPARE, Step.DECIDE, Step.EXECUTE) and not executing
        deciding = planned and step is not Step.COMPARE and comparison is not None
        self._show_outdated(
            self._gate.past(session) if step is Step.REPORT else self._gate.outdated(session) if planned else ""
        )
        self._show_older(self._gate.older(session) if planned else "")
        plan = comparison.plan if deciding and comparison else None
        self._show_doubt(plan.journal_problem if plan and not plan.denied else "")
        if plan and plan.denied:
            self._show_denied(plan)
        recovered = step is Step.REPORT and report is not None and report.saved is not None
        self._show_session(session, step, executing=executing, recovered=recovered)

    def _show_outdated(self, why: str) -> None:
        """Say that the plan that is shown holds no more; empty when it does."""
        if why and isinstance(self._error, StoreLocked):
            self.failure.hide()
        told = isinstance(self._error, PlanChanged) and not self.failure.isHidden()
        self.outdated.setVisible(bool(why) and not told)
        if why and not told:
            self.outdated.show_message(why, Tone.WARNING, closable=False)

    def _show_older(self, told: str) -> None:
        """Say that an older state is compared; empty when it is not."""
        self.older.setVisible(bool(told))
        if told:
            self.older.show_message(told, Tone.WARNING, closable=False)

    def _show_doubt(self, journal_problem: str) -> None:
        """Say why nothing is proposed; empty when nothing speaks against what the bot was known to have."""
        self.journal.setVisible(bool(journal_problem))
        if journal_problem:
            text = self.tr(
                "What the bot knew may be incomplete, so nothing is proposed; decide on each of its orders: {0}."
            )
            self.journal.show_message(text.format(said(journal_problem).rstrip(".")), Tone.WARNING, closable=False)

    def _show_denied(self, plan: Plan) -> None:
        """Say that the account may be another one: that comes before any decision."""
        text = self.tr(
            "This may be another account: it has never heard of any order that the store knows, and holds none of its positions. "
            "Look at the keys before you decide on anything; nothing is proposed."
        )
        if not denies_orders(plan):
            text = self.tr(
                "This may be another account: every position that the store knows is gone, and nothing proves that this account "
                "closed it. Look at the keys first; if it was closed by hand, go on and confirm it. Nothing is proposed."
            )
        self.journal.show_message(text, Tone.DANGER, closable=False)

    def _show_session(self, session: StoreSession, step: Step, *, executing: bool, recovered: bool) -> None:
        """Bring the banners up to date; `recovered` when a saved recovery's report is shown, which says itself who is at work."""
        interrupted = session.overview.interrupted if session.overview else None
        if interrupted is None or executing or self._told_below(session, interrupted, step):
            self.interrupted.hide()
        else:
            self._show_interrupted(session, interrupted, step)
        presence = self._gate.presence(session)
        if executing or recovered or not held_by_another(presence):
            self.presence.hide()
        else:
            self.presence.show_message(
                self.tr("The store is held by {0}. You can inspect and decide; execute once it has stopped.").format(
                    self._gate.holder(presence)
                ),
                Tone.WARNING,
                closable=False,
            )
        self._fold()

    def _told_below(self, session: StoreSession, interrupted: InterruptedPlan, step: Step) -> bool:
        """Whether the report that is shown tells all of it, with the way on under it."""
        report = session.last_report if step is Step.REPORT else None
        return report is not None and report.plan.id == interrupted.plan.id and can_resume(self._gate, session)

    def _show_interrupted(self, session: StoreSession, interrupted: InterruptedPlan, step: Step) -> None:
        told = self.tr("A recovery that {0} began {1} was not finished. Decisions carried out: {2} of {3}.").format(
            interrupted.who,
            self._ui.display.age(interrupted.begun_at),
            interrupted.carried_out,
            len(interrupted.decisions),
        )
        sentences = [told, *self._unknown(interrupted), self._decided(interrupted)]
        if session.exchange is None:
            sentences.append(self.tr("Connect the exchange to resume it."))
        elif cannot_resume(session, interrupted):
            sentences.append(self.tr("It cancels orders, and this account's key can only read."))
        offered = step not in RESUMED_AT and can_resume(self._gate, session)
        self.interrupted.show_message(
            told_together(*sentences),
            Tone.WARNING,
            button=self.tr("Resume the recovery") if offered and not session.busy else "",
            slot=self._resume,
            closable=False,
        )

    def _unknown(self, interrupted: InterruptedPlan) -> list[str]:
        unknown = interrupted.unknown
        return [self.tr("The result of %n of them is unknown.", "", unknown)] if unknown else []

    def _decided(self, interrupted: InterruptedPlan) -> str:
        actions = [decision.action for decision in interrupted.decisions]
        return self.tr("Decided: {0} to cancel, {1} to adopt, {2} to leave.").format(
            actions.count(Action.CANCEL), actions.count(Action.ADOPT), actions.count(Action.LEAVE)
        )

    def _fold(self) -> None:
        """Take no room, not even a gap, when there is nothing to say."""
        self.setVisible(not all(each.isHidden() for each in self._all()))

    def _all(self) -> tuple[Banner, ...]:
        return self.failure, self.note, self.outdated, self.older, self.journal, self.interrupted, self.presence
