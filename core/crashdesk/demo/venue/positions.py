"""Positions and what a fill does to them, exactly."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
SATOSHI = Decimal("0.00000001")
"""The smallest amount of money that the exchange books."""


@dataclass(slots=True)
class Position:
    """One position. `quantity` is signed (short is negative); `cost` is what it was bought for, signed alike.

    The cost is kept instead of an average price, because a division cannot be exact and money must be: at any time
    balance + unrealised profit equals the starting balance + the cash flows of all fills.
    """

    symbol: str
    position_side: str
    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    opened_ms: int = 0
    updated_ms: int = 0

    @property
    def entry_price(self) -> Decimal:
        """Average price of the open quantity, rounded to eight decimals for display; 0 when flat."""
        if not self.quantity:
            return ZERO
        return (self.cost / self.quantity).quantize(SATOSHI)

    def unrealized_pnl(self, mark_price: Decimal) -> Decimal:
        """Profit if the whole position were closed at `mark_price`."""
        return self.quantity * mark_price - self.cost

    def apply(self, change: Decimal, price: Decimal, at_ms: int) -> Decimal:
        """Trade `change` (signed) at `price`: add, reduce, close or flip; return the realised profit."""
        realized = ZERO
        if self.quantity and (self.quantity > 0) != (change > 0):
            closed = -change if abs(change) <= abs(self.quantity) else self.quantity
            whole = closed == self.quantity
            released = self.cost if whole else (self.cost * closed / self.quantity).quantize(SATOSHI)
            realized = closed * price - released
            self.quantity -= closed
            self.cost -= released
            change += closed
        if change:
            if not self.quantity:
                self.opened_ms = at_ms
            self.quantity += change
            self.cost += change * price
        self.updated_ms = at_ms
        return realized
