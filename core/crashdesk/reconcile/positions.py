"""The verdict on each position leg, compared per (symbol, side)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from crashdesk.exchange.records import ExchangePosition, ExchangeSnapshot, ScopeKind
from crashdesk.reconcile.records import Evidence, PositionVerdict, PositionVerdictKind, Source, fact
from crashdesk.state import PositionState, Side, SystemState

Leg = tuple[str, Side]


def judge_positions(state: SystemState, snapshot: ExchangeSnapshot) -> tuple[PositionVerdict, ...]:
    """One verdict for each leg that either side has; a flip is one verdict, on the new side."""
    known = _known_legs(state.positions)
    live = _live_legs(snapshot.positions)
    verdicts = []
    for leg in sorted(known.keys() | live.keys(), key=lambda leg: (leg[0], leg[1].value)):
        symbol, side = leg
        opposite = (symbol, Side.SELL if side is Side.BUY else Side.BUY)
        if leg in known and leg not in live and opposite not in known and _turned(live.get(opposite)):
            continue  # told by the flip's verdict
        turned = leg not in known and opposite not in live and _turned(live.get(leg))
        flipped_from = known.get(opposite) if turned else None
        verdicts.append(_judge(leg, known.get(leg), live.get(leg), flipped_from, state.timestamp, snapshot))
    return tuple(verdicts)


def _known_legs(positions: Sequence[PositionState]) -> dict[Leg, PositionState]:
    """One record a leg; several of one leg are summed, since the exchange knows only the sum."""
    groups: dict[Leg, list[PositionState]] = defaultdict(list)
    for position in positions:
        if position.quantity != 0:
            groups[position.symbol, position.side].append(position)
    return {
        leg: msgspec.structs.replace(group[0], quantity=sum((item.quantity for item in group), Decimal(0)))
        for leg, group in groups.items()
    }


def _live_legs(positions: Sequence[ExchangePosition]) -> dict[Leg, ExchangePosition]:
    """One record a leg; several rows of one leg (cross and isolated margin) are summed, a repeated row counts once."""
    groups: dict[Leg, dict[str, ExchangePosition]] = defaultdict(dict)
    for row in sorted(positions, key=lambda row: (row.updated_at or 0, repr(row))):
        if row.contracts != 0:
            groups[row.symbol, row.side][row.id or repr(row)] = row
    return {leg: _merged(list(rows.values())) for leg, rows in groups.items()}


def _merged(rows: list[ExchangePosition]) -> ExchangePosition:
    if len(rows) == 1:
        return rows[0]
    contracts = sum((row.contracts for row in rows), Decimal(0))
    cost = [row.contracts * row.entry_price for row in rows if row.entry_price is not None]
    gains = [row.unrealized_pnl for row in rows if row.unrealized_pnl is not None]
    return msgspec.structs.replace(
        rows[-1],
        id="",
        contracts=contracts,
        entry_price=sum(cost, Decimal(0)) / contracts if len(cost) == len(rows) else None,
        unrealized_pnl=sum(gains, Decimal(0)) if len(gains) == len(rows) else None,
        liquidation_price=None,
    )


def _turned(live: ExchangePosition | None) -> bool:
    """Whether this leg can be what the other side became: in hedge mode the sides are positions of their own."""
    return live is not None and not live.hedged


def _judge(
    leg: Leg,
    known: PositionState | None,
    live: ExchangePosition | None,
    flipped_from: PositionState | None,
    state_time: int,
    snapshot: ExchangeSnapshot,
) -> PositionVerdict:
    symbol, side = leg
    evidence: list[Evidence] = []
    before = known or flipped_from
    if before is not None:
        evidence.append(_recorded(before, state_time))
    if not snapshot.coverage.covers(ScopeKind.POSITIONS, symbol):
        evidence.append(
            fact(
                Source.EXCHANGE, "Positions could not be read: it may have changed or be closed.", snapshot.finished_at
            )
        )
        kind = PositionVerdictKind.UNKNOWN
    elif live is None:
        evidence.append(
            fact(Source.EXCHANGE, "There is no such position; positions were read completely.", snapshot.finished_at)
        )
        kind = PositionVerdictKind.CLOSED_WHILE_DOWN
    else:
        evidence.append(_seen(live, snapshot))
        kind = _compare(known, live, flipped_from, snapshot)
        if known is not None and kind is PositionVerdictKind.QUANTITY_DIFFERS:
            evidence.append(
                fact(
                    Source.EXCHANGE,
                    "quantity: {old} → {new}",
                    live.updated_at,
                    old=known.quantity,
                    new=live.contracts,
                )
            )
        if known is not None and live.entry_price is not None and live.entry_price != known.entry_price:
            evidence.append(
                fact(Source.EXCHANGE, "entry price: {old} → {new}", old=known.entry_price, new=live.entry_price)
            )
    market = snapshot.market(symbol)
    return PositionVerdict(
        kind=kind,
        symbol=symbol,
        side=side,
        known=before,
        live=live,
        evidence=tuple(evidence),
        contract_size=live.contract_size if live is not None else (market.contract_size if market else None),
    )


def _compare(
    known: PositionState | None,
    live: ExchangePosition,
    flipped_from: PositionState | None,
    snapshot: ExchangeSnapshot,
) -> PositionVerdictKind:
    if flipped_from is not None:
        return PositionVerdictKind.SIDE_FLIPPED
    if known is None:
        return PositionVerdictKind.OPENED_WHILE_DOWN
    market = snapshot.market(live.symbol)
    step = market.amount_step if market else None
    difference = abs(known.quantity - live.contracts)
    # Below one step nothing can have been traded; a whole step can.
    same = difference < step if step else difference == 0
    return PositionVerdictKind.MATCHED if same else PositionVerdictKind.QUANTITY_DIFFERS


def _recorded(position: PositionState, at: int) -> Evidence:
    return fact(
        Source.CHECKPOINT,
        "Known: {side} {quantity} entered at {entry}.",
        at,
        side=position.side.leg,
        quantity=position.quantity,
        entry=position.entry_price,
    )


def _seen(position: ExchangePosition, snapshot: ExchangeSnapshot) -> Evidence:
    return fact(
        Source.EXCHANGE,
        "The exchange has {side} {quantity} entered at {entry}.",
        snapshot.finished_at,
        side=position.side.leg,
        quantity=position.contracts,
        entry="unstated" if position.entry_price is None else position.entry_price,
    )
