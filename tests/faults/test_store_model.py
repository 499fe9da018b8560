"""Random histories of a bot's store against a plain model: what was acknowledged comes back, whatever crashed or rotted.

`--histories N` runs through N of them instead of the few of the quick suite (with ``-o timeout=0`` for many).
"""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from store_history import StoreHistory

from crashdesk.storage.changelog import ChangeLog


@pytest.mark.scenario(69)
def test_what_was_acknowledged_comes_back_whatever_happened(
    memory_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    # A change that nobody waits for becomes durable when the history says so, not some milliseconds later.
    monkeypatch.setattr("crashdesk.recovery.ChangeLog", functools.partial(ChangeLog, linger_s=1_000_000))
    monkeypatch.setattr(StoreHistory, "root", memory_path, raising=False)
    run_state_machine_as_test(
        StoreHistory,
        settings=settings(
            max_examples=request.config.getoption("--histories"),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
