"""How the positions stand with their stops: in a comparison, and at the end of a recovery that may have cancelled some. Pure."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from crashdesk.reconcile.legs import Leg
from crashdesk.reconcile.position_orders import StopCover
from crashdesk.reconcile.records import OrderVerdict, OutcomeKind, Plan, PositionVerdict
from crashdesk.reconcile.stop_cover import StopJudgement, by_urgency, stops_text
from crashdesk.reconcile.stop_owners import StopOwner, stop_owner, with_owner
from crashdesk.report_words import order_words

if TYPE_CHECKING:
    from crashdesk.recovery_report import RecoveryReport


class LostStops(msgspec.Struct, frozen=True, kw_only=True):
    """The stops of one position that a recovery cancelled; together they covered the `whole` of it, or a part."""

    orders: tuple[OrderVerdict, ...]
    whole: bool

    @property
    def text(self) -> str:
        """`it was covered by stop sell 0.26 … (order 9003), which this recovery cancelled`."""
        named = " and ".join(order_words(each.live, each.contract) for each in self.orders)
        what = "it" if self.whole else "a part of it"
        return f"{what} was covered by stop{'s' if len(self.orders) > 1 else ''} {named}, which this recovery cancelled"


class ToldStops(msgspec.Struct, frozen=True, kw_only=True):
    """How one position stands with its stops, whose they are, and which it `lost` where it lacks them now."""

    judged: StopJudgement
    verdict: PositionVerdict
    owner: StopOwner
    lost: LostStops | None = None

    @property
    def text(self) -> str:
        """It in words."""
        text = with_owner(stops_text(self.verdict), self.owner)
        return text if self.lost is None else f"{text}; {self.lost.text}"

    @property
    def note(self) -> str:
        """The words with the mark of what wants a look before them."""
        return self.judged.mark + self.text


def plan_stops(plan: Plan) -> tuple[ToldStops, ...]:
    """Each position of a comparison that has a judgement, the worst first."""
    return tuple(
        ToldStops(judged=judged, verdict=verdict, owner=stop_owner(verdict, plan))
        for judged, verdict in by_urgency(plan.positions)
    )


def told_stops(report: RecoveryReport) -> tuple[ToldStops, ...]:
    """Each position as a recovery read it last that has a judgement, the worst first."""
    last = report.final or report.plan
    before = {_leg(each): each for each in report.plan.positions}
    cancelled = {each.order_key for each in report.execution.outcomes if each.kind is OutcomeKind.CANCELLED}
    # Where stops were used when the recovery began, the account uses them, though an operator has cancelled the last one since.
    used = any(each.stops is not None and each.stops.used for each in report.plan.positions)
    told = []
    for judged, verdict in by_urgency(last.positions):
        lost = _lost(verdict, before.get(_leg(verdict)), report.plan, cancelled)
        if lost is not None and report.final is None:
            # What was counted then is gone by now, and what is left was not read.
            unread = msgspec.structs.replace(verdict, stops=StopCover(covered=Decimal(0), all_told=False))
            told.append(ToldStops(judged=StopJudgement.UNKNOWN, verdict=unread, owner=StopOwner.BOT, lost=lost))
        else:
            lacks = StopJudgement.NONE if used and judged is StopJudgement.UNUSED else judged
            owner = stop_owner(verdict, last, report.execution.adopted)
            lost = None if judged is StopJudgement.ALL else lost
            told.append(ToldStops(judged=lacks, verdict=verdict, owner=owner, lost=lost))
    worst_first = list(StopJudgement)
    return tuple(sorted(told, key=lambda each: worst_first.index(each.judged)))


def stops_notes(report: RecoveryReport) -> dict[Leg, str]:
    """The same by position leg, each with its mark; a leg that no stop could close is not among them."""
    return {_leg(each.verdict): each.note for each in report.stops}


def _lost(
    verdict: PositionVerdict, before: PositionVerdict | None, plan: Plan, cancelled: Collection[str]
) -> LostStops | None:
    """Which stops covered a position `before` and were cancelled since; None for none."""
    if before is None or before.stops is None:
        return None
    stops, held = before.stops, verdict.live or before.live
    gone = tuple(plan.stop_by_key[key] for key in stops.orders if key in cancelled and key in plan.stop_by_key)
    if held is None or not gone:
        return None
    return LostStops(orders=gone, whole=stops.covered >= held.contracts and len(gone) == len(stops.orders))


def _leg(verdict: PositionVerdict) -> Leg:
    return verdict.symbol, verdict.side
