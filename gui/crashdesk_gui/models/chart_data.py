"""What the charts draw: exact values by time, and their approximations for the screen. Built in a worker thread."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import numpy as np

from crashdesk import Side
from crashdesk.storage.history import CheckpointSummary
from crashdesk_gui.models.checkpoints import iso_time
from crashdesk_gui.session import Series

_NS = 1_000_000_000
HOUR_NS = 3600 * _NS


class Measure(Enum):
    """What a curve tells."""

    QUANTITY = "quantity"
    EQUITY = "equity"
    PNL = "unrealized_pnl"


@dataclass(frozen=True, slots=True)
class CurveId:
    """One curve; `symbol` and `side` for quantities only."""

    measure: Measure
    symbol: str = ""
    side: Side | None = None

    @property
    def key(self) -> str:
        """As text, for settings."""
        return "|".join((self.measure.value, self.symbol, self.side.value if self.side else ""))


@dataclass(frozen=True, eq=False)
class Curve:
    """A value that holds from each moment until the next. `times` (UNIX ns) ascend; `x` in seconds and `y` are for drawing."""

    id: CurveId
    times: tuple[int, ...]
    values: tuple[Decimal, ...]
    seqs: tuple[int, ...]
    x: np.ndarray
    y: np.ndarray

    def value_at(self, at: int) -> Decimal | None:
        """The exact value that held at a moment; None before the first."""
        position = bisect_right(self.times, at) - 1
        return self.values[position] if position >= 0 else None

    def bounds(self, start: int, end: int) -> tuple[float, float] | None:
        """The least and the greatest value drawn between two moments; None where nothing is."""
        first = max(bisect_right(self.times, start) - 1, 0)
        last = bisect_right(self.times, end)
        if first >= last:
            return None
        part = self.y[first:last]
        return float(part.min()), float(part.max())


@dataclass(frozen=True, eq=False)
class ChartData:
    """Every curve of a store, and its checkpoints as (time, sequence number) in the order of time."""

    curves: tuple[Curve, ...]
    times: tuple[int, ...]
    seqs: tuple[int, ...]

    @property
    def first(self) -> int:
        """The time of the first checkpoint."""
        return self.times[0]

    @property
    def last(self) -> int:
        """The time of the last checkpoint."""
        return self.times[-1]

    def curve(self, curve: CurveId) -> Curve | None:
        """A curve by its identity."""
        return next((each for each in self.curves if each.id == curve), None)

    def legs(self) -> list[CurveId]:
        """The quantity curves, those that moved last first."""
        legs = [each for each in self.curves if each.id.measure is Measure.QUANTITY]
        return [each.id for each in sorted(legs, key=_latest_move, reverse=True)]

    def nearest(self, at: int) -> int | None:
        """The position in `times` of the checkpoint closest to a moment."""
        if not self.times:
            return None
        position = bisect_left(self.times, at)
        around = [each for each in (position - 1, position) if 0 <= each < len(self.times)]
        return min(around, key=lambda each: abs(self.times[each] - at))


def chart_data(series: Series) -> ChartData:
    """Everything that can be drawn of a store."""
    summaries = sorted(series.summaries, key=lambda summary: summary.at)
    end = summaries[-1].at if summaries else None
    curves = [_leg(symbol, side, points, end) for symbol, side, points in series.legs if points]
    if summaries:
        curves.append(_figures(Measure.EQUITY, summaries, [summary.equity for summary in summaries]))
        curves.append(_figures(Measure.PNL, summaries, [summary.unrealized_pnl for summary in summaries]))
    return ChartData(
        curves=tuple(curves),
        times=tuple(summary.at for summary in summaries),
        seqs=tuple(summary.seq for summary in summaries),
    )


def range_for(span_ns: int | None, first: int, last: int, now: int) -> tuple[int, int]:
    """From where to where a range button shows: counted back from now, or from the last checkpoint when that is long ago.

    `span_ns` None means everything.
    """
    whole = max(last - first, 60 * _NS)
    wanted = whole if span_ns is None else span_ns
    end = max(last, min(now, last + wanted // 3))
    return (first if span_ns is None else end - span_ns), end + wanted // 40


def chart_csv(curves: Iterable[Curve], start: int, end: int) -> bytes:
    """The exact points between two moments, with the value that held at the start; one row per point."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(("time", "unix_ns", "checkpoint", "measure", "symbol", "side", "value"))
    for curve in curves:
        first = max(bisect_right(curve.times, start) - 1, 0)
        for position in range(first, bisect_right(curve.times, end)):
            at = curve.times[position]
            side = curve.id.side.value if curve.id.side else ""
            row = (iso_time(at), at, curve.seqs[position], curve.id.measure.value, curve.id.symbol, side)
            writer.writerow((*row, curve.values[position]))
    return buffer.getvalue().encode("utf-8")


def default_curves(data: ChartData, symbols: int = 4) -> set[CurveId]:
    """What is shown at first: the symbols that moved last, equity and PnL."""
    chosen = list(dict.fromkeys(leg.symbol for leg in data.legs()))[:symbols]
    return {each.id for each in data.curves if each.id.measure is not Measure.QUANTITY or each.id.symbol in chosen}


def lanes_of(data: ChartData, shown: Collection[CurveId]) -> list[list[Curve]]:
    """The charts under each other: one per symbol with its long and short leg, then equity, then PnL."""
    lanes: dict[tuple[Measure, str], list[Curve]] = {}
    for curve in data.curves:
        if curve.id in shown:
            lanes.setdefault((curve.id.measure, curve.id.symbol), []).append(curve)
    order = list(Measure)
    return [lanes[key] for key in sorted(lanes, key=lambda key: (order.index(key[0]), key[1]))]


def _latest_move(curve: Curve) -> int:
    # The last point only carries the value on to the last checkpoint.
    return curve.times[-2] if len(curve.times) > 1 else curve.times[-1]


def _leg(symbol: str, side: Side, points: Sequence, end: int | None) -> Curve:
    ordered = sorted(points, key=lambda point: (point.at, point.seq))
    times = [point.at for point in ordered]
    values = [point.quantity for point in ordered]
    seqs = [point.seq for point in ordered]
    if end is not None and end > times[-1]:
        times.append(end)
        values.append(values[-1])
        seqs.append(seqs[-1])
    return _curve(CurveId(Measure.QUANTITY, symbol, side), times, values, seqs)


def _figures(measure: Measure, summaries: Sequence[CheckpointSummary], values: Sequence[Decimal]) -> Curve:
    return _curve(CurveId(measure), [each.at for each in summaries], values, [each.seq for each in summaries])


def _curve(curve: CurveId, times: Sequence[int], values: Sequence[Decimal], seqs: Sequence[int]) -> Curve:
    x = np.array(times, dtype=np.int64) / _NS
    y = np.array([float(value) for value in values], dtype=np.float64)
    return Curve(id=curve, times=tuple(times), values=tuple(values), seqs=tuple(seqs), x=x, y=y)
