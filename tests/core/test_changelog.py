"""Group commit: order kept, nothing acknowledged that is not durable, and no trading thread ever waits for the disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import strategies as make
from strategies import ManualClock

from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_order
from crashdesk.errors import CrashdeskError, StateError, StorageError, StoreDegraded
from crashdesk.live import LiveState
from crashdesk.replay import replay
from crashdesk.storage.changelog import ChangeLog
from crashdesk.storage.database import DatabaseUnreliable, DatabaseUnusable
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause, Intent, IntentAction

INTENT = Intent(at=7, action=IntentAction.CREATE, symbol="BTC/USDT:USDT", client_order_id="grid-1")
PATIENCE_S = 20.0


class Disk(Journal):
    """A journal whose disk can fail, hang and be slow."""

    error: BaseException | None = None
    delay_s = 0.0

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, ManualClock())
        self.runs = threading.Event()
        self.runs.set()
        self.entered = threading.Event()
        self.attempts = 0

    def commit(
        self, changes: Sequence[Change] = (), intents: Sequence[Intent] = (), causes: Sequence[tuple[int, Cause]] = ()
    ) -> int:
        self.attempts += 1
        self.entered.set()
        assert self.runs.wait(PATIENCE_S)
        if self.delay_s:
            time.sleep(self.delay_s)
        if self.error is not None:
            raise self.error
        return super().commit(changes, intents, causes)


class Bench:
    """A disk, the log before it, and what it reported."""

    def __init__(self, directory: Path, **options: Any) -> None:
        self.directory = directory
        self.disk = Disk(directory)
        self.reports: list[CrashdeskError] = []
        self.on_report: Callable[[CrashdeskError], None] = self.reports.append
        self.log = ChangeLog(self.disk, report=self._told, **{"retry_s": 0.01, **options})
        self.live = LiveState()
        self.live.attach(self.log)
        self.log.describe_anew = self.live.describe

    def _told(self, error: CrashdeskError) -> None:
        self.on_report(error)

    def durable(self) -> list[Change]:
        """What another process would find."""
        reader = Journal(self.directory, ManualClock(), read_only=True)
        try:
            return [change for batch in reader.batches() for change in batch.changes]
        finally:
            reader.close()

    def durable_orders(self) -> set[str]:
        reader = Journal(self.directory, ManualClock(), read_only=True)
        try:
            end = replay(None, reader.batches())
        finally:
            reader.close()
        assert end.problem == ""
        return {order.id for order in end.state.open_orders} if end.state else set()

    def put(self, number: int, *, wait: bool = False) -> None:
        self.live.put_order(make.order(id=str(number)), wait=wait)

    def hang(self) -> None:
        """From here on a commit does not return; returns when one is at it."""
        self.disk.runs.clear()
        self.disk.entered.clear()
        self.log.append((note("hanging"),))
        assert self.disk.entered.wait(PATIENCE_S)

    def healed(self) -> None:
        until(lambda: not self.log.stats().problem and not self.log.stats().pending)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    built = Bench(tmp_path)
    yield built
    close(built)


def close(bench: Bench) -> None:
    bench.disk.runs.set()
    bench.log.close()
    bench.disk.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def note(text: str) -> Change:
    return Change(ChangeKind.ORDER_GONE, text.encode())


def test_many_threads_keep_their_order_and_nothing_is_lost_or_twice(bench: Bench) -> None:
    threads, each = 8, 60

    def write(thread: int) -> None:
        for number in range(each):
            work = bench.log.append((note(f"{thread}:{number}:a"), note(f"{thread}:{number}:b")))
            if number % 7 == thread % 7:
                bench.log.wait(work)

    workers = [threading.Thread(target=write, args=[thread]) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE_S)
    bench.log.close()

    texts = [change.body.decode() for change in bench.durable()]
    assert len(texts) == 2 * threads * each == len(set(texts))
    for thread in range(threads):
        mine = [text for text in texts if text.startswith(f"{thread}:")]
        assert mine == [f"{thread}:{number}:{half}" for number in range(each) for half in "ab"]
    # What was handed in together stands together.
    assert all(texts[at + 1] == texts[at][:-1] + "b" for at in range(0, len(texts), 2))


def test_waiting_returns_when_another_process_would_see_it(bench: Bench) -> None:
    for number in range(20):
        bench.put(number, wait=True)
        assert encode_order(make.order(id=str(number))) in [change.body for change in bench.durable()]
    work = bench.log.append((note("x"), note("y")))
    bench.log.wait(work)
    assert bench.durable()[work.last - 1] == note("y")
    bench.log.append((note("z"),))
    bench.log.intend(INTENT)
    assert bench.durable()[-1] == note("z")
    assert [intent.client_order_id for intent in bench.disk.view().intents] == ["grid-1"]


def test_what_nobody_waits_for_becomes_durable_by_itself(bench: Bench) -> None:
    bench.put(1)
    until(lambda: bench.durable_orders() == {"1"})
    bench.put(2)
    bench.log.flush()
    until(lambda: bench.durable_orders() == {"1", "2"})


def test_a_hanging_disk_holds_up_nobody_who_does_not_wait(bench: Bench) -> None:
    bench.put(0, wait=True)
    bench.hang()
    for number in range(1, 500):
        bench.put(number)  # returns, though no commit does
    assert not bench.disk.runs.is_set()
    assert bench.log.stats().pending >= 499
    waited: list[bool] = []
    waiter = threading.Thread(target=lambda: (bench.put(500, wait=True), waited.append(True)))
    waiter.start()
    waiter.join(0.05)
    assert not waited
    bench.disk.runs.set()
    waiter.join(PATIENCE_S)
    assert waited
    assert bench.durable_orders() == {str(number) for number in range(501)}
    assert bench.reports == []


@pytest.mark.parametrize(
    "error", [DatabaseUnusable("the disk is full"), DatabaseUnreliable("the disk failed"), TypeError("a mistake")]
)
def test_a_failing_disk_is_reported_once_and_the_state_described_anew(bench: Bench, error: Exception) -> None:
    bench.put(0, wait=True)
    bench.disk.error = error
    with pytest.raises(StoreDegraded):
        bench.put(1, wait=True)
    for number in range(2, 50):
        bench.put(number)
    with pytest.raises(StoreDegraded):
        bench.put(50, wait=True)
    with pytest.raises(StoreDegraded):
        bench.log.intend(INTENT)
    until(lambda: bench.disk.attempts > 6)
    assert [type(report) for report in bench.reports] == [StoreDegraded]
    assert str(error) in str(bench.reports[0])
    stats = bench.log.stats()
    assert str(error) in stats.problem
    assert stats.missed >= 40
    assert bench.durable_orders() == {"0"}

    bench.live.remove_order("0")
    bench.disk.error = None
    bench.healed()

    assert bench.durable_orders() == {str(number) for number in range(1, 51)}
    bench.put(51, wait=True)
    bench.log.intend(INTENT)
    assert "51" in bench.durable_orders()
    assert len(bench.reports) == 1
    bench.disk.error = error
    with pytest.raises(StoreDegraded):
        bench.put(52, wait=True)
    until(lambda: len(bench.reports) == 2)


def test_what_follows_a_lost_change_is_not_journalled(tmp_path: Path) -> None:
    bench = Bench(tmp_path, linger_s=60.0, retry_s=60.0)
    try:
        bench.put(0, wait=True)
        bench.disk.error = DatabaseUnusable("the disk failed")
        bench.disk.runs.clear()
        bench.disk.entered.clear()
        refused: list[bool] = []

        def wait() -> None:
            with pytest.raises(StoreDegraded):
                bench.put(1, wait=True)
            refused.append(True)

        waiter = threading.Thread(target=wait)
        waiter.start()
        assert bench.disk.entered.wait(PATIENCE_S)
        bench.put(2)  # while the one before is on its way to the disk
        bench.disk.runs.set()
        waiter.join(PATIENCE_S)
        assert refused
        bench.disk.error = None
        bench.log.intend(INTENT)
        bench.put(3)
        bench.log.intend(INTENT)
        assert bench.durable_orders() == {"0"}
        bench.live.describe()
        bench.put(4, wait=True)
        assert bench.durable_orders() == {"0", "1", "2", "3", "4"}
    finally:
        close(bench)


def test_an_intent_that_cannot_be_stored_takes_nothing_with_it(bench: Bench) -> None:
    bench.disk.runs.clear()
    bench.put(1)
    for wrong in ({"symbol": "\ud800"}, {"client_order_id": None}, {"at": "now"}):
        with pytest.raises(StateError):
            bench.log.intend(msgspec.structs.replace(INTENT, **wrong))
    bench.disk.runs.set()
    bench.put(2, wait=True)
    assert bench.durable_orders() == {"1", "2"}
    assert bench.reports == []


def test_an_interrupted_commit_is_never_taken_for_a_durable_one(bench: Bench) -> None:
    bench.put(0, wait=True)
    bench.disk.runs.clear()
    bench.disk.entered.clear()
    bench.put(1)
    assert bench.disk.entered.wait(PATIENCE_S)  # the journal's thread is in a commit
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            bench.put(2, wait=True)
        except BaseException as error:  # noqa: BLE001
            caught.append(error)

    # As a signal's exception in the thread that happens to commit for all.
    waiter = threading.Thread(target=wait)
    waiter.start()
    until(lambda: bench.log.stats().pending >= 2)
    bench.put(3)
    commit = bench.disk.commit

    def interrupt(*_: Any, **__: Any) -> int:
        if threading.current_thread() is waiter:
            bench.disk.commit = commit  # type: ignore[method-assign]
            raise KeyboardInterrupt
        return commit(*_, **__)

    bench.disk.commit = interrupt  # type: ignore[method-assign]
    bench.disk.runs.set()
    waiter.join(PATIENCE_S)
    bench.healed()
    bench.put(4, wait=True)
    assert bench.durable_orders() == {"0", "1", "2", "3", "4"}
    if caught:
        assert isinstance(caught[0], KeyboardInterrupt)


def test_others_who_waited_for_an_interrupted_commit_are_told(tmp_path: Path) -> None:
    bench = Bench(tmp_path, linger_s=60.0, retry_s=60.0)
    try:
        bench.put(0, wait=True)
        work = bench.log.append((note("of another thread"),))
        bench.disk.error = KeyboardInterrupt()
        with pytest.raises(KeyboardInterrupt):
            bench.put(1, wait=True)
        bench.disk.error = None
        with pytest.raises(StoreDegraded, match="interrupted"):
            bench.log.wait(work)
        with pytest.raises(StoreDegraded):
            bench.put(2, wait=True)  # it follows what was lost
        assert bench.durable_orders() == {"0"}
        assert len(bench.reports) == 1
    finally:
        close(bench)


def test_memory_is_bounded_while_the_disk_hangs_and_all_is_there_afterwards(tmp_path: Path) -> None:
    bench = Bench(tmp_path, most_bytes=10_000)
    try:
        bench.put(0, wait=True)
        bench.hang()
        for number in range(1, 2_000):
            bench.put(number)
        until(lambda: len(bench.reports) == 1)
        assert "does not keep up" in str(bench.reports[0])
        stats = bench.log.stats()
        assert stats.problem or stats.pending < 2_000 + 100
        assert stats.missed > 1_000
        bench.disk.runs.set()
        bench.healed()
        assert bench.durable_orders() == {str(number) for number in range(2_000)}
        assert len(bench.reports) == 1
    finally:
        close(bench)


def test_a_state_larger_than_the_bound_can_be_described_anew(tmp_path: Path) -> None:
    bench = Bench(tmp_path, most_bytes=10_000)
    try:
        bench.live.restore(make.state(open_orders=make.many_orders(500)))
        bench.put(-1)
        bench.healed()
        until(lambda: len(bench.durable_orders()) == 501)
        bench.put(-2, wait=True)
        assert len(bench.durable_orders()) == 502
    finally:
        close(bench)


def test_a_slow_disk_makes_groups_and_loses_nothing(bench: Bench) -> None:
    bench.disk.delay_s = 0.03
    for number in range(300):
        bench.put(number)
        if number % 50 == 0:
            time.sleep(0.01)
    bench.log.close()
    assert bench.durable_orders() == {str(number) for number in range(300)}
    assert bench.disk.attempts < 30
    assert bench.reports == []


def test_a_report_may_use_the_log_itself(bench: Bench) -> None:
    told = threading.Event()

    def report(error: CrashdeskError) -> None:
        bench.reports.append(error)
        bench.live.set_strategy("alarm", b"1")
        with pytest.raises(StoreDegraded):
            bench.log.intend(INTENT)
        told.set()

    bench.on_report = report
    bench.disk.error = DatabaseUnusable("the disk is full")
    with pytest.raises(StoreDegraded):
        bench.put(1, wait=True)
    assert told.wait(PATIENCE_S)


@pytest.mark.parametrize("broken", [False, True])
def test_closing_makes_durable_what_is_pending_and_never_hangs(tmp_path: Path, broken: bool) -> None:
    bench = Bench(tmp_path, linger_s=60.0, retry_s=60.0)
    bench.put(1, wait=True)
    if broken:
        bench.disk.error = DatabaseUnusable("the disk is full")
        with pytest.raises(StoreDegraded):
            bench.put(2, wait=True)
    bench.put(3)
    closer = threading.Thread(target=bench.log.close)
    closer.start()
    closer.join(PATIENCE_S)
    assert not closer.is_alive()
    assert bench.durable_orders() == ({"1"} if broken else {"1", "3"})
    bench.disk.close()
    work = bench.log.append((note("too late"),))
    with pytest.raises(StorageError):
        bench.log.wait(work)


def test_a_report_may_close_the_log(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    closed = threading.Event()

    def report(error: CrashdeskError) -> None:
        bench.log.close()
        closed.set()

    bench.on_report = report
    bench.disk.error = DatabaseUnusable("the disk is full")
    bench.put(1)
    assert closed.wait(PATIENCE_S)
    bench.disk.close()
