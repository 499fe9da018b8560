"""Every exchange of ccxt: which scopes it has, and what ccxt really asks for each. No network."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import ccxt
import pytest

from crashdesk.exchange.ccxt_facts import NAMES_MARKET_TYPE
from crashdesk.exchange.ccxt_scopes import (
    ReadStep,
    listing_params,
    lookup_params,
    order_steps,
    position_steps,
    profile_of,
)
from crashdesk.exchange.records import Namespace, OrderRef, ScopeKind

SYMBOLS = {"spot": "BTC/USDT", "swap": "BTC/USDT:USDT", "future": "BTC/USDT:USDT-261225"}
NORMAL, CONDITIONAL = ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS

LISTS_NOTHING = {"coinspot", "paymium"}
"""Exchanges whose open orders ccxt cannot list at all."""

NEEDS_AN_ACCOUNT = {
    "aster",
    "bullish",
    "coinbaseinternational",
    "derive",
    "grvt",
    "lighter",
    "nado",
    "paradex",
    "polymarket",
}
"""Here ccxt logs in, or computes with a real key, before it asks for anything."""


ONE_ID_FOR_BOTH = {"bybit", "bybiteu", "bybitid", "dydx", "kucoin", "kucoinfutures"}
"""Exchanges that find conditional orders, listed apart, by their id among all orders."""


def market(market_type: str) -> dict[str, Any]:
    contract = market_type != "spot"
    ids = {"spot": "BTCUSDT", "swap": "BTCUSDTP", "future": "BTCUSDT-261225"}
    return {
        "id": ids[market_type], "symbol": SYMBOLS[market_type], "type": market_type, "base": "BTC", "quote": "USDT",
        "settle": "USDT" if contract else None, "baseId": "BTC", "quoteId": "USDT", "settleId": "USDT" if contract else None,
        "spot": not contract, "swap": market_type == "swap", "future": market_type == "future", "option": False, "margin": False,
        "contract": contract, "linear": contract or None, "inverse": False if contract else None, "active": True,
        "contractSize": "1" if contract else None, "precision": {"amount": "0.001", "price": "0.1"}, "limits": {}, "info": {},
        "uppercaseId": "BTCUSDT", "lowercaseId": "btcusdt", "numericId": 1,
    }  # fmt: skip


def client_of(exchange: str, market_type: str) -> Any:
    """A client as it was made: what it learns of an account is in its options. To make one takes longer than to ask it."""
    client, options = made_client(exchange, market_type)
    client.options = deepcopy(options)
    return client


@cache
def made_client(exchange: str, market_type: str) -> tuple[Any, dict[str, Any]]:
    keys = {
        "apiKey": "k", "secret": "c2VjcmV0c2VjcmV0", "password": "p", "uid": "1", "walletAddress": "0x" + "1" * 40,
        "privateKey": "0x" + "1" * 64, "accountId": "1", "login": "l", "token": "t",
    }  # fmt: skip
    client = getattr(ccxt, exchange)({**keys, "enableRateLimit": False, "options": {"defaultType": market_type}})
    told = client.options.get("fetchOpenOrders")
    client.options["fetchOpenOrders"] = {**(told if isinstance(told, dict) else {}), "warnWithoutSymbol": False}
    client.number = str
    client.session.close()
    return client, deepcopy(client.options)


Request = tuple[list[str], dict[str, Any]]


def requested(exchange: str, market_type: str, call: Callable[[Any], Any]) -> Request | str:
    """The address and the parameters of the request for a list, or ccxt's refusal to make one."""
    client = client_of(exchange, market_type)
    client.set_markets([market(name) for name in SYMBOLS])
    client.accounts = [{"id": "1", "type": "spot"}]
    client.load_accounts = lambda: client.accounts
    requests: list[Request] = []

    def request(path: str, api: Any = "public", method: str = "GET", params: Any = None, *_: Any, **__: Any) -> Any:
        requests.append(([str(api), method, path], dict(params or {})))
        return {}

    client.request = request
    try:
        call(client)
    except Exception as error:  # noqa: BLE001 - an empty answer is understood by few parsers; the request is what matters
        if not requests:
            return f"{type(error).__name__}: {error}"
    return requests[-1]


def asked(exchange: str, market_type: str, step: ReadStep, more: dict[str, Any]) -> Request | str:
    """What reading one scope of orders asks for."""
    params = {**step.params, **more}
    return requested(
        exchange, market_type, lambda client: client.fetch_open_orders(step.scope.symbol, None, step.limit, params)
    )


def every_profile() -> Iterator[tuple[str, str, Any]]:
    for exchange in ccxt.exchanges:
        client = getattr(ccxt, exchange)()
        client.session.close()
        for market_type in SYMBOLS:
            if client.has.get(market_type):
                yield exchange, market_type, profile_of(client, market_type)


PROFILES = {(exchange, market_type): profile for exchange, market_type, profile in every_profile()}
LISTING = [key for key in PROFILES if key[0] not in LISTS_NOTHING]
ASKED = [(exchange, market_type) for exchange, market_type in LISTING if exchange not in NEEDS_AN_ACCOUNT]


def name(value: object) -> str:
    return value if isinstance(value, str) else ""


def readable(exchange: str, market_type: str) -> list[ReadStep]:
    steps = order_steps(PROFILES[exchange, market_type], [SYMBOLS[market_type]])
    return [step for step in steps if not step.unsupported]


def table() -> str:
    rows = [f"{'exchange':24}{'type':8}{'normal':>7}{'cond.':>7}{'gaps':>6}  pages"]
    for (exchange, market_type), profile in PROFILES.items():
        steps = order_steps(profile, [SYMBOLS[market_type]])
        kinds = [step.scope.kind for step in steps if not step.unsupported]
        gaps = sum(bool(step.unsupported) for step in steps)
        pages = next((s.pages.paging.value for s in steps if s.pages), "")
        counts = f"{kinds.count(NORMAL):7}{kinds.count(CONDITIONAL):7}{gaps:6}"
        rows.append(f"{exchange:24}{market_type:8}{counts}  {pages}")
    return "\n".join(rows)


def test_every_exchange_that_lists_open_orders_has_scopes_for_them() -> None:
    wrong: list[str] = []
    listing = {exchange for exchange in ccxt.exchanges if getattr(ccxt, exchange)().has.get("fetchOpenOrders")}
    for (exchange, market_type), profile in PROFILES.items():
        for symbols in ((), (SYMBOLS[market_type],)):
            steps = order_steps(profile, symbols)
            labels = [step.scope for step in steps]
            if len(set(labels)) != len(labels) or steps[0].scope.kind is not NORMAL or not position_steps(profile):
                wrong.append(f"{exchange} {market_type}: {labels}")
        normal = [step for step in readable(exchange, market_type) if step.scope.kind is NORMAL]
        if bool(normal) != (exchange in listing):
            wrong.append(f"{exchange} {market_type}: normal orders are {'' if normal else 'not '}read")

    assert not wrong, f"{wrong}\n{table()}"
    assert listing == set(ccxt.exchanges) - LISTS_NOTHING
    assert {exchange for exchange, _ in PROFILES} >= listing, table()


@pytest.mark.parametrize(("exchange", "market_type"), ASKED, ids=name)
def test_each_scope_is_a_request_of_its_own(exchange: str, market_type: str) -> None:
    steps = readable(exchange, market_type)
    requests = [asked(exchange, market_type, step, {}) for step in steps]

    assert not [request for request in requests if isinstance(request, str)]
    # The same request for two scopes would show normal orders as conditional ones.
    assert all(request not in requests[:number] for number, request in enumerate(requests)), requests
    for _, params in requests:
        assert not {"trigger", "trailing", "stopLossTakeProfit", "tpsl"} & set(params)


# Coin-margined Binance lists no market such as the one that is asked for here.
@pytest.mark.parametrize(("exchange", "market_type"), [key for key in ASKED if key[0] != "binancecoinm"], ids=name)
def test_all_symbols_are_asked_for_where_one_symbol_is(exchange: str, market_type: str) -> None:
    step = readable(exchange, market_type)[0]
    per_symbol = order_steps(PROFILES[exchange, market_type], [SYMBOLS[market_type]], per_symbol=True)[0]

    (all_symbols, _), (one_symbol, _) = (
        asked(exchange, market_type, step, {}),
        asked(exchange, market_type, per_symbol, {}),
    )

    assert all_symbols[0] == one_symbol[0]
    if exchange in NAMES_MARKET_TYPE:
        assert all_symbols == one_symbol


@pytest.mark.parametrize(("exchange", "market_type"), ASKED, ids=name)
def test_pages_are_asked_for_in_the_words_of_the_exchange(exchange: str, market_type: str) -> None:
    for step in readable(exchange, market_type):
        if step.pages is not None:
            request = asked(exchange, market_type, step, {**step.pages.start, step.pages.next_param: "17"})
            assert isinstance(request, tuple)
            assert str(request[1].get(step.pages.size_param)) == str(step.pages.size)
            assert str(request[1].get(step.pages.next_param)) == "17"
        elif step.certain and step.limit is not None:
            request = asked(exchange, market_type, step, {})
            assert str(step.limit) in {str(value) for value in request[1].values()}, step.scope


@pytest.mark.parametrize("exchange", sorted({exchange for exchange, _ in ASKED} - {"hashkey"}))
def test_each_list_of_positions_is_a_request_of_its_own(exchange: str) -> None:
    profile = PROFILES.get((exchange, "swap"))
    steps = [step for step in position_steps(profile) if not step.unsupported] if profile else []

    def positions_of(step: ReadStep) -> Callable[[Any], Any]:
        return lambda client: client.fetch_positions(None, dict(step.params))

    requests = [requested(exchange, "swap", positions_of(step)) for step in steps]

    assert not [request for request in requests if isinstance(request, str)]
    assert all(request not in requests[:number] for number, request in enumerate(requests)), requests


@pytest.mark.parametrize(("exchange", "market_type"), ASKED, ids=name)
def test_a_conditional_order_is_never_looked_for_among_the_normal_ones(exchange: str, market_type: str) -> None:
    symbol, profile = SYMBOLS[market_type], PROFILES[exchange, market_type]
    listed = [step for step in readable(exchange, market_type) if step.scope.kind is CONDITIONAL]
    params = lookup_params(profile, OrderRef(symbol=symbol, namespace=Namespace.CONDITIONAL, id="7"))
    if not listed or params is None:
        assert listing_params(profile, Namespace.CONDITIONAL)
        return

    apart = requested(exchange, market_type, lambda client: client.fetch_order("7", symbol, dict(params)))
    normal = requested(exchange, market_type, lambda client: client.fetch_order("7", symbol, {}))

    assert isinstance(apart, tuple), apart
    assert apart[0] != normal[0] or "trigger" not in apart[1] or exchange in ONE_ID_FOR_BOTH
    assert apart != normal or exchange in ONE_ID_FOR_BOTH
