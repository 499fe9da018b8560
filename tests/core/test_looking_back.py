"""What a recovery started from can be read afterwards: the changes behind the last checkpoint before the crash."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
import strategies as make
from strategies import T0, ManualClock

from crashdesk.changes import CLEAR, Batch, Change, ChangeKind, Mark, checkpoint_mark
from crashdesk.checkpointing import save_reconciled
from crashdesk.config import RecoveryConfig
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.looking_back import LookedBack, look_back
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME
from crashdesk.storage.journal_spans import crash_spans, span_behind, spans_of
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import StateStore
from crashdesk.verification import verify_store

A = Change(ChangeKind.ORDER_GONE, b"1")


def mark(seq: int) -> Change:
    return checkpoint_mark(Mark(seq, seq * 10))


def batches(*groups: Sequence[Change] | int) -> list[Batch]:
    """One after the other; a number stands for so many that are missing."""
    found, first = [], 1
    for group in groups:
        if isinstance(group, int):
            first += group
        else:
            found.append(Batch(first=first, at=first, changes=tuple(group)))
            first += len(group)
    return found


def told(*groups: Sequence[Change] | int) -> list[tuple[int, int, int | None]]:
    """(checkpoint, changes behind it, checkpoint that ends them) of each span."""
    return [
        (span.mark.seq, span.count, span.before.seq if span.before else None) for span in spans_of(batches(*groups))
    ]


def test_changes_belong_to_the_checkpoint_before_them() -> None:
    assert told([A, mark(1), A], [A, mark(2)], [mark(3), A]) == [(1, 2, 2), (2, 0, 3), (3, 1, None)]
    assert told([mark(1), A], 3, [A, mark(2), A]) == [(1, 1, None), (2, 1, None)]


def test_marks_that_introduce_a_whole_state_say_nothing_of_what_came_behind_them() -> None:
    anew = [mark(1), mark(2), CLEAR, A, A, mark(3)]
    assert told([mark(1), A, mark(2), A], anew) == [(1, 1, 2), (2, 1, None), (3, 0, None)]
    assert told([mark(1), A, mark(2)], anew) == [(1, 1, 2), (2, 0, None), (3, 0, None)], (
        "nothing is not the same as lost"
    )
    assert told(anew) == [(3, 0, None)]


def test_what_recoveries_started_from_is_kept_and_no_more_than_so_much() -> None:
    journal = batches([mark(1), A, mark(2), A, A, mark(3), A], 5, [mark(6), A, mark(7), A, A])
    assert [span.mark.seq for span in crash_spans(journal, recovered={3})] == [7, 3, 2]
    assert [span.mark.seq for span in crash_spans(journal, recovered=())] == [7, 3]
    assert [span.mark.seq for span in crash_spans(journal, recovered={3}, most=3)] == [7, 3]


class Bot:
    """Trades in runs that end as if the machine died."""

    def __init__(self, directory: Path, keep: int = 10) -> None:
        self.directory, self.clock, self.keep = directory, ManualClock(T0), keep
        self.start()

    def start(self) -> None:
        self.clock.sleep(600)
        self.live = LiveState(clock=self.clock)
        config = RecoveryConfig(checkpoint_dir=self.directory, max_checkpoints=self.keep)
        self.manager = RecoveryManager(self.live, config, clock=self.clock)
        self.manager.recover()
        self.save()

    def put(self, *numbers: int) -> None:
        for number in numbers:
            self.clock.sleep(1)
            self.live.put_order(make.order(id=str(number)), wait=True)

    def save(self) -> CheckpointInfo:
        self.clock.sleep(1)
        return self.manager.checkpoint()

    def die(self) -> None:
        self.manager._saver.close()
        self.manager._log.close()
        self.manager._opened.close()


def behind(directory: Path, checkpoint: CheckpointInfo) -> LookedBack:
    with StoreView(directory) as view:
        return look_back(view, checkpoint)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    bot = Bot(tmp_path)
    bot.put(1)
    return bot


def test_after_its_restart_the_changes_before_a_crash_are_there_with_the_state_that_they_led_to(bot: Bot) -> None:
    last = bot.save()
    bot.put(2, 3)
    until = bot.clock.now
    bot.die()
    bot.start()
    bot.put(4)
    found = behind(bot.directory, last)
    assert (found.kept, found.count, found.until) == (True, 2, until)
    assert [each.at for each in found.changes] == [until - 1_000_000_000, until]
    assert found.state is not None
    assert {order.id for order in found.state.open_orders} == {"1", "2", "3"}
    assert found.recovered is not None
    assert (found.recovered.changes, found.recovered.by_hand) == (2, False)
    bot.die()
    with StoreView(bot.directory) as view:
        assert verify_store(view).findings == ()


def test_they_stay_for_as_long_as_their_checkpoint_and_through_further_crashes(tmp_path: Path) -> None:
    bot = Bot(tmp_path, keep=8)
    crashed = []
    for number in range(2):
        bot.put(10 * number)
        crashed.append(bot.save())
        bot.put(10 * number + 1)
        bot.die()
        bot.start()
    assert [behind(bot.directory, info).count for info in crashed] == [1, 1]
    for _ in range(8):
        bot.save()
    assert not crashed[1].path.exists()
    assert not behind(bot.directory, crashed[1]).kept
    bot.die()
    journal = Journal(bot.directory, bot.clock, read_only=True)
    assert sum(len(batch.changes) for batch in journal.batches()) < 10, "nothing is kept for ever"
    journal.close()


def test_an_operators_recovery_is_told_with_what_it_started_from(bot: Bot) -> None:
    last = bot.save()
    bot.put(2, 3, 4)
    bot.die()
    with StoreView(bot.directory) as view:
        known = view.latest()
    assert known is not None
    with StateStore(bot.directory, clock=bot.clock) as store:
        store.acquire()
        journal = Journal(bot.directory, bot.clock)
        saved = save_reconciled(store, journal, make.state(timestamp=bot.clock.now), who="ops", plan_id="p1")
        journal.close()
    for _ in range(2):
        found = behind(bot.directory, last)
        assert (found.kept, found.count) == (True, 3)
        assert found.state == known.state
        bot.start()
        bot.save()
        bot.die()
    assert saved.path.exists()


def test_what_was_trimmed_is_not_taken_for_nothing(bot: Bot) -> None:
    first = bot.save()
    bot.put(2)
    for _ in range(3):
        second = bot.save()
    found = behind(bot.directory, first)
    assert (found.kept, found.count, found.state) == (False, 0, None)
    found = behind(bot.directory, second)
    assert (found.kept, found.count) == (True, 0)
    bot.die()


def test_damage_in_what_is_only_kept_to_look_back_costs_no_recovery_a_change(bot: Bot) -> None:
    crashed = bot.save()
    bot.put(2, 3)
    bot.die()
    bot.start()
    for number in (4, 5, 6):
        bot.put(number)
        bot.save()
    bot.put(7)
    bot.die()
    with StoreView(bot.directory) as view:
        known = view.latest()
    assert known is not None
    assert known.changes == 1
    _damage_behind(bot.directory, crashed)
    with StoreView(bot.directory) as view:
        found = view.latest()
        assert found is not None
        assert (found.state, found.changes, found.problem) == (known.state, 1, "")
        assert [each.subject for each in verify_store(view).findings] == [JOURNAL_NAME], (
            "it is not passed over in silence"
        )


def test_damage_in_what_a_recovery_needs_is_told_as_ever(bot: Bot) -> None:
    last = bot.save()
    bot.put(2, 3)
    bot.die()
    _damage_behind(bot.directory, last)
    with StoreView(bot.directory) as view:
        found = view.latest()
    assert found is not None
    assert found.changes == 0
    assert "checksum" in found.problem


def _damage_behind(directory: Path, checkpoint: CheckpointInfo) -> None:
    with StoreView(directory) as view:
        span = view.ask_journal(span_behind(Mark(checkpoint.seq, checkpoint.timestamp)), None)
    assert span is not None
    with contextlib.closing(sqlite3.connect(directory / JOURNAL_NAME)) as connection, connection:
        connection.execute("UPDATE changes SET crc=crc+1 WHERE first=?", (span.batches[1].first,))
