"""Arithmetic on money and quantities that never rounds: Python's own keeps 28 digits and says nothing when it drops one."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import reduce

_EXACT = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX)
"""Wide enough for anything that an exchange counts in; a number beyond all sense is rounded at its thousandth digit."""
_NOTHING = Decimal(0)


def difference(whole: Decimal, part: Decimal) -> Decimal:
    """`whole` less `part`."""
    return _EXACT.subtract(whole, part)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of all; 0 for none."""
    return reduce(_EXACT.add, amounts, _NOTHING)


def product(one: Decimal, other: Decimal) -> Decimal:
    """One times the other."""
    return _EXACT.multiply(one, other)


def negative(amount: Decimal) -> Decimal:
    """The amount with the other sign; 0 stays 0."""
    return _EXACT.minus(amount)
