"""Saving tables and pictures where the operator wants them; the file dialog is an argument."""

import contextlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QRectF, QSize, QSizeF, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.models.export import csv_text, json_text
from crashdesk_gui.models.table_base import TableModel

AskPath = Callable[[QWidget, str, str, str], str]
"""Asks where to save: (parent, title, suggested name, filter such as "CSV (*.csv)") -> path, empty when declined."""

Draw = Callable[[QPainter, QRectF], object]
"""Paints a picture into the rectangle."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A format that something can be saved in."""

    title: str
    suffix: str

    @property
    def filter(self) -> str:
        """For a file dialog."""
        return f"{self.title} (*.{self.suffix})"


CSV = FileKind("CSV", "csv")
JSON = FileKind("JSON", "json")
PNG = FileKind("PNG", "png")
SVG = FileKind("SVG", "svg")
MARKDOWN = FileKind("Markdown", "md")
HTML = FileKind("HTML", "html")


def ask_save_path(parent: QWidget, title: str, suggested: str, filters: str) -> str:
    """Ask with the system's file dialog, which itself warns before a file is replaced."""
    path, _chosen = QFileDialog.getSaveFileName(parent, title, suggested, filters)
    return path


def reveal(path: Path) -> bool:
    """Show the directory of a file in the system's file manager; False when there is none."""
    directory = path if path.is_dir() else path.parent
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(directory)))


class Exporter:
    """Asks for a path, writes in the background and tells how it went.

    `on_saved(path)` and `on_failed(what, error)` are called on the GUI thread.
    """

    def __init__(
        self,
        parent: QWidget,
        *,
        on_saved: Callable[[Path], object],
        on_failed: Callable[[str, Exception], object],
        ask: AskPath = ask_save_path,
    ) -> None:
        self._parent = parent
        self._on_saved = on_saved
        self._on_failed = on_failed
        self._ask = ask

    def save(self, runner: JobRunner, kind: FileKind, name: str, content: Callable[[], bytes]) -> bool:
        """Save what `content` returns; it is called in the worker thread. False when the operator declined."""
        title = QCoreApplication.translate("Exporter", "Save as {0}").format(kind.title)
        chosen = self._ask(self._parent, title, f"{file_name(name)}.{kind.suffix}", kind.filter)
        if not chosen:
            return False
        path = Path(chosen)
        if not path.suffix:
            path = path.with_suffix(f".{kind.suffix}")
        what = QCoreApplication.translate("Exporter", "Saving {0}").format(path.name)
        runner.run(
            lambda _progress: _write(path, content()),
            title=what,
            on_done=lambda _count: self._on_saved(path),
            on_failed=lambda error: self._on_failed(what, error),
            cancellable=False,
            owner=self._parent,
        )
        return True

    def save_table(
        self,
        runner: JobRunner,
        kind: FileKind,
        name: str,
        model: TableModel[Any],
        records: Sequence[Any] | None = None,
    ) -> bool:
        """Save records of a table (None: those that are shown, in their order) as CSV or JSON, values exact."""
        chosen = model.shown_records() if records is None else list(records)
        write = json_text if kind is JSON else csv_text
        return self.save(runner, kind, name, lambda: write(model, chosen).encode("utf-8"))


def _write(path: Path, data: bytes) -> None:
    """Put a whole file in place, or leave what was there."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        # The name that the operator chose says more than that of the part.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def file_name(text: str) -> str:
    """The text as a file name that every system accepts."""
    kept = "".join(each if each.isalnum() or each in "-_." else "-" for each in text)
    return kept.strip("-.") or "crashdesk"


def png_bytes(draw: Draw, size: QSize, ground: QColor, scale: float = 2.0) -> bytes:
    """A picture of `size` logical pixels, drawn at `scale` so that it stays sharp in a report."""
    image = QImage(round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(ground)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    draw(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"PNG").write(image)
    return bytes(data.data())


def svg_bytes(draw: Draw, size: QSize, ground: QColor, title: str) -> bytes:
    """The same picture as vectors."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    area = QRectF(0, 0, size.width(), size.height())
    painter.fillRect(area, ground)
    painter.setPen(Qt.PenStyle.SolidLine)
    draw(painter, QRectF(area.topLeft(), QSizeF(area.size())))
    painter.end()
    buffer.close()
    # The fonts of this machine may be on no other.
    return re.sub(rb'font-family="([^"]+)"', rb'font-family="\1, sans-serif"', bytes(data.data()))
