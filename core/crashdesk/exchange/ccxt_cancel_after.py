"""Arming an exchange's dead man's switch through ccxt: where ccxt has it, and where only the exchange's own endpoint does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from crashdesk.errors import ExchangeUnsupported
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.exchange.ccxt_scopes import ClientProfile

_METHOD = "cancelAllOrdersAfter"
_BYBIT = "its timer watches a websocket connection and cannot be refreshed by requests"
_NO_SWITCH: Mapping[str, str] = {
    "bitvavo": "its timer covers only orders that were placed with a group number",
    "bybit": _BYBIT,
    "bybiteu": _BYBIT,
    "bybitid": _BYBIT,
    "hyperliquid": "ccxt cannot disarm its timer, and it may fire ten times a day only",
}
"""Where ccxt has the method, but it is no dead man's switch that a bot could rely on."""

_SPOT_ONLY = frozenset({"htx"})
_TAKES_TYPE = frozenset({"bingx", "btse"})
_UNIFIED_PER_SYMBOL = frozenset({"whitebit"})
_STOPS_GO_TOO = frozenset({"kraken", "krakenfutures"})


class _Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange's own endpoint, per symbol: its name in ccxt, the fields for symbol and time, and the time's unit."""

    method: str
    symbol_field: str
    time_field: str
    per_second: int = 1
    settled: bool = False


_FAPI = _Endpoint(
    method="fapiPrivatePostCountdownCancelAll", symbol_field="symbol", time_field="countdownTime", per_second=1000
)
_DAPI = msgspec.structs.replace(_FAPI, method="dapiPrivatePostCountdownCancelAll")
_ASTER = msgspec.structs.replace(_FAPI, method="fapiPrivatePostV1CountdownCancelAll")
_GATE_SWAP = _Endpoint(
    method="privateFuturesPostSettleCountdownCancelAll", symbol_field="contract", time_field="timeout", settled=True
)
_GATE_SPOT = _Endpoint(method="privateSpotPostCountdownCancelAll", symbol_field="currency_pair", time_field="timeout")
_BINANCE = frozenset({"binance", "binanceusdm", "binancecoinm"})
_GATE = frozenset({"gate", "gateeu"})


def arm_cancel_all_after(
    client: Any, profile: ClientProfile, seconds: float, symbols: Collection[str]
) -> CancelAllAfter:
    """One request, or one for each symbol where the exchange has a switch for each; 0 seconds disarm.

    Raises ExchangeUnsupported before anything is sent, and what ccxt raises.
    """
    name = profile.exchange
    reason = _NO_SWITCH.get(name, "")
    if reason or (name in _SPOT_ONLY and profile.market_type != "spot"):
        raise _unsupported(profile, reason or "its timer covers spot orders only")
    stops = True if name in _STOPS_GO_TOO else None
    if profile.can(_METHOD):
        if name in _UNIFIED_PER_SYMBOL:
            for symbol in _required(profile, symbols):
                client.cancel_all_orders_after(_milliseconds(seconds), {"symbol": symbol})
            return CancelAllAfter(symbols=tuple(sorted(symbols)), protective_stops=stops)
        params = {"type": profile.market_type} if name in _TAKES_TYPE else {}
        client.cancel_all_orders_after(_milliseconds(seconds), params)
        return CancelAllAfter(protective_stops=stops)
    wanted = [(client.market(symbol), symbol) for symbol in _required(profile, symbols)]
    calls = [(_endpoint(profile, market), market) for market, _ in wanted]
    for endpoint, market in calls:
        fields = {
            endpoint.symbol_field: market["id"],
            endpoint.time_field: str(round(seconds * endpoint.per_second)),
        }
        if endpoint.settled:
            fields["settle"] = str(market["settle"]).lower()
        getattr(client, endpoint.method)(fields)
    return CancelAllAfter(symbols=tuple(symbol for _, symbol in wanted), protective_stops=stops)


def _endpoint(profile: ClientProfile, market: Mapping[str, Any]) -> _Endpoint:
    if profile.exchange in _BINANCE and market.get("contract") and not market.get("option"):
        return _FAPI if market.get("linear") else _DAPI
    if profile.exchange == "aster" and market.get("contract"):
        return _ASTER
    if profile.exchange in _GATE:
        if market.get("swap"):
            return _GATE_SWAP
        if market.get("spot"):
            return _GATE_SPOT
    raise _unsupported(profile, f"neither ccxt nor Crashdesk knows one for {market.get('symbol')}")


def _required(profile: ClientProfile, symbols: Collection[str]) -> list[str]:
    if not _has_any(profile):
        raise _unsupported(profile, "neither ccxt nor Crashdesk knows one")
    if not symbols:
        raise ExchangeUnsupported(
            f"{profile.exchange} has a dead man's switch for each symbol: name the symbols that the bot trades"
        )
    return sorted(symbols)


def _has_any(profile: ClientProfile) -> bool:
    return profile.can(_METHOD) or profile.exchange in {*_BINANCE, *_GATE, "aster"}


def _unsupported(profile: ClientProfile, reason: str) -> ExchangeUnsupported:
    return ExchangeUnsupported(
        f"{profile.exchange} offers no dead man's switch for {profile.market_type} orders that can be used here: {reason}. "
        "Orders stay as they are when the bot dies"
    )


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
