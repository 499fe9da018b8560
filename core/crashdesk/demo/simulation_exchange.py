"""The Exchange protocol over a ledger in the same process, with the faults of networks and exchanges, and a record of both."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from crashdesk.clock import Clock
from crashdesk.config import AccountMode
from crashdesk.demo.simulation_trades import trades_since
from crashdesk.demo.simulation_world import MANUAL, World, guards, is_open, key_of, side_of
from crashdesk.demo.venue.orders import CONDITIONAL_KINDS, Order, OrderKind
from crashdesk.demo.venue.records import LedgerStatus
from crashdesk.demo.venue.records import Namespace as LedgerNamespace
from crashdesk.errors import ExchangeUnsupported
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.exchange.records import (
    AccountReading,
    CancelAnswer,
    CancelStatus,
    Coverage,
    ExchangeAccount,
    ExchangeOrder,
    ExchangePosition,
    LookupStatus,
    Market,
    Namespace,
    OrderLookup,
    OrderRef,
    OrdersReading,
    PositionsReading,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
    TradesReading,
)
from crashdesk.state import AccountState, OrderStatus, OrderType, Side

TYPES = {
    OrderKind.LIMIT: OrderType.LIMIT,
    OrderKind.MARKET: OrderType.MARKET,
    OrderKind.STOP: OrderType.STOP_LIMIT,
    OrderKind.STOP_MARKET: OrderType.STOP,
    OrderKind.TAKE_PROFIT: OrderType.TAKE_PROFIT_LIMIT,
    OrderKind.TAKE_PROFIT_MARKET: OrderType.TAKE_PROFIT,
    OrderKind.TRAILING_STOP_MARKET: OrderType.TRAILING_STOP,
}
STATUSES = {
    LedgerStatus.OPEN: OrderStatus.OPEN,
    LedgerStatus.PARTIALLY_FILLED: OrderStatus.PARTIALLY_FILLED,
    LedgerStatus.FILLED: OrderStatus.FILLED,
    LedgerStatus.CANCELLED: OrderStatus.CANCELLED,
    LedgerStatus.EXPIRED: OrderStatus.EXPIRED,
    LedgerStatus.TRIGGERED: OrderStatus.EXPIRED,
}
ORDER_SCOPES = {Namespace.NORMAL: ScopeKind.ORDERS, Namespace.CONDITIONAL: ScopeKind.CONDITIONAL_ORDERS}
ANSWERS = (
    "done",
    "done",
    "lost after",
    "lost after",
    "lost before",
    "late",
    "refused",
    "rate limit",
    "ignored",
    "late fill",
)
# In seconds: a pause that is made, and one that ends the batch.
PAUSES_S = (1.5, 1.5, 3_600.0)


class Weather(msgspec.Struct, frozen=True, kw_only=True):
    """What can be asked of the exchange at the moment; `gaps` says how each scope that is not read ends."""

    gaps: dict[ScopeKind, ScopeStatus] = {}
    per_symbol: bool = False
    deaf: float = 0.0
    forgetful: bool = False
    repeats: bool = False
    hidden: frozenset[str] = frozenset()
    client_ids: str = "all"
    clock_told: bool = True


@dataclass
class Reading:
    """One look at the exchange: what was true on the ledger, and what could not be seen of it."""

    orders: dict[str, ExchangeOrder]
    owners: dict[str, str]
    guards: frozenset[str]
    positions: tuple[ExchangePosition, ...]
    money: AccountState
    now_ns: int
    hidden: frozenset[str] = frozenset()
    unread: set[tuple[ScopeKind, str | None]] = field(default_factory=set)
    read: set[tuple[ScopeKind, str | None]] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def covers(self, kind: ScopeKind, symbol: str) -> bool:
        """Whether everything of this kind and symbol was really told."""
        places = {(kind, None), (kind, symbol)}
        return bool(places & self.read) and not places & self.unread

    def open(self) -> dict[str, ExchangeOrder]:
        """What can still trade."""
        return {key: order for key, order in self.orders.items() if order.status in _OPEN}


_OPEN = (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One cancel request as it arrived; `seen` is the order as it was last told before, None when it never was."""

    key: str
    turn: int
    seen: ExchangeOrder | None
    answer: str


def unlike(shown: ExchangeOrder, now: ExchangeOrder) -> str:
    """What differs between two looks at one order, in words; empty for nothing. What is not told is no difference."""
    pairs = (
        ("amount", shown.amount, now.amount),
        ("filled", shown.filled, now.filled),
        ("price", shown.price, now.price),
        ("trigger price", shown.trigger_price, now.trigger_price),
    )
    return ", ".join(
        f"{name} {old} → {new}" for name, old, new in pairs if old is not None and new is not None and old != new
    )


class LedgerExchange:
    """One account of a ledger. `before` is called with the name of each call, before anything is done."""

    id = "binanceusdm"
    account_label = "main"
    mode = AccountMode.LIVE

    def __init__(self, world: World, clock: Clock, seed: int, skew_ns: int) -> None:
        self.world = world
        self._clock = clock
        self._seed = seed
        self._skew_ns = skew_ns
        self._shuffle = random.Random(f"{seed}/order of reports")
        self._luck = random.Random(f"{seed}/cancel requests")
        self.weather = Weather()
        # Cancel requests go wrong, and single reads do now and then.
        self.rough = False
        self.turn = 0
        self.before: Callable[[str], None] = lambda _name: None
        self.after: Callable[[str], None] = lambda _name: None
        self.readings: list[Reading] = []
        self.requests: list[Request] = []
        self._seen: dict[str, ExchangeOrder] = {}

    def clock_offset_ns(self) -> int | None:
        self.before("time")
        self.readings.append(self.truth())
        return self._skew_ns if self.weather.clock_told else None

    def read_positions(self, symbols: Collection[str]) -> PositionsReading:  # noqa: ARG002 - the protocol's
        self.before("positions")
        held = list(self.reading.positions)
        scope = self._scope(ScopeKind.POSITIONS, None, len(held))
        if scope.status is not ScopeStatus.READ:
            held = held[:1] if scope.status is ScopeStatus.TRUNCATED else []
        elif self.weather.repeats and held:
            held.append(held[0])
        self._shuffle.shuffle(held)
        return PositionsReading(positions=tuple(held), coverage=Coverage(readings=(scope,)))

    def read_open_orders(self, symbols: Collection[str]) -> OrdersReading:
        self.before("orders")
        told: list[ExchangeOrder] = []
        scopes: list[ScopeReading] = []
        resting = [order for key, order in self.reading.open().items() if key not in self.weather.hidden]
        for namespace, kind in ORDER_SCOPES.items():
            for symbol in sorted(symbols) if self.weather.per_symbol else [None]:
                found = [o for o in resting if o.namespace is namespace and symbol in (None, o.symbol)]
                scope = self._scope(kind, symbol, len(found))
                scopes.append(scope)
                told += found[: self._told_of(scope, len(found))]
        if self.weather.repeats and told:
            told.append(told[0])
        self._shuffle.shuffle(told)
        self._note(told)
        self.reading.hidden = self.weather.hidden
        return OrdersReading(orders=tuple(told), coverage=Coverage(readings=tuple(scopes)))

    def read_account(self) -> AccountReading:
        self.before("account")
        scope, money = self._scope(ScopeKind.ACCOUNT, None, 1), self.reading.money
        account = None
        if scope.status is ScopeStatus.READ:
            sums = {name: getattr(money, name) for name in AccountState.__struct_fields__}
            account = ExchangeAccount(currency="USDT", **sums)
        return AccountReading(account=account, coverage=Coverage(readings=(scope,)))

    def read_trades_since(self, symbol: str, since_ns: int) -> TradesReading:
        self.before("trades")
        return trades_since(self.world, symbol, since_ns)

    def read_order(self, ref: OrderRef) -> OrderLookup:
        self.before("order")
        lookup = self._look_up(ref)
        if lookup.order is not None:
            self._note([lookup.order])
        elif lookup.status is LookupStatus.UNKNOWN and self.readings:
            self.reading.unanswered.add(ref.id or ref.client_order_id)
        return lookup

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        self.before("cancel")
        order = self.world.find(LedgerNamespace(ref.namespace.value), ref.id)
        answer = self._luck.choice(ANSWERS) if self.rough else "done"
        self.requests.append(Request(key=ref.key, turn=self.turn, seen=self._seen.get(ref.key), answer=answer))
        reply = self._cancel(order, answer)
        self.after("cancel")
        return reply

    def arm_cancel_all_after(self, seconds: float, symbols: Collection[str]) -> CancelAllAfter:  # noqa: ARG002
        raise ExchangeUnsupported("the simulated exchange has no dead man's switch")

    def describe_market(self, symbol: str) -> Market | None:
        spec = self.world.spec(symbol)
        return Market(
            symbol=symbol,
            market_type="swap",
            contract_size=Decimal(1),
            amount_step=spec.step,
            price_step=spec.tick,
            least_amount=spec.min_quantity,
            least_cost=spec.min_notional,
            linear=True,
        )

    def read_prices(self, symbols: Collection[str]) -> dict[str, Decimal]:
        return {symbol: self.world.ledger.books[symbol].last for symbol in symbols}

    def close(self) -> None:
        """Nothing is open."""

    @property
    def reading(self) -> Reading:
        """The look at the exchange that is under way."""
        return self.readings[-1]

    def truth(self) -> Reading:
        """What is true on the ledger now, in the exchange's words."""
        shelves = self.world.account.shelves
        orders = {key_of(order): order for name in LedgerNamespace for order in shelves[name].by_id.values()}
        return Reading(
            orders={key: self._fate(order) for key, order in orders.items()},
            owners={key: order.request.placed_by for key, order in orders.items()},
            guards=frozenset(key for key, order in orders.items() if guards(order, self.world.account)),
            positions=tuple(self._legs()),
            money=self.world.money(),
            now_ns=self.world.now_ns,
        )

    def told(self, order: Order) -> ExchangeOrder:
        """An order as this exchange tells it."""
        request = order.request
        silent = self.weather.client_ids == "none" or (
            self.weather.client_ids == "not of manual orders" and request.placed_by == MANUAL
        )
        conditional = request.kind in CONDITIONAL_KINDS
        return ExchangeOrder(
            id=str(order.id),
            client_order_id="" if silent else request.client_order_id,
            symbol=request.symbol,
            namespace=Namespace.CONDITIONAL if conditional else Namespace.NORMAL,
            side=side_of(order),
            order_type=TYPES[request.kind],
            status=STATUSES[order.status],
            amount=None if request.close_position and conditional else request.quantity,
            filled=None if order.status is LedgerStatus.TRIGGERED else order.filled,
            price=request.price,
            trigger_price=request.trigger_price,
            average=order.average_price,
            created_at=order.created_ms * 1_000_000,
            updated_at=order.updated_ms * 1_000_000,
            reduce_only=request.reduce_only,
            close_position=request.close_position,
            position_side=request.position_side,
        )

    def _legs(self) -> Iterator[ExchangePosition]:
        for position in self.world.positions():
            mark = self.world.ledger.books[position.symbol].last
            yield ExchangePosition(
                symbol=position.symbol,
                side=Side.BUY if position.quantity > 0 else Side.SELL,
                contracts=abs(position.quantity),
                contract_size=Decimal(1),
                entry_price=position.entry_price,
                mark_price=mark,
                unrealized_pnl=position.unrealized_pnl(mark),
                hedged=position.position_side != "BOTH",
                updated_at=position.updated_ms * 1_000_000,
            )

    def _scope(self, kind: ScopeKind, symbol: str | None, count: int) -> ScopeReading:
        status = self.weather.gaps.get(kind, ScopeStatus.READ)
        place = (kind, symbol)
        (self.reading.read if status is ScopeStatus.READ else self.reading.unread).add(place)
        return ScopeReading(
            scope=Scope(kind=kind, market_type="swap", symbol=symbol),
            status=status,
            count=count if status is ScopeStatus.READ else 0,
            reason="" if status is ScopeStatus.READ else "the simulated network is down",
            read_at=self._clock.now_ns(),
        )

    def _told_of(self, scope: ScopeReading, count: int) -> int:
        if scope.status is ScopeStatus.READ:
            return count
        return count // 2 if scope.status is ScopeStatus.TRUNCATED else 0

    def _note(self, orders: Collection[ExchangeOrder]) -> None:
        self._seen.update({order.key: order for order in orders})
        if self.readings:
            self.reading.told.update(order.key for order in orders)

    def _look_up(self, ref: OrderRef) -> OrderLookup:
        now = self._clock.now_ns()
        deaf = random.Random(f"{self._seed}/{ref.key}/{self.turn}").random() < self.weather.deaf
        if self.rough and self._luck.random() < 0.05:
            pause_s = self._luck.choice(PAUSES_S)
            return OrderLookup(
                ref=ref, status=LookupStatus.UNKNOWN, reason="too many requests", read_at=now, retry_after_s=pause_s
            )
        if deaf or (self.rough and self._luck.random() < 0.1):
            return OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="no answer in time", read_at=now)
        order = self._find(ref)
        fate = None if order is None else self._fate(order)
        # What its trigger placed may have filled: then it did not end without a fill.
        forgotten = self.weather.forgetful and order is not None and not is_open(order)
        if fate is None or (forgotten and not fate.filled):
            return OrderLookup(ref=ref, status=LookupStatus.ABSENT, read_at=now)
        return OrderLookup(ref=ref, status=LookupStatus.FOUND, order=fate, read_at=now)

    def _find(self, ref: OrderRef) -> Order | None:
        if ref.id:
            return self.world.find(LedgerNamespace(ref.namespace.value), ref.id)
        shelf = self.world.account.shelves[LedgerNamespace(ref.namespace.value)]
        return shelf.newest_by_client_id.get(ref.client_order_id)

    def _fate(self, order: Order) -> ExchangeOrder:
        """An order as it is told by itself: a triggered one's fate is that of the order which it placed."""
        told = self.told(order)
        child = self.world.find(LedgerNamespace.NORMAL, order.triggered_order_id)
        if child is None:
            return told
        status = told.status if is_open(child) else STATUSES[child.status]
        return msgspec.structs.replace(told, status=status, filled=child.filled, average=child.average_price)

    def _cancel(self, order: Order | None, answer: str) -> CancelAnswer:
        if answer == "rate limit":
            pause_s = self._luck.choice(PAUSES_S)
            return CancelAnswer(status=CancelStatus.NOT_DONE, reason="too many requests", retry_after_s=pause_s)
        if answer == "lost before":
            return CancelAnswer(status=CancelStatus.UNKNOWN, reason="timed out")
        if order is None or not is_open(order):
            return CancelAnswer(status=CancelStatus.NOT_DONE, reason="unknown order sent")
        if answer == "refused":
            return CancelAnswer(status=CancelStatus.NOT_DONE, reason="rejected by the exchange")
        if answer in ("late", "lost after"):
            self.world.later(0.5 if answer == "late" else 0.0, lambda: self._cancel_quietly(order))
            self.world.advance(0.0)
        elif answer == "late fill":
            self.world.later(0.3, lambda: self.world.reach(order))
        elif answer == "done":
            self._cancel_quietly(order)
        lost = answer == "lost after"
        return CancelAnswer(
            status=CancelStatus.UNKNOWN if lost else CancelStatus.ACCEPTED, reason="timed out" if lost else ""
        )

    def _cancel_quietly(self, order: Order) -> None:
        self.world.cancel(order, "the key of the desk")
