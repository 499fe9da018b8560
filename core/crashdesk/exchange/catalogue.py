"""What can be said of an exchange before anybody connects to it: names, needs, sandbox, what will be read. No network."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

from crashdesk.errors import ExchangeUnsupported
from crashdesk.exchange.ccxt_scopes import ReadStep, order_steps, position_steps, profile_of
from crashdesk.exchange.connect import (
    ExchangeCredentials,
    ExchangeSettings,
    build_client,
    exchange_class,
    exchange_ids,
)
from crashdesk.exchange.records import Scope, ScopeKind

MARKET_TYPES = ("swap", "spot", "future")
_SOME_SYMBOL = "*"
_NO_KEYS = ExchangeCredentials(values={})


class ExchangeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange in a list: `id` is ccxt's, `lists_orders` whether open orders can be listed at all.

    `name` is in letters that keyboards and fonts have.
    """

    id: str
    name: str
    required: tuple[str, ...]
    market_types: tuple[str, ...]
    lists_orders: bool


class ExpectedScope(msgspec.Struct, frozen=True, kw_only=True):
    """One part of an account that will be read. `unsupported` says why it will not; `per_symbol`, for known symbols only."""

    scope: Scope
    unsupported: str = ""
    per_symbol: bool = False


class Prospect(msgspec.Struct, frozen=True, kw_only=True):
    """What to expect of a connection to one exchange and market type."""

    exchange: str
    market_type: str
    sandbox: bool
    scopes: tuple[ExpectedScope, ...]


def exchange_catalogue() -> tuple[ExchangeEntry, ...]:
    """Every exchange that ccxt knows, in the order of their ids. Takes some tenths of a second; call it in a job."""
    return tuple(exchange_entry(each) for each in sorted(exchange_ids()))


def exchange_entry(exchange_id: str) -> ExchangeEntry:
    """One exchange. Raises ExchangeUnsupported for an id unknown to ccxt."""
    client = exchange_class(exchange_id)()
    try:
        lists = client.has.get("fetchOpenOrders")
        return ExchangeEntry(
            id=client.id,
            name=unicodedata.normalize("NFKC", str(client.name or client.id)),
            required=tuple(name for name, needed in client.requiredCredentials.items() if needed),
            market_types=tuple(kind for kind in MARKET_TYPES if client.has.get(kind) is not False),
            lists_orders=lists is True or lists == "emulated",
        )
    finally:
        client.session.close()


def prospect(exchange_id: str, market_type: str) -> Prospect:
    """What to expect of an account there. Raises ExchangeUnsupported for an id unknown to ccxt."""
    client = build_client(ExchangeSettings(exchange=exchange_id, market_type=market_type), _NO_KEYS)
    try:
        profile = profile_of(client, market_type)
    finally:
        client.session.close()
    account = ExpectedScope(scope=Scope(kind=ScopeKind.ACCOUNT, market_type=market_type))
    # On a spot account what is held of each asset stands for the positions.
    positions = () if market_type == "spot" else _expected(position_steps(profile))
    orders = _expected(order_steps(profile, (_SOME_SYMBOL,)))
    return Prospect(
        exchange=exchange_id,
        market_type=market_type,
        sandbox=_has_sandbox(exchange_id, market_type),
        scopes=(account, *positions, *orders),
    )


def _expected(steps: Sequence[ReadStep]) -> tuple[ExpectedScope, ...]:
    return tuple(
        ExpectedScope(
            scope=msgspec.structs.replace(step.scope, symbol=None),
            unsupported=step.unsupported,
            per_symbol=step.scope.symbol == _SOME_SYMBOL,
        )
        for step in steps
    )


def _has_sandbox(exchange_id: str, market_type: str) -> bool:
    settings = ExchangeSettings(exchange=exchange_id, market_type=market_type, sandbox=True)
    try:
        client: Any = build_client(settings, _NO_KEYS)
    except ExchangeUnsupported:
        return False
    client.session.close()
    return True
