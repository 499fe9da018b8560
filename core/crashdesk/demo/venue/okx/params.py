"""Request parameters of OKX's order endpoints, checked against the instrument's filters."""

import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from crashdesk.demo.venue.book import Book
from crashdesk.demo.venue.market import MarketSpec
from crashdesk.demo.venue.okx.errors import OkxError, OkxErrorKind
from crashdesk.demo.venue.okx.markets import MARKET_BY_ID, SPOT_IDS
from crashdesk.demo.venue.orders import NewOrder, Order, OrderKind, SecondLeg
from crashdesk.demo.venue.positions import ZERO

Params = Mapping[str, str]

AT_MARKET = "-1"
_CLIENT_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_DECIMAL_TEXT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_POSITION_SIDES = {"": "BOTH", "net": "BOTH", "long": "LONG", "short": "SHORT"}
_PLAIN_TYPES = {
    "limit": (OrderKind.LIMIT, "GTC"),
    "post_only": (OrderKind.LIMIT, "GTX"),
    "ioc": (OrderKind.LIMIT, "IOC"),
    "fok": (OrderKind.LIMIT, "FOK"),
    "market": (OrderKind.MARKET, "GTC"),
    "optimal_limit_ioc": (OrderKind.MARKET, "GTC"),
}


def required(params: Params, name: str) -> str:
    """A parameter that must be there. Raises OkxError 50014."""
    text = params.get(name, "")
    if not text:
        raise OkxError(OkxErrorKind.EMPTY_PARAMETER, name)
    return text


def integer(params: Params, name: str) -> int | None:
    """A whole number, None when absent. Raises OkxError 51000."""
    text = params.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise OkxError(OkxErrorKind.PARAMETER, name)
    return int(text)


def market(params: Params) -> MarketSpec:
    """The swap that `instId` names. Raises OkxError 50014, 51001 or, for a spot pair, 51022."""
    wanted = required(params, "instId")
    if wanted in SPOT_IDS:
        raise OkxError(OkxErrorKind.SUSPENDED)
    spec = MARKET_BY_ID.get(wanted)
    if spec is None:
        raise OkxError(OkxErrorKind.INSTRUMENT)
    return spec


def plain_order(params: Params, placed_by: str, hedge_mode: bool) -> NewOrder:
    """An order of the order endpoints. Raises OkxError."""
    spec = market(params)
    own_type = required(params, "ordType")
    if own_type not in _PLAIN_TYPES:
        raise OkxError(OkxErrorKind.PARAMETER, "ordType")
    if params.get("attachAlgoOrds"):
        # Better refused than taken without the stop that its sender relies on.
        raise OkxError(OkxErrorKind.PARAMETER, "attachAlgoOrds")
    kind, time_in_force = _PLAIN_TYPES[own_type]
    return msgspec.structs.replace(
        _common(params, spec, placed_by, hedge_mode),
        kind=kind,
        own_type=own_type,
        time_in_force=time_in_force,
        quantity=_quantity(params, spec),
        price=_price(params, "px", spec) if kind is OrderKind.LIMIT else None,
        client_order_id=client_id(params, "clOrdId"),
    )


def amended(params: Params, order: Order) -> tuple[Decimal, Decimal | None]:
    """The quantity and price that an open order is to have. Raises OkxError."""
    spec = market(params)
    if not params.get("newSz") and not params.get("newPx"):
        raise OkxError(OkxErrorKind.EITHER_PARAMETER, "newSz or newPx")
    quantity = _quantity(params, spec, "newSz") if params.get("newSz") else order.request.quantity
    if quantity <= order.filled:
        raise OkxError(OkxErrorKind.PARAMETER, "newSz")
    return quantity, _price(params, "newPx", spec) if params.get("newPx") else order.request.price


def conditional_order(params: Params, books: Mapping[str, Book], placed_by: str, hedge_mode: bool) -> NewOrder:
    """An order of the algo endpoint: conditional, oco, trigger or move_order_stop. Raises OkxError."""
    spec = market(params)
    own_type = required(params, "ordType")
    common = _common(params, spec, placed_by, hedge_mode)
    close = _closes_all(params, hedge_mode)
    common = msgspec.structs.replace(
        common,
        own_type=own_type,
        close_position=close,
        quantity=ZERO if close else _quantity(params, spec),
        client_order_id=client_id(params, "algoClOrdId"),
        listed_client_id=client_id(params, "clOrdId"),
    )
    match own_type:
        case "trigger":
            return _trigger_order(params, spec, common, books[spec.symbol].last)
        case "conditional" | "oco":
            return _stop_order(params, spec, common)
        case "move_order_stop":
            return _trailing_order(params, spec, common)
        case _:
            raise OkxError(OkxErrorKind.PARAMETER, "ordType")


def client_id(params: Params, name: str) -> str:
    """A client id: letters and digits, 32 at most. Raises OkxError 51000."""
    text = params.get(name, "")
    if text and not _CLIENT_ID.fullmatch(text):
        raise OkxError(OkxErrorKind.PARAMETER, name)
    return text


def _common(params: Params, spec: MarketSpec, placed_by: str, hedge_mode: bool) -> NewOrder:
    side = required(params, "side")
    if side not in ("buy", "sell"):
        raise OkxError(OkxErrorKind.PARAMETER, "side")
    if required(params, "tdMode") not in ("cross", "isolated"):
        raise OkxError(OkxErrorKind.PARAMETER, "tdMode")
    position_side = _POSITION_SIDES.get(params.get("posSide", ""))
    if position_side is None or hedge_mode == (position_side == "BOTH"):
        raise OkxError(OkxErrorKind.PARAMETER, "posSide")
    return NewOrder(
        symbol=spec.symbol,
        side=side.upper(),
        kind=OrderKind.MARKET,
        quantity=ZERO,
        position_side=position_side,
        # The closing side of a hedge leg reduces whether it says so or not.
        reduce_only=_flag(params, "reduceOnly") and not hedge_mode,
        placed_by=placed_by,
        contract_size=spec.contract_size,
    )


def _trigger_order(params: Params, spec: MarketSpec, common: NewOrder, last: Decimal) -> NewOrder:
    level = _price(params, "triggerPx", spec)
    price = _price_or_market(params, "orderPx", spec)
    # OKX fires it from whichever side the price comes; the ledger's kinds know the side.
    stop = (level < last) != common.is_buy
    return msgspec.structs.replace(common, kind=_kind(stop=stop, price=price), trigger_price=level, price=price)


def _stop_order(params: Params, spec: MarketSpec, common: NewOrder) -> NewOrder:
    stop = _price(params, "slTriggerPx", spec) if params.get("slTriggerPx") else None
    profit = _price(params, "tpTriggerPx", spec) if params.get("tpTriggerPx") else None
    stop_price = _price_or_market(params, "slOrdPx", spec) if stop else None
    profit_price = _price_or_market(params, "tpOrdPx", spec) if profit else None
    if common.close_position and (stop_price or profit_price):
        raise OkxError(OkxErrorKind.CLOSE_FRACTION_MARKET)
    if common.own_type == "oco" and not (stop and profit):
        raise OkxError(OkxErrorKind.EMPTY_PARAMETER, "tpTriggerPx" if stop else "slTriggerPx")
    if not (stop or profit):
        raise OkxError(OkxErrorKind.EITHER_PARAMETER, "slTriggerPx or tpTriggerPx")
    if stop is None:
        kind = _kind(stop=False, price=profit_price)
        return msgspec.structs.replace(common, kind=kind, trigger_price=profit, price=profit_price)
    # Of a conditional order with both prices OKX applies the stop alone.
    both = profit is not None and common.own_type == "oco"
    return msgspec.structs.replace(
        common,
        kind=_kind(stop=True, price=stop_price),
        trigger_price=stop,
        price=stop_price,
        second_leg=SecondLeg(trigger_price=profit, price=profit_price) if both and profit is not None else None,
    )


def _trailing_order(params: Params, spec: MarketSpec, common: NewOrder) -> NewOrder:
    ratio = _decimal(params, "callbackRatio") if params.get("callbackRatio") else None
    spread = _price(params, "callbackSpread", spec) if params.get("callbackSpread") else None
    if (ratio is None) == (spread is None):
        raise OkxError(OkxErrorKind.EITHER_PARAMETER, "callbackRatio or callbackSpread")
    if ratio is not None and not Decimal("0.001") <= ratio <= 1:
        raise OkxError(OkxErrorKind.PARAMETER, "callbackRatio")
    return msgspec.structs.replace(
        common,
        kind=OrderKind.TRAILING_STOP_MARKET,
        callback_rate=None if ratio is None else ratio * 100,
        callback_spread=spread,
        activation_price=_price(params, "activePx", spec) if params.get("activePx") else None,
    )


def _kind(*, stop: bool, price: Decimal | None) -> OrderKind:
    if stop:
        return OrderKind.STOP_MARKET if price is None else OrderKind.STOP
    return OrderKind.TAKE_PROFIT_MARKET if price is None else OrderKind.TAKE_PROFIT


def _closes_all(params: Params, hedge_mode: bool) -> bool:
    fraction = params.get("closeFraction", "")
    if not fraction:
        return False
    if fraction != "1":
        raise OkxError(OkxErrorKind.PARAMETER, "closeFraction")
    if hedge_mode:
        raise OkxError(OkxErrorKind.CLOSE_FRACTION_NET)
    if not _flag(params, "reduceOnly"):
        raise OkxError(OkxErrorKind.CLOSE_FRACTION_REDUCES)
    return True


def _flag(params: Params, name: str) -> bool:
    return params.get(name, "").lower() == "true"


def _decimal(params: Params, name: str) -> Decimal:
    text = required(params, name)
    if not _DECIMAL_TEXT.fullmatch(text):
        raise OkxError(OkxErrorKind.PARAMETER, name)
    return Decimal(text)


def _quantity(params: Params, spec: MarketSpec, name: str = "sz") -> Decimal:
    quantity = _decimal(params, name) * spec.contract_size
    if quantity <= 0:
        raise OkxError(OkxErrorKind.PARAMETER, name)
    if quantity < spec.min_quantity:
        raise OkxError(OkxErrorKind.SIZE_TOO_SMALL)
    if quantity > spec.max_quantity:
        raise OkxError(OkxErrorKind.SIZE_TOO_LARGE)
    if quantity % spec.step:
        raise OkxError(OkxErrorKind.LOT_SIZE)
    return quantity


def _price(params: Params, name: str, spec: MarketSpec) -> Decimal:
    price = _decimal(params, name)
    if price <= 0 or price % spec.tick:
        raise OkxError(OkxErrorKind.PARAMETER, name)
    return price


def _price_or_market(params: Params, name: str, spec: MarketSpec) -> Decimal | None:
    return None if required(params, name) == AT_MARKET else _price(params, name, spec)
