"""Which parts of an account exist on an exchange, and how ccxt reads each: derived from what a client declares, no I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from crashdesk.exchange.ccxt_facts import (
    BY_CLIENT_ID,
    CONDITIONAL_NOT_READ_SINGLY,
    CONTRACT_FAMILIES,
    LIMIT_IS_SENT,
    MOST_DEXES,
    NAMES_MARKET_TYPE,
    NOT_LISTED,
    ONE_LIST,
    ORDER_FAMILIES,
    ORDERS_PER_PAGE,
    POSITIONS_NOT_LISTED,
    POSITIONS_PER_PAGE,
    SPOT_ORDER_FAMILIES,
    SYMBOL_NOT_REQUIRED,
    SYMBOL_REQUIRED,
    Params,
    Variant,
    known_kinds,
    order_families,
    position_families,
)
from crashdesk.exchange.ccxt_pages import WHOLE_LISTS, Pages, pages_of
from crashdesk.exchange.records import Namespace, OrderRef, Scope, ScopeKind

_WHOLE: Sequence[Variant] = (("", {}),)


class ReadStep(msgspec.Struct, frozen=True, kw_only=True):
    """How to read one scope. `unsupported` says why it cannot be read.

    `pages` tells how to ask on; without it `limit` is what to tell ccxt and a full page, and `certain` whether the exchange
    is really asked for that many: where it is not, a suspiciously round count is taken for a full page.
    """

    scope: Scope
    params: Params = {}
    pages: Pages | None = None
    limit: int | None = None
    certain: bool = False
    unsupported: str = ""


class ClientProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What a ccxt client declares about its exchange.

    `settles` are the currencies that the listed perpetual contracts settle in, `inverse_bases` those that contracts priced in
    money of another currency stand for, `dexes` the exchanges that others run inside this one; all empty before the markets
    were loaded.
    """

    exchange: str
    market_type: str
    has: dict[str, Any]
    features: dict[str, Any]
    settles: tuple[str, ...] = ()
    inverse_bases: tuple[str, ...] = ()
    dexes: tuple[str, ...] = ()

    def can(self, method: str) -> bool:
        """Whether ccxt calls the exchange for it itself, not by emulation."""
        return self.has.get(method) is True

    def is_among(self, names: Collection[str]) -> bool:
        """Whether `names` holds the exchange, or `exchange:market type`."""
        return self.exchange in names or f"{self.exchange}:{self.market_type}" in names

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
        if self.is_among(WHOLE_LISTS):
            return None
        if self.exchange in ORDERS_PER_PAGE:
            return ORDERS_PER_PAGE[self.exchange]
        limits = [found["limit"] for found in self.declared("fetchOpenOrders") if isinstance(found.get("limit"), int)]
        return min(limits, default=None)

    @property
    def needs_symbol(self) -> bool:
        """Whether open orders can be listed per symbol only."""
        if self.is_among(SYMBOL_REQUIRED):
            return True
        return not self.is_among(SYMBOL_NOT_REQUIRED) and self.declares("fetchOpenOrders", "symbolRequired")


def profile_of(client: Any, market_type: str) -> ClientProfile:
    """The declarations of a ccxt client."""
    features = client.features if isinstance(client.features, dict) else {}
    listed = [market for market in (client.markets or {}).values() if market.get("active") is not False]
    swaps = [market for market in listed if market.get("swap")]
    infos = (market.get("info") for market in swaps)
    return ClientProfile(
        exchange=client.id,
        market_type=market_type,
        has=dict(client.has),
        features=features,
        settles=_told(market.get("settleId") for market in swaps),
        inverse_bases=_told(market.get("baseId") for market in listed if market.get("inverse")),
        dexes=_told(info.get("dex") for info in infos if isinstance(info, Mapping)),
    )


def _told(names: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted({str(name) for name in names if name}))


def order_steps(profile: ClientProfile, symbols: Collection[str], *, per_symbol: bool = False) -> tuple[ReadStep, ...]:
    """How to read every open order: normal ones and each conditional kind as scopes of their own.

    `symbols` are used where the exchange lists per symbol only, or when `per_symbol` asks for it.
    """
    if not profile.can("fetchOpenOrders") and profile.has.get("fetchOpenOrders") != "emulated":
        return (_unlisted(profile, ScopeKind.ORDERS, "", "ccxt cannot list this exchange's open orders"),)
    steps = _steps_of_kind(profile, ScopeKind.ORDERS, "", {}, symbols, per_symbol)
    for variant, params in _conditional_kinds(profile):
        steps += _steps_of_kind(profile, ScopeKind.CONDITIONAL_ORDERS, variant, params, symbols, per_symbol)
    if not steps_list_conditional(steps) and _offers_conditional(profile):
        reason = "the exchange has conditional orders, and ccxt cannot list them"
        steps.append(_unlisted(profile, ScopeKind.CONDITIONAL_ORDERS, "", reason))
    further = NOT_LISTED.get(f"{profile.exchange}:{profile.market_type}")
    if further is not None:
        steps.append(_unlisted(profile, ScopeKind.CONDITIONAL_ORDERS, further, "ccxt cannot list these orders"))
    return (*steps, *_of_further_dexes(profile, ScopeKind.ORDERS))


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
    page = POSITIONS_PER_PAGE.get(profile.exchange)
    families = position_families(profile.exchange, profile.settles, profile.dexes) or CONTRACT_FAMILIES.get(
        profile.exchange, _WHOLE
    )
    steps = [
        ReadStep(scope=msgspec.structs.replace(scope, variant=name), params=params, limit=page, certain=True)
        for name, params in families
    ]
    further = POSITIONS_NOT_LISTED.get(f"{profile.exchange}:{profile.market_type}")
    if further is not None:
        steps.append(_unlisted(profile, ScopeKind.POSITIONS, further, "ccxt cannot list these positions"))
    if profile.exchange == "phemex" and "USDC" in profile.settles:
        steps.append(_unlisted(profile, ScopeKind.POSITIONS, "USDC", "ccxt cannot list these positions"))
    return (*steps, *_of_further_dexes(profile, ScopeKind.POSITIONS))


def namespace_params(namespace: Namespace) -> Params:
    """What tells ccxt in which namespace an id is meant."""
    return {"trigger": True} if namespace is Namespace.CONDITIONAL else {}


def listing_params(profile: ClientProfile, namespace: Namespace) -> tuple[Params, ...]:
    """The parameters of every list of one symbol's orders that could hold an order of `namespace`."""
    if namespace is Namespace.NORMAL:
        return ({},)
    return tuple(params for _, params in _conditional_kinds(profile)) or (namespace_params(namespace),)


def lookup_params(profile: ClientProfile, ref: OrderRef) -> Params | None:
    """The parameters of fetchOrder for one order; None when ccxt cannot ask this exchange for it directly.

    An empty id must never reach an exchange that does not know the client id: its address could then name every order.
    """
    if not profile.can("fetchOrder"):
        return None
    if ref.namespace is Namespace.CONDITIONAL and profile.is_among(CONDITIONAL_NOT_READ_SINGLY):
        return None
    params = namespace_params(ref.namespace)
    if ref.id:
        return params
    if ref.client_order_id and profile.exchange in BY_CLIENT_ID:
        return {**params, "clientOrderId": ref.client_order_id}
    return None


def _unlisted(profile: ClientProfile, kind: ScopeKind, variant: str, reason: str) -> ReadStep:
    return ReadStep(scope=Scope(kind=kind, market_type=profile.market_type, variant=variant), unsupported=reason)


def _of_further_dexes(profile: ClientProfile, kind: ScopeKind) -> tuple[ReadStep, ...]:
    """That ccxt stops loading dexes at a number of them: none of the listed symbols can be on any further one."""
    if len(profile.dexes) < MOST_DEXES or profile.market_type == "spot":
        return ()
    what = "orders" if kind is ScopeKind.ORDERS else "positions"
    scope = Scope(kind=kind, market_type=profile.market_type, symbol="HIP-3")
    return (ReadStep(scope=scope, unsupported=f"ccxt cannot list these {what}"),)


def _conditional_kinds(profile: ClientProfile) -> Sequence[Variant]:
    known = known_kinds(profile.exchange, profile.market_type)
    if known is not None:
        return known
    if profile.is_among(ONE_LIST):
        return ()
    kinds: list[Variant] = []
    if profile.declares("fetchOpenOrders", "trigger"):
        kinds.append(("", {"trigger": True}))
    if profile.declares("fetchOpenOrders", "trailing"):
        kinds.append(("trailing", {"trailing": True}))
    return kinds


def _offers_conditional(profile: ClientProfile) -> bool:
    if profile.is_among(ONE_LIST):
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


def _families(profile: ClientProfile, kind: ScopeKind, params: Params) -> Sequence[Variant]:
    """What one read without a symbol has to be split into."""
    families = SPOT_ORDER_FAMILIES.get(profile.exchange, _WHOLE) if kind is ScopeKind.ORDERS else _WHOLE
    if profile.market_type != "spot":
        families = CONTRACT_FAMILIES.get(profile.exchange, _WHOLE)
        families = ORDER_FAMILIES.get(profile.exchange, families)
        families = order_families(profile.exchange, profile.inverse_bases, profile.dexes) or families
    if profile.exchange == "dydx" and kind is ScopeKind.CONDITIONAL_ORDERS:
        return _WHOLE
    if profile.exchange == "bingx" and "twap" in params:
        return families[:1]
    return families


def _steps_of_kind(
    profile: ClientProfile, kind: ScopeKind, variant: str, params: Params, symbols: Collection[str], per_symbol: bool
) -> list[ReadStep]:
    base = ReadStep(
        scope=Scope(kind=kind, market_type=profile.market_type, variant=variant),
        params=params,
        pages=pages_of(profile.exchange, profile.market_type),
        limit=profile.order_page,
        certain=profile.is_among(LIMIT_IS_SENT) or profile.is_among(WHOLE_LISTS),
    )
    if base.pages is not None:
        base = msgspec.structs.replace(base, limit=None, certain=True)
    if profile.exchange in NAMES_MARKET_TYPE:
        base = msgspec.structs.replace(base, params={**params, "type": profile.market_type})
    if per_symbol or profile.needs_symbol:
        return list(per_symbol_steps(base, symbols))
    return [
        msgspec.structs.replace(
            base,
            scope=msgspec.structs.replace(base.scope, variant=" ".join(filter(None, (variant, name)))),
            params={**base.params, **more},
        )
        for name, more in _families(profile, kind, params)
    ]
