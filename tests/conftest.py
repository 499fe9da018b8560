"""Options of the whole suite: how long the campaigns run. The defaults are small; a long run names its own."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

# Before pytest-qt loads Qt: the desk says how. The core is tested without Qt, too.
with suppress(ImportError):
    import crashdesk_gui  # noqa: F401

from crashdesk.demo.simulate import workplace
from crashdesk.storage.files import LocalFiles

OPTIONS = {
    "--kills": (6, "how many times each writing process is killed at a random moment (tests/faults/test_kill_*.py)"),
    "--disks": (
        400,
        "how many disks a crash of the machine may leave are looked at (tests/faults/test_crash_disks.py)",
    ),
    "--fuzz": (1, "how many times as many damaged files are read (tests/faults/test_*_fuzz.py)"),
    "--incidents": (50, "how many random incidents are simulated (tests/faults/test_simulated_incidents.py)"),
    "--operators": (2, "how many operators click at random (tests/gui/test_random_operator.py)"),
    "--histories": (15, "how many random histories the store's model runs through (tests/faults/test_store_model.py)"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, (default, text) in OPTIONS.items():
        parser.addoption(name, type=int, default=default, metavar="N", help=f"{text}; {default} by default")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """What is imported and collected stays to the end: it is not looked through for garbage, neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def account_locks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the bots of a test tell each other that they use an account: not where those of the machine do."""
    # Numbered ones are counted anew for each.
    directory = Path(tempfile.mkdtemp(prefix="account-locks-", dir=tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("CRASHDESK_STATE_DIR", str(directory))
    return directory


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """As `tmp_path`, in memory where the system has a place for that: for tests that flush hundreds of files."""
    with workplace() as place:
        yield place


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds a store in use is refused at once, and not after the second that another's look at it may take."""
    lock = LocalFiles.lock
    monkeypatch.setattr(LocalFiles, "lock", lambda files, path, timeout: lock(files, path, 0))
