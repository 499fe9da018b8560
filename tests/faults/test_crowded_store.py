"""A store that a bot, a desk with many threads and the terminal share: none disturbs another, however often the bot is killed.

`--kills N` kills the bot N times instead of the few of the quick suite.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import store_crowd
from kill_writer import WORKERS, digest, held_by
from killed_writer import Follower, run_until_killed

from crashdesk.config import StoreManifest, write_manifest
from crashdesk.inspection import StoreView
from crashdesk.storage.files import LocalFiles
from crashdesk.verification import Severity, verify_store

MANIFEST = StoreManifest(bot="busy", exchange="binanceusdm", account="main", client_order_id_prefix="n-")
COMMANDS = ("list", "show", "verify", "audit")
# Kept short: what grows is only what is looked at, not how it is shared.
KILLS_PER_STORE = 30


class Crowd:
    """The desk-like process and the terminal's, until the block ends."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.looks = self.terminals = 0
        self._over = threading.Event()
        self._said = ""
        self._troubles: list[str] = []
        self._desk = subprocess.Popen(
            [sys.executable, store_crowd.__file__, str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self._answer() == "looking"
        self._typing = threading.Thread(target=self._type)
        self._typing.start()

    def ask(self, word: str) -> None:
        """Have the desk write or recover."""
        print(word, file=self._desk.stdin, flush=True)
        assert self._answer() == "done", f"{self._said}; {self._troubles}"

    def leave(self) -> list[str]:
        """End both; returns what troubled them."""
        self._over.set()
        self._typing.join()
        self._desk.stdin.close()
        word, number = self._answer().split()
        assert word == "looks"
        self.looks = int(number)
        assert self._desk.wait(30) == 0
        return self._troubles

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        self._over.set()
        with self._desk:
            self._desk.kill()
        self._typing.join()

    def _answer(self) -> str:
        for line in self._desk.stdout:
            self._said = line.strip()
            if not self._said.startswith("trouble"):
                return self._said
            self._troubles.append(self._said)
        raise AssertionError(f"the desk's process ended by itself: {self._desk.wait()}; {self._said}; {self._troubles}")

    def _type(self) -> None:
        for command in itertools.cycle(COMMANDS):
            if self._over.is_set():
                return
            ended = subprocess.run(
                [sys.executable, "-m", "crashdesk", command, str(self.directory)],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            self.terminals += 1
            if ended.returncode:
                self._troubles.append(
                    f"{command} ended with {ended.returncode}: {ended.stdout[-600:]}{ended.stderr[-600:]}"
                )


@contextlib.contextmanager
def crowd_at(directory: Path) -> Iterator[Crowd]:
    crowd = Crowd(directory)
    try:
        yield crowd
    finally:
        crowd.end()


def test_whoever_looks_or_recovers_beside_a_bot_disturbs_nobody(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    chance = random.Random(22)
    kills: int = request.config.getoption("--kills")
    looks = terminals = acknowledged = 0
    for begun in range(0, kills, KILLS_PER_STORE):
        directory, follower = tmp_path / f"store-{begun}", Follower()
        while not follower.digest:  # until it is worth a look
            follower.check(run_until_killed(directory, tmp_path / "output", chance), StoreView(directory))
        write_manifest(directory, MANIFEST, LocalFiles())
        with crowd_at(directory) as crowd:
            for kill in range(begun, min(kills, begun + KILLS_PER_STORE)):
                told = run_until_killed(directory, tmp_path / "output", chance)
                acknowledged += told.acknowledged
                with StoreView(directory) as view:
                    assert not view.presence().running
                    follower.check(told, view)
                    crowd.ask("recover" if kill % 3 == 2 else "write")
                    _go_on_from(view, follower)
            troubles = crowd.leave()
        assert troubles == [], "\n".join(troubles)
        with StoreView(directory) as view:
            assert [each for each in verify_store(view).findings if each.severity is Severity.PROBLEM] == []
        looks, terminals = looks + crowd.looks, terminals + crowd.terminals
    assert acknowledged > kills
    print(f"\n{kills} kills, {acknowledged} acknowledged, {looks} looks, {terminals} commands of the terminal")


def _go_on_from(view: StoreView, follower: Follower) -> None:
    """What the operator's recovery saved is where the bot comes back."""
    last = view.latest()
    assert last is not None
    assert last.problem == ""
    follower.held = [held_by(worker, last.state) for worker in range(WORKERS)]
    follower.safe = [0] * WORKERS
    follower.digest = digest(last.state)
