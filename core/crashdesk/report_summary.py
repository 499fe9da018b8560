"""What a recovery's report says of the bot, of what was compared, of the orders that were handled, and of the money."""

from __future__ import annotations

from crashdesk.contracts import plain
from crashdesk.exact import difference
from crashdesk.exchange.records import Coverage, ScopeStatus
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import NOT_DONE, OutcomeKind, Plan
from crashdesk.reconcile.tally import tally
from crashdesk.report_page import Section, Table
from crashdesk.report_words import account_words, compared_text, span_text, utc_text

_SUMS = (
    ("equity", "Equity"),
    ("balance", "Balance"),
    ("available", "Available"),
    ("margin_used", "Margin used"),
    ("unrealized_pnl", "Unrealized PnL"),
)


def summary(report: RecoveryReport) -> Section:
    """Which bot, how long it was down, and what was compared with what."""
    plan = report.plan
    told = [
        f"Bot: {account_words(report.bot, plan.exchange, plan.account_label, plan.mode)}.",
        _downtime(report),
        f"Compared with the exchange: {compared_text(plan)}.",
        *(
            f"Checkpoint {item.info.seq} of {utc_text(item.info.timestamp)} is damaged and was passed over: {item.reason}."
            for item in report.skipped
        ),
        f"Read from the exchange: {coverage_text(plan.coverage)}",
    ]
    return Section(title="What was recovered", points=tuple(told))


def money(plan: Plan) -> Section:
    """The account as it was known, and as the exchange tells it now."""
    live = plan.live_account
    if live is None:
        return Section(title="Money", sentences=("The account could not be read; the sums stay as they were known.",))
    rows = []
    for name, title in _SUMS:
        known, now = getattr(plan.known_account, name), getattr(live, name)
        told, change = ("not told", "—") if now is None else (str(plain(now)), f"{plain(difference(now, known)):+f}")
        rows.append((title, str(plain(known)), told, change))
    headers = ("", f"Known before ({live.currency})", f"On the exchange now ({live.currency})", "Change")
    realised: tuple[str, ...] = ()
    if live.balance is not None:
        gained = difference(live.balance, plan.known_account.balance)
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


def _downtime(report: RecoveryReport) -> str:
    seen = (report.plan.known_at, *(item.info.timestamp for item in report.skipped))
    stopped = max((each for each in seen if each is not None), default=None)
    if stopped is None:
        return f"When the bot stopped is not known; the recovery ended at {utc_text(report.finished_at)}."
    return (
        f"The bot's last recorded state is of {utc_text(stopped)}, and the recovery ended at {utc_text(report.finished_at)}: "
        f"it was down for {span_text(report.finished_at - stopped)} until then."
    )


def orders_done(report: RecoveryReport) -> str:
    """How many orders met which fate."""
    execution = report.execution
    if not execution.outcomes:
        return "Orders: no order was touched."
    return (
        f"Orders: {execution.count(OutcomeKind.CANCELLED)} cancelled, "
        f"{execution.count(OutcomeKind.FILLED, OutcomeKind.ALREADY_CLOSED)} closed before, "
        f"{execution.count(OutcomeKind.ADOPTED)} adopted, {execution.count(OutcomeKind.LEFT)} left by decision, "
        f"{execution.count(*NOT_DONE)} not done{_unknown(execution.count(OutcomeKind.UNKNOWN))}{_without_decision(report)}."
    )


def _unknown(count: int) -> str:
    return f", {count} unknown" if count else ""


def _without_decision(report: RecoveryReport) -> str:
    """`, 3 untouched`: the orphan orders that nobody decided on, as they were read last."""
    decided = {outcome.order_key for outcome in report.execution.outcomes}
    orphans = (report.final or report.plan).orphans
    rest = tally(each for each in orphans if each.key not in decided and each.key not in report.execution.adopted)
    counts = (
        (len(rest.waiting), "undecided"),
        (rest.left_alone, "untouched"),
        (rest.left_before, "left before"),
    )
    return "".join(f", {count} {word}" for count, word in counts if count)
