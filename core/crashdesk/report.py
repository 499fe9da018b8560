"""A recovery's report for people: Markdown for a ticket, one self-contained HTML page for an archive. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from crashdesk.exchange.records import Coverage, ExchangeOrder, ScopeStatus
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import (
    OrderVerdict,
    OrderVerdictKind,
    OutcomeKind,
    Plan,
    PositionVerdict,
    PositionVerdictKind,
)
from crashdesk.revalidation import describe
from crashdesk.state import AccountState

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_NOT_DONE = (OutcomeKind.CHANGED, OutcomeKind.REFUSED, OutcomeKind.UNKNOWN, OutcomeKind.SKIPPED)
_CSS = """
:root { color-scheme: light dark; --text: #191d24; --muted: #596273; --line: #dfe2e8; --ground: #ffffff; --tint: #f5f6f8;
  --bad: #b91c27; }
@media (prefers-color-scheme: dark) { :root { --text: #e7eaee; --muted: #a0a9b6; --line: #2b3139; --ground: #14171b;
  --tint: #1a1e23; --bad: #ff8f8a; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 72rem;
  margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p.problem { border-left: 3px solid var(--bad); padding-left: .75rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--muted); background: var(--tint); }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th.number, td.number { text-align: right; white-space: nowrap; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
"""


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """Cells as text; `numeric` are the positions of right-aligned columns."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


class _Section(msgspec.Struct, frozen=True, kw_only=True):
    """A titled part: sentences, then perhaps a table."""

    title: str
    sentences: tuple[str, ...] = ()
    table: _Table | None = None


def report_markdown(report: RecoveryReport) -> str:
    """The whole report as Markdown (with pipe tables); what comes from outside is escaped. Times are UTC."""
    lines = [f"# {_markdown(_title(report))}", ""]
    if report.problem:
        lines += [f"**{_markdown(_sentence(report.problem))}**", ""]
    for section in _sections(report):
        lines += [f"## {_markdown(section.title)}", ""]
        for sentence in section.sentences:
            lines += [_markdown(sentence), ""]
        if section.table is not None:
            lines += [*_markdown_table(section.table), ""]
    return "\n".join(lines).rstrip() + "\n"


def report_html(report: RecoveryReport) -> str:
    """The whole report as one HTML page that needs nothing else; what comes from outside is escaped. Times are UTC."""
    title = html.escape(_title(report))
    parts = [f"<h1>{title}</h1>"]
    if report.problem:
        parts.append(f'<p class="problem">{html.escape(_sentence(report.problem))}</p>')
    for section in _sections(report):
        parts.append(f"<h2>{html.escape(section.title)}</h2>")
        parts += [f"<p>{html.escape(sentence)}</p>" for sentence in section.sentences]
        if section.table is not None:
            parts.append(_html_table(section.table))
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n<style>{_CSS}</style>\n'
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def compared_text(plan: Plan) -> str:
    """What was compared, with its times: `checkpoint 41 of 2026-11-22 03:10:00 UTC and 12 changes journalled until …`."""
    checkpoint = f"checkpoint {plan.checkpoint_seq} of {utc_text(plan.checkpoint_timestamp)}"
    if not plan.changes:
        return "an empty state, since there is no checkpoint" if plan.checkpoint_seq is None else checkpoint
    count = "1 change" if plan.changes == 1 else f"{plan.changes} changes"
    journalled = f"{count} journalled until {utc_text(plan.known_at)}"
    return f"{journalled}, without a checkpoint" if plan.checkpoint_seq is None else f"{checkpoint} and {journalled}"


def utc_text(moment_ns: int | None) -> str:
    """`2026-11-22 03:12:08 UTC`; a dash for None, the nanoseconds where no calendar holds them."""
    if moment_ns is None:
        return "—"
    try:
        moment = _EPOCH + timedelta(microseconds=moment_ns // 1000)
    except OverflowError:
        return f"{moment_ns} ns"
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def _title(report: RecoveryReport) -> str:
    plan = report.plan
    account = f"{plan.exchange}, account {plan.account_label}" if plan.account_label else plan.exchange
    if report.saved is not None:
        return f"Recovered: checkpoint {report.saved.seq} holds the reconciled state of {account}"
    return f"Recovery not finished on {account}: nothing was saved"


def _sections(report: RecoveryReport) -> list[_Section]:
    sections = [_summary(report), _outcomes(report)]
    undecided = _undecided(report)
    if undecided.table is not None:
        sections.append(undecided)
    if report.final is not None:
        sections.append(_remaining(report, report.final))
    last = report.final or report.plan
    if report.plan.intents:
        sections.append(_intents(report.plan))
    return [*sections, _known_orders(last), _positions(last), _account(last), *_coverage(report), _evidence(report)]


def _summary(report: RecoveryReport) -> _Section:
    plan = report.plan
    rows = [
        ("Operator", report.who),
        ("Begun", utc_text(report.started_at)),
        ("Ended", utc_text(report.finished_at)),
        ("Plan", plan.id),
        ("Compared", f"{compared_text(plan)}, with {plan.exchange}"),
        ("Compared at", utc_text(plan.made_at)),
        ("Scopes read", _coverage_text(plan.coverage)),
        ("Saved", "nothing" if report.saved is None else f"checkpoint {report.saved.seq} ({report.saved.name})"),
    ]
    if report.final is not None:
        rows.insert(-1, ("Scopes read again at the end", _coverage_text(report.final.coverage)))
    if report.execution.stopped:
        rows.append(("Stopped", "by the operator, between two orders"))
    if plan.journal_problem:
        rows.append(("What may be missing", plan.journal_problem))
    return _Section(title="Summary", table=_Table(headers=("", ""), rows=tuple(rows)))


def _outcomes(report: RecoveryReport) -> _Section:
    outcomes = report.execution.outcomes
    if not outcomes:
        return _Section(title="Decisions and outcomes", sentences=("No order was touched.",))
    orders = {verdict.key: verdict.live for verdict in report.plan.orphans}
    notes = {decision.order_key: decision.note for decision in report.decisions}
    counts = (
        f"{report.execution.count(OutcomeKind.CANCELLED)} cancelled, "
        f"{report.execution.count(OutcomeKind.FILLED, OutcomeKind.ALREADY_CLOSED)} closed before, "
        f"{report.execution.count(OutcomeKind.ADOPTED)} adopted, {report.execution.count(OutcomeKind.LEFT)} left, "
        f"{report.execution.count(*_NOT_DONE)} not done."
    )
    rows = tuple(
        (
            _order_text(orders.get(outcome.order_key), outcome.order_key),
            outcome.action.value,
            outcome.kind.value.replace("_", " "),
            outcome.text,
            "yes" if outcome.sent else "no",
            utc_text(outcome.at),
            notes.get(outcome.order_key, ""),
        )
        for outcome in outcomes
    )
    headers = ("Order", "Decision", "Outcome", "Proof", "Request sent", "At", "Note")
    return _Section(title="Decisions and outcomes", sentences=(counts,), table=_Table(headers=headers, rows=rows))


def _undecided(report: RecoveryReport) -> _Section:
    touched = {decision.order_key for decision in report.decisions}
    touched |= {outcome.order_key for outcome in report.execution.outcomes}
    left = [verdict for verdict in report.plan.orphans if verdict.key not in touched]
    return _Section(
        title="Orphan orders that were not decided on",
        sentences=("They were not touched and are not in the recovered state.",),
        table=_orphan_table(left),
    )


def _remaining(report: RecoveryReport, final: Plan) -> _Section:
    left = [verdict for verdict in final.orphans if verdict.key not in report.execution.adopted]
    complete = final.coverage.complete
    if not left:
        text = "none." if complete else "none in what could be read; there may be some in what could not."
        return _Section(title="Orphan orders on the exchange afterwards", sentences=(_sentence(text),))
    return _Section(
        title="Orphan orders on the exchange afterwards",
        sentences=() if complete else ("Not every scope was read: there may be more.",),
        table=_orphan_table(left),
    )


def _orphan_table(verdicts: Sequence[OrderVerdict]) -> _Table | None:
    if not verdicts:
        return None
    rows = tuple(
        (
            _order_text(verdict.live, verdict.key),
            verdict.kind.value.replace("_", " "),
            verdict.protects or "—",
            verdict.dismissed or "—",
        )
        for verdict in verdicts
    )
    return _Table(headers=("Order", "Verdict", "Protects", "Left before"), rows=rows)


def _known_orders(plan: Plan) -> _Section:
    known = [verdict for verdict in plan.orders if verdict.known is not None]
    changed = [verdict for verdict in known if verdict.kind is not OrderVerdictKind.MATCHED]
    sentence = f"{len(known)} known, {len(known) - len(changed)} unchanged on the exchange."
    if not changed:
        return _Section(title="Orders that were known", sentences=(sentence,))
    rows = tuple(
        (
            _known_text(verdict),
            verdict.kind.value.replace("_", " "),
            "left the state" if verdict.is_stale else "stays",
            verdict.evidence[-1].text if verdict.evidence else "",
        )
        for verdict in changed
    )
    headers = ("Order", "Fate", "Recovered state", "What proves it")
    return _Section(title="Orders that were known", sentences=(sentence,), table=_Table(headers=headers, rows=rows))


def _intents(plan: Plan) -> _Section:
    """What became of the orders that the bot was about to send when its record ended."""
    sentence = f"{len(plan.intents)} whose outcome the bot did not write down."
    if plan.intents_omitted:
        sentence += f" {plan.intents_omitted} older ones were not looked at."
    rows = tuple(
        (
            f"{each.intent.side} {each.intent.quantity} {each.intent.symbol} at {each.intent.price or 'market'}".strip(),
            each.intent.client_order_id,
            utc_text(each.intent.at),
            each.kind.value.replace("_", " "),
            each.evidence[-1].text if each.evidence else "",
        )
        for each in plan.intents
    )
    headers = ("Order", "Client order id", "Written down", "Fate", "What proves it")
    return _Section(
        title="Orders that were about to be sent", sentences=(sentence,), table=_Table(headers=headers, rows=rows)
    )


def _positions(plan: Plan) -> _Section:
    if not plan.positions:
        return _Section(title="Positions", sentences=("None known, none on the exchange.",))
    rows = tuple(_position_row(verdict) for verdict in plan.positions)
    headers = ("Symbol", "Side", "Known", "Exchange", "Entry price", "Contract size", "Verdict")
    told = tuple(
        f"{verdict.symbol} {verdict.side.leg}: " + " ".join(item.text for item in verdict.evidence)
        for verdict in plan.positions
        if verdict.kind is not PositionVerdictKind.MATCHED
    )
    table = _Table(headers=headers, rows=rows, numeric=frozenset({2, 3, 4, 5}))
    return _Section(title="Positions", sentences=told, table=table)


def _position_row(verdict: PositionVerdict) -> tuple[str, ...]:
    known, live = verdict.known, verdict.live
    known_text = "—"
    if known is not None:
        known_text = str(known.quantity) if known.side is verdict.side else f"{known.side.leg} {known.quantity}"
    unread = verdict.kind is PositionVerdictKind.UNKNOWN
    entry = live.entry_price if live is not None else (known.entry_price if known else None)
    return (
        verdict.symbol,
        verdict.side.leg,
        known_text,
        "not read" if unread else str(live.contracts if live else Decimal(0)),
        _or_dash(entry),
        _or_dash(verdict.contract_size),
        verdict.kind.value.replace("_", " "),
    )


def _account(plan: Plan) -> _Section:
    if plan.live_account is None:
        return _Section(title="Account", sentences=("It could not be read; the sums stay as they were known.",))
    rows = []
    for name in AccountState.__struct_fields__:
        known, live = getattr(plan.known_account, name), getattr(plan.live_account, name)
        change = "—" if live is None else f"{live - known:+f}"
        rows.append((name.replace("_", " "), str(known), _or_dash(live), change))
    headers = ("", "Known", f"Exchange ({plan.live_account.currency})", "Change")
    return _Section(title="Account", table=_Table(headers=headers, rows=tuple(rows), numeric=frozenset({1, 2, 3})))


def _coverage(report: RecoveryReport) -> list[_Section]:
    sections = [_coverage_section("What was read before", report.plan.coverage)]
    if report.final is not None:
        sections.append(_coverage_section("What was read at the end", report.final.coverage))
    return sections


def _coverage_section(title: str, coverage: Coverage) -> _Section:
    rows = tuple(
        (each.scope.label(), each.status.value, str(each.count), utc_text(each.read_at or None), each.reason or "—")
        for each in coverage.readings
    )
    table = _Table(headers=("Scope", "Status", "Records", "At", "Reason"), rows=rows, numeric=frozenset({2}))
    return _Section(title=title, sentences=(_coverage_text(coverage),), table=table if rows else None)


def _evidence(report: RecoveryReport) -> _Section:
    decided = {decision.order_key for decision in report.decisions}
    rows = tuple(
        (_order_text(verdict.live, verdict.key), item.source.value, item.text, utc_text(item.at))
        for verdict in report.plan.orphans
        if verdict.key in decided
        for item in verdict.evidence
    )
    if not rows:
        return _Section(title="Evidence of the decisions", sentences=("No decision was taken.",))
    return _Section(
        title="Evidence of the decisions",
        table=_Table(headers=("Order", "Source", "Fact", "At"), rows=rows),
    )


def _coverage_text(coverage: Coverage) -> str:
    gaps = coverage.gaps()
    text = f"{coverage.read_count()} of {len(coverage.readings)}."
    unsupported = sum(each.status is ScopeStatus.NOT_SUPPORTED for each in gaps)
    if gaps:
        text += f" What is in the other {len(gaps)} is unknown ({unsupported} of them cannot be read at all)."
    return text


def _order_text(order: ExchangeOrder | None, key: str) -> str:
    if order is None:
        return key
    client = f", client order id {order.client_order_id}" if order.client_order_id else ""
    market = "" if order.known_market else ", on a market that the exchange does not list any more"
    return f"{describe(order)}{client}{market}"


def _known_text(verdict: OrderVerdict) -> str:
    known = verdict.known
    assert known is not None
    price = "at the market" if known.price is None else f"at {known.price}"
    return f"{known.side.value} {known.quantity} {known.symbol} {price} (order {known.id})"


def _or_dash(value: Decimal | None) -> str:
    return "—" if value is None else str(value)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _markdown(text: str) -> str:
    """One line in which nothing is markup."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))


def _markdown_table(table: _Table) -> list[str]:
    marks = ["---:" if position in table.numeric else "---" for position in range(len(table.headers))]
    lines = [[_markdown(each) for each in table.headers], marks]
    lines += [[_markdown(cell) for cell in row] for row in table.rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _html_table(table: _Table) -> str:
    number = ' class="number"'

    def row(cells: Sequence[str], tag: str) -> str:
        inside = "".join(
            f"<{tag}{number if position in table.numeric else ''}>{html.escape(cell)}</{tag}>"
            for position, cell in enumerate(cells)
        )
        return f"<tr>{inside}</tr>"

    head = f"<thead>{row(table.headers, 'th')}</thead>\n" if any(table.headers) else ""
    return f"<table>\n{head}<tbody>\n" + "\n".join(row(each, "td") for each in table.rows) + "\n</tbody>\n</table>"
