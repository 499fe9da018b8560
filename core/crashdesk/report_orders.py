"""The orders of a recovery's report: what the recovered state holds, and what filled since it was known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from crashdesk.contracts import Contract, amount_text, plain
from crashdesk.exact import difference
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.order_prices import price_text
from crashdesk.reconcile.filled_since import filled_since
from crashdesk.reconcile.records import Evidence, IntentVerdictKind, OrderVerdict, OrderVerdictKind, Plan
from crashdesk.report_page import Section, Table
from crashdesk.report_words import counted, leg_words, order_words, utc_text

if TYPE_CHECKING:
    from crashdesk.recovery_report import RecoveryReport

FEW = 10
"""So many fills are named one by one in a terminal."""
_UNTOLD = "not told"
_ENDED = frozenset({IntentVerdictKind.FILLED, IntentVerdictKind.CLOSED})


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """One order of the bot that filled; `since` is how much since it was known, in the exchange's unit.

    `since` is None where nobody can tell: the compared state may hold its fills already.
    `last_at` is when the last of its fills was and `fees` what all of them cost, as the exchange told its trades; None and empty
    where it did not.
    """

    order: ExchangeOrder
    since: Decimal | None
    contract: Contract | None
    last_at: int | None = None
    fees: str = ""


def filled_orders(report: RecoveryReport) -> tuple[Filled, ...]:
    """The bot's own orders that filled since the compared state was true, or may have, as the exchange told it; each once.

    The earliest first, as far as the exchange told when they filled.
    """
    last = report.final or report.plan
    return _once((*_known(last), *_handled(report, last), *_orphans(last, report.plan)))


def filled_in(plan: Plan) -> tuple[Filled, ...]:
    """The same of a comparison, before anything was done."""
    return _once((*_known(plan), *_orphans(plan, plan)))


def _once(filled: Iterable[Filled]) -> tuple[Filled, ...]:
    found: dict[str, Filled] = {}
    for each in filled:
        if each.since is None or each.since > 0:
            found.setdefault(each.order.key, each)
    return tuple(sorted(found.values(), key=lambda each: (each.last_at is None, each.last_at or 0)))


def _known(last: Plan) -> Iterator[Filled]:
    """Of the orders that the state knows, and of those that were about to be sent."""
    known_at = last.known_at_exchange
    for verdict in last.orders:
        if verdict.known is not None and verdict.live is not None and verdict.live.filled:
            since = filled_since(verdict.known, verdict.live, known_at)
            yield _with_trades(verdict.live, since, verdict.contract, verdict.facts)
    for each in last.intents:
        order = each.live
        if each.kind in _ENDED and order is not None and order.filled:
            yield _with_trades(order, each.filled_since, last.contracts.get(order.symbol), each.evidence)


def _handled(report: RecoveryReport, last: Plan) -> Iterator[Filled]:
    """Of the bot's own orders that a decision was about."""
    known_at = last.known_at_exchange
    for outcome in report.execution.outcomes:
        shown, reread = report.plan.orphan_by_key.get(outcome.order_key), outcome.reread
        if shown is not None and shown.kind is OrderVerdictKind.OWN_ORPHAN and reread is not None and reread.filled:
            yield _with_trades(reread, _orphan_since(reread, shown, known_at), shown.contract, ())


def _orphans(last: Plan, shown_in: Plan) -> Iterator[Filled]:
    """Of the bot's own orders that the state does not know."""
    known_at = last.known_at_exchange
    for verdict in last.of_kind(OrderVerdictKind.OWN_ORPHAN):
        if verdict.live is not None and verdict.live.filled:
            shown = shown_in.orphan_by_key.get(verdict.key)
            yield _with_trades(
                verdict.live, _orphan_since(verdict.live, shown, known_at), verdict.contract, verdict.facts
            )


def _orphan_since(order: ExchangeOrder, shown: OrderVerdict | None, known_at: int | None) -> Decimal | None:
    """Of an order that had not filled at all when it was `shown` in the comparison, everything is of this recovery."""
    if shown is not None and shown.live is not None and shown.live.filled == 0:
        return order.filled
    return filled_since(None, order, known_at)


def _with_trades(
    order: ExchangeOrder, since: Decimal | None, contract: Contract | None, evidence: Sequence[Evidence]
) -> Filled:
    # Only what was read of its trades speaks of fees.
    told = next((item for item in evidence if "fees" in item.values), None)
    if told is None:
        return Filled(order=order, since=since, contract=contract)
    fees = told.values["fees"]
    return Filled(order=order, since=since, contract=contract, last_at=told.at, fees="" if fees == "unstated" else fees)


def fill_cells(each: Filled) -> tuple[str, ...]:
    """Side, amount, symbol, price, time by the exchange's clock, fees and order id, as text."""
    order = each.order
    price = order.average if order.average is not None else order.price
    return (
        order.side.value,
        _since_text(each),
        order.symbol,
        _UNTOLD if price is None else str(plain(price)),
        _UNTOLD if each.last_at is None else utc_text(each.last_at),
        each.fees or _UNTOLD,
        order.id,
    )


def fill_lines(filled: Sequence[Filled], most: int = FEW) -> list[str]:
    """`buy 0.02 BTC/USDT:USDT at 62080, 2025-11-22 03:05:08 UTC, fees …`, a line each; then how many more there are."""
    lines = []
    for each in filled[:most]:
        side, amount, symbol, price, time, fees, order = fill_cells(each)
        when = "time not told" if each.last_at is None else time
        cost = f", fees {fees}" if each.fees else ""
        lines.append(f"{side} {amount} {symbol} at {price}, {when}{cost} (order {order})")
    return lines + [more_fills(len(filled) - most)] * (len(filled) > most)


def more_fills(count: int) -> str:
    """`and 7 more orders; …`."""
    return f"and {counted(count, 'more order')}; the exported report (--report, or the desk's) names them all"


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
    last = report.final or report.plan
    contracts = last.contracts
    # A record of the state names no leg; the exchange does.
    legs = {
        (each.live.symbol, each.live.id): leg_words(each.live)
        for each in last.orders
        if each.live is not None and each.live.position_side
    }
    rows = tuple(
        (
            order.symbol,
            f"{order.side.value} {legs.get((order.symbol, order.id), '')}".strip(),
            order.order_type.value.replace("_", " "),
            price_text(order),
            amount_text(order.quantity, contracts.get(order.symbol)),
            amount_text(difference(order.quantity, order.filled_quantity), contracts.get(order.symbol)),
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
    filled = report.filled
    if not filled:
        return None
    sentences = ["Times and fees are those of the trades that the exchange told; nothing is estimated."]
    if any(each.since is None for each in filled):
        sentences.append(
            "Where it is not told how much filled since, the last known state may hold these fills already."
        )
    headers = ("Order", "Filled since", "Of", "Average price", "Last fill (exchange's clock)", "Fees of the order")
    rows = tuple(_filled_row(each) for each in filled)
    return Section(
        title="Orders that filled since",
        sentences=tuple(sentences),
        table=Table(headers=headers, rows=rows, numeric=frozenset({1, 2, 3})),
    )


def _filled_row(each: Filled) -> tuple[str, ...]:
    order = each.order
    return (
        order_words(order, each.contract),
        _since_text(each),
        _UNTOLD if order.amount is None else amount_text(plain(order.amount), each.contract),
        _UNTOLD if order.average is None else str(plain(order.average)),
        _UNTOLD if each.last_at is None else utc_text(each.last_at),
        each.fees or _UNTOLD,
    )


def _since_text(each: Filled) -> str:
    if each.since is not None:
        return amount_text(plain(each.since), each.contract)
    return f"{_UNTOLD}, {amount_text(plain(each.order.filled or Decimal(0)), each.contract)} in all"
