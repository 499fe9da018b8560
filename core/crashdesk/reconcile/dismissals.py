"""A decision to leave an order alone is about that order as it was then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from crashdesk.exchange.records import ExchangeOrder
from crashdesk.reconcile.evidence import Evidence, Source, fact
from crashdesk.storage.journal_records import Dismissal, LeftTerms


def left_data(order: ExchangeOrder) -> dict[str, str]:
    """What the audit log keeps of an order that is left alone; see `journal_records.left_terms`."""
    return {
        "side": order.side.value,
        "amount": _text(order.amount),
        "price": _text(order.price),
        "trigger_price": _text(order.trigger_price),
        "symbol": order.symbol,
        "client_order_id": order.client_order_id,
    }


def left_by_name(dismissals: Mapping[str, Dismissal], left: Iterable[LeftTerms]) -> dict[tuple[str, str], Dismissal]:
    """The decisions to leave an order by its symbol and client order id, as far as these were noted."""
    return {
        (terms.symbol, terms.client_order_id): dismissals[terms.order_key]
        for terms in left
        if terms.client_order_id and terms.order_key in dismissals
    }


def namesake_evidence(left: Dismissal) -> Evidence:
    """That another order of the same client order id was left."""
    return fact(
        Source.JOURNAL,
        "{who} decided to leave order {id}{note}. This one carries the same client order id: it may be the same order under "
        "another id. Decide anew.",
        left.at,
        who=left.who,
        id=left.order_key.rpartition(":")[2],
        note=f": {left.note}" if left.note else "",
    )


def changed_since_left(order: ExchangeOrder, terms: LeftTerms | None) -> str:
    """What makes it another order than the one that was left, in words; empty for nothing, and where that is not known.

    That more of it has filled is what it was left for.
    """
    if terms is None:
        return ""
    changes = [] if order.side.value == terms.side else [f"side {terms.side} → {order.side.value}"]
    pairs = (
        ("amount", terms.amount, order.amount),
        ("price", terms.price, order.price),
        ("trigger price", terms.trigger_price, order.trigger_price),
    )
    changes += [f"{name} {old} → {new}" for name, old, new in pairs if old and new is not None and _number(old) != new]
    return ", ".join(changes)


def left_evidence(left: Dismissal, changes: str) -> Evidence:
    """What was decided, and why it does not hold any more where `changes` say so."""
    note = f": {left.note}" if left.note else ""
    if not changes:
        return fact(Source.JOURNAL, "{who} decided to leave it{note}.", left.at, who=left.who, note=note)
    return fact(
        Source.JOURNAL,
        "{who} decided to leave it{note}. It has changed since ({changes}): decide anew.",
        left.at,
        who=left.who,
        note=note,
        changes=changes,
    )


def _text(number: Decimal | None) -> str:
    return "" if number is None else str(number)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
