"""What is copied into a report, and what the log keeps, holds no secret of the operator."""

import logging
import os
import stat
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from crashdesk_gui import logfile
from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.about import AboutDialog
from crashdesk_gui.logfile import DeskLog, last_lines, start_log_file, state_directory
from crashdesk_gui.redaction import Private, private_values, redacted, without_secrets

KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"


@pytest.mark.parametrize(
    "text",
    [
        "apiKey='s3cret-word'",
        '"secret": "s3cret-word \\" s3cret-word"',
        "password = s3cret-word",
        "passphrase: s3cret-word, next",
        "Authorization: Bearer s3cret-word",
        "GET /api?symbol=BTC&signature=s3cret-word&timestamp=1",
        "https://me:s3cret-word@exchange.example/",
        "OKX-ACCESS-KEY: s3cret-word",
        "-----BEGIN EC PRIVATE KEY-----\ns3cret-word\n-----END EC PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\ns3cret-word and the end is missing",
    ],
)
def test_a_named_secret_is_taken_out(text: str) -> None:
    clean = without_secrets(text)
    assert "s3cret-word" not in clean
    assert "[removed]" in clean


@pytest.mark.parametrize(
    "secret",
    [
        KEY,
        "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==",
        "985d5b66-57ce-40fb-b714-afc0b9787083",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
    ],
)
def test_what_looks_like_a_key_is_taken_out_wherever_it_stands(secret: str) -> None:
    for text in (secret, f"opened with {secret}.", f"({secret!r}, 1)", f"key {secret}\nnext"):
        assert secret not in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        'File "/usr/lib/python3.11/site-packages/crashdesk_gui/views/history_page.py", line 12, in show_checkpoint_details_2',
        "compared BTC/USDT:USDT, order 12345678901234567890, 3 orphan orders",
        "checkpoint-000000000000000012.zqck is corrupt",
        "Keyboard: Ctrl+K opens the command palette",
    ],
)
def test_what_a_report_needs_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_values_of_the_environment_are_known_by_the_names_of_their_variables() -> None:
    environ = {
        "DB_PWD": "short-2",
        "BOT_API_KEY": "short-1",
        "MY_SECRET": "a b c d e f",
        "HOME": "/home/me",
        "TOKEN": "",
        "LANG": "C.UTF-8",
    }
    files = ("PWD", "OLDPWD", "SSH_AUTH_SOCK", "XAUTHORITY", "GNOME_KEYRING_CONTROL", "XKB_DEFAULT_KEYBOARD")
    environ |= dict.fromkeys(files, "/home/me/somewhere")
    assert set(private_values(environ)) == {"short-1", "short-2", "a b c d e f"}
    assert redacted("it is a b c d e f", Private(values=private_values(environ))) == "it is [removed]"


def test_home_and_stores_are_taken_out() -> None:
    private = Private(home="/home/me", stores=("/home/me/bots/btc-mm", "/data/eth arb"))
    text = "opened /home/me/bots/btc-mm; btc-mm: compared; /home/me/x; /home/merlin; eth arb is there; btc-mm2 too"
    assert (
        redacted(text, private)
        == "opened [store 1]; [store 1]: compared; ~/x; /home/merlin; [store 2] is there; btc-mm2 too"
    )


def test_copied_diagnostics_hold_nothing_private(
    ui: UiContext, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home-of-somebody"
    store = home / "bots" / "my-secret-strategy"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("BINANCE_SECRET", "planted-in-env")
    ui.settings.add_recent_store(str(store))
    ui.settings.set_text("", "filter", "planted-in-settings")
    log = tmp_path / "desk.log"
    handler = start_log_file(log, logging.getLogger("test.diagnostics"), os.environ)
    assert handler is not None
    logger = logging.getLogger("test.diagnostics")
    logger.warning("opened the store %s with planted-in-env", store)
    logger.warning("answered {'apiKey': '%s', 'password': 'planted-in-log'}", KEY)
    handler.close()
    logger.removeHandler(handler)
    # As an older version might have left it.
    with log.open("a", encoding="utf-8") as file:
        file.write(f"token=planted-in-file at {home}/x\n")

    dialog = AboutDialog(ui, "1.2.3", log=log)
    qtbot.addWidget(dialog)
    next(button for button in dialog.findChildren(QPushButton) if "Copy" in button.text()).click()
    text = QGuiApplication.clipboard().text()
    assert "The last 3 lines of the log" in text
    assert "opened the store [store 1]" in text
    for private in ("planted", KEY, str(home), "somebody", "my-secret-strategy", "planted-in-settings"):
        assert private not in text
    assert "[removed]]" not in text
    for name in (
        "Crashdesk: 1.2.3",
        f"Python: {sys.version.split()[0]}",
        "Qt: ",
        "PySide6: ",
        "pyqtgraph: ",
        "numpy: ",
    ):
        assert name in text
    for name in ("ccxt: ", "SQLite: ", "System: ", "Screen: "):
        assert name in text


def test_the_log_keeps_no_secret_and_is_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "desk.log"
    handler = DeskLog(path, ["planted-value"])
    logger = logging.getLogger("test.desk.log")
    logger.addHandler(handler)
    try:
        raise ValueError(f"refused: apiKey={KEY} planted-value")
    except ValueError:
        logger.exception("the exchange said no")
    logger.removeHandler(handler)
    handler.close()
    text = path.read_text(encoding="utf-8")
    assert "ValueError: refused" in text
    assert KEY not in text
    assert "planted-value" not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_log_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert logfile.MAX_BYTES <= 1024 * 1024
    # To look through megabytes for secrets takes long, and shows no more.
    monkeypatch.setattr(logfile, "MAX_BYTES", 16 * 1024)
    handler = DeskLog(tmp_path / "desk.log")
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "words " * 300, None, None)
    for _ in range(60):
        handler.emit(record)
    handler.close()
    sizes = [path.stat().st_size for path in tmp_path.glob("desk.log*")]
    assert len(sizes) == 4
    assert max(sizes) <= logfile.MAX_BYTES
    assert last_lines(tmp_path / "desk.log", 2)


def test_a_log_that_cannot_be_written_is_told_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file where the directory should be", encoding="utf-8")
    assert start_log_file(tmp_path / "state" / "desk.log", logging.getLogger("none"), {}) is None
    assert "keeps no log file" in caplog.text
    assert last_lines(tmp_path / "none.log", 5) == []


@pytest.mark.parametrize(
    ("environ", "platform", "path"),
    [
        ({}, "linux", "/home/me/.local/state/crashdesk"),
        ({"XDG_STATE_HOME": "/state"}, "linux", "/state/crashdesk"),
        ({"XDG_STATE_HOME": "relative"}, "linux", "/home/me/.local/state/crashdesk"),
        ({}, "darwin", "/home/me/Library/Logs/Crashdesk"),
        ({"LOCALAPPDATA": "/appdata"}, "win32", "/appdata/Crashdesk"),
    ],
)
def test_the_log_is_where_the_platform_keeps_logs(environ: dict[str, str], platform: str, path: str) -> None:
    assert state_directory(environ, platform, Path("/home/me")) == Path(path)
