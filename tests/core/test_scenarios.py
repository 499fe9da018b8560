"""Every scenario has its tests, and the table that says so is current."""

from __future__ import annotations

import subprocess
import sys

import pytest
from scenario_table import TESTS, Scenario, marked_tests, scenarios

ALL = scenarios()


@pytest.fixture(scope="module")
def marked() -> dict[int, list[str]]:
    """The tests of each scenario, by its number."""
    return marked_tests()


def test_the_scenarios_are_numbered_without_a_gap() -> None:
    assert [scenario.number for scenario in ALL] == list(range(1, 76))


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.number} {scenario.title}")
def test_a_scenario_has_a_test(scenario: Scenario, marked: dict[int, list[str]]) -> None:
    assert marked.get(scenario.number), f"no test is marked with scenario({scenario.number}): {scenario.title}"


def test_every_number_that_a_test_names_is_a_scenario(marked: dict[int, list[str]]) -> None:
    assert set(marked) <= {scenario.number for scenario in ALL}


def test_the_table_in_the_resources_is_current() -> None:
    checked = subprocess.run(
        [sys.executable, str(TESTS / "scenario_table.py"), "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
