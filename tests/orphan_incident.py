"""A small incident for the pages of the desk: a store with checkpoints and a journal, and an exchange in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from strategies import account, order, position

from crashdesk.changes import Change, Mark, checkpoint_mark, whole_state
from crashdesk.clock import SystemClock
from crashdesk.config import AccountMode, StoreManifest, write_manifest
from crashdesk.exchange.records import (
    AccountReading,
    CancelAnswer,
    CancelStatus,
    Coverage,
    ExchangeAccount,
    ExchangeOrder,
    ExchangePosition,
    LookupStatus,
    Market,
    Namespace,
    OrderLookup,
    OrderRef,
    OrdersReading,
    PositionsReading,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.live import encoded
from crashdesk.state import OrderStatus, OrderType, Side, SystemState
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause, Intent, IntentAction
from crashdesk.storage.store import StateStore

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
MINUTE = 60_000_000_000
PREFIX = "grid-"


class ExchangeInMemory:
    """Keeps orders in a dictionary; `refuse`, `deaf` and `unreadable` make it misbehave. `cancelled` lists the requests."""

    id = "binanceusdm"
    account_label = "main"
    mode = AccountMode.LIVE

    def __init__(self, now_ns: int, orders: Collection[ExchangeOrder], positions: Collection[ExchangePosition]) -> None:
        self.now_ns = now_ns
        self.orders = {each.id: each for each in orders}
        self.positions = tuple(positions)
        self.refuse: dict[str, str] = {}
        self.deaf: set[str] = set()
        self.unreadable: dict[ScopeKind, str] = {}
        self.cancelled: list[str] = []
        self.closed = False

    def change(self, order_id: str, **changes: Any) -> None:
        """Change an order behind the operator's back."""
        self.orders[order_id] = msgspec.structs.replace(self.orders[order_id], **changes)

    def read_open_orders(self, symbols: Collection[str]) -> OrdersReading:
        still = (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED)
        found = tuple(each for each in self.orders.values() if each.status in still)
        normal = tuple(each for each in found if each.namespace is Namespace.NORMAL)
        conditional = tuple(each for each in found if each.namespace is Namespace.CONDITIONAL)
        readings = (
            self._reading(ScopeKind.ORDERS, len(normal)),
            self._reading(ScopeKind.CONDITIONAL_ORDERS, len(conditional)),
        )
        told = tuple(
            each
            for group, reading in zip((normal, conditional), readings, strict=True)
            if reading.status is ScopeStatus.READ
            for each in group
        )
        return OrdersReading(orders=told, coverage=Coverage(readings=readings))

    def read_positions(self, symbols: Collection[str]) -> PositionsReading:
        reading = self._reading(ScopeKind.POSITIONS, len(self.positions))
        told = self.positions if reading.status is ScopeStatus.READ else ()
        return PositionsReading(positions=told, coverage=Coverage(readings=(reading,)))

    def read_account(self) -> AccountReading:
        told = ExchangeAccount(
            currency="USDT",
            equity=Decimal("10212.75"),
            balance=Decimal("10000.00"),
            available=Decimal("9001.5"),
            margin_used=Decimal("1211.25"),
            unrealized_pnl=Decimal("212.75"),
        )
        return AccountReading(account=told, coverage=Coverage(readings=(self._reading(ScopeKind.ACCOUNT, 1),)))

    def read_order(self, ref: OrderRef) -> OrderLookup:
        if ref.id in self.deaf:
            return OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="timed out after 10 s", read_at=self.now_ns)
        named = [order for order in self.orders.values() if order.client_order_id == ref.client_order_id]
        found = self.orders.get(ref.id) if ref.id else next(iter(named), None)
        status = LookupStatus.FOUND if found else LookupStatus.ABSENT
        return OrderLookup(ref=ref, status=status, order=found, read_at=self.now_ns)

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        self.cancelled.append(ref.id)
        if ref.id in self.refuse:
            return CancelAnswer(status=CancelStatus.NOT_DONE, reason=self.refuse[ref.id])
        self.change(ref.id, status=OrderStatus.CANCELLED)
        return CancelAnswer(status=CancelStatus.ACCEPTED)

    def describe_market(self, symbol: str) -> Market | None:
        return Market(
            symbol=symbol,
            market_type="swap",
            contract_size=Decimal("1"),
            amount_step=Decimal("0.001"),
            price_step=Decimal("0.1"),
            linear=True,
        )

    def read_prices(self, symbols: Collection[str]) -> dict[str, Decimal]:
        known = {BTC: Decimal("36500"), ETH: Decimal("1950")}
        return {symbol: price for symbol, price in known.items() if symbol in symbols}

    def clock_offset_ns(self) -> int | None:
        return 0

    def close(self) -> None:
        self.closed = True

    def _reading(self, kind: ScopeKind, count: int) -> ScopeReading:
        scope = Scope(kind=kind, market_type="swap")
        if kind in self.unreadable:
            return ScopeReading(
                scope=scope, status=ScopeStatus.FAILED, reason=self.unreadable[kind], read_at=self.now_ns
            )
        return ScopeReading(scope=scope, status=ScopeStatus.READ, count=count, read_at=self.now_ns)


class DeskClock(SystemClock):
    """Stands at the time of the incident and never waits."""

    def __init__(self, now_ns: int) -> None:
        self._now = now_ns

    def now_ns(self) -> int:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += int(seconds * 1e9)


def live(order_id: str, now_ns: int, **changes: Any) -> ExchangeOrder:
    """An open limit order on the exchange, an hour old."""
    fields: dict[str, Any] = {
        "id": order_id,
        "client_order_id": f"{PREFIX}{order_id}",
        "symbol": BTC,
        "namespace": Namespace.NORMAL,
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "status": OrderStatus.OPEN,
        "amount": Decimal("0.010"),
        "filled": Decimal("0.000"),
        "price": Decimal("36450.0"),
        "created_at": now_ns - 14 * MINUTE,
        "updated_at": now_ns - 14 * MINUTE,
    }
    return ExchangeOrder(**(fields | changes))


def exchange_after_the_crash(now_ns: int) -> ExchangeInMemory:
    """Two own orphans, a protective stop, a manual order, one that nobody can tell; one known order still rests."""
    orders = [
        live("1001", now_ns),
        live("9001", now_ns, price=Decimal("36380.5"), amount=Decimal("0.020"), filled=Decimal("0.005")),
        live("9002", now_ns, side=Side.SELL, price=Decimal("36721.0")),
        live(
            "9003",
            now_ns,
            client_order_id="web_77aa01",
            namespace=Namespace.CONDITIONAL,
            order_type=OrderType.STOP,
            side=Side.SELL,
            price=None,
            trigger_price=Decimal("35100.0"),
            amount=Decimal("0.240"),
            reduce_only=True,
        ),
        live("9004", now_ns, client_order_id="web_19fe22", symbol=ETH, amount=Decimal("1.5"), price=Decimal("1890.10")),
        live("9005", now_ns, client_order_id="", symbol=ETH, side=Side.SELL, price=Decimal("2044.00")),
        live(
            "1002",
            now_ns,
            status=OrderStatus.FILLED,
            filled=Decimal("0.010"),
            average=Decimal("36400.0"),
            price=Decimal("36400.0"),
        ),
    ]
    positions = [
        ExchangePosition(
            symbol=BTC,
            side=Side.BUY,
            contracts=Decimal("0.260"),
            contract_size=Decimal("1"),
            entry_price=Decimal("36496.2"),
            unrealized_pnl=Decimal("10.2"),
        ),
        ExchangePosition(
            symbol=ETH,
            side=Side.SELL,
            contracts=Decimal("2.000"),
            contract_size=Decimal("1"),
            entry_price=Decimal("1950.25"),
        ),
    ]
    return ExchangeInMemory(now_ns, orders, positions)


def store_before_the_crash(
    directory: Path,
    now_ns: int,
    *,
    checkpoints: int = 4,
    changes: Sequence[Change] = (),
    state: Callable[[int], SystemState] | None = None,
) -> Path:
    """A store whose bot died 14 minutes before `now_ns`; `state` is what it last knew, by the time.

    Its journal holds the intent of one orphan, and `changes` after the newest checkpoint.
    """
    clock = DeskClock(now_ns - 14 * MINUTE)
    known = state or last_state
    with StateStore(directory, clock=clock) as store:
        store.acquire()
        write_manifest(
            directory,
            StoreManifest(bot="btc-grid", exchange="binanceusdm", account="main", client_order_id_prefix=PREFIX),
            LocalFiles(),
        )
        journal = Journal(directory, clock)
        journal.commit(whole_state(encoded(known(now_ns - (13 + checkpoints) * MINUTE))))
        for number in range(checkpoints, 0, -1):
            moment = now_ns - (13 + number) * MINUTE
            info = store.save(known(moment))
            journal.commit([checkpoint_mark(Mark(info.seq, moment))], causes=[(info.seq, Cause.PERIODIC)])
        journal.intend(
            Intent(
                at=now_ns - 14 * MINUTE,
                action=IntentAction.CREATE,
                symbol=BTC,
                client_order_id=f"{PREFIX}9002",
                side="sell",
                quantity="0.010",
                price="36721.0",
            )
        )
        if changes:
            journal.commit(changes)
        journal.close()
    return directory


def last_state(timestamp: int) -> SystemState:
    """What the bot last knew: one order that still rests, one that filled, one that nobody remembers, a long position."""
    return SystemState(
        timestamp=timestamp,
        account=account(),
        positions=(position(),),
        open_orders=(
            order(id="1001", client_order_id="grid-1001"),
            order(id="1002", client_order_id="grid-1002", price=Decimal("36400.0")),
            order(id="1003", client_order_id="grid-1003", side=Side.SELL, price=Decimal("36610.0")),
        ),
    )
