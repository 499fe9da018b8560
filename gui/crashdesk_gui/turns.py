"""The window's thread gets its turn soon, whatever a worker computes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TURN_S = 0.000_5


@contextmanager
def quick_turns() -> Iterator[None]:
    """Within, a thread that computes hands Python's lock over ten times as soon as by itself.

    Painting takes the lock anew for every cell of a table; with Python's own five milliseconds each, a page of them beside a
    computing worker would take a quarter of a second.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
