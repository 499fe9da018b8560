"""The desk's own faults: told calmly, once, from any thread, never in the way; and before there is a window, in the terminal."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt, QtMsgType, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.dialogs.crash import CrashReporter, fault_mark


@pytest.fixture
def reporter(ui: UiContext, qtbot: QtBot) -> Iterator[CrashReporter]:
    each = CrashReporter(ui, preamble="Crashdesk 1.2.3\n")
    yield each
    each.close()
    each.deleteLater()


def raise_first(text: str) -> None:
    raise ValueError(text)


def raise_second(text: str) -> None:
    raise ValueError(text)


def report(reporter: CrashReporter, function: Callable[[str], None], text: str = "broken") -> None:
    try:
        function(text)
    except ValueError as error:
        reporter.report(type(error), error, error.__traceback__)


def shown(qtbot: QtBot, reporter: CrashReporter) -> QDialog:
    qtbot.waitUntil(lambda: reporter.dialog is not None, timeout=3000)
    assert reporter.dialog is not None
    return reporter.dialog


def test_the_same_fault_is_shown_once_and_others_are_counted_in_its_dialog(
    reporter: CrashReporter, qtbot: QtBot
) -> None:
    report(reporter, raise_first, "one")
    dialog = shown(qtbot, reporter)
    report(reporter, raise_first, "the same again, in other words")
    report(reporter, raise_second)
    qtbot.waitUntil(lambda: any("1 other fault" in label.text() for label in dialog.findChildren(QLabel)), timeout=3000)
    dialog.accept()
    qtbot.waitUntil(lambda: reporter.dialog is None, timeout=3000)
    report(reporter, raise_first)
    report(reporter, raise_second)
    qtbot.wait(30)
    assert reporter.dialog is None, "both are known by now"


def test_it_keeps_nothing_from_being_used_and_takes_no_focus(reporter: CrashReporter, qtbot: QtBot) -> None:
    report(reporter, raise_first)
    dialog = shown(qtbot, reporter)
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_it_waits_while_a_question_is_being_answered(reporter: CrashReporter, qtbot: QtBot) -> None:
    question = QDialog()
    qtbot.addWidget(question)
    question.open()
    report(reporter, raise_first)
    qtbot.wait(50)
    assert reporter.dialog is None
    question.reject()
    assert shown(qtbot, reporter).isVisible()


def test_a_fault_of_another_thread_comes_too(reporter: CrashReporter, qtbot: QtBot) -> None:
    before = threading.excepthook
    threading.excepthook = reporter.report_thread
    try:
        thread = threading.Thread(target=raise_first, args=("in a thread",))
        thread.start()
        thread.join(5)
    finally:
        threading.excepthook = before
    assert "in a thread" in details(shown(qtbot, reporter))


def details(dialog: QDialog) -> str:
    next(button for button in dialog.findChildren(QPushButton) if "Copy" in button.text()).click()
    return QGuiApplication.clipboard().text()


def test_what_is_copied_names_the_version_and_holds_no_secret(
    reporter: CrashReporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_SECRET", "planted-in-env")
    report(reporter, raise_first, f"refused: apiKey=planted-key planted-in-env in {Path.home()}/bots")
    text = details(shown(qtbot, reporter))
    assert text.startswith("Crashdesk 1.2.3\n")
    assert "ValueError: refused" in text
    assert "planted" not in text
    assert f"{Path.home()}/bots" not in text


def test_it_says_what_is_not_known_and_what_to_do(reporter: CrashReporter, qtbot: QtBot) -> None:
    report(reporter, raise_first)
    said = " ".join(label.text() for label in shown(qtbot, reporter).findChildren(QLabel))
    for part in ("not known", "only in a recovery that you confirmed", "Compare with the exchange again"):
        assert part in said


def test_a_fault_while_reporting_comes_to_standard_error_and_not_back(
    reporter: CrashReporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            report(reporter, raise_second)
            raise OSError("the log is broken too")

    logger, handler = logging.getLogger("crashdesk_gui.dialogs.crash"), Broken()
    logger.addHandler(handler)
    with (tmp_path / "stderr").open("w+", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "__stderr__", stream)
        report(reporter, raise_first)
        stream.seek(0)
        assert "ValueError: broken" in stream.read()
    logger.removeHandler(handler)
    report(reporter, raise_second)
    assert shown(qtbot, reporter)


def test_what_fails_while_an_object_is_thrown_away_is_logged_only(
    reporter: CrashReporter, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    error = ValueError("in a destructor")
    args = SimpleNamespace(
        exc_type=ValueError, exc_value=error, exc_traceback=None, err_msg="Exception ignored in", object=object()
    )
    reporter.report_unraisable(args)
    assert "Exception ignored in" in caplog.text
    assert "in a destructor" in caplog.text
    qtbot.wait(30)
    assert reporter.dialog is None


def test_the_mark_of_a_fault_is_its_place_and_kind() -> None:
    def caught(function: Callable[[str], None], text: str) -> str:
        try:
            function(text)
        except ValueError as error:
            return fault_mark(type(error), error.__traceback__.tb_next if error.__traceback__ else None)
        raise AssertionError

    assert caught(raise_first, "one") == caught(raise_first, "two")
    assert caught(raise_first, "one") != caught(raise_second, "one")


@pytest.mark.qt_log_ignore("said by Qt", extend=True)
def test_what_qt_says_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    from crashdesk_gui.qt_messages import _LEVELS, log_qt_messages

    stop = log_qt_messages()
    try:
        qWarning("said by Qt")
    finally:
        stop()
    assert [(record.name, record.levelno) for record in caplog.records] == [("qt", logging.WARNING)]
    assert _LEVELS[QtMsgType.QtFatalMsg] == logging.CRITICAL


_START = """
import sys
import crashdesk_gui.app as app

def broken(*_args, **_kwargs):
    raise ZeroDivisionError("while the window was built")

app.Desk = broken
sys.exit(app.run([], remember=False))
"""

_RUN = """
import sys
from PySide6.QtCore import qFatal
import crashdesk_gui.app as app

def ready(desk):
    print("ready", flush=True)
    if "fatal" in sys.argv:
        qFatal("the platform is gone")

sys.exit(app.run([], remember=False, new_window=True, on_ready=ready))
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", **{name: str(tmp_path) for name in names}}


def test_a_fault_before_there_is_a_window_is_told_in_the_terminal(environ: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", _START]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "ZeroDivisionError: while the window was built" in ended.stderr
    assert "Nothing was sent to an exchange" in ended.stderr
    assert "Traceback" not in ended.stderr
    log = tmp_path / "crashdesk" / "desk.log"
    assert str(log) in ended.stderr
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_the_last_words_of_qt_are_kept(environ: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", _RUN, "fatal"]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "Qt cannot go on: " in ended.stderr
    assert "CRITICAL" in (tmp_path / "crashdesk" / "desk.log").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of other systems")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_desk_ends_when_it_is_told_to(environ: dict[str, str], number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", _RUN], env=environ, stdout=subprocess.PIPE, text=True) as desk:
        try:
            assert desk.stdout is not None
            assert desk.stdout.readline() == "ready\n"
            desk.send_signal(number)
            assert desk.wait(20) == 0
        finally:
            desk.kill()
