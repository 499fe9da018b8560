"""Pinned checkpoints stay until they are released, whoever pins them and whenever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from store_files import names
from strategies import HOUR, T0, ManualClock

from crashdesk.errors import CheckpointNotFound
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[StateStore]:
    with StateStore(tmp_path / "store", clock=clock) as opened:
        yield opened


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
