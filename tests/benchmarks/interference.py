"""How much a trading loop feels the checkpoints: a 1 kHz loop that changes an order each time, with and without them.

``python tests/benchmarks/interference.py [--orders N ...] [--seconds S] [--runs K]``. The kinds take turns; what counts is the
delay that checkpoints add to the loop without any.
"""

from __future__ import annotations

import argparse
import contextlib
import pickle
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from subjects import order, state

from crashdesk import LiveState, RecoveryConfig, RecoveryManager

PERIOD_S = 0.001
CHECKPOINT_EVERY_S = 0.1


def delays_ms(seconds: float, turn: Callable[[int], object]) -> list[float]:
    """How late each turn of the loop was over, in milliseconds after the moment at which it was due."""
    late = []
    start = time.perf_counter()
    for number in range(int(seconds / PERIOD_S)):
        due = start + number * PERIOD_S
        pause = due - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        else:
            # It has fallen behind: what was missed is not counted twice.
            start -= pause
            due -= pause
        turn(number)
        late.append((time.perf_counter() - due) * 1000)
    return late


@contextlib.contextmanager
def saved_by(save: Callable[[], object]) -> Iterator[None]:
    """Calls `save` ten times a second on another thread."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(CHECKPOINT_EVERY_S):
            save()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def turns(live: LiveState, orders: int) -> Callable[[int], object]:
    """What the trading loop does: one order changes."""
    changed = [order(number, filled_quantity=Decimal(number) / 1000) for number in range(min(orders, 1000))]
    return lambda number: live.put_order(changed[number % len(changed)])


def alone(orders: int, seconds: float, directory: Path) -> list[float]:
    """The loop by itself."""
    live = LiveState()
    live.restore(state(orders // 10, orders))
    return delays_ms(seconds, turns(live, orders))


def crashdesk(orders: int, seconds: float, directory: Path) -> list[float]:
    """With a RecoveryManager: every change journalled, a checkpoint every 100 ms."""
    live = LiveState()
    config = RecoveryConfig(checkpoint_dir=directory / "store", checkpoint_interval_ms=int(CHECKPOINT_EVERY_S * 1000))
    with RecoveryManager(live, config) as manager:
        live.restore(state(orders // 10, orders))
        manager.checkpoint()
        manager.start_periodic_checkpoint()
        late = delays_ms(seconds, turns(live, orders))
        stats = manager.get_stats()
        print(f"         ({stats.checkpoints} checkpoints, {stats.journal.commits} commits, {stats.failures} failures)")
    return late


def pickled(orders: int, seconds: float, directory: Path) -> list[float]:
    """For comparison: the state pickled on another thread every 100 ms, nothing journalled, nothing flushed."""
    live = LiveState()
    live.restore(state(orders // 10, orders))
    with saved_by(lambda: (directory / "pickled").write_bytes(pickle.dumps(live.snapshot(), 5))):
        return delays_ms(seconds, turns(live, orders))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    wanted = {10_000: "<= 0.5", 100_000: "<= 1.5"}
    for orders in options.orders:
        print(f"\n=== {orders} open orders, 1 kHz, a checkpoint every {CHECKPOINT_EVERY_S * 1000:.0f} ms; delays in ms")
        p99: dict[str, list[float]] = {}
        for _ in range(options.runs):
            for kind in (alone, crashdesk, pickled):
                with tempfile.TemporaryDirectory() as temporary:
                    late = sorted(kind(orders, options.seconds, Path(temporary)))
                cut = [late[int(len(late) * part)] for part in (0.5, 0.99, 0.999)]
                p99.setdefault(kind.__name__, []).append(cut[1])
                print(
                    f"{kind.__name__:>10}  p50 {cut[0]:.3f}  p99 {cut[1]:.3f}  p99.9 {cut[2]:.3f}  max {late[-1]:.3f}"
                )
        base = statistics.median(p99["alone"])
        for name in ("crashdesk", "pickled"):
            added = statistics.median(p99[name]) - base
            print(
                f"added p99, {name}: {added:.3f} ms"
                + (f" (wanted: {wanted.get(orders, '-')})" if name == "crashdesk" else "")
            )


if __name__ == "__main__":
    main()
