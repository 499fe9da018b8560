"""Asking how a position ended: the account's recent liquidations, where ccxt can list them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crashdesk.exchange.ccxt_answers import Listing, failure_behind, listed
from crashdesk.exchange.ccxt_parse import positive_or_none, time_or_none
from crashdesk.exchange.ccxt_scopes import ClientProfile
from crashdesk.exchange.ccxt_words import words_of
from crashdesk.exchange.ccxt_worker import Reply, Work
from crashdesk.exchange.records import Liquidation, LiquidationsReading, ScopeStatus
from crashdesk.exchange.redact import Redactor
from crashdesk.state import Side

_MILLISECOND_NS = 1_000_000
_WINDOW_NS = 7 * 24 * 3600 * 1_000_000_000
"""The longest span that exchanges answer for; a start before it may be refused or cut short in silence."""
_SIDES = {"buy": Side.BUY, "sell": Side.SELL}


def read_liquidations(
    profile: ClientProfile,
    ask: Callable[[str, Work], Reply],
    redact: Redactor,
    symbol: str,
    since_ns: int,
    now_ns: int,
    *,
    listed: bool,
) -> LiquidationsReading:
    """The liquidations of `symbol` since then. A time further back than exchanges answer for is TRUNCATED."""
    if not profile.can("fetchMyLiquidations") or profile.market_type == "spot" or not listed:
        reason = "the exchange cannot be asked for liquidations of this symbol"
        return LiquidationsReading(symbol=symbol, status=ScopeStatus.NOT_SUPPORTED, reason=reason, read_at=now_ns)
    start = max(since_ns, now_ns - _WINDOW_NS)
    reply = ask(f"reading liquidations of {symbol}", _page(symbol, start // _MILLISECOND_NS))
    problem = words_of(reply.error, redact) if reply.error is not None else redact(_no_list(reply.value))
    if problem:
        return LiquidationsReading(symbol=symbol, status=ScopeStatus.FAILED, reason=problem, read_at=now_ns)
    found = [_parsed(row, symbol) for row in reply.value.rows]
    told = tuple(one for one in found if one is not None and one.symbol == symbol and one.at >= since_ns)
    status, reason = ScopeStatus.READ, ""
    if None in found:
        status, reason = ScopeStatus.FAILED, "a liquidation came without its time"
    elif start > since_ns:
        status, reason = ScopeStatus.TRUNCATED, "only the last seven days could be asked for"
    return LiquidationsReading(symbol=symbol, status=status, liquidations=told, reason=reason, read_at=now_ns)


def _page(symbol: str, since_ms: int) -> Work:
    return lambda client: listed(client, lambda: client.fetch_my_liquidations(symbol, since_ms))


def _no_list(page: Listing) -> str:
    """Why an answer does not tell what was liquidated; empty when it does."""
    if not isinstance(page.rows, list):
        return "the exchange answered something that is no list"
    return "" if page.rows else failure_behind(page.answer)


def _parsed(row: object, symbol: str) -> Liquidation | None:
    found: Mapping[str, Any] = row if isinstance(row, Mapping) else {}
    at = time_or_none(found.get("timestamp"))
    if at is None:
        return None
    return Liquidation(
        symbol=str(found.get("symbol") or symbol),
        at=at,
        side=_SIDES.get(str(found.get("side") or "").lower()),
        contracts=positive_or_none(found.get("contracts")),
        price=positive_or_none(found.get("price")),
    )
