"""Bots of two stores on one account: never under the same prefix, and each knows whose the other's orders are."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from recovery_builders import LATER, ExchangeInMemory, live
from strategies import ManualClock

from crashdesk.account_lock import AccountClaim, AccountLock, default_directory
from crashdesk.config import AccountMode, RecoveryConfig, StoreManifest
from crashdesk.errors import AccountInUse, CrashdeskError, StorageError
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import OrderVerdictKind
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.store import StateStore

BOT = """
import json, sys
from crashdesk import LiveState, RecoveryConfig, RecoveryManager, StoreManifest
from crashdesk.errors import AccountInUse
directory, manifest = sys.argv[1], StoreManifest(**json.loads(sys.argv[2]))
try:
    with RecoveryManager(LiveState(), RecoveryConfig(checkpoint_dir=directory), manifest=manifest) as manager:
        manager.checkpoint()
        print("trading", flush=True)
        sys.stdin.read()
except AccountInUse as error:
    print(f"refused: {error}", flush=True)
"""

OURS: dict[str, Any] = {
    "bot": "grid", "exchange": "binanceusdm", "account": "main", "client_order_id_prefix": "grid-",
}  # fmt: skip


class Bot:
    """A bot in a process of its own; `said` is its first line."""

    def __init__(self, directory: Path, **changes: Any) -> None:
        self.directory = directory
        self.process = subprocess.Popen(
            [sys.executable, "-c", BOT, str(directory), json.dumps(OURS | changes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said = self.process.stdout.readline().strip()

    def stop(self) -> None:
        self.process.communicate("", timeout=20)


@pytest.fixture
def bots(tmp_path: Path) -> Iterator[Any]:
    """Starts bots, each on a store of its own; they are gone after the test."""
    with contextlib.ExitStack() as running:

        def start(name: str, **changes: Any) -> Bot:
            bot = Bot(tmp_path / name, **changes)
            running.callback(lambda: (bot.process.kill(), bot.process.communicate(timeout=20)))
            return bot

        yield start


def store(directory: Path, **changes: Any) -> RecoveryManager:
    return RecoveryManager(
        LiveState(clock=ManualClock(LATER)),
        RecoveryConfig(checkpoint_dir=directory),
        ExchangeInMemory(),
        manifest=StoreManifest(**(OURS | changes)),
        clock=ManualClock(LATER),
    )


@pytest.mark.scenario(70)
def test_a_second_bot_with_the_same_prefix_on_the_account_is_refused_and_told_who_uses_it(bots: Any) -> None:
    first = bots("one")
    second = bots("two")
    assert first.said == "trading"
    assert second.said.startswith("refused: the live account main of binanceusdm is in use by grid of the store ")
    assert f"{first.directory} (process {first.process.pid} on " in second.said
    assert "the same client order id prefix 'grid-'" in second.said
    second.stop()
    assert not (second.directory / "checkpoints").exists() or not list((second.directory / "checkpoints").iterdir())
    first.stop()
    assert bots("two").said == "trading"


@pytest.mark.scenario(70)
def test_a_bot_that_was_killed_holds_no_account(bots: Any) -> None:
    first = bots("one")
    first.process.kill()
    first.process.wait(timeout=20)
    assert bots("two").said == "trading"


@pytest.mark.scenario(70)
@pytest.mark.parametrize(
    "changes",
    [
        {"client_order_id_prefix": "hedge-"},
        {"account": "second"},
        {"exchange": "okx"},
        {"mode": "sandbox"},
    ],
)
def test_bots_that_can_be_told_apart_trade_side_by_side(bots: Any, tmp_path: Path, changes: dict[str, str]) -> None:
    assert bots("one").said == "trading"
    modes = {"mode": AccountMode(changes["mode"])} if "mode" in changes else {}
    with store(tmp_path / "two", **(changes | modes)) as manager:
        assert manager.get_stats().failures == 0


@pytest.mark.scenario(70)
def test_who_declares_to_be_alone_is_alone(bots: Any, tmp_path: Path) -> None:
    bots("one", client_order_id_prefix="hedge-")
    with pytest.raises(AccountInUse, match=r"two declares that nothing else trades there \(exclusive_account\)"):
        store(tmp_path / "two", exclusive_account=True)
    with store(tmp_path / "three") as _, pytest.raises(AccountInUse):
        store(tmp_path / "two", exclusive_account=True, client_order_id_prefix="solo-")
    bots("four", account="other", exclusive_account=True)
    with pytest.raises(AccountInUse, match=r"four declares that nothing else trades there"):
        store(tmp_path / "five", account="other", client_order_id_prefix="x-")


@pytest.mark.scenario(19, 70)
def test_orders_of_the_other_bot_are_the_others_though_its_prefix_begins_with_ours(bots: Any, tmp_path: Path) -> None:
    bots("other", client_order_id_prefix="grid-b-").process.kill()  # its orders rest on
    exchange = ExchangeInMemory(live(id="1", client_order_id="grid-b-7"), live(id="2", client_order_id="grid-7"))
    config = RecoveryConfig(checkpoint_dir=tmp_path / "ours")
    manifest = StoreManifest(**OURS)
    clock = ManualClock(LATER)
    with RecoveryManager(LiveState(clock=clock), config, exchange, manifest=manifest, clock=clock) as manager:
        plan = manager.recover().sync_result.plan
    kinds = {verdict.live.client_order_id: verdict.kind for verdict in plan.orders}
    assert kinds == {"grid-b-7": OrderVerdictKind.FOREIGN, "grid-7": OrderVerdictKind.OWN_ORPHAN}
    assert {order.client_order_id for order in exchange.orders.values() if order.key in exchange.open_keys()} == {
        "grid-b-7"
    }


@pytest.mark.scenario(70)
def test_the_operator_of_a_second_store_proposes_nothing_and_touches_nothing_while_the_bot_of_the_first_trades(
    bots: Any, tmp_path: Path
) -> None:
    with store(tmp_path / "two"):
        pass
    exchange = ExchangeInMemory(live(id="1", client_order_id="grid-7"))
    first = bots("one")
    with StoreView(tmp_path / "two", clock=ManualClock(LATER)) as view:
        recovery = OperatorRecovery(view, exchange, who="kim", clock=ManualClock(LATER))
        comparison = recovery.compare()
        assert "in use by grid of the store" in comparison.plan.journal_problem
        assert [verdict.preselected for verdict in comparison.plan.orphans] == [False]
        with pytest.raises(AccountInUse, match="Stop it first"):
            recovery.execute(comparison, (), plan_id=comparison.plan.id)
        first.stop()
        comparison = recovery.compare()
        assert [verdict.preselected for verdict in comparison.plan.orphans] == [True]
        assert recovery.execute(comparison, (), plan_id=comparison.plan.id).saved is not None


@pytest.mark.scenario(70)
def test_of_bots_that_start_at_once_one_trades(tmp_path: Path) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", BOT, str(tmp_path / str(number)), json.dumps(OURS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    try:
        said = [program.stdout.readline().split(":")[0].strip() for program in programs]
    finally:
        for program in programs:
            program.kill()
            program.communicate(timeout=20)
    assert sorted(said) == ["refused", "refused", "trading"]


def test_a_refused_bot_leaves_the_stores_manifest_as_it_was(bots: Any, tmp_path: Path) -> None:
    with store(tmp_path / "two", client_order_id_prefix="hedge-"):
        pass
    before = (tmp_path / "two" / "store.toml").read_bytes()
    bots("one")
    with pytest.raises(AccountInUse):
        store(tmp_path / "two")
    assert (tmp_path / "two" / "store.toml").read_bytes() == before
    with StateStore(tmp_path / "two", clock=ManualClock(LATER)) as again:
        again.save(make.state())  # and gave its lock back


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_locks_out_of_reach_do_not_keep_a_bot_from_coming_back(tmp_path: Path, account_locks: Path) -> None:
    account_locks.chmod(0o500)
    with store(tmp_path / "one") as manager:
        assert "whether another bot uses the account cannot be told" in manager.get_stats().last_error


def test_a_place_for_the_locks_that_is_no_directory_is_reported_and_does_not_keep_a_bot_from_coming_back(
    tmp_path: Path, account_locks: Path
) -> None:
    (account_locks / "accounts").write_text("not a directory")
    heard: list[CrashdeskError] = []
    config = RecoveryConfig(checkpoint_dir=tmp_path / "one")
    with RecoveryManager(LiveState(), config, manifest=StoreManifest(**OURS), on_error=heard.append):
        pass
    assert [type(error) for error in heard] == [StorageError]
    assert "CRASHDESK_STATE_DIR" in str(heard[0])


def test_who_only_looks_leaves_nothing_behind(tmp_path: Path, account_locks: Path) -> None:
    with StateStore(tmp_path, clock=ManualClock(LATER)) as made:
        made.save(make.state())
    with StoreView(tmp_path, clock=ManualClock(LATER)) as view:
        OperatorRecovery(view, ExchangeInMemory(), who="kim", clock=ManualClock(LATER)).compare()
    assert list(account_locks.iterdir()) == []


def test_a_note_that_is_damaged_is_no_free_account(tmp_path: Path) -> None:
    claim = AccountClaim(
        exchange="okx", account="main", mode=AccountMode.LIVE, prefix="a", exclusive=False, store="/a", purpose="a"
    )
    lock = AccountLock(claim, tmp_path, ManualClock(LATER))
    lock.acquire()
    lock.release()
    next(tmp_path.rglob("*.json")).write_text("{")
    with pytest.raises(StorageError, match="cannot be told"):
        AccountLock(claim, tmp_path, ManualClock(LATER)).acquire()


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, ".local/state/crashdesk"),
        ("linux", {"XDG_STATE_HOME": "relative"}, ".local/state/crashdesk"),
        ("darwin", {}, "Library/Application Support/crashdesk"),
        ("win32", {}, "AppData/Local/crashdesk"),
    ],
)
def test_the_locks_are_where_the_platform_keeps_programs_state(
    platform: str, environ: dict[str, str], expected: str
) -> None:
    assert default_directory(environ, platform) == Path.home() / expected


def test_the_place_of_the_locks_can_be_named() -> None:
    assert default_directory({"XDG_STATE_HOME": "/state"}, "linux") == Path("/state/crashdesk")
    assert default_directory({"XDG_STATE_HOME": "/state", "CRASHDESK_STATE_DIR": "/mine"}, "linux") == Path("/mine")


def restart(directory: Path, exchange: ExchangeInMemory, prefix: str) -> dict[str, OrderVerdictKind]:
    """What the bot, started under this prefix, makes of the orders on the exchange, by their client order ids."""
    manifest, clock = StoreManifest(**(OURS | {"client_order_id_prefix": prefix})), ManualClock(LATER)
    config = RecoveryConfig(checkpoint_dir=directory)
    with RecoveryManager(LiveState(clock=clock), config, exchange, manifest=manifest, clock=clock) as manager:
        plan = manager.recover().sync_result.plan
    return {verdict.live.client_order_id: verdict.kind for verdict in plan.orders}


@pytest.mark.parametrize("prefix", ["v2-", ""])
def test_orders_under_the_prefix_that_the_bot_had_before_are_nobody_elses(tmp_path: Path, prefix: str) -> None:
    """A new version of the bot goes by another prefix: what the one before it left must not pass for a stranger's."""
    ours = ExchangeInMemory(live(id="1", client_order_id="grid-7"), live(id="2", client_order_id="web-7"))
    with store(tmp_path / "ours"):
        pass
    stranger = OrderVerdictKind.FOREIGN if prefix else OrderVerdictKind.AMBIGUOUS
    expected = {"grid-7": OrderVerdictKind.AMBIGUOUS, "web-7": stranger}
    assert restart(tmp_path / "ours", ours, prefix) == expected
    assert "cancel_order" not in ours.requests
    with StoreView(tmp_path / "ours", clock=ManualClock(LATER)) as view:
        plan = OperatorRecovery(view, ours, who="kim", clock=ManualClock(LATER)).compare().plan
    assert {verdict.live.client_order_id: verdict.kind for verdict in plan.orphans} == expected
    told = [item.text for verdict in plan.orphans for item in verdict.evidence]
    assert "Its client order id starts with grid-, the prefix under which this bot traded before." in told
