"""What the parts of the desk's benchmark share: a desk of their own, its settings, and how big the process is."""

from __future__ import annotations

import importlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heartbeat import Heartbeat

    from crashdesk.clock import Clock
    from crashdesk_gui.desk import Desk

SIZE = (1280, 800)
WARM_UP_FRAMES, FRAMES = 20, 300

Measures = dict[str, Any]
"""A name and a number, in the unit that the name ends with."""


@contextmanager
def a_desk(clock: Clock, restart_bot: Callable[[], object] | None = None) -> Iterator[Desk]:
    """A desk in a window, with settings that nobody else reads; closed afterwards."""
    from PySide6.QtCore import QSettings

    from crashdesk_gui.app import listen_to_log, make_application, make_ui
    from crashdesk_gui.desk import Desk
    from crashdesk_gui.garbage import collecting_here
    from crashdesk_gui.settings import DeskSettings
    from crashdesk_gui.turns import quick_turns

    app = make_application()
    with tempfile.TemporaryDirectory(prefix="crashdesk-settings-") as temporary, collecting_here(), quick_turns():
        settings = DeskSettings(QSettings(str(Path(temporary) / "desk.ini"), QSettings.Format.IniFormat))
        ui = make_ui(app, settings, clock, theme="light")
        log = listen_to_log()
        desk = Desk(ui, who="operator", clock=clock, restart_bot=restart_bot, log=log, remember=False)
        try:
            desk.window.resize(*SIZE)
            desk.window.show()
            yield desk
        finally:
            desk.window.close()
            desk.close()
            log.close()


def holds_of(heart: Heartbeat, most: int = 12) -> list[Measures]:
    """The holds with the most work, for the table and for whoever mends them."""
    return [
        {
            "action": hold.action,
            "wall_ms": round(hold.wall_ms, 1),
            "own_ms": round(hold.own_ms, 1),
            "process_ms": round(hold.process_ms, 1),
            "stacks": [f"{count}x {stack}" for stack, count in hold.stacks.most_common(3)],
        }
        for hold in heart.holds[:most]
    ]


def memory_mb() -> tuple[float, float]:
    """How much memory the process holds now, and held at most; zeros where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    told = {name: text for name, _colon, text in (line.partition(":") for line in lines)}
    return tuple(round(int(told[name].split()[0]) / 1024, 1) for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


@dataclass(frozen=True)
class Took:
    """How long something took in milliseconds: by the clock, and the processor time of the window's thread."""

    wall: float
    own: float


def timed(work: Callable[[], object]) -> Took:
    """How long something takes."""
    began, began_own = time.perf_counter(), time.thread_time()
    work()
    return Took((time.perf_counter() - began) * 1000, (time.thread_time() - began_own) * 1000)


def slowest(taken: Sequence[Took]) -> list[float]:
    """The slowest: [by the clock, own]."""
    return [round(max(each.wall for each in taken), 1), round(max(each.own for each in taken), 1)] if taken else [0, 0]


def frames_of(taken: Sequence[Took]) -> list[float]:
    """Of many: [median and 95 % by the clock, median and 95 % own]."""
    ordered = [sorted(each.wall for each in taken), sorted(each.own for each in taken)]
    return [round(times[int(len(times) * part)], 2) for times in ordered for part in (0.5, 0.95)]


def offscreen() -> None:
    """Let Qt need no screen, and have an event loop that tells when it works; before anything of it is made.

    The desk's package comes first, as in the desk: it has PySide make its types at import.
    """
    os.environ["QT_NO_GLIB"] = "1"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    importlib.import_module("crashdesk_gui")
