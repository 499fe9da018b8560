"""Numbers as exchanges write them: text without an exponent."""

from decimal import Decimal

from crashdesk.demo.venue.positions import SATOSHI


def text(amount: Decimal) -> str:
    """A decimal with all its digits."""
    return format(amount, "f")


def money(amount: Decimal) -> str:
    """An amount with eight decimals."""
    return format(amount.quantize(SATOSHI), "f")


def plain(amount: Decimal) -> str:
    """A decimal without trailing zeros."""
    return format(amount.normalize(), "f")
