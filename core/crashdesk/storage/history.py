"""``history.sqlite``: summaries and series for browsing. Derived and disposable; the exact truth is in the files."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from crashdesk.codec import StateSummary
from crashdesk.state import Side
from crashdesk.storage.database import (
    DatabaseDamaged,
    DatabaseUnusable,
    guarded,
    interpreting,
    open_database,
    transaction,
)
from crashdesk.storage.history_changes import Holdings, Leg, breathing, changed
from crashdesk.storage.history_columns import (
    POINTS,
    SUMMARIES,
    PointColumns,
    SummaryColumns,
    point_columns,
    summary_columns,
)
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.renewal import CORRUPT

HISTORY_NAME = "history.sqlite"
VERSION = 2
SCHEMA = """
CREATE TABLE summaries(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, equity TEXT NOT NULL, unrealized_pnl TEXT NOT NULL,
    positions INTEGER NOT NULL, orders INTEGER NOT NULL, strategies INTEGER NOT NULL, size INTEGER NOT NULL);
CREATE TABLE legs(id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, side TEXT NOT NULL, UNIQUE(symbol, side));
CREATE TABLE series(leg INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, quantity TEXT NOT NULL,
    PRIMARY KEY(leg, seq)) WITHOUT ROWID
"""
_BEYOND_ANY = (1 << 63) - 1
# One search in the index per leg: a million points are never gone through.
_QUANTITIES = """
SELECT symbol, side, quantity FROM
    (SELECT symbol, side, (SELECT quantity FROM series WHERE leg=id AND seq<=? ORDER BY seq DESC LIMIT 1) AS quantity FROM legs)
WHERE quantity IS NOT NULL
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


class HistoryDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One checkpoint on which the history and the files disagree, and what to do."""

    seq: int
    text: str


class _Following(msgspec.Struct, frozen=True, kw_only=True):
    """The indexed checkpoint after those that are being added: its points tell what changed since the one before it."""

    seq: int
    at: int
    totals: dict[Leg, Decimal]


class _Run:
    """Checkpoints added in ascending order with no indexed one between them: each needs only the one before."""

    def __init__(self, newest: int, holdings: Holdings, following: _Following | None) -> None:
        self.newest = newest
        self.holdings = holdings
        self.following = following

    def takes(self, seq: int) -> bool:
        return self.newest < seq and (self.following is None or seq < self.following.seq)


class HistoryIndex:
    """The index of one store; in memory where the directory cannot be written. Safe to call from any thread."""

    def __init__(self, directory: Path, *, in_memory: bool = False, read_only: bool = False) -> None:
        """Opens or creates the index; a damaged one is replaced by an empty one, since it can be rebuilt.

        With `read_only` nothing is created or replaced. Raises DatabaseUnusable when the directory cannot be written, or the
        index is in use or of a newer version; with `read_only` also when it is missing or damaged.
        """
        self._mutex = threading.Lock()
        # Kept between calls while nobody else writes the file.
        self._run: _Run | None = None
        self._leg_ids: dict[Leg, int] = {}
        self._data_version: int | None = None
        self.path = directory / HISTORY_NAME
        if in_memory:
            self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            self._connection.executescript(SCHEMA)
        else:
            self._connection = self._open(read_only=read_only)

    def _open(self, *, read_only: bool) -> sqlite3.Connection:
        try:
            return open_database(self.path, schema=SCHEMA, version=VERSION, read_only=read_only, durable=False)
        except DatabaseDamaged:
            if read_only:
                raise
            self._set_aside()
            return open_database(self.path, schema=SCHEMA, version=VERSION, read_only=False, durable=False)

    def _set_aside(self) -> None:
        """Move a damaged index to ``corrupt/``: of checkpoints that are pruned it may be all that is left."""
        aside = self.path.parent / CORRUPT
        try:
            aside.mkdir(mode=0o700, exist_ok=True)
            stamp = self.path.stat().st_mtime_ns if self.path.exists() else 0
            # The log first: beside a new file it would be taken for the new file's.
            for suffix in ("-wal", "-shm", ""):
                old = self.path.with_name(self.path.name + suffix)
                if old.exists():
                    old.replace(aside / f"{self.path.name}.{stamp}{suffix}")
        except OSError as error:
            raise DatabaseUnusable(f"{self.path.name} is damaged and cannot be replaced: {error}") from error

    def close(self) -> None:
        """Close the file."""
        with self._mutex:
            self._connection.close()

    def known(self) -> set[int]:
        """The sequence numbers that are indexed. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            return {row[0] for row in self._connection.execute("SELECT seq FROM summaries")}

    def count(self) -> int:
        """How many checkpoints are indexed. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            return int(self._connection.execute("SELECT count(*) FROM summaries").fetchone()[0])

    def add(self, items: Iterable[tuple[int, StateSummary, int]]) -> None:
        """Index checkpoints, each as (sequence number, summary, file size), in one commit; one that is known is replaced.

        Right in any order, and cheapest in ascending order. Raises DatabaseUnusable and what `items` raises; nothing is
        indexed then.
        """
        with self._mutex, guarded(self.path):
            try:
                with transaction(self._connection):
                    self._forget_what_others_changed()
                    for seq, summary, size in items:
                        self._add(seq, summary, size)
                    if self._run is not None and self._run.following is not None:
                        self._finish_run()
            except BaseException:
                self._data_version = None
                raise

    def _forget_what_others_changed(self) -> None:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._data_version:
            self._run = None
            rows = self._connection.execute("SELECT symbol, side, id FROM legs").fetchall()
            self._leg_ids = {(row[0], row[1]): row[2] for row in breathing(rows)}
            self._data_version = version

    def _add(self, seq: int, summary: StateSummary, size: int) -> None:
        if self._run is None or not self._run.takes(seq):
            self._finish_run()
            self._run = self._begun_run(seq)
        self._run.newest = seq
        self._connection.execute(
            "INSERT INTO summaries VALUES(?,?,?,?,?,?,?,?)",
            (
                seq,
                summary.timestamp,
                str(summary.equity),
                str(summary.unrealized_pnl),
                len(summary.quantities),
                summary.orders,
                summary.strategies,
                size,
            ),
        )
        self._write_points(seq, summary.timestamp, self._run.holdings.advance(summary.quantities))

    def _begun_run(self, seq: int) -> _Run:
        """Ready to add `seq`, which is not indexed any more."""
        row = self._connection.execute(
            "SELECT seq, at FROM summaries WHERE seq>? ORDER BY seq LIMIT 1", (seq,)
        ).fetchone()
        following = _Following(seq=row[0], at=row[1], totals=self._totals_at(row[0])) if row else None
        self._delete_points(seq)
        self._connection.execute("DELETE FROM summaries WHERE seq=?", (seq,))
        return _Run(seq, Holdings(self._totals_at(seq)), following)

    def _finish_run(self) -> None:
        """Make the points of the checkpoint after the run tell what changed since the run's last one."""
        run, self._run = self._run, None
        if run is None or run.following is None:
            return
        following = run.following
        self._delete_points(following.seq)
        self._write_points(following.seq, following.at, changed(run.holdings.totals, following.totals))

    def _delete_points(self, seq: int) -> None:
        self._connection.execute("DELETE FROM series WHERE leg IN (SELECT id FROM legs) AND seq=?", (seq,))

    def _write_points(self, seq: int, at: int, changes: dict[Leg, Decimal]) -> None:
        points = [(self._leg_id(leg), seq, at, str(quantity)) for leg, quantity in breathing(changes.items())]
        self._connection.executemany("INSERT INTO series VALUES(?,?,?,?)", breathing(points))

    def _leg_id(self, leg: Leg) -> int:
        known = self._leg_ids.get(leg)
        if known is None:
            known = self._connection.execute("INSERT INTO legs(symbol, side) VALUES(?,?)", leg).lastrowid
            assert known is not None  # an INSERT has one
            self._leg_ids[leg] = known
        return known

    def _totals_at(self, seq: int) -> dict[Leg, Decimal]:
        """Every leg's quantity as of a checkpoint."""
        rows = self._connection.execute(_QUANTITIES, (seq,)).fetchall()
        with interpreting(self.path):
            return {(row[0], row[1]): Decimal(row[2]) for row in breathing(rows)}

    def page(self, *, before: int | None = None, limit: int = 200) -> list[CheckpointSummary]:
        """The newest summaries, or the newest of those below a sequence number; newest first. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            rows = self._connection.execute(
                "SELECT * FROM summaries WHERE seq<? ORDER BY seq DESC LIMIT ?",
                (_BEYOND_ANY if before is None else before, limit),
            ).fetchall()
        return self._summaries(rows)

    def summaries(self, *, after: int = 0) -> list[CheckpointSummary]:
        """Summaries beyond a sequence number, ascending. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path):
            rows = self._connection.execute("SELECT * FROM summaries WHERE seq>? ORDER BY seq", (after,)).fetchall()
        return self._summaries(rows)

    def _summaries(self, rows: Iterable[Sequence[Any]]) -> list[CheckpointSummary]:
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
            rows = self._connection.execute(
                "SELECT symbol, side FROM legs WHERE EXISTS (SELECT 1 FROM series WHERE leg=id) ORDER BY symbol, side"
            ).fetchall()
        with interpreting(self.path):
            return [(row[0], Side(row[1])) for row in rows]

    def quantities(self, symbol: str, side: Side) -> list[QuantityPoint]:
        """One leg's points in order, short as negative quantities. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path), interpreting(self.path):
            rows = self._connection.execute(
                "SELECT seq, at, quantity FROM series WHERE leg=(SELECT id FROM legs WHERE symbol=? AND side=?) ORDER BY seq",
                (symbol, side.value),
            )
            if side is Side.BUY:
                return [QuantityPoint(seq=seq, at=at, quantity=Decimal(text)) for seq, at, text in rows]
            return [QuantityPoint(seq=seq, at=at, quantity=_negative(Decimal(text))) for seq, at, text in rows]

    def point_columns(self, symbol: str, side: Side, *, after: int = 0, limit: int = 10_000) -> PointColumns:
        """As `quantities`, column by column, from beyond a sequence number and at most `limit`. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path), interpreting(self.path):
            return point_columns(self._connection.execute(POINTS, (symbol, side.value, after, limit)).fetchone())

    def summary_columns(self, *, after: int = 0, limit: int = 10_000) -> SummaryColumns:
        """As `summaries`, column by column and at most `limit`. Raises DatabaseUnusable."""
        with self._mutex, guarded(self.path), interpreting(self.path):
            return summary_columns(self._connection.execute(SUMMARIES, (after, limit)).fetchone())

    def differences(self, checkpoints: Iterable[CheckpointInfo]) -> list[HistoryDifference]:
        """Where the history contradicts the files: kept ones that it lacks, and times that differ. Raises DatabaseUnusable.

        What it tells of checkpoints that are gone is no contradiction: it outlives them.
        """
        with self._mutex, guarded(self.path):
            times = dict(self._connection.execute("SELECT seq, at FROM summaries").fetchall())
        found = []
        for info in checkpoints:
            indexed = times.get(info.seq)
            if indexed is None:
                text = (
                    f"checkpoint {info.seq} is not in the history yet: lists and charts leave it out until the desk or "
                    "--repair adds it"
                )
            elif indexed != info.timestamp:
                text = (
                    f"checkpoint {info.seq} is of {info.timestamp} ns by its file's name and of {indexed} ns in the history: "
                    f"the history is not of this file; --repair corrects it"
                )
            else:
                continue
            found.append(HistoryDifference(seq=info.seq, text=text))
        return found


def _negative(quantity: Decimal) -> Decimal:
    # Arithmetic would round to the decimal context's precision; copying does not.
    return quantity.copy_negate() if quantity else quantity
