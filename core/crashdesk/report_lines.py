"""The end of a recovery in a terminal: the report's first parts as lines. Pure."""

from __future__ import annotations

from decimal import Decimal

from crashdesk.contracts import amount_text, plain
from crashdesk.exact import difference
from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk.reconcile.stop_cover import StopJudgement
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_head import head
from crashdesk.report_orders import fill_lines
from crashdesk.report_page import Section
from crashdesk.report_words import account_words


def summary_lines(report: RecoveryReport) -> list[str]:
    """The report's head as a file has it, then whose account it is, money, the positions not named yet, and what filled."""
    plan, last, first = report.plan, report.final or report.plan, head(report)
    lines = [first.verdict]
    if first.problem:
        lines.append(f"  {first.problem}")
    for section in first.sections:
        lines += ["", *_section(section)]
    lines += ["", f"Account: {account_words(report.bot, plan.exchange, plan.account_label, plan.mode)}"]
    filled = report.filled
    title = "Filled since the last known state (times by the exchange's clock):"
    fills = [title, *(f"  {line}" for line in fill_lines(filled))] if filled else []
    return [*lines, *_money(last), *_positions(report, last), *fills]


def _section(section: Section) -> list[str]:
    return [
        f"{section.title}:",
        *(f"  {sentence}" for sentence in section.sentences),
        *(f"  ! {point}" for point in section.points),
    ]


def _money(last: Plan) -> list[str]:
    live = last.live_account
    if live is None:
        return ["Money: the account could not be read."]
    sums = (("equity", live.equity, last.known_account.equity), ("balance", live.balance, last.known_account.balance))
    parts = [_sum(name, now, before, live.currency) for name, now, before in sums]
    return [f"Money: {', '.join(parts)}."]


def _sum(name: str, now: Decimal | None, before: Decimal, currency: str) -> str:
    if now is None:
        return f"{name} not told, {plain(before)} as it was known"
    return f"{name} {plain(now)} {currency} (was {plain(before)}, {plain(difference(now, before)):+f})"


def _positions(report: RecoveryReport, last: Plan) -> list[str]:
    """The positions that were read and are not among the risks: those are named there."""
    told = report.stops
    notes = {(each.verdict.symbol, each.verdict.side): each.note for each in told}
    at_risk = {(each.verdict.symbol, each.verdict.side) for each in told if each.judged is not StopJudgement.ALL}
    lines = []
    for verdict in last.positions:
        leg, name = (verdict.symbol, verdict.side), f"{verdict.symbol} {verdict.side.leg}"
        if leg in at_risk or verdict.kind is PositionVerdictKind.UNKNOWN:
            continue
        if verdict.live is None:
            lines.append(f"  {name}: closed since")
            continue
        note = notes.get(leg, "")
        size = amount_text(verdict.live.contracts, verdict.contract)
        lines.append(f"  {name} {size}" + (f": {note}" if note else ""))
    named_above = len(lines) < len(last.positions)
    title = "Positions that are not named above:" if named_above else "Positions on the exchange:"
    return [title, *lines] if lines else []
