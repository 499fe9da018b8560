"""Orders that a bot does not know, over HTTP: whose they are, and what became of submissions without an answer."""

from __future__ import annotations

from decimal import Decimal

import ccxt
import pytest
from account_while_down import BTC, ORDER, Account, Kind, of, told

from crashdesk.demo.venue import Fault, FaultKind
from crashdesk.exchange.records import ScopeKind
from crashdesk.reconcile.records import IntentVerdictKind


@pytest.mark.scenario(6, 17, 18, 19, 21)
def test_whose_an_order_is(account: Account) -> None:
    own, manual, other = account.rest("grid-1"), account.rest("web_8f31"), account.rest("arb-7")
    plan = account.compare()
    assert {order: (of(plan, order).kind, of(plan, order).preselected) for order in (own, manual, other)} == {
        own: (Kind.OWN_ORPHAN, True),
        manual: (Kind.FOREIGN, False),
        other: (Kind.FOREIGN, False),
    }
    raw = account.trader.fapiprivate_get_openorders()
    assert {type(row["orderId"]) for row in raw} <= {int, str}
    assert all(isinstance(verdict.live.id, str) for verdict in plan.orders if verdict.live)


@pytest.mark.scenario(7)
def test_a_submission_whose_answer_was_lost_is_found_by_its_client_order_id(account: Account) -> None:
    account.intend("77")
    account.venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, method="POST", path=ORDER))
    with pytest.raises(ccxt.NetworkError):
        account.rest("77")
    plan = account.compare()
    (orphan,) = plan.orphans
    assert (orphan.kind, orphan.preselected) == (Kind.OWN_ORPHAN, True)
    assert "about to send buy 0.1 at 60000 under client order id 77" in told(orphan)


@pytest.mark.scenario(7)
def test_a_submission_whose_answer_was_lost_and_that_filled_is_booked(account: Account) -> None:
    account.intend("grid-1")
    account.venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, method="POST", path=ORDER))
    with pytest.raises(ccxt.NetworkError):
        account.rest("grid-1", "63000")
    account.venue.push_price(BTC, Decimal(62990))
    plan = account.compare()
    assert [verdict.kind for verdict in plan.intents] == [IntentVerdictKind.FILLED]
    assert plan.orphans == ()


@pytest.mark.scenario(8)
def test_a_submission_that_never_arrived_is_said_to_have_never_arrived_after_the_grace(account: Account) -> None:
    account.venue.advance(10)
    account.intend("grid-1")
    account.venue.add_fault(Fault(kind=FaultKind.RESET_BEFORE, method="POST", path=ORDER))
    with pytest.raises(ccxt.NetworkError):
        account.rest("grid-1")
    assert [verdict.kind for verdict in account.compare(later_s=2).intents] == [IntentVerdictKind.UNKNOWN]
    assert [verdict.kind for verdict in account.compare().intents] == [IntentVerdictKind.NEVER_ARRIVED]


@pytest.mark.scenario(22)
def test_a_client_order_id_that_was_used_again_makes_a_second_order(account: Account) -> None:
    old = account.rest("grid-1", "63000")
    account.remember()
    account.venue.push_price(BTC, Decimal(62990))
    new = account.rest("grid-1")
    plan = account.compare()
    assert {verdict.key.rpartition(":")[2]: verdict.kind for verdict in plan.orders} == {
        old: Kind.FILLED_WHILE_DOWN,
        new: Kind.OWN_ORPHAN,
    }


@pytest.mark.scenario(24, 25)
def test_a_stop_that_only_the_second_list_shows_is_found_and_marked_as_protection(account: Account) -> None:
    account.trade("buy", "0.1")
    account.remember()
    order = account.stop()
    verdict = of(account.compare(), order)
    assert (verdict.kind, verdict.protective, verdict.preselected) == (Kind.OWN_ORPHAN, True, False)
    assert "covers all of it" in verdict.protects
    account.venue.add_fault(Fault(kind=FaultKind.HTML_502, path="/fapi/v1/openAlgoOrders", times=3))
    blind = account.compare()
    assert blind.orders == ()
    assert [gap.scope.kind for gap in blind.coverage.gaps()] == [ScopeKind.CONDITIONAL_ORDERS]
