"""What a failing disk and damage may do to a journal: nothing acknowledged is lost in silence, and nothing is made up."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import strategies as make
from recovery_builders import LATER, PREFIX, ExchangeInMemory, live
from strategies import ManualClock

from crashdesk.audit import AuditKind
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_order
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.errors import CrashdeskError, StorageError, StoreDegraded
from crashdesk.live import LiveState
from crashdesk.recall import LastKnown, recall
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus
from crashdesk.state import SystemState
from crashdesk.storage.database import DatabaseUnusable
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME, Intent, IntentAction
from crashdesk.storage.store import StateStore
from crashdesk.storage.writer import open_journal

PATIENCE_S = 20.0
LOG_NAME = JOURNAL_NAME + "-wal"
INTENT = {"symbol": "BTC/USDT:USDT", "side": "buy", "order_type": "limit", "quantity": "1"}


class Bot:
    """A LiveState with its manager, and every state that was acknowledged."""

    def __init__(self, directory: Path, *, start: int = make.T0) -> None:
        self.clock = ManualClock(start)
        self.live = LiveState(clock=self.clock)
        self.reports: list[CrashdeskError] = []
        self.manager = RecoveryManager(
            self.live, RecoveryConfig(checkpoint_dir=directory), clock=self.clock, on_error=self.reports.append
        )
        self.manager._log._retry_s = 0.01
        self.states: list[SystemState] = []

    @property
    def journal(self) -> Journal:
        return self.manager._journal

    def put(self, number: int) -> None:
        self.clock.sleep(0.001)
        self.live.put_order(make.order(id=str(number)), wait=True)
        self.states.append(self.live.snapshot())

    def intend(self, name: str) -> None:
        self.manager.intend_order(client_order_id=name, **INTENT)

    def healed(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while (stats := self.manager.get_stats().journal).problem or stats.pending:
            assert time.monotonic() < end
            time.sleep(0.005)

    def close(self) -> None:
        with contextlib.suppress(CrashdeskError):
            self.manager.close()


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    built = Bot(tmp_path / "store")
    yield built
    built.close()


def last_known(directory: Path) -> LastKnown:
    """As another process finds it."""
    with StateStore(directory, read_only=True) as store:
        journal = Journal(directory, ManualClock(), read_only=True)
        try:
            last = recall(store, journal.batches())
        finally:
            journal.close()
    assert last is not None
    return last


def same(found: SystemState, wanted: SystemState) -> bool:
    return msgspec.structs.replace(found, timestamp=wanted.timestamp) == wanted


def assert_exact(directory: Path, wanted: SystemState) -> None:
    last = last_known(directory)
    assert last.problem == ""
    assert same(last.state, wanted)


def full_at(write: Callable[[int], None]) -> None:
    """Write until the disk is full, which it must be soon."""
    for number in range(10, 500):
        try:
            write(number)
        except StoreDegraded:
            return
    raise AssertionError("the disk never became full")


# The disk refuses


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


# A new file in the place of one that cannot be trusted


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


def intent(number: int) -> Intent:
    return Intent(at=make.T0, action=IntentAction.CREATE, symbol="BTC/USDT", client_order_id=f"grid-{number}")


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


# Damage


class History:
    """A store that was killed, as it lay on the disk, and every state that it ever acknowledged."""

    def __init__(self, directory: Path) -> None:
        self.closed, self.killed = directory / "closed", directory / "killed"
        bot = Bot(directory / "store")
        for number in range(12):
            bot.put(number)
        bot.intend("grid-1")
        bot.manager.checkpoint()
        for number in range(12, 40):
            bot.put(number)
            if number % 9 == 0:
                bot.journal.append(AuditKind.DECISION, f"decision {number}", who="operator")
        self.newest = len(bot.states) - 1
        bot.manager.checkpoint()
        connection = bot.journal._connection
        for number in range(40, 70):
            if number == 55:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            bot.live.remove_order(str(number - 30))
            bot.put(number)
            bot.states.insert(-1, msgspec.structs.replace(bot.states[-1], open_orders=bot.states[-1].open_orders[:-1]))
        bot.intend("grid-2")
        shutil.copytree(directory / "store", self.killed)
        self.states = bot.states
        bot.live.attach(None)
        bot.manager._log.close()
        bot.journal.close()
        shutil.copytree(directory / "store", self.closed)
        bot.manager._store.close()


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return History(tmp_path_factory.mktemp("history"))


Damage = Callable[[bytes, random.Random], bytes]


def flip(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    used = [at for at in (dice.randrange(len(data)) for _ in range(30)) if data[at]] or [0]
    for _ in range(dice.choice([1, 1, 1, 5, 50])):
        changed[dice.choice(used)] ^= 1 << dice.randrange(8)
    return bytes(changed)


def zero(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    size = dice.choice([1, 100, 512, 4096, 20_000])
    return data[:start] + bytes(min(size, len(data) - start)) + data[start + size :]


def garble(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    size = min(dice.choice([1, 100, 512, 4096, 20_000]), len(data) - start)
    return data[:start] + dice.randbytes(size) + data[start + size :]


def swap(data: bytes, dice: random.Random) -> bytes:
    pages = [data[at : at + 4096] for at in range(0, len(data), 4096)]
    one, two = dice.randrange(len(pages)), dice.randrange(len(pages))
    pages[one], pages[two] = pages[two], pages[one]
    return b"".join(pages)


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def replace(data: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(dice.choice([1, 100, len(data)]))


DAMAGES: list[Damage] = [flip, flip, flip, zero, garble, swap, cut, replace]


def leaves_a_trace(name: str, damage: Damage, before: bytes, after: bytes, *, indexed: bool) -> bool:
    """Whether it can be told from a crash a moment earlier: a log that ends early is what the end of the machine leaves."""
    if name != LOG_NAME or indexed:
        return True
    if damage in (cut, replace, zero, swap):
        return False
    frame = 24 + 4096
    commits = [at for at in range(32, len(before), frame) if struct.unpack_from(">I", before, at + 4)[0]]
    first = next((at for at in range(min(len(before), len(after))) if before[at] != after[at]), len(before))
    return 32 <= first < commits[-3]


def test_whatever_is_damaged_nothing_is_made_up_and_what_is_lost_is_told(
    history: History, memory_path: Path, request: pytest.FixtureRequest
) -> None:
    exact = reported = 0
    for seed in range(100 * request.config.getoption("--fuzz", default=1)):
        dice = random.Random(seed)
        origin = dice.choice([history.closed, history.killed])
        store = memory_path / str(seed)
        shutil.copytree(origin, store)
        name = dice.choice([JOURNAL_NAME, LOG_NAME]) if origin is history.killed else JOURNAL_NAME
        damage = dice.choice(DAMAGES)
        before = (store / name).read_bytes()
        after = damage(before, dice)
        (store / name).write_bytes(after)
        if not (indexed := dice.random() >= 0.5):
            (store / (JOURNAL_NAME + "-shm")).unlink(missing_ok=True)  # as after a restart of the machine
        label = f"seed {seed}: {damage.__name__} of {name} of {origin.name}"

        bot = Bot(store, start=make.T0 + make.HOUR)
        result = bot.manager.recover()
        assert result.status is RecoveryStatus.SUCCESS, label
        state = bot.live.snapshot()
        found = [at for at, known in enumerate(history.states) if same(state, known)]
        assert found, label
        assert found[-1] >= history.newest, label
        view = bot.journal.view()
        if found[-1] == len(history.states) - 1:
            exact += 1
        elif leaves_a_trace(name, damage, before, after, indexed=indexed):
            assert result.journal_problem or view.problem, label
        if view.problem:
            reported += 1
            bot.journal.settle()
            assert bot.journal.view().problem == "", label
        # Life goes on from there.
        bot.put(1000)
        bot.close()
        assert_exact(store, bot.states[-1])
        shutil.rmtree(store)
    assert exact > 5
    assert reported > 20


@pytest.mark.parametrize("kind", ["missing", "of another store", "empty", "a directory"])
def test_a_journal_that_is_not_this_stores_is_told_and_nothing_of_it_applied(
    history: History, tmp_path: Path, kind: str
) -> None:
    store = tmp_path / "store"
    shutil.copytree(history.closed, store)
    path = store / JOURNAL_NAME
    path.unlink()
    match kind:
        case "of another store":
            other = Bot(tmp_path / "other", start=make.T0 + 5)
            other.put(7777)
            other.manager.checkpoint()
            other.put(8888)
            other.close()
            shutil.copy(tmp_path / "other" / JOURNAL_NAME, path)
        case "empty":
            path.touch()
        case "a directory":
            path.mkdir()
            with pytest.raises(StorageError):
                Bot(store)
            return
    bot = Bot(store, start=make.T0 + make.HOUR)
    result = bot.manager.recover()
    assert result.journal_problem
    assert bot.reports
    assert same(bot.live.snapshot(), history.states[history.newest])
    assert bot.journal.view().problem
    bot.put(1)
    bot.close()
    again = Bot(store, start=make.T0 + 2 * make.HOUR)
    result = again.manager.recover()
    assert result.journal_problem  # until an operator has looked
    assert same(again.live.snapshot(), bot.states[-1])
    again.journal.settle()
    again.close()
    settled = Bot(store, start=make.T0 + 3 * make.HOUR)
    assert settled.manager.recover().journal_problem == ""
    settled.close()


def test_nothing_is_cancelled_unattended_until_an_operator_has_looked(history: History, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(history.closed, store)
    (store / JOURNAL_NAME).unlink()
    exchange = ExchangeInMemory(live(id="orphan", client_order_id="grid-4"))
    config = RecoveryConfig(checkpoint_dir=store, sync_with_exchange=False)
    manifest = StoreManifest(bot="grid", client_order_id_prefix=PREFIX)
    system = LiveState(clock=ManualClock(LATER))
    with RecoveryManager(system, config, exchange, manifest=manifest, clock=ManualClock(LATER)) as manager:
        manager.recover()
        result = manager.sync_with_exchange()
        assert (result.orphan_orders, result.orders_cancelled) == (1, 0)
        assert exchange.open_keys()
        manager._journal.settle()
        assert manager.sync_with_exchange().orders_cancelled == 1
        assert not exchange.open_keys()
