"""The core's judgement on a recovery in the operator's words: the headline of the report, and what else takes the calm away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject

from crashdesk.reconcile.stop_cover import StopJudgement
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_conclusion import Conclusion, Weight
from crashdesk_gui.joined_words import listed
from crashdesk_gui.theme import Status

_STATUS = {Weight.CALM: Status.OK, Weight.WARNING: Status.DIFFERS, Weight.DANGER: Status.BAD}


@dataclass(frozen=True, slots=True)
class Caveat:
    """One thing that nobody may overlook: as the headline says it, and as a sentence under a headline that says another.

    With `to_do` the sentence says what to do, and stands under its own headline too.
    """

    headline: str
    sentence: str
    to_do: bool = False


def report_status(report: RecoveryReport) -> Status:
    """The status of the report's headline: as bad as the worst that the report says."""
    return _STATUS[report.conclusion.weight]


class VerdictWords(QObject):
    """Words the judgement."""

    def saved_words(self, report: RecoveryReport) -> tuple[str, tuple[str, ...]]:
        """The headline of a recovery that saved checkpoint `seq`, and the sentences that go with it."""
        told = report.conclusion
        caveats = (
            *self._of_decisions(told),
            *self._of_stops(told),
            *self._of_orders(told),
            *self._of_doubts(told),
            *self._of_news(told),
        )
        calm = self.tr("{0} Recovered: checkpoint {1} holds what is true on the exchange")
        headline = caveats[0].headline if caveats else calm
        also = tuple(each.sentence for each in caveats if each.to_do or each is not caveats[0])
        return headline.format(_STATUS[told.weight].glyph, told.seq), also

    def _of_decisions(self, told: Conclusion) -> Iterator[Caveat]:
        if told.unknown:
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}; the result of %n decision(s) is unknown", "", told.unknown),
                "",
            )
        if told.not_handled:
            # What became of each order stands above the outcomes.
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}, but not every order could be handled"),
                self.tr("Not every order could be handled."),
            )

    def _of_stops(self, told: Conclusion) -> Iterator[Caveat]:
        if not told.uncovered:
            return
        if all(each.judged is StopJudgement.UNKNOWN for each in told.uncovered):
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}; whether stops cover every position is not known"),
                self.tr("Whether stops cover every position is not known."),
            )
        else:
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}, but stops do not cover every position"),
                self.tr("Place the missing stops on the exchange, unless the bot places its own."),
                to_do=True,
            )

    def _of_orders(self, told: Conclusion) -> Iterator[Caveat]:
        own, others = len(told.own_left), len(told.unsettled)
        if own:
            yield Caveat(
                self.tr(
                    "{0} Recovered to checkpoint {1}; %n of the bot's own orders left on the exchange for now, unknown to it",
                    "",
                    own,
                ),
                self.tr("%n of the bot's own orders left on the exchange for now, unknown to it.", "", own),
            )
        if others:
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}; %n orphan order(s) open that nobody settled", "", others),
                self.tr("%n orphan order(s) open that nobody settled.", "", others),
            )

    def _of_doubts(self, told: Conclusion) -> Iterator[Caveat]:
        if told.as_known:
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}, as far as the exchange could be read"),
                self.tr("Not everything could be read: a part of the saved state is as it was known."),
            )
        if told.in_doubt:
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}; something that the bot did may be missing from it"),
                self.tr("Something that the bot did may be missing from it."),
            )
        untold = len(told.entries_untold)
        if untold:
            symbols = listed(each.symbol for each in told.entries_untold)
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}; %n position(s) saved without an entry price", "", untold),
                self.tr(
                    "The exchange does not tell the entry price of {0}: 0 is saved, so give the bot the right one."
                ).format(symbols),
                to_do=True,
            )
        if told.unlogged:
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}; the audit log could not be completed"),
                self.tr("The audit log could not be completed: make room on its disk, then resume the recovery."),
                to_do=True,
            )

    def _of_news(self, told: Conclusion) -> Iterator[Caveat]:
        adopted, filled = len(told.adopted_unproven), told.filled_first
        if adopted:
            yield Caveat(
                self.tr(
                    "{0} Recovered to checkpoint {1}; %n adopted order(s) not provably the bot's",
                    "",
                    adopted,
                ),
                self.tr("%n adopted order(s) not provably the bot's.", "", adopted),
            )
        if filled:
            yield Caveat(
                self.tr("{0} Recovered to checkpoint {1}; %n decided order(s) had filled before", "", filled),
                self.tr("%n decided order(s) had filled before.", "", filled),
            )
