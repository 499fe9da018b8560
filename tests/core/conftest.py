"""Shared by the tests of the core."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command_line import STATE, Run, make_store
from hypothesis import HealthCheck, settings
from strategies import ManualClock

from crashdesk import cli

settings.register_profile("crashdesk", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("crashdesk")


@pytest.fixture
def tmp_path(memory_path: Path) -> Path:
    """Every commit waits for the disk where there is one; that files reach it is tested in tests/faults."""
    return memory_path


@pytest.fixture
def clock() -> ManualClock:
    """A clock that only the test moves."""
    return ManualClock()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, standard output, standard error of one command."""

    def run_one(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["crashdesk", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        code = ended.value.code
        return (0 if code is None else int(code)), out, err

    return run_one


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one checkpoint."""
    return make_store(tmp_path / "store", STATE)
