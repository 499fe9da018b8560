"""What is read for a plan: each missing order once, nothing but reads, and coverage that claims nothing unread."""

from __future__ import annotations

import pytest
import strategies as make
from recovery_builders import BTC, LATER, SECOND, ExchangeInMemory, coverage, journal, live
from strategies import ManualClock

from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.errors import ExchangeError
from crashdesk.exchange.records import Coverage, Namespace, OrderRef, ScopeKind
from crashdesk.reconcile.records import OrderVerdictKind, Plan
from crashdesk.state import OrderState, OrderStatus

Kind = OrderVerdictKind


def compared(exchange: ExchangeInMemory, *known: OrderState, manifest: StoreManifest | None = None) -> Plan:
    state = make.state(open_orders=known, positions=())
    plan, _ = compare(
        state,
        journal=journal(),
        exchange=exchange,
        manifest=manifest or StoreManifest(bot="b", client_order_id_prefix="grid-"),
        checkpoint_seq=1,
        clock=ManualClock(LATER),
    )
    return plan


def test_each_missing_order_is_asked_for_once_and_nothing_but_reads_is_sent() -> None:
    exchange = ExchangeInMemory(live(status=OrderStatus.CANCELLED), live(id="2", client_order_id="grid-2"))
    plan = compared(exchange, make.order(), make.order(id="2", client_order_id="grid-2"))
    assert [verdict.kind for verdict in plan.orders] == [Kind.MATCHED, Kind.CLOSED_WHILE_DOWN]
    assert exchange.requests["read_order"] == 1
    assert "cancel_order" not in exchange.requests


@pytest.mark.scenario(40)
def test_an_exchange_that_tells_nothing_at_all_is_an_error_and_no_plan() -> None:
    exchange = ExchangeInMemory(live())
    exchange.unread = set(ScopeKind)
    with pytest.raises(ExchangeError, match=r"nothing of the account could be read.*no answer in time"):
        compared(exchange, make.order())
    exchange.unread = {ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS, ScopeKind.ACCOUNT}
    assert [verdict.kind for verdict in compared(exchange, make.order()).orders] == [Kind.UNKNOWN]


def test_an_order_that_was_placed_while_the_exchange_was_being_read_is_too_young_however_long_that_took() -> None:
    """A bot that synchronises while it trades: the state was cut before, the list was made after."""
    exchange = ExchangeInMemory()
    clock = ManualClock(LATER)

    def slow() -> None:
        clock.sleep(30)
        exchange.put(live(created_at=LATER + 2 * SECOND))
        clock.sleep(30)

    exchange.before_read = slow
    plan, _ = compare(
        make.state(open_orders=(), positions=()),
        journal=journal(),
        exchange=exchange,
        manifest=StoreManifest(bot="b", client_order_id_prefix="grid-"),
        checkpoint_seq=None,
        clock=clock,
    )
    assert [verdict.kind for verdict in plan.orders] == [Kind.UNKNOWN]


def test_coverage_is_complete_only_when_something_was_read_and_nothing_was_not() -> None:
    assert coverage().complete
    assert not Coverage().complete
    assert not coverage([ScopeKind.ACCOUNT]).complete
    assert not Coverage().covers(ScopeKind.ORDERS, BTC)
    ref = OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="", client_order_id="c")
    assert ref.key != OrderRef(symbol=BTC, namespace=Namespace.NORMAL, id="c").key
