"""A bot's account on the embedded exchange, of which the bot does not know what happened while it was down."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import strategies as make
from binance_builders import open_exchange
from venue_clock import VenueClock

from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange, LedgerStatus
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.protocol import take_snapshot
from crashdesk.execute import Execution, execute_plan
from crashdesk.reconcile.plan import order_state
from crashdesk.reconcile.records import Action, Decision, OrderVerdict, OrderVerdictKind, Plan, PositionVerdictKind
from crashdesk.state import SystemState
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Intent, IntentAction

Kind, PositionKind = OrderVerdictKind, PositionVerdictKind
BTC, ETH, SOL = "BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
BOT = Credentials(api_key="bot-key-1a2b3c", secret="bot-secret-4d5e6f")
ORDER, POSITIONS = "/fapi/v1/order", "/fapi/v"
MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-", other_prefixes=("arb-",))


class Account:
    """A bot's account: `remember` is its last checkpoint, what follows is what it does not know."""

    def __init__(self, venue: EmbeddedExchange, directory: Path) -> None:
        self.venue = venue
        self.clock = VenueClock(venue)
        self.journal = Journal(directory, self.clock)
        self.exchange = self.open()
        self.trader: Any = ccxt.binanceusdm(
            {"apiKey": BOT.api_key, "secret": BOT.secret, "timeout": 2000, "options": demo_client_options()}
        )
        mount_loopback(self.trader, venue.url, now_ns=venue.now_ns)
        self.known = make.state(timestamp=START_NS, positions=(), open_orders=())

    def open(self, clock: VenueClock | None = None) -> CcxtExchange:
        return open_exchange(self.venue, BOT, clock or self.clock)

    def rest(self, name: str = "grid-1", price: str = "60000", side: str = "buy", **params: Any) -> str:
        params = {"clientOrderId": name, **params} if name else params
        return str(self.trader.create_order(BTC, "limit", side, "0.1", price, params)["id"])

    def trade(self, side: str, amount: str, **params: Any) -> None:
        self.trader.create_order(BTC, "market", side, amount, None, params)

    def stop(self, name: str = "grid-stop") -> str:
        params = {"stopLossPrice": "50000", "reduceOnly": True, "clientOrderId": name}
        return str(self.trader.create_order(BTC, "market", "sell", "0.1", None, params)["id"])

    def rest_near_the_market(self) -> None:
        """Many orders, of which some will fill in two pieces."""
        for level in range(40):
            price = str(self.venue.price(SOL) - Decimal(level + 1) / 50)
            self.trader.create_order(SOL, "limit", "buy", "10", price, {"clientOrderId": f"grid-{level}"})

    def partly_filled(self) -> str:
        """Lets time pass until an order has filled in part; its id."""
        for _ in range(3000):
            self.venue.advance(1)
            for order in self.venue.ledger().open_orders:
                if order.status is LedgerStatus.PARTIALLY_FILLED:
                    return order.id
        raise AssertionError("no order filled in part")

    def remember(self) -> None:
        snapshot = take_snapshot(self.exchange, [], self.clock)
        self.known = SystemState(
            timestamp=self.clock.now_ns(),
            account=self.known.account,
            positions=tuple(
                make.position(
                    id=f"{leg.symbol}:{leg.side.leg}",
                    symbol=leg.symbol,
                    side=leg.side,
                    quantity=leg.contracts,
                    entry_price=leg.entry_price,
                )
                for leg in snapshot.positions
            ),
            open_orders=tuple(filter(None, (order_state(order, self.clock.now_ns()) for order in snapshot.orders))),
        )

    def intend(self, name: str) -> None:
        self.journal.intend(
            Intent(
                at=self.clock.now_ns(),
                action=IntentAction.CREATE,
                symbol=BTC,
                client_order_id=name,
                side="buy",
                quantity="0.1",
                price="60000",
                order_type="limit",
            )
        )

    def compare(self, *, later_s: float = 60, exchange: Any = None, clock: Any = None) -> Plan:
        self.venue.advance(later_s)
        plan, _ = compare(
            self.known,
            journal=self.journal,
            exchange=exchange or self.exchange,
            manifest=MANIFEST,
            checkpoint_seq=1,
            checkpoint_timestamp=self.known.timestamp,
            clock=clock or self.clock,
        )
        return plan

    def cancel(self, plan: Plan, *ids: str, exchange: Any = None) -> Execution:
        decisions = [
            Decision(order_key=verdict.key, action=Action.CANCEL, who="kim")
            for verdict in plan.orphans
            if not ids or (verdict.live is not None and verdict.live.id in ids)
        ]
        return execute_plan(plan, decisions, exchange=exchange or self.exchange, log=self.journal, clock=self.clock)

    def deletes(self) -> int:
        return self.venue.request_count("DELETE", ORDER, received=True)

    def close(self) -> None:
        self.exchange.close()
        self.journal.close()
        self.trader.session.close()


def of(plan: Plan, order_id: str) -> OrderVerdict:
    """What is made of the order with this id."""
    return next(
        verdict
        for verdict in plan.orders
        if order_id in ((verdict.live.id if verdict.live else ""), (verdict.known.id if verdict.known else ""))
    )


def told(verdict: Any) -> str:
    """The evidence of a verdict, a line each."""
    return "\n".join(item.text for item in verdict.evidence)
