"""Bots whose journal fails, and what may be said to be known afterwards."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import msgspec
import strategies as make
from strategies import ManualClock

from crashdesk.config import RecoveryConfig
from crashdesk.errors import CrashdeskError
from crashdesk.live import LiveState
from crashdesk.recall import LastKnown, recall
from crashdesk.recovery import RecoveryManager
from crashdesk.state import SystemState
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME, Intent, IntentAction
from crashdesk.storage.store import StateStore

PATIENCE_S = 20.0
LOG_NAME = JOURNAL_NAME + "-wal"
INTENT = {"symbol": "BTC/USDT:USDT", "side": "buy", "order_type": "limit", "quantity": "1"}


class Bot:
    """A LiveState with its manager, and every state that was acknowledged."""

    def __init__(self, directory: Path, *, start: int = make.T0) -> None:
        self.clock = ManualClock(start)
        self.live = LiveState(clock=self.clock)
        self.reports: list[CrashdeskError] = []
        self.manager = RecoveryManager(
            self.live, RecoveryConfig(checkpoint_dir=directory), clock=self.clock, on_error=self.reports.append
        )
        self.manager._log._retry_s = 0.01
        self.states: list[SystemState] = []

    @property
    def journal(self) -> Journal:
        return self.manager._journal

    def put(self, number: int) -> None:
        self.clock.sleep(0.001)
        self.live.put_order(make.order(id=str(number)), wait=True)
        self.states.append(self.live.snapshot())

    def intend(self, name: str) -> None:
        self.manager.intend_order(client_order_id=name, **INTENT)

    def healed(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while (stats := self.manager.get_stats().journal).problem or stats.pending:
            assert time.monotonic() < end
            time.sleep(0.005)

    def close(self) -> None:
        with contextlib.suppress(CrashdeskError):
            self.manager.close()


def last_known(directory: Path) -> LastKnown:
    """As another process finds it."""
    with StateStore(directory, read_only=True) as store:
        journal = Journal(directory, ManualClock(), read_only=True)
        try:
            last = recall(store, journal.batches())
        finally:
            journal.close()
    assert last is not None
    return last


def same(found: SystemState, wanted: SystemState) -> bool:
    return msgspec.structs.replace(found, timestamp=wanted.timestamp) == wanted


def assert_exact(directory: Path, wanted: SystemState) -> None:
    last = last_known(directory)
    assert last.problem == ""
    assert same(last.state, wanted)


def intent(number: int) -> Intent:
    return Intent(at=make.T0, action=IntentAction.CREATE, symbol="BTC/USDT", client_order_id=f"grid-{number}")
