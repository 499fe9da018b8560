"""What changed in the quantities from one checkpoint to the next: the points of the history's series."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from itertools import compress, count
from operator import ne
from typing import TypeVar

from crashdesk.state import Side

Leg = tuple[str, str]
Quantity = tuple[str, Side, Decimal]
ZERO = Decimal(0)
# So many that the work on them is short beside what a trading loop notices, and the pause between them costs little.
CHUNK = 200
# How far to look for where two lists go on alike.
_AHEAD = 8
# What looking costs, counted in records that are found equal; and how much of it is done between two pauses.
_LOOKING, _PAUSE = 50, 1000
# Wide enough for any sum of real quantities, and without limits that raise.
_SUM = Context(prec=100, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])

_Item = TypeVar("_Item")


class Holdings:
    """The quantity of every leg at one checkpoint, moved on to the next one at the cost of what differs."""

    def __init__(self, totals: dict[Leg, Decimal]) -> None:
        self.totals = totals
        # As the checkpoint listed them; None when that is not known, or when one leg has two.
        self._records: tuple[Quantity, ...] | None = None

    def advance(self, records: tuple[Quantity, ...]) -> dict[Leg, Decimal]:
        """Move on to the checkpoint that holds `records`; returns the new quantity of each leg that changed."""
        found = self._replaced(records)
        if found is None:
            old, new = self.totals, totals_of(records)
            self.totals = new
            self._records = records if len(new) == len(records) else None
        else:
            gone, new = found
            old = {leg: self.totals.pop(leg) for leg in breathing(gone)}
            self.totals.update(new)
            self._records = records
        return changed(old, new)

    def _replaced(self, records: tuple[Quantity, ...]) -> tuple[set[Leg], dict[Leg, Decimal]] | None:
        """The legs whose records are not the same any more, and what came for them; None when that needs all the records."""
        if self._records is None:
            return None
        difference = differing(self._records, records)
        if difference is None:
            return None
        old, new = difference
        gone = {_leg(record) for record in breathing(old)}
        come: dict[Leg, Decimal] = {}
        for record in breathing(new):
            leg = _leg(record)
            if leg in come or (leg not in gone and leg in self.totals):
                return None  # a second position on one leg
            come[leg] = record[2]
        return gone, come


def totals_of(records: Iterable[Quantity]) -> dict[Leg, Decimal]:
    """The quantity of each leg; positions on one leg are added."""
    totals: dict[Leg, Decimal] = {}
    for record in breathing(records):
        leg, quantity = _leg(record), record[2]
        totals[leg] = _SUM.add(totals[leg], quantity) if leg in totals else quantity
    return totals


def changed(old: dict[Leg, Decimal], new: dict[Leg, Decimal]) -> dict[Leg, Decimal]:
    """The new quantity of each leg that differs; a leg that is missing holds nothing."""
    changes = {leg: total for leg, total in breathing(new.items()) if total != old.get(leg, ZERO)}
    closed = {leg: ZERO for leg, total in breathing(old.items()) if total and leg not in new}
    return changes | closed


def differing(old: tuple[Quantity, ...], new: tuple[Quantity, ...]) -> tuple[list[Quantity], list[Quantity]] | None:
    """What to take out of `old` and put into it to get `new`; None where so much differs that comparing sums is cheaper.

    Costs little for records that stayed what and where they are, or only moved up as others closed.
    """
    if len(old) == len(new) <= CHUNK:
        apart = list(map(ne, old, new))
        return list(compress(old, apart)), list(compress(new, apart))
    gone: list[Quantity] = []
    come: list[Quantity] = []
    i = j = work = 0
    while i < len(old) and j < len(new):
        before, now = old[i : i + CHUNK], new[j : j + CHUNK]
        same = next(compress(count(), map(ne, before, now)), min(len(before), len(now)))
        i, j = i + same, j + same
        if same < len(before) and same < len(now):
            closed, opened = _replaced_at(old[i : i + _AHEAD], new[j : j + _AHEAD])
            gone += old[i : i + closed]
            come += new[j : j + opened]
            i, j = i + closed, j + opened
            if len(gone) + len(come) > CHUNK + len(new) // 8:
                return None
        work += same + _LOOKING
        if work > _PAUSE:
            work = 0
            time.sleep(0)
    return gone + list(old[i:]), come + list(new[j:])


def _replaced_at(old: tuple[Quantity, ...], new: tuple[Quantity, ...]) -> tuple[int, int]:
    """How many records to pass over in each where the first ones differ."""
    if new[0] in old:
        return old.index(new[0]), 0
    if old[0] in new:
        return 0, new.index(old[0])
    return 1, 1


def breathing(items: Iterable[_Item]) -> Iterator[_Item]:
    """The items, letting other threads run after every few."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % CHUNK == 0:
            time.sleep(0)


def _leg(record: Quantity) -> Leg:
    # An Enum's own value and hash are Python code; this is run for every position.
    return record[0], "buy" if record[1] is Side.BUY else "sell"
