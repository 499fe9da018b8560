"""What the operator hears of a bot that was started again: that it runs, and what its start did at the exchange."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject

from crashdesk.audit import AuditEntry
from crashdesk.reconcile.records import OutcomeKind
from crashdesk.storage.journal_columns import outcomes_of_last_start
from crashdesk_gui.errors import told_together
from crashdesk_gui.log_sentences import failure_words, start_words
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.ago_words import counted
from crashdesk_gui.widgets.banner import Banner

translate = QCoreApplication.translate

_log = logging.getLogger(__name__)
_NOTHING: list[AuditEntry] = []
_OVER = (OutcomeKind.FILLED, OutcomeKind.ALREADY_CLOSED)


def say_restarted(banner: Callable[[], Banner], session: StoreSession | None, owner: QObject) -> None:
    """Say that the bot runs, and as soon as its journal was asked what its start did, if anything.

    That takes the place of no other message that came meanwhile.
    """

    def runs() -> str:
        return restart_words(())

    banner().show_message(runs, Tone.OK)
    if session is None:
        return
    view = session.view
    _log.info("The bot of %s was started again from this desk and has restored the recovered state.", view.name)

    def told(outcomes: Sequence[AuditEntry]) -> None:
        words = start_words(view.name, outcomes)
        if words:
            _log.info("%s", words)
        if outcomes and banner().says(runs):
            unproven = _counts(outcomes)[2]
            banner().show_message(lambda: restart_words(outcomes), Tone.WARNING if unproven else Tone.OK)

    session.watcher.run(
        lambda _progress: view.ask_journal(outcomes_of_last_start, _NOTHING),
        title=translate("StoreSession", "Reading the store"),
        on_done=told,
        on_failed=lambda error: _log.warning(
            "%s", failure_words(f"Reading what the start of the bot of {view.name} did", error)
        ),
        owner=owner,
    )


def restart_words(outcomes: Sequence[AuditEntry]) -> str:
    """That the bot runs, and how many orders its start cancelled, found over, or could not handle."""
    counts = cancelled, over, rest = _counts(outcomes)
    sentences = [
        counted(
            cancelled,
            translate("Desk", "Its start cancelled 1 order of its own."),
            translate("Desk", "Its start cancelled {0} orders of its own."),
        ),
        counted(
            over,
            translate("Desk", "1 order of its own had filled or closed before its start could cancel."),
            translate("Desk", "{0} orders of its own had filled or closed before its start could cancel."),
        ),
        counted(
            rest,
            translate("Desk", "1 order of its own cannot be proven cancelled; Activity says why."),
            translate("Desk", "{0} orders of its own cannot be proven cancelled; Activity says why."),
        ),
    ]
    happened = [each for each, count in zip(sentences, counts, strict=True) if count]
    return told_together(translate("Desk", "The bot runs again and has restored the recovered state."), *happened)


def _counts(outcomes: Sequence[AuditEntry]) -> tuple[int, int, int]:
    """How many orders were cancelled, were over before, and cannot be proven to be either."""
    kinds = [entry.data.get("outcome", "") for entry in outcomes]
    cancelled = kinds.count(OutcomeKind.CANCELLED.value)
    over = sum(kinds.count(kind.value) for kind in _OVER)
    return cancelled, over, len(kinds) - cancelled - over
