"""The process that tests/faults/test_kill_bot.py kills: a bot under load that says what it was told is durable.

Started as ``kill_writer.py STORE``. Each line that it writes is one event: ``start``; ``recovered STATUS DIGEST PROBLEM``; then
``safe WORKER STEP`` and ``intent NAME`` once the store has answered, ``checkpoint SEQ``.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from crashdesk import (
    AccountState,
    LiveState,
    OrderState,
    OrderStatus,
    OrderType,
    PositionState,
    RecoveryConfig,
    RecoveryManager,
    Side,
    SystemState,
)

WORKERS = 4
ORDERS = 12
POSITIONS = 3


class Held(NamedTuple):
    """What one worker keeps in the state: numbers of the steps that put each record."""

    orders: dict[str, int]
    positions: dict[str, int]
    strategy: int
    equity: int

    def last_step(self) -> int:
        """The last step that was made; every step leaves its number."""
        return max(self.strategy, self.equity, *self.orders.values(), *self.positions.values(), 0)


class Step(NamedTuple):
    """What a worker does next. Values are the step's number; more than one change go into one group."""

    put_orders: tuple[str, ...] = ()
    remove_orders: tuple[str, ...] = ()
    put_positions: tuple[str, ...] = ()
    remove_positions: tuple[str, ...] = ()
    strategy: bool = False
    account: bool = False
    wait: bool = False
    intent: bool = False
    checkpoint: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one change, made without a group."""
        return (len(self.put_orders) + self.strategy) == 1 and not (
            self.remove_orders or self.put_positions or self.remove_positions or self.account
        )


def next_step(worker: int, number: int, held: Held) -> Step:
    """What `worker` does as its step `number`: it follows from what it holds, so that a reader can do the same."""
    chance = zlib.crc32(f"{worker}-{number}".encode())
    order, position = f"{worker}-{chance % ORDERS}", f"{worker}-{chance % POSITIONS}"
    kind, way = chance // 64 % 7, chance // 4096
    extra = {"wait": way % 3 == 0, "intent": way % 11 == 0, "checkpoint": worker == 0 and way % 40 == 0}
    if kind == 0 and order in held.orders:
        return Step(remove_orders=(order,), strategy=True, **extra)
    if kind == 1 and position in held.positions:
        return Step(put_orders=(order,), remove_positions=(position,), **extra)
    if kind in (1, 2):
        return Step(put_orders=(order, f"{worker}-x"), put_positions=(position,), strategy=True, **extra)
    if kind == 3 and worker == 0:
        return Step(account=True, strategy=True, **extra)
    if kind == 4:
        return Step(strategy=True, **extra)
    return Step(put_orders=(order,), **extra)


def advanced(held: Held, number: int, step: Step) -> Held:
    """What is held after a step."""
    orders = {**held.orders, **dict.fromkeys(step.put_orders, number)}
    positions = {**held.positions, **dict.fromkeys(step.put_positions, number)}
    return Held(
        orders={name: value for name, value in orders.items() if name not in step.remove_orders},
        positions={name: value for name, value in positions.items() if name not in step.remove_positions},
        strategy=number if step.strategy else held.strategy,
        equity=number if step.account else held.equity,
    )


def held_by(worker: int, state: SystemState) -> Held:
    """What a state holds of one worker."""
    mine = f"{worker}-"
    strategies = {strategy.name: strategy.state_data for strategy in state.strategy_states or ()}
    return Held(
        orders={order.id: int(order.quantity) for order in state.open_orders if order.id.startswith(mine)},
        positions={p.id: int(p.quantity) for p in state.positions if p.id.startswith(mine)},
        strategy=steps_seen(strategies.get(str(worker), b""))[worker],
        equity=int(state.account.equity) if worker == 0 else 0,
    )


def steps_seen(data: bytes) -> list[int]:
    """What a strategy's data tells: how far each worker's strategy was when it was written."""
    return [int(number) for number in data.split()] or [0] * WORKERS


def digest(state: SystemState) -> str:
    """The same for two states that differ in nothing but their time and the order of their records."""
    parts = [repr(state.account)]
    parts += sorted(map(repr, (*state.open_orders, *state.positions, *(state.strategy_states or ()))))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _say(*words: object) -> None:
    # One write, straight to the file: it outlives the process that is killed right after.
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def _order(name: str, number: int) -> OrderState:
    return OrderState(
        id=name,
        client_order_id=f"n-{name}-{number}",
        symbol="BTC/USDT:USDT",
        side=Side.BUY,
        order_type=OrderType.LIMIT,
        quantity=Decimal(number),
        filled_quantity=Decimal(0),
        price=Decimal("1.5"),
        status=OrderStatus.OPEN,
        created_at=number,
    )


def _position(name: str, number: int) -> PositionState:
    return PositionState(
        id=name,
        symbol=name,
        side=Side.SELL,
        quantity=Decimal(number),
        entry_price=Decimal("36500.1"),
        unrealized_pnl=Decimal("-0.5"),
        opened_at=number,
    )


def _account(number: int) -> AccountState:
    zero = Decimal(0)
    return AccountState(equity=Decimal(number), balance=zero, available=zero, margin_used=zero, unrealized_pnl=zero)


def _set_strategy(live: LiveState, worker: int, number: int, *, wait: bool) -> None:
    seen = [steps_seen(live.strategy(str(other)) or b"")[other] for other in range(WORKERS)]
    seen[worker] = number
    live.set_strategy(str(worker), " ".join(map(str, seen)).encode(), wait=wait)


def _make(live: LiveState, worker: int, number: int, step: Step) -> None:
    if step.single:
        if step.strategy:
            _set_strategy(live, worker, number, wait=step.wait)
        else:
            live.put_order(_order(step.put_orders[0], number), wait=step.wait)
        return
    with live.together(wait=step.wait):
        for name in step.remove_orders:
            live.remove_order(name)
        for name in step.put_orders:
            live.put_order(_order(name, number))
        for name in step.remove_positions:
            live.remove_position(name)
        for name in step.put_positions:
            live.put_position(_position(name, number))
        if step.account:
            live.set_account(_account(number))
        if step.strategy:
            _set_strategy(live, worker, number, wait=False)


def _work(worker: int, live: LiveState, manager: RecoveryManager) -> None:
    held = held_by(worker, live.snapshot())
    number = held.last_step()
    while True:
        number += 1
        step = next_step(worker, number, held)
        if step.intent:
            name = f"i-{worker}-{number}"
            manager.intend_order(symbol="X", client_order_id=name, side="buy", order_type="limit", quantity=number)
            _say("intent", name)
        _make(live, worker, number, step)
        held = advanced(held, number, step)
        if step.checkpoint:
            _say("checkpoint", manager.checkpoint().seq)
        if step.wait or step.checkpoint:
            _say("safe", worker, number)


def _or_die(work: Callable[..., None], *arguments: object) -> None:
    try:
        work(*arguments)
    finally:
        _say("failed")
        os._exit(1)


def main() -> None:
    """Recover, then work until killed."""
    _say("start")
    live = LiveState()
    config = RecoveryConfig(checkpoint_dir=sys.argv[1], checkpoint_interval_ms=20, max_checkpoints=3)
    manager = RecoveryManager(live, config)
    result = manager.recover()
    _say("recovered", result.status, digest(live.snapshot()), result.journal_problem or len(result.skipped) or "")
    manager.start_periodic_checkpoint()
    for worker in range(WORKERS):
        threading.Thread(target=_or_die, args=(_work, worker, live, manager), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
