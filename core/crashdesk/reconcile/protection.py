"""Which orders protect a position: never pre-selected for cancellation."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.exchange.records import Coverage, ExchangeOrder, ExchangePosition, Namespace, ScopeKind
from crashdesk.reconcile.matching import CONDITIONAL_TYPES


def protects(order: ExchangeOrder, positions: Sequence[ExchangePosition], coverage: Coverage) -> str:
    """How `order` protects, in words; empty when it does not.

    A conditional order counts as protective when positions could not be read: unknown is not flat.
    """
    conditional = order.namespace is Namespace.CONDITIONAL or order.order_type in CONDITIONAL_TYPES
    against = sorted(
        (position for position in positions if _closes(order, position)), key=lambda position: position.contracts
    )
    held = ""
    if against:
        held = f"the open {against[0].side.leg} position of {against[0].contracts} {order.symbol}"
    if order.close_position:
        return f"it closes {held}" if held else "it is marked close-position"
    if order.reduce_only:
        return f"it is reduce-only against {held}" if held else "it is marked reduce-only"
    if conditional and held:
        return f"it triggers against {held}"
    if held and order.position_side.lower() in ("long", "short"):
        return f"it can only reduce {held}"  # on a leg of its own, an order of the other side opens nothing
    if conditional and not coverage.covers(ScopeKind.POSITIONS, order.symbol):
        return "it is a conditional order, and the positions could not be read"
    return ""


def _closes(order: ExchangeOrder, position: ExchangePosition) -> bool:
    if position.symbol != order.symbol or position.contracts == 0 or position.side is order.side:
        return False
    return order.position_side.lower() in ("", "both", position.side.leg)
