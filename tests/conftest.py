"""Options of the whole suite: how long the campaigns run. The defaults are small; a long run names its own."""

from __future__ import annotations

from pathlib import Path

import pytest

OPTIONS = {
    "--kills": (6, "how many times each writing process is killed at a random moment (tests/faults/test_kill_*.py)"),
    "--disks": (
        400,
        "how many disks a crash of the machine may leave are looked at (tests/faults/test_crash_disks.py)",
    ),
    "--fuzz": (1, "how many times as many damaged files are read (tests/faults/test_*_fuzz.py)"),
    "--incidents": (200, "how many random incidents are simulated (tests/faults/test_simulated_incidents.py)"),
    "--histories": (25, "how many random histories the store's model runs through (tests/faults/test_store_model.py)"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, (default, text) in OPTIONS.items():
        parser.addoption(name, type=int, default=default, metavar="N", help=f"{text}; {default} by default")


@pytest.fixture(autouse=True)
def account_locks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the bots of a test tell each other that they use an account: not where those of the machine do."""
    directory = tmp_path_factory.mktemp("account-locks")
    monkeypatch.setenv("CRASHDESK_STATE_DIR", str(directory))
    return directory
