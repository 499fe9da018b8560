"""What the benchmarks measure with: states of a size, and medians of contenders that take turns."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from decimal import Decimal

from crashdesk import AccountState, OrderState, OrderStatus, OrderType, PositionState, Side, SystemState

NOW = 1_795_000_000_000_000_000
SIZES = ((10, 20), (1_000, 10_000), (10_000, 100_000))
"""(positions, orders)."""


def order(number: int, **changes: object) -> OrderState:
    """One open order; every text differs, as real ones do."""
    fields: dict[str, object] = {
        "id": str(4_810_000_000 + number),
        "client_order_id": f"grid-1-{number:08d}",
        "symbol": f"S{number % 50}/USDT:USDT",
        "side": Side.SELL if number % 2 else Side.BUY,
        "order_type": OrderType.LIMIT,
        "quantity": Decimal(number % 977 + 1) / 1000,
        "filled_quantity": Decimal(0),
        "price": Decimal(6_310_000 + number) / 100,
        "status": OrderStatus.OPEN,
        "created_at": NOW - number,
    }
    return OrderState(**(fields | changes))  # type: ignore[arg-type]


def position(number: int) -> PositionState:
    """One position."""
    return PositionState(
        id=f"S{number}/USDT:USDT:long",
        symbol=f"S{number}/USDT:USDT",
        side=Side.BUY,
        quantity=Decimal(number % 977 + 1) / 100,
        entry_price=Decimal(6_300_000 + number) / 100,
        unrealized_pnl=Decimal(number % 501 - 250) / 100,
        opened_at=NOW - number,
    )


def state(positions: int, orders: int) -> SystemState:
    """A state of that size."""
    money = Decimal("100000.12345678")
    return SystemState(
        timestamp=NOW,
        account=AccountState(equity=money, balance=money, available=money, margin_used=money, unrealized_pnl=money),
        positions=tuple(position(number) for number in range(positions)),
        open_orders=tuple(order(number) for number in range(orders)),
    )


def medians_ms(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median time of each contender in milliseconds; they take turns, so that a busy moment hits them all."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for work in contenders.values():
        work()
    for _ in range(rounds):
        for name, work in contenders.items():
            gc.collect()
            start = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(taken) for name, taken in times.items()}


def print_table(title: str, rows: Mapping[str, float], unit: str = "ms") -> None:
    """A block of numbers under its title."""
    print(f"\n{title}")
    for name, value in rows.items():
        print(f"{value:12.3f} {unit}  {name}")


def print_ratio(name: str, value: float, target: str) -> None:
    """A ratio beside what it should be."""
    print(f"{value:12.2f}     {name} (wanted: {target})")
