"""An order that was adopted is saved as it is at the end, and only if it is still there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from interrupted_recovery import ADOPTED, DECISIONS, Place
from recovery_builders import LATER, ExchangeInMemory, leg, live, reading

from crashdesk.audit import AuditKind
from crashdesk.exchange.records import Coverage, LookupStatus, OrderLookup, OrdersReading, ScopeKind
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision, OutcomeKind
from crashdesk.state import OrderStatus


def test_an_adopted_order_is_saved_as_it_is_at_the_end(place: Place) -> None:
    comparison = place.recovery.compare()
    place.exchange.before_read = lambda: place.exchange.change(
        ADOPTED.key, filled=Decimal("0.004"), status=OrderStatus.PARTIALLY_FILLED
    )
    report = place.recovery.execute(comparison, [DECISIONS[1]], plan_id=comparison.plan.id)
    assert report.state is not None
    adopted = next(order for order in report.state.open_orders if order.id == "5")
    assert (adopted.quantity, adopted.filled_quantity) == (Decimal("0.010"), Decimal("0.004"))
    assert (adopted.price, adopted.client_order_id) == (ADOPTED.price, "web_5")


@pytest.mark.parametrize(
    ("status", "kind"), [(OrderStatus.FILLED, OutcomeKind.FILLED), (OrderStatus.CANCELLED, OutcomeKind.ALREADY_CLOSED)]
)
def test_an_adopted_order_that_vanished_before_the_end_is_not_adopted_and_not_said_to_be(
    place: Place, status: OrderStatus, kind: OutcomeKind
) -> None:
    comparison = place.recovery.compare()
    place.exchange.before_read = lambda: place.exchange.change(ADOPTED.key, filled=Decimal("0.010"), status=status)
    report = place.recovery.execute(comparison, [DECISIONS[1]], plan_id=comparison.plan.id)
    assert report.state is not None
    assert {order.id for order in report.state.open_orders} == {"8389765"}
    (outcome,) = report.execution.outcomes
    assert outcome.kind is kind
    assert "not in the saved state after all" in outcome.text
    assert [entry.data["outcome"] for entry in place.entries() if entry.kind is AuditKind.OUTCOME] == [
        "adopted",
        kind.value,
    ]


def test_an_adoption_stands_when_the_plan_is_carried_out_again_without_an_answer(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = place.recovery.compare()
    asked = iter([False, True])
    place.recovery.execute(comparison, DECISIONS[1:3], plan_id=comparison.plan.id, stopped=lambda: next(asked))
    monkeypatch.setattr(
        place.exchange,
        "read_order",
        lambda ref: OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="no answer in time", read_at=LATER),
    )
    report = place.recovery.execute(comparison, [DECISIONS[1]], plan_id=comparison.plan.id)
    assert report.state is not None
    assert {order.id for order in report.state.open_orders} == {"8389765", "5"}
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.ADOPTED]


class PerSymbolExchange(ExchangeInMemory):
    """Lists the open orders of the symbols that it is asked for, as many exchanges do; `lagging` ones are left out."""

    lagging: frozenset[str] = frozenset()

    def read_open_orders(self, symbols: Any) -> OrdersReading:
        listed = ExchangeInMemory.read_open_orders(self, symbols).orders
        return OrdersReading(
            orders=tuple(order for order in listed if order.symbol in symbols and order.key not in self.lagging),
            coverage=Coverage(
                readings=tuple(
                    reading(kind, symbol=symbol)
                    for symbol in symbols
                    for kind in (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS)
                )
            ),
        )


@pytest.mark.parametrize("lagging", [False, True], ids=["listed", "missing from the last list"])
def test_an_adopted_order_stays_although_the_position_that_led_to_its_symbol_closed(
    place: Place, lagging: bool
) -> None:
    """Only the position told that the bot trades this symbol: at the end its orders are asked for all the same."""
    ether = live(id="9", client_order_id="web_9", symbol="ETH/USDT:USDT")
    exchange = PerSymbolExchange(live(), ether, positions=[leg(), leg(symbol="ETH/USDT:USDT")])
    recovery = OperatorRecovery(place.view, exchange, who="kim", clock=place.clock)
    comparison = recovery.compare()
    exchange.positions = [leg()]
    exchange.lagging = frozenset({ether.key} if lagging else ())
    report = recovery.execute(
        comparison, [Decision(order_key=ether.key, action=Action.ADOPT, who="kim")], plan_id=comparison.plan.id
    )
    assert report.problem == ""
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.ADOPTED]
    assert report.state is not None
    assert {order.id for order in report.state.open_orders} == {"8389765", "9"}
