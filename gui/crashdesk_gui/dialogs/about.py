"""What this is, which versions it runs on, and the diagnostics to copy into a report."""

import platform
from collections.abc import Sequence

import PySide6
from PySide6.QtCore import QSysInfo, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.text import TextLabel, TextStyle, push_button


def diagnostics(version: str, extra: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Versions by name, without a path, a key or a person's name in them."""
    return [
        ("Crashdesk", version),
        ("Python", platform.python_version()),
        ("Qt", f"{qVersion()}"),
        ("PySide6", PySide6.__version__),
        ("System", f"{QSysInfo.prettyProductName()} ({QSysInfo.currentCpuArchitecture()})"),
        ("Screen", f"{QGuiApplication.platformName()}"),
        *extra,
    ]


class AboutDialog(QDialog):
    """Versions, licence, and Copy. `extra` adds lines, such as ccxt's version."""

    def __init__(
        self, ui: UiContext, version: str, extra: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Crashdesk"))
        self._lines = diagnostics(version, extra)
        mark = QLabel()
        mark.setPixmap(ui.icons.app_mark(56, self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid = DetailGrid(ui)
        grid.set_details([Detail(name, value) for name, value in self._lines])
        self._copy = push_button(ui, self.tr("Copy diagnostics"), self._copy_lines, icon="copy")
        close = push_button(ui, self.tr("Close"), self.accept)
        close.setDefault(True)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(TextLabel(ui, "Crashdesk", TextStyle.DISPLAY))
        purpose = self.tr("The crash-recovery desk for trading bots.")
        texts.addWidget(TextLabel(ui, purpose, tone=Tone.MUTED, wrap=True))
        texts.addSpacing(12)
        texts.addWidget(grid)
        texts.addSpacing(12)
        texts.addWidget(TextLabel(ui, self.tr("Free software under the MIT licence."), tone=Tone.MUTED))
        head = QHBoxLayout()
        head.setSpacing(20)
        head.addWidget(mark)
        head.addLayout(texts, 1)
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
        self.setMinimumWidth(480)

    def _copy_lines(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{name}: {value}" for name, value in self._lines))
        self._copy.setText(self.tr("Copied"))
