"""What of the stops is left when decisions on a comparison are carried out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from crashdesk.exact import total
from crashdesk.reconcile.records import Action, Decision, Plan, PositionVerdict


class StopsAfter(msgspec.Struct, frozen=True, kw_only=True):
    """A position that loses stops, and how much the others cover of it then, in its unit; None where they do not say it."""

    verdict: PositionVerdict
    covered: Decimal | None


def stops_after(plan: Plan, decisions: Sequence[Decision]) -> tuple[StopsAfter, ...]:
    """Each position of which these decisions cancel a stop, in the plan's order; to adopt or leave one changes no cover."""
    cancelled = {each.order_key for each in decisions if each.action is Action.CANCEL}
    return tuple(
        StopsAfter(verdict=each, covered=_left(plan, each, [key for key in each.stops.orders if key not in cancelled]))
        for each in plan.positions
        if each.live is not None and each.stops is not None and not cancelled.isdisjoint(each.stops.orders)
    )


def _left(plan: Plan, verdict: PositionVerdict, keys: Sequence[str]) -> Decimal | None:
    amounts: list[Decimal] = []
    for key in keys:
        stop = plan.stop_by_key.get(key)
        live = stop.live if stop is not None else None
        if live is None or live.close_position or live.remaining is None:
            return None
        amounts.append(live.remaining)
    covered = total(amounts)
    if verdict.stops is None or (not covered and not verdict.stops.all_told):
        return None
    return min(covered, verdict.stops.covered)
