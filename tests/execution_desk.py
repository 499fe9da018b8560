"""An operator's place at the embedded exchange, where decisions are carried out over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ccxt
import strategies as make
from binance_builders import open_exchange
from venue_clock import VenueClock

from crashdesk.audit import AuditKind
from crashdesk.compare import compare
from crashdesk.config import StoreManifest
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange, LedgerStatus
from crashdesk.demo.venue import Namespace as VenueNamespace
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.records import CancelAnswer, OrderRef
from crashdesk.execute import Execution, execute_plan
from crashdesk.reconcile.records import Action, Decision, Outcome, Plan
from crashdesk.storage.journal import Journal

BTC = "BTC/USDT:USDT"
START_NS = 1_767_225_600_000_000_000
BOT = Credentials(api_key="bot-key-1a2b3c", secret="bot-secret-4d5e6f")
VIEWER = Credentials(api_key="viewer-key-9z", secret="viewer-secret-8y", can_trade=False)
NORMAL, CONDITIONAL = "/fapi/v1/order", "/fapi/v1/algoOrder"
EMPTY = make.state(positions=(), open_orders=())
MANIFEST = StoreManifest(bot="grid", client_order_id_prefix="grid-")


class Desk:
    """An operator's place: an exchange, a journal, and orders that only the exchange knows."""

    def __init__(self, venue: EmbeddedExchange, directory: Path) -> None:
        self.venue = venue
        self.clock = VenueClock(venue)
        self.journal = Journal(directory, self.clock)
        self.exchange = self.connect(BOT)
        self.trader: Any = ccxt.binanceusdm(
            {"apiKey": BOT.api_key, "secret": BOT.secret, "options": demo_client_options()}
        )
        mount_loopback(self.trader, venue.url, now_ns=venue.now_ns)

    def connect(self, keys: Credentials, **settings: Any) -> CcxtExchange:
        return open_exchange(self.venue, keys, self.clock, **settings)

    def rest(self, number: int = 1, price: str = "60000", prefix: str = "grid-") -> str:
        params = {"clientOrderId": f"{prefix}{number}"}
        return str(self.trader.create_order(BTC, "limit", "buy", "0.01", price, params)["id"])

    def rest_stop(self) -> str:
        params = {"stopLossPrice": "60000", "reduceOnly": True, "clientOrderId": "grid-stop"}
        return str(self.trader.create_order(BTC, "market", "sell", "0.01", None, params)["id"])

    def compare(self) -> Plan:
        self.venue.advance(60)
        plan, _ = compare(
            EMPTY,
            journal=self.journal.view(),
            exchange=self.exchange,
            manifest=MANIFEST,
            checkpoint_seq=None,
            clock=self.clock,
        )
        return plan

    def execute(self, plan: Plan, *decisions: Decision, **changes: Any) -> Execution:
        exchange = changes.pop("exchange", self.exchange)
        return execute_plan(plan, decisions, exchange=exchange, log=self.journal, clock=self.clock, **changes)

    def cancel_all(self, plan: Plan, **changes: Any) -> Execution:
        return self.execute(plan, *(cancel(verdict.key) for verdict in plan.orphans), **changes)

    def deletes(self, path: str = NORMAL) -> int:
        return self.venue.request_count("DELETE", path, received=True)

    def truth(self, order_id: str, namespace: VenueNamespace = VenueNamespace.NORMAL) -> LedgerStatus:
        order = self.venue.ledger().order(order_id, namespace)
        assert order is not None
        return order.status

    def close(self) -> None:
        self.exchange.close()
        self.journal.close()
        self.trader.session.close()


def cancel(key: str, who: str = "operator") -> Decision:
    """The decision to cancel an order."""
    return Decision(order_key=key, action=Action.CANCEL, who=who)


def only(execution: Execution) -> Outcome:
    """What became of the one order that was decided on."""
    (outcome,) = execution.outcomes
    return outcome


def kinds(journal: Journal, plan: Plan) -> list[AuditKind]:
    """What the audit log holds of a plan, in order."""
    return [entry.kind for entry in journal.entries(plan_id=plan.id)]


class Wrapped:
    """Another exchange in front of the real connection."""

    def __init__(self, inner: CcxtExchange) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        return self._inner.cancel_order(ref)
