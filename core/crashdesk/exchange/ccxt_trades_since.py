"""The account's trades of one symbol since a time: what proves that a position was closed on this very account."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from crashdesk.exchange.ccxt_answers import Listing, failure_behind, listed, longest_list
from crashdesk.exchange.ccxt_facts import EMPTY_CODES
from crashdesk.exchange.ccxt_pages import truncation
from crashdesk.exchange.ccxt_scopes import ClientProfile
from crashdesk.exchange.ccxt_trades import parse_account_trade
from crashdesk.exchange.ccxt_words import words_of
from crashdesk.exchange.ccxt_worker import Reply, Work
from crashdesk.exchange.records import ScopeStatus, Trade, TradesReading
from crashdesk.exchange.redact import Redactor

_MILLISECOND_NS = 1_000_000
_WINDOW_NS = 7 * 24 * 3600 * 1_000_000_000 - 60_000_000_000
"""The longest span that exchanges answer for in one go, less a minute for clocks that differ."""
_MOST_PAGES = 20
_MEANWHILE_NS = 60_000_000_000
"""So long before the reading began, by clocks that differ, nothing is dated that was traded during it."""


def read_trades_since(
    profile: ClientProfile,
    ask: Callable[[str, Work], Reply],
    redact: Redactor,
    symbol: str,
    since_ns: int,
    now_ns: int,
    *,
    listed: bool,
) -> TradesReading:
    """The trades of `symbol` since then, the oldest first. More than a week, or than twenty pages of them, is TRUNCATED."""
    if not profile.can("fetchMyTrades") or not listed:
        reason = "the exchange cannot be asked for the trades of this symbol"
        return TradesReading(symbol=symbol, status=ScopeStatus.NOT_SUPPORTED, reason=reason, read_at=now_ns)
    start = max(since_ns, now_ns - _WINDOW_NS)
    found: dict[str, Trade] = {}
    status, reason = ScopeStatus.TRUNCATED, "there are more trades than could be read"
    cursor_ms, cut = start // _MILLISECOND_NS, ""
    for _ in range(_MOST_PAGES):
        reply = ask(f"reading the trades of {symbol}", _page(symbol, cursor_ms))
        page = reply.value
        told = _parsed(page, symbol, EMPTY_CODES.get(profile.exchange, frozenset())) if reply.error is None else ""
        if isinstance(told, str):
            why = told if reply.error is None else words_of(reply.error, redact)
            return TradesReading(symbol=symbol, status=ScopeStatus.FAILED, reason=redact(why), read_at=now_ns)
        new = {each.id: each for each in told if each.id not in found}
        found |= new
        if not new:
            status, reason = (ScopeStatus.TRUNCATED if cut else ScopeStatus.READ), cut
            break
        # After a full page of the oldest come more; of the newest, those before it never come, but what is traded meanwhile does.
        full = truncation(None, longest_list(page.answer), certain=False)
        if not cut or any(each.at is not None and each.at < now_ns - _MEANWHILE_NS for each in new.values()):
            cut = full
        cursor_ms = max(cursor_ms, *(each.at // _MILLISECOND_NS for each in new.values() if each.at is not None))
    if status is ScopeStatus.READ and start > since_ns:
        status, reason = ScopeStatus.TRUNCATED, "only the trades of the last week could be asked for"
    ordered = tuple(sorted(found.values(), key=lambda each: (each.at or 0, each.id)))
    return TradesReading(symbol=symbol, status=status, trades=ordered, reason=reason, read_at=now_ns)


def _page(symbol: str, since_ms: int) -> Work:
    return lambda client: listed(client, lambda: client.fetch_my_trades(symbol, since_ms))


def _parsed(page: Listing, symbol: str, empty_codes: Collection[str]) -> Sequence[Trade] | str:
    """The trades of an answer; why there are none to be told where it is no list of them, or one lacks what a proof needs."""
    if not isinstance(page.rows, list):
        return "the exchange answered something that is no list of trades"
    if not page.rows and (why := failure_behind(page.answer, empty_codes)):
        return why
    found = [parse_account_trade(raw, symbol) for raw in page.rows]
    told = [each for each in found if each is not None and each.id and each.at is not None and each.side is not None]
    if len(told) < len(found):
        return "the exchange told a trade without its order, amount or price"
    return [each for each in told if each.symbol == symbol]
