"""The application: everything is made here once and handed down."""

from __future__ import annotations

import getpass
import logging
import os
import re
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QSettings
from PySide6.QtWidgets import QApplication

from crashdesk import __version__
from crashdesk.clock import Clock, SystemClock
from crashdesk.config import StoreManifest
from crashdesk.exchange.protocol import Exchange
from crashdesk.inspection import StoreView
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.crash import CrashReporter
from crashdesk_gui.display import Display
from crashdesk_gui.icons import Icons
from crashdesk_gui.language import install_language
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeManager, ThemeMode

_log = logging.getLogger("crashdesk_gui")


def run(
    stores: Sequence[Path],
    *,
    theme: str | None = None,
    clock: Clock | None = None,
    open_exchange: Callable[[StoreManifest], Exchange] | None = None,
    restart_bot: Callable[[], object] | None = None,
    remember: bool = True,
    on_ready: Callable[[Desk], object] = lambda _desk: None,
) -> int:
    """Open the desk on these stores, or on those of the last time, and return its exit code when the window closes.

    `theme` is "light" or "dark" for this run; `on_ready` is called once the window is shown; without `remember` neither
    the stores of the last time are opened nor these remembered. See `Desk` for the other arguments. Where no window can be
    opened it says so on standard error and returns 1. Raises NotAStore, ConfigError or StorageError for an unusable store.
    """
    problem = display_problem(os.environ, sys.platform)
    if problem:
        sys.stderr.write(f"crashdesk: {problem}\n")
        return 1
    clock = clock or SystemClock()
    views = [StoreView(directory, clock=clock) for directory in stores]
    app = make_application()
    log = listen_to_log()
    ui = make_ui(app, user_settings(), clock, theme=theme)
    desk = Desk(
        ui,
        who=login_name(),
        clock=clock,
        open_exchange=open_exchange,
        restart_bot=restart_bot,
        start_demo=start_demonstration if remember else None,
        log=log,
        remember=remember,
    )
    reporter = install_crash_reporter(ui, desk)
    for problem in ui.settings.problems():
        _log.warning("%s", problem)
    for view in views:
        desk.add_view(view)
    if not views and remember:
        reopen(desk)
    desk.window.show()
    on_ready(desk)
    code = app.exec()
    desk.close()
    sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
    reporter.deleteLater()
    log.close()
    ui.settings.sync()
    return code


def display_problem(environ: Mapping[str, str], platform: str) -> str:
    """Why no window can be opened, and what to do; empty when nothing speaks against it.

    Qt ends the process when it finds no display, so it has to be known before.
    """
    if not platform.startswith("linux") or environ.get("QT_QPA_PLATFORM"):
        return ""
    advice = (
        "Without a screen, `crashdesk demo --headless` plays the incident, `crashdesk demo --screenshots DIR` renders "
        "the desk, and `crashdesk list|show|verify|recover STORE` work on a store"
    )
    if environ.get("WAYLAND_DISPLAY"):
        return ""
    display = environ.get("DISPLAY", "")
    if not display:
        return f"there is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. {advice}"
    local = re.fullmatch(r":(\d+)(\.\d+)?", display)
    if local and not _display_answers(int(local[1])):
        return f"nothing answers on the display {display} that DISPLAY names. {advice}"
    return ""


def _display_answers(number: int) -> bool:
    path = f"/tmp/.X11-unix/X{number}"
    for family, address in (
        (socket.AF_UNIX, "\0" + path),
        (socket.AF_UNIX, path),
        (socket.AF_INET, ("127.0.0.1", 6000 + number)),
    ):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            if probe.connect_ex(address) == 0:
                return True
    return False


def make_application() -> QApplication:
    """The one QApplication, named, so that settings and the desktop know it."""
    app = QApplication.instance() or QApplication(["crashdesk"])
    assert isinstance(app, QApplication)
    app.setOrganizationName("Crashdesk")
    app.setApplicationName("Crashdesk")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("crashdesk")
    install_language(app)
    return app


def user_settings() -> DeskSettings:
    """The settings of this user, in a file."""
    scope = QSettings.Scope.UserScope
    return DeskSettings(QSettings(QSettings.Format.IniFormat, scope, "Crashdesk", "desk"))


def make_ui(app: QApplication, settings: DeskSettings, clock: Clock, *, theme: str | None = None) -> UiContext:
    """The services of presentation; `theme` "light" or "dark" overrides the remembered one for this run."""
    mode = ThemeMode(theme) if theme else settings.theme_mode()
    themes = ThemeManager(app, mode)
    icons = Icons(themes)
    app.setWindowIcon(icons.app_icon())
    display = Display(zone=settings.zone(), compact=settings.compact(), now=clock.now_ns)
    return UiContext(themes, icons, display, settings)


def listen_to_log() -> LogFeed:
    """The feed of everything that our own code reports, and of warnings of everyone else."""
    feed = LogFeed()
    feed.listen(logging.getLogger())
    for name in ("crashdesk", "crashdesk_gui"):
        logging.getLogger(name).setLevel(logging.INFO)
    return feed


def install_crash_reporter(ui: UiContext, desk: Desk) -> CrashReporter:
    """Show faults of the desk instead of ending on them."""
    reporter = CrashReporter(ui, desk.window, preamble=f"Crashdesk {__version__}\n")
    sys.excepthook = reporter.report
    threading.excepthook = reporter.report_thread
    return reporter


def reopen(desk: Desk) -> None:
    """Open the stores of the last time that are still there, the newest last, so that it is the one shown."""
    for directory in reversed(desk.ui.settings.recent_stores()):
        if Path(directory).is_dir():
            desk.open_store(directory)
        else:
            _log.info("the store %s is not there any more", directory)


def start_demonstration() -> None:
    """Start the demonstration in a desk of its own."""
    code = "import sys; from crashdesk.cli import main; sys.argv = ['crashdesk', 'demo']; main()"
    started, _pid = QProcess.startDetached(sys.executable, ["-c", code], QCoreApplication.applicationDirPath())
    if not started:
        _log.error("the demonstration could not be started; run `crashdesk demo` in a terminal")


def login_name() -> str:
    """Who decides, for the audit log: the operator's login."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "operator"
