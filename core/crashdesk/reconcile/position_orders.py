"""What orders do for a position, as its verdict tells it: how much stops cover of it, and what filled since it was known."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class StopCover(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a position the stops on the exchange cover, in the position's unit.

    Where not `all_told`, there may be more: something was not read, or a stop does not say its amount or its leg. `had_one`
    says that the last known state or the journal has a stop for it, `used` that the account has one for anything. `orders` are
    the keys of the stops that are counted.
    """

    covered: Decimal
    all_told: bool
    had_one: bool = False
    used: bool = False
    orders: tuple[str, ...] = ()


class FillsSince(msgspec.Struct, frozen=True, kw_only=True):
    """What filled of a position's orders since they were known, in the position's unit, buys above zero and sells below.

    Of a spot holding `amount` is less the `fees` that were taken in its own coin. Where not `orders_told`, there may be more:
    what became of some order is not known, or when it filled. Where not `fees_told`, a fee may have been taken that is not known.
    """

    amount: Decimal
    orders: int
    # The name that plans in audit logs have for it from before fees were told apart.
    orders_told: bool = msgspec.field(name="all_told")
    fees: Decimal = Decimal(0)
    fees_told: bool = True

    @property
    def all_told(self) -> bool:
        """Whether nothing more can have changed the position by what its orders filled."""
        return self.orders_told and self.fees_told
