"""Reading scopes: page by page, row by row, each with what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from crashdesk.clock import Clock
from crashdesk.exchange.ccxt_answers import Listing, failure_behind, listed
from crashdesk.exchange.ccxt_facts import AMOUNTS_ARE_UNITS, EMPTY_CODES, NEVER_OPENED, Params
from crashdesk.exchange.ccxt_pages import next_page, truncation
from crashdesk.exchange.ccxt_parse import Raw, Unreadable, advance, order_id_of, parse_order, parse_position
from crashdesk.exchange.ccxt_scopes import ClientProfile, ReadStep, order_steps, per_symbol_steps, position_steps
from crashdesk.exchange.ccxt_trouble import advised, trouble_of
from crashdesk.exchange.ccxt_words import class_names
from crashdesk.exchange.ccxt_worker import Reply, Work
from crashdesk.exchange.records import (
    Coverage,
    ExchangeOrder,
    ExchangePosition,
    Namespace,
    OrdersReading,
    PositionsReading,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.exchange.redact import Redactor
from crashdesk.state import OPEN_STATUSES

MOST_PAGES = 200
"""Pages of one scope before reading on is given up."""

MOST_LISTINGS = 4
"""Times that a list whose pages may shift is read, until two successive listings agree."""

PER_SYMBOL = "listed per symbol only: symbols that are not known here were not read"

_MANDATORY = re.compile(r"mandatory|required|must be sent|missing", re.IGNORECASE)

Record = TypeVar("Record")
RowKey = tuple[str, str]


class _Rows(msgspec.Struct, frozen=True):
    """The rows of one scope, or the error that they ended in, and why they may not be all."""

    found: Mapping[RowKey, Raw] = {}
    pages: int = 0
    truncated: str = ""
    error: Exception | None = None


class ScopeReader:
    """Reads the scopes of one account; `ask` runs work on the client and waits for it.

    `markets` are the symbols that the exchange lists; None when they are not known.
    """

    def __init__(
        self,
        profile: ClientProfile,
        ask: Callable[[str, Work], Reply],
        redact: Redactor,
        clock: Clock,
        *,
        markets: Container[str] | None = None,
    ) -> None:
        self._profile = profile
        self._ask = ask
        self._redact = redact
        self._clock = clock
        self._markets = markets

    def open_orders(self, symbols: Collection[str]) -> OrdersReading:
        """All open orders, scope by scope."""
        orders: list[ExchangeOrder] = []
        readings: list[ScopeReading] = []
        waiting = list(order_steps(self._profile, symbols))
        while waiting:
            step = waiting.pop(0)
            rows = self._read_scope(step)
            if _demands_symbol(step, rows):
                waiting[:0] = per_symbol_steps(step, symbols)
                continue
            found, reading = self._parsed(step, rows, self._order_parser(_namespace(step)))
            orders.extend(found)
            readings.append(reading)
        return OrdersReading(orders=without_doubles(orders), coverage=Coverage(readings=tuple(readings)))

    def positions(self) -> PositionsReading:
        """All positions that are not flat."""
        positions: list[ExchangePosition] = []
        readings: list[ScopeReading] = []
        for step in position_steps(self._profile):
            reply = self._listing(step, _positions_call(step.params))
            if reply.error is not None:
                rows = _Rows(error=reply.error)
            else:
                found = {("", str(number)): row for number, row in enumerate(reply.value.rows)}
                rows = _Rows(found, 1, truncation(step.limit, len(found)))
            legs, reading = self._parsed(step, rows, self._parse_position)
            # An account of another kind may answer with everything wherever one family is asked for.
            told = {leg.symbol for leg in positions}
            positions.extend(leg for leg in legs if leg.symbol not in told)
            readings.append(reading)
        return PositionsReading(positions=tuple(positions), coverage=Coverage(readings=tuple(readings)))

    def reading(self, scope: Scope, status: ScopeStatus, count: int = 0, reason: str = "") -> ScopeReading:
        """What came of a scope, as of now."""
        return ScopeReading(scope=scope, status=status, count=count, reason=reason, read_at=self._clock.now_ns())

    def failed(self, scope: Scope, error: Exception) -> ScopeReading:
        """That a scope could not be read, and why."""
        reading = self.reading(scope, ScopeStatus.FAILED, reason=advised(error, self._redact))
        return msgspec.structs.replace(reading, trouble=trouble_of(error, self._redact))

    def _listing(self, step: ReadStep, work: Work) -> Reply:
        """What one request listed; an answer that is no list of records, or only looks like an empty one, is an error."""
        if step.unsupported:
            return Reply(value=Listing([]))
        reply = self._ask(f"reading {step.scope.label()}", work)
        if reply.error is not None:
            return Reply(value=Listing([])) if self._never_opened(step, reply.error) else reply
        if not _is_list_of_records(reply.value.rows):
            why = "the exchange answered something that is no list"
        elif reply.value.rows:
            return reply
        else:
            why = failure_behind(reply.value.answer, EMPTY_CODES.get(self._profile.exchange, frozenset()))
        return Reply(error=Unreadable(f"{why}; look at the exchange itself")) if why else reply

    def _never_opened(self, step: ReadStep, error: Exception) -> bool:
        refusal, family = NEVER_OPENED.get(self._profile.exchange, ("", {}))
        known = "AccountNotEnabled" in class_names(error) and refusal in str(error)
        return bool(refusal) and known and family.items() <= step.params.items()

    def _read_scope(self, step: ReadStep) -> _Rows:
        """Every row of a scope. Pages that may shift are read until two successive listings hold the same orders."""
        latest = self._read_pages(step)
        if latest.error is not None or latest.pages < 2 or step.pages is None or not step.pages.paging.shifts:
            return latest
        every = latest.found
        for _ in range(MOST_LISTINGS - 1):
            again = self._read_pages(step)
            if again.error is not None or again.found.keys() == latest.found.keys():
                return again
            every, latest = _merged(every, again.found), again
        reason = (
            f"its pages were read {MOST_LISTINGS} times and differed each time: orders came or went between two pages, "
            f"and one may have been missed"
        )
        return _Rows(every, latest.pages, latest.truncated or reason)

    def _read_pages(self, step: ReadStep) -> _Rows:
        """Every row of a scope, once. An error loses the pages before it: they prove nothing."""
        rows: Mapping[RowKey, Raw] = {}
        namespace = _namespace(step)
        params: Params = {**step.params, **(step.pages.start if step.pages is not None else {})}
        for page in range(1, MOST_PAGES + 1):
            reply = self._listing(step, _orders_call(step, params))
            if reply.error is not None:
                return _Rows(error=reply.error)
            # A row without an id is kept, to be found unreadable.
            ids = [order_id_of(row, namespace) or f"without an id {page}.{n}" for n, row in enumerate(reply.value.rows)]
            keys = [(str(row.get("symbol")), one) for one, row in zip(ids, reply.value.rows, strict=True)]
            fresh = set(keys) - rows.keys()
            rows = _merged(rows, zip(keys, reply.value.rows, strict=True))
            following = next_page(step.pages, params, ids, fresh, len(rows), reply.value.answer)
            if following is None:
                return _Rows(rows, page, _why_cut(step, len(ids), repeated=bool(ids) and not fresh))
            params = following
        return _Rows(rows, MOST_PAGES, f"there are more than {MOST_PAGES} pages")

    def _parsed(
        self, step: ReadStep, rows: _Rows, parse: Callable[[Raw], Record | None]
    ) -> tuple[list[Record], ScopeReading]:
        if step.unsupported:
            return [], self.reading(step.scope, ScopeStatus.NOT_SUPPORTED, reason=step.unsupported)
        if rows.error is not None:
            return [], self.failed(step.scope, rows.error)
        records: list[Record] = []
        unreadable: list[str] = []
        for row in rows.found.values():
            try:
                record = parse(row)
            except Unreadable as error:
                unreadable.append(self._redact(str(error)))
                continue
            if record is not None:
                records.append(record)
        if unreadable:
            return records, self.reading(step.scope, ScopeStatus.FAILED, len(records), unreadable[0])
        if rows.truncated:
            return records, self.reading(step.scope, ScopeStatus.TRUNCATED, len(records), rows.truncated)
        reason = "" if step.scope.symbol is None else PER_SYMBOL
        return records, self.reading(step.scope, ScopeStatus.READ, len(records), reason)

    def _parse_position(self, raw: Raw) -> ExchangePosition | None:
        position = parse_position(raw)
        if position is None or self._profile.exchange not in AMOUNTS_ARE_UNITS:
            return position
        return msgspec.structs.replace(position, contract_size=Decimal(1))

    def _order_parser(self, namespace: Namespace) -> Callable[[Raw], ExchangeOrder | None]:
        def parse(raw: Raw) -> ExchangeOrder | None:
            order = parse_order(raw, namespace, markets=self._markets, listed_as_open=True)
            # Some lists carry orders that ended a moment ago.
            return order if order.status in OPEN_STATUSES else None

        return parse


def without_doubles(orders: Sequence[ExchangeOrder]) -> tuple[ExchangeOrder, ...]:
    """Each order once, as far as it has come: some exchanges list an order in two scopes, under the same id."""

    def identity(order: ExchangeOrder) -> tuple[object, ...]:
        return order.symbol, order.id, order.client_order_id, order.side, order.created_at

    def progress(order: ExchangeOrder) -> tuple[Decimal, int]:
        return order.filled or Decimal(0), order.updated_at or 0

    conditional = {identity(order) for order in orders if order.namespace is Namespace.CONDITIONAL}
    once: dict[str, ExchangeOrder] = {}
    for order in orders:
        if order.namespace is Namespace.NORMAL and identity(order) in conditional:
            continue
        known = once.setdefault(order.key, order)
        if progress(order) > progress(known):
            once[order.key] = order
    return tuple(once.values())


def _merged(
    rows: Mapping[RowKey, Raw], more: Mapping[RowKey, Raw] | Iterable[tuple[RowKey, Raw]]
) -> Mapping[RowKey, Raw]:
    """Both together; of an order that is in both, the row that has come further."""
    merged = dict(rows)
    for key, row in more.items() if isinstance(more, Mapping) else more:
        if key not in merged or advance(row) >= advance(merged[key]):
            merged[key] = row
    return merged


def _namespace(step: ReadStep) -> Namespace:
    return Namespace.CONDITIONAL if step.scope.kind is ScopeKind.CONDITIONAL_ORDERS else Namespace.NORMAL


def _why_cut(step: ReadStep, count: int, *, repeated: bool) -> str:
    if step.pages is not None:
        return truncation(step.pages.size, count, paged_to_end=not repeated, of_pages=True)
    return truncation(step.limit, count, certain=step.certain)


def _demands_symbol(step: ReadStep, rows: _Rows) -> bool:
    # ccxt's declarations lag behind its code, and its code behind the exchanges.
    error = rows.error
    if error is None or step.scope.symbol is not None or "symbol" not in str(error):
        return False
    names = class_names(error)
    # This one is raised before anything is sent.
    return "ArgumentsRequired" in names or ("BadRequest" in names and _MANDATORY.search(str(error)) is not None)


def _orders_call(step: ReadStep, params: Params) -> Work:
    return lambda client: listed(
        client, lambda: client.fetch_open_orders(step.scope.symbol, None, step.limit, dict(params))
    )


def _positions_call(params: Params) -> Work:
    return lambda client: listed(client, lambda: client.fetch_positions(None, dict(params)))


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
