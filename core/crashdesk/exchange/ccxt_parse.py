"""ccxt's unified orders, positions, balances and markets as our records: exact, and None where the exchange does not say."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from crashdesk.errors import ExchangeError
from crashdesk.exchange.ccxt_types import conditional_type, first_client_id, is_reduce_only, order_side, truth
from crashdesk.exchange.records import (
    ExchangeOrder,
    ExchangePosition,
    Market,
    Namespace,
)
from crashdesk.state import OPEN_STATUSES, OrderStatus, OrderType, Side
from crashdesk.trouble import Trouble, TroubleKind

Raw = Mapping[str, Any]

_TIME_UNITS = ((10**11, 10**9), (10**14, 10**6), (10**17, 10**3), (5 * 10**18, 1))
"""A number below the first is a time in a unit of so many nanoseconds: seconds, milli-, micro-, nanoseconds."""

_TICK_SIZE, _DECIMAL_PLACES = 4, 2
"""ccxt's precision modes."""

_STATUSES = {
    "open": OrderStatus.OPEN,
    # On its way to be cancelled is not cancelled.
    "canceling": OrderStatus.OPEN,
    "pending": OrderStatus.PENDING,
    "closed": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELLED,
    "cancelled": OrderStatus.CANCELLED,
    "rejected": OrderStatus.REJECTED,
    "expired": OrderStatus.EXPIRED,
    # Crypto.com's words for an order that waits for the book or for its trigger, which ccxt passes on as they are.
    "NEW": OrderStatus.OPEN,
    "PENDING": OrderStatus.PENDING,
}
_POSITION_SIDES = {
    "net": "both", "both": "both", "0": "both", "single": "both",
    "long": "long", "1": "long", "dual_long": "long",
    "short": "short", "2": "short", "dual_short": "short",
}  # fmt: skip
_CLOSE_FIELDS = (
    "closePosition", "closeOrder", "close_position", "is_close", "closeOnTrigger", "isPositionTpsl",
)  # fmt: skip
_WITHOUT_PRICE = frozenset({OrderType.MARKET, OrderType.STOP, OrderType.TAKE_PROFIT, OrderType.TRAILING_STOP})
_RAW_SYMBOL_FIELDS = (
    "symbol", "instId", "instrument_name", "contract", "contract_code", "currency_pair", "market", "pair", "product_id",
    "instrument", "coin",
)  # fmt: skip
_GROUP_FIELDS = ("orderListId", "oco_ref", "ocoGroupId")
_CHILD_ID_FIELDS = ("actualOrderId", "executeOrderId", "ordId")


class Unreadable(ExchangeError):
    """A record of the exchange that lacks what a record must have: nothing may be concluded from it."""

    def __init__(self, text: str) -> None:
        super().__init__(text, Trouble(kind=TroubleKind.NOT_UNDERSTOOD, words=text))


def decimal_or_none(value: object) -> Decimal | None:
    """An exact number; None for what is missing, empty, or not a finite number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def positive_or_none(value: object) -> Decimal | None:
    """A number above zero. Exchanges write 0 for a price that is not there, and OKX writes -1 for 'at the market'."""
    number = decimal_or_none(value)
    return number if number is not None and number > 0 else None


def time_or_none(told: object) -> int | None:
    """UNIX nanoseconds of ccxt's milliseconds. Seconds, finer units and ISO 8601 are recognised; what is no time is None."""
    number = positive_or_none(told)
    if number is None:
        return _iso_time(told) if isinstance(told, str) else None
    for below, unit in _TIME_UNITS:
        if number < below:
            return int(number * unit)
    return None


def _iso_time(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Exchanges that name no zone mean UTC.
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.fromtimestamp(0, UTC)
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return microseconds * 1_000 if microseconds > 0 else None


def advance(raw: Raw) -> tuple[Decimal, int, bool]:
    """How far an order has come in ccxt's record of it: larger filled, then later update, then ended."""
    updated = time_or_none(raw.get("lastUpdateTimestamp")) or time_or_none(raw.get("lastTradeTimestamp")) or 0
    ended = _STATUSES.get(_text(raw.get("status")), OrderStatus.OPEN) not in OPEN_STATUSES
    return decimal_or_none(raw.get("filled")) or Decimal(0), updated, ended


def parse_order(
    raw: Raw, namespace: Namespace, *, markets: Container[str] | None = None, listed_as_open: bool = False
) -> ExchangeOrder:
    """An order. Raises Unreadable without id, symbol, side or a status that is known.

    `markets` are the symbols that the exchange lists: an order of any other is kept under the exchange's own name for it.
    `listed_as_open` says that it stood in a list of open orders, which tells the status where the order itself does not.
    """
    info = _info(raw)
    order_id, symbol = order_id_of(raw, namespace), _text(raw.get("symbol")) or _raw_symbol(info)
    if not order_id or not symbol:
        raise Unreadable(
            f"an order came without {'an id' if not order_id else 'a symbol'}; look at it on the exchange itself"
        )
    label = f"order {order_id} of {symbol}"
    close_position = _close_position(info)
    amount = decimal_or_none(raw.get("amount"))
    if close_position and not amount:
        # Such an order closes whatever there is: its amount is not known, rather than zero.
        amount = None
    filled = decimal_or_none("0" if _waits_for_trigger(info, namespace) else raw.get("filled"))
    told = raw.get("status")
    status = _status("open" if told is None and listed_as_open else told, amount, filled, label)
    if namespace is Namespace.CONDITIONAL and has_triggered(raw):
        # What fills is the order that it became; ccxt reports 0, or takes the whole amount for filled.
        status, filled = OrderStatus.EXPIRED, None
    order_type, trigger_price = conditional_type(raw, info, namespace)
    leg = _position_side(info)
    side = order_side(raw.get("side"), info, leg)
    if side is None:
        raise Unreadable(f"{label} came without a side; look at it on the exchange itself")
    return ExchangeOrder(
        id=order_id,
        client_order_id=_client_order_id(raw, info, namespace),
        symbol=symbol,
        namespace=namespace,
        side=side,
        order_type=order_type,
        status=status,
        amount=amount,
        filled=filled,
        # Of a market order ccxt reports the average as its price.
        price=None if order_type in _WITHOUT_PRICE else positive_or_none(raw.get("price")),
        trigger_price=trigger_price,
        average=positive_or_none(raw.get("average")),
        created_at=time_or_none(raw.get("timestamp")),
        updated_at=time_or_none(raw.get("lastUpdateTimestamp")) or time_or_none(raw.get("lastTradeTimestamp")),
        reduce_only=is_reduce_only(raw.get("reduceOnly"), info, side, leg),
        close_position=close_position,
        position_side=leg,
        group_id=_group_id(info),
        known_market=markets is None or symbol in markets,
    )


def order_id_of(raw: Raw, namespace: Namespace) -> str:
    """The exchange's id of an order; empty when there is none."""
    info = _info(raw)
    # Of an order that a trigger placed ccxt reports, on OKX, the conditional order's id as its own.
    own = _text(info.get("ordId")) if namespace is Namespace.NORMAL and info.get("algoId") else ""
    told = own or _text(raw.get("id"))
    # MEXC's conditional orders name the order that they will become, 0 until then, beside their own id.
    return _text(info.get("id")) if told == "0" else told


def has_triggered(raw: Raw) -> bool:
    """Whether a conditional order was replaced by the order that its trigger placed."""
    if raw.get("status") != "closed":
        return False
    # Where a conditional order keeps its id when it triggers, it carries its own executed quantity.
    return not any(field in _info(raw) for field in ("cumExecQty", "executedQty"))


def triggered_order_id(raw: Raw) -> str:
    """The id, in the normal namespace, of the order that a triggered conditional order became; empty when it is not told."""
    info = _info(raw)
    return next((text for field in _CHILD_ID_FIELDS if (text := _text(info.get(field))) not in ("", "0")), "")


def parse_position(raw: Raw) -> ExchangePosition | None:
    """A position leg, None when it is flat. Raises Unreadable without a symbol, a quantity or a side."""
    info = _info(raw)
    symbol = _text(raw.get("symbol")) or _raw_symbol(info)
    contracts = decimal_or_none(raw.get("contracts"))
    if not symbol or contracts is None:
        raise Unreadable(
            f"a position of {symbol or 'an unnamed symbol'} came without its quantity; look at the exchange itself"
        )
    if contracts == 0:
        return None
    leg = _position_side(info)
    return ExchangePosition(
        symbol=symbol,
        side=_held_side(raw.get("side"), leg, contracts, info, symbol),
        contracts=abs(contracts),
        contract_size=positive_or_none(raw.get("contractSize")),
        entry_price=positive_or_none(raw.get("entryPrice")),
        mark_price=positive_or_none(raw.get("markPrice")),
        liquidation_price=positive_or_none(raw.get("liquidationPrice")),
        unrealized_pnl=decimal_or_none(raw.get("unrealizedPnl")),
        hedged=raw["hedged"] if isinstance(raw.get("hedged"), bool) else {"both": False, "": None}.get(leg, True),
        id=_text(raw.get("id")),
        updated_at=time_or_none(raw.get("lastUpdateTimestamp") or raw.get("timestamp")),
    )


def parse_market(raw: Raw, precision_mode: int) -> Market:
    """What one symbol counts in; `precision_mode` is the client's."""
    precision, limits = _mapping(raw.get("precision")), _mapping(raw.get("limits"))
    return Market(
        symbol=_text(raw.get("symbol")),
        market_type=_text(raw.get("type")),
        contract_size=positive_or_none(raw.get("contractSize")),
        amount_step=_step(precision.get("amount"), precision_mode),
        price_step=_step(precision.get("price"), precision_mode),
        least_amount=positive_or_none(_mapping(limits.get("amount")).get("min")),
        least_cost=positive_or_none(_mapping(limits.get("cost")).get("min")),
        linear=raw["linear"] if isinstance(raw.get("linear"), bool) else None,
    )


def parse_price(ticker: object) -> Decimal | None:
    """The mark price of a ticker, else the last one, else the middle of the book."""
    found = _mapping(ticker)
    for name in ("markPrice", "mark", "last", "close"):
        price = positive_or_none(found.get(name))
        if price is not None:
            return price
    bid, ask = positive_or_none(found.get("bid")), positive_or_none(found.get("ask"))
    return None if bid is None or ask is None else (bid + ask) / 2


def _waits_for_trigger(info: Raw, namespace: Namespace) -> bool:
    # OKX tells no filled amount of a conditional order. Of these kinds nothing trades before the trigger.
    return (
        namespace is Namespace.CONDITIONAL
        and info.get("state") == "live"
        and info.get("ordType") in ("conditional", "oco", "trigger", "move_order_stop")
    )


def _client_order_id(raw: Raw, info: Raw, namespace: Namespace) -> str:
    # OKX's conditional orders have a client id of their own; ccxt reads the other one, into which it puts a random number.
    told, own = raw.get("clientOrderId"), info.get("algoClOrdId")
    either = (own, told) if namespace is Namespace.CONDITIONAL else (told, own)
    # Deribit's, MEXC's and (of a spot order that a trigger will place) Gate's fields, which ccxt does not read.
    return first_client_id(*either, info.get("label"), info.get("externalOid"), _mapping(info.get("put")).get("text"))


def _info(raw: Raw) -> Raw:
    return _mapping(raw.get("info"))


def _raw_symbol(info: Raw) -> str:
    """The exchange's own name of a market that ccxt does not know, such as one that was delisted."""
    names = (info.get(field) for field in _RAW_SYMBOL_FIELDS)
    return next((name for name in names if isinstance(name, str) and name), "")


def _group_id(info: Raw) -> str:
    groups = (_text(info.get(field)) for field in _GROUP_FIELDS)
    return next((group for group in groups if group not in ("", "-1", "0")), "")


def _mapping(value: object) -> Raw:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _status(told: object, amount: Decimal | None, filled: Decimal | None, label: str) -> OrderStatus:
    status = _STATUSES.get(_text(told))
    if status is None:
        raise Unreadable(f"{label} has the status {told!r}, which is not known here; look at it on the exchange itself")
    if status is OrderStatus.OPEN and filled:
        return OrderStatus.PARTIALLY_FILLED
    if status is OrderStatus.FILLED and amount is not None and filled is not None and filled < amount:
        # Some exchanges call every ended order closed.
        return OrderStatus.CANCELLED
    return status


def _position_side(info: Raw) -> str:
    for name in ("positionSide", "posSide", "holdSide", "position_side", "positionIdx", "mode"):
        side = _POSITION_SIDES.get(_text(info.get(name)).lower())
        if side is not None:
            return side
    return ""


def _held_side(told: object, leg: str, contracts: Decimal, info: Raw, symbol: str) -> Side:
    for word in (_text(told).lower(), leg):
        if word in ("long", "short"):
            return Side.BUY if word == "long" else Side.SELL
    signed = decimal_or_none(info.get("positionAmt"))
    if signed is None and contracts < 0:
        signed = contracts
    if not signed:
        raise Unreadable(f"a position of {contracts} {symbol} came without a side; look at the exchange itself")
    return Side.BUY if signed > 0 else Side.SELL


def _close_position(info: Raw) -> bool | None:
    told = [truth(info[name]) for name in _CLOSE_FIELDS if name in info]
    # Gate keeps the order that a trigger places inside the conditional one; Bitget says it by the kind of plan.
    kind = f"{_text(info.get('order_type'))} {_text(info.get('planType'))}"
    if any(told) or truth(_mapping(info.get("initial")).get("is_close")) or "-position" in kind or "pos_" in kind:
        return True
    if told:
        return False
    fraction = decimal_or_none(info.get("closeFraction"))
    return None if fraction is None else fraction == 1


def _step(precision: object, mode: int) -> Decimal | None:
    number = decimal_or_none(precision)
    if number is None:
        return None
    if mode == _TICK_SIZE:
        return number if number > 0 else None
    if mode == _DECIMAL_PLACES and number == int(number):
        return Decimal(1).scaleb(-int(number))
    return None
