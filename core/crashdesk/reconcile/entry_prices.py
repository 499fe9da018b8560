"""What is saved as a position's price of entry where the exchange does not tell it: never a silent nothing. Pure."""

from __future__ import annotations

from decimal import Decimal

from crashdesk.exchange.records import ExchangePosition
from crashdesk.reconcile.evidence import Evidence, Source, fact
from crashdesk.reconcile.records import Plan, PositionVerdict, PositionVerdictKind
from crashdesk.state import PositionState

SAVED_AS = Decimal(0)
"""The file has no word for an unknown price; a bot that computes its profit from this one is wrong."""


def entry_kept(known: PositionState | None, live: ExchangePosition) -> Decimal:
    """What is saved as the price of entry: what the exchange tells, else what was known of the same leg, else nothing."""
    if live.entry_price is not None:
        return live.entry_price
    return known.entry_price if known is not None and known.side is live.side else SAVED_AS


def entries_untold(plan: Plan) -> tuple[PositionVerdict, ...]:
    """The positions whose price of entry nobody knows, neither the exchange nor the state."""
    return tuple(
        each
        for each in plan.positions
        if each.live is not None
        and each.kind is not PositionVerdictKind.UNKNOWN
        and each.live.entry_price is None
        and not entry_kept(each.known, each.live)
    )


def untold_entry(known: PositionState | None, live: ExchangePosition) -> Evidence | None:
    """That the exchange does not tell the price of entry, where a new or a traded position is saved without it."""
    if live.entry_price is not None:
        return None
    if not entry_kept(known, live):
        return fact(
            Source.EXCHANGE,
            "The exchange does not tell its entry price, and none is known: 0 is saved in its place. Give the bot the right one "
            "before it computes profit from it.",
        )
    if known is None or known.quantity == live.contracts:
        return None
    return fact(
        Source.EXCHANGE,
        "The exchange does not tell its entry price: {entry} is kept as it was known, though the quantity changed.",
        entry=known.entry_price,
    )
