"""What may be said of a recovery as a whole, in one judgement for every place that says it. Pure."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

from crashdesk.reconcile.entry_prices import entries_untold
from crashdesk.reconcile.records import NOT_DONE, OrderVerdict, OrderVerdictKind, OutcomeKind, PositionVerdict
from crashdesk.reconcile.stop_cover import StopJudgement
from crashdesk.report_left import not_carried_out, own_left, unsettled
from crashdesk.report_stops import ToldStops
from crashdesk.report_words import counted

if TYPE_CHECKING:
    from crashdesk.recovery_report import RecoveryReport


class Ending(enum.Enum):
    """How a recovery ended."""

    SAVED = "saved"
    STOPPED = "stopped"
    FAILED = "failed"


class Weight(enum.IntEnum):
    """How much a judgement weighs; the heaviest of all that is to be said gives the whole its tone."""

    CALM = 0
    WARNING = 1
    DANGER = 2

    @property
    def mark(self) -> str:
        """The sign before the words in plain text."""
        return "✓!✕"[self]


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """How a recovery ended, and what nobody may overlook about it.

    `not_handled` decided orders could not be handled, of `unknown` ones nobody knows what came of them, and `filled_first` had
    filled before it came to that; of the first two, `not_carried_out` are open and in no state. `uncovered`
    are the positions whose stops want a look, the worst first. `own_left` are the bot's own orders on the exchange that nobody
    decided on, which the saved state does not hold; `unsettled` others that are open and in no state, without anybody's decision
    that they stay; `adopted_unproven` joined the state though nothing proves that they are the bot's. `as_known` says that a part
    of that state is only what was known before, since the exchange could not be read there, and `in_doubt` that something which
    the bot did may be missing from it; `unlogged` that the audit log could not be completed. `entries_untold` are
    positions saved without a price of entry. `seq` is the checkpoint that was saved, None for none.
    """

    ending: Ending
    seq: int | None
    not_handled: int = 0
    unknown: int = 0
    filled_first: int = 0
    uncovered: tuple[ToldStops, ...] = ()
    own_left: tuple[OrderVerdict, ...] = ()
    unsettled: tuple[OrderVerdict, ...] = ()
    not_carried_out: tuple[OrderVerdict, ...] = ()
    adopted_unproven: tuple[OrderVerdict, ...] = ()
    as_known: bool = False
    in_doubt: bool = False
    unlogged: bool = False
    entries_untold: tuple[PositionVerdict, ...] = ()

    @property
    def weight(self) -> Weight:
        """The heaviest of all that the report says, so that what stands above it is never calmer."""
        stop_gone = any(each.judged is StopJudgement.GONE for each in self.uncovered)
        if self.ending is Ending.FAILED or stop_gone:
            return Weight.DANGER
        handled = not (self.not_handled or self.unknown)
        orders = not handled or self.filled_first or self.own_left or self.unsettled or self.adopted_unproven
        doubts = self.uncovered or self.as_known or self.in_doubt or self.unlogged or self.entries_untold
        settled = self.ending is Ending.SAVED and not (orders or doubts)
        return Weight.CALM if settled else Weight.WARNING

    @property
    def clean(self) -> bool:
        """Whether it was saved and there is nothing to add."""
        return self.weight is Weight.CALM

    @property
    def mark(self) -> str:
        """The sign before the words in plain text."""
        return self.weight.mark


def conclude(report: RecoveryReport) -> Conclusion:
    """The judgement on a recovery."""
    saved, final, execution = report.saved, report.final, report.execution
    adopted = (report.plan.orphan_by_key.get(key) for key in sorted(execution.adopted))
    return Conclusion(
        ending=Ending.SAVED if saved is not None else Ending.STOPPED if execution.stopped else Ending.FAILED,
        seq=None if saved is None else saved.seq,
        not_handled=execution.count(*NOT_DONE),
        unknown=execution.count(OutcomeKind.UNKNOWN),
        filled_first=execution.count(OutcomeKind.FILLED),
        uncovered=tuple(each for each in report.stops if each.judged.wants_a_look),
        own_left=own_left(report),
        unsettled=unsettled(report),
        not_carried_out=not_carried_out(report),
        adopted_unproven=tuple(
            each for each in adopted if each is not None and each.kind is not OrderVerdictKind.OWN_ORPHAN
        ),
        as_known=final is None or final.as_known,
        in_doubt=bool(report.plan.journal_problem) or (final is not None and final.in_doubt),
        unlogged=saved is not None and bool(report.problem),
        entries_untold=() if final is None else entries_untold(final),
    )


def headline(report: RecoveryReport) -> str:
    """The judgement in one line: `Recovered to checkpoint 5; 1 decided order could not be handled`."""
    told = report.conclusion
    if told.ending is not Ending.SAVED:
        word = "stopped before the end" if told.ending is Ending.STOPPED else "not finished"
        return f"Recovery {word}: nothing was saved"
    if told.clean:
        return f"Recovered: checkpoint {told.seq} holds what is true on the exchange"
    return f"Recovered to checkpoint {told.seq}; {'; '.join(_caveats(told))}"


def _caveats(told: Conclusion) -> list[str]:
    unknown = sum(each.judged is StopJudgement.UNKNOWN for each in told.uncovered)
    bare = len(told.uncovered) - unknown
    said = (
        (told.unknown, f"the result of {counted(told.unknown, 'decided order')} is not known"),
        (told.not_handled, f"{counted(told.not_handled, 'decided order')} could not be handled"),
        (bare, f"{counted(bare, 'position')} with no stop or only a part of one"),
        (unknown, f"{counted(unknown, 'position')} of which nobody knows the stops"),
        (
            told.own_left,
            f"{len(told.own_left)} of the bot's own orders left on the exchange for now, unknown to it",
        ),
        (told.unsettled, f"{counted(len(told.unsettled), 'orphan order')} open on the exchange that nobody settled"),
        (told.as_known, "not everything could be read: a part of it is as it was known"),
        (told.in_doubt, "something that the bot did may be missing from it"),
        (told.entries_untold, f"{counted(len(told.entries_untold), 'position')} saved without an entry price"),
        (told.unlogged, "the audit log could not be completed"),
        (
            told.adopted_unproven,
            f"{counted(len(told.adopted_unproven), 'order')} adopted that nothing proves to be the bot's",
        ),
        (told.filled_first, f"{counted(told.filled_first, 'decided order')} had filled before"),
    )
    return [words for there, words in said if there]
