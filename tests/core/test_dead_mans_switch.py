"""The dead man's switch: refreshed while the bot lives, loud when that fails, disarmed by an orderly end, fired by a crash."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import ccxt
import pytest
import strategies as make
from okx_builders import BOT, START_NS, VenueClock, new_client, okx_venue, open_exchange, rest
from recovery_builders import BTC, LATER, SECOND, ExchangeInMemory, live, stop
from strategies import ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.connections import open_store_exchange
from crashdesk.dead_mans_switch import SwitchFired
from crashdesk.demo.setting import Setting
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import EmbeddedExchange, LedgerStatus, Namespace
from crashdesk.errors import ConfigError, CrashdeskError, ExchangeUnavailable, ExchangeUnsupported, RecoveryError
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.exchange.ccxt_cancel_after import arm_cancel_all_after
from crashdesk.exchange.ccxt_scopes import profile_of
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import OrderVerdictKind
from crashdesk.recovery import RecoveryManager
from crashdesk.state import OrderStatus, SystemState
from crashdesk.switch_state import SwitchPosition

MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
STATE = make.state(timestamp=LATER, open_orders=(make.order(),), positions=())
PROTECTING = stop(id="6", client_order_id="grid-6")


class GateClock(ManualClock):
    """A thread that waits goes on when the test lets it, its pause later."""

    def __init__(self) -> None:
        super().__init__(LATER)
        self._permits = threading.Semaphore(0)
        self._waiting = threading.Semaphore(0)
        self.pauses: list[float] = []

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.pauses.append(seconds)
        self._waiting.release()
        while not event.is_set():
            if self._permits.acquire(timeout=0.005):
                self.sleep(seconds)
                break
        return event.is_set()

    def next(self) -> None:
        """Let the thread have its pause, and wait until it has done what comes then."""
        self.rest()
        self._permits.release()
        self.rest()
        self._waiting.release()

    def rest(self) -> None:
        assert self._waiting.acquire(timeout=5), "nobody waits"


class SwitchExchange(ExchangeInMemory):
    """An exchange with a switch for the whole account, which fires by its own clock."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(live(), PROTECTING)
        self._clock = clock
        self.due: int | None = None
        self.down = ""
        self.covers = CancelAllAfter()

    def arm_cancel_all_after(self, seconds: float, symbols: Collection[str]) -> CancelAllAfter:
        self._asked("arm_cancel_all_after")
        self.run_out()
        if self.down:
            raise ExchangeUnavailable(self.down)
        self.due = self._clock.now_ns() + int(seconds * SECOND) if seconds else None
        return self.covers

    def run_out(self) -> None:
        """Fire if it is time."""
        if self.due is not None and self._clock.now_ns() >= self.due:
            for key in self.open_keys():
                self.change(key, status=OrderStatus.CANCELLED, updated_at=self.due)
            self.due = None


class Plain:
    def snapshot(self) -> SystemState:
        return STATE

    def restore(self, state: SystemState) -> None:
        pass


class Bot:
    """A bot with a store, an exchange, and what it was told of failures."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = GateClock()
        self.exchange = SwitchExchange(self.clock)
        self.errors: list[CrashdeskError] = []
        self.heard: Callable[[], None] = lambda: None
        self.manager = self.start()

    def start(self) -> RecoveryManager:
        return RecoveryManager(
            Plain(),
            RecoveryConfig(checkpoint_dir=self.directory),
            self.exchange,
            manifest=MANIFEST,
            clock=self.clock,
            on_error=self.hear,
            account_locks=self.directory.with_name(f"{self.directory.name}-locks"),
        )

    def hear(self, error: CrashdeskError) -> None:
        self.errors.append(error)
        self.heard()

    def told(self) -> list[str]:
        with StoreView(self.directory, clock=self.clock) as view:
            return [entry.text for entry in view.audit_entries() if entry.kind is AuditKind.SWITCH]

    def position(self) -> SwitchPosition:
        with StoreView(self.directory, clock=self.clock) as view:
            state = view.dead_mans_switch()
        assert state is not None
        return state.position


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


def test_what_it_covers_anew_is_noted(bot: Bot) -> None:
    bot.exchange.covers = CancelAllAfter(symbols=(BTC,), protective_stops=False)
    bot.manager.arm_dead_mans_switch(60)
    bot.exchange.covers = CancelAllAfter(symbols=(BTC, "ETH/USDT:USDT"), protective_stops=False)
    bot.clock.next()
    assert "BTC/USDT:USDT, ETH/USDT:USDT, but not protective stops" in bot.told()[-1]


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


class Wire:
    """A ccxt client with one market, whose requests are kept instead of sent."""

    def __init__(self, exchange: str, market_type: str, symbol: str, market_id: str, **market: Any) -> None:
        self.client: Any = getattr(ccxt, exchange)({"apiKey": "key", "secret": "c2VjcmV0", "password": "p"})
        self.client.enableRateLimit = False
        self.sent: list[tuple[str, str]] = []
        fields = {"id": market_id, "symbol": symbol, "type": market_type, market_type: True, "active": True} | market
        self.client.set_markets([self.client.safe_market_structure(fields)])
        self.client.fetch = self._keep
        self.profile = profile_of(self.client, market_type)

    def _keep(self, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> dict[str, Any]:
        self.sent.append((f"{method} {url}", str(body)))
        return {}

    def arm(self, seconds: float, *symbols: str) -> CancelAllAfter:
        return arm_cancel_all_after(self.client, self.profile, seconds, symbols)


@pytest.mark.parametrize(
    ("wire", "symbols", "path", "field"),
    [
        (
            ("binanceusdm", "swap", BTC, "BTCUSDT", {"linear": True, "contract": True}),
            [BTC],
            "fapi/v1/countdownCancelAll",
            "countdownTime={1}",
        ),
        (
            ("binancecoinm", "swap", "BTC/USD:BTC", "BTCUSD_PERP", {"inverse": True, "contract": True}),
            ["BTC/USD:BTC"],
            "dapi/v1/countdownCancelAll",
            "countdownTime={1}",
        ),
        (
            ("gate", "swap", BTC, "BTC_USDT", {"settle": "USDT", "linear": True, "contract": True}),
            [BTC],
            "futures/usdt/countdown_cancel_all",
            '"timeout":"{0}"',
        ),
        (("okx", "swap", BTC, "BTC-USDT-SWAP", {}), [], "trade/cancel-all-after", '"timeOut":{0}'),
        (("kraken", "spot", "BTC/USD", "XXBTZUSD", {}), [], "CancelAllOrdersAfter", "timeout={0}"),
        (("krakenfutures", "swap", BTC, "PF_XBTUSD", {}), [], "cancelallordersafter", "timeout={0}"),
    ],
)
def test_it_is_armed_where_the_exchange_has_one(
    wire: tuple[str, str, str, str, dict[str, Any]], symbols: list[str], path: str, field: str
) -> None:
    made = Wire(*wire[:4], **wire[4])
    assert made.arm(60, *(symbols or [BTC])).symbols == tuple(symbols)
    made.arm(0, *(symbols or [BTC]))
    for (request, body), seconds in zip(made.sent, (60, 0), strict=True):
        assert path in request
        assert field.format(seconds, seconds * 1000) in request + body


@pytest.mark.parametrize("exchange", ["bybit", "hyperliquid", "bitvavo", "coinbase", "htx"])
def test_where_there_is_none_to_rely_on_it_is_refused_before_anything_is_sent(exchange: str) -> None:
    made = Wire(exchange, "swap", BTC, "BTCUSDT")
    with pytest.raises(ExchangeUnsupported, match="Orders stay as they are when the bot dies"):
        made.arm(60, BTC)
    assert made.sent == []


def truth(venue: EmbeddedExchange, order_id: str) -> LedgerStatus:
    order = venue.ledger().order(order_id, Namespace.NORMAL)
    assert order is not None
    return order.status


def test_it_fires_and_is_disarmed_through_http() -> None:
    """The embedded exchange in OKX's dialect, through the unmodified client."""
    with okx_venue() as venue:
        trader, exchange = new_client(BOT, venue.url, venue.now_ns), open_exchange(venue)
        order = rest(trader)
        assert exchange.arm_cancel_all_after(20, ()) == CancelAllAfter()
        venue.advance(15)
        exchange.arm_cancel_all_after(20, ())
        venue.advance(15)
        assert truth(venue, order) is LedgerStatus.OPEN
        exchange.arm_cancel_all_after(0, ())
        venue.advance(60)
        assert truth(venue, order) is LedgerStatus.OPEN
        exchange.arm_cancel_all_after(20, ())
        venue.advance(21)
        assert truth(venue, order) is LedgerStatus.CANCELLED
        exchange.close()
        trader.session.close()


def test_a_switch_for_one_symbol_leaves_the_others_through_http() -> None:
    """The embedded exchange in Binance's dialect, which has a switch for each symbol."""
    setting = Setting()
    with EmbeddedExchange(seed=7, start_ns=START_NS, credentials=[setting.bot]) as venue:
        exchange = open_store_exchange(setting.manifest(venue.url), {}, clock=VenueClock(venue))
        client = ccxt.binanceusdm(
            {"apiKey": setting.bot.api_key, "secret": setting.bot.secret, "options": demo_client_options()}
        )
        mount_loopback(client, venue.url, now_ns=venue.now_ns)
        orders = {
            symbol: str(client.create_order(symbol, "limit", "buy", amount, price)["id"])
            for symbol, amount, price in (("BTC/USDT:USDT", "0.01", "50000"), ("ETH/USDT:USDT", "0.1", "2500"))
        }
        armed = exchange.arm_cancel_all_after(20, ["BTC/USDT:USDT"])
        assert armed.symbols == ("BTC/USDT:USDT",)
        venue.advance(15)
        exchange.arm_cancel_all_after(20, ["BTC/USDT:USDT"])
        venue.advance(15)
        assert truth(venue, orders["BTC/USDT:USDT"]) is LedgerStatus.OPEN
        venue.advance(10)
        assert truth(venue, orders["BTC/USDT:USDT"]) is LedgerStatus.CANCELLED
        assert truth(venue, orders["ETH/USDT:USDT"]) is LedgerStatus.OPEN
        exchange.arm_cancel_all_after(20, ["ETH/USDT:USDT"])
        exchange.arm_cancel_all_after(0, ["ETH/USDT:USDT"])
        venue.advance(60)
        assert truth(venue, orders["ETH/USDT:USDT"]) is LedgerStatus.OPEN
        exchange.close()
        client.session.close()


def test_a_switch_for_each_symbol_wants_symbols() -> None:
    made = Wire("binanceusdm", "swap", BTC, "BTCUSDT", linear=True, contract=True)
    with pytest.raises(ExchangeUnsupported, match="name the symbols"):
        made.arm(60)
    assert made.sent == []
