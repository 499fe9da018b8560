"""`crashdesk show` tells what came after a checkpoint: in sentences, one by one, and as JSON."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import strategies as make
from command_line import Run, make_store
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import RecoveryConfig
from crashdesk.contracts import Contract
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """Two checkpoints; an order, a position and the account changed behind the second, and an order went."""
    clock = ManualClock(T0)
    live = LiveState(clock=clock)
    manager = RecoveryManager(live, RecoveryConfig(checkpoint_dir=tmp_path / "store"), clock=clock)
    manager.recover()
    manager.checkpoint()
    clock.sleep(60)
    live.put_order(make.order(id="1"), wait=True)
    manager.checkpoint()
    clock.sleep(1.25)
    live.put_order(make.order(id="2"), wait=True)
    live.put_position(make.position(quantity=Decimal("0.75")), wait=True)
    live.set_account(make.account(equity=Decimal("10249.9900")), wait=True)
    clock.sleep(2)
    live.remove_order("1", wait=True)
    manager._saver.close()
    manager._log.close()
    manager._opened.close()
    return tmp_path / "store"


def test_the_changes_after_a_checkpoint_are_listed_in_order(run: Run, crashed: Path) -> None:
    code, out, _ = run("show", crashed, "--checkpoint", 2)
    assert code == 0
    assert "4 changes came after checkpoint 2, the last of 2023-11-14 22:14:23 UTC." in out
    lines = out.split("Changes after checkpoint 2")[1].splitlines()
    rows = [line for line in lines if "2023-11-14" in line]
    assert [row.split()[2:5] for row in rows[:2]] == [
        ["22:14:21.250", "order", "2"],
        ["22:14:21.250", "position", "BTC/USDT:USDT:long"],
    ]
    assert "long 0.75 at" in rows[1]
    assert "equity 10249.9900" in rows[2]
    assert rows[3].split()[2:] == ["22:14:23.250", "order", "1", "no", "longer", "open"]
    assert "Nothing was journalled after" not in out


def test_a_checkpoint_after_which_nothing_came_says_so(run: Run, store: Path) -> None:
    assert "Nothing was journalled after checkpoint 1." in run("show", store, "--checkpoint", 1)[1]


def test_json_tells_state_and_changes_exactly(run: Run, crashed: Path) -> None:
    code, out, _ = run("show", crashed, "--checkpoint", 2, "--json")
    told = json.loads(out)
    assert (code, told["checkpoint"]["seq"], told["problem"]) == (0, 2, "")
    assert [order["id"] for order in told["state"]["open_orders"]] == ["1"]
    changes = told["after"]["changes"]
    assert [each["kind"] for each in changes] == ["order", "position", "account", "order_gone"]
    assert changes[2]["record"]["equity"] == "10249.9900"
    assert [each["at"] for each in changes] == [T0 + 61_250_000_000] * 3 + [T0 + 63_250_000_000]
    last = json.loads(run("show", crashed, "--json")[1])
    assert [order["id"] for order in last["state"]["open_orders"]] == ["2"]
    assert last["after"]["changes"] == changes


def test_a_journal_that_cannot_be_read_hides_no_checkpoint(run: Run, crashed: Path) -> None:
    with sqlite3.connect(crashed / JOURNAL_NAME) as journal:
        journal.execute("UPDATE changes SET body = x'00' || body")
    code, out, _ = run("show", crashed, "--checkpoint", 2)
    assert code == 0
    assert "✓ intact" in out
    assert "! what came after checkpoint 2 is not known: " in out
    told = json.loads(run("show", crashed, "--checkpoint", 2, "--json")[1])
    assert (told["checkpoint"]["seq"], told["after"]) == (2, None)
    assert "what came after checkpoint 2 is not known" in told["problem"]


def test_contracts_are_told_in_coins_where_the_last_recovery_learnt_what_they_stand_for(
    run: Run, tmp_path: Path
) -> None:
    eth = make.order(id="2", client_order_id="grid-2", symbol="ETH/USDT:USDT", quantity=Decimal(12))
    btc = make.order(quantity=Decimal(5), filled_quantity=Decimal(1))
    store = make_store(tmp_path / "store", make.state(positions=(), open_orders=(btc, eth)))
    unsure = "Quantities of swaps and futures are as the exchange counts them"
    assert unsure in run("show", store)[1]

    contracts = {"BTC/USDT:USDT": Contract(size=Decimal("0.01"), unit="BTC"), "ETH/USDT:USDT": Contract()}
    plan = msgspec.json.encode({"id": "p1", "made_at": T0, "contracts": contracts}).decode()
    journal = Journal(store, ManualClock(T0))
    journal.append(AuditKind.PLAN, "recovery", who="ops", plan_id="p1", data={"plan": plan})
    journal.close()
    for options in ((), ("--checkpoint", 1)):
        out = run("show", store, *options)[1]
        assert "  5 contracts (0.05 BTC)  1 contract (0.01 BTC)  " in out
        assert "  12 contracts  " in out
    out = run("show", store)[1]
    assert "as the exchange told at the recovery of 2023-11-14 22:13:20 UTC." in out
    assert "Quantities without a unit of swaps and futures" in out
