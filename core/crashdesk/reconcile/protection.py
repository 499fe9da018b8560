"""Which orders protect a position, and how much of it: never pre-selected for cancellation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import Contract, amount_text, contract_of
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
from crashdesk.reconcile.records import StopCover
from crashdesk.reconcile.stop_cover import NO_STOPS_KNOWN, StopsKnown
from crashdesk.state import OPEN_STATUSES, OrderType, Side

_PROFITS = frozenset({OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT, OrderType.LIMIT})
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
    unstated: bool = False


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
            all_told=not cover.unstated and self._orders_read(leg.symbol),
            had_one=(leg.symbol, leg.side) in known.legs,
            used=known.anywhere,
        )

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
        gone = not against and self._positions_read(order.symbol)
        if not how and not (gone and _is_conditional(order)):
            return _NONE
        if gone:
            nothing = fact(Source.EXCHANGE, "No open position is left that it could protect: it protects nothing now.")
            return Protection(how=how, facts=(*((_says(how),) if how else ()), nothing))
        facts = [_says(how)]
        if against is not None:
            facts.append(self._measured(against))
        return Protection(how=how, facts=tuple(facts))

    def _how(self, order: ExchangeOrder, against: ExchangePosition | None) -> str:
        """In words; empty when it does not.

        A conditional order and one that closes a leg count as protective when positions could not be read: unknown is not flat.
        """
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
        against = self._against(order)
        if against is None or not self._how(order, against):
            return
        cover = self._covers[against.symbol, against.side]
        covered = _covered(order, against)
        if covered is None or order.order_type in _UNTOLD or self._waits_for_profit(order, against):
            cover.unstated = True  # nobody can say which way it closes
        elif order.order_type in _PROFITS:
            cover.profits += covered
        else:
            cover.stops += covered

    def _waits_for_profit(self, order: ExchangeOrder, leg: ExchangePosition) -> bool:
        """Whether a stop waits where the market goes the position's way: some exchanges call every trigger a stop."""
        price = leg.mark_price or self._prices.get(leg.symbol)
        if order.order_type not in (OrderType.STOP, OrderType.STOP_LIMIT) or order.trigger_price is None or not price:
            return False
        return order.trigger_price > price if leg.side is Side.BUY else order.trigger_price < price

    def _measured(self, leg: ExchangePosition) -> Evidence:
        cover = self._covers[leg.symbol, leg.side]
        template = (
            "The {leg} position of {size}: stops cover {stops} of it, take-profits {profits}."
            if not cover.unstated
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


def _says(how: str) -> Evidence:
    return fact(Source.RULE, "It protects: {how}.", how=how)


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
