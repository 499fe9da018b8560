"""A recovery in a terminal: what it says before it asks; Ctrl-C stops it between two orders, and a second one at once."""

from __future__ import annotations

import io
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from orphan_incident import MINUTE, DeskClock, exchange_after_the_crash, store_before_the_crash
from rich.console import Console
from strategies import T0

from crashdesk.cli_ending import executing
from crashdesk.cli_next import Place, after_comparison, program
from crashdesk.cli_situation import answer, question, situation_lines, verdict_line
from crashdesk.config import StoreManifest
from crashdesk.exchange.records import Coverage, ScopeStatus
from crashdesk.inspection import BotPresence, StoreView
from crashdesk.operator_recovery import Comparison, OperatorRecovery
from crashdesk.reconcile.records import Plan
from crashdesk.storage.lock import DESK, REPAIR, LockHolder

HOLDER = LockHolder(pid=7, host="here", program="bot", purpose="grid", acquired_at=T0 - 60 * MINUTE)


def compared(directory: Path) -> tuple[StoreManifest, Comparison]:
    with StoreView(store_before_the_crash(directory, T0), clock=DeskClock(T0)) as view:
        assert view.manifest is not None
        return view.manifest, OperatorRecovery(
            view, exchange_after_the_crash(T0), who="ops", clock=DeskClock(T0)
        ).compare()


@pytest.mark.parametrize(
    ("running", "holder", "words"),
    [
        (False, HOLDER, "! The bot crashed without closing the store (its last sign of life was 14 min 0 s ago, at "),
        (False, msgspec.structs.replace(HOLDER, released_at=T0 - 14 * MINUTE), "The bot ended in order (its last sign"),
        (False, None, "The bot is not running (its last sign"),
        (
            False,
            msgspec.structs.replace(HOLDER, purpose=REPAIR),
            "The bot was not started since the last recovery or rep",
        ),
        (True, HOLDER, "! The bot is running; "),
        (True, None, "! The bot is running; "),
        (True, msgspec.structs.replace(HOLDER, purpose=DESK), "! An operator at another desk holds the store; "),
    ],
)
def test_the_answer_comes_first_in_one_sentence(
    tmp_path: Path, running: bool, holder: LockHolder | None, words: str
) -> None:
    _, comparison = compared(tmp_path / "store")
    presence = BotPresence(running=running, holder=holder)
    told = answer(presence, T0 - 14 * MINUTE, T0, comparison)
    assert told.startswith(words)
    assert told.endswith("; what it knew last is intact; 3 orders want your decision.")
    assert presence.bot_runs is told.startswith("! The bot is running")


def test_a_state_that_is_not_sure_is_not_called_intact(tmp_path: Path) -> None:
    _, comparison = compared(tmp_path / "store")
    presence = BotPresence(running=False, holder=HOLDER)

    def told(**plan: Any) -> str:
        doubted = msgspec.structs.replace(comparison, plan=msgspec.structs.replace(comparison.plan, **plan))
        return answer(presence, T0, T0, doubted)

    assert "; something that the bot did last may be missing" in told(journal_problem="the journal was lost")
    assert "; the account that was opened may be another one" in told(
        denied="it never heard of any", journal_problem="x"
    )
    unread = msgspec.structs.replace(comparison.plan.coverage.readings[0], status=ScopeStatus.FAILED)
    partly = told(coverage=Coverage(readings=(unread,)), orders=())
    assert partly.endswith("; not everything on the exchange could be read; no order that was read wants a decision.")


@pytest.mark.parametrize(
    ("running", "options", "step"),
    [
        (True, {}, "stop the bot, then type: crashdesk recover 'my store' --dry-run"),
        (False, {"interrupted": True}, "crashdesk recover 'my store' --resume"),
        (False, {"interrupted": None}, "crashdesk verify 'my store'"),
        (False, {"settled": True}, "start the bot as you always do"),
        (
            False,
            {"key_reads_only": True},
            "set a key that may trade, then type: crashdesk recover 'my store' --dry-run",
        ),
        (False, {}, "crashdesk recover 'my store'"),
    ],
)
def test_one_next_step_is_named_as_a_shell_takes_it(
    tmp_path: Path, running: bool, options: dict[str, Any], step: str
) -> None:
    manifest, comparison = compared(tmp_path / "store")
    place = Place(directory=Path("my store"), manifest=manifest)
    asked = {"interrupted": False, "settled": False, "key_reads_only": False, **options}
    assert after_comparison(comparison.plan, place, BotPresence(running=running, holder=HOLDER), **asked) == step


def test_positions_that_were_closed_by_hand_where_no_trades_are_told_are_no_dead_end(tmp_path: Path) -> None:
    manifest, comparison = compared(tmp_path / "store")
    place = Place(directory=Path("my store"), manifest=manifest)

    def step(plan: Plan) -> str:
        presence = BotPresence(running=False, holder=HOLDER)
        return after_comparison(plan, place, presence, interrupted=False, settled=False, key_reads_only=False)

    gone = msgspec.structs.replace(comparison.plan, denied="every position is gone", orders=())
    assert step(gone).endswith("and the positions were closed by hand, confirm that with: crashdesk recover 'my store'")
    assert "then type: crashdesk recover 'my store' --dry-run" in step(gone)


@pytest.mark.parametrize(
    ("called", "found", "typed"),
    [
        ("/home/ops/.venv/bin/crashdesk", "/home/ops/.venv/bin/crashdesk", "crashdesk"),
        (".venv/bin/crashdesk", None, ".venv/bin/crashdesk"),
        (".venv/bin/crashdesk", "/usr/bin/crashdesk", ".venv/bin/crashdesk"),
        ("/opt/my bot/crashdesk", None, "'/opt/my bot/crashdesk'"),
        ("/opt/lib/crashdesk/__main__.py", None, "crashdesk"),
        ("crashdesk", None, "crashdesk"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="a shell's paths")
def test_the_next_command_is_named_as_this_one_was_called(called: str, found: str | None, typed: str) -> None:
    assert program(called, found) == typed


def test_while_somebody_holds_the_store_it_is_said_what_to_mind(tmp_path: Path) -> None:
    manifest, _ = compared(tmp_path / "store")
    account, *minds = situation_lines(manifest, BotPresence(running=False, holder=HOLDER))
    assert (account, minds) == ("Bot: btc-grid on binanceusdm, account main (LIVE: real money)", [])
    desk = msgspec.structs.replace(HOLDER, purpose=DESK)
    (mind,) = situation_lines(manifest, BotPresence(running=True, holder=desk))[1:]
    assert mind.startswith(
        "! The store is held by an operator at another desk: the recovery desk (process 7 on here, since "
    )


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
    with executing(Console(file=said), "crashdesk recover STORE --resume") as (step, stopped):
        step(0, 2, "cancelling buy 1 BTC/USDT:USDT at 2 [1]: waiting 12 s for the exchange's limit")
        assert not stopped()
        signal.raise_signal(signal.SIGINT)
        assert stopped()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert "Stopping after the order that is under way" in said.getvalue()
    assert signal.getsignal(signal.SIGINT) is before


def test_who_stops_at_once_is_told_how_to_go_on() -> None:
    said = io.StringIO()

    def stopped_at_once() -> None:
        with executing(Console(file=said), "crashdesk recover STORE --resume") as (step, _):
            step(0, 1, "cancelling buy 1 BTC/USDT:USDT at 2 [1]")
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        stopped_at_once()
    assert said.getvalue().splitlines()[-1] == "Next: crashdesk recover STORE --resume"


def test_what_is_waited_for_is_shown_in_a_terminal() -> None:
    said = io.StringIO()
    with executing(Console(file=said, force_terminal=True, width=120), "") as (step, _):
        step(0, 2, "cancelling buy 1 BTC/USDT:USDT at 2 [1]: waiting 12 s for the exchange's limit")
    assert "1 of 2: cancelling buy 1 BTC/USDT:USDT at 2 [1]: waiting 12 s for the exchange's limit" in said.getvalue()
