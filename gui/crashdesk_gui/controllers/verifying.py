"""Verifying every checkpoint of a store in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from crashdesk.verification import Verification, verify_store
from crashdesk_gui.controllers.problem_banner import ProblemBanner
from crashdesk_gui.desk_words import verification_tone, verification_words
from crashdesk_gui.jobs import JobRunner, Progress
from crashdesk_gui.session import StoreSession
from crashdesk_gui.widgets.banner import Banner

_log = logging.getLogger(__name__)


def verify(runner: JobRunner, session: StoreSession, banner: Callable[[], Banner], problems: ProblemBanner) -> None:
    """Check all checkpoints of `session` in `runner`, and say in the banner what was found. The session looks again after."""
    name = session.view.name

    def title() -> str:
        return QCoreApplication.translate("Desk", "Verifying all checkpoints")

    def work(progress: Progress) -> Verification:
        return verify_store(session.view, progress.report)

    def verified(found: Verification) -> None:
        level = logging.INFO if found.ok else logging.WARNING
        _log.log(level, "%s was verified: %s of %s checkpoints are intact.", name, found.valid, found.checkpoints)
        banner().show_message(lambda: verification_words(found), verification_tone(found))
        session.recheck()

    runner.run(
        work,
        title=title(),
        on_done=verified,
        on_failed=lambda error: problems.show(title, error, task=f"Verifying the checkpoints of {name}"),
        owner=session,
    )
