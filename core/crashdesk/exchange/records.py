"""What is read from an exchange, and how much of it could be read."""

from __future__ import annotations

import enum
from decimal import Decimal

import msgspec

from crashdesk.config import AccountMode
from crashdesk.exact import difference
from crashdesk.state import OPEN_STATUSES, OrderStatus, OrderType, Side
from crashdesk.trouble import Trouble


class Namespace(enum.Enum):
    """Exchanges number conditional orders apart from normal ones: the same id can mean two orders."""

    __hash__ = object.__hash__  # Members are single objects; Enum's own hash is a call into Python.

    NORMAL = "normal"
    CONDITIONAL = "conditional"


_NAMES = {namespace: namespace.value for namespace in Namespace}


class ScopeKind(enum.Enum):
    """What a scope holds."""

    ORDERS = "orders"
    CONDITIONAL_ORDERS = "conditional orders"
    POSITIONS = "positions"
    ACCOUNT = "account"


class ScopeStatus(enum.Enum):
    """How reading a scope ended. Only READ allows the conclusion that what is absent is not there."""

    READ = "read"
    NOT_SUPPORTED = "not supported"
    FAILED = "failed"
    TRUNCATED = "truncated"


_WITHOUT_SETTLEMENT = frozenset({"spot", "margin"})


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the account that is read by itself; `symbol` None means every symbol of the market type.

    `variant` tells several conditional kinds apart where the exchange lists each by itself.
    """

    kind: ScopeKind
    market_type: str
    symbol: str | None = None
    variant: str = ""

    def may_hold(self, symbol: str) -> bool:
        """Whether it is a symbol of this scope, as far as its name tells: contracts name what they settle in, spot does not."""
        if self.symbol is not None:
            return self.symbol == symbol
        return "/" not in symbol or (":" in symbol) is not (self.market_type in _WITHOUT_SETTLEMENT)

    def label(self) -> str:
        """Words for an operator."""
        variant = f" ({self.variant})" if self.variant else ""
        return f"{self.kind.value}{variant} · {self.market_type} · {self.symbol or 'all symbols'}"


class ScopeReading(msgspec.Struct, frozen=True, kw_only=True):
    """What came of reading one scope; `reason` says why it is not READ, `count` how many records came.

    `trouble` is the kind of a failure, None where there was none or only `reason` tells it.
    """

    scope: Scope
    status: ScopeStatus
    count: int = 0
    reason: str = ""
    read_at: int = 0
    trouble: Trouble | None = None


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """Which scopes were really read; anything else is unknown."""

    readings: tuple[ScopeReading, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether there are readings and every one of them succeeded."""
        return bool(self.readings) and all(reading.status is ScopeStatus.READ for reading in self.readings)

    def read_count(self) -> int:
        """How many scopes were read."""
        return sum(reading.status is ScopeStatus.READ for reading in self.readings)

    def gaps(self) -> tuple[ScopeReading, ...]:
        """The scopes that were not."""
        return tuple(reading for reading in self.readings if reading.status is not ScopeStatus.READ)

    def covers_all(self, kind: ScopeKind) -> bool:
        """Whether every scope of this kind was read, and there was at least one: what is in none of them is nowhere."""
        relevant = [reading.status for reading in self.readings if reading.scope.kind is kind]
        return bool(relevant) and all(status is ScopeStatus.READ for status in relevant)

    def covers(self, kind: ScopeKind, symbol: str) -> bool:
        """Whether every scope of this kind that could hold `symbol` was read, and there was at least one."""
        relevant = [
            reading for reading in self.readings if reading.scope.kind is kind and reading.scope.may_hold(symbol)
        ]
        return bool(relevant) and all(reading.status is ScopeStatus.READ for reading in relevant)


class OrderRef(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Enough to ask an exchange for one order. `id` may be empty where only the client order id is known."""

    symbol: str
    namespace: Namespace
    id: str
    client_order_id: str = ""

    @property
    def key(self) -> str:
        """The order's identity as text, within one account: namespace, symbol, id."""
        return f"{self.namespace.value}:{self.symbol}:{self.id or 'client ' + self.client_order_id}"


class ExchangeOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An order as the exchange tells it; None is 'the exchange does not say', never zero.

    `amount`, `filled` and `remaining` are in the exchange's unit (contracts for a swap); times UNIX nanoseconds. Orders of
    which one cancels the other carry the same `group_id`, where the exchange names it. Without `known_market` the exchange no
    longer lists the market, and `symbol` is the exchange's own name of it.
    """

    id: str
    client_order_id: str
    symbol: str
    namespace: Namespace
    side: Side
    order_type: OrderType
    status: OrderStatus
    amount: Decimal | None
    filled: Decimal | None
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    average: Decimal | None = None
    created_at: int | None = None
    updated_at: int | None = None
    reduce_only: bool | None = None
    close_position: bool | None = None
    position_side: str = ""
    group_id: str = ""
    known_market: bool = True

    @property
    def ref(self) -> OrderRef:
        """How to ask for it again."""
        return OrderRef(symbol=self.symbol, namespace=self.namespace, id=self.id, client_order_id=self.client_order_id)

    @property
    def key(self) -> str:
        """Its identity within one account, the same text as its `ref` has."""
        return f"{_NAMES[self.namespace]}:{self.symbol}:{self.id}" if self.id else self.ref.key

    @property
    def remaining(self) -> Decimal | None:
        """What is still to be filled; None when the exchange does not say."""
        return None if self.amount is None or self.filled is None else difference(self.amount, self.filled)


class ExchangePosition(msgspec.Struct, frozen=True, kw_only=True):
    """A position leg as the exchange tells it; `contracts` is never negative.

    On a spot account it is what is held of `asset`, free and locked in orders together; else `asset` is empty.
    """

    symbol: str
    side: Side
    contracts: Decimal
    contract_size: Decimal | None = None
    entry_price: Decimal | None = None
    mark_price: Decimal | None = None
    liquidation_price: Decimal | None = None
    unrealized_pnl: Decimal | None = None
    hedged: bool | None = None
    id: str = ""
    updated_at: int | None = None
    asset: str = ""


class ExchangeAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The account's money in its settlement currency; None where the exchange does not say."""

    currency: str
    equity: Decimal | None = None
    balance: Decimal | None = None
    available: Decimal | None = None
    margin_used: Decimal | None = None
    unrealized_pnl: Decimal | None = None


class Market(msgspec.Struct, frozen=True, kw_only=True):
    """What one symbol counts in; None where the exchange does not say."""

    symbol: str
    market_type: str
    contract_size: Decimal | None = None
    amount_step: Decimal | None = None
    price_step: Decimal | None = None
    least_amount: Decimal | None = None
    least_cost: Decimal | None = None
    linear: bool | None = None


class OrdersReading(msgspec.Struct, frozen=True, kw_only=True):
    """Open orders with the coverage of that read."""

    orders: tuple[ExchangeOrder, ...]
    coverage: Coverage


class PositionsReading(msgspec.Struct, frozen=True, kw_only=True):
    """Positions with the coverage of that read."""

    positions: tuple[ExchangePosition, ...]
    coverage: Coverage


class AccountReading(msgspec.Struct, frozen=True, kw_only=True):
    """The account, None when it could not be read, with the coverage of that read."""

    account: ExchangeAccount | None
    coverage: Coverage


class Liquidation(msgspec.Struct, frozen=True, kw_only=True):
    """One order by which the exchange itself closed a position; None where it does not say."""

    symbol: str
    at: int
    side: Side | None = None
    contracts: Decimal | None = None
    price: Decimal | None = None


class LiquidationsReading(msgspec.Struct, frozen=True, kw_only=True):
    """The liquidations of one symbol since a time; only READ allows the conclusion that there were no others."""

    symbol: str
    status: ScopeStatus
    liquidations: tuple[Liquidation, ...] = ()
    reason: str = ""
    read_at: int = 0


class LookupStatus(enum.Enum):
    """What came of asking for one order."""

    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Fee(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one fill cost in one currency, below zero for a rebate; `currency` is empty where it is not told."""

    cost: Decimal
    currency: str


class Trade(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One fill of an order, as the exchange tells it; `fee` is in `fee_currency`, None where it is not told.

    `further_fees` are those in more currencies, of the few fills that cost several. `side` is None where it is not told.
    """

    id: str
    order_id: str
    symbol: str
    amount: Decimal
    price: Decimal
    fee: Decimal | None = None
    fee_currency: str = ""
    at: int | None = None
    further_fees: tuple[Fee, ...] = ()
    side: Side | None = None

    @property
    def fees(self) -> tuple[Fee, ...] | None:
        """All that it cost; None where that is not told."""
        if self.fee is None:
            return None
        return (Fee(cost=self.fee, currency=self.fee_currency), *self.further_fees)


class TradesReading(msgspec.Struct, frozen=True, kw_only=True):
    """The account's trades of one symbol since a time, the oldest first; only READ allows the conclusion that these are all."""

    symbol: str
    status: ScopeStatus
    trades: tuple[Trade, ...] = ()
    reason: str = ""
    read_at: int = 0


class OrderLookup(msgspec.Struct, frozen=True, kw_only=True):
    """A targeted read of one order. ABSENT means that the exchange said there is none; a failure is UNKNOWN.

    `trades` are the fills of one that has ended, None when they were not asked for or, with `trades_problem`, not told.
    `retry_after_s` is set when the exchange's limit refused the read: the pause in seconds that it wants. `placed` is the order
    that a conditional one became when its trigger fired, None for none and where it could not be read.
    """

    ref: OrderRef
    status: LookupStatus
    order: ExchangeOrder | None = None
    reason: str = ""
    read_at: int = 0
    trades: tuple[Trade, ...] | None = None
    trades_problem: str = ""
    retry_after_s: float | None = None
    placed: ExchangeOrder | None = None

    @property
    def goes_on_as(self) -> ExchangeOrder | None:
        """The order that it placed when its trigger fired, as long as that one rests."""
        return self.placed if self.placed is not None and self.placed.status in OPEN_STATUSES else None


class CancelStatus(enum.Enum):
    """What the answer to one cancel request allows to conclude. None of them is proof of a cancellation."""

    ACCEPTED = "accepted"
    NOT_DONE = "not done"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class CancelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one cancel request; `reason` in the exchange's words, redacted.

    `retry_after_s` is set when the exchange's limit refused it: the pause in seconds that it wants. `sent` is False only when
    it is certain that no request left, so that asking again is not asking twice. `trouble` is the kind of a failure.
    """

    status: CancelStatus
    reason: str = ""
    sent: bool = True
    retry_after_s: float | None = None
    trouble: Trouble | None = None


class ExchangeSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything read from the exchange in one go, with what could not be read.

    `prices` are the current mark or last prices by symbol, for distance and notional only; `lookups` are targeted reads;
    `clock_offset_ns` is exchange time minus ours, None when it was not measured. `liquidations` were asked for the symbols of
    positions that are gone, and `trades` where nothing else tells whether they were closed on this account. `mode` says whether
    the account is live; None where nobody said it.
    """

    exchange: str
    account_label: str
    started_at: int
    finished_at: int
    orders: tuple[ExchangeOrder, ...]
    positions: tuple[ExchangePosition, ...]
    account: ExchangeAccount | None
    coverage: Coverage
    markets: tuple[Market, ...] = ()
    prices: dict[str, Decimal] = {}
    lookups: tuple[OrderLookup, ...] = ()
    clock_offset_ns: int | None = None
    liquidations: tuple[LiquidationsReading, ...] = ()
    trades: tuple[TradesReading, ...] = ()
    mode: AccountMode | None = None

    def market(self, symbol: str) -> Market | None:
        """The market of `symbol`, None when it was not described."""
        return next((market for market in self.markets if market.symbol == symbol), None)
