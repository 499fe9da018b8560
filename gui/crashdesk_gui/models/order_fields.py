"""What files hold of an order: stable names, exact values, times in ISO 8601."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from crashdesk.contracts import quote_of
from crashdesk.reconcile.records import OrderVerdict
from crashdesk.reconcile.words import percent_value
from crashdesk_gui.models.checkpoints import iso_time
from crashdesk_gui.models.columns import Field

T = TypeVar("T")
Of = Callable[[T], OrderVerdict | None]


def iso(moment_ns: int | None) -> str | None:
    """`2026-11-22T03:12:08.000000Z`; None for no time."""
    return None if not moment_ns else iso_time(moment_ns)


def order_fields(of: Of[T]) -> tuple[Field[T], ...]:
    """An order's own values, as the exchange tells them, or as they were known where it does not."""

    def field(name: str, value: Callable[[OrderVerdict], object]) -> Field[T]:
        return Field(name, lambda row: None if (verdict := of(row)) is None else value(verdict))

    return (
        field("order_id", lambda each: _of(each, "id", "id")),
        field("client_order_id", lambda each: _of(each, "client_order_id", "client_order_id")),
        field("symbol", lambda each: _of(each, "symbol", "symbol")),
        field("side", lambda each: _value(_of(each, "side", "side"))),
        field("type", lambda each: _value(_of(each, "order_type", "order_type"))),
        field("price", lambda each: _of(each, "price", "price")),
        field("trigger_price", lambda each: _of(each, "trigger_price", "")),
        field("amount", lambda each: _of(each, "amount", "quantity")),
        field("filled", lambda each: _of(each, "filled", "filled_quantity")),
        field("created_at", lambda each: iso(_moment(_of(each, "created_at", "created_at")))),
    )


def amount_fields(of: Of[T]) -> tuple[Field[T], ...]:
    """What remains, in the exchange's unit and in coins."""

    def field(name: str, value: Callable[[OrderVerdict], object]) -> Field[T]:
        return Field(name, lambda row: None if (verdict := of(row)) is None else value(verdict))

    return (
        field("remaining", lambda each: each.live.remaining if each.live else None),
        field("amount_unit", _unit),
        field("contract_size", lambda each: each.contract.size if each.contract else None),
        field("contract_unit", lambda each: each.contract.unit or None if each.contract else None),
        field("remaining_coins", _coins),
        field("notional", lambda each: each.notional),
        field("notional_currency", lambda each: quote_of(each.live.symbol) if each.live and each.notional else None),
        field("distance_percent", lambda each: percent_value(each.distance)),
        field("reduce_only", lambda each: each.live.reduce_only if each.live else None),
        field("close_position", lambda each: each.live.close_position if each.live else None),
        field("protects", lambda each: each.protects),
    )


def _of(verdict: OrderVerdict, live: str, known: str) -> object:
    if verdict.live is not None:
        return getattr(verdict.live, live)
    return getattr(verdict.known, known) if verdict.known is not None and known else None


def _value(member: object) -> object:
    return getattr(member, "value", None)


def _moment(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _unit(verdict: OrderVerdict) -> str | None:
    if verdict.contract is not None:
        return "contracts"
    return verdict.live.symbol.partition("/")[0] if verdict.live else None


def _coins(verdict: OrderVerdict) -> Decimal | None:
    remaining = verdict.live.remaining if verdict.live else None
    return remaining if verdict.contract is None else verdict.contract.coins(remaining)
