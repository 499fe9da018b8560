"""What the verdicts on the orders of one snapshot have in common."""

from __future__ import annotations

from crashdesk.contracts import Contract, contract_of
from crashdesk.exchange.records import ExchangeSnapshot
from crashdesk.reconcile.pricing import Pricing
from crashdesk.reconcile.protection import Protections


class OrderContext:
    """What protects, what amounts count, what orders are worth, and when the lists were read (UNIX nanoseconds)."""

    def __init__(self, snapshot: ExchangeSnapshot, protections: Protections) -> None:
        self.pricing = Pricing(snapshot)
        self.protections = protections
        self.seen_at = snapshot.finished_at
        self._markets = {market.symbol: market for market in snapshot.markets}
        self._contracts: dict[str, Contract | None] = {}

    def contract(self, symbol: str) -> Contract | None:
        """What the amounts of a symbol count."""
        if symbol not in self._contracts:
            self._contracts[symbol] = contract_of(symbol, self._markets.get(symbol))
        return self._contracts[symbol]


def protections_of(snapshot: ExchangeSnapshot) -> Protections:
    """Which of a snapshot's orders protect, and what."""
    markets = {market.symbol: market for market in snapshot.markets}
    return Protections(snapshot.orders, snapshot.positions, snapshot.coverage, markets, snapshot.prices)
