"""What the charts draw: values that hold from point to point, as arrays for drawing and exact where somebody reads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import dropwhile
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from crashdesk import Side
from crashdesk_gui.series import Known, LegSeries, Series

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
_Number = TypeVar("_Number", bound=np.generic)
_MINUTE_NS = 60_000_000_000
_MISSED_INTERVALS = 3
"""So many intervals without a checkpoint count as a gap, here as in the timeline of the history."""


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
    """A value that holds from each moment until the next, and from the last one `until` the last known moment.

    `times` (UNIX ns, ascending), `seqs` and `values` are of one length; `values` are for drawing, `exact(index)` is the value.
    Before the first of them nothing is known, or, `from_zero`, the value was zero: earlier checkpoints do not have the leg.
    """

    id: CurveId
    times: Integers
    values: Floats
    seqs: Integers
    until: int
    exact: Callable[[int], Decimal]
    from_zero: bool = False

    def __len__(self) -> int:
        return len(self.times)

    def value_at(self, at: int) -> Decimal | None:
        """The exact value that held at a moment; None before the first."""
        position = int(np.searchsorted(self.times, at, "right")) - 1
        return self.exact(position) if position >= 0 else None

    @cached_property
    def latest(self) -> Decimal:
        """The exact value that is known last."""
        return self.exact(len(self) - 1)


@dataclass(frozen=True, eq=False)
class ChartData:
    """Every curve of a store, and its checkpoints in the order of time.

    `gaps` are the (start, end) pairs between two checkpoints where others were expected and are not. `known` is what the curves
    have beyond the last checkpoint, None for nothing; `past` what they have behind earlier ones, by when it began to hold.
    """

    curves: tuple[Curve, ...]
    times: Integers
    seqs: Integers
    gaps: Integers
    known: Known | None = None
    past: Mapping[int, Known] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The time of the first checkpoint."""
        return int(self.times[0])

    @property
    def last(self) -> int:
        """The time of the last checkpoint."""
        return int(self.times[-1])

    @property
    def end(self) -> int:
        """The time of what is known last, which is that of the last checkpoint or later."""
        return max(self.last, self.known.at) if self.known is not None else self.last

    @cached_property
    def curve_ids(self) -> frozenset[CurveId]:
        """Every curve there is."""
        return frozenset(curve.id for curve in self.curves)

    @cached_property
    def legs(self) -> tuple[CurveId, ...]:
        """The quantity curves, those that moved last first."""
        legs = [each for each in self.curves if each.id.measure is Measure.QUANTITY]
        return tuple(each.id for each in sorted(legs, key=lambda leg: int(leg.times[-1]), reverse=True))

    def position_at(self, at: int) -> int | None:
        """Where in `times` the checkpoint stands whose values held at a moment; None before the first."""
        position = int(np.searchsorted(self.times, at, "right")) - 1
        return position if position >= 0 else None

    def position_of(self, seq: int | None) -> int | None:
        """Where in `times` a checkpoint stands; None for one that the history does not know."""
        if seq is None:
            return None
        found = np.flatnonzero(self.seqs == seq)
        return int(found[0]) if len(found) else None

    def past_at(self, at: int) -> Known | None:
        """What was known behind the checkpoint before a moment, where that held then."""
        position = self.position_at(at)
        if position is None:
            return None
        seq = int(self.seqs[position])
        return next((each for since, each in self.past.items() if since <= at and each.seq == seq), None)

    def changes_at(self, at: int) -> int:
        """How many changes of the journal behind the checkpoint before a moment the values at that moment have in them."""
        position = self.position_at(at)
        if position is None:
            return 0
        if position == len(self.times) - 1:
            return self.known.changes_by(at) if self.known is not None else 0
        seq = int(self.seqs[position])
        return next((each.changes_by(at) for each in self.past.values() if each.seq == seq), 0)

    def in_gap(self, at: int) -> bool:
        """Whether a moment lies where checkpoints are missing."""
        position = int(np.searchsorted(self.gaps[:, 0], at, "left")) - 1
        return position >= 0 and at < int(self.gaps[position, 1])


def chart_data(series: Series, interval_ns: int = _MINUTE_NS) -> ChartData:
    """Everything that can be drawn of a store that writes a checkpoint every `interval_ns`. Copies no series that ascends."""
    account = series.account
    order = _order(account.times)
    times, seqs = _ordered(account.times, order), _ordered(account.seqs, order)
    known = series.known if len(times) else None
    end = max(int(times[-1]), known.at if known is not None else 0) if len(times) else None
    begin = int(times[0]) if len(times) else None
    curves = [_leg(leg, begin, end) for leg in series.legs if len(leg)]
    if end is not None:
        for measure, values, exact in (
            (Measure.EQUITY, account.equity, account.exact_equity),
            (Measure.PNL, account.unrealized, account.exact_unrealized),
        ):
            numbers = _ordered(values, order)
            curves.append(Curve(CurveId(measure), times, numbers, seqs, end, _exact(exact, order)))
    if known is not None and end is not None:
        curves = _with_known(curves, known, int(times[-1]), end, int(seqs[-1]))
    missed = np.flatnonzero(np.diff(times) > interval_ns * _MISSED_INTERVALS)
    gaps = np.column_stack((times[missed], times[missed + 1])) if len(missed) else np.empty((0, 2), dtype=np.int64)
    return ChartData(curves=tuple(curves), times=times, seqs=seqs, gaps=gaps, known=known)


def range_for(span_ns: int | None, first: int, last: int, now: int) -> tuple[int, int]:
    """From where to where a range button shows: counted back from now, or from the last checkpoint when that is long ago.

    `span_ns` None means everything; a single moment has some room before it.
    """
    whole = max(last - first, _MINUTE_NS)
    wanted = whole if span_ns is None else span_ns
    end = max(last, min(now, last + wanted // 3))
    begin = first if first < last else first - wanted // 10
    return (begin if span_ns is None else end - span_ns), end + wanted // 40


def default_curves(data: ChartData, symbols: int = 4) -> set[CurveId]:
    """What is shown at first: the symbols that moved last, equity and PnL."""
    chosen = list(dict.fromkeys(leg.symbol for leg in data.legs))[:symbols]
    return {each.id for each in data.curves if each.id.measure is not Measure.QUANTITY or each.id.symbol in chosen}


def shown_now(before: Collection[CurveId], shown: Collection[CurveId], now: Collection[CurveId]) -> set[CurveId]:
    """What is shown when curves have come: those of symbols that are shown, and every one where nothing was hidden.

    A chart that says flat while the other side of its symbol is held would mislead.
    """
    symbols = {each.symbol for each in shown if each.symbol}
    everything = set(before) <= set(shown)
    come = {each for each in now if each not in before and (everything or each.symbol in symbols)}
    return {*shown, *come}


def lanes_of(data: ChartData, shown: Collection[CurveId], held: Collection[CurveId] = ()) -> list[tuple[Curve, ...]]:
    """The charts under each other: one per symbol with its long and short leg, then equity, then PnL.

    Legs that are `held` now and that no checkpoint has are there whatever is `shown`, as long as their symbol has no other chart.
    """
    symbols = {each.symbol for each in shown}
    new = [leg for leg in held if leg not in data.curve_ids and leg.symbol not in symbols]
    lanes: dict[tuple[Measure, str], list[Curve]] = {}
    for curve in (*(curve for curve in data.curves if curve.id in shown), *flat_since_ever(data, new)):
        lanes.setdefault((curve.id.measure, curve.id.symbol), []).append(curve)
    order = list(Measure)
    return [tuple(lanes[key]) for key in sorted(lanes, key=lambda key: (order.index(key[0]), key[1]))]


def flat_since_ever(data: ChartData, legs: Iterable[CurveId]) -> list[Curve]:
    """Curves of legs that no checkpoint has, each of them zero from the first one on."""
    times, seqs = data.times[:1], data.seqs[:1]
    zero = np.zeros(1, dtype=np.float64)
    return [Curve(leg, times, zero, seqs, data.end, lambda _index: Decimal(0)) for leg in legs]


def _leg(leg: LegSeries, begin: int | None, end: int | None) -> Curve:
    order = _order(leg.times)
    times = _ordered(leg.times, order)
    return Curve(
        id=CurveId(Measure.QUANTITY, leg.symbol, leg.side),
        times=times,
        values=_ordered(leg.quantities, order),
        seqs=_ordered(leg.seqs, order),
        until=max(int(times[-1]), end or 0),
        exact=_exact(leg.exact, order),
        from_zero=begin is not None and begin < int(times[0]),
    )


def _with_known(curves: list[Curve], known: Known, last: int, at: int, seq: int) -> list[Curve]:
    """The curves with the points at which what came behind the last checkpoint is another value; a leg that is gone is 0."""
    names = known_curves(known)
    followed = [_followed(curve, known_points(known, curve.id, last, at), at, seq) for curve in curves]
    nothing = np.array([], dtype=np.int64)
    for name in names - {curve.id for curve in curves}:
        # A leg that no checkpoint has.
        empty = Curve(name, nothing, np.array([], dtype=np.float64), nothing, at, _nothing, from_zero=True)
        followed.append(_followed(empty, known_points(known, name, last, at), at, seq))
    return followed


def known_curves(known: Known) -> set[CurveId]:
    """The curves of which something is known behind a checkpoint."""
    legs = [(symbol, side) for symbol, side, _quantity in known.legs]
    legs += [(symbol, side) for symbol, side, _steps in known.steps.legs]
    return {
        *(CurveId(Measure.QUANTITY, symbol, side) for symbol, side in legs),
        CurveId(Measure.EQUITY),
        CurveId(Measure.PNL),
    }


def known_points(known: Known, name: CurveId, since: int, until: int) -> list[tuple[int, Decimal]]:
    """From when which values of a curve held behind the checkpoint at `since`, ascending; the last holds from `until` at most."""
    if name.measure is Measure.QUANTITY:
        assert name.side is not None
        held = {(symbol, side): quantity for symbol, side, quantity in known.legs}
        steps, last = known.steps.of_leg(name.symbol, name.side), held.get((name.symbol, name.side), Decimal(0))
    elif name.measure is Measure.EQUITY:
        steps, last = known.steps.equity, known.equity
    else:
        steps, last = known.steps.unrealized, known.unrealized
    # Clocks may say that what came later was earlier: of what then falls on one moment the latest holds.
    points = {min(max(at, since), until): value for at, value in steps}
    if not points or points[max(points)] != last:
        points[until] = last
    return sorted(points.items())


def changing(points: list[tuple[int, Decimal]], held: Decimal | None) -> list[tuple[int, Decimal]]:
    """The points from the first on that is another value than what held before them; None: nothing is known of that."""
    return list(dropwhile(lambda point: point[1] == held, points))


def _followed(curve: Curve, points: list[tuple[int, Decimal]], until: int, seq: int) -> Curve:
    count, before = len(curve), curve.exact
    points = changing(points, curve.latest if count else None)
    if not points:
        return curve
    values = [value for _at, value in points]
    return Curve(
        id=curve.id,
        times=np.append(curve.times, [at for at, _value in points]),
        values=np.append(curve.values, [float(value) for value in values]),
        seqs=np.append(curve.seqs, [seq] * len(points)),
        until=until,
        exact=lambda index: values[index - count] if index >= count else before(index),
        from_zero=curve.from_zero,
    )


def _nothing(index: int) -> Decimal:
    raise IndexError(index)


def _order(times: Integers) -> Integers | None:
    """The order of time, None when it is that already: only a clock that went back makes it another."""
    return np.argsort(times, kind="stable") if np.any(np.diff(times) < 0) else None


def _ordered(values: NDArray[_Number], order: Integers | None) -> NDArray[_Number]:
    return values if order is None else values[order]


def _exact(exact: Callable[[int], Decimal], order: Integers | None) -> Callable[[int], Decimal]:
    return exact if order is None else lambda index: exact(int(order[index]))
