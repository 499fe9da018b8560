"""Which positions stand on the exchange, and whether stops cover them: the same sentences on every page."""

from __future__ import annotations

from PySide6.QtCore import QObject

from crashdesk.reconcile.records import Plan, PositionVerdict
from crashdesk.reconcile.stop_cover import StopJudgement, by_urgency
from crashdesk_gui.models.plan_words import PlanWords, stop_status
from crashdesk_gui.theme import Status, Tone

_NAMED = 4


class StopLines(QObject):
    """Puts the core's judgement on each position into a sentence, the worst first."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words

    def sentence(self, verdict: PositionVerdict) -> str:
        """`BTC/USDT:USDT ▲ long 0.27: stops cover 0.25 of 0.27.`"""
        live, stops = verdict.live, self._words.stops(verdict)
        leg = (
            self._words.position_side(verdict.side)
            if live is None
            else self._words.leg(live.side, live.contracts, verdict.contract)
        )
        return self.tr("{0} {1}: {2}.").format(verdict.symbol, leg, stops[1] if stops is not None else "")

    def lines(self, plan: Plan, before: Plan | None = None) -> list[tuple[str, Tone]]:
        """A line with its glyph and tone for each of the first ones, and how many more there are; `before`: see `by_urgency`."""
        judged = by_urgency(plan.positions, before.positions if before is not None else ())
        told = [(f"{_glyph(each)}  {self.sentence(verdict)}", stop_tone(each)) for each, verdict in judged[:_NAMED]]
        if rest := judged[_NAMED:]:
            more = self.tr("and %n more position(s); the table of positions names them", "", len(rest))
            told.append((more, stop_tone(rest[0][0])))
        return told


def stop_tone(judged: StopJudgement) -> Tone:
    """The tone of a judgement's sentence; one that needs no look stands in plain text."""
    status = stop_status(judged)
    return Tone.TEXT if status is Status.OK else status.tone


def _glyph(judged: StopJudgement) -> str:
    return "·" if judged is StopJudgement.UNUSED else stop_status(judged).glyph
