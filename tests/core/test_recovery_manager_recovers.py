"""RecoveryManager recovers: what it restores is true, and it cancels what the policy allows and nothing else."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from managed_store import FILLED, ORPHAN, Plain, audit, manage, saved
from recovery_builders import LATER, SECOND, ExchangeInMemory, leg, live, stop
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import StoreManifest
from crashdesk.errors import CrashdeskError
from crashdesk.live import LiveState
from crashdesk.reconcile.records import OrderVerdictKind
from crashdesk.results import RecoveryStatus
from crashdesk.state import OrderStatus
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Dismissal
from crashdesk.storage.store import StateStore

STOP = stop(id="6", client_order_id="grid-6")
OTHERS = (
    live(id="5", client_order_id="web_5"),
    live(id="7", client_order_id=""),
    live(id="8", client_order_id="grid-b-8"),
    live(id="9", client_order_id="grid-9", created_at=LATER - SECOND),
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_without_a_checkpoint_there_is_none_and_nothing_is_restored(store: Path) -> None:
    system = Plain(make.state())
    with manage(store, system) as manager:
        result = manager.recover()
    assert (result.status, result.checkpoint_time, result.sync_result) == (RecoveryStatus.NO_CHECKPOINT, None, None)
    assert result.status == "no_checkpoint"
    assert system.state == make.state()


@pytest.mark.scenario(6)
def test_a_bot_comes_back_to_what_is_true(store: Path) -> None:
    exchange = ExchangeInMemory(live(), FILLED, ORPHAN, STOP, *OTHERS, positions=[leg(contracts=Decimal("0.260"))])
    system = LiveState(clock=ManualClock(LATER))
    with manage(saved(store), system, exchange) as manager:
        result = manager.recover()
        stats = manager.get_stats()
    assert (result.status, result.checkpoint_time, result.problem) == (RecoveryStatus.SUCCESS, T0, "")
    assert (result.positions_restored, result.orders_restored) == (1, 2)
    sync = result.sync_result
    assert sync is not None
    assert (sync.orphan_orders, sync.stale_orders, sync.orders_cancelled) == (6, 1, 1)
    assert (sync.position_mismatches, sync.positions_updated, sync.positions_added, sync.positions_closed) == (
        1,
        1,
        0,
        0,
    )
    assert exchange.open_keys() == {order.key for order in (live(), STOP, *OTHERS)}
    assert exchange.requests["cancel_order"] == 1
    assert [order.id for order in system.orders] == ["8389765"]
    assert [position.quantity for position in system.positions] == [Decimal("0.260")]
    assert (stats.recoveries, stats.syncs, stats.orphans_cancelled, stats.failures) == (1, 1, 1, 0)
    with StateStore(store, read_only=True) as other:
        latest = other.load_latest()
    assert latest == system.snapshot()
    assert [kind for kind, _ in audit(store)] == [
        AuditKind.DECISION,
        AuditKind.INTENT,
        AuditKind.OUTCOME,
        AuditKind.RECOVERY,
    ]


@pytest.mark.scenario(71)
def test_recovering_again_changes_nothing(store: Path) -> None:
    exchange = ExchangeInMemory(live(), FILLED, ORPHAN, *OTHERS, positions=[leg(contracts=Decimal("0.260"))])
    states = []
    for _ in range(2):
        system = LiveState(clock=ManualClock(LATER))
        with manage(saved(store) if not store.exists() else store, system, exchange) as manager:
            manager.recover()
        states.append(system.snapshot())
    assert states[0] == states[1]
    assert exchange.requests["cancel_order"] == 1


def test_a_plain_system_is_restored_and_put_right_as_well(store: Path) -> None:
    system = Plain(make.state(open_orders=()))
    exchange = ExchangeInMemory(live(), FILLED, positions=[leg()])
    with manage(saved(store), system, exchange) as manager:
        assert manager.recover().status is RecoveryStatus.SUCCESS
    assert [order.id for order in system.state.open_orders] == ["8389765"]


@pytest.mark.scenario(74)
@pytest.mark.parametrize(
    "changes",
    [{"cancel_orphan_orders": False}, {"manifest": StoreManifest(bot="grid", client_order_id_prefix="other-")}],
)
def test_nothing_is_cancelled_that_the_policy_does_not_allow(store: Path, changes: dict[str, Any]) -> None:
    exchange = ExchangeInMemory(live(), FILLED, ORPHAN, *OTHERS)
    with manage(saved(store), None, exchange, **changes) as manager:
        result = manager.recover()
    assert "cancel_order" not in exchange.requests
    assert result.sync_result is not None
    assert (result.sync_result.orphan_orders, result.sync_result.orders_cancelled) == (5, 0)


def test_an_exclusive_account_lets_every_orphan_go_but_those_that_protect(store: Path) -> None:
    exchange = ExchangeInMemory(live(), STOP, *OTHERS, positions=[leg()])
    manifest = StoreManifest(bot="grid", exclusive_account=True)
    with manage(saved(store), None, exchange, manifest=manifest) as manager:
        result = manager.recover()
    assert result.sync_result is not None
    assert result.sync_result.orders_cancelled == 3
    assert exchange.open_keys() == {live().key, STOP.key, OTHERS[3].key}


def test_an_intent_makes_an_order_the_bots_own_without_any_prefix(store: Path) -> None:
    exchange = ExchangeInMemory(live(id="5", client_order_id="771"), live(id="6", client_order_id="772"))
    nameless = StoreManifest(bot="grid")
    with manage(store, manifest=nameless, clock=ManualClock(T0 - 300 * SECOND)) as manager:
        manager.checkpoint()
        manager.intend_order(
            symbol="BTC/USDT:USDT", client_order_id="771", side="buy", order_type="limit", quantity=1, price=None
        )
    with manage(store, None, exchange, manifest=nameless) as manager:
        result = manager.recover()
    assert result.sync_result is not None
    assert {v.live.id: v.kind for v in result.sync_result.plan.orphans if v.live} == {
        "5": OrderVerdictKind.OWN_ORPHAN,
        "6": OrderVerdictKind.FOREIGN,
    }
    assert exchange.open_keys() == {"normal:BTC/USDT:USDT:6"}


def test_what_an_operator_left_alone_stays_even_when_the_journal_that_says_so_is_lost(store: Path) -> None:
    exchange = ExchangeInMemory(live(), ORPHAN)
    saved(store)
    journal = Journal(store, ManualClock())
    journal.dismiss(Dismissal(order_key=ORPHAN.key, at=T0, who="kim", note=""))
    journal.close()
    with manage(store, None, exchange) as manager:
        manager.recover()
    assert "cancel_order" not in exchange.requests

    (store / "journal.sqlite").write_bytes(b"no database any more")
    told: list[CrashdeskError] = []
    with manage(store, None, exchange, on_error=told.append) as manager:
        result = manager.recover()
    assert "cancel_order" not in exchange.requests
    assert result.status is RecoveryStatus.SUCCESS
    assert any("left for an operator" in str(error) for error in told)
    assert any(kind is AuditKind.PROBLEM and "left for an operator" in text for kind, text in audit(store))


def test_auto_recovery_is_what_the_configuration_says(store: Path) -> None:
    with manage(saved(store), auto_recover=False) as manager:
        assert manager.auto_recover() is None
    exchange = ExchangeInMemory(live())
    with manage(store, None, exchange, sync_with_exchange=False) as manager:
        result = manager.auto_recover()
    assert result is not None
    assert (result.status, result.sync_result) == (RecoveryStatus.SUCCESS, None)
    assert exchange.requests == {}


def test_what_happened_is_counted_from_the_restored_state_and_not_from_the_start(store: Path) -> None:
    """What filled while the bot was down is news, however late the bot comes back."""
    fill = live(
        id="4", client_order_id="grid-4", status=OrderStatus.FILLED, filled=Decimal("0.010"), created_at=T0 + SECOND
    )
    clock = ManualClock(T0)
    with manage(store, Plain(make.state(open_orders=())), clock=clock) as manager:
        manager.checkpoint()
        clock.sleep(1)
        manager.intend_order(
            symbol=fill.symbol,
            client_order_id="grid-4",
            side="buy",
            order_type="limit",
            quantity="0.010",
            price="36450.0",
        )
    exchange = ExchangeInMemory(fill, positions=[leg(contracts=Decimal("0.260"))])
    with manage(store, None, exchange) as manager:
        result = manager.recover()
    assert result.sync_result is not None
    plan = result.sync_result.plan
    assert plan.known_at == T0
    assert [each.filled_since for each in plan.intents] == [Decimal("0.010")]
    assert "The change of +0.01 is what one order filled since" in " ".join(
        item.text for position in plan.positions for item in position.evidence
    )
