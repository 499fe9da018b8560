"""When to read again because orders were too new to judge: as soon as the youngest is old enough, by our own clock."""

from __future__ import annotations

from typing import Any

import pytest
import strategies as make
from recovery_builders import LATER, SECOND, intent, live, plan_of, rules, snapshot
from recovery_builders import journal as journal_of

from crashdesk.exchange.records import LookupStatus, OrderLookup, OrderRef
from crashdesk.reconcile.intents import intents_to_look_up
from crashdesk.reconcile.orders import orders_to_look_up
from crashdesk.reconcile.records import OrderVerdictKind, Plan
from crashdesk.reconcile.too_new import LONGEST_WAIT_NS, MARGIN_NS, read_again_at
from crashdesk.storage.journal_records import JournalView

NOTHING_KNOWN = make.state(open_orders=(), positions=())


def seen(*ages_s: float, offset_s: float = 0) -> Plan:
    """A plan with one unknown order of each age, made at LATER by our clock; the exchange's is ahead by `offset_s`."""
    theirs = LATER + int(offset_s * SECOND)
    orders = tuple(
        live(id=str(number), client_order_id=f"grid-{number}", created_at=theirs - int(age * SECOND))
        for number, age in enumerate(ages_s)
    )
    exchange = snapshot(orders=orders, clock_offset_ns=int(offset_s * SECOND))
    return plan_of(NOTHING_KNOWN, exchange, by=rules(now_ns=theirs))


def absent(ref: OrderRef) -> OrderLookup:
    return OrderLookup(ref=ref, status=LookupStatus.ABSENT, read_at=LATER)


@pytest.mark.parametrize(
    ("ages_s", "count", "due_in_s"), [((), 0, None), ((5, 90), 0, None), ((4.9,), 1, 0.1), ((1, 4, 60), 2, 4)]
)
def test_the_youngest_order_decides(ages_s: tuple[float, ...], count: int, due_in_s: float | None) -> None:
    plan = seen(*ages_s)
    assert len(plan.too_new) == count
    due = None if due_in_s is None else LATER + round(due_in_s * SECOND) + MARGIN_NS
    assert read_again_at(plan, LATER) == due


def test_at_that_moment_the_order_is_judged() -> None:
    plan = seen(1)
    due = read_again_at(plan, LATER)
    assert due is not None
    orders = tuple(verdict.live for verdict in plan.orders if verdict.live is not None)
    again = plan_of(NOTHING_KNOWN, snapshot(orders=orders), by=rules(now_ns=due))
    assert [verdict.kind for verdict in again.orders] == [OrderVerdictKind.OWN_ORPHAN]
    assert read_again_at(again, due) is None


@pytest.mark.parametrize("offset_s", [-40, 40])
def test_the_moment_is_one_of_our_own_clock_however_the_exchange_s_stands(offset_s: float) -> None:
    assert read_again_at(seen(2, offset_s=offset_s), LATER) == LATER + 3 * SECOND + MARGIN_NS


def test_a_moment_that_is_past_is_now() -> None:
    assert read_again_at(seen(2), LATER + 90 * SECOND) == LATER + 90 * SECOND


def test_an_order_from_a_clock_that_is_far_ahead_is_counted_and_not_waited_for() -> None:
    plan = seen(-LONGEST_WAIT_NS / SECOND)
    assert len(plan.too_new) == 1
    assert read_again_at(plan, LATER) is None


def test_a_known_order_that_is_missing_and_too_new_is_waited_for() -> None:
    known = make.state(open_orders=(make.order(created_at=LATER - 3 * SECOND),), positions=())
    exchange = snapshot()
    exchange = snapshot(lookups=tuple(map(absent, orders_to_look_up(known, exchange))))
    plan = plan_of(known, exchange)
    assert [verdict.kind for verdict in plan.orders] == [OrderVerdictKind.UNKNOWN]
    assert read_again_at(plan, LATER) == LATER + 2 * SECOND + MARGIN_NS


def test_what_the_bot_was_just_about_to_send_is_waited_for_by_the_bot_s_clock() -> None:
    plan = about_to_send(LATER - 4 * SECOND, offset_s=30)
    assert len(plan.too_new) == 1
    assert read_again_at(plan, LATER) == LATER + SECOND + MARGIN_NS
    assert len(about_to_send(LATER - 6 * SECOND, offset_s=30).too_new) == 0


def about_to_send(at: int, *, offset_s: float) -> Plan:
    theirs = LATER + int(offset_s * SECOND)
    sent: Any = intent(at=at, order_type="limit", client_order_id="grid-9")
    journal = JournalView(intents=journal_of(sent).intents, pending=(sent,))
    exchange = snapshot(clock_offset_ns=int(offset_s * SECOND))
    refs = intents_to_look_up(NOTHING_KNOWN, journal, exchange)
    exchange = snapshot(clock_offset_ns=int(offset_s * SECOND), lookups=tuple(map(absent, refs)))
    return plan_of(NOTHING_KNOWN, exchange, with_journal=journal, by=rules(now_ns=theirs))
