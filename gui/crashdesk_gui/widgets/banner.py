"""An inline message above a page's content."""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.first_line import at_first_line
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, icon_button, push_button

_ICONS = {Tone.WARNING: "warning", Tone.DANGER: "warning", Tone.OK: "check"}


class Banner(QWidget):
    """A bar with an icon, one sentence, perhaps one button, and a cross; hidden until `show_message`."""

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._tone = Tone.MUTED
        self._icon = QLabel()
        self._icon.setFixedSize(16, 16)
        self._text = TextLabel(ui, wrap=True, selectable=True)
        self._button = push_button(ui, "", self._act, kind=ButtonKind.QUIET)
        self._button.setAccessibleName(self.tr("Act on this message"))
        self._close = icon_button(ui, "cross", self.tr("Dismiss"), self.hide)
        self._slot: Callable[[], object] | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(8)
        layout.addLayout(at_first_line(self._icon, self._text), 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
        ui.themes.changed.connect(self._draw_icon)
        self.hide()

    def show_message(
        self,
        text: str,
        tone: Tone = Tone.ACCENT,
        *,
        button: str = "",
        slot: Callable[[], object] | None = None,
        closable: bool = True,
    ) -> None:
        """Show a sentence; it replaces the one before."""
        self._tone = tone
        self._slot = slot
        self._text.setText(text)
        self._text.setFont(TextStyle.BODY.font())
        self._button.setText(button)
        self._button.setAccessibleName(button or self.tr("Act on this message"))
        self._button.setVisible(bool(button))
        self._close.setVisible(closable)
        self.setAccessibleName(text)
        self._draw_icon()
        self.show()

    @property
    def text(self) -> str:
        """What the banner says."""
        return self._text.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._ui.theme.edge(self._tone))
        painter.setBrush(self._ui.theme.tint(self._tone))
        painter.drawRoundedRect(QRectF(self.contentsRect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _act(self) -> None:
        if self._slot is not None:
            self._slot()

    def _draw_icon(self, _theme: object = None) -> None:
        name = _ICONS.get(self._tone, "info")
        self._icon.setPixmap(self._ui.icons.pixmap(name, 16, self._tone, self.devicePixelRatioF()))
        self.update()
