"""At what price an order is: a limit and a trigger are different promises, and may never look alike."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from crashdesk.exchange.records import ExchangeOrder
from crashdesk.state import OrderState, OrderType

_WITHOUT_LIMIT = frozenset({OrderType.STOP, OrderType.TAKE_PROFIT, OrderType.TRAILING_STOP})
_TRIGGER_WORDS = ("stop", "profit", "trail", "trigger")


class OrderPrice(msgspec.Struct, frozen=True, kw_only=True):
    """The price that an order would trade at, and the one that it waits for; None where it has none, or does not say it.

    `at_market` says that it trades at the market by its type, with or without a trigger.
    """

    limit: Decimal | None = None
    trigger: Decimal | None = None
    at_market: bool = False


def price_of(order: ExchangeOrder | OrderState) -> OrderPrice:
    """What the price of an order is. A state keeps one price an order: that of one without a limit is its trigger."""
    limit, trigger = order.price, order.trigger_price if isinstance(order, ExchangeOrder) else None
    if trigger is None and order.order_type in _WITHOUT_LIMIT:
        limit, trigger = None, limit
    return OrderPrice(limit=limit, trigger=trigger, at_market=limit is None and order.order_type is OrderType.MARKET)


def price_text(order: ExchangeOrder | OrderState) -> str:
    """`59520`, `trig. 54400`, `trig. 54400 → 54300`, `market`, or that it does not say."""
    price = price_of(order)
    return _text(price.limit, price.trigger, at_market=price.at_market)


def noted_price_text(price: str, order_type: str) -> str:
    """The same of an order that the bot was about to send, by what it noted."""
    word = order_type.lower()
    if not price:
        return _text(None, None, at_market=word == "market")
    waits = any(part in word for part in _TRIGGER_WORDS) and "limit" not in word
    return _text(None, price) if waits else _text(price, None)


def at_price(order: ExchangeOrder | OrderState) -> str:
    """`at 59520`, `at trig. 54400`, `at the market`."""
    price = price_of(order)
    return "at the market" if price.at_market and price.trigger is None else f"at {price_text(order)}"


def _text(limit: Decimal | str | None, trigger: Decimal | str | None, *, at_market: bool = False) -> str:
    if trigger is not None:
        return f"trig. {trigger}" if limit is None else f"trig. {trigger} → {limit}"
    if limit is not None:
        return str(limit)
    return "market" if at_market else "an unstated price"
