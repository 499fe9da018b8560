"""A disk that says no, at any operation and for any reason: nothing acknowledged is lost, and saving goes on when it can."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import strategies as make
from fault_files import FaultyFiles
from strategies import HOUR, T0, ManualClock

from crashdesk.codec import encode
from crashdesk.errors import CheckpointNotFound, CrashdeskError, StorageError, StoreDegraded, StoreLocked
from crashdesk.storage.files import LocalFiles, write_new_file
from crashdesk.storage.store import StateStore


def temporaries(directory: Path) -> list[str]:
    return [path.name for path in directory.rglob("*.tmp")]


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


# Directories that vanish.


@pytest.mark.usefixtures("impatient")
def test_a_store_that_vanished_under_its_bot_is_created_again_and_reported(tmp_path: Path) -> None:
    directory, heard = tmp_path / "store", []
    with StateStore(directory, on_problem=heard.append) as store:
        store.save(make.state(timestamp=1))
        gone = store.find(1)
        shutil.rmtree(directory)
        for look in (store.list_checkpoints, store.find_latest, lambda: store.load(1), lambda: store.load(gone)):
            with pytest.raises(StorageError, match="has vanished") as caught:
                look()
            assert not isinstance(caught.value, CheckpointNotFound)
        assert heard == []
        assert store.save(make.state(timestamp=2)).seq == 2
        assert "created again" in str(heard[0])
        assert store.load_latest() == make.state(timestamp=2)
        with pytest.raises(StoreLocked):
            StateStore(directory).save(make.state())
        store.save(make.state(timestamp=3))
        assert len(heard) == 1


def test_cleaning_up_a_vanished_store_deletes_nothing_and_says_so(tmp_path: Path) -> None:
    heard: list[StorageError] = []
    with StateStore(tmp_path / "store", on_problem=heard.append) as store:
        for _ in range(5):
            store.save(make.state())
        (tmp_path / "store").rename(tmp_path / "moved")
        assert store.cleanup(2, 24) == []
        assert "moved away" in str(heard[0])
        assert store.verified_newest() == ()
    with StateStore(tmp_path / "moved", read_only=True) as moved:
        assert len(moved.list_checkpoints()) == 5


def test_without_its_parent_a_vanished_store_is_not_created_somewhere_else(tmp_path: Path) -> None:
    directory = tmp_path / "volume" / "store"
    with StateStore(directory) as store:
        store.save(make.state())
        shutil.rmtree(directory.parent)
        with pytest.raises(StorageError, match="vanished together with the directory that held it"):
            store.save(make.state())
        assert "vanished" in store.degraded
        assert not directory.parent.exists()
        directory.parent.mkdir()
        assert store.save(make.state()).seq == 2


def test_only_the_checkpoints_vanished(tmp_path: Path) -> None:
    heard: list[StorageError] = []
    with StateStore(tmp_path, on_problem=heard.append) as store:
        store.save(make.state())
        shutil.rmtree(tmp_path / "checkpoints")
        with pytest.raises(StorageError, match="vanished"):
            store.load_latest()
        assert store.save(make.state()).seq == 2
        assert len(heard) == 1


@pytest.mark.usefixtures("impatient")
def test_a_bot_whose_store_was_replaced_does_not_write_into_another_ones(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    with StateStore(directory, purpose="the first") as first:
        first.save(make.state())
        directory.rename(tmp_path / "backup")
        with StateStore(directory, purpose="the second") as second:
            second.save(make.state(timestamp=5))
            with pytest.raises(StoreLocked, match="the second"):
                first.save(make.state())
            with pytest.raises(StoreLocked, match="the second"):
                first.cleanup(1, 1)
            assert len(second.list_checkpoints()) == 1
        assert first.save(make.state()).seq == 2


def test_a_checkpoint_that_somebody_deleted_is_missed_once(tmp_path: Path) -> None:
    heard: list[StorageError] = []
    with StateStore(tmp_path, on_problem=heard.append) as store:
        infos = [store.save(make.state()) for _ in range(5)]
        infos[4].path.unlink()
        for _ in range(2):
            assert [info.seq for info in store.verified_newest()] == [4, 3]
        assert [info.seq for info in store.cleanup(2, 24)] == [1, 2]
        assert ["gone" in str(problem) for problem in heard] == [True]


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


# Clocks.


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


# Real disks that are full, in processes of their own.

LIMITED = """
import resource, sys
from crashdesk.errors import StorageError
from crashdesk.storage.store import StateStore
import strategies as make
store = StateStore(sys.argv[1])
store.save(make.state(timestamp=1))
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
try:
    store.save(make.state(timestamp=2, open_orders=make.many_orders(1000)))
except StorageError as error:
    assert "File too large" in str(error), error
    assert store.degraded
else:
    raise SystemExit("the limit was not felt")
assert store.save(make.state(timestamp=3)).seq == 3
assert not store.degraded
"""

FULL = """
import errno, os, pathlib, subprocess, sys
directory = pathlib.Path(sys.argv[1])
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", directory]).returncode:
    raise SystemExit(77)
from crashdesk.errors import StorageError
from crashdesk.storage.store import StateStore
import strategies as make
store = StateStore(directory)
saved = 0
try:
    while saved < 1000:
        store.save(make.state(timestamp=saved + 1, open_orders=make.many_orders(200)))
        saved += 1
except StorageError as error:
    assert "No space left" in str(error), error
    assert store.degraded
assert 2 < saved < 1000
assert store.load_latest().timestamp == saved
assert not list(directory.rglob("*.tmp"))
assert store.cleanup(2, 24), "room can be made on a full disk"
store.save(make.state(timestamp=-7, open_orders=make.many_orders(200)))
assert store.load_latest().timestamp == -7
assert not store.degraded
store.close()
"""

# What is free when the bot starts, in pages, from nothing to enough.
FULL_AT_START = """
import pathlib, subprocess, sys
directory = pathlib.Path(sys.argv[1])
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory]).returncode:
    raise SystemExit(77)
from crashdesk import LiveState, RecoveryConfig, RecoveryManager
from crashdesk.errors import DiskFull, StorageError
import strategies as make
config = RecoveryConfig(checkpoint_dir=directory / "bot")
live = LiveState()
with RecoveryManager(live, config) as manager:
    live.put_order(make.order(id="1"))
    manager.checkpoint()
    live.put_order(make.order(id="2"), wait=True)
filler = directory / "filler"
refused = 0
for free in (0, 1, 2, 4, 8, 12, 16):
    with open(filler, "wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)) == 4096:
                pass
        except OSError:
            pass
        file.truncate(max(0, file.seek(0, 2) // 4096 - free) * 4096)
    try:
        manager = RecoveryManager(LiveState(), config, on_error=lambda error: None)
    except DiskFull as error:
        assert "free some space" in str(error), error
        refused += 1
    else:
        manager.close()
    filler.unlink()
    live = LiveState()
    with RecoveryManager(live, config, on_error=lambda error: sys.exit(str(error))) as manager:
        assert manager.recover().journal_problem == ""
        assert {order.id for order in live.snapshot().open_orders} == {"1", "2"}
assert refused >= 4, refused
"""


def run(code: str, directory: Path, *prefix: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(make.__file__).parent)}
    command = [*prefix, sys.executable, "-c", code, str(directory)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_a_file_that_grows_beyond_a_limit_is_abandoned(tmp_path: Path) -> None:
    done = run(LIMITED, tmp_path)
    assert done.returncode == 0, done.stderr
    assert temporaries(tmp_path) == []
    with StateStore(tmp_path, read_only=True) as store:
        assert [info.seq for info in store.list_checkpoints()] == [1, 3]


@pytest.mark.scenario(68)
@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare")
def test_a_full_disk_refuses_and_takes_again_after_retention_made_room(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody but root mount a small disk")
    done = run(FULL, tmp_path, "unshare", "-rm")
    if done.returncode == 77:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr}")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs permissions that bind: not root")
def test_a_directory_without_permission_says_so_and_is_used_again_afterwards(tmp_path: Path) -> None:
    with StateStore(tmp_path / "store") as store:
        store.save(make.state())
        checkpoints = tmp_path / "store" / "checkpoints"
        checkpoints.chmod(0o500)
        with pytest.raises(StorageError, match=r"Permission denied.*check the disk"):
            store.save(make.state())
        checkpoints.chmod(0o700)
        assert store.save(make.state()).seq == 3


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare")
def test_a_disk_that_is_full_at_the_start_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody but root mount a small disk")
    done = run(FULL_AT_START, tmp_path, "unshare", "-rm")
    if done.returncode == 77:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr}")
    assert done.returncode == 0, done.stderr
