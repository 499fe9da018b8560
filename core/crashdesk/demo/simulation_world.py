"""The world of a simulated incident: one account on the embedded exchange's ledger, its clock, and everybody who acts on it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from decimal import Decimal

import msgspec

from crashdesk.demo.venue.ledger import Ledger, Refused, VenueRules
from crashdesk.demo.venue.margin import margin_of, open_positions
from crashdesk.demo.venue.market import MARKETS, MarketSpec
from crashdesk.demo.venue.orders import CONDITIONAL_KINDS, LIMIT_PRICED_KINDS, Account, NewOrder, Order, OrderKind
from crashdesk.demo.venue.positions import ZERO, Position
from crashdesk.demo.venue.records import LedgerStatus, Namespace
from crashdesk.state import AccountState, Side

SECOND = 1_000_000_000
START_NS = 1_760_000_000 * SECOND
BALANCE = Decimal(1_000_000)

BOT, MANUAL, OTHER_BOT, EXCHANGE = "the bot", "a manual trader", "another bot", "the exchange"
STOPS = (OrderKind.STOP_MARKET, OrderKind.STOP, OrderKind.TAKE_PROFIT_MARKET, OrderKind.TAKE_PROFIT)


class SimulatedClock:
    """The clock of bot and desk: it moves only when somebody sleeps, and is `skew_ns` behind the exchange's."""

    def __init__(self, world: World, skew_ns: int) -> None:
        self._world = world
        self.skew_ns = skew_ns

    def now_ns(self) -> int:
        """UNIX nanoseconds, as this machine believes."""
        return self._world.now_ns - self.skew_ns

    def sleep(self, seconds: float) -> None:
        """Let the world go on."""
        self._world.advance(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Let the world go on; nobody else could set `event` meanwhile."""
        self._world.advance(seconds)
        return event.is_set()


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """How a client trades: the tag that its orders carry, and the odds of each kind of order."""

    who: str
    prefix: str
    limit: int = 6
    market: int = 2
    closing: int = 2
    stop: int = 3


class World:
    """One account, its markets, its time. Everything random comes from `seed`; nothing looks at the wall clock."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"{seed}/world")
        self.now_ns = START_NS
        # Half of the accounts keep a long and a short leg apart.
        self.ledger = Ledger(
            ["main"],
            seed=seed,
            hedge_mode=self._random.random() < 0.4,
            starting_balance=BALANCE,
            at_ms=self.now_ms,
            rules=VenueRules(markets=MARKETS[: self._random.randint(1, len(MARKETS))]),
        )
        self.account: Account = self.ledger.account("main")
        self._later: list[tuple[int, Callable[[], None]]] = []
        self._numbers = 0
        self.amended: dict[str, int] = {}

    @property
    def now_ms(self) -> int:
        """Exchange time in milliseconds."""
        return self.now_ns // 1_000_000

    def advance(self, seconds: float) -> None:
        """Let time pass; what was put off until then happens."""
        self.now_ns += int(seconds * SECOND)
        due = [act for at, act in self._later if at <= self.now_ns]
        self._later = [(at, act) for at, act in self._later if at > self.now_ns]
        for act in due:
            act()

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Put something off."""
        self._later.append((self.now_ns + int(seconds * SECOND), act))

    def open_orders(self) -> list[Order]:
        """Every order that can still trade."""
        return [order for name in Namespace for order in self.account.shelves[name].open.values()]

    def positions(self) -> list[Position]:
        """Every position that is not flat."""
        return open_positions(self.account)

    def money(self) -> AccountState:
        """The account's sums."""
        margin = margin_of(self.account, self.ledger.books)
        return AccountState(
            equity=margin.equity,
            balance=self.account.balance,
            available=margin.available,
            margin_used=margin.used,
            unrealized_pnl=margin.unrealized_pnl,
        )

    def find(self, namespace: Namespace, order_id: str) -> Order | None:
        """An order, whatever became of it."""
        return self.account.shelves[namespace].by_id.get(int(order_id)) if order_id.isdecimal() else None

    def place(self, request: NewOrder) -> Order | None:
        """Send an order; None when the exchange refuses it."""
        try:
            return self.ledger.place(self.account, request, self.now_ms)
        except Refused:
            return None

    def cancel(self, order: Order, by: str) -> bool:
        """Cancel an order; False when it is over already."""
        if not is_open(order):
            return False
        self.ledger.cancel(order, by, self.now_ms)
        return True

    def amend(self, order: Order, *, factor: Decimal) -> None:
        """Change price and quantity of a resting order in its place; what filled stays."""
        spec, request = self.spec(order.request.symbol), order.request
        if request.price is None or not is_open(order):
            return
        book = self.ledger.books[request.symbol]
        away = Decimal("0.97") if request.is_buy else Decimal("1.03")
        quantity = max(rounded(request.quantity * factor, spec.step), order.filled + spec.step)
        book.remove(order)
        order.request = msgspec.structs.replace(
            request, price=rounded(request.price * away, spec.tick), quantity=quantity
        )
        order.first_piece = None
        order.updated_ms = self.now_ms
        self.amended[key_of(order)] = self.now_ns
        book.add(order)

    def move(self) -> None:
        """Move one market by up to three percent, through every order on the way."""
        spec = self._random.choice(self.specs)
        factor = 1 + Decimal(self._random.randint(-300, 300)) / 10_000
        price = rounded(self.ledger.books[spec.symbol].last * factor, spec.tick)
        self.ledger.move_price(spec.symbol, price, self.now_ms, in_full=self._random.random() < 0.3)

    def reach(self, order: Order) -> None:
        """Move the market to a resting order's price: it fills, or a part of it."""
        request = order.request
        if request.kind is OrderKind.LIMIT and request.price is not None and is_open(order):
            self.ledger.move_price(request.symbol, request.price, self.now_ms)

    def liquidate(self) -> None:
        """Close one position by force; its resting orders are cancelled first, as exchanges do."""
        held = self.positions()
        if not held:
            return
        position = self._random.choice(held)
        for order in self.open_orders():
            if order.request.symbol == position.symbol:
                self.cancel(order, EXCHANGE)
        self.place(
            NewOrder(
                symbol=position.symbol,
                side="SELL" if position.quantity > 0 else "BUY",
                kind=OrderKind.MARKET,
                quantity=abs(position.quantity),
                position_side=position.position_side,
                client_order_id=f"autoclose-{self._number()}",
                placed_by=EXCHANGE,
            )
        )

    @property
    def specs(self) -> list[MarketSpec]:
        """The markets that there are."""
        return [book.spec for book in self.ledger.books.values()]

    def spec(self, symbol: str) -> MarketSpec:
        """The market of `symbol`."""
        return self.ledger.books[symbol].spec

    def wish(self, habits: Habits, rng: random.Random) -> NewOrder:
        """An order that such a client may send now."""
        position = rng.choice(self.positions()) if self.positions() else None
        client_order_id = f"{habits.prefix}{self._number()}"
        kinds = ["limit"] * habits.limit + ["market"] * habits.market + ["stop"] * habits.stop
        kind = rng.choice(kinds + ["closing"] * habits.closing)
        if kind == "closing" and position is not None:
            return self._closing(position, rng, habits.who, client_order_id)
        symbol = position.symbol if kind == "stop" and position is not None else rng.choice(self.specs).symbol
        if kind == "stop":
            return self._stop(symbol, position, rng, habits.who, client_order_id)
        spec, buys = self.spec(symbol), rng.random() < 0.5
        last = self.ledger.books[symbol].last
        away = Decimal(rng.randint(10, 250)) / 10_000
        return NewOrder(
            symbol=symbol,
            side="BUY" if buys else "SELL",
            kind=OrderKind.MARKET if kind == "market" else OrderKind.LIMIT,
            quantity=self._quantity(spec, last, rng),
            price=None if kind == "market" else rounded(last * (1 - away if buys else 1 + away), spec.tick),
            position_side=self._leg(opens_long=buys),
            client_order_id=client_order_id,
            placed_by=habits.who,
        )

    def _closing(self, position: Position, rng: random.Random, who: str, client_order_id: str) -> NewOrder:
        """A limit order that takes part of a position off."""
        spec, buys = self.spec(position.symbol), position.quantity < 0
        last = self.ledger.books[position.symbol].last
        away = Decimal(rng.randint(10, 250)) / 10_000
        part = rounded(abs(position.quantity) * Decimal(rng.choice(["0.5", "1"])), spec.step) or spec.step
        return NewOrder(
            symbol=position.symbol,
            side="BUY" if buys else "SELL",
            kind=OrderKind.LIMIT,
            quantity=part,
            price=rounded(last * (1 - away if buys else 1 + away), spec.tick),
            position_side=position.position_side,
            reduce_only=position.position_side == "BOTH",
            client_order_id=client_order_id,
            placed_by=who,
        )

    def _stop(
        self, symbol: str, position: Position | None, rng: random.Random, who: str, client_order_id: str
    ) -> NewOrder:
        """A conditional order: against the position where there is one, else one that enters."""
        spec, last = self.spec(symbol), self.ledger.books[symbol].last
        kind = rng.choice(STOPS)
        buys = position.quantity < 0 if position is not None else rng.random() < 0.5
        stop = kind in (OrderKind.STOP, OrderKind.STOP_MARKET)
        above = buys if stop else not buys
        away = Decimal(rng.randint(50, 400)) / 10_000
        trigger = rounded(last * (1 + away if above else 1 - away), spec.tick)
        whole = position is not None and kind not in LIMIT_PRICED_KINDS and rng.random() < 0.4
        one_way = not self.account.hedge_mode
        return NewOrder(
            symbol=symbol,
            side="BUY" if buys else "SELL",
            kind=kind,
            quantity=ZERO if whole else self._quantity(spec, last, rng),
            price=trigger if kind in LIMIT_PRICED_KINDS else None,
            trigger_price=trigger,
            position_side=position.position_side if position is not None else self._leg(opens_long=buys),
            close_position=whole,
            reduce_only=position is not None and one_way and not whole and rng.random() < 0.6,
            client_order_id=client_order_id,
            placed_by=who,
        )

    def _leg(self, *, opens_long: bool) -> str:
        if not self.account.hedge_mode:
            return "BOTH"
        return "LONG" if opens_long else "SHORT"

    def _quantity(self, spec: MarketSpec, last: Decimal, rng: random.Random) -> Decimal:
        return max(rounded(Decimal(rng.randint(200, 5000)) / last, spec.step), spec.step)

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers


def rounded(value: Decimal, increment: Decimal) -> Decimal:
    """The multiple of `increment` that is nearest to `value`."""
    return (value / increment).to_integral_value() * increment


def is_open(order: Order) -> bool:
    """Whether it can still trade."""
    return order.status in (LedgerStatus.OPEN, LedgerStatus.PARTIALLY_FILLED)


def key_of(order: Order) -> str:
    """Its identity within the account, as the desk writes it."""
    return f"{order.request.namespace.value}:{order.request.symbol}:{order.id}"


def guards(order: Order, account: Account) -> bool:
    """The exchange's own word on whether an order protects a position: it may only reduce, or triggers against one."""
    request = order.request
    if request.reduce_only or request.close_position:
        return True
    return (request.only_reduces or request.kind in CONDITIONAL_KINDS) and account.reducible(request) > 0


def side_of(order: Order) -> Side:
    """Its direction."""
    return Side.BUY if order.request.is_buy else Side.SELL
