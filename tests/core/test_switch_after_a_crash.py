"""After a crash the comparison says what the dead man's switch cancelled, and lays nothing else to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from recovery_builders import LATER, SECOND, live
from switch_builders import Bot

from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import OrderVerdictKind
from crashdesk.state import OrderStatus


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    made = Bot(tmp_path / "store")
    yield made
    made.manager.close()


@pytest.mark.parametrize(("later", "warned"), [(10, True), (61, False)])
def test_the_next_run_is_warned_of_a_switch_that_has_not_fired_yet(bot: Bot, later: float, warned: bool) -> None:
    bot.manager.arm_dead_mans_switch(60)
    bot.directory = abandoned(bot)
    bot.clock.sleep(later)
    bot.start().close()
    assert [str(error) for error in bot.errors if "arm it anew now" in str(error)] == [
        "the run before armed a dead man's switch that fires in about 50 s and cancels what it covers, the orders of this run "
        "and protective stops too: arm it anew now, or place nothing before it has fired"
    ] * warned


def test_after_a_crash_the_comparison_says_what_the_switch_cancelled(bot: Bot) -> None:
    bot.manager.arm_dead_mans_switch(60)
    bot.manager.checkpoint()
    bot.exchange.put(
        live(id="9", client_order_id="grid-9", status=OrderStatus.CANCELLED, updated_at=LATER - 9000 * SECOND)
    )
    crashed = abandoned(bot)
    bot.clock.sleep(600)
    bot.exchange.run_out()
    bot.exchange.now = bot.clock.now_ns()
    with StoreView(crashed, clock=bot.clock) as view:
        comparison = OperatorRecovery(view, bot.exchange, who="kim", clock=bot.clock).compare()
    (verdict,) = (verdict for verdict in comparison.plan.orders if verdict.key == live().key)
    assert verdict.kind is OrderVerdictKind.CLOSED_WHILE_DOWN
    told = [item for item in verdict.evidence if "dead man's switch fired" in item.text]
    assert [item.at for item in told] == [LATER + 60 * SECOND]
    assert "60 s after the bot's last sign" in told[0].text


def test_a_cancellation_at_another_time_is_not_laid_to_the_switch(bot: Bot) -> None:
    bot.manager.arm_dead_mans_switch(60)
    bot.manager.checkpoint()
    bot.exchange.change(live().key, status=OrderStatus.CANCELLED, updated_at=LATER + 3000 * SECOND)
    crashed = abandoned(bot)
    bot.clock.sleep(6000)
    with StoreView(crashed, clock=bot.clock) as view:
        comparison = OperatorRecovery(view, bot.exchange, who="kim", clock=bot.clock).compare()
    (verdict,) = (verdict for verdict in comparison.plan.orders if verdict.key == live().key)
    assert verdict.kind is OrderVerdictKind.CLOSED_WHILE_DOWN
    assert not any("dead man's switch" in item.text for item in verdict.evidence)


def abandoned(bot: Bot) -> Path:
    """The store as a killed process leaves it: copied while the bot holds it."""
    copy = bot.directory.with_name("crashed")
    shutil.copytree(bot.directory, copy)
    return copy
