"""What this is, which versions it runs on, and the diagnostics to copy into a report."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.diagnostics import diagnostics_text, private_here, shown_path, version_lines
from crashdesk_gui.logfile import log_path
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.text import TextLabel, TextStyle, push_button

_WIDTH = 480


class AboutDialog(QDialog):
    """Versions, licence, where the log is, and Copy. `extra` adds lines; `log` is the log file, by default this user's."""

    def __init__(
        self,
        ui: UiContext,
        version: str,
        extra: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
        *,
        log: Path | None = None,
    ) -> None:
        super().__init__(parent)
        ui.themes.dress(self)
        self.setWindowTitle(self.tr("About Crashdesk"))
        self._ui = ui
        self._lines = version_lines(version, extra)
        self._log = log if log is not None else log_path()
        mark = QLabel()
        mark.setPixmap(ui.icons.app_mark(56, self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._copy = push_button(ui, self.tr("Copy diagnostics"), self._copy_diagnostics, icon="copy")
        self._copy.setToolTip(
            self.tr("Copies the versions and the end of the log, without keys, paths or names of stores")
        )
        close = push_button(ui, self.tr("Close"), self.accept)
        close.setDefault(True)
        head = QHBoxLayout()
        head.setSpacing(20)
        head.addWidget(mark)
        head.addLayout(self._texts(), 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self._copy)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 20)
        layout.setSpacing(16)
        layout.addLayout(head)
        layout.addLayout(foot)
        # What Qt asks for is meant for the narrowest, where every line is broken.
        layout.setSizeConstraint(layout.SizeConstraint.SetNoConstraint)
        self.setMinimumWidth(_WIDTH)
        self.resize(_WIDTH, layout.totalHeightForWidth(_WIDTH))
        self.setMinimumHeight(self.height())
        close.setFocus()

    def _texts(self) -> QVBoxLayout:
        grid = DetailGrid(self._ui)
        # Diagnostics are read by whoever helps, so their names stay English there.
        names = {"System": self.tr("System"), "Screen": self.tr("Screen")}
        grid.set_details([Detail(names.get(name, name), value) for name, value in self._lines])
        where = self.tr("The log is in {0}.") if self._log.exists() else self.tr("The log will be in {0}.")
        log = where.format(shown_path(self._log))
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(TextLabel(self._ui, "Crashdesk", TextStyle.DISPLAY))
        purpose = self.tr("The crash-recovery desk for trading bots.")
        texts.addWidget(TextLabel(self._ui, purpose, tone=Tone.MUTED, wrap=True))
        texts.addSpacing(12)
        texts.addWidget(grid)
        texts.addSpacing(12)
        texts.addWidget(TextLabel(self._ui, log, tone=Tone.MUTED, wrap=True, selectable=True))
        texts.addWidget(TextLabel(self._ui, self.tr("Free software under the MIT licence."), tone=Tone.MUTED))
        texts.addStretch(1)
        return texts

    def _copy_diagnostics(self) -> None:
        private = private_here(self._ui.settings.recent_stores())
        QGuiApplication.clipboard().setText(diagnostics_text(self._lines, log=self._log, private=private))
        self._copy.setText(self.tr("Copied"))
