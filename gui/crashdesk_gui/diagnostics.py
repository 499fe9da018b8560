"""What a report of a fault needs to know of this installation, and nothing that belongs to its user."""

from __future__ import annotations

import locale
import os
import platform
from collections.abc import Sequence
from pathlib import Path

import PySide6
from PySide6.QtCore import QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication

from crashdesk_gui.logfile import last_lines
from crashdesk_gui.redaction import Private, private_values, redacted

LOG_LINES = 60
"""How many of the log's last lines diagnostics hold."""
_PACKAGES = ("pyqtgraph", "numpy", "ccxt")


def package_version(name: str) -> str:
    """The installed version, read without importing the package; "not installed" where there is none."""
    # Imported here because a start of the desk needs none of it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def version_lines(own_version: str, extra: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """(name, version) of everything the desk stands on, of the system and of the screen; `extra` is put behind."""
    import sqlite3

    return [
        ("Crashdesk", own_version),
        ("Python", platform.python_version()),
        ("Qt", qVersion()),
        ("PySide6", PySide6.__version__),
        *((name, package_version(name)) for name in _PACKAGES),
        ("SQLite", sqlite3.sqlite_version),
        ("System", f"{QSysInfo.prettyProductName()} ({QSysInfo.currentCpuArchitecture()})"),
        ("Screen", _screen()),
        *extra,
    ]


def private_here(stores: Sequence[str]) -> Private:
    """What must not leave this machine; `stores` are the directories of the stores that the desk knows."""
    return Private(values=private_values(os.environ), home=str(Path.home()), stores=tuple(stores))


def shown_path(path: Path) -> str:
    """A path with the home directory as ~."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except ValueError:
        return str(path)


def diagnostics_text(lines: Sequence[tuple[str, str]], *, log: Path | None, private: Private) -> str:
    """The text to copy into a report: the lines, and the end of the log, with everything private taken out."""
    parts = [f"{name}: {value}" for name, value in lines]
    parts.append(f"Locale: {locale.getlocale()[0] or 'C'}")
    tail = last_lines(log, LOG_LINES) if log is not None else []
    if tail:
        parts += ["", f"The last {len(tail)} lines of the log:", *tail]
    return redacted("\n".join(parts), private)


def _screen() -> str:
    name = QGuiApplication.platformName()
    if not QGuiApplication.screens():
        return name
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    return f"{size.width()} × {size.height()} · {screen.devicePixelRatio():.0%} · {name}"
