"""A store that a dead bot left, an exchange that has moved on, and an operator who recovers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import strategies as make
from recovery_builders import LATER, SECOND, ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.changes import Mark, checkpoint_mark
from crashdesk.config import RecoveryConfig, StoreManifest, write_manifest
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk.recovery import RecoveryManager
from crashdesk.state import OrderStatus, SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
KNOWN = make.state(
    open_orders=(make.order(), make.order(id="2", client_order_id="grid-2")),
    strategy_states=(make.records.StrategyState(name="grid", state_data=b"17"),),
)
ORPHAN = live(id="4", client_order_id="grid-4")
MANUAL = live(id="5", client_order_id="web_5")
FILLED = live(id="2", client_order_id="grid-2", status=OrderStatus.FILLED, filled=Decimal("0.010"))


class Incident:
    """A store that a dead bot left, and an exchange that has moved on."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = ManualClock(LATER)
        with StateStore(directory, clock=ManualClock(T0)) as store:
            store.save(make.state(timestamp=T0 - SECOND))
            store.save(KNOWN)
            write_manifest(directory, MANIFEST, LocalFiles())
            journal = Journal(directory, ManualClock(T0))
            journal.commit([checkpoint_mark(Mark(info.seq, info.timestamp)) for info in store.list_checkpoints()])
            journal.close()
        self.exchange = ExchangeInMemory(live(), FILLED, ORPHAN, MANUAL, positions=[leg(contracts=Decimal("0.260"))])
        self.view = StoreView(directory, clock=self.clock)
        self.recovery = OperatorRecovery(self.view, self.exchange, who="kim", clock=self.clock)

    def run(self, *decisions: Decision, **changes: Any) -> Any:
        comparison = self.recovery.compare()
        return self.recovery.execute(comparison, decisions, plan_id=comparison.plan.id, **changes)

    def start_bot(self) -> tuple[Any, SystemState]:
        """The bot's own next start, with the exchange out of sight."""
        bot = LiveState(clock=self.clock)
        config = RecoveryConfig(checkpoint_dir=self.directory)
        with RecoveryManager(bot, config, clock=self.clock) as manager:
            return manager.recover(), bot.snapshot()

    def kinds(self) -> list[AuditKind]:
        return [entry.kind for entry in self.view.audit_entries()]


def cancel(key: str = ORPHAN.key) -> Decision:
    return Decision(order_key=key, action=Action.CANCEL, who="kim")


def content(directory: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(directory.rglob("*"))}
