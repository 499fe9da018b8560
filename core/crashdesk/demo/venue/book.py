"""One market's order book: which orders a move of the price touches, and in which order."""

from decimal import Decimal

from crashdesk.demo.venue.market import MarketSpec
from crashdesk.demo.venue.orders import NewOrder, Order, OrderKind
from crashdesk.demo.venue.records import Namespace

_HUNDRED = Decimal(100)


class Book:
    """Resting and waiting orders of every account on one market, around the last price.

    A resting order is touched when the price reaches its own price; a conditional one when it reaches its trigger.
    """

    def __init__(self, spec: MarketSpec, last: Decimal) -> None:
        self.spec = spec
        self.last = self.opened_at = self.high = self.low = last
        self._orders: dict[tuple[Namespace, int], Order] = {}
        self._floor: Decimal | None = None
        self._ceiling: Decimal | None = None
        self._trailing = False
        self._surveyed = True

    @property
    def bid(self) -> Decimal:
        """Best price at which a taker sells."""
        return self.last - self.spec.tick

    @property
    def ask(self) -> Decimal:
        """Best price at which a taker buys."""
        return self.last + self.spec.tick

    def add(self, order: Order) -> None:
        """Let an order rest or wait."""
        self._orders[(order.request.namespace, order.id)] = order
        self._surveyed = False

    def remove(self, order: Order) -> None:
        """Forget an order that ended; one that never rested is fine."""
        self._orders.pop((order.request.namespace, order.id), None)
        self._surveyed = False

    def orders(self) -> tuple[Order, ...]:
        """Everything that rests or waits here."""
        return tuple(self._orders.values())

    def move(self, price: Decimal) -> list[tuple[Decimal, Order]]:
        """Set the last price; return what the way there touched, with the level of each, in the order of the way."""
        previous, self.last = self.last, price
        self.high = max(self.high, price)
        self.low = min(self.low, price)
        if not self._surveyed:
            self._survey()
        reached_floor = self._floor is not None and price <= self._floor
        reached_ceiling = self._ceiling is not None and price >= self._ceiling
        if not (reached_floor or reached_ceiling or self._trailing):
            return []
        touched = []
        for order in self._orders.values():
            level = self._touched_level(order, price)
            if level is not None:
                touched.append((abs(level - previous), order.id, level, order))
        return [(level, order) for _, _, level, order in sorted(touched, key=lambda entry: entry[:2])]

    def _survey(self) -> None:
        # The price path asks at each step: two comparisons must be enough when nothing is touched.
        self._floor = self._ceiling = None
        self._trailing = False
        for order in self._orders.values():
            request = order.request
            if request.kind is OrderKind.TRAILING_STOP_MARKET:
                self._trailing = True
                continue
            for level, below in _levels(request):
                if below:
                    self._floor = level if self._floor is None else max(self._floor, level)
                else:
                    self._ceiling = level if self._ceiling is None else min(self._ceiling, level)
        self._surveyed = True

    def _touched_level(self, order: Order, price: Decimal) -> Decimal | None:
        request = order.request
        if request.kind is OrderKind.TRAILING_STOP_MARKET:
            return _trail(order, price)
        for level, below in _levels(request):
            if price <= level if below else price >= level:
                return level
        return None


def trigger_levels(request: NewOrder) -> list[tuple[Decimal, bool]]:
    """The prices that a conditional order waits for, each with whether the price must fall to it; none for a trailing one."""
    levels = [] if request.trigger_price is None else [(request.trigger_price, request.fires_below)]
    if request.second_leg is not None:
        levels.append((request.second_leg.trigger_price, not request.fires_below))
    return levels


def _levels(request: NewOrder) -> list[tuple[Decimal, bool]]:
    if request.namespace is Namespace.CONDITIONAL:
        return trigger_levels(request)
    assert request.price is not None
    return [(request.price, request.is_buy)]


def trailing_level(order: Order) -> Decimal | None:
    """Where a trailing stop stands now; None before its activation."""
    if order.extreme is None:
        return None
    distance = order.request.callback_spread
    if distance is None:
        assert order.request.callback_rate is not None
        distance = order.extreme * order.request.callback_rate / _HUNDRED
    return order.extreme + distance if order.request.is_buy else order.extreme - distance


def _trail(order: Order, price: Decimal) -> Decimal | None:
    """Follow the price with a trailing stop; return its level once the price turned back far enough."""
    request = order.request
    sells = not request.is_buy
    if order.extreme is None:
        activation = request.activation_price
        if activation is not None and (price < activation if sells else price > activation):
            return None
        order.extreme = price
    order.extreme = max(order.extreme, price) if sells else min(order.extreme, price)
    level = trailing_level(order)
    assert level is not None
    return level if (price <= level if sells else price >= level) else None
