"""A conditional order whose trigger fired goes on as the order that it placed: nobody calls it over while that one rests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import pytest
import strategies as make
from okx_builders import BOT, BTC, new_client, okx_venue, open_exchange
from venue_clock import VenueClock

from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.connect import ExchangeCredentials, ExchangeSettings
from crashdesk.exchange.protocol import take_snapshot
from crashdesk.execute import execute_plan
from crashdesk.execute_order import not_adopted
from crashdesk.reconcile.plan import order_state, reconciled_state
from crashdesk.reconcile.records import (
    NOT_DONE,
    Action,
    Decision,
    OrderVerdictKind,
    OutcomeKind,
    Plan,
)
from crashdesk.state import OrderType, SystemState
from crashdesk.storage.journal import Journal

START_NS = 1_767_225_600_000_000_000
BINANCE_BOT = Credentials(api_key="bot-key-1a2b3c", secret="bot-secret-4d5e6f")


class Bot:
    """A long position with a stop-limit order, which the bot knows where it had the time to `remember` it."""

    def __init__(self, venue: EmbeddedExchange, exchange: CcxtExchange, trader: Any, directory: Path) -> None:
        self.venue, self.exchange, self.trader = venue, exchange, trader
        self.clock = VenueClock(venue)
        self.journal = Journal(directory, self.clock)
        self.price = venue.price(BTC)
        self.known = make.state(timestamp=venue.now_ns(), positions=(), open_orders=())

    def protect(self) -> str:
        params = {"stopLossPrice": str(self.price - 500), "reduceOnly": True}
        if self.exchange.id == "binanceusdm":
            params["clientOrderId"] = "grid-stop"
            limit = self.trader.create_order(BTC, "limit", "sell", "5", str(self.price - 300), params)
        else:
            # As bots send it: without a client order id of their own for the conditional order.
            params["slOrdPx"] = str(self.price - 300)
            limit = self.trader.create_order(BTC, "conditional", "sell", "5", str(self.price - 300), params)
        return str(limit["id"])

    def remember(self) -> None:
        seen = take_snapshot(self.exchange, [], self.clock)
        self.known = SystemState(
            timestamp=self.clock.now_ns(),
            account=self.known.account,
            positions=tuple(
                make.position(symbol=leg.symbol, side=leg.side, quantity=leg.contracts, entry_price=leg.entry_price)
                for leg in seen.positions
            ),
            open_orders=tuple(filter(None, (order_state(order, self.clock.now_ns()) for order in seen.orders))),
        )

    def fall_through_the_stop(self) -> None:
        self.venue.push_price(BTC, self.price - 600)

    def compare(self) -> Plan:
        self.venue.advance(10)
        plan, _ = compare(
            self.known,
            journal=self.journal,
            exchange=self.exchange,
            manifest=StoreManifest(bot="grid", exchange=self.exchange.id, client_order_id_prefix="grid-"),
            checkpoint_seq=1,
            checkpoint_timestamp=self.known.timestamp,
            clock=self.clock,
        )
        return plan


@pytest.fixture(params=["binanceusdm", "okx"])
def bot(request: Any, tmp_path: Path) -> Iterator[Bot]:
    open_one: dict[str, Callable[[], EmbeddedExchange]] = {
        "okx": okx_venue,
        "binanceusdm": lambda: EmbeddedExchange(seed=7, start_ns=START_NS, credentials=(BINANCE_BOT,)),
    }
    with open_one[request.param]() as venue:
        if request.param == "okx":
            exchange, trader = open_exchange(venue), new_client(BOT, venue.url, venue.now_ns, timeout=5000)
        else:
            exchange, trader = _binance(venue)
        made = Bot(venue, exchange, trader, tmp_path)
        trader.create_order(BTC, "market", "buy", "7")
        yield made
        made.journal.close()
        exchange.close()
        trader.session.close()


def _binance(venue: EmbeddedExchange) -> tuple[CcxtExchange, Any]:
    keys = {"apiKey": BINANCE_BOT.api_key, "secret": BINANCE_BOT.secret}
    trader = ccxt.binanceusdm({**keys, "timeout": 5000, "options": demo_client_options()})
    mount_loopback(trader, venue.url, now_ns=venue.now_ns)
    exchange = CcxtExchange(
        ExchangeSettings(exchange="binanceusdm", account="main"),
        ExchangeCredentials(values=keys),
        clock=VenueClock(venue),
        prepare=lambda client: mount_loopback(client, venue.url, now_ns=venue.now_ns),
    )
    return exchange, trader


def placed(bot: Bot) -> str:
    (order,) = bot.venue.ledger().open_orders
    return order.id


def told(verdict: Any) -> str:
    return "\n".join(item.text for item in verdict.evidence)


def test_a_known_stop_goes_on_as_the_order_that_it_placed(bot: Bot) -> None:
    stop = bot.protect()
    bot.remember()
    bot.fall_through_the_stop()
    (verdict,) = bot.compare().orders
    assert (verdict.kind, verdict.live.id if verdict.live else "") == (OrderVerdictKind.DRIFTED, placed(bot))
    assert f"The trigger of order {stop} fired: it placed order {placed(bot)}." in told(verdict)
    assert "expired" not in told(verdict)


def test_after_a_recovery_it_is_known_as_what_it_is_and_its_fill_is_found(bot: Bot) -> None:
    bot.protect()
    bot.remember()
    bot.fall_through_the_stop()
    bot.known = reconciled_state(bot.known, bot.compare(), adopted=(), now_ns=bot.clock.now_ns())
    (record,) = bot.known.open_orders
    assert (record.id, record.order_type) == (placed(bot), OrderType.LIMIT)
    bot.venue.push_price(BTC, bot.price - Decimal(200))
    (verdict,) = bot.compare().orders
    assert verdict.kind is OrderVerdictKind.FILLED_WHILE_DOWN


def test_an_orphan_whose_trigger_fires_during_the_review_is_not_called_over_while_what_it_placed_rests(
    bot: Bot,
) -> None:
    bot.remember()
    bot.protect()
    plan = bot.compare()
    (orphan,) = plan.orphans
    bot.fall_through_the_stop()
    for action in (Action.CANCEL, Action.ADOPT):
        decision = Decision(order_key=orphan.key, action=action, who="kim")
        (outcome,) = execute_plan(plan, [decision], exchange=bot.exchange, log=bot.journal, clock=bot.clock).outcomes
        assert outcome.kind is OutcomeKind.CHANGED
        assert f"its trigger fired and placed order {placed(bot)}, which is open" in outcome.text
        assert not outcome.sent


def test_an_adopted_stop_whose_trigger_fires_before_the_end_is_not_called_over_either(bot: Bot) -> None:
    bot.remember()
    bot.protect()
    (orphan,) = bot.compare().orphans
    bot.fall_through_the_stop()
    assert orphan.live is not None
    outcome = not_adopted(orphan.key, bot.exchange.read_order(orphan.live.ref), bot.clock.now_ns())
    assert outcome.kind in NOT_DONE
    assert f"not in the saved state after all: its trigger fired and placed order {placed(bot)}" in outcome.text
