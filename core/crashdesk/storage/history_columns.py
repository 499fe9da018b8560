"""The history in columns: for who draws a million points or lists a hundred thousand checkpoints, a record each is too much."""

from __future__ import annotations

from array import array

import msgspec

# Column by column in one row: SQLite joins the values while other threads run, and no tuple is made for a point.
POINTS = """
SELECT count(*), group_concat(seq), group_concat(at), group_concat(quantity) FROM
    (SELECT seq, at, quantity FROM series WHERE leg=(SELECT id FROM legs WHERE symbol=? AND side=?) AND seq>?
     ORDER BY seq LIMIT ?)
"""
SUMMARIES = """
SELECT count(*), group_concat(seq), group_concat(at), group_concat(positions), group_concat(orders), group_concat(strategies),
    group_concat(size), group_concat(equity), group_concat(unrealized_pnl) FROM
    (SELECT * FROM summaries WHERE seq>? ORDER BY seq LIMIT ?)
"""


class PointColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Points of one leg by ascending number: `seqs` and `times` (UNIX ns) as signed 64-bit integers, `quantities` as decimal
    texts joined by commas, never negative."""

    seqs: array[int]
    times: array[int]
    quantities: str


class SummaryColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Summaries by ascending number: signed 64-bit integers, and decimal texts joined by commas; `sizes` in bytes."""

    seqs: array[int]
    times: array[int]
    positions: array[int]
    orders: array[int]
    strategies: array[int]
    sizes: array[int]
    equity: str
    unrealized: str


def point_columns(row: tuple[int, str | None, str | None, str | None]) -> PointColumns:
    """From what `POINTS` selects. Raises ValueError."""
    count, seqs, times, quantities = row
    return PointColumns(
        seqs=_integers(seqs, count), times=_integers(times, count), quantities=_decimals(quantities, count)
    )


def summary_columns(row: tuple[int, ...]) -> SummaryColumns:
    """From what `SUMMARIES` selects. Raises ValueError."""
    count = row[0]
    seqs, times, positions, orders, strategies, sizes = (_integers(text, count) for text in row[1:7])
    return SummaryColumns(
        seqs=seqs,
        times=times,
        positions=positions,
        orders=orders,
        strategies=strategies,
        sizes=sizes,
        equity=_decimals(row[7], count),
        unrealized=_decimals(row[8], count),
    )


def _integers(joined: object, count: int) -> array[int]:
    found = array("q", map(int, str(joined).split(",")) if joined is not None else ())
    if len(found) != count:
        raise ValueError("a column of numbers holds something else")
    return found


def _decimals(joined: object, count: int) -> str:
    text = "" if joined is None else str(joined)
    if (text.count(",") + 1 if count else 0) != count:
        raise ValueError("a column of numbers holds something else")
    return text
