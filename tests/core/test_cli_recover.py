"""A recovery in a terminal: what it says before it asks; Ctrl-C stops it between two orders, and a second one at once."""

from __future__ import annotations

import io
import signal
from pathlib import Path

import msgspec
import pytest
from orphan_incident import MINUTE, DeskClock, exchange_after_the_crash, store_before_the_crash
from rich.console import Console
from strategies import T0

from crashdesk.cli_recover import executing
from crashdesk.cli_situation import question, situation_lines, verdict_line
from crashdesk.inspection import BotPresence, StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.storage.lock import DESK, REPAIR, LockHolder

HOLDER = LockHolder(pid=7, host="here", program="bot", purpose="grid", acquired_at=T0 - 60 * MINUTE)


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        (
            HOLDER,
            "! The bot crashed: it ended without closing the store. Its last sign of life was 14 min 0 s ago, at ",
        ),
        (msgspec.structs.replace(HOLDER, released_at=T0 - 14 * MINUTE), "The bot is not running: it ended in order."),
        (None, "The bot is not running. Its last sign"),
    ],
)
def test_its_head_says_whose_account_it_is_and_how_the_bot_ended(
    tmp_path: Path, holder: LockHolder | None, words: str
) -> None:
    with StoreView(store_before_the_crash(tmp_path / "store", T0)) as view:
        assert view.manifest is not None
        presence = BotPresence(running=False, holder=holder)
        account, ended = situation_lines(view.manifest, presence, T0 - 14 * MINUTE, T0)
    assert account == "Bot: btc-grid on binanceusdm, account main (LIVE: real money)"
    assert ended.startswith(words)


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        (HOLDER, "! The bot is running: "),
        (None, "! The bot is running: "),
        (
            msgspec.structs.replace(HOLDER, purpose=DESK),
            "! The store is held by an operator at another desk: the recovery desk (process 7 on here, since ",
        ),
        (
            msgspec.structs.replace(HOLDER, purpose=REPAIR),
            "! The store is held by an operator at another desk: repair (process 7 on here, since ",
        ),
    ],
)
def test_who_holds_the_store_is_a_bot_unless_an_operator_is_known_to(
    tmp_path: Path, holder: LockHolder | None, words: str
) -> None:
    with StoreView(store_before_the_crash(tmp_path / "store", T0)) as view:
        assert view.manifest is not None
        presence = BotPresence(running=True, holder=holder)
        line = situation_lines(view.manifest, presence, T0 - 14 * MINUTE, T0)[1]
    assert line.startswith(words)
    assert presence.bot_runs is line.startswith("! The bot is running")


def test_the_verdict_counts_what_differs_and_the_question_repeats_what_is_at_stake(tmp_path: Path) -> None:
    with StoreView(store_before_the_crash(tmp_path / "store", T0), clock=DeskClock(T0)) as view:
        plan = OperatorRecovery(view, exchange_after_the_crash(T0), who="ops", clock=DeskClock(T0)).compare().plan
        assert view.manifest is not None
        asked = question(view.manifest, plan, plan.orphans[:2])
    assert verdict_line(plan) == (
        "Verdict: 2 to cancel, 1 orphan order to decide on in the desk, 2 known orders changed or over, 2 positions differ; "
        "2 positions with no stop or only a part of one"
    )
    assert asked == (
        "binanceusdm, account main (LIVE: real money); 2 positions with no stop or only a part of one. "
        "Cancel these 2 orders and save the reconciled state?"
    )


def test_the_first_interrupt_lets_the_order_under_way_end_and_the_second_does_not() -> None:
    before = signal.getsignal(signal.SIGINT)
    said = io.StringIO()
    with executing(Console(file=said)) as (step, stopped):
        step(0, 2, "cancelling buy 1 BTC/USDT:USDT at 2 [1]: waiting 12 s for the exchange's limit")
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
        step(0, 2, "cancelling buy 1 BTC/USDT:USDT at 2 [1]: waiting 12 s for the exchange's limit")
    assert "1 of 2: cancelling buy 1 BTC/USDT:USDT at 2 [1]: waiting 12 s for the exchange's limit" in said.getvalue()
