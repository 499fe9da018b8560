"""What a page shows when there is no comparison to show: why, what it means, and the one next step."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from crashdesk.reconcile.records import Plan
from crashdesk_gui.context import UiContext
from crashdesk_gui.errors import explain
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.empty import Choice, EmptyState, ErrorState


def no_store(ui: UiContext) -> EmptyState:
    """No store is open."""
    return EmptyState(
        ui, _tr("No store is open"), _tr("Open the directory in which your bot keeps its checkpoints."), icon="store"
    )


def no_exchange(ui: UiContext, connect: Callable[[], object]) -> EmptyState:
    """There is nothing to compare with."""
    return EmptyState(
        ui,
        _tr("No exchange is connected"),
        _tr("What rests on the exchange is unknown until it is read. Reading changes nothing there."),
        icon="connect",
        choices=(Choice(_tr("Connect an exchange…"), connect, "connect"),),
    )


def not_compared(ui: UiContext, compare: Callable[[], object]) -> EmptyState:
    """An exchange is connected and was not read yet."""
    return EmptyState(
        ui,
        _tr("Not compared yet"),
        _tr(
            "Compare the newest valid checkpoint with the exchange to find the orders that the bot does not know. "
            "Comparing only reads."
        ),
        icon="compare",
        choices=(Choice(_tr("Compare with the exchange"), compare, "compare"),),
    )


def not_readable(ui: UiContext, error: Exception, again: Callable[[], object]) -> ErrorState:
    """The comparison failed."""
    explanation = explain(error)
    return ErrorState(
        ui,
        explanation.title,
        meaning=explanation.meaning,
        remedy=explanation.advice,
        choices=(Choice(_tr("Compare again"), again, "refresh"),),
    )


def all_clear(ui: UiContext, plan: Plan, again: Callable[[], object]) -> EmptyState:
    """No orphan orders: calm when everything was read, and only then."""
    coverage = plan.coverage
    when = ui.display.time(plan.made_at)
    known = _known(plan)
    if coverage.complete:
        return EmptyState(
            ui,
            _tr("No orphan orders"),
            _tr("Every order that is open on {0} is known to {1}. All {2} scopes were read at {3}.").format(
                plan.exchange, known, coverage.read_count(), when
            ),
            icon="check",
            tone=Tone.OK,
            choices=(Choice(_tr("Compare again"), again, "refresh"),),
        )
    gaps = "\n".join(f"{each.scope.label()}: {each.reason or each.status.value}" for each in coverage.gaps())
    return EmptyState(
        ui,
        _tr("No orphan orders in what could be read"),
        _tr("{0} of {1} scopes were read at {2}. There may be orphan orders in the others:\n\n{3}").format(
            coverage.read_count(), len(coverage.readings), when, gaps
        ),
        icon="warning",
        tone=Tone.WARNING,
        choices=(Choice(_tr("Compare again"), again, "refresh"),),
    )


def _known(plan: Plan) -> str:
    if plan.checkpoint_seq is None:
        return _tr("the empty state that it was compared with")
    return _tr("checkpoint {0}").format(plan.checkpoint_seq)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ComparisonStates", text)
