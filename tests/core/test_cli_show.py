"""`crashdesk show` tells what came after a checkpoint: in sentences, one by one, and as JSON."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from command_line import Run
from strategies import T0, ManualClock

from crashdesk.config import RecoveryConfig
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
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
