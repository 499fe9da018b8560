"""RecoveryManager recovers with what there is: damaged checkpoints, and an exchange that does not tell everything."""

from __future__ import annotations

from pathlib import Path

import pytest
import strategies as make
from managed_store import FILLED, KNOWN, ORPHAN, Plain, audit, manage, saved
from recovery_builders import LATER, ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.errors import ExchangeUnavailable
from crashdesk.exchange.records import CancelAnswer, OrderRef, ScopeKind
from crashdesk.live import LiveState
from crashdesk.reconcile.records import OutcomeKind
from crashdesk.results import RecoveryStatus
from crashdesk.storage.store import StateStore


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.mark.scenario(64)
def test_a_store_of_damaged_files_is_corrupted_and_nothing_is_restored_or_sent(store: Path) -> None:
    saved(store)
    (only,) = (store / "checkpoints").glob("*.zqck")
    only.write_bytes(only.read_bytes()[:40])
    exchange, system = ExchangeInMemory(ORPHAN), Plain(make.state())
    with manage(store, system, exchange) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.CORRUPTED
    assert result.problem
    assert system.state == make.state()
    assert exchange.requests == {}
    assert only.exists()


@pytest.mark.scenario(63)
def test_a_damaged_newest_checkpoint_is_passed_over_moved_aside_and_told(store: Path) -> None:
    saved(saved(store), make.state(timestamp=T0 + 1))
    newest = sorted((store / "checkpoints").glob("*.zqck"))[-1]
    newest.write_bytes(newest.read_bytes()[:-1])
    with manage(store) as manager:
        result = manager.recover()
    assert (result.status, result.checkpoint_time) == (RecoveryStatus.SUCCESS, T0)
    assert [item.info.seq for item in result.skipped] == [2]
    assert (store / "corrupt" / newest.name).exists()
    assert any("passed over" in text for _, text in audit(store))


def test_an_exchange_that_cannot_be_asked_leaves_the_restored_state_and_no_newer_date(store: Path) -> None:
    exchange = ExchangeInMemory(live())
    exchange.broken = ExchangeUnavailable("no route to the exchange")
    system = LiveState(clock=ManualClock(LATER))
    with manage(saved(store), system, exchange) as manager:
        result = manager.recover()
    assert (result.status, result.sync_result) == (RecoveryStatus.SYNC_FAILED, None)
    assert "no route" in result.problem
    assert len(system.orders) == 2
    with StateStore(store, read_only=True) as other:
        assert [info.timestamp for info in other.list_checkpoints()] == [T0]


@pytest.mark.scenario(40)
def test_what_could_not_be_read_fails_the_sync_and_stays_as_it_was_known(store: Path) -> None:
    exchange = ExchangeInMemory(live(), FILLED)
    exchange.unread = {ScopeKind.POSITIONS}
    system = LiveState(clock=ManualClock(LATER))
    with manage(saved(store), system, exchange) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert "positions" in result.problem
    assert system.positions == KNOWN.positions
    assert [order.id for order in system.orders] == ["8389765"]


@pytest.mark.scenario(46)
def test_an_exchange_that_dies_after_the_cancellations_does_not_hide_them(store: Path) -> None:
    exchange = ExchangeInMemory(live(), FILLED, ORPHAN, positions=[leg()])

    def die(ref: OrderRef) -> CancelAnswer | None:
        exchange.broken = ExchangeUnavailable("no route to the exchange")
        return None

    exchange.on_cancel = die
    with manage(saved(store), None, exchange) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert result.sync_result is not None
    assert [outcome.kind for outcome in result.sync_result.outcomes] == [OutcomeKind.CANCELLED]
    assert result.sync_result.orders_cancelled == 1
