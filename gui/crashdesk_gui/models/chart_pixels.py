"""The line of steps and the ground under it as upright and level rectangles of whole pixels, which a screen fills fastest. Pure.

A rectangle is a row of four: left, top, right, bottom, all within it. Nothing is lost: they cover the pixels of the line. A
`size` is that of the lane, columns and rows of pixels: what runs along its edge stays in it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crashdesk_gui.models.chart_data import Floats

Rectangles = NDArray[np.int32]
"""Of shape (count, 4)."""


def line_rectangles(x: Floats, y: Floats, width: int, size: tuple[int, int]) -> Rectangles:
    """A line through corners in pixels, `x` ascending, that goes only level and upright; so many pixels wide around them."""
    if not len(x):
        return np.empty((0, 4), dtype=np.int32)
    columns, rows = _pixels(x, width, size[0]), _pixels(y, width, size[1])
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


def ground_rectangles(x: Floats, y: Floats, zero: float, size: tuple[int, int]) -> Rectangles:
    """What lies between such a line and the height of zero."""
    # Where the line ends at the right edge, the ground fills the last column.
    columns, rows = _pixels(x, 1, size[0] + 1), _pixels(y, 1, size[1])
    ground = _pixels(np.array([zero]), 1, size[1])[0]
    starts = np.flatnonzero(columns[1:] != columns[:-1])
    held = rows[starts]
    return np.column_stack(
        (columns[starts], np.minimum(held, ground), columns[starts + 1] - 1, np.maximum(held, ground))
    )


def level_rectangles(heights: Floats, width: int, size: tuple[int, int]) -> Rectangles:
    """Lines from one side of the lane to the other, one at each height."""
    rows = _pixels(heights, width, size[1])
    across = np.zeros_like(rows)
    return np.column_stack((across, rows, across + np.int32(size[0] - 1), rows + np.int32(width - 1)))


def _pixels(places: Floats, width: int, most: int) -> NDArray[np.int32]:
    """The first pixel of a line around each place, all of it among the first `most`."""
    return np.clip(np.floor(places + (1 - width) / 2), 0, most - width).astype(np.int32)
