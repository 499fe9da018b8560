"""A recovery's report for people: Markdown for a ticket, one self-contained HTML page for an archive. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from crashdesk.contracts import amount_text, plain
from crashdesk.exchange.records import Coverage, ExchangeOrder, ScopeKind
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.order_prices import at_price
from crashdesk.reconcile.evidence import intended_price
from crashdesk.reconcile.legs import Leg
from crashdesk.reconcile.records import (
    Action,
    Evidence,
    OrderVerdict,
    OrderVerdictKind,
    Outcome,
    Plan,
    PositionVerdict,
    PositionVerdictKind,
)
from crashdesk.reconcile.words import (
    decision_word,
    intent_verdict_word,
    notional_text,
    order_verdict_word,
    outcome_word,
    position_verdict_word,
)
from crashdesk.report_head import head
from crashdesk.report_left import still_open
from crashdesk.report_orders import filled_section, held_section
from crashdesk.report_page import Page, Section, Table, as_html, as_markdown
from crashdesk.report_stops import stops_notes
from crashdesk.report_summary import coverage_text, money, summary
from crashdesk.report_words import compared_text, leg_words, order_words, sentence, utc_text

_MS = 1_000_000

__all__ = ["compared_text", "report_html", "report_markdown", "utc_text"]


def report_markdown(report: RecoveryReport) -> str:
    """The whole report as Markdown (with pipe tables); what comes from outside is escaped. Times are UTC."""
    return as_markdown(_page(report))


def report_html(report: RecoveryReport) -> str:
    """The whole report as one HTML page that needs nothing else; what comes from outside is escaped. Times are UTC."""
    return as_html(_page(report))


def _page(report: RecoveryReport) -> Page:
    last, first = report.final or report.plan, head(report)
    sections = [*first.sections, summary(report), money(last), _orphans(report)]
    sections += [_positions(last, stops_notes(report)), held_section(report)]
    filled = filled_section(report)
    if filled is not None:
        sections.append(filled)
    sections.append(_known_orders(last))
    if report.plan.intents:
        sections.append(_intents(report.plan))
    sections.append(_coverage("What was read before", report.plan.coverage))
    if report.final is not None:
        sections.append(_coverage("What was read at the end", report.final.coverage))
    sections += [_evidence(report), _record(report)]
    return Page(title=first.verdict, problem=first.problem, sections=tuple(sections))


def _orphans(report: RecoveryReport) -> Section:
    """Every orphan order once: what was decided, what became of it, the proof, and whether it is open now."""
    left = {verdict.key: verdict for verdict in still_open(report)}
    verdicts = {**left, **report.plan.orphan_by_key}
    title = "Orphan orders"
    told = []
    if report.final is not None and not report.final.coverage.complete:
        told.append("Not every part of the account was read: there may be more.")
    if not verdicts:
        return Section(title=title, sentences=(*told, "None was found."))
    decisions = {decision.order_key: decision for decision in report.decisions}
    outcomes = {outcome.order_key: outcome for outcome in report.execution.outcomes}
    rows = []
    for key, verdict in verdicts.items():
        decision, outcome = decisions.get(key), outcomes.get(key)
        rows.append(
            (
                _order_text(verdict),
                _verdict_text(verdict),
                _decision_text(decision.action if decision else None, verdict),
                outcome_word(outcome.kind) if outcome else "—",
                _proof_text(outcome),
                _afterwards(report, key, key in left),
                decision.note if decision else "",
            )
        )
    headers = ("Order", "Verdict", "Decision", "Outcome", "Proof", "Afterwards", "Note")
    told.append(
        "Undecided, untouched (not the bot's) and left before (in an earlier incident): nothing was done to these orders, and "
        "they are not in the recovered state."
    )
    return Section(title=title, sentences=tuple(told), table=Table(headers=headers, rows=tuple(rows)))


def _verdict_text(verdict: OrderVerdict) -> str:
    word = order_verdict_word(verdict.kind)
    return f"{word}; protects: {verdict.protects}" if verdict.protects else word


def _decision_text(action: Action | None, verdict: OrderVerdict) -> str:
    word = decision_word(action, verdict)
    return f"{word}: {verdict.dismissed}" if action is None and verdict.dismissed else word


def _proof_text(outcome: Outcome | None) -> str:
    if outcome is None:
        return "—"
    request = "request sent" if outcome.sent else "no request sent"
    return f"{outcome.text} ({request}, {utc_text(outcome.at)})"


def _afterwards(report: RecoveryReport, key: str, is_open: bool) -> str:
    if key in report.execution.adopted:
        return "in the recovered state"
    if report.final is None:
        return "not read again"
    if is_open:
        return "still open"
    return "gone" if report.final.coverage.complete else "not seen"


def _known_orders(plan: Plan) -> Section:
    known = [verdict for verdict in plan.orders if verdict.known is not None]
    changed = [verdict for verdict in known if verdict.kind is not OrderVerdictKind.MATCHED]
    told = f"{len(known)} known, {len(known) - len(changed)} unchanged on the exchange."
    title = "Orders that were known"
    if not changed:
        return Section(title=title, sentences=(told,))
    rows = tuple(
        (
            _known_text(verdict),
            order_verdict_word(verdict.kind),
            "removed from it, the order is over" if verdict.is_stale else "stays in it",
            verdict.evidence[-1].text if verdict.evidence else "",
        )
        for verdict in changed
    )
    headers = ("Order", "What became of it", "Recovered state", "What proves it")
    return Section(title=title, sentences=(told,), table=Table(headers=headers, rows=rows))


def _intents(plan: Plan) -> Section:
    """What became of the orders that the bot was about to send when its record ended."""
    told = f"{len(plan.intents)} whose outcome the bot did not write down."
    if plan.intents_omitted:
        told += f" {plan.intents_omitted} older ones were not looked at."
    rows = tuple(
        (
            f"{each.intent.side} {amount_text(each.intent.quantity, plan.contracts.get(each.intent.symbol))} "
            f"{each.intent.symbol} at {intended_price(each.intent)}".strip(),
            each.intent.client_order_id,
            utc_text(each.intent.at),
            intent_verdict_word(each.kind),
            each.evidence[-1].text if each.evidence else "",
        )
        for each in plan.intents
    )
    headers = ("Order", "Client order id", "Written down", "What became of it", "What proves it")
    return Section(
        title="Orders that were about to be sent", sentences=(told,), table=Table(headers=headers, rows=rows)
    )


def _positions(plan: Plan, stops: Mapping[Leg, str]) -> Section:
    if not plan.positions:
        none = "None known, none on the exchange."
        if not plan.coverage.covers_all(ScopeKind.POSITIONS):
            none = "None known; what the exchange has could not be read."
        return Section(title="Positions", sentences=(none,))
    headers = ("Symbol", "Side", "Known", "Exchange", "Entry known", "Entry now", "Stops", "Verdict")
    points = tuple(
        f"{verdict.symbol} {verdict.side.leg}: {_sentences(verdict.evidence)}"
        for verdict in plan.positions
        if verdict.kind is not PositionVerdictKind.MATCHED
    )
    rows = tuple(_position_row(verdict, stops) for verdict in plan.positions)
    return Section(
        title="Positions", points=points, table=Table(headers=headers, rows=rows, numeric=frozenset({2, 3, 4, 5}))
    )


def _position_row(verdict: PositionVerdict, stops: Mapping[Leg, str]) -> tuple[str, ...]:
    known, live, contract = verdict.known, verdict.live, verdict.contract
    known_text = "—"
    if known is not None:
        known_text = amount_text(known.quantity, contract)
        known_text = known_text if known.side is verdict.side else f"{known.side.leg} {known_text}"
    unread = verdict.kind is PositionVerdictKind.UNKNOWN
    return (
        verdict.symbol,
        verdict.side.leg,
        known_text,
        "not read" if unread else amount_text(live.contracts if live else Decimal(0), contract),
        "—" if known is None else str(plain(known.entry_price)),
        _entry_now(verdict),
        stops.get((verdict.symbol, verdict.side), "—"),
        position_verdict_word(verdict.kind),
    )


def _entry_now(verdict: PositionVerdict) -> str:
    if verdict.kind is PositionVerdictKind.UNKNOWN:
        return "not read"
    if verdict.live is None:
        return "—"
    return "not told" if verdict.live.entry_price is None else str(plain(verdict.live.entry_price))


def _coverage(title: str, coverage: Coverage) -> Section:
    rows = tuple(
        (each.scope.label(), each.status.value, str(each.count), utc_text(each.read_at or None), each.reason or "—")
        for each in coverage.readings
    )
    headers = ("Part of the account", "Status", "Records", "At", "Reason")
    table = Table(headers=headers, rows=rows, numeric=frozenset({2}))
    return Section(title=title, sentences=(sentence(coverage_text(coverage)),), table=table if rows else None)


def _evidence(report: RecoveryReport) -> Section:
    decided = {decision.order_key for decision in report.decisions}
    rows = tuple(
        (_order_text(verdict), item.source.value, item.text, utc_text(item.at))
        for verdict in report.plan.orphans
        if verdict.key in decided
        for item in verdict.evidence
    )
    title = "Evidence of the decisions"
    if not rows:
        return Section(title=title, sentences=("No decision was taken.",))
    return Section(title=title, table=Table(headers=("Order", "Source", "Fact", "At"), rows=rows))


def _record(report: RecoveryReport) -> Section:
    """Who, when, and by which clock."""
    plan = report.plan
    rows = [
        ("Operator", report.who),
        ("Compared at", utc_text(plan.made_at)),
        ("Begun", utc_text(report.started_at)),
        ("Ended", utc_text(report.finished_at)),
        ("Clock", _clock_text(plan)),
    ]
    return Section(title="Record", table=Table(headers=("", ""), rows=tuple(rows)))


def _clock_text(plan: Plan) -> str:
    """Whose clock the times are of, and how far the exchange's was from it."""
    told = "times are this machine's, as in the audit log; when an order filled or ended is by the exchange's"
    if plan.known_at is None or plan.known_at_exchange is None:
        return told
    ahead = plan.known_at_exchange - plan.known_at
    way = "ahead of" if ahead > 0 else "behind"
    return f"{told}, which was {abs(ahead) // _MS} ms {way} it" if abs(ahead) >= _MS else told


def _order_text(verdict: OrderVerdict) -> str:
    order: ExchangeOrder | None = verdict.live
    if order is None:
        return verdict.key
    worth = notional_text(verdict)
    money_part = f", worth {worth}" if worth else ""
    client = f", client order id {order.client_order_id}" if order.client_order_id else ""
    market = "" if order.known_market else ", on a market that the exchange does not list any more"
    return f"{order_words(order, verdict.contract)}{money_part}{client}{market}"


def _known_text(verdict: OrderVerdict) -> str:
    known = verdict.known
    assert known is not None
    amount = amount_text(known.quantity, verdict.contract)
    words = f"{known.side.value} {amount} {known.symbol} {at_price(known)} (order {known.id})"
    leg = leg_words(verdict.live)
    return f"{words}, {leg}" if leg else words


def _sentences(evidence: Sequence[Evidence]) -> str:
    return " ".join(sentence(item.text) for item in evidence)
