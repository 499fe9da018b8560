"""SIGKILL at any moment: what was acknowledged is there, it loads, and nothing newer is broken in its place.

`--kills N` kills each kind of process N times instead of the few of the quick suite.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from killed_writer import SECONDS_TO_START, Follower, run_until_killed

from crashdesk.demo.bot_process import BotOrders, spawn_bot
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET
from crashdesk.demo.venue import Credentials, EmbeddedExchange
from crashdesk.inspection import StoreView
from crashdesk.storage.store import StateStore
from crashdesk.verification import Severity, verify_store

HOUR_NS = 3_600_000_000_000
# Intents are kept for weeks: a store that is never begun anew makes each start slower than the one before.
KILLS_PER_STORE = 20


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    wanted: int = request.config.getoption("--kills")
    return wanted


@pytest.mark.scenario(69)
def test_what_a_killed_writer_was_told_is_durable_is_there_whole_and_in_order(tmp_path: Path, kills: int) -> None:
    chance = random.Random(20)
    acknowledged = 0
    for kill in range(kills):
        if kill % KILLS_PER_STORE == 0:
            directory, follower = tmp_path / f"store-{kill}", Follower()
        told = run_until_killed(directory, tmp_path / "output", chance)
        acknowledged += told.acknowledged
        if told.recovered is None and not (directory / "checkpoints").is_dir():
            continue  # killed before it had made the store
        with StoreView(directory) as view:
            follower.check(told, view)
            findings = verify_store(view).findings
            assert [finding for finding in findings if finding.severity is Severity.PROBLEM] == []
            assert not view.presence().running
    assert acknowledged > kills
    print(f"\n{kills} kills, {acknowledged} changes and intents acknowledged")


@pytest.fixture
def venue() -> Iterator[EmbeddedExchange]:
    credentials = Credentials(api_key=BOT_KEY, secret=BOT_SECRET)
    with EmbeddedExchange(seed=4, start_ns=time.time_ns() - 24 * HOUR_NS, credentials=[credentials]) as running:
        yield running


@pytest.mark.scenario(69)
def test_the_demonstrations_bot_comes_back_each_time_it_is_killed(
    tmp_path: Path, venue: EmbeddedExchange, kills: int
) -> None:
    chance = random.Random(21)
    orders = BotOrders(
        store=str(tmp_path / "store"),
        url=venue.url,
        token=venue.token,
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
