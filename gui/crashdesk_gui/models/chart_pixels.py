"""The line of steps and the ground under it as upright and level rectangles of whole pixels, which a screen fills fastest. Pure.

A rectangle is a row of four: left, top, right, bottom, all within it. Nothing is lost: they cover the pixels of the line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crashdesk_gui.models.chart_data import Floats

Rectangles = NDArray[np.int32]
"""Of shape (count, 4)."""


def line_rectangles(x: Floats, y: Floats, width: int) -> Rectangles:
    """A line through corners in pixels, `x` ascending, that goes only level and upright; so many pixels wide around them."""
    if not len(x):
        return np.empty((0, 4), dtype=np.int32)
    columns, rows = _pixels(x, width), _pixels(y, width)
    starts = np.flatnonzero(np.concatenate(([True], columns[1:] != columns[:-1])))
    uprights = np.column_stack(
        (columns[starts], np.minimum.reduceat(rows, starts), columns[starts], np.maximum.reduceat(rows, starts))
    )
    # From one column to the next one there is nothing between.
    ends = starts[1:] - 1
    far = columns[ends + 1] - columns[ends] > 1
    ends = ends[far]
    levels = np.column_stack((columns[ends], rows[ends], columns[ends + 1], rows[ends]))
    rectangles = np.concatenate((uprights, levels))
    rectangles[:, 2:] += width - 1
    return rectangles


def ground_rectangles(x: Floats, y: Floats, zero: float) -> Rectangles:
    """What lies between such a line and the height of zero."""
    columns, rows, ground = _pixels(x, 1), _pixels(y, 1), int(np.floor(zero))
    starts = np.flatnonzero(columns[1:] != columns[:-1])
    held = rows[starts]
    return np.column_stack(
        (columns[starts], np.minimum(held, ground), columns[starts + 1] - 1, np.maximum(held, ground))
    )


def level_rectangles(left: float, right: float, heights: Floats, width: int) -> Rectangles:
    """Level lines from `left` to `right`, one at each height."""
    rows = _pixels(heights, width)
    ends = np.floor(np.array([left, right - 1])).astype(np.int32)
    return np.column_stack((np.full_like(rows, ends[0]), rows, np.full_like(rows, ends[1]), rows + np.int32(width - 1)))


def _pixels(places: Floats, width: int) -> NDArray[np.int32]:
    """The first pixel of a line around each place."""
    return np.floor(places + (1 - width) / 2).astype(np.int32)
