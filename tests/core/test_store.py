"""The store: what was saved is found again, newest first, and nothing is lost, moved or touched without need."""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from strategies import HOUR, T0, ManualClock

from crashdesk.checksum import crc32
from crashdesk.codec import assemble, decode, encode, encode_chunks
from crashdesk.errors import (
    CheckpointNotFound,
    ChecksumMismatch,
    NotAStore,
    StateError,
    StorageError,
    StoreCorrupted,
    StoreNewer,
)
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.lock import is_locked, read_holder
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[StateStore]:
    with StateStore(tmp_path / "store", clock=clock) as opened:
        yield opened


def damage(info: CheckpointInfo) -> None:
    data = bytearray(info.path.read_bytes())
    data[len(data) // 2] ^= 1
    info.path.write_bytes(data)


def make_newer(info: CheckpointInfo) -> None:
    data = bytearray(info.path.read_bytes())
    data[4] = 9
    data[-4:] = crc32(data[:-4]).to_bytes(4, "little")
    info.path.write_bytes(data)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def tree(directory: Path) -> dict[str, tuple[int, int, int]]:
    """Everything about a directory that an observer could have changed."""
    paths = [directory, *directory.rglob("*")]
    return {str(path): (s.st_mtime_ns, s.st_size, s.st_mode) for path in paths if (s := path.stat())}


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


@pytest.mark.scenario(63)
def test_loading_falls_back_to_the_newest_valid_one(store: StateStore) -> None:
    infos = [store.save(make.state(timestamp=T0 + number)) for number in range(4)]
    damage(infos[3])
    infos[2].path.write_bytes(b"")
    found = store.find_latest()
    assert found.info == CheckpointInfo(seq=2, timestamp=T0 + 1, directory=infos[1].directory)
    assert found.state == make.state(timestamp=T0 + 1)
    assert [(item.info.seq, item.damaged) for item in found.skipped] == [(4, True), (3, True)]
    corrupt = store.directory / "corrupt"
    assert names(corrupt) == sorted(name for info in infos[2:] for name in (info.name, info.name + ".reason.txt"))
    assert "checksum does not fit" in (corrupt / (infos[3].name + ".reason.txt")).read_text()
    assert found.skipped[0].moved_to == corrupt / infos[3].name
    assert store.find_latest().skipped == ()


def test_the_newest_comes_with_the_bytes_of_its_records(store: StateStore) -> None:
    state = make.state(open_orders=make.many_orders(3))
    info = store.save(state)
    records = store.find_latest().records
    again = assemble(
        timestamp=records.timestamp, account=records.account, positions=records.positions, orders=records.orders
    )
    assert b"".join(again) == info.path.read_bytes()
    assert len(records.orders) == 3


@pytest.mark.scenario(64)
def test_when_none_is_valid_nothing_is_moved_and_nothing_starts_empty(store: StateStore) -> None:
    for _ in range(3):
        damage(store.save(make.state()))
    before = tree(store.directory)
    with pytest.raises(StoreCorrupted, match=r"none of the 3 checkpoints.*checksum does not fit.*Nothing was changed"):
        store.load_latest()
    assert tree(store.directory) == before


@pytest.mark.scenario(65)
def test_a_newer_versions_file_is_passed_over_and_left_alone(store: StateStore) -> None:
    old, new = store.save(make.state()), store.save(make.state(timestamp=T0 + 1))
    make_newer(new)
    found = store.find_latest()
    assert (found.info.seq, found.skipped[0].damaged, new.path.exists()) == (old.seq, False, True)
    make_newer(old)
    with pytest.raises(StoreCorrupted, match="update Crashdesk") as caught:
        store.load_latest()
    assert "backup" not in str(caught.value)


@pytest.mark.parametrize(("newest", "other", "kind"), [(0, 1, StoreCorrupted), (1, 0, StoreNewer)])
def test_where_none_is_usable_the_newest_decides_whether_that_is_damage(
    store: StateStore, newest: int, other: int, kind: type[StoreCorrupted]
) -> None:
    """Who is told that a newer version wrote the store takes its newest checkpoint for sound."""
    spoil = (damage, make_newer)
    infos = [store.save(make.state(T0 + number)) for number in range(2)]
    spoil[other](infos[0])
    spoil[newest](infos[1])
    with pytest.raises(StoreCorrupted) as caught:
        store.load_latest()
    assert type(caught.value) is kind


def test_a_file_that_cannot_be_read_is_not_called_damaged(tmp_path: Path) -> None:
    with StateStore(tmp_path) as store:
        store.save(make.state(timestamp=1))
        unreadable = store.save(make.state(timestamp=2))

    class BadSector(LocalFiles):
        def read(self, path: Path, limit: int) -> bytes:
            if path == unreadable.path:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(path, limit)

    with StateStore(tmp_path, files=BadSector()) as store:
        found = store.find_latest()
    assert found.state.timestamp == 1
    assert not found.skipped[0].damaged
    assert "Input/output error" in found.skipped[0].reason
    assert unreadable.path.exists()


def test_files_that_cannot_be_read_are_no_reason_to_restore_a_backup(tmp_path: Path) -> None:
    with StateStore(tmp_path) as store:
        for _ in range(2):
            newest = store.save(make.state())
        damage(newest)

    class NotOurs(LocalFiles):
        def read(self, path: Path, limit: int) -> bytes:
            if path.name.startswith("checkpoint-000000000001"):
                raise OSError(errno.EACCES, "Permission denied")
            return super().read(path, limit)

    with (
        StateStore(tmp_path, read_only=True, files=NotOurs()) as store,
        pytest.raises(StoreCorrupted, match=r"1 of them cannot be read.*Permission denied") as caught,
    ):
        store.find_latest()
    assert "backup" not in str(caught.value)


def test_reading_only_touches_nothing(tmp_path: Path) -> None:
    with StateStore(tmp_path) as store:
        first = store.save(make.state())
        damage(store.save(make.state(timestamp=T0 + 1)))
    before = tree(tmp_path)
    with StateStore(tmp_path, read_only=True) as store:
        assert store.find_latest().state == make.state()
        assert store.load(first) == make.state()
        for forbidden in (
            lambda: store.save(make.state()),
            lambda: store.cleanup(1, 1),
            lambda: store.set_pinned(first, True),
            lambda: store.set_pinned(first, False),
            store.acquire,
        ):
            with pytest.raises(StorageError, match="reading only"):
                forbidden()
    assert not is_locked(tmp_path)
    assert read_holder(tmp_path, LocalFiles()).released_at is not None
    assert tree(tmp_path) == before


@pytest.mark.usefixtures("impatient")
def test_a_reader_beside_a_writer_leaves_damaged_files_to_it(store: StateStore) -> None:
    store.save(make.state())
    bad = store.save(make.state(timestamp=T0 + 1))
    damage(bad)
    with StateStore(store.directory) as other:
        found = other.find_latest()
    assert found.state == make.state()
    assert found.skipped[0].moved_to is None
    assert bad.path.exists()


def test_a_valid_state_is_given_out_though_the_damaged_one_cannot_be_moved(tmp_path: Path) -> None:
    with StateStore(tmp_path) as store:
        store.save(make.state())
        damage(store.save(make.state(timestamp=T0 + 1)))

    class ReadOnlyDisk(LocalFiles):
        def create(self, path: Path) -> int:
            raise OSError(errno.EROFS, "Read-only file system")

    with StateStore(tmp_path, files=ReadOnlyDisk()) as store:
        found = store.find_latest()
    assert found.state == make.state()
    assert found.skipped[0].moved_to is None


def test_retention_may_take_files_from_under_a_reader(store: StateStore) -> None:
    infos = [store.save(make.state(timestamp=T0 + number)) for number in range(2)]

    class SlowReader(LocalFiles):
        """Between listing and reading, the writer saves two and deletes what was listed."""

        interrupted = False

        def list_directory(self, path: Path) -> list[str]:
            listed = super().list_directory(path)
            if not self.interrupted:
                self.interrupted = True
                for number in range(2, 4):
                    store.save(make.state(timestamp=T0 + number))
                store.cleanup(1, 24)
            return listed

    reader = StateStore(store.directory, read_only=True, files=SlowReader())
    found = reader.find_latest()
    assert found.state.timestamp == T0 + 3
    assert found.skipped == ()
    with pytest.raises(CheckpointNotFound, match="gone"):
        reader.load(infos[0])


def test_pinned_checkpoints_stay_until_released(store: StateStore, clock: ManualClock) -> None:
    infos = [store.save(make.state(timestamp=T0 + number)) for number in range(5)]
    store.set_pinned(infos[0], True)
    store.set_pinned(infos[0], True)
    clock.now += 1000 * HOUR
    assert [info.seq for info in store.cleanup(2, 1)] == [2, 3]
    assert [(info.seq, info.pinned) for info in store.list_checkpoints()] == [(1, True), (4, False), (5, False)]
    store.set_pinned(infos[0], False)
    store.set_pinned(infos[0], False)
    assert [info.seq for info in store.cleanup(2, 1)] == [1]
    with pytest.raises(CheckpointNotFound):
        store.set_pinned(infos[0], True)
    assert names(store.directory / "checkpoints") == [info.name for info in infos[3:]]


def test_a_pin_set_while_retention_is_reading_counts(tmp_path: Path, clock: ManualClock) -> None:
    desk = StateStore(tmp_path, clock=clock)

    class PinnedMeanwhile(LocalFiles):
        victim: CheckpointInfo | None = None

        def pieces(self, path: Path) -> Iterator[bytes]:
            if self.victim is not None:
                desk.set_pinned(self.victim, True)
            return super().pieces(path)

    files = PinnedMeanwhile()
    with StateStore(tmp_path, clock=clock, files=files) as store:
        infos = [store.save(make.state()) for _ in range(5)]
        files.victim = infos[1]
        assert [info.seq for info in store.cleanup(2, 24)] == [1, 3]
        assert infos[1].path.exists()


class CountedFiles(LocalFiles):
    """Counts what a trading loop would feel."""

    def __init__(self) -> None:
        self.listings = self.read_again = 0

    def list_directory(self, path: Path) -> list[str]:
        self.listings += 1
        return super().list_directory(path)

    def pieces(self, path: Path) -> Iterator[bytes]:
        self.read_again += 1
        return super().pieces(path)


def test_the_writer_lists_nothing_again_and_reads_only_to_delete(tmp_path: Path, clock: ManualClock) -> None:
    files = CountedFiles()
    with StateStore(tmp_path, clock=clock, files=files) as store:
        store.acquire()
        listed = files.listings
        for _ in range(4):
            store.save(make.state())
            assert store.cleanup(4, 24) == []
        assert files.read_again == 0
        for number in range(1, 6):
            store.save(make.state())
            assert [info.seq for info in store.cleanup(4, 24)] == [number]
        assert files.read_again == 5 * 2
        assert files.listings == listed


def test_what_this_run_wrote_or_loaded_is_never_decoded_to_verify_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StateStore(tmp_path) as store:
        for _ in range(3):
            store.save(make.state())

    def decoded(data: bytes) -> None:
        raise AssertionError("a file was decoded beside the trading loop")

    with StateStore(tmp_path) as store:
        assert store.find_latest().info.seq == 3
        monkeypatch.setattr("crashdesk.storage.readback.decode", decoded)
        store.save(make.state())
        assert [info.seq for info in store.verified_newest()] == [4, 3]
        assert [info.seq for info in store.cleanup(2, 24)] == [1, 2]


def test_files_of_an_earlier_run_count_once_they_were_decoded(tmp_path: Path) -> None:
    heard: list[StorageError] = []
    with StateStore(tmp_path) as store:
        infos = [store.save(make.state()) for _ in range(4)]
        # Its checksum is right, its content is not.
        infos[3].path.write_bytes(infos[3].path.read_bytes()[:16] + b"\0" * 4)
        content = b"ZQCK" + (1).to_bytes(4, "little") + T0.to_bytes(8, "little") + b"nonsense"
        infos[3].path.write_bytes(content + zlib.crc32(content).to_bytes(4, "little"))
    with StateStore(tmp_path, on_problem=heard.append) as store:
        assert [info.seq for info in store.verified_newest()] == [3, 2]
        assert [info.seq for info in store.cleanup(2, 24)] == [1]
        assert len(heard) == 1


def test_the_newest_two_are_read_back_once_for_who_wants_to_know(tmp_path: Path) -> None:
    files = CountedFiles()
    with StateStore(tmp_path, files=files) as store:
        assert store.verified_newest() == ()
        first = store.save(make.state())
        assert [info.path for info in store.verified_newest()] == [first.path]
        for seq in range(2, 5):
            store.save(make.state())
            assert [info.seq for info in store.verified_newest()] == [seq, seq - 1]
            assert [info.seq for info in store.verified_newest()] == [seq, seq - 1]
        assert files.read_again == 4


def test_another_process_may_pin_and_release_at_any_time(tmp_path: Path, clock: ManualClock) -> None:
    desk = StateStore(tmp_path, clock=clock)
    with StateStore(tmp_path, clock=clock) as store:
        for _ in range(6):
            store.save(make.state())
        desk.set_pinned(desk.find(1), True)
        desk.set_pinned(desk.find(5), True)
        # 5 is pinned and counts no more: 4 and 6 are the two to keep.
        assert [info.seq for info in store.cleanup(2, 24)] == [2, 3]
        desk.set_pinned(desk.find(1), False)
        store.save(make.state())
        assert [info.seq for info in store.cleanup(2, 24)] == [1, 4]


def test_a_pin_that_comes_too_late_is_refused_and_leaves_nothing(store: StateStore) -> None:
    info = store.save(make.state())

    class DeletedMeanwhile(LocalFiles):
        def create(self, path: Path) -> int:
            info.path.unlink(missing_ok=True)
            return super().create(path)

    desk = StateStore(store.directory, files=DeletedMeanwhile())
    with pytest.raises(CheckpointNotFound, match="gone"):
        desk.set_pinned(info, True)
    assert names(store.directory / "checkpoints") == []


def test_what_rots_after_it_was_verified_does_not_count(store: StateStore) -> None:
    infos = [store.save(make.state()) for _ in range(4)]
    assert [info.seq for info in store.cleanup(3, 24)] == [1]
    damage(infos[3])
    assert store.cleanup(2, 24) == []
    assert decode(infos[1].path.read_bytes()) == make.state()


def test_an_unlimited_age_keeps_everything(store: StateStore, clock: ManualClock) -> None:
    for _ in range(4):
        store.save(make.state())
    clock.now += 10**6 * HOUR
    assert store.cleanup(10, float("inf")) == []
    assert len(store.cleanup(10, 1)) == 2


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


def test_a_damaged_one_says_so_when_it_is_asked_for(store: StateStore) -> None:
    info = store.save(make.state())
    damage(info)
    with pytest.raises(ChecksumMismatch):
        store.load(info)
