"""A store that vanishes, or is replaced, under its bot: created again and reported, and nothing of others touched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import strategies as make

from crashdesk.errors import CheckpointNotFound, StorageError, StoreLocked
from crashdesk.storage.store import StateStore


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
