"""What every test of the desktop application shares: no screen, a fixed clock, settings of its own, no stray threads."""

import gc
import os
import sys
import threading
from collections import Counter

# No screen is needed, nor looked at when there is one; test_incident_on_a_screen.py asks for another platform.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("CRASHDESK_TEST_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from connect_desk import NAMELESS, Access
from desk_after_crash import session_after_crash
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident
from orphan_incident import ExchangeInMemory, exchange_after_the_crash, store_before_the_crash
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crashdesk.config import StoreManifest
from crashdesk.demo.simulate import workplace
from crashdesk_gui.connection import Connection
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Display
from crashdesk_gui.garbage import collect_what_is_due
from crashdesk_gui.icons import Icons
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.session import StoreSession
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.stylesheet import style_sheet
from crashdesk_gui.theme import ThemeManager, ThemeMode
from crashdesk_gui.views.connect_dialog import ConnectDialog

NOW = 1_763_781_128_000_000_000
"""2025-11-22 03:12:08 UTC: the clock of the `ui` fixture, UNIX ns."""

_HARMLESS = ("propagateSizeHints", "plugin does not support raise", "plugin does not support grabbing the keyboard")


_QT = ("PySide6", "shiboken6", "pyqtgraph", "crashdesk_gui")
_astray: list[str] = []


def _notice_import(event: str, arguments: tuple[Any, ...]) -> None:
    # By number: to ask for the thread itself makes one up for each of Qt's, and keeps it.
    if event == "import" and threading.get_ident() != threading.main_thread().ident:
        module = str(arguments[0])
        if module.partition(".")[0] in _QT:
            _astray.append(f"{module} in {threading.current_thread().name}")


sys.addaudithook(_notice_import)


@pytest.fixture(autouse=True)
def no_qt_imported_in_a_thread() -> Iterator[None]:
    """A thread that defines types of Qt beside the window's ends the process sooner or later."""
    yield
    astray = _astray.copy()
    _astray.clear()
    assert not astray, "imported in a thread that is not the window's: " + ", ".join(astray)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt fails a test (pyproject.toml), but not what the screenless platform says of windows."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*_HARMLESS, extend=True))


@pytest.fixture(autouse=True)
def garbage_of_this_thread() -> Iterator[None]:
    """As in the desk: what a test left behind goes in this thread, and never while Qt is at work."""
    gc.disable()
    yield
    collect_what_is_due()
    gc.enable()


@pytest.fixture(autouse=True)
def no_dangling_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every job runner that a test makes must be at rest when the test ends."""
    runners: list[JobRunner] = []
    original = JobRunner.__init__

    def remember(self: JobRunner, *args: object, **kwargs: object) -> None:
        original(self, *args, **kwargs)
        runners.append(self)

    monkeypatch.setattr(JobRunner, "__init__", remember)
    yield
    busy = [runner for runner in runners if not runner.at_rest]
    for runner in busy:
        runner.close()
    assert not busy, "a job was still running when the test ended; close its runner"


@pytest.fixture(autouse=True, scope="module")
def no_dangling_widgets(qapp: QApplication) -> Iterator[None]:
    """What the tests of a file showed is gone after the last: what stays is dressed again by every later change of theme."""
    before = len(QApplication.allWidgets())
    # What was imported is not looked through for garbage each time.
    gc.freeze()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # A window that the next file shares among its tests is made before any of them.
    qapp.setStyleSheet("")
    left = QApplication.allWidgets()
    kinds = Counter(type(each).__name__ for each in left)
    assert len(left) <= before, f"widgets outlive the tests that made them: {kinds}"


@pytest.fixture
def tmp_path(memory_path: Path) -> Path:
    """What is tested here is what is seen; that files reach a disk is tested elsewhere."""
    return memory_path


@pytest.fixture
def settings(tmp_path: Path) -> DeskSettings:
    """Settings in a file of their own."""
    return DeskSettings(QSettings(str(tmp_path / "desk.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[ThemeManager]:
    """The light theme, worn by the application."""
    manager = ThemeManager(qapp, ThemeMode.LIGHT)
    yield manager
    manager.deleteLater()


@pytest.fixture(scope="session")
def icons_of(qapp: QApplication) -> Iterator[Callable[[ThemeManager], Icons]]:
    """The icons in the themes of a manager. What was drawn once is kept for all tests: it takes long to draw."""
    drawn: dict[tuple[str, str, str], QIcon] = {}

    def make(themes: ThemeManager) -> Icons:
        icons = Icons(themes)
        icons._drawn = drawn
        return icons

    yield make
    drawn.clear()


@pytest.fixture
def window_ui(
    themes: ThemeManager, settings: DeskSettings, icons_of: Callable[[ThemeManager], Icons]
) -> Iterator[UiContext]:
    """The context that a window is given, its clock standing at NOW; windows dress themselves."""
    display = Display(now=lambda: NOW)
    yield UiContext(themes, icons_of(themes), display, settings)
    # Left to the garbage collector, its timer could be destroyed in a worker's thread, which ends the process.
    display.deleteLater()


@pytest.fixture(autouse=True)
def undressed(request: pytest.FixtureRequest, qapp: QApplication) -> None:
    """The application wears what the test before left on it only where it is wanted again: to read it takes long."""
    if "dressed" not in request.fixturenames and qapp.styleSheet():
        qapp.setStyleSheet("")


@pytest.fixture
def dressed(qapp: QApplication, themes: ThemeManager) -> None:
    """The application itself wears the theme, and keeps it on until a test comes that does not want it."""
    sheet = style_sheet(themes.theme)
    if qapp.styleSheet() != sheet:
        qapp.setStyleSheet(sheet)


@pytest.fixture
def ui(dressed: None, window_ui: UiContext) -> Iterator[UiContext]:
    """As `window_ui`, for widgets without a window around them: they are dressed too, and slower to make."""
    yield window_ui
    # Else what the test has finished with is dressed again by the next one.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    """A job runner that is closed after the test."""
    each = JobRunner()
    yield each
    assert each.close(), "a job did not end within five seconds of being cancelled"


@pytest.fixture
def access() -> Access:
    """What the connect dialog asks, answered in this process."""
    return Access()


@pytest.fixture
def reads(qapp: QApplication) -> Iterator[JobRunner]:
    """A second runner, for what the connect dialog reads of an account."""
    each = JobRunner()
    yield each
    assert each.close(), "a reading did not end within five seconds of being cancelled"


@pytest.fixture
def ask(ui: UiContext, access: Access, runner: JobRunner, reads: JobRunner, qtbot: Any) -> Callable[..., ConnectDialog]:
    """Opens the connect dialog for a store, with a connection of `choices`."""

    def make(store: StoreManifest = NAMELESS, **choices: Any) -> ConnectDialog:
        connection = Connection(**({"exchange": "okx", "account": "main"} | choices))
        dialog = ConnectDialog(ui, store, connection, access.made(), lookups=runner, reads=reads)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not runner.busy)
        return dialog

    return make


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A store that a bot wrote until it crashed shortly before NOW."""
    return store_before_the_crash(tmp_path / "store", NOW)


@pytest.fixture
def exchange() -> ExchangeInMemory:
    """The exchange as it stands at NOW, in this process."""
    return exchange_after_the_crash(NOW)


@pytest.fixture
def session(directory: Path, exchange: ExchangeInMemory, qtbot: Any) -> Iterator[StoreSession]:
    """It has read the store and is connected to the exchange; nothing is compared yet."""
    with session_after_crash(directory, exchange, qtbot) as each:
        yield each


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[LoopbackIncident]:
    """A store that a killed bot left, and the exchange over loopback that went on without it."""
    with LoopbackIncident(tmp_path / "store") as happened:
        yield happened


@contextmanager
def seats(
    incident: LoopbackIncident, icons: Icons, themes: ThemeManager, directory: Path, qtbot: Any
) -> Iterator[Callable[..., DeskOperator]]:
    """Opens desks with the exchange of `incident` for every store; all are closed in the end."""
    sitting: list[DeskOperator] = []
    displays: list[Display] = []

    def sit(**changes: Any) -> DeskOperator:
        path = directory / f"desk-{len(sitting)}.ini"
        display = Display(now=incident.clock.now_ns)
        displays.append(display)
        ui = UiContext(themes, icons, display, DeskSettings(QSettings(str(path), QSettings.Format.IniFormat)))
        changes.setdefault("opener", lambda _manifest, _keys, _clock: incident.open_exchange())
        sitting.append(DeskOperator(ui, qtbot, incident.clock, **changes))
        return sitting[-1]

    yield sit
    incident.venue.clear_faults()
    incident.venue.release()
    for each in sitting:
        each.close()
    for display in displays:
        display.deleteLater()


@pytest.fixture
def sit_down(
    incident: LoopbackIncident,
    icons_of: Callable[[ThemeManager], Icons],
    themes: ThemeManager,
    tmp_path: Path,
    qtbot: Any,
) -> Iterator[Callable[..., DeskOperator]]:
    """Opens a desk on nothing yet, with the exchange of `incident` for every store."""
    with seats(incident, icons_of(themes), themes, tmp_path, qtbot) as sit:
        yield sit


@pytest.fixture
def operator(sit_down: Callable[..., DeskOperator], incident: LoopbackIncident) -> DeskOperator:
    """At a desk on which the incident's store is open and compared, nothing decided yet but what is proposed."""
    sitting = sit_down()
    sitting.open(incident.directory)
    return sitting


@pytest.fixture(scope="module")
def shared_incident() -> Iterator[LoopbackIncident]:
    """As `incident`, one for a module: nobody changes it."""
    with pytest.MonkeyPatch.context() as patched, workplace() as place:
        patched.setenv("CRASHDESK_STATE_DIR", str(place / "account-locks"))
        with LoopbackIncident(place / "store") as happened:
            yield happened


@pytest.fixture(scope="module")
def onlooker(
    shared_incident: LoopbackIncident,
    icons_of: Callable[[ThemeManager], Icons],
    qapp: QApplication,
    request: pytest.FixtureRequest,
) -> Iterator[DeskOperator]:
    """As `operator`, one for a module: it goes from page to page and looks, and decides and executes nothing."""
    themes = ThemeManager(qapp, ThemeMode.LIGHT)
    directory = shared_incident.directory.parent
    with seats(shared_incident, icons_of(themes), themes, directory, QtBot(request)) as sit:
        sitting = sit()
        sitting.open(shared_incident.directory)
        yield sitting
    themes.deleteLater()
