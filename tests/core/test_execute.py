"""Carrying out decisions against the embedded exchange over HTTP: one request an order, and only a re-read is proof."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from execution_desk import BTC, CONDITIONAL, EMPTY, NORMAL, VIEWER, Desk, Wrapped, cancel, kinds, only
from recovery_builders import ExchangeInMemory, live, plan_of, snapshot
from strategies import ManualClock

from crashdesk.audit import AuditKind, broken_links
from crashdesk.demo.venue import LedgerStatus
from crashdesk.demo.venue import Namespace as VenueNamespace
from crashdesk.errors import PlanChanged
from crashdesk.exchange.records import CancelAnswer, OrderRef
from crashdesk.execute import execute_plan
from crashdesk.reconcile.records import Action, Decision, OutcomeKind, Plan
from crashdesk.state import OrderStatus, Side
from crashdesk.storage.journal import Journal


def test_cancelled_once_and_proved_by_reading_it_again(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent) == (OutcomeKind.CANCELLED, True)
    assert outcome.reread is not None
    assert outcome.reread.status is OrderStatus.CANCELLED
    assert outcome.elapsed_ns is not None
    assert (desk.truth(order), desk.deletes()) == (LedgerStatus.CANCELLED, 1)
    assert kinds(desk.journal, plan) == [AuditKind.DECISION, AuditKind.INTENT, AuditKind.OUTCOME]
    decision = desk.journal.entries(plan_id=plan.id)[0]
    assert decision.data["verdict"] == "own_orphan"
    assert "starts with the bot's own prefix" in decision.data["evidence"]
    assert broken_links(desk.journal.entries()) == []


def test_a_conditional_order_is_cancelled_in_its_own_namespace(desk: Desk) -> None:
    desk.trader.create_order(BTC, "market", "buy", "0.01")
    order = desk.rest_stop()
    plan = desk.compare()
    assert [verdict.preselected for verdict in plan.orphans] == [False]
    assert only(desk.cancel_all(plan)).kind is OutcomeKind.CANCELLED
    assert desk.truth(order, VenueNamespace.CONDITIONAL) is LedgerStatus.CANCELLED
    assert (desk.deletes(CONDITIONAL), desk.deletes()) == (1, 0)


@pytest.mark.scenario(27)
def test_an_order_that_filled_before_is_not_touched(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    desk.venue.push_price(BTC, Decimal(59000))
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent, desk.deletes()) == (OutcomeKind.FILLED, False, 0)
    assert desk.truth(order) is LedgerStatus.FILLED


def test_an_order_that_somebody_else_cancelled_is_not_touched_and_not_claimed(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    desk.trader.cancel_order(order, BTC)
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent, desk.deletes()) == (OutcomeKind.ALREADY_CLOSED, False, 1)


def test_an_order_that_somebody_cancels_between_the_reading_and_the_request_is_not_claimed_either(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()

    class Raced(Wrapped):
        def cancel_order(self, ref: OrderRef) -> CancelAnswer:
            desk.trader.cancel_order(order, BTC)
            return super().cancel_order(ref)

    outcome = only(desk.cancel_all(plan, exchange=Raced(desk.exchange)))
    assert (outcome.kind, outcome.sent) == (OutcomeKind.ALREADY_CLOSED, True)


@pytest.mark.scenario(28, 29)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"filled": Decimal("0.004"), "status": OrderStatus.PARTIALLY_FILLED}, "filled 0 → 0.004"),
        ({"price": Decimal("36000")}, "price 36450.0 → 36000"),
        ({"amount": Decimal("0.005")}, "amount 0.010 → 0.005"),
        ({"trigger_price": Decimal("34500")}, "trigger price 34000 → 34500"),
        ({"side": Side.SELL}, "side buy → sell"),
        ({"reduce_only": True}, "reduce-only no → yes"),
        ({"position_side": "SHORT"}, "position side LONG → SHORT"),
        ({"client_order_id": "web_1"}, "client order id grid-17 → web_1"),
    ],
)
@pytest.mark.parametrize("action", [Action.CANCEL, Action.ADOPT])
def test_an_order_that_changed_since_it_was_shown_is_not_touched(
    tmp_path: Path, clock: ManualClock, change: dict[str, Any], words: str, action: Action
) -> None:
    shown = live(trigger_price=Decimal(34000), reduce_only=False, position_side="LONG")
    plan = plan_of(EMPTY, snapshot(orders=(shown,)))
    exchange = ExchangeInMemory(shown)
    exchange.change(shown.key, **change)
    journal = Journal(tmp_path, clock)
    decision = Decision(order_key=shown.key, action=action, who="operator")
    outcome = only(execute_plan(plan, [decision], exchange=exchange, log=journal, clock=clock))
    journal.close()
    assert (outcome.kind, outcome.sent) == (OutcomeKind.CHANGED, False)
    assert words in outcome.text
    assert "compare again and decide anew" in outcome.text
    assert "cancel_order" not in exchange.requests


@pytest.mark.scenario(45)
def test_a_key_that_may_only_read_is_refused_and_the_order_is_told_to_rest(desk: Desk) -> None:
    order = desk.rest()
    plan = desk.compare()
    viewer = desk.connect(VIEWER)
    outcome = only(desk.cancel_all(plan, exchange=viewer))
    viewer.close()
    assert outcome.kind is OutcomeKind.REFUSED
    assert "permission" in outcome.text
    assert outcome.reread is not None
    assert outcome.reread.status is OrderStatus.OPEN
    assert (desk.truth(order), desk.deletes()) == (LedgerStatus.OPEN, 1)


@pytest.mark.scenario(72)
def test_declining_everything_sends_nothing_but_reads(desk: Desk) -> None:
    desk.rest()
    desk.rest_stop()
    plan = desk.compare()
    asked = desk.venue.request_count("GET", NORMAL)
    execution = desk.execute(plan)
    assert (execution.outcomes, execution.stopped) == ((), False)
    assert (desk.deletes(), desk.deletes(CONDITIONAL), desk.venue.request_count("GET", NORMAL)) == (0, 0, asked)
    assert kinds(desk.journal, plan) == []


def test_stopping_takes_effect_between_two_orders(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.rest(number, f"5{number}000")
    plan = desk.compare()
    seen: list[tuple[int, int]] = []

    def step(done: int, total: int, text: str) -> None:
        seen.append((done, total))

    execution = desk.cancel_all(plan, step=step, stopped=lambda: len(seen) == 2)
    assert (execution.stopped, len(execution.outcomes), desk.deletes()) == (True, 2, 2)
    assert seen == [(0, 3), (1, 3)]
    rest = desk.cancel_all(plan)
    assert (rest.stopped, desk.deletes()) == (False, 3)
    assert desk.venue.ledger().open_orders == ()


@pytest.mark.parametrize(
    "decisions",
    [
        lambda plan: [cancel("normal:BTC/USDT:USDT:999")],
        lambda plan: [cancel(plan.orphans[0].key), cancel(plan.orphans[0].key, "other")],
        lambda plan: [cancel(plan.orphans[0].key), cancel("")],
    ],
    ids=["not in the plan", "decided twice", "one good, one without a name"],
)
def test_a_decision_that_the_plan_does_not_offer_stops_everything_before_anything_is_sent(
    desk: Desk, decisions: Callable[[Plan], list[Decision]]
) -> None:
    desk.rest()
    plan = desk.compare()
    with pytest.raises(PlanChanged, match="compare again"):
        desk.execute(plan, *decisions(plan))
    assert (desk.deletes(), kinds(desk.journal, plan)) == (0, [])


def test_an_order_that_the_state_knows_cannot_be_decided_on(desk: Desk) -> None:
    order = live()
    plan = plan_of(make.state(positions=()), snapshot(orders=(order,)))
    with pytest.raises(PlanChanged, match="no orphan order"):
        desk.execute(plan, cancel(order.key))
