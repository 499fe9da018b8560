"""Keys of another account of the same exchange: what that account denies is no news of the bot's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
import strategies as make
from recovery_builders import ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.compare import compare
from crashdesk.config import RecoveryConfig, StoreManifest, write_manifest
from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Plan
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryResult, RecoveryStatus
from crashdesk.state import OrderStatus, OrderType, SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JournalView
from crashdesk.storage.store import StateStore

MINUTE = 60_000_000_000
KNOWN = make.state(open_orders=(make.order(), make.order(id="2", client_order_id="grid-2")))
ORDERS_ALONE = msgspec.structs.replace(KNOWN, positions=())
MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
NEIGHBOUR = live(id="77", client_order_id="grid-900")
"""What the same bot, on the other account, has resting there: the prefix is the same."""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    directory = tmp_path / "store"
    with StateStore(directory, clock=ManualClock(T0)) as opened:
        opened.save(KNOWN)
        write_manifest(directory, MANIFEST, LocalFiles())
        Journal(directory, ManualClock(T0)).close()
    return directory


def start(store: Path, exchange: ExchangeInMemory, now: int = T0 + MINUTE) -> tuple[RecoveryResult, SystemState]:
    bot = LiveState(clock=ManualClock(now))
    config = RecoveryConfig(checkpoint_dir=store)
    with RecoveryManager(
        bot, config, exchange, clock=ManualClock(now), account_locks=store.parent / "locks"
    ) as manager:
        return manager.recover(), bot.snapshot()


def test_a_bot_that_is_given_the_keys_of_another_account_keeps_its_state_and_cancels_nothing(store: Path) -> None:
    exchange = ExchangeInMemory(NEIGHBOUR)
    result, state = start(store, exchange)
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert "may be another one than the store's" in result.problem
    assert (state.open_orders, state.positions) == (KNOWN.open_orders, KNOWN.positions)
    assert exchange.open_keys() == {NEIGHBOUR.key}


def test_an_operator_is_told_and_nothing_is_proposed(store: Path) -> None:
    clock = ManualClock(T0 + MINUTE)
    with StoreView(store, clock=clock) as view:
        plan = OperatorRecovery(view, ExchangeInMemory(NEIGHBOUR), who="kim", clock=clock).compare().plan
    assert "has never heard of any open order of the last known state" in plan.journal_problem
    assert [verdict.preselected for verdict in plan.orphans] == [False]


@pytest.mark.parametrize(
    "there",
    [
        ExchangeInMemory(live(status=OrderStatus.CANCELLED)),
        ExchangeInMemory(live(id="3", client_order_id="grid-17")),
        ExchangeInMemory(positions=[leg()]),
    ],
    ids=["an order that ended", "an order that was replaced", "a position"],
)
def test_one_thing_that_it_knows_is_enough(store: Path, there: ExchangeInMemory) -> None:
    assert start(store, there)[0].status is RecoveryStatus.SUCCESS


def plan_after(minutes: int, exchange: str, order_type: OrderType = OrderType.LIMIT) -> Plan:
    now = T0 + minutes * MINUTE
    orders = tuple(msgspec.structs.replace(order, order_type=order_type) for order in KNOWN.open_orders)
    state = msgspec.structs.replace(ORDERS_ALONE, open_orders=orders)
    other = ExchangeInMemory(NEIGHBOUR, now_ns=now)
    other.id = exchange
    plan, _ = compare(
        state, journal=JournalView(), exchange=other, manifest=None, checkpoint_seq=1, clock=ManualClock(now)
    )
    return plan


@pytest.mark.parametrize(
    ("minutes", "exchange", "order_type", "denied"),
    [
        (119, "okx", OrderType.LIMIT, True),
        (121, "okx", OrderType.LIMIT, False),
        (24 * 60, "binanceusdm", OrderType.LIMIT, True),
        (121, "binanceusdm", OrderType.STOP, False),
        (49 * 60, "binanceusdm", OrderType.LIMIT, False),
    ],
)
def test_what_an_exchange_may_have_forgotten_says_nothing_of_the_account(
    minutes: int, exchange: str, order_type: OrderType, denied: bool
) -> None:
    """OKX forgets two hours after an order ended, Binance three days after it was placed; of its stops nothing is known."""
    assert bool(plan_after(minutes, exchange, order_type).denied) is denied


@pytest.mark.parametrize("scope", [ScopeKind.ORDERS, ScopeKind.POSITIONS])
def test_what_was_not_read_is_not_denied(store: Path, scope: ScopeKind) -> None:
    with StateStore(store, clock=ManualClock(T0)) as opened:
        opened.save(ORDERS_ALONE if scope is ScopeKind.ORDERS else KNOWN)
    exchange = ExchangeInMemory()
    exchange.unread = {scope}
    result, state = start(store, exchange)
    assert "may be another one" not in result.problem
    assert state.open_orders if scope is ScopeKind.ORDERS else state.positions


def test_what_was_placed_long_ago_may_be_forgotten_as_soon_as_it_is_cancelled(tmp_path: Path) -> None:
    """Binance answers for an order of three days that was cancelled a minute ago as for one that never was."""
    directory = tmp_path / "store"
    days = 3 * 24 * 60 * MINUTE
    orders = tuple(msgspec.structs.replace(order, created_at=T0 - days) for order in KNOWN.open_orders)
    with StateStore(directory, clock=ManualClock(T0)) as opened:
        opened.save(msgspec.structs.replace(ORDERS_ALONE, open_orders=orders))
        write_manifest(directory, MANIFEST, LocalFiles())
        Journal(directory, ManualClock(T0)).close()
    result, state = start(directory, ExchangeInMemory())
    assert (result.status, state.open_orders) == (RecoveryStatus.SUCCESS, ())


def test_a_desk_counts_from_the_last_change_and_not_from_the_checkpoint_before_it(tmp_path: Path) -> None:
    """A bot that saves every few hours journals in between: its orders were known a minute ago."""
    directory, clock = tmp_path / "store", ManualClock(T0)
    bot = LiveState(clock=clock)
    with RecoveryManager(
        bot, RecoveryConfig(checkpoint_dir=directory), None, clock=clock, manifest=MANIFEST
    ) as manager:
        bot.restore(make.state(open_orders=(make.order(created_at=T0),)))
        manager.checkpoint()
        clock.sleep(5 * 3600)
        bot.put_order(make.order(id="2", client_order_id="grid-2", created_at=clock.now_ns()))
        # It waits until all that came before it is on the disk.
        manager.intend_order(
            symbol=KNOWN.open_orders[0].symbol, client_order_id="grid-3", side="buy", order_type="limit", quantity="1"
        )
        crashed = tmp_path / "crashed"
        shutil.copytree(directory, crashed)
    clock.sleep(60)
    with StoreView(crashed, clock=clock) as view:
        plan = OperatorRecovery(view, ExchangeInMemory(NEIGHBOUR), who="kim", clock=clock).compare().plan
    assert plan.changes
    assert "may be another one than the store's" in plan.denied
