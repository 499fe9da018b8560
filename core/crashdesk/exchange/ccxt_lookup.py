"""Asking for one order: directly where ccxt can, else through the lists, and on to what a triggered order became."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from crashdesk.clock import Clock
from crashdesk.errors import ExchangeError
from crashdesk.exchange.ccxt_facts import Params
from crashdesk.exchange.ccxt_outcomes import classify_lookup_error
from crashdesk.exchange.ccxt_pages import pages_of
from crashdesk.exchange.ccxt_parse import Unreadable, has_triggered, parse_order, triggered_order_id
from crashdesk.exchange.ccxt_scopes import ClientProfile, listing_params, lookup_params
from crashdesk.exchange.ccxt_trades import read_trades
from crashdesk.exchange.ccxt_words import words_of
from crashdesk.exchange.ccxt_worker import Reply, Work
from crashdesk.exchange.records import ExchangeOrder, LookupStatus, Namespace, OrderLookup, OrderRef
from crashdesk.exchange.redact import Redactor
from crashdesk.state import OPEN_STATUSES

_LISTS = (
    ("fetchOpenOrders", "fetch_open_orders"),
    ("fetchClosedOrders", "fetch_closed_orders"),
    ("fetchCanceledOrders", "fetch_canceled_orders"),
)


class OrderReader:
    """Reads single orders of one account; `ask` runs work on the client and waits for it."""

    def __init__(
        self, profile: ClientProfile, ask: Callable[[str, Work], Reply], redact: Redactor, clock: Clock
    ) -> None:
        self._profile = profile
        self._ask = ask
        self._redact = redact
        self._clock = clock

    def read(self, ref: OrderRef) -> OrderLookup:
        """One order, whatever became of it; every failure is UNKNOWN with its reason."""
        params = lookup_params(self._profile, ref)
        if params is None:
            return self._search_lists(ref)
        reply = self._ask(
            f"reading {ref.key}", lambda client: client.fetch_order(ref.id, ref.symbol or None, dict(params))
        )
        if reply.error is not None:
            return self._lookup(ref, classify_lookup_error(reply.error), words_of(reply.error, self._redact))
        return self._understand(ref, reply.value)

    def _understand(self, ref: OrderRef, raw: Any) -> OrderLookup:
        if not isinstance(raw, Mapping):
            return self._unknown(ref, "the exchange answered something that is no order")
        try:
            order = parse_order(raw, ref.namespace)
        except Unreadable as error:
            return self._unknown(ref, str(error))
        if not _is_meant(order, ref):
            return self._unknown(ref, f"the exchange answered about order {order.id}, which was not asked for")
        if ref.namespace is Namespace.CONDITIONAL and has_triggered(raw):
            return self._follow(ref, order, triggered_order_id(raw))
        return self._with_trades(self._found(ref, order))

    def _follow(self, ref: OrderRef, order: ExchangeOrder, child_id: str) -> OrderLookup:
        """The fate of a triggered order is that of the order which it placed."""
        if not child_id:
            return self._found(ref, order, "its trigger fired; the exchange does not say which order it became")
        child_ref = OrderRef(symbol=ref.symbol or order.symbol, namespace=Namespace.NORMAL, id=child_id)
        child = self.read(child_ref)
        fired = f"its trigger fired and placed order {child_id}"
        if child.order is None:
            return self._unknown(ref, f"{fired}, which could not be read: {child.reason}")
        still_open = child.order.status in OPEN_STATUSES
        followed = msgspec.structs.replace(
            order,
            # As a conditional order it is over, even while the order that it placed still rests.
            status=order.status if still_open else child.order.status,
            filled=child.order.filled,
            average=child.order.average,
            updated_at=child.order.updated_at or order.updated_at,
        )
        found = self._found(ref, followed, f"{fired}, which is {child.order.status.value}")
        return msgspec.structs.replace(
            found, trades=child.trades, trades_problem=child.trades_problem, placed=child.order
        )

    def _search_lists(self, ref: OrderRef) -> OrderLookup:
        """Found in a list is found; not found in them proves nothing."""
        failures: list[str] = []
        kinds = listing_params(self._profile, ref.namespace)
        for has, method in _LISTS:
            for params in kinds if self._profile.can(has) else ():
                open_only = has == "fetchOpenOrders"
                page = self._first_page if open_only else {}
                reply = self._ask(f"looking for {ref.key}", _list_call(method, ref, {**params, **page}))
                if reply.error is not None:
                    failures.append(words_of(reply.error, self._redact))
                    continue
                order = _meant_among(reply.value, ref, listed_as_open=open_only)
                if order is not None:
                    return self._with_trades(self._found(ref, order))
        what = "by its client order id" if not ref.id else "by itself"
        detail = f"; {'; '.join(failures)}" if failures else ""
        return self._unknown(
            ref, f"ccxt cannot ask {self._profile.exchange} for an order {what}, and its lists do not show it{detail}"
        )

    @property
    def _first_page(self) -> Params:
        pages = pages_of(self._profile.exchange, self._profile.market_type)
        return {} if pages is None else pages.start

    def _with_trades(self, lookup: OrderLookup) -> OrderLookup:
        """With the fills of an order that has ended with some: how, when and at what cost. The verdict does not need them."""
        order = lookup.order
        if order is None or order.status in OPEN_STATUSES or not order.filled:
            return lookup
        trades, problem = read_trades(self._profile, self._ask, order, self._redact)
        return msgspec.structs.replace(lookup, trades=trades, trades_problem=self._redact(problem))

    def _found(self, ref: OrderRef, order: ExchangeOrder, reason: str = "") -> OrderLookup:
        return msgspec.structs.replace(self._lookup(ref, LookupStatus.FOUND, reason), order=order)

    def _unknown(self, ref: OrderRef, reason: str) -> OrderLookup:
        return self._lookup(ref, LookupStatus.UNKNOWN, reason)

    def _lookup(self, ref: OrderRef, status: LookupStatus, reason: str) -> OrderLookup:
        return OrderLookup(ref=ref, status=status, reason=self._redact(reason), read_at=self._clock.now_ns())


def _is_meant(order: ExchangeOrder, ref: OrderRef) -> bool:
    if ref.symbol and order.symbol != ref.symbol:
        return False
    return order.id == ref.id if ref.id else order.client_order_id == ref.client_order_id


def _meant_among(rows: Sequence[Mapping[str, Any]], ref: OrderRef, *, listed_as_open: bool) -> ExchangeOrder | None:
    for raw in rows:
        try:
            order = parse_order(raw, ref.namespace, listed_as_open=listed_as_open)
        except ExchangeError:
            continue
        if _is_meant(order, ref):
            return order
    return None


def _list_call(method: str, ref: OrderRef, params: Params) -> Work:
    def call(client: Any) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = getattr(client, method)(ref.symbol or None, None, None, dict(params))
        return rows

    return call
