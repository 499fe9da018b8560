"""A bot's start and its end have their own words among the causes, though the journal holds none that is new."""

from __future__ import annotations

from pathlib import Path

import pytest
import strategies as make
from strategies import T0, ManualClock

from crashdesk.cli_text import checkpoint_listing
from crashdesk.config import RecoveryConfig
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.bot_starts import WITHIN_NS, BotRuns, Saves, told_by_runs
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause

SECOND = 1_000_000_000


def run(directory: Path, *, seconds: float, recover: bool = True, before_the_end_s: float = 3600) -> list[int]:
    """One run of a bot, long behind any other: it comes back, saves after so many seconds, saves once more, and ends."""
    with StoreView(directory) as view:
        runs = len(view.checkpoints())
    clock = ManualClock(T0 + runs * 100 * WITHIN_NS)
    live = LiveState(clock=clock)
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=directory), clock=clock) as manager:
        if recover:
            manager.recover()
        clock.sleep(seconds)
        if not live.orders:
            live.restore(make.state(timestamp=clock.now))
        first = manager.checkpoint()
        clock.sleep(1)
        second = manager.checkpoint()
        clock.sleep(before_the_end_s)
        return [first.seq, second.seq]


def noted(directory: Path) -> dict[int, Cause]:
    journal = Journal(directory, ManualClock(), read_only=True)
    found = journal.causes()
    journal.close()
    return found


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
    assert told[again - 1] is Cause.START_RECOVERED, "the bot's own recovery belongs to its start"
    assert not {Cause.START, Cause.START_RECOVERED} & set(noted(store).values()), (
        "an earlier version refuses a journal with a word that it does not know"
    )


@pytest.mark.parametrize(("seconds", "recover"), [(WITHIN_NS / SECOND + 1, True), (1, False)], ids=["late", "unnoted"])
def test_what_a_bot_saves_long_after_its_start_or_without_one_stays_what_was_noted(
    store: Path, seconds: float, recover: bool
) -> None:
    seqs = run(store, seconds=seconds, recover=recover)
    with StoreView(store) as view:
        assert {view.causes()[seq] for seq in seqs} == {Cause.MANUAL}


def test_what_a_bot_asks_for_before_it_ends_in_order_is_its_end_and_stays_so_after_the_next_start(store: Path) -> None:
    _first, last = run(store, seconds=1, before_the_end_s=2)
    with StoreView(store) as view:
        assert view.causes()[last] is Cause.SHUTDOWN
        rows = [(info, None, "") for info in view.checkpoints() if info.seq == last]
        assert [row.cells[2] for row in checkpoint_listing(rows, view.causes()).rows] == ["end"]
    run(store, seconds=1)
    with StoreView(store) as view:
        assert view.causes()[last] is Cause.SHUTDOWN


def test_a_bot_that_ends_as_soon_as_it_started_leaves_a_start(store: Path) -> None:
    clock = ManualClock(T0)
    live = LiveState(clock=clock)
    with RecoveryManager(live, RecoveryConfig(checkpoint_dir=store), clock=clock) as manager:
        manager.recover()
        live.restore(make.state(timestamp=clock.now))
        only = manager.checkpoint().seq
    with StoreView(store) as view:
        assert view.causes()[only] is Cause.START


def test_the_end_is_told_of_a_store_of_an_earlier_version_by_who_gave_it_back() -> None:
    assert told([(1, 10, Cause.PERIODIC), (2, 20, Cause.MANUAL)], BotRuns(ended=21)) == {2: Cause.SHUTDOWN}
    assert told([(1, 10, Cause.MANUAL), (2, 20, Cause.PERIODIC)], BotRuns(ended=21)) == {}
    assert told([(1, 10, Cause.MANUAL)], BotRuns(ended=11 + WITHIN_NS)) == {}
    assert told([(1, 10, Cause.MANUAL)], BotRuns(ended=None)) == {}, "a bot that was killed gave nothing back"


def told(saved: list[tuple[int, int, Cause | None]], runs: BotRuns) -> dict[int, Cause]:
    """What the runs tell of (number, time, cause), by number."""
    saves = Saves(times=[at for _, at, _ in saved], seqs=[seq for seq, _, _ in saved], cause=lambda n: saved[n][2])
    return {saved[place][0]: cause for place, cause in told_by_runs(saves, runs).items()}


def test_only_the_first_checkpoint_behind_a_start_belongs_to_it() -> None:
    times = [(seq, at, Cause.MANUAL) for seq, at in enumerate((4, 5, 6, 41, 42), start=1)]
    assert told(times, BotRuns(starts=(5, 40))) == {2: Cause.START, 4: Cause.START}
    assert told([], BotRuns(starts=(1,), ended=2)) == {}


def test_an_operators_recovery_right_before_a_start_stays_the_operators() -> None:
    same_moment = [(7, 5, Cause.PERIODIC), (8, 9, Cause.RECOVERED), (9, 9, Cause.RECOVERED), (10, 9, Cause.MANUAL)]
    runs = BotRuns(starts=(9,), by_hand=frozenset({8}))
    assert told(same_moment, runs) == {9: Cause.START_RECOVERED, 10: Cause.START}
    # The exchange could not be asked at that start: then the bot saved nothing of its own.
    unasked = [same_moment[0], same_moment[1], (9, 10, Cause.MANUAL)]
    assert told(unasked, runs) == {9: Cause.START}


def test_the_rule_looks_at_as_many_checkpoints_as_there_are_starts_however_many_there_are() -> None:
    def looks(count: int) -> int:
        seen: list[int] = []

        def cause(place: int) -> Cause:
            seen.append(place)
            return Cause.PERIODIC

        saves = Saves(times=range(count), seqs=range(count), cause=cause)
        told_by_runs(saves, BotRuns(starts=(0, 10, 10 * WITHIN_NS), ended=count))
        return len(seen)

    assert looks(100_000) == looks(1_000) < 20
