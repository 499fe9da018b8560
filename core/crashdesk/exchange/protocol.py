"""The small protocol that recovery needs of an exchange, and the snapshot taken through it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Protocol, runtime_checkable

import msgspec

from crashdesk.clock import Clock
from crashdesk.config import AccountMode
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.exchange.records import (
    AccountReading,
    CancelAnswer,
    Coverage,
    ExchangeSnapshot,
    LiquidationsReading,
    Market,
    OrderLookup,
    OrderRef,
    OrdersReading,
    PositionsReading,
    ScopeStatus,
    TradesReading,
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

    @property
    def mode(self) -> AccountMode:
        """Whether it is the live account or one of the exchange's sandbox."""
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

    def arm_cancel_all_after(self, seconds: float, symbols: Collection[str]) -> CancelAllAfter:
        """Tell the exchange to cancel all open orders by itself unless it is told again within `seconds`; 0 disarms.

        It cancels stops that protect a position, too, unless the answer says otherwise. `symbols` matter where the exchange
        has a switch for each symbol. Raises ExchangeUnsupported where there is none; after any other ExchangeError nobody
        knows how it is set.
        """
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


@runtime_checkable
class TellsLiquidations(Protocol):
    """An exchange that can be asked how a position ended."""

    def read_liquidations(self, symbol: str, since_ns: int) -> LiquidationsReading:
        """The account's liquidations of `symbol` since then; a failure is in its status, not raised."""
        ...


@runtime_checkable
class TellsTrades(Protocol):
    """An exchange that can be asked for what the account traded."""

    def read_trades_since(self, symbol: str, since_ns: int) -> TradesReading:
        """The account's trades of `symbol` since then (UNIX nanoseconds); a failure is in its status, not raised."""
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
        mode=exchange.mode,
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


def with_liquidations(
    exchange: Exchange, snapshot: ExchangeSnapshot, symbols: Collection[str], since_ns: int
) -> ExchangeSnapshot:
    """The snapshot with the liquidations of `symbols`, where the exchange can be asked for them.

    The first failure ends the asking: they only explain, and an exchange in trouble is needed for what decides.
    """
    if not symbols or not isinstance(exchange, TellsLiquidations):
        return snapshot
    readings: list[LiquidationsReading] = []
    for symbol in sorted(symbols):
        readings.append(exchange.read_liquidations(symbol, since_ns))
        if readings[-1].status is ScopeStatus.FAILED:
            break
    return msgspec.structs.replace(snapshot, liquidations=snapshot.liquidations + tuple(readings))
