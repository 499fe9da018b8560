"""What the charts make of numbers: steps, gaps, ticks, and where the marks of the exchange stand."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from decimal import Decimal

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from crashdesk import Side
from crashdesk.storage.history import CheckpointSummary, QuantityPoint
from crashdesk_gui.models.axis_ticks import time_ticks, value_ticks
from crashdesk_gui.models.chart_data import Curve, CurveId, Measure, chart_data
from crashdesk_gui.models.chart_steps import known_spans, outline
from crashdesk_gui.series import AccountSeries, LegSeries, Series
from crashdesk_gui.views.chart_marks import PlacedMark, place_marks
from crashdesk_gui.views.chart_scene import ExchangeMark, LaneShape, no_gaps

NOW = 1_763_781_128_000_000_000
MINUTE = 60_000_000_000
HOUR = 60 * MINUTE
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
LONG, SHORT = (CurveId(Measure.QUANTITY, BTC, side) for side in Side)
PLOT = QRectF(60, 26, 400, 76)
SUMMARY = CheckpointSummary(
    seq=0, at=0, equity=Decimal(1), unrealized_pnl=Decimal(0), positions=1, orders=0, strategies=0, size=1
)


def test_a_gap_between_checkpoints_is_told_and_not_crossed() -> None:
    times = [NOW, NOW + MINUTE, NOW + 20 * MINUTE, NOW + 21 * MINUTE]
    points = [QuantityPoint(seq=n + 1, at=at, quantity=Decimal(n + 1)) for n, at in enumerate(times)]
    account = AccountSeries.of(msgspec.structs.replace(SUMMARY, seq=n + 1, at=at) for n, at in enumerate(times))
    data = chart_data(Series([LegSeries.of(BTC, Side.BUY, points)], account))
    assert data.gaps.tolist() == [[NOW + MINUTE, NOW + 20 * MINUTE]]
    assert [data.in_gap(at) for at in (NOW + MINUTE // 2, NOW + 5 * MINUTE, NOW + 20 * MINUTE)] == [False, True, False]
    view = (NOW, NOW + 21 * MINUTE)
    assert list(known_spans(data.gaps, view)) == [(NOW, NOW + MINUTE), (NOW + 20 * MINUTE, NOW + 21 * MINUTE)]
    before, after = (outline(data.curves[0], span, view, 210) for span in known_spans(data.gaps, view))
    assert before[0].tolist() == [0, 10, 10, 10]
    assert before[1].tolist() == [1, 1, 2, 2]
    assert after[0].tolist() == [200, 210, 210, 210]
    assert after[1].tolist() == [3, 3, 4, 4]


@given(
    seconds=st.lists(st.integers(0, 5_000), min_size=1, max_size=400, unique=True).map(sorted),
    start=st.integers(-100, 5_000),
    length=st.integers(1, 6_000),
    columns=st.integers(1, 50),
)
def test_the_line_on_the_screen_is_that_of_every_point(
    seconds: list[int], start: int, length: int, columns: int
) -> None:
    """Whatever is left out, each column shows the least and the greatest value that held in it."""
    times = np.array(seconds, dtype=np.int64) * 1_000_000_000
    values = np.array([(each * 7919) % 101 for each in seconds], dtype=np.float64)
    curve = Curve(CurveId(Measure.EQUITY), times, values, times, int(times[-1]), lambda index: Decimal(values[index]))
    view = (start * 1_000_000_000, (start + length) * 1_000_000_000)
    x, y = outline(curve, view, view, columns)
    within = (times >= view[0]) & (times <= min(view[1], times[-1]))
    held = curve.value_at(view[0])
    shown = {*values[within].tolist(), *([float(held)] if held is not None and view[0] <= times[-1] else [])}
    assert bool(len(x)) == bool(shown)
    if shown:
        assert (min(y), max(y)) == (min(shown), max(shown))
        assert np.all(np.diff(x) >= 0)
        assert x[-1] <= columns
    for at, value in zip(times[within].tolist(), values[within].tolist(), strict=True):
        place = (at - view[0]) * columns / (view[1] - view[0])
        near = y[np.abs(x - place) <= 1]
        assert near.min() <= value <= near.max()


def test_ticks_are_round_exact_and_in_the_zone() -> None:
    midnight = NOW - NOW % (24 * HOUR)
    east = timezone(timedelta(hours=5, minutes=30))
    assert [tick.text for tick in time_ticks(midnight - HOUR, midnight + HOUR, 4, UTC)] == [
        "23:00",
        "23:30",
        "2025-11-22",
        "00:30",
        "01:00",
    ]
    assert time_ticks(midnight, midnight + HOUR, 2, east)[0].text == "05:30"
    assert [tick.text for tick in time_ticks(midnight, midnight + 48 * HOUR, 2, east)] == ["2025-11-23", "2025-11-24"]
    assert value_ticks(-0.31, 0.3, 4) == [Decimal("-0.2"), Decimal("0.0"), Decimal("0.2")]
    assert value_ticks(9_990.0, 10_021.0, 3) == [10_000, 10_020]
    assert value_ticks(5.0, 5.0, 3) == []


@example(low=2.225073858507e-311, length=10000000010001.0, most=2)
@given(
    low=st.floats(-1e15, 1e15, allow_nan=False),
    length=st.floats(1e-12, 1e15),
    most=st.integers(2, 12),
)
def test_an_axis_has_at_least_two_values_or_it_has_no_scale(low: float, length: float, most: int) -> None:
    high = low + max(length, abs(low) * 1e-6)
    ticks = value_ticks(low, high, most)
    assert 2 <= len(ticks) <= most + 3
    assert len(set(ticks)) == len(ticks)
    assert low <= float(ticks[0]) < float(ticks[-1]) <= high


def test_a_leg_that_was_opened_later_steps_up_from_nothing() -> None:
    times = [NOW + number * MINUTE for number in range(4)]
    account = AccountSeries.of(msgspec.structs.replace(SUMMARY, seq=n, at=at) for n, at in enumerate(times, 1))
    legs = [
        LegSeries.of(symbol, Side.BUY, [QuantityPoint(seq=first + 1, at=times[first], quantity=Decimal(5))])
        for first, symbol in enumerate((BTC, ETH))
    ]
    from_the_start, later = chart_data(Series(legs, account)).curves[:2]
    view = (NOW, NOW + 3 * MINUTE)
    assert [each.tolist() for each in outline(from_the_start, view, view, 30)] == [[0, 30], [5, 5]]
    assert [each.tolist() for each in outline(later, view, view, 30)] == [[10, 10, 30], [0, 5, 5]]
    after = (NOW + 2 * MINUTE, NOW + 3 * MINUTE)
    assert outline(later, after, after, 30)[1].tolist() == [5, 5]


def placed(long: float, short: float, low: float, high: float, *, same: bool = True) -> list[PlacedMark]:
    marks = [(LONG, ExchangeMark(long, same)), (SHORT, ExchangeMark(short, same))]
    return place_marks(marks, LaneShape(no_gaps(), (), low, high, ()), PLOT)


@given(
    long=st.floats(0, 1e12),
    short=st.floats(-1e12, 0),
    low=st.floats(-1e12, 0),
    length=st.floats(1e-9, 1e12),
)
def test_no_mark_hides_another_or_stands_beside_no_lane(long: float, short: float, low: float, length: float) -> None:
    marks = sorted(placed(long, short, low, max(low + length, 1e-9)), key=lambda each: each.y)
    assert marks
    assert all(PLOT.top() <= each.y <= PLOT.bottom() for each in marks)
    if len(marks) == 2:
        assert marks[0].y + 11 <= marks[1].y
        assert (marks[0].curve, marks[1].curve) == (LONG, SHORT)


def test_a_side_that_is_not_held_is_not_marked_beside_one_that_is_and_its_difference_is_not_lost() -> None:
    alone = placed(5.0, -0.01, -1.0, 10.0)
    assert [each.curve for each in alone] == [LONG, SHORT]
    near = place_marks(
        [(LONG, ExchangeMark(0.0, False)), (SHORT, ExchangeMark(-0.01, True))],
        LaneShape(no_gaps(), (), -1.0, 10.0, ()),
        PLOT,
    )
    assert [(each.curve, each.mark.same) for each in near] == [(SHORT, False)]
    both_flat = placed(0.0, 0.0, -1.0, 10.0)
    assert [each.flat for each in both_flat] == [True]


@pytest.mark.parametrize(("long", "beyond"), [(11.0, -1), (9.0, 0)])
def test_a_mark_beyond_what_the_lane_shows_says_in_which_direction(long: float, beyond: int) -> None:
    assert placed(long, -2.0, -1.0, 10.0)[0].beyond == beyond
    assert placed(long, -2.0, -1.0, 10.0)[1].beyond == 1
