"""What filled of a position's orders since they were known, and whether it explains how the position changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import plain
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.reconcile.evidence import Evidence, Source, fact
from crashdesk.reconcile.records import (
    FillsSince,
    IntentVerdict,
    IntentVerdictKind,
    OrderVerdict,
    OrderVerdictKind,
    PositionVerdict,
    PositionVerdictKind,
)
from crashdesk.state import Side

_LEGS = {"long": Side.BUY, "short": Side.SELL}
_Place = tuple[str, Side | None]
"""A symbol, and the leg of it that an order names; None for the one position of the symbol."""


class _Sum(msgspec.Struct):
    amount: Decimal = Decimal(0)
    orders: int = 0
    all_told: bool = True


def with_fills(
    positions: Sequence[PositionVerdict],
    orders: Iterable[OrderVerdict],
    intents: Iterable[IntentVerdict],
    known_at: int,
    clock_offset_ns: int = 0,
) -> tuple[PositionVerdict, ...]:
    """The position verdicts with what their orders filled since `known_at` (UNIX nanoseconds), and what that explains.

    `clock_offset_ns` is how far the exchange's clock is ahead of the one that told `known_at`.
    Where a symbol has two legs and an order does not say to which of them it belongs, nothing is told of either; nor of a spot
    holding whose asset another market traded, too.
    """
    sums = _sums(orders, intents, known_at + clock_offset_ns)
    if not sums:
        return tuple(_explained(each, _Sum()) for each in positions)
    legs: dict[str, int] = defaultdict(int)
    for each in positions:
        legs[each.symbol] += 1
    traded = _traded_in(sums)
    return tuple(
        each
        if (legs[each.symbol] > 1 and (each.symbol, None) in sums) or _traded_elsewhere(each.symbol, traded)
        else _explained(each, _together(sums.get((each.symbol, None)), sums.get((each.symbol, each.side))))
        for each in positions
    )


def _traded_in(sums: Mapping[_Place, _Sum]) -> dict[str, set[str]]:
    """The spot symbols in which each asset was traded, or may have been."""
    symbols: dict[str, set[str]] = defaultdict(set)
    for (symbol, _), found in sums.items():
        if ":" not in symbol and (found.orders or not found.all_told):
            for asset in symbol.split("/"):
                symbols[asset].add(symbol)
    return symbols


def _traded_elsewhere(symbol: str, traded: Mapping[str, set[str]]) -> bool:
    """Whether a holding changes with what another market filled: BTC/USDT, BTC/EUR and ETH/BTC share one balance."""
    return ":" not in symbol and bool(traded.get(symbol.split("/", maxsplit=1)[0], set()) - {symbol})


def _sums(orders: Iterable[OrderVerdict], intents: Iterable[IntentVerdict], known_at: int) -> dict[_Place, _Sum]:
    sums: dict[_Place, _Sum] = defaultdict(_Sum)
    for verdict in orders:
        if verdict.kind is not OrderVerdictKind.MATCHED:
            _count(sums, verdict, known_at)
    for each in intents:
        if each.kind is IntentVerdictKind.UNKNOWN:
            sums[each.intent.symbol, None].all_told = False
        elif each.kind is not IntentVerdictKind.LIVE and each.live is not None:  # a live one is among the orders
            place = sums[_place(each.live)]
            _add(place, each.live, each.live.filled, _in_time(each.live.updated_at, known_at))
            # Of an older one, a part may have filled before, and be in the state already.
            place.all_told &= not each.live.filled or _in_time(each.live.created_at, known_at)
    return sums


def _count(sums: dict[_Place, _Sum], verdict: OrderVerdict, known_at: int) -> None:
    known, live = verdict.known, verdict.live
    if live is None:
        assert known is not None
        sums[known.symbol, None].all_told = False
    elif known is None:
        # What filled of an order that the state does not know is news only where the order is younger.
        _add(sums[_place(live)], live, live.filled, _in_time(live.created_at, known_at))
    elif live.filled is None or live.filled < known.filled_quantity or (known.id and known.id != live.id):
        sums[_place(live)].all_told = False
    else:
        _add(sums[_place(live)], live, live.filled - known.filled_quantity, True)


def _in_time(moment: int | None, known_at: int) -> bool:
    return moment is not None and moment >= known_at


def _add(to: _Sum, order: ExchangeOrder, filled: Decimal | None, since: bool) -> None:
    if filled is None or (filled and not since):
        to.all_told = False
    elif filled:
        to.amount += filled if order.side is Side.BUY else -filled
        to.orders += 1


def _place(order: ExchangeOrder) -> _Place:
    return order.symbol, _LEGS.get(order.position_side.lower())


def _together(*parts: _Sum | None) -> _Sum:
    told = [part for part in parts if part is not None]
    return _Sum(
        amount=sum((part.amount for part in told), Decimal(0)),
        orders=sum(part.orders for part in told),
        all_told=all(part.all_told for part in told),
    )


def fill_evidence(verdict: PositionVerdict) -> tuple[Evidence, ...]:
    """How much of a position's change its `fills` explain, in words; nothing where there is neither."""
    fills, change = verdict.fills, verdict.change
    same = verdict.kind is PositionVerdictKind.MATCHED
    if fills is None or change is None or (same and not fills.orders):
        return ()
    rest = change - fills.amount
    if not rest:
        text = "What {count} orders filled since the last known state was as much bought as sold."
        if change:
            text = (
                "The change of {change} is what one order filled since the last known state."
                if fills.orders == 1
                else "The change of {change} is what {count} orders filled since the last known state."
            )
        return (fact(Source.RULE, text, change=_signed(change), count=fills.orders),)
    if same:
        text = (
            "Orders filled {fills} since the last known state, and yet the quantity is as it was known: that state may hold "
            "these fills already, or something was traded against them."
        )
    elif fills.orders:
        text = "Of the change of {change}, {fills} is what orders filled since; {rest} no fill that was read explains."
    else:
        text = "No fill that was read explains the change of {change}."
    told = fact(Source.RULE, text, change=_signed(change), fills=_signed(fills.amount), rest=_signed(rest))
    more = "What became of some orders of this symbol, or when they filled, is not known: that may be the rest."
    return (told,) if fills.all_told else (told, fact(Source.RULE, more))


def _explained(verdict: PositionVerdict, found: _Sum) -> PositionVerdict:
    if verdict.kind is PositionVerdictKind.UNKNOWN:
        return verdict
    fills = FillsSince(amount=plain(found.amount), orders=found.orders, all_told=found.all_told)
    told = msgspec.structs.replace(verdict, fills=fills)
    return msgspec.structs.replace(told, evidence=(*told.evidence, *fill_evidence(told)))


def _signed(value: Decimal) -> str:
    return f"{plain(value):+f}"
