"""A change log on a disk that hangs, fails and counts at will."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import strategies as make
from strategies import ManualClock

from crashdesk.changes import Change, ChangeKind
from crashdesk.errors import CrashdeskError
from crashdesk.live import LiveState
from crashdesk.replay import replay
from crashdesk.storage.changelog import ChangeLog
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause, Intent, IntentAction

INTENT = Intent(at=7, action=IntentAction.CREATE, symbol="BTC/USDT:USDT", client_order_id="grid-1")
PATIENCE_S = 20.0


class Disk(Journal):
    """A journal whose disk can fail, hang and be slow."""

    error: BaseException | None = None
    delay_s = 0.0

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, ManualClock())
        self.runs = threading.Event()
        self.runs.set()
        self.entered = threading.Event()
        self.attempts = 0

    def commit(
        self, changes: Sequence[Change] = (), intents: Sequence[Intent] = (), causes: Sequence[tuple[int, Cause]] = ()
    ) -> int:
        self.attempts += 1
        self.entered.set()
        assert self.runs.wait(PATIENCE_S)
        if self.delay_s:
            time.sleep(self.delay_s)
        if self.error is not None:
            raise self.error
        return super().commit(changes, intents, causes)


class Bench:
    """A disk, the log before it, and what it reported."""

    def __init__(self, directory: Path, **options: Any) -> None:
        self.directory = directory
        self.disk = Disk(directory)
        self.reports: list[CrashdeskError] = []
        self.on_report: Callable[[CrashdeskError], None] = self.reports.append
        self.log = ChangeLog(self.disk, report=self._told, **{"retry_s": 0.01, **options})
        self.live = LiveState()
        self.live.attach(self.log)
        self.log.describe_anew = self.live.describe

    def _told(self, error: CrashdeskError) -> None:
        self.on_report(error)

    def durable(self) -> list[Change]:
        """What another process would find."""
        reader = Journal(self.directory, ManualClock(), read_only=True)
        try:
            return [change for batch in reader.batches() for change in batch.changes]
        finally:
            reader.close()

    def durable_orders(self) -> set[str]:
        reader = Journal(self.directory, ManualClock(), read_only=True)
        try:
            end = replay(None, reader.batches())
        finally:
            reader.close()
        assert end.problem == ""
        return {order.id for order in end.state.open_orders} if end.state else set()

    def put(self, number: int, *, wait: bool = False) -> None:
        self.live.put_order(make.order(id=str(number)), wait=wait)

    def hang(self) -> None:
        """From here on a commit does not return; returns when one is at it."""
        self.disk.runs.clear()
        self.disk.entered.clear()
        self.log.append((note("hanging"),))
        assert self.disk.entered.wait(PATIENCE_S)

    def healed(self) -> None:
        until(lambda: not self.log.stats().problem and not self.log.stats().pending)


def close(bench: Bench) -> None:
    bench.disk.runs.set()
    bench.log.close()
    bench.disk.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def note(text: str) -> Change:
    return Change(ChangeKind.ORDER_GONE, text.encode())
