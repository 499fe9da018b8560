"""Margin of one account: pure sums over its positions and open orders."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from crashdesk.demo.venue.book import Book
from crashdesk.demo.venue.orders import Account
from crashdesk.demo.venue.positions import SATOSHI, ZERO, Position
from crashdesk.demo.venue.records import Namespace

LEVERAGE = 20
MAINTENANCE_RATIO = Decimal("0.004")


class Margin(msgspec.Struct, frozen=True, kw_only=True):
    """Sums in USDT. `available` is what new positions can still use, never negative."""

    unrealized_pnl: Decimal
    position_margin: Decimal
    order_margin: Decimal
    maintenance_margin: Decimal
    equity: Decimal
    available: Decimal

    @property
    def used(self) -> Decimal:
        """Initial margin of positions and open orders together."""
        return self.position_margin + self.order_margin


def initial_margin(notional: Decimal) -> Decimal:
    """Margin that a notional (of either sign) needs at the exchange's fixed leverage."""
    return (abs(notional) / LEVERAGE).quantize(SATOSHI)


def maintenance_margin(notional: Decimal) -> Decimal:
    """Margin below which a position would be liquidated; the embedded exchange never does it."""
    return (abs(notional) * MAINTENANCE_RATIO).quantize(SATOSHI)


def order_margin(account: Account, symbol: str | None = None) -> Decimal:
    """Margin that open orders reserve: per symbol the dearer side, without orders that only reduce."""
    notionals: dict[str, list[Decimal]] = {}
    for order in account.shelves[Namespace.NORMAL].open.values():
        request = order.request
        if request.only_reduces or request.price is None or (symbol is not None and request.symbol != symbol):
            continue
        sides = notionals.setdefault(request.symbol, [ZERO, ZERO])
        sides[request.is_buy] += request.price * order.remaining
    return sum((initial_margin(max(sides)) for sides in notionals.values()), ZERO)


def open_positions(account: Account) -> list[Position]:
    """Positions that are not flat."""
    return [position for position in account.positions.values() if position.quantity]


def margin_of(account: Account, books: Mapping[str, Book]) -> Margin:
    """All margin sums of an account at the current mark prices."""
    positions = open_positions(account)
    notionals = [position.quantity * books[position.symbol].last for position in positions]
    unrealized = _total(position.unrealized_pnl(books[position.symbol].last) for position in positions)
    in_positions = _total(initial_margin(notional) for notional in notionals)
    in_orders = order_margin(account)
    equity = account.balance + unrealized
    return Margin(
        unrealized_pnl=unrealized,
        position_margin=in_positions,
        order_margin=in_orders,
        maintenance_margin=_total(maintenance_margin(notional) for notional in notionals),
        equity=equity,
        available=max(equity - in_positions - in_orders, ZERO),
    )


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
