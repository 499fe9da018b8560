"""How fast the store is: encode, decode, durable save, recovery, and one durable change, all contenders in one run.

``python tests/benchmarks/storage.py [--rounds K] [--largest N]``. Compare ratios, not milliseconds: machines differ. orjson
takes part where it is installed (``pip install -e '.[bench]'``).
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import itertools
import os
import pickle
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
from subjects import NOW, SIZES, medians_ms, order, print_ratio, print_table, state

from crashdesk import LiveState, RecoveryConfig, RecoveryManager, StateStore, SystemState
from crashdesk.clock import SystemClock
from crashdesk.codec import assemble, decode, encode
from crashdesk.recall import recall
from crashdesk.storage.journal import Journal

Contender = Callable[[], object]


def whole(live: LiveState) -> Iterator[bytes]:
    """The checkpoint file of a LiveState in pieces."""
    kept = live.encoded()
    return assemble(
        timestamp=kept.timestamp,
        account=kept.account,
        positions=kept.positions,
        orders=kept.orders,
        strategies=kept.strategies,
    )


def raw_save(directory: Path, data: bytes, numbers: Iterator[int]) -> None:
    """The limit: the same bytes to a fresh name, file and directory flushed."""
    name = directory / f"raw-{next(numbers)}"
    descriptor = os.open(f"{name}.tmp", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
    os.rename(f"{name}.tmp", name)
    descriptor = os.open(directory, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def as_json(subject: SystemState) -> Contender | None:
    """orjson of the same records as built-in types."""
    if importlib.util.find_spec("orjson") is None:
        return None
    import orjson

    return lambda: orjson.dumps(msgspec.to_builtins(subject, builtin_types=(Decimal,)), default=str)


def sqlite_table(directory: Path, subject: SystemState) -> tuple[Contender, Contender, Contender]:
    """(save all orders in one commit, read them all, change one): a table in WAL mode, flushed at every commit."""
    connection = sqlite3.connect(directory / "orders.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE orders(id TEXT PRIMARY KEY,a,b,c,d,e,f,g,h,i)")
    insert = "INSERT OR REPLACE INTO orders VALUES(?,?,?,?,?,?,?,?,?,?)"

    def rows() -> list[tuple[object, ...]]:
        return [tuple(msgspec.to_builtins(one).values()) for one in subject.open_orders]

    def save() -> None:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM orders")
        connection.executemany(insert, rows())
        connection.execute("COMMIT")

    one = tuple(msgspec.to_builtins(order(1)).values())
    return save, lambda: connection.execute("SELECT * FROM orders").fetchall(), lambda: connection.execute(insert, one)


def measure(positions: int, orders: int, rounds: int) -> None:
    """Print everything for a state of one size."""
    subject = state(positions, orders)
    data, pickled, packed = encode(subject), pickle.dumps(subject, 5), msgspec.msgpack.encode(subject)
    live = LiveState()
    live.restore(subject)
    print(f"\n=== {positions} positions, {orders} orders, {len(data)} bytes, medians of {rounds} rounds")
    json = as_json(subject)
    with tempfile.TemporaryDirectory() as temporary, StateStore(Path(temporary) / "store") as store:
        directory, numbers = Path(temporary), itertools.count()
        table_save, table_read, table_change = sqlite_table(directory, subject)
        table_save()
        encoding = {
            "encode from LiveState": lambda: b"".join(whole(live)),
            "encode a state": lambda: encode(subject),
            "pickle 5": lambda: pickle.dumps(subject, 5),
            "msgspec msgpack": lambda: msgspec.msgpack.encode(subject),
        }
        if json is not None:
            encoding["orjson"] = json
        print_table("encode", medians_ms(encoding, rounds))
        decoding = medians_ms(
            {
                "decode": lambda: decode(data),
                "unpickle": lambda: pickle.loads(pickled),
                "msgspec msgpack": lambda: msgspec.msgpack.decode(packed, type=SystemState),
                "SQLite: the rows alone": table_read,
            },
            rounds,
        )
        print_table("decode", decoding)
        print_ratio("decode : unpickle", decoding["decode"] / decoding["unpickle"], "<= 1")
        saving: dict[str, Contender] = {
            "durable save from LiveState": lambda: store.save_chunks(NOW, whole(live)),
            "the limit: write, fsync, rename, fsync directory": lambda: raw_save(directory, data, numbers),
            "pickle 5 to the limit": lambda: raw_save(directory, pickle.dumps(subject, 5), numbers),
            "SQLite table, WAL FULL": table_save,
        }
        if json is not None:
            saving["orjson to the limit"] = lambda: raw_save(directory, json(), numbers)  # type: ignore[arg-type]
        saved = medians_ms(saving, rounds)
        print_table("durable save", saved)
        ours = saved["durable save from LiveState"]
        for name, target in [
            ("the limit: write, fsync, rename, fsync directory", "<= 3"),
            *((name, "<= 0.33") for name in saving if "limit:" not in name and "LiveState" not in name),
        ]:
            print_ratio(f"durable save : {name}", ours / saved[name], target)
    measure_recovery(subject, pickled, rounds)
    measure_change(subject, ours, rounds, table_change)


def measure_recovery(subject: SystemState, pickled: bytes, rounds: int) -> None:
    """A checkpoint and 1,000 changes after it, to a LiveState that goes on from there."""
    with tempfile.TemporaryDirectory() as temporary:
        live, directory = LiveState(), Path(temporary) / "store"
        with RecoveryManager(live, RecoveryConfig(checkpoint_dir=directory)) as manager:
            live.restore(subject)
            for _ in range(3):  # as in a run that has gone on for a while: the journal is trimmed behind the newest two
                manager.checkpoint()
            for number in range(1000):
                live.put_order(order(number % len(subject.open_orders), filled_quantity=Decimal(number) / 1000))
            live.set_strategy("last", b"", wait=True)
            expected = live.snapshot()
            with StateStore(directory, read_only=True) as store:
                journal = Journal(directory, SystemClock(), read_only=True)

                def recover() -> LiveState:
                    last = recall(store, journal.batches())
                    assert last is not None
                    found = LiveState()
                    found.restore(last.state, records=last.records)
                    return found

                assert set(recover().orders) == set(expected.open_orders)
                times = medians_ms(
                    {"recovery: checkpoint + 1,000 changes": recover, "unpickle": lambda: pickle.loads(pickled)}, rounds
                )
                journal.close()
    print_table("recovery", times)
    print_ratio("recovery : unpickle", times["recovery: checkpoint + 1,000 changes"] / times["unpickle"], "<= 1")


def measure_change(subject: SystemState, checkpoint_ms: float, rounds: int, table_change: Contender) -> None:
    """One order changed and durable, against the limit of such a thing."""
    many = 200
    with tempfile.TemporaryDirectory() as temporary:
        live, directory = LiveState(), Path(temporary)
        config = RecoveryConfig(checkpoint_dir=directory / "store")
        with RecoveryManager(live, config) as manager, contextlib.ExitStack() as stack:
            live.restore(subject)
            manager.checkpoint()
            changed, numbers = order(1), itertools.count()
            descriptor = os.open(directory / "appended", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            stack.callback(os.close, descriptor)

            def change() -> None:
                for _ in range(many):
                    live.put_order(changed, wait=True)

            def intend() -> None:
                for _ in range(many):
                    manager.intend_order(
                        symbol="X", client_order_id=str(next(numbers)), side="buy", order_type="limit", quantity="1"
                    )

            def append() -> None:
                for _ in range(many):
                    os.write(descriptor, bytes(200))
                    os.fdatasync(descriptor)

            def unwaited() -> None:
                for _ in range(many):
                    live.put_order(changed)

            def in_table() -> None:
                for _ in range(many):
                    table_change()

            times = {
                name: value / many
                for name, value in medians_ms(
                    {
                        "a durable change": change,
                        "a durable intent": intend,
                        "the limit: append 200 bytes, fdatasync": append,
                        "one row of a SQLite table, WAL FULL": in_table,
                        "a change that nobody waits for": unwaited,
                    },
                    rounds,
                ).items()
            }
    print_table("one change", times)
    durable = times["a durable change"]
    print_ratio("a durable change : the limit", durable / times["the limit: append 200 bytes, fdatasync"], "<= 2.5")
    print_ratio("a full checkpoint : a durable change", checkpoint_ms / durable, ">= 10 at 10,000 orders")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--largest", type=int, default=100_000, help="leave out states with more orders")
    options = parser.parse_args()
    for positions, orders in SIZES:
        if orders <= options.largest:
            measure(positions, orders, options.rounds)


if __name__ == "__main__":
    main()
