"""A store belongs to one account; another one's orders say nothing about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import strategies as make
from recovery_builders import LATER, ExchangeInMemory, live
from strategies import T0, ManualClock

from crashdesk.config import RecoveryConfig, StoreManifest, write_manifest
from crashdesk.errors import WrongAccount
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.store import StateStore

OTHERS = [
    ({"exchange": "okx"}, "okx"),
    ({"exchange": "binanceusdm", "account": "second"}, "second"),
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
    tmp_path: Path, belongs: dict[str, str], named: str
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
    tmp_path: Path, belongs: dict[str, str], named: str
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
