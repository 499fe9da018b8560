"""What the operator sees when the desk itself fails: calm, once per fault, with everything to report it."""

import hashlib
import logging
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import TextLabel, TextStyle, push_button

_log = logging.getLogger(__name__)


class CrashDialog(QDialog):
    """Says that a part of the desk failed, that nothing was sent because of it, and offers the details."""

    def __init__(self, ui: UiContext, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("A fault in Crashdesk"))
        self.resize(640, 420)
        meaning = self.tr(
            "The desk met a fault of its own. Checkpoints on the disk are not affected. If you were carrying out a recovery, "
            "look at the Activity page to see which steps were done before you go on."
        )
        self._details = QPlainTextEdit(details)
        self._details.setReadOnly(True)
        self._details.setFont(TextStyle.MONO.font())
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.setAccessibleName(self.tr("Details of the fault"))
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
        layout.addLayout(foot)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details.toPlainText())
        self._copy.setText(self.tr("Copied"))


class CrashReporter(QObject):
    """Shows each distinct fault once, whichever thread it came from; every fault goes to the log.

    Install `report` as `sys.excepthook` and `report_thread` as `threading.excepthook`. While one dialog is open, further
    faults are only logged.
    """

    _arrived = Signal(str)

    def __init__(self, ui: UiContext, window: QWidget | None = None, preamble: str = "") -> None:
        super().__init__(window)
        self._ui = ui
        self._window = window
        self._preamble = preamble
        self._seen: set[str] = set()
        self._dialog: CrashDialog | None = None
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log a fault and show it if it is new."""
        if issubclass(kind, KeyboardInterrupt):
            return
        _log.error("fault in the desk", exc_info=(kind, error, trace))
        places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
        mark = hashlib.sha256("\n".join([kind.__qualname__, *places]).encode()).hexdigest()
        if mark not in self._seen:
            self._seen.add(mark)
            self._arrived.emit(self._preamble + "".join(traceback.format_exception(kind, error, trace)))

    def report_thread(self, args: object) -> None:
        """The same for `threading.excepthook`, whose argument has exc_type, exc_value and exc_traceback."""
        kind, error = getattr(args, "exc_type", None), getattr(args, "exc_value", None)
        if kind is not None and error is not None and not issubclass(kind, SystemExit):
            self.report(kind, error, getattr(args, "exc_traceback", None))

    @property
    def dialog(self) -> CrashDialog | None:
        """The dialog that is open now."""
        return self._dialog

    def _show(self, details: str) -> None:
        if self._dialog is not None:
            return
        self._dialog = CrashDialog(self._ui, details, self._window)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def _forget(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
