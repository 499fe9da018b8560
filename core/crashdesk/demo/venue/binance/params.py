"""Request parameters of the exchange's order endpoints, checked against the market's filters."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from crashdesk.demo.venue.binance.errors import ApiError, ApiErrorKind
from crashdesk.demo.venue.book import Book
from crashdesk.demo.venue.market import MARKETS, MarketSpec
from crashdesk.demo.venue.orders import CONDITIONAL_KINDS, LIMIT_PRICED_KINDS, NewOrder, OrderKind
from crashdesk.demo.venue.positions import ZERO

Params = Mapping[str, str]

_MARKET_BY_ID = {spec.id: spec for spec in MARKETS}
_CLIENT_ID = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")
_DECIMAL_TEXT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TIMES_IN_FORCE = frozenset({"GTC", "IOC", "FOK", "GTX"})


def required(params: Params, name: str) -> str:
    """A parameter that must be there. Raises ApiError -1102."""
    text = params.get(name, "")
    if not text:
        raise ApiError(ApiErrorKind.MISSING_PARAMETER, name.lower())
    return text


def integer(params: Params, name: str) -> int | None:
    """A whole number, None when absent. Raises ApiError -1100."""
    text = params.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.lstrip("-").isdigit():
        raise ApiError(ApiErrorKind.ILLEGAL_CHARACTERS, name)
    return int(text)


def flag(params: Params, name: str) -> bool:
    """A true/false parameter, false when absent."""
    return params.get(name, "").lower() == "true"


def market(params: Params) -> MarketSpec:
    """The market of the `symbol` parameter. Raises ApiError -1102 or -1121."""
    spec = _MARKET_BY_ID.get(required(params, "symbol"))
    if spec is None:
        raise ApiError(ApiErrorKind.SYMBOL)
    return spec


def optional_market(params: Params) -> MarketSpec | None:
    """The market of the `symbol` parameter, None when it is absent. Raises ApiError -1121."""
    return market(params) if params.get("symbol") else None


def plain_order(params: Params, book_of: Mapping[str, Book], placed_by: str) -> NewOrder:
    """An order of the plain order endpoint. Raises ApiError."""
    spec, kind = market(params), _kind(params)
    if kind in CONDITIONAL_KINDS:
        raise ApiError(ApiErrorKind.CONDITIONAL_ELSEWHERE)
    limit = kind is OrderKind.LIMIT
    time_in_force = required(params, "timeInForce") if limit else "GTC"
    if time_in_force not in _TIMES_IN_FORCE:
        raise ApiError(ApiErrorKind.TIME_IN_FORCE)
    quantity = _quantity(params, spec)
    price = _price(required(params, "price"), "price", spec) if limit else None
    position_side, reduce_only = _position_side(params), _reduce_only(params)
    order = NewOrder(
        symbol=spec.symbol,
        side=_side(params),
        kind=kind,
        quantity=quantity,
        price=price,
        time_in_force=time_in_force,
        position_side=position_side,
        reduce_only=reduce_only,
        client_order_id=_client_id(params, "newClientOrderId"),
        placed_by=placed_by,
    )
    _check_notional(order, spec, price or book_of[spec.symbol].last)
    return order


def conditional_order(params: Params, book_of: Mapping[str, Book], placed_by: str) -> NewOrder:
    """An order of the conditional ("algo") order endpoint. Raises ApiError."""
    if required(params, "algoType") != "CONDITIONAL":
        raise ApiError(ApiErrorKind.MISSING_PARAMETER, "algotype")
    spec, kind = market(params), _kind(params)
    if kind not in CONDITIONAL_KINDS:
        raise ApiError(ApiErrorKind.ORDER_TYPE)
    trailing = kind is OrderKind.TRAILING_STOP_MARKET
    limit = kind in LIMIT_PRICED_KINDS
    close_position = flag(params, "closePosition")
    if close_position and params.get("quantity"):
        raise ApiError(ApiErrorKind.QUANTITY_WITH_CLOSE)
    if close_position and "reduceOnly" in params:
        raise ApiError(ApiErrorKind.UNWANTED_PARAMETER, "reduceonly")
    time_in_force = params.get("timeInForce") or "GTC"
    if time_in_force not in _TIMES_IN_FORCE:
        raise ApiError(ApiErrorKind.TIME_IN_FORCE)
    activation = params.get("activatePrice", "")
    order = NewOrder(
        symbol=spec.symbol,
        side=_side(params),
        kind=kind,
        quantity=ZERO if close_position else _quantity(params, spec),
        price=_price(required(params, "price"), "price", spec) if limit else None,
        time_in_force=time_in_force,
        position_side=_position_side(params),
        reduce_only=_reduce_only(params),
        close_position=close_position,
        client_order_id=_client_id(params, "clientAlgoId"),
        trigger_price=None if trailing else _price(required(params, "triggerPrice"), "triggerPrice", spec),
        callback_rate=_callback_rate(params) if trailing else None,
        activation_price=_price(activation, "activatePrice", spec) if trailing and activation else None,
        working_type=params.get("workingType") or "CONTRACT_PRICE",
        placed_by=placed_by,
    )
    if not close_position:
        _check_notional(order, spec, order.price or order.trigger_price or book_of[spec.symbol].last)
    return order


def _kind(params: Params) -> OrderKind:
    try:
        return OrderKind(required(params, "type"))
    except ValueError:
        raise ApiError(ApiErrorKind.ORDER_TYPE) from None


def _side(params: Params) -> str:
    side = required(params, "side")
    if side not in ("BUY", "SELL"):
        raise ApiError(ApiErrorKind.SIDE)
    return side


def _position_side(params: Params) -> str:
    position_side = params.get("positionSide") or "BOTH"
    if position_side not in ("BOTH", "LONG", "SHORT"):
        raise ApiError(ApiErrorKind.POSITION_SIDE)
    return position_side


def _reduce_only(params: Params) -> bool:
    if "reduceOnly" in params and _position_side(params) != "BOTH":
        raise ApiError(ApiErrorKind.UNWANTED_PARAMETER, "reduceonly")
    return flag(params, "reduceOnly")


def _client_id(params: Params, name: str) -> str:
    client_id = params.get(name, "")
    if client_id and not _CLIENT_ID.fullmatch(client_id):
        raise ApiError(ApiErrorKind.CLIENT_ID)
    return client_id


def _decimal(text: str, name: str) -> Decimal:
    if not _DECIMAL_TEXT.fullmatch(text):
        raise ApiError(ApiErrorKind.ILLEGAL_CHARACTERS, name)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ApiError(ApiErrorKind.ILLEGAL_CHARACTERS, name) from None


def _check_digits(text: str, digits: int) -> None:
    if len(text.partition(".")[2].rstrip("0")) > digits:
        raise ApiError(ApiErrorKind.PRECISION)


def _quantity(params: Params, spec: MarketSpec) -> Decimal:
    text = required(params, "quantity")
    quantity = _decimal(text, "quantity")
    _check_digits(text, spec.quantity_digits)
    if quantity <= 0:
        raise ApiError(ApiErrorKind.QUANTITY_NOT_POSITIVE)
    if quantity < spec.min_quantity:
        raise ApiError(ApiErrorKind.QUANTITY_TOO_SMALL)
    if quantity > spec.max_quantity:
        raise ApiError(ApiErrorKind.QUANTITY_TOO_LARGE)
    if quantity % spec.step:
        raise ApiError(ApiErrorKind.PRECISION)
    return quantity


def _price(text: str, name: str, spec: MarketSpec) -> Decimal:
    price = _decimal(text, name)
    _check_digits(text, spec.price_digits)
    if price <= 0:
        raise ApiError(ApiErrorKind.PRICE_NOT_POSITIVE)
    if price % spec.tick:
        raise ApiError(ApiErrorKind.PRICE_TICK)
    return price


def _callback_rate(params: Params) -> Decimal:
    rate = _decimal(required(params, "callbackRate"), "callbackRate")
    if not Decimal("0.1") <= rate <= 10:
        raise ApiError(ApiErrorKind.ILLEGAL_CHARACTERS, "callbackRate")
    return rate


def _check_notional(order: NewOrder, spec: MarketSpec, price: Decimal) -> None:
    if not order.only_reduces and order.quantity * price < spec.min_notional:
        raise ApiError(ApiErrorKind.MIN_NOTIONAL, str(spec.min_notional))
