"""How a store stands and what its operator should do next. Pure: it decides, the overview and the sidebar only show it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from crashdesk.operator_recovery import Comparison, RecoveryReport
from crashdesk.reconcile.records import (
    OrderVerdict,
    OrderVerdictKind,
    Plan,
    PositionVerdict,
    PositionVerdictKind,
)
from crashdesk.storage.journal import Cause
from crashdesk_gui.session import Overview


class Step(Enum):
    """The one next step of an incident; NONE when there is nothing to do."""

    NONE = "none"
    CONNECT = "connect"
    COMPARE = "compare"
    REVIEW = "review"
    RECOVER = "recover"
    RESUME = "resume"
    RESTART = "restart"


class Standing(Enum):
    """How the store stands, worst first."""

    CORRUPT = "corrupt"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    RECOVERED = "recovered"
    EMPTY = "empty"
    RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of one store at one moment.

    `plan` is the newest comparison with the exchange that still holds for the newest checkpoint, None when there is none.
    `deciding` are the orders that need a decision, `differing` the positions that are not as the checkpoint says and
    `unread` the positions that could not be compared. `stopped_at` is the bot's last sign of life, UNIX nanoseconds.
    """

    standing: Standing
    step: Step
    plan: Plan | None = None
    deciding: tuple[OrderVerdict, ...] = ()
    differing: tuple[PositionVerdict, ...] = ()
    unread: tuple[PositionVerdict, ...] = ()
    stale: tuple[OrderVerdict, ...] = ()
    stopped_at: int | None = None

    @property
    def clean(self) -> bool:
        """Whether a complete comparison found nothing that differs."""
        plan = self.plan
        return plan is not None and plan.coverage.complete and not self._differs

    @property
    def _differs(self) -> bool:
        return bool(self.deciding or self.differing or self.unread or self.stale)


def judge(
    overview: Overview,
    *,
    connected: bool,
    comparison: Comparison | None = None,
    report: RecoveryReport | None = None,
    reviewed: Collection[str] = (),
) -> Situation:
    """How the store stands. `connected` says whether an exchange is, `reviewed` holds the ids of plans that were looked at."""
    standing = _standing(overview)
    plan, adopted = _current_plan(overview, comparison, report)
    deciding = tuple(verdict for verdict in plan.needs_decision if verdict.key not in adopted) if plan else ()
    differing = _positions(plan, known=True)
    situation = Situation(
        standing=standing,
        step=Step.NONE,
        plan=plan,
        deciding=deciding,
        differing=differing,
        unread=_positions(plan, known=False),
        stale=_stale(plan),
        stopped_at=overview.last_sign_of_life,
    )
    step = _next_step(situation, connected=connected, reviewed=reviewed, finished=report is not None)
    return Situation(
        standing=standing,
        step=step,
        plan=plan,
        deciding=deciding,
        differing=differing,
        unread=situation.unread,
        stale=situation.stale,
        stopped_at=situation.stopped_at,
    )
