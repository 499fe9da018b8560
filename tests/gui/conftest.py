"""What every test of the desktop application shares: no screen, a fixed clock, settings of its own, no stray threads."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Display
from crashdesk_gui.icons import Icons
from crashdesk_gui.jobs import JobRunner
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeManager, ThemeMode

NOW = 1_763_781_128_000_000_000
"""2025-11-22 03:12:08 UTC: the clock of the `ui` fixture, UNIX ns."""

_HARMLESS = ("propagateSizeHints", "plugin does not support raise", "plugin does not support grabbing the keyboard")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt fails a test (pyproject.toml), but not what the screenless platform says of windows."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*_HARMLESS, extend=True))


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


@pytest.fixture
def ui(themes: ThemeManager, settings: DeskSettings) -> Iterator[UiContext]:
    """The context that widgets are given, its clock standing at NOW."""
    display = Display(now=lambda: NOW)
    yield UiContext(themes, Icons(themes), display, settings)
    # Left to the garbage collector, its timer could be destroyed in a worker's thread, which ends the process.
    display.deleteLater()


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    """A job runner that is closed after the test."""
    each = JobRunner()
    yield each
    assert each.close(), "a job did not end within five seconds of being cancelled"
