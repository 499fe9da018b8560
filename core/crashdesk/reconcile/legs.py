"""Position records as legs: one for each (symbol, side), the same way for both sides of the comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from crashdesk.exact import product, total
from crashdesk.exchange.records import ExchangePosition
from crashdesk.state import PositionState, Side

Leg = tuple[str, Side]


def opposite(leg: Leg) -> Leg:
    """The other side of the same symbol."""
    symbol, side = leg
    return symbol, Side.SELL if side is Side.BUY else Side.BUY


def known_legs(positions: Sequence[PositionState]) -> dict[Leg, PositionState]:
    """One record a leg; several of one leg are summed, since the exchange knows only the sum."""
    groups: dict[Leg, list[PositionState]] = defaultdict(list)
    for position in positions:
        if position.quantity != 0:
            groups[position.symbol, position.side].append(position)
    return {leg: group[0] if len(group) == 1 else _together(group) for leg, group in groups.items()}


def _together(group: Sequence[PositionState]) -> PositionState:
    """Several records of one leg as the exchange would count them: it rounds the average price of entry."""
    quantity = total(item.quantity for item in group)
    cost = total(product(item.quantity, item.entry_price) for item in group)
    return msgspec.structs.replace(
        group[0],
        quantity=quantity,
        entry_price=Decimal(f"{cost / quantity:.12g}"),
        unrealized_pnl=total(item.unrealized_pnl for item in group),
    )


def live_legs(positions: Sequence[ExchangePosition]) -> dict[Leg, ExchangePosition]:
    """One record a leg; several rows of one leg (cross and isolated margin) are summed, a repeated row counts once.

    A row of quantity zero is no position.
    """
    groups: dict[Leg, dict[str, ExchangePosition]] = defaultdict(dict)
    for row in sorted(positions, key=lambda row: (row.updated_at or 0, repr(row))):
        if row.contracts != 0:
            groups[row.symbol, row.side][row.id or repr(row)] = row
    return {leg: _merged(list(rows.values())) for leg, rows in groups.items()}


class Holdings(msgspec.Struct, frozen=True):
    """Rows with each spot holding under the symbol that knows it; `undivided` are holdings that nobody can divide, by symbol."""

    rows: tuple[ExchangePosition, ...]
    undivided: Mapping[str, ExchangePosition]


def placed_holdings(rows: Sequence[ExchangePosition], known: Mapping[Leg, PositionState]) -> Holdings:
    """A spot account holds an asset, not a symbol: BTC/USDT and BTC/EUR are one balance.

    It goes to the one known leg of that asset. Several share it when their sum is what is held; else it cannot be told
    which of them changed.
    """
    owners: dict[str, list[Leg]] = defaultdict(list)
    for leg in sorted(known, key=lambda leg: leg[0]):
        if leg[1] is Side.BUY:
            owners[leg[0].split("/")[0]].append(leg)
    placed: list[ExchangePosition] = []
    undivided: dict[str, ExchangePosition] = {}
    for row in rows:
        legs = owners.get(row.asset, []) if row.asset else []
        if not legs or row.contracts == 0:
            placed.append(row)
        elif len(legs) == 1:
            placed.append(msgspec.structs.replace(row, symbol=legs[0][0]))
        elif total(known[leg].quantity for leg in legs) == row.contracts:
            placed += [msgspec.structs.replace(row, symbol=leg[0], contracts=known[leg].quantity) for leg in legs]
        else:
            undivided.update((leg[0], row) for leg in legs)
    return Holdings(tuple(placed), undivided)


def renamed_legs(gone: Mapping[Leg, Decimal], new: Mapping[Leg, Decimal], listed: frozenset[str]) -> dict[Leg, Leg]:
    """Legs that may be one position under two names, in both directions: quantities by leg that are `gone` and `new`.

    Only where one of the two names is not `listed` any more, and no other leg could be meant.
    """
    candidates: dict[Leg, list[Leg]] = defaultdict(list)
    by_quantity: dict[tuple[Side, Decimal], list[Leg]] = defaultdict(list)
    for leg, quantity in new.items():
        by_quantity[leg[1], quantity].append(leg)
    for leg, quantity in gone.items():
        for other in by_quantity.get((leg[1], quantity), ()):
            if leg[0] != other[0] and (leg[0] not in listed or other[0] not in listed):
                candidates[leg].append(other)
                candidates[other].append(leg)
    return {
        leg: others[0] for leg, others in candidates.items() if len(others) == 1 and len(candidates[others[0]]) == 1
    }


def _merged(rows: list[ExchangePosition]) -> ExchangePosition:
    if len(rows) == 1:
        return rows[0]
    contracts = total(row.contracts for row in rows)
    cost = [product(row.contracts, row.entry_price) for row in rows if row.entry_price is not None]
    gains = [row.unrealized_pnl for row in rows if row.unrealized_pnl is not None]
    return msgspec.structs.replace(
        rows[-1],
        id="",
        contracts=contracts,
        entry_price=total(cost) / contracts if len(cost) == len(rows) else None,
        unrealized_pnl=total(gains) if len(gains) == len(rows) else None,
        liquidation_price=None,
    )
