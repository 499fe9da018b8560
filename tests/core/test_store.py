"""The store: what was saved is found again, newest first, and numbers are never used twice."""

from __future__ import annotations

import os
import stat
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from store_files import damage, names
from strategies import T0, ManualClock

from crashdesk.codec import encode, encode_chunks
from crashdesk.errors import CheckpointNotFound, NotAStore, StateError, StorageError
from crashdesk.storage.lock import is_locked
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[StateStore]:
    with StateStore(tmp_path / "store", clock=clock) as opened:
        yield opened


def test_what_was_saved_is_found_again(store: StateStore) -> None:
    assert store.list_checkpoints() == []
    assert store.load_latest() is None
    states = [make.state(timestamp=T0 + number) for number in range(3)]
    saved = [store.save(state) for state in states]
    assert [info.seq for info in saved] == [1, 2, 3]
    assert [info.seq for info in store.list_checkpoints()] == [1, 2, 3]
    assert [store.load(info) for info in saved] == states
    assert store.load(2) == states[1]
    assert store.load_latest() == states[2]
    assert saved[0].size == len(encode(states[0])) == saved[0].path.stat().st_size
    with pytest.raises(CheckpointNotFound, match="no checkpoint 9"):
        store.load(9)


@pytest.mark.scenario(67)
def test_the_sequence_decides_though_the_clock_goes_back(store: StateStore) -> None:
    store.save(make.state(timestamp=T0))
    earlier = store.save(make.state(timestamp=-5))
    assert store.load_latest() == make.state(timestamp=-5)
    assert store.list_checkpoints()[-1] == CheckpointInfo(seq=2, timestamp=-5, directory=earlier.directory)


def test_a_sequence_number_is_never_used_twice(tmp_path: Path, clock: ManualClock) -> None:
    def next_number() -> int:
        with StateStore(tmp_path, clock=clock) as store:
            return store.save(make.state()).seq

    assert [next_number() for _ in range(4)] == [1, 2, 3, 4]
    with StateStore(tmp_path, clock=clock) as store:
        assert [info.seq for info in store.cleanup(1, 24)] == [1, 2]
    assert next_number() == 5

    stray = tmp_path / "checkpoints" / ".checkpoint-000000000008-01700000000000000000.zqck.4711.tmp"
    stray.write_bytes(b"half")
    assert next_number() == 9
    assert not stray.exists()

    with StateStore(tmp_path, clock=clock) as store:
        damage(store.find(9))
        assert store.find_latest().info.seq == 5
        assert [info.seq for info in store.list_checkpoints()] == [3, 4, 5]
    assert next_number() == 10

    with StateStore(tmp_path, clock=clock) as store:
        with pytest.raises(RuntimeError):
            store.save_chunks(T0, failing_chunks())
        assert store.save(make.state()).seq == 12


def test_a_reserved_number_is_the_next_checkpoints(store: StateStore) -> None:
    def save(seq: int) -> CheckpointInfo:
        return store.save_chunks(T0, encode_chunks(make.state()), seq=seq)

    first = store.reserve()
    assert is_locked(store.directory)
    assert save(first).seq == first == 1
    second, third = store.reserve(), store.reserve()
    for useless in (first, second, third + 1):
        with pytest.raises(StorageError, match="not the latest that was reserved"):
            save(useless)
    assert store.degraded == ""
    assert save(third).seq == 3
    unused = store.reserve()
    assert store.save(make.state()).seq == 5
    with pytest.raises(StorageError, match="reserved"):
        save(unused)
    assert [info.seq for info in store.list_checkpoints()] == [1, 3, 5]
    assert store.reserve(above=40) == 41
    assert store.reserve(above=7) == 42


def test_a_reserved_number_is_void_once_the_lock_was_given_back(store: StateStore) -> None:
    reserved = store.reserve()
    store.close()
    with StateStore(store.directory) as other:
        assert other.save(make.state()).seq == reserved
    with pytest.raises(StorageError, match="reserved"):
        store.save_chunks(T0, encode_chunks(make.state()), seq=reserved)
    assert store.save(make.state()).seq == 2


def failing_chunks() -> Iterator[bytes]:
    yield b"ZQCK"
    raise RuntimeError("the bot's own mistake")


def test_a_save_that_fails_in_the_middle_leaves_nothing_behind(store: StateStore) -> None:
    kept = store.save(make.state())
    for failing in (
        lambda: store.save_chunks(T0, failing_chunks()),
        lambda: store.save(make.state(timestamp=2**63)),
        lambda: store.save(make.state(timestamp=1.5)),
        lambda: store.save(make.state(open_orders=(make.order(), make.order()))),
    ):
        with pytest.raises((RuntimeError, StateError)):
            failing()
    assert names(store.directory / "checkpoints") == [kept.name]


def test_two_threads_save_at_once(store: StateStore) -> None:
    saved: list[CheckpointInfo] = []

    def work(first: int) -> None:
        for number in range(first, first + 20):
            saved.append(store.save(make.state(timestamp=number)))

    threads = [threading.Thread(target=work, args=(first,)) for first in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(info.seq for info in saved) == list(range(1, 41))
    assert all(store.load(info).timestamp == info.timestamp for info in saved)


@pytest.mark.skipif(sys.platform == "win32", reason="Unix permissions")
def test_nobody_else_may_look(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with StateStore(tmp_path / "store") as store:
            info = store.save(make.state())
            store.set_pinned(info, True)
            damage(store.save(make.state()))
            store.find_latest()
    finally:
        os.umask(old)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "store").rglob("*") if path.is_file()}
    assert modes == {0o600}
    for directory in (store.directory, store.directory / "checkpoints", store.directory / "corrupt"):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_reading_takes_no_more_memory_than_the_file(store: StateStore) -> None:
    info = store.save(make.state())
    tracemalloc.start()
    try:
        store.load(info)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_directories_that_are_no_store_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    for name, sentence in (("missing", "does not exist"), ("file", "is a file"), ("empty", "not a Crashdesk store")):
        with pytest.raises(NotAStore, match=sentence):
            StateStore(tmp_path / name, read_only=True)
    assert names(tmp_path) == ["empty", "file"]
    for read_only in (True, False):
        with pytest.raises(StorageError):
            StateStore(tmp_path / ("x" * 300), read_only=read_only)
    with pytest.raises(StorageError, match="cannot be created"):
        StateStore(tmp_path / "file")


def test_foreign_files_are_no_checkpoints(store: StateStore) -> None:
    info = store.save(make.state())
    for name in (
        "notes.txt",
        "checkpoint-1-2.zqck",
        "checkpoint-٠٠٠٠٠٠٠٠٠٠٠٩-00000000000000000001.zqck",
        info.name + ".bak",
    ):
        (info.path.parent / name).write_bytes(b"")
    (info.path.parent / "checkpoint-000000000009-00000000000000000001.zqck").mkdir()
    assert [found.seq for found in store.list_checkpoints()] == [1, 9]
    found = store.find_latest()
    assert found.info.seq == 1
    assert not found.skipped[0].damaged
