"""Giving freed memory back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Have the C library return what it keeps of freed memory, where it is one that keeps much (glibc).

    Reading a large store frees some fifty megabytes in small pieces, which glibc would hold for good. Takes
    milliseconds, without Python's lock; call it in a worker thread.
    """
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
