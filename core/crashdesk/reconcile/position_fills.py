"""What filled of a position's orders since they were known, and whether it explains how the position changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import plain
from crashdesk.exact import difference, negative, total
from crashdesk.exchange.records import ExchangeOrder, Trade
from crashdesk.reconcile.evidence import Evidence, Source, fact
from crashdesk.reconcile.fill_fees import Fees, fees_since
from crashdesk.reconcile.filled_since import filled_since
from crashdesk.reconcile.left_orders import LeftFate
from crashdesk.reconcile.position_facts import fee_in_base
from crashdesk.reconcile.position_orders import FillsSince
from crashdesk.reconcile.records import (
    IntentVerdict,
    IntentVerdictKind,
    OrderVerdict,
    OrderVerdictKind,
    PositionVerdict,
    PositionVerdictKind,
)
from crashdesk.state import Side

_LEGS = {"long": Side.BUY, "short": Side.SELL}
Place = tuple[str, Side | None]
"""A symbol, and the leg of it that an order names; None for the one position of the symbol."""


class FillSum(msgspec.Struct):
    """What the orders of one place filled: `fees` by currency, of spot markets alone."""

    amount: Decimal = Decimal(0)
    orders: int = 0
    all_told: bool = True
    fees: dict[str, Decimal] = {}
    fees_told: bool = True


def with_fills(positions: Sequence[PositionVerdict], sums: Mapping[Place, FillSum]) -> tuple[PositionVerdict, ...]:
    """The position verdicts with what their orders filled since they were known, and what that explains.

    Where a symbol has two legs and an order does not say to which of them it belongs, nothing is told of either; nor of a spot
    holding whose asset another market traded, or took its fees in.
    """
    legs: dict[str, int] = defaultdict(int)
    for each in positions:
        legs[each.symbol] += 1
    traded = _traded_in(sums)
    # A fee of which the currency is not known may have been taken in any coin.
    fees_told = all(found.fees_told for found in sums.values())
    told = []
    for each in positions:
        if (legs[each.symbol] > 1 and (each.symbol, None) in sums) or _traded_elsewhere(each.symbol, traded):
            told.append(each)
        else:
            found = _together(sums.get((each.symbol, None)), sums.get((each.symbol, each.side)))
            told.append(_explained(each, found, fees_told=fees_told or not _is_spot(each.symbol)))
    return tuple(_with_guess(each) for each in told)


def _traded_in(sums: Mapping[Place, FillSum]) -> dict[str, set[str]]:
    """The spot symbols in which each asset was traded, or may have been."""
    symbols: dict[str, set[str]] = defaultdict(set)
    for (symbol, _), found in sums.items():
        if _is_spot(symbol) and (found.orders or not found.all_told):
            for asset in (*symbol.split("/"), *found.fees):
                symbols[asset].add(symbol)
    return symbols


def _traded_elsewhere(symbol: str, traded: Mapping[str, set[str]]) -> bool:
    """Whether a holding changes with what another market filled: BTC/USDT, BTC/EUR and ETH/BTC share one balance."""
    return _is_spot(symbol) and bool(traded.get(_base(symbol), set()) - {symbol})


def _is_spot(symbol: str) -> bool:
    return ":" not in symbol


def _base(symbol: str) -> str:
    return symbol.split("/", maxsplit=1)[0]


def fill_sums(
    orders: Iterable[OrderVerdict],
    intents: Iterable[IntentVerdict],
    known_at: int | None,
    trades: Mapping[str, Sequence[Trade]] | None = None,
    left: Iterable[LeftFate] = (),
) -> dict[Place, FillSum]:
    """What filled since `known_at` (UNIX nanoseconds by the exchange's clock, None where nobody can tell).

    `trades` are those read, by order key; `left` what became of orders that an operator left alone.
    """
    return _Counting(known_at, trades or {}).of(orders, intents, left)


class _Counting:
    """Adds up what orders filled since one moment."""

    def __init__(self, known_at: int | None, trades: Mapping[str, Sequence[Trade]]) -> None:
        self._known_at = known_at
        self._trades = trades
        self._sums: dict[Place, FillSum] = defaultdict(FillSum)

    def of(
        self, orders: Iterable[OrderVerdict], intents: Iterable[IntentVerdict], left: Iterable[LeftFate]
    ) -> dict[Place, FillSum]:
        """Everything that these orders, intents and orders that were left tell."""
        for verdict in orders:
            if verdict.kind is not OrderVerdictKind.MATCHED:
                self._count(verdict)
        for each in intents:
            if each.kind is IntentVerdictKind.UNKNOWN:
                self._sums[each.intent.symbol, None].all_told = False
            elif each.kind is not IntentVerdictKind.LIVE and each.live is not None:  # a live one is among the orders
                self._count_sent(each.live, each.filled_since)
        for fate in left:
            if fate.order is None:
                self._sums[fate.symbol, None].all_told = False
            else:
                self._count_sent(fate.order, fate.since)
        return self._sums

    def _count(self, verdict: OrderVerdict) -> None:
        known, live = verdict.known, verdict.live
        if live is None:
            assert known is not None
            self._sums[known.symbol, None].all_told = False
            return
        since = filled_since(known, live, self._known_at)
        if since is None:
            self._sums[_place(live)].all_told = False
        else:
            self._add(live, since, Decimal(0) if known is None else known.filled_quantity)

    def _count_sent(self, order: ExchangeOrder, since: Decimal | None) -> None:
        """What filled of an order that was about to be sent: where that is not told, a part may be in the state already."""
        if since is None:
            self._sums[_place(order)].all_told = False
            moved = self._known_at is not None and order.updated_at is not None and order.updated_at >= self._known_at
            since = order.filled if moved else None
        if since is not None:
            self._add(order, since, difference(order.filled or since, since))

    def _add(self, order: ExchangeOrder, filled: Decimal, before: Decimal) -> None:
        """What an order `filled` beyond `before`."""
        to = self._sums[_place(order)]
        if filled:
            to.amount = total((to.amount, filled if order.side is Side.BUY else negative(filled)))
            to.orders += 1
            if _is_spot(order.symbol):
                fees = fees_since(order, before, self._trades.get(order.key), self._known_at)
                to.fees_told &= fees is not None
                to.fees = _added(to.fees, fees or {})


def _added(one: Fees, other: Fees) -> dict[str, Decimal]:
    return {
        currency: total((one.get(currency, Decimal(0)), other.get(currency, Decimal(0))))
        for currency in {**one, **other}
    }


def _place(order: ExchangeOrder) -> Place:
    return order.symbol, _LEGS.get(order.position_side.lower())


def _together(*parts: FillSum | None) -> FillSum:
    told = [part for part in parts if part is not None]
    fees: dict[str, Decimal] = {}
    for part in told:
        fees = _added(fees, part.fees)
    return FillSum(
        amount=total(part.amount for part in told),
        orders=sum(part.orders for part in told),
        all_told=all(part.all_told for part in told),
        fees=fees,
    )


def fill_evidence(verdict: PositionVerdict) -> tuple[Evidence, ...]:
    """How much of a position's change its `fills` explain, in words; nothing where there is neither."""
    fills, change = verdict.fills, verdict.change
    same = verdict.kind is PositionVerdictKind.MATCHED
    if fills is None or change is None or (same and not fills.orders):
        return ()
    rest = difference(change, fills.amount)
    if not rest:
        return (_all_of_it(fills, change, _base(verdict.symbol)),)
    if same:
        text = (
            "Orders filled {fills} since the last known state, and yet the quantity is as it was known: that state may hold "
            "these fills already, or something was traded against them."
        )
    elif fills.orders:
        text = "Of the change of {change}, {fills} is what orders filled since; {rest} no fill that was read explains."
    else:
        text = "No fill that was read explains the change of {change}."
    told = [fact(Source.RULE, text, change=_signed(change), fills=_signed(fills.amount), rest=_signed(rest))]
    if fills.fees:
        taken = "Of what filled, {fees} {asset} of fees are taken off."
        told.append(fact(Source.RULE, taken, fees=plain(fills.fees), asset=_base(verdict.symbol)))
    if not fills.orders_told:
        more = "What became of some orders of this symbol, or when they filled, is not known: that may be the rest."
        told.append(fact(Source.RULE, more))
    if not fills.fees_told:
        cost = "What the fills that were read cost, or in which currency, is not known for all of them: a fee may be the rest."
        told.append(fact(Source.RULE, cost))
    return tuple(told)


def _all_of_it(fills: FillsSince, change: Decimal, asset: str) -> Evidence:
    one = fills.orders == 1
    if fills.fees:
        text = (
            "The change of {change} is what one order filled since the last known state, less {fees} {asset} of fees that were "
            "taken from it."
            if one
            else "The change of {change} is what {count} orders filled since the last known state, less {fees} {asset} of fees "
            "that were taken from it."
        )
    elif change:
        text = (
            "The change of {change} is what one order filled since the last known state."
            if one
            else "The change of {change} is what {count} orders filled since the last known state."
        )
    else:
        text = "What {count} orders filled since the last known state was as much bought as sold."
    values: dict[str, object] = {"change": _signed(change), "count": fills.orders}
    if fills.fees:
        values |= {"fees": plain(fills.fees), "asset": asset}
    return fact(Source.RULE, text, at=None, **values)


def _explained(verdict: PositionVerdict, found: FillSum, *, fees_told: bool) -> PositionVerdict:
    if verdict.kind is PositionVerdictKind.UNKNOWN:
        return verdict
    fees = found.fees.get(_base(verdict.symbol), Decimal(0))
    fills = FillsSince(
        amount=plain(difference(found.amount, fees)),
        orders=found.orders,
        orders_told=found.all_told,
        fees=plain(fees),
        fees_told=fees_told,
    )
    told = msgspec.structs.replace(verdict, fills=fills)
    return msgspec.structs.replace(told, evidence=(*told.evidence, *fill_evidence(told)))


def _with_guess(verdict: PositionVerdict) -> PositionVerdict:
    """With the word on a small shortfall that may be a fee, unless the fills tell what it is, or that no fee is in it."""
    known, live, fills = verdict.known, verdict.live, verdict.fills
    if known is None or live is None or verdict.kind is PositionVerdictKind.UNKNOWN:
        return verdict
    if fills is not None and (fills.amount == verdict.change or (fills.orders and fills.fees_told)):
        return verdict
    guess = fee_in_base(known, live)
    return verdict if guess is None else msgspec.structs.replace(verdict, evidence=(*verdict.evidence, guess))


def _signed(value: Decimal) -> str:
    return f"{plain(value):+f}"
