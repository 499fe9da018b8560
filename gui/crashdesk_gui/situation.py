"""How a store stands and what its operator should do next. Pure: it decides, the overview and the sidebar only show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from crashdesk.exchange.records import ScopeStatus
from crashdesk.operator_recovery import Comparison, RecoveryReport
from crashdesk.reconcile.records import OrderVerdict, Plan, PositionVerdict, PositionVerdictKind
from crashdesk.reconcile.tally import Tally
from crashdesk.storage.journal_records import Cause
from crashdesk_gui.overview import Overview

_NOTHING = Tally()


class Step(Enum):
    """The one next step of an incident; NONE when there is nothing to do."""

    NONE = "none"
    CONNECT = "connect"
    COMPARE = "compare"
    COMPARE_LAST = "compare last"
    REVIEW = "review"
    RECOVER = "recover"
    RESUME = "resume"
    RESTART = "restart"


class Standing(Enum):
    """How the store stands."""

    CORRUPT = "corrupt"
    NEWER = "newer"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    RECOVERED = "recovered"
    EMPTY = "empty"
    RECOVERING = "recovering"
    RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of one store at one moment.

    `plan` is the comparison with the exchange, None when it was executed, or when the store came to know more after it with
    no bot running. `tally` counts its orphan orders, of which `deciding` need a decision; `changed_orders` are the known orders
    and `differing` the known positions that are not so any more, `unread` the positions that could not be compared.
    `stopped_at` is the bot's last sign of life; `crashed` says that it ended without closing the store, `ended` that it ended in
    order, neither that nobody can tell. `settled` says that `plan` is the last reading of a recovery: what differed in it is
    saved, `report` is what came of it, and the orders with the keys `adopted` are the bot's own now; `outdated` that there is a
    comparison, and the store came to know more after it. `older` are the number of the checkpoint that `plan` was made of and
    that of the newest valid one, where these are not the same: then orders that came between the two look unknown.
    """

    standing: Standing
    step: Step = Step.NONE
    plan: Plan | None = None
    report: RecoveryReport | None = None
    tally: Tally = _NOTHING
    changed_orders: tuple[OrderVerdict, ...] = ()
    differing: tuple[PositionVerdict, ...] = ()
    unread: tuple[PositionVerdict, ...] = ()
    stopped_at: int | None = None
    crashed: bool = False
    ended: bool = False
    settled: bool = False
    adopted: frozenset[str] = frozenset()
    outdated: bool = False
    older: tuple[int, int] | None = None

    @property
    def deciding(self) -> tuple[OrderVerdict, ...]:
        """The orphan orders that need a decision and have none."""
        return self.tally.waiting

    @property
    def differs(self) -> bool:
        """Whether the comparison found anything that is not as it was known."""
        return bool(self.deciding or self.tally.settled or self.changed_orders or self.differing or self.unread)

    @property
    def clean(self) -> bool:
        """Whether a complete comparison found nothing that differs."""
        plan = self.plan
        return plan is not None and not (plan.as_known or plan.in_doubt or self.differs)


def judge(
    overview: Overview,
    *,
    connected: bool,
    comparison: Comparison | None = None,
    report: RecoveryReport | None = None,
    tally: Tally | None = None,
    own_pid: int = 0,
) -> Situation:
    """How the store stands.

    `connected` says whether an exchange is; `tally` counts the orphan orders of the comparison (None: nothing is decided);
    `own_pid` is this process, whose own lock on the store is no bot.
    """
    standing = _standing(overview, report, own_pid)
    executed = report is not None and comparison is not None and report.plan.id == comparison.plan.id
    plan = None if executed else _current_plan(overview, comparison, standing)
    if plan is not None and tally is None:
        tally = plan.tally
    told = tally if plan is not None and tally is not None else Tally()
    told_first = standing not in (Standing.STOPPED, Standing.RECOVERED)
    older = None if plan is None or told_first else older_compared(overview, comparison)
    step = _step(standing, plan, told, connected=connected)
    if older is not None and connected:
        step = Step.COMPARE_LAST
    presence = overview.presence
    crashed = presence is not None and presence.crashed
    ended = presence is not None and presence.bot_ended is not None
    if plan is None and standing is Standing.RECOVERED and report is not None and report.final is not None:
        return _settled(overview, report, report.final, connected=connected)
    if plan is None:
        return Situation(
            standing=standing,
            step=step,
            stopped_at=overview.last_sign_of_life,
            crashed=crashed,
            ended=ended,
            outdated=comparison is not None and not executed,
        )
    return Situation(
        standing=standing,
        step=step,
        plan=plan,
        tally=told,
        changed_orders=plan.changed_orders,
        differing=tuple(each for each in plan.positions if each.differs),
        unread=tuple(each for each in plan.positions if each.kind is PositionVerdictKind.UNKNOWN),
        stopped_at=overview.last_sign_of_life,
        crashed=crashed,
        ended=ended,
        older=older,
    )


def older_compared(overview: Overview | None, comparison: Comparison | None) -> tuple[int, int] | None:
    """The numbers of the checkpoint that was compared and of the newest valid one, where these are not the same.

    None while somebody is at work on the store: then what was compared is soon an older state by itself.
    """
    compared = comparison.checkpoint if comparison is not None else None
    if overview is None or compared is None or overview.latest is None:
        return None
    at_work = overview.presence is not None and overview.presence.running
    return (compared.seq, overview.latest.seq) if compared.seq < overview.latest.seq and not at_work else None


def _settled(overview: Overview, report: RecoveryReport, final: Plan, *, connected: bool) -> Situation:
    """Right after a recovery: its last reading still holds, only orders that came since can need a decision."""
    told = report.tally
    return Situation(
        standing=Standing.RECOVERED,
        # What was executed is decided on no more: only a new comparison can take a decision.
        step=Step.RESTART if not told.waiting else Step.COMPARE if connected else Step.CONNECT,
        plan=final,
        report=report,
        tally=told,
        unread=tuple(each for each in final.positions if each.kind is PositionVerdictKind.UNKNOWN),
        stopped_at=overview.last_sign_of_life,
        settled=True,
        adopted=report.execution.adopted,
    )


def _standing(overview: Overview, report: RecoveryReport | None, own_pid: int) -> Standing:
    presence = overview.presence
    if presence is not None and presence.running:
        # An operator holds it here, in another desk or in a terminal; no bot runs then.
        recovering = presence.holder is not None and (presence.holder.by_hand or presence.holder.pid == own_pid)
        return Standing.RECOVERING if recovering else Standing.RUNNING
    if overview.latest_newer or overview.journal_newer:
        return Standing.NEWER
    if overview.interrupted is not None:
        return Standing.INTERRUPTED
    if overview.latest_problem:
        return Standing.CORRUPT
    if overview.latest is None:
        return Standing.STOPPED if overview.known_changes else Standing.EMPTY
    newest = overview.latest.seq
    saved = report is not None and report.saved is not None and report.saved.seq == newest
    row = next((row for row in reversed(overview.rows) if row.info.seq == newest), None)
    recovered = row is not None and row.cause is Cause.RECOVERED
    # A change after the recovery, or a checkpoint that cannot be read, says that the bot went on.
    overtaken = overview.known_changes > 0 or (overview.rows[-1].info.seq > newest if overview.rows else False)
    # A bot's own start is noted in the same way; who held the store last tells the two apart.
    holder = presence.holder if presence is not None else None
    by_bot = holder is not None and not (holder.by_hand or holder.pid == own_pid)
    return Standing.RECOVERED if (saved or recovered) and not (overtaken or by_bot) else Standing.STOPPED


def _current_plan(overview: Overview, comparison: Comparison | None, standing: Standing) -> Plan | None:
    """The plan, unless something became known after it; an older checkpoint that the operator chose to compare is all right.

    A running bot goes on saving; then the last comparison stays, with its age.
    """
    if comparison is None:
        return None
    return comparison.plan if standing is Standing.RUNNING or is_current(comparison, overview) else None


def is_current(comparison: Comparison, overview: Overview) -> bool:
    """Whether the store has come to know nothing since the comparison, and what it rests on is still intact."""
    if comparison.checkpoint is not None and comparison.checkpoint.name in dict(overview.skipped):
        return False
    # Whatever the clocks of two machines say: a number that was not there yet came later.
    newest = comparison.newest_seq
    if newest is not None and overview.latest is not None and overview.latest.seq > newest:
        return False
    if overview.known_at is None or is_of_last_known(comparison, overview):
        return True
    return comparison.plan.made_at >= overview.known_at


def is_of_last_known(comparison: Comparison, overview: Overview) -> bool:
    """Whether what was compared is what the store knows last."""
    same = (comparison.checkpoint and comparison.checkpoint.seq) == (overview.latest and overview.latest.seq)
    return same and (comparison.changes, comparison.until) == (overview.known_changes, overview.known_until)


def _step(standing: Standing, plan: Plan | None, told: Tally, *, connected: bool) -> Step:
    if standing in (Standing.RUNNING, Standing.RECOVERING, Standing.NEWER):
        return Step.NONE
    if not connected:
        return Step.CONNECT
    if standing is Standing.INTERRUPTED:
        return Step.RESUME
    return Step.COMPARE if plan is None else next_step(plan, told.waiting, settled=told.settled)


def next_step(plan: Plan, deciding: Sequence[OrderVerdict], *, settled: int = 0) -> Step:
    """What a comparison leads to: `deciding` are its orphan orders that need a decision, `settled` those to carry out."""
    if plan.denied:
        return Step.CONNECT
    if any(reading.status is ScopeStatus.FAILED for reading in plan.coverage.readings):
        return Step.COMPARE
    if deciding:
        return Step.REVIEW
    unlike = plan.as_known or plan.in_doubt or any(position.differs for position in plan.positions)
    if settled or plan.needs_decision or plan.changed_orders or unlike or plan.checkpoint_seq is None:
        return Step.RECOVER
    return Step.RESTART
