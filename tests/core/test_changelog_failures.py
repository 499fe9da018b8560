"""Group commit on a disk that fails: reported once, nothing lost in silence, and the state described anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from changelog_bench import INTENT, PATIENCE_S, Bench, close, note, until

from crashdesk.errors import StateError, StoreDegraded
from crashdesk.storage.database import DatabaseUnreliable, DatabaseUnusable


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    built = Bench(tmp_path)
    yield built
    close(built)


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
