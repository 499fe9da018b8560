"""What the command line prints: pure renderings of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from crashdesk.cli_table import Column, Listing, Row
from crashdesk.contracts import Contract, amount_text
from crashdesk.exchange.records import ScopeReading, ScopeStatus
from crashdesk.findings import Severity
from crashdesk.inspection import FileDetails
from crashdesk.order_prices import price_text
from crashdesk.recall import LastKnown
from crashdesk.reconcile.evidence import Evidence, Source, intended_price
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind, Plan, PositionVerdict, PositionVerdictKind
from crashdesk.reconcile.stop_cover import stops_note
from crashdesk.reconcile.stop_owners import stop_owner, with_owner
from crashdesk.reconcile.words import (
    adoption_warning,
    intent_verdict_word,
    notional_text,
    order_verdict_word,
    position_verdict_word,
)
from crashdesk.report import utc_text
from crashdesk.report_orders import FEW, Filled, fill_cells, filled_in, more_fills
from crashdesk.state import Side, SystemState
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.quarantine import SkippedCheckpoint
from crashdesk.verification import Verification

_NUMBERS = frozenset(
    {"seq", "positions", "orders", "size", "equity", "quantity", "entry", "unrealized", "filled", "price", "amount", "bytes",
     "known", "exchange", "records"}
)  # fmt: skip


def _listing(title: str, columns: str, rows: Iterable[Row]) -> Listing:
    """`columns` are headings, separated by commas."""
    headings = tuple(Column(name, name.lower() in _NUMBERS) for name in columns.split(","))
    return Listing(title=title, columns=headings, rows=tuple(rows))


def _text(value: Decimal | str | None) -> str:
    return "unknown" if value is None else str(value)


def _time(moment_ns: int) -> str:
    """The time of a column whose heading says UTC."""
    return utc_text(moment_ns).removesuffix(" UTC")


def checkpoint_listing(
    rows: Sequence[tuple[CheckpointInfo, FileDetails | None, str]], causes: dict[int, Cause]
) -> Listing:
    """(checkpoint, details or None, problem) rows, newest first."""
    lines = []
    for info, details, problem in rows:
        state = details.state if details else None
        cause = causes.get(info.seq)
        cells = (
            str(info.seq),
            _time(info.timestamp),
            (cause.word if cause else "-") + (" (pinned)" if info.pinned else ""),
            str(state.account.equity) if state else "-",
            str(len(state.positions)) if state else "-",
            str(len(state.open_orders)) if state else "-",
            str(details.size) if details else "-",
            _integrity(details),
        )
        lines.append(Row(cells, "" if state else problem))
    columns = (
        Column("SEQ", right=True),
        Column("TIME (UTC)"),
        Column("CAUSE"),
        Column("EQUITY", right=True),
        Column("POS", right=True),
        Column("ORDERS", right=True),
        Column("SIZE", right=True),
        Column("INTEGRITY"),
    )
    return Listing(columns=columns, rows=tuple(lines))


def _integrity(details: FileDetails | None) -> str:
    if details is None:
        return "✕ unreadable"
    if details.newer:
        return "! newer version"
    return "✓ intact" if details.state is not None else "✕ damaged"


def facts_listing(facts: Sequence[tuple[str, str]], title: str = "") -> Listing:
    """Names and values."""
    return Listing(title=title, columns=(Column(""), Column("")), rows=tuple(Row(fact) for fact in facts))


def state_listings(state: SystemState, contracts: Mapping[str, Contract]) -> list[Listing]:
    """Account, positions, orders and strategies of one state; `contracts` says what the amounts of a symbol count."""
    account = [(name, str(getattr(state.account, name))) for name in state.account.__struct_fields__]
    positions = (
        Row(
            (
                position.symbol,
                "▲ long" if position.side is Side.BUY else "▼ short",
                amount_text(position.quantity, contracts.get(position.symbol)),
                str(position.entry_price),
                str(position.unrealized_pnl),
                _time(position.opened_at),
            )
        )
        for position in state.positions
    )
    orders = (
        Row(
            (
                order.id,
                order.client_order_id,
                order.symbol,
                order.side.value,
                order.order_type.value,
                amount_text(order.quantity, contracts.get(order.symbol)),
                amount_text(order.filled_quantity, contracts.get(order.symbol)),
                price_text(order),
                order.status.value,
            )
        )
        for order in state.open_orders
    )
    listings = [
        facts_listing(account, "Account"),
        _listing("Positions", "symbol,side,quantity,entry,unrealized,opened (UTC)", positions),
        _listing("Open orders", "id,client id,symbol,side,type,quantity,filled,price,status", orders),
    ]
    if state.strategy_states:
        strategies = (Row((each.name, str(len(each.state_data)))) for each in state.strategy_states)
        listings.append(_listing("Strategies", "name,bytes", strategies))
    return listings


def skipped_lines(skipped: Sequence[SkippedCheckpoint]) -> list[str]:
    """Which newer checkpoints were passed over, and what that means."""
    lines = [
        f"! Checkpoint {item.info.seq} of {utc_text(item.info.timestamp)} was passed over: {item.reason}."
        for item in skipped
    ]
    if lines:
        lines.append(
            "  What follows is the newest state that can be trusted, with what the journal adds to it; a recovery begins from "
            "it. `crashdesk verify` says what to do about the file."
        )
    return lines


def last_known_lines(last: LastKnown) -> list[str]:
    """What the journal adds to the newest checkpoint, and what may be missing."""
    lines = []
    if last.changes:
        state = last.state
        where = (
            "Of the bot's state the journal holds"
            if last.info is None
            else f"After checkpoint {last.info.seq} of {utc_text(last.info.timestamp)} the journal holds"
        )
        lines.append(
            f"{where} {counted(last.changes, 'change')}, the last of {utc_text(last.until)}. The last known state: "
            f"{counted(len(state.positions), 'position')}, {counted(len(state.open_orders), 'open order')}."
        )
    if last.problem:
        lines.append(
            f"! {last.problem}. Compare with the exchange before the bot goes on: `crashdesk recover --dry-run`"
        )
    if last.notice:
        lines.append(f"! {last.notice}")
    return lines


def counted(count: int, noun: str) -> str:
    """`1 order`, `3 orders`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def plan_listings(plan: Plan) -> list[Listing]:
    """Coverage, positions, orders by verdict, and the fate of those that were about to be sent; none that is empty."""
    coverage = (
        Row(
            (reading.scope.label(), f"{_mark(reading)} {reading.status.value}", str(reading.count)),
            reading.reason,
        )
        for reading in plan.coverage.readings
    )
    positions = (
        Row((position_verdict_word(leg.kind), leg.symbol, _known(leg), _live(leg)), position_note(leg, plan))
        for leg in plan.positions
    )
    filled = filled_in(plan)
    told = {each.order.key for each in filled[:FEW]}
    orders = [
        _listing(
            f"Orders: {order_verdict_word(kind)}",
            "symbol,side,amount,price,order,client id",
            (Row(_order_cells(each), order_note(each, fill_told=each.key in told)) for each in plan.of_kind(kind)),
        )
        for kind in OrderVerdictKind
    ]
    intents = (
        Row(
            (
                intent_verdict_word(each.kind),
                each.intent.symbol,
                each.intent.side,
                amount_text(each.intent.quantity, plan.contracts.get(each.intent.symbol)),
                intended_price(each.intent),
                each.intent.client_order_id,
            ),
            _sentences(each.evidence),
        )
        for each in plan.intents
    )
    listings = (
        _listing("Read from the exchange", "scope,result,records", coverage),
        _listing("Positions", "verdict,symbol,known,exchange", positions),
        _fills(filled),
        *orders,
        _listing("Orders that were about to be sent", "fate,symbol,side,amount,price,client id", intents),
    )
    return [listing for listing in listings if listing.rows]


def _fills(filled: Sequence[Filled]) -> Listing:
    rows = [Row(fill_cells(each)) for each in filled[:FEW]]
    if len(filled) > FEW:
        rows[-1] = Row(rows[-1].cells, more_fills(len(filled) - FEW))
    columns = "side,amount,symbol,price,time by the exchange's clock,fees,order"
    return _listing("Filled since the last known state", columns, rows)


def position_note(leg: PositionVerdict, plan: Plan) -> str:
    """What there is to know of a position of `plan` beyond the two records that its row shows."""
    shown = (leg.known is not None) + (leg.live is not None and leg.known is not None)
    stops = with_owner(stops_note(leg), stop_owner(leg, plan))
    return " ".join(text for text in (f"{stops}." if stops else "", _sentences(leg.evidence[shown:])) if text)


def order_note(verdict: OrderVerdict, *, fill_told: bool = False) -> str:
    """What is proposed, what it protects, and what proves the verdict; nothing of an order that is as it was known.

    `fill_told` where its fills stand among those since the last known state.
    """
    notes = []
    if verdict.preselected:
        notes.append("proposed for cancellation")
    if verdict.protective:
        notes.append(f"protects: {verdict.protects}")
    if verdict.dismissed:
        notes.append(f"left before: {verdict.dismissed}")
    if money := notional_text(verdict):
        notes.append(f"what is not filled of it is worth {money}")
    if verdict.live is not None and not verdict.live.known_market:
        notes.append("the exchange does not list this market any more; the symbol is its own name of it")
    said = "; ".join(notes)
    if verdict.kind is OrderVerdictKind.MATCHED:
        return said
    # What the row shows, or was said just now, is not said again.
    proof = [
        item
        for item in verdict.facts
        if item.source is not Source.CHECKPOINT
        and not (verdict.protects and verdict.protects in item.text)
        and not (fill_told and "fees" in item.values)
    ]
    # Nothing is adopted from here: that it is not the bot's, its evidence says.
    warning = adoption_warning(verdict) if verdict.other_program else ""
    return " ".join(text for text in (said + "." if said else "", warning, _sentences(proof)) if text)


def _sentences(evidence: Sequence[Evidence]) -> str:
    return " ".join(item.text.removesuffix(".") + "." for item in evidence)


def _mark(reading: ScopeReading) -> str:
    return "✓" if reading.status is ScopeStatus.READ else "?"


def _known(leg: PositionVerdict) -> str:
    return "-" if leg.known is None else f"{leg.known.side.leg} {amount_text(leg.known.quantity, leg.contract)}"


def _live(leg: PositionVerdict) -> str:
    if leg.kind is PositionVerdictKind.UNKNOWN:
        return "not read"
    return "-" if leg.live is None else f"{leg.live.side.leg} {amount_text(leg.live.contracts, leg.contract)}"


def _order_cells(verdict: OrderVerdict) -> tuple[str, ...]:
    live, known = verdict.live, verdict.known
    if live is not None:
        cells = (
            live.symbol,
            live.side.value,
            _amount(live.amount, verdict),
            price_text(live),
            live.id,
            live.client_order_id,
        )
    elif known is not None:
        amount = _amount(known.quantity, verdict)
        cells = (known.symbol, known.side.value, amount, price_text(known), known.id, known.client_order_id)
    else:
        cells = ("", "", "", "", "", "")
    return cells


def _amount(amount: Decimal | None, verdict: OrderVerdict) -> str:
    return "unknown" if amount is None else amount_text(amount, verdict.contract)


def verification_lines(result: Verification) -> list[str]:
    """What a verification says, a line each; the last one is the conclusion."""
    lines = []
    for finding in result.findings:
        mark = "✕" if finding.severity is Severity.PROBLEM else "!"
        lines.append(f"{mark} {finding.subject}: {finding.text}. To do: {finding.advice}.")
    checked = f"{result.valid} of {result.checkpoints} checkpoints valid by both CRC implementations"
    lines.append(f"{'✓' if result.ok else '✕'} {checked}, {result.audit_entries} audit entries in an unbroken chain")
    if any(
        finding.subject in ("audit log", "journal.sqlite") and finding.severity is Severity.PROBLEM
        for finding in result.findings
    ):
        lines[-1] = f"✕ {checked}; the audit log is not to be relied on"
    return lines
