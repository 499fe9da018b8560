"""What an open order is worth, and how far from the market it stands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crashdesk.exact import product
from crashdesk.exchange.records import ExchangeOrder, ExchangeSnapshot, Market


class Pricing:
    """The markets and prices of one snapshot."""

    def __init__(self, snapshot: ExchangeSnapshot) -> None:
        self._markets: Mapping[str, Market] = {market.symbol: market for market in snapshot.markets}
        self._prices = snapshot.prices

    def of(self, order: ExchangeOrder) -> tuple[Decimal | None, Decimal | None]:
        """Its notional (of what remains, in the quote currency) and its distance from the market as a fraction of the price.

        None where a factor is not known: a guess would be read as a fact.
        """
        mark = self._prices.get(order.symbol)
        limit = order.price if order.price is not None else order.trigger_price
        distance = (limit - mark) / mark if limit is not None and mark else None
        return _notional(order, limit if limit is not None else mark, self._markets.get(order.symbol)), distance


def _notional(order: ExchangeOrder, price: Decimal | None, market: Market | None) -> Decimal | None:
    remaining = order.remaining
    if remaining is None or price is None or market is None:
        return None
    if market.contract_size is None:
        return product(remaining, price) if market.market_type == "spot" else None
    if market.linear is False:
        return product(remaining, market.contract_size)
    return product(product(remaining, market.contract_size), price)
