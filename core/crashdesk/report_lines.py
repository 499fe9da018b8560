"""The end of a recovery in a terminal: the report's first parts as lines. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crashdesk.contracts import amount_text, plain
from crashdesk.reconcile.legs import Leg
from crashdesk.reconcile.records import Plan, PositionVerdict, PositionVerdictKind
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_conclusion import Ending, conclude, headline
from crashdesk.report_risks import protecting, risks, still_open
from crashdesk.report_stops import stops_notes
from crashdesk.report_summary import done_text
from crashdesk.report_words import account_words, counted, sentence


def summary_lines(report: RecoveryReport) -> list[str]:
    """The judgement, what was done, money, positions with their stops, what is left, and what is at risk."""
    plan, last, told = report.plan, report.final or report.plan, conclude(report)
    lines = [f"{told.mark} {headline(report)}"]
    if report.problem:
        lines.append(f"  {sentence(report.problem)}")
    lines += ["", f"Account: {account_words(report.bot, plan.exchange, plan.account_label, plan.mode)}"]
    lines += [done_text(report), *_money(last), *_positions(last, stops_notes(report)), *_held(report), *_left(report)]
    points = risks(report)
    at_risk = "Still at risk" if report.final is not None else "At risk, as it was read before"
    lines += [f"{at_risk}:", *(f"  ! {point}" for point in points)] if points else [f"{at_risk}: nothing."]
    if told.ending is Ending.SAVED:
        lines.append("The bot's next start restores this checkpoint.")
    return lines


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
    return f"{name} {plain(now)} {currency} (was {plain(before)}, {plain(now - before):+f})"


def _positions(last: Plan, stops: Mapping[Leg, str]) -> list[str]:
    if not last.positions:
        return []
    return ["Positions on the exchange:", *(f"  {_position(each, stops)}" for each in last.positions)]


def _position(verdict: PositionVerdict, stops: Mapping[Leg, str]) -> str:
    leg = f"{verdict.symbol} {verdict.side.leg}"
    if verdict.kind is PositionVerdictKind.UNKNOWN:
        known = amount_text(verdict.known.quantity, verdict.contract) if verdict.known is not None else "unknown"
        return f"? {leg}: could not be read, {known} as it was known"
    if verdict.live is None:
        return f"{leg}: closed since"
    note = stops.get((verdict.symbol, verdict.side), "")
    return f"{leg} {amount_text(verdict.live.contracts, verdict.contract)}" + (f": {note}" if note else "")


def _held(report: RecoveryReport) -> list[str]:
    if report.state is None:
        return []
    orders = counted(len(report.state.open_orders), "open order")
    positions = counted(len(report.state.positions), "position")
    return [f"The saved state holds {positions} and {orders}."]


def _left(report: RecoveryReport) -> list[str]:
    if report.final is None:
        return ["Left on the exchange: not known, it was not read again."]
    left = still_open(report)
    if not left:
        return ["Left on the exchange: no orphan order."]
    return [f"Left on the exchange: {counted(len(left), 'orphan order')}.", *protecting(report)]
