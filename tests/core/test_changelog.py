"""Group commit: order kept, nothing acknowledged that is not durable, and no trading thread ever waits for the disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from changelog_bench import INTENT, PATIENCE_S, Bench, close, note, until

from crashdesk.codec import encode_order
from crashdesk.errors import CrashdeskError, StorageError, StoreDegraded
from crashdesk.storage.database import DatabaseUnusable


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    built = Bench(tmp_path)
    yield built
    close(built)


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
