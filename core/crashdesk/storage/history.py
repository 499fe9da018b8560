"""``history.sqlite``: summaries and series for browsing. Derived and disposable; the exact truth is in the files."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from pathlib import Path

import msgspec

from crashdesk.state import PositionState, Side, SystemState
from crashdesk.storage.database import (
    DatabaseDamaged,
    DatabaseUnusable,
    guarded,
    interpreting,
    open_database,
    transaction,
)
from crashdesk.storage.names import CheckpointInfo

HISTORY_NAME = "history.sqlite"
VERSION = 1
SCHEMA = """
CREATE TABLE summaries(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, equity TEXT NOT NULL, unrealized_pnl TEXT NOT NULL,
    positions INTEGER NOT NULL, orders INTEGER NOT NULL, strategies INTEGER NOT NULL, size INTEGER NOT NULL);
CREATE TABLE series(symbol TEXT NOT NULL, side TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    quantity TEXT NOT NULL, PRIMARY KEY(symbol, side, seq)) WITHOUT ROWID
"""


_Leg = tuple[str, str]
ZERO = Decimal(0)
# Wide enough for any sum of real quantities, and without limits that raise.
_SUM = Context(prec=100, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


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

        Raises DatabaseUnusable when the directory cannot be written, or the index is in use or of a newer version.
        """
        self._mutex = threading.Lock()
        self._quantities: dict[int, dict[_Leg, Decimal]] = {}
        self.path = directory / HISTORY_NAME
        if in_memory:
            self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            self._connection.executescript(SCHEMA)
        else:
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return open_database(self.path, schema=SCHEMA, version=VERSION, read_only=False, durable=False)
        except DatabaseDamaged:
            # The log first: beside a new file it would be taken for the new file's.
            for suffix in ("-wal", "-shm", ""):
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
        """Index checkpoints with their file sizes in one commit; cheapest in ascending order, right in any.

        Raises DatabaseUnusable and what `items` raises; nothing is indexed then.
        """
        with self._mutex, guarded(self.path):
            try:
                with transaction(self._connection):
                    for info, state, size in items:
                        self._add(info.seq, state, size)
            except BaseException:
                self._quantities.clear()
                raise

    def _add(self, seq: int, state: SystemState, size: int) -> None:
        at = state.timestamp
        following = self._connection.execute(
            "SELECT seq, at FROM summaries WHERE seq>? ORDER BY seq LIMIT 1", (seq,)
        ).fetchone()
        after = self._quantities_at(following[0]) if following else {}
        (previous,) = self._connection.execute("SELECT max(seq) FROM summaries WHERE seq<?", (seq,)).fetchone()
        before = self._quantities_at(previous) if previous is not None else {}
        held = _held(state.positions)
        now = {leg: held.get(leg, ZERO) for leg in before.keys() | held.keys()}

        if self._connection.execute("SELECT 1 FROM summaries WHERE seq=?", (seq,)).fetchone():
            self._connection.execute("DELETE FROM series WHERE seq=?", (seq,))
        self._connection.execute(
            "INSERT OR REPLACE INTO summaries VALUES(?,?,?,?,?,?,?,?)",
            (
                seq,
                at,
                str(state.account.equity),
                str(state.account.unrealized_pnl),
                len(state.positions),
                len(state.open_orders),
                len(state.strategy_states or ()),
                size,
            ),
        )
        self._write_changes(seq, at, before, now)
        if following:
            # The next checkpoint's points told what changed since `previous`; from now on, what changed since this one.
            after = {leg: after.get(leg, ZERO) for leg in now.keys() | after.keys()}
            self._connection.executemany(
                "DELETE FROM series WHERE symbol=? AND side=? AND seq=?", [(*leg, following[0]) for leg in after]
            )
            self._write_changes(following[0], following[1], now, after)
        self._quantities = {seq: now} | ({following[0]: after} if following else {})

    def _write_changes(self, seq: int, at: int, old: dict[_Leg, Decimal], new: dict[_Leg, Decimal]) -> None:
        points = [(*leg, seq, at, str(quantity)) for leg, quantity in new.items() if quantity != old.get(leg, ZERO)]
        self._connection.executemany("INSERT INTO series VALUES(?,?,?,?,?)", points)

    def _quantities_at(self, seq: int) -> dict[_Leg, Decimal]:
        """Every leg's quantity as of an indexed checkpoint: remembered for the last one added, read otherwise."""
        known = self._quantities.get(seq)
        if known is not None:
            return known
        rows = self._connection.execute(
            "SELECT symbol, side, quantity, max(seq) FROM series WHERE seq<=? GROUP BY symbol, side", (seq,)
        ).fetchall()
        with interpreting(self.path):
            return {(row[0], row[1]): Decimal(row[2]) for row in rows}

    def summaries(self, *, after: int = 0) -> list[CheckpointSummary]:
        """Summaries beyond a sequence number, ascending. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            rows = self._connection.execute("SELECT * FROM summaries WHERE seq>? ORDER BY seq", (after,)).fetchall()
        with interpreting(self.path):
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
        with interpreting(self.path):
            return [(row[0], Side(row[1])) for row in rows]

    def quantities(self, symbol: str, side: Side) -> list[QuantityPoint]:
        """One leg's points in order, short as negative quantities. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            rows = self._connection.execute(
                "SELECT seq, at, quantity FROM series WHERE symbol=? AND side=? ORDER BY seq", (symbol, side.value)
            ).fetchall()
        with interpreting(self.path):
            return [QuantityPoint(seq=row[0], at=row[1], quantity=_signed(Decimal(row[2]), side)) for row in rows]


def _held(positions: Iterable[PositionState]) -> dict[_Leg, Decimal]:
    held: dict[_Leg, Decimal] = {}
    for position in positions:
        leg = (position.symbol, position.side.value)
        held[leg] = _SUM.add(held[leg], position.quantity) if leg in held else position.quantity
    return held


def _signed(quantity: Decimal, side: Side) -> Decimal:
    # Arithmetic would round to the decimal context's precision; copying does not.
    return quantity.copy_negate() if side is Side.SELL and quantity else quantity
