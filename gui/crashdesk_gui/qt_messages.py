"""What Qt itself has to say goes to the log, where it is found, instead of to a terminal that nobody sees."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger("qt")


def log_qt_messages() -> Callable[[], None]:
    """Send Qt's messages to the logger "qt" from now on; call what is returned to stop that.

    A fatal message is written to standard error as well: Qt ends the process right after it.
    """
    busy = threading.local()

    def take(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        # Logging may make Qt speak again.
        if getattr(busy, "now", False):
            return
        busy.now = True
        try:
            category = context.category or ""
            told = f"{category}: {text}" if category not in ("", "default") else text
            _log.log(_LEVELS.get(kind, logging.WARNING), "%s", told)
            if kind is QtMsgType.QtFatalMsg and sys.__stderr__ is not None:
                sys.__stderr__.write(f"crashdesk: Qt cannot go on: {text}\n")
                sys.__stderr__.flush()
        finally:
            busy.now = False

    before = qInstallMessageHandler(take)

    def stop() -> None:
        qInstallMessageHandler(before)

    return stop
