"""What a spot account holds, as positions: the base asset of each symbol that the bot is known to trade."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from crashdesk.exact import total
from crashdesk.exchange.ccxt_parse import decimal_or_none
from crashdesk.exchange.records import (
    Coverage,
    ExchangePosition,
    PositionsReading,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.state import Side

Raw = Mapping[str, Any]


def spot_positions(
    balance: Raw, symbols: Collection[str], markets: Mapping[str, Any], read_at: int
) -> PositionsReading:
    """What is held of the base asset of each of `symbols`, long only; other assets are none of the bot's positions.

    Several symbols of one asset share one holding: it is told once, under the first of them. Each symbol is a scope of its
    own; one whose balance cannot be read is FAILED, never an absent holding.
    """
    if not symbols:
        reason = "no symbol is known here, so no balance can be told as a position"
        return PositionsReading(positions=(), coverage=Coverage(readings=(_reading(None, read_at, 0, reason),)))
    found: dict[str, ExchangePosition] = {}
    readings = []
    for symbol in sorted(symbols):
        asset = base_asset(symbol, markets)
        held = held_amount(balance, asset)
        if held is None:
            reason = f"the balance of {asset or symbol} came without its amount; look at the exchange itself"
            readings.append(_reading(symbol, read_at, 0, reason))
            continue
        if held > 0 and asset not in found:
            found[asset] = ExchangePosition(symbol=symbol, side=Side.BUY, contracts=held, asset=asset)
        readings.append(_reading(symbol, read_at, int(held > 0)))
    return PositionsReading(positions=tuple(found.values()), coverage=Coverage(readings=tuple(readings)))


def base_asset(symbol: str, markets: Mapping[str, Any]) -> str:
    """The asset that `symbol` trades, by its market where there is one, else by its name."""
    market = markets.get(symbol)
    told = market.get("base") if isinstance(market, Mapping) else None
    return str(told or symbol.split("/", maxsplit=1)[0])


def held_amount(balance: Raw, asset: str) -> Decimal | None:
    """What is held of `asset`, free and locked in orders together; 0 without a row of it, None when the row does not say."""
    row = balance.get(asset)
    if row is None:
        # Balances list what is held. An answer with no currency at all says nothing about any of them.
        return Decimal(0) if _lists_anything(balance) else None
    if not isinstance(row, Mapping):
        return None
    told = decimal_or_none(row.get("total"))
    if told is not None:
        return told
    free, used = decimal_or_none(row.get("free")), decimal_or_none(row.get("used"))
    return None if free is None or used is None else total((free, used))


def _lists_anything(balance: Raw) -> bool:
    totals = balance.get("total")
    return isinstance(totals, Mapping) and bool(totals)


def _reading(symbol: str | None, read_at: int, count: int, reason: str = "") -> ScopeReading:
    status = ScopeStatus.READ
    if reason:
        status = ScopeStatus.NOT_SUPPORTED if symbol is None else ScopeStatus.FAILED
    scope = Scope(kind=ScopeKind.POSITIONS, market_type="spot", symbol=symbol, variant="balances")
    return ScopeReading(scope=scope, status=status, count=count, reason=reason, read_at=read_at)
