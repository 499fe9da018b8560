"""Draws the application's icon in every size that a desktop asks for: run it after a change of the SVG files.

``python resources/desktop/render_icons.py [SHARE]``: SHARE is the directory that gets ``icons/hicolor``.
"""

import os
import shutil
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
SIZES = (16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512)
SMALL = 24
"""Up to this size the drawing with fewer margins and thicker lines is used: the other one cannot be read."""


def render(share: Path) -> None:
    """Write the PNG files and the SVG below `share`."""
    large, small = HERE.parent / "icons" / "crashdesk.svg", HERE / "crashdesk-small.svg"
    theme = share / "icons" / "hicolor"
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        QSvgRenderer(str(small if size <= SMALL else large)).render(painter, QRectF(0, 0, size, size))
        painter.end()
        path = theme / f"{size}x{size}" / "apps" / "crashdesk.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(str(path))
    scalable = theme / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(large, scalable / "crashdesk.svg")


if __name__ == "__main__":
    application = QGuiApplication([])
    render(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "share")
