"""Which positions stand on the exchange, and whether stops cover them: the same sentences on every page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QObject

from crashdesk.reconcile.records import PositionVerdict
from crashdesk.reconcile.stop_cover import StopJudgement
from crashdesk.reconcile.stop_owners import StopOwner
from crashdesk.report_stops import LostStops, ToldStops
from crashdesk_gui.errors import told_together
from crashdesk_gui.models.plan_words import PlanWords, stop_status
from crashdesk_gui.theme import Status, Tone

_NAMED = 4
_SUMMED_UP = 3


class StopLines(QObject):
    """Puts the core's judgement on each position into a sentence, the worst first."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words

    def sentence(self, told: ToldStops) -> str:
        """`BTC/USDT:USDT ▲ long 0.27: stops cover 0.25 of 0.27.`"""
        verdict = told.verdict
        live = verdict.live
        leg = (
            self._words.position_side(verdict.side)
            if live is None
            else self._words.leg(live.side, live.contracts, verdict.contract)
        )
        return self.tr("{0} {1}: {2}.").format(verdict.symbol, leg, self.cover(told))

    def cover(self, told: ToldStops) -> str:
        """`stops cover all of it, by an order that is not the bot's`, and which stops a recovery took away."""
        stops = self._words.stops(told.verdict)
        text = "" if stops is None else stops[1]
        if told.owner is StopOwner.OTHERS:
            text = self.tr("{0}, by an order that is not the bot's").format(text)
        elif told.owner is StopOwner.UNPROVEN:
            text = self.tr("{0}, by an order that may not be the bot's").format(text)
        elif told.owner is StopOwner.MIXED:
            text = self.tr("{0}, a part of it by an order that may not be the bot's").format(text)
        return text if told.lost is None else self._with_lost(text, told.lost)

    def _with_lost(self, text: str, lost: LostStops) -> str:
        if len(lost.orders) > 1:
            lacks = (
                self.tr("{0}; it was covered by stops {1}, which this recovery cancelled")
                if lost.whole
                else self.tr("{0}; a part of it was covered by stops {1}, which this recovery cancelled")
            )
        else:
            lacks = (
                self.tr("{0}; it was covered by stop {1}, which this recovery cancelled")
                if lost.whole
                else self.tr("{0}; a part of it was covered by stop {1}, which this recovery cancelled")
            )
        named = [self._words.order(each.live, each.contract) for each in lost.orders if each.live is not None]
        return lacks.format(text, self._listed(named))

    def summary(self, told: Sequence[ToldStops]) -> str:
        """What is wrong with the stops of several positions, the worst first: a sentence for each kind of trouble."""
        sentences = []
        for judged, group in groupby(told, lambda each: each.judged):
            named = self._listed([self._named(judged, each.verdict) for each in group])
            sentences.append(self._trouble(judged).format(named))
        return told_together(*sentences)

    def _trouble(self, judged: StopJudgement) -> str:
        return {
            StopJudgement.GONE: self.tr("No stop protects {0}, though the bot had one there."),
            StopJudgement.PART: self.tr("Stops cover only {0}."),
            StopJudgement.UNKNOWN: self.tr("Whether stops protect {0} is not known."),
        }.get(judged, self.tr("No stop protects {0}."))

    def _named(self, judged: StopJudgement, verdict: PositionVerdict) -> str:
        live, stops = verdict.live, verdict.stops
        if judged is not StopJudgement.PART or live is None or stops is None:
            return verdict.symbol
        text = self.tr("{0} of {1} {2}") if verdict.contract is None else self.tr("{0} of {1} of {2}")
        whole = self._words.amount(live.contracts, verdict.contract)
        return text.format(self._words.display.decimal(stops.covered), whole, verdict.symbol)

    def _listed(self, names: Sequence[str]) -> str:
        shown, more = names[:_SUMMED_UP], len(names[_SUMMED_UP:])
        if more:
            return self.tr("{0} and %n more", "", more).format(self.tr(", ").join(shown))
        if len(shown) == 1:
            return shown[0]
        return self.tr("{0} and {1}").format(self.tr(", ").join(shown[:-1]), shown[-1])

    def lines(self, told: Sequence[ToldStops]) -> list[tuple[str, Tone]]:
        """A line with its glyph and tone for each of the first ones, and how many more there are."""
        lines = [(f"{_glyph(each.judged)}  {self.sentence(each)}", _tone(each)) for each in told[:_NAMED]]
        if rest := told[_NAMED:]:
            more = self.tr("and %n more position(s); the table of positions names them", "", len(rest))
            lines.append((more, _tone(rest[0])))
        return lines


def stop_tone(judged: StopJudgement) -> Tone:
    """The tone of a judgement's sentence; one that needs no look stands in plain text."""
    status = stop_status(judged)
    return Tone.TEXT if status is Status.OK else status.tone


def _glyph(judged: StopJudgement) -> str:
    return "·" if judged is StopJudgement.UNUSED else stop_status(judged).glyph


def _tone(told: ToldStops) -> Tone:
    # A stop that was taken away is no mere gap in what was read.
    return Tone.WARNING if told.lost is not None and told.judged is StopJudgement.UNKNOWN else stop_tone(told.judged)
