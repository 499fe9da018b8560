"""The recovery that is being carried out before the operator's eyes; the fourth step shows how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.interrupted import InterruptedPlan
from crashdesk.reconcile.records import Decision, Plan
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.jobs import Job, JobState
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.recovery_views import StepViews


class RecoveryRun:
    """At most one run at a time; it is kept after its end until its outcome is told."""

    def __init__(self, views: StepViews, cancellation: CancellationController) -> None:
        self._views = views
        self._cancellation = cancellation
        self._job: Job | None = None
        self._stopping = False

    @property
    def known(self) -> bool:
        """Whether there is a run whose outcome is not told yet."""
        return self._job is not None

    @property
    def under_way(self) -> bool:
        """Whether it has not ended."""
        return self._job is not None and not self._job.ended

    @property
    def shown(self) -> bool:
        """Whether the fourth step shows it: until its outcome is told, which comes right after its end."""
        return self._job is not None and self._job.state is not JobState.CANCELLED

    @property
    def stopping(self) -> bool:
        """Whether the operator asked it to stop."""
        return self._stopping

    def forget(self) -> None:
        """Its outcome is told."""
        self._job = None

    def take_over(self, session: StoreSession) -> bool:
        """Go on showing a recovery that was begun before the store was shown here; False when there is none."""
        execution = session.execution
        if execution is None:
            return False
        self._job, self._stopping = execution.job, execution.job.stopping
        self._views.execute.show_begun(execution.plan, execution.decisions, resuming=execution.resuming)
        if execution.job.text:
            self._views.execute.show_progress(execution.job)
        if self._stopping:
            self._views.execute.show_stopping()
        return True

    def execute(self, session: StoreSession, plan: Plan) -> bool:
        """Carry out the decisions on a plan, once the operator has confirmed; False when nothing was begun."""
        decisions = session.decisions
        return self._begin(self._cancellation.execute(session), plan, decisions)

    def resume(self, session: StoreSession, interrupted: InterruptedPlan) -> bool:
        """Carry out what an unfinished recovery left, once the operator has confirmed; False when nothing was begun."""
        left = [each for each in interrupted.decisions if each.order_key not in interrupted.done]
        return self._begin(self._cancellation.resume(session, interrupted), interrupted.plan, left, resuming=True)

    def stop(self) -> bool:
        """Stop before the next order; False when there is nothing to stop."""
        if self._job is None or self._job.ended:
            return False
        self._job.cancel()
        self._stopping = True
        self._views.execute.show_stopping()
        return True

    def show_progress(self, job: Job) -> bool:
        """Show how far it is; False for another job than this run's."""
        if job is not self._job:
            return False
        self._views.execute.show_progress(job)
        return True

    def _begin(self, job: Job | None, plan: Plan, decisions: Sequence[Decision], *, resuming: bool = False) -> bool:
        if job is None:
            return False
        self._job, self._stopping = job, False
        self._views.execute.show_begun(plan, decisions, resuming=resuming)
        return True
