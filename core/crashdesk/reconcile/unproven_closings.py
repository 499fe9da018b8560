"""Whether positions that are all gone were closed on the account that was opened, or were never there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from crashdesk.exact import difference, negative, product, total
from crashdesk.exchange.records import ExchangeSnapshot, LookupStatus, ScopeKind, ScopeStatus, Trade, TradesReading
from crashdesk.reconcile.filled_since import known_on_the_exchange
from crashdesk.reconcile.legs import Leg, known_legs, live_legs, placed_holdings, renamed_legs
from crashdesk.reconcile.matching import pair_orders
from crashdesk.reconcile.position_facts import MOST_FEE, expired
from crashdesk.reconcile.records import PositionVerdict, Source, fact
from crashdesk.state import PositionState, Side, SystemState

AROUND_NS = 120_000_000_000
"""How far from the moment of a state a trade may be that it contains, or does not contain yet: clocks differ."""
_ANSWERED = (ScopeStatus.READ, ScopeStatus.TRUNCATED)


def closings_to_prove(state: SystemState, snapshot: ExchangeSnapshot) -> tuple[str, ...]:
    """The symbols whose trades may prove that this account closed their positions; none where that is not in question.

    It is where every known position is gone, nothing else of the state was found, and neither a liquidation nor the end of
    the contract explains it: keys of another account show the same picture as positions that somebody closed by hand.
    """
    known = known_legs(state.positions)
    if not known or _something_found(state, snapshot, known):
        return ()
    markets = {market.symbol for market in snapshot.markets}
    in_question = {symbol for symbol, _ in known if symbol in markets and expired(symbol, snapshot.finished_at) is None}
    return tuple(sorted(in_question))


def unproven_closings(state: SystemState, snapshot: ExchangeSnapshot) -> str:
    """Why the account may be another one than that of `state`, after its trades were asked for; empty for no reason.

    One position whose closing the trades prove is enough: they add up to just what was held.
    """
    symbols = closings_to_prove(state, snapshot)
    readings = [each for each in snapshot.trades if each.symbol in symbols]
    if not symbols or any(_explains(each.symbol, each.trades, state, snapshot) for each in readings):
        return ""
    unread = [each.reason for each in readings if each.status is not ScopeStatus.READ and each.reason]
    if readings and len(readings) < len(symbols):
        unread.append("those of a few symbols alone were asked for")
    unproven = "no trades that this account tells add up to the closing of one"
    if unread or not readings:
        reason = unread[0] if unread else "the exchange cannot be asked for them"
        unproven = (
            f"the trades that would prove that it was this account which closed them could not be read ({reason})"
        )
    return (
        f"every position of the last known state is gone, and {unproven}: the account that was opened may be another one than "
        "the store's; look whether the keys are those of the right account"
    )


def with_closings(
    verdicts: Sequence[PositionVerdict], state: SystemState, snapshot: ExchangeSnapshot
) -> tuple[PositionVerdict, ...]:
    """The position verdicts, each with what the trades prove of its closing where they were asked for."""
    told = {each.symbol: each for each in snapshot.trades if each.status in _ANSWERED}
    return tuple(
        _with_closing(each, told[each.symbol], state, snapshot) if each.symbol in told else each for each in verdicts
    )


def _with_closing(
    verdict: PositionVerdict, reading: TradesReading, state: SystemState, snapshot: ExchangeSnapshot
) -> PositionVerdict:
    if _explains(reading.symbol, reading.trades, state, snapshot):
        told = fact(Source.EXCHANGE, "The account's trades since then add up to its closing.", reading.read_at)
    elif reading.status is ScopeStatus.TRUNCATED:
        text = "The account's trades since then could not all be read ({reason}); those that were do not add up to its closing."
        told = fact(Source.EXCHANGE, text, reading.read_at, reason=reading.reason)
    else:
        text = "No trades that the account tells add up to its closing: it may have been held on another account."
        told = fact(Source.EXCHANGE, text, reading.read_at)
    return msgspec.structs.replace(verdict, evidence=(*verdict.evidence, told))


def _something_found(state: SystemState, snapshot: ExchangeSnapshot, known: dict[Leg, PositionState]) -> bool:
    """Whether anything of the state is there, or its positions were not read, so that nothing says that they are gone."""
    if any(not snapshot.coverage.covers(ScopeKind.POSITIONS, symbol) for symbol, _ in known):
        return True
    holdings = placed_holdings(snapshot.positions, known)
    live = live_legs(holdings.rows)
    if holdings.undivided or not known.keys().isdisjoint(live):
        return True
    markets = frozenset(market.symbol for market in snapshot.markets)
    held = {leg: position.contracts for leg, position in live.items()}
    if renamed_legs({leg: position.quantity for leg, position in known.items()}, held, markets):
        return True
    if any(reading.liquidations for reading in snapshot.liquidations):
        return True
    return _order_found(state, snapshot)


def _order_found(state: SystemState, snapshot: ExchangeSnapshot) -> bool:
    if pair_orders(state.open_orders, snapshot.orders, snapshot.coverage).pairs:
        return True
    known = {(order.symbol, order.id) for order in state.open_orders if order.id}
    return any(
        lookup.status is LookupStatus.FOUND and (lookup.ref.symbol, lookup.ref.id) in known
        for lookup in snapshot.lookups
    )


def _explains(symbol: str, trades: Sequence[Trade], state: SystemState, snapshot: ExchangeSnapshot) -> bool:
    """Whether the trades since the state are just what lies between the known position and the one that is there.

    Of those around the very moment of the state it may contain some and not others.
    """
    known_at = known_on_the_exchange(state, snapshot)
    if known_at is None:
        return False
    legs = [(position.side, position.quantity) for position in state.positions if position.symbol == symbol]
    known = _net(legs)
    live = _net((position.side, position.contracts) for position in snapshot.positions if position.symbol == symbol)
    change = difference(live, known)
    # A fee may have been taken from what was bought.
    tolerance = Decimal(0) if ":" in symbol else product(abs(known), MOST_FEE)
    # Of two legs the net proves nothing: whatever was bought and sold again adds up to none.
    wanted = {side: total(quantity for held, quantity in legs if held is not side) for side in Side}
    both = all(wanted.values())
    traded = dict.fromkeys(Side, Decimal(0))
    for number, trade in enumerate(reversed(trades), start=1):
        if trade.side is None or trade.at is None or trade.at < known_at - AROUND_NS:
            return False
        traded[trade.side] = total((traded[trade.side], trade.amount))
        older = trades[-number - 1].at if number < len(trades) else None
        fits = traded == wanted if both else abs(difference(_net(traded.items()), change)) <= tolerance
        if fits and (older is None or older <= known_at + AROUND_NS):
            return True
    return False


def _net(amounts: Iterable[tuple[Side, Decimal]]) -> Decimal:
    return total(amount if side is Side.BUY else negative(amount) for side, amount in amounts)
