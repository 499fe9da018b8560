"""What stands in the way of executing a plan, in words."""

import os
import socket

from PySide6.QtCore import QObject

from crashdesk.inspection import BotPresence
from crashdesk_gui.display import Display
from crashdesk_gui.session import StoreSession


class RecoveryGate(QObject):
    """Answers whether the plan that is shown can be executed now, and if not, why not. It changes nothing."""

    def __init__(self, display: Display, parent: QObject) -> None:
        super().__init__(parent)
        self._display = display

    def hindrance(self, session: StoreSession) -> str:
        """Why the plan cannot be executed now; empty when it can."""
        presence = self.presence(session)
        if session.comparison is None:
            return self.tr("There is nothing to execute: compare with the exchange first.")
        if executed(session):
            return self.tr("This plan was executed. Compare again to see what is left.")
        if session.exchange is None:
            return self.tr("No exchange is connected.")
        if held_by_another(presence):
            return self.tr("The store is held by {0}. Stop it first; then this can be executed.").format(
                self.holder(presence)
            )
        if session.busy:
            return self.tr("Another job is running; wait until it has ended.")
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
            holder.purpose or holder.program, holder.pid, holder.host, self._display.time(holder.acquired_at)
        )


def executed(session: StoreSession) -> bool:
    """Whether the plan that is shown is the one that was carried out last."""
    return (
        session.comparison is not None
        and session.report is not None
        and session.report.plan.id == session.comparison.plan.id
    )


def held_by_another(presence: BotPresence | None) -> bool:
    """Whether somebody else holds the store; while this desk executes, the holder is the desk itself."""
    if presence is None or not presence.running:
        return False
    return presence.holder is None or presence.holder.pid != os.getpid() or presence.holder.host != socket.gethostname()
