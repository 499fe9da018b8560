"""Which parts of an account exist on an exchange, and how ccxt reads each: derived from what a client declares, no I/O."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from crashdesk.exchange.records import Namespace, OrderRef, Scope, ScopeKind

Params = dict[str, object]

_OKX = frozenset({"okx", "okxus", "myokx"})
_BYBIT = frozenset({"bybit", "bybiteu", "bybitid"})
_BINANCE = frozenset({"binance", "binancecoinm", "binanceus", "binanceusdm"})

_OKX_CONDITIONAL = ("trigger", "conditional,oco", "move_order_stop", "iceberg", "twap")
"""OKX lists its conditional orders by type only; `trigger: True` alone reads one of them."""

_SPLIT_READS: Mapping[str, Sequence[tuple[str, Params]]] = {
    "binance": (("linear", {"subType": "linear"}), ("inverse", {"subType": "inverse"})),
    "bingx": (("linear", {"subType": "linear"}), ("inverse", {"subType": "inverse"})),
    **{
        name: (
            ("linear USDT", {"subType": "linear", "settleCoin": "USDT"}),
            ("linear USDC", {"subType": "linear", "settleCoin": "USDC"}),
            ("inverse", {"subType": "inverse"}),
        )
        for name in _BYBIT
    },
    "bitget": (
        ("USDT", {"productType": "USDT-FUTURES"}),
        ("USDC", {"productType": "USDC-FUTURES"}),
        ("coin", {"productType": "COIN-FUTURES", "marginCoin": "BTC"}),
    ),
    "gate": (("USDT", {"settle": "usdt"}), ("BTC", {"settle": "btc"})),
}
"""Exchanges where a read without a symbol silently covers one family of contracts only."""

_SYMBOL_NOT_REQUIRED = frozenset({"hyperliquid", "bitvavo", "bitso", "mexc"})
"""ccxt's features say that these need a symbol; its code lists them without one."""

_ONE_LIST = frozenset(
    {
        "alpaca", "apex", "aster", "bingx", "bitfinex", "bitmex", "bitstamp", "bitvavo", "coinbase", "coinbaseexchange",
        "coinbaseinternational", "deribit", "gemini", "hyperliquid", "kraken", "krakenfutures", "lighter", "paradex", "phemex",
    }
)  # fmt: skip
"""Exchanges that list conditional orders together with normal ones, in one namespace."""

_NOT_PAGED = _BINANCE
"""Exchanges that always send every open order, whatever limit ccxt declares."""

_ORDERS_PER_PAGE: Mapping[str, int] = {"okx": 100, "okxus": 100, "myokx": 100}
_POSITIONS_PER_PAGE: Mapping[str, int] = dict.fromkeys(_BYBIT, 200)

_LIKELY_PAGES = frozenset({10, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000, 2000})
"""Exactly that many records look like a full page where ccxt does not declare how long one is."""

_BY_CLIENT_ID = _BINANCE | _OKX | {
    "aster", "bitget", "bitvavo", "coinbaseexchange", "delta", "grvt", "htx", "hyperliquid", "kucoin", "kucoinfutures", "mexc",
    "modetrade", "paradex", "phemex", "woo", "woofipro",
}  # fmt: skip
"""Exchanges where ccxt's fetchOrder takes `clientOrderId` in place of the exchange's own id."""


class Paging(enum.Enum):
    """How the next page is asked for."""

    NONE = "none"
    AFTER_OLDEST_ID = "after oldest id"


class ReadStep(msgspec.Struct, frozen=True, kw_only=True):
    """How to read one scope. `unsupported` says why it cannot be read; `limit` is what to ask for and a full page.

    Without `limit`, `guess_pages` tells whether a suspiciously round count is taken for a full page.
    """

    scope: Scope
    params: Params = {}
    limit: int | None = None
    paging: Paging = Paging.NONE
    guess_pages: bool = True
    unsupported: str = ""


class ClientProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What a ccxt client declares about its exchange."""

    exchange: str
    market_type: str
    has: dict[str, Any]
    features: dict[str, Any]

    def can(self, method: str) -> bool:
        """Whether ccxt calls the exchange for it itself, not by emulation."""
        return self.has.get(method) is True

    def declared(self, method: str) -> list[dict[str, Any]]:
        """What the features say about `method`, for every sub-type of the market type."""
        declared = self.features.get(self.market_type)
        if not isinstance(declared, dict):
            return []
        places = [declared, *(part for part in declared.values() if isinstance(part, dict))]
        return [place[method] for place in places if isinstance(place.get(method), dict)]

    def declares(self, method: str, *options: str) -> bool:
        """Whether any sub-type declares one of `options`."""
        return any(bool(found.get(option)) for found in self.declared(method) for option in options)

    @property
    def order_page(self) -> int | None:
        """The longest page of open orders; None when it is not declared or there are no pages."""
        if self.exchange in _NOT_PAGED:
            return None
        limits = [found["limit"] for found in self.declared("fetchOpenOrders") if isinstance(found.get("limit"), int)]
        return min(limits, default=_ORDERS_PER_PAGE.get(self.exchange))

    @property
    def needs_symbol(self) -> bool:
        """Whether open orders can be listed per symbol only."""
        return self.exchange not in _SYMBOL_NOT_REQUIRED and self.declares("fetchOpenOrders", "symbolRequired")


def profile_of(client: Any, market_type: str) -> ClientProfile:
    """The declarations of a ccxt client."""
    features = client.features if isinstance(client.features, dict) else {}
    return ClientProfile(exchange=client.id, market_type=market_type, has=dict(client.has), features=features)


def order_steps(profile: ClientProfile, symbols: Collection[str], *, per_symbol: bool = False) -> tuple[ReadStep, ...]:
    """How to read every open order: normal ones and each conditional kind as scopes of their own.

    `symbols` are used where the exchange lists per symbol only, or when `per_symbol` asks for it.
    """
    if not profile.can("fetchOpenOrders") and profile.has.get("fetchOpenOrders") != "emulated":
        scope = Scope(kind=ScopeKind.ORDERS, market_type=profile.market_type)
        return (ReadStep(scope=scope, unsupported="ccxt cannot list this exchange's open orders"),)
    kinds = [(ScopeKind.ORDERS, "", {}), *_conditional_kinds(profile)]
    steps: list[ReadStep] = []
    for kind, variant, params in kinds:
        steps.extend(_steps_of_kind(profile, kind, variant, params, symbols, per_symbol or profile.needs_symbol))
    if not steps_list_conditional(steps) and _offers_conditional(profile):
        scope = Scope(kind=ScopeKind.CONDITIONAL_ORDERS, market_type=profile.market_type)
        reason = "the exchange has conditional orders, and ccxt cannot list them"
        steps.append(ReadStep(scope=scope, unsupported=reason))
    return tuple(steps)


def steps_list_conditional(steps: Sequence[ReadStep]) -> bool:
    """Whether any step reads conditional orders by themselves."""
    return any(step.scope.kind is ScopeKind.CONDITIONAL_ORDERS for step in steps)


def per_symbol_steps(step: ReadStep, symbols: Collection[str]) -> tuple[ReadStep, ...]:
    """A step that turned out to need a symbol, once for each of `symbols`."""
    if not symbols:
        reason = "the exchange lists open orders per symbol only, and no symbol is known here"
        return (msgspec.structs.replace(step, unsupported=reason),)
    return tuple(
        msgspec.structs.replace(step, scope=msgspec.structs.replace(step.scope, symbol=symbol))
        for symbol in sorted(symbols)
    )


def position_steps(profile: ClientProfile) -> tuple[ReadStep, ...]:
    """How to read every position."""
    scope = Scope(kind=ScopeKind.POSITIONS, market_type=profile.market_type)
    if profile.market_type == "spot":
        return (ReadStep(scope=scope, unsupported="spot accounts have balances, not positions"),)
    if not profile.can("fetchPositions"):
        return (ReadStep(scope=scope, unsupported="ccxt cannot list this exchange's positions"),)
    page = _POSITIONS_PER_PAGE.get(profile.exchange)
    return tuple(
        ReadStep(scope=msgspec.structs.replace(scope, variant=name), params=params, limit=page, guess_pages=False)
        for name, params in _split(profile)
    )


def next_page(step: ReadStep, ids: Sequence[str], fresh: Collection[str]) -> Params | None:
    """The parameters of the page after one with these order ids, of which `fresh` were not seen before; None at the end."""
    if step.paging is Paging.NONE or step.limit is None or len(ids) < step.limit or not fresh:
        return None
    # Ids grow with time; as numbers they also compare right when they differ in length.
    oldest = min(ids, key=lambda text: (len(text), text))
    return {**step.params, "after": oldest}


def truncation(step: ReadStep, count: int, *, paged_to_end: bool = False) -> str:
    """Why `count` records may not be all; empty when they are."""
    if paged_to_end:
        return ""
    if step.limit is not None and count >= step.limit:
        return f"{count} records came, a full page: there may be more"
    if step.limit is None and step.guess_pages and count in _LIKELY_PAGES:
        return f"exactly {count} records came, which looks like a full page: there may be more"
    return ""


def namespace_params(namespace: Namespace) -> Params:
    """What tells ccxt in which namespace an id is meant."""
    return {"trigger": True} if namespace is Namespace.CONDITIONAL else {}


def lookup_params(profile: ClientProfile, ref: OrderRef) -> Params | None:
    """The parameters of fetchOrder for one order; None when ccxt cannot ask this exchange for it directly.

    An empty id must never reach an exchange that does not know the client id: its address could then name every order.
    """
    if not profile.can("fetchOrder"):
        return None
    params = namespace_params(ref.namespace)
    if ref.id:
        return params
    if ref.client_order_id and profile.exchange in _BY_CLIENT_ID:
        return {**params, "clientOrderId": ref.client_order_id}
    return None


def _conditional_kinds(profile: ClientProfile) -> list[tuple[ScopeKind, str, Params]]:
    kind = ScopeKind.CONDITIONAL_ORDERS
    if profile.exchange in _OKX:
        return [(kind, name, {"trigger": True, "ordType": name}) for name in _OKX_CONDITIONAL]
    kinds: list[tuple[ScopeKind, str, Params]] = []
    if profile.declares("fetchOpenOrders", "trigger"):
        kinds.append((kind, "", {"trigger": True}))
    if profile.declares("fetchOpenOrders", "trailing"):
        kinds.append((kind, "trailing", {"trailing": True}))
    return kinds


def _offers_conditional(profile: ClientProfile) -> bool:
    if profile.exchange in _ONE_LIST or (profile.exchange in _BINANCE and profile.market_type == "spot"):
        return False
    if profile.declares("createOrder", "triggerPrice", "stopLossPrice", "takeProfitPrice", "trailing"):
        return True
    stops = (
        "createStopOrder",
        "createTriggerOrder",
        "createStopLossOrder",
        "createTakeProfitOrder",
        "createTrailingPercentOrder",
    )
    return not profile.declared("createOrder") and any(profile.can(method) for method in stops)


def _split(profile: ClientProfile) -> Sequence[tuple[str, Params]]:
    if profile.market_type == "spot":
        return (("", {}),)
    return _SPLIT_READS.get(profile.exchange, (("", {}),))


def _steps_of_kind(
    profile: ClientProfile, kind: ScopeKind, variant: str, params: Params, symbols: Collection[str], per_symbol: bool
) -> list[ReadStep]:
    paging = Paging.AFTER_OLDEST_ID if profile.exchange in _OKX else Paging.NONE
    base = ReadStep(
        scope=Scope(kind=kind, market_type=profile.market_type, variant=variant),
        params=params,
        limit=profile.order_page,
        paging=paging,
        guess_pages=profile.exchange not in _NOT_PAGED,
    )
    if per_symbol:
        return list(per_symbol_steps(base, symbols))
    return [
        msgspec.structs.replace(
            base,
            scope=msgspec.structs.replace(base.scope, variant=" ".join(filter(None, (variant, name)))),
            params={**params, **more},
        )
        for name, more in _split(profile)
    ]
