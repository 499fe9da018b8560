"""What takes the calm out of the overview's words: orphan orders that are still open, and positions that stops do not cover."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from crashdesk.reconcile.stop_cover import StopJudgement, by_urgency
from crashdesk_gui.errors import told_together
from crashdesk_gui.situation import Situation, Step
from crashdesk_gui.views.ago_words import counted

translate = QCoreApplication.translate

_NO_STOP = (StopJudgement.GONE, StopJudgement.NONE)


def lacking(situation: Situation) -> list[StopJudgement]:
    """The judgement on each position whose stops want a look, the worst first."""
    plan, report = situation.plan, situation.report
    if plan is None:
        return []
    judged = (
        [judged for judged, _ in by_urgency(plan.positions)]
        if report is None
        else [each.judged for each in report.stops]
    )
    return [each for each in judged if each.wants_a_look]


def still_open(situation: Situation) -> int:
    """The orphan orders that are not settled, whether decided on or not; right after a recovery, those that it left unsettled.

    None of those of an account that may be another one than the store's.
    """
    told, plan = situation.tally, situation.plan
    if plan is not None and plan.denied and not situation.settled:
        return 0
    return len(told.waiting) + (0 if situation.settled else told.settled)


def recovered_sentence(situation: Situation) -> str:
    """The sentence of a recovered store: calm only where nothing is left to do before the bot trades on."""
    told = [each for each in (_open_sentence(situation), stops_sentence(lacking(situation))) if each]
    if not told:
        return translate("Overview", "The state is recovered and saved.")
    return told_together(translate("Overview", "Recovered."), *told)


def _open_sentence(situation: Situation) -> str:
    """How many orders the recovery, or whoever placed them since, left to the operator; decisions are asked for where they are
    taken next."""
    waiting, open_ones = len(situation.deciding), still_open(situation)
    if not open_ones:
        return ""
    if waiting and (situation.settled or situation.step in (Step.REVIEW, Step.CONNECT)):
        return counted(
            waiting,
            translate("Overview", "1 orphan order still needs your decision."),
            translate("Overview", "{0} orphan orders still need your decision."),
        )
    return counted(
        open_ones,
        translate("Overview", "1 orphan order is still open."),
        translate("Overview", "{0} orphan orders are still open."),
    )


def stops_sentence(judged: Sequence[StopJudgement]) -> str:
    """How many positions have no stop, how many are covered in part, and, if that is all, of how many it is not known."""
    none, part = sum(each in _NO_STOP for each in judged), judged.count(StopJudgement.PART)
    told = [
        counted(
            none,
            translate("Overview", "1 position has no stop."),
            translate("Overview", "{0} positions have no stop."),
        )
        if none
        else "",
        counted(
            part,
            translate("Overview", "Stops cover only a part of 1 position."),
            translate("Overview", "Stops cover only a part of {0} positions."),
        )
        if part
        else "",
    ]
    if judged and not (none or part):
        told = [
            counted(
                len(judged),
                translate("Overview", "Whether stops cover 1 position is not known."),
                translate("Overview", "Whether stops cover {0} positions is not known."),
            )
        ]
    return told_together(*(each for each in told if each))


def stops_words(judged: Sequence[StopJudgement]) -> list[str]:
    """The same for a card, a few words each: `2 without a stop`."""
    counts = (
        (sum(each in _NO_STOP for each in judged), translate("Overview", "{0} without a stop")),
        (judged.count(StopJudgement.PART), translate("Overview", "{0} partly covered by stops")),
        (judged.count(StopJudgement.UNKNOWN), translate("Overview", "stops of {0} not known")),
    )
    return [words.format(count) for count, words in counts if count]
