"""What a recovery by hand did, as a record."""

from __future__ import annotations

import msgspec

from crashdesk.execute import Execution
from crashdesk.reconcile.records import Decision, Plan
from crashdesk.state import SystemState
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.quarantine import SkippedCheckpoint


class RecoveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a recovery by hand did. `saved` is the reconciled checkpoint, None when none was written; `problem` then says why.

    `final` is the comparison after the last step, made against the same checkpoint; None when it was stopped before.
    `skipped` are the checkpoints that are newer than what was compared, and damaged. `bot` is the store's bot by name, empty
    where nobody named it.
    """

    plan: Plan
    execution: Execution
    decisions: tuple[Decision, ...]
    final: Plan | None
    state: SystemState | None
    saved: CheckpointInfo | None
    who: str
    started_at: int
    finished_at: int
    skipped: tuple[SkippedCheckpoint, ...] = ()
    problem: str = ""
    bot: str = ""
