"""What a closed desk leaves behind: nothing that runs, and no file or connection that is open."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from desk_operator import DeskOperator
from loopback_incident import OPEN_ORDERS, LoopbackIncident
from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QObject, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from crashdesk.demo.simulate import MEMORY
from crashdesk.demo.venue import FaultKind


def threads() -> set[str]:
    """The names of the threads that run, those of the exchange itself aside."""
    return {each.name for each in threading.enumerate() if "exchange-client" not in each.name}


def open_files() -> dict[str, str]:
    """What each of this process's file handles leads to, but for what threads of Qt keep for themselves."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[name] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue  # the handle with which the directory was listed
    no_files = ("anon_inode", "pipe", "/dev", "socket")
    return {
        name: where
        for name, where in found.items()
        if where.startswith(f"{MEMORY}/crashdesk") or not where.startswith(no_files)
    }


def connections(port: int) -> int:
    """How many connections from this process to that port of loopback are established."""
    wanted = f"0100007F:{port:04X}"
    lines = [line.split() for line in Path("/proc/self/net/tcp").read_text("ascii").splitlines()[1:]]
    return sum(line[2] == wanted and line[3] == "01" for line in lines)


def work_of(root: QObject) -> list[QObject]:
    """Everything below `root` that acts by itself."""
    return [each for kind in (QTimer, QAbstractAnimation) for each in root.findChildren(kind)]


def settle() -> None:
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    gc.collect()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_nothing_of_a_closed_desk_runs_on(
    sit_down: Callable[..., DeskOperator], incident: LoopbackIncident, qapp: QApplication
) -> None:
    settle()
    port = int(incident.venue.url.rpartition(":")[2])
    before = threads(), open_files(), connections(port)
    others = len(QApplication.allWidgets())

    operator = sit_down()
    operator.open(incident.directory)
    for page in ("history", "positions", "orphans", "recovery", "activity", "overview"):
        operator.go_to(page)
    operator.wait_until(lambda: not operator.desk.pages.positions.findChildren(QWidget) or not operator.session.busy)
    operator.to_execution()
    operator.execute_to_the_end("Cancel 2 orders and recover")
    assert connections(port) > before[2]
    assert len(open_files()) > len(before[1])
    window, session, desk = operator.desk.window, operator.session, operator.desk
    working = [*work_of(window), *work_of(desk), *work_of(session)]
    assert any(isinstance(each, QTimer) and each.isActive() for each in working)
    operator.close()
    settle()

    assert [each for each in working if shiboken6.isValid(each)] == []
    assert not shiboken6.isValid(window)
    assert threads() == before[0]
    assert open_files() == before[1]
    assert connections(port) == before[2]
    assert QThreadPool.globalInstance().activeThreadCount() == 0
    assert len(QApplication.allWidgets()) == others


def test_a_comparison_that_hangs_ends_with_the_desk(
    sit_down: Callable[..., DeskOperator], incident: LoopbackIncident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crashdesk.exchange.ccxt_worker.SECONDS_TO_CLOSE", 0.1)
    operator = sit_down()
    operator.open(incident.directory)
    incident.fail(FaultKind.HOLD, method="GET", path=OPEN_ORDERS)
    operator.press("Compare again")
    operator.wait_until(lambda: incident.venue.wait_until_held(0) is not None)
    session = operator.session
    operator.close()
    # The exchange keeps its reply for half a minute; nobody waits for it.
    assert incident.venue.wait_until_held(0) is not None
    incident.venue.release()
    settle()
    assert not shiboken6.isValid(session)
