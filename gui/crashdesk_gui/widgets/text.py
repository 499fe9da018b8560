"""Labels in the few text styles that the desk has, and buttons in its four kinds."""

from collections.abc import Callable
from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.theme import Tone, scaled_font, set_tone

_NEEDS_PRESS = "needs-press"


class TextStyle(Enum):
    """(size factor, weight, fixed pitch) of each style."""

    DISPLAY = (1.9, QFont.Weight.DemiBold, False)
    TITLE = (1.35, QFont.Weight.DemiBold, False)
    HEADING = (1.0, QFont.Weight.DemiBold, False)
    BODY = (1.0, QFont.Weight.Normal, False)
    SMALL = (0.92, QFont.Weight.Normal, False)
    MONO = (1.0, QFont.Weight.Normal, True)

    def font(self) -> QFont:
        """The style's font, from the application's."""
        return QFont(_styled_font(self, QApplication.font().key()))


@lru_cache(maxsize=64)
def _styled_font(style: TextStyle, _base_key: str) -> QFont:
    """Made once for each font of the application: every label and every painted table asks for it."""
    factor, weight, fixed = style.value
    base = QApplication.font()
    if fixed:
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        mono.setPointSizeF(base.pointSizeF())
        base = mono
    return scaled_font(base, factor, weight=weight)


class TextLabel(QLabel):
    """A label in one of the desk's styles and tones; plain text, so that no exchange's words become markup.

    `selectable` lets the operator copy it; `wrap` breaks lines.
    """

    def __init__(
        self,
        ui: UiContext,
        text: str = "",
        style: TextStyle = TextStyle.BODY,
        *,
        tone: Tone = Tone.TEXT,
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._ui = ui
        self._tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(style.font())
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            # Not by Tab: it goes from control to control, not through every fact in between.
            self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._dress()
        ui.themes.changed.connect(self._wear_theme)

    def set_tone(self, tone: Tone) -> None:
        """Change the colour's meaning."""
        if tone is not self._tone:
            self._tone = tone
            self._dress()

    def _wear_theme(self) -> None:
        # Not before its part: the style sheet gives a label back the colours that it had under the former one.
        self._ui.themes.with_its_part(self, self._dress_anew)

    def _dress_anew(self) -> None:
        # One that was not shown yet would be given back its first colours when it is.
        self.ensurePolished()
        self._dress()

    def _dress(self) -> None:
        # By palette: a style sheet of its own makes a label hundreds of times dearer, whenever it or a parent moves.
        set_tone(self, self._ui.theme, self._tone)


class ButtonKind(Enum):
    """How much a button asks for attention; a view has at most one PRIMARY."""

    PRIMARY = "primary"
    NORMAL = "normal"
    QUIET = "quiet"
    DANGER = "danger"


class _EnterButton(QPushButton):
    """A button that Enter presses as well as Space, outside dialogs too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.autoDefault():
            self.click()
        else:
            super().keyPressEvent(event)


def push_button(
    ui: UiContext,
    text: str,
    slot: Callable[[], object] | None = None,
    *,
    kind: ButtonKind = ButtonKind.NORMAL,
    icon: str = "",
    tip: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A text button; `slot` is called without arguments."""
    button = _EnterButton(text, parent)
    button.setProperty("kind", kind.value)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    if icon and kind in (ButtonKind.PRIMARY, ButtonKind.DANGER):
        button.setIcon(ui.icons.on_accent(icon))
    elif icon:
        ui.icons.bind(button, icon, Tone.ACCENT if kind is ButtonKind.QUIET else Tone.TEXT)
    if slot is not None:
        button.clicked.connect(lambda _checked=False: slot())
    return button


def needs_press(button: QPushButton, needed: bool) -> None:
    """Say that what it does at once must be meant: the command for the page's next step then only goes to the button."""
    button.setProperty(_NEEDS_PRESS, needed)


def is_pressed_by_command(button: QPushButton) -> bool:
    """Whether the command for the page's next step presses the button."""
    return not button.property(_NEEDS_PRESS)


def icon_button(
    ui: UiContext, icon: str, name: str, slot: Callable[[], object] | None = None, *, parent: QWidget | None = None
) -> QToolButton:
    """A button of an icon alone; `name` is its tooltip and what a screen reader says."""
    button = QToolButton(parent)
    button.setIconSize(QSize(16, 16))
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    ui.icons.bind(button, icon, Tone.MUTED)
    if slot is not None:
        button.clicked.connect(lambda _checked=False: slot())
    return button
