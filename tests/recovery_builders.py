"""What the tests of reconciliation and recovery are fed with: the exchange's side of the story."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Any

import msgspec
from strategies import T0

from crashdesk.config import AccountMode
from crashdesk.exchange.records import (
    AccountReading,
    CancelAnswer,
    CancelStatus,
    Coverage,
    ExchangeAccount,
    ExchangeOrder,
    ExchangePosition,
    ExchangeSnapshot,
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
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.records import OrderVerdict, Plan, PositionVerdict
from crashdesk.reconcile.rules import Rules
from crashdesk.state import OPEN_STATUSES, OrderStatus, OrderType, Side, SystemState
from crashdesk.storage.journal_records import Dismissal, Intent, IntentAction, JournalView

BTC = "BTC/USDT:USDT"
PREFIX = "grid-"
SECOND = 1_000_000_000
LATER = T0 + 600 * SECOND
"""When the exchange is read: ten minutes after the state was cut."""

MONEY = ExchangeAccount(
    currency="USDT",
    equity=Decimal("10300"),
    balance=Decimal("10010"),
    available=Decimal("9000"),
    margin_used=Decimal("1300"),
    unrealized_pnl=Decimal("290"),
)


def live(**changes: Any) -> ExchangeOrder:
    """An open order on the exchange; the twin of `strategies.order()` unless changed."""
    fields: dict[str, Any] = {
        "id": "8389765",
        "client_order_id": "grid-17",
        "symbol": BTC,
        "namespace": Namespace.NORMAL,
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "status": OrderStatus.OPEN,
        "amount": Decimal("0.010"),
        "filled": Decimal("0"),
        "price": Decimal("36450.0"),
        "created_at": T0 - 60 * SECOND,
    }
    return ExchangeOrder(**(fields | changes))


def stop(**changes: Any) -> ExchangeOrder:
    """A stop-market order that would sell."""
    fields: dict[str, Any] = {
        "namespace": Namespace.CONDITIONAL,
        "side": Side.SELL,
        "order_type": OrderType.STOP,
        "price": None,
        "trigger_price": Decimal("34000"),
    }
    return live(**(fields | changes))


def leg(**changes: Any) -> ExchangePosition:
    """A position on the exchange; the twin of `strategies.position()` unless changed."""
    fields: dict[str, Any] = {
        "symbol": BTC,
        "side": Side.BUY,
        "contracts": Decimal("0.250"),
        "entry_price": Decimal("36500.1"),
        "unrealized_pnl": Decimal("12.5"),
    }
    return ExchangePosition(**(fields | changes))


def market(**changes: Any) -> Market:
    fields: dict[str, Any] = {
        "symbol": BTC,
        "market_type": "swap",
        "contract_size": Decimal(1),
        "amount_step": Decimal("0.001"),
        "linear": True,
    }
    return Market(**(fields | changes))


def reading(
    kind: ScopeKind,
    status: ScopeStatus = ScopeStatus.READ,
    symbol: str | None = None,
    market_type: str = "swap",
) -> ScopeReading:
    reason = "" if status is ScopeStatus.READ else "no answer in time"
    return ScopeReading(scope=Scope(kind=kind, market_type=market_type, symbol=symbol), status=status, reason=reason)


def coverage(
    unread: Iterable[ScopeKind] = (), status: ScopeStatus = ScopeStatus.FAILED, market_type: str = "swap"
) -> Coverage:
    """Every scope read, except those of `unread`."""
    missing = set(unread)
    return Coverage(
        readings=tuple(
            reading(kind, status if kind in missing else ScopeStatus.READ, market_type=market_type)
            for kind in ScopeKind
        )
    )


ON_SPOT = coverage(market_type="spot")
"""Every scope of a spot account read."""


def snapshot(**changes: Any) -> ExchangeSnapshot:
    fields: dict[str, Any] = {
        "exchange": "binanceusdm",
        "account_label": "main",
        "started_at": LATER - SECOND,
        "finished_at": LATER,
        "orders": (),
        "positions": (),
        "account": MONEY,
        "coverage": coverage(),
        "markets": (market(),),
        "prices": {BTC: Decimal("36500")},
    }
    return ExchangeSnapshot(**(fields | changes))


def rules(**changes: Any) -> Rules:
    fields: dict[str, Any] = {"now_ns": LATER, "client_order_id_prefix": PREFIX, "checkpoint_seq": 7}
    return Rules(**(fields | changes))


def lookup(status: LookupStatus, order: ExchangeOrder | None = None, **changes: Any) -> OrderLookup:
    """A targeted read of the order that `strategies.order()` is, unless `ref` says otherwise."""
    ref = changes.pop("ref", None) or (order or live()).ref
    return OrderLookup(ref=ref, status=status, order=order, read_at=LATER, **changes)


def intent(**changes: Any) -> Intent:
    fields: dict[str, Any] = {
        "at": T0 + SECOND,
        "action": IntentAction.CREATE,
        "symbol": BTC,
        "client_order_id": "grid-17",
        "side": "buy",
        "quantity": "0.010",
        "price": "36450.0",
    }
    return Intent(**(fields | changes))


def journal(*intents: Intent, dismissals: tuple[Dismissal, ...] = (), problem: str = "") -> JournalView:
    return JournalView(intents=intents, dismissals=dismissals, problem=problem)


def plan_of(
    state: SystemState,
    exchange: ExchangeSnapshot,
    *,
    with_journal: JournalView | None = None,
    by: Rules | None = None,
) -> Plan:
    return reconcile(state, with_journal or journal(), exchange, by or rules())


def only_order(plan: Plan) -> OrderVerdict:
    (verdict,) = plan.orders
    return verdict


def only_position(plan: Plan) -> PositionVerdict:
    (verdict,) = plan.positions
    return verdict


class ExchangeInMemory:
    """An exchange as a dictionary. `unread` scopes fail, `before_read` runs before each list of orders is read.

    `broken` makes the markets unreadable; `requests` counts what was asked, by method.
    """

    id = "binanceusdm"
    account_label = "main"
    mode = AccountMode.LIVE

    def __init__(
        self, *orders: ExchangeOrder, positions: Collection[ExchangePosition] = (), now_ns: int = LATER
    ) -> None:
        self.now = now_ns
        self.orders = {order.key: order for order in orders}
        self.positions = list(positions)
        self.unread: set[ScopeKind] = set()
        self.broken: Exception | None = None
        self.before_read: Callable[[], None] = lambda: None
        self.on_cancel: Callable[[OrderRef], CancelAnswer | None] = lambda ref: None
        self.requests: dict[str, int] = {}

    def _asked(self, name: str) -> None:
        self.requests[name] = self.requests.get(name, 0) + 1

    def put(self, order: ExchangeOrder) -> None:
        self.orders[order.key] = order

    def change(self, key: str, **changes: Any) -> None:
        self.orders[key] = msgspec.structs.replace(self.orders[key], **changes)

    def open_keys(self) -> set[str]:
        return {key for key, order in self.orders.items() if order.status in OPEN_STATUSES}

    def read_open_orders(self, symbols: Collection[str]) -> OrdersReading:
        self._asked("read_open_orders")
        self.before_read()
        kinds = (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS)
        found = tuple(
            order
            for order in self.orders.values()
            if order.status in OPEN_STATUSES and kinds[order.namespace is Namespace.CONDITIONAL] not in self.unread
        )
        return OrdersReading(orders=found, coverage=self._coverage(*kinds))

    def read_positions(self, symbols: Collection[str]) -> PositionsReading:
        self._asked("read_positions")
        told = () if ScopeKind.POSITIONS in self.unread else tuple(self.positions)
        return PositionsReading(positions=told, coverage=self._coverage(ScopeKind.POSITIONS))

    def read_account(self) -> AccountReading:
        self._asked("read_account")
        told = None if ScopeKind.ACCOUNT in self.unread else MONEY
        return AccountReading(account=told, coverage=self._coverage(ScopeKind.ACCOUNT))

    def read_order(self, ref: OrderRef) -> OrderLookup:
        self._asked("read_order")
        kind = ScopeKind.CONDITIONAL_ORDERS if ref.namespace is Namespace.CONDITIONAL else ScopeKind.ORDERS
        if kind in self.unread:
            return OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="no answer in time", read_at=self.now)
        found = self.orders.get(ref.key) if ref.id else self._newest_of_client(ref)
        status = LookupStatus.FOUND if found else LookupStatus.ABSENT
        return OrderLookup(ref=ref, status=status, order=found, read_at=self.now)

    def _newest_of_client(self, ref: OrderRef) -> ExchangeOrder | None:
        named = (ref.symbol, ref.namespace, ref.client_order_id)
        same = [o for o in self.orders.values() if (o.symbol, o.namespace, o.client_order_id) == named]
        return same[-1] if same else None

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        self._asked("cancel_order")
        answer = self.on_cancel(ref)
        if answer is not None:
            return answer
        order = self.orders.get(ref.key)
        if order is None or order.status not in OPEN_STATUSES:
            return CancelAnswer(status=CancelStatus.ABSENT, reason="unknown order sent")
        self.change(ref.key, status=OrderStatus.CANCELLED)
        return CancelAnswer(status=CancelStatus.ACCEPTED)

    def describe_market(self, symbol: str) -> Market | None:
        if self.broken is not None:
            raise self.broken
        return market(symbol=symbol)

    def read_prices(self, symbols: Collection[str]) -> dict[str, Decimal]:
        return dict.fromkeys(symbols, Decimal("36500"))

    def clock_offset_ns(self) -> int | None:
        return 0

    def close(self) -> None:
        pass

    def _coverage(self, *kinds: ScopeKind) -> Coverage:
        return Coverage(
            readings=tuple(
                reading(kind, ScopeStatus.FAILED if kind in self.unread else ScopeStatus.READ) for kind in kinds
            )
        )
