"""LiveState: where a bot puts its records as they change."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeVar

import msgspec

from crashdesk.clock import Clock, SystemClock
from crashdesk.codec import encode_account, encode_order, encode_position, encode_strategy
from crashdesk.errors import StateError
from crashdesk.state import (
    AccountState,
    OrderState,
    PositionState,
    StrategyState,
    SystemState,
    check_order,
    check_position,
)

_R = TypeVar("_R", OrderState, PositionState)

ZERO = Decimal(0)
EMPTY_ACCOUNT = AccountState(equity=ZERO, balance=ZERO, available=ZERO, margin_used=ZERO, unrealized_pnl=ZERO)


class EncodedState(msgspec.Struct, frozen=True, kw_only=True):
    """A consistent cut through a LiveState, every record already in its file form."""

    timestamp: int
    account: bytes
    positions: tuple[bytes, ...]
    orders: tuple[bytes, ...]
    strategies: tuple[bytes, ...]


class LiveState:
    """A bot's current state. Safe to call from any thread; every change costs the encoding of one record.

    Several changes that belong together go into one ``with live.together():``, so that no checkpoint falls between them.
    """

    def __init__(self, *, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._mutex = threading.RLock()
        self._account = (EMPTY_ACCOUNT, encode_account(EMPTY_ACCOUNT))
        self._positions: dict[str, tuple[PositionState, bytes]] = {}
        self._orders: dict[str, tuple[OrderState, bytes]] = {}
        self._strategies: dict[str, tuple[StrategyState, bytes]] = {}

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """No checkpoint is cut while the block runs."""
        with self._mutex:
            yield

    def put_order(self, order: OrderState) -> None:
        """Add or replace an open order, by its id. Raises StateError."""
        check_order(order)
        if not order.id:
            raise StateError("an order without an exchange id is an intent, not an open order: give it to intend()")
        record = (order, encode_order(order))
        with self._mutex:
            self._orders[order.id] = record

    def remove_order(self, order_id: str) -> None:
        """Forget an order; one that is not there is no error."""
        with self._mutex:
            self._orders.pop(order_id, None)

    def put_position(self, position: PositionState) -> None:
        """Add or replace a position, by its id. Raises StateError."""
        check_position(position)
        record = (position, encode_position(position))
        with self._mutex:
            self._positions[position.id] = record

    def remove_position(self, position_id: str) -> None:
        """Forget a position; one that is not there is no error."""
        with self._mutex:
            self._positions.pop(position_id, None)

    def set_account(self, account: AccountState) -> None:
        """Replace the account. Raises StateError."""
        record = (account, encode_account(account))
        with self._mutex:
            self._account = record

    def set_strategy(self, name: str, state_data: bytes) -> None:
        """Keep what a strategy wants to find again. Raises StateError."""
        strategy = StrategyState(name=name, state_data=state_data)
        record = (strategy, encode_strategy(strategy))
        with self._mutex:
            self._strategies[name] = record

    def strategy(self, name: str) -> bytes | None:
        """What was kept under `name`, None for nothing."""
        with self._mutex:
            found = self._strategies.get(name)
        return found[0].state_data if found else None

    @property
    def account(self) -> AccountState:
        """The account as it was put last."""
        return self._account[0]

    @property
    def orders(self) -> tuple[OrderState, ...]:
        """The open orders."""
        with self._mutex:
            return tuple(order for order, _ in self._orders.values())

    @property
    def positions(self) -> tuple[PositionState, ...]:
        """The positions."""
        with self._mutex:
            return tuple(position for position, _ in self._positions.values())

    def snapshot(self) -> SystemState:
        """The whole state at this instant."""
        with self._mutex:
            return SystemState(
                timestamp=self._clock.now_ns(),
                account=self._account[0],
                positions=self.positions,
                open_orders=self.orders,
                strategy_states=tuple(strategy for strategy, _ in self._strategies.values()) or None,
            )

    def encoded(self) -> EncodedState:
        """As `snapshot`, from the kept bytes: nothing is encoded again."""
        with self._mutex:
            return EncodedState(
                timestamp=self._clock.now_ns(),
                account=self._account[1],
                positions=tuple(raw for _, raw in self._positions.values()),
                orders=tuple(raw for _, raw in self._orders.values()),
                strategies=tuple(raw for _, raw in self._strategies.values()),
            )

    def restore(self, state: SystemState) -> None:
        """Replace everything by `state`. Raises StateError and changes nothing when a record cannot be stored."""
        account = (state.account, encode_account(state.account))
        positions = {position.id: (position, encode_position(position)) for position in state.positions}
        orders = {order.id: (order, encode_order(order)) for order in state.open_orders}
        strategies = {item.name: (item, encode_strategy(item)) for item in state.strategy_states or ()}
        with self._mutex:
            self._account = account
            self._positions = positions
            self._orders = orders
            self._strategies = strategies

    def amend(self, old: SystemState, new: SystemState) -> None:
        """Apply what differs between two states, record by record; what changed here since `old` was cut stays as it is."""
        with self._mutex:
            if self._account[0] == old.account:
                self.set_account(new.account)
            _amend(self._orders, {o.id: o for o in old.open_orders}, {o.id: o for o in new.open_orders}, encode_order)
            _amend(self._positions, {p.id: p for p in old.positions}, {p.id: p for p in new.positions}, encode_position)


def _amend(
    kept: dict[str, tuple[_R, bytes]], old: dict[str, _R], new: dict[str, _R], encode: Callable[[_R], bytes]
) -> None:
    for key in old.keys() | new.keys():
        current = kept[key][0] if key in kept else None
        if old.get(key) == new.get(key) or current != old.get(key):
            continue
        record = new.get(key)
        if record is None:
            kept.pop(key, None)
        else:
            kept[key] = (record, encode(record))
