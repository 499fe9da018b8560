"""Options of the whole suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills",
        type=int,
        default=6,
        metavar="N",
        help="how many times each writing process is killed at a random moment (tests/faults/test_kill_bot.py)",
    )
