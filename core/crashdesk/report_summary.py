"""What a recovery's report says first: what happened, what is still at risk, and the money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from crashdesk.config import AccountMode
from crashdesk.contracts import amount_text, plain, quote_of
from crashdesk.exchange.records import Coverage, ScopeStatus
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import OrderVerdict, OutcomeKind, Plan
from crashdesk.reconcile.stop_cover import StopJudgement, by_urgency, stops_text
from crashdesk.report_page import Section, Table
from crashdesk.report_words import compared_text, counted, sentence, span_text, utc_text

NOT_DONE = (OutcomeKind.CHANGED, OutcomeKind.REFUSED, OutcomeKind.UNKNOWN, OutcomeKind.SKIPPED)
_MODES = {
    AccountMode.LIVE: "LIVE: real money",
    AccountMode.SANDBOX: "sandbox: no real money",
    None: "whether live or sandbox is not told",
}
_SUMS = (
    ("equity", "Equity"),
    ("balance", "Balance"),
    ("available", "Available"),
    ("margin_used", "Margin used"),
    ("unrealized_pnl", "Unrealized PnL"),
)


def account_words(report: RecoveryReport) -> str:
    """`grid-1 on okx, account main (sandbox: no real money)`."""
    plan = report.plan
    where = f"{plan.exchange}, account {plan.account_label}" if plan.account_label else plan.exchange
    return f"{report.bot} on {where} ({_MODES[plan.mode]})" if report.bot else f"{where} ({_MODES[plan.mode]})"


def summary(report: RecoveryReport) -> Section:
    """Which bot, how long it was down, from what it was recovered, and what was done."""
    plan = report.plan
    told = [
        f"Bot: {account_words(report)}.",
        _downtime(report),
        f"Compared with the exchange: {compared_text(plan)}.",
        *(
            f"Checkpoint {item.info.seq} of {utc_text(item.info.timestamp)} is damaged and was passed over: {item.reason}."
            for item in report.skipped
        ),
        f"Read from the exchange: {coverage_text(plan.coverage)}",
        _done(report),
        "Saved: nothing."
        if report.saved is None
        else f"Saved: checkpoint {report.saved.seq} holds the reconciled state.",
    ]
    if report.execution.stopped:
        told.append(sentence(report.execution.problem or "the operator stopped it between two orders"))
    return Section(title="Summary", points=tuple(told))


def at_risk(report: RecoveryReport) -> Section:
    """What nobody may take for settled."""
    last = report.final or report.plan
    points = tuple(_risks(report, last))
    told = []
    if report.final is None:
        told.append("The exchange was not read again at the end: this is how it was before.")
    if not points:
        told.append("Nothing: everything was read, no orphan order is left, and stops cover every position.")
    return Section(title="What is still at risk", sentences=tuple(told), points=points)


def money(plan: Plan) -> Section:
    """The account as it was known, and as the exchange tells it now."""
    live = plan.live_account
    if live is None:
        return Section(title="Money", sentences=("The account could not be read; the sums stay as they were known.",))
    rows = []
    for name, title in _SUMS:
        known, now = getattr(plan.known_account, name), getattr(live, name)
        told, change = ("not told", "—") if now is None else (str(plain(now)), f"{plain(now - known):+f}")
        rows.append((title, str(plain(known)), told, change))
    headers = ("", f"Known before ({live.currency})", f"On the exchange now ({live.currency})", "Change")
    realised: tuple[str, ...] = ()
    if live.balance is not None:
        gained = live.balance - plan.known_account.balance
        realised = (
            f"Realised since the last known state: {plain(gained):+f} {live.currency}. "
            "It is the change of the balance: realised profit and loss, fees, funding and transfers together.",
        )
    table = Table(headers=headers, rows=tuple(rows), numeric=frozenset({1, 2, 3}))
    return Section(title="Money", sentences=realised, table=table)


def coverage_text(coverage: Coverage) -> str:
    """How many parts of the account were read, and which these are."""
    asked, gaps = len(coverage.readings), coverage.gaps()
    if not gaps:
        kinds = ", ".join(dict.fromkeys(reading.scope.kind.value for reading in coverage.readings))
        return f"all {asked} of {asked} parts of the account that were asked for ({kinds})."
    text = f"{coverage.read_count()} of {asked} parts of the account that were asked for."
    unsupported = sum(each.status is ScopeStatus.NOT_SUPPORTED for each in gaps)
    return f"{text} What is in the other {len(gaps)} is unknown ({unsupported} of them cannot be read at all)."


def still_open(report: RecoveryReport) -> tuple[OrderVerdict, ...]:
    """The orphan orders on the exchange that were not adopted, as they were read last."""
    last = report.final or report.plan
    return tuple(each for key, each in last.orphan_by_key.items() if key not in report.execution.adopted)


def _downtime(report: RecoveryReport) -> str:
    seen = (report.plan.known_at, *(item.info.timestamp for item in report.skipped))
    stopped = max((each for each in seen if each is not None), default=None)
    if stopped is None:
        return f"When the bot stopped is not known; the recovery ended at {utc_text(report.finished_at)}."
    return (
        f"The bot's last recorded state is of {utc_text(stopped)}, and the recovery ended at {utc_text(report.finished_at)}: "
        f"it was down for {span_text(report.finished_at - stopped)} until then."
    )


def _done(report: RecoveryReport) -> str:
    execution = report.execution
    if not execution.outcomes:
        return "Done on the exchange: nothing. No order was touched."
    return (
        f"Done: {execution.count(OutcomeKind.CANCELLED)} cancelled, "
        f"{execution.count(OutcomeKind.FILLED, OutcomeKind.ALREADY_CLOSED)} closed before, "
        f"{execution.count(OutcomeKind.ADOPTED)} adopted, {execution.count(OutcomeKind.LEFT)} left, "
        f"{execution.count(*NOT_DONE)} not done."
    )


def _risks(report: RecoveryReport, last: Plan) -> Iterator[str]:
    undone = report.execution.count(*NOT_DONE)
    if undone:
        yield f"{counted(undone, 'decided order')} could not be handled; each is named below with the reason."
    left = still_open(report)
    if left:
        orders = "1 orphan order is" if len(left) == 1 else f"{len(left)} orphan orders are"
        yield f"{orders} open on the exchange and not in the recovered state{_worth(left)}."
    for judged, position in by_urgency(last.positions):
        if judged is not StopJudgement.ALL:
            size = f" {amount_text(position.live.contracts, position.contract)}" if position.live is not None else ""
            yield f"{position.symbol} {position.side.leg}{size}: {stops_text(position)}."
    for gap in last.coverage.gaps():
        yield f"Not read, so unknown: {gap.scope.label()} ({gap.reason or gap.status.value})."
    if report.plan.journal_problem:
        yield f"Something may be missing in what was known: {report.plan.journal_problem}."


def _worth(orders: tuple[OrderVerdict, ...]) -> str:
    told = [verdict.notional for verdict in orders if verdict.notional is not None]
    if len(told) != len(orders):
        return ""
    currencies = {quote_of(verdict.live.symbol) for verdict in orders if verdict.live is not None}
    return f", together worth {plain(sum(told, Decimal(0)))} {currencies.pop()}" if len(currencies) == 1 else ""
