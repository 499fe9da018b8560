"""The numbers of the orphan orders, counted in one way for every place that says one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from crashdesk.reconcile.records import OrderVerdict


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Each orphan order once, together all: those `waiting` need a decision and have none, `decided` have one, `left_alone` need
    none since they are not ours, `left_before` since an operator left them in an earlier incident.
    """

    waiting: tuple[OrderVerdict, ...] = ()
    decided: int = 0
    left_alone: int = 0
    left_before: int = 0

    @property
    def total(self) -> int:
        """All orphan orders."""
        return len(self.waiting) + self.decided + self.left_alone + self.left_before


def tally(orphans: Iterable[OrderVerdict], decided: Collection[str] = ()) -> Tally:
    """Count these orphan orders; `decided` are the keys of those with a decision."""
    open_ones, taken = [], 0
    for each in orphans:
        if decided and each.key in decided:
            taken += 1
        else:
            open_ones.append(each)
    waiting = tuple(each for each in open_ones if not each.left_alone)
    before = sum(bool(each.dismissed) for each in open_ones)
    return Tally(waiting=waiting, decided=taken, left_alone=len(open_ones) - len(waiting) - before, left_before=before)
