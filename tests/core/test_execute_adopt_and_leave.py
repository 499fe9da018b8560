"""Orders that are adopted or left are read again and never cancelled, and what was left is remembered."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from execution_desk import BTC, EMPTY, Desk, only
from recovery_builders import ExchangeInMemory, live, plan_of, snapshot
from strategies import ManualClock

from crashdesk.execute import execute_plan
from crashdesk.reconcile.records import Action, Decision, OutcomeKind
from crashdesk.state import OrderStatus, Side
from crashdesk.storage.journal import Journal


def test_an_order_that_is_adopted_is_read_again_and_not_cancelled(desk: Desk) -> None:
    desk.rest(prefix="web_")
    plan = desk.compare()
    key = plan.orphans[0].key
    execution = desk.execute(plan, Decision(order_key=key, action=Action.ADOPT, who="operator"))
    assert (only(execution).kind, execution.adopted) == (OutcomeKind.ADOPTED, frozenset({key}))
    desk.venue.push_price(BTC, Decimal(59000))
    gone = desk.execute(plan, Decision(order_key=key, action=Action.ADOPT, who="operator"))
    assert (only(gone).kind, gone.adopted, desk.deletes()) == (OutcomeKind.FILLED, frozenset(), 0)


def test_what_cannot_be_a_record_of_the_state_is_not_adopted(tmp_path: Path, clock: ManualClock) -> None:
    unmeasured, twin = live(id="1", client_order_id="grid-1", amount=None), live(id="8389765", client_order_id="web_1")
    other = live(id="9", client_order_id="web_9")
    same = live(id="9", client_order_id="web_8", symbol="ETH/USDT:USDT")
    state = make.state(positions=(), open_orders=(make.order(symbol="SOL/USDT:USDT"),))
    plan = plan_of(state, snapshot(orders=(unmeasured, twin, other, same)))
    decisions = [
        Decision(order_key=order.key, action=Action.ADOPT, who="operator") for order in (unmeasured, twin, other, same)
    ]
    journal = Journal(tmp_path, clock)
    exchange = ExchangeInMemory(unmeasured, twin, other, same)
    execution = execute_plan(plan, decisions, exchange=exchange, log=journal, clock=clock)
    journal.close()
    assert [outcome.kind for outcome in execution.outcomes] == [
        OutcomeKind.SKIPPED,
        OutcomeKind.SKIPPED,
        OutcomeKind.ADOPTED,
        OutcomeKind.SKIPPED,
    ]
    assert execution.adopted == {other.key}


def test_an_order_that_is_left_is_remembered_and_not_proposed_again(desk: Desk) -> None:
    desk.rest()
    plan = desk.compare()
    assert plan.orphans[0].preselected
    leave = Decision(order_key=plan.orphans[0].key, action=Action.LEAVE, who="kim", note="belongs to the hedge")
    assert only(desk.execute(plan, leave)).kind is OutcomeKind.LEFT
    again = desk.compare().orphans[0]
    assert (again.preselected, again.dismissed, desk.deletes()) == (False, "belongs to the hedge", 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": Decimal("36000")}, "price 36450.0 → 36000"),
        ({"amount": Decimal("0.020")}, "amount 0.010 → 0.020"),
        ({"side": Side.SELL}, "side buy → sell"),
        ({"filled": Decimal("0.004"), "status": OrderStatus.PARTIALLY_FILLED}, ""),
    ],
)
def test_what_was_left_is_shown_again_when_it_is_another_order_now(
    tmp_path: Path, clock: ManualClock, change: dict[str, Any], words: str
) -> None:
    """That it has filled further is what it was left for; a new price, amount or side is not."""
    plan = plan_of(EMPTY, snapshot(orders=(live(),)))
    journal = Journal(tmp_path, clock)
    leave = Decision(order_key=live().key, action=Action.LEAVE, who="kim", note="the hedge")
    execute_plan(plan, [leave], exchange=ExchangeInMemory(live()), log=journal, clock=clock)
    same = plan_of(EMPTY, snapshot(orders=(live(),)), with_journal=journal.view()).orphans[0]
    assert same.dismissed == "the hedge"
    after = plan_of(EMPTY, snapshot(orders=(live(**change),)), with_journal=journal.view())
    journal.close()
    (verdict,) = after.orphans
    told = next(item.text for item in verdict.evidence if "decided to leave it" in item.text)
    assert not verdict.preselected
    assert bool(after.needs_decision) is bool(words)
    assert verdict.dismissed == ("" if words else "the hedge")
    assert words in told
    assert "the hedge" in told
