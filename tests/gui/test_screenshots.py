"""The pictures of the demonstration show what is there, or are not taken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_after_crash import desk_after_crash
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from crashdesk.errors import DemoError
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.screenshots import Photographer
from crashdesk_gui.theme import ThemeMode


@pytest.fixture
def desk(ui: UiContext, qapp: QApplication, tmp_path: Path, qtbot) -> Iterator[Desk]:
    with desk_after_crash(ui, qapp, tmp_path / "store", qtbot) as each:
        yield each


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Whoever waits for it goes on when it is set, at the end of the test at the latest."""
    each = threading.Event()
    yield each
    each.set()


def photographer(qapp: QApplication, desk: Desk, directory: Path, patience_s: float) -> Photographer:
    directory.mkdir()
    return Photographer(qapp, desk, directory, [ThemeMode.LIGHT], patience_s=patience_s)


def hold(desk: Desk, gate: threading.Event) -> None:
    """Let the next reading of the open orders wait for the gate; until then the page of the orphans is loading."""
    original = desk.exchange.read_open_orders

    def slow(*scope: object, **more: object) -> object:
        gate.wait(20)
        return original(*scope, **more)

    desk.exchange.read_open_orders = slow
    desk.session.connect_exchange(desk.exchange)
    desk.session.compare()


def test_a_picture_waits_for_what_it_shows(
    desk: Desk, qapp: QApplication, tmp_path: Path, gate: threading.Event
) -> None:
    camera = photographer(qapp, desk, tmp_path / "pictures", 20.0)
    hold(desk, gate)
    opening = threading.Timer(0.5, gate.set)
    opening.start()
    camera.page("orphans", "orphans")
    opening.join()
    assert desk.session.comparison is not None
    assert desk.pages.orphans.showing_content
    assert desk.pages.orphans._table.current_record() is not None
    (path,) = camera.taken
    assert QImage(str(path)).size() == desk.window.size()


@pytest.mark.parametrize("page", ["orphans", "history"])
def test_while_something_is_being_read_no_picture_is_saved_and_that_is_an_error(
    desk: Desk, qapp: QApplication, tmp_path: Path, gate: threading.Event, page: str
) -> None:
    camera = photographer(qapp, desk, tmp_path / "pictures", 0.6)
    hold(desk, gate)
    with pytest.raises(DemoError, match="no picture was saved"):
        camera.page(page, page)
    assert not list((tmp_path / "pictures").iterdir())
    gate.set()


def test_charts_are_taken_when_every_lane_is_drawn(desk: Desk, qapp: QApplication, tmp_path: Path) -> None:
    camera = photographer(qapp, desk, tmp_path / "pictures", 20.0)
    camera.page("positions", "positions")
    assert desk.pages.positions.charts.complete
    assert len(camera.taken) == 1
