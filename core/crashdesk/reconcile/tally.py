"""The numbers of the orphan orders, counted in one way for every place that says one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from crashdesk.reconcile.records import OrderVerdict


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Each orphan order once, together all: those `waiting` need a decision and have none, `decided` have one, `proposed` only
    what the desk proposes and nobody has touched, `left_alone` need none since they are not ours, `left_before` since an operator
    left them in an earlier incident. `protecting_alone` of those left alone protect a position.
    """

    waiting: tuple[OrderVerdict, ...] = ()
    decided: int = 0
    proposed: int = 0
    left_alone: int = 0
    left_before: int = 0
    protecting_alone: int = 0

    @property
    def total(self) -> int:
        """All orphan orders."""
        return len(self.waiting) + self.settled + self.left_alone + self.left_before

    @property
    def settled(self) -> int:
        """The orders with which a recovery does something: what was decided, or proposed and not objected to."""
        return self.decided + self.proposed


def tally(orphans: Iterable[OrderVerdict], decided: Collection[str] = (), *, proposed: Collection[str] = ()) -> Tally:
    """Count these orphan orders; `decided` are the keys of those with a decision, `proposed` of those with a mere proposal."""
    open_ones, taken, offered = [], 0, 0
    for each in orphans:
        if decided and each.key in decided:
            taken += 1
        elif proposed and each.key in proposed:
            offered += 1
        else:
            open_ones.append(each)
    waiting: list[OrderVerdict] = []
    alone: list[OrderVerdict] = []
    for each in open_ones:
        (alone if each.left_alone else waiting).append(each)
    before = sum(bool(each.dismissed) for each in alone)
    return Tally(
        waiting=tuple(waiting),
        decided=taken,
        proposed=offered,
        left_alone=len(alone) - before,
        left_before=before,
        protecting_alone=sum(each.protective and not each.dismissed for each in alone),
    )
