"""How fast the history of many checkpoints opens and is rebuilt: medians in milliseconds, all in one run.

``python tests/benchmarks/history.py [--checkpoints N] [--rounds K]``. The files are in the page cache when they are read.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from itertools import count, cycle, islice
from pathlib import Path

from crashdesk import AccountState, OrderState, OrderStatus, OrderType, PositionState, Side, SystemState
from crashdesk.codec import StateSummary, decode, encode, summarise
from crashdesk.inspection import StoreView
from crashdesk.storage.history import HistoryIndex
from crashdesk.storage.names import checkpoint_name

NOW = 1_795_000_000_000_000_000
MONEY = Decimal("100000.12345678")
SYMBOLS, ORDERS = 200, 20
POSITIONS = 10


def position(number: int, quantity: int) -> PositionState:
    """A long position in one of the symbols."""
    return PositionState(
        id=f"p{number}",
        symbol=f"S{number}/USDT:USDT",
        side=Side.BUY,
        quantity=Decimal(quantity).scaleb(-3),
        entry_price=Decimal("63000.10"),
        unrealized_pnl=Decimal("-12.34"),
        opened_at=NOW,
    )


def order(number: int) -> OrderState:
    """A resting order."""
    return OrderState(
        id=str(4_810_000_000 + number),
        client_order_id=f"bench-{number}",
        symbol=f"S{number % SYMBOLS}/USDT:USDT",
        side=Side.SELL,
        order_type=OrderType.LIMIT,
        quantity=Decimal("0.12345678"),
        filled_quantity=Decimal(0),
        price=Decimal("63100.25") + number,
        status=OrderStatus.OPEN,
        created_at=NOW,
    )


def state(seq: int) -> SystemState:
    """Two positions that are always held, each changed every tenth time; eight more that wander over the symbols."""
    first = 2 + seq // 50
    held = [position(number, 1 + (seq + 5 * number) // 10) for number in range(2)]
    wandering = [
        position(2 + number % SYMBOLS, 1 + (seq + number) // 5) for number in range(first, first + POSITIONS - 2)
    ]
    return SystemState(
        timestamp=NOW + seq * 1_000_000_000,
        account=AccountState(
            equity=MONEY + seq, balance=MONEY, available=MONEY, margin_used=MONEY, unrealized_pnl=MONEY
        ),
        positions=(*held, *wandering),
        open_orders=tuple(order(number) for number in range(ORDERS)),
    )


def build_store(directory: Path, checkpoints: int) -> None:
    """A store of so many checkpoints, without a flush of any."""
    files = directory / "checkpoints"
    files.mkdir(parents=True)
    for seq in range(1, checkpoints + 1):
        subject = state(seq)
        (files / checkpoint_name(seq, subject.timestamp)).write_bytes(encode(subject))


def milliseconds(work: Callable[[], object], rounds: int = 1) -> float:
    """The median time of `work`."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def show(value: float, text: str) -> None:
    """One line of the result."""
    print(f"{value:12.2f}  {text}", flush=True)


def browsing(directory: Path, checkpoints: int, rounds: int) -> None:
    """Rebuild the index of a store, then what a desk asks of it."""
    files = [entry.path for entry in os.scandir(directory / "checkpoints")]

    def read_all() -> None:
        for path in files:
            with open(path, "rb") as file:
                file.read()

    def newest_page() -> None:
        with closing(HistoryIndex(directory)) as index:
            assert len(index.page()) == min(200, checkpoints)

    read_all()
    show(milliseconds(read_all), "ms: the files read, nothing else (the limit)")
    with StoreView(directory) as view:
        processor = time.process_time()
        rebuild = milliseconds(view.history)
        processor = time.process_time() - processor
        show(rebuild, "ms: rebuild from the files")
        show(checkpoints / rebuild * 1000, "files a second: rebuild")
        show(checkpoints / processor, "files a second of processor time, which others on the machine take no part of")
        show(milliseconds(view.history, rounds), "ms: look for files that the index lacks")
    show(milliseconds(newest_page, rounds), "ms: open the index and read the newest 200 summaries")
    with closing(HistoryIndex(directory)) as index:
        assert index.count() == checkpoints
        leg = max(index.legs(), key=lambda leg: len(index.quantities(*leg)))
        points = len(index.quantities(*leg))
        show(milliseconds(index.legs, rounds), f"ms: the {len(index.legs())} legs")
        show(milliseconds(lambda: index.quantities(*leg), rounds), f"ms: the longest series, {points} points")
        show(milliseconds(lambda: index.page(before=checkpoints // 2), rounds), "ms: 200 summaries in the middle")
        show(milliseconds(index.known, rounds), "ms: the numbers of all indexed checkpoints")
        show(milliseconds(index.summaries, rounds), "ms: all summaries")
        with StoreView(directory) as view:
            checked = view.checkpoints()
        show(milliseconds(lambda: index.differences(checked), rounds), "ms: history against files")
    size = os.path.getsize(directory / "history.sqlite")
    show(size / 1e6, "MB: history.sqlite")
    data = encode(state(1))
    show(milliseconds(lambda: summarise(data), 500) * 1000, f"us: summarise {len(data)} bytes")
    show(milliseconds(lambda: decode(data), 500) * 1000, f"us: decode {len(data)} bytes")


def loop_p99(seconds: float) -> float:
    """How late a loop of 1 kHz wakes up, in milliseconds: the 99th percentile."""
    delays = []
    due = time.perf_counter()
    end = due + seconds
    while due < end:
        due = max(due + 0.001, time.perf_counter())
        time.sleep(max(0.0, due - time.perf_counter()))
        delays.append((time.perf_counter() - due) * 1000)
    return sorted(delays)[len(delays) * 99 // 100]


def changing(positions: int) -> Iterator[StateSummary]:
    """Summaries without end: from one to the next one position in a hundred changes, and sometimes one closes and one opens."""
    held = {number: (f"S{number}/USDT:USDT", Side.BUY, Decimal(number + 1)) for number in range(positions)}
    for seq in count():
        for number in list(held)[seq % 100 :: 100]:
            held[number] = (held[number][0], Side.BUY, Decimal(seq + 1))
        if seq % 3 == 0:
            number, record = next(item for item in held.items() if item[0] >= seq)
            del held[number]
            held[positions + seq] = (f"S{positions + seq}/USDT:USDT", *record[1:])
        quantities = tuple(held.values())
        yield StateSummary(
            timestamp=NOW + seq, equity=MONEY, unrealized_pnl=MONEY, quantities=quantities, orders=0, strategies=0
        )


def interference(positions: int, rounds: int) -> None:
    """A summary every 100 ms on another thread: what a 1 kHz loop notices, beside seconds without it."""
    idle, stop = threading.Event(), threading.Event()
    times: list[float] = []
    alone, beside = [], []

    def add(index: HistoryIndex) -> None:
        prepared = list(islice(changing(positions), 10 * (rounds + 2)))
        for seq, summary in enumerate(cycle(prepared), start=1):
            if stop.wait(0.1):
                return
            if not idle.is_set():
                times.append(milliseconds(lambda item=(seq, summary, 1): index.add([item])))

    with tempfile.TemporaryDirectory() as temporary, closing(HistoryIndex(Path(temporary))) as index:
        thread = threading.Thread(target=add, args=(index,))
        thread.start()
        while len(times) < 5:  # the first one makes every position known
            time.sleep(0.1)
        for _ in range(rounds):
            idle.set()
            time.sleep(0.2)
            alone.append(loop_p99(1.0))
            idle.clear()
            beside.append(loop_p99(1.0))
        stop.set()
        thread.join()
    before, after = statistics.median(alone), statistics.median(beside)
    show(after - before, f"ms: added p99 of a 1 kHz loop, {positions} positions ({before:.2f} to {after:.2f})")
    show(statistics.median(times), f"ms: add one summary (the first one {times[0]:.1f})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoints", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    print(f"{options.checkpoints} checkpoints of {POSITIONS} positions and {ORDERS} orders")
    with tempfile.TemporaryDirectory() as temporary:
        store = Path(temporary) / "store"
        build_store(store, options.checkpoints)
        browsing(store, options.checkpoints, options.rounds)
    for positions in (1_000, 10_000):
        interference(positions, options.rounds)


if __name__ == "__main__":
    main()
