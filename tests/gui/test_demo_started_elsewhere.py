"""The demonstration's bot is started again from another terminal: it trades, and the desk that is open shows it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_operator import DeskOperator

from crashdesk.clock import SystemClock
from crashdesk.demo.start_request import StartAnswer, ask_to_start
from crashdesk.inspection import StoreView
from crashdesk_gui.context import UiContext
from crashdesk_gui.demo import Demonstration

SECONDS = 120
HOURS = 0.5


def crashdesk(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "crashdesk", *map(str, arguments)]


def ended(*arguments: object) -> tuple[int, list[str]]:
    done = subprocess.run(crashdesk(*arguments), capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Path]:
    """A demonstration in a process of its own, without a screen, whose bot was killed; its store."""
    store = tmp_path / "demo store"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    with subprocess.Popen(
        crashdesk("demo", "--store", store, "--hours", HOURS), stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert "The sample bot was killed." in process.stdout.readline()
        yield store
        process.terminate()
        process.wait(SECONDS)


def test_from_a_terminal_alone_to_a_bot_that_trades_again(demonstration: Path) -> None:
    code, lines = ended("recover", demonstration, "--cancel-own")
    start = f"crashdesk demo --start-bot '{demonstration}'"
    assert (code, lines[-1].endswith(start)) == (0, True)

    code, lines = ended("demo", "--start-bot", demonstration)
    assert (code, lines[0].startswith("✓ The bot was started, and it trades: ")) == (0, True)
    assert "✓ What it knows is what the exchange holds: " in "\n".join(lines)
    assert lines[-1] == f"Next: crashdesk audit '{demonstration}'"
    with StoreView(demonstration) as view:
        assert view.presence().bot_runs
        assert [path.name for path in demonstration.glob("demonstration.*")] == []

    code, lines = ended("demo", "--start-bot", demonstration)
    assert (code, lines[0].startswith("✓ The bot runs already, and it trades: ")) == (0, True)
    code, lines = ended("audit", demonstration)
    assert (code, "the bot started: restored checkpoint " in "\n".join(lines)) == (0, True)


def test_a_store_of_anybody_else_is_refused(tmp_path: Path) -> None:
    code, lines = ended("demo", "--start-bot", tmp_path / "nowhere")
    assert (code, lines[-1].startswith("  Next: ")) == (2, True)


def test_the_open_desk_shows_the_bot_that_another_terminal_started(ui: UiContext, qtbot: Any, tmp_path: Path) -> None:
    demonstration = Demonstration(tmp_path / "store", hours=HOURS)
    operator = DeskOperator(ui, qtbot, SystemClock(), restart_bot=demonstration.restart_bot)
    answers: list[StartAnswer] = []
    asking = threading.Thread(
        target=lambda: answers.append(ask_to_start(tmp_path / "store", patience_s=SECONDS)), daemon=True
    )
    try:
        demonstration.begin(operator.desk)
        qtbot.waitUntil(lambda: operator.desk.session is not None, timeout=SECONDS * 1000)
        qtbot.waitUntil(lambda: operator.sentence.startswith("The bot crashed "), timeout=SECONDS * 1000)
        asking.start()
        qtbot.waitUntil(lambda: bool(answers), timeout=SECONDS * 1000)
        assert answers == [StartAnswer()]
        qtbot.waitUntil(lambda: operator.sentence.startswith("The bot is running"), timeout=SECONDS * 1000)
    finally:
        demonstration.close()
        operator.close()
