"""The numbers of the orphan orders: each is counted once, and a proposal is no decision."""

from __future__ import annotations

import strategies as make
from recovery_builders import live, plan_of, snapshot

from crashdesk.reconcile.tally import tally


def test_each_order_is_counted_once_and_a_proposal_apart_from_a_decision() -> None:
    orders = tuple(live(id=str(number), client_order_id=f"grid-{900 + number}") for number in range(4))
    others = (live(id="web", client_order_id="web-1"), live(id="app", client_order_id="app-1"))
    plan = plan_of(make.state(open_orders=(), positions=()), snapshot(orders=orders + others))
    own = [each.key for each in plan.orphans if not each.left_alone]
    foreign = [each.key for each in plan.orphans if each.left_alone]
    assert (len(own), len(foreign)) == (4, 2)

    told = tally(plan.orphans, (own[0], foreign[0]), proposed=own[:3])
    assert (told.decided, told.proposed, len(told.waiting), told.left_alone) == (2, 2, 1, 1)
    assert told.settled == 4
    assert told.total == len(plan.orphans)
    assert [each.key for each in told.waiting] == own[3:]
    assert tally(plan.orphans).settled == 0
