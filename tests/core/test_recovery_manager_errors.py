"""RecoveryManager with disks and callbacks that fail: errors are told and counted, and closing is bounded."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest
import strategies as make
from managed_store import SECONDS, Plain, SlowDisk, manage

from crashdesk.errors import CrashdeskError, StorageError, StoreDegraded, StoreLocked
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


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
