"""By which names an order can be known: its symbol with each of its ids. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.exchange.records import ExchangeOrder
from crashdesk.state import OrderState

OrderName = tuple[str, str]


def order_names(orders: Iterable[OrderState | ExchangeOrder]) -> frozenset[OrderName]:
    """The names of these orders as (symbol, id) and (symbol, client order id); an id that an order has not is none."""
    return frozenset((order.symbol, name) for order in orders for name in (order.id, order.client_order_id) if name)
