"""Which kind of order an exchange means: ccxt reduces most conditional kinds to 'market' or 'limit'."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from crashdesk.exchange.records import Namespace
from crashdesk.state import OrderType, Side

Raw = Mapping[str, Any]

# The conditional endpoint's own word first: in it ccxt's `type` is only what the order becomes.
_WORD_FIELDS = ("orderType", "type", "ordType", "stopOrderType", "order_type", "planType")
_TRIGGER_FIELDS = ("triggerPrice", "stopLossPrice", "takeProfitPrice")
_RAW_TRIGGER_FIELDS = ("trigger_price", "triggerPrice", "stop_price", "stopPrice")
_ACTIVATION_FIELDS = ("activatePrice", "activationPrice", "activePx", "moveTriggerPx")
_LIMIT_FIELDS = ("slOrdPx", "tpOrdPx", "slLimitPrice", "tpLimitPrice")
_PLAIN = {
    "limit": OrderType.LIMIT,
    "market": OrderType.MARKET,
    "limit_maker": OrderType.LIMIT,
    "post_only": OrderType.LIMIT,
}
_MEXC_TYPES = {"1": "limit", "2": "post_only", "3": "limit", "4": "limit", "5": "market", "6": "market"}
_NO_CLIENT_ID = frozenset({"", "0", "-", "web", "app", "api"})
_ALGORITHMS = ("iceberg", "twap", "oco", "chase")


def conditional_type(raw: Raw, info: Raw, namespace: Namespace) -> tuple[OrderType, Decimal | None]:
    """The kind of an order and its trigger price, None where it has none."""
    word = str(raw.get("type") or "").lower()
    own_words = [str(info[name]).lower() for name in _WORD_FIELDS if isinstance(info.get(name), str) and info[name]]
    if _of_mexc(info):
        word = _MEXC_TYPES.get(str(info.get("orderType")), word)
        own_words = [word]
    own = own_words[0] if own_words else ""
    spoken = " ".join((*own_words, word)).replace("-", "_").replace("takeprofit", "take_profit")
    if any(name in spoken for name in _ALGORITHMS):
        return OrderType.OTHER, _trigger(raw, _TRIGGER_FIELDS)
    if "trail" in spoken or "move_order_stop" in spoken:
        activation = _trigger(raw, _TRIGGER_FIELDS[:1]) or _trigger(info, _ACTIVATION_FIELDS)
        return OrderType.TRAILING_STOP, activation
    conditional = (
        namespace is Namespace.CONDITIONAL or _speaks_of_trigger(spoken) or bool(_trigger(raw, _TRIGGER_FIELDS[:1]))
    )
    # The exchange's own plain word wins: an order that its trigger placed still carries the trigger price.
    marked = bool(info.get("stopOrderType")) or info.get("tpslType") == "tpsl"
    if namespace is Namespace.NORMAL and (own in _PLAIN or not conditional) and not marked:
        return _PLAIN.get(word, _PLAIN.get(own, OrderType.OTHER)), None
    stop_loss, take_profit = _positive(raw.get("stopLossPrice")), _positive(raw.get("takeProfitPrice"))
    with_limit = (
        "limit" in spoken.split()
        or "_limit" in spoken
        or (word != "market" and _positive(raw.get("price")) is not None)
        or any(_positive(info.get(name)) is not None for name in _LIMIT_FIELDS)
    )
    profits = "profit" in spoken or (take_profit is not None and stop_loss is None)
    if profits:
        kind = OrderType.TAKE_PROFIT_LIMIT if with_limit else OrderType.TAKE_PROFIT
        return kind, take_profit or _trigger(raw, _TRIGGER_FIELDS) or _trigger(info, _RAW_TRIGGER_FIELDS)
    if conditional or stop_loss is not None:
        kind = OrderType.STOP_LIMIT if with_limit else OrderType.STOP
        return kind, _trigger(raw, _TRIGGER_FIELDS) or _trigger(info, _RAW_TRIGGER_FIELDS)
    return OrderType.OTHER, None


def order_side(told: object, info: Raw, leg: str) -> Side | None:
    """The direction of an order on the position leg `leg`; None when it is not told.

    Some exchanges name what an order does to its leg, opening or closing it, rather than its direction.
    """
    if info.get("tradeSide") in ("open", "close") and leg in ("long", "short"):
        return Side.BUY if (leg == "long") == (info["tradeSide"] == "open") else Side.SELL
    if _of_mexc(info):
        return {"1": Side.BUY, "2": Side.BUY, "3": Side.SELL, "4": Side.SELL}.get(str(info.get("side")))
    try:
        return Side(str(told).lower())
    except ValueError:
        return None


def is_reduce_only(unified: object, info: Raw, side: Side, leg: str) -> bool | None:
    """Whether the order can only reduce a position; None when the exchange does not say.

    Some of ccxt's parsers report False where the exchange said nothing.
    """
    against_leg = (leg, side) in (("long", Side.SELL), ("short", Side.BUY))
    closes = info.get("tradeSide") == "close" or info.get("offset") == "close"
    if unified is True or against_leg or closes or (_of_mexc(info) and str(info.get("side")) in ("2", "4")):
        return True
    told = [value for name, value in info.items() if "reduce" in name.lower() and value not in (None, "")]
    if told:
        return any(truth(value) for value in told)
    return None


def first_client_id(*told: object) -> str:
    """The first of these that is an id which the client gave, empty when it gave none.

    What stands for "none given", or for the place that an order was placed from, would make one of many orders.
    """
    return next((str(value) for value in told if value is not None and str(value) not in _NO_CLIENT_ID), "")


def _of_mexc(info: Raw) -> bool:
    """Whether it is a contract order of MEXC, whose words are numbers that ccxt does not read."""
    return "openType" in info and "vol" in info


def truth(value: object) -> bool:
    """The truth value of a flag that may come as text or a number."""
    return value is True or str(value).lower() in ("true", "1", "yes")


def _speaks_of_trigger(spoken: str) -> bool:
    return any(part in spoken for part in ("stop", "trigger", "profit", "conditional"))


def _trigger(source: Raw, names: tuple[str, ...]) -> Decimal | None:
    return next((price for name in names if (price := _positive(source.get(name))) is not None), None)


def _positive(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None
