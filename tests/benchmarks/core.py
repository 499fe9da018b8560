"""How fast the core is: medians in milliseconds and ratios, all contenders in one run.

``python tests/benchmarks/core.py [--orders N] [--rounds K]``. Compare ratios, not milliseconds: machines differ.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from crashdesk import (
    AccountState,
    LiveState,
    OrderState,
    OrderStatus,
    OrderType,
    PositionState,
    Side,
    StateStore,
    SystemState,
)
from crashdesk.codec import assemble, decode, encode
from crashdesk.exchange.records import (
    Coverage,
    ExchangeOrder,
    ExchangeSnapshot,
    Namespace,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.rules import Rules
from crashdesk.storage.files import LocalFiles, write_small_file
from crashdesk.storage.journal import JournalView

NOW = 1_795_000_000_000_000_000


def state(orders: int) -> SystemState:
    """A state of `orders` orders and a tenth as many positions."""
    money = Decimal("100000.12345678")
    return SystemState(
        timestamp=NOW,
        account=AccountState(equity=money, balance=money, available=money, margin_used=money, unrealized_pnl=money),
        positions=tuple(
            PositionState(
                id=f"p{number}",
                symbol=f"S{number}/USDT:USDT",
                side=Side.BUY,
                quantity=Decimal("1.50000000"),
                entry_price=Decimal("63000.10"),
                unrealized_pnl=Decimal("-12.34"),
                opened_at=NOW,
            )
            for number in range(orders // 10)
        ),
        open_orders=tuple(
            OrderState(
                id=str(4_810_000_000 + number),
                client_order_id=f"bench-{number}",
                symbol=f"S{number % 50}/USDT:USDT",
                side=Side.SELL,
                order_type=OrderType.LIMIT,
                quantity=Decimal("0.12345678"),
                filled_quantity=Decimal(0),
                price=Decimal("63100.25") + number,
                status=OrderStatus.OPEN,
                created_at=NOW,
            )
            for number in range(orders)
        ),
    )


def snapshot(known: SystemState) -> ExchangeSnapshot:
    """What the exchange says: every order of `known`, completely read."""
    kinds = (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS, ScopeKind.POSITIONS, ScopeKind.ACCOUNT)
    readings = tuple(
        ScopeReading(scope=Scope(kind=kind, market_type="swap"), status=ScopeStatus.READ) for kind in kinds
    )
    orders = tuple(
        ExchangeOrder(
            id=order.id,
            client_order_id=order.client_order_id,
            symbol=order.symbol,
            namespace=Namespace.NORMAL,
            side=order.side,
            order_type=order.order_type,
            status=order.status,
            amount=order.quantity,
            filled=order.filled_quantity,
            price=order.price,
        )
        for order in known.open_orders
    )
    return ExchangeSnapshot(
        exchange="bench",
        account_label="",
        started_at=NOW,
        finished_at=NOW,
        orders=orders,
        positions=(),
        account=None,
        coverage=Coverage(readings=readings),
    )


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """The median time of `work`, after one unmeasured run."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    subject = state(options.orders)
    data, pickled = encode(subject), pickle.dumps(subject, 5)
    live = LiveState()
    live.restore(subject)

    def from_live() -> bytes:
        kept = live.encoded()
        return b"".join(
            assemble(timestamp=kept.timestamp, account=kept.account, positions=kept.positions, orders=kept.orders)
        )

    print(f"{options.orders} orders, {len(data)} bytes, median of {options.rounds} rounds, ms")
    rows: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as temporary, StateStore(Path(temporary) / "store") as store:
        files, raw = LocalFiles(), Path(temporary) / "raw"

        def save_live() -> object:
            kept = live.encoded()
            return store.save_chunks(
                kept.timestamp,
                assemble(timestamp=kept.timestamp, account=kept.account, positions=kept.positions, orders=kept.orders),
            )

        contenders: list[tuple[str, Callable[[], object]]] = [
            ("encode a state", lambda: encode(subject)),
            ("encode from LiveState", from_live),
            ("pickle 5, encode", lambda: pickle.dumps(subject, 5)),
            ("decode", lambda: decode(data)),
            ("pickle 5, decode", lambda: pickle.loads(pickled)),
            ("durable save from LiveState", save_live),
            ("the limit: write, fsync, rename, fsync directory", lambda: write_small_file(files, raw, data)),
            ("load the newest", store.load_latest),
            (
                "reconcile with as many exchange orders",
                lambda: reconcile(subject, JournalView(), live_snapshot, Rules(now_ns=NOW)),
            ),
        ]
        live_snapshot = snapshot(subject)
        for name, work in contenders:
            rows.append((name, median_ms(work, options.rounds)))
            print(f"{rows[-1][1]:10.3f}  {name}")
    times = dict(rows)
    print(f"decode : unpickle        {times['decode'] / times['pickle 5, decode']:.2f}")
    limit = times["the limit: write, fsync, rename, fsync directory"]
    print(f"durable save : the limit {times['durable save from LiveState'] / limit:.2f}")


if __name__ == "__main__":
    main()
