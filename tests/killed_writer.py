"""Running the process of kill_writer.py until it is killed, and following what it was told from kill to kill."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import kill_writer
import msgspec
from kill_writer import WORKERS, Held, advanced, digest, held_by, next_step, steps_seen

from crashdesk.inspection import StoreView
from crashdesk.state import SystemState

SECONDS_TO_START = 30.0


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
