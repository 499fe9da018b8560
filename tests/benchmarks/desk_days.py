"""What a desk that stays open gains in weight: the same work again and again, and the memory that is not given back."""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from desk_setting import Measures, a_desk, memory_mb
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from orphan_incident import DeskClock, ExchangeInMemory, live, store_before_the_crash

from crashdesk.inspection import StoreView
from crashdesk_gui.desk import Desk
from crashdesk_gui.language import Language
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import ThemeMode

NOW = 1_763_781_128_000_000_000
_LOOKS, _ROUNDS = 3_000, 20
_ORPHANS = 40
_CALM_S = 2.0
_PATIENCE_S = 30.0


def measure() -> Measures:
    """Look at a store some thousand times, then compare, turn pages, and change language and theme, some ten times each."""
    with tempfile.TemporaryDirectory(prefix="crashdesk-days-") as directory:
        clock = DeskClock(NOW)
        store = store_before_the_crash(Path(directory) / "store", NOW)
        exchange = ExchangeInMemory(NOW, [live(str(n), NOW, client_order_id=f"grid-{n}") for n in range(_ORPHANS)], ())
        with a_desk(clock) as desk:
            session = desk.add_view(StoreView(store, clock=clock))
            _wait(lambda: session.overview is not None)
            session.connect_exchange(exchange)
            _calm(_CALM_S)
            return _repeat(desk, session)


def _repeat(desk: Desk, session: StoreSession) -> Measures:
    def look() -> None:
        session.refresh()
        _wait(lambda: not session.watcher.busy)

    def compare() -> None:
        session.compare()
        _wait(lambda: not session.busy and session.comparison is not None)

    def pages() -> None:
        for page in desk.pages.IDS:
            desk.window.show_page(page)
            _calm()

    def language() -> None:
        for each in (Language.CHINESE, Language.ENGLISH):
            desk.speaking.speak(each)
            pages()

    def theme() -> None:
        for mode in (ThemeMode.DARK, ThemeMode.LIGHT):
            desk.ui.themes.set_mode(mode)
            _calm()

    found = {"a_look_kb": _growth(look, _LOOKS)}
    for name, work in (("compare", compare), ("pages", pages), ("language", language), ("theme", theme)):
        found[f"{name}_kb"] = _growth(work, _ROUNDS)
    found["widgets"] = len(QApplication.allWidgets())
    return found


def _growth(work: Callable[[], None], times: int) -> float:
    """Kilobytes that one more of the same costs, after as many to get warm."""
    for _ in range(times):
        work()
    gc.collect()
    before = memory_mb()[0]
    for _ in range(times):
        work()
    gc.collect()
    return round((memory_mb()[0] - before) * 1024 / times, 2)


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("the desk did not come to an end of it")
        QApplication.processEvents()
        time.sleep(0.001)


def _calm(seconds: float = 0.01) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.001)
