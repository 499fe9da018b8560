"""Whether an order is still the one that was shown."""

from __future__ import annotations

import enum

from crashdesk.contracts import Contract, amount_text
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.order_prices import at_price


def describe(order: ExchangeOrder | None, contract: Contract | None = None) -> str:
    """One order in words, with its id; `contract` says what its amount counts, None for coins."""
    words = outlined(order, contract)
    return words if order is None else f"{words} (order {order.id})"


def outlined(order: ExchangeOrder | None, contract: Contract | None = None) -> str:
    """One order in words, as `describe`, without its id."""
    if order is None:
        return "an order that is not on the exchange"
    amount = amount_text(order.amount, contract)
    of = " of" if order.amount is None or contract is not None else ""
    return f"{order.side.value} {amount}{of} {order.symbol} {at_price(order)}"


def changed_since(shown: ExchangeOrder, fresh: ExchangeOrder) -> str:
    """What differs between the order as shown and as read again, in words; empty for nothing.

    What the exchange does not say in one of the two reads is not a change.
    """
    pairs: tuple[tuple[str, object, object], ...] = (
        # An id that now belongs to another client order id is another order.
        ("client order id", shown.client_order_id or None, fresh.client_order_id or None),
        ("side", shown.side, fresh.side),
        ("type", shown.order_type, fresh.order_type),
        ("amount", shown.amount, fresh.amount),
        ("filled", shown.filled, fresh.filled),
        ("price", shown.price, fresh.price),
        ("trigger price", shown.trigger_price, fresh.trigger_price),
        ("reduce-only", shown.reduce_only, fresh.reduce_only),
        ("close-position", shown.close_position, fresh.close_position),
        ("position side", shown.position_side or None, fresh.position_side or None),
    )
    return ", ".join(
        f"{name} {_word(old)} → {_word(new)}"
        for name, old, new in pairs
        if old is not None and new is not None and old != new
    )


def _word(value: object) -> str:
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
