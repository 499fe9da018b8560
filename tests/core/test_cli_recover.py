"""A recovery in a terminal: Ctrl-C stops it between two orders, and a second one at once."""

from __future__ import annotations

import io
import signal

import pytest
from rich.console import Console

from crashdesk.cli_recover import executing


def test_the_first_interrupt_lets_the_order_under_way_end_and_the_second_does_not() -> None:
    before = signal.getsignal(signal.SIGINT)
    said = io.StringIO()
    with executing(Console(file=said)) as (step, stopped):
        step(0, 2, "cancel normal:BTC/USDT:USDT:[1]: waiting 12 s for the exchange's limit")
        assert not stopped()
        signal.raise_signal(signal.SIGINT)
        assert stopped()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert "Stopping after the order that is under way" in said.getvalue()
    assert signal.getsignal(signal.SIGINT) is before


def test_what_is_waited_for_is_shown_in_a_terminal() -> None:
    said = io.StringIO()
    with executing(Console(file=said, force_terminal=True, width=120)) as (step, _):
        step(0, 2, "cancel normal:BTC/USDT:USDT:[1]: waiting 12 s for the exchange's limit")
    assert "1 of 2: cancel normal:BTC/USDT:USDT:[1]: waiting 12 s for the exchange's limit" in said.getvalue()
