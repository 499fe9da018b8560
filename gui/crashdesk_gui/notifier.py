"""Brings a message to an operator who looks elsewhere: by the tray, by the desktop's notifications, or in the window."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import SLOT, QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Notification"
_ID = "crashdesk"
_log = logging.getLogger(__name__)


class DesktopNotifier(QObject):
    """The desktop's own notifications, for desktops without a tray (D-Bus, the notification portal).

    A later message replaces the earlier one. Signals: `chosen()` when the operator clicked it.
    """

    chosen = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listening = False

    def post(self, title: str, text: str, failed: Callable[[], object]) -> None:
        """Show a message; `failed` is called, on this thread, when this desktop cannot."""
        if not sys.platform.startswith("linux"):
            failed()
            return
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            failed()
            return
        if not self._listening:
            # The stubs want the slot as bytes, which PySide6 refuses.
            self._listening = bus.connect(  # type: ignore[call-overload]
                _SERVICE, _PATH, _INTERFACE, "ActionInvoked", self, SLOT("invoked(QDBusMessage)")
            )
        message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "AddNotification")
        content = {"title": title, "body": text, "priority": "high", "default-action": "open"}
        message.setArguments([_ID, content])
        call = QDBusPendingCallWatcher(bus.asyncCall(message, 3000), self)
        call.finished.connect(lambda ended: self._ended(ended, failed))

    def _ended(self, call: QDBusPendingCallWatcher, failed: Callable[[], object]) -> None:
        if call.isError():
            _log.info("this desktop shows no notifications: %s", call.error().message())
            failed()
        call.deleteLater()

    @Slot("QDBusMessage")
    def invoked(self, message: QDBusMessage) -> None:
        """The operator clicked a notification of ours."""
        arguments = message.arguments()
        if arguments and arguments[0] == _ID:
            self.chosen.emit()
