"""What a checkpoint's summary says: its account, what came after it, and its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crashdesk.inspection import FileDetails
from crashdesk.state import AccountState
from crashdesk_gui.context import UiContext
from crashdesk_gui.phrases import said
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.scroll import WholeLines
from crashdesk_gui.widgets.text import TextLabel, TextStyle, push_button


class CheckpointSummary(WholeLines):
    """Account and file as label and value, and between them what came after the checkpoint.

    Signals: `changes_wanted()`.
    """

    changes_wanted = Signal()

    def __init__(self, ui: UiContext) -> None:
        super().__init__()
        self._ui = ui
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._problem = TextLabel(ui, style=TextStyle.HEADING, tone=Tone.DANGER, wrap=True, selectable=True)
        self._meaning = TextLabel(ui, wrap=True)
        self._account_title = TextLabel(ui, self.tr("Account"), TextStyle.HEADING)
        self._account = DetailGrid(ui, numeric=True)
        self._after_title = TextLabel(ui, self.tr("Journal"), TextStyle.HEADING)
        self._after = TextLabel(ui, wrap=True, selectable=True)
        self._show_changes = push_button(ui, self.tr("Show the changes"), self.changes_wanted.emit, icon="activity")
        self._file_title = TextLabel(ui, self.tr("File"), TextStyle.HEADING)
        self._file = DetailGrid(ui)
        self._path = PathLabel(ui)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(15, 12, 15, 12)
        column.setSpacing(8)
        for widget in (self._problem, self._meaning, self._account_title, self._account):
            column.addWidget(widget)
        column.addSpacing(8)
        for widget in (self._after_title, self._after):
            column.addWidget(widget)
        column.addWidget(self._show_changes, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addWidget(self._file_title)
        column.addWidget(self._file)
        column.addWidget(self._path)
        column.addStretch(1)
        self.show_inside(body)

    def show_after(self, text: str, *, listed: bool) -> None:
        """Say what came after the checkpoint, empty for nothing to say; `listed` offers the changes one by one."""
        self._after.setText(text)
        for widget in (self._after_title, self._after):
            widget.setVisible(bool(text))
        self._show_changes.setVisible(listed)

    def show_reading(self) -> None:
        self.show_after("", listed=False)
        self._say("", "")
        self._account.set_details(self._account_lines(None))
        self._file.set_details(())
        self._path.set_path(None)

    def show_problem(self, title: str, meaning: str) -> None:
        self._say(title, meaning)
        self._account.set_details(())
        self._account_title.hide()

    def show_details(self, details: FileDetails) -> None:
        meaning = ""
        problem = self.tr("Written by a newer version of Crashdesk") if details.newer else said(details.problem)
        if details.newer:
            meaning = self.tr(
                "It is not damaged; this version cannot read it. Use the version of Crashdesk that wrote it."
            )
        elif details.problem:
            meaning = self.tr(
                "Recovery passes over this file and takes the newest one that is intact. Nothing in it is trusted, "
                "so nothing of it is shown."
            )
        self._say(problem, meaning, Status.DIFFERS if details.newer else Status.BAD)
        account = details.state.account if details.state else None
        self._account_title.setVisible(account is not None)
        self._account.set_details(self._account_lines(account) if account else ())
        self._file.set_details(self._file_lines(details))
        self._path.set_path(details.info.path)

    def _say(self, problem: str, meaning: str, status: Status = Status.BAD) -> None:
        self._problem.setText(f"{status.glyph} {problem}" if problem else "")
        self._problem.set_tone(status.tone)
        self._problem.setVisible(bool(problem))
        self._meaning.setText(meaning)
        self._meaning.setVisible(bool(meaning))
        self._account_title.setVisible(not problem)

    def _account_lines(self, account: AccountState | None) -> Sequence[Detail]:
        number = self._ui.display.decimal
        return (
            Detail(self.tr("Equity"), number(account.equity if account else None)),
            Detail(self.tr("Balance"), number(account.balance if account else None)),
            Detail(self.tr("Available"), number(account.available if account else None)),
            Detail(self.tr("Margin used"), number(account.margin_used if account else None)),
            Detail(self.tr("Unrealized PnL"), number(account.unrealized_pnl if account else None, sign=True)),
        )

    def _file_lines(self, details: FileDetails) -> Sequence[Detail]:
        size = self._ui.display.count(details.size)
        if details.size >= 1024:
            size += f" ({self._ui.display.size(details.size)})"
        version = self.tr("ZQCK version {0}").format(details.version) if details.version is not None else "—"
        crc = f"{details.crc:08X}" if details.crc is not None else "—"
        return (
            Detail(self.tr("Header"), version),
            Detail(self.tr("Bytes"), size),
            Detail(self.tr("CRC-32"), crc, mono=True),
            Detail(self.tr("State of"), self._ui.display.time(details.info.timestamp, millis=True)),
        )


class PathLabel(QWidget):
    """A file's directory and name under each other, shortened in the middle where they do not fit; the tooltip is whole."""

    def __init__(self, ui: UiContext) -> None:
        super().__init__()
        self._ui = ui
        self._lines: tuple[str, ...] = ()
        self.setFont(TextStyle.MONO.font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        ui.themes.changed.connect(self.update)

    def set_path(self, path: Path | None) -> None:
        self._lines = () if path is None else (path.name, str(path.parent))
        self.setToolTip("" if path is None else str(path))
        self.setAccessibleName("" if path is None else self.tr("Path: {0}").format(path))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, len(self._lines) * (self.fontMetrics().height() + 6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = self.fontMetrics()
        for number, (line, tone) in enumerate(zip(self._lines, (Tone.TEXT, Tone.MUTED), strict=False)):
            painter.setPen(self._ui.theme.color(tone))
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, self.width())
            painter.drawText(0, number * (metrics.height() + 6) + metrics.ascent() + 2, shown)
