"""A journal that is written anew after an error: whole after a crash at any step."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from faulty_journals import LOG_NAME, Bot, assert_exact, intent
from strategies import ManualClock

from crashdesk.audit import AuditKind
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_order
from crashdesk.errors import StorageError, StoreDegraded
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.writer import open_journal


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    built = Bot(tmp_path / "store")
    yield built
    built.close()


class Failing(Journal):
    """The next statement that writes meets an input or output error."""

    fails = False

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Any]:
        with super()._writing() as connection:
            if self.fails:
                self.fails = False
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC  # type: ignore[misc]
                raise error
            yield connection


def changes(*numbers: int) -> list[Change]:
    return [Change(ChangeKind.ORDER, encode_order(make.order(id=str(number)))) for number in numbers]


def filled(directory: Path, files: LocalFiles) -> Failing:
    """A journal under which the disk has just failed; six batches, three intents, three entries are acknowledged."""
    journal = Failing(directory, ManualClock(), files=files)
    for number in range(3):
        journal.commit(changes(number, number + 10))
        journal.commit(changes(number + 20), [intent(number)])
        journal.append(AuditKind.DECISION, f"decision {number}", who="operator")
    journal.fails = True
    with pytest.raises(DatabaseUnusable):
        journal.commit(changes(99))
    return journal


def held(directory: Path) -> tuple[int, int, int, str]:
    journal, problem = open_journal(directory, ManualClock(), LocalFiles(), expected=True)
    try:
        batches = list(journal.batches())
        assert [batch.first for batch in batches[:6]] == [1, 3, 4, 6, 7, 9]
        return batches[-1].last, len(journal.view().intents), len(journal.entries()), problem
    finally:
        journal.close()


class Steps(LocalFiles):
    """Copies the directory before every operation, or fails at one of them."""

    def __init__(self, directory: Path, *, copies: Path | None = None, fail_at: int = -1) -> None:
        self.directory, self.copies, self.fail_at = directory, copies, fail_at
        self.log: list[tuple[str, str]] = []
        self.counting = False

    def _step(self, what: str, path: Path | int) -> None:
        if not self.counting:
            return
        number = len(self.log)
        self.log.append((what, path.name if isinstance(path, Path) else ""))
        if self.copies is not None:
            shutil.copytree(self.directory, self.copies / str(number))
        if number == self.fail_at:
            raise OSError(errno.EIO, "input/output error")

    def make_directory(self, path: Path) -> list[Path]:
        self._step("make_directory", path)
        return super().make_directory(path)

    def sync(self, descriptor: int) -> None:
        self._step("sync", descriptor)
        super().sync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self._step("rename", source)
        super().rename(source, target)

    def sync_directory(self, path: Path) -> None:
        self._step("sync_directory", path)
        super().sync_directory(path)


def test_after_an_io_error_a_new_file_holds_everything(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    journal = filled(store, LocalFiles())
    before = (store / JOURNAL_NAME).stat().st_ino
    assert journal.commit(changes(50)) == 10
    assert (store / JOURNAL_NAME).stat().st_ino != before
    assert journal.doubts() == []
    journal.close()
    assert held(store) == (10, 3, 3, "")
    assert any(name.startswith(JOURNAL_NAME) for name in os.listdir(store / "corrupt"))
    assert not any("-next" in name or "-copy" in name for name in os.listdir(store))


@pytest.mark.scenario(69)
def test_a_crash_at_any_step_of_the_renewal_loses_nothing(memory_path: Path) -> None:
    store, copies = memory_path / "store", memory_path / "copies"
    store.mkdir()
    files = Steps(store, copies=copies)
    journal = filled(store, files)
    files.counting = True
    journal.commit(changes(50))
    journal.close()
    assert len(files.log) >= 7
    for number in range(len(files.log)):
        before = set(os.listdir(copies / str(number)))
        assert held(copies / str(number)) == (9, 3, 3, ""), files.log[number]
        if JOURNAL_NAME + "-next" in before:
            # Beside the new file the old log would be taken for the new file's.
            moved = [name for name in (JOURNAL_NAME, LOG_NAME) if name in before]
            kept = os.listdir(copies / str(number) / "corrupt")
            assert all(any(name.endswith("-wal") == (item == LOG_NAME) for name in kept) for item in moved)
        # And once more, as after a crash of the start.
        assert held(copies / str(number)) == (9, 3, 3, "")


def test_the_old_log_is_gone_for_certain_before_the_new_file_takes_its_place(tmp_path: Path) -> None:
    """On a disk that keeps no order the old log could otherwise stand beside the new file, and be read into it."""
    store = tmp_path / "store"
    store.mkdir()
    files = Steps(store)
    journal = filled(store, files)
    files.counting = True
    journal.commit(changes(50))
    # A log that stands beside the old file: SQLite leaves it when it is closed by a crash.
    journal.close()
    last = max(at for at, (what, name) in enumerate(files.log) if name == JOURNAL_NAME)
    placed = files.log.index(("rename", JOURNAL_NAME + "-next"))
    assert ("sync_directory", "store") in files.log[last:placed]


def test_a_renewal_that_fails_at_any_step_is_completed_later(memory_path: Path) -> None:
    for step in range(100):
        store = memory_path / str(step)
        store.mkdir()
        files = Steps(store, fail_at=step)
        journal = filled(store, files)
        files.counting = True
        failures = 0
        for _ in range(3):
            try:
                assert journal.commit(changes(50)) == 10
                break
            except StorageError:
                failures += 1
        journal.commit(changes(51))
        journal.close()
        assert held(store) == (11, 3, 3, ""), files.log[step]
        if failures == 0:
            assert step >= len(files.log)
            return
        assert failures == 1
    raise AssertionError("the renewal has no end")


def test_a_crash_in_the_rescue_of_a_damaged_journal_does_not_forget_that_it_was_damaged(memory_path: Path) -> None:
    store, copies = memory_path / "store", memory_path / "copies"
    store.mkdir()
    filled(store, LocalFiles()).close()
    connection = sqlite3.connect(store / JOURNAL_NAME)
    with connection:
        connection.execute("UPDATE changes SET crc=crc+1 WHERE first=9")
    connection.close()
    files = Steps(store, copies=copies)
    files.counting = True
    journal, problem = open_journal(store, ManualClock(), files, expected=True)
    journal.close()
    assert "changes: 1 of 6" in problem
    for number in range(len(files.log)):
        again, _ = open_journal(copies / str(number), ManualClock(), LocalFiles(), expected=True)
        assert "changes: 1 of 6" in again.view().problem, files.log[number]
        assert [batch.first for batch in again.batches()] == [1, 3, 4, 6, 7]
        again.close()


def test_after_changes_were_lost_only_a_whole_state_is_taken(bot: Bot) -> None:
    for number in range(20):
        bot.put(number)
    connection = bot.journal._connection
    connection.execute("UPDATE changes SET crc=crc+1 WHERE first>10")
    bot.journal._suspect = "the disk failed"
    # Somebody else's entry meets the new file first: the bot's next change must not follow the gap.
    bot.journal.append(AuditKind.PROBLEM, "an entry", who="operator")
    with pytest.raises(StoreDegraded):
        bot.put(20)
    bot.healed()
    bot.put(21)
    assert_exact(bot.manager.directory, bot.states[-1])
    assert {order.id for order in bot.live.orders} == {str(number) for number in range(22)}
    assert "changes" in bot.journal.view().problem
    assert len(bot.reports) == 1
