"""Garbage that may hold widgets goes in the window's thread, and nowhere else."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from types import ModuleType

from crashdesk_gui.garbage import Collector, collecting_here


class Knot:
    """Garbage that only the collector can take away, as a page is that knows its parts, which know it."""

    def __init__(self) -> None:
        self.itself = self


def test_a_worker_that_makes_much_collects_nothing(qtbot) -> None:
    collected_in: list[int] = []
    with collecting_here():
        knot = Knot()
        witness = weakref.ref(knot, lambda _gone: collected_in.append(threading.get_ident()))
        del knot
        kept: list[list[int]] = []
        worker = threading.Thread(target=lambda: kept.extend([number] for number in range(50_000)))
        worker.start()
        worker.join()
        assert (witness() is None, collected_in) == (False, [])
        qtbot.waitUntil(lambda: bool(collected_in))
    assert collected_in == [threading.get_ident()]


def test_what_was_imported_is_looked_through_once(monkeypatch) -> None:
    """It stays as long as the program, and ccxt alone takes as long as the window may stand still."""
    collector = Collector()
    imported = {f"imported_{number}": ModuleType(f"imported_{number}") for number in range(100)}
    monkeypatch.setattr(sys, "modules", {**sys.modules, **imported})
    before = gc.get_freeze_count()
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 1_000))
    collector.collect()
    # It stays frozen: else the tests that follow look through all that was imported.
    frozen = gc.get_freeze_count()
    knot = Knot()
    witness = weakref.ref(knot)
    del knot
    collector.collect()
    assert before < frozen
    assert witness() is None
