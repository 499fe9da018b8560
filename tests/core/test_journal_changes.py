"""Changes in the journal: numbered without gaps, whole or void as a batch, and trimmed with care."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest
from journal_builders import INTENT, opened, order_change
from strategies import ManualClock

from crashdesk.errors import StorageError
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause


def test_changes_are_numbered_and_a_batch_is_whole_or_void(tmp_path: Path, clock: ManualClock) -> None:
    journal = Journal(tmp_path, clock)
    assert journal.commit([order_change(1), order_change(2)], [INTENT], [(1, Cause.MANUAL)]) == 1
    unstorable = msgspec.structs.replace(INTENT, symbol=None)
    with pytest.raises(StorageError):
        journal.commit([order_change(3)], [INTENT, unstorable])
    assert journal.commit([order_change(4)]) == 3
    journal.close()
    again = Journal(tmp_path, clock)
    assert [(batch.first, batch.last) for batch in again.batches()] == [(1, 2), (3, 3)]
    assert [batch.changes for batch in again.batches(until=2)] == [(order_change(1), order_change(2))]
    assert (again.last_change, again.causes(), len(again.view().intents)) == (3, {1: Cause.MANUAL}, 1)
    again.close()


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
def test_a_commit_that_a_signal_interrupts_leaves_the_numbers_right(
    tmp_path: Path, clock: ManualClock, when: str
) -> None:
    class Interrupted:
        def __init__(self, connection: sqlite3.Connection) -> None:
            self.connection = connection

        def __getattr__(self, name: str) -> Any:
            return getattr(self.connection, name)

        def execute(self, statement: str, *values: Any) -> Any:
            if when == "after the commit" and statement == "COMMIT":
                self.connection.execute(statement, *values)
            if statement in ("COMMIT", "ROLLBACK"):
                raise KeyboardInterrupt
            return self.connection.execute(statement, *values)

    journal = Journal(tmp_path, clock)
    journal.commit([order_change(1)])
    connection = journal._connection
    journal._connection = Interrupted(connection)  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        journal.commit([order_change(2), order_change(3)], [INTENT])
    journal._connection = connection
    journal.commit([order_change(4)])
    # A reader of its own sees only what was committed.
    reader = Journal(tmp_path, clock, read_only=True)
    committed = [change for batch in reader.batches() for change in batch.changes]
    between = [order_change(2), order_change(3)] if when == "after the commit" else []
    assert committed == [order_change(1), *between, order_change(4)]
    assert [batch.first for batch in reader.batches()] == ([1, 2, 4] if between else [1, 2])
    reader.close()
    journal.close()


def test_trimming_keeps_the_batch_that_holds_the_number(tmp_path: Path, clock: ManualClock) -> None:
    journal = Journal(tmp_path, clock)
    for number in range(0, 750, 3):
        journal.commit([order_change(number), order_change(number + 1), order_change(number + 2)])
    journal.intend(INTENT)
    journal.trim(501)
    assert next(iter(journal.batches())).first == 499
    journal.trim(10_000)
    assert [batch.first for batch in journal.batches()] == [748]
    assert journal.view().intents == ()  # it was made in 1970
    journal.close()
    assert opened(tmp_path)[0].commit([order_change(1)]) == 751


@pytest.mark.parametrize("seed", range(20))
def test_trimming_leaves_what_is_to_be_kept_whole_and_nothing_else(
    tmp_path: Path, clock: ManualClock, seed: int
) -> None:
    draw = random.Random(seed)
    journal = Journal(tmp_path, clock)
    while journal.last_change < 120:
        journal.commit([order_change(number) for number in range(draw.randint(1, 4))])
    spans = [(number, number + draw.randint(0, 9)) for number in draw.sample(range(1, 110), draw.randint(0, 6))]
    before = draw.randint(60, 120)
    every = [(batch.first, batch.last) for batch in journal.batches()]
    end = max(first for first, _ in every if first <= before)
    expected = [
        (first, last)
        for first, last in every
        if first >= end or any(last >= begin and first <= stop for begin, stop in spans)
    ]
    journal.trim(before, spans)
    assert [(batch.first, batch.last) for batch in journal.batches()] == expected
    journal.close()


def test_trimming_does_not_read_what_is_kept(tmp_path: Path, clock: ManualClock) -> None:
    """A commit waits for it, at every checkpoint."""
    journal = Journal(tmp_path, clock)
    for number in range(2_000):
        journal.commit([order_change(number)])
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    journal.trim(1_990, [(1, 1_000), (1_001, 1_980)])
    journal._connection.set_progress_handler(count, 100)
    journal.trim(1_990, [(1, 1_000), (1_001, 1_980)])
    assert steps < 10
    journal.close()
