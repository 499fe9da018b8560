"""What the fills of an order since it was known cost, by currency: told by its trades, or unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from crashdesk.exact import difference, total
from crashdesk.exchange.records import ExchangeOrder, OrderLookup, Trade

Fees = Mapping[str, Decimal]


def trades_by_order(lookups: Sequence[OrderLookup]) -> dict[str, tuple[Trade, ...]]:
    """The trades that were read, by the key of their order."""
    return {
        lookup.order.key: lookup.trades for lookup in lookups if lookup.order is not None and lookup.trades is not None
    }


def fees_since(
    order: ExchangeOrder, filled_before: Decimal, trades: Sequence[Trade] | None, known_at: int | None
) -> Fees | None:
    """The fees of what filled beyond `filled_before`, by currency; None when they cannot be told exactly.

    `known_at` is when that was known, by the exchange's clock (UNIX nanoseconds); None where nobody can tell.
    """
    if trades is None or order.filled is None or (filled_before and known_at is None):
        return None
    since = (
        trades if not filled_before else [each for each in trades if each.at is not None and each.at >= (known_at or 0)]
    )
    # Exchanges forget trades, and send them late: what does not add up proves nothing.
    if total(each.amount for each in since) != difference(order.filled, filled_before):
        return None
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for each in since:
        if each.fees is None or any(fee.cost and not fee.currency for fee in each.fees):
            return None
        for fee in each.fees:
            if fee.cost:
                sums[fee.currency] = total((sums[fee.currency], fee.cost))
    return sums
