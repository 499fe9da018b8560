"""What draws the charts takes a fifth of a second to be imported: it comes in parts, between which the window has its turns.

Whatever defines types of Qt is imported in the window's thread: PySide keeps one register of types, and a window that looks
something up in it while another thread adds to it ends the process with a segmentation fault.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_WITHOUT_QT = (
    "xml.etree.ElementTree",
    "cProfile",
    "colorama",
    "pydoc",
    "importlib.resources",
    "multiprocessing.connection",
    "multiprocessing.util",
)
"""What pyqtgraph imports of others: a worker can do that. What is not there is not needed either."""

_PARTS = (
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtTest",
    "pyqtgraph",
    "crashdesk_gui.views.chart_canvas",
)


def import_ahead(_progress: object = None) -> None:
    """Import what a worker can import, so that the window's thread has less of it to do."""
    for module in _WITHOUT_QT:
        try:
            importlib.import_module(module)
        except ImportError:
            continue


class ChartLoading(QObject):
    """Imports the rest, a part in a turn of the event loop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._then: list[Callable[[], object]] = []
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._import_next)

    @property
    def done(self) -> bool:
        """Whether charts can be drawn at once."""
        return _PARTS[-1] in sys.modules

    def load(self, then: Callable[[], object] | None = None) -> None:
        """Import what is missing, and call `then` when charts can be drawn: at once where they can be."""
        if self.done:
            if then is not None:
                then()
            return
        if then is not None:
            self._then.append(then)
        self._turn.start()

    def _import_next(self) -> None:
        importlib.import_module(next(part for part in _PARTS if part not in sys.modules))
        if not self.done:
            self._turn.start()
            return
        waiting, self._then = self._then, []
        for then in waiting:
            then()
