"""From a hundred thousand points to the corners of a line on the screen, without losing a peak. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from crashdesk_gui.models.chart_data import Curve, Floats, Integers

_EXACT_PER_COLUMN = 2
"""With so many points per column, or fewer, every one of them is drawn."""
_OUTSIDE = 4.0
"""How far beyond the edges, in columns, a line begins that comes from far outside."""


def outline(curve: Curve, span: tuple[int, int], view: tuple[int, int], columns: int) -> tuple[Floats, Floats]:
    """The corners of a curve within `span`, where `view` (both UNIX ns) is `columns` wide: x in columns, y in values.

    Exact while there are few points. With more, each column has a vertical from the least to the greatest value in it, which
    is what drawing every point would have left on the screen. Empty where the curve has no value.
    """
    start, end = max(span[0], view[0]), min(span[1], view[1], curve.until)
    first = max(int(np.searchsorted(curve.times, start, "right")) - 1, 0)
    last = int(np.searchsorted(curve.times, end, "right"))
    if first >= last or start > end:
        return np.empty(0), np.empty(0)
    times, values = curve.times[first:last], curve.values[first:last]
    # Divided first: what ends with the view is to end at the very edge of it.
    length = view[1] - view[0]
    if len(times) <= columns * _EXACT_PER_COLUMN:
        x = np.repeat((times - view[0]) / length * columns, 2)[1:]
        y = np.repeat(values, 2)[:-1]
    else:
        x, y = _columns(times, values, view, columns)
    if curve.from_zero and first == 0 and start <= times[0]:
        x, y = np.insert(x, 0, x[0]), np.insert(y, 0, 0.0)
    left = max((start - view[0]) / length * columns, -_OUTSIDE)
    # A column's vertical stands in its middle, which may lie a little beyond the end.
    x = np.clip(np.append(x, max((end - view[0]) / length * columns, x[-1])), left, columns)
    return x, np.append(y, values[-1])


def _columns(times: Integers, values: Floats, view: tuple[int, int], columns: int) -> tuple[Floats, Floats]:
    edges = np.linspace(view[0], view[1], columns + 1).astype(np.int64)
    edges[0], edges[-1] = times[0], max(times[-1] + 1, edges[-1])
    found = np.searchsorted(times, edges, "left")
    filled = np.flatnonzero(found[:-1] < found[1:])
    starts, ends = found[filled], found[filled + 1]
    lasts = values[ends - 1]
    enters = np.concatenate((values[:1], lasts[:-1]))
    least, most = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    # Through the farther end first, so that the way to the last value is short.
    upward = most - lasts < lasts - least
    corners = np.column_stack((enters, np.where(upward, least, most), np.where(upward, most, least), lasts)).ravel()
    x = np.repeat(filled + 0.5, 4)
    moved = np.ones(len(x), dtype=bool)
    moved[1:] = (np.diff(x) != 0) | (np.diff(corners) != 0)
    return x[moved], corners[moved]


def wide_gaps(gaps: Integers, view: tuple[int, int], columns: int, least: float = 2.0) -> NDArray[np.int64]:
    """The gaps that can be seen: within the view, and at least so many columns wide."""
    narrowest = (view[1] - view[0]) / columns * least
    seen = (gaps[:, 1] > view[0]) & (gaps[:, 0] < view[1]) & (gaps[:, 1] - gaps[:, 0] >= narrowest)
    return gaps[seen]


def known_spans(gaps: Integers, view: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """What is left of the view without the gaps, in which nothing is known and no line is drawn."""
    start = view[0]
    for gap_start, gap_end in gaps.tolist():
        if gap_start >= start:
            yield start, gap_start
        start = gap_end
    if start <= view[1]:
        yield start, view[1]
