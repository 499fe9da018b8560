"""A picture of the charts with every lane, recorded lane by lane so that the window stays responsive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QRectF, QSize, QSizeF, QTimer
from PySide6.QtGui import QFont, QFontInfo, QPainter, QPicture
from PySide6.QtWidgets import QWidget

from crashdesk_gui.views.chart_canvas import ChartCanvas
from crashdesk_gui.views.chart_scene import Scene


class ChartPicture(QObject):
    """Records a scene in a view of its own; calls `on_done(picture)` once and is gone then.

    The picture can be played into any painter, in any thread.
    """

    def __init__(self, scene: Scene, size: QSize, parent: QWidget, on_done: Callable[[QPicture], object]) -> None:
        super().__init__(parent)
        self._size = QSizeF(size)
        self._on_done = on_done
        # A child that is never shown: its lanes need a view, not a screen.
        self._canvas = ChartCanvas(_for_picture(scene), parent)
        self._canvas.completed.connect(lambda: QTimer.singleShot(0, self, self._record))
        self._canvas.set_size(self._size)

    def _record(self) -> None:
        picture = QPicture()
        painter = QPainter(picture)
        area = QRectF(0, 0, self._size.width(), self._size.height())
        self._canvas.scene().render(painter, area, area)
        painter.end()
        self._canvas.deleteLater()
        self.deleteLater()
        self._on_done(picture)


def _for_picture(scene: Scene) -> Scene:
    """Without the crosshair, and with fonts that are as large as on the screen whatever the picture is played into."""
    return replace(
        scene,
        crosshair=None,
        font=_in_pixels(scene.font),
        strong_font=_in_pixels(scene.strong_font),
        small_font=_in_pixels(scene.small_font),
    )


def _in_pixels(font: QFont) -> QFont:
    """The font with its size in pixels of the screen."""
    sized = QFont(font)
    sized.setPixelSize(QFontInfo(font).pixelSize())
    return sized
