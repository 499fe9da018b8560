"""Which positions stand on the exchange, and whether stops cover them: the same sentences on every page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import groupby

from PySide6.QtCore import QObject

from crashdesk.reconcile.records import OrderVerdictKind, Plan, PositionVerdict
from crashdesk.reconcile.stop_cover import STOPS, StopJudgement, by_urgency
from crashdesk.state import OPEN_STATUSES, Side
from crashdesk_gui.errors import told_together
from crashdesk_gui.models.plan_words import PlanWords, stop_status
from crashdesk_gui.theme import Status, Tone

_Stops = dict[tuple[str, Side], list[tuple[str, OrderVerdictKind]]]

_NAMED = 4
_SUMMED_UP = 3
_NOT_OURS = (OrderVerdictKind.FOREIGN, OrderVerdictKind.AMBIGUOUS)


class StopLines(QObject):
    """Puts the core's judgement on each position into a sentence, the worst first."""

    def __init__(self, words: PlanWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words
        self._found: tuple[Plan, _Stops] | None = None

    def sentence(self, verdict: PositionVerdict, plan: Plan | None = None, adopted: Collection[str] = ()) -> str:
        """`BTC/USDT:USDT ▲ long 0.27: stops cover 0.25 of 0.27.`; `plan` and `adopted`: see `cover`."""
        live = verdict.live
        leg = (
            self._words.position_side(verdict.side)
            if live is None
            else self._words.leg(live.side, live.contracts, verdict.contract)
        )
        return self.tr("{0} {1}: {2}.").format(verdict.symbol, leg, self.cover(verdict, plan, adopted))

    def cover(self, verdict: PositionVerdict, plan: Plan | None = None, adopted: Collection[str] = ()) -> str:
        """`stops cover all of it, by an order that is not the bot's`; empty where there is nothing that a stop could close.

        Whose the stops are `plan` tells, but that the orders with the keys `adopted` are the bot's own now.
        """
        stops = self._words.stops(verdict)
        if stops is None:
            return ""
        counted = plan is not None and verdict.stops is not None and verdict.stops.covered
        whose = self._whose(plan, verdict, adopted) if plan is not None and counted else []
        if not any(kind in _NOT_OURS for kind in whose):
            return stops[1]
        if all(kind is OrderVerdictKind.FOREIGN for kind in whose):
            text = self.tr("{0}, by an order that is not the bot's")
        elif all(kind in _NOT_OURS for kind in whose):
            text = self.tr("{0}, by an order that may not be the bot's")
        else:
            text = self.tr("{0}, a part of it by an order that may not be the bot's")
        return text.format(stops[1])

    def _whose(self, plan: Plan, verdict: PositionVerdict, adopted: Collection[str]) -> list[OrderVerdictKind]:
        # Looked for once a plan: every second asks, and there may be ten thousand orders.
        if self._found is None or self._found[0] is not plan:
            self._found = plan, _stops_of(plan)
        side = verdict.live.side if verdict.live is not None else verdict.side
        stops = self._found[1].get((verdict.symbol, side), [])
        return [OrderVerdictKind.MATCHED if key in adopted else kind for key, kind in stops]

    def summary(self, told: Sequence[tuple[StopJudgement, PositionVerdict]]) -> str:
        """What is wrong with the stops of several positions, the worst first: a sentence for each kind of trouble."""
        sentences = []
        for judged, group in groupby(told, lambda each: each[0]):
            named = self._listed([self._named(judged, verdict) for _, verdict in group])
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

    def lines(self, plan: Plan, before: Plan | None = None, adopted: Collection[str] = ()) -> list[tuple[str, Tone]]:
        """A line with its glyph and tone for each of the first ones, and how many more there are.

        `before`: see `by_urgency`; `adopted`: see `cover`.
        """
        judged = by_urgency(plan.positions, before.positions if before is not None else ())
        told = [
            (f"{_glyph(each)}  {self.sentence(verdict, plan, adopted)}", stop_tone(each))
            for each, verdict in judged[:_NAMED]
        ]
        if rest := judged[_NAMED:]:
            more = self.tr("and %n more position(s); the table of positions names them", "", len(rest))
            told.append((more, stop_tone(rest[0][0])))
        return told


def _stops_of(plan: Plan) -> _Stops:
    """The keys and verdicts of the stops by the position that they close: whoever placed one may take it away."""
    found: _Stops = defaultdict(list)
    for each in plan.orders:
        order = each.live
        if order is None or order.order_type not in STOPS or not each.protective or order.status not in OPEN_STATUSES:
            continue
        found[order.symbol, Side.SELL if order.side is Side.BUY else Side.BUY].append((each.key, each.kind))
    return found


def stop_tone(judged: StopJudgement) -> Tone:
    """The tone of a judgement's sentence; one that needs no look stands in plain text."""
    status = stop_status(judged)
    return Tone.TEXT if status is Status.OK else status.tone


def _glyph(judged: StopJudgement) -> str:
    return "·" if judged is StopJudgement.UNUSED else stop_status(judged).glyph
