"""Random incidents against the exchange's own ledger: ``python -m crashdesk.demo.simulate --seed N --incidents K``.

Each incident has a seed of its own (the first one's is N, the next N + 1, …), which plays the same incident on every machine.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from crashdesk.demo.simulation_incident import Incident, describe
from crashdesk.demo.simulation_invariants import INVARIANTS
from crashdesk.demo.simulation_recovery import simulate

MEMORY = Path("/dev/shm")


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """What did not hold in one incident, and how to play it again."""

    seed: int
    invariant: str
    text: str
    incident: str

    @property
    def replay(self) -> str:
        """The command that plays this incident again."""
        return f"python -m crashdesk.demo.simulate --seed {self.seed} --incidents 1"


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """What came of many incidents; `counts` says how often which turn, crash, damage and answer was part of one."""

    seed: int
    incidents: int
    violations: tuple[Violation, ...]
    seconds: float
    counts: dict[str, int]


def violations_of(seed: int, root: Path) -> tuple[Incident, list[Violation]]:
    """Play one incident below the empty directory `root`, and judge it."""
    incident = simulate(seed, root)
    found = [
        Violation(seed=seed, invariant=invariant.__name__, text=text, incident=describe(incident))
        for invariant in INVARIANTS
        for text in invariant(incident)
    ]
    return incident, found


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """An empty directory, in memory where the system has a place for that; removed in the end."""
    root = Path(tempfile.mkdtemp(prefix="crashdesk-simulate-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def run(
    seed: int,
    incidents: int,
    *,
    stop_at_first: bool = False,
    heard: Callable[[int, Sequence[Violation]], None] = lambda _seed, _found: None,
) -> Campaign:
    """Play `incidents` of them one after the other, in memory where the system has a place for that."""
    started = time.monotonic()
    violations: list[Violation] = []
    counts: Counter[str] = Counter()
    played = 0
    with workplace() as root:
        for number in range(seed, seed + incidents):
            place = root / str(number)
            place.mkdir()
            incident, found = violations_of(number, place)
            shutil.rmtree(place)
            played += 1
            counts.update(_kinds(incident))
            violations += found
            heard(number, found)
            if found and stop_at_first:
                break
    return Campaign(
        seed=seed,
        incidents=played,
        violations=tuple(violations),
        seconds=time.monotonic() - started,
        counts=dict(sorted(counts.items())),
    )


def _kinds(incident: Incident) -> Counter[str]:
    kinds = Counter([f"damage: {incident.damage}", f"bot died: {incident.crash}"])
    for turn in incident.turns:
        kinds[f"turn: {turn.mode}"] += 1
        kinds[f"turn ended: {turn.status if turn.status in ('success', 'saved', 'sync_failed') else 'otherwise'}"] += 1
        kinds["turn: crashed"] += bool(turn.crashed)
        kinds.update(f"outcome: {outcome.kind.value}" for outcome in turn.outcomes)
        kinds.update(f"verdict: {verdict.kind.value}" for verdict in (turn.plan.orders if turn.plan else ()))
        kinds.update(f"position: {verdict.kind.value}" for verdict in (turn.plan.positions if turn.plan else ()))
    kinds.update(f"cancel request: {request.answer}" for request in incident.exchange.requests)
    return kinds


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when every invariant held."""
    parser = argparse.ArgumentParser(prog="python -m crashdesk.demo.simulate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first incident")
    parser.add_argument("--incidents", type=int, default=200, help="how many incidents")
    parser.add_argument("--stop-at-first", action="store_true", help="end at the first violation")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    given = parser.parse_args(arguments)
    # What the store reports of its damage is part of the incidents.
    logging.getLogger("crashdesk").setLevel(logging.CRITICAL + 1)

    def heard(seed: int, found: Sequence[Violation]) -> None:
        for violation in found if not given.json else ():
            print(f"{violation.invariant}: {violation.text}\n  {violation.incident}\n  {violation.replay}", flush=True)
        if not given.json and (seed - given.seed) % 1000 == 999:
            print(f"{seed - given.seed + 1} incidents", file=sys.stderr, flush=True)

    campaign = run(given.seed, given.incidents, stop_at_first=given.stop_at_first, heard=heard)
    if given.json:
        print(json.dumps(msgspec.to_builtins(campaign), indent=2))
    else:
        print(
            f"{campaign.incidents} incidents from seed {campaign.seed}: {len(campaign.violations)} violations "
            f"in {campaign.seconds:.1f} s"
        )
    return 1 if campaign.violations else 0


if __name__ == "__main__":
    raise SystemExit(main())
