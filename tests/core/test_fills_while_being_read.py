"""An order that fills while the exchange is being read: positions and orders tell of one moment, or nobody calls it true."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import strategies as make
from recovery_builders import LATER, ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.config import StoreManifest, write_manifest
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.state import OrderStatus
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

HELD = Decimal("0.250")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    directory = tmp_path / "store"
    with StateStore(directory, clock=ManualClock(T0)) as opened:
        opened.save(make.state(positions=(make.position(),)))
        manifest = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
        write_manifest(directory, manifest, LocalFiles())
        Journal(directory, ManualClock(T0)).close()
    return directory


def saved_after(store: Path, exchange: Racing) -> tuple[Decimal, int]:
    """The quantity and the number of open orders that a recovery saves."""
    clock = ManualClock(LATER)
    with StoreView(store, clock=clock) as view:
        recovery = OperatorRecovery(view, exchange, who="kim", clock=clock, account_locks=store.parent / "locks")
        comparison = recovery.compare()
        exchange.before_read = exchange.meanwhile
        report = recovery.execute(comparison, [], plan_id=comparison.plan.id)
    assert report.state is not None
    (position,) = report.state.positions
    return position.quantity, len(report.state.open_orders)


class Racing(ExchangeInMemory):
    """Its order fills after positions were told and before orders are, so much of it."""

    def __init__(self, filled: Decimal, status: OrderStatus) -> None:
        super().__init__(live(), positions=[leg()])
        self.filled, self.status = filled, status

    def meanwhile(self) -> None:
        self.change(live().key, status=self.status, filled=self.filled, updated_at=LATER)
        self.positions = [msgspec.structs.replace(leg(), contracts=HELD + self.filled)]


@pytest.mark.parametrize(
    ("filled", "status", "left"),
    [(Decimal("0.010"), OrderStatus.FILLED, 0), (Decimal("0.004"), OrderStatus.PARTIALLY_FILLED, 1)],
    ids=["all of it", "a part of it"],
)
def test_the_position_that_is_saved_holds_the_fill(
    store: Path, filled: Decimal, status: OrderStatus, left: int
) -> None:
    assert saved_after(store, Racing(filled, status)) == (HELD + filled, left)


def test_positions_are_read_once_where_nothing_filled(store: Path) -> None:
    exchange = ExchangeInMemory(live(), positions=[leg()])
    clock = ManualClock(LATER)
    with StoreView(store, clock=clock) as view:
        OperatorRecovery(view, exchange, who="kim", clock=clock).compare()
    assert exchange.requests["read_positions"] == 1
