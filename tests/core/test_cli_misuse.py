"""The command line given what is no store, a store that cannot be used, or words that it does not know."""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import STATE, Run, content, make_store

from crashdesk import connections
from crashdesk.checksum import crc32
from crashdesk.storage.store import StateStore


def newer(store: Path) -> None:
    (file,) = (store / "checkpoints").glob("*.zqck")
    data = bytearray(file.read_bytes())
    data[4] = 9
    data[-4:] = crc32(data[:-4]).to_bytes(4, "little")
    file.write_bytes(data)


def truncate(store: Path) -> None:
    (file,) = (store / "checkpoints").glob("*.zqck")
    file.write_bytes(file.read_bytes()[:60])


def newer_databases(store: Path) -> None:
    for name in ("journal.sqlite", "history.sqlite"):
        with contextlib.closing(sqlite3.connect(store / name)) as database:
            for pragma in ("user_version", "application_id"):
                (number,) = database.execute(f"PRAGMA {pragma}").fetchone()
                database.execute(f"PRAGMA {pragma}={number + 7}")
            database.commit()


def newer_manifest(store: Path) -> None:
    (store / "store.toml").write_text('version = 9\nbot = "grid"\n')


def broken_manifest(store: Path) -> None:
    (store / "store.toml").write_text("bot = [")


@pytest.mark.parametrize(
    ("spoil", "command", "code", "words"),
    [
        (newer, "show", 1, "newer version"),
        (newer, "list", 0, "! newer version"),
        (newer, "recover", 1, "newer version"),
        (
            newer_databases,
            "verify",
            1,
            "newer version of Crashdesk; update Crashdesk to read it. To do: update Crashdesk",
        ),
        (truncate, "show", 1, "none of the 1 checkpoints"),
        (newer_manifest, "list", 2, "update Crashdesk"),
        (newer_manifest, "recover", 2, "update Crashdesk"),
        (broken_manifest, "verify", 2, "correct it with a text editor"),
        (lambda store: (store / "store.toml").unlink(), "recover", 2, "has no store.toml"),
    ],
)
def test_a_store_that_cannot_be_used_says_why(
    run: Run,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], None],
    command: str,
    code: int,
    words: str,
) -> None:
    monkeypatch.setenv("CRASHDESK_BINANCEUSDM_API_KEY", "k")
    monkeypatch.setenv("CRASHDESK_BINANCEUSDM_SECRET", "s")
    spoil(store)
    before = content(store)
    result = run(command, store)
    assert result[0] == code
    assert words in " ".join((result[1] + result[2]).split())
    assert content(store) == before


@pytest.mark.parametrize("command", ["list", "show", "verify", "recover", "desk"])
def test_what_is_no_store_is_said_to_be_none(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("no directory")
    for name, words in (
        ("nowhere", "does not exist"),
        ("empty", "is not a Crashdesk store"),
        ("file", "is a file; a store is a directory: give the directory that"),
    ):
        code, _, err = run(command, tmp_path / name)
        assert (code, words in err) == (2, True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty", "file"]


def test_who_is_one_directory_off_is_told_where_the_store_is(run: Run, tmp_path: Path) -> None:
    store = make_store(tmp_path / "grid", STATE)
    (file,) = (store / "checkpoints").glob("*.zqck")
    for inside in (store / "checkpoints", file):
        code, _, err = run("verify", inside)
        assert (code, f"the store is {store}" in err) == (2, True)
    code, _, err = run("verify", tmp_path)
    assert (code, f"there are stores in it: {store}" in err) == (2, True)


@pytest.mark.parametrize("command", ["list", "verify", "recover"])
def test_a_store_that_may_not_be_read_says_who_can(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    if os.name == "posix" and os.geteuid() != 0:
        store.chmod(0)
    else:
        monkeypatch.setattr(os, "access", lambda path, mode: False)
    code, _, err = run(command, store)
    store.chmod(0o700)
    assert (code, "permission denied; run this as the user that runs the bot" in err) == (1, True)


@pytest.fixture
def read_only(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store that may be read and not written: a backup, a snapshot, or another user's."""
    StateStore(store).close()
    if os.name == "posix" and os.geteuid() != 0:
        paths = (store, *store.rglob("*"))
        for path in paths:
            path.chmod(0o500 if path.is_dir() else 0o400)
        yield store
        for path in paths:
            path.chmod(0o700)
        return
    real = os.open

    def refuse(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(path).startswith(str(store)):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, flags, *rest, **named)

    monkeypatch.setattr(os, "open", refuse)
    yield store


@pytest.mark.skipif(sys.platform == "win32", reason="what may only be read cannot be locked there")
def test_a_store_that_may_only_be_read_can_be_looked_at_and_nothing_else(run: Run, read_only: Path) -> None:
    for command in ("list", "show", "verify"):
        code, out, err = run(command, read_only)
        assert (code, err) == (0, "")
        assert "10250.50" in out or command == "verify"
    code, _, err = run("verify", "--repair", read_only)
    assert (code, "Run this as the user that runs the bot" in err) == (1, True)


@pytest.mark.skipif(sys.platform == "win32", reason="what may only be read cannot be locked there")
def test_a_running_bot_is_seen_by_who_may_only_read(run: Run, store: Path, request: pytest.FixtureRequest) -> None:
    with StateStore(store) as bot:
        bot.acquire()
        request.getfixturevalue("read_only")
        assert "running (process" in run("list", store)[1]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", [("list",), ("show",), ("verify",)])
def test_a_store_in_use_can_be_looked_at(run: Run, store: Path, command: tuple[str, ...]) -> None:
    with StateStore(store, purpose="the grid bot") as bot:
        bot.acquire()
        assert run(*command, store)[0] == 0
        code, _, err = run("verify", "--repair", store)
        assert (code, "is in use by the grid bot" in err) == (1, True)


def test_a_checkpoint_that_is_not_there(run: Run, store: Path) -> None:
    for command in ("show", "recover"):
        code, _, err = run(command, store, "--checkpoint", 99)
        assert code in (1, 2)
        assert err
    code, _, err = run("show", store, "--checkpoint", 99)
    assert (code, "has no checkpoint 99" in err) == (1, True)


def test_without_keys_the_variables_are_named(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.startswith("CRASHDESK_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(connections, "credentials_from_keyring", lambda exchange, account: None)
    code, _, err = run("recover", store, "--dry-run")
    assert code == 2
    assert "no keys for binanceusdm: set " in err


def test_without_the_desk_installed_it_says_how_to_install_it(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "PySide6" else find(name, *rest)
    )
    for arguments in ((), ("desk", store), ("demo",)):
        code, _, err = run(*arguments)
        assert (code, "pip install 'crashdesk[gui]'" in err, "demo --headless" in err) == (2, True, True)


def test_wrong_usage_is_exit_code_2(run: Run, store: Path) -> None:
    for arguments in (
        ("list",),
        ("nonsense",),
        ("demo", "--json"),
        ("demo", "--hours", 99),
        ("demo", "--start-bot", store, "--headless"),
        ("demo", "--start-bot", store),
        ("audit", store, "--json", "--csv"),
        ("audit", store, "--since", "yesterday"),
        ("list", store, "--limit", 0),
    ):
        assert run(*arguments)[0] == 2
    assert run("--version")[1].startswith("crashdesk ")


def test_help_tells_every_command_in_one_line_with_examples_and_exit_codes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = run("--help")
    assert code == 0
    commands = out.partition("Commands:")[2].partition("\n\n")[0].splitlines()[1:]
    names = [line.split()[0] for line in commands]
    assert names == ["desk", "list", "show", "verify", "recover", "audit", "settle", "demo", "desktop-entry"]
    assert all(line.endswith(".") and not line.endswith("...") for line in commands), "cut short, or over two lines"
    helps = {name: run(name, "--help")[1] for name in names}
    for name, text in helps.items():
        assert f"  crashdesk {name} " in text, "no example"
        assert all(f"\n    {code}  " in text for code in (0, 1, 2)), "no exit codes"
    for text in (out, *helps.values()):
        assert "<bool>" not in text
        assert max(map(len, text.splitlines())) <= 80


def test_a_misspelt_command_or_option_is_answered_with_the_right_one(run: Run, store: Path) -> None:
    for arguments, meant in (
        (("lst", store), "list"),
        (("recver", store), "recover"),
        (("list", "--limt", 3), "--limit"),
    ):
        code, _, err = run(*arguments)
        assert (code, meant in err) == (2, True)


def test_a_demonstration_needs_an_empty_directory(run: Run, store: Path) -> None:
    file = store / "store.toml"
    assert run("demo", "--headless", "--store", file)[::2] == (
        1,
        f"crashdesk: the demonstration stopped: {file} is a file; name a directory, which need not be there yet\n",
    )
    before = content(store)
    code, _, err = run("demo", "--headless", "--store", store)
    assert (code, "is not empty" in err) == (1, True)
    assert content(store) == before
