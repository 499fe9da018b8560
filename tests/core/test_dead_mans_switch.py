"""The dead man's switch: refreshed while the bot lives, loud when that fails, disarmed by an orderly end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from recovery_builders import BTC, LATER, SECOND
from switch_builders import Bot, Plain

from crashdesk.config import RecoveryConfig
from crashdesk.dead_mans_switch import SwitchFired
from crashdesk.errors import ConfigError, ExchangeUnavailable, RecoveryError
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.inspection import StoreView
from crashdesk.recovery import RecoveryManager
from crashdesk.switch_state import SwitchPosition


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    made = Bot(tmp_path / "store")
    yield made
    made.manager.close()


def test_it_is_off_unless_somebody_arms_it(bot: Bot) -> None:
    bot.manager.checkpoint()
    bot.manager.close()
    assert "arm_cancel_all_after" not in bot.exchange.requests
    with StoreView(bot.directory, clock=bot.clock) as view:
        assert view.dead_mans_switch() is None


def test_while_the_bot_lives_it_is_refreshed_in_time_and_never_fires(bot: Bot) -> None:
    armed = bot.manager.arm_dead_mans_switch(60)
    assert (armed.position, armed.timeout_s, armed.symbols) == (SwitchPosition.ARMED, 60, ())
    for _ in range(12):
        bot.clock.next()
        bot.exchange.run_out()
        assert bot.exchange.due == bot.clock.now_ns() + 60 * SECOND
    assert len(bot.exchange.open_keys()) == 2
    assert max(bot.clock.pauses) <= 60 / 3
    # What is as it was is not noted again and again.
    (told,) = bot.told()
    assert "60 s after the bot's last sign the exchange cancels all orders of the account, protective stops too" in told


def test_an_orderly_end_disarms_it(bot: Bot) -> None:
    bot.manager.arm_dead_mans_switch(60)
    bot.manager.close()
    bot.clock.sleep(1000)
    bot.exchange.run_out()
    assert len(bot.exchange.open_keys()) == 2
    assert bot.position() is SwitchPosition.DISARMED


@pytest.mark.parametrize(("error", "fires"), [(ValueError, True), (KeyboardInterrupt, False), (SystemExit, False)])
def test_who_leaves_with_an_error_lets_it_fire(bot: Bot, error: type[BaseException], fires: bool) -> None:
    bot.manager.arm_dead_mans_switch(60)
    with pytest.raises(error), bot.manager:
        raise error
    bot.clock.sleep(1000)
    bot.exchange.run_out()
    assert bool(bot.exchange.open_keys()) is not fires
    assert bot.position() is (SwitchPosition.ARMED if fires else SwitchPosition.DISARMED)


def test_a_refresh_that_fails_is_told_at_once_and_tried_again_sooner(bot: Bot) -> None:
    bot.manager.arm_dead_mans_switch(60, 20)
    bot.exchange.down = "no route to the exchange"
    bot.clock.next()
    bot.clock.next()
    assert [type(error) for error in bot.errors] == [ExchangeUnavailable, ExchangeUnavailable]
    assert "Unless that succeeds within 40 s, the exchange cancels the orders that it covers, protective stops too" in (
        str(bot.errors[0])
    )
    assert bot.clock.pauses[-1] < 20
    assert bot.position() is SwitchPosition.FAILING
    bot.exchange.down = ""
    bot.clock.next()
    assert bot.position() is SwitchPosition.ARMED
    assert len(bot.exchange.open_keys()) == 2
    assert [text.split(":")[0] for text in bot.told()] == [
        "dead man's switch armed",
        "dead man's switch could not be refreshed",
        "dead man's switch refreshed again",
    ]


def test_that_it_has_fired_while_the_bot_could_not_be_heard_is_said_once(bot: Bot) -> None:
    bot.manager.arm_dead_mans_switch(60, 20)
    bot.exchange.down = "no route to the exchange"
    while bot.clock.now_ns() < LATER + 100 * SECOND:
        bot.clock.next()
    fired = [error for error in bot.errors if isinstance(error, SwitchFired)]
    assert len(fired) == 1
    assert "protect your positions" in str(fired[0])
    assert bot.exchange.open_keys() == set()


def test_what_could_not_be_armed_is_not_said_to_be(bot: Bot) -> None:
    bot.exchange.down = "no route to the exchange"
    with pytest.raises(ExchangeUnavailable, match="no route"):
        bot.manager.arm_dead_mans_switch(60)
    assert bot.told() == []
    bot.exchange.down = ""
    assert bot.manager.arm_dead_mans_switch(60).armed


@pytest.mark.parametrize(("timeout", "refresh"), [(60, 21), (60, 0), (60, -1), (1, None), (float("nan"), None)])
def test_times_at_which_one_hiccup_would_cancel_everything_are_refused(
    bot: Bot, timeout: float, refresh: float | None
) -> None:
    with pytest.raises(ConfigError):
        bot.manager.arm_dead_mans_switch(timeout, refresh)
    assert "arm_cancel_all_after" not in bot.exchange.requests


def test_it_needs_an_exchange_and_is_armed_once(bot: Bot, tmp_path: Path) -> None:
    bot.manager.arm_dead_mans_switch(60)
    with pytest.raises(RecoveryError, match="armed already"):
        bot.manager.arm_dead_mans_switch(60)
    bot.manager.disarm_dead_mans_switch()
    bot.manager.disarm_dead_mans_switch()
    assert bot.manager.arm_dead_mans_switch(90).timeout_s == 90
    with RecoveryManager(Plain(), RecoveryConfig(checkpoint_dir=tmp_path / "other")) as alone:
        with pytest.raises(RecoveryError, match="no exchange"):
            alone.arm_dead_mans_switch(60)
        alone.disarm_dead_mans_switch()


def test_a_disarming_that_nobody_confirmed_is_told_and_noted(bot: Bot) -> None:
    bot.manager.arm_dead_mans_switch(60)
    bot.exchange.down = "no route to the exchange"
    bot.manager.close()
    assert ["no route" in str(error) for error in bot.errors] == [True]
    assert bot.position() is SwitchPosition.FAILING
    assert "could not be disarmed" in bot.told()[-1]


def test_who_hears_of_a_failure_may_disarm_it_there_and_then(bot: Bot) -> None:
    disarmed = threading.Event()

    def give_up() -> None:
        bot.exchange.down = ""
        bot.manager.disarm_dead_mans_switch()
        disarmed.set()

    bot.heard = give_up
    bot.manager.arm_dead_mans_switch(60)
    bot.exchange.down = "no route to the exchange"
    bot.clock.next()
    assert disarmed.wait(5)
    assert bot.exchange.due is None
    assert bot.position() is SwitchPosition.DISARMED


def test_what_it_covers_anew_is_noted(bot: Bot) -> None:
    bot.exchange.covers = CancelAllAfter(symbols=(BTC,), protective_stops=False)
    bot.manager.arm_dead_mans_switch(60)
    bot.exchange.covers = CancelAllAfter(symbols=(BTC, "ETH/USDT:USDT"), protective_stops=False)
    bot.clock.next()
    assert "BTC/USDT:USDT, ETH/USDT:USDT, but not protective stops" in bot.told()[-1]
