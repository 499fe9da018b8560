"""What a screen is given to fill says the same as the steps themselves, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from crashdesk_gui.models.chart_data import Curve, CurveId, Measure
from crashdesk_gui.models.chart_pixels import Rectangles, ground_rectangles, level_rectangles, line_rectangles
from crashdesk_gui.models.chart_steps import known_spans, outline, wide_gaps

MOST = 40
ROWS = 2 * MOST + 1
SECOND = 1_000_000_000
Raster = NDArray[np.bool_]


@dataclass(frozen=True)
class Drawn:
    """Steps, what of them is known, and the columns that they are shown in; nothing happens on the edge of a column."""

    points: dict[int, int]
    gaps: tuple[tuple[int, int], ...]
    until: int
    columns: int
    seconds: int
    from_zero: bool

    @property
    def view(self) -> tuple[int, int]:
        return 0, self.columns * self.seconds * SECOND

    @property
    def curve(self) -> Curve:
        times = np.array(sorted(self.points), dtype=np.int64)
        values = np.array([self.points[each] for each in sorted(self.points)], dtype=np.float64)
        name = CurveId(Measure.PNL)
        return Curve(name, times, values, times, self.until, lambda index: Decimal(values[index]), self.from_zero)

    def known_at(self, at: int) -> int | None:
        """The value at a moment; None where nothing is known."""
        if at > self.until or any(start < at < end for start, end in self.gaps):
            return None
        before = [each for each in self.points if each <= at]
        return self.points[max(before)] if before else None

    def column(self, number: int) -> range:
        return range(number * self.seconds * SECOND, (number + 1) * self.seconds * SECOND)

    def held_in(self, number: int) -> set[int]:
        """Every value that held at some time of a column, the one that was left in it too."""
        column = self.column(number)
        moments = {column.start, column.stop - 1, self.until}
        moments |= {
            each for at in (*self.points, *(edge for gap in self.gaps for edge in gap)) for each in (at, at - 1)
        }
        held = {self.known_at(each) for each in moments if each in column} - {None}
        first = min(self.points)
        if self.from_zero and first in column and self.known_at(first) is not None:
            held.add(0)
        return held


def halves(most: int) -> st.SearchStrategy[int]:
    return st.integers(-20, most).map(lambda second: second * SECOND + SECOND // 2)


@st.composite
def drawings(draw: st.DrawFn) -> Drawn:
    columns, seconds = draw(st.integers(3, 40)), draw(st.integers(1, 60))
    whole = columns * seconds
    times = draw(st.lists(halves(whole + 5), min_size=1, max_size=200, unique=True))
    values = draw(st.lists(st.integers(-MOST, MOST), min_size=len(times), max_size=len(times)))
    edges = sorted(draw(st.lists(halves(whole + 5), max_size=6, unique=True)))
    gaps = np.array(list(zip(edges[::2], edges[1::2], strict=False)), dtype=np.int64).reshape(-1, 2)
    wide = wide_gaps(gaps, (0, whole * SECOND), columns)
    return Drawn(
        points=dict(zip(times, values, strict=True)),
        gaps=tuple((start, end) for start, end in wide.tolist()),
        until=max(*times, draw(halves(whole + 5))),
        columns=columns,
        seconds=seconds,
        from_zero=draw(st.booleans()),
    )


def height_of(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return MOST - values + 0.25


def row(value: int) -> int:
    return MOST - value


def filled(drawn: Drawn, rectangles: list[Rectangles]) -> Raster:
    """The lane with the rectangles in it. Fails for one that is empty or not wholly in the lane."""
    lane = np.zeros((drawn.columns, ROWS), dtype=bool)
    for left, top, right, bottom in np.concatenate([np.empty((0, 4), dtype=np.int32), *rectangles]).tolist():
        assert 0 <= left <= right < drawn.columns
        assert 0 <= top <= bottom < ROWS
        lane[left : right + 1, top : bottom + 1] = True
    return lane


def outlines(drawn: Drawn) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    gaps = np.array(drawn.gaps, dtype=np.int64).reshape(-1, 2)
    found = (outline(drawn.curve, span, drawn.view, drawn.columns) for span in known_spans(gaps, drawn.view))
    return [(x, height_of(y)) for x, y in found if len(x)]


@given(drawn=drawings())
def test_the_stroke_covers_what_held_in_each_column_and_nothing_else(drawn: Drawn) -> None:
    size = drawn.columns, ROWS
    lane = filled(drawn, [line_rectangles(x, y, 1, size) for x, y in outlines(drawn)])
    for number in range(drawn.columns):
        held = drawn.held_in(number)
        expected = set(range(row(max(held)), row(min(held)) + 1)) if held else set()
        assert set(np.flatnonzero(lane[number]).tolist()) == expected, number


@given(drawn=drawings())
def test_a_wider_stroke_lies_around_the_thin_one_and_stays_in_the_lane(drawn: Drawn) -> None:
    size = drawn.columns, ROWS
    thin, wide = (filled(drawn, [line_rectangles(x, y, width, size) for x, y in outlines(drawn)]) for width in (1, 2))
    around = np.zeros((drawn.columns + 2, ROWS + 2), dtype=bool)
    for across in range(3):
        for down in range(3):
            around[across : across + drawn.columns, down : down + ROWS] |= thin
    assert not np.any(thin & ~wide)
    assert not np.any(wide & ~around[1:-1, 1:-1])


@given(drawn=drawings())
@example(drawn=Drawn({SECOND // 2: 0}, (), 401 * SECOND, columns=16, seconds=25, from_zero=False))
def test_the_ground_reaches_from_zero_to_the_last_value_of_each_column(drawn: Drawn) -> None:
    size = drawn.columns, ROWS
    lane = filled(drawn, [ground_rectangles(x, y, MOST + 0.25, size) for x, y in outlines(drawn)])
    for number in range(drawn.columns):
        last = drawn.known_at(drawn.column(number).stop - 1)
        expected = set(range(min(row(last), MOST), max(row(last), MOST) + 1)) if last is not None else set()
        assert set(np.flatnonzero(lane[number]).tolist()) == expected, number


@given(heights=st.lists(st.floats(0, ROWS - 0.01), max_size=5), width=st.integers(1, 3))
def test_a_level_runs_through_the_whole_lane(heights: list[float], width: int) -> None:
    rectangles = level_rectangles(np.array(heights), width, (7, ROWS))
    assert rectangles[:, 0].tolist() == [0] * len(heights)
    assert rectangles[:, 2].tolist() == [6] * len(heights)
    assert np.all((rectangles[:, 1] >= 0) & (rectangles[:, 3] < ROWS))
    assert np.all(rectangles[:, 3] - rectangles[:, 1] == width - 1)
    assert np.all(np.abs((rectangles[:, 1] + rectangles[:, 3] + 1) / 2 - heights) <= width / 2 + 0.5)
