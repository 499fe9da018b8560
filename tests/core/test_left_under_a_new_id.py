"""An order that was left on purpose stays left when the exchange goes on with it under another id."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import strategies as make
from recovery_builders import LATER, SECOND, ExchangeInMemory, leg, live, stop
from strategies import T0, ManualClock

from crashdesk.config import RecoveryConfig, StoreManifest, write_manifest
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision, OrderVerdictKind
from crashdesk.recovery import RecoveryManager
from crashdesk.state import OrderType, Side
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
LEFT = live(id="4", client_order_id="grid-4")
WAITING = stop(
    id="4", client_order_id="grid-4", amount=Decimal(1), order_type=OrderType.STOP_LIMIT, price=Decimal(33900)
)
PLACED = live(id="51", client_order_id="grid-4", side=Side.SELL, amount=Decimal(1), price=Decimal(33900))


class Incident:
    def __init__(self, directory: Path, left: ExchangeOrder) -> None:
        self.directory, self.left = directory, left
        self.clock = ManualClock(LATER)
        with StateStore(directory, clock=ManualClock(T0)) as store:
            store.save(make.state(positions=(make.position(symbol="ETH/USDT:USDT"),)))
            write_manifest(directory, MANIFEST, LocalFiles())
            Journal(directory, ManualClock(T0)).close()
        self.exchange = ExchangeInMemory(live(), left, positions=[leg(symbol="ETH/USDT:USDT")])

    def leave_it(self) -> None:
        with StoreView(self.directory, clock=self.clock) as view:
            recovery = OperatorRecovery(view, self.exchange, who="kim", clock=self.clock)
            comparison = recovery.compare()
            decision = Decision(order_key=self.left.key, action=Action.LEAVE, who="kim", note="the hedge")
            recovery.execute(comparison, [decision], plan_id=comparison.plan.id)

    def goes_on_as(self, order: ExchangeOrder) -> None:
        del self.exchange.orders[self.left.key]
        self.exchange.put(msgspec.structs.replace(order, created_at=self.clock.now_ns()))
        self.clock.sleep(60)

    def start_bot(self) -> None:
        config = RecoveryConfig(checkpoint_dir=self.directory)
        with RecoveryManager(
            LiveState(clock=self.clock),
            config,
            self.exchange,
            clock=self.clock,
            account_locks=self.directory.parent / "locks",
        ) as manager:
            manager.recover()


@pytest.mark.parametrize(
    ("left", "goes_on_as"),
    [(LEFT, live(id="44", client_order_id="grid-4")), (WAITING, PLACED)],
    ids=["replaced", "its trigger fired"],
)
def test_the_bots_next_start_does_not_cancel_it(tmp_path: Path, left: ExchangeOrder, goes_on_as: ExchangeOrder) -> None:
    incident = Incident(tmp_path / "store", left)
    incident.leave_it()
    incident.goes_on_as(goes_on_as)
    incident.start_bot()
    assert goes_on_as.key in incident.exchange.open_keys()


def test_an_operator_is_told_and_decides_anew(tmp_path: Path) -> None:
    incident = Incident(tmp_path / "store", LEFT)
    incident.leave_it()
    incident.goes_on_as(live(id="44", client_order_id="grid-4"))
    with StoreView(incident.directory, clock=incident.clock) as view:
        plan = OperatorRecovery(view, incident.exchange, who="kim", clock=incident.clock).compare().plan
    (verdict,) = plan.orphans
    assert (verdict.kind, verdict.preselected, verdict.dismissed) == (OrderVerdictKind.OWN_ORPHAN, False, "")
    assert "kim decided to leave order 4: the hedge. This one carries the same client order id" in "\n".join(
        item.text for item in verdict.evidence
    )


def test_what_was_not_left_is_the_bots_to_cancel(tmp_path: Path) -> None:
    incident = Incident(tmp_path / "store", LEFT)
    incident.leave_it()
    other = live(id="45", client_order_id="grid-5", created_at=LATER - 60 * SECOND)
    incident.exchange.put(other)
    incident.clock.sleep(60)
    incident.start_bot()
    assert incident.exchange.open_keys() == {live().key, LEFT.key}
