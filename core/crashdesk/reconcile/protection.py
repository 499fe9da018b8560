"""Which orders protect a position, and how much of it: never pre-selected for cancellation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import Contract, amount_text, contract_of
from crashdesk.exact import total
from crashdesk.exchange.records import (
    Coverage,
    ExchangeOrder,
    ExchangePosition,
    Market,
    Namespace,
    ScopeKind,
)
from crashdesk.reconcile.evidence import Evidence, Source, fact
from crashdesk.reconcile.matching import CONDITIONAL_TYPES
from crashdesk.reconcile.position_orders import StopCover
from crashdesk.reconcile.stop_cover import NO_STOPS_KNOWN, StopsKnown
from crashdesk.state import OPEN_STATUSES, OrderType, Side

_PROFITS = frozenset({OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT, OrderType.LIMIT})
_STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
_UNTOLD = frozenset({OrderType.OTHER, OrderType.MARKET})
"""Kinds that do not say on which side of the market they wait, if they wait at all."""


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """How one order protects, in words (`how` is empty when it does not), with the facts to it."""

    how: str = ""
    facts: tuple[Evidence, ...] = ()


_NONE = Protection()


class _Cover(msgspec.Struct, kw_only=True):
    """What all orders against one leg cover together: stops limit the loss, the others take the profit."""

    stops: Decimal = Decimal(0)
    profits: Decimal = Decimal(0)
    stops_told: bool = True
    profits_told: bool = True
    orders: list[str] = msgspec.field(default_factory=list)


class Protections:
    """The positions of one snapshot and the open orders against them."""

    def __init__(
        self,
        orders: Sequence[ExchangeOrder],
        positions: Sequence[ExchangePosition],
        coverage: Coverage,
        markets: Mapping[str, Market] | None = None,
        prices: Mapping[str, Decimal] | None = None,
    ) -> None:
        self._coverage = coverage
        self._markets = markets
        self._prices = prices or {}
        self._read: dict[str, bool] = {}
        self._legs: dict[str, list[ExchangePosition]] = defaultdict(list)
        for position in sorted(positions, key=lambda position: (position.contracts, position.side.value)):
            if position.contracts:
                self._legs[position.symbol].append(position)
        sides = {symbol: {row.side for row in rows} for symbol, rows in self._legs.items()}
        self._both_held = {symbol for symbol, held in sides.items() if len(held) > 1}
        self._hedged = {symbol for symbol, rows in self._legs.items() if any(row.hedged for row in rows)}
        self._covers: dict[tuple[str, Side], _Cover] = defaultdict(_Cover)
        self._groups: dict[tuple[str, str], list[ExchangeOrder]] = defaultdict(list)
        for order in orders:
            if order.status in OPEN_STATUSES:
                self._count(order)

    def of(self, order: ExchangeOrder) -> Protection:
        """How `order` protects. What belongs to a protective order, one cancelling the other, protects as well."""
        if not self._may_protect(order):
            return _NONE
        own = self._alone(order)
        siblings = self._siblings(order)
        if not siblings:
            return own
        ids = ", ".join(sorted(sibling.id for sibling in siblings))
        together = fact(
            Source.EXCHANGE,
            "It is one of a group of which one cancels the other ({group}); with it: {ids}.",
            group=order.group_id,
            ids=ids,
        )
        how = own.how
        if not how and any(self._alone(sibling).how for sibling in siblings):
            how = f"cancelling it may cancel order {ids}, which protects"
        facts = own.facts if own.how == how else (_says(how),)
        return Protection(how=how, facts=(*facts, together))

    def stops_of(self, leg: ExchangePosition, known: StopsKnown = NO_STOPS_KNOWN) -> StopCover:
        """How much of a position the stops cover, whether all of them are known, and what was `known` of stops."""
        cover = self._covers[leg.symbol, leg.side]
        return StopCover(
            covered=min(cover.stops, leg.contracts),
            all_told=cover.stops_told and self._orders_read(leg.symbol),
            had_one=(leg.symbol, leg.side) in known.legs,
            used=known.anywhere,
            orders=tuple(sorted(cover.orders)),
        )

    def guards(self, order: ExchangeOrder) -> bool:
        """Whether a position is held that `order` would close."""
        if self._leg_untold(order):
            return bool(self._how(order, None))
        against = self._against(order)
        return against is not None and bool(self._how(order, against))

    def _orders_read(self, symbol: str) -> bool:
        """Whether every list was read that could hold a stop; an exchange may have no list apart for conditional orders."""
        kinds = {reading.scope.kind for reading in self._coverage.readings} & {ScopeKind.CONDITIONAL_ORDERS}
        return all(self._coverage.covers(kind, symbol) for kind in (ScopeKind.ORDERS, *kinds))

    def _contract(self, leg: ExchangePosition) -> Contract | None:
        if self._markets is None:
            return None
        return contract_of(leg.symbol, self._markets.get(leg.symbol), leg.contract_size)

    def _may_protect(self, order: ExchangeOrder) -> bool:
        return bool(
            order.symbol in self._legs
            or order.reduce_only
            or order.close_position
            or order.group_id
            or order.namespace is Namespace.CONDITIONAL
            or order.order_type in CONDITIONAL_TYPES
            or _closes_a_leg(order)
        )

    def _alone(self, order: ExchangeOrder) -> Protection:
        against = self._against(order)
        how = self._how(order, against)
        gone = not against and not self._leg_untold(order) and self._positions_read(order.symbol)
        if not how and not (gone and _is_conditional(order)):
            return _NONE
        if gone:
            nothing = fact(Source.EXCHANGE, "No open position is left that it could protect: it protects nothing now.")
            return Protection(how=how, facts=(*((_says(how),) if how else ()), nothing))
        facts = [_says(how)]
        if against is not None:
            if _beyond_liquidation(order, against):
                facts.append(_comes_too_late(order, against))
            facts.append(self._measured(against))
        return Protection(how=how, facts=tuple(facts))

    def _how(self, order: ExchangeOrder, against: ExchangePosition | None) -> str:
        """In words; empty when it does not.

        A conditional order and one that closes a leg count as protective when positions could not be read: unknown is not flat.
        """
        if self._leg_untold(order):
            closes = order.close_position or order.reduce_only or _is_conditional(order)
            return f"it may close either leg of {order.symbol}, the exchange does not say which" if closes else ""
        held = ""
        if against is not None:
            contract = self._contract(against)
            size = amount_text(against.contracts, contract)
            held = f"the open {against.side.leg} position of {size} {order.symbol}"
            held += f"; covers {_share(order, against, contract)}"
        conditional = _is_conditional(order)
        how = ""
        if order.close_position:
            how = f"it closes {held}" if held else "it is marked close-position"
        elif order.reduce_only:
            how = f"it is reduce-only against {held}" if held else "it is marked reduce-only"
        elif held and conditional:
            how = f"it triggers against {held}"
        elif held and order.position_side.lower() in ("long", "short"):
            how = f"it can only reduce {held}"  # on a leg of its own, an order of the other side opens nothing
        else:
            unseen = _may_protect_unseen(order)
            how = unseen if unseen and not self._positions_read(order.symbol) else ""
        return how

    def _positions_read(self, symbol: str) -> bool:
        if symbol not in self._read:
            self._read[symbol] = self._coverage.covers(ScopeKind.POSITIONS, symbol)
        return self._read[symbol]

    def _against(self, order: ExchangeOrder) -> ExchangePosition | None:
        if self._leg_untold(order):
            return None
        return next((leg for leg in self._legs.get(order.symbol, ()) if _closes(order, leg)), None)

    def _siblings(self, order: ExchangeOrder) -> list[ExchangeOrder]:
        if not order.group_id:
            return []
        return [other for other in self._groups[order.symbol, order.group_id] if other.key != order.key]

    def _count(self, order: ExchangeOrder) -> None:
        if order.group_id:
            self._groups[order.symbol, order.group_id].append(order)
        if not self._legs or order.symbol not in self._legs:
            return
        if self._leg_untold(order):
            self._count_for_neither(order)
            return
        against = self._against(order)
        if against is None or not self._how(order, against):
            return
        cover = self._covers[against.symbol, against.side]
        covered = _covered(order, against)
        if order.order_type in _PROFITS:
            cover.profits = total((cover.profits, covered or Decimal(0)))
            cover.profits_told &= covered is not None
        elif covered is None or order.order_type in _UNTOLD or self._stops_no_loss(order, against):
            cover.stops_told = cover.profits_told = False  # nobody can say how much of it, or which way, it closes
        else:
            cover.stops = total((cover.stops, covered))
            cover.orders.append(order.key)

    def _count_for_neither(self, order: ExchangeOrder) -> None:
        """Of an order without a leg in hedge mode nobody can say which of the two it closes."""
        if not self._how(order, None):
            return
        for side in Side:
            cover = self._covers[order.symbol, side]
            cover.profits_told = False
            cover.stops_told &= order.order_type in _PROFITS

    def _leg_untold(self, order: ExchangeOrder) -> bool:
        """Whether the account keeps long and short of its symbol apart, and the order does not say to which it belongs.

        Its side does not tell, not even of one that only reduces: there are exchanges that call the closing of a short a sale.
        One that is said to be of both is of one-way mode, and there is one leg to close: unless two are held after all.
        """
        named = order.position_side.lower()
        if named in ("long", "short"):
            return False
        return order.symbol in self._both_held or (order.symbol in self._hedged and named != "both")

    def _stops_no_loss(self, order: ExchangeOrder, leg: ExchangePosition) -> bool:
        return self._waits_for_profit(order, leg) or _beyond_liquidation(order, leg)

    def _waits_for_profit(self, order: ExchangeOrder, leg: ExchangePosition) -> bool:
        """Whether a stop waits where the market goes the position's way.

        Some exchanges call every trigger a stop; and a trailing one follows the market only from the price that activates it.
        """
        price = leg.mark_price or self._prices.get(leg.symbol)
        if order.order_type not in _STOPS or order.trigger_price is None or not price:
            return False
        return order.trigger_price > price if leg.side is Side.BUY else order.trigger_price < price

    def _measured(self, leg: ExchangePosition) -> Evidence:
        cover = self._covers[leg.symbol, leg.side]
        template = (
            "The {leg} position of {size}: stops cover {stops} of it, take-profits {profits}."
            if cover.stops_told and cover.profits_told
            else "The {leg} position of {size}: stops cover at least {stops} of it, take-profits at least {profits}."
        )
        return fact(
            Source.RULE,
            template,
            leg=leg.side.leg,
            size=amount_text(leg.contracts, self._contract(leg)),
            stops=min(cover.stops, leg.contracts),
            profits=min(cover.profits, leg.contracts),
        )


def protects(order: ExchangeOrder, positions: Sequence[ExchangePosition], coverage: Coverage) -> str:
    """How `order` protects, in words; empty when it does not."""
    return Protections((order,), positions, coverage).of(order).how


def may_guard(order: ExchangeOrder) -> bool:
    """Whether `order` could protect a position, if one were open: of all others positions tell nothing."""
    return bool(order.reduce_only or order.close_position or _is_conditional(order) or _closes_a_leg(order))


def guards(order: ExchangeOrder, positions: Sequence[ExchangePosition]) -> bool:
    """Whether `order`, which `may_guard` one, would close one of `positions`."""
    return Protections((order,), positions, Coverage()).guards(order)


def _says(how: str) -> Evidence:
    return fact(Source.RULE, "It protects: {how}.", how=how)


def _beyond_liquidation(order: ExchangeOrder, leg: ExchangePosition) -> bool:
    """Whether the exchange liquidates the position before a stop against it triggers."""
    level, liquidation = order.trigger_price, leg.liquidation_price
    if order.order_type not in (OrderType.STOP, OrderType.STOP_LIMIT) or level is None or liquidation is None:
        return False
    return level <= liquidation if leg.side is Side.BUY else level >= liquidation


def _comes_too_late(order: ExchangeOrder, leg: ExchangePosition) -> Evidence:
    return fact(
        Source.RULE,
        "It triggers at {level}, and the exchange liquidates the {leg} position at {liquidation} before: as things stand it "
        "stops no loss.",
        level=order.trigger_price,
        leg=leg.side.leg,
        liquidation=leg.liquidation_price,
    )


def _is_conditional(order: ExchangeOrder) -> bool:
    return order.namespace is Namespace.CONDITIONAL or order.order_type in CONDITIONAL_TYPES


def _may_protect_unseen(order: ExchangeOrder) -> str:
    """How an order may protect a position that could not be read; empty when it cannot."""
    if _is_conditional(order):
        return "it is a conditional order, and the positions could not be read"
    if _closes_a_leg(order):
        return f"it can only reduce a {order.position_side.lower()} position, and the positions could not be read"
    return ""


def _closes_a_leg(order: ExchangeOrder) -> bool:
    """Whether it names a leg in hedge mode and is of the side that can only reduce it."""
    return order.position_side.lower() == ("long" if order.side is Side.SELL else "short")


def _covered(order: ExchangeOrder, leg: ExchangePosition) -> Decimal | None:
    """How much of the leg the order closes; None when the exchange does not say."""
    if order.close_position:
        return leg.contracts
    remaining = order.remaining
    return None if remaining is None else min(remaining, leg.contracts)


def _share(order: ExchangeOrder, leg: ExchangePosition, contract: Contract | None) -> str:
    covered = _covered(order, leg)
    if covered is None:
        return "an unstated part of it"
    return "all of it" if covered == leg.contracts else f"{amount_text(covered, contract)} of it"


def _closes(order: ExchangeOrder, position: ExchangePosition) -> bool:
    if position.side is order.side:
        return False
    return order.position_side.lower() in ("", "both", position.side.leg)
