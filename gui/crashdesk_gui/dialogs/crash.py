"""What the operator sees when the desk itself fails: calm, once per fault, with everything to report it."""

import hashlib
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from crashdesk_gui.context import UiContext
from crashdesk_gui.diagnostics import private_here
from crashdesk_gui.redaction import redacted
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import TextLabel, TextStyle, push_button

_log = logging.getLogger(__name__)
_LOOK_AGAIN_MS = 500


class CrashDialog(QDialog):
    """Says that a part of the desk failed and what that means for the money, and offers the details to copy.

    It stands beside the window and keeps nothing from being used: a cancel that goes on can be watched and stopped.
    """

    def __init__(self, ui: UiContext, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        ui.themes.dress(self)
        self.setWindowTitle(self.tr("A fault in Crashdesk"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.resize(640, 440)
        meaning = self.tr(
            "The desk met a fault of its own. What it interrupted is not known. Orders are cancelled only in a recovery that you "
            "confirmed: if one was under way, the Activity page says which of its steps were done. Compare with the exchange "
            "again before you decide anything. Checkpoints on the disk are written whole or not at all."
        )
        self._details = QPlainTextEdit(details)
        self._details.setReadOnly(True)
        self._details.setFont(TextStyle.MONO.font())
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.setAccessibleName(self.tr("Details of the fault"))
        self._more = TextLabel(ui, "", tone=Tone.MUTED, wrap=True)
        self._more.hide()
        self._copy = push_button(ui, self.tr("Copy the details"), self._copy_details, icon="copy")
        close = push_button(ui, self.tr("Go on"), self.accept)
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(TextLabel(ui, self.tr("Something in the desk went wrong"), TextStyle.TITLE, wrap=True))
        layout.addWidget(TextLabel(ui, meaning, tone=Tone.MUTED, wrap=True))
        layout.addWidget(self._details, 1)
        layout.addWidget(self._more)
        layout.addLayout(foot)

    def set_further(self, count: int) -> None:
        """Say how many other faults happened while this one was shown."""
        self._more.setText(
            self.tr("%n other fault(s) happened meanwhile; the log on the Activity page has them.", "", count)
        )
        self._more.setVisible(count > 0)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details.toPlainText())
        self._copy.setText(self.tr("Copied"))


class CrashReporter(QObject):
    """Shows each distinct fault once, whichever thread it came from; every fault goes to the log.

    Install `report` as `sys.excepthook`, `report_thread` as `threading.excepthook` and `report_unraisable` as
    `sys.unraisablehook`. While one dialog is open, further faults are logged and counted in it; while the operator answers
    a question, it waits.
    """

    _arrived = Signal(str)

    def __init__(self, ui: UiContext, window: Callable[[], QWidget | None] = lambda: None, preamble: str = "") -> None:
        super().__init__()
        self._ui = ui
        self._window = window
        self._preamble = preamble
        self._seen: set[str] = set()
        self._reporting = threading.local()
        self._waiting = ""
        self._further = 0
        self._dialog: CrashDialog | None = None
        self._again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._show_waiting)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log a fault and show it if it is new; a fault of the reporting itself goes to standard error."""
        if issubclass(kind, KeyboardInterrupt) or getattr(self._reporting, "now", False):
            return
        self._reporting.now = True
        try:
            _log.error("fault in the desk", exc_info=(kind, error, trace))
            mark = fault_mark(kind, trace)
            if mark not in self._seen:
                self._seen.add(mark)
                details = self._preamble + "".join(traceback.format_exception(kind, error, trace))
                self._arrived.emit(redacted(details, private_here(self._ui.settings.recent_stores())))
        except Exception:  # noqa: BLE001 - whatever it is, the first fault must be told and nothing may come back here
            _to_stderr(error)
        finally:
            self._reporting.now = False

    def report_thread(self, args: object) -> None:
        """The same for `threading.excepthook`, whose argument has exc_type, exc_value and exc_traceback."""
        kind, error = getattr(args, "exc_type", None), getattr(args, "exc_value", None)
        if kind is not None and error is not None and not issubclass(kind, SystemExit):
            self.report(kind, error, getattr(args, "exc_traceback", None))

    def report_unraisable(self, args: object) -> None:
        """Log what failed where nobody could be told, as while an object is thrown away; it interrupted nothing, so it is not
        shown. The argument is that of `sys.unraisablehook`."""
        error = getattr(args, "exc_value", None)
        if error is None or getattr(self._reporting, "now", False):
            return
        self._reporting.now = True
        try:
            said = getattr(args, "err_msg", None) or "fault while something was thrown away"
            # The object itself may be half gone: its type tells enough.
            trace = getattr(args, "exc_traceback", None)
            _log.error(
                "%s (%s)", said, type(getattr(args, "object", None)).__name__, exc_info=(type(error), error, trace)
            )
        except Exception:  # noqa: BLE001 - as above
            _to_stderr(error)
        finally:
            self._reporting.now = False

    @property
    def dialog(self) -> CrashDialog | None:
        """The dialog that is open now."""
        return self._dialog

    def close(self) -> None:
        """Close the dialog and show nothing more."""
        self._again.stop()
        self._waiting = ""
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.close()

    def _take(self, details: str) -> None:
        if self._dialog is not None and not isValid(self._dialog):
            # It went with the window that it stood beside, as when another language was chosen.
            self._dialog, self._further = None, 0
        if self._dialog is not None:
            self._further += 1
            self._dialog.set_further(self._further)
            return
        self._further += bool(self._waiting)
        self._waiting = self._waiting or details
        self._show_waiting()

    def _show_waiting(self) -> None:
        if not self._waiting or self._dialog is not None:
            return
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            self._again.start()
            return
        details, self._waiting = self._waiting, ""
        self._dialog = CrashDialog(self._ui, details, self._window())
        self._dialog.set_further(self._further)
        self._dialog.finished.connect(self._forget)
        self._dialog.show()

    def _forget(self, _result: int) -> None:
        self._further = 0
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None


def fault_mark(kind: type[BaseException], trace: TracebackType | None) -> str:
    """What makes two faults the same: the kind of error and the lines it came through, not its words."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
    return hashlib.sha256("\n".join([kind.__qualname__, *places]).encode("utf-8", "backslashreplace")).hexdigest()


def _to_stderr(error: BaseException) -> None:
    if sys.__stderr__ is not None:
        sys.__stderr__.write("crashdesk: a fault that could not be reported otherwise:\n")
        traceback.print_exception(error, file=sys.__stderr__)
