"""In what an order on the exchange differs from what was known of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crashdesk.exchange.records import ExchangeOrder
from crashdesk.reconcile.records import Evidence, Source, fact
from crashdesk.state import OrderState


def same(known: OrderState, live: ExchangeOrder) -> bool:
    """Whether `differences` would find none; asked of every order."""
    price = live.price if live.price is not None else live.trigger_price
    return (
        (live.filled is None or known.filled_quantity == live.filled)
        and (price is None or known.price is None or known.price == price)
        and (live.amount is None or known.quantity == live.amount)
        and known.side is live.side
        and (known.id == live.id or not known.id)
    )


def changes(known: OrderState, live: ExchangeOrder, at: int | None) -> list[Evidence]:
    """The differences as evidence, seen `at` (UNIX nanoseconds)."""
    return [
        fact(Source.EXCHANGE, "{field}: {old} → {new}", at, field=field, old=old, new=new)
        for field, old, new in differences(known, live)
    ]


def differences(known: OrderState, live: ExchangeOrder) -> list[tuple[str, str, str]]:
    """(field, old, new) of what changed; what the exchange does not say is not a change."""
    pairs: Sequence[tuple[str, Decimal | None, Decimal | None]] = (
        ("amount", known.quantity, live.amount),
        ("filled", known.filled_quantity, live.filled),
        # A conditional order's price stands in `price` where the bot keeps its trigger there.
        (
            "trigger price" if live.price is None and live.trigger_price is not None else "price",
            known.price,
            live.price if live.price is not None else live.trigger_price,
        ),
    )
    changed = [
        (name, str(old), str(new)) for name, old, new in pairs if old is not None and new is not None and old != new
    ]
    if known.side is not live.side:
        changed.append(("side", known.side.value, live.side.value))
    if known.id != live.id and known.id:
        changed.append(("id", known.id, live.id))
    return changed
