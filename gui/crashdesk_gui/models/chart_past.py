"""The curves with what recoveries started from: what the journal's changes made of a checkpoint, until the next one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from crashdesk_gui.models.chart_data import ChartData, Curve, CurveId, Measure, changing, known_curves, known_points
from crashdesk_gui.series import Known


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What was known behind the checkpoint at `begin`, all of it from `at` on, until the checkpoint `next_seq` at `until`."""

    known: Known
    begin: int
    at: int
    until: int
    next_seq: int


def with_past(data: ChartData, past: Sequence[Known]) -> ChartData:
    """The same with what was known behind some checkpoints; a gap that follows one begins when nothing was known any more."""
    stretches = [found for each in past if (found := _stretch(data, each)) is not None]
    if not stretches:
        return data
    curves = {curve.id: curve for curve in data.curves}
    for stretch in stretches:
        for name in known_curves(stretch.known):
            if name not in curves:
                curves[name] = _nothing_yet(name, data)
    gaps = data.gaps.copy()
    for stretch in stretches:
        gaps[gaps[:, 1] == stretch.until, 0] = stretch.at
    followed = tuple(_with_stretches(curve, stretches) for curve in curves.values())
    told = {stretch.at: stretch.known for stretch in stretches}
    return ChartData(curves=followed, times=data.times, seqs=data.seqs, gaps=gaps, known=data.known, past=told)


def _stretch(data: ChartData, known: Known) -> _Stretch | None:
    place = data.position_of(known.seq)
    if place is None or place + 1 >= len(data.times):
        return None
    begin, until = int(data.times[place]), int(data.times[place + 1])
    # Clocks may say that what came later was earlier: then there is no moment to show it at.
    return _Stretch(known, begin, known.at, until, int(data.seqs[place + 1])) if begin <= known.at < until else None


def _nothing_yet(name: CurveId, data: ChartData) -> Curve:
    nothing = np.array([], dtype=np.int64)
    return Curve(name, nothing, np.array([], dtype=np.float64), nothing, data.end, _none, from_zero=True)


def _with_stretches(curve: Curve, stretches: Sequence[_Stretch]) -> Curve:
    points: list[tuple[int, int, int, Decimal]] = []
    for stretch in stretches:
        held = curve.value_at(stretch.begin)
        if held is None and curve.id.measure is Measure.QUANTITY:
            held = Decimal(0)
        told = changing(known_points(stretch.known, curve.id, stretch.begin, stretch.at), held)
        if held is None or not told:
            continue
        place = int(np.searchsorted(curve.times, stretch.begin, "right"))
        points += [(place, at, stretch.known.seq or 0, value) for at, value in told]
        if told[-1][1] != held and (place == len(curve) or int(curve.times[place]) > stretch.until):
            points.append((place, stretch.until, stretch.next_seq, held))
    return _with_points(curve, points) if points else curve


def _with_points(curve: Curve, points: Sequence[tuple[int, int, int, Decimal]]) -> Curve:
    """With (place in the curve, time, number, value) before the points that stand there; ascending."""
    places = [place for place, _at, _seq, _value in points]
    at_places = [place + number for number, place in enumerate(places)]
    values, before = [value for *_rest, value in points], curve.exact

    def exact(index: int) -> Decimal:
        number = bisect_left(at_places, index)
        if number < len(at_places) and at_places[number] == index:
            return values[number]
        return before(index - number)

    return Curve(
        id=curve.id,
        times=np.insert(curve.times, places, [at for _place, at, _seq, _value in points]),
        values=np.insert(curve.values, places, [float(value) for value in values]),
        seqs=np.insert(curve.seqs, places, [seq for _place, _at, seq, _value in points]),
        until=curve.until,
        exact=exact,
        from_zero=curve.from_zero,
    )


def _none(index: int) -> Decimal:
    raise IndexError(index)
