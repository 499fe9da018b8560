"""Asking before the window closes on a recovery that is under way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from crashdesk.errors import StorageError
from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.confirm import AffectedItem, Confirmation
from crashdesk_gui.joined_words import listed_apart
from crashdesk_gui.session import StoreSession

Confirm = Callable[[UiContext, Confirmation, QWidget | None], bool]
"""Asks and waits; True only when the operator did the deed's button."""

translate = QCoreApplication.translate


def may_leave(ui: UiContext, sessions: Iterable[StoreSession], confirm: Confirm, parent: QWidget | None) -> bool:
    """Whether the window may close: at once when no recovery runs, else only if the operator wants to stop it."""
    recovering = [session for session in sessions if session.busy and _holds_lock(session)]
    if not recovering:
        return True
    items = tuple(
        AffectedItem(cells=(session.view.name, listed_apart(job.text or job.title for job in session.runner.jobs)))
        for session in recovering
    )
    question = Confirmation(
        title=translate("Leaving", "Stop the recovery and close?"),
        text=translate(
            "Leaving",
            "The order that is being worked on is finished, the ones after it are not begun, and no checkpoint is saved. "
            "The recovery is offered for resumption when the store is opened again.",
        ),
        headers=(translate("Leaving", "Store"), translate("Leaving", "Under way")),
        items=items,
        accept=translate("Leaving", "Stop and close"),
        decline=translate("Leaving", "Keep going"),
    )
    return confirm(ui, question, parent)


def _holds_lock(session: StoreSession) -> bool:
    try:
        presence = session.view.presence()
    except StorageError:
        return True
    return presence.running and presence.holder is not None and presence.holder.pid == os.getpid()
