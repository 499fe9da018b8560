"""What happens while an operator reviews and executes, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from account_while_down import BTC, ORDER, Account, Kind, of
from venue_clock import VenueClock

from crashdesk.demo.venue import Fault, FaultKind, LedgerStatus
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.records import CancelAnswer, OrderRef
from crashdesk.reconcile.records import OutcomeKind


class InBetween:
    """The same exchange; `then` happens right after a cancellation was answered."""

    def __init__(self, inner: CcxtExchange, then: Callable[[], None]) -> None:
        self._inner, self._then = inner, then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        answer = self._inner.cancel_order(ref)
        self._then()
        return answer


@pytest.mark.scenario(23, 28)
def test_an_orphan_that_fills_in_part_during_the_review_is_left_to_a_new_decision(account: Account) -> None:
    account.rest_near_the_market()
    shown = account.compare(later_s=0, clock=VenueClock(account.venue, behind_s=-10))
    order = account.partly_filled()
    (outcome,) = account.cancel(shown, order).outcomes
    truth = account.venue.ledger().order(order)
    assert truth is not None
    assert truth.price is not None
    assert (outcome.kind, outcome.sent, account.deletes()) == (OutcomeKind.CHANGED, False, 0)
    assert f"filled 0 → {truth.filled_quantity}" in outcome.text

    anew = of(account.compare(later_s=0), order)
    remains = truth.quantity - truth.filled_quantity
    assert (anew.kind, anew.notional) == (Kind.OWN_ORPHAN, remains * truth.price)


@pytest.mark.scenario(10)
def test_a_cancellation_that_was_lost_while_the_order_filled_is_told_as_filled(account: Account) -> None:
    order = account.rest("grid-1", "63000")
    plan = account.compare()
    account.venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="DELETE", path=ORDER))
    raced = InBetween(account.exchange, lambda: account.venue.push_price(BTC, Decimal(62990)))
    (outcome,) = account.cancel(plan, exchange=raced).outcomes
    assert (outcome.kind, account.deletes()) == (OutcomeKind.FILLED, 1)
    truth = account.venue.ledger().order(order)
    assert truth is not None
    assert (truth.status, truth.filled_quantity) == (LedgerStatus.FILLED, Decimal("0.1"))


@pytest.mark.scenario(30, 74)
def test_what_appears_during_the_review_is_not_touched_and_shown_afterwards(account: Account) -> None:
    seen = account.rest("grid-1")
    plan = account.compare()
    late, manual = account.rest("grid-2", "59000"), account.rest("web_1", "58000")
    (outcome,) = account.cancel(plan).outcomes
    assert (outcome.kind, account.deletes()) == (OutcomeKind.CANCELLED, 1)
    assert {order.id for order in account.venue.ledger().open_orders} == {late, manual}
    assert {verdict.live.id for verdict in account.compare().orphans if verdict.live} == {late, manual}
    assert seen not in {late, manual}


@pytest.mark.scenario(33)
def test_half_of_a_batch_that_does_not_arrive_does_not_stop_the_other_half(account: Account) -> None:
    orders = [account.rest(f"grid-{n}", f"5{n}000") for n in range(1, 5)]
    plan = account.compare()
    account.venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="DELETE", path=ORDER, skip=1, times=2))
    execution = account.cancel(plan)
    ended = {order.id for order in account.venue.ledger().closed_orders}
    assert len(ended) == 2
    assert account.deletes() == len(orders)
    for outcome in execution.outcomes:
        cancelled = outcome.order_key.rpartition(":")[2] in ended
        assert (outcome.kind is OutcomeKind.CANCELLED) is cancelled
