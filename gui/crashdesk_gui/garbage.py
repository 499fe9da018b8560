"""Python's garbage is collected in the window's own thread, from its event loop.

Left to itself, Python collects wherever something is made: in a worker's thread, or while Qt goes through all its widgets to
give them another palette. When there is a widget among the garbage, both end the process.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

_LOOK_MS = 100


@contextmanager
def collecting_here() -> Iterator[None]:
    """Within, garbage is collected in this thread only, whenever its event loop has nothing better to do."""
    before = gc.isenabled()
    gc.disable()
    timer = QTimer()
    timer.setInterval(_LOOK_MS)
    timer.timeout.connect(collect_what_is_due)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        if before:
            gc.enable()


def collect_what_is_due() -> None:
    """Collect the oldest generation that has grown beyond its threshold, as Python itself would have."""
    counted = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, threshold) in enumerate(counted) if count > threshold]
    if due:
        gc.collect(due[-1])
