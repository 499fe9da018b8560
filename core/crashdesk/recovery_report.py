"""What a recovery by hand did, as a record."""

from __future__ import annotations

from functools import cached_property

import msgspec

from crashdesk.execute import Execution
from crashdesk.reconcile.records import Decision, Plan
from crashdesk.reconcile.tally import Tally, tally
from crashdesk.report_conclusion import Conclusion, conclude
from crashdesk.report_orders import Filled, filled_orders
from crashdesk.report_stops import ToldStops, told_stops
from crashdesk.state import SystemState
from crashdesk.storage.names import CheckpointInfo
from crashdesk.storage.quarantine import SkippedCheckpoint


class RecoveryReport(msgspec.Struct, frozen=True, kw_only=True, dict=True):
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

    @cached_property
    def conclusion(self) -> Conclusion:
        """The judgement on it."""
        return conclude(self)

    @cached_property
    def filled(self) -> tuple[Filled, ...]:
        """The bot's own orders that filled while nobody looked."""
        return filled_orders(self)

    @cached_property
    def stops(self) -> tuple[ToldStops, ...]:
        """What stops protect each position, the worst first."""
        return told_stops(self)

    @cached_property
    def tally(self) -> Tally:
        """The numbers of the orphan orders that are left, as they were read last."""
        left = (self.final or self.plan).orphan_by_key
        return tally(each for key, each in left.items() if key not in self.execution.adopted)
