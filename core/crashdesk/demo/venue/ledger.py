"""The exchange's state machine: accounts, orders, fills. No HTTP and no clock of its own."""

import random
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import count

import msgspec

from crashdesk.demo.venue.book import Book, trigger_levels
from crashdesk.demo.venue.margin import initial_margin, margin_of, open_positions
from crashdesk.demo.venue.market import MARKETS, MarketSpec
from crashdesk.demo.venue.orders import Account, NewOrder, Order, OrderKind, Trade
from crashdesk.demo.venue.positions import SATOSHI, ZERO, Position
from crashdesk.demo.venue.records import OPEN_STATUSES, LedgerStatus, Namespace, VenueError

MAKER_FEE = Decimal("0.0002")
TAKER_FEE = Decimal("0.0005")

_FIRST_TRADE_ID = 291_440_001
_TENTHS_THAT_FILL_IN_TWO_PIECES = 3


class Refusal(StrEnum):
    """Why the exchange refuses an order or a change of mode."""

    POSITION_SIDE = "position side does not match the mode"
    DUPLICATE_CLIENT_ID = "client order id is in use"
    REDUCE_ONLY = "nothing to reduce"
    WOULD_CROSS = "post-only would trade at once"
    WOULD_TRIGGER = "would trigger at once"
    MARGIN = "margin is insufficient"
    SAME_MODE = "the position mode is this one already"
    HAS_OPEN_ORDERS = "there are open orders"
    HAS_POSITION = "there is a position"


class VenueRules(msgspec.Struct, frozen=True, kw_only=True):
    """What one exchange does differently from another.

    `first_conditional_id` None: conditional orders are numbered together with the others.
    `names_orders`: an order without a client id gets one, and what a trigger places takes over the conditional order's.
    `refuses_crossing_post_only`: a post-only order that would trade at once is refused, not accepted and cancelled.
    """

    markets: tuple[MarketSpec, ...] = MARKETS
    first_order_id: int = 4_810_225_001
    first_conditional_id: int | None = 3_107_001
    names_orders: bool = True
    refuses_crossing_post_only: bool = True


BINANCE_RULES = VenueRules()


class Refused(Exception):
    """The ledger refused; nothing changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Ledger:
    """All accounts and books. Times come in as UNIX milliseconds of exchange time."""

    def __init__(
        self,
        accounts: Sequence[str],
        *,
        seed: int = 0,
        hedge_mode: bool = False,
        starting_balance: Decimal,
        at_ms: int,
        rules: VenueRules = BINANCE_RULES,
        markets: Sequence[MarketSpec] | None = None,
    ) -> None:
        self._rules = rules
        self.books = {spec.symbol: Book(spec, spec.start_price) for spec in markets or rules.markets}
        self._accounts = {
            name: Account(name, hedge_mode, starting_balance, starting_balance, updated_ms=at_ms) for name in accounts
        }
        self._random = random.Random(f"{seed}/fills")
        order_ids, first = count(rules.first_order_id), rules.first_conditional_id
        self._ids = {Namespace.NORMAL: order_ids, Namespace.CONDITIONAL: order_ids if first is None else count(first)}
        self._trade_ids = count(_FIRST_TRADE_ID)

    def account(self, name: str) -> Account:
        """The account of that name. Raises VenueError when there is none."""
        try:
            return self._accounts[name]
        except KeyError:
            known = ", ".join(sorted(self._accounts))
            raise VenueError(f"The embedded exchange has no account {name!r}. It has: {known}.") from None

    def place(self, account: Account, request: NewOrder, at_ms: int) -> Order:
        """Accept an order: fill what it takes at once, let the rest rest or wait. Raises Refused."""
        if account.hedge_mode == (request.position_side == "BOTH"):
            raise Refused(Refusal.POSITION_SIDE)
        if request.client_order_id in account.shelves[request.namespace].open_by_client_id:
            raise Refused(Refusal.DUPLICATE_CLIENT_ID)
        if request.namespace is Namespace.CONDITIONAL:
            return self._wait(account, request, at_ms)
        self._check_reduction(account, request)
        book = self.books[request.symbol]
        crosses = _crosses(request, book)
        would_cross = request.time_in_force == "GTX" and crosses
        if would_cross and self._rules.refuses_crossing_post_only:
            raise Refused(Refusal.WOULD_CROSS)
        self._check_margin(account, request, book)
        order = self._accept(account, request, at_ms)
        if would_cross:
            self._end(order, LedgerStatus.EXPIRED, at_ms)
            return order
        self._take_or_rest(order, book, crosses, at_ms)
        return order

    def cancel(self, order: Order, by: str, at_ms: int) -> None:
        """End an open order on a client's request."""
        order.cancelled_by = by
        self._end(order, LedgerStatus.CANCELLED, at_ms)

    def amend(self, order: Order, *, quantity: Decimal, price: Decimal | None, at_ms: int) -> None:
        """Change a resting order in place; it keeps its id. One whose new price crosses trades at once. Raises Refused."""
        request = msgspec.structs.replace(order.request, quantity=quantity, price=price)
        book = self.books[request.symbol]
        unfilled = msgspec.structs.replace(request, quantity=quantity - order.filled)
        order.account.shelves[request.namespace].open.pop(order.id)
        try:
            self._check_margin(order.account, unfilled, book)
        finally:
            order.account.shelves[request.namespace].open[order.id] = order
        order.request, order.updated_ms, order.first_piece = request, at_ms, None
        book.remove(order)
        if _crosses(request, book):
            self._fill(order, order.remaining, book.ask if request.is_buy else book.bid, maker=False, at_ms=at_ms)
        else:
            book.add(order)

    def cancel_all(self, account: Account, by: str, at_ms: int, symbol: str = "") -> None:
        """End every open order of an account, or of one symbol of it, conditional ones too."""
        for shelf in account.shelves.values():
            for order in tuple(shelf.open.values()):
                if symbol in ("", order.request.symbol):
                    self.cancel(order, by, at_ms)

    def move_price(self, symbol: str, price: Decimal, at_ms: int, *, in_full: bool = False) -> None:
        """Move a market to `price`; fill and trigger what lies on the way. `in_full` leaves no order half filled."""
        book = self.books[symbol]
        for level, order in book.move(price):
            if order.status not in OPEN_STATUSES:
                continue
            if order.request.namespace is Namespace.CONDITIONAL:
                # What a trigger sends trades where it triggered, not where the price went on to.
                book.last = level.quantize(book.spec.tick)
                self._trigger(order, book, level, at_ms)
                book.last = price
            else:
                self._fill_resting(order, in_full, at_ms)

    def set_hedge_mode(self, account: Account, hedge_mode: bool) -> None:
        """Switch between one-way and hedge mode. Raises Refused."""
        if account.hedge_mode == hedge_mode:
            raise Refused(Refusal.SAME_MODE)
        if any(shelf.open for shelf in account.shelves.values()):
            raise Refused(Refusal.HAS_OPEN_ORDERS)
        if open_positions(account):
            raise Refused(Refusal.HAS_POSITION)
        account.hedge_mode = hedge_mode

    def _check_reduction(self, account: Account, request: NewOrder) -> None:
        if not request.only_reduces:
            return
        reducible = account.reducible(request)
        if not reducible or (account.hedge_mode and request.quantity > reducible):
            raise Refused(Refusal.REDUCE_ONLY)

    def _check_margin(self, account: Account, request: NewOrder, book: Book) -> None:
        opening = request.quantity - account.reducible(request)
        if request.only_reduces or opening <= 0:
            return
        price = request.price or (book.ask if request.is_buy else book.bid)
        if initial_margin(price * opening) > margin_of(account, self.books).available:
            raise Refused(Refusal.MARGIN)

    def _accept(self, account: Account, request: NewOrder, at_ms: int) -> Order:
        order_id = next(self._ids[request.namespace])
        if not request.client_order_id and self._rules.names_orders:
            request = msgspec.structs.replace(request, client_order_id=f"web_{order_id}")
        order = Order(order_id, request, account, at_ms, at_ms)
        account.shelves[request.namespace].add(order)
        return order

    def _wait(self, account: Account, request: NewOrder, at_ms: int) -> Order:
        book = self.books[request.symbol]
        if any(book.last <= level if below else book.last >= level for level, below in trigger_levels(request)):
            raise Refused(Refusal.WOULD_TRIGGER)
        order = self._accept(account, request, at_ms)
        if request.kind is OrderKind.TRAILING_STOP_MARKET and request.activation_price is None:
            order.extreme = book.last
        book.add(order)
        return order

    def _take_or_rest(self, order: Order, book: Book, crosses: bool, at_ms: int) -> None:
        request = order.request
        if crosses:
            self._fill(order, order.remaining, book.ask if request.is_buy else book.bid, maker=False, at_ms=at_ms)
        elif request.time_in_force in ("IOC", "FOK"):
            self._end(order, LedgerStatus.EXPIRED, at_ms)
        else:
            order.first_piece = self._first_piece(request.quantity, book.spec.step)
            book.add(order)

    def _first_piece(self, quantity: Decimal, step: Decimal) -> Decimal | None:
        steps = int(quantity / step)
        if self._random.randrange(10) >= _TENTHS_THAT_FILL_IN_TWO_PIECES or steps < 2:
            return None
        return step * self._random.randint(1, steps - 1)

    def _fill_resting(self, order: Order, in_full: bool, at_ms: int) -> None:
        price = order.request.price
        assert price is not None
        if order.first_piece is not None and not order.filled:
            self._fill(order, order.first_piece, price, maker=True, at_ms=at_ms)
            if not in_full or order.status is not LedgerStatus.PARTIALLY_FILLED:
                return
        self._fill(order, order.remaining, price, maker=True, at_ms=at_ms)

    def _trigger(self, waiting: Order, book: Book, level: Decimal, at_ms: int) -> None:
        """Turn a conditional order into a normal one, or let it expire when there is nothing left to close."""
        account, request = waiting.account, waiting.request
        reducible = account.reducible(request)
        if request.only_reduces and not reducible:
            self._end(waiting, LedgerStatus.EXPIRED, at_ms)
            return
        second = request.second_leg
        price = second.price if second is not None and level == second.trigger_price else request.price
        # A client may have reused the id for a normal order meanwhile; ids are unique per namespace only.
        keeps_id = (
            self._rules.names_orders
            and request.client_order_id not in account.shelves[Namespace.NORMAL].open_by_client_id
        )
        sent = msgspec.structs.replace(
            request,
            kind=OrderKind.MARKET if price is None else OrderKind.LIMIT,
            price=price,
            own_type="",
            second_leg=None,
            listed_client_id="",
            quantity=reducible if request.close_position else request.quantity,
            client_order_id=request.client_order_id if keeps_id else "",
        )
        try:
            self._check_margin(account, sent, book)
        except Refused:
            self._end(waiting, LedgerStatus.EXPIRED, at_ms)
            return
        order = self._accept(account, sent, at_ms)
        order.origin = waiting
        waiting.triggered_order_id = str(order.id)
        waiting.triggered_ms = at_ms
        self._end(waiting, LedgerStatus.TRIGGERED, at_ms)
        self._take_or_rest(order, book, _crosses(sent, book), at_ms)

    def _fill(self, order: Order, quantity: Decimal, price: Decimal, *, maker: bool, at_ms: int) -> None:
        account, request = order.account, order.request
        if request.only_reduces:
            quantity = min(quantity, account.reducible(request))
            if not quantity:
                self._end(order, LedgerStatus.EXPIRED, at_ms)
                return
        position = account.position(request.symbol, request.position_side)
        realized = position.apply(quantity if request.is_buy else -quantity, price, at_ms)
        notional = price * quantity
        fee = (notional * (MAKER_FEE if maker else TAKER_FEE)).quantize(SATOSHI)
        account.balance += realized - fee
        account.realized_pnl += realized
        account.fees_paid += fee
        account.updated_ms = at_ms
        account.trades.append(
            Trade(
                id=next(self._trade_ids),
                order_id=order.id,
                symbol=request.symbol,
                side=request.side,
                position_side=request.position_side,
                price=price,
                quantity=quantity,
                quote_quantity=notional,
                commission=fee,
                realized_pnl=realized,
                maker=maker,
                time_ms=at_ms,
            )
        )
        order.filled += quantity
        order.quote_filled += notional
        order.status = LedgerStatus.PARTIALLY_FILLED
        order.updated_ms = at_ms
        if not order.remaining:
            self._end(order, LedgerStatus.FILLED, at_ms)
        elif request.kind is OrderKind.MARKET:
            self._end(order, LedgerStatus.EXPIRED, at_ms)
        self._expire_pointless(account, position, at_ms)

    def _expire_pointless(self, account: Account, position: Position, at_ms: int) -> None:
        """End resting reduce-only orders whose position is gone or has turned to their own side."""
        for order in tuple(account.shelves[Namespace.NORMAL].open.values()):
            request = order.request
            same = (request.symbol, request.position_side) == (position.symbol, position.position_side)
            if same and request.only_reduces and account.reducible(request) == ZERO:
                self._end(order, LedgerStatus.EXPIRED, at_ms)

    def _end(self, order: Order, status: LedgerStatus, at_ms: int) -> None:
        order.status = status
        order.updated_ms = at_ms
        account = order.account
        account.shelves[order.request.namespace].close(order)
        account.ended.append(order.record())
        self.books[order.request.symbol].remove(order)


def _crosses(request: NewOrder, book: Book) -> bool:
    """Whether the order would trade at once."""
    if request.price is None or request.kind is OrderKind.MARKET:
        return True
    return request.price >= book.ask if request.is_buy else request.price <= book.bid
