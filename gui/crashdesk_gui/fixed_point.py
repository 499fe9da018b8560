"""Decimals as integers of one scale: exact to compare and to subtract, a hundred thousand of them in some milliseconds."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_LOW_DIGITS = 18
_MOST_DIGITS = 2 * _LOW_DIGITS
_BASE = 10**_LOW_DIGITS
_ZERO, _MINUS, _POINT, _COMMA = (ord(letter) for letter in "0-.,")


class FixedPoint(NamedTuple):
    """Numbers as `high` × 10^18 + `low` of one common unit, `low` from 0 up to 10^18: in order by `high`, then `low`."""

    high: Integers
    low: Integers

    def at(self, places: Integers) -> FixedPoint:
        """Those at these places."""
        return FixedPoint(self.high[places], self.low[places])

    def minus(self, other: FixedPoint) -> FixedPoint:
        """The exact differences to numbers of the same unit."""
        return _carried(self.high - other.high, self.low - other.low)

    def order(self) -> Integers:
        """Their places in ascending order; of equal ones the first comes first."""
        if not self.high.any():
            return np.argsort(self.low, kind="stable")
        return np.lexsort((self.low, self.high))


def fixed_point(texts: bytes, *, negative: bool = False) -> FixedPoint | None:
    """From decimals in ASCII, a comma after each; with `negative` of the other sign.

    None where one unit for all would take more than 36 digits.
    """
    if b"E" in texts:
        values = [Decimal(text.decode("ascii")) for text in texts.split(b",")[:-1]]
        if any(abs(value.adjusted()) > _MOST_DIGITS for value in values):
            return None
        texts = "".join(f"{value:f}," for value in values).encode("ascii")
    letters = np.frombuffer(texts, dtype=np.uint8)
    ends = np.flatnonzero(letters == _COMMA)
    if not len(ends):
        return FixedPoint(ends, ends)
    starts = np.concatenate((ends[:1] * 0, ends[:-1] + 1))
    points = np.flatnonzero(letters == _POINT)
    point = ends.copy()
    point[np.searchsorted(ends, points)] = points
    whole, after = int((point - starts).max()), max(int((ends - point).max()) - 1, 0)
    if whole + after > _MOST_DIGITS:
        return None
    below = letters[starts] == _MINUS
    high, low = np.zeros(len(ends), dtype=np.int64), np.zeros(len(ends), dtype=np.int64)
    for place in range(-whole, after):
        limb = low if after - place <= _LOW_DIGITS else high
        limb *= 10
        limb += _digits(letters, point + place + (place >= 0), starts + below, ends)
    sign = np.where(below != negative, -1, 1)
    return _carried(high * sign, low * sign)


def _digits(letters: NDArray[np.uint8], at: Integers, starts: Integers, ends: Integers) -> Integers:
    """The digits that stand there, 0 beyond the texts."""
    there = (at >= starts) & (at < ends)
    return np.where(there, letters[np.where(there, at, 0)].astype(np.int64) - _ZERO, 0)


def _carried(high: Integers, low: Integers) -> FixedPoint:
    carry, low = np.divmod(low, _BASE)
    return FixedPoint(high + carry, low)
