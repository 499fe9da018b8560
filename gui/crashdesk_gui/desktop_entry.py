"""Puts the desk among the applications of this user's desktop: entry, icons and description. Needs no Qt.

A package in a prefix that the desktop looks into brings these files by itself; one in a virtual environment does not.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

from crashdesk.errors import ConfigError, StorageError
from crashdesk.resources import resource_path

ENTRY = Path("applications") / "crashdesk.desktop"
_NEEDS_QUOTES = frozenset(" \t\n\"'\\><~|&;$*?#()`")


def data_home(environ: Mapping[str, str], home: Path) -> Path:
    """Where a user's own data of desktops are, by the specification of base directories."""
    named = environ.get("XDG_DATA_HOME", "")
    return Path(named) if named.startswith("/") else home / ".local" / "share"


def own_command(scripts: Path, python: str) -> tuple[str, ...]:
    """How to start this installation of Crashdesk from anywhere: its script, or its module where there is none."""
    script = scripts / "crashdesk"
    return (str(script),) if script.is_file() else (python, "-m", "crashdesk.cli")


def quoted(argument: str) -> str:
    """An argument as the key Exec wants it."""
    escaped = argument.replace("%", "%%")
    if not _NEEDS_QUOTES & set(argument):
        return escaped
    for character in ("\\", '"', "`", "$"):
        escaped = escaped.replace(character, f"\\{character}")
    # The backslashes are read twice: by the rule for every text, and by the rule for Exec.
    return '"' + escaped.replace("\\", "\\\\") + '"'


def entry_text(source: str, command: Sequence[str]) -> str:
    """The desktop entry with this command in place of the bare name of the program."""
    start = " ".join(map(quoted, command))
    return "".join(_line(each, start, command[0]) + "\n" for each in source.splitlines())


def _line(line: str, start: str, program: str) -> str:
    if line.startswith("Exec=crashdesk"):
        return f"Exec={start}{line.removeprefix('Exec=crashdesk')}"
    if line.startswith("TryExec="):
        return "TryExec=" + program.replace("\\", "\\\\")
    return line


def install_entry(share: Path, data: Path, command: Sequence[str]) -> list[Path]:
    """Copy everything below `share` to `data`, the entry with `command`, and return what was written.

    Raises StorageError when the directory cannot be written.
    """
    written = []
    try:
        for relative in _files(share):
            path = data / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            content = (share / relative).read_bytes()
            if relative == ENTRY:
                content = entry_text(content.decode("utf-8"), command).encode("utf-8")
            path.write_bytes(content)
            written.append(path)
        # What tells a desktop that is running to read its icons again.
        os.utime(data / "icons" / "hicolor")
    except OSError as error:
        raise StorageError(f"the desktop entry cannot be written to {data}: {error.strerror or error}") from error
    return written


def remove_entry(share: Path, data: Path) -> list[Path]:
    """Take away what `install_entry` wrote, and directories that are empty then; return the files taken away.

    Raises StorageError when a file cannot be removed.
    """
    removed = []
    for relative in _files(share):
        path = data / relative
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StorageError(f"{path} cannot be removed: {error.strerror or error}") from error
        removed.append(path)
        _remove_empty(path.parent, data)
    return removed


def change_entry(*, install: bool) -> list[Path]:
    """Install or remove the entry of this user's desktop; returns the files. Raises ConfigError and StorageError."""
    if sys.platform in ("win32", "darwin"):
        raise ConfigError("desktop entries are for the desktops of Linux and BSD; on this system start `crashdesk`")
    share, data = resource_path("desktop", "share"), data_home(os.environ, Path.home())
    if install:
        return install_entry(share, data, own_command(Path(sysconfig.get_path("scripts")), sys.executable))
    return remove_entry(share, data)


def _files(share: Path) -> list[Path]:
    return sorted(path.relative_to(share) for path in share.rglob("*") if path.is_file())


def _remove_empty(directory: Path, end: Path) -> None:
    while directory != end and not any(directory.iterdir()):
        directory.rmdir()
        directory = directory.parent
