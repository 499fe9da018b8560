"""An order that an operator left alone, and that then fills, explains what became of the position."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import strategies as make
from recovery_builders import BTC, LATER, SECOND, ExchangeInMemory, leg, live, only_position
from strategies import T0, ManualClock

from crashdesk.config import StoreManifest, write_manifest
from crashdesk.exchange.records import LookupStatus, OrderLookup, OrderRef, Trade
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision, Plan
from crashdesk.state import OrderStatus, Side
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

LEFT = live(id="4", client_order_id="manual", amount=Decimal("0.05"), created_at=T0 - 600 * SECOND)
HELD = Decimal("0.250")


class ExchangeThatTellsTrades(ExchangeInMemory):
    """It tells the trades of an order that ended, all of them at `filled_at`."""

    filled_at = LATER + 30 * SECOND

    def read_order(self, ref: OrderRef) -> OrderLookup:
        found = super().read_order(ref)
        order = found.order
        if order is None or not order.filled:
            return found
        trade = Trade(id="t", order_id=order.id, symbol=BTC, amount=order.filled, price=Decimal(1), at=self.filled_at)
        return msgspec.structs.replace(found, trades=(trade,))


class Incident:
    """The operator left an order of somebody else, recovered, and the state was saved."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = ManualClock(LATER)
        with StateStore(directory, clock=ManualClock(T0)) as store:
            store.save(make.state(positions=(make.position(),)))
            manifest = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
            write_manifest(directory, manifest, LocalFiles())
            Journal(directory, ManualClock(T0)).close()
        self.exchange = ExchangeThatTellsTrades(live(), LEFT, positions=[leg()])
        with StoreView(directory, clock=self.clock) as view:
            recovery = self.recovery(view)
            comparison = recovery.compare()
            decision = Decision(order_key=LEFT.key, action=Action.LEAVE, who="kim", note="the hedge")
            assert recovery.execute(comparison, [decision], plan_id=comparison.plan.id).saved is not None
        self.clock.sleep(60)
        self.exchange.requests.clear()

    def recovery(self, view: StoreView) -> OperatorRecovery:
        return OperatorRecovery(
            view, self.exchange, who="kim", clock=self.clock, account_locks=self.directory.parent / "locks"
        )

    def fills(self, filled: Decimal = Decimal("0.05")) -> None:
        self.exchange.change(LEFT.key, status=OrderStatus.FILLED, filled=filled, updated_at=LATER + 30 * SECOND)
        self.exchange.positions = [leg(contracts=HELD + filled)]

    def plan(self) -> Plan:
        with StoreView(self.directory, clock=self.clock) as view:
            return self.recovery(view).compare().plan


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    return Incident(tmp_path / "store")


def said(plan: Plan) -> str:
    return "\n".join(item.text for item in only_position(plan).evidence)


def test_its_fill_explains_the_change_and_is_named(incident: Incident) -> None:
    incident.fills()
    told = said(incident.plan())
    assert "The change of +0.05 is what one order filled since" in told
    assert "Order 4 filled 0.05 since. kim had decided to leave it: the hedge." in told


def test_what_had_filled_before_the_state_is_not_counted_again(incident: Incident) -> None:
    incident.fills()
    incident.exchange.filled_at = T0
    told = said(incident.plan())
    assert "No fill that was read explains the change of +0.05." in told
    assert "Order 4" not in told


def test_it_is_asked_for_only_where_a_position_moved(incident: Incident) -> None:
    incident.exchange.change(LEFT.key, status=OrderStatus.CANCELLED)
    incident.plan()
    assert "read_order" not in incident.exchange.requests
    incident.exchange.positions = [leg(contracts=Decimal(1))]
    incident.plan()
    assert incident.exchange.requests["read_order"] == 2, "by its id, and by its client order id"


def test_an_order_that_still_rests_is_not_asked_for(incident: Incident) -> None:
    incident.exchange.positions = [leg(contracts=Decimal(1))]
    incident.plan()
    assert "read_order" not in incident.exchange.requests


def test_no_answer_is_not_nothing(incident: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    incident.fills()

    def silent(ref: OrderRef) -> OrderLookup:
        return OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="no answer in time", read_at=LATER)

    monkeypatch.setattr(incident.exchange, "read_order", silent)
    told = said(incident.plan())
    assert "What became of order 4 is not known" in told
    assert "What became of some orders of this symbol, or when they filled, is not known" in told


def test_of_two_legs_only_the_one_that_it_belongs_to_is_told(incident: Incident) -> None:
    incident.fills()
    incident.exchange.change(LEFT.key, position_side="LONG")
    incident.exchange.positions = [leg(contracts=Decimal("0.30"), hedged=True), leg(side=Side.SELL, hedged=True)]
    told = {each.side: "\n".join(item.text for item in each.evidence) for each in incident.plan().positions}
    assert "Order 4 filled 0.05 since" in told[Side.BUY]
    assert "Order 4" not in told[Side.SELL]


def replaced(incident: Incident, **changes: object) -> None:
    """Somebody amended the order that was left: it went on under a new id, and filled."""
    incident.exchange.change(LEFT.key, status=OrderStatus.CANCELLED, updated_at=LATER + 20 * SECOND)
    successor = {"id": "44", "status": OrderStatus.FILLED, "filled": LEFT.amount, "created_at": LATER + 20 * SECOND}
    incident.exchange.put(msgspec.structs.replace(LEFT, **(successor | changes)))
    incident.exchange.positions = [leg(contracts=HELD + Decimal("0.05"))]


def test_what_went_on_under_a_new_id_and_filled_is_followed(incident: Incident) -> None:
    replaced(incident)
    told = said(incident.plan())
    assert "The change of +0.05 is what one order filled since" in told
    assert "Order 44, which carries the client order id of order 4, filled 0.05 since." in told
    assert "kim had decided to leave order 4: the hedge." in told


def test_one_that_the_exchange_forgot_is_followed_as_well(incident: Incident) -> None:
    replaced(incident)
    del incident.exchange.orders[LEFT.key]
    assert "Order 44, which carries the client order id of order 4, filled 0.05 since." in said(incident.plan())


def test_a_successor_that_rests_is_an_orphan_and_counted_there(incident: Incident) -> None:
    replaced(incident, status=OrderStatus.PARTIALLY_FILLED, filled=Decimal("0.02"))
    incident.exchange.positions = [leg(contracts=HELD + Decimal("0.02"))]
    plan = incident.plan()
    assert [each.live and each.live.id for each in plan.orphans] == ["44"]
    assert "The change of +0.02 is what one order filled since" in said(plan)


def test_a_trigger_that_fired_is_counted_once_under_both_of_its_names(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(incident)
    child = incident.exchange.orders["normal:BTC/USDT:USDT:44"]
    asked = incident.exchange.read_order

    def follows(ref: OrderRef) -> OrderLookup:
        """As ccxt's Binance: the trigger's order tells the fills of the one that it placed."""
        found = asked(ref)
        if not ref.id:
            return found
        assert found.order is not None
        ended = msgspec.structs.replace(found.order, status=OrderStatus.FILLED, filled=child.filled)
        return msgspec.structs.replace(found, order=ended, placed=child, trades=asked(child.ref).trades)

    monkeypatch.setattr(incident.exchange, "read_order", follows)
    assert "The change of +0.05 is what one order filled since" in said(incident.plan())
