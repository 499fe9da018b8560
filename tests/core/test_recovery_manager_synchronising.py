"""RecoveryManager.synchronise beside a bot that trades keeps what the bot did meanwhile."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from managed_store import FILLED, KNOWN, ORPHAN, manage
from recovery_builders import BTC, LATER, SECOND, ExchangeInMemory, leg, live
from strategies import ManualClock

from crashdesk.errors import CrashdeskError, RecoveryError
from crashdesk.live import LiveState
from crashdesk.state import OrderStatus


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.mark.parametrize("order_id", ["4", "grid-4"])
def test_an_order_that_a_trading_bot_learnt_of_meanwhile_is_no_orphan(store: Path, order_id: str) -> None:
    """The reply came while the exchange was being read: the order is old enough, and known by now, be it by its name alone."""
    clock = ManualClock(LATER)
    system = LiveState(clock=clock)
    exchange = ExchangeInMemory(ORPHAN)
    exchange.before_read = lambda: system.put_order(make.order(id=order_id, client_order_id="grid-4"))
    with manage(store, system, exchange, clock=clock) as manager:
        manager.sync_with_exchange()
    assert "cancel_order" not in exchange.requests
    assert [order.id for order in system.orders] == [order_id]


def test_synchronising_keeps_what_the_bot_did_meanwhile(store: Path) -> None:
    clock = ManualClock(LATER)
    system = LiveState(clock=clock)
    system.restore(KNOWN)
    exchange = ExchangeInMemory(
        live(filled=Decimal("0.004"), status=OrderStatus.PARTIALLY_FILLED), FILLED, positions=[leg()]
    )

    def trade() -> None:
        system.put_order(make.order(filled_quantity=Decimal("0.006"), status=OrderStatus.PARTIALLY_FILLED))
        system.put_order(make.order(id="11", client_order_id="grid-11"))

    exchange.before_read = trade
    with manage(store, system, exchange, clock=clock) as manager:
        manager.sync_with_exchange()
    assert {order.id: order.filled_quantity for order in system.orders} == {
        "8389765": Decimal("0.006"),
        "11": Decimal(0),
    }


def test_an_order_under_the_prefix_that_the_bot_never_wrote_down_is_left_and_reported(store: Path) -> None:
    """Another machine's bot: its prefix begins with this one's."""
    clock, told = ManualClock(LATER - 3_600 * SECOND), list[CrashdeskError]()
    exchange = ExchangeInMemory(live(id="77", client_order_id="grid-2-1", created_at=LATER - 60 * SECOND))
    with manage(store, LiveState(clock=clock), exchange, clock=clock, on_error=told.append) as manager:
        manager.intend_order(symbol=BTC, client_order_id="grid-1", side="buy", order_type="limit", quantity="1")
        clock.sleep(3_600)
        manager.sync_with_exchange()
    assert "cancel_order" not in exchange.requests
    assert "1 open orders carry the prefix grid-, and the bot never wrote them down" in str(told[-1])


def test_without_an_exchange_synchronising_says_so(store: Path) -> None:
    with manage(store) as manager, pytest.raises(RecoveryError, match="give one to RecoveryManager"):
        manager.sync_with_exchange()
