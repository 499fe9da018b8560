"""The way of a recovery: its five steps, where it begins for a store, and which steps can be gone to."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from crashdesk import CheckpointInfo
from crashdesk.recovery_report import RecoveryReport
from crashdesk_gui.controllers.recovery_gate import executed, is_outdated, is_past
from crashdesk_gui.session import StoreSession


class Step(IntEnum):
    """Where the operator is."""

    CHECKPOINT = 0
    COMPARE = 1
    DECIDE = 2
    EXECUTE = 3
    REPORT = 4


class RecoveryState(msgspec.Struct, frozen=True, kw_only=True):
    """What is in hand beside the tables: the step, the checkpoint that was chosen in place of the last known state, and why
    an attempt failed.
    """

    step: Step
    checkpoint: CheckpointInfo | None = None
    failure: Exception | None = None


def natural_step(session: StoreSession | None) -> Step:
    """Where an operator who has just opened this store would go on."""
    if session is None:
        return Step.CHECKPOINT
    if session.report is not None and not is_past(session):
        return Step.REPORT
    return Step.DECIDE if session.comparison is not None and not executed(session) else Step.CHECKPOINT


class Passing:
    """Leads away from a report when it is of the past, once: whoever goes back to it may read it."""

    def __init__(self) -> None:
        self._left: RecoveryReport | None = None

    def passed(self, session: StoreSession) -> bool:
        """Whether it led away from the store's last report."""
        return session.last_report is not None and session.last_report is self._left

    def step(self, session: StoreSession | None, step: Step) -> Step:
        """Where to stand now, for who stood at `step`."""
        if session is None or step is not Step.REPORT or self.passed(session) or not is_past(session):
            return step
        self._left = session.last_report
        return natural_step(session)


def done_steps(session: StoreSession, current: Step) -> frozenset[Step]:
    """The steps that lie behind."""
    done = {step for step in Step if step < current}
    if session.comparison is None:
        done -= {Step.COMPARE, Step.DECIDE, Step.EXECUTE}
    return frozenset(done)


def reachable_steps(session: StoreSession, *, executing: bool) -> frozenset[Step]:
    """The steps that can be gone to now; during an execution there is only that."""
    if executing:
        return frozenset({Step.EXECUTE})
    reachable = {Step.CHECKPOINT, Step.COMPARE}
    if session.comparison is not None:
        reachable.add(Step.DECIDE)
        if not executed(session) and not is_outdated(session):
            reachable.add(Step.EXECUTE)
    if session.last_report is not None:
        reachable.add(Step.REPORT)
    return frozenset(reachable)
