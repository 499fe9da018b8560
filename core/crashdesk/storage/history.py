"""``history.sqlite``: summaries and series for browsing. Derived and disposable; the exact truth is in the files."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import msgspec

from crashdesk.state import Side, SystemState
from crashdesk.storage.database import DatabaseUnusable, guarded, open_database
from crashdesk.storage.names import CheckpointInfo

HISTORY_NAME = "history.sqlite"
VERSION = 1
SCHEMA = """
CREATE TABLE summaries(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, equity TEXT NOT NULL, unrealized_pnl TEXT NOT NULL,
    positions INTEGER NOT NULL, orders INTEGER NOT NULL, strategies INTEGER NOT NULL, size INTEGER NOT NULL);
CREATE TABLE series(symbol TEXT NOT NULL, side TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    quantity TEXT NOT NULL, PRIMARY KEY(symbol, side, seq)) WITHOUT ROWID
"""


class CheckpointSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the history; `size` in bytes, `at` the state's time."""

    seq: int
    at: int
    equity: Decimal
    unrealized_pnl: Decimal
    positions: int
    orders: int
    strategies: int
    size: int


class QuantityPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A position's signed quantity from `at` on (short is negative), until the next point."""

    seq: int
    at: int
    quantity: Decimal


class HistoryIndex:
    """The index of one store; in memory where the directory cannot be written. Safe to call from any thread."""

    def __init__(self, directory: Path, *, in_memory: bool = False) -> None:
        """Opens or creates the index; a damaged one is replaced by an empty one, since it can be rebuilt.

        Raises DatabaseUnusable when the directory cannot be written.
        """
        self._mutex = threading.Lock()
        self.path = directory / HISTORY_NAME
        if in_memory:
            self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            self._connection.executescript(SCHEMA)
        else:
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return open_database(self.path, schema=SCHEMA, version=VERSION, read_only=False, durable=False)
        except DatabaseUnusable:
            for suffix in ("", "-wal", "-shm"):
                try:
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
                except OSError as error:
                    raise DatabaseUnusable(f"{self.path.name} is damaged and cannot be replaced: {error}") from error
            return open_database(self.path, schema=SCHEMA, version=VERSION, read_only=False, durable=False)

    def close(self) -> None:
        """Close the file."""
        with self._mutex:
            self._connection.close()

    def known(self) -> set[int]:
        """The sequence numbers that are indexed. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            return {row[0] for row in self._connection.execute("SELECT seq FROM summaries")}

    def add(self, items: Iterable[tuple[CheckpointInfo, SystemState, int]]) -> None:
        """Index checkpoints with their file sizes, ascending by sequence number, in one commit. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            self._connection.execute("BEGIN")
            try:
                for info, state, size in items:
                    self._add(info, state, size)
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _add(self, info: CheckpointInfo, state: SystemState, size: int) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO summaries VALUES(?,?,?,?,?,?,?,?)",
            (
                info.seq,
                state.timestamp,
                str(state.account.equity),
                str(state.account.unrealized_pnl),
                len(state.positions),
                len(state.open_orders),
                len(state.strategy_states or ()),
                size,
            ),
        )
        now: dict[tuple[str, str], Decimal] = {}
        for position in state.positions:
            key = (position.symbol, position.side.value)
            now[key] = now.get(key, Decimal(0)) + position.quantity
        before = self._quantities_before(info.seq)
        for key in now.keys() | before.keys():
            quantity = now.get(key, Decimal(0))
            if before.get(key) != quantity:
                self._connection.execute(
                    "INSERT OR REPLACE INTO series VALUES(?,?,?,?,?)", (*key, info.seq, state.timestamp, str(quantity))
                )

    def _quantities_before(self, seq: int) -> dict[tuple[str, str], Decimal]:
        rows = self._connection.execute(
            "SELECT symbol, side, quantity FROM series AS s WHERE seq=(SELECT max(seq) FROM series"
            " WHERE symbol=s.symbol AND side=s.side AND seq<?)",
            (seq,),
        )
        return {(row[0], row[1]): Decimal(row[2]) for row in rows}

    def summaries(self, *, after: int = 0) -> list[CheckpointSummary]:
        """Summaries beyond a sequence number, ascending. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            rows = self._connection.execute("SELECT * FROM summaries WHERE seq>? ORDER BY seq", (after,)).fetchall()
        return [
            CheckpointSummary(
                seq=row[0],
                at=row[1],
                equity=Decimal(row[2]),
                unrealized_pnl=Decimal(row[3]),
                positions=row[4],
                orders=row[5],
                strategies=row[6],
                size=row[7],
            )
            for row in rows
        ]

    def legs(self) -> list[tuple[str, Side]]:
        """Every (symbol, side) that ever had a position. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            rows = self._connection.execute("SELECT DISTINCT symbol, side FROM series ORDER BY symbol, side").fetchall()
        return [(row[0], Side(row[1])) for row in rows]

    def quantities(self, symbol: str, side: Side) -> list[QuantityPoint]:
        """One leg's points in order, short as negative quantities. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            rows = self._connection.execute(
                "SELECT seq, at, quantity FROM series WHERE symbol=? AND side=? ORDER BY seq", (symbol, side.value)
            ).fetchall()
        sign = 1 if side is Side.BUY else -1
        return [QuantityPoint(seq=row[0], at=row[1], quantity=sign * Decimal(row[2])) for row in rows]
