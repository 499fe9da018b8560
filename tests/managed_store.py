"""A bot's store in the hands of a RecoveryManager: systems, disks that hang, and what the audit log says."""

from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import strategies as make
from recovery_builders import LATER, PREFIX, live
from strategies import ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.state import OrderStatus, SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal

SECONDS = 5.0
MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix=PREFIX, other_prefixes=("grid-b-",))
KNOWN = make.state(open_orders=(make.order(), make.order(id="2", client_order_id="grid-2")))
FILLED = live(id="2", client_order_id="grid-2", status=OrderStatus.FILLED, filled=Decimal("0.010"))
ORPHAN = live(id="4", client_order_id="grid-4")


def saved(directory: Path, state: SystemState = KNOWN) -> Path:
    """A store with the checkpoint and the journal of a run that ended."""
    with manage(directory, Plain(state)) as manager:
        manager.checkpoint()
    return directory


def manage(directory: Path, system: Any = None, exchange: Any = None, **changes: Any) -> RecoveryManager:
    """A manager of the store; `changes` are settings of its configuration, or arguments of its own."""
    config = {key: changes.pop(key) for key in RecoveryConfig.__struct_fields__ if key in changes}
    options: dict[str, Any] = {"manifest": MANIFEST, "clock": ManualClock(LATER)} | changes
    system = LiveState(clock=options["clock"]) if system is None else system
    return RecoveryManager(system, RecoveryConfig(checkpoint_dir=directory, **config), exchange, **options)


def audit(directory: Path) -> list[tuple[AuditKind, str]]:
    """What the audit log of a store says."""
    journal = Journal(directory, ManualClock(), read_only=True)
    try:
        return [(entry.kind, entry.text) for entry in journal.entries()]
    finally:
        journal.close()


class Plain:
    """A system of the bot's own making."""

    def __init__(self, state: SystemState) -> None:
        self.state = state

    def snapshot(self) -> SystemState:
        return self.state

    def restore(self, state: SystemState) -> None:
        self.state = state


class SlowDisk(LocalFiles):
    """A disk that takes its time over checkpoints until it is let."""

    def __init__(self) -> None:
        self.flushing = threading.Event()
        self.free = threading.Event()
        self.armed = False

    def sync(self, descriptor: int) -> None:
        if self.armed:
            self.flushing.set()
            assert self.free.wait(SECONDS)
        super().sync(descriptor)
