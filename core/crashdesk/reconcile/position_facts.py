"""What there is to say of a position leg beside its verdict: one pure rule each, None where it does not apply."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from crashdesk.exact import difference, product
from crashdesk.exchange.records import ExchangePosition, LiquidationsReading, Market, ScopeStatus
from crashdesk.reconcile.evidence import Evidence, Source, fact, or_unstated
from crashdesk.state import PositionState, Side

MOST_FEE = Decimal("0.002")
"""The largest share of a spot purchase that a fee taken in the base asset explains."""

_DATED = re.compile(r":[^:-]+-(\d{6})(?:-|$)")
_SECOND_NS = 1_000_000_000


def entry_moved(known: PositionState, live: ExchangePosition) -> Evidence | None:
    """Another entry price: something was traded, even where the quantity is the same again."""
    if live.entry_price is None or live.entry_price == known.entry_price:
        return None
    return fact(Source.EXCHANGE, "entry price: {old} → {new}", old=known.entry_price, new=live.entry_price)


def fee_in_base(known: PositionState, live: ExchangePosition) -> Evidence | None:
    """A small shortfall of a spot holding, as a fee taken in the asset itself leaves it."""
    short = difference(known.quantity, live.contracts)
    if not live.asset or not 0 < short <= known.quantity * MOST_FEE:
        return None
    return fact(
        Source.RULE,
        "{short} {asset} less than known, at most 0.2 %: a fee taken in {asset} could explain it.",
        short=short,
        asset=live.asset,
    )


def side_turned(known: PositionState, live: ExchangePosition) -> Evidence:
    """A flip is two things."""
    return fact(
        Source.RULE,
        "The side turned: {old} {closed} was closed and {new} {opened} was opened.",
        old=known.side.leg,
        closed=known.quantity,
        new=live.side.leg,
        opened=live.contracts,
    )


def mode_switched(known_sides: Collection[Side], rows: Sequence[ExchangePosition]) -> Evidence | None:
    """What is known and what the exchange shows of one symbol belong to different position modes."""
    sides = {row.side for row in rows}
    if len(known_sides) == 2 and any(row.hedged is False for row in rows):
        return fact(
            Source.RULE,
            "Known are a long and a short leg, but the exchange counts one net position: "
            "the account was switched from hedge to one-way mode.",
        )
    both = len(sides) == 2 or (any(row.hedged for row in rows) and not sides <= set(known_sides))
    if len(known_sides) == 1 and both:
        return fact(
            Source.RULE,
            "One leg is known, but the exchange keeps long and short apart (hedge mode): "
            "if the bot trades in one-way mode, the account was switched.",
        )
    return None


def contract_size_of(live: ExchangePosition, market: Market | None) -> Evidence | None:
    """What the quantity counts, where that is not plain units of the base, and whether the exchange agrees with itself."""
    listed = market.contract_size if market is not None else None
    told = live.contract_size
    if told is not None and listed is not None and told != listed:
        return fact(
            Source.EXCHANGE,
            "The position says that one contract is {told}, the market says {listed}: check the size before you trade.",
            told=told,
            listed=listed,
        )
    size = told if told is not None else listed
    if size is None or (size == 1 and not _inverse(live.symbol, market)):
        return None
    unit = _quote(live.symbol) if _inverse(live.symbol, market) else _base(live.symbol)
    return fact(
        Source.EXCHANGE,
        "One contract is {size} {unit}: {contracts} contracts are {amount} {unit}.",
        size=size,
        unit=unit,
        contracts=live.contracts,
        amount=product(live.contracts, size),
    )


def inverse_value(live: ExchangePosition, market: Market | None, price: Decimal | None) -> Evidence | None:
    """What an inverse position is worth in the asset that it settles in."""
    size = live.contract_size or (market.contract_size if market is not None else None)
    price = live.mark_price or price
    if not _inverse(live.symbol, market) or not size or not price:
        return None
    return fact(
        Source.EXCHANGE,
        "Inverse contract: worth {value} {base} at {price}.",
        value=f"{live.contracts * size / price:.8f}",
        base=_base(live.symbol),
        price=price,
    )


def dust(live: ExchangePosition, market: Market | None, price: Decimal | None) -> Evidence | None:
    """A remainder too small for an ordinary order, by the first of the market's limits that it misses."""
    if market is None:
        return None
    price = live.mark_price or price
    value = None
    if price is not None and not _inverse(live.symbol, market):
        value = live.contracts * (live.contract_size or market.contract_size or Decimal(1)) * price
    limits = (
        ("step", live.contracts, market.amount_step),
        ("minimum amount", live.contracts, market.least_amount),
        ("minimum notional", value, market.least_cost),
    )
    for name, amount, least in limits:
        if amount is not None and least is not None and amount < least:
            return fact(
                Source.RULE,
                "Dust: {amount} is below the market's {limit} of {least}; it cannot be closed by an ordinary order.",
                amount=amount,
                limit=name,
                least=least,
            )
    return None


def unlisted(symbol: str, market: Market | None) -> Evidence | None:
    """A symbol without a market."""
    if market is not None:
        return None
    return fact(
        Source.EXCHANGE,
        "The exchange lists no market {symbol}: it was delisted, settled or renamed. Look at the exchange before going on.",
        symbol=symbol,
    )


def expired(symbol: str, at: int) -> Evidence | None:
    """A dated contract whose day has come by `at`; the day is in its symbol."""
    found = _DATED.search(symbol)
    if found is None:
        return None
    try:
        day = datetime.strptime(found[1], "%y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    if at < int(day.timestamp()) * _SECOND_NS:
        return None
    return fact(
        Source.RULE,
        "The contract's last day, {day}, has come: expired and settled? Look at the exchange for the settlement.",
        day=day.date().isoformat(),
    )


def renamed(old: str, new: str) -> Evidence:
    """Two names for what may be one position."""
    return fact(
        Source.RULE,
        "{old} is gone and {new} has the same side and quantity: probably one position under a new name.",
        old=old,
        new=new,
    )


def how_it_ended(reading: LiquidationsReading | None, since: int) -> list[Evidence]:
    """Liquidated or closed, as far as the exchange tells; `since` is when the position was known."""
    if reading is None or reading.status is ScopeStatus.NOT_SUPPORTED:
        return [fact(Source.EXCHANGE, "The exchange does not say how it was closed.")]
    told = [
        fact(
            Source.EXCHANGE,
            "Liquidated: the exchange reports a liquidation order of {contracts} {symbol} at {price}.",
            one.at,
            contracts=or_unstated(one.contracts),
            symbol=one.symbol,
            price=or_unstated(one.price),
        )
        for one in sorted(reading.liquidations, key=lambda one: (one.at, repr(one)))
        if one.at >= since
    ]
    if told:
        return told
    if reading.status is ScopeStatus.READ:
        text = (
            "The exchange reports no liquidation since then. As far as it tells, an order closed it; of automatic deleveraging "
            "this says nothing."
        )
        return [fact(Source.EXCHANGE, text, reading.read_at)]
    text = "Whether it was liquidated could not be read: {reason}. The exchange does not say how it was closed."
    return [fact(Source.EXCHANGE, text, reading.read_at, reason=reading.reason or "no reason was given")]


def undivided(holding: ExchangePosition) -> Evidence:
    """One balance for several known positions, and not their sum."""
    return fact(
        Source.EXCHANGE,
        "The account holds {held} {asset}, which is not the sum of the positions known of it: "
        "which of them changed cannot be told.",
        held=holding.contracts,
        asset=holding.asset,
    )


def held_as_balance(live: ExchangePosition) -> Evidence | None:
    """What a spot position is made of."""
    if not live.asset:
        return None
    return fact(Source.EXCHANGE, "It is the balance of {asset}, free and locked in orders together.", asset=live.asset)


def _inverse(symbol: str, market: Market | None) -> bool:
    if market is not None and market.linear is not None:
        return not market.linear
    base, colon, settle = symbol.partition(":")
    return bool(colon) and settle.split("-")[0] == base.split("/")[0]


def _base(symbol: str) -> str:
    return symbol.split("/", maxsplit=1)[0]


def _quote(symbol: str) -> str:
    return symbol.partition("/")[2].split(":")[0] or "quote"
