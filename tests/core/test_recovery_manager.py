"""RecoveryManager saves: what it acknowledges is on the disk, and trading never waits for it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from managed_store import MANIFEST, SECONDS, Plain, SlowDisk, manage
from recovery_builders import LATER, ExchangeInMemory, live
from strategies import ManualClock

from crashdesk.config import read_manifest
from crashdesk.errors import StateError, StorageError, StoreLocked
from crashdesk.live import LiveState
from crashdesk.state import SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.mark.parametrize("system", [Plain(make.state()), None], ids=["plain", "live"])
def test_an_acknowledged_checkpoint_is_there_for_anybody_while_the_manager_still_runs(store: Path, system: Any) -> None:
    if system is None:
        system = LiveState(clock=ManualClock(LATER))
        system.restore(make.state())
    with manage(store, system) as manager:
        info = manager.checkpoint()
        with StateStore(store, read_only=True) as other:
            assert other.load_latest() == system.snapshot()
            assert other.load(info.seq) == system.snapshot()
        stats = manager.get_stats()
        assert (stats.checkpoints, stats.failures, stats.last_checkpoint) == (1, 0, info)
    journal = Journal(store, ManualClock(), read_only=True)
    assert journal.causes() == {1: Cause.MANUAL}
    journal.close()


def test_a_slow_disk_neither_blocks_trading_nor_makes_a_queue(store: Path) -> None:
    disk, clock = SlowDisk(), ManualClock(LATER)
    system = LiveState(clock=clock)
    with manage(store, system, files=disk, clock=clock) as manager:
        disk.armed = True
        waiting = threading.Thread(target=manager.checkpoint)
        waiting.start()
        assert disk.flushing.wait(SECONDS)
        for number in range(200):
            system.put_order(make.order(id=str(number)))
            manager.intend_order(symbol="X", client_order_id=str(number), side="buy", order_type="limit", quantity=1)
            manager.checkpoint_on_trade()
        assert manager.get_stats().checkpoints == 0
        disk.free.set()
        waiting.join(SECONDS)
        manager.checkpoint()
        with StateStore(store, read_only=True) as other:
            latest = other.load_latest()
            assert latest is not None
            assert len(latest.open_orders) == 200


def test_on_trade_does_nothing_where_the_configuration_says_so(store: Path) -> None:
    with manage(store, checkpoint_on_trade=False) as manager:
        manager.checkpoint_on_trade()
    assert manager.get_stats().checkpoints == 0


class SteppedClock(ManualClock):
    """Waiting lasts until the test has moved the time far enough."""

    def __init__(self, now: int) -> None:
        super().__init__(now)
        self._moved = threading.Condition()
        self.waiting = threading.Semaphore(0)

    def advance(self, seconds: float) -> None:
        with self._moved:
            self.now += int(seconds * 1e9)
            self._moved.notify_all()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        until = self.now + int(seconds * 1e9)
        self.waiting.release()
        with self._moved:
            while not event.is_set() and self.now < until:
                self._moved.wait(0.01)
        return event.is_set()


def test_periodic_checkpoints_follow_the_clock_and_end_with_the_manager(store: Path) -> None:
    clock = SteppedClock(LATER)
    with manage(store, clock=clock, checkpoint_interval_ms=60_000) as manager:
        manager.start_periodic_checkpoint()
        manager.start_periodic_checkpoint()
        for number in range(3):
            assert clock.waiting.acquire(timeout=SECONDS)
            assert manager.get_stats().checkpoints <= number
            clock.advance(59.9)
            clock.advance(0.2)
        assert clock.waiting.acquire(timeout=SECONDS)
    with StateStore(store, read_only=True) as other:
        assert 1 <= len(other.list_checkpoints()) <= 3
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("crashdesk-")]


def test_a_snapshot_that_fails_or_contradicts_itself_is_an_error_and_not_a_checkpoint(store: Path) -> None:
    class Broken(Plain):
        def snapshot(self) -> SystemState:
            raise KeyError("positions")

    with manage(store, Broken(make.state())) as manager, pytest.raises(StorageError, match="KeyError"):
        manager.checkpoint()
    twice = Plain(make.state(open_orders=(make.order(), make.order())))
    with manage(store, twice) as manager, pytest.raises(StateError, match="appears twice"):
        manager.checkpoint()
    with StateStore(store, read_only=True) as other:
        assert other.list_checkpoints() == []


def test_retention_follows_the_configuration(store: Path) -> None:
    with manage(store, max_checkpoints=3) as manager:
        for _ in range(8):
            manager.checkpoint()
    with StateStore(store, read_only=True) as other:
        assert [info.seq for info in other.list_checkpoints()] == [6, 7, 8]


def test_many_threads_at_once(store: Path) -> None:
    clock = ManualClock(LATER)
    system = LiveState(clock=clock)
    exchange = ExchangeInMemory(*(live(id=str(n), client_order_id=f"grid-{n}") for n in range(4)))
    seqs: list[int] = []
    with manage(store, system, exchange, clock=clock, max_checkpoints=1000) as manager:

        def trade(number: int) -> None:
            for turn in range(10):
                system.put_order(make.order(id=f"{number}-{turn}"))
                manager.intend_order(
                    symbol="X", client_order_id=f"{number}-{turn}", side="buy", order_type="limit", quantity=Decimal(1)
                )
                manager.checkpoint_on_trade()
                seqs.append(manager.checkpoint().seq)
                manager.get_stats()

        def synchronise() -> None:
            for _ in range(3):
                manager.sync_with_exchange()

        jobs: list[Callable[[], None]] = [*(lambda n=n: trade(n) for n in range(4)), synchronise]  # type: ignore[misc]
        threads = [threading.Thread(target=job) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        stats = manager.get_stats()
        assert (stats.failures, stats.syncs, stats.orphans_cancelled) == (0, 3, 4)
    assert len(seqs) == 40
    with StateStore(store, read_only=True) as other:
        assert set(seqs) <= {info.seq for info in other.list_checkpoints()}
        for info in other.list_checkpoints():
            other.load(info)


def test_closing_serves_what_is_wanted_gives_the_store_back_and_is_done_once(store: Path) -> None:
    manager = manage(store, Plain(make.state()))
    manager.checkpoint_on_trade()
    manager.close()
    manager.close()
    assert manager.get_stats().checkpoints == 1
    with pytest.raises(StorageError, match="closed"):
        manager.checkpoint()
    with manage(store) as again:
        assert again.checkpoint().seq == 2


@pytest.mark.usefixtures("impatient")
@pytest.mark.scenario(70)
def test_a_second_manager_is_refused_and_told_who_holds_the_store(store: Path) -> None:
    with manage(store) as manager:
        manager.checkpoint()
        with pytest.raises(StoreLocked, match=r"in use by grid \(process \d+"):
            manage(store)
        assert manager.checkpoint().seq == 2
    script = (
        "from crashdesk import *\nimport sys\n"
        "class S:\n def snapshot(self): ...\n def restore(self, s): ...\n"
        "try: RecoveryManager(S(), RecoveryConfig(checkpoint_dir=sys.argv[1]))\n"
        "except CrashdeskError as error: print(type(error).__name__, error)\n"
    )
    with manage(store):
        command = [sys.executable, "-c", script, str(store)]
        told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    assert told.stdout.startswith("StoreLocked")
    assert "in use by grid" in told.stdout


def test_the_manifest_is_written_and_used_at_the_next_start(store: Path) -> None:
    manage(store).close()
    assert read_manifest(store, LocalFiles()) == MANIFEST
    with manage(store, manifest=None) as manager:
        assert manager.manifest == MANIFEST
