"""The small protocol that recovery needs of an exchange, and the snapshot taken through it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Protocol

import msgspec

from crashdesk.clock import Clock
from crashdesk.exchange.records import (
    AccountReading,
    CancelAnswer,
    Coverage,
    ExchangeSnapshot,
    Market,
    OrderLookup,
    OrderRef,
    OrdersReading,
    PositionsReading,
)

Step = Callable[[int, int, str], None]


def unheard(done: int, total: int, text: str) -> None:
    """The `step` of a caller that does not listen: `done` of `total` steps, and `text` says which comes next."""


class Exchange(Protocol):
    """One account on one exchange. Methods may be called from any thread and block until answered or out of time."""

    @property
    def id(self) -> str:
        """The ccxt id."""
        ...

    @property
    def account_label(self) -> str:
        """How the account is called here."""
        ...

    def read_open_orders(self, symbols: Collection[str]) -> OrdersReading:
        """All open orders, normal and conditional; `symbols` matter where the exchange lists per symbol only.

        A scope that fails is in the coverage, not raised.
        """
        ...

    def read_positions(self, symbols: Collection[str]) -> PositionsReading:
        """All positions that are not flat. A failure is in the coverage, not raised."""
        ...

    def read_account(self) -> AccountReading:
        """The account's money. A failure is in the coverage, not raised."""
        ...

    def read_order(self, ref: OrderRef) -> OrderLookup:
        """One order, whatever became of it; never raises for an exchange's answer or a network's failure."""
        ...

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        """Send exactly one cancel request; never raises for an exchange's answer or a network's failure."""
        ...

    def describe_market(self, symbol: str) -> Market | None:
        """What `symbol` counts in; None for one that the exchange does not list. Raises ExchangeError when it cannot be asked."""
        ...

    def read_prices(self, symbols: Collection[str]) -> dict[str, Decimal]:
        """Current prices of those symbols that could be read; it decides nothing, so a failure only leaves a gap."""
        ...

    def clock_offset_ns(self) -> int | None:
        """Exchange time minus ours, None when it could not be measured."""
        ...

    def close(self) -> None:
        """End the worker and its connections."""
        ...


def take_snapshot(exchange: Exchange, symbols: Collection[str], clock: Clock, step: Step = unheard) -> ExchangeSnapshot:
    """Read orders, positions and account, in that order.

    `symbols` are those that the state and the journal know; the positions' symbols are added. `step` hears of the progress.
    Raises ExchangeError only when not even the markets could be read.
    """
    started = clock.now_ns()
    step(0, 5, "measuring the clock")
    offset = exchange.clock_offset_ns()
    step(1, 5, "reading positions")
    positions = exchange.read_positions(symbols)
    wanted = sorted({*symbols, *(position.symbol for position in positions.positions)})
    step(2, 5, "reading open orders")
    orders = exchange.read_open_orders(wanted)
    step(3, 5, "reading the account")
    account = exchange.read_account()
    step(4, 5, "reading prices")
    seen = sorted({*wanted, *(order.symbol for order in orders.orders)})
    prices = exchange.read_prices(seen)
    markets = tuple(market for symbol in seen if (market := exchange.describe_market(symbol)) is not None)
    step(5, 5, "read")
    return ExchangeSnapshot(
        exchange=exchange.id,
        account_label=exchange.account_label,
        started_at=started,
        finished_at=clock.now_ns(),
        orders=orders.orders,
        positions=positions.positions,
        account=account.account,
        coverage=Coverage(readings=orders.coverage.readings + positions.coverage.readings + account.coverage.readings),
        markets=markets,
        prices=prices,
        clock_offset_ns=offset,
    )


def with_lookups(snapshot: ExchangeSnapshot, lookups: Collection[OrderLookup]) -> ExchangeSnapshot:
    """The snapshot with targeted reads added."""
    return msgspec.structs.replace(snapshot, lookups=snapshot.lookups + tuple(lookups))
