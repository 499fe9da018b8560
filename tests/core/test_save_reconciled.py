"""A recovery by hand saves a checkpoint and a journal that leads to it; between the two the power may fail."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import strategies as make
from strategies import T0, ManualClock

from crashdesk.checkpointing import save_reconciled
from crashdesk.config import RecoveryConfig
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryResult
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore
from crashdesk.verification import verify_store

PUT_RIGHT = make.state(timestamp=T0 + 60_000_000_000, open_orders=(make.order(id="put-right"),))
ADDED = make.order(id="placed-later")


class PowerFailure(BaseException):
    """What no handler of ours catches."""


class DyingJournal(Journal):
    """The power fails when changes are to be written."""

    def commit(self, *_args: object, **_more: object) -> int:
        raise PowerFailure


class DyingStore(StateStore):
    """The power fails before the file is there."""

    def save_chunks(self, *_args: object, **_more: object) -> None:
        raise PowerFailure


def config(directory: Path) -> RecoveryConfig:
    return RecoveryConfig(checkpoint_dir=directory)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A bot's store: a checkpoint, and a change behind it."""
    live = LiveState(clock=ManualClock(T0))
    live.restore(make.state())
    with RecoveryManager(live, config(tmp_path), clock=ManualClock(T0)) as manager:
        manager.checkpoint()
        live.put_order(make.order(id="journalled"), wait=True)
    return tmp_path


@contextlib.contextmanager
def dying(directory: Path, store: type[StateStore], journal: type[Journal]) -> Iterator[None]:
    clock = ManualClock(T0 + 60_000_000_000)
    with store(directory, clock=clock) as opened, contextlib.closing(journal(directory, clock)) as log:
        opened.acquire()
        with pytest.raises(PowerFailure):
            save_reconciled(opened, log, PUT_RIGHT, who="kim", plan_id="p")
        yield


def start(directory: Path) -> tuple[LiveState, RecoveryResult]:
    clock = ManualClock(T0 + 120_000_000_000)
    live = LiveState(clock=clock)
    with RecoveryManager(live, config(directory), clock=clock) as manager:
        result = manager.recover()
        live.put_order(ADDED, wait=True)
    return live, result


@pytest.mark.scenario(69)
def test_power_that_fails_between_the_file_and_the_journal_leaves_no_doubt(directory: Path) -> None:
    with dying(directory, StateStore, DyingJournal):
        pass
    with StoreView(directory) as view:
        last = view.latest()
        assert (last.state, last.problem) == (PUT_RIGHT, "")
        assert verify_store(view).ok
    live, result = start(directory)
    assert (result.journal_problem, result.notice, result.skipped) == ("", "", ())
    assert {order.id for order in live.orders} == {"put-right", ADDED.id}


@pytest.mark.scenario(69)
def test_power_that_fails_before_the_file_leaves_the_state_as_it_was(directory: Path) -> None:
    with dying(directory, DyingStore, Journal):
        pass
    live, result = start(directory)
    assert result.journal_problem == ""
    assert {order.id for order in live.orders} == {
        *(order.id for order in make.state().open_orders),
        "journalled",
        ADDED.id,
    }


def test_when_the_saved_checkpoint_is_damaged_later_the_journal_still_leads_to_what_was_put_right(
    directory: Path,
) -> None:
    with dying(directory, StateStore, DyingJournal):
        pass
    start(directory)
    with StoreView(directory) as view:
        for info in view.checkpoints()[1:]:
            info.path.write_bytes(b"damaged")
    with StoreView(directory) as view:
        last = view.latest()
    assert ({order.id for order in last.state.open_orders}, last.problem) == ({"put-right", ADDED.id}, "")


def test_when_the_announced_checkpoint_is_lost_it_is_in_doubt_what_it_held(directory: Path) -> None:
    with dying(directory, StateStore, DyingJournal):
        pass
    with StoreView(directory) as view:
        view.checkpoints()[-1].path.write_bytes(b"damaged")
        assert "does not know checkpoint" in view.latest().problem


def test_changes_that_follow_an_announcement_and_do_not_know_the_checkpoint_leave_a_doubt(directory: Path) -> None:
    with dying(directory, StateStore, DyingJournal):
        pass
    with contextlib.closing(Journal(directory, ManualClock(T0))) as journal:
        first = next(journal.batches())
        journal.commit([change for change in first.changes if change.kind.name == "ORDER"][:1])
    with StoreView(directory) as view:
        assert "does not know checkpoint" in view.latest().problem
