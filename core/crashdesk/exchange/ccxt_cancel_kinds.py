"""Which of its lists an order stands in, where an exchange cancels each kind of its orders by a request of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crashdesk.exchange.ccxt_answers import Listing, failure_behind, listed
from crashdesk.exchange.ccxt_facts import CANCELLED_BY_KIND, EMPTY_CODES, SPOT_ORDER_FAMILIES, Params
from crashdesk.exchange.ccxt_pages import pages_of
from crashdesk.exchange.ccxt_scopes import ClientProfile, listing_params, namespace_params
from crashdesk.exchange.ccxt_words import words_of
from crashdesk.exchange.ccxt_worker import Reply, Work
from crashdesk.exchange.records import Namespace, OrderRef
from crashdesk.exchange.redact import Redactor


def cancel_params(
    profile: ClientProfile, ask: Callable[[str, Work], Reply], redact: Redactor, ref: OrderRef
) -> Params | str:
    """What tells ccxt which kind of order a cancel of `ref` means; why nothing may be sent where that could not be read.

    The lists are read only where the kind decides: each of them may count its orders from one, so that the same number under
    another kind is another order.
    """
    lists = _lists(profile, ref.namespace)
    if not lists:
        return namespace_params(ref.namespace)
    if ref.namespace is Namespace.CONDITIONAL and len(lists) == 1:
        return lists[0]
    failures: list[str] = []
    pages = pages_of(profile.exchange, profile.market_type)
    for params in lists:
        asked = {**params, **({} if pages is None else pages.start)}
        reply = ask(f"looking for {ref.key}", _open_orders(ref, asked))
        why = words_of(reply.error, redact) if reply.error is not None else _failure(reply.value, profile)
        if why:
            failures.append(why)
            continue
        row = next((each for each in reply.value.rows if str(each.get("id")) == ref.id), None)
        if row is not None:
            return {**params, **_own_kind(row)}
    if failures:
        return f"which kind of order it is could not be read ({'; '.join(failures)})"
    if ref.namespace is Namespace.NORMAL:
        return namespace_params(ref.namespace)
    return "no list of conditional orders shows it, and of which kind it is decides how it is cancelled"


def _lists(profile: ClientProfile, namespace: Namespace) -> Sequence[Params]:
    """The lists of which one has to be named; of normal orders those besides the usual one."""
    if not profile.is_among(CANCELLED_BY_KIND):
        return ()
    if namespace is Namespace.CONDITIONAL:
        return listing_params(profile, namespace)
    families = SPOT_ORDER_FAMILIES.get(profile.exchange, ()) if profile.market_type == "spot" else ()
    return tuple(params for _, params in families if params)


def _open_orders(ref: OrderRef, params: Params) -> Work:
    return lambda client: listed(client, lambda: client.fetch_open_orders(ref.symbol or None, None, None, dict(params)))


def _failure(page: Listing, profile: ClientProfile) -> str:
    if not isinstance(page.rows, list) or not all(isinstance(row, Mapping) for row in page.rows):
        return "the exchange answered something that is no list of orders"
    return "" if page.rows else failure_behind(page.answer, EMPTY_CODES.get(profile.exchange, frozenset()))


def _own_kind(row: Mapping[str, Any]) -> Params:
    """Bitget lists the stops of orders and of positions as one kind, and cancels each as its own."""
    info = row.get("info")
    plan = info.get("planType") if isinstance(info, Mapping) else None
    return {"planType": plan} if plan else {}
