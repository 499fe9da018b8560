"""Verifying every checkpoint of a store in the background."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from crashdesk.verification import Verification, verify_store
from crashdesk_gui.jobs import JobRunner, Progress
from crashdesk_gui.session import StoreSession


def verify(
    runner: JobRunner,
    session: StoreSession,
    on_done: Callable[[Verification], object],
    on_failed: Callable[[Exception], object],
) -> None:
    """Check all checkpoints of `session` in `runner`. The session looks again after."""
    title = QCoreApplication.translate("Desk", "Verifying all checkpoints")

    def work(progress: Progress) -> Verification:
        return verify_store(session.view, progress.report)

    def verified(found: Verification) -> None:
        on_done(found)
        session.recheck()

    runner.run(work, title=title, on_done=verified, on_failed=on_failed, owner=session)
