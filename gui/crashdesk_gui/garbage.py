"""Python's garbage is collected in the window's own thread, from its event loop.

Left to itself, Python collects wherever something is made: in a worker's thread, or while Qt goes through all its widgets to
give them another palette. When there is a widget among the garbage, both end the process.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

_LOOK_MS = 100
_OLDEST = 2
_MANY_MODULES = 20


@contextmanager
def collecting_here() -> Iterator[None]:
    """Within, garbage is collected in this thread only, whenever its event loop has nothing better to do."""
    before = gc.isenabled()
    gc.disable()
    # The desk's own modules stay as long as it: whoever looks for garbage need not look through them.
    gc.freeze()
    collector = Collector()
    timer = QTimer()
    timer.setInterval(_LOOK_MS)
    timer.timeout.connect(collector.collect)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        gc.unfreeze()
        if before:
            gc.enable()


class Collector:
    """Collects what is due, but looks through what was imported only once: it stays as long as the program."""

    def __init__(self) -> None:
        self._modules = len(sys.modules)

    def collect(self) -> None:
        """Collect what is due."""
        if _due() == _OLDEST and len(sys.modules) > self._modules + _MANY_MODULES:
            # To look through all of ccxt takes as long as the window may stand still, each time, and finds nothing.
            self._modules = len(sys.modules)
            gc.collect(_OLDEST - 1)
            gc.freeze()
        else:
            collect_what_is_due()


def collect_what_is_due() -> None:
    """Collect the oldest generation that has grown beyond its threshold, as Python itself would have."""
    generation = _due()
    if generation is not None:
        gc.collect(generation)


def _due() -> int | None:
    counted = zip(gc.get_count(), gc.get_threshold(), strict=True)
    return max((generation for generation, (count, threshold) in enumerate(counted) if count > threshold), default=None)
