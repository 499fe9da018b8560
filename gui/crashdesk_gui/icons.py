"""The desk's own one-stroke icons, recoloured from the theme."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QWidget

from crashdesk.resources import resource_path
from crashdesk_gui.theme import Theme, ThemeManager, Tone, mix

# In device pixels: a 16 px icon on a screen of ratio 2 takes the 32 px picture.
# Each is drawn for every icon at the start, so there are no more than the scales of 100 % to 300 % need.
_PIXELS = (16, 20, 24, 32, 48)
_SMALL_MARK = 24


class Icons:
    """Draws icons by the name of their file in `resources/icons`, in the colour of a tone; keeps what it drew."""

    def __init__(self, themes: ThemeManager) -> None:
        self._themes = themes
        self._sources: dict[str, QSvgRenderer] = {}
        self._shapes: dict[tuple[str, int], QImage] = {}
        self._drawn: dict[tuple[str, str, str], QIcon] = {}

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
        picture = _coloured(self._shape(name, round(size * ratio)), self._themes.theme.color(tone))
        picture.setDevicePixelRatio(ratio)
        return picture

    def bind(self, target: QAbstractButton | QAction, name: str, tone: Tone = Tone.TEXT) -> None:
        """Give a button or action the icon and keep its colour right when the theme changes."""
        bound = target.findChild(_Binding, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if bound is None:
            bound = _Binding(self, self._themes, target)
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

    def _shape(self, name: str, pixels: int) -> QImage:
        """Where the icon has its strokes, kept for every colour that they are to have."""
        if (name, pixels) not in self._shapes:
            if name not in self._sources:
                self._sources[name] = QSvgRenderer(resource_path("icons", f"{name}.svg").read_bytes())
            picture = _paint(self._sources[name], pixels, 1.0).toImage()
            self._shapes[name, pixels] = picture.convertToFormat(QImage.Format.Format_Alpha8)
        return self._shapes[name, pixels]

    def _draw(self, name: str, colour: QColor, theme: Theme) -> QIcon:
        faded = mix(colour, QColor(theme.window), 0.45)
        icon = QIcon()
        for pixels in _PIXELS:
            shape = self._shape(name, pixels)
            picture = _coloured(shape, colour)
            icon.addPixmap(picture, QIcon.Mode.Normal)
            icon.addPixmap(picture, QIcon.Mode.Selected)
            icon.addPixmap(_coloured(shape, faded), QIcon.Mode.Disabled)
        return icon


class _Binding(QObject):
    """Lives as a child of its target, so that it ends with it."""

    def __init__(self, icons: Icons, themes: ThemeManager, target: QAbstractButton | QAction) -> None:
        super().__init__(target)
        self._icons = icons
        self._themes = themes
        self._target = target
        self._name = ""
        self._tone = Tone.TEXT
        themes.changed.connect(self._wear_theme)

    def show_icon(self, name: str, tone: Tone) -> None:
        """Show this icon from now on."""
        self._name = name
        self._tone = tone
        self._apply()

    def _wear_theme(self) -> None:
        place = _where_seen(self._target)
        if place is None:
            self._apply()
        else:
            self._themes.with_its_part(place, self._apply)

    def _apply(self) -> None:
        self._target.setIcon(self._icons.icon(self._name, self._tone))


def _where_seen(target: QAbstractButton | QAction) -> QWidget | None:
    """The button, or the menu or field that shows the action; its window only lets it be given by keys."""
    if isinstance(target, QAbstractButton):
        return target
    places = (
        each for each in target.associatedObjects() if isinstance(each, QWidget) and not isinstance(each, QMainWindow)
    )
    return next(places, None)


def _coloured(shape: QImage, colour: QColor) -> QPixmap:
    picture = QImage(shape.size(), QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(colour)
    painter = QPainter(picture)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, shape)
    painter.end()
    return QPixmap.fromImage(picture)


def _paint(renderer: QSvgRenderer, size: int, ratio: float) -> QPixmap:
    pixels = round(size * ratio)
    picture = QPixmap(QSize(pixels, pixels))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
