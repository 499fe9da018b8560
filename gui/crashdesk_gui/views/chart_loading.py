"""What draws the charts takes a fifth of a second to be imported: it comes in parts, between which the window has its turns.

Whatever defines types of Qt is imported in the window's thread: PySide keeps one register of types, and a window that looks
something up in it while another thread adds to it ends the process with a segmentation fault.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from crashdesk_gui.read_ahead import ModulesRead

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

_PAUSE_MS = 40
_QUIET_TURNS = 12
"""So often in a row it must have been quiet: between two steps of what somebody waits for there is rest as well."""


def import_ahead() -> None:
    """Import what a worker can import, so that the window's thread has less of it to do."""
    for module in _WITHOUT_QT:
        try:
            importlib.import_module(module)
        except ImportError:
            continue


def read_ahead(_progress: object = None) -> ModulesRead:
    """Import what a worker can import, and read the rest."""
    import_ahead()
    read = ModulesRead()
    read.read("pyqtgraph", without=("examples", "opengl"))
    return read


class ChartLoading(QObject):
    """Imports the rest, a part in a turn of the event loop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._then: list[Callable[[], object]] = []
        self._at_rest: Callable[[], bool] | None = None
        self._read = ModulesRead()
        self._quiet = 0
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._import_next)

    @property
    def done(self) -> bool:
        """Whether charts can be drawn at once."""
        return _PARTS[-1] in sys.modules

    def load(self, then: Callable[[], object]) -> None:
        """Import what is missing, and call `then` when charts can be drawn: at once where they can be."""
        if self.done:
            then()
            return
        self._at_rest = None
        self._then.append(then)
        self._turn.start(0)

    def load_ahead(self, read: ModulesRead, at_rest: Callable[[], bool]) -> None:
        """Import what is missing while `at_rest()`: nobody waits for it, and a part of it would hold up who waits for else."""
        self._read = read
        if not self.done and not self._then:
            self._at_rest = at_rest
            self._turn.start(_PAUSE_MS)

    def _import_next(self) -> None:
        if self.done:
            self._tell()
            return
        if self._at_rest is not None and not self._is_quiet(self._at_rest):
            self._turn.start(_PAUSE_MS)
            return
        with self._read.used():
            importlib.import_module(next(part for part in _PARTS if part not in sys.modules))
        self._turn.start(0 if self._then else _PAUSE_MS)

    def _is_quiet(self, at_rest: Callable[[], bool]) -> bool:
        self._quiet = self._quiet + 1 if at_rest() else 0
        return self._quiet >= _QUIET_TURNS

    def _tell(self) -> None:
        self._read = ModulesRead()
        waiting, self._then = self._then, []
        for then in waiting:
            then()
