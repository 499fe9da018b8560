"""What a writer reads again before it deletes: only what it did not write, and no rotten file counts."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from store_files import damage
from strategies import HOUR, T0, ManualClock

from crashdesk.codec import decode
from crashdesk.errors import StorageError
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[StateStore]:
    with StateStore(tmp_path / "store", clock=clock) as opened:
        yield opened


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
