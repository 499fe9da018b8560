"""Positions are read before the orders: what filled in between is in the orders alone, unless positions are read once more."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from crashdesk.exchange.protocol import Exchange, Step
from crashdesk.exchange.records import Coverage, ExchangeOrder, ExchangeSnapshot, ScopeKind

_MARGIN_NS = 2_000_000_000
"""As much as a measured difference of two clocks can be wrong."""
_UNMEASURED_NS = 60_000_000_000


def filled_meanwhile(snapshot: ExchangeSnapshot) -> bool:
    """Whether an order of the snapshot filled, or may have, after its reading began; pure."""
    offset = snapshot.clock_offset_ns
    margin = _UNMEASURED_NS if offset is None else _MARGIN_NS
    since = snapshot.started_at + (offset or 0) - margin
    return any(order.filled and order.updated_at is not None and order.updated_at >= since for order in _told(snapshot))


def _told(snapshot: ExchangeSnapshot) -> Iterator[ExchangeOrder]:
    yield from snapshot.orders
    for lookup in snapshot.lookups:
        yield from (order for order in (lookup.order, lookup.placed) if order is not None)


def with_positions_again(
    exchange: Exchange, snapshot: ExchangeSnapshot, symbols: Collection[str], step: Step
) -> ExchangeSnapshot:
    """The snapshot with the positions as they are now, where an order filled while it was read; `symbols` as for the first read.

    A read that fails now leaves them unknown: those read before are not what the orders belong to. Raises ExchangeError when a
    new symbol's market cannot be asked for.
    """
    if not snapshot.coverage.covers_all(ScopeKind.POSITIONS) or not filled_meanwhile(snapshot):
        return snapshot
    step(0, 1, "reading positions once more, since an order filled meanwhile")
    again = exchange.read_positions(symbols)
    others = tuple(each for each in snapshot.coverage.readings if each.scope.kind is not ScopeKind.POSITIONS)
    listed = {market.symbol for market in snapshot.markets}
    new = sorted({position.symbol for position in again.positions} - listed)
    markets = tuple(market for symbol in new if (market := exchange.describe_market(symbol)) is not None)
    return msgspec.structs.replace(
        snapshot,
        positions=again.positions,
        coverage=Coverage(readings=others + again.coverage.readings),
        markets=snapshot.markets + markets,
    )
