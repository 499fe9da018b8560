"""What nobody may take for settled after a recovery, and what stays though it is no risk. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from crashdesk.contracts import amount_text, plain, quote_of
from crashdesk.reconcile.records import NOT_DONE, OrderVerdict, OrderVerdictKind, OutcomeKind, Plan, PositionVerdictKind
from crashdesk.reconcile.stop_cover import STOPS, StopJudgement, judge_stops
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_conclusion import own_left
from crashdesk.report_page import Section
from crashdesk.report_stops import told_stops
from crashdesk.report_words import counted, order_words

_NAMED = 5
_OVER = frozenset({OutcomeKind.CANCELLED, OutcomeKind.FILLED, OutcomeKind.ALREADY_CLOSED})
_UNCLEAR = frozenset(OrderVerdictKind) - {OrderVerdictKind.FOREIGN, OrderVerdictKind.OWN_ORPHAN}
_WHOSE = (
    (frozenset({OrderVerdictKind.FOREIGN}), "not the bot's"),
    (_UNCLEAR, "not provably the bot's"),
    (frozenset({OrderVerdictKind.OWN_ORPHAN}), "the bot's own and unknown to it"),
)


def at_risk(report: RecoveryReport) -> Section:
    """The risks as points; what stays and protects is said apart."""
    points = risks(report)
    told = []
    if report.final is None:
        told.append("The exchange was not read again at the end: this is how it was before.")
    staying = protecting(report)
    if not points:
        orphans = "no other orphan order" if staying else "no orphan order"
        told.append(
            f"Nothing: everything was read, {orphans} is left, and stops cover every position."
            if told_stops(report)
            else f"Nothing: everything was read, and {orphans} is left."
        )
    return Section(title="What is still at risk", sentences=(*told, *staying), points=points)


def risks(report: RecoveryReport) -> tuple[str, ...]:
    """Each risk as a sentence, none for none."""
    last = report.final or report.plan
    return (*_of_orders(report), *_of_positions(report), *_of_what_was_not_told(report, last))


def protecting(report: RecoveryReport) -> tuple[str, ...]:
    """What stays on the exchange and protects a position, in a sentence for each sort of owner."""
    sentences = []
    left = [each for each in still_open(report) if each.protective]
    for kinds, whose in _WHOSE:
        found = [each for each in left if each.kind in kinds]
        stop = "stop" if all(each.live and each.live.order_type in STOPS for each in found) else "order"
        if found:
            verb, stays = ("is", "stays") if len(found) == 1 else ("are", "stay")
            sentences.append(
                f"{counted(len(found), f'protective {stop}')} that {verb} {whose} {stays}: {_named(found)}."
            )
    return tuple(sentences)


def still_open(report: RecoveryReport) -> tuple[OrderVerdict, ...]:
    """The orphan orders on the exchange that were not adopted, as they were read last; none that was proved to be over."""
    last, over = report.final or report.plan, report.execution.adopted
    if report.final is None:
        over |= {each.order_key for each in report.execution.outcomes if each.kind in _OVER}
    return tuple(each for key, each in last.orphan_by_key.items() if key not in over)


def _of_orders(report: RecoveryReport) -> Iterator[str]:
    undone = report.execution.count(*NOT_DONE)
    if undone:
        yield f"{counted(undone, 'decided order')} could not be handled; each is named below with the reason."
    for key in sorted(report.execution.adopted):
        verdict = report.plan.orphan_by_key.get(key)
        if verdict is not None and not _is_own(verdict):
            yield (
                f"Adopted, though nothing proves that it is the bot's: {order_words(verdict.live, verdict.contract)}. "
                "The bot manages it from its next start; make sure that nobody else does."
            )
    undecided = {each.key for each in own_left(report)}
    left = [each for each in still_open(report) if not each.protective]
    doomed = [each for each in left if each.key in undecided and each.preselected]
    if doomed:
        verb, it = ("is", "it") if len(doomed) == 1 else ("are", "them")
        yield (
            f"{len(doomed)} of the bot's own orders {verb} open on the exchange, unknown to it, and nobody decided: "
            f"{_named(doomed)}{_worth(doomed)}. The bot's next start cancels {it}, unless its configuration says otherwise "
            "(cancel_orphan_orders)."
        )
    named = {each.key for each in doomed}
    rest = [each for each in left if each.key not in named]
    if rest:
        other = "other " if doomed else ""
        orders = f"1 {other}orphan order is" if len(rest) == 1 else f"{len(rest)} {other}orphan orders are"
        yield f"{orders} open on the exchange and not in the recovered state{_worth(rest)}: {_named(rest)}."


def _of_positions(report: RecoveryReport) -> Iterator[str]:
    for told in told_stops(report):
        position = told.verdict
        if told.judged is not StopJudgement.ALL:
            size = f" {amount_text(position.live.contracts, position.contract)}" if position.live is not None else ""
            yield f"{position.symbol} {position.side.leg}{size}: {told.text}."


def _of_what_was_not_told(report: RecoveryReport, last: Plan) -> Iterator[str]:
    if last.untold_orders:
        known = counted(last.untold_orders, "order")
        yield f"What became of {known} that the bot knew is not known: open, filled or gone."
    if last.untold_intents:
        sent = counted(last.untold_intents, "order")
        yield f"Whether {sent} that the bot was about to send arrived is not known."
    for position in last.positions:
        if position.kind is PositionVerdictKind.UNKNOWN and judge_stops(position) is None:
            yield f"How much of {position.symbol} {position.side.leg} is held is not known: it stays as it was known."
    for gap in last.coverage.gaps():
        yield f"Not read, so unknown: {gap.scope.label()} ({gap.reason or gap.status.value})."
    if report.plan.journal_problem:
        yield f"Something may be missing in what was known: {report.plan.journal_problem}."


def _is_own(verdict: OrderVerdict) -> bool:
    return verdict.kind is OrderVerdictKind.OWN_ORPHAN


def _named(orders: Sequence[OrderVerdict]) -> str:
    named = "; ".join(order_words(each.live, each.contract) for each in orders[:_NAMED])
    return f"{named}; and {len(orders) - _NAMED} more, named below" if len(orders) > _NAMED else named


def _worth(orders: Sequence[OrderVerdict]) -> str:
    told = [verdict.notional for verdict in orders if verdict.notional is not None]
    if len(told) != len(orders):
        return ""
    currencies = {quote_of(verdict.live.symbol) for verdict in orders if verdict.live is not None}
    together = "together worth" if len(orders) > 1 else "worth"
    return f", {together} {plain(sum(told, Decimal(0)))} {currencies.pop()}" if len(currencies) == 1 else ""
