"""The order of a column's values: a hundred thousand of them in some ten milliseconds, decimals exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crashdesk_gui.fixed_point import FixedPoint


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Positions in ascending order of a column; `absent` have no value there and come last in either direction."""

    present: NDArray[np.int64]
    absent: NDArray[np.int64]

    def positions(self, *, descending: bool) -> NDArray[np.int64]:
        """All positions in one direction."""
        return np.concatenate((self.present[::-1] if descending else self.present, self.absent))


def rank_numbers(values: NDArray[Any]) -> Ranking:
    """By number; NaN is no value."""
    order = np.argsort(values, kind="stable").astype(np.int64, copy=False)
    if values.dtype.kind != "f":
        return Ranking(order, order[:0])
    present = len(values) - int(np.isnan(values).sum())
    return Ranking(order[:present], order[present:])


def rank_decimals(
    count: int, told: NDArray[np.int64], fixed: FixedPoint | None, exact: Callable[[int], Decimal | None]
) -> Ranking:
    """By decimal: of `count` records those at `told` have one, which `fixed` says; where it is None, `exact` does."""
    there = np.zeros(count, dtype=np.bool_)
    there[told] = True
    if fixed is not None:
        order = fixed.order()
    else:
        values = [exact(position) or Decimal(0) for position in told.tolist()]
        order = np.array(sorted(range(len(values)), key=values.__getitem__), dtype=np.int64)
    return Ranking(told[order], np.flatnonzero(~there))


def runs_of(chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where values are true, as (start, stop) of each run."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def rank_codes(codes: NDArray[np.unsignedinteger[Any]], words: Sequence[str]) -> Ranking:
    """By the word that stands for a code."""
    order = sorted(set(words))
    rank = np.array([order.index(word) for word in words], dtype=np.int64)
    return rank_numbers(rank[codes] if len(words) else codes)
