"""An incident for the whole desk: a store as a killed bot leaves it, and an exchange over loopback on which the world went on."""

from __future__ import annotations

import functools
import threading
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from crashdesk.changes import Mark, checkpoint_mark, whole_state
from crashdesk.config import AccountMode, StoreManifest, write_manifest
from crashdesk.connections import open_exchange
from crashdesk.demo.endpoint import BOT_KEY, BOT_SECRET, demo_credentials
from crashdesk.demo.transport import demo_client_options, mount_loopback
from crashdesk.demo.venue import Credentials, EmbeddedExchange, Fault, FaultKind, LedgerStatus, Namespace
from crashdesk.exchange.ccxt_exchange import CcxtExchange
from crashdesk.exchange.protocol import take_snapshot
from crashdesk.live import encoded
from crashdesk.reconcile.plan import order_state
from crashdesk.state import AccountState, PositionState, SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause, Intent, IntentAction
from crashdesk.storage.lock import HOLDER_NAME, LockHolder
from crashdesk.storage.store import StateStore

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
NOW = 1_763_781_128_000_000_000
"""2025-11-22 03:12:08 UTC: when the operator sits down, UNIX ns."""
PREFIX = "grid-"
ORDER, OPEN_ORDERS, POSITIONS = "/fapi/v1/order", "/fapi/v1/openOrders", "/fapi/v3/positionRisk"
BOT = Credentials(api_key=BOT_KEY, secret=BOT_SECRET)
COLLEAGUE = Credentials(api_key="colleague", secret="colleague-secret")
READER = Credentials(api_key="reader-key-0001", secret="reader-secret-0001", can_trade=False)
_OUTAGE_S = 14 * 60
_CHECKPOINT_S = 60
_CHECKPOINTS = 4


class VenueTime:
    """The exchange's time as everybody's clock: it stands until somebody sleeps. `ahead_s` lets ours go wrong."""

    def __init__(self, venue: EmbeddedExchange) -> None:
        self._venue = venue
        self.ahead_s = 0.0

    def now_ns(self) -> int:
        return self._venue.now_ns() + int(self.ahead_s * 1e9)

    def sleep(self, seconds: float) -> None:
        self._venue.advance(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.sleep(seconds)
        return event.is_set()


class LoopbackIncident:
    """Four checkpoints, a death in mid-flight, and what the market and a colleague did in the 14 minutes since.

    `kept` still rests, `filled` filled meanwhile, `first` and `second` are the bot's own and unknown to the checkpoint,
    `manual` and `stop` (it protects the position) are a colleague's. All are ids of the exchange.
    """

    def __init__(self, directory: Path) -> None:
        start = NOW - int((_OUTAGE_S + (_CHECKPOINTS - 1) * _CHECKPOINT_S) * 1e9)
        self.directory = directory
        self.venue = EmbeddedExchange(seed=7, start_ns=start, credentials=(BOT, COLLEAGUE, READER))
        self.clock = VenueTime(self.venue)
        self.exchanges: list[CcxtExchange] = []
        try:
            self._happen()
        except BaseException:
            self.close()
            raise

    def open_exchange(self, *, deadline_s: float = 5) -> CcxtExchange:
        """A connection to the account with the bot's keys; closed with the incident, if not before."""
        exchange = open_exchange(self.manifest, credentials=demo_credentials(), clock=self.clock, deadline_s=deadline_s)
        self.exchanges.append(exchange)
        return exchange

    @property
    def manifest(self) -> StoreManifest:
        return StoreManifest(
            bot="btc-grid",
            exchange="binanceusdm",
            account="main",
            mode=AccountMode.SANDBOX,
            client_order_id_prefix=PREFIX,
            endpoint=self.venue.url,
        )

    def status(self, order_id: str, namespace: Namespace = Namespace.NORMAL) -> LedgerStatus:
        """What the ledger says of an order."""
        order = self.venue.ledger().order(order_id, namespace)
        assert order is not None
        return order.status

    @property
    def cancelled_ids(self) -> set[str]:
        """The ids of all orders that a client cancelled, by the ledger."""
        return {order.id for order in self.venue.ledger().orders if order.status is LedgerStatus.CANCELLED}

    @property
    def cancel_requests(self) -> int:
        """How many requests to cancel an order arrived, those that a fault swallowed included."""
        return self.venue.request_count("DELETE", ORDER, received=True)

    @property
    def checkpoint_files(self) -> list[str]:
        return sorted(path.name for path in (self.directory / "checkpoints").glob("*.zqck"))

    def saved_state(self) -> SystemState:
        """What the next start of the bot would find."""
        with StateStore(self.directory, read_only=True) as store:
            return store.load_latest()

    def fail(self, kind: FaultKind, **where: Any) -> None:
        """Script a fault of the exchange."""
        self.venue.add_fault(Fault(kind=kind, **where))

    def fill(self, order_id: str) -> None:
        """Let the market go through an order's price and come back."""
        order = self.venue.ledger().order(order_id)
        assert order is not None
        assert order.price is not None
        before = self.venue.price(order.symbol)
        self.venue.push_price(order.symbol, order.price)
        self.venue.push_price(order.symbol, before)

    def close(self) -> None:
        self.venue.close()
        for exchange in self.exchanges:
            exchange.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _happen(self) -> None:
        bot, colleague = self._client(BOT), self._client(COLLEAGUE)
        price = self.venue.price(BTC)

        def rest(who: Any, name: str, side: str, distance: str, amount: str) -> str:
            made = who.create_order(BTC, "limit", side, amount, _level(price, distance), {"clientOrderId": name})
            return str(made["id"])

        bot.create_order(BTC, "market", "buy", "0.250", None, {"clientOrderId": f"{PREFIX}1"})
        self.kept = rest(bot, f"{PREFIX}2", "buy", "0.90", "0.010")
        self.filled = rest(bot, f"{PREFIX}3", "buy", "0.97", "0.020")
        self._write_store(price)
        self.first = rest(bot, f"{PREFIX}4", "buy", "0.93", "0.030")
        self.second = rest(bot, f"{PREFIX}5", "sell", "1.08", "0.040")
        self.venue.advance(_OUTAGE_S // 2)
        self.manual = rest(colleague, "web_8f31c2", "buy", "0.88", "0.050")
        stop = colleague.create_order(
            BTC,
            "market",
            "sell",
            "0.250",
            None,
            {
                "stopLossPrice": _level(price, "0.85"),
                "reduceOnly": True,
                "clientOrderId": "ios_3b90e1",
            },
        )
        self.stop = str(stop["id"])
        self.fill(self.filled)
        self.venue.advance((NOW - self.venue.now_ns()) / 1e9)
        for client in (bot, colleague):
            client.session.close()

    def _write_store(self, price: Decimal) -> None:
        """What the bot wrote: checkpoints a minute apart, and the intents of the two orders that it sent last."""
        exchange = self.open_exchange()
        snapshot = take_snapshot(exchange, [], self.clock)
        exchange.close()
        assert snapshot.account is not None
        state = SystemState(
            timestamp=self.clock.now_ns(),
            account=AccountState(**{name: getattr(snapshot.account, name) for name in AccountState.__struct_fields__}),
            positions=tuple(
                PositionState(
                    id=leg.id,
                    symbol=leg.symbol,
                    side=leg.side,
                    quantity=leg.contracts,
                    entry_price=leg.entry_price,
                    unrealized_pnl=leg.unrealized_pnl or Decimal(0),
                    opened_at=self.clock.now_ns(),
                )
                for leg in snapshot.positions
            ),
            open_orders=tuple(filter(None, (order_state(each, self.clock.now_ns()) for each in snapshot.orders))),
        )
        with StateStore(self.directory, clock=self.clock) as store:
            store.acquire()
            write_manifest(self.directory, self.manifest, LocalFiles())
            journal = Journal(self.directory, self.clock)
            journal.commit(whole_state(encoded(state)))
            for number in range(_CHECKPOINTS):
                if number:
                    self.venue.advance(_CHECKPOINT_S)
                moment = self.clock.now_ns()
                info = store.save(_at(state, moment))
                journal.commit([checkpoint_mark(Mark(info.seq, moment))], causes=[(info.seq, Cause.PERIODIC)])
            sent_last = (f"{PREFIX}4", "buy", "0.030", "0.93"), (f"{PREFIX}5", "sell", "0.040", "1.08")
            for name, side, quantity, distance in sent_last:
                journal.intend(
                    Intent(
                        at=self.clock.now_ns(),
                        action=IntentAction.CREATE,
                        symbol=BTC,
                        client_order_id=name,
                        side=side,
                        order_type="limit",
                        quantity=quantity,
                        price=_level(price, distance),
                    )
                )
            journal.close()
        # Who is killed leaves no note of having let go.
        killed = LockHolder(
            pid=4711, host="trade-1", program="btc_grid.py", purpose="btc-grid", acquired_at=self.clock.now_ns()
        )
        (self.directory / HOLDER_NAME).write_bytes(msgspec.json.encode(killed))

    def _client(self, keys: Credentials) -> Any:
        client = _client_of(keys)
        mount_loopback(client, self.venue.url, now_ns=self.venue.now_ns)
        return client


def _level(price: Decimal, distance: str) -> str:
    return str((price * Decimal(distance)).quantize(Decimal("0.1")))


@functools.cache
def _client_of(keys: Credentials) -> Any:
    """One for all incidents: to make a client of ccxt, which then reads the markets, takes half as long as all the rest."""
    import ccxt

    client = ccxt.binanceusdm({"apiKey": keys.api_key, "secret": keys.secret, "options": demo_client_options()})
    client.number = str
    return client


def _at(state: SystemState, moment: int) -> SystemState:
    return SystemState(
        timestamp=moment, account=state.account, positions=state.positions, open_orders=state.open_orders
    )
