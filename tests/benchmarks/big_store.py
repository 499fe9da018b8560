"""A store as large as a desk meets: real files, a real journal, a real history, built in seconds rather than hours.

``python tests/benchmarks/big_store.py DIRECTORY [--checkpoints N] [--symbols N] [--points N] [--audit-entries N]``.
Every file is valid and every table holds what the store itself would have written.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import msgspec

from crashdesk import AccountState, PositionState, Side, StateStore, SystemState
from crashdesk.audit import GENESIS, AuditEntry, AuditKind, chain_hash
from crashdesk.clock import SystemClock
from crashdesk.codec import encode
from crashdesk.storage.history import HistoryIndex
from crashdesk.storage.journal import Journal
from crashdesk.storage.names import checkpoint_name

INTERVAL_NS = 60_000_000_000
_KINDS = (AuditKind.DECISION, AuditKind.INTENT, AuditKind.OUTCOME, AuditKind.PROBLEM)
_CAUSES = ("periodic", "periodic", "periodic", "trade", "trade", "manual")
_MONEY = Decimal("100000.12345678")


def build(
    directory: Path,
    *,
    checkpoints: int = 100_000,
    symbols: int = 50,
    points: int = 1_000_000,
    audit_entries: int = 100_000,
) -> None:
    """Make a store whose newest checkpoint is of now, one a minute; `points` are spread over two legs of each symbol.

    Files hold one position each; the history tells of many more, as it does of checkpoints that were larger.
    """
    newest = time.time_ns() - INTERVAL_NS
    times = [newest - (checkpoints - seq) * INTERVAL_NS for seq in range(1, checkpoints + 1)]
    with StateStore(directory, purpose="a benchmark"):
        pass
    _write_files(directory / "checkpoints", times)
    _write_history(directory, times, symbols, points)
    _write_journal(directory, times, audit_entries)


def _state(seq: int, at: int) -> SystemState:
    position = PositionState(
        id="S0/USDT:USDT:long",
        symbol="S0/USDT:USDT",
        side=Side.BUY,
        quantity=Decimal(seq % 977 + 1).scaleb(-3),
        entry_price=Decimal("63000.10"),
        unrealized_pnl=Decimal(seq % 501 - 250).scaleb(-2),
        opened_at=at,
    )
    account = AccountState(
        equity=_equity(seq),
        balance=_MONEY,
        available=_MONEY,
        margin_used=Decimal(0),
        unrealized_pnl=position.unrealized_pnl,
    )
    return SystemState(timestamp=at, account=account, positions=(position,), open_orders=())


def _equity(seq: int) -> Decimal:
    return _MONEY + Decimal(seq * 7919 % 200_003).scaleb(-2)


def _write_files(directory: Path, times: list[int]) -> None:
    for seq, at in enumerate(times, start=1):
        file = os.open(directory / checkpoint_name(seq, at), os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(file, encode(_state(seq, at)))
        os.close(file)


def _write_history(directory: Path, times: list[int], symbols: int, points: int) -> None:
    with closing(HistoryIndex(directory)) as index:
        path = index.path
    legs = [(f"S{number}/USDT:USDT", side) for number in range(symbols) for side in ("buy", "sell")]
    each = max(points // len(legs), 1) if legs else 0
    size = len(encode(_state(1, times[0]))) if times else 0
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO summaries VALUES(?,?,?,?,?,?,?,?)",
            (
                (seq, at, str(_equity(seq)), str(Decimal(seq % 501 - 250).scaleb(-2)), 10, 20 + seq % 7, 1, size)
                for seq, at in enumerate(times, start=1)
            ),
        )
        connection.executemany("INSERT INTO legs(symbol, side) VALUES(?,?)", legs)
        for leg in range(1, len(legs) + 1):
            step = max(len(times) // each, 1)
            seqs = range(1 + leg % step, len(times) + 1, step)[:each]
            connection.executemany(
                "INSERT INTO series VALUES(?,?,?,?)",
                ((leg, seq, times[seq - 1], str(Decimal((seq * leg) % 1999).scaleb(-3))) for seq in seqs),
            )
        connection.execute("COMMIT")


def _write_journal(directory: Path, times: list[int], audit_entries: int) -> None:
    with closing(Journal(directory, SystemClock())) as journal:
        path = journal.path
    start = times[0] if times else 0
    span = max(times[-1] - start, 1) if times else 1
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        causes = ((seq, _CAUSES[seq % len(_CAUSES)]) for seq in range(1, len(times) + 1))
        connection.executemany("INSERT INTO causes VALUES(?,?)", causes)
        previous = GENESIS
        rows = []
        for seq in range(1, audit_entries + 1):
            entry = _entry(seq, start + span * seq // (audit_entries + 1))
            entry = msgspec.structs.replace(entry, hash=chain_hash(previous, entry))
            previous = entry.hash
            rows.append((seq, entry.at, entry.kind.value, entry.plan_id, entry.order_key, msgspec.json.encode(entry)))
        connection.executemany("INSERT INTO audit VALUES(?,?,?,?,?,?)", rows)
        connection.execute("COMMIT")


def _entry(seq: int, at: int) -> AuditEntry:
    kind = _KINDS[seq % len(_KINDS)]
    data = {"action": "cancel", "outcome": "cancelled"} if kind is AuditKind.OUTCOME else {}
    return AuditEntry(
        seq=seq,
        at=at,
        kind=kind,
        who="operator" if seq % 3 else "crashdesk",
        text=f"order {4_810_000_000 + seq} of S{seq % 50}/USDT:USDT was looked at again after {seq % 97} s",
        order_key=f"id:S{seq % 50}/USDT:USDT:{4_810_000_000 + seq}",
        plan_id=f"plan-{seq // 40}",
        data=data,
    )


def main() -> None:
    """Build one and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--checkpoints", type=int, default=100_000)
    parser.add_argument("--symbols", type=int, default=50)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--audit-entries", type=int, default=100_000)
    options = parser.parse_args()
    began = time.perf_counter()
    build(
        options.directory,
        checkpoints=options.checkpoints,
        symbols=options.symbols,
        points=options.points,
        audit_entries=options.audit_entries,
    )
    print(f"{time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
