"""The fills of one order, through whichever of ccxt's methods the exchange has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crashdesk.exchange.ccxt_parse import decimal_or_none, time_or_none
from crashdesk.exchange.ccxt_scopes import ClientProfile
from crashdesk.exchange.ccxt_words import words_of
from crashdesk.exchange.ccxt_worker import Reply, Work
from crashdesk.exchange.records import ExchangeOrder, Fee, Namespace, Trade
from crashdesk.exchange.redact import Redactor
from crashdesk.state import Side

_BY_ORDER_ID = frozenset({"binance", "binancecoinm", "binanceus", "binanceusdm"})
"""Exchanges whose list of trades takes an order's id; ccxt's own method for it is for spot alone."""

_MILLISECOND_NS = 1_000_000
_BEFORE_MS = 1_000
_SIDES = {"buy": Side.BUY, "sell": Side.SELL}


def read_trades(
    profile: ClientProfile, ask: Callable[[str, Work], Reply], order: ExchangeOrder, redact: Redactor
) -> tuple[tuple[Trade, ...] | None, str]:
    """The trades of `order`, one of the normal namespace; None and why, where they cannot be told. Never raises for an answer.

    One request at most.
    """
    if order.namespace is not Namespace.NORMAL:
        return None, "the exchange does not say which order it became"
    work = _request(profile, order)
    if work is None:
        return None, f"ccxt cannot list the trades of {profile.exchange}"
    reply = ask(f"reading the trades of {order.key}", work)
    if reply.error is not None:
        return None, words_of(reply.error, redact)
    if not isinstance(reply.value, list):
        return None, "the exchange answered something that is no list of trades"
    found: dict[str, Trade] = {}
    for number, raw in enumerate(reply.value):
        trade = parse_trade(raw, order)
        if trade is None:
            return None, "the exchange told a trade without its order, amount or price"
        if trade.order_id == order.id:
            found.setdefault(trade.id or f"without id {number}", trade)
    return tuple(sorted(found.values(), key=lambda trade: (trade.at or 0, trade.id))), ""


def parse_trade(raw: object, order: ExchangeOrder) -> Trade | None:
    """One trade of `order` as ccxt tells it; None where it lacks what a fill must have."""
    return parse_account_trade(raw, order.symbol)


def parse_account_trade(raw: object, symbol: str) -> Trade | None:
    """One trade as ccxt tells it, of `symbol` where it names none; None where it lacks what a fill must have."""
    if not isinstance(raw, Mapping):
        return None
    amount, price = decimal_or_none(raw.get("amount")), decimal_or_none(raw.get("price"))
    if raw.get("order") is None or amount is None or price is None:
        return None
    fees = _fees(raw)
    return Trade(
        id="" if raw.get("id") is None else str(raw["id"]),
        order_id=str(raw["order"]),
        symbol=str(raw.get("symbol") or symbol),
        amount=amount,
        price=price,
        fee=fees[0].cost if fees else None,
        fee_currency=fees[0].currency if fees else "",
        at=time_or_none(raw.get("timestamp")),
        further_fees=fees[1:],
        side=_SIDES.get(str(raw.get("side") or "").lower()),
    )


def _fees(raw: Mapping[str, Any]) -> tuple[Fee, ...]:
    """The fees of one trade; none when not all of them are told.

    Where they are in several currencies, ccxt tells them in `fees` alone.
    """
    several = raw.get("fees")
    told = several if isinstance(several, list) and several else [raw.get("fee")]
    found = []
    for each in told:
        fee: Mapping[str, Any] = each if isinstance(each, Mapping) else {}
        cost = decimal_or_none(fee.get("cost"))
        if cost is None:
            return ()
        found.append(Fee(cost=cost, currency=str(fee.get("currency") or "")))
    return tuple(found)


def _request(profile: ClientProfile, order: ExchangeOrder) -> Work | None:
    if profile.exchange in _BY_ORDER_ID:
        return lambda client: client.fetch_my_trades(order.symbol, None, None, {"orderId": order.id})
    if profile.can("fetchOrderTrades"):
        return lambda client: client.fetch_order_trades(order.id, order.symbol)
    if not profile.can("fetchMyTrades"):
        return None
    since = None if order.created_at is None else order.created_at // _MILLISECOND_NS - _BEFORE_MS
    return lambda client: client.fetch_my_trades(order.symbol, since)
