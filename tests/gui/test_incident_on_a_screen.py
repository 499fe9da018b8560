"""The incident once in a real window: an X server without a monitor, and Qt's platform for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SECONDS = 100
ASKED_FOR = "CRASHDESK_TEST_SCREEN"
_XCB = """
from PySide6.QtWidgets import QApplication
print(QApplication([]).platformName())
"""


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a screen that only memory shows."""
    if os.environ.get(ASKED_FOR) != "1":
        pytest.skip(f"it takes half a minute; {ASKED_FOR}=1 asks for it")
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed: on Debian, apt-get install xvfb libxcb-cursor0 libxkbcommon-x11-0")
    reading, writing = os.pipe()
    arguments = ["-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen([program, *arguments], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb ended before it was ready"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def test_the_incident_runs_in_a_real_window(display: str) -> None:
    environ = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "CRASHDESK_TEST_PLATFORM": "xcb"}
    environ.pop("WAYLAND_DISPLAY", None)
    probe = subprocess.run(
        [sys.executable, "-c", _XCB], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    if probe.returncode != 0:
        pytest.skip(f"Qt cannot talk to X here: {probe.stderr.strip().splitlines()[-1:] or probe.returncode}")
    assert probe.stdout.strip() == "xcb"
    incident = f"{HERE / 'test_incident.py'}::test_from_the_crash_to_the_bot_that_trades_again"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", incident],
        env=environ,
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
