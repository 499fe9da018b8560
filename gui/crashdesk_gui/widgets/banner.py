"""An inline message above a page's content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Theme, Tone
from crashdesk_gui.widgets.first_line import at_first_line
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, icon_button, push_button

Words = Callable[[], str]
"""A text in the language that is spoken when it is asked for."""

_ICONS = {Tone.WARNING: "warning", Tone.DANGER: "warning", Tone.OK: "check"}


@dataclass(frozen=True, slots=True)
class _Message:
    text: str | Words
    tone: Tone
    button: str | Words
    slot: Callable[[], object] | None
    closable: bool


class Banner(QWidget):
    """A bar with an icon, one sentence, perhaps one button, and a cross; hidden until `show_message`."""

    accessible_role = QAccessible.Role.AlertMessage

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
        self._message: _Message | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(8)
        layout.addLayout(at_first_line(self._icon, self._text), 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
        ui.themes.changed.connect(self._wear_theme)
        self.hide()

    def show_message(
        self,
        text: str | Words,
        tone: Tone = Tone.ACCENT,
        *,
        button: str | Words = "",
        slot: Callable[[], object] | None = None,
        closable: bool = True,
    ) -> None:
        """Show a sentence; it replaces the one before. Given as words it can be said again in another language."""
        self._show(_Message(text, tone, button, slot, closable))

    def take_over(self, older: Banner) -> None:
        """Say again what `older` says, in the language that is spoken now; what it has no words for is not said again."""
        message = older._message
        if message is not None and callable(message.text) and not older.isHidden():
            self._show(message)

    def says(self, text: str | Words) -> bool:
        """Whether this is what it says at the moment."""
        return self._message is not None and self._message.text is text and not self.isHidden()

    def _show(self, message: _Message) -> None:
        self._message = message
        self._tone = message.tone
        text, button = _said(message.text), _said(message.button)
        self._text.setText(text)
        self._text.setFont(TextStyle.BODY.font())
        self._button.setText(button)
        self._button.setAccessibleName(button or self.tr("Act on this message"))
        self._button.setVisible(bool(button))
        self._close.setVisible(message.closable)
        self.setAccessibleName(text)
        self._draw_icon()
        self.show()

    @property
    def text(self) -> str:
        """What the banner says."""
        return self._text.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_tinted(self, self._ui.theme, self._tone)

    def _act(self) -> None:
        if self._message is not None and self._message.slot is not None:
            self._message.slot()

    def _wear_theme(self) -> None:
        self._ui.themes.with_its_part(self, self._draw_icon)

    def _draw_icon(self) -> None:
        name = _ICONS.get(self._tone, "info")
        self._icon.setPixmap(self._ui.icons.pixmap(name, 16, self._tone, self.devicePixelRatioF()))
        self.update()


def paint_tinted(widget: QWidget, theme: Theme, tone: Tone) -> None:
    """Paint the ground of a message, from within the widget's paint event: a tint of the tone in a thin border."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.edge(tone))
    painter.setBrush(theme.tint(tone))
    painter.drawRoundedRect(QRectF(widget.contentsRect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def _said(text: str | Words) -> str:
    return text if isinstance(text, str) else text()
