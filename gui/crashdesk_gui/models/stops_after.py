"""What decisions leave of a position's stops, in the same words before the step and in its dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from crashdesk.reconcile.records import Decision, Plan
from crashdesk.stops_after import StopsAfter, stops_after
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.theme import Status, Tone


class StopsAfterWords(QObject):
    """Names each position that loses a stop, and what protects it then."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words

    def told(self, plan: Plan, decisions: Sequence[Decision]) -> tuple[list[str], Tone]:
        """A sentence for each position, and the tone of the worst: danger when nothing is left of the stops of one."""
        lost = stops_after(plan, decisions)
        tone = Tone.DANGER if any(each.covered == 0 for each in lost) else Tone.WARNING
        return [self._sentence(each) for each in lost], tone

    def marked(self, plan: Plan, decisions: Sequence[Decision]) -> tuple[str, Tone]:
        """The sentences, a line each with its mark, and their tone; empty where no stop is cancelled."""
        sentences, tone = self.told(plan, decisions)
        return "\n".join(f"{Status.DIFFERS.glyph} {each}" for each in sentences), tone

    def _sentence(self, after: StopsAfter) -> str:
        verdict, live = after.verdict, after.verdict.live
        leg = (
            self._words.position_side(verdict.side)
            if live is None
            else self._words.leg(live.side, live.contracts, verdict.contract)
        )
        if after.covered is None:
            text = self.tr("After this, {0} {1} has fewer stops; how much the others cover is not known.")
            return text.format(verdict.symbol, leg)
        if after.covered == 0:
            return self.tr("After this: no stop. {0} {1} stands unprotected.").format(verdict.symbol, leg)
        covered = self._words.display.decimal(after.covered)
        return self.tr("After this: stops cover at most {0} of {1} {2}.").format(covered, verdict.symbol, leg)
