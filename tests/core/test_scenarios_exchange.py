"""What happened to the orders that a bot knew, over HTTP: the embedded exchange, unmodified ccxt, whole comparisons."""

from __future__ import annotations

from decimal import Decimal

import pytest
import strategies as make
from account_while_down import BTC, ORDER, SOL, START_NS, Account, Kind, of, told
from venue_clock import VenueClock

from crashdesk.demo.venue import Fault, FaultKind


@pytest.mark.scenario(1, 4, 14)
def test_one_filled_one_cancelled_by_hand_and_one_left_alone(account: Account) -> None:
    filled, cancelled, kept = account.rest("grid-1", "63000"), account.rest("grid-2"), account.rest("grid-3", "50000")
    account.remember()
    account.trader.cancel_order(cancelled, BTC)
    account.venue.push_price(BTC, Decimal(62990))
    plan = account.compare()
    assert {order: of(plan, order).kind for order in (filled, cancelled, kept)} == {
        filled: Kind.FILLED_WHILE_DOWN,
        cancelled: Kind.CLOSED_WHILE_DOWN,
        kept: Kind.MATCHED,
    }
    assert "0.1 of 0.1 at 63000" in told(of(plan, filled))
    assert "cancelled, 0 of 0.1" in told(of(plan, cancelled))


@pytest.mark.scenario(2, 3)
def test_filled_in_part_and_then_cancelled(account: Account) -> None:
    account.rest_near_the_market()
    account.remember()
    order = account.partly_filled()
    truth = account.venue.ledger().order(order)
    assert truth is not None
    still_open = of(account.compare(later_s=0), order)
    assert still_open.kind is Kind.DRIFTED
    assert f"filled: 0 → {truth.filled_quantity}" in told(still_open)
    account.trader.cancel_order(order, SOL)
    over = of(account.compare(later_s=0), order)
    assert (over.kind, over.is_stale) == (Kind.CLOSED_WHILE_DOWN, True)
    assert f"cancelled, {truth.filled_quantity} of 10" in told(over)


@pytest.mark.scenario(5)
def test_a_reduce_only_order_expires_with_its_position(account: Account) -> None:
    account.trade("buy", "0.1")
    order = account.rest(price="70000", side="sell", reduceOnly=True)
    account.remember()
    account.trade("sell", "0.1")
    verdict = of(account.compare(), order)
    assert verdict.kind is Kind.CLOSED_WHILE_DOWN
    assert "expired" in told(verdict)


@pytest.mark.scenario(11, 12)
@pytest.mark.parametrize("price", ["60000", "59500"])
def test_an_order_that_was_replaced_is_one_order_with_a_new_id(account: Account, price: str) -> None:
    old = account.rest("grid-1")
    account.remember()
    account.trader.cancel_order(old, BTC)
    new = account.rest("grid-1", price)
    plan = account.compare()
    (verdict,) = plan.orders
    assert verdict.kind is Kind.DRIFTED
    assert f"id: {old} → {new}" in told(verdict)
    assert (f"price: 60000 → {price}" in told(verdict)) is (price != "60000")


@pytest.mark.scenario(13)
def test_an_order_that_the_exchange_does_not_know_yet_is_not_judged(account: Account) -> None:
    account.venue.advance(60)
    young = make.order(id="1", symbol=BTC, client_order_id="grid-1", created_at=account.clock.now_ns())
    account.known = make.state(timestamp=account.clock.now_ns(), positions=(), open_orders=(young,))
    assert of(account.compare(later_s=2), "1").kind is Kind.UNKNOWN
    assert of(account.compare(later_s=60), "1").kind is Kind.MISSING_UNPROVEN


@pytest.mark.scenario(16)
def test_an_order_that_was_not_found_and_is_found_later_is_the_known_one(account: Account) -> None:
    """Its submission was still on the way when it was asked for first."""
    account.venue.advance(60)
    sent = make.order(id="", symbol=BTC, client_order_id="grid-1", price=Decimal(60000), quantity=Decimal("0.1"))
    account.known = make.state(timestamp=account.clock.now_ns(), positions=(), open_orders=(sent,))
    (missing,) = account.compare().orders
    assert missing.kind is Kind.MISSING_UNPROVEN
    arrived = account.rest("grid-1")
    (found,) = account.compare().orders
    assert found.kind in (Kind.MATCHED, Kind.DRIFTED)
    assert found.live is not None
    assert (found.live.id, found.is_orphan, found.preselected) == (arrived, False, False)


@pytest.mark.scenario(15)
def test_an_order_whose_own_read_fails_is_unknown_until_it_is_found(account: Account) -> None:
    order = account.rest()
    account.remember()
    account.trader.cancel_order(order, BTC)
    account.venue.add_fault(Fault(kind=FaultKind.HTML_502, method="GET", path=ORDER, times=10))
    unread = of(account.compare(), order)
    assert (unread.kind, unread.is_stale) == (Kind.UNKNOWN, False)
    account.venue.clear_faults()
    assert of(account.compare(), order).kind is Kind.CLOSED_WHILE_DOWN


@pytest.mark.scenario(43)
def test_a_symbol_that_is_not_listed_any_more_is_unknown(account: Account) -> None:
    gone = make.order(id="1", symbol="LUNA/USDT:USDT", client_order_id="grid-1", created_at=START_NS)
    account.known = make.state(timestamp=START_NS, positions=(), open_orders=(gone,))
    verdict = of(account.compare(), "1")
    assert (verdict.kind, verdict.is_stale) == (Kind.UNKNOWN, False)


@pytest.mark.scenario(44)
@pytest.mark.parametrize("behind_s", [-90, 90])
def test_ages_are_told_by_the_exchange_though_our_clock_is_wrong(account: Account, behind_s: int) -> None:
    account.venue.advance(200)
    clock = VenueClock(account.venue, behind_s)
    exchange = account.open(clock)
    young = account.rest("grid-1")
    try:
        assert of(account.compare(later_s=2, exchange=exchange, clock=clock), young).kind is Kind.UNKNOWN
        assert of(account.compare(later_s=10, exchange=exchange, clock=clock), young).kind is Kind.OWN_ORPHAN
    finally:
        exchange.close()
