"""Loading falls back to the newest valid checkpoint, and damaged, newer and unreadable files are told apart."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from store_files import damage, names, tree
from strategies import T0, ManualClock

from crashdesk.checksum import crc32
from crashdesk.codec import assemble
from crashdesk.errors import ChecksumMismatch, StoreCorrupted, StoreNewer
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[StateStore]:
    with StateStore(tmp_path / "store", clock=clock) as opened:
        yield opened


def make_newer(info: CheckpointInfo) -> None:
    data = bytearray(info.path.read_bytes())
    data[4] = 9
    data[-4:] = crc32(data[:-4]).to_bytes(4, "little")
    info.path.write_bytes(data)


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


def test_a_damaged_one_says_so_when_it_is_asked_for(store: StateStore) -> None:
    info = store.save(make.state())
    damage(info)
    with pytest.raises(ChecksumMismatch):
        store.load(info)
