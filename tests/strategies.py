"""What the tests of state and storage are fed with: records with sensible defaults, hypothesis strategies, a clock."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from crashdesk import state as records
from crashdesk.state import AccountState, OrderState, OrderStatus, OrderType, PositionState, Side, SystemState

T0 = 1_700_000_000_000_000_000
HOUR = 3_600_000_000_000


class ManualClock:
    """A clock that stands still until it is told otherwise, backwards if need be."""

    def __init__(self, now: int = T0) -> None:
        self.now = now

    def now_ns(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += int(seconds * 1e9)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.sleep(seconds)
        return event.is_set()


def account(**changes: Any) -> AccountState:
    fields: dict[str, Any] = {
        "equity": Decimal("10250.50"),
        "balance": Decimal("10000.00"),
        "available": Decimal("8999.5"),
        "margin_used": Decimal("1251"),
        "unrealized_pnl": Decimal("250.50"),
    }
    return AccountState(**(fields | changes))


def position(**changes: Any) -> PositionState:
    fields: dict[str, Any] = {
        "id": "BTC/USDT:USDT:long",
        "symbol": "BTC/USDT:USDT",
        "side": Side.BUY,
        "quantity": Decimal("0.250"),
        "entry_price": Decimal("36500.1"),
        "unrealized_pnl": Decimal("12.5"),
        "opened_at": T0 - HOUR,
    }
    return PositionState(**(fields | changes))


def order(**changes: Any) -> OrderState:
    fields: dict[str, Any] = {
        "id": "8389765",
        "client_order_id": "grid-17",
        "symbol": "BTC/USDT:USDT",
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "quantity": Decimal("0.010"),
        "filled_quantity": Decimal("0"),
        "price": Decimal("36450.0"),
        "status": OrderStatus.OPEN,
        "created_at": T0 - 60_000_000_000,
    }
    return OrderState(**(fields | changes))


def state(timestamp: int = T0, **changes: Any) -> SystemState:
    fields: dict[str, Any] = {"account": account(), "positions": (position(),), "open_orders": (order(),)}
    return SystemState(timestamp=timestamp, **(fields | changes))


def many_orders(count: int) -> tuple[OrderState, ...]:
    return tuple(
        order(id=str(number), client_order_id=f"grid-{number}", price=Decimal(30_000_00 + number).scaleb(-2))
        for number in range(count)
    )


texts = st.text(max_size=12) | st.sampled_from(["", "注文", "ордер-7", "🚨" * 9, "a\0b", "é" * 200])
instants = st.integers(-(2**63), 2**63 - 1)
amounts = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.builds(
        lambda sign, digits, exponent: Decimal((sign, digits, exponent)),
        st.integers(0, 1),
        st.lists(st.integers(0, 9), min_size=1, max_size=40).map(tuple),
        st.integers(-40, 40) | st.sampled_from([10**15, -(10**15)]),
    ),
    st.sampled_from(["-0", "0E-10", "-0E+5", "1E+27", "0.000001", "1E-7", "100", "1E+2"]).map(Decimal),
)
# Only copy_abs leaves every digit in place: abs() rounds to the context's precision.
unsigned_amounts = amounts.map(Decimal.copy_abs)
accounts = st.builds(
    AccountState, equity=amounts, balance=amounts, available=amounts, margin_used=amounts, unrealized_pnl=amounts
)
positions = st.builds(
    PositionState,
    id=texts,
    symbol=texts,
    side=st.sampled_from(Side),
    quantity=unsigned_amounts,
    entry_price=amounts,
    unrealized_pnl=amounts,
    opened_at=instants,
)
orders = st.builds(
    OrderState,
    id=texts,
    client_order_id=texts,
    symbol=texts,
    side=st.sampled_from(Side),
    order_type=st.sampled_from(OrderType),
    quantity=amounts,
    filled_quantity=amounts,
    price=st.none() | amounts,
    status=st.sampled_from(OrderStatus),
    created_at=instants,
)
strategy_states = st.builds(records.StrategyState, name=texts, state_data=st.binary(max_size=30))
states = st.builds(
    SystemState,
    timestamp=instants,
    account=accounts,
    positions=st.lists(positions, max_size=3, unique_by=lambda record: record.id).map(tuple),
    open_orders=st.lists(orders, max_size=3, unique_by=lambda record: record.id).map(tuple),
    strategy_states=st.none() | st.lists(strategy_states, max_size=2, unique_by=lambda record: record.name).map(tuple),
)
