"""How reconciliation grows: as many orders on the exchange as in the state, all of them matched.

``python tests/benchmarks/reconcile.py [--rounds K] [--largest N]``.
"""

from __future__ import annotations

import argparse
import functools
from decimal import Decimal

from subjects import NOW, SIZES, medians_ms, print_ratio, print_table, state

from crashdesk import SystemState
from crashdesk.exchange.records import (
    Coverage,
    ExchangeOrder,
    ExchangeSnapshot,
    Market,
    Namespace,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.rules import Rules
from crashdesk.storage.journal_records import JournalView


def snapshot(known: SystemState) -> ExchangeSnapshot:
    """What the exchange says: every order of `known`, completely read."""
    kinds = (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS, ScopeKind.POSITIONS, ScopeKind.ACCOUNT)
    readings = tuple(
        ScopeReading(scope=Scope(kind=kind, market_type="swap"), status=ScopeStatus.READ) for kind in kinds
    )
    symbols = sorted({order.symbol for order in known.open_orders})
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
        markets=tuple(
            Market(
                symbol=symbol, market_type="swap", contract_size=Decimal(1), amount_step=Decimal("0.001"), linear=True
            )
            for symbol in symbols
        ),
        prices=dict.fromkeys(symbols, Decimal("63100.5")),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--largest", type=int, default=100_000, help="leave out states with more orders")
    options = parser.parse_args()
    per_order = []
    for positions, orders in SIZES:
        if orders > options.largest:
            continue
        subject = state(positions, orders)
        comparing = functools.partial(reconcile, subject, JournalView(), snapshot(subject), Rules(now_ns=NOW))
        times = medians_ms({f"{orders} × {orders} orders": comparing}, options.rounds)
        print_table("reconcile", times)
        per_order.append(next(iter(times.values())) / orders)
    print_ratio("time per order, largest : second largest", per_order[-1] / per_order[-2], "about 1: linear")


if __name__ == "__main__":
    main()
