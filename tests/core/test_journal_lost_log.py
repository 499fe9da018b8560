"""A journal or its log that is gone or cut after a crash is told, and an orderly end raises no doubt."""

from __future__ import annotations

import contextlib
import errno
import shutil
from pathlib import Path

import pytest
from journal_builders import opened, order_change
from store_files import names
from strategies import ManualClock

from crashdesk.errors import StorageError
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.writer import open_journal


def test_a_missing_journal_is_told_when_there_must_have_been_one(tmp_path: Path, clock: ManualClock) -> None:
    fresh, problem = opened(tmp_path, expected=False)
    assert (problem, fresh.view().problem) == ("", "")
    fresh.close()
    (tmp_path / JOURNAL_NAME).unlink()
    journal, problem = opened(tmp_path)
    assert "missing" in problem
    assert journal.view().problem == problem
    journal.close()


def test_a_damaged_log_is_told_where_it_can_be_known(tmp_path: Path, clock: ManualClock) -> None:
    original = tmp_path / "original"
    original.mkdir()
    journal = Journal(original, clock)
    for number in range(20):
        journal.commit([order_change(number)])
    files = {name: (original / name).read_bytes() for name in (JOURNAL_NAME, JOURNAL_NAME + "-wal")}
    journal.close()
    log = files[JOURNAL_NAME + "-wal"]
    frame = 24 + 4096

    def read(name: str, damaged: bytes) -> tuple[int, str]:
        directory = tmp_path / name
        directory.mkdir()
        (directory / JOURNAL_NAME).write_bytes(files[JOURNAL_NAME])
        (directory / (JOURNAL_NAME + "-wal")).write_bytes(damaged)
        journal, problem = opened(directory)
        last = journal.last_change
        journal.close()
        return last, problem

    flipped = bytearray(log)
    flipped[32 + 10 * frame + 100] ^= 1
    last, problem = read("flipped", bytes(flipped))
    assert last < 20
    assert "log was damaged" in problem
    last, problem = read("no header", bytes(32) + log[32:])
    assert last == 0
    assert "log was damaged" in problem
    # As a power cut in the middle of the newest commit leaves it: nothing was acknowledged that is not there.
    assert read("torn", log[:-2000]) == (19, "")
    assert read("whole", log) == (20, "")


FRAME = 24 + 4096


def killed(directory: Path, clock: ManualClock, copy: Path) -> Path:
    """What a process that died behind 20 commits leaves."""
    directory.mkdir()
    journal, _ = open_journal(directory, clock, LocalFiles(), expected=False)
    for number in range(20):
        journal.commit([order_change(number)])
    shutil.copytree(directory, copy)
    journal.close()
    assert names(directory) == [JOURNAL_NAME]
    return copy


@pytest.mark.parametrize("index", ["there", "gone"])
@pytest.mark.parametrize("log", ["deleted", "emptied"])
def test_a_log_that_is_gone_after_a_crash_is_told(tmp_path: Path, clock: ManualClock, log: str, index: str) -> None:
    store = killed(tmp_path / "store", clock, tmp_path / "killed")
    if log == "deleted":
        (store / f"{JOURNAL_NAME}-wal").unlink()
    else:
        (store / f"{JOURNAL_NAME}-wal").write_bytes(b"")
    if index == "gone":  # as after the end of the machine
        (store / f"{JOURNAL_NAME}-shm").unlink()
    journal, problem = opened(store)
    assert journal.last_change < 20
    assert "deleted or cut off" in problem
    assert journal.problem() == problem
    journal.close()
    again, problem = opened(store)
    assert (problem, "deleted or cut off" in again.problem()) == ("", True)
    again.close()


@pytest.mark.parametrize("frames", [1, 2, 10, 20])
def test_a_log_that_was_cut_cleanly_after_a_crash_is_told_whoever_looked_first(
    tmp_path: Path, clock: ManualClock, frames: int
) -> None:
    store = killed(tmp_path / "store", clock, tmp_path / "killed")
    log = store / f"{JOURNAL_NAME}-wal"
    log.write_bytes(log.read_bytes()[: 32 + frames * FRAME])
    with contextlib.closing(Journal(store, clock, read_only=True)) as reader:
        assert reader.last_change < 20
        assert "deleted or cut off" in reader.view().problem
    journal, problem = opened(store)
    assert "deleted or cut off" in problem
    journal.close()


def test_a_crash_and_a_closed_journal_raise_no_doubt(tmp_path: Path, clock: ManualClock) -> None:
    store = killed(tmp_path / "store", clock, tmp_path / "killed")
    for _ in range(3):
        journal, problem = opened(store)
        assert (journal.last_change, problem, journal.problem()) == (20, "", "")
        shutil.copytree(store, again := store.with_name(store.name + "-again"))
        journal.close()
        store = again
    (store / f"{JOURNAL_NAME}-shm").unlink()
    journal, problem = opened(store)
    assert (journal.last_change, problem) == (20, "")
    reader = Journal(store, clock, read_only=True)
    journal.close()  # a reader keeps the log, of which nothing is needed any more
    reader.close()
    for left in store.glob(f"{JOURNAL_NAME}-*"):
        left.unlink()
    journal, problem = opened(store)
    assert (journal.last_change, problem) == (20, "")
    journal.close()


def test_a_start_that_fails_neither_forgets_a_loss_nor_makes_one_up(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def refused(*_: object) -> None:
        raise StorageError("the disk is full")

    whole = killed(tmp_path / "store", clock, tmp_path / "whole")
    hurt = shutil.copytree(whole, tmp_path / "hurt")
    (hurt / f"{JOURNAL_NAME}-wal").unlink()
    with monkeypatch.context() as patch:
        patch.setattr("crashdesk.storage.journal.note_use", full)
        patch.setattr(Journal, "doubt", refused)
        for store in (whole, hurt):
            with pytest.raises(StorageError):
                opened(store)
    for store, told in ((whole, False), (hurt, True)):
        journal, problem = opened(store)
        assert ("deleted or cut off" in problem) == told
        journal.close()
