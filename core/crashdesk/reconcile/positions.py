"""The verdict on each position leg, compared per (symbol, side)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import Contract, amount_text, contract_of
from crashdesk.exact import difference
from crashdesk.exchange.records import ExchangePosition, ExchangeSnapshot, LiquidationsReading, Market, ScopeKind
from crashdesk.reconcile import position_facts as facts
from crashdesk.reconcile.denied import MEMORY_NS
from crashdesk.reconcile.entry_prices import untold_entry
from crashdesk.reconcile.evidence import or_unstated
from crashdesk.reconcile.filled_since import known_on_the_exchange
from crashdesk.reconcile.legs import Leg, known_legs, live_legs, opposite, placed_holdings, renamed_legs
from crashdesk.reconcile.protection import Protections
from crashdesk.reconcile.records import Evidence, PositionVerdict, PositionVerdictKind, Source, fact
from crashdesk.reconcile.stop_cover import NO_STOPS_KNOWN, StopsKnown
from crashdesk.state import PositionState, Side, SystemState


class _Sides(msgspec.Struct, frozen=True):
    """Everything that one comparison looks at, by leg and by symbol."""

    known: Mapping[Leg, PositionState]
    live: Mapping[Leg, ExchangePosition]
    rows: Mapping[str, list[ExchangePosition]]
    undivided: Mapping[str, ExchangePosition]
    markets: Mapping[str, Market]
    liquidations: Mapping[str, LiquidationsReading]
    renamed: Mapping[Leg, Leg]
    state_time: int
    ended_since: int
    of_balances: bool
    snapshot: ExchangeSnapshot
    stops: StopsKnown = NO_STOPS_KNOWN


def judge_positions(
    state: SystemState,
    snapshot: ExchangeSnapshot,
    protections: Protections | None = None,
    stops: StopsKnown = NO_STOPS_KNOWN,
) -> tuple[PositionVerdict, ...]:
    """One verdict for each leg that either side has; a flip is one verdict, on the new side.

    `protections` tell what stops cover of them, `stops` what was known of stops.
    """
    sides = msgspec.structs.replace(_sides(state, snapshot), stops=stops)
    verdicts = []
    for leg in sorted(sides.known.keys() | sides.live.keys(), key=lambda leg: (leg[0], leg[1].value)):
        if not _told_by_the_other(leg, sides):
            verdicts.append(_judge(leg, sides, protections))
    return tuple(verdicts)


def symbols_gone(state: SystemState, snapshot: ExchangeSnapshot) -> tuple[str, ...]:
    """The symbols of known legs that were read and are not there: worth asking how they ended."""
    sides = _sides(state, snapshot)
    gone = {leg[0] for leg in sides.known.keys() - sides.live.keys() if leg[0] not in sides.undivided}
    return tuple(sorted(symbol for symbol in gone if snapshot.coverage.covers(ScopeKind.POSITIONS, symbol)))


def symbols_moved(state: SystemState, snapshot: ExchangeSnapshot) -> frozenset[str]:
    """The symbols of legs that were read and are not as large as they were known: worth asking what filled."""
    known, live = (sides := _sides(state, snapshot)).known, sides.live
    moved = {
        leg[0]
        for leg in known.keys() | live.keys()
        if leg not in known or leg not in live or known[leg].quantity != live[leg].contracts
    }
    return frozenset(symbol for symbol in moved if snapshot.coverage.covers(ScopeKind.POSITIONS, symbol))


def gone_since(state: SystemState, snapshot: ExchangeSnapshot) -> int:
    """Since when a known position can have ended, by the exchange's clock (UNIX nanoseconds)."""
    known_at = known_on_the_exchange(state, snapshot)
    return snapshot.started_at + (snapshot.clock_offset_ns or 0) - MEMORY_NS if known_at is None else known_at


def _sides(state: SystemState, snapshot: ExchangeSnapshot) -> _Sides:
    known = known_legs(state.positions)
    holdings = placed_holdings(snapshot.positions, known)
    live = live_legs(holdings.rows)
    rows: dict[str, list[ExchangePosition]] = defaultdict(list)
    for row in live.values():
        rows[row.symbol].append(row)
    markets = {market.symbol: market for market in snapshot.markets}
    renamed = renamed_legs(
        {leg: known[leg].quantity for leg in known.keys() - live.keys()},
        {leg: live[leg].contracts for leg in live.keys() - known.keys()},
        frozenset(markets),
    )
    return _Sides(
        known=known,
        live=live,
        rows=rows,
        undivided=holdings.undivided,
        markets=markets,
        liquidations={reading.symbol: reading for reading in snapshot.liquidations},
        renamed=renamed,
        state_time=state.timestamp,
        ended_since=gone_since(state, snapshot),
        of_balances=any(
            reading.scope.kind is ScopeKind.POSITIONS and reading.scope.market_type == "spot"
            for reading in snapshot.coverage.readings
        ),
        snapshot=snapshot,
    )


def _told_by_the_other(leg: Leg, sides: _Sides) -> bool:
    """Whether this leg's end is part of the flip that the other side's verdict tells."""
    other = opposite(leg)
    gone = leg in sides.known and leg not in sides.live
    return gone and other not in sides.known and _turned(sides.live.get(other))


def _flipped_from(leg: Leg, sides: _Sides) -> PositionState | None:
    other = opposite(leg)
    turned = leg not in sides.known and other not in sides.live and _turned(sides.live.get(leg))
    return sides.known.get(other) if turned else None


def _turned(live: ExchangePosition | None) -> bool:
    """Whether this leg can be what the other side became: hedge legs and spot holdings are positions of their own."""
    return live is not None and not live.hedged and not live.asset


def _judge(leg: Leg, sides: _Sides, protections: Protections | None) -> PositionVerdict:
    symbol, side = leg
    known, live = sides.known.get(leg), sides.live.get(leg)
    flipped_from = _flipped_from(leg, sides)
    before = known or flipped_from
    market = sides.markets.get(symbol)
    contract = contract_of(symbol, market, live.contract_size if live is not None else None)
    evidence: list[Evidence | None] = [None if before is None else _recorded(before, sides.state_time, contract)]
    if not sides.snapshot.coverage.covers(ScopeKind.POSITIONS, symbol):
        text = "Positions could not be read: it may have changed or be closed."
        evidence.append(fact(Source.EXCHANGE, text, sides.snapshot.finished_at))
        kind = PositionVerdictKind.UNKNOWN
    elif symbol in sides.undivided and side is Side.BUY:
        evidence.append(facts.undivided(sides.undivided[symbol]))
        kind = PositionVerdictKind.UNKNOWN
    elif side is Side.SELL and live is None and sides.of_balances:
        text = "Only balances were read, and they cannot show a short position."
        evidence.append(fact(Source.EXCHANGE, text, sides.snapshot.finished_at))
        kind = PositionVerdictKind.UNKNOWN
    elif live is None:
        text = "There is no such position; positions were read completely."
        evidence.append(fact(Source.EXCHANGE, text, sides.snapshot.finished_at))
        evidence += _of_the_gone(leg, sides)
        kind = PositionVerdictKind.CLOSED_WHILE_DOWN
    else:
        kind = _compare(known, live, flipped_from, market)
        evidence += [_seen(live, sides.snapshot, contract), *_of_change(kind, known, live, flipped_from)]
        evidence += _of_the_held(leg, live, sides)
    return PositionVerdict(
        kind=kind,
        symbol=symbol,
        side=side,
        known=before,
        live=live,
        evidence=tuple(item for item in evidence if item is not None),
        contract_size=_contract_size(live, market),
        contract=contract,
        # What is held on a spot account is no position that a stop could close.
        stops=protections.stops_of(live, sides.stops)
        if protections is not None and live is not None and not live.asset
        else None,
    )


def _contract_size(live: ExchangePosition | None, market: Market | None) -> Decimal | None:
    if live is not None and live.contract_size is not None:
        return live.contract_size
    return market.contract_size if market is not None else None


def _compare(
    known: PositionState | None,
    live: ExchangePosition,
    flipped_from: PositionState | None,
    market: Market | None,
) -> PositionVerdictKind:
    if flipped_from is not None:
        return PositionVerdictKind.SIDE_FLIPPED
    if known is None:
        return PositionVerdictKind.OPENED_WHILE_DOWN
    step = market.amount_step if market else None
    apart = difference(max(known.quantity, live.contracts), min(known.quantity, live.contracts))
    # Below one step nothing can have been traded; a whole step can.
    same = apart < step if step else apart == 0
    return PositionVerdictKind.MATCHED if same else PositionVerdictKind.QUANTITY_DIFFERS


def _of_change(
    kind: PositionVerdictKind,
    known: PositionState | None,
    live: ExchangePosition,
    flipped_from: PositionState | None,
) -> Sequence[Evidence | None]:
    """What changed between the two records."""
    if flipped_from is not None:
        return [facts.side_turned(flipped_from, live)]
    if known is None:
        return []
    changed = None
    if kind is PositionVerdictKind.QUANTITY_DIFFERS:
        text = "quantity: {old} → {new}"
        changed = fact(Source.EXCHANGE, text, live.updated_at, old=known.quantity, new=live.contracts)
    return [changed, facts.entry_moved(known, live)]


def _of_the_held(leg: Leg, live: ExchangePosition, sides: _Sides) -> Sequence[Evidence | None]:
    """What there is to know of a position that the exchange has."""
    market, price = sides.markets.get(live.symbol), sides.snapshot.prices.get(live.symbol)
    old = sides.renamed.get(leg)
    return [
        facts.held_as_balance(live),
        untold_entry(sides.known.get(leg), live),
        facts.contract_size_of(live, market),
        facts.inverse_value(live, market, price),
        facts.dust(live, market, price),
        facts.unlisted(live.symbol, market),
        facts.renamed(old[0], leg[0]) if old is not None else None,
        _mode(leg, sides),
    ]


def _of_the_gone(leg: Leg, sides: _Sides) -> Sequence[Evidence | None]:
    """How a known position can have ended: each that the exchange or the symbol gives a ground for."""
    symbol = leg[0]
    new = sides.renamed.get(leg)
    grounds = [
        facts.expired(symbol, sides.snapshot.finished_at),
        facts.unlisted(symbol, sides.markets.get(symbol)),
        facts.renamed(symbol, new[0]) if new is not None else None,
    ]
    reading = sides.liquidations.get(symbol)
    # Where the contract itself is gone, only a liquidation that is told says more than that.
    asked = not any(grounds) or (reading is not None and bool(reading.liquidations))
    ended = facts.how_it_ended(reading, sides.ended_since) if asked else []
    return [*grounds, *ended, _mode(leg, sides)]


def _mode(leg: Leg, sides: _Sides) -> Evidence | None:
    symbol = leg[0]
    if _flipped_from(leg, sides) is not None:
        return None
    known = [side for side in Side if (symbol, side) in sides.known]
    return facts.mode_switched(known, sides.rows.get(symbol, []))


def _recorded(position: PositionState, at: int, contract: Contract | None) -> Evidence:
    return fact(
        Source.CHECKPOINT,
        "Known: {side} {quantity} entered at {entry}.",
        at,
        side=position.side.leg,
        quantity=amount_text(position.quantity, contract),
        entry=position.entry_price,
    )


def _seen(position: ExchangePosition, snapshot: ExchangeSnapshot, contract: Contract | None) -> Evidence:
    return fact(
        Source.EXCHANGE,
        "The exchange has {side} {quantity} entered at {entry}.",
        snapshot.finished_at,
        side=position.side.leg,
        quantity=amount_text(position.contracts, contract),
        entry=or_unstated(position.entry_price),
    )
