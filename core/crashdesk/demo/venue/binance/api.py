"""The dialect: authorised requests of Binance's USD-M futures API, answered from the ledger."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec

from crashdesk.demo.venue.binance import params as order_params
from crashdesk.demo.venue.binance import rendering
from crashdesk.demo.venue.binance.errors import FAILURES, REFUSALS, ApiError, ApiErrorKind
from crashdesk.demo.venue.book import Book
from crashdesk.demo.venue.faults import FaultKind
from crashdesk.demo.venue.ledger import Refused
from crashdesk.demo.venue.margin import margin_of
from crashdesk.demo.venue.market import MARKETS
from crashdesk.demo.venue.orders import Account, Order, OrderShelf
from crashdesk.demo.venue.records import Credentials, HeldRequest, Namespace
from crashdesk.demo.venue.server import NOT_FOUND, Reply, Request
from crashdesk.demo.venue.simulation import Simulation

_DEFAULT_RECV_WINDOW_MS = 5000
_AHEAD_TOLERANCE_MS = 1000
_HISTORY_WINDOW_MS = 7 * 86_400_000
_DEFAULT_PAGE, _MAX_PAGE = 500, 1000


class Access(Enum):
    """What a request needs."""

    PUBLIC = "public"
    READ = "read"
    TRADE = "trade"


class Call(msgspec.Struct, frozen=True):
    """One authorised request."""

    params: dict[str, str]
    now_ms: int
    account: Account | None
    api_key: str

    @property
    def owner(self) -> Account:
        """The account; every signed request has one."""
        assert self.account is not None
        return self.account


Handler = Callable[[Call], object]
Row = TypeVar("Row")


class BinanceApi:
    """Answers requests. Not thread-safe: its owner serialises the calls."""

    def __init__(self, simulation: Simulation, credentials: Sequence[Credentials]) -> None:
        self._simulation = simulation
        self._ledger = simulation.ledger
        self._books = simulation.ledger.books
        self._credentials = {entry.api_key: entry for entry in credentials}
        self._exchange_info = Reply(body=rendering.exchange_info(simulation.now_ms()))
        self._routes = self._build_routes()

    def answer(self, request: Request, clock_shift_ms: int = 0) -> Reply:
        """Process one request, with the exchange's clock shifted for it alone."""
        if request.path == "/fapi/v1/exchangeInfo":
            return self._exchange_info
        route = self._routes.get((request.method, request.path))
        if route is None:
            return NOT_FOUND
        access, handler = route
        try:
            call = self._authorise(request, access, self._simulation.now_ms() + clock_shift_ms)
            return Reply(body=msgspec.json.encode(handler(call)))
        except Refused as refused:
            error = ApiError(REFUSALS[refused.refusal])
        except ApiError as caught:
            error = caught
        return _refusal(error)

    def revoke(self, api_key: str) -> None:
        """Refuse this key from now on."""
        self._credentials.pop(api_key, None)

    def failure(self, kind: FaultKind) -> Reply:
        """The exchange's own words for a fault."""
        return _refusal(ApiError(FAILURES[kind]))

    def summary(self, request: Request) -> HeldRequest:
        """What a request is about."""
        params = dict(parse_qsl(request.query + request.body))
        return HeldRequest(
            method=request.method,
            path=request.path,
            api_key=request.headers.get("x-mbx-apikey", ""),
            symbol=params.get("symbol", ""),
            order_id=params.get("orderId") or params.get("algoId", ""),
            client_order_id=params.get("newClientOrderId")
            or params.get("clientAlgoId")
            or params.get("origClientOrderId", ""),
        )

    def _build_routes(self) -> dict[tuple[str, str], tuple[Access, Handler]]:
        public, read, trade = Access.PUBLIC, Access.READ, Access.TRADE
        return {
            ("GET", "/fapi/v1/ping"): (public, _pong),
            ("GET", "/fapi/v1/time"): (public, _server_time),
            ("GET", "/fapi/v1/ticker/24hr"): (public, self._tickers(rendering.day_ticker_json)),
            ("GET", "/fapi/v1/ticker/bookTicker"): (public, self._tickers(rendering.book_ticker_json)),
            ("GET", "/fapi/v1/ticker/price"): (public, self._tickers(rendering.last_price_json)),
            ("GET", "/fapi/v2/ticker/price"): (public, self._tickers(rendering.last_price_json)),
            ("GET", "/fapi/v1/premiumIndex"): (public, self._tickers(rendering.mark_price_json)),
            ("GET", "/sapi/v1/account/apiRestrictions"): (read, self._restrictions),
            ("GET", "/fapi/v2/account"): (read, self._account),
            ("GET", "/fapi/v3/account"): (read, self._account),
            ("GET", "/fapi/v2/balance"): (read, self._balance),
            ("GET", "/fapi/v3/balance"): (read, self._balance),
            ("GET", "/fapi/v2/positionRisk"): (read, self._positions),
            ("GET", "/fapi/v3/positionRisk"): (read, self._positions),
            ("GET", "/fapi/v1/leverageBracket"): (read, self._brackets),
            ("GET", "/fapi/v1/positionSide/dual"): (read, self._position_mode),
            ("POST", "/fapi/v1/positionSide/dual"): (trade, self._set_position_mode),
            ("GET", "/fapi/v1/openOrders"): (read, self._open_orders),
            ("GET", "/fapi/v1/openOrder"): (read, self._open_order),
            ("GET", "/fapi/v1/allOrders"): (read, self._all_orders),
            ("GET", "/fapi/v1/userTrades"): (read, self._trades),
            ("GET", "/fapi/v1/forceOrders"): (read, _no_liquidations),
            ("GET", "/fapi/v1/order"): (read, self._order),
            ("POST", "/fapi/v1/order"): (trade, self._place),
            ("DELETE", "/fapi/v1/order"): (trade, self._cancel),
            ("DELETE", "/fapi/v1/allOpenOrders"): (trade, self._cancel_all),
            ("POST", "/fapi/v1/countdownCancelAll"): (trade, self._cancel_all_after),
            ("GET", "/fapi/v1/openAlgoOrders"): (read, self._open_conditionals),
            ("GET", "/fapi/v1/allAlgoOrders"): (read, self._all_conditionals),
            ("GET", "/fapi/v1/algoOrder"): (read, self._conditional),
            ("POST", "/fapi/v1/algoOrder"): (trade, self._place_conditional),
            ("DELETE", "/fapi/v1/algoOrder"): (trade, self._cancel_conditional),
            ("DELETE", "/fapi/v1/algoOpenOrders"): (trade, self._cancel_all_conditionals),
        }

    def _authorise(self, request: Request, access: Access, now_ms: int) -> Call:
        signed_text = request.query + request.body
        params = dict(parse_qsl(signed_text, keep_blank_values=True))
        if access is Access.PUBLIC:
            return Call(params, now_ms, None, "")
        api_key = request.headers.get("x-mbx-apikey", "")
        if not api_key:
            raise ApiError(ApiErrorKind.KEY_FORMAT)
        credentials = self._credentials.get(api_key)
        if credentials is None:
            raise ApiError(ApiErrorKind.KEY_OR_PERMISSION)
        order_params.required(params, "timestamp")
        signature = order_params.required(params, "signature")
        unsigned = signed_text.rpartition("&signature=")[0]
        expected = hmac.new(credentials.secret.encode(), unsigned.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise ApiError(ApiErrorKind.BAD_SIGNATURE)
        _check_timestamp(params, now_ms)
        if access is Access.TRADE and not credentials.can_trade:
            raise ApiError(ApiErrorKind.KEY_OR_PERMISSION)
        return Call(params, now_ms, self._ledger.account(credentials.account), api_key)

    def _tickers(self, render: Callable[[Book, int], rendering.Json]) -> Handler:
        def answer(call: Call) -> object:
            spec = order_params.optional_market(call.params)
            if spec is not None:
                return render(self._books[spec.symbol], call.now_ms)
            return [render(book, call.now_ms) for book in self._books.values()]

        return answer

    def _restrictions(self, call: Call) -> object:
        return rendering.restrictions_json(self._credentials[call.api_key])

    def _account(self, call: Call) -> object:
        return rendering.account_json(call.owner, self._books)

    def _balance(self, call: Call) -> object:
        asset = rendering.asset_json(call.owner, margin_of(call.owner, self._books))
        return [{"asset": "USDT", "balance": asset["walletBalance"], **asset}]

    def _positions(self, call: Call) -> object:
        spec = order_params.optional_market(call.params)
        return [
            rendering.position_json(position, self._books[position.symbol])
            for position in call.owner.positions.values()
            if position.quantity and (spec is None or position.symbol == spec.symbol)
        ]

    def _brackets(self, call: Call) -> object:
        spec = order_params.optional_market(call.params)
        return [rendering.bracket_json(entry) for entry in MARKETS if spec is None or entry is spec]

    def _position_mode(self, call: Call) -> object:
        return {"dualSidePosition": call.owner.hedge_mode}

    def _set_position_mode(self, call: Call) -> object:
        order_params.required(call.params, "dualSidePosition")
        self._ledger.set_hedge_mode(call.owner, order_params.flag(call.params, "dualSidePosition"))
        return {"code": 200, "msg": "success"}

    def _open_orders(self, call: Call) -> object:
        orders = call.owner.shelves[Namespace.NORMAL].open.values()
        return [rendering.order_json(order) for order in _of_market(call, orders)]

    def _open_conditionals(self, call: Call) -> object:
        orders = call.owner.shelves[Namespace.CONDITIONAL].open.values()
        return [rendering.conditional_json(order) for order in _of_market(call, orders)]

    def _all_orders(self, call: Call) -> object:
        shelf = call.owner.shelves[Namespace.NORMAL]
        orders = _of_market(call, shelf.by_id.values())
        page = _page(call, [(order.id, order.created_ms, order) for order in orders], "orderId")
        return [rendering.order_json(order) for order in page]

    def _all_conditionals(self, call: Call) -> object:
        order_params.market(call.params)
        shelf = call.owner.shelves[Namespace.CONDITIONAL]
        orders = _of_market(call, shelf.by_id.values())
        page = _page(call, [(order.id, order.created_ms, order) for order in orders], "algoId")
        return [rendering.conditional_json(order) for order in page]

    def _trades(self, call: Call) -> object:
        symbol = order_params.market(call.params).symbol
        order_id = order_params.integer(call.params, "orderId")
        trades = [
            (trade.id, trade.time_ms, trade)
            for trade in call.owner.trades
            if trade.symbol == symbol and (order_id is None or trade.order_id == order_id)
        ]
        return [rendering.trade_json(trade) for trade in _page(call, trades, "fromId")]

    def _order(self, call: Call) -> object:
        order = _find(call, call.owner.shelves[Namespace.NORMAL], "orderId", "origClientOrderId")
        if order is None:
            raise ApiError(ApiErrorKind.NO_SUCH_ORDER)
        return rendering.order_json(order)

    def _open_order(self, call: Call) -> object:
        shelf = call.owner.shelves[Namespace.NORMAL]
        order = _find(call, shelf, "orderId", "origClientOrderId")
        if order is None or order.id not in shelf.open:
            raise ApiError(ApiErrorKind.NO_SUCH_ORDER)
        return rendering.order_json(order)

    def _conditional(self, call: Call) -> object:
        order = _find(call, call.owner.shelves[Namespace.CONDITIONAL], "algoId", "clientAlgoId", needs_symbol=False)
        if order is None:
            raise ApiError(ApiErrorKind.NO_SUCH_ORDER)
        return rendering.conditional_json(order)

    def _place(self, call: Call) -> object:
        wanted = order_params.plain_order(call.params, self._books, call.api_key)
        return rendering.order_json(self._ledger.place(call.owner, wanted, call.now_ms))

    def _place_conditional(self, call: Call) -> object:
        wanted = order_params.conditional_order(call.params, self._books, call.api_key)
        return rendering.conditional_json(self._ledger.place(call.owner, wanted, call.now_ms))

    def _cancel(self, call: Call) -> object:
        shelf = call.owner.shelves[Namespace.NORMAL]
        order = self._cancel_found(call, shelf, _find(call, shelf, "orderId", "origClientOrderId"))
        return rendering.order_json(order)

    def _cancel_conditional(self, call: Call) -> object:
        shelf = call.owner.shelves[Namespace.CONDITIONAL]
        found = _find(call, shelf, "algoId", "clientAlgoId", needs_symbol=False)
        order = self._cancel_found(call, shelf, found)
        return {"algoId": order.id, "clientAlgoId": order.request.client_order_id, "code": "200", "msg": "success"}

    def _cancel_found(self, call: Call, shelf: OrderShelf, order: Order | None) -> Order:
        if order is None or order.id not in shelf.open:
            raise ApiError(ApiErrorKind.UNKNOWN_ORDER)
        self._ledger.cancel(order, call.api_key, call.now_ms)
        return order

    def _cancel_all(self, call: Call) -> object:
        return self._cancel_shelf(call, Namespace.NORMAL)

    def _cancel_all_conditionals(self, call: Call) -> object:
        return self._cancel_shelf(call, Namespace.CONDITIONAL)

    def _cancel_all_after(self, call: Call) -> object:
        market = order_params.market(call.params)
        milliseconds = order_params.integer(call.params, "countdownTime")
        if milliseconds is None or milliseconds < 0:
            raise ApiError(ApiErrorKind.MISSING_PARAMETER, "countdowntime")
        self._simulation.cancel_all_after(call.owner.name, milliseconds, call.api_key, market.symbol)
        return {"symbol": market.id, "countdownTime": str(milliseconds)}

    def _cancel_shelf(self, call: Call, namespace: Namespace) -> object:
        order_params.market(call.params)
        for order in _of_market(call, tuple(call.owner.shelves[namespace].open.values())):
            self._ledger.cancel(order, call.api_key, call.now_ms)
        return {"code": 200, "msg": "The operation of cancel all open order is done."}


def _refusal(error: ApiError) -> Reply:
    return Reply(status=error.status, body=error.body())


def _no_liquidations(_call: Call) -> object:
    return []  # this exchange never liquidates


def _pong(_call: Call) -> object:
    return {}


def _server_time(call: Call) -> object:
    return {"serverTime": call.now_ms}


def _check_timestamp(params: dict[str, str], now_ms: int) -> None:
    timestamp = order_params.integer(params, "timestamp") or 0
    window = order_params.integer(params, "recvWindow") or _DEFAULT_RECV_WINDOW_MS
    if timestamp >= now_ms + _AHEAD_TOLERANCE_MS:
        raise ApiError(ApiErrorKind.AHEAD_OF_SERVER)
    if now_ms - timestamp > window:
        raise ApiError(ApiErrorKind.OUTSIDE_RECV_WINDOW)


def _of_market(call: Call, orders: Iterable[Order]) -> list[Order]:
    """Orders of the market in the parameters; of all markets when there is none."""
    spec = order_params.optional_market(call.params)
    return [order for order in orders if spec is None or order.request.symbol == spec.symbol]


def _find(
    call: Call, shelf: OrderShelf, id_name: str, client_id_name: str, *, needs_symbol: bool = True
) -> Order | None:
    """The order that the parameters name by id or by client id, None when that market has no such order."""
    spec = order_params.market(call.params) if needs_symbol else order_params.optional_market(call.params)
    order_id = order_params.integer(call.params, id_name)
    client_id = call.params.get(client_id_name)
    if order_id is not None:
        order = shelf.by_id.get(order_id)
    elif client_id:
        order = shelf.newest_by_client_id.get(client_id)
    else:
        raise ApiError(ApiErrorKind.MISSING_PARAMETER, id_name.lower())
    if order is None or (spec is not None and order.request.symbol != spec.symbol):
        return None
    return order


def _page(call: Call, rows: list[tuple[int, int, Row]], from_id_name: str) -> list[Row]:
    """One page of (id, time in ms, row): from an id on, from a time on (seven days at most), or the newest ones."""
    limit = min(order_params.integer(call.params, "limit") or _DEFAULT_PAGE, _MAX_PAGE)
    start = order_params.integer(call.params, "startTime")
    end = order_params.integer(call.params, "endTime")
    from_id = order_params.integer(call.params, from_id_name)
    if from_id is not None:
        return [row for row_id, _, row in rows if row_id >= from_id][:limit]
    if start is not None:
        last = min(end, start + _HISTORY_WINDOW_MS) if end is not None else start + _HISTORY_WINDOW_MS
        return [row for _, at_ms, row in rows if start <= at_ms <= last][:limit]
    last = call.now_ms if end is None else end
    return [row for _, at_ms, row in rows if last - _HISTORY_WINDOW_MS <= at_ms <= last][-limit:]
