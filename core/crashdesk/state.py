"""What a bot knew at one instant: the records of a checkpoint.

Every amount is an exact `decimal.Decimal` in the unit that the exchange counts in (contracts, for a swap); every time
is UNIX nanoseconds, UTC. The records are frozen; sequences are tuples.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from crashdesk.errors import StateError


class Side(enum.Enum):
    """Of an order: its direction. Of a position: buy is long, sell is short."""

    __hash__ = object.__hash__  # Members are single objects; Enum's own hash is a call into Python.

    BUY = "buy"
    SELL = "sell"

    @property
    def leg(self) -> str:
        """What a position of this side is called: long or short."""
        return "long" if self is Side.BUY else "short"


class OrderType(enum.Enum):
    """The kind of an order; OTHER is every kind that the exchange has and this list has not."""

    __hash__ = object.__hash__  # Members are single objects; Enum's own hash is a call into Python.

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    TAKE_PROFIT = "take_profit"
    TAKE_PROFIT_LIMIT = "take_profit_limit"
    TRAILING_STOP = "trailing_stop"
    OTHER = "other"


class OrderStatus(enum.Enum):
    """Where an order is in its life."""

    __hash__ = object.__hash__  # Members are single objects; Enum's own hash is a call into Python.

    PENDING = "pending"
    OPEN = "open"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


OPEN_STATUSES = frozenset({OrderStatus.PENDING, OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED})


class AccountState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The account's money, in its quote or settlement currency."""

    equity: Decimal
    balance: Decimal
    available: Decimal
    margin_used: Decimal
    unrealized_pnl: Decimal


class PositionState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One position leg; `quantity` is never negative, `side` carries the sign."""

    id: str
    symbol: str
    side: Side
    quantity: Decimal
    entry_price: Decimal
    unrealized_pnl: Decimal
    opened_at: int


class OrderState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order; `price` is None where the order has none (market, stop-market)."""

    id: str
    client_order_id: str
    symbol: str
    side: Side
    order_type: OrderType
    quantity: Decimal
    filled_quantity: Decimal
    price: Decimal | None
    status: OrderStatus
    created_at: int


class StrategyState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one strategy wants to find again; Crashdesk does not look into `state_data`."""

    name: str
    state_data: bytes


class SystemState(msgspec.Struct, frozen=True, kw_only=True):
    """A bot's whole state at `timestamp`; no strategy states are always None, never an empty tuple."""

    timestamp: int
    account: AccountState
    positions: tuple[PositionState, ...]
    open_orders: tuple[OrderState, ...]
    strategy_states: tuple[StrategyState, ...] | None = None

    def __post_init__(self) -> None:
        # One meaning, one form: a state is equal to itself after a trip through a version 1 file.
        if self.strategy_states is not None and not self.strategy_states:
            msgspec.structs.force_setattr(self, "strategy_states", None)


def check_unique(state: SystemState) -> None:
    """Raises StateError when a position id, an order id or a strategy name appears twice."""
    _unique([position.id for position in state.positions], "position id")
    _unique([order.id for order in state.open_orders], "order id")
    _unique([strategy.name for strategy in state.strategy_states or ()], "strategy name")


def check_account(account: AccountState) -> None:
    """Raises StateError when an amount of the account is not finite."""
    for name in AccountState.__struct_fields__:
        _finite(getattr(account, name), f"account.{name}")


def check_position(position: PositionState) -> None:
    """Raises StateError when one position contradicts itself."""
    label = f"position {position.id!r}"
    for name in ("quantity", "entry_price", "unrealized_pnl"):
        _finite(getattr(position, name), f"{label}: {name}")
    if position.quantity < 0:
        raise StateError(f"{label}: quantity {position.quantity} is negative; a short position has side sell instead")


def check_order(order: OrderState) -> None:
    """Raises StateError when one order contradicts itself."""
    label = f"order {order.id!r}"
    for name in ("quantity", "filled_quantity"):
        _finite(getattr(order, name), f"{label}: {name}")
    if order.price is not None:
        _finite(order.price, f"{label}: price")


def _finite(value: Decimal, label: str) -> None:
    if not isinstance(value, Decimal):
        raise StateError(f"{label} is {value!r}; amounts are decimal.Decimal, never float")
    if not value.is_finite():
        raise StateError(f"{label} is {value}; only finite amounts can be stored")


def _unique(names: Sequence[str], label: str) -> None:
    if len(set(names)) == len(names):
        return
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise StateError(f"the {label} {name!r} appears twice in one state")
        seen.add(name)
