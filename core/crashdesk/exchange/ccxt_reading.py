"""Reading scopes: page by page, row by row, each with what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from crashdesk.clock import Clock
from crashdesk.exchange.ccxt_outcomes import advised, class_names
from crashdesk.exchange.ccxt_parse import Raw, Unreadable, parse_order, parse_position
from crashdesk.exchange.ccxt_scopes import (
    ClientProfile,
    Paging,
    Params,
    ReadStep,
    next_page,
    order_steps,
    per_symbol_steps,
    position_steps,
    truncation,
)
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

Record = TypeVar("Record")


class ScopeReader:
    """Reads the scopes of one account; `ask` runs work on the client and waits for it."""

    def __init__(
        self, profile: ClientProfile, ask: Callable[[str, Work], Reply], redact: Redactor, clock: Clock
    ) -> None:
        self._profile = profile
        self._ask = ask
        self._redact = redact
        self._clock = clock

    def open_orders(self, symbols: Collection[str]) -> OrdersReading:
        """All open orders, scope by scope."""
        orders: list[ExchangeOrder] = []
        readings: list[ScopeReading] = []
        waiting = list(order_steps(self._profile, symbols))
        while waiting:
            step = waiting.pop(0)
            rows, truncated = self._read_pages(step)
            if _demands_symbol(step, rows):
                waiting[:0] = per_symbol_steps(step, symbols)
                continue
            conditional = step.scope.kind is ScopeKind.CONDITIONAL_ORDERS
            namespace = Namespace.CONDITIONAL if conditional else Namespace.NORMAL
            found, reading = self._parsed(step, rows, _order_parser(namespace), truncated)
            orders.extend(found)
            readings.append(reading)
        return OrdersReading(orders=without_doubles(orders), coverage=Coverage(readings=tuple(readings)))

    def positions(self) -> PositionsReading:
        """All positions that are not flat."""
        positions: list[ExchangePosition] = []
        readings: list[ScopeReading] = []
        for step in position_steps(self._profile):
            rows = self._rows(step, _positions_call(step.params))
            count = len(rows.value) if rows.error is None else 0
            found, reading = self._parsed(step, rows, parse_position, truncation(step, count))
            positions.extend(found)
            readings.append(reading)
        return PositionsReading(positions=tuple(positions), coverage=Coverage(readings=tuple(readings)))

    def reading(self, scope: Scope, status: ScopeStatus, count: int = 0, reason: str = "") -> ScopeReading:
        """What came of a scope, as of now."""
        return ScopeReading(scope=scope, status=status, count=count, reason=reason, read_at=self._clock.now_ns())

    def _rows(self, step: ReadStep, work: Work) -> Reply:
        """The rows of one request; an answer that is no list of records is an error."""
        if step.unsupported:
            return Reply(value=[])
        reply = self._ask(f"reading {step.scope.label()}", work)
        if reply.error is None and not _is_list_of_records(reply.value):
            return Reply(
                error=Unreadable("the exchange answered something that is no list; look at the exchange itself")
            )
        return reply

    def _read_pages(self, step: ReadStep) -> tuple[Reply, str]:
        """Every row of a scope, and why they may not be all. An error loses the pages before it: they prove nothing."""
        rows: dict[str, Raw] = {}
        params: Params | None = step.params
        for _ in range(MOST_PAGES):
            reply = self._rows(step, _orders_call(step, params or {}))
            if reply.error is not None:
                return reply, ""
            # A row without an id is kept, to be found unreadable.
            ids = [str(row.get("id") or f"without an id {len(rows)}.{n}") for n, row in enumerate(reply.value)]
            fresh = set(ids) - set(rows)
            rows.update(zip(ids, reply.value, strict=True))
            params = next_page(step, ids, fresh)
            if params is None:
                to_the_end = step.paging is not Paging.NONE and not (ids and not fresh)
                return Reply(value=list(rows.values())), truncation(step, len(ids), paged_to_end=to_the_end)
        return Reply(value=list(rows.values())), f"there are more than {MOST_PAGES} pages"

    def _parsed(
        self, step: ReadStep, rows: Reply, parse: Callable[[Raw], Record | None], truncated: str
    ) -> tuple[list[Record], ScopeReading]:
        if step.unsupported:
            return [], self.reading(step.scope, ScopeStatus.NOT_SUPPORTED, reason=step.unsupported)
        if rows.error is not None:
            return [], self.reading(step.scope, ScopeStatus.FAILED, reason=advised(rows.error, self._redact))
        records: list[Record] = []
        unreadable: list[str] = []
        for row in rows.value:
            try:
                record = parse(row)
            except Unreadable as error:
                unreadable.append(self._redact(str(error)))
                continue
            if record is not None:
                records.append(record)
        if unreadable:
            return records, self.reading(step.scope, ScopeStatus.FAILED, len(records), unreadable[0])
        status = ScopeStatus.TRUNCATED if truncated else ScopeStatus.READ
        return records, self.reading(step.scope, status, len(records), truncated)


def without_doubles(orders: Sequence[ExchangeOrder]) -> tuple[ExchangeOrder, ...]:
    """Each order once: some exchanges list conditional orders among the normal ones as well, under the same id."""

    def identity(order: ExchangeOrder) -> tuple[object, ...]:
        return order.symbol, order.id, order.client_order_id, order.side, order.created_at

    conditional = {identity(order) for order in orders if order.namespace is Namespace.CONDITIONAL}
    once: dict[str, ExchangeOrder] = {}
    for order in orders:
        if order.namespace is Namespace.CONDITIONAL or identity(order) not in conditional:
            once.setdefault(order.key, order)
    return tuple(once.values())


def _demands_symbol(step: ReadStep, rows: Reply) -> bool:
    # ccxt's declarations lag behind its code; this error is raised before anything is sent.
    return step.scope.symbol is None and rows.error is not None and "ArgumentsRequired" in class_names(rows.error)


def _order_parser(namespace: Namespace) -> Callable[[Raw], ExchangeOrder | None]:
    def parse(raw: Raw) -> ExchangeOrder | None:
        order = parse_order(raw, namespace)
        # Some lists carry orders that ended a moment ago.
        return order if order.status in OPEN_STATUSES else None

    return parse


def _orders_call(step: ReadStep, params: Params) -> Work:
    return lambda client: client.fetch_open_orders(step.scope.symbol, None, step.limit, dict(params))


def _positions_call(params: Params) -> Work:
    return lambda client: client.fetch_positions(None, dict(params))


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
