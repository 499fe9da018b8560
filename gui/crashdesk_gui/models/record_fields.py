"""What tells a record of a state or of the exchange from another, as exact texts."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from decimal import Decimal

from crashdesk import OrderState, PositionState, StrategyState
from crashdesk.exchange.records import ExchangeOrder, ExchangePosition
from crashdesk.order_prices import price_of
from crashdesk.state import AccountState

Fields = tuple[tuple[str, str], ...]
Record = PositionState | OrderState | StrategyState | ExchangePosition | ExchangeOrder | AccountState


def fields_of(record: Record | None) -> Fields:
    """What tells a record from another, as (field, exact text)."""
    match record:
        case None:
            pairs: Sequence[tuple[str, object]] = ()
        case AccountState():
            pairs = [(name, getattr(record, name)) for name in AccountState.__struct_fields__]
        case PositionState():
            pairs = (("side", record.side), ("quantity", record.quantity), ("entry_price", record.entry_price))
        case ExchangePosition():
            pairs = (("side", record.side), ("quantity", record.contracts), ("entry_price", record.entry_price))
        case StrategyState():
            pairs = (("state_data", f"{len(record.state_data)} bytes"),)
        case OrderState():
            pairs = _order_fields(record, record.quantity, record.filled_quantity)
        case ExchangeOrder():
            pairs = _order_fields(record, record.amount, record.filled)
    return tuple((name, _text(value)) for name, value in pairs if value is not None)


def _order_fields(
    order: OrderState | ExchangeOrder, quantity: Decimal | None, filled: Decimal | None
) -> Sequence[tuple[str, object]]:
    price = price_of(order)
    return (
        ("side", order.side),
        ("order_type", order.order_type),
        ("price", price.limit),
        ("trigger_price", price.trigger),
        ("quantity", quantity),
        ("filled_quantity", filled),
        ("status", order.status),
    )


def _text(value: object) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else str(value)
