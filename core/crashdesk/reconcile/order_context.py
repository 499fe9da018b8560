"""What the verdicts on the orders of one snapshot have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from crashdesk.contracts import Contract, contract_of
from crashdesk.exchange.records import ExchangePosition, ExchangeSnapshot
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
    others = under_other_markets(snapshot.positions, {order.symbol for order in snapshot.orders})
    return Protections(snapshot.orders, (*snapshot.positions, *others), snapshot.coverage, markets, snapshot.prices)


def under_other_markets(positions: Sequence[ExchangePosition], symbols: Collection[str]) -> Iterator[ExchangePosition]:
    """What is held of an asset, under each of its spot markets in `symbols`: it is told under one of them, and is of all."""
    held = {position.asset: position for position in positions if position.asset}
    if not held:
        return
    told = {position.symbol for position in positions}
    for symbol in sorted({each for each in symbols if ":" not in each} - told):
        position = held.get(symbol.split("/", maxsplit=1)[0])
        if position is not None:
            yield msgspec.structs.replace(position, symbol=symbol)
