"""Colours, fonts and the small style sheet. Colour never carries a meaning alone: every tone has a glyph or a word.

A `Theme` is frozen data; `ThemeManager` owns the current one and tells widgets when it changes.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from crashdesk_gui.stylesheet import style_sheet

GRID = 8
"""The spacing unit in logical pixels; margins and gaps are multiples or halves of it."""
_PAUSE_MS = 40
"""Before each part that is out of sight is dressed, the window gets its turns; the first is the painting of what is in front."""


class ThemeMode(Enum):
    """What the operator chose: a fixed theme, or the system's."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Tone(Enum):
    """The meaning of a piece of text or an icon; the theme knows its colour."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    OK = "ok"
    WARNING = "warning"
    DANGER = "danger"
    UNKNOWN = "unknown"
    LONG = "long"
    SHORT = "short"


class Status(Enum):
    """The five states of a thing that can be checked: (name, glyph, tone)."""

    OK = ("ok", "✓", Tone.OK)
    DIFFERS = ("differs", "!", Tone.WARNING)
    BAD = ("bad", "✕", Tone.DANGER)
    UNKNOWN = ("unknown", "?", Tone.UNKNOWN)
    WORKING = ("working", "…", Tone.ACCENT)

    @property
    def glyph(self) -> str:
        """The one-character sign that is shown before the word."""
        return self.value[1]

    @property
    def tone(self) -> Tone:
        """The tone that colours glyph and word."""
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour of one theme, as `#rrggbb`."""

    name: str
    dark: bool
    window: str
    base: str
    raised: str
    hover: str
    selection: str
    border: str
    strong_border: str
    text: str
    muted: str
    faded: str
    accent: str
    accent_fill: str
    on_accent: str
    ok: str
    warning: str
    danger: str
    danger_fill: str
    unknown: str
    long: str
    short: str
    grid_line: str
    crosshair: str
    series: tuple[str, ...]

    def hex(self, tone: Tone) -> str:
        """The tone's colour as `#rrggbb`."""
        colour: str = getattr(self, tone.value)
        return colour

    def color(self, tone: Tone) -> QColor:
        """The tone's colour."""
        return QColor(self.hex(tone))

    def tint(self, tone: Tone) -> QColor:
        """A faint background of the tone, on which its text stays readable."""
        return mix(self.color(tone), QColor(self.base), 0.12 if self.dark else 0.08)

    def edge(self, tone: Tone) -> QColor:
        """A thin border around a tinted ground."""
        return mix(self.color(tone), QColor(self.base), 0.35)


LIGHT = Theme(
    name="light",
    dark=False,
    window="#f5f6f8",
    base="#ffffff",
    raised="#ffffff",
    hover="#eef0f4",
    selection="#e5e3fb",
    border="#dfe2e8",
    strong_border="#c3c9d3",
    text="#191d24",
    muted="#596273",
    faded="#646d7c",
    accent="#4f43cf",
    accent_fill="#4f43cf",
    on_accent="#ffffff",
    ok="#17703a",
    warning="#855300",
    danger="#b91c27",
    danger_fill="#b91c27",
    unknown="#596273",
    long="#0a5fb4",
    short="#a94607",
    grid_line="#e6e9ee",
    crosshair="#596273",
    series=("#4f43cf", "#0a7f86", "#a94607", "#a3247f", "#4d7c0f", "#0a5fb4"),
)

DARK = Theme(
    name="dark",
    dark=True,
    window="#14171b",
    base="#1a1e23",
    raised="#20252b",
    hover="#232930",
    selection="#2f2d55",
    border="#2b3139",
    strong_border="#434b57",
    text="#e7eaee",
    muted="#a0a9b6",
    faded="#8a93a0",
    accent="#a7a0ff",
    accent_fill="#6257e0",
    on_accent="#ffffff",
    ok="#63cd90",
    warning="#e9b85c",
    danger="#ff8f8a",
    danger_fill="#c9323a",
    unknown="#a9b2bf",
    long="#6ab7ff",
    short="#ffa361",
    grid_line="#262c33",
    crosshair="#a0a9b6",
    series=("#a7a0ff", "#4fc9cf", "#ffa361", "#f08ad0", "#a9d05a", "#6ab7ff"),
)


def mix(colour: QColor, ground: QColor, share: float) -> QColor:
    """`share` of the colour laid over the ground; both opaque."""
    return QColor(
        round(colour.red() * share + ground.red() * (1 - share)),
        round(colour.green() * share + ground.green() * (1 - share)),
        round(colour.blue() * share + ground.blue() * (1 - share)),
    )


def palette_of(theme: Theme) -> QPalette:
    """The Qt palette of a theme; Fusion draws everything from it."""
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.base,
        QPalette.ColorRole.AlternateBase: theme.window,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.danger,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Highlight: theme.selection,
        QPalette.ColorRole.HighlightedText: theme.text,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.LinkVisited: theme.accent,
        QPalette.ColorRole.Accent: theme.accent_fill,
        QPalette.ColorRole.Light: theme.raised,
        QPalette.ColorRole.Midlight: theme.hover,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Dark: theme.strong_border,
        QPalette.ColorRole.Shadow: theme.strong_border,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faded))
    return palette


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application: Fusion in the theme's palette."""
    if app.style().objectName() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette_of(theme))
    # By itself Qt tells the windows in a later turn, and what is painted meanwhile is half in each theme.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationPaletteChange.value)


def scaled_font(base: QFont, factor: float = 1.0, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font at another size and weight, with digits of equal width where the font has them."""
    font = QFont(base)
    if base.pointSizeF() > 0:
        font.setPointSizeF(base.pointSizeF() * factor)
    else:
        font.setPixelSize(round(base.pixelSize() * factor))
    font.setWeight(weight)
    return tabular(font)


def tabular(font: QFont) -> QFont:
    """The same font with digits of equal width where it has them, so that numbers align in columns."""
    result = QFont(font)
    # PySide6 6.8 cannot build the tag of a font feature; the fonts of most systems have tabular digits anyway.
    with contextlib.suppress(TypeError):
        result.setFeature(QFont.Tag("tnum"), 1)
    return result


def set_tone(widget: QWidget, theme: Theme, tone: Tone) -> None:
    """Colour a label's text by palette; call it again when the theme changes."""
    widget.setPalette(_toned(theme, tone))


@lru_cache(maxsize=2 * len(Tone))
def _toned(theme: Theme, tone: Tone) -> QPalette:
    """Made once: every label wears one. It leaves all but the text's colour to what the label is in."""
    palette = QPalette()
    # Inside a button, such as a card, a label takes the button's role.
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(role, theme.color(tone))
    return palette


class ThemeManager(QObject):
    """Owns the current theme; widgets get it by constructor and follow `changed`.

    A window is dressed in parts. Those on the screen wear a new theme at once and together; what is out of sight, such as the
    pages behind the one in front, in turns of its own, at the latest right before it is shown.

    Signals: `changed(Theme)` after the application and all that is on the screen wear the new theme.
    """

    changed = Signal(object)

    def __init__(
        self,
        app: QApplication,
        mode: ThemeMode = ThemeMode.SYSTEM,
        parent: QObject | None = None,
        *,
        scheme: Callable[[], Qt.ColorScheme] | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._mode = mode
        self._scheme = scheme or app.styleHints().colorScheme
        self._parts: WeakSet[QWidget] = WeakSet()
        self._waiting: dict[QWidget, list[tuple[QWidget, Callable[[], object]]]] = {}
        self._turns = QTimer(self, interval=_PAUSE_MS)
        self._turns.timeout.connect(self._dress_next)
        self._ask_platform()
        self._theme = self._wanted()
        self._sheet = style_sheet(self._theme)
        app.setFont(tabular(app.font()))
        apply_theme(app, self._theme)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        """The theme that is worn now."""
        return self._theme

    @property
    def mode(self) -> ThemeMode:
        """What the operator chose."""
        return self._mode

    def set_mode(self, mode: ThemeMode) -> None:
        """Choose light, dark or the system's; takes effect at once."""
        self._mode = mode
        self._ask_platform()
        self._update()

    def dress(self, part: QWidget) -> None:
        """Give a part of a window, a page or a dialog the style sheet, now and in every theme to come; what is in it inherits it.

        Not the application: with a style sheet there, every widget that is put into another, shown or not, is measured
        anew with all that is in it, and pages take twice as long to make. Nor a whole window: Qt dresses all that is in it in
        one go, seen or not. So what is shown over a window is dressed by itself, or given to one of its parts.
        """
        self._wear(part)

    def with_its_part(self, widget: QWidget, work: Callable[[], object]) -> None:
        """Do `work`, by which the widget takes to the new theme, when its part wears that: now, or once it is to be seen."""
        part: QWidget | None = widget if self._waiting else None
        while part is not None and part not in self._waiting:
            part = part.parentWidget()
        if part is None:
            work()
        else:
            self._waiting[part].append((widget, work))

    def _ask_platform(self) -> None:
        """Let the frame of the window and the system's own dialogs wear the choice too, where the platform can."""
        schemes = {ThemeMode.LIGHT: Qt.ColorScheme.Light, ThemeMode.DARK: Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(schemes.get(self._mode, Qt.ColorScheme.Unknown))

    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self._update()

    def _wanted(self) -> Theme:
        if self._mode is ThemeMode.SYSTEM:
            return DARK if self._scheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode is ThemeMode.DARK else LIGHT

    def _update(self) -> None:
        wanted = self._wanted()
        if wanted is self._theme:
            return
        self._theme, self._sheet = wanted, style_sheet(wanted)
        self._waiting.clear()
        apply_theme(self._app, wanted)
        # Python may still know what Qt has no more.
        for part in filter(shiboken6.isValid, list(self._parts)):
            if part.isVisible():
                self._wear(part)
            elif part.styleSheet() != self._sheet:
                self._waiting[part] = []
                part.installEventFilter(self)
        self.changed.emit(wanted)
        self._turns.start()

    def _wear(self, part: QWidget) -> None:
        part.removeEventFilter(self)
        self._parts.add(part)
        part.setStyleSheet(self._sheet)
        for widget, work in self._waiting.pop(part, ()):
            if shiboken6.isValid(widget):
                work()

    def _dress_next(self) -> None:
        part = next(iter(self._waiting), None)
        if part is None:
            self._turns.stop()
        elif shiboken6.isValid(part):
            self._wear(part)
        else:
            del self._waiting[part]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # It comes before anything of the part is painted.
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched in self._waiting:
            self._wear(watched)
        return False
