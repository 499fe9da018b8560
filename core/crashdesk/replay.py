"""From a checkpoint to the last thing that the journal knows: a pure decision on what may be believed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from crashdesk.changes import Announced, Batch, Change, ChangeKind, Mark, mark_of
from crashdesk.codec import (
    EncodedState,
    decode_account,
    decode_order,
    decode_position,
    decode_strategy,
    encode_account,
)
from crashdesk.errors import CodecError, MalformedJournal, StorageError
from crashdesk.state import AccountState, OrderState, PositionState, StrategyState, SystemState

ZERO = Decimal(0)
EMPTY_ACCOUNT = AccountState(equity=ZERO, balance=ZERO, available=ZERO, margin_used=ZERO, unrealized_pnl=ZERO)


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """Where a replay begins: a checkpoint, and its content."""

    mark: Mark
    state: SystemState
    records: EncodedState


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """The state after the journal's changes; `state` is None when there is neither a checkpoint nor a beginning.

    `applied` counts the changes after the base, `at` is when the last of them became durable (None without any). `last` is the
    number of the last change that the state includes, None when the journal's end is not what the state is. `problem` says what
    may be missing; empty when nothing is.
    """

    state: SystemState | None
    records: EncodedState | None
    applied: int = 0
    at: int | None = None
    last: int | None = None
    problem: str = ""


class _Run(msgspec.Struct, frozen=True, kw_only=True):
    """Batches without a gap, and what follows them that cannot be believed; empty for the journal's end."""

    batches: list[Batch]
    problem: str


def replay(
    base: Base | None,
    batches: Iterable[Batch],
    problem: str = "",
    *,
    knows: Mark | None = None,
    announced: Announced | None = None,
) -> Replayed:
    """Apply to `base` what the journal holds after it, up to the first thing that cannot be believed.

    The result is always a state that the bot was in. What is missing before the base does not matter. Without a base the
    journal itself must describe a whole state. A journal that does not know the checkpoint `knows` ends before it: that is a
    `problem`, and without a base nothing is applied. `batches` ascend; they may end early with a StorageError, which is then
    the `problem`. A `problem` that the caller gives is reported, and nothing is applied. A base that was `announced` stands for
    the journal's end as of then, although the journal does not hold what is in it.
    """
    if problem:
        return _alone(base, problem)
    runs = _runs(batches)
    try:
        run, begin, continued = _beginning(base, runs, announced)
        problem = run.problem or _ignorance(knows, runs)
    except MalformedJournal as error:
        return _alone(base, next((run.problem for run in runs if run.problem), "") or str(error))
    if base is None and problem:
        return _alone(base, problem)
    replayed = _applied(base, run.batches, begin, problem)
    return replayed if continued else msgspec.structs.replace(replayed, last=None)


def _beginning(base: Base | None, runs: list[_Run], announced: Announced | None) -> tuple[_Run, int, bool]:
    """As `_last_whole_state`, and whether the journal holds what is in the base. Raises MalformedJournal."""
    if base is None:
        return *_last_whole_state(runs), True
    try:
        return *_after(base.mark, runs), True
    except MalformedJournal:
        # What comes behind an announcement without knowing its checkpoint was written by somebody who never saw it.
        if announced is None or announced.mark != base.mark or runs[-1].problem or _end(runs) != announced.after:
            raise
        return runs[-1], announced.after + 1, False


def _end(runs: list[_Run]) -> int:
    """The number of the last change, 0 for none."""
    batches = runs[-1].batches
    return batches[-1].last if batches else 0


def _runs(batches: Iterable[Batch]) -> list[_Run]:
    runs: list[_Run] = []
    found: list[Batch] = []
    problem = ""
    try:
        for batch in batches:
            if found and batch.first != found[-1].last + 1:
                missing = f"changes {found[-1].last + 1} to {batch.first - 1} are missing"
                runs.append(_Run(batches=found, problem=missing))
                found = []
            found.append(batch)
    except StorageError as error:
        problem = str(error)
    return [*runs, _Run(batches=found, problem=problem)]


def _alone(base: Base | None, problem: str) -> Replayed:
    return Replayed(state=base.state if base else None, records=base.records if base else None, problem=problem)


def _last_whole_state(runs: list[_Run]) -> tuple[_Run, int]:
    """The run to apply and the number of its first change. Raises MalformedJournal when there is none."""
    for run in reversed(runs):
        for batch in reversed(run.batches):
            for index in range(len(batch.changes) - 1, -1, -1):
                if batch.changes[index].kind is ChangeKind.CLEAR:
                    return run, batch.first + index
    if not runs[0].batches or runs[0].batches[0].first == 1:
        return runs[0], 1
    raise MalformedJournal("the journal begins after the state that it continues")


def _after(mark: Mark, runs: list[_Run]) -> tuple[_Run, int]:
    """As `_last_whole_state`, behind a checkpoint's mark."""
    if not any(run.batches for run in runs):
        raise MalformedJournal(f"the journal is empty: what happened after checkpoint {mark.seq} is not known")
    for run in reversed(runs):
        for batch in reversed(run.batches):
            for index in range(len(batch.changes) - 1, -1, -1):
                if mark_of(batch.changes[index]) == mark:
                    return run, batch.first + index + 1
    raise MalformedJournal(
        f"the journal does not know checkpoint {mark.seq}: it is of another store, an older copy, was begun anew, or could not "
        "be written at that time"
    )


def _ignorance(knows: Mark | None, runs: list[_Run]) -> str:
    """Why the journal's end is not the end; empty when it knows the checkpoint."""
    try:
        if knows is not None:
            _after(knows, runs)
    except MalformedJournal as error:
        return str(error)
    return ""


def _applied(base: Base | None, batches: list[Batch], begin: int, problem: str) -> Replayed:
    tables = _Tables(base)
    applied, at = 0, None
    last = begin - 1
    for position, batch in enumerate(batches):
        if batch.last < begin:
            continue
        for number, change in enumerate(batch.changes, batch.first):
            if number < begin:
                continue
            if change.kind is ChangeKind.UNRECORDED_CHECKPOINT:
                # The first mark of all may have been followed by a crash before there was a file.
                problem = _unrecorded(number, change) if base or applied else ""
                return tables.result(applied, batch.at if applied else None, None, problem)
            try:
                tables.apply(change)
            except (CodecError, UnicodeDecodeError) as error:
                # Half a batch may be half of what belongs together.
                before = _applied(base, batches[:position], begin, "")
                return msgspec.structs.replace(before, last=None, problem=f"change {number}: {error}")
            applied += change.kind < ChangeKind.CHECKPOINT
            last = number
        at = batch.at if applied else None
    return tables.result(applied, at, None if problem else last, problem)


def _unrecorded(number: int, change: Change) -> str:
    try:
        mark = mark_of(change)
    except MalformedJournal as error:
        return f"change {number}: {error}"
    return f"change {number}: how checkpoint {mark.seq if mark else 0} came to be was not journalled"


class _Tables:
    """The records by id while changes are applied; a record is decoded when it is put."""

    def __init__(self, base: Base | None) -> None:
        self._base = base
        self._orders: dict[str, OrderState]
        self._order_bytes: dict[str, bytes]
        self._positions: dict[str, PositionState]
        self._position_bytes: dict[str, bytes]
        self._strategies: dict[str, StrategyState]
        self._strategy_bytes: dict[str, bytes]
        self._clear()
        if base is None:
            return
        state, records = base.state, base.records
        self._account = (state.account, records.account)
        self._orders = {order.id: order for order in state.open_orders}
        self._order_bytes = dict(zip(self._orders, records.orders, strict=True))
        self._positions = {position.id: position for position in state.positions}
        self._position_bytes = dict(zip(self._positions, records.positions, strict=True))
        self._strategies = {strategy.name: strategy for strategy in state.strategy_states or ()}
        self._strategy_bytes = dict(zip(self._strategies, records.strategies, strict=True))

    def _clear(self) -> None:
        self._account = (EMPTY_ACCOUNT, encode_account(EMPTY_ACCOUNT))
        self._orders, self._order_bytes = {}, {}
        self._positions, self._position_bytes = {}, {}
        self._strategies, self._strategy_bytes = {}, {}

    def apply(self, change: Change) -> None:
        body = change.body
        match change.kind:
            case ChangeKind.ORDER:
                order = decode_order(body)
                self._orders[order.id] = order
                self._order_bytes[order.id] = body
            case ChangeKind.ORDER_GONE:
                name = body.decode()
                self._orders.pop(name, None)
                self._order_bytes.pop(name, None)
            case ChangeKind.POSITION:
                position = decode_position(body)
                self._positions[position.id] = position
                self._position_bytes[position.id] = body
            case ChangeKind.POSITION_GONE:
                name = body.decode()
                self._positions.pop(name, None)
                self._position_bytes.pop(name, None)
            case ChangeKind.ACCOUNT:
                self._account = (decode_account(body), body)
            case ChangeKind.STRATEGY:
                strategy = decode_strategy(body)
                self._strategies[strategy.name] = strategy
                self._strategy_bytes[strategy.name] = body
            case ChangeKind.CLEAR:
                self._clear()

    def result(self, applied: int, at: int | None, last: int | None, problem: str) -> Replayed:
        base = self._base
        if not applied:
            return msgspec.structs.replace(_alone(base, problem), last=last)
        # A clock that was put back must not make the state older than its checkpoint.
        timestamp = max(at or 0, base.state.timestamp if base else 0)
        state = SystemState(
            timestamp=timestamp,
            account=self._account[0],
            positions=tuple(self._positions.values()),
            open_orders=tuple(self._orders.values()),
            strategy_states=tuple(self._strategies.values()) or None,
        )
        records = EncodedState(
            timestamp=timestamp,
            account=self._account[1],
            positions=tuple(self._position_bytes.values()),
            orders=tuple(self._order_bytes.values()),
            strategies=tuple(self._strategy_bytes.values()),
        )
        return Replayed(state=state, records=records, applied=applied, at=at, last=last, problem=problem)
