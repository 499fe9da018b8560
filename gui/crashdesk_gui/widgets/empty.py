"""What a page shows instead of content: nothing yet, still loading, or an error with its meaning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.text import ButtonKind, TextLabel, TextStyle, push_button

_TEXT_WIDTH = 480


@dataclass(frozen=True, slots=True)
class Choice:
    """A button under an empty or error state; the first one is the primary."""

    text: str
    slot: Callable[[], object]
    icon: str = ""


class _Centered(QWidget):
    """A column of texts in the optical middle of the page."""

    def __init__(self, ui: UiContext, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._ui = ui
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addStretch(2)
        middle = QWidget()
        middle.setMaximumWidth(_TEXT_WIDTH)
        self._column = QVBoxLayout(middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        self._icon: QLabel | None = None
        self._icon_name = ""
        self._icon_tone = Tone.MUTED
        ui.themes.changed.connect(self._wear_theme)

    def _add_icon(self, name: str, tone: Tone) -> None:
        self._icon_name, self._icon_tone = name, tone
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._draw_icon()
        self._column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(8)

    def _wear_theme(self) -> None:
        self._ui.themes.with_its_part(self, self._draw_icon)

    def _draw_icon(self) -> None:
        if self._icon is not None:
            picture: QPixmap = self._ui.icons.pixmap(self._icon_name, 40, self._icon_tone, self.devicePixelRatioF())
            self._icon.setPixmap(picture)

    def _add_title(self, text: str) -> TextLabel:
        label = TextLabel(self._ui, text, TextStyle.TITLE, wrap=True)
        self.setAccessibleName(text)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(label)
        return label

    def _add_text(self, text: str, *, centered: bool = True, selectable: bool = False) -> TextLabel:
        label = TextLabel(self._ui, text, tone=Tone.MUTED, wrap=True, selectable=selectable)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter if centered else Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(label)
        return label

    def _add_choices(self, choices: Sequence[Choice]) -> None:
        if not choices:
            return
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for position, choice in enumerate(choices):
            kind = ButtonKind.PRIMARY if position == 0 else ButtonKind.NORMAL
            row.addWidget(push_button(self._ui, choice.text, choice.slot, kind=kind, icon=choice.icon))
        row.addStretch(1)
        self._column.addSpacing(8)
        self._column.addLayout(row)


class EmptyState(_Centered):
    """Nothing is here: why, and at most two ways on."""

    def __init__(
        self,
        ui: UiContext,
        title: str,
        text: str = "",
        *,
        icon: str = "",
        tone: Tone = Tone.MUTED,
        choices: Sequence[Choice] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ui, parent)
        if icon:
            self._add_icon(icon, tone)
        self._add_title(title)
        if text:
            self._add_text(text)
            self.setAccessibleDescription(text)
        self._add_choices(choices)


class LoadingState(_Centered):
    """Something is being read: what, and how far; the bar does not move unless progress is told."""

    def __init__(self, ui: UiContext, title: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(ui, parent)
        self._title = self._add_title(title or self.tr("Reading…"))
        self._text = self._add_text("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(240)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.hide()
        self._column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)

    def set_title(self, title: str) -> None:
        """Say what is being done."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_progress(self, done: int, total: int, text: str = "") -> None:
        """Say how far it is; `total` 0 hides the bar."""
        self._bar.setVisible(total > 0)
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._text.setText(text)
        self.setAccessibleDescription(text)


class ErrorState(_Centered):
    """An error in three answers: what happened, what it means, what to do."""

    def __init__(
        self,
        ui: UiContext,
        what_happened: str,
        *,
        meaning: str = "",
        remedy: str = "",
        details: str = "",
        choices: Sequence[Choice] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ui, parent)
        self._add_icon("warning", Tone.DANGER)
        self._add_title(what_happened)
        self.setAccessibleDescription(" ".join(each for each in (meaning, remedy) if each))
        for heading, text in ((self.tr("What it means"), meaning), (self.tr("What to do"), remedy)):
            if text:
                self._add_answer(heading, text)
        if details:
            self._column.addSpacing(8)
            label = TextLabel(ui, details, TextStyle.MONO, tone=Tone.MUTED, wrap=True, selectable=True)
            self._column.addWidget(label)
        self._add_choices(choices)

    def _add_answer(self, heading: str, text: str) -> None:
        label = TextLabel(self._ui, heading, TextStyle.HEADING)
        self._column.addSpacing(8)
        self._column.addWidget(label)
        self._add_text(text, centered=False, selectable=True)
