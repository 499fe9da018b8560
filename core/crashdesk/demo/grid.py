"""What the sample bot wants to have resting: a pure decision."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec

from crashdesk.demo.setting import contracts
from crashdesk.state import OrderState, Side


class GridMarket(msgspec.Struct, frozen=True, kw_only=True):
    """How one symbol is quoted: `levels` orders a side, `spacing` apart as a fraction of the price, of `quantity` each.

    Quantities are in base units in GRID, in contracts for an exchange that counts in those.
    """

    symbol: str
    levels: int
    spacing: Decimal
    quantity: Decimal
    price_step: Decimal
    most: Decimal


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """A resting order that the bot wants."""

    side: Side
    price: Decimal
    quantity: Decimal


GRID = (
    GridMarket(
        symbol="BTC/USDT:USDT",
        levels=3,
        spacing=Decimal("0.0030"),
        quantity=Decimal("0.050"),
        price_step=Decimal("0.1"),
        most=Decimal("0.600"),
    ),
    GridMarket(
        symbol="ETH/USDT:USDT",
        levels=2,
        spacing=Decimal("0.0035"),
        quantity=Decimal("1.200"),
        price_step=Decimal("0.01"),
        most=Decimal("12.000"),
    ),
    GridMarket(
        symbol="SOL/USDT:USDT",
        levels=2,
        spacing=Decimal("0.0045"),
        quantity=Decimal("20"),
        price_step=Decimal("0.0100"),
        most=Decimal("240"),
    ),
)


def in_contracts(market: GridMarket, contract_size: Decimal | None) -> GridMarket:
    """The market with its quantities as the exchange counts them."""
    return msgspec.structs.replace(
        market,
        quantity=contracts(market.quantity, contract_size),
        most=contracts(market.most, contract_size),
    )


def wanted_quotes(market: GridMarket, mid: Decimal, position: Decimal) -> list[Quote]:
    """The grid around `mid`, shifted against the signed `position`, without the side that would exceed the limit."""
    lean = mid * market.spacing * (position / market.most)
    centre = mid - lean
    quotes = []
    for level in range(1, market.levels + 1):
        offset = centre * market.spacing * level
        for side, price in ((Side.BUY, centre - offset), (Side.SELL, centre + offset)):
            signed = market.quantity if side is Side.BUY else -market.quantity
            if abs(position + signed * level) > market.most:
                continue
            on_step = (price / market.price_step).to_integral_value(ROUND_HALF_EVEN) * market.price_step
            quotes.append(Quote(side=side, price=on_step, quantity=market.quantity))
    return quotes


def stale(orders: Iterable[OrderState], quotes: Iterable[Quote], market: GridMarket) -> list[OrderState]:
    """The resting orders that no quote wants any more: further than half a level from each of their side."""
    wanted = list(quotes)
    return [
        order
        for order in orders
        if order.price is not None
        and not any(
            quote.side is order.side and abs(quote.price - order.price) <= order.price * market.spacing / 2
            for quote in wanted
        )
    ]


def missing(orders: Iterable[OrderState], quotes: Iterable[Quote], market: GridMarket) -> list[Quote]:
    """The quotes that no resting order serves."""
    resting = list(orders)
    return [
        quote
        for quote in quotes
        if not any(
            order.side is quote.side
            and order.price is not None
            and abs(quote.price - order.price) <= order.price * market.spacing / 2
            for order in resting
        )
    ]
