"""Who only reads a store touches nothing, whatever its writer does meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from store_files import damage, tree
from strategies import T0, ManualClock

from crashdesk.errors import CheckpointNotFound, StorageError
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.lock import is_locked, read_holder
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[StateStore]:
    with StateStore(tmp_path / "store", clock=clock) as opened:
        yield opened


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
