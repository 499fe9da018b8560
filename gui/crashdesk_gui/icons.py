"""The desk's own one-stroke icons, recoloured from the theme."""

from __future__ import annotations

from collections import deque

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from crashdesk.resources import resource_path
from crashdesk_gui.theme import Theme, ThemeManager, Tone, mix

# In device pixels: a 16 px icon on a screen of ratio 2 takes the 32 px picture.
# Each is drawn for every icon at the start, so there are no more than the scales of 100 % to 300 % need.
_PIXELS = (16, 20, 24, 32, 48)
_SMALL_MARK = 24
_DRAWN_A_TURN = 8


class Icons:
    """Draws icons by the name of their file in `resources/icons`, in the colour of a tone; keeps what it drew."""

    def __init__(self, themes: ThemeManager) -> None:
        self._themes = themes
        self._sources: dict[str, str] = {}
        self._drawn: dict[tuple[str, str, str], QIcon] = {}
        self._unseen = _Unseen(themes)

    def icon(self, name: str, tone: Tone = Tone.TEXT) -> QIcon:
        """The icon in the theme that is worn now; raises FileNotFoundError for a name that no file has."""
        theme = self._themes.theme
        return self.coloured(name, theme.color(tone))

    def coloured(self, name: str, colour: QColor) -> QIcon:
        """The icon in any colour, faded when disabled."""
        theme = self._themes.theme
        key = (name, colour.name(), theme.name)
        if key not in self._drawn:
            self._drawn[key] = self._draw(name, colour, theme)
        return self._drawn[key]

    def on_accent(self, name: str) -> QIcon:
        """The icon for a filled button, whose text is the same in every theme."""
        return self.coloured(name, QColor(self._themes.theme.on_accent))

    def pixmap(self, name: str, size: int, tone: Tone = Tone.TEXT, ratio: float = 1.0) -> QPixmap:
        """The icon as a picture of `size` logical pixels for a screen of the given device pixel ratio."""
        return _paint(_renderer(self._source(name), self._themes.theme.color(tone)), size, ratio)

    def bind(self, target: QAbstractButton | QAction, name: str, tone: Tone = Tone.TEXT) -> None:
        """Give a button or action the icon and keep its colour right when the theme changes."""
        bound = target.findChild(_Binding, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if bound is None:
            bound = _Binding(self, self._themes, self._unseen, target)
        bound.show_icon(name, tone)

    def app_icon(self) -> QIcon:
        """The application's own mark, in its own colours."""
        icon = QIcon()
        for size in (16, 22, 24, 32, 48, 64, 128, 256):
            icon.addPixmap(self.app_mark(size))
        return icon

    def app_mark(self, size: int, ratio: float = 1.0) -> QPixmap:
        """The application's mark as a picture of `size` logical pixels; small ones are drawn with thicker lines."""
        small = size * ratio <= _SMALL_MARK
        path = resource_path("desktop", "crashdesk-small.svg") if small else resource_path("icons", "crashdesk.svg")
        return _paint(QSvgRenderer(str(path)), size, ratio)

    def _source(self, name: str) -> str:
        if name not in self._sources:
            self._sources[name] = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
        return self._sources[name]

    def _draw(self, name: str, colour: QColor, theme: Theme) -> QIcon:
        faded = mix(colour, QColor(theme.window), 0.45)
        source = self._source(name)
        bright, dim = _renderer(source, colour), _renderer(source, faded)
        icon = QIcon()
        for pixels in _PIXELS:
            picture = _paint(bright, pixels, 1.0)
            icon.addPixmap(picture, QIcon.Mode.Normal)
            icon.addPixmap(picture, QIcon.Mode.Selected)
            icon.addPixmap(_paint(dim, pixels, 1.0), QIcon.Mode.Disabled)
        return icon


class _Binding(QObject):
    """Lives as a child of its target, so that it ends with it."""

    def __init__(self, icons: Icons, themes: ThemeManager, unseen: _Unseen, target: QAbstractButton | QAction) -> None:
        super().__init__(target)
        self._icons = icons
        self._unseen = unseen
        self._target = target
        self._name = ""
        self._tone = Tone.TEXT
        themes.changed.connect(self._wear_theme)

    def show_icon(self, name: str, tone: Tone) -> None:
        """Show this icon from now on."""
        self._name = name
        self._tone = tone
        self.apply()

    def apply(self) -> None:
        """Paint the icon in the theme that is worn now."""
        self._target.setIcon(self._icons.icon(self._name, self._tone))

    def _wear_theme(self) -> None:
        if isinstance(self._target, QAbstractButton) and not self._target.isVisible():
            self._unseen.append(self)
        else:
            self.apply()


class _Unseen(QObject):
    """Icons that nobody sees wear a new theme some in a turn: to draw all at once would hold the window up."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__(themes)
        self._left: deque[_Binding] = deque()
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._apply_some)

    def append(self, bound: _Binding) -> None:
        """This one in its turn."""
        self._left.append(bound)
        self._turns.start()

    def _apply_some(self) -> None:
        for _ in range(min(_DRAWN_A_TURN, len(self._left))):
            bound = self._left.popleft()
            if shiboken6.isValid(bound):
                bound.apply()
        if not self._left:
            self._turns.stop()


def _renderer(source: str, colour: QColor) -> QSvgRenderer:
    recoloured = source.replace("currentColor", colour.name())
    return QSvgRenderer(QByteArray(recoloured.encode("utf-8")))


def _paint(renderer: QSvgRenderer, size: int, ratio: float) -> QPixmap:
    pixels = round(size * ratio)
    picture = QPixmap(QSize(pixels, pixels))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
