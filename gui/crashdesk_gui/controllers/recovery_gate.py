"""What stands in the way of executing a plan, in words."""

import os
import socket

from PySide6.QtCore import QObject

from crashdesk.inspection import BotPresence
from crashdesk.interrupted import InterruptedPlan
from crashdesk.reconcile.records import Action
from crashdesk.storage.journal_records import Cause
from crashdesk_gui.checkpoint_rows import CheckpointRows
from crashdesk_gui.display import Display
from crashdesk_gui.phrases import said
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import is_current, older_compared
from crashdesk_gui.views.overview_words import older_words


class RecoveryGate(QObject):
    """Answers whether the plan that is shown can be executed now, and if not, why not. It changes nothing."""

    def __init__(self, display: Display, parent: QObject) -> None:
        super().__init__(parent)
        self._display = display

    def hindrance(self, session: StoreSession) -> str:
        """Why the plan cannot be executed now; empty when it can."""
        if session.comparison is None:
            return self.tr("There is nothing to execute: compare with the exchange first.")
        if executed(session):
            return self.tr("This plan was executed. Compare again to see what is left.")
        return self._hindrance_around(session) or self.outdated(session)

    def outdated(self, session: StoreSession) -> str:
        """Why the plan that is shown holds no more; empty when it does."""
        overview, comparison = session.overview, session.comparison
        if overview is None or comparison is None or not is_outdated(session):
            return ""
        compared = comparison.checkpoint.name if comparison.checkpoint else ""
        reason = dict(overview.skipped).get(compared)
        if reason is not None:
            text = self.tr("This comparison is out of date: the checkpoint that it rests on is damaged now: {0}.")
            return text.format(said(reason).rstrip("."))
        latest = overview.latest
        row = CheckpointRows.whole(overview.rows).find(latest.seq) if latest is not None else None
        if row is not None and row.cause is Cause.RECOVERED and latest != comparison.checkpoint:
            text = self.tr("This comparison is out of date: the store was recovered since, by checkpoint {0} of {1}.")
            return text.format(row.info.seq, self._display.time(row.info.timestamp))
        return self.tr(
            "This comparison is out of date: the bot has run since, and the last known state is of {0}."
        ).format(self._display.time(overview.known_at))

    def past(self, session: StoreSession) -> str:
        """Why the report of the last recovery says nothing of what is now; empty while it does."""
        if not is_past(session):
            return ""
        return self.tr("This report is of the past: the store went on after it. Compare again to see what is true now.")

    def undecidable(self, session: StoreSession) -> str:
        """Why no orphan order can be decided on now: who is at work on the store; empty for nobody."""
        presence = self.presence(session)
        if presence is None or not held_by_another(presence) or executed(session):
            return ""
        text = (
            self.tr("The bot runs: the store is held by {0}. Orders can be decided on once it has stopped.")
            if presence.bot_runs
            else self.tr("An operator is at work: the store is held by {0}. Orders can be decided on after that.")
        )
        return text.format(self.holder(presence))

    def older(self, session: StoreSession) -> str:
        """That an older state than the last known one is compared; empty when it is not, or when that was carried out."""
        if executed(session):
            return ""
        older = older_compared(session.overview, session.comparison)
        return "" if older is None else older_words(older)

    def _hindrance_around(self, session: StoreSession) -> str:
        """Why no plan could be executed now: the store, the account or the desk itself is not ready for it."""
        presence, unrecordable = self.presence(session), self._unrecordable(session)
        if unrecordable:
            return unrecordable
        if session.exchange is None:
            return self.tr("No exchange is connected.")
        if held_by_another(presence):
            return self.tr("The store is held by {0}. Stop it first; then this can be executed.").format(
                self.holder(presence)
            )
        if session.read_only and cancels(session):
            return self.tr(
                "The account's key can only read, so no order can be cancelled with it. Decide to adopt or leave the "
                "orders that are to be cancelled, or connect with a key that may trade."
            )
        if session.busy:
            return self.tr("Another job is running; wait until it has ended.")
        return ""

    def _unrecordable(self, session: StoreSession) -> str:
        """Why nothing could be recorded in the store."""
        if session.overview_error is not None:
            return self.tr("The store cannot be read now, so nothing could be recorded or saved.")
        if session.overview is not None and session.overview.journal_newer:
            return self.tr(
                "The journal was written by a newer version of Crashdesk, so nothing could be recorded. "
                "Recover with that version."
            )
        return ""

    def presence(self, session: StoreSession) -> BotPresence | None:
        """Who holds the store, as it was last looked at."""
        return session.overview.presence if session.overview else None

    def holder(self, presence: BotPresence | None) -> str:
        """Who that is, with process, host and time."""
        holder = presence.holder if presence else None
        if holder is None:
            return self.tr("another process that left no note")
        return self.tr("{0} (process {1} on {2}, since {3})").format(
            said(holder.purpose or holder.program), holder.pid, holder.host, self._display.time(holder.acquired_at)
        )


def executed(session: StoreSession) -> bool:
    """Whether the plan that is shown is the one that was carried out last."""
    return (
        session.comparison is not None
        and session.report is not None
        and session.report.plan.id == session.comparison.plan.id
    )


def broke_off(session: StoreSession) -> bool:
    """Whether that ended before anything was saved: then it is to be resumed, or to be decided anew."""
    return executed(session) and session.report is not None and session.report.saved is None


def is_outdated(session: StoreSession) -> bool:
    """Whether the store has come to know more since the plan that is shown was made; a bot that runs always does.

    So does this desk while it carries the plan out.
    """
    overview, comparison = session.overview, session.comparison
    if overview is None or comparison is None or executed(session):
        return False
    presence = overview.presence
    at_work = presence is not None and presence.running and (presence.bot_runs or not held_by_another(presence))
    return not at_work and not is_current(comparison, overview)


def is_past(session: StoreSession) -> bool:
    """Whether the store went on after the last recovery, and nobody is at work on it: its report says nothing of what is now."""
    report, overview = session.last_report, session.overview
    if report is None or report.saved is None or overview is None or overview.latest is None:
        return False
    at_work = overview.presence is not None and overview.presence.running
    later = overview.latest.seq - report.saved.seq
    return not at_work and (later > 0 or (later == 0 and overview.known_changes > 0))


def still_waiting(session: StoreSession) -> int:
    """How many orders need a decision after the last recovery, as the exchange was read last: before the bot starts again."""
    if session.comparison is not None and not executed(session):
        return len(session.tally(accepted=True).waiting)
    report = session.last_report
    return len(report.tally.waiting) if report is not None and report.saved is not None else 0


def cancels(session: StoreSession) -> bool:
    """Whether any decision on the plan that is shown cancels an order."""
    return any(decision.action is Action.CANCEL for decision in session.decisions)


def can_resume(gate: RecoveryGate, session: StoreSession) -> bool:
    """Whether a recovery was interrupted and can be gone on with now, or as soon as the session's work is over."""
    interrupted = session.overview.interrupted if session.overview else None
    return (
        interrupted is not None
        and session.exchange is not None
        and not held_by_another(gate.presence(session))
        and not cannot_resume(session, interrupted)
    )


def cannot_resume(session: StoreSession, interrupted: InterruptedPlan) -> bool:
    """Whether going on with an interrupted plan would need a key that can do more than read."""
    left = (decision for decision in interrupted.decisions if decision.order_key not in interrupted.done)
    return session.read_only and any(decision.action is Action.CANCEL for decision in left)


def held_by_another(presence: BotPresence | None) -> bool:
    """Whether somebody else holds the store; while this desk executes, the holder is the desk itself."""
    if presence is None or not presence.running:
        return False
    return presence.holder is None or presence.holder.pid != os.getpid() or presence.holder.host != socket.gethostname()
