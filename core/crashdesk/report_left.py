"""Which orphan orders a recovery left on the exchange, and which of them nobody has settled. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crashdesk.reconcile.records import NOT_CARRIED_OUT, OrderVerdict, OutcomeKind

if TYPE_CHECKING:
    from crashdesk.recovery_report import RecoveryReport

_OVER = frozenset({OutcomeKind.CANCELLED, OutcomeKind.FILLED, OutcomeKind.ALREADY_CLOSED})


def still_open(report: RecoveryReport) -> tuple[OrderVerdict, ...]:
    """The orphan orders on the exchange that were not adopted, as they were read last; none that was proved to be over."""
    last, over = report.final or report.plan, report.execution.adopted
    if report.final is None:
        over |= {each.order_key for each in report.execution.outcomes if each.kind in _OVER}
    return tuple(each for key, each in last.orphan_by_key.items() if key not in over)


def own_left(report: RecoveryReport) -> tuple[OrderVerdict, ...]:
    """The bot's own orders that were on the exchange at the end, that it does not know, and that nobody decided on."""
    if report.final is None:
        return ()
    decided = {outcome.order_key for outcome in report.execution.outcomes}
    return report.final.own_undecided(decided | report.execution.adopted)


def staying(report: RecoveryReport) -> tuple[OrderVerdict, ...]:
    """The orders that stay since somebody decided so, now or before, or that are not the bot's and nobody decided on.

    What protects a position is not among them. When the exchange was not read again, nobody can say that anything stays.
    """
    if report.final is None:
        return ()
    outcomes = {each.order_key: each.kind for each in report.execution.outcomes}
    return tuple(
        each
        for each in still_open(report)
        if not each.protective and (outcomes[each.key] is OutcomeKind.LEFT if each.key in outcomes else each.left_alone)
    )


def unsettled(report: RecoveryReport) -> tuple[OrderVerdict, ...]:
    """The orders that are open, in no state, protect nothing and stay by nobody's decision, but for `own_left`.

    Nor is one among them on which somebody decided, and that was not carried out (`not_carried_out`).
    """
    settled = {each.key for each in (*staying(report), *own_left(report), *not_carried_out(report))}
    return tuple(each for each in still_open(report) if not each.protective and each.key not in settled)


def not_carried_out(report: RecoveryReport) -> tuple[OrderVerdict, ...]:
    """The orders that are open, in no state and protect nothing, since what was decided on them was not done."""
    failed = {each.order_key for each in report.execution.outcomes if each.kind in NOT_CARRIED_OUT}
    return tuple(each for each in still_open(report) if not each.protective and each.key in failed)
