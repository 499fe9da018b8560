"""Orders, trades and accounts: the exchange's own state, changed only by the ledger."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

import msgspec

from crashdesk.demo.venue.positions import ZERO, Position
from crashdesk.demo.venue.records import LedgerOrder, LedgerStatus, Namespace


class OrderKind(StrEnum):
    """The exchange's order types."""

    LIMIT = "LIMIT"
    MARKET = "MARKET"
    STOP = "STOP"
    STOP_MARKET = "STOP_MARKET"
    TAKE_PROFIT = "TAKE_PROFIT"
    TAKE_PROFIT_MARKET = "TAKE_PROFIT_MARKET"
    TRAILING_STOP_MARKET = "TRAILING_STOP_MARKET"


CONDITIONAL_KINDS = frozenset(OrderKind) - {OrderKind.LIMIT, OrderKind.MARKET}
LIMIT_PRICED_KINDS = frozenset({OrderKind.LIMIT, OrderKind.STOP, OrderKind.TAKE_PROFIT})


class SecondLeg(msgspec.Struct, frozen=True, kw_only=True):
    """The take-profit of an order that waits for either of two prices; without `price` it then trades at the market."""

    trigger_price: Decimal
    price: Decimal | None = None


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asked for, checked against the market's filters. `quantity` is 0 with `close_position`.

    `listed_client_id` is one that the exchange lists and does not find an order by.
    `own_type` is the exchange's word for the type where several of them are one `kind`. A trailing stop follows at
    `callback_rate` percent, or at the distance `callback_spread`.
    """

    symbol: str
    side: str
    kind: OrderKind
    quantity: Decimal
    price: Decimal | None = None
    time_in_force: str = "GTC"
    position_side: str = "BOTH"
    reduce_only: bool = False
    close_position: bool = False
    client_order_id: str = ""
    listed_client_id: str = ""
    trigger_price: Decimal | None = None
    callback_rate: Decimal | None = None
    activation_price: Decimal | None = None
    working_type: str = "CONTRACT_PRICE"
    placed_by: str
    own_type: str = ""
    callback_spread: Decimal | None = None
    second_leg: SecondLeg | None = None
    contract_size: Decimal = Decimal(1)

    @property
    def is_buy(self) -> bool:
        """Whether it buys."""
        return self.side == "BUY"

    @property
    def namespace(self) -> Namespace:
        """Which id namespace it lives in."""
        return Namespace.CONDITIONAL if self.kind in CONDITIONAL_KINDS else Namespace.NORMAL

    @property
    def only_reduces(self) -> bool:
        """Whether it may never open or add to a position: said so, or the closing side of a hedge leg."""
        if self.position_side == "BOTH":
            return self.reduce_only or self.close_position
        return self.is_buy != (self.position_side == "LONG")

    @property
    def fires_below(self) -> bool:
        """Whether a conditional order triggers when the price falls to its level (else when it rises to it)."""
        if self.kind in (OrderKind.TAKE_PROFIT, OrderKind.TAKE_PROFIT_MARKET):
            return self.is_buy
        return not self.is_buy


@dataclass(slots=True, eq=False)
class Order:
    """An accepted order. `first_piece` is what its first fill takes at most, when it fills in two pieces.

    `origin` is the conditional order that it came from.
    """

    id: int
    request: NewOrder
    account: "Account"
    created_ms: int
    updated_ms: int
    status: LedgerStatus = LedgerStatus.OPEN
    filled: Decimal = ZERO
    quote_filled: Decimal = ZERO
    first_piece: Decimal | None = None
    cancelled_by: str = ""
    triggered_order_id: str = ""
    triggered_ms: int = 0
    extreme: Decimal | None = None
    origin: "Order | None" = None

    @property
    def remaining(self) -> Decimal:
        """What is left to fill."""
        return self.request.quantity - self.filled

    @property
    def average_price(self) -> Decimal | None:
        """Mean fill price; None before the first fill."""
        return self.quote_filled / self.filled if self.filled else None

    def record(self) -> LedgerOrder:
        """The frozen record of it as it stands."""
        request = self.request
        return LedgerOrder(
            id=str(self.id),
            namespace=request.namespace,
            client_order_id=request.client_order_id or request.listed_client_id,
            symbol=request.symbol,
            side=request.side.lower(),
            type=request.own_type or request.kind.lower(),
            position_side=request.position_side,
            quantity=request.quantity,
            filled_quantity=self.filled,
            price=request.price,
            average_price=self.average_price,
            trigger_price=request.trigger_price,
            status=self.status,
            reduce_only=request.reduce_only,
            close_position=request.close_position,
            placed_by=request.placed_by,
            cancelled_by=self.cancelled_by,
            triggered_order_id=self.triggered_order_id,
            created_at=self.created_ms * 1_000_000,
            updated_at=self.updated_ms * 1_000_000,
            contract_size=request.contract_size,
        )


class Trade(msgspec.Struct, frozen=True, kw_only=True):
    """One fill."""

    id: int
    order_id: int
    symbol: str
    side: str
    position_side: str
    price: Decimal
    quantity: Decimal
    quote_quantity: Decimal
    commission: Decimal
    realized_pnl: Decimal
    maker: bool
    time_ms: int


@dataclass(slots=True, eq=False)
class OrderShelf:
    """All orders of one namespace of one account."""

    by_id: dict[int, Order] = field(default_factory=dict)
    open: dict[int, Order] = field(default_factory=dict)
    newest_by_client_id: dict[str, Order] = field(default_factory=dict)
    open_by_client_id: dict[str, Order] = field(default_factory=dict)

    def add(self, order: Order) -> None:
        """Take in a new, open order."""
        self.by_id[order.id] = self.open[order.id] = order
        client_id = order.request.client_order_id
        if not client_id:
            return
        self.newest_by_client_id[client_id] = self.open_by_client_id[client_id] = order

    def close(self, order: Order) -> None:
        """Note that it is no longer open; it stays known."""
        del self.open[order.id]
        self.open_by_client_id.pop(order.request.client_order_id, None)


@dataclass(slots=True, eq=False)
class Account:
    """One margin account in USDT, cross margin."""

    name: str
    hedge_mode: bool
    starting_balance: Decimal
    balance: Decimal
    realized_pnl: Decimal = ZERO
    fees_paid: Decimal = ZERO
    positions: dict[tuple[str, str], Position] = field(default_factory=dict)
    shelves: dict[Namespace, OrderShelf] = field(default_factory=lambda: {name: OrderShelf() for name in Namespace})
    trades: list[Trade] = field(default_factory=list)
    ended: list[LedgerOrder] = field(default_factory=list)
    updated_ms: int = 0

    def position(self, symbol: str, position_side: str) -> Position:
        """The position of that symbol and side, flat when there is none."""
        key = (symbol, position_side)
        found = self.positions.get(key)
        if found is None:
            found = self.positions[key] = Position(symbol, position_side)
        return found

    def reducible(self, request: NewOrder) -> Decimal:
        """How much of the position an order of that side could close (0 or more)."""
        quantity = self.position(request.symbol, request.position_side).quantity
        return max(-quantity if request.is_buy else quantity, ZERO)
