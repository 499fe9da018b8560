"""The incident: a bot trades for a day in seconds, is killed in mid-flight, and the world goes on without it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from crashdesk.clock import Clock, SystemClock
from crashdesk.connections import open_exchange
from crashdesk.demo.bot_process import BotNews, BotOrders, BotProcess, spawn_bot
from crashdesk.demo.clock import VenueClock
from crashdesk.demo.empty_place import require_empty
from crashdesk.demo.endpoint import demo_credentials
from crashdesk.demo.setting import Setting, contracts
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Fault, FaultKind, LedgerReport, VenueProcess, spawn_venue
from crashdesk.errors import DemoError
from crashdesk.exchange.ccxt_exchange import CcxtExchange

OUTAGE_S = 14 * 60
BITCOIN = "BTC/USDT:USDT"
_SECONDS_TO_TRADE = 120.0
_SECONDS_TO_HOLD = 30.0

Say = Callable[[str], None]
Traded = Callable[[float], None]


def unheard(part: float) -> None:
    """The `traded` of a caller that does not listen: `part` of the day is over."""


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """What the incident consists of, for whoever checks the recovery: ids as the exchange knows them.

    `in_flight` is the client order id of the order whose reply the bot did not live to see.
    """

    seed: int
    killed_at: int
    in_flight: str
    manual_order: str
    other_bot_order: str
    protective_stop: str


class Incident:
    """A staged incident: the exchange runs, the bot is dead. `close` ends everything that it started."""

    def __init__(
        self, directory: Path, venue: VenueProcess, happened: Happened, *, live: bool, setting: Setting
    ) -> None:
        self.directory = directory
        self.setting = setting
        self.venue = venue
        self.happened = happened
        self.clock: Clock = SystemClock() if live else VenueClock(venue.control)
        self._live = live
        self._bot: BotProcess | None = None

    def open_exchange(self) -> CcxtExchange:
        """The operator's own connection to the account."""
        manifest = self.setting.manifest(self.venue.url)
        return open_exchange(manifest, credentials=demo_credentials(manifest.exchange), clock=self.clock)

    def ledger(self) -> LedgerReport:
        """The exchange's own truth."""
        return self.venue.control.ledger()

    def restart_bot(self, *, once: bool = False) -> BotNews:
        """Start the bot again and wait until it has recovered; with `once` it then ends. Raises DemoError."""
        self.stop_bot()
        bot = spawn_bot(_orders(self.directory, self.venue, self.setting, once=once, cycle_seconds=2))
        self._bot = bot
        news = bot.await_started()
        if once:
            bot.wait()
            self.stop_bot()
        return news

    def stop_bot(self) -> None:
        """End the bot that was started again; without effect when there is none."""
        if self._bot is not None:
            self._bot.stop()
            self._bot = None

    def close(self) -> None:
        """End the bot and the exchange."""
        self.stop_bot()
        self.venue.close()

    def __enter__(self) -> Incident:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def stage_incident(
    directory: Path,
    *,
    seed: int = 0,
    hours: float = 24,
    live: bool = True,
    setting: Setting | None = None,
    say: Say = print,
    traded: Traded = unheard,
) -> Incident:
    """Trade `hours` of exchange time up to now in a fresh store at `directory`, kill the bot, let the market go on.

    `setting` is the exchange, Binance's when none is named.
    With `live` the exchange follows the wall clock afterwards; without, its time stands still unless it is moved.
    `say` hears a line for each thing that happens, `traded` how much of the day has passed,
    from 0 to 1. Takes seconds; raises DemoError when it takes minutes.
    """
    require_empty(directory)
    setting = setting or Setting()
    chance = random.Random(seed)
    end_ns = time.time_ns()
    start_ns = end_ns - int(hours * 3600e9)
    venue = spawn_venue(
        seed=seed, start_ns=start_ns, credentials=(setting.bot, setting.colleague), dialect=setting.dialect
    )
    try:
        say(f"exchange: {setting.name} on {venue.url}, seed {seed}")
        bot = spawn_bot(_orders(directory, venue, setting, until_ns=end_ns - int(OUTAGE_S * 1e9), cycle_seconds=300))
        try:
            bot.await_started()
            _trade_until(venue, bot, start_ns, end_ns - int((OUTAGE_S + 300) * 1e9), traded)
            in_flight = _kill_in_flight(venue, bot, chance, setting)
        finally:
            bot.kill()
        killed_at = venue.control.now_ns()
        say(f"bot: killed while order {in_flight} was on its way")
        happened = _aftermath(
            venue,
            setting,
            chance,
            Happened(
                seed=seed,
                killed_at=killed_at,
                in_flight=in_flight,
                manual_order="",
                other_bot_order="",
                protective_stop="",
            ),
            say,
        )
        behind = (time.time_ns() - venue.control.now_ns()) / 1e9
        if behind > 0:
            venue.control.advance(behind)
        if live:
            venue.control.follow_real_time()
        return Incident(directory, venue, happened, live=live, setting=setting)
    except BaseException:
        venue.close()
        raise


def _orders(
    directory: Path,
    venue: VenueProcess,
    setting: Setting,
    *,
    until_ns: int = 0,
    once: bool = False,
    cycle_seconds: float,
) -> BotOrders:
    return BotOrders(
        store=str(directory),
        url=venue.url,
        token=venue.token,
        setting=setting,
        accelerated=until_ns > 0,
        until_ns=until_ns,
        once=once,
        cycle_seconds=cycle_seconds,
    )


def _trade_until(venue: VenueProcess, bot: BotProcess, start: int, moment: int, traded: Traded) -> None:
    deadline = time.monotonic() + _SECONDS_TO_TRADE
    while (now := venue.control.now_ns()) < moment:
        traded((now - start) / (moment - start))
        if not bot.running:
            raise DemoError("the sample bot ended while it should have traded; its own messages are above")
        if time.monotonic() > deadline:
            raise DemoError(
                f"the sample bot did not trade its day within {_SECONDS_TO_TRADE:.0f} s; this machine is too busy"
            )
        time.sleep(0.02)


def _kill_in_flight(venue: VenueProcess, bot: BotProcess, chance: random.Random, setting: Setting) -> str:
    """Kill the bot between an order's arrival at the exchange and the bot's hearing of it; returns its client id."""
    control = venue.control
    control.add_fault(
        Fault(
            kind=FaultKind.HOLD,
            method="POST",
            path=setting.order_path,
            skip=chance.randint(3, 5),
            seconds=_SECONDS_TO_HOLD,
        )
    )
    held = None
    for _ in range(5):
        # A jump of the market: the grid has to move, so orders are under way.
        jump = Decimal(chance.choice((-1, 1))) * Decimal(chance.randint(65, 95)) / 10000
        for symbol in (BITCOIN, "ETH/USDT:USDT"):
            control.push_price(symbol, _rounded(control.price(symbol) * (1 + jump), symbol))
        held = control.wait_until_held(2)
        if held is not None:
            break
    bot.kill()
    control.release()
    control.clear_faults()
    if held is None:
        raise DemoError("the bot sent no order in time to be killed over; start the demonstration again")
    return held.client_order_id


def _rounded(price: Decimal, symbol: str) -> Decimal:
    step = Decimal("0.1") if symbol == BITCOIN else Decimal("0.01")
    return price.quantize(step)


def _aftermath(venue: VenueProcess, setting: Setting, chance: random.Random, happened: Happened, say: Say) -> Happened:
    """What happened on the exchange while nobody of the bot's looked."""
    control = venue.control
    colleague = _colleague(venue, setting)
    _move_away_from(venue, happened.in_flight)
    control.advance(180 + chance.randint(0, 120))
    price = control.price(BITCOIN)
    manual = colleague.create_order(
        BITCOIN,
        "limit",
        "buy",
        _amount(colleague, BITCOIN, "0.250"),
        str(_rounded(price * Decimal("0.962"), BITCOIN)),
        {"clientOrderId": setting.dialect.client_order_id("web_8f31c2d07a")},
    )
    other = colleague.create_order(
        "SOL/USDT:USDT",
        "limit",
        "sell",
        _amount(colleague, "SOL/USDT:USDT", "40"),
        str(_rounded(control.price("SOL/USDT:USDT") * Decimal("1.055"), "SOL/USDT:USDT")),
        {"clientOrderId": f"{setting.other_prefix}004417"},
    )
    stop = _protect(venue, setting, colleague)
    say("a colleague: one manual order, and a stop that protects the open position")
    filled = _fill_some(venue, setting, chance, happened.in_flight)
    say(f"the market: {filled} resting orders filled while the bot was down")
    return msgspec.structs.replace(
        happened, manual_order=str(manual["id"]), other_bot_order=str(other["id"]), protective_stop=str(stop["id"])
    )


def _move_away_from(venue: VenueProcess, in_flight: str) -> None:
    """Move the market away from the order in flight, which would often be filled before anybody sees it."""
    control = venue.control
    order = next((one for one in control.ledger().open_orders if one.client_order_id == in_flight), None)
    if order is None or order.price is None:
        return
    away = order.price * (Decimal("1.009") if order.side == "buy" else Decimal("0.991"))
    near = control.price(order.symbol)
    if (near < away) == (order.side == "buy"):
        control.push_price(order.symbol, _rounded(away, order.symbol))


def _colleague(venue: VenueProcess, setting: Setting) -> Any:
    import ccxt

    keys = setting.colleague
    client = getattr(ccxt, setting.exchange)(
        {"apiKey": keys.api_key, "secret": keys.secret, "password": keys.passphrase, "options": demo_client_options()}
    )
    client.number = str
    mount_loopback(client, venue.url, now_ns=venue.control.now_ns)
    client.load_markets()
    return client


def _amount(client: Any, symbol: str, quantity: str) -> str:
    """Base units as the client's exchange counts them."""
    return str(contracts(Decimal(quantity), Decimal(str(client.market(symbol)["contractSize"] or 1))))


def _protect(venue: VenueProcess, setting: Setting, colleague: Any) -> Any:
    """A reduce-only stop over the largest position; one is opened by hand when the bot left none."""
    positions = venue.control.ledger().positions
    if not positions:
        colleague.create_order(
            BITCOIN,
            "market",
            "buy",
            _amount(colleague, BITCOIN, "0.100"),
            None,
            {"clientOrderId": setting.dialect.client_order_id("web_openposition")},
        )
        positions = venue.control.ledger().positions
    largest = max(positions, key=lambda position: position.quantity * position.mark_price)
    long = largest.side == "long"
    trigger = _rounded(largest.mark_price * (Decimal("0.93") if long else Decimal("1.07")), largest.symbol)
    return colleague.create_order(
        largest.symbol,
        "market",
        "sell" if long else "buy",
        str(largest.contracts),
        None,
        {
            "stopLossPrice": str(trigger),
            "reduceOnly": True,
            "clientOrderId": setting.dialect.client_order_id("ios_3b90e1"),
        },
    )


def _fill_some(venue: VenueProcess, setting: Setting, chance: random.Random, in_flight: str) -> int:
    """Move the markets but that of the order in flight through the bot's nearest resting order, and back."""
    control = venue.control
    before = {order.id for order in control.ledger().open_orders}
    spared = [order.symbol for order in control.ledger().orders if order.client_order_id == in_flight]
    moving = [symbol for symbol in (BITCOIN, "ETH/USDT:USDT", "SOL/USDT:USDT") if symbol not in spared]
    for symbol in chance.sample(moving, 2):
        price = control.price(symbol)
        resting = [
            order
            for order in control.ledger().open_orders
            if order.symbol == symbol and order.placed_by == setting.bot.api_key and order.price is not None
        ]
        if resting:
            nearest = min(resting, key=lambda order: abs((order.price or price) - price))
            control.push_price(symbol, nearest.price or price)
            control.push_price(symbol, price)
    return len(before - {order.id for order in control.ledger().open_orders})
