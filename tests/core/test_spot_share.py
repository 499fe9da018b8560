"""A spot account holds what its owner put there as well: only what the bot knew, and what its orders filled, is the bot's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import strategies as make
from recovery_builders import (
    LATER,
    MONEY,
    leg,
    live,
    lookup,
    market,
    plan_of,
    reading,
    rules,
    snapshot,
)

from crashdesk.exchange.records import Coverage, LookupStatus, OrderLookup, ScopeKind, Trade
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk.state import OrderState, OrderStatus, PositionState

SYMBOL = "BTC/USDT"
Kind = PositionVerdictKind
READ = Coverage(
    readings=(
        reading(ScopeKind.POSITIONS, symbol=SYMBOL, market_type="spot"),
        reading(ScopeKind.ORDERS, market_type="spot"),
        reading(ScopeKind.ACCOUNT, market_type="spot"),
    )
)
KNOWN = make.position(symbol=SYMBOL, quantity=Decimal("0.1"))
RESTED = make.order(symbol=SYMBOL, quantity=Decimal("0.05"))
BOUGHT = live(symbol=SYMBOL, amount=Decimal("0.05"), filled=Decimal("0.05"), status=OrderStatus.FILLED)
FILL = Trade(
    id="1", order_id=BOUGHT.id, symbol=SYMBOL, amount=Decimal("0.05"), price=Decimal(1), fee=Decimal(0),
    fee_currency="USDT", at=LATER,
)  # fmt: skip
FILLED = lookup(LookupStatus.FOUND, BOUGHT, trades=(FILL,))
GONE = lookup(LookupStatus.ABSENT, ref=BOUGHT.ref)


def compared(
    held: str, *known: PositionState, orders: tuple[OrderState, ...] = (), told: tuple[OrderLookup, ...] = (), **by: Any
) -> tuple[Plan, list[Decimal]]:
    """The plan of an account that holds so much, and what the bot goes on with."""
    state = make.state(open_orders=orders, positions=known)
    row = leg(symbol=SYMBOL, contracts=Decimal(held), asset="BTC", entry_price=None)
    spot = (market(symbol=SYMBOL, market_type="spot"),)
    seen = snapshot(positions=(row,), markets=spot, coverage=READ, account=MONEY, prices={}, lookups=told)
    plan = plan_of(state, seen, by=rules(**by))
    after = reconciled_state(state, plan, adopted=(), now_ns=LATER)
    return plan, [position.quantity for position in after.positions]


@pytest.mark.parametrize(
    ("held", "told", "after", "kind"),
    [
        ("5.1", (), "0.1", Kind.UNKNOWN),
        ("5.15", (FILLED,), "0.15", Kind.QUANTITY_DIFFERS),
        ("0.15", (FILLED,), "0.15", Kind.QUANTITY_DIFFERS),
        ("0.1001", (), "0.1001", Kind.MATCHED),
        ("0.04", (), "0.04", Kind.QUANTITY_DIFFERS),
    ],
    ids=["the owner's", "the owner's and a fill", "a fill", "a rebate", "less"],
)
def test_the_bot_goes_on_with_its_own_part(
    held: str, told: tuple[OrderLookup, ...], after: str, kind: PositionVerdictKind
) -> None:
    plan, quantities = compared(held, KNOWN, orders=(RESTED,) if told else (), told=told)
    assert [each.kind for each in plan.positions] == [kind]
    assert quantities == [Decimal(after)]


def test_the_rest_is_named() -> None:
    (verdict,) = compared("5.1", KNOWN)[0].positions
    told = " ".join(item.text for item in verdict.evidence)
    assert "The account holds 5.1 BTC, 5 of it beyond what the bot knew and its orders filled" in told


def test_what_the_bot_never_had_does_not_become_its_position() -> None:
    plan, quantities = compared("5.1")
    assert [each.kind for each in plan.positions] == [Kind.UNKNOWN]
    assert quantities == []


def test_the_first_purchase_is_the_bots() -> None:
    assert compared("5.05", orders=(RESTED,), told=(FILLED,))[1] == [Decimal("0.05")]


def test_where_an_order_s_fate_is_not_told_nobody_can_say_whose_it_is() -> None:
    plan, quantities = compared("5.1", KNOWN, orders=(RESTED,), told=(GONE,))
    assert [each.kind for each in plan.positions] == [Kind.UNKNOWN]
    assert quantities == [Decimal("0.1")]


def test_on_an_account_of_its_own_everything_is_the_bots() -> None:
    plan, quantities = compared("5.1", KNOWN, exclusive_account=True)
    assert [each.kind for each in plan.positions] == [Kind.QUANTITY_DIFFERS]
    assert quantities == [Decimal("5.1")]
