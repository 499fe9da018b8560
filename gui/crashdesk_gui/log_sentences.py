"""The log's sentences on what becomes of a store: English, for whoever is sent a log, and each names the store. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.audit import AuditEntry
from crashdesk.exchange.records import Coverage, ScopeReading
from crashdesk.inspection import BotPresence
from crashdesk.operator_recovery import RecoveryReport
from crashdesk.reconcile.records import NOT_CARRIED_OUT, OutcomeKind, Plan
from crashdesk.storage.lock import LockHolder
from crashdesk_gui.format import age_text, time_text
from crashdesk_gui.notifications import Work
from crashdesk_gui.overview import Overview

_OVER = (OutcomeKind.FILLED.value, OutcomeKind.ALREADY_CLOSED.value)


def comparison_words(name: str, plan: Plan) -> str:
    """One comparison: what matters first, then what was compared, and what is not known."""
    changed, differing = len(plan.changed_orders), sum(each.differs for each in plan.positions)
    return (
        f"{name} was compared with {plan.exchange}: {_orphan_words(plan)}; "
        f"{_count(changed, 'known order')} changed, {_count(differing, 'position')} "
        f"{'differs' if differing == 1 else 'differ'}. Plan {plan.id} compares {plan.compared}; {_coverage_words(plan.coverage)}"
    )


def _orphan_words(plan: Plan) -> str:
    """`5 orphan orders, of these 3 need a decision, 2 untouched`: the numbers of the overview before anything is decided."""
    told = plan.tally
    if not told.total:
        return "no orphan order"
    need = len(told.waiting)
    parts = [f"{need} {'needs' if need == 1 else 'need'} a decision"]
    parts += [f"{told.left_alone} untouched"] if told.left_alone else []
    parts += [f"{told.left_before} left before"] if told.left_before else []
    return f"{_count(told.total, 'orphan order')}, of these {', '.join(parts)}"


def report_words(name: str, report: RecoveryReport) -> str:
    """One recovery: what was done of what was decided, and what was saved."""
    outcomes = report.execution.outcomes
    done = sum(each.kind not in NOT_CARRIED_OUT for each in outcomes)
    carried = f"{done} of {_count(len(report.decisions), 'decision')} {'was' if done == 1 else 'were'} carried out"
    if report.conclusion.unknown:
        carried += f" for certain, the result of {report.conclusion.unknown} is unknown"
    if report.saved is None:
        return (
            f"The recovery of {name} by plan {report.plan.id} saved nothing: {_ended(report.problem)} {_begun(carried)}"
        )
    return f"{name} was recovered by plan {report.plan.id}: {carried}, and checkpoint {report.saved.seq} was saved."


def failure_words(task: str, error: BaseException) -> str:
    """That something could not be done; `task` such as `Opening btc-grid`."""
    return f"{task} failed with {type(error).__name__}: {_ended(str(error) or 'it says no more')}"


def task_words(name: str, work: Work) -> str:
    """What a session was doing, for `failure_words`."""
    return {
        Work.READING: f"Reading the store {name}",
        Work.COMPARING: f"Comparing {name} with its exchange",
        Work.RECOVERING: f"Recovering {name}",
    }[work]


def stop_words(name: str, overview: Overview) -> str:
    """That a bot stopped without giving the store back.

    Empty while a bot or an operator holds the store, after an orderly end, and after a recovery by hand.
    """
    presence = overview.presence
    if presence is None or presence.running:
        return ""
    heard = overview.last_sign_of_life
    if presence.holder is None:
        sign = _sign_words(heard, overview.read_at)
        told = f"The bot of {name} has stopped, and how it ended is not noted: {sign}."
        return told if heard is not None else ""
    holder = presence.holder
    if holder.by_hand or holder.released_at is not None:
        return ""
    return (
        f"The bot of {name} crashed: {_sign_words(heard, overview.read_at)}; process {holder.pid} on {holder.host} ended "
        "without closing the store."
    )


def presence_words(name: str, before: BotPresence | None, now: BotPresence) -> str:
    """Who took the store or gave it back since it was looked at `before` (None: never); empty for nobody. Crashes aside."""
    holder = now.holder
    same = before is not None and before.running == now.running and before.holder == holder
    if same:
        return ""
    if now.running:
        return _taken_words(name, before, holder)
    if before is None or holder is None or holder.released_at is None:
        return ""
    when = time_text(holder.released_at)
    if holder.by_hand:
        return f"The operator who held {name} elsewhere has given it back, at {when}."
    return f"The bot of {name} has stopped and closed its store, at {when}."


def _taken_words(name: str, before: BotPresence | None, holder: LockHolder | None) -> str:
    if holder is None:
        return f"The bot of {name} runs and has left no note of who it is."
    who, when = f"process {holder.pid} on {holder.host}", time_text(holder.acquired_at)
    if holder.by_hand:
        return f"An operator elsewhere holds {name}: {holder.purpose}, {who}, since {when}."
    if before is None:
        return f"The bot of {name} runs: {who}, since {when}."
    return f"The bot of {name} has started: {who}, at {when}."


def start_words(name: str, outcomes: Sequence[AuditEntry]) -> str:
    """What a bot's start did at the exchange; empty for nothing."""
    kinds = [entry.data.get("outcome", "") for entry in outcomes]
    cancelled, over = kinds.count(OutcomeKind.CANCELLED.value), sum(kind in _OVER for kind in kinds)
    rest = len(kinds) - cancelled - over
    if not kinds:
        return ""
    return (
        f"The start of the bot of {name} cancelled {_count(cancelled, 'order')} of its own, found {over} filled or closed, and "
        f"left {rest} not proven cancelled."
    )


def _sign_words(heard: int | None, now_ns: int) -> str:
    if heard is None:
        return "it left no sign of life"
    return f"its last sign of life was {age_text(heard, now_ns)}, at {time_text(heard)}"


def _coverage_words(coverage: Coverage) -> str:
    if coverage.complete:
        return f"all {_count(len(coverage.readings), 'scope')} were read."
    if not coverage.readings:
        return "nothing was read."
    gaps = "; ".join(_gap_words(gap) for gap in coverage.gaps())
    return f"only {coverage.read_count()} of {_count(len(coverage.readings), 'scope')} were read, not {_ended(gaps)}"


def _gap_words(gap: ScopeReading) -> str:
    where = f"{gap.scope.kind.value} of {gap.scope.symbol or 'all symbols'} ({gap.scope.market_type})"
    return f"{where}: {gap.reason or gap.status.value}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _begun(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
