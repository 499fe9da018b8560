"""What a page shows when there is no comparison to show: why, what it means, and the one next step."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from crashdesk.exchange.records import ScopeKind, ScopeStatus
from crashdesk.reconcile.records import Plan
from crashdesk_gui.context import UiContext
from crashdesk_gui.ended_demonstration import explain_of
from crashdesk_gui.errors import explain
from crashdesk_gui.joined_words import labelled
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.phrases import said, scope_words
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.empty import Choice, EmptyState, ErrorState

_ORDER_SCOPES = (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS)


class ComparisonStates(QObject):
    """Makes the empty and error states of pages that show a comparison."""

    def __init__(self, ui: UiContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._words = PlanWords(ui.display, self)

    def no_store(self) -> EmptyState:
        """No store is open."""
        return EmptyState(
            self._ui,
            self.tr("No store is open"),
            self.tr("Open the directory in which your bot keeps its checkpoints."),
            icon="store",
        )

    def bot_runs(self, holder: str) -> EmptyState:
        """There is nothing to recover: whoever holds the store is at work."""
        return EmptyState(
            self._ui,
            self.tr("The bot runs"),
            self.tr("The store is held by {0}. A recovery can begin once it has stopped.").format(holder),
            icon="play",
        )

    def operator_at_work(self, holder: str) -> EmptyState:
        """There is nothing to recover here: another operator has the store."""
        return EmptyState(
            self._ui,
            self.tr("An operator is at work"),
            self.tr(
                "The store is held by an operator at another desk: {0}. A recovery can begin once that work has ended."
            ).format(holder),
            icon="store",
        )

    def no_exchange(self, connect: Callable[[], object]) -> EmptyState:
        """There is nothing to compare with."""
        return EmptyState(
            self._ui,
            self.tr("No exchange is connected"),
            self.tr("What rests on the exchange is unknown until it is read. Reading changes nothing there."),
            icon="connect",
            choices=(Choice(self.tr("Connect an exchange…"), connect, "connect"),),
        )

    def not_compared(self, compare: Callable[[], object]) -> EmptyState:
        """An exchange is connected and was not read yet."""
        return EmptyState(
            self._ui,
            self.tr("Not compared yet"),
            self.tr(
                "Compare the last known state with the exchange to find the orders that the bot does not know. "
                "Comparing only reads."
            ),
            icon="compare",
            choices=(Choice(self.tr("Compare with the exchange"), compare, "compare"),),
        )

    def outdated(self, why: str, again: Callable[[], object]) -> EmptyState:
        """The store knows more than what was compared."""
        return EmptyState(
            self._ui,
            self.tr("Compare again before you decide"),
            why,
            icon="warning",
            tone=Tone.WARNING,
            choices=(Choice(self.tr("Compare again"), again, "refresh"),),
        )

    def not_readable(
        self, error: Exception, again: Callable[[], object], session: StoreSession | None = None
    ) -> ErrorState:
        """The comparison of a session failed, or its store cannot be read."""
        explanation = explain(error) if session is None else explain_of(session, error)
        return ErrorState(
            self._ui,
            explanation.title,
            meaning=explanation.meaning,
            remedy=explanation.advice,
            details=explanation.details,
            choices=(Choice(self.tr("Compare again"), again, "refresh"),),
        )

    def _nothing_known(self, plan: Plan, again: Callable[[], object]) -> ErrorState:
        reasons = dict.fromkeys(said(each.reason or each.status.value) for each in plan.coverage.gaps())
        return ErrorState(
            self._ui,
            self.tr("Whether there are orphan orders is not known"),
            meaning=self.tr(
                "No open orders could be read from {0}. Orders may rest there and fill without the bot."
            ).format(plan.exchange),
            remedy=self.tr("Compare again; until it answers, look at the account on the exchange's own site."),
            details="\n".join(reasons),
            choices=(Choice(self.tr("Compare again"), again, "refresh"),),
        )

    def all_clear(self, plan: Plan, again: Callable[[], object]) -> EmptyState | ErrorState:
        """No orphan orders: calm when everything was read, and only then."""
        coverage = plan.coverage
        asked = [each for each in coverage.readings if each.scope.kind in _ORDER_SCOPES]
        if not any(each.status is ScopeStatus.READ for each in asked):
            return self._nothing_known(plan, again)
        when = self._ui.display.time(plan.made_at)
        known = self._words.known_state(plan)
        if coverage.complete:
            return EmptyState(
                self._ui,
                self.tr("No orphan orders"),
                self.tr("Every order that is open on {0} is known to {1}. All {2} scopes were read at {3}.").format(
                    plan.exchange, known, coverage.read_count(), when
                ),
                icon="check",
                tone=Tone.OK,
                choices=(Choice(self.tr("Compare again"), again, "refresh"),),
            )
        gaps = "\n".join(
            labelled(scope_words(each.scope), said(each.reason or each.status.value)) for each in coverage.gaps()
        )
        return EmptyState(
            self._ui,
            self.tr("No orphan orders in what could be read"),
            self.tr("{0} of {1} scopes were read at {2}. There may be orphan orders in the others:\n\n{3}").format(
                coverage.read_count(), len(coverage.readings), when, gaps
            ),
            icon="warning",
            tone=Tone.WARNING,
            choices=(Choice(self.tr("Compare again"), again, "refresh"),),
        )
