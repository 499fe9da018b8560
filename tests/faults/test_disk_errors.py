"""A disk that says no, at any operation and for any reason: nothing acknowledged is lost, and saving goes on when it can."""

from __future__ import annotations

import contextlib
import errno
import itertools
import shutil
from pathlib import Path

import pytest
import strategies as make
from fault_files import FaultyFiles, temporaries
from strategies import HOUR, T0, ManualClock

from crashdesk.codec import encode
from crashdesk.errors import CrashdeskError, StorageError, StoreDegraded
from crashdesk.storage.files import LocalFiles, write_new_file
from crashdesk.storage.store import StateStore

FAULTS = [
    *itertools.product(["refused"], [errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES]),
    ("done", errno.EIO),
    ("short", errno.ENOSPC),
    ("gone", errno.EIO),
]


@pytest.mark.scenario(68)
@pytest.mark.parametrize(("mode", "error"), FAULTS)
def test_any_operation_of_a_save_may_fail(memory_path: Path, mode: str, error: int) -> None:
    files = FaultyFiles()
    with StateStore(memory_path, files=files) as store:
        kept = [store.save(make.state(timestamp=number)) for number in range(2)]
        files.calls.clear()
        kept.append(store.save(make.state(timestamp=2)))
        in_one_save = len(files.calls)
        for nth in range(1, in_one_save + 1):
            files.arm(nth, error, mode)
            with pytest.raises(StorageError, match="the disk says no") as caught:
                store.save(make.state(timestamp=-1))
            assert files.struck
            assert store.degraded == str(caught.value)
            files.disarm()
            assert [store.load(info).timestamp for info in kept] == list(range(len(kept)))
            assert mode == "gone" or temporaries(memory_path) == []
            assert store.load_latest().timestamp in (len(kept) - 1, -1)
            kept.append(store.save(make.state(timestamp=len(kept))))
            assert store.degraded == ""
            assert store.load_latest().timestamp == len(kept) - 1
        assert len({info.seq for info in store.list_checkpoints()}) == len(store.list_checkpoints())
    with StateStore(memory_path) as store:
        store.acquire()
        assert temporaries(memory_path / "checkpoints") == []


def a_session(directory: Path, files: LocalFiles, clock: ManualClock, acknowledged: list[int]) -> None:
    """What a bot and its operator do in a day, on a store whose newest file is damaged."""
    with StateStore(directory, files=files, clock=clock) as store:
        store.find_latest()
        for _ in range(3):
            acknowledged.append(store.save(make.state()).seq)
        store.set_pinned(store.find(2), True)
        store.cleanup(2, 24)
        store.set_pinned(store.find(2), False)
        acknowledged.append(store.save(make.state()).seq)
        store.verified_newest()


@pytest.mark.parametrize(("mode", "error"), [("refused", errno.EIO), ("done", errno.EIO), ("gone", errno.ENOSPC)])
def test_any_operation_of_a_session_may_fail(memory_path: Path, mode: str, error: int) -> None:
    original = memory_path / "original"
    with StateStore(original) as store:
        for _ in range(3):
            newest = store.save(make.state())
        newest.path.write_bytes(newest.path.read_bytes()[:-7])
    for nth in itertools.count(1):
        directory = memory_path / f"{mode}-{nth}"
        shutil.copytree(original, directory)
        files, acknowledged = FaultyFiles(), [2]
        files.arm(nth, error, mode)
        with contextlib.suppress(CrashdeskError):
            a_session(directory, files, ManualClock(), acknowledged)
        if not files.struck:
            break
        with StateStore(directory, read_only=True) as store:
            assert store.find_latest().info.seq >= max(acknowledged)
        with StateStore(directory) as store:
            assert store.save(make.state()).seq > max(acknowledged)
    assert nth > 60


@pytest.mark.parametrize("mode", ["refused", "gone"])
def test_a_file_whose_flush_failed_is_never_tried_again(tmp_path: Path, mode: str) -> None:
    files = FaultyFiles()
    with StateStore(tmp_path, files=files) as store:
        store.save(make.state())
        files.calls.clear()
        files.arm(1, errno.EIO, mode, kind="sync")
        with pytest.raises(StoreDegraded, match="did not confirm"):
            store.save(make.state())
        assert "did not confirm" in store.degraded
        files.disarm()
        doomed = next(path for name, path in files.calls if name == "create")
        store.save(make.state())
        assert store.degraded == ""
        done = [name for name, _ in itertools.groupby(name for name, path in files.calls if path == doomed)]
        assert done == ["create", "write", "sync", "close", "remove"]
        assert [info.seq for info in store.list_checkpoints()] == [1, 3]


def test_a_name_that_was_not_flushed_is_no_reason_to_delete_others(tmp_path: Path) -> None:
    files = FaultyFiles()
    with StateStore(tmp_path, files=files) as store:
        for _ in range(2):
            store.save(make.state())
        files.arm(1, errno.EIO, kind="sync_directory")
        with pytest.raises(StoreDegraded, match="was not made durable"):
            store.save(make.state())
        files.disarm()
        assert store.save(make.state()).seq == 4
        assert [info.seq for info in store.verified_newest()] == [4, 2]
        assert [info.seq for info in store.cleanup(2, 24)] == [1]


def test_a_save_is_acknowledged_after_its_directory_was_flushed(tmp_path: Path) -> None:
    files = FaultyFiles()
    with StateStore(tmp_path, files=files) as store:
        store.acquire()
        files.calls.clear()
        info = store.save(make.state())
    names = [name for name, _ in files.calls[: files.calls.index(("sync_directory", info.path.parent)) + 1]]
    changing = [name for name, _ in itertools.groupby(names) if name != "exists"]
    assert changing == ["create", "write", "sync", "close", "rename", "sync_directory"]


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all(tmp_path: Path) -> None:
    class Grudging(LocalFiles):
        def write(self, descriptor: int, data: memoryview) -> int:
            return super().write(descriptor, data[:7])

    with StateStore(tmp_path, files=Grudging()) as store:
        info = store.save(make.state())
        assert info.path.read_bytes() == encode(make.state())
        assert store.verified_newest() == (store.find(1),)


def test_a_disk_that_takes_nothing_is_given_up(tmp_path: Path) -> None:
    class Full(LocalFiles):
        def write(self, descriptor: int, data: memoryview) -> int:
            return 0

    with pytest.raises(OSError, match="accepts no more"):
        write_new_file(Full(), tmp_path / "file", [b"data"])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_does_not_read_back_is_reported_and_stops_retention(tmp_path: Path) -> None:
    heard: list[StorageError] = []
    with StateStore(tmp_path, on_problem=heard.append) as store:
        infos = [store.save(make.state()) for _ in range(4)]
        for info in infos[1:]:
            info.path.write_bytes(info.path.read_bytes()[:-1])
        for _ in range(3):
            assert store.cleanup(2, 24) == []
        assert len(heard) == 3
        assert "checkpoint 4 does not read back" in str(heard[0])
        assert [info.seq for info in store.verified_newest()] == [1]


@pytest.mark.scenario(67)
def test_a_clock_that_jumps_back_an_hour_neither_hides_nor_empties(tmp_path: Path) -> None:
    clock = ManualClock(T0)
    with StateStore(tmp_path, clock=clock) as store:
        for minute in range(4):
            store.save(make.state(timestamp=clock.now + minute))
        clock.now -= HOUR
        newest = store.save(make.state(timestamp=clock.now))
        assert store.find_latest().info.seq == newest.seq == 5
        assert store.cleanup(10, 0.5) == []
        clock.now += 2 * HOUR
        assert [info.seq for info in store.cleanup(10, 0.5)] == [1, 2, 3]
        assert store.load_latest().timestamp == T0 - HOUR
    with StateStore(tmp_path, clock=clock) as store:
        assert store.find_latest().info.seq == 5
        assert store.save(make.state()).seq == 6
