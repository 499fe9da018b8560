"""A whole incident, and the state that is true after it."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import strategies as make
from recovery_builders import LATER, MONEY, leg, live, plan_of, snapshot, stop

from crashdesk.exchange.records import LookupStatus, OrderLookup
from crashdesk.reconcile.plan import order_state, reconciled_state
from crashdesk.reconcile.records import OrderVerdictKind
from crashdesk.state import OrderStatus

Kind = OrderVerdictKind


def test_a_whole_incident_and_the_state_that_is_true_after_it() -> None:
    filled = live(id="2", client_order_id="grid-2", status=OrderStatus.FILLED, filled=Decimal("0.010"))
    state = make.state(
        open_orders=(
            make.order(id="1", client_order_id="grid-1", status=OrderStatus.PENDING),
            make.order(id="2", client_order_id="grid-2"),
            make.order(id="3", client_order_id="grid-3"),
        ),
        strategy_states=(make.records.StrategyState(name="grid", state_data=b"17"),),
    )
    exchange = snapshot(
        orders=(
            live(id="1", client_order_id="grid-1"),
            live(id="3", client_order_id="grid-3", filled=Decimal("0.004"), status=OrderStatus.PARTIALLY_FILLED),
            live(id="4", client_order_id="grid-4"),
            live(id="5", client_order_id="web_1"),
            stop(id="6", client_order_id="ios_1"),
        ),
        positions=(leg(contracts=Decimal("0.260")),),
        lookups=(OrderLookup(ref=filled.ref, status=LookupStatus.FOUND, order=filled),),
    )
    plan = plan_of(state, exchange)
    assert {verdict.key.rsplit(":", 1)[1]: verdict.kind for verdict in plan.orders} == {
        "1": Kind.MATCHED,
        "2": Kind.FILLED_WHILE_DOWN,
        "3": Kind.DRIFTED,
        "4": Kind.OWN_ORPHAN,
        "5": Kind.FOREIGN,
        "6": Kind.FOREIGN,
    }
    assert [verdict.key for verdict in plan.orders if verdict.preselected] == [live(id="4").key]
    assert [verdict.key for verdict in plan.orders if verdict.protective] == [stop(id="6").key]

    after = reconciled_state(state, plan, adopted={live(id="5").key}, now_ns=LATER + 1)
    assert (after.timestamp, after.strategy_states) == (LATER + 1, state.strategy_states)
    assert {(o.id, o.filled_quantity, o.status) for o in after.open_orders} == {
        ("1", Decimal(0), OrderStatus.OPEN),
        ("3", Decimal("0.004"), OrderStatus.PARTIALLY_FILLED),
        ("5", Decimal(0), OrderStatus.OPEN),
    }
    assert [position.quantity for position in after.positions] == [Decimal("0.260")]
    assert (after.account.equity, after.account.margin_used) == (MONEY.equity, MONEY.margin_used)


def test_an_account_that_is_told_in_part_keeps_the_rest() -> None:
    told = msgspec.structs.replace(MONEY, margin_used=None, available=None)
    after = reconciled_state(make.state(), plan_of(make.state(), snapshot(account=told)), adopted=(), now_ns=LATER)
    assert (after.account.equity, after.account.available) == (MONEY.equity, make.account().available)
    unread = plan_of(make.state(), snapshot(account=None))
    assert reconciled_state(make.state(), unread, adopted=(), now_ns=LATER).account == make.account()


def test_an_order_without_a_told_amount_is_no_record_of_a_state() -> None:
    assert order_state(live(amount=None), LATER) is None
    record = order_state(stop(filled=None, created_at=None), LATER)
    assert record is not None
    assert (record.price, record.filled_quantity, record.created_at) == (Decimal(34000), 0, LATER)
