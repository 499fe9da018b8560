"""What nobody may take for settled after a recovery, and what stays though it is no risk. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crashdesk.contracts import amount_text, plain, quote_of
from crashdesk.exact import total
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind, Plan, PositionVerdictKind
from crashdesk.reconcile.stop_cover import STOPS, StopJudgement, judge_stops
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report_conclusion import Conclusion, Ending
from crashdesk.report_left import staying, still_open
from crashdesk.report_page import Section
from crashdesk.report_stops import ToldStops
from crashdesk.report_words import counted, order_words

_NAMED = 5
_UNCLEAR = frozenset(OrderVerdictKind) - {OrderVerdictKind.FOREIGN, OrderVerdictKind.OWN_ORPHAN}
_WHOSE = (
    (frozenset({OrderVerdictKind.FOREIGN}), "not the bot's"),
    (_UNCLEAR, "not provably the bot's"),
    (frozenset({OrderVerdictKind.OWN_ORPHAN}), "the bot's own and unknown to it"),
)


def at_risk(report: RecoveryReport) -> Section:
    """The risks as points; what stays though it is none is said apart."""
    points, notes = risks(report), noted(report)
    told = []
    if report.final is None:
        told.append("The exchange was not read again at the end: this is how it was before.")
        if not points:
            told.append("No orphan order is left by that and by what was done; what is open now is not known.")
    elif not points:
        told.append(_nothing(report, notes))
    return Section(title="What is still at risk", sentences=(*told, *notes), points=points)


def risks(report: RecoveryReport) -> tuple[str, ...]:
    """Each risk as a sentence, none for none. With one, the conclusion is never calm."""
    last, told = report.final or report.plan, report.conclusion
    stops = tuple(_of_position(each) for each in told.uncovered)
    return (*_of_orders(told, read_again=report.final is not None), *stops, *_of_what_was_not_told(report, last))


def noted(report: RecoveryReport) -> tuple[str, ...]:
    """What stays though it is no risk, as sentences: who protects, whose orders nobody touches, and that no stops are used."""
    others = staying(report)
    bare = (_of_position(each) for each in report.stops if each.judged is StopJudgement.UNUSED)
    return (*protecting(report), *((_open_orders(others, ""),) if others else ()), *bare)


def _nothing(report: RecoveryReport, notes: Sequence[str]) -> str:
    stops = [each.judged for each in report.stops]
    left = still_open(report)
    # An order that stays is named in a note below.
    orphans = "no other orphan order" if left and notes else "no orphan order"
    if StopJudgement.ALL in stops and StopJudgement.UNUSED not in stops:
        return f"Nothing: everything was read, {orphans} is left, and stops cover every position."
    return f"Nothing: everything was read, and {orphans} is left."


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


def _of_orders(told: Conclusion, *, read_again: bool) -> Iterator[str]:
    if told.unknown:
        one = told.unknown == 1
        why, they = ("its outcome says why", "it is") if one else ("their outcomes say why", "they are")
        way = "Compare again to see" if told.ending is Ending.SAVED else "Resume the recovery: it reads"
        orders = counted(told.unknown, "decided order")
        yield f"What became of {orders} is not known; {why}. {way} whether {they} still open."
    if told.not_handled:
        one = told.not_handled == 1
        why, them = ("its outcome says why", "it as it is") if one else ("their outcomes say why", "them as they are")
        orders = counted(told.not_handled, "decided order")
        yield f"{orders} could not be handled; {why}. Compare again to decide on {them} now."
    for verdict in told.adopted_unproven:
        yield (
            f"Adopted, though nothing proves that it is the bot's: {order_words(verdict.live, verdict.contract)}. "
            "The bot manages it from its next start; make sure that nobody else does."
        )
    own = [each for each in told.own_left if not each.protective]
    doomed = [each for each in own if each.preselected]
    if doomed:
        verb, it = ("is", "it") if len(doomed) == 1 else ("are", "them")
        yield (
            f"{len(doomed)} of the bot's own orders {verb} open on the exchange, unknown to it, and nobody decided: "
            f"{_named(doomed)}{_worth(doomed)}. The bot's next start cancels {it}, unless its configuration says otherwise "
            "(cancel_orphan_orders)."
        )
    rest = [*(each for each in own if not each.preselected), *told.not_carried_out, *told.unsettled]
    if rest:
        yield _open_orders(rest, "other " if doomed else "") if read_again else _open_before(rest)


def _open_before(orders: Sequence[OrderVerdict]) -> str:
    """Where the exchange was not read again, nobody knows that they still are."""
    told = "1 orphan order was" if len(orders) == 1 else f"{len(orders)} orphan orders were"
    return f"{told} open when the exchange was read last, and not proved to be over since{_worth(orders)}: {_named(orders)}."


def _open_orders(orders: Sequence[OrderVerdict], other: str) -> str:
    told = f"1 {other}orphan order is" if len(orders) == 1 else f"{len(orders)} {other}orphan orders are"
    return f"{told} open on the exchange and not in the recovered state{_worth(orders)}: {_named(orders)}."


def _of_position(told: ToldStops) -> str:
    position = told.verdict
    leg = f"{position.symbol} {position.side.leg}"
    if position.kind is PositionVerdictKind.UNKNOWN and position.known is not None:
        known = amount_text(position.known.quantity, position.contract)
        return f"{leg}: could not be read, {known} as it was known; {told.text}."
    size = f" {amount_text(position.live.contracts, position.contract)}" if position.live is not None else ""
    return f"{leg}{size}: {told.text}."


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
    for position in report.conclusion.entries_untold:
        yield (
            f"{position.symbol} {position.side.leg}: the exchange does not tell its entry price, and none is known: 0 is saved. "
            "Give the bot the right one before it computes profit from it."
        )
    for gap in last.coverage.gaps():
        yield f"Not read, so unknown: {gap.scope.label()} ({gap.reason or gap.status.value})."
    if missing := last.journal_problem or report.plan.journal_problem:
        yield f"Something may be missing in what was known: {missing}."


def _named(orders: Sequence[OrderVerdict]) -> str:
    named = "; ".join(order_words(each.live, each.contract) for each in orders[:_NAMED])
    return f"{named}; and {len(orders) - _NAMED} more" if len(orders) > _NAMED else named


def _worth(orders: Sequence[OrderVerdict]) -> str:
    told = [verdict.notional for verdict in orders if verdict.notional is not None]
    if len(told) != len(orders):
        return ""
    currencies = {quote_of(verdict.live.symbol) for verdict in orders if verdict.live is not None}
    together = "together worth" if len(orders) > 1 else "worth"
    return f", {together} {plain(total(told))} {currencies.pop()}" if len(currencies) == 1 else ""
