"""Current prices, for distances and notionals only: a failure leaves a gap."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from crashdesk.exchange.ccxt_parse import parse_price
from crashdesk.exchange.ccxt_scopes import ClientProfile
from crashdesk.exchange.ccxt_worker import Client, Reply, Work

MOST_SINGLE_PRICES = 10
"""Prices that are asked for one by one, where an exchange offers no other way."""


def read_prices(
    profile: ClientProfile, ask: Callable[[str, Work], Reply], symbols: Collection[str]
) -> dict[str, Decimal]:
    """Mark prices where there are any, else last prices, of those symbols that could be read."""
    prices: dict[str, Decimal] = {}
    for fetch in _ways(profile):
        missing = sorted(set(symbols) - set(prices))
        if not missing:
            break
        reply = ask("reading prices", _work(fetch, missing))
        if reply.error is None and isinstance(reply.value, Mapping):
            told = {symbol: parse_price(reply.value.get(symbol)) for symbol in missing}
            prices |= {symbol: price for symbol, price in told.items() if price is not None}
    return prices


def _ways(profile: ClientProfile) -> list[str]:
    ways = []
    if profile.market_type != "spot" and profile.can("fetchMarkPrices"):
        ways.append("fetch_mark_prices")
    if profile.can("fetchTickers"):
        ways.append("fetch_tickers")
    return ways or ["fetch_ticker"]


def _work(fetch: str, symbols: list[str]) -> Work:
    def one_by_one(client: Client) -> dict[str, object]:
        return {symbol: client.fetch_ticker(symbol) for symbol in symbols[:MOST_SINGLE_PRICES]}

    def together(client: Client) -> object:
        return getattr(client, fetch)(symbols)

    return one_by_one if fetch == "fetch_ticker" else together
