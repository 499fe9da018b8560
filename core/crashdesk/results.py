"""What recovery and synchronisation report."""

from __future__ import annotations

import enum

import msgspec

from crashdesk.execute import Execution
from crashdesk.recall import LastKnown
from crashdesk.reconcile.entry_prices import entries_untold
from crashdesk.reconcile.records import Outcome, OutcomeKind, Plan, PositionVerdict, PositionVerdictKind
from crashdesk.storage.changelog import ChangeLogStats
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.store import SkippedCheckpoint


class RecoveryStatus(enum.StrEnum):
    """How a recovery ended; compares equal to its text."""

    SUCCESS = "success"
    NO_CHECKPOINT = "no_checkpoint"
    CORRUPTED = "corrupted"
    SYNC_FAILED = "sync_failed"


class SyncResult(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one synchronisation, the plan that they come from, and what became of each cancellation.

    `position_mismatches` are legs whose quantity or side differs, `missing_positions` legs that only the exchange had.
    `problem` names what could not be read; empty when everything was. `entries_untold` are positions whose entry price nobody
    told: it is 0 in the state.
    """

    orphan_orders: int
    stale_orders: int
    orders_cancelled: int
    position_mismatches: int
    missing_positions: int
    positions_updated: int
    positions_added: int
    positions_closed: int
    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""
    entries_untold: tuple[PositionVerdict, ...] = ()


class RecoveryResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a recovery ended.

    `checkpoint_time` is the restored checkpoint's, UNIX nanoseconds, None when there was none; `changes_replayed` of the journal
    followed it, and `state_time` is when the restored state was true. `journal_problem` says what may be missing, empty for
    nothing; `notice` what is wrong with the store although nothing is missing.
    """

    status: RecoveryStatus
    checkpoint_time: int | None = None
    changes_replayed: int = 0
    state_time: int | None = None
    journal_problem: str = ""
    notice: str = ""
    positions_restored: int = 0
    orders_restored: int = 0
    sync_result: SyncResult | None = None
    problem: str = ""
    skipped: tuple[SkippedCheckpoint, ...] = ()


class RecoveryStats(msgspec.Struct, frozen=True, kw_only=True):
    """What a manager did since it was made, and how the disk keeps up.

    `checkpoints_merged` wishes were served by a checkpoint that another wish had asked for; `degraded` says why checkpoints are
    not durable at the moment, `journal.problem` why changes are not; both are empty when they are.
    """

    checkpoints: int = 0
    recoveries: int = 0
    syncs: int = 0
    orphans_cancelled: int = 0
    failures: int = 0
    last_checkpoint: CheckpointInfo | None = None
    last_error: str = ""
    checkpoints_merged: int = 0
    degraded: str = ""
    journal: ChangeLogStats = ChangeLogStats()


def sync_result(plan: Plan, final: Plan, execution: Execution, problem: str) -> SyncResult:
    """Count `plan` (as it was found) and `execution`; positions as `final` found them."""
    kinds = [verdict.kind for verdict in final.positions]
    updated = kinds.count(PositionVerdictKind.QUANTITY_DIFFERS) + kinds.count(PositionVerdictKind.SIDE_FLIPPED)
    added = kinds.count(PositionVerdictKind.OPENED_WHILE_DOWN)
    return SyncResult(
        orphan_orders=len(plan.orphans),
        stale_orders=sum(verdict.is_stale for verdict in plan.orders),
        orders_cancelled=execution.count(OutcomeKind.CANCELLED),
        position_mismatches=updated,
        missing_positions=added,
        positions_updated=updated,
        positions_added=added,
        positions_closed=kinds.count(PositionVerdictKind.CLOSED_WHILE_DOWN),
        plan=plan,
        outcomes=execution.outcomes,
        problem=problem,
        entries_untold=entries_untold(final),
    )


def recovery_result(last: LastKnown | None, sync: SyncResult | None, *, doubts: str, problem: str) -> RecoveryResult:
    """What to say of a recovery from `last`; `doubts` is what may be missing, `problem` why the exchange was not all read."""
    status = RecoveryStatus.SYNC_FAILED if problem else RecoveryStatus.SUCCESS if last else RecoveryStatus.NO_CHECKPOINT
    result = RecoveryResult(status=status, journal_problem=doubts, sync_result=sync, problem=problem)
    if last is None:
        return result
    return msgspec.structs.replace(
        result,
        checkpoint_time=last.info.timestamp if last.info else None,
        changes_replayed=last.changes,
        state_time=last.state.timestamp,
        notice=last.notice,
        positions_restored=len(last.state.positions),
        orders_restored=len(last.state.open_orders),
        skipped=last.skipped,
    )
