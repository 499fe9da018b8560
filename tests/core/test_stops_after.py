"""What decisions leave of a position's stops: all, a part, nothing, or nobody knows."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
import strategies as make
from recovery_builders import coverage, leg, plan_of, snapshot, stop

from crashdesk.exchange.records import ExchangeOrder, ScopeKind
from crashdesk.reconcile.records import Action, Decision, Plan
from crashdesk.stops_after import stops_after

NOTHING, A_PART, WHOLE = Decimal(0), Decimal("0.1"), Decimal("0.25")


def compared(*stops: ExchangeOrder, unread: tuple[ScopeKind, ...] = ()) -> Plan:
    """A long position of 0.25 and these stops, unknown to the bot."""
    return plan_of(make.state(open_orders=()), snapshot(orders=stops, positions=(leg(),), coverage=coverage(unread)))


def decided(plan: Plan, action: Action, *ids: str) -> list[Decision]:
    return [Decision(order_key=each.key, action=action, who="ops") for each in plan.orphans if each.live.id in ids]


def left(plan: Plan, *cancelled: str) -> Decimal | None:
    """What is covered of the one position once these are cancelled."""
    (after,) = stops_after(plan, decided(plan, Action.CANCEL, *cancelled))
    assert after.verdict is plan.positions[0]
    return after.covered


SMALL, LARGE = stop(id="small", amount=A_PART), stop(id="large", amount=Decimal("0.4"))


@pytest.mark.parametrize(
    ("cancelled", "covered"),
    [(("large",), A_PART), (("small",), WHOLE), (("small", "large"), NOTHING)],
)
def test_the_other_stops_cover_what_they_can_and_no_more_than_the_position(
    cancelled: tuple[str, ...], covered: Decimal
) -> None:
    assert left(compared(SMALL, LARGE), *cancelled) == covered


def test_a_stop_that_is_partly_filled_covers_what_remains_of_it() -> None:
    assert left(compared(msgspec.structs.replace(SMALL, filled=Decimal("0.04")), LARGE), "large") == Decimal("0.06")


def test_a_stop_that_closes_whatever_there_is_does_not_say_how_much() -> None:
    assert left(compared(SMALL, msgspec.structs.replace(LARGE, close_position=True)), "small") is None
    assert left(compared(SMALL, msgspec.structs.replace(LARGE, amount=None)), "small") is None


def test_where_not_every_stop_was_read_nothing_left_is_not_known_to_be_nothing() -> None:
    plan = compared(SMALL, LARGE, unread=(ScopeKind.ORDERS,))
    assert left(plan, "small", "large") is None


@pytest.mark.parametrize("action", [Action.ADOPT, Action.LEAVE])
def test_to_adopt_or_to_leave_a_stop_changes_no_cover(action: Action) -> None:
    plan = compared(SMALL, LARGE)
    assert stops_after(plan, decided(plan, action, "small", "large")) == ()
