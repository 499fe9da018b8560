"""The incident in real windows: an X server and a Wayland compositor, neither with a monitor, and Qt's platforms for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SECONDS = 100
STARTING_SECONDS = 20
ASKED_FOR = "CRASHDESK_TEST_SCREEN"
_PLATFORM = """
from PySide6.QtWidgets import QApplication
print(QApplication([]).platformName())
"""


@contextmanager
def x_server(_directory: Path) -> Iterator[dict[str, str]]:
    """What a program needs to know of a screen under X that only memory shows."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed: on Debian, apt-get install xvfb libxcb-cursor0 libxkbcommon-x11-0")
    reading, writing = os.pipe()
    arguments = ["-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen([program, *arguments], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with _ended(server):
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb ended before it was ready"
        yield {"DISPLAY": f":{number}", "WAYLAND_DISPLAY": ""}


@contextmanager
def wayland(directory: Path) -> Iterator[dict[str, str]]:
    """The same of one under Wayland."""
    program = shutil.which("weston")
    if program is None:
        pytest.skip("weston is not installed: on Debian, apt-get install weston")
    directory.chmod(0o700)
    known = {"XDG_RUNTIME_DIR": str(directory), "WAYLAND_DISPLAY": "crashdesk", "DISPLAY": ""}
    size = ("--width=1600", "--height=1000", "--idle-time=0")
    compositor = subprocess.Popen(
        [program, "--backend=headless-backend.so", "--socket=crashdesk", *size],
        env={**os.environ, **known},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with _ended(compositor):
        deadline = time.monotonic() + STARTING_SECONDS
        while not (directory / "crashdesk").exists() and compositor.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if not (directory / "crashdesk").exists():
            pytest.skip("weston does not start here")
        yield known


@contextmanager
def _ended(program: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        program.terminate()
        program.wait(10)


@pytest.mark.parametrize(("platform", "screen"), [("xcb", x_server), ("wayland", wayland)], ids=["X", "Wayland"])
def test_the_incident_runs_in_a_real_window(platform: str, screen, tmp_path: Path) -> None:
    if os.environ.get(ASKED_FOR) != "1":
        pytest.skip(f"it takes half a minute; {ASKED_FOR}=1 asks for it")
    with screen(tmp_path) as known:
        environ = {**os.environ, **known, "QT_QPA_PLATFORM": platform, "CRASHDESK_TEST_PLATFORM": platform}
        probe = subprocess.run(
            [sys.executable, "-c", _PLATFORM], env=environ, capture_output=True, text=True, timeout=60, check=False
        )
        if probe.returncode != 0:
            pytest.skip(f"Qt cannot open a window here: {probe.stderr.strip().splitlines()[-1:] or probe.returncode}")
        assert probe.stdout.strip() == platform
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
