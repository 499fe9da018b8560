"""Status as glyph, word and colour together."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.widgets.text import TextStyle


class Chip(QWidget):
    """A short text on a faint ground of its tone, in one line: a badge, a mark, a state."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(
        self, ui: UiContext, text: str = "", tone: Tone = Tone.MUTED, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ui = ui
        self._text = text
        self._tone = tone
        self.setFont(TextStyle.BODY.font())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        ui.themes.changed.connect(self.update)

    @property
    def text(self) -> str:
        """What the chip says."""
        return self._text

    def set_chip(self, text: str, tone: Tone) -> None:
        """Say something else."""
        self._text = text
        self._tone = tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(max(metrics.horizontalAdvance(self._text) + 14, 20), metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._ui.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        neutral = self._tone in (Tone.MUTED, Tone.TEXT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.hover) if neutral else theme.tint(self._tone))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setPen(theme.color(self._tone))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class Badge(Chip):
    """A count on a tab: no higher than the tab's own text, so that no page moves when it comes or goes."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height())


class StatusChip(Chip):
    """A status: `✓ intact`, `! differs`, `✕ corrupt`, `? unknown`, `… comparing`."""

    def __init__(self, ui: UiContext, status: Status, word: str, *, parent: QWidget | None = None) -> None:
        super().__init__(ui, status_text(status, word), status.tone, parent=parent)

    def set_status(self, status: Status, word: str) -> None:
        """Show another status."""
        self.set_chip(status_text(status, word), status.tone)


def status_text(status: Status, word: str) -> str:
    """Glyph and word, for a table cell whose column gives the tone `status.tone`."""
    return f"{status.glyph} {word}"
