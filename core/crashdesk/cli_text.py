"""What the command line prints: pure renderings of records."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.markup import escape
from rich.table import Table

from crashdesk.findings import Severity
from crashdesk.inspection import FileDetails
from crashdesk.recall import LastKnown
from crashdesk.reconcile.records import OrderVerdict, Plan, PositionVerdict, PositionVerdictKind
from crashdesk.report import utc_text
from crashdesk.state import Side, SystemState
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import CheckpointInfo
from crashdesk.verification import Verification


def _text(value: Decimal | str | None) -> str:
    return "unknown" if value is None else escape(str(value))


def checkpoint_table(rows: Sequence[tuple[CheckpointInfo, FileDetails | None, str]], causes: dict[int, Cause]) -> Table:
    """(checkpoint, details or None, problem) rows, newest first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title, right in (
        ("SEQ", True),
        ("TIME", False),
        ("CAUSE", False),
        ("EQUITY", True),
        ("POSITIONS", True),
        ("ORDERS", True),
    ):
        table.add_column(title, justify="right" if right else "left", overflow="fold")
    table.add_column("SIZE", justify="right", overflow="fold")
    table.add_column("INTEGRITY")
    for info, details, problem in rows:
        state = details.state if details else None
        cause = causes.get(info.seq)
        table.add_row(
            str(info.seq),
            utc_text(info.timestamp),
            (cause.value if cause else "-") + (" (pinned)" if info.pinned else ""),
            str(state.account.equity) if state else "-",
            str(len(state.positions)) if state else "-",
            str(len(state.open_orders)) if state else "-",
            str(details.size) if details else "-",
            "✓ intact" if state else f"✕ {escape(problem)}",
        )
    return table


def state_tables(state: SystemState) -> list[Table]:
    """Account, positions, orders and strategies of one state."""
    account = Table(title="Account", title_justify="left", box=None, show_header=False, pad_edge=False)
    for name in state.account.__struct_fields__:
        account.add_row(name, str(getattr(state.account, name)))
    positions = _table("Positions", ("symbol", "side", "quantity", "entry", "unrealized", "opened"))
    for position in state.positions:
        word = "▲ long" if position.side is Side.BUY else "▼ short"
        positions.add_row(
            escape(position.symbol),
            word,
            str(position.quantity),
            str(position.entry_price),
            str(position.unrealized_pnl),
            utc_text(position.opened_at),
        )
    orders = _table(
        "Open orders", ("id", "client id", "symbol", "side", "type", "quantity", "filled", "price", "status")
    )
    for order in state.open_orders:
        orders.add_row(
            escape(order.id),
            escape(order.client_order_id),
            escape(order.symbol),
            order.side.value,
            order.order_type.value,
            str(order.quantity),
            str(order.filled_quantity),
            _text(order.price) if order.price is not None else "-",
            order.status.value,
        )
    strategies = _table("Strategies", ("name", "bytes"))
    for strategy in state.strategy_states or ():
        strategies.add_row(escape(strategy.name), str(len(strategy.state_data)))
    return [account, positions, orders, *([strategies] if state.strategy_states else [])]


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


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        right = column in {"quantity", "entry", "unrealized", "filled", "price", "amount", "bytes", "known", "exchange"}
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    return table


def plan_tables(plan: Plan) -> list[Table]:
    """Coverage, positions and orders of a plan, and what became of the orders that were about to be sent."""
    coverage = _table("Read from the exchange", ("scope", "result", "records"))
    for reading in plan.coverage.readings:
        mark = "✓" if reading.status.value == "read" else "?"
        reason = f": {escape(reading.reason)}" if reading.reason else ""
        coverage.add_row(escape(reading.scope.label()), f"{mark} {reading.status.value}{reason}", str(reading.count))
    positions = _table("Positions", ("verdict", "symbol", "known", "exchange", "note"))
    for leg in plan.positions:
        differs = leg.kind is not PositionVerdictKind.MATCHED and leg.evidence
        note = leg.evidence[-1].text if differs else ""
        positions.add_row(leg.kind.value, escape(leg.symbol), _known(leg), _live(leg), escape(note))
    orders = _table("Orders", ("verdict", "symbol", "side", "amount", "price", "order", "client id", "note"))
    for verdict in plan.orders:
        orders.add_row(*_order_cells(verdict))
    intents = _table("Orders that were about to be sent", ("fate", "symbol", "side", "amount", "price", "client id"))
    for each in plan.intents:
        wanted = each.intent
        cells = (wanted.symbol, wanted.side, wanted.quantity, wanted.price or "market", wanted.client_order_id)
        intents.add_row(each.kind.value, *(escape(cell) for cell in cells))
    return [coverage, positions, orders, intents]


def _known(leg: PositionVerdict) -> str:
    return "-" if leg.known is None else f"{leg.known.side.leg} {leg.known.quantity}"


def _live(leg: PositionVerdict) -> str:
    return "-" if leg.live is None else f"{leg.live.side.leg} {leg.live.contracts}"


def _order_cells(verdict: OrderVerdict) -> tuple[str, ...]:
    live, known = verdict.live, verdict.known
    notes = []
    if verdict.preselected:
        notes.append("proposed for cancellation")
    if verdict.protective:
        notes.append(f"protects: {verdict.protects}")
    if verdict.dismissed:
        notes.append(f"left alone: {verdict.dismissed}")
    if live is not None:
        price = live.price if live.price is not None else live.trigger_price
        cells = (live.symbol, live.side.value, _text(live.amount), _text(price), live.id, live.client_order_id)
    elif known is not None:
        price = known.price
        cells = (known.symbol, known.side.value, str(known.quantity), _text(price), known.id, known.client_order_id)
    else:
        cells = ("", "", "", "", "", "")
    return (verdict.kind.value, *(escape(cell) for cell in cells), escape("; ".join(notes)))


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
