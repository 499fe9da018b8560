"""The saving thread: wishes are merged, errors are told, and nothing that a bot does ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crashdesk.errors import CrashdeskError, StateError, StorageError
from crashdesk.saver import BackgroundSaver
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import CheckpointInfo

SECONDS = 5.0


class Disk:
    """Saves when it is let, and remembers why."""

    def __init__(self) -> None:
        self.causes: list[Cause] = []
        self.begun = threading.Event()
        self.free = threading.Event()
        self.problem: BaseException | None = None

    def save(self, cause: Cause) -> CheckpointInfo:
        self.begun.set()
        assert self.free.wait(SECONDS)
        self.causes.append(cause)
        if self.problem is not None:
            raise self.problem
        return CheckpointInfo(seq=len(self.causes), timestamp=0, directory=Path(), size=0)


Errors = list[CrashdeskError]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def errors() -> Errors:
    return []


@pytest.fixture
def saver(disk: Disk, errors: Errors) -> Iterator[BackgroundSaver]:
    made = BackgroundSaver(disk.save, errors.append)
    yield made
    disk.free.set()
    made.close()


def test_wishes_that_come_during_a_save_are_served_by_one_more_under_the_strongest_cause(
    saver: BackgroundSaver, disk: Disk
) -> None:
    first = saver.request(Cause.PERIODIC)
    assert disk.begun.wait(SECONDS)
    later = [saver.request(cause) for cause in (Cause.PERIODIC, Cause.TRADE, Cause.MANUAL, Cause.TRADE)]
    disk.free.set()
    assert first.result(SECONDS).seq == 1
    assert {future.result(SECONDS).seq for future in later} == {2}
    assert disk.causes == [Cause.PERIODIC, Cause.MANUAL]


@pytest.mark.parametrize(
    ("problem", "expected", "words"),
    [
        (StorageError("the disk is full"), StorageError, "the disk is full"),
        (StateError("contradicts itself"), StateError, "contradicts itself"),
        (KeyError("the bot's own mistake"), StorageError, "the bot's snapshot failed with KeyError"),
    ],
)
def test_an_error_goes_to_the_one_who_waits_and_to_the_callback_and_the_next_save_is_tried(
    saver: BackgroundSaver,
    disk: Disk,
    errors: Errors,
    problem: Exception,
    expected: type[CrashdeskError],
    words: str,
) -> None:
    disk.free.set()
    disk.problem = problem
    with pytest.raises(expected, match=words):
        saver.request(Cause.MANUAL).result(SECONDS)
    disk.problem = None
    assert saver.request(Cause.MANUAL).result(SECONDS).seq == 2
    assert [type(error) for error in errors] == [expected]


def test_closing_serves_what_is_wanted_ends_the_thread_and_refuses_the_rest(saver: BackgroundSaver, disk: Disk) -> None:
    running = threading.active_count()
    saver.request(Cause.PERIODIC)
    assert disk.begun.wait(SECONDS)
    wanted = saver.request(Cause.TRADE)
    disk.free.set()
    saver.close()
    assert wanted.done()
    assert disk.causes == [Cause.PERIODIC, Cause.TRADE]
    with pytest.raises(StorageError, match="closed"):
        saver.request(Cause.MANUAL)
    saver.close()
    assert threading.active_count() == running - 1


def test_closing_from_the_callback_neither_hangs_nor_leaves_anybody_waiting(disk: Disk) -> None:
    made: list[BackgroundSaver] = []
    closed = threading.Event()

    def close(error: CrashdeskError) -> None:
        made[0].close()
        closed.set()

    made.append(BackgroundSaver(disk.save, close))
    disk.problem = StorageError("the disk is full")
    made[0].request(Cause.PERIODIC)
    assert disk.begun.wait(SECONDS)
    waiting = made[0].request(Cause.MANUAL)
    disk.free.set()
    assert closed.wait(SECONDS)
    with pytest.raises(StorageError, match="closed before"):
        waiting.result(SECONDS)
    made[0].close()


def test_a_request_does_not_wait_for_the_disk(saver: BackgroundSaver, disk: Disk) -> None:
    saver.request(Cause.TRADE)
    assert disk.begun.wait(SECONDS)
    futures = [saver.request(Cause.TRADE) for _ in range(1000)]
    assert not any(future.done() for future in futures)
    assert len(set(map(id, futures))) == 1


def test_requests_from_many_threads_are_all_served(saver: BackgroundSaver, disk: Disk) -> None:
    disk.free.set()
    seqs: list[int] = []
    go: Callable[[], None] = lambda: seqs.append(saver.request(Cause.MANUAL).result(SECONDS).seq)  # noqa: E731
    threads = [threading.Thread(target=go) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert len(seqs) == 16
    assert set(seqs) == set(range(1, len(disk.causes) + 1))
