"""RecoveryManager: what it acknowledges is on the disk, what it restores is true, and trading never waits for it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from recovery_builders import LATER, PREFIX, SECOND, ExchangeInMemory, leg, live, stop
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import RecoveryConfig, StoreManifest, read_manifest
from crashdesk.errors import (
    CrashdeskError,
    ExchangeUnavailable,
    RecoveryError,
    StateError,
    StorageError,
    StoreDegraded,
    StoreLocked,
)
from crashdesk.exchange.records import CancelAnswer, OrderRef, ScopeKind
from crashdesk.live import LiveState
from crashdesk.reconcile.records import OrderVerdictKind, OutcomeKind
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus
from crashdesk.state import OrderStatus, SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause, Dismissal
from crashdesk.storage.store import StateStore

SECONDS = 5.0
MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix=PREFIX, other_prefixes=("grid-b-",))
KNOWN = make.state(open_orders=(make.order(), make.order(id="2", client_order_id="grid-2")))
FILLED = live(id="2", client_order_id="grid-2", status=OrderStatus.FILLED, filled=Decimal("0.010"))
ORPHAN = live(id="4", client_order_id="grid-4")
STOP = stop(id="6", client_order_id="grid-6")
OTHERS = (
    live(id="5", client_order_id="web_5"),
    live(id="7", client_order_id=""),
    live(id="8", client_order_id="grid-b-8"),
    live(id="9", client_order_id="grid-9", created_at=LATER - SECOND),
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def saved(directory: Path, state: SystemState = KNOWN) -> Path:
    """A store with the checkpoint and the journal of a run that ended."""
    with manage(directory, Plain(state)) as manager:
        manager.checkpoint()
    return directory


def manage(directory: Path, system: Any = None, exchange: Any = None, **changes: Any) -> RecoveryManager:
    config = {key: changes.pop(key) for key in RecoveryConfig.__struct_fields__ if key in changes}
    options: dict[str, Any] = {"manifest": MANIFEST, "clock": ManualClock(LATER)} | changes
    system = LiveState(clock=options["clock"]) if system is None else system
    return RecoveryManager(system, RecoveryConfig(checkpoint_dir=directory, **config), exchange, **options)


def audit(directory: Path) -> list[tuple[AuditKind, str]]:
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


# Checkpoints


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


class FullDisk(LocalFiles):
    """No room for checkpoints while `full`."""

    full = False

    def write(self, descriptor: int, data: bytes) -> int:
        if self.full and data[:4] == b"ZQCK":
            raise OSError(28, "No space left on device")
        return super().write(descriptor, data)


def test_errors_are_told_and_counted_and_trading_goes_on(store: Path) -> None:
    disk, told = FullDisk(), []
    with manage(store, files=disk, on_error=told.append) as manager:
        manager.checkpoint()
        disk.full = True
        manager.checkpoint_on_trade()
        with pytest.raises(StorageError, match="No space left"):
            manager.checkpoint()
        stats = manager.get_stats()
        assert stats.checkpoints == 1
        assert "No space left" in stats.last_error
        disk.full = False
        assert manager.checkpoint() == manager.get_stats().last_checkpoint
    assert 1 <= manager.get_stats().failures <= 2
    assert all("No space left" in str(error) for error in told)


def test_a_flush_that_fails_is_not_acknowledged(store: Path) -> None:
    class Lying(LocalFiles):
        broken = False

        def sync(self, descriptor: int) -> None:
            if self.broken:
                raise OSError(5, "Input/output error")
            super().sync(descriptor)

    disk = Lying()
    with manage(store, files=disk) as manager:
        manager.checkpoint()
        disk.broken = True
        with pytest.raises(StoreDegraded):
            manager.checkpoint()
        disk.broken = False
    with StateStore(store, read_only=True) as other:
        assert [info.seq for info in other.list_checkpoints()] == [1]


def test_a_callback_that_raises_does_not_end_saving(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    disk = FullDisk()

    def raise_again(error: CrashdeskError) -> None:
        raise RuntimeError("the bot's own mistake")

    with caplog.at_level(logging.ERROR, "crashdesk"), manage(store, files=disk, on_error=raise_again) as manager:
        disk.full = True
        with pytest.raises(StorageError):
            manager.checkpoint()
        disk.full = False
        assert manager.checkpoint().seq == 2
    assert "on_error failed" in caplog.text


def test_a_callback_that_asks_to_wait_for_itself_is_told_so_and_one_that_closes_closes(store: Path) -> None:
    disk, answers = FullDisk(), []
    closed = threading.Event()

    def react(error: CrashdeskError) -> None:
        try:
            manager.checkpoint()
        except StorageError as refused:
            answers.append(str(refused))
        manager.close()
        closed.set()

    manager = manage(store, Plain(make.state()), files=disk, on_error=react)
    disk.full = True
    manager.checkpoint_on_trade()
    assert closed.wait(SECONDS)
    assert "would wait for itself" in answers[0]
    with StateStore(store) as other:
        other.acquire()


@pytest.mark.usefixtures("impatient")
def test_a_disk_that_hangs_does_not_hold_up_closing_and_nobody_else_gets_the_store(store: Path) -> None:
    disk, errors = SlowDisk(), []
    system = Plain(make.state())
    manager = manage(store, system, files=disk, on_error=errors.append)
    disk.armed = True
    manager.checkpoint_on_trade()
    assert disk.flushing.wait(SECONDS)
    with pytest.raises(StoreDegraded, match="may not be durable"):
        manager.close(timeout_s=0.05)
    assert [type(error) for error in errors] == [StoreDegraded]
    with StateStore(store) as other, pytest.raises(StoreLocked):
        other.acquire()
    manager.close()  # it has been told
    disk.free.set()
    with StateStore(store) as other:
        assert is_free_soon(other)
        assert [info.seq for info in other.list_checkpoints()] == [1]


def is_free_soon(store: StateStore) -> bool:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            store.acquire()
        except StoreLocked:
            continue
        return True
    return False


def test_a_bots_own_error_is_not_hidden_by_a_disk_that_hangs(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecoveryManager.close, "__defaults__", (0.05,))
    disk = SlowDisk()
    with pytest.raises(KeyError), manage(store, Plain(make.state()), files=disk) as manager:  # noqa: PT012
        disk.armed = True
        manager.checkpoint_on_trade()
        assert disk.flushing.wait(SECONDS)
        raise KeyError("the bot's")
    disk.free.set()
    with StateStore(store) as other:
        assert is_free_soon(other)


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


# Recovery


def test_without_a_checkpoint_there_is_none_and_nothing_is_restored(store: Path) -> None:
    system = Plain(make.state())
    with manage(store, system) as manager:
        result = manager.recover()
    assert (result.status, result.checkpoint_time, result.sync_result) == (RecoveryStatus.NO_CHECKPOINT, None, None)
    assert result.status == "no_checkpoint"
    assert system.state == make.state()


@pytest.mark.scenario(6)
def test_a_bot_comes_back_to_what_is_true(store: Path) -> None:
    exchange = ExchangeInMemory(live(), FILLED, ORPHAN, STOP, *OTHERS, positions=[leg(contracts=Decimal("0.260"))])
    system = LiveState(clock=ManualClock(LATER))
    with manage(saved(store), system, exchange) as manager:
        result = manager.recover()
        stats = manager.get_stats()
    assert (result.status, result.checkpoint_time, result.problem) == (RecoveryStatus.SUCCESS, T0, "")
    assert (result.positions_restored, result.orders_restored) == (1, 2)
    sync = result.sync_result
    assert sync is not None
    assert (sync.orphan_orders, sync.stale_orders, sync.orders_cancelled) == (6, 1, 1)
    assert (sync.position_mismatches, sync.positions_updated, sync.positions_added, sync.positions_closed) == (
        1,
        1,
        0,
        0,
    )
    assert exchange.open_keys() == {order.key for order in (live(), STOP, *OTHERS)}
    assert exchange.requests["cancel_order"] == 1
    assert [order.id for order in system.orders] == ["8389765"]
    assert [position.quantity for position in system.positions] == [Decimal("0.260")]
    assert (stats.recoveries, stats.syncs, stats.orphans_cancelled, stats.failures) == (1, 1, 1, 0)
    with StateStore(store, read_only=True) as other:
        latest = other.load_latest()
    assert latest == system.snapshot()
    assert [kind for kind, _ in audit(store)] == [
        AuditKind.DECISION,
        AuditKind.INTENT,
        AuditKind.OUTCOME,
        AuditKind.RECOVERY,
    ]


@pytest.mark.scenario(71)
def test_recovering_again_changes_nothing(store: Path) -> None:
    exchange = ExchangeInMemory(live(), FILLED, ORPHAN, *OTHERS, positions=[leg(contracts=Decimal("0.260"))])
    states = []
    for _ in range(2):
        system = LiveState(clock=ManualClock(LATER))
        with manage(saved(store) if not store.exists() else store, system, exchange) as manager:
            manager.recover()
        states.append(system.snapshot())
    assert states[0] == states[1]
    assert exchange.requests["cancel_order"] == 1


def test_a_plain_system_is_restored_and_put_right_as_well(store: Path) -> None:
    system = Plain(make.state(open_orders=()))
    exchange = ExchangeInMemory(live(), FILLED, positions=[leg()])
    with manage(saved(store), system, exchange) as manager:
        assert manager.recover().status is RecoveryStatus.SUCCESS
    assert [order.id for order in system.state.open_orders] == ["8389765"]


@pytest.mark.scenario(74)
@pytest.mark.parametrize(
    "changes",
    [{"cancel_orphan_orders": False}, {"manifest": StoreManifest(bot="grid", client_order_id_prefix="other-")}],
)
def test_nothing_is_cancelled_that_the_policy_does_not_allow(store: Path, changes: dict[str, Any]) -> None:
    exchange = ExchangeInMemory(live(), FILLED, ORPHAN, *OTHERS)
    with manage(saved(store), None, exchange, **changes) as manager:
        result = manager.recover()
    assert "cancel_order" not in exchange.requests
    assert result.sync_result is not None
    assert (result.sync_result.orphan_orders, result.sync_result.orders_cancelled) == (5, 0)


def test_an_exclusive_account_lets_every_orphan_go_but_those_that_protect(store: Path) -> None:
    exchange = ExchangeInMemory(live(), STOP, *OTHERS, positions=[leg()])
    manifest = StoreManifest(bot="grid", exclusive_account=True)
    with manage(saved(store), None, exchange, manifest=manifest) as manager:
        result = manager.recover()
    assert result.sync_result is not None
    assert result.sync_result.orders_cancelled == 3
    assert exchange.open_keys() == {live().key, STOP.key, OTHERS[3].key}


def test_an_intent_makes_an_order_the_bots_own_without_any_prefix(store: Path) -> None:
    exchange = ExchangeInMemory(live(id="5", client_order_id="771"), live(id="6", client_order_id="772"))
    nameless = StoreManifest(bot="grid")
    with manage(store, manifest=nameless, clock=ManualClock(T0 - 120 * SECOND)) as manager:
        manager.checkpoint()
        manager.intend_order(
            symbol="BTC/USDT:USDT", client_order_id="771", side="buy", order_type="limit", quantity=1, price=None
        )
    with manage(store, None, exchange, manifest=nameless) as manager:
        result = manager.recover()
    assert result.sync_result is not None
    assert {v.live.id: v.kind for v in result.sync_result.plan.orphans if v.live} == {
        "5": OrderVerdictKind.OWN_ORPHAN,
        "6": OrderVerdictKind.FOREIGN,
    }
    assert exchange.open_keys() == {"normal:BTC/USDT:USDT:6"}


def test_what_an_operator_left_alone_stays_even_when_the_journal_that_says_so_is_lost(store: Path) -> None:
    exchange = ExchangeInMemory(live(), ORPHAN)
    saved(store)
    journal = Journal(store, ManualClock())
    journal.dismiss(Dismissal(order_key=ORPHAN.key, at=T0, who="kim", note=""))
    journal.close()
    with manage(store, None, exchange) as manager:
        manager.recover()
    assert "cancel_order" not in exchange.requests

    (store / "journal.sqlite").write_bytes(b"no database any more")
    told: list[CrashdeskError] = []
    with manage(store, None, exchange, on_error=told.append) as manager:
        result = manager.recover()
    assert "cancel_order" not in exchange.requests
    assert result.status is RecoveryStatus.SUCCESS
    assert any("left for an operator" in str(error) for error in told)
    assert any(kind is AuditKind.PROBLEM and "left for an operator" in text for kind, text in audit(store))


@pytest.mark.scenario(64)
def test_a_store_of_damaged_files_is_corrupted_and_nothing_is_restored_or_sent(store: Path) -> None:
    saved(store)
    (only,) = (store / "checkpoints").glob("*.zqck")
    only.write_bytes(only.read_bytes()[:40])
    exchange, system = ExchangeInMemory(ORPHAN), Plain(make.state())
    with manage(store, system, exchange) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.CORRUPTED
    assert result.problem
    assert system.state == make.state()
    assert exchange.requests == {}
    assert only.exists()


@pytest.mark.scenario(63)
def test_a_damaged_newest_checkpoint_is_passed_over_moved_aside_and_told(store: Path) -> None:
    saved(saved(store), make.state(timestamp=T0 + 1))
    newest = sorted((store / "checkpoints").glob("*.zqck"))[-1]
    newest.write_bytes(newest.read_bytes()[:-1])
    with manage(store) as manager:
        result = manager.recover()
    assert (result.status, result.checkpoint_time) == (RecoveryStatus.SUCCESS, T0)
    assert [item.info.seq for item in result.skipped] == [2]
    assert (store / "corrupt" / newest.name).exists()
    assert any("passed over" in text for _, text in audit(store))


def test_an_exchange_that_cannot_be_asked_leaves_the_restored_state_and_no_newer_date(store: Path) -> None:
    exchange = ExchangeInMemory(live())
    exchange.broken = ExchangeUnavailable("no route to the exchange")
    system = LiveState(clock=ManualClock(LATER))
    with manage(saved(store), system, exchange) as manager:
        result = manager.recover()
    assert (result.status, result.sync_result) == (RecoveryStatus.SYNC_FAILED, None)
    assert "no route" in result.problem
    assert len(system.orders) == 2
    with StateStore(store, read_only=True) as other:
        assert [info.timestamp for info in other.list_checkpoints()] == [T0]


@pytest.mark.scenario(40)
def test_what_could_not_be_read_fails_the_sync_and_stays_as_it_was_known(store: Path) -> None:
    exchange = ExchangeInMemory(live(), FILLED)
    exchange.unread = {ScopeKind.POSITIONS}
    system = LiveState(clock=ManualClock(LATER))
    with manage(saved(store), system, exchange) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert "positions" in result.problem
    assert system.positions == KNOWN.positions
    assert [order.id for order in system.orders] == ["8389765"]


@pytest.mark.scenario(46)
def test_an_exchange_that_dies_after_the_cancellations_does_not_hide_them(store: Path) -> None:
    exchange = ExchangeInMemory(live(), FILLED, ORPHAN, positions=[leg()])

    def die(ref: OrderRef) -> CancelAnswer | None:
        exchange.broken = ExchangeUnavailable("no route to the exchange")
        return None

    exchange.on_cancel = die
    with manage(saved(store), None, exchange) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert result.sync_result is not None
    assert [outcome.kind for outcome in result.sync_result.outcomes] == [OutcomeKind.CANCELLED]
    assert result.sync_result.orders_cancelled == 1


def test_an_order_that_a_trading_bot_learnt_of_meanwhile_is_no_orphan(store: Path) -> None:
    """The reply came while the exchange was being read: the order is old enough, and known by now."""
    clock = ManualClock(LATER)
    system = LiveState(clock=clock)
    exchange = ExchangeInMemory(ORPHAN)
    exchange.before_read = lambda: system.put_order(make.order(id="4", client_order_id="grid-4"))
    with manage(store, system, exchange, clock=clock) as manager:
        manager.sync_with_exchange()
    assert "cancel_order" not in exchange.requests
    assert [order.id for order in system.orders] == ["4"]


def test_synchronising_keeps_what_the_bot_did_meanwhile(store: Path) -> None:
    clock = ManualClock(LATER)
    system = LiveState(clock=clock)
    system.restore(KNOWN)
    exchange = ExchangeInMemory(
        live(filled=Decimal("0.004"), status=OrderStatus.PARTIALLY_FILLED), FILLED, positions=[leg()]
    )

    def trade() -> None:
        system.put_order(make.order(filled_quantity=Decimal("0.006"), status=OrderStatus.PARTIALLY_FILLED))
        system.put_order(make.order(id="11", client_order_id="grid-11"))

    exchange.before_read = trade
    with manage(store, system, exchange, clock=clock) as manager:
        manager.sync_with_exchange()
    assert {order.id: order.filled_quantity for order in system.orders} == {
        "8389765": Decimal("0.006"),
        "11": Decimal(0),
    }


def test_without_an_exchange_synchronising_says_so(store: Path) -> None:
    with manage(store) as manager, pytest.raises(RecoveryError, match="give one to RecoveryManager"):
        manager.sync_with_exchange()


def test_auto_recovery_is_what_the_configuration_says(store: Path) -> None:
    with manage(saved(store), auto_recover=False) as manager:
        assert manager.auto_recover() is None
    exchange = ExchangeInMemory(live())
    with manage(store, None, exchange, sync_with_exchange=False) as manager:
        result = manager.auto_recover()
    assert result is not None
    assert (result.status, result.sync_result) == (RecoveryStatus.SUCCESS, None)
    assert exchange.requests == {}
