"""Asking for one order: directly where ccxt can, else through the lists, and on to what a triggered order became."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from crashdesk.clock import Clock
from crashdesk.errors import ExchangeError
from crashdesk.exchange.ccxt_answers import failure_behind, said_in_answer
from crashdesk.exchange.ccxt_facts import EMPTY_CODES, FORGETS_AT_ONCE, Params
from crashdesk.exchange.ccxt_outcomes import classify_lookup_error
from crashdesk.exchange.ccxt_pages import pages_of
from crashdesk.exchange.ccxt_parse import Unreadable, has_triggered, parse_order, triggered_order_id
from crashdesk.exchange.ccxt_scopes import ClientProfile, listing_params, lookup_params
from crashdesk.exchange.ccxt_trades import read_trades
from crashdesk.exchange.ccxt_words import words_of
from crashdesk.exchange.ccxt_worker import Reply, Work
from crashdesk.exchange.client_ids import is_same_name
from crashdesk.exchange.records import ExchangeOrder, LookupStatus, Namespace, OrderLookup, OrderRef
from crashdesk.exchange.redact import Redactor
from crashdesk.state import OPEN_STATUSES

_OPEN = (("fetchOpenOrders", "fetch_open_orders"),)
_ENDED = (("fetchClosedOrders", "fetch_closed_orders"), ("fetchCanceledOrders", "fetch_canceled_orders"))


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
        reply = self._ask(f"reading {ref.key}", _order_call(ref, params, self._empty_codes))
        if reply.error is not None:
            lookup = self._lookup(ref, classify_lookup_error(reply.error), words_of(reply.error, self._redact))
            forgets = lookup.status is LookupStatus.ABSENT and self._profile.is_among(FORGETS_AT_ONCE)
            return self._remembered(ref, lookup) if forgets else lookup
        return self._understand(ref, reply.value)

    def _understand(self, ref: OrderRef, raw: Any) -> OrderLookup:
        if not isinstance(raw, Mapping):
            return self._unknown(ref, "the exchange answered something that is no order")
        try:
            order = parse_order(raw, ref.namespace)
        except Unreadable as error:
            return self._unknown(ref, str(error))
        if not _is_meant(order, ref, self._profile.exchange):
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
        order, failures = self._listed(ref, _OPEN)
        if order is None and not failures:
            order, failures = self._listed(ref, _ENDED)
        if order is not None:
            return self._with_trades(self._found(ref, order))
        what = "by its client order id" if not ref.id else "by itself"
        detail = f"; {'; '.join(failures)}" if failures else ""
        return self._unknown(
            ref, f"ccxt cannot ask {self._profile.exchange} for an order {what}, and its lists do not show it{detail}"
        )

    def _remembered(self, ref: OrderRef, denied: OrderLookup) -> OrderLookup:
        """An order that is not open, from the lists of ended ones; `denied` where they do not show it either."""
        order, failures = self._listed(ref, _ENDED)
        if order is not None:
            return self._with_trades(self._found(ref, order))
        if failures:
            reason = f"it is not open, and the lists of ended orders could not be read: {'; '.join(failures)}"
            return self._unknown(ref, reason)
        return denied

    def _listed(self, ref: OrderRef, lists: Sequence[tuple[str, str]]) -> tuple[ExchangeOrder | None, list[str]]:
        """The order as far as any of the lists tells it, and which of them could not be read."""
        failures: list[str] = []
        found: list[ExchangeOrder] = []
        for has, method in lists:
            open_only = has == "fetchOpenOrders"
            for params in listing_params(self._profile, ref.namespace) if self._profile.can(has) else ():
                page = self._first_page if open_only else {}
                reply = self._ask(f"looking for {ref.key}", _list_call(method, ref, {**params, **page}))
                if reply.error is not None:
                    failures.append(words_of(reply.error, self._redact))
                else:
                    found.extend(_meant_among(reply.value, ref, self._profile.exchange, listed_as_open=open_only))
        # Some lists are of events: an order stands in them as it was placed, and as it ended.
        return max(found, key=lambda order: (order.filled or 0, order.updated_at or 0), default=None), failures

    @property
    def _empty_codes(self) -> Collection[str]:
        return EMPTY_CODES.get(self._profile.exchange, frozenset())

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


def _is_meant(order: ExchangeOrder, ref: OrderRef, exchange: str) -> bool:
    if ref.symbol and order.symbol != ref.symbol:
        return False
    return order.id == ref.id if ref.id else is_same_name(exchange, ref.client_order_id, order.client_order_id)


def _meant_among(
    rows: Sequence[Mapping[str, Any]], ref: OrderRef, exchange: str, *, listed_as_open: bool
) -> Iterator[ExchangeOrder]:
    for raw in rows:
        try:
            order = parse_order(raw, ref.namespace, listed_as_open=listed_as_open)
        except ExchangeError:
            continue
        if _is_meant(order, ref, exchange):
            yield order


def _order_call(ref: OrderRef, params: Params, empty_codes: Collection[str]) -> Work:
    """Reading one order. Raises Unreadable where ccxt takes an answer that says nothing for "no such order"."""

    def call(client: Any) -> Any:
        client.enableLastJsonResponse = True
        client.last_json_response = None
        try:
            return client.fetch_order(ref.id, ref.symbol or None, dict(params))
        except Exception as error:
            if classify_lookup_error(error) is not LookupStatus.ABSENT or said_in_answer(error):
                raise
            why = failure_behind(client.last_json_response, empty_codes)
            if not why:
                raise
            raise Unreadable(why) from error

    return call


def _list_call(method: str, ref: OrderRef, params: Params) -> Work:
    def call(client: Any) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = getattr(client, method)(ref.symbol or None, None, None, dict(params))
        return rows

    return call
