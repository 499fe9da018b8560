"""What happened to the positions that a bot knew, over HTTP."""

from __future__ import annotations

from decimal import Decimal

import pytest
from account_while_down import BTC, Account, Kind, PositionKind, of, told

from crashdesk.demo.venue import Fault, FaultKind
from crashdesk.exchange.records import ScopeKind
from crashdesk.state import Side


@pytest.mark.scenario(40, 46)
def test_when_the_network_dies_after_the_orders_were_read_positions_are_unknown(account: Account) -> None:
    account.trade("buy", "0.1")
    order = account.rest()
    account.remember()
    for version in "123":
        path = f"/fapi/v{version}/positionRisk"
        account.venue.add_fault(Fault(kind=FaultKind.RESET_AFTER, path=path, times=10))
    plan = account.compare()
    assert of(plan, order).kind is Kind.MATCHED
    assert [verdict.kind for verdict in plan.positions] == [PositionKind.UNKNOWN]
    assert ScopeKind.POSITIONS in {gap.scope.kind for gap in plan.coverage.gaps()}


@pytest.mark.scenario(48, 55, 56)
def test_what_a_position_became(account: Account) -> None:
    account.trade("buy", "0.2")
    account.remember()
    assert [verdict.kind for verdict in account.compare().positions] == [PositionKind.MATCHED]

    account.trade("sell", "0.2")
    assert [verdict.kind for verdict in account.compare().positions] == [PositionKind.CLOSED_WHILE_DOWN]

    account.venue.push_price(BTC, Decimal(61000))
    account.trade("buy", "0.2")
    (again,) = account.compare().positions
    assert again.kind is PositionKind.MATCHED
    assert again.known is not None
    assert again.live is not None
    assert again.live.entry_price != again.known.entry_price
    assert f"entry price: {again.known.entry_price} → {again.live.entry_price}" in told(again)

    account.trade("sell", "0.3")
    (turned,) = account.compare().positions
    assert (turned.kind, turned.side) == (PositionKind.SIDE_FLIPPED, Side.SELL)


@pytest.mark.scenario(49)
def test_hedge_legs_that_cancel_out_stay_two_positions(account: Account) -> None:
    account.trader.set_position_mode(True)
    account.trade("buy", "0.2", positionSide="LONG")
    account.trade("sell", "0.1", positionSide="SHORT")
    account.remember()
    account.trade("sell", "0.1", positionSide="SHORT")
    plan = account.compare()
    assert {verdict.side: verdict.kind for verdict in plan.positions} == {
        Side.BUY: PositionKind.MATCHED,
        Side.SELL: PositionKind.QUANTITY_DIFFERS,
    }
    assert {verdict.live.contracts for verdict in plan.positions if verdict.live} == {Decimal("0.2")}
