"""The demonstration's incident, headless: nothing of it is canned, and the recovery is checked against the ledger."""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import pytest
import strategies as make
from strategies import T0
from venue_clock import VenueClock as OkxVenueClock

from crashdesk.config import RecoveryConfig
from crashdesk.connections import open_store_exchange
from crashdesk.demo.bot import GridBot
from crashdesk.demo.clock import VenueClock
from crashdesk.demo.grid import GRID, missing, stale, wanted_quotes
from crashdesk.demo.headless import DemoReport, run_headless
from crashdesk.demo.incident import stage_incident
from crashdesk.demo.setting import Setting, setting_of
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import EmbeddedExchange, LedgerReport
from crashdesk.errors import DemoError
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryStatus
from crashdesk.state import OrderState, Side
from crashdesk.storage.journal_records import Cause
from crashdesk.verification import verify_store


@pytest.fixture(scope="module", params=[("binance", 1), ("okx", 2)])
def incident(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoReport]:
    directory = tmp_path_factory.mktemp("demo") / "store"
    exchange, seed = request.param
    return directory, run_headless(directory, seed=seed, hours=1, setting=setting_of(exchange), say=lambda text: None)


@pytest.mark.scenario(6, 17, 18, 24, 74)
def test_the_recovery_is_right_by_the_exchanges_own_ledger(incident: tuple[Path, DemoReport]) -> None:
    _, report = incident
    assert [check for check in report.checks if not check.holds] == []
    assert report.ok
    # What the bot knew is in its journal, so only the order in flight can be an orphan; the market may have filled it.
    assert report.own_orphans == report.cancelled <= 1
    assert report.verdicts.get("own_orphan", 0) == report.own_orphans
    assert "the order in flight at the crash is accounted for" in [check.name for check in report.checks]
    assert report.verdicts["foreign"] >= 2
    assert "every change of a position is what filled since" in [check.name for check in report.checks]
    # One position is protected by a colleague; beside it, none without a stop is told of calmly.
    assert set(report.stops.values()) <= {"all", "part", "none"}
    assert report.stops
    assert report.bot_restarted == RecoveryStatus.SUCCESS.value


def test_what_is_left_is_a_store_without_fault(incident: tuple[Path, DemoReport]) -> None:
    directory, report = incident
    with StoreView(directory) as view:
        assert verify_store(view).findings == ()
        assert report.saved_checkpoint in {info.seq for info in view.checkpoints()}
        assert not view.presence().running


def test_what_the_sample_bot_saves_as_it_starts_is_no_checkpoint_by_hand(incident: tuple[Path, DemoReport]) -> None:
    directory, _ = incident
    with StoreView(directory) as view:
        causes = [cause for _seq, cause in sorted(view.causes().items())]
    # It started anew, which saves twice, died, and came back.
    assert causes[:2] == [Cause.START, Cause.START]
    assert causes.count(Cause.START) == 3


def test_a_directory_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("do not touch")
    with pytest.raises(DemoError, match="is not empty"):
        stage_incident(tmp_path, say=lambda text: None)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


class Before:
    """Whatever is asked of `whom`, `act` comes first."""

    def __init__(self, whom: object, act: Callable[[], None]) -> None:
        self._whom = whom
        self._act = act

    def __getattr__(self, name: str) -> Any:
        self._act()
        return getattr(self._whom, name)


@contextlib.contextmanager
def grid_bot(
    directory: Path, venue: EmbeddedExchange, live: LiveState, before_request: Callable[[], None] = lambda: None
) -> Iterator[GridBot]:
    """The sample bot, not yet trading; `before_request` is called before each thing that it asks of the exchange."""
    setting = Setting()
    client = ccxt.binanceusdm(
        {"apiKey": setting.bot.api_key, "secret": setting.bot.secret, "options": demo_client_options()}
    )
    client.number = str
    mount_loopback(client, venue.url, now_ns=venue.now_ns)
    clock = OkxVenueClock(venue)
    manifest = setting.manifest(venue.url)
    reader = open_store_exchange(manifest, {}, clock=clock)
    try:
        with RecoveryManager(
            live, RecoveryConfig(checkpoint_dir=directory), reader, manifest=manifest, clock=clock
        ) as manager:
            manager.recover()
            meddled: Any = Before(reader, before_request)
            yield GridBot(Before(client, before_request), meddled, manager, live, clock, setting)
    finally:
        reader.close()
        client.session.close()


def test_the_bot_keeps_an_order_that_it_was_made_to_adopt(tmp_path: Path) -> None:
    """It is none of the grid's quotes, so it is neither forgotten nor cancelled for being far away."""
    with EmbeddedExchange(seed=3, start_ns=T0, credentials=[Setting().bot]) as venue:
        live = LiveState(clock=OkxVenueClock(venue))
        with grid_bot(tmp_path / "store", venue, live) as bot:
            adopted = placed_by_hand(venue)
            live.put_order(adopted)
            bot.cycle()
            bot.cycle()
            assert adopted.id in {order.id for order in live.orders}
        assert adopted.id in {order.id for order in venue.ledger().open_orders}


def placed_by_hand(venue: EmbeddedExchange) -> OrderState:
    """An order far from the market that is none of the grid's."""
    setting = Setting()
    client = ccxt.binanceusdm(
        {"apiKey": setting.bot.api_key, "secret": setting.bot.secret, "options": demo_client_options()}
    )
    client.number = str
    mount_loopback(client, venue.url, now_ns=venue.now_ns)
    placed = client.create_order("SOL/USDT:USDT", "limit", "sell", "40", "190", {"clientOrderId": "arb7-004417"})
    client.session.close()
    return make.order(id=str(placed["id"]), client_order_id="arb7-004417", symbol="SOL/USDT:USDT", price=Decimal(190))


def unexplained(live: LiveState, ledger: LedgerReport) -> dict[str, Decimal]:
    """What the exchange's positions have over the known ones, less what filled of the orders since they were known."""
    rest: dict[str, Decimal] = defaultdict(Decimal)
    for held in ledger.positions:
        rest[held.symbol] += held.contracts if held.side == "long" else -held.contracts
    for position in live.positions:
        rest[position.symbol] -= position.quantity if position.side is Side.BUY else -position.quantity
    for order in live.orders:
        now = ledger.order(order.id)
        assert now is not None
        filled = now.filled_contracts - order.filled_quantity
        rest[order.symbol] -= filled if order.side is Side.BUY else -filled
    return {symbol: quantity for symbol, quantity in rest.items() if quantity}


@pytest.mark.parametrize("moment", range(1, 10))
def test_what_the_bot_knows_is_one_moment_whenever_it_dies(tmp_path: Path, moment: int) -> None:
    """The market runs through its orders between any two of its requests: the fills explain every change of a position."""
    requests = -1000
    told: list[dict[str, Decimal]] = []
    with EmbeddedExchange(seed=4, start_ns=T0, credentials=[Setting().bot]) as venue:
        live = LiveState(clock=OkxVenueClock(venue))

        def meddle() -> None:
            nonlocal requests
            requests += 1
            if requests == moment:
                for symbol in ("BTC/USDT:USDT", "ETH/USDT:USDT"):
                    step = Decimal("0.1") if symbol.startswith("BTC") else Decimal("0.01")
                    venue.push_price(symbol, (venue.price(symbol) * Decimal("0.993")).quantize(step))
            told.append(unexplained(live, venue.ledger()))

        with grid_bot(tmp_path / "store", venue, live, meddle) as bot:
            bot.cycle()
            requests = 0
            bot.cycle()
            bot.cycle()
            told.append(unexplained(live, venue.ledger()))
        assert requests > moment
        assert any(order.status.value == "filled" for order in venue.ledger().orders)
    assert [rest for rest in told if rest] == []


def test_the_grid_rests_below_and_above_the_market_and_leans_against_the_position() -> None:
    for market in GRID:
        mid = Decimal(1000)
        flat = wanted_quotes(market, mid, Decimal(0))
        assert len(flat) == 2 * market.levels
        assert all((quote.price < mid) == (quote.side is Side.BUY) for quote in flat)
        assert all(quote.price % market.price_step == 0 for quote in flat)
        full = wanted_quotes(market, mid, market.most)
        assert {quote.side for quote in full} == {Side.SELL}
        assert max(q.price for q in full) < max(q.price for q in flat)
        assert missing([], flat, market) == flat
        resting = [
            make.order(id=str(n), symbol=market.symbol, side=q.side, price=q.price, created_at=T0)
            for n, q in enumerate(flat)
        ]
        assert (stale(resting, flat, market), missing(resting, flat, market)) == ([], [])
        assert stale(resting, [], market) == resting


class Exchange:
    """Time that somebody moves."""

    def __init__(self) -> None:
        self.now = T0

    def now_ns(self) -> int:
        return self.now

    def advance(self, seconds: float) -> int:
        self.now += int(seconds * 1e9)
        return self.now


def test_the_exchanges_clock_moves_by_sleeping_and_wakes_those_who_wait() -> None:
    exchange = Exchange()
    clock = VenueClock(exchange)
    clock.sleep(60)
    assert clock.now_ns() == exchange.now == T0 + 60 * 10**9
    exchange.advance(5)
    assert clock.now_ns() == T0 + 60 * 10**9
    clock.refresh()
    assert clock.now_ns() == T0 + 65 * 10**9

    never, ended = threading.Event(), threading.Event()
    woken: list[bool] = []

    def wait() -> None:
        woken.append(clock.wait(never, 30))
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    while not ended.wait(0.01):
        clock.sleep(10)
    assert woken == [False]
    never.set()
    assert clock.wait(never, 1e9)
