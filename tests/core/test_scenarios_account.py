"""A store belongs to one account; another one's orders say nothing about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import strategies as make
from recovery_builders import LATER, ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.config import AccountMode, RecoveryConfig, StoreManifest, read_manifest, write_manifest
from crashdesk.errors import WrongAccount
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.store import StateStore

OTHERS = [
    ({"exchange": "okx"}, "okx"),
    ({"exchange": "binanceusdm", "account": "second"}, "second"),
    ({"exchange": "binanceusdm", "account": "main", "mode": AccountMode.SANDBOX}, "sandbox account"),
    ({"mode": AccountMode.SANDBOX}, "sandbox account"),
]
SAME = [{}, {"exchange": "binanceusdm"}, {"exchange": "binanceusdm", "account": "main"}, {"account": "main"}]


def store_of(directory: Path, **belongs: Any) -> None:
    with StateStore(directory, clock=ManualClock(T0)) as store:
        store.save(make.state())
        manifest = StoreManifest(bot="grid", client_order_id_prefix="grid-", **belongs)
        write_manifest(directory, manifest, LocalFiles())


@pytest.mark.scenario(66)
@pytest.mark.parametrize(("belongs", "named"), OTHERS)
def test_the_desk_reads_nothing_of_an_account_that_is_not_the_stores(
    tmp_path: Path, belongs: dict[str, Any], named: str
) -> None:
    store_of(tmp_path, **belongs)
    exchange = ExchangeInMemory()
    with StoreView(tmp_path, clock=ManualClock(LATER)) as view:
        recovery = OperatorRecovery(view, exchange, who="kim", clock=ManualClock(LATER))
        with pytest.raises(WrongAccount, match=rf"{named}.*Nothing was compared"):
            recovery.compare()
    assert exchange.requests == {}


@pytest.mark.scenario(66)
@pytest.mark.parametrize(("belongs", "named"), OTHERS)
def test_a_bot_that_is_given_another_account_keeps_its_state_and_cancels_nothing(
    tmp_path: Path, belongs: dict[str, Any], named: str
) -> None:
    store_of(tmp_path, **belongs)
    exchange = ExchangeInMemory(live(id="4", client_order_id="grid-4"))
    bot = LiveState(clock=ManualClock(LATER))
    config = RecoveryConfig(checkpoint_dir=tmp_path)
    with RecoveryManager(bot, config, exchange=exchange, clock=ManualClock(LATER)) as manager:
        result = manager.recover()
        assert bot.snapshot().open_orders == make.state().open_orders
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert named in result.problem
    assert exchange.requests == {}


@pytest.mark.scenario(66)
@pytest.mark.parametrize("belongs", SAME)
def test_an_account_that_is_the_stores_or_that_the_store_does_not_name_is_read(
    tmp_path: Path, belongs: dict[str, str]
) -> None:
    store_of(tmp_path, **belongs)
    with StoreView(tmp_path, clock=ManualClock(LATER)) as view:
        plan = OperatorRecovery(view, ExchangeInMemory(live()), who="kim", clock=ManualClock(LATER)).compare().plan
    assert plan.exchange == "binanceusdm"


class Sandbox(ExchangeInMemory):
    """The same exchange's sandbox, under the same label."""

    mode = AccountMode.SANDBOX


@pytest.mark.scenario(66)
def test_the_sandbox_says_nothing_of_a_live_store_and_the_error_says_what_is_what(tmp_path: Path) -> None:
    store_of(tmp_path, exchange="binanceusdm", account="main")
    exchange = Sandbox()
    with StoreView(tmp_path, clock=ManualClock(LATER)) as view:
        recovery = OperatorRecovery(view, exchange, who="kim", clock=ManualClock(LATER))
        with pytest.raises(
            WrongAccount,
            match=r"belongs to a live account .*store.toml says so.*the sandbox account of binanceusdm was opened. Nothing was "
            r"compared: open the live account, or correct `mode`",
        ):
            recovery.compare()
    assert exchange.requests == {}


@pytest.mark.scenario(66)
def test_a_plan_that_was_shown_of_the_live_account_is_not_resumed_on_the_sandbox(tmp_path: Path) -> None:
    store_of(tmp_path, exchange="binanceusdm", account="main")
    orphan = live(id="4", client_order_id="grid-4")
    clock = ManualClock(LATER)
    with StoreView(tmp_path, clock=clock) as view:
        recovery = OperatorRecovery(view, ExchangeInMemory(orphan, positions=[leg()]), who="kim", clock=clock)
        comparison = recovery.compare()
        decisions = [Decision(order_key=orphan.key, action=Action.CANCEL, who="kim")]
        recovery.execute(comparison, decisions, plan_id=comparison.plan.id, stopped=lambda: True)
        sandbox = Sandbox(orphan)
        other = OperatorRecovery(view, sandbox, who="kim", clock=clock)
        with pytest.raises(WrongAccount):
            other.resume(other.interrupted())
        with pytest.raises(WrongAccount):
            other.execute(comparison, decisions, plan_id=comparison.plan.id)
    assert sandbox.requests == {}


@pytest.mark.scenario(66)
def test_a_bot_started_with_the_sandboxs_settings_does_not_take_over_a_live_store(tmp_path: Path) -> None:
    store_of(tmp_path, exchange="binanceusdm", account="main")
    before = read_manifest(tmp_path, LocalFiles())
    config = RecoveryConfig(checkpoint_dir=tmp_path)
    manifest = StoreManifest(bot="grid", exchange="binanceusdm", account="main", mode=AccountMode.SANDBOX)
    with pytest.raises(WrongAccount, match=r"belongs to the mode 'live'.*another checkpoint_dir for 'sandbox'"):
        RecoveryManager(LiveState(), config, Sandbox(), manifest=manifest)
    assert read_manifest(tmp_path, LocalFiles()) == before


def bare_store(directory: Path, exchange: ExchangeInMemory | None) -> LiveState:
    """What a bot without a manifest leaves, opened with `exchange`."""
    clock = ManualClock(T0)
    bot = LiveState(clock=clock)
    with RecoveryManager(bot, RecoveryConfig(checkpoint_dir=directory), exchange, clock=clock) as manager:
        bot.restore(make.state())
        manager.intend_order(
            symbol="BTC/USDT:USDT", client_order_id="free-1", side="buy", order_type="limit", quantity="0.010"
        )
        manager.checkpoint()
    return bot


@pytest.mark.scenario(66)
def test_a_store_without_a_manifest_is_its_first_exchanges(tmp_path: Path) -> None:
    bare_store(tmp_path, ExchangeInMemory())
    clock = ManualClock(LATER)
    with RecoveryManager(
        LiveState(clock=clock), RecoveryConfig(checkpoint_dir=tmp_path), Sandbox(), clock=clock
    ) as manager:
        result = manager.recover()
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert "belongs to a live account (its audit log says so)" in result.problem
    with StoreView(tmp_path, clock=clock) as view, pytest.raises(WrongAccount):
        OperatorRecovery(view, Sandbox(), who="kim", clock=clock).compare()


@pytest.mark.scenario(66)
def test_of_a_store_that_nothing_names_nothing_is_proposed_until_an_operator_has_recovered_it(tmp_path: Path) -> None:
    bare_store(tmp_path, None)
    clock = ManualClock(LATER)
    exchange = ExchangeInMemory(live(id="4", client_order_id="free-1"), positions=[leg()])
    config = RecoveryConfig(checkpoint_dir=tmp_path)
    with RecoveryManager(LiveState(clock=clock), config, exchange, clock=clock) as manager:
        result = manager.recover()
        assert manager.get_stats().orphans_cancelled == 0
    assert result.status is RecoveryStatus.SYNC_FAILED
    assert "nothing says which account the store belongs to" in result.problem
    assert "the live account of binanceusdm" in result.problem
    assert "give RecoveryManager a StoreManifest" in result.problem
    assert exchange.requests == {}
    with StoreView(tmp_path, clock=clock) as view:
        recovery = OperatorRecovery(view, exchange, who="kim", clock=clock)
        comparison = recovery.compare()
        assert "nothing says which account" in comparison.plan.journal_problem
        assert not any(verdict.preselected for verdict in comparison.plan.orders)
        recovery.execute(comparison, (), plan_id=comparison.plan.id)
        with pytest.raises(WrongAccount):
            OperatorRecovery(view, Sandbox(), who="kim", clock=clock).compare()
        assert recovery.compare().plan.journal_problem == ""
