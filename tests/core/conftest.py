"""Shared by the tests of the core."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from strategies import ManualClock

settings.register_profile("crashdesk", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("crashdesk")


@pytest.fixture
def clock() -> ManualClock:
    """A clock that only the test moves."""
    return ManualClock()
