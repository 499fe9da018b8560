"""How an order was filled: its trades in words, and whether they add up."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from crashdesk.exact import product, total
from crashdesk.exchange.records import OrderLookup, Trade
from crashdesk.reconcile.evidence import Evidence, Source, fact


def fill_facts(lookup: OrderLookup) -> tuple[Evidence, ...]:
    """What the trades of an order that was read by itself tell; nothing where they were not asked for.

    The order's own filled amount stands whatever its trades add up to: exchanges forget trades, and send them late.
    """
    order = lookup.order
    if order is None:
        return ()
    if lookup.trades is None:
        if not lookup.trades_problem:
            return ()
        return (
            fact(
                Source.EXCHANGE, "Its fills could not be read: {reason}", lookup.read_at, reason=lookup.trades_problem
            ),
        )
    filled = total(trade.amount for trade in lookup.trades)
    facts = [_told(lookup.trades, filled)] if lookup.trades else []
    if order.filled is not None and filled != order.filled:
        facts.append(
            fact(
                Source.EXCHANGE,
                "The fills that were read add up to {total}, while the order says {filled}: the order's number stands, some "
                "fills may be missing.",
                lookup.read_at,
                total=filled,
                filled=order.filled,
            )
        )
    return tuple(facts)


def _told(trades: tuple[Trade, ...], filled: Decimal) -> Evidence:
    cost = total(product(trade.amount, trade.price) for trade in trades)
    last = max((trade.at for trade in trades if trade.at is not None), default=None)
    values = {"total": filled, "average": _plain(cost / filled) if filled else "unstated", "fees": _fees(trades)}
    if len(trades) == 1:
        return fact(Source.EXCHANGE, "One fill: {total} at {average}, fees {fees}.", last, **values)
    return fact(
        Source.EXCHANGE,
        "{count} fills: {total} in all, at {average} on average, fees {fees}.",
        last,
        count=len(trades),
        **values,
    )


def _fees(trades: tuple[Trade, ...]) -> str:
    """The fees per currency; `unstated` when a trade does not tell its own."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for trade in trades:
        if trade.fees is None:
            return "unstated"
        for fee in trade.fees:
            sums[fee.currency] = total((sums[fee.currency], fee.cost))
    return " and ".join(f"{_plain(amount)} {currency}".strip() for currency, amount in sorted(sums.items()))


def _plain(number: Decimal) -> str:
    """At most twelve digits, without an exponent and without zeros at the end."""
    rounded = number if len(number.as_tuple().digits) <= 12 else Decimal(f"{number:.12g}")
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
