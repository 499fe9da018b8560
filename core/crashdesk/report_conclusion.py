"""What may be said of a recovery as a whole, in one judgement for every place that says it. Pure."""

from __future__ import annotations

import enum

import msgspec

from crashdesk.reconcile.records import NOT_DONE, OrderVerdict
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_words import counted

"""How a decision ends that was not carried out, or not provably."""


class Ending(enum.Enum):
    """How a recovery ended."""

    SAVED = "saved"
    STOPPED = "stopped"
    FAILED = "failed"


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """How a recovery ended, and what nobody may overlook about it.

    `not_handled` decided orders could not be handled; `own_left` are the bot's own orders on the exchange that nobody decided
    on, which the saved state does not hold; `as_known` says that a part of that state is only what was known before, since the
    exchange could not be read there, and `in_doubt` that something which the bot did may be missing from it. `seq` is the
    checkpoint that was saved, None for none.
    """

    ending: Ending
    seq: int | None
    not_handled: int = 0
    own_left: tuple[OrderVerdict, ...] = ()
    as_known: bool = False
    in_doubt: bool = False

    @property
    def clean(self) -> bool:
        """Whether it was saved and there is nothing to add."""
        return self.ending is Ending.SAVED and not (self.not_handled or self.own_left or self.as_known or self.in_doubt)

    @property
    def mark(self) -> str:
        """The sign before the words in plain text."""
        if self.ending is Ending.FAILED:
            return "✕"
        return "✓" if self.clean else "!"


def conclude(report: RecoveryReport) -> Conclusion:
    """The judgement on a recovery."""
    saved, final = report.saved, report.final
    if saved is None:
        ending = Ending.STOPPED if report.execution.stopped else Ending.FAILED
        return Conclusion(ending=ending, seq=None, not_handled=report.execution.count(*NOT_DONE))
    return Conclusion(
        ending=Ending.SAVED,
        seq=saved.seq,
        not_handled=report.execution.count(*NOT_DONE),
        own_left=own_left(report),
        as_known=final is None or final.as_known,
        in_doubt=bool(report.plan.journal_problem) or (final is not None and final.in_doubt),
    )


def own_left(report: RecoveryReport) -> tuple[OrderVerdict, ...]:
    """The bot's own orders that were on the exchange at the end, that it does not know, and that nobody decided on."""
    if report.final is None:
        return ()
    decided = {outcome.order_key for outcome in report.execution.outcomes}
    return report.final.own_undecided(decided | report.execution.adopted)


def headline(report: RecoveryReport) -> str:
    """The judgement in one line: `Recovered to checkpoint 5; 1 decided order could not be handled`."""
    told = conclude(report)
    if told.ending is not Ending.SAVED:
        word = "stopped before the end" if told.ending is Ending.STOPPED else "not finished"
        return f"Recovery {word}: nothing was saved"
    if told.clean:
        return f"Recovered: checkpoint {told.seq} holds what is true on the exchange"
    caveats = []
    if told.not_handled:
        caveats.append(f"{counted(told.not_handled, 'decided order')} could not be handled")
    if told.own_left:
        caveats.append(f"{len(told.own_left)} of the bot's own orders left on the exchange for now, unknown to it")
    if told.as_known:
        caveats.append("not everything could be read: a part of it is as it was known")
    if told.in_doubt:
        caveats.append("something that the bot did may be missing from it")
    return f"Recovered to checkpoint {told.seq}; {'; '.join(caveats)}"
