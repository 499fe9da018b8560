"""Frozen records that cross the border of the embedded exchange."""

from decimal import Decimal
from enum import StrEnum

import msgspec

from crashdesk.errors import DemoError


class VenueError(DemoError):
    """The embedded exchange could not be started, reached or told to do something."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """One API key. Several may belong to one account: a bot's, and a colleague's. OKX's keys have a passphrase."""

    api_key: str
    secret: str
    account: str = "main"
    can_trade: bool = True
    can_withdraw: bool = False
    passphrase: str = ""

    def __repr__(self) -> str:
        return f"Credentials(api_key={self.api_key!r}, account={self.account!r}, can_trade={self.can_trade})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        return [("api_key", self.api_key), ("account", self.account), ("can_trade", self.can_trade)]


class Namespace(StrEnum):
    """Order ids of one namespace say nothing about the other one."""

    NORMAL = "normal"
    CONDITIONAL = "conditional"


class LedgerStatus(StrEnum):
    """How an order stands, or how it ended. `triggered` is a conditional order that became a normal one."""

    OPEN = "open"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    TRIGGERED = "triggered"


OPEN_STATUSES = frozenset({LedgerStatus.OPEN, LedgerStatus.PARTIALLY_FILLED})


class LedgerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order as the exchange itself knows it.

    `type` is the exchange's own, in lower case (limit, market, stop_market, ...). Quantities are in the base currency;
    `contract_size` is how much of it a contract stands for where the exchange counts in contracts. `placed_by` and
    `cancelled_by` are API keys; `cancelled_by` is empty when no client cancelled it. `triggered_order_id` is the normal
    order that a conditional one became. Times are UNIX nanoseconds of exchange time.
    """

    id: str
    namespace: Namespace
    client_order_id: str
    symbol: str
    side: str
    type: str
    position_side: str
    quantity: Decimal
    filled_quantity: Decimal
    price: Decimal | None
    average_price: Decimal | None
    trigger_price: Decimal | None
    status: LedgerStatus
    reduce_only: bool
    close_position: bool
    placed_by: str
    cancelled_by: str
    triggered_order_id: str
    created_at: int
    updated_at: int
    contract_size: Decimal = Decimal(1)

    @property
    def contracts(self) -> Decimal:
        """The quantity as clients of the exchange count it."""
        return self.quantity / self.contract_size

    @property
    def filled_contracts(self) -> Decimal:
        """The filled quantity as clients of the exchange count it."""
        return self.filled_quantity / self.contract_size

    @property
    def is_open(self) -> bool:
        """Whether it can still trade."""
        return self.status in OPEN_STATUSES


class LedgerPosition(msgspec.Struct, frozen=True, kw_only=True):
    """One open position; `side` is long or short, `quantity` is positive, in the base currency.

    `position_side` is the exchange's: BOTH in one-way mode, LONG or SHORT in hedge mode.
    """

    symbol: str
    side: str
    position_side: str
    quantity: Decimal
    entry_price: Decimal
    mark_price: Decimal
    unrealized_pnl: Decimal
    opened_at: int
    updated_at: int
    contract_size: Decimal = Decimal(1)

    @property
    def contracts(self) -> Decimal:
        """The quantity as clients of the exchange count it."""
        return self.quantity / self.contract_size


class LedgerReport(msgspec.Struct, frozen=True, kw_only=True):
    """The truth about one account at one instant of exchange time.

    `balance` is the wallet: starting balance + realised profit - fees. `equity` adds the unrealised profit.
    Open orders come first in `orders`, then the ended ones in the order in which they ended.
    """

    account: str
    now_ns: int
    hedge_mode: bool
    starting_balance: Decimal
    balance: Decimal
    equity: Decimal
    available: Decimal
    margin_used: Decimal
    unrealized_pnl: Decimal
    realized_pnl: Decimal
    fees_paid: Decimal
    fill_count: int
    orders: tuple[LedgerOrder, ...]
    positions: tuple[LedgerPosition, ...]

    @property
    def open_orders(self) -> tuple[LedgerOrder, ...]:
        """Orders that can still trade, both namespaces."""
        return tuple(order for order in self.orders if order.is_open)

    @property
    def closed_orders(self) -> tuple[LedgerOrder, ...]:
        """Orders that ended, in the order in which they did."""
        return tuple(order for order in self.orders if not order.is_open)

    def order(self, order_id: str, namespace: Namespace = Namespace.NORMAL) -> LedgerOrder | None:
        """The order with that id in that namespace; None when the exchange never had one."""
        return next((o for o in self.orders if o.id == order_id and o.namespace == namespace), None)


class HeldRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was processed and whose reply the exchange keeps back."""

    method: str
    path: str
    api_key: str
    symbol: str = ""
    order_id: str = ""
    client_order_id: str = ""
