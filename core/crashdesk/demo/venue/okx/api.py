"""The OKX dialect: requests of OKX's v5 API, answered from the ledger."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec

from crashdesk.demo.venue.book import Book
from crashdesk.demo.venue.faults import FaultKind
from crashdesk.demo.venue.ledger import Refused
from crashdesk.demo.venue.margin import open_positions
from crashdesk.demo.venue.okx import params as order_params
from crashdesk.demo.venue.okx import rendering
from crashdesk.demo.venue.okx.calls import Access, Call, Params, authenticate, read_items, read_query
from crashdesk.demo.venue.okx.errors import FAILURES, REFUSALS, OkxError, OkxErrorKind
from crashdesk.demo.venue.okx.markets import INSTRUMENT_TYPES, SWAP, Json, instruments, mark_price_json, ticker_json
from crashdesk.demo.venue.okx.trading import Trading, find_order
from crashdesk.demo.venue.orders import Account, Order, Trade
from crashdesk.demo.venue.positions import ZERO
from crashdesk.demo.venue.records import Credentials, HeldRequest, LedgerStatus, Namespace
from crashdesk.demo.venue.server import NOT_FOUND, Reply, Request
from crashdesk.demo.venue.simulation import Simulation

PREFIX = "/api/v5/"
PAGE = 100
_DAY_MS = 86_400_000
_FORGOTTEN_MS = 2 * 3_600_000
"""So long after its end OKX still knows an order that was cancelled without a fill."""
_ALGO_TYPES = frozenset({"conditional", "oco", "trigger", "move_order_stop", "iceberg", "twap"})
_LISTED_TOGETHER = frozenset({"conditional", "oco"})
_SHORTEST_SWITCH_S, _LONGEST_SWITCH_S = 10, 120

Handler = Callable[[Call], object]
Row = TypeVar("Row", Order, Trade)


class OkxApi:
    """Answers requests. Not thread-safe: its owner serialises the calls."""

    def __init__(self, simulation: Simulation, credentials: Sequence[Credentials]) -> None:
        self._simulation = simulation
        self._ledger = simulation.ledger
        self._books = simulation.ledger.books
        self._trading = Trading(simulation.ledger)
        self._credentials = {entry.api_key: entry for entry in credentials}
        self._routes = self._build_routes()

    def answer(self, request: Request, clock_shift_ms: int = 0) -> Reply:
        """Process one request, with the exchange's clock shifted for it alone."""
        route = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if route is None or not request.path.startswith(PREFIX):
            return NOT_FOUND
        access, handler = route
        try:
            call = self._authorise(request, access, self._simulation.now_ms() + clock_shift_ms)
            answered = handler(call)
        except Refused as refused:
            return _refusal(OkxError(REFUSALS[refused.refusal]))
        except OkxError as error:
            return _refusal(error)
        envelope = answered if isinstance(answered, dict) else {"code": "0", "data": answered, "msg": ""}
        return Reply(body=msgspec.json.encode(envelope))

    def revoke(self, api_key: str) -> None:
        """Refuse this key from now on."""
        self._credentials.pop(api_key, None)

    def failure(self, kind: FaultKind) -> Reply:
        """The exchange's own words for a fault."""
        return _refusal(OkxError(FAILURES[kind]))

    def summary(self, request: Request) -> HeldRequest:
        """What a request is about; of several orders, the first."""
        try:
            params = read_items(request.body)[0] if request.body else dict(parse_qsl(request.query))
        except OkxError:
            params = {}
        return HeldRequest(
            method=request.method,
            path=request.path,
            api_key=request.headers.get("ok-access-key", ""),
            symbol=params.get("instId", ""),
            order_id=params.get("ordId") or params.get("algoId", ""),
            client_order_id=params.get("algoClOrdId") or params.get("clOrdId", ""),
        )

    def _build_routes(self) -> dict[tuple[str, str], tuple[Access, Handler]]:
        public, read, trade = Access.PUBLIC, Access.READ, Access.TRADE
        trading = self._trading
        return {
            ("GET", "public/time"): (public, lambda call: [{"ts": str(call.now_ms)}]),
            ("GET", "public/instruments"): (public, _instruments),
            ("GET", "public/mark-price"): (public, self._quotes(mark_price_json)),
            ("GET", "market/ticker"): (public, self._quotes(ticker_json)),
            ("GET", "market/tickers"): (public, self._quotes(ticker_json)),
            ("GET", "system/status"): (public, lambda _call: []),
            ("GET", "asset/currencies"): (read, lambda _call: []),
            ("GET", "account/config"): (read, self._config),
            ("GET", "account/balance"): (read, lambda call: [rendering.balance_json(call.owner, self._books)]),
            ("GET", "account/positions"): (read, self._positions),
            ("POST", "account/set-position-mode"): (trade, self._set_position_mode),
            ("GET", "trade/order"): (read, self._order),
            ("GET", "trade/orders-pending"): (read, self._orders_pending),
            ("GET", "trade/orders-history"): (read, lambda call: self._orders_history(call, 7)),
            ("GET", "trade/orders-history-archive"): (read, lambda call: self._orders_history(call, 90)),
            ("GET", "trade/fills"): (read, lambda call: self._fills(call, 3)),
            ("GET", "trade/fills-history"): (read, lambda call: self._fills(call, 90)),
            ("POST", "trade/order"): (trade, trading.place),
            ("POST", "trade/batch-orders"): (trade, trading.place_many),
            ("POST", "trade/amend-order"): (trade, trading.amend),
            ("POST", "trade/cancel-order"): (trade, trading.cancel),
            ("POST", "trade/cancel-batch-orders"): (trade, trading.cancel_many),
            ("GET", "trade/order-algo"): (read, self._algo),
            ("GET", "trade/orders-algo-pending"): (read, self._algos_pending),
            ("GET", "trade/orders-algo-history"): (read, self._algos_history),
            ("POST", "trade/order-algo"): (trade, trading.place_algo),
            ("POST", "trade/cancel-algos"): (trade, trading.cancel_algos),
            ("POST", "trade/cancel-all-after"): (trade, self._cancel_all_after),
        }

    def _authorise(self, request: Request, access: Access, now_ms: int) -> Call:
        params = read_query(request.query)
        if access is Access.PUBLIC:
            return Call(params=params, now_ms=now_ms)
        credentials = authenticate(request, self._credentials, access, now_ms)
        items = read_items(request.body) if request.method == "POST" else ()
        account = self._ledger.account(credentials.account)
        return Call(params=params, items=items, now_ms=now_ms, account=account, api_key=credentials.api_key)

    def _quotes(self, render: Callable[[Book, int], Json]) -> Handler:
        def answer(call: Call) -> object:
            if not call.params.get("instId") and _instrument_type(call.params, needed=True) != SWAP:
                return []
            return [render(book, call.now_ms) for book in self._books_asked(call)]

        return answer

    def _books_asked(self, call: Call) -> list[Book]:
        if call.params.get("instId"):
            return [self._books[order_params.market(call.params).symbol]]
        return list(self._books.values())

    def _config(self, call: Call) -> object:
        return [rendering.config_json(call.owner, self._credentials[call.api_key])]

    def _positions(self, call: Call) -> object:
        if _instrument_type(call.params) not in ("", SWAP):
            return []
        wanted = [name for name in call.params.get("instId", "").split(",") if name]
        return [
            rendering.position_json(position, self._books[position.symbol])
            for position in open_positions(call.owner)
            if not wanted or self._books[position.symbol].spec.id in wanted
        ]

    def _set_position_mode(self, call: Call) -> object:
        mode = order_params.required(call.items[0], "posMode")
        if mode not in ("net_mode", "long_short_mode"):
            raise OkxError(OkxErrorKind.PARAMETER, "posMode")
        hedge_mode = mode == "long_short_mode"
        if call.owner.hedge_mode != hedge_mode:
            self._ledger.set_hedge_mode(call.owner, hedge_mode)
        return [{"posMode": mode}]

    def _order(self, call: Call) -> object:
        order = find_order(call.params, call.owner.shelves[Namespace.NORMAL], "ordId", "clOrdId")
        if order is None or _is_forgotten(order, call.now_ms):
            raise OkxError(OkxErrorKind.NO_SUCH_ORDER)
        return _order_rows(call.owner, [order])

    def _orders_pending(self, call: Call) -> object:
        orders = self._asked_for(call, call.owner.shelves[Namespace.NORMAL].open.values())
        return _order_rows(call.owner, _page(call.params, orders))

    def _orders_history(self, call: Call, days: int) -> object:
        _instrument_type(call.params, needed=True)
        shelf = call.owner.shelves[Namespace.NORMAL]
        ended = [
            order
            for order in shelf.by_id.values()
            if order.id not in shelf.open
            and order.updated_ms >= call.now_ms - days * _DAY_MS
            and not _is_forgotten(order, call.now_ms)
            and _within(call.params, order.created_ms)
        ]
        return _order_rows(call.owner, _page(call.params, self._asked_for(call, ended)))

    def _fills(self, call: Call, days: int) -> object:
        orders = call.owner.shelves[Namespace.NORMAL].by_id
        order_id = order_params.integer(call.params, "ordId")
        symbols = {book.spec.symbol for book in self._books_asked(call)}
        trades = [
            trade
            for trade in call.owner.trades
            if trade.symbol in symbols
            and (order_id is None or trade.order_id == order_id)
            and trade.time_ms >= call.now_ms - days * _DAY_MS
            and _within(call.params, trade.time_ms)
        ]
        return [rendering.fill_json(trade, orders[trade.order_id]) for trade in _page(call.params, trades)]

    def _algo(self, call: Call) -> object:
        shelf = call.owner.shelves[Namespace.CONDITIONAL]
        order = find_order(call.params, shelf, "algoId", "algoClOrdId", needs_market=False)
        if order is None:
            raise OkxError(OkxErrorKind.NO_SUCH_ORDER)
        return self._algo_rows([order])

    def _algos_pending(self, call: Call) -> object:
        shelf = call.owner.shelves[Namespace.CONDITIONAL]
        return self._algo_rows(_page(call.params, self._algos_asked_for(call, shelf.open.values())))

    def _algos_history(self, call: Call) -> object:
        shelf = call.owner.shelves[Namespace.CONDITIONAL]
        if not call.params.get("state") and not call.params.get("algoId"):
            raise OkxError(OkxErrorKind.EITHER_PARAMETER, "state or algoId")
        ended = [order for order in shelf.by_id.values() if order.id not in shelf.open]
        return self._algo_rows(_page(call.params, self._algos_asked_for(call, ended)))

    def _cancel_all_after(self, call: Call) -> object:
        seconds = order_params.integer(call.items[0], "timeOut")
        if seconds is None or (seconds and not _SHORTEST_SWITCH_S <= seconds <= _LONGEST_SWITCH_S):
            raise OkxError(OkxErrorKind.PARAMETER, "timeOut")
        self._simulation.cancel_all_after(call.owner.name, seconds * 1000, call.api_key)
        trigger = str(call.now_ms + seconds * 1000) if seconds else "0"
        return [{"triggerTime": trigger, "tag": "", "ts": str(call.now_ms)}]

    def _asked_for(self, call: Call, orders: Iterable[Order]) -> list[Order]:
        if _instrument_type(call.params) not in ("", SWAP):
            return []
        symbols = {book.spec.symbol for book in self._books_asked(call)}
        types = set(filter(None, call.params.get("ordType", "").split(",")))
        state = call.params.get("state", "")
        return [
            order
            for order in orders
            if order.request.symbol in symbols
            and (not types or order.request.own_type in types)
            and (not state or rendering.state_of(order) == state)
        ]

    def _algos_asked_for(self, call: Call, orders: Iterable[Order]) -> list[Order]:
        types = set(order_params.required(call.params, "ordType").split(","))
        if not types <= _ALGO_TYPES or (len(types) > 1 and types != _LISTED_TOGETHER):
            raise OkxError(OkxErrorKind.PARAMETER, "ordType")
        algo_id = order_params.integer(call.params, "algoId")
        return [order for order in self._asked_for(call, orders) if algo_id is None or order.id == algo_id]

    def _algo_rows(self, orders: Iterable[Order]) -> list[Json]:
        return [rendering.algo_json(order, self._books[order.request.symbol].last) for order in orders]


def _refusal(error: OkxError) -> Reply:
    return Reply(status=error.status, body=error.body())


def _instruments(call: Call) -> object:
    found = instruments(_instrument_type(call.params, needed=True))
    wanted = call.params.get("instId", "")
    return [row for row in found if not wanted or row["instId"] == wanted]


def _instrument_type(params: Params, *, needed: bool = False) -> str:
    text = order_params.required(params, "instType") if needed else params.get("instType", "")
    if text and text not in INSTRUMENT_TYPES:
        raise OkxError(OkxErrorKind.PARAMETER, "instType")
    return text


def _is_forgotten(order: Order, now_ms: int) -> bool:
    ended = order.status in (LedgerStatus.CANCELLED, LedgerStatus.EXPIRED)
    return ended and order.filled == ZERO and now_ms - order.updated_ms > _FORGOTTEN_MS


def _within(params: Params, at_ms: int) -> bool:
    begin, end = order_params.integer(params, "begin"), order_params.integer(params, "end")
    return (begin is None or at_ms >= begin) and (end is None or at_ms <= end)


def _order_rows(account: Account, orders: Sequence[Order]) -> list[Json]:
    trades: dict[int, list[Trade]] = {order.id: [] for order in orders}
    if any(order.filled for order in orders):
        for trade in account.trades:
            if trade.order_id in trades:
                trades[trade.order_id].append(trade)
    return [rendering.order_json(order, trades[order.id]) for order in orders]


def _page(params: Params, rows: Iterable[Row]) -> list[Row]:
    """Newest first, 100 at most; `after` asks for older ones than that id, `before` for newer ones."""
    after, before = order_params.integer(params, "after"), order_params.integer(params, "before")
    limit = min(order_params.integer(params, "limit") or PAGE, PAGE)
    found = [row for row in rows if (after is None or row.id < after) and (before is None or row.id > before)]
    return sorted(found, key=lambda row: row.id, reverse=True)[:limit]
