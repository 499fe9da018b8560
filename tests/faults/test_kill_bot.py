"""SIGKILL at any moment: what was acknowledged is there, it loads, and nothing newer is broken in its place.

`--kills N` kills each kind of process N times instead of the few of the quick suite.
"""

from __future__ import annotations

import random
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crashdesk.demo.bot_process import BotOrders, spawn_bot
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET
from crashdesk.demo.venue import Credentials, EmbeddedExchange
from crashdesk.inspection import StoreView
from crashdesk.storage.store import StateStore
from crashdesk.verification import verify_store

SECONDS_TO_START = 30.0
HOUR_NS = 3_600_000_000_000

WRITER = """
import sys
from decimal import Decimal
from crashdesk import LiveState, OrderState, OrderStatus, OrderType, RecoveryConfig, RecoveryManager, Side

live = LiveState()
with RecoveryManager(live, RecoveryConfig(checkpoint_dir=sys.argv[1], max_checkpoints=4)) as manager:
    manager.recover()
    number = int(live.strategy("n") or 0)
    while True:
        number += 1
        live.put_order(OrderState(
            id=str(number % 300), client_order_id=f"n-{number}", symbol="BTC/USDT:USDT", side=Side.BUY,
            order_type=OrderType.LIMIT, quantity=Decimal(number), filled_quantity=Decimal(0), price=Decimal("1.5"),
            status=OrderStatus.OPEN, created_at=number,
        ))
        live.set_strategy("n", str(number).encode())
        manager.intend_order(symbol="X", client_order_id=f"n-{number}", side="buy", order_type="limit", quantity=number)
        if number % 3 == 0:
            manager.checkpoint_on_trade()
        print(manager.checkpoint().seq, number, flush=True)
"""


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    wanted: int = request.config.getoption("--kills")
    return wanted


def acknowledged_until_killed(directory: Path, seconds: float) -> list[tuple[int, int]]:
    """(sequence number, order number) of every checkpoint that the process was told is durable."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(directory)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        # The moment counts from the first acknowledgement: starting takes as long as it takes.
        assert select.select([process.stdout], [], [], SECONDS_TO_START)[0]
        time.sleep(seconds)
    finally:
        process.kill()
        told = process.stdout.read().decode()
        process.wait()
        process.stdout.close()
    whole = told[: told.rfind("\n") + 1].splitlines()
    return [(int(seq), int(number)) for seq, number in (line.split() for line in whole)]


@pytest.mark.skipif(sys.platform == "win32", reason="waits for a pipe with select")
def test_what_a_killed_writer_was_told_is_durable_is_there(tmp_path: Path, kills: int) -> None:
    chance = random.Random(20)
    directory = tmp_path / "store"
    last = 0
    for _ in range(kills):
        acknowledged = acknowledged_until_killed(directory, chance.uniform(0, 0.12))
        seq, number = acknowledged[-1]
        assert acknowledged[0][0] > last
        last = seq
        with StateStore(directory, read_only=True) as store:
            found = store.find_latest()
            assert found is not None
            assert found.skipped == ()
            assert found.info.seq >= seq
            assert found.state.strategy_states is not None
            assert int(found.state.strategy_states[0].state_data) >= number
            present = {info.seq for info in store.list_checkpoints()}
            # Retention deletes; it never reaches the newest two.
            assert {told for told, _ in acknowledged[-2:]} <= present
            for info in store.list_checkpoints():
                store.load(info)
        with StoreView(directory) as view:
            journal = view.journal_view()
            assert journal.problem == ""
            assert f"n-{number}" in {intent.client_order_id for intent in journal.intents}
            assert not view.presence().running


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    credentials = Credentials(api_key=BOT_KEY, secret=BOT_SECRET)
    with EmbeddedExchange(seed=4, start_ns=time.time_ns() - 24 * HOUR_NS, credentials=[credentials]) as running:
        yield running


def test_the_demonstrations_bot_comes_back_each_time_it_is_killed(
    tmp_path: Path, venue: EmbeddedExchange, kills: int
) -> None:
    chance = random.Random(21)
    orders = BotOrders(
        store=str(tmp_path / "store"),
        url=venue.url,
        token=venue.token,
        api_key=BOT_KEY,
        secret=BOT_SECRET,
        accelerated=True,
        until_ns=venue.now_ns() + 1000 * HOUR_NS,
    )
    newest = 0
    for _ in range(max(3, kills // 2)):
        bot = spawn_bot(orders)
        try:
            assert bot.await_started().recovered == ("success" if newest else "no_checkpoint")
            store = StateStore(orders.store, read_only=True)
            wanted = len(store.list_checkpoints()) + 3
            end = time.monotonic() + SECONDS_TO_START
            while len(store.list_checkpoints()) < wanted and time.monotonic() < end:
                assert bot.running
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.3))
            seen = store.list_checkpoints()
            assert bot.running
        finally:
            bot.kill()
        found = store.find_latest()
        assert found is not None
        assert found.skipped == ()
        assert found.info.seq >= seen[-1].seq > newest
        newest = found.info.seq
        with StoreView(orders.store) as view:
            assert [
                finding for finding in verify_store(view).findings if finding.subject.startswith("checkpoint")
            ] == []
