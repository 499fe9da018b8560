"""The orders of a recovery's report: what the recovered state holds, and what filled since it was known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from crashdesk.contracts import Contract, amount_text, plain
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.order_prices import price_text
from crashdesk.reconcile.records import Evidence, IntentVerdictKind, OrderVerdictKind
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_page import Section, Table
from crashdesk.report_words import counted, utc_text
from crashdesk.revalidation import describe

_UNTOLD = "not told"
_ENDED = frozenset({IntentVerdictKind.FILLED, IntentVerdictKind.CLOSED})


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """One order of the bot that filled since it was known; `since` in the exchange's unit.

    `last_at` is when the last of its fills was and `fees` what all of them cost, as the exchange told its trades; None and empty
    where it did not.
    """

    order: ExchangeOrder
    since: Decimal
    contract: Contract | None
    last_at: int | None = None
    fees: str = ""


def filled_since(report: RecoveryReport) -> tuple[Filled, ...]:
    """The bot's own orders that filled since the compared state was true, as far as the exchange told it; each once."""
    found: dict[str, Filled] = {}
    for each in _filled(report):
        found.setdefault(each.order.key, each)
    return tuple(found.values())


def _filled(report: RecoveryReport) -> Iterator[Filled]:
    last = report.final or report.plan
    for verdict in last.orders:
        known, live = verdict.known, verdict.live
        if known is not None and live is not None and live.filled is not None and live.filled > known.filled_quantity:
            yield _with_trades(live, live.filled - known.filled_quantity, verdict.contract, verdict.facts)
    for each in last.intents:
        order = each.live
        if each.kind in _ENDED and order is not None and order.filled:
            yield _with_trades(order, order.filled, last.contracts.get(order.symbol), each.evidence)
    for outcome in report.execution.outcomes:
        shown, reread = report.plan.orphan_by_key.get(outcome.order_key), outcome.reread
        if shown is not None and shown.kind is OrderVerdictKind.OWN_ORPHAN and reread is not None and reread.filled:
            yield _with_trades(reread, reread.filled, shown.contract, ())
    for verdict in last.of_kind(OrderVerdictKind.OWN_ORPHAN):
        if verdict.live is not None and verdict.live.filled:
            yield _with_trades(verdict.live, verdict.live.filled, verdict.contract, verdict.facts)


def _with_trades(
    order: ExchangeOrder, since: Decimal, contract: Contract | None, evidence: Sequence[Evidence]
) -> Filled:
    # Only what was read of its trades speaks of fees.
    told = next((item for item in evidence if "fees" in item.values), None)
    if told is None:
        return Filled(order=order, since=since, contract=contract)
    fees = told.values["fees"]
    return Filled(order=order, since=since, contract=contract, last_at=told.at, fees="" if fees == "unstated" else fees)


def held_section(report: RecoveryReport) -> Section:
    """The orders that the saved state holds, with what remains of each."""
    title, state = "Orders that the recovered state holds", report.state
    if state is None:
        return Section(title=title, sentences=("Nothing was saved.",))
    if not state.open_orders:
        return Section(title=title, sentences=("None.",))
    adopted = {
        (verdict.live.symbol, verdict.live.id)
        for key, verdict in report.plan.orphan_by_key.items()
        if key in report.execution.adopted and verdict.live is not None
    }
    contracts = (report.final or report.plan).contracts
    rows = tuple(
        (
            order.symbol,
            order.side.value,
            order.order_type.value.replace("_", " "),
            price_text(order),
            amount_text(order.quantity, contracts.get(order.symbol)),
            amount_text(order.quantity - order.filled_quantity, contracts.get(order.symbol)),
            order.id,
            order.client_order_id or "—",
            "adopted now" if (order.symbol, order.id) in adopted else "known before",
        )
        for order in state.open_orders
    )
    headers = ("Symbol", "Side", "Type", "Price", "Amount", "Remaining", "Order", "Client order id", "How it came")
    table = Table(headers=headers, rows=rows, numeric=frozenset({3, 4, 5}))
    return Section(title=title, sentences=(f"{counted(len(rows), 'open order')}.",), table=table)


def filled_section(report: RecoveryReport) -> Section | None:
    """The bot's orders that filled since, with time and fees as the exchange told them; None for none."""
    rows = tuple(_filled_row(each) for each in filled_since(report))
    if not rows:
        return None
    headers = ("Order", "Filled since", "Of", "Average price", "Last fill", "Fees of the order")
    return Section(
        title="Orders that filled since",
        sentences=("Times and fees are those of the trades that the exchange told; nothing is estimated.",),
        table=Table(headers=headers, rows=rows, numeric=frozenset({1, 2, 3})),
    )


def _filled_row(each: Filled) -> tuple[str, ...]:
    order = each.order
    return (
        describe(order, each.contract),
        amount_text(plain(each.since), each.contract),
        _UNTOLD if order.amount is None else amount_text(plain(order.amount), each.contract),
        _UNTOLD if order.average is None else str(plain(order.average)),
        _UNTOLD if each.last_at is None else utc_text(each.last_at),
        each.fees or _UNTOLD,
    )
