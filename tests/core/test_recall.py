"""The last known state: the newest valid checkpoint with all that came after it, or a word on what may be missing."""

from __future__ import annotations

import contextlib
import random
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import strategies as make
from strategies import ManualClock

from crashdesk.clock import SystemClock
from crashdesk.config import RecoveryConfig
from crashdesk.errors import CrashdeskError, StoreCorrupted
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recall import LastKnown, recall
from crashdesk.recovery import RecoveryManager
from crashdesk.state import SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore
from crashdesk.storage.writer import open_journal


class Bot:
    """A LiveState with its manager; `crash` leaves the directory as a dead process does."""

    def __init__(self, directory: Path, clock: ManualClock, *, keep: int = 10) -> None:
        self.live = LiveState(clock=clock)
        self.reports: list[CrashdeskError] = []
        config = RecoveryConfig(checkpoint_dir=directory, max_checkpoints=keep)
        self.manager = RecoveryManager(self.live, config, clock=clock, on_error=self.reports.append)
        self.clock = clock

    def put(self, *numbers: int) -> None:
        self.clock.sleep(0.001)
        for number in numbers:
            self.live.put_order(make.order(id=str(number)))
        self.live.set_account(make.account(), wait=True)

    def checkpoint(self) -> CheckpointInfo:
        self.clock.sleep(0.001)
        return self.manager.checkpoint()

    def crash(self) -> SystemState:
        state = self.live.snapshot()
        self.live.cut = lambda seq, cause: (_ for _ in ()).throw(StoreCorrupted("dead"))  # type: ignore[method-assign]
        self.manager.close()
        return state


@contextlib.contextmanager
def recalled(directory: Path) -> Iterator[LastKnown | None]:
    """As the next start would; nothing is moved or written."""
    with StateStore(directory, read_only=True) as store:
        journal = Journal(directory, ManualClock(), read_only=True)
        try:
            yield recall(store, journal.batches())
        finally:
            journal.close()


def rot(info: CheckpointInfo, seed: int = 1) -> None:
    data = bytearray(info.path.read_bytes())
    data[random.Random(seed).randrange(len(data))] ^= 4
    info.path.write_bytes(data)


def assert_exact(last: LastKnown | None, wanted: SystemState) -> None:
    assert last is not None
    assert last.problem == ""
    assert last.continues
    assert msgspec.structs.replace(last.state, timestamp=wanted.timestamp) == wanted


def test_what_came_after_the_newest_checkpoint_is_there(tmp_path: Path, clock: ManualClock) -> None:
    bot = Bot(tmp_path, clock)
    bot.put(1)
    first = bot.checkpoint()
    bot.put(2)
    second = bot.checkpoint()
    bot.put(3, 4)
    bot.live.remove_order("1", wait=True)
    state = bot.crash()
    with recalled(tmp_path) as last:
        assert_exact(last, state)
        assert last is not None
        assert (last.info.seq if last.info else 0, last.changes, last.skipped) == (second.seq, 4, ())
    # The newest rots: the one before with more of the journal gives the same.
    rot(second)
    with recalled(tmp_path) as last:
        assert_exact(last, state)
        assert last is not None
        assert (last.info.seq if last.info else 0, len(last.skipped)) == (first.seq, 1)
    # All rot, and the journal was trimmed behind the older one: then it is better to stop.
    rot(first)
    with pytest.raises(StoreCorrupted), recalled(tmp_path):
        pass


def test_a_journal_that_holds_everything_can_stand_alone(tmp_path: Path, clock: ManualClock) -> None:
    bot = Bot(tmp_path, clock)
    bot.put(1)
    first = bot.checkpoint()
    bot.put(2)
    state = bot.crash()
    rot(first)
    with recalled(tmp_path) as last:
        assert last is not None
        assert last.info is None
        assert last.problem == ""
        assert "from the journal alone" in last.notice
        assert msgspec.structs.replace(last.state, timestamp=state.timestamp) == state


@pytest.mark.parametrize("seed", range(3))
def test_trimming_leaves_what_the_newest_two_checkpoints_need(tmp_path: Path, clock: ManualClock, seed: int) -> None:
    dice = random.Random(seed)
    bot = Bot(tmp_path, clock, keep=2)
    journal = bot.manager._journal
    for step in range(8):
        bot.put(*(dice.randrange(20) for _ in range(dice.randrange(4))))
        info = bot.checkpoint()
        bot.put(100 + step)
        assert [item.seq for item in bot.manager._store.list_checkpoints()][-2:] == [info.seq - 1, info.seq][
            -step - 1 :
        ]
    assert bot.reports == []
    assert next(iter(journal.batches())).first > 8  # it was trimmed
    state = bot.crash()
    with recalled(tmp_path) as last:
        assert_exact(last, state)
    rot(info, seed)
    with recalled(tmp_path) as last:
        assert_exact(last, state)
        assert last is not None
        assert last.info is not None
        assert last.info.seq == info.seq - 1


def test_a_bot_that_saves_behind_a_listing_raises_no_doubt(tmp_path: Path, clock: ManualClock) -> None:
    bot = Bot(tmp_path, clock, keep=10)
    bot.put(1)
    bot.checkpoint()
    with contextlib.closing(StoreView(tmp_path, clock=clock)) as view:
        names = view.checkpoint_names()
        for number in range(2, 6):  # the journal is trimmed behind the checkpoint that was listed, which stays
            bot.put(number)
            bot.checkpoint()
        last = view.latest(names)
        assert last is not None
        assert (last.problem, last.info.seq if last.info else 0) == ("", 5)
    bot.crash()


def test_a_crash_between_the_mark_and_the_file_loses_nothing(tmp_path: Path, clock: ManualClock) -> None:
    bot = Bot(tmp_path, clock)
    bot.put(1)
    bot.checkpoint()
    bot.put(2)
    bot.checkpoint().path.unlink()
    bot.put(3)
    state = bot.crash()
    with recalled(tmp_path) as last:
        assert_exact(last, state)
    again = Bot(tmp_path, clock)
    again.manager.recover()
    again.put(4)
    state = again.crash()
    with recalled(tmp_path) as last:
        assert_exact(last, state)


def test_as_soon_as_a_checkpoint_is_there_the_journal_knows_it(tmp_path: Path, clock: ManualClock) -> None:
    bot = Bot(tmp_path / "store", clock)
    bot.manager._log._linger_s = 60.0  # durable is only what was waited for
    bot.put(1)
    store = bot.manager._store
    save = store.save_chunks

    def crash(*values: Any, **options: Any) -> CheckpointInfo:
        info = save(*values, **options)
        shutil.copytree(tmp_path / "store", tmp_path / "crashed")
        return info

    store.save_chunks = crash  # type: ignore[method-assign]
    bot.checkpoint()
    state = bot.crash()
    with recalled(tmp_path / "crashed") as last:
        assert_exact(last, state)
        assert last is not None
        assert last.info is not None


def test_many_threads_and_checkpoints_end_in_the_same_state(tmp_path: Path) -> None:
    """With the system's clock: every checkpoint has a moment of its own."""
    bot = Bot(tmp_path, SystemClock(), keep=20)  # type: ignore[arg-type]
    failures: list[BaseException] = []

    def trade(thread: int) -> None:
        dice = random.Random(thread)
        try:
            for step in range(120):
                name = f"{thread}-{dice.randrange(9)}"
                with bot.live.together(wait=step % 40 == 0):
                    bot.live.put_order(make.order(id=name))
                    bot.live.put_position(make.position(id=name))
                if dice.random() < 0.4:
                    with bot.live.together():
                        bot.live.remove_position(name)
                        bot.live.remove_order(name)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=trade, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    infos = [bot.manager.checkpoint() for _ in range(5)]
    for thread in threads:
        thread.join(30)
    bot.live.set_account(make.account(), wait=True)
    assert failures == []
    assert bot.reports == []
    state = bot.crash()
    for info in (None, infos[-1]):
        if info is not None:
            rot(info)
        with recalled(tmp_path) as last:
            assert_exact(last, state)
            assert last is not None
            assert {order.id for order in last.state.open_orders} == {item.id for item in last.state.positions}


def test_nothing_at_all_is_nothing_and_a_state_that_was_is_never_taken_for_nothing(
    tmp_path: Path, clock: ManualClock
) -> None:
    bot = Bot(tmp_path, clock, keep=2)
    with recalled(tmp_path) as last:
        assert last is None
    for number in range(4):
        bot.put(number)
        bot.checkpoint()
    bot.crash()
    for info in StateStore(tmp_path, read_only=True).list_checkpoints():
        info.path.unlink()
    with pytest.raises(StoreCorrupted, match="no checkpoint any more"), recalled(tmp_path):
        pass


def test_the_journal_of_another_store_is_not_applied(tmp_path: Path, clock: ManualClock) -> None:
    for name, number in (("one", 1), ("two", 2)):
        clock.sleep(1)
        bot = Bot(tmp_path / name, clock)
        bot.put(number)
        bot.checkpoint()
        bot.put(10 * number)
        bot.crash()
    (tmp_path / "one" / JOURNAL_NAME).write_bytes((tmp_path / "two" / JOURNAL_NAME).read_bytes())
    with recalled(tmp_path / "one") as last:
        assert last is not None
        assert {order.id for order in last.state.open_orders} == {"1"}
        assert not last.continues
        assert "does not know checkpoint" in last.problem
    (info,) = StateStore(tmp_path / "one", read_only=True).list_checkpoints()
    rot(info)
    with pytest.raises(StoreCorrupted), recalled(tmp_path / "one"):
        pass


def test_an_older_copy_of_the_journal_is_found_out(tmp_path: Path, clock: ManualClock) -> None:
    bot = Bot(tmp_path, clock)
    bot.put(1)
    bot.checkpoint()
    bot.put(2)
    bot.crash()
    older = (tmp_path / JOURNAL_NAME).read_bytes()
    bot = Bot(tmp_path, clock)
    bot.manager.recover()
    bot.put(3)
    newest = bot.checkpoint()
    bot.crash()
    recovered = StateStore(tmp_path, read_only=True).find(newest.seq - 1)
    (tmp_path / JOURNAL_NAME).write_bytes(older)
    with recalled(tmp_path) as last:
        assert last is not None
        assert (len(last.state.open_orders), last.continues) == (3, False)
        assert last.problem
    rot(newest)
    rot(recovered)
    with recalled(tmp_path) as last:
        assert last is not None
        assert not last.continues
        assert len(last.state.open_orders) == 2
        assert f"checkpoint {newest.seq}" in last.problem


def test_a_journal_that_cannot_be_read_is_said_and_the_checkpoint_stands(tmp_path: Path, clock: ManualClock) -> None:
    bot = Bot(tmp_path, clock)
    bot.put(1)
    bot.checkpoint()
    bot.put(2)
    bot.crash()
    with StateStore(tmp_path, read_only=True) as store:
        last = recall(store, (), "somebody has locked it")
    assert last is not None
    assert (len(last.state.open_orders), last.changes, last.problem) == (1, 0, "somebody has locked it")


def test_after_a_rescue_what_follows_the_newest_checkpoint_is_there(tmp_path: Path, clock: ManualClock) -> None:
    """What rots before the checkpoint costs nothing that came after it, neither at this start nor at the next."""
    bot = Bot(tmp_path, clock)
    bot.put(1)
    needle = b"rotten strategy"
    bot.live.set_strategy("grid", needle, wait=True)
    bot.put(2)
    bot.checkpoint()
    bot.put(3)
    state = bot.crash()
    path = tmp_path / JOURNAL_NAME
    data = path.read_bytes()
    assert data.count(needle) == 1
    path.write_bytes(data.replace(needle, b"ruined strategy"))

    journal, problem = open_journal(tmp_path, clock, LocalFiles(), expected=True)
    journal.close()
    assert "damaged" in problem
    with recalled(tmp_path) as last:
        assert_exact(last, state)
    bot = Bot(tmp_path, clock)
    bot.manager.recover()
    bot.put(4)
    state = bot.crash()
    with recalled(tmp_path) as last:
        assert_exact(last, state)
