"""A bot's start has its own word among the causes, though the journal holds none that an earlier version would not know."""

from __future__ import annotations

from pathlib import Path

import pytest
import strategies as make
from strategies import T0, ManualClock

from crashdesk.config import RecoveryConfig
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.bot_starts import WITHIN_NS, first_behind
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause

SECOND = 1_000_000_000


def run(directory: Path, *, seconds: float, recover: bool = True) -> list[int]:
    """One run of a bot, long behind any other: it comes back, saves after so many seconds, and saves once more."""
    with StoreView(directory) as view:
        runs = len(view.checkpoints())
    clock = ManualClock(T0 + runs * 10 * WITHIN_NS)
    live = LiveState(clock=clock)
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=directory), clock=clock) as manager:
        if recover:
            manager.recover()
        clock.sleep(seconds)
        if not live.orders:
            live.restore(make.state(timestamp=clock.now))
        first = manager.checkpoint()
        clock.sleep(1)
        return [first.seq, manager.checkpoint().seq]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "store" / "checkpoints").mkdir(parents=True)
    return tmp_path / "store"


def test_what_a_bot_saves_as_it_starts_is_called_its_start(store: Path) -> None:
    first, later = run(store, seconds=1)
    again, afterwards = run(store, seconds=WITHIN_NS / SECOND)
    with StoreView(store) as view:
        told = view.causes()
    assert {told[first], told[again]} == {Cause.START}
    assert {told[later], told[afterwards]} == {Cause.MANUAL}
    journal = Journal(store, ManualClock(), read_only=True)
    assert Cause.START not in journal.causes().values(), (
        "an earlier version refuses a journal with a word that it does not know"
    )
    journal.close()


@pytest.mark.parametrize(("seconds", "recover"), [(WITHIN_NS / SECOND + 1, True), (1, False)], ids=["late", "unnoted"])
def test_what_a_bot_saves_long_after_its_start_or_without_one_stays_what_was_noted(
    store: Path, seconds: float, recover: bool
) -> None:
    seqs = run(store, seconds=seconds, recover=recover)
    with StoreView(store) as view:
        assert {view.causes()[seq] for seq in seqs} == {Cause.MANUAL}


def test_only_the_first_checkpoint_behind_a_start_belongs_to_it() -> None:
    assert first_behind([5, 40], [4, 5, 6, 41, 42]) == [1, 3]
    assert first_behind([43, 0], [1, 42]) == [0]
    assert first_behind([1], []) == []
