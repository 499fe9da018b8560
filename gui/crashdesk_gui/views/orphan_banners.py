"""What must be known above the orphan orders: what was not read, what was in flight, and why nothing can be decided."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crashdesk.operator_recovery import Comparison
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.recovery_gate import RecoveryGate, broke_off, executed
from crashdesk_gui.errors import explain, told_together
from crashdesk_gui.joined_words import listed_apart
from crashdesk_gui.models.intents import IntentFates
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.phrases import scope_words
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import Step
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.overview_words import offer
from crashdesk_gui.widgets.banner import Banner


class OrphanBanners(QWidget):
    """`report` leads to the report of a plan that was executed, `compare_last` compares the last known state."""

    def __init__(
        self,
        ui: UiContext,
        words: PlanWords,
        gate: RecoveryGate,
        *,
        report: Callable[[], object],
        compare_last: Callable[[], object],
    ) -> None:
        super().__init__()
        self._ui = ui
        self._report = report
        self._fates = IntentFates(words, self)
        self._gate = gate
        self._compare_last = compare_last
        self._older = Banner(ui)
        self._key = Banner(ui)
        self._gaps = Banner(ui)
        self._intents = Banner(ui)
        self._state = Banner(ui)
        self._note = Banner(ui)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for banner in self._banners():
            layout.addWidget(banner)
        self._fold()

    def show_comparison(self, session: StoreSession, comparison: Comparison) -> None:
        """Bring the banners up to date."""
        self._show_older(session)
        self._key.setVisible(session.read_only)
        if session.read_only:
            self._key.show_message(
                self.tr(
                    "This account's key can only read: adopt or leave orders here; it cannot cancel any, so none is proposed "
                    "for cancelling. To cancel, connect a key that may trade."
                ),
                Tone.WARNING,
                closable=False,
            )
        gaps = comparison.plan.coverage.gaps()
        self._gaps.setVisible(bool(gaps))
        if gaps:
            names = listed_apart(scope_words(each.scope) for each in gaps)
            self._gaps.show_message(
                self.tr("Not everything was read, so there may be orphan orders that are not shown: {0}").format(names),
                Tone.WARNING,
                closable=False,
            )
        fates = self._fates.lines(comparison.plan)
        self._intents.setVisible(bool(fates))
        if fates:
            self._intents.show_message("\n".join(fates), self._fates.status(comparison.plan).tone, closable=False)
        self._show_condition(session, comparison)
        self._fold()

    def _show_older(self, session: StoreSession) -> None:
        """Say that an older state is compared, and offer the last known one."""
        older, last = self._gate.older(session), offer(Step.COMPARE_LAST)
        self._older.setVisible(bool(older))
        if older and last is not None:
            offered = session.exchange is not None and not session.busy
            self._older.show_message(
                older,
                Tone.WARNING,
                button=last.text if offered else "",
                slot=self._compare_last,
                closable=False,
            )

    def show_note(self, text: str, tone: Tone) -> None:
        """Say what came of something small, such as an export."""
        self._note.show_message(text, tone)
        self._fold()

    def hide_note(self) -> None:
        """Forget what was said of another store."""
        self._note.hide()
        self._fold()

    def _show_condition(self, session: StoreSession, comparison: Comparison) -> None:
        """Why nothing can be decided at this moment, or that what is shown is older than the last attempt."""
        held = self._gate.undecidable(session)
        if broke_off(session):
            self._state.show_message(
                self._broken_off(session),
                Tone.WARNING,
                button=self.tr("See the report"),
                slot=self._report,
                closable=False,
            )
        elif executed(session):
            self._state.show_message(
                self.tr("This plan was executed. Compare again to see what is on the exchange now."),
                button=self.tr("See the report"),
                slot=self._report,
                closable=False,
            )
        elif held:
            self._state.show_message(held, Tone.WARNING, closable=False)
        elif session.comparing_error is not None:
            self._state.show_message(
                self.tr("Comparing again failed; this is the exchange as it was read {0}: {1}").format(
                    self._ui.display.age(comparison.snapshot.finished_at), explain(session.comparing_error).title
                ),
                Tone.WARNING,
                closable=False,
            )
        else:
            self._state.hide()

    def _broken_off(self, session: StoreSession) -> str:
        unknown = session.report.conclusion.unknown if session.report is not None else 0
        told = [self.tr("The recovery stopped before its end; nothing was saved.")]
        if unknown:
            told.append(self.tr("What became of %n order(s) is unknown.", "", unknown))
        return told_together(*told)

    def _fold(self) -> None:
        """Take no room, not even a gap, when there is nothing to say."""
        self.setVisible(not all(each.isHidden() for each in self._banners()))

    def _banners(self) -> tuple[Banner, ...]:
        return self._older, self._key, self._gaps, self._intents, self._state, self._note
