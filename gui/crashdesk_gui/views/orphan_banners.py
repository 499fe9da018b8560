"""What must be known above the orphan orders: what was not read, what was in flight, and why nothing can be decided."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crashdesk.operator_recovery import Comparison
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.recovery_gate import RecoveryGate, executed, held_by_another
from crashdesk_gui.errors import explain
from crashdesk_gui.joined_words import listed_apart
from crashdesk_gui.models.intents import IntentFates
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.phrases import scope_words
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Banner


class OrphanBanners(QWidget):
    """`report` is what leads to the report of a plan that was executed."""

    def __init__(self, ui: UiContext, words: PlanWords, report: Callable[[], object]) -> None:
        super().__init__()
        self._ui = ui
        self._report = report
        self._fates = IntentFates(words, self)
        self._gate = RecoveryGate(ui.display, self)
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

    def show_comparison(self, session: StoreSession, comparison: Comparison, held: str = "") -> None:
        """Bring the banners up to date; `held` says who is at work on the store, so that nothing can be decided."""
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
        self._show_condition(session, comparison, held)
        self._fold()

    def held(self, session: StoreSession) -> str:
        """Who is at work on the store, so that nothing can be decided now; empty for nobody."""
        presence = self._gate.presence(session)
        if presence is None or not held_by_another(presence) or executed(session):
            return ""
        text = (
            self.tr("The bot runs: the store is held by {0}. Orders can be decided on once it has stopped.")
            if presence.bot_runs
            else self.tr("An operator is at work: the store is held by {0}. Orders can be decided on after that.")
        )
        return text.format(self._gate.holder(presence))

    def show_note(self, text: str, tone: Tone) -> None:
        """Say what came of something small, such as an export."""
        self._note.show_message(text, tone)
        self._fold()

    def hide_note(self) -> None:
        """Forget what was said of another store."""
        self._note.hide()
        self._fold()

    def _show_condition(self, session: StoreSession, comparison: Comparison, held: str) -> None:
        """Why nothing can be decided at this moment, or that what is shown is older than the last attempt."""
        if executed(session):
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

    def _fold(self) -> None:
        """Take no room, not even a gap, when there is nothing to say."""
        self.setVisible(not all(each.isHidden() for each in self._banners()))

    def _banners(self) -> tuple[Banner, ...]:
        return self._key, self._gaps, self._intents, self._state, self._note
