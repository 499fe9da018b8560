"""Between the question and the cancellation a position can be opened: a stop that protected nothing protects it then."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from execution_desk import BTC, CONDITIONAL, Desk, only
from recovery_builders import LATER, ExchangeInMemory, leg, live, plan_of, reading, snapshot, stop
from strategies import ManualClock

from crashdesk.demo.venue import LedgerStatus
from crashdesk.demo.venue import Namespace as VenueNamespace
from crashdesk.exchange.records import Coverage, ExchangeOrder, PositionsReading, ScopeKind, ScopeStatus
from crashdesk.execute import execute_plan
from crashdesk.reconcile.records import Action, Decision, Outcome, OutcomeKind
from crashdesk.state import Side
from crashdesk.storage.journal import Journal

PLAIN = stop(id="9", client_order_id="grid-9")
"""A stop that is not reduce-only: without a position it is proposed for cancelling."""


def cancelled(directory: Path, exchange: ExchangeInMemory, *orders: ExchangeOrder) -> list[Outcome]:
    """What comes of cancelling orders that were shown while no position was open."""
    clock = ManualClock(LATER)
    plan = plan_of(make.state(open_orders=(), positions=()), snapshot(orders=orders))
    decisions = [Decision(order_key=each.key, action=Action.CANCEL, who="kim") for each in orders]
    journal = Journal(directory, clock)
    try:
        return list(execute_plan(plan, decisions, exchange=exchange, log=journal, clock=clock).outcomes)
    finally:
        journal.close()


def test_a_stop_whose_position_was_opened_meanwhile_is_not_cancelled(desk: Desk) -> None:
    desk.trader.create_order(BTC, "market", "buy", "0.01")
    order = desk.rest_stop()
    desk.trader.create_order(BTC, "market", "sell", "0.01", None, {"reduceOnly": True})
    plan = desk.compare()
    assert desk.truth(order, VenueNamespace.CONDITIONAL) is LedgerStatus.OPEN
    desk.trader.create_order(BTC, "market", "buy", "0.01")
    outcome = only(desk.cancel_all(plan))
    assert (outcome.kind, outcome.sent, desk.deletes(CONDITIONAL)) == (OutcomeKind.CHANGED, False, 0)
    assert "a position was opened that it protects" in outcome.text


@pytest.mark.parametrize(
    ("order", "position", "kind"),
    [
        (PLAIN, leg(), OutcomeKind.CHANGED),
        (stop(id="9", close_position=True, amount=None), leg(), OutcomeKind.CHANGED),
        (live(id="9", side=Side.SELL, position_side="LONG"), leg(hedged=True), OutcomeKind.CHANGED),
        (PLAIN, leg(side=Side.SELL), OutcomeKind.CANCELLED),
        (PLAIN, leg(symbol="ETH/USDT:USDT"), OutcomeKind.CANCELLED),
        (live(id="9", side=Side.SELL), leg(), OutcomeKind.CANCELLED),
    ],
    ids=["a stop", "close-position", "of a leg", "the other way", "another symbol", "no stop"],
)
def test_what_counts_is_the_position_that_it_would_close(
    tmp_path: Path, order: ExchangeOrder, position: object, kind: OutcomeKind
) -> None:
    (outcome,) = cancelled(tmp_path, ExchangeInMemory(order, positions=[position]), order)  # type: ignore[list-item]
    assert outcome.kind is kind


def test_positions_that_cannot_be_read_leave_a_stop_untouched(tmp_path: Path) -> None:
    exchange = ExchangeInMemory(PLAIN, positions=[leg()])
    exchange.unread = {ScopeKind.POSITIONS}
    (outcome,) = cancelled(tmp_path, exchange, PLAIN)
    assert (outcome.kind, outcome.sent) == (OutcomeKind.UNKNOWN, False)
    assert exchange.open_keys() == {PLAIN.key}


class WithoutPositions(ExchangeInMemory):
    """An exchange of which ccxt cannot list the positions: reading again would say the same for ever."""

    def read_positions(self, symbols: Collection[str]) -> PositionsReading:
        told = (reading(ScopeKind.POSITIONS, ScopeStatus.NOT_SUPPORTED),)
        return PositionsReading(positions=tuple(self.positions), coverage=Coverage(readings=told))


@pytest.mark.parametrize(
    ("listed_then", "kind"), [(False, OutcomeKind.CANCELLED), (True, OutcomeKind.UNKNOWN)], ids=["never", "no more"]
)
def test_who_was_told_that_positions_cannot_be_listed_can_cancel_a_stop(
    tmp_path: Path, listed_then: bool, kind: OutcomeKind
) -> None:
    clock, exchange = ManualClock(LATER), WithoutPositions(PLAIN)
    then = snapshot(orders=(PLAIN,))
    if not listed_then:
        unlisted = exchange.read_positions([]).coverage.readings
        orders = tuple(each for each in then.coverage.readings if each.scope.kind is not ScopeKind.POSITIONS)
        then = snapshot(orders=(PLAIN,), coverage=Coverage(readings=(*orders, *unlisted)))
    plan = plan_of(make.state(open_orders=(), positions=()), then)
    assert plan.orphans[0].protective is not listed_then, "what is not known is told as a risk"
    decision = Decision(order_key=PLAIN.key, action=Action.CANCEL, who="kim")
    journal = Journal(tmp_path, clock)
    outcome = only(execute_plan(plan, [decision], exchange=exchange, log=journal, clock=clock))
    journal.close()
    assert outcome.kind is kind


def test_many_stops_are_not_each_a_question_about_positions(tmp_path: Path) -> None:
    stops = [stop(id=str(number), client_order_id=f"grid-{number}") for number in range(20)]
    exchange = ExchangeInMemory(*stops)
    outcomes = cancelled(tmp_path, exchange, *stops)
    assert {each.kind for each in outcomes} == {OutcomeKind.CANCELLED}
    assert exchange.requests["read_positions"] == 1


def test_who_saw_that_it_protects_and_cancels_it_is_not_asked_twice(tmp_path: Path) -> None:
    clock = ManualClock(LATER)
    exchange = ExchangeInMemory(PLAIN, positions=[leg(contracts=Decimal(1))])
    plan = plan_of(make.state(open_orders=(), positions=()), snapshot(orders=(PLAIN,), positions=(leg(),)))
    decision = Decision(order_key=PLAIN.key, action=Action.CANCEL, who="kim")
    journal = Journal(tmp_path, clock)
    outcome = only(execute_plan(plan, [decision], exchange=exchange, log=journal, clock=clock))
    journal.close()
    assert outcome.kind is OutcomeKind.CANCELLED
