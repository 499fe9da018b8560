"""The application: everything is made here once and handed down."""

from __future__ import annotations

import getpass
import logging
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QProcess, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from crashdesk import __version__
from crashdesk.clock import Clock, SystemClock
from crashdesk.config import StoreManifest
from crashdesk.errors import CrashdeskError
from crashdesk.exchange.protocol import Exchange
from crashdesk.inspection import StoreView
from crashdesk_gui.accessible_roles import tell_roles
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.answering import Answering
from crashdesk_gui.controllers.watching import Watching
from crashdesk_gui.desk import Desk
from crashdesk_gui.dialogs.crash import CrashReporter
from crashdesk_gui.display import Display
from crashdesk_gui.garbage import collecting_here
from crashdesk_gui.icons import Icons
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.logfile import log_path, start_log_file
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.qt_messages import log_qt_messages
from crashdesk_gui.reading.store import StoreReader
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.single_instance import ANY_STORE, Answer, ask, default_directory, store_key
from crashdesk_gui.theme import ThemeManager, ThemeMode, Tone
from crashdesk_gui.turns import quick_turns

_OPEN_ALREADY = "open already; its window was brought to the front (--new-window opens another)"
_log = logging.getLogger("crashdesk_gui")


def run(
    stores: Sequence[Path],
    *,
    theme: str | None = None,
    language: str | None = None,
    clock: Clock | None = None,
    open_exchange: Callable[[StoreManifest], Exchange] | None = None,
    restart_bot: Callable[[], object] | None = None,
    remember: bool = True,
    new_window: bool = False,
    on_ready: Callable[[Desk], object] = lambda _desk: None,
) -> int:
    """Open the desk on these stores, or on those of the last time, and return its exit code when the window closes.

    `theme` is "light" or "dark" and `language` "en" or "zh_CN" for this run; `on_ready` is called once the window is shown;
    without `remember` neither the stores of the last time are opened nor these remembered. See `Desk` for the other arguments.
    A store that another desk of this user has open is shown by that one, unless a `new_window` is wanted.
    Where no window can be opened it says so on standard error and returns 1. Raises NotAStore, ConfigError or StorageError
    for an unusable store.
    """
    problem = display_problem(os.environ, sys.platform)
    if problem:
        sys.stderr.write(f"crashdesk: {problem}\n")
        return 1
    clock = clock or SystemClock()
    with ExitStack() as undo:
        try:
            app = make_application()
            undo.enter_context(collecting_here())
            undo.enter_context(quick_turns())
            others = Others([], []) if new_window else ask_others(stores, any_store=remember)
            if others.shown and len(others.shown) == max(len(stores), 1):
                sys.stdout.write(f"crashdesk: {_OPEN_ALREADY}\n")
                return 0
            opened = begin_reading((each for each in stores if store_key(each) not in others.shown), clock)
            desk = make_desk(
                app, undo, clock, open_exchange, restart_bot, theme=theme, language=language, remember=remember
            )
            add_citizenship(desk, undo, any_store=remember and not new_window)
            for view, reader in opened:
                desk.add_view(view, reader)
            if not opened and remember:
                reopen(desk)
            desk.window.show()
            tell_of_silence(desk, others.silent)
            on_ready(desk)
        except CrashdeskError:
            raise
        except Exception as error:  # noqa: BLE001 - told where the operator can read it, with what it means
            return cannot_start(error)
        return app.exec()


def begin_reading(stores: Iterable[Path], clock: Clock) -> list[tuple[StoreView, StoreReader]]:
    """Open these stores, and read them while the rest is made. Raises NotAStore, ConfigError or StorageError."""
    views = [StoreView(directory, clock=clock) for directory in stores]
    opened = [(view, StoreReader(view, clock)) for view in views]
    for _view, reader in opened:
        reader.begin()
    return opened


def make_desk(
    app: QApplication,
    undo: ExitStack,
    clock: Clock,
    open_exchange: Callable[[StoreManifest], Exchange] | None,
    restart_bot: Callable[[], object] | None,
    *,
    theme: str | None,
    language: str | None,
    remember: bool,
) -> Desk:
    """The desk of this user, with their settings and its log; `undo` closes it. The arguments are those of `run`."""
    log = keep_log(undo)
    settings = user_settings()
    undo.callback(settings.sync)
    # Before anything that has texts.
    languages = Languages(app, Language(language) if language else settings.language())
    ui = make_ui(app, settings, clock, theme=theme)
    desk = Desk(
        ui,
        who=login_name(),
        clock=clock,
        open_exchange=open_exchange,
        restart_bot=restart_bot,
        start_demo=start_demonstration if remember else None,
        log=log,
        remember=remember,
        languages=languages,
    )
    install_crash_reporter(ui, desk, undo)
    undo.callback(desk.close)
    return desk


class Others(NamedTuple):
    """What other desks of this user said: the keys of the stores that they `shown`, and of those where one was `silent`."""

    shown: list[str]
    silent: list[str]


def ask_others(stores: Sequence[Path], *, any_store: bool) -> Others:
    """Ask the desks that have these stores open to show them; without stores and with `any_store`, ask any desk to come up."""
    directory = default_directory()
    keys = [store_key(store) for store in stores] or ([ANY_STORE] if any_store else [])
    answers = {key: ask(directory, key, os.environ) for key in keys}
    found = Others(
        *([key for key, answer in answers.items() if answer is each] for each in (Answer.SHOWN, Answer.SILENT))
    )
    # The same store given twice is one answer, and none must be opened for it.
    return found._replace(shown=[key for key in keys if key in found.shown])


def tell_of_silence(desk: Desk, silent: Sequence[str]) -> None:
    """Say that another desk was found and did not answer, so that two windows are no surprise."""
    if silent:
        _log.warning("Another desk of this user did not answer; this is a second one.")
        desk.window.banner.show_message(
            lambda: QCoreApplication.translate(
                "Desk",
                "Another window of Crashdesk did not answer, so this one was opened. Close the other one if it hangs.",
            ),
            Tone.WARNING,
        )


def cannot_start(error: Exception) -> int:
    """Say on standard error that the desk could not start, and what that means; returns the exit code."""
    _log.error("The desk could not start.", exc_info=error)
    sys.stderr.write(
        f"crashdesk: the desk could not start because of a fault of its own ({type(error).__name__}: {error}).\n"
        "Nothing was sent to an exchange and nothing was written to a store. "
        "`crashdesk list|show|verify|recover STORE` work without the desk.\n"
        f"The details are in {log_path()}\n"
    )
    return 1


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
    tell_roles()
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


def keep_log(undo: ExitStack) -> LogFeed:
    """Bring everything that is logged to the Activity page and into the log file, Qt's messages included."""
    log = listen_to_log()
    undo.callback(log.close)
    root = logging.getLogger()
    file = start_log_file(log_path(), root, os.environ)
    if file is not None:
        undo.callback(file.close)
        undo.callback(root.removeHandler, file)
    undo.callback(log_qt_messages())
    return log


def install_crash_reporter(ui: UiContext, desk: Desk, undo: ExitStack) -> CrashReporter:
    """Show faults of the desk, of whichever thread, instead of ending on them."""
    reporter = CrashReporter(
        ui, lambda: desk.window, preamble=f"Crashdesk {__version__}, Python {sys.version.split()[0]}\n"
    )
    undo.callback(reporter.close)
    for place, name, hook in (
        (sys, "excepthook", reporter.report),
        (threading, "excepthook", reporter.report_thread),
        (sys, "unraisablehook", reporter.report_unraisable),
    ):
        undo.callback(setattr, place, name, getattr(place, name))
        setattr(place, name, hook)
    return reporter


def add_citizenship(desk: Desk, undo: ExitStack, *, any_store: bool) -> None:
    """What makes the desk a good citizen of a desktop: it is found by other starts, it notifies, it ends when it is told to."""
    watching = Watching(desk, parent=desk)
    undo.callback(watching.close)
    answering = Answering(desk, default_directory(), any_store=any_store, parent=desk)
    undo.callback(answering.close)

    def end(_number: int, _frame: object) -> None:
        # Asks first when a recovery is under way, as closing the window does.
        QTimer.singleShot(0, desk.window, desk.window.close)

    for number in (signal.SIGINT, signal.SIGTERM):
        undo.callback(signal.signal, number, signal.signal(number, end))


def reopen(desk: Desk) -> None:
    """Open the stores of the last time that are still there, the newest last, so that it is the one shown."""
    for directory in reversed(desk.ui.settings.recent_stores()):
        if Path(directory).is_dir():
            desk.open_store(directory)
        else:
            _log.info("The store %s was open the last time and is not there any more.", directory)


def start_demonstration() -> None:
    """Start the demonstration in a desk of its own."""
    code = "import sys; from crashdesk.cli import main; sys.argv = ['crashdesk', 'demo']; main()"
    started, _pid = QProcess.startDetached(sys.executable, ["-c", code], QCoreApplication.applicationDirPath())
    if not started:
        _log.error("The demonstration could not be started; run `crashdesk demo` in a terminal.")


def login_name() -> str:
    """Who decides, for the audit log: the operator's login."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "operator"
