"""A bot that holds spot and contracts of one base: reading the contracts says nothing of what is held on spot."""

from __future__ import annotations

from decimal import Decimal

import pytest
import strategies as make
from recovery_builders import BTC, leg, plan_of, snapshot

from crashdesk.exchange.records import Coverage, Scope, ScopeKind, ScopeReading, ScopeStatus
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.records import OrderVerdictKind, PositionVerdictKind
from crashdesk.state import Side

SPOT = "BTC/USDT"


def coverage(market_type: str) -> Coverage:
    return Coverage(
        readings=tuple(
            ScopeReading(scope=Scope(kind=kind, market_type=market_type), status=ScopeStatus.READ) for kind in ScopeKind
        )
    )


@pytest.mark.parametrize(
    ("market_type", "symbol", "covered"),
    [
        ("swap", BTC, True),
        ("swap", SPOT, False),
        ("future", "BTC/USDT:USDT-261225", True),
        ("future", SPOT, False),
        ("spot", SPOT, True),
        ("spot", BTC, False),
        ("swap", "LUNAUSDT", True),
        ("spot", "LUNAUSDT", True),
    ],
)
def test_a_scope_covers_the_symbols_of_its_market_type_and_names_that_tell_none(
    market_type: str, symbol: str, covered: bool
) -> None:
    assert coverage(market_type).covers(ScopeKind.POSITIONS, symbol) is covered
    assert coverage(market_type).covers(ScopeKind.ORDERS, symbol) is covered


def test_the_spot_leg_of_a_carry_is_unknown_to_an_account_of_swaps_and_stays_in_the_state() -> None:
    spot = make.position(id="spot", symbol=SPOT, quantity=Decimal(1))
    short = make.position(id="short", symbol=BTC, side=Side.SELL, quantity=Decimal(1))
    order = make.order(symbol=SPOT)
    known = make.state(positions=(spot, short), open_orders=(order,))
    plan = plan_of(
        known, snapshot(positions=(leg(side=Side.SELL, contracts=Decimal(1)),), orders=(), coverage=coverage("swap"))
    )
    kinds = {verdict.symbol: verdict.kind for verdict in plan.positions}
    assert kinds == {SPOT: PositionVerdictKind.UNKNOWN, BTC: PositionVerdictKind.MATCHED}
    assert [verdict.kind for verdict in plan.orders] == [OrderVerdictKind.UNKNOWN]
    after = reconciled_state(known, plan, adopted=(), now_ns=1)
    assert spot in after.positions
    assert after.open_orders == (order,)
