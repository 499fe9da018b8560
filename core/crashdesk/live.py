"""LiveState: where a bot puts its records as they change."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

import msgspec

from crashdesk.changes import Change, ChangeKind, Mark, checkpoint_mark, gone, whole_state
from crashdesk.clock import Clock, SystemClock
from crashdesk.codec import (
    EncodedState,
    StateSummary,
    encode_account,
    encode_order,
    encode_position,
    encode_strategy,
)
from crashdesk.errors import StateError, StorageError
from crashdesk.replay import EMPTY_ACCOUNT
from crashdesk.state import AccountState, OrderState, PositionState, Side, StrategyState, SystemState, check_unique
from crashdesk.storage.changelog import Work
from crashdesk.storage.journal_records import Cause

_R = TypeVar("_R", OrderState, PositionState)

# As many checkpoints as recovery may have to fall back on, and one more.
MARKS = 4


class ChangeSink(Protocol):
    """Where a LiveState's changes go; ChangeLog is one."""

    def append(self, changes: tuple[Change, ...], cause: tuple[int, Cause] | None = None) -> Work:
        """Take changes that belong together; must not wait."""
        ...

    def restart(self, changes: tuple[Change, ...]) -> Work:
        """Take a whole state, after changes were refused."""
        ...

    def wait(self, work: Work) -> None:
        """Return when it is durable. Raises StorageError."""
        ...


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """A LiveState at one instant: every record in its file form, what the history wants of it, and the journal's mark."""

    records: EncodedState
    summary: StateSummary
    marked: Work | None


class LiveState:
    """A bot's current state. Safe to call from any thread; every change costs the encoding of one record.

    Once a RecoveryManager has it, each change goes to the journal and is durable milliseconds later; with ``wait=True``
    a call returns when it is, or raises StorageError (the change is made here all the same). Several changes that belong
    together go into one ``with live.together():``: no checkpoint falls between them, and after a crash all are there or none.
    """

    def __init__(self, *, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._mutex = threading.RLock()
        self._account = EMPTY_ACCOUNT
        self._account_bytes = encode_account(EMPTY_ACCOUNT)
        # Records and their bytes apart: a checkpoint copies the bytes without looking at each record.
        self._positions: dict[str, PositionState] = {}
        self._position_bytes: dict[str, bytes] = {}
        self._legs: dict[str, tuple[str, Side, Decimal]] = {}
        self._orders: dict[str, OrderState] = {}
        self._order_bytes: dict[str, bytes] = {}
        self._strategies: dict[str, StrategyState] = {}
        self._strategy_bytes: dict[str, bytes] = {}
        self._sink: ChangeSink | None = None
        self._described = False
        self._marks: tuple[Mark, ...] = ()
        self._group: list[Change] | None = None
        self._grouping_thread = 0
        self._changed = False

    @contextlib.contextmanager
    def together(self, *, wait: bool = False) -> Iterator[None]:
        """Changes that belong together. Raises StorageError at the end when they do not become durable, with `wait`."""
        with self._mutex:
            if self._group is not None:
                if wait:
                    raise StateError("together(wait=True) inside together() cannot wait: give it to the outer one")
                yield
                return
            self._group, self._grouping_thread = [], threading.get_ident()
            try:
                yield
            finally:
                group, self._group, self._grouping_thread = self._group, None, 0
                work = self._hand_on(group) if group else None
        if wait:
            self._await(work)

    @property
    def grouping(self) -> bool:
        """Whether the caller is inside its own `together`, where nothing can be waited for."""
        return self._grouping_thread == threading.get_ident()

    @property
    def changed(self) -> bool:
        """Whether anything was changed since the last `cut`."""
        return self._changed

    def put_order(self, order: OrderState, *, wait: bool = False) -> None:
        """Add or replace an open order, by its id. Raises StateError."""
        if not order.id:
            raise StateError(
                "an order without an exchange id is an intent, not an open order: give it to intend_order()"
            )
        raw = encode_order(order)
        with self._mutex:
            self._orders[order.id] = order
            self._order_bytes[order.id] = raw
            work = self._note(Change(ChangeKind.ORDER, raw))
        if wait:
            self._await(work)

    def remove_order(self, order_id: str, *, wait: bool = False) -> None:
        """Forget an order; one that is not there is no error."""
        with self._mutex:
            # An earlier call may have removed it a moment ago: who wants to be sure hears it said once more.
            if self._orders.pop(order_id, None) is None and not wait:
                return
            self._order_bytes.pop(order_id, None)
            work = self._note(gone(ChangeKind.ORDER_GONE, order_id))
        if wait:
            self._await(work)

    def put_position(self, position: PositionState, *, wait: bool = False) -> None:
        """Add or replace a position, by its id. Raises StateError."""
        raw = encode_position(position)
        with self._mutex:
            self._keep_position(position, raw)
            work = self._note(Change(ChangeKind.POSITION, raw))
        if wait:
            self._await(work)

    def remove_position(self, position_id: str, *, wait: bool = False) -> None:
        """Forget a position; one that is not there is no error."""
        with self._mutex:
            if self._positions.pop(position_id, None) is None and not wait:
                return
            self._position_bytes.pop(position_id, None)
            self._legs.pop(position_id, None)
            work = self._note(gone(ChangeKind.POSITION_GONE, position_id))
        if wait:
            self._await(work)

    def set_account(self, account: AccountState, *, wait: bool = False) -> None:
        """Replace the account. Raises StateError."""
        raw = encode_account(account)
        with self._mutex:
            self._account, self._account_bytes = account, raw
            work = self._note(Change(ChangeKind.ACCOUNT, raw))
        if wait:
            self._await(work)

    def set_strategy(self, name: str, state_data: bytes, *, wait: bool = False) -> None:
        """Keep what a strategy wants to find again. Raises StateError."""
        strategy = StrategyState(name=name, state_data=state_data)
        raw = encode_strategy(strategy)
        with self._mutex:
            self._strategies[name] = strategy
            self._strategy_bytes[name] = raw
            work = self._note(Change(ChangeKind.STRATEGY, raw))
        if wait:
            self._await(work)

    def strategy(self, name: str) -> bytes | None:
        """What was kept under `name`, None for nothing."""
        with self._mutex:
            found = self._strategies.get(name)
        return found.state_data if found else None

    @property
    def account(self) -> AccountState:
        """The account as it was put last."""
        return self._account

    @property
    def orders(self) -> tuple[OrderState, ...]:
        """The open orders."""
        with self._mutex:
            return tuple(self._orders.values())

    @property
    def positions(self) -> tuple[PositionState, ...]:
        """The positions."""
        with self._mutex:
            return tuple(self._positions.values())

    def snapshot(self) -> SystemState:
        """The whole state at this instant."""
        with self._mutex:
            return SystemState(
                timestamp=self._clock.now_ns(),
                account=self._account,
                positions=tuple(self._positions.values()),
                open_orders=tuple(self._orders.values()),
                strategy_states=tuple(self._strategies.values()) or None,
            )

    def encoded(self) -> EncodedState:
        """As `snapshot`, from the kept bytes: nothing is encoded again."""
        with self._mutex:
            return EncodedState(
                timestamp=self._clock.now_ns(),
                account=self._account_bytes,
                positions=tuple(self._position_bytes.values()),
                orders=tuple(self._order_bytes.values()),
                strategies=tuple(self._strategy_bytes.values()),
            )

    def cut(self, seq: int, cause: Cause) -> Cut:
        """The state for checkpoint `seq`; the journal is told that it stands here."""
        with self._mutex:
            records = self.encoded()
            mark = Mark(seq, records.timestamp)
            self._marks = (*self._marks[1 - MARKS :], mark)
            return Cut(
                records=records,
                summary=StateSummary(
                    timestamp=records.timestamp,
                    equity=self._account.equity,
                    unrealized_pnl=self._account.unrealized_pnl,
                    quantities=tuple(self._legs.values()),
                    orders=len(records.orders),
                    strategies=len(records.strategies),
                ),
                marked=self._note(checkpoint_mark(mark), cause=(seq, cause)),
            )

    def restore(self, state: SystemState, *, records: EncodedState | None = None, journalled: bool = False) -> None:
        """Replace everything by `state`. Raises StateError and changes nothing when a record cannot be stored.

        `records` are the state's bytes where they are known. `journalled` says that this is the very state that the journal
        ends with, so that it can go on from there.
        """
        if records is None:
            check_unique(state)
            records = encoded(state)
        with self._mutex:
            self._account, self._account_bytes = state.account, records.account
            self._positions = {position.id: position for position in state.positions}
            self._position_bytes = dict(zip(self._positions, records.positions, strict=True))
            self._legs = {p.id: (p.symbol, p.side, p.quantity) for p in state.positions}
            self._orders = {order.id: order for order in state.open_orders}
            self._order_bytes = dict(zip(self._orders, records.orders, strict=True))
            self._strategies = {strategy.name: strategy for strategy in state.strategy_states or ()}
            self._strategy_bytes = dict(zip(self._strategies, records.strategies, strict=True))
            if journalled and not self._described:
                self._described = True
            elif self._sink is not None:
                self._describe(self._sink)

    def amend(self, old: SystemState, new: SystemState) -> None:
        """Apply what differs between two states, record by record; what changed here since `old` was cut stays as it is."""
        with self.together():
            if self._account == old.account != new.account:
                self.set_account(new.account)
            orders, wanted_orders = {o.id: o for o in old.open_orders}, {o.id: o for o in new.open_orders}
            for order_id in _differing(orders, wanted_orders, self._orders):
                if order_id in wanted_orders:
                    self.put_order(wanted_orders[order_id])
                else:
                    self.remove_order(order_id)
            positions, wanted = {p.id: p for p in old.positions}, {p.id: p for p in new.positions}
            for position_id in _differing(positions, wanted, self._positions):
                if position_id in wanted:
                    self.put_position(wanted[position_id])
                else:
                    self.remove_position(position_id)

    def attach(self, sink: ChangeSink | None, marks: Sequence[Mark] = ()) -> None:
        """Send every change to `sink` from now on, None for nowhere; `marks` are the checkpoints that there are already.

        With the first change the whole state is described, unless `restore` says that the journal knows it.
        """
        with self._mutex:
            self._sink = sink
            self._described = self._changed = False
            self._marks = tuple(marks)[-MARKS:]

    def describe(self) -> None:
        """Hand the whole state to the sink again, after changes were refused."""
        with self._mutex:
            if self._sink is not None:
                self._described = True
                self._sink.restart(whole_state(self.encoded(), self._marks))

    def _keep_position(self, position: PositionState, raw: bytes) -> None:
        self._positions[position.id] = position
        self._position_bytes[position.id] = raw
        leg = (position.symbol, position.side, position.quantity)
        # The same object as long as nothing changed: whoever compares two cuts sees it at once.
        if self._legs.get(position.id) != leg:
            self._legs[position.id] = leg

    def _note(self, change: Change, cause: tuple[int, Cause] | None = None) -> Work | None:
        self._changed = cause is None
        if self._sink is None:
            return None
        if cause is None and self._group is not None:
            self._group.append(change)
            return None
        return self._hand_on([change], cause)

    def _hand_on(self, changes: Sequence[Change], cause: tuple[int, Cause] | None = None) -> Work | None:
        if self._sink is None:
            return None
        if not self._described:
            self._describe(self._sink)
        return self._sink.append(tuple(changes), cause)

    def _describe(self, sink: ChangeSink) -> None:
        self._described = True
        sink.append(whole_state(self.encoded(), self._marks))

    def _await(self, work: Work | None) -> None:
        # Not by the group itself: another thread may have begun one meanwhile.
        if self.grouping:
            raise StateError(
                "wait=True inside together(): the changes become durable when it ends; give it to together()"
            )
        sink = self._sink
        if sink is None:
            raise StorageError("nothing is journalled: this LiveState belongs to no RecoveryManager, or it was closed")
        if work is not None:
            sink.wait(work)


def encoded(state: SystemState) -> EncodedState:
    """The records of `state` in their file form. Raises StateError."""
    return EncodedState(
        timestamp=state.timestamp,
        account=encode_account(state.account),
        positions=tuple(encode_position(position) for position in state.positions),
        orders=tuple(encode_order(order) for order in state.open_orders),
        strategies=tuple(encode_strategy(strategy) for strategy in state.strategy_states or ()),
    )


def _differing(old: Mapping[str, _R], new: Mapping[str, _R], kept: Mapping[str, _R]) -> list[str]:
    """The ids at which `new` differs from `old`, and where nothing else has changed meanwhile."""
    return [key for key in {**old, **new} if old.get(key) != new.get(key) and kept.get(key) == old.get(key)]
