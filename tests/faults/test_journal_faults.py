"""What a failing disk may do to a journal: nothing acknowledged is lost in silence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import strategies as make
from faulty_journals import LOG_NAME, Bot, assert_exact, last_known, same
from strategies import ManualClock

from crashdesk.errors import StorageError, StoreDegraded
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.writer import open_journal


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    built = Bot(tmp_path / "store")
    yield built
    built.close()


def full_at(write: Callable[[int], None]) -> None:
    """Write until the disk is full, which it must be soon."""
    for number in range(10, 500):
        try:
            write(number)
        except StoreDegraded:
            return
    raise AssertionError("the disk never became full")


@pytest.mark.scenario(68)
def test_a_full_disk_is_reported_once_and_everything_is_there_when_there_is_room_again(bot: Bot) -> None:
    bot.put(1)
    bot.manager.checkpoint()
    connection = bot.journal._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    full_at(bot.put)
    acknowledged = bot.states[-1]
    bot.live.remove_order("1")
    bot.live.put_order(make.order(id="while it was full"))
    full_at(lambda number: bot.intend(f"grid-{number}"))
    assert len(bot.reports) == 1
    assert "full" in str(bot.reports[0])
    assert same(last_known(bot.manager.directory).state, acknowledged)
    connection.execute("PRAGMA max_page_count=100000")
    bot.healed()
    bot.intend("grid-after")
    assert_exact(bot.manager.directory, bot.live.snapshot())
    assert len(bot.reports) == 1


OUTGROW = """
import os, resource, sys, time
import strategies as make
from crashdesk.config import RecoveryConfig
from crashdesk.errors import StoreDegraded
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager

live = LiveState()
manager = RecoveryManager(live, RecoveryConfig(checkpoint_dir=sys.argv[1]))
manager._log._retry_s = 0.01
live.put_order(make.order(id="0"), wait=True)
manager.checkpoint()
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
number = 1
try:
    while True:
        live.put_order(make.order(id=str(number)), wait=True)
        number += 1
except StoreDegraded as error:
    print("refused", number, error)
live.put_order(make.order(id="meanwhile"))
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
end = time.monotonic() + 20
while manager.get_stats().journal.problem:
    assert time.monotonic() < end
    time.sleep(0.01)
live.put_order(make.order(id="afterwards"), wait=True)
print(",".join(order.id for order in live.orders), flush=True)
os._exit(9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Unix limits")
def test_a_file_that_may_not_grow_is_abandoned_and_nothing_is_lost(tmp_path: Path) -> None:
    store = tmp_path / "store"
    done = subprocess.run(
        [sys.executable, "-c", OUTGROW, str(store)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(make.__file__).parent)},
    )
    assert done.returncode == 9, done.stderr
    refused, orders = done.stdout.splitlines()
    assert refused.startswith("refused")
    journal, problem = open_journal(store, ManualClock(), LocalFiles(), expected=True)
    journal.close()
    assert problem == ""
    last = last_known(store)
    assert last.problem == ""
    assert [order.id for order in last.state.open_orders] == orders.split(",")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written_is_said_and_loses_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    bot = Bot(store)
    bot.put(1)
    bot.manager.checkpoint()
    bot.close()
    store.chmod(0o500)
    try:
        with pytest.raises(StorageError):
            Bot(store)
    finally:
        store.chmod(0o700)
    assert_exact(store, bot.states[-1])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file go")
@pytest.mark.parametrize("what", ["deleted", "replaced", "log deleted too", "the whole store renamed"])
def test_a_journal_that_is_taken_away_is_noticed_and_written_anew(bot: Bot, tmp_path: Path, what: str) -> None:
    store = bot.manager.directory
    bot.put(1)
    bot.manager.checkpoint()
    bot.put(2)
    bot.intend("grid-before")
    path = store / JOURNAL_NAME
    match what:
        case "deleted":
            path.unlink()
        case "replaced":
            other = Bot(tmp_path / "other")
            other.put(99)
            other.close()
            shutil.copy(tmp_path / "other" / JOURNAL_NAME, store / "copy")
            (store / "copy").rename(path)
        case "log deleted too":
            path.unlink()
            (store / LOG_NAME).unlink()
        case _:
            store.rename(tmp_path / "elsewhere")
    bot.put(3)  # nobody noticed yet
    bot.manager.checkpoint()
    assert any("was deleted, moved or replaced" in str(report) for report in bot.reports)
    bot.put(4)
    bot.intend("grid-after")
    assert_exact(store, bot.states[-1])
    seen = Journal(store, ManualClock(), read_only=True)
    assert [intent.client_order_id for intent in seen.view().intents] == ["grid-before", "grid-after"]
    seen.close()
    bot.manager.checkpoint()
    bot.put(5)
    bot.close()
    assert_exact(store, bot.states[-1])
