"""How long from the start of the process to the first useful window: the overview with its sentence; and to the rest."""

from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desk_setting import Measures, memory_mb

if TYPE_CHECKING:
    from crashdesk_gui.desk import Desk

_PATIENCE_S = 60.0


def measure(store: Path, began: float) -> Measures:
    """Open `store` the way the program does; `began` is when the process was started, by the monotonic clock."""
    # As the command does.
    gc.disable()
    from crashdesk_gui.app import run

    gc.freeze()
    gc.enable()
    imported = time.monotonic()
    found: Measures = {"import_ms": (imported - began) * 1000}

    def ready(desk: Desk) -> None:
        from PySide6.QtCore import QTimer

        found["window_ms"] = (time.monotonic() - began) * 1000
        timer = QTimer(desk)
        timer.setInterval(2)
        timer.timeout.connect(lambda: _look(desk, found, began))
        timer.start()

    run([store], theme="light", remember=False, new_window=True, on_ready=ready)
    return found


def _look(desk: Desk, found: Measures, began: float) -> None:
    from PySide6.QtWidgets import QApplication

    now = time.monotonic()
    if desk.pages.overview.sentence and "useful_ms" not in found:
        found["useful_ms"] = (now - began) * 1000
        found["useful_cpu_ms"] = time.process_time() * 1000
        found["rss_useful_mb"] = memory_mb()[0]
    if all(desk.pages.is_made(page) for page in desk.pages.IDS) and "pages_ms" not in found:
        found["pages_ms"] = (now - began) * 1000
    session = desk.session
    complete = session is not None and session.series is not None and not session.watcher.busy
    if ("useful_ms" in found and complete) or now - began > _PATIENCE_S:
        found["complete_ms"] = (now - began) * 1000
        found["rss_mb"], found["peak_mb"] = memory_mb()
        QApplication.quit()
