"""What happens to a store, for the log: that its bot stopped, what each comparison found, what each recovery came to."""

from __future__ import annotations

import logging
from collections.abc import Callable

from crashdesk.exchange.records import Coverage, ScopeReading
from crashdesk.operator_recovery import Comparison, RecoveryReport
from crashdesk.reconcile.records import Plan
from crashdesk_gui.format import age_text, time_text
from crashdesk_gui.overview import Overview
from crashdesk_gui.session import StoreSession

_log = logging.getLogger(__name__)


def log_news(session: StoreSession) -> None:
    """Write what becomes of a store's bot, and what its comparisons and recoveries come to, into the log from now on."""
    name = session.view.name
    answered: list[object] = []
    look = _bot_watcher(name)

    def note_comparison(found: Comparison | None) -> None:
        if found is None:
            return
        # An exchange counts as connected once it has answered.
        if session.exchange is not None and session.exchange not in answered:
            answered[:] = [session.exchange]
            _log.info("%s is connected to %s", name, session.exchange.id)
        level = logging.INFO if found.plan.coverage.complete else logging.WARNING
        _log.log(level, "%s: %s", name, comparison_words(found.plan))

    session.overview_changed.connect(look)
    session.comparison_changed.connect(note_comparison)
    session.report_ready.connect(lambda report: _log.info("%s: %s", name, report_words(report)))
    if session.overview is not None:
        look(session.overview)


def comparison_words(plan: Plan) -> str:
    """One comparison for the log, in English as every log: what matters first, then against what, and what is not known."""
    changed, differing = len(plan.changed_orders), sum(each.differs for each in plan.positions)
    counted = (
        f"{_count(len(plan.orphans), 'orphan')}, {_count(changed + differing, 'difference')} "
        f"({_count(len(plan.needs_decision), 'orphan')} to decide on; {_count(changed, 'known order')} changed, "
        f"{_count(differing, 'position')} {'differs' if differing == 1 else 'differ'})"
    )
    return f"compared: {counted}; {plan.compared} against {plan.exchange}; {_coverage_words(plan.coverage)}; plan {plan.id}"


def report_words(report: RecoveryReport) -> str:
    """One recovery for the log, in English as every log."""
    saved = f"saved checkpoint {report.saved.seq}" if report.saved else f"saved nothing: {report.problem}"
    return (
        f"recovery of plan {report.plan.id}: {_count(len(report.execution.outcomes), 'decision')} carried out, {saved}"
    )


def stop_words(overview: Overview) -> str:
    """That a bot stopped without giving the store back, for the log, in English as every log.

    Empty while a bot or an operator holds the store, after an orderly end, and after a recovery by hand.
    """
    presence = overview.presence
    if presence is None or presence.running:
        return ""
    heard = overview.last_sign_of_life
    if presence.holder is None:
        told = f"the bot has stopped, and how it ended is not noted, {_sign_words(heard, overview.read_at)}"
        return told if heard is not None else ""
    holder = presence.holder
    if holder.by_hand or holder.released_at is not None:
        return ""
    told = f"the bot crashed, {_sign_words(heard, overview.read_at)}"
    return f"{told}; process {holder.pid} on {holder.host} ended without closing the store"


def _bot_watcher(name: str) -> Callable[[Overview], None]:
    """Logs each stop once, when it is first seen."""
    told: list[object] = []

    def look(overview: Overview) -> None:
        words = stop_words(overview)
        holder = overview.presence.holder if overview.presence is not None else None
        if words and told != [holder]:
            told[:] = [holder]
            _log.warning("%s: %s", name, words)

    return look


def _sign_words(heard: int | None, now_ns: int) -> str:
    if heard is None:
        return "it left no sign of life"
    return f"last sign {age_text(heard, now_ns)}, at {time_text(heard)}"


def _coverage_words(coverage: Coverage) -> str:
    if coverage.complete:
        return f"all {_count(len(coverage.readings), 'scope')} read"
    if not coverage.readings:
        return "nothing was read"
    gaps = "; ".join(_gap_words(gap) for gap in coverage.gaps())
    return f"{coverage.read_count()} of {_count(len(coverage.readings), 'scope')} read, not read: {gaps}"


def _gap_words(gap: ScopeReading) -> str:
    where = f"{gap.scope.kind.value} of {gap.scope.symbol or 'all symbols'} ({gap.scope.market_type})"
    return f"{where}: {gap.reason or gap.status.value}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
