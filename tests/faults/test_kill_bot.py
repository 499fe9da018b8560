"""SIGKILL at any moment: what was acknowledged is there, it loads, and nothing newer is broken in its place.

`--kills N` kills each kind of process N times instead of the few of the quick suite.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import kill_writer
import msgspec
import pytest
from kill_writer import WORKERS, Held, advanced, digest, held_by, next_step, steps_seen

from crashdesk.demo.bot_process import BotOrders, spawn_bot
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET
from crashdesk.demo.venue import Credentials, EmbeddedExchange
from crashdesk.inspection import StoreView
from crashdesk.state import SystemState
from crashdesk.storage.store import StateStore
from crashdesk.verification import Severity, verify_store

SECONDS_TO_START = 30.0
HOUR_NS = 3_600_000_000_000
# Intents are kept for weeks: a store that is never begun anew makes each start slower than the one before.
KILLS_PER_STORE = 20


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    wanted: int = request.config.getoption("--kills")
    return wanted


class Told(msgspec.Struct):
    """What a writer said before it was killed."""

    recovered: list[str] | None = None
    safe: dict[int, int] = msgspec.field(default_factory=dict)
    intents: set[str] = msgspec.field(default_factory=set)
    checkpoint: int = 0
    acknowledged: int = 0


def run_until_killed(directory: Path, output: Path, chance: random.Random) -> Told:
    """Start a writer, kill it at a random moment: in one of four cases while it starts or recovers."""
    with output.open("wb") as sink, output.open("rb") as source:
        process = subprocess.Popen([sys.executable, kill_writer.__file__, str(directory)], stdout=sink)
        try:
            if chance.random() < 0.25:
                await_line(process, source, b"start")
                time.sleep(chance.uniform(0, 0.03))
            else:
                await_line(process, source, b"recovered")
                time.sleep(chance.uniform(0, 0.15))
            assert process.poll() is None, "the writer ended by itself"
        finally:
            process.kill()
            process.wait()
        source.seek(0)
        return understood(source.read().decode())


def await_line(process: subprocess.Popen[bytes], source: IO[bytes], word: bytes) -> None:
    """Return when the writer has said `word`."""
    end = time.monotonic() + SECONDS_TO_START
    seen = b""
    while word not in seen:
        assert process.poll() is None, "the writer ended by itself"
        assert time.monotonic() < end, "the writer does not come to work"
        time.sleep(0.002)
        seen += source.read()


def understood(text: str) -> Told:
    told = Told()
    for line in text[: text.rfind("\n") + 1].splitlines():
        match line.split(" "):
            case ["start"]:
                pass
            case ["recovered", *found]:
                told.recovered = found
            case ["safe", worker, number]:
                told.safe[int(worker)] = int(number)
                told.acknowledged += 1
            case ["intent", name]:
                told.intents.add(name)
                told.acknowledged += 1
            case ["checkpoint", seq]:
                told.checkpoint = int(seq)
            case other:
                raise AssertionError(f"the writer said {other}")
    return told


class Follower:
    """Follows what each worker did from kill to kill, step by step, as the store tells it."""

    def __init__(self) -> None:
        self.held = [Held(orders={}, positions={}, strategy=0, equity=0)] * WORKERS
        self.safe = [0] * WORKERS
        self.intents: set[str] = set()
        self.checkpoint = 0
        self.digest = ""

    def check(self, told: Told, view: StoreView) -> None:
        """The state that the store gives is one that the writer was in, at or after all that was acknowledged."""
        last = view.latest()
        if told.recovered is not None:
            status, found, problem = told.recovered
            assert problem == ""
            assert (status, found) == ("success", self.digest) if self.digest else status == "no_checkpoint"
        else:
            assert digest(last.state) == self.digest if last else not self.digest
        self._check_journal(told, view)
        if last is None:
            assert not told.acknowledged
            assert not told.checkpoint
            return
        assert (last.problem, last.skipped, last.continues) == ("", (), True)
        self.checkpoint = max(self.checkpoint, told.checkpoint)
        assert self.checkpoint <= (last.info.seq if last.info else 0)
        for worker in range(WORKERS):
            self.safe[worker] = told.safe.get(worker, self.safe[worker])
            self._follow(worker, last.state)
        self._check_order_between_workers(last.state)
        self.digest = digest(last.state)

    def _follow(self, worker: int, state: SystemState) -> None:
        wanted = held_by(worker, state)
        number, held = self.held[worker].last_step(), self.held[worker]
        while held != wanted and number < wanted.last_step():
            number += 1
            held = advanced(held, number, next_step(worker, number, held))
        assert held == wanted, f"worker {worker} was never in this state"
        assert number >= self.safe[worker], f"worker {worker} was told that step {self.safe[worker]} is durable"
        self.held[worker] = held

    def _check_order_between_workers(self, state: SystemState) -> None:
        """What one worker had seen of another when it made a change is there where that change is."""
        for strategy in state.strategy_states or ():
            for other, seen in enumerate(steps_seen(strategy.state_data)):
                assert seen <= self.held[other].strategy

    def _check_journal(self, told: Told, view: StoreView) -> None:
        journal = view.journal_view()
        assert journal.problem == "" or not self.digest
        self.intents |= told.intents
        assert self.intents <= {intent.client_order_id for intent in journal.intents}


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
