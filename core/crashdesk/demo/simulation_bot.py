"""The bot of a simulated incident: it trades on the ledger, keeps a real store, and dies wherever it is told to."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import msgspec

from crashdesk.codec import EncodedState
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.demo.simulation_exchange import STATUSES, TYPES
from crashdesk.demo.simulation_world import BOT, Habits, SimulatedClock, World, is_open, rounded, side_of
from crashdesk.demo.venue.orders import Order
from crashdesk.demo.venue.records import Namespace
from crashdesk.exchange.protocol import Exchange
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.results import RecoveryResult
from crashdesk.state import OrderState, PositionState, Side, SystemState
from crashdesk.storage.files import LocalFiles

STRATEGY = "simulated"
_ACTIONS = (
    ["place"] * 6 + ["cancel"] * 2 + ["learn"] * 4 + ["checkpoint"] * 2 + ["amend", "replace", "several", "think"]
)


class Crashed(BaseException):
    """The process is gone. No handler of an ordinary error may see it."""


class Crash:
    """Where a process dies: at the `steps`-th place that asks. What it leaves behind is a copy of its store."""

    def __init__(self, directory: Path, remains: Path, steps: int) -> None:
        self.directory, self.remains = directory, remains
        self._steps = steps
        self.place = ""

    def here(self, place: str) -> None:
        """Die here when it is time. Raises Crashed."""
        if self.passed(place):
            raise Crashed(self.place)

    def now(self, place: str) -> NoReturn:
        """Die here whatever was planned. Raises Crashed."""
        self._steps = 0
        self.passed(place)
        raise Crashed(self.place)

    def passed(self, place: str) -> bool:
        """Leave the remains when it is time; True from then on."""
        if self.place:
            return True
        self._steps -= 1
        if self._steps >= 0:
            return False
        self.place = place
        shutil.copytree(self.directory, self.remains)
        return True


class CrashingFiles(LocalFiles):
    """A disk that is asked for one thing after the other; at any of them the machine may stop."""

    def __init__(self) -> None:
        self.crash: Crash | None = None

    def create(self, path: Path) -> int:
        self._pass("before a file is created")
        return super().create(path)

    def sync(self, descriptor: int) -> None:
        self._pass("before a file is flushed")
        super().sync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self._pass("before a file gets its name")
        super().rename(source, target)

    def sync_directory(self, path: Path) -> None:
        self._pass("after a file got its name")
        super().sync_directory(path)

    def remove(self, path: Path) -> None:
        self._pass("before a file is removed")
        super().remove(path)

    def _pass(self, place: str) -> None:
        # On the thread that saves: the bot itself dies when it hears that the checkpoint was made.
        if self.crash is not None:
            self.crash.passed(f"in a checkpoint, {place}")


class RememberingState(LiveState):
    """Keeps what it was restored from, before anything put it right."""

    restored: SystemState | None = None

    def restore(self, state: SystemState, *, records: EncodedState | None = None, journalled: bool = False) -> None:
        self.restored = state
        super().restore(state, records=records, journalled=journalled)


class Character(msgspec.Struct, frozen=True, kw_only=True):
    """What one bot writes down and how it marks its orders."""

    manifest: StoreManifest
    prefix: str
    intends: bool
    cancels_orphans: bool = True
    max_checkpoints: int = 3


class SimulatedBot:
    """One run of the bot's process. `acknowledged` is what must survive, `intended` the client order ids of durable intents."""

    def __init__(
        self,
        character: Character,
        world: World,
        clock: SimulatedClock,
        directory: Path,
        rng: random.Random,
        *,
        account_locks: Path,
        exchange: Exchange | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """`meanwhile` is what the others do between two actions."""
        self._meanwhile = meanwhile
        self._character = character
        self._world = world
        self._clock = clock
        self._rng = rng
        self._files = CrashingFiles()
        self.live = RememberingState(clock=clock)
        config = RecoveryConfig(
            checkpoint_dir=directory,
            max_checkpoints=character.max_checkpoints,
            cancel_orphan_orders=character.cancels_orphans,
        )
        self.manager = RecoveryManager(
            self.live,
            config,
            exchange,
            manifest=character.manifest,
            clock=clock,
            files=self._files,
            account_locks=account_locks,
        )
        self.acknowledged = self.live.snapshot()
        self.intended: set[str] = set()
        self._crash = Crash(directory, directory, 1 << 60)

    def recover(self) -> RecoveryResult:
        """Start as every bot does."""
        result = self.manager.recover()
        self.acknowledged = self.live.snapshot()
        return result

    def close(self) -> None:
        """End the process in order, or clear away what is left of it after a crash."""
        self.manager.close()

    def work(self, actions: int, crash: Crash) -> None:
        """Trade until it dies. Raises Crashed, always."""
        self._crash = self._files.crash = crash
        self._acknowledge()
        for _ in range(actions):
            self._clock.sleep(self._rng.choice([0.05, 0.4, 3, 20, 400]))
            getattr(self, "_" + self._rng.choice(_ACTIONS))()
            self._meanwhile()
            self._here("between two actions")
        crash.now("idle")

    def _here(self, place: str) -> None:
        self._crash.here(place)

    def _acknowledge(self) -> None:
        self.acknowledged = self.live.snapshot()

    def _place(self) -> None:
        order = self._send()
        if order is not None and is_open(order):
            self._here("before an order is noted")
            self.live.put_order(self._noted(order), wait=True)
            self._acknowledge()
        elif order is not None:
            self._learn()

    def _send(self) -> Order | None:
        """Send an order; None when its answer never came or it was refused."""
        habits = Habits(who=BOT, prefix=self._character.prefix or "x")
        request = self._world.wish(habits, self._rng)
        self._here("before an intent")
        if self._character.intends:
            self.manager.intend_order(
                symbol=request.symbol,
                client_order_id=request.client_order_id,
                side=request.side.lower(),
                order_type=TYPES[request.kind].value,
                quantity=request.quantity,
                price=request.price,
            )
            self.intended.add(request.client_order_id)
            # An intent takes everything that waits before it along.
            self._acknowledge()
        self._here("after an intent")
        if self._rng.random() < 0.05:
            return None  # it never arrived
        order = self._world.place(request)
        self._here("after an order reached the exchange")
        return None if self._rng.random() < 0.35 else order

    def _cancel(self) -> None:
        order = self._one_of_mine()
        if order is None:
            return
        if self._rng.random() < 0.6:
            request = order.request
            self.manager.intend_cancel(
                symbol=request.symbol, order_id=str(order.id), client_order_id=request.client_order_id
            )
            self._acknowledge()
        self._here("before a cancel")
        self._world.cancel(order, BOT)
        self._here("after a cancel reached the exchange")
        if self._rng.random() < 0.85:
            self.live.remove_order(str(order.id), wait=True)
            self._acknowledge()

    def _amend(self) -> None:
        order = self._one_of_mine()
        if order is None:
            return
        self._world.amend(order, factor=Decimal(self._rng.choice(["0.5", "1", "2"])))
        self._here("after an amendment reached the exchange")
        if is_open(order):
            self.live.put_order(self._noted(order), wait=True)
            self._acknowledge()

    def _replace(self) -> None:
        """Cancel and place anew; sometimes under the same client order id."""
        order = self._one_of_mine()
        if order is None or order.request.price is None or order.request.trigger_price is not None:
            return
        self._world.cancel(order, BOT)
        self._here("between cancel and replacement")
        request = msgspec.structs.replace(order.request, quantity=order.remaining)
        if self._rng.random() < 0.5:
            number = f"{order.request.client_order_id}r"
            request = msgspec.structs.replace(request, client_order_id=number)
            if self._character.intends:
                self.manager.intend_order(
                    symbol=request.symbol,
                    client_order_id=number,
                    side=request.side.lower(),
                    order_type="limit",
                    quantity=request.quantity,
                    price=request.price,
                )
                self.intended.add(number)
                self._acknowledge()
        successor = self._world.place(request)
        self._here("after a replacement reached the exchange")
        with self.live.together(wait=True):
            self.live.remove_order(str(order.id))
            self._here("in a group")
            if successor is not None and is_open(successor):
                self.live.put_order(self._noted(successor))
        self._acknowledge()

    def _several(self) -> None:
        """Two orders that belong together."""
        orders = [order for order in (self._send(), self._send()) if order is not None and is_open(order)]
        with self.live.together(wait=True):
            for order in orders:
                self.live.put_order(self._noted(order))
                self._here("in a group")
            self.live.set_strategy(STRATEGY, b"%d" % len(self.live.orders))
        self._acknowledge()

    def _think(self) -> None:
        self.live.set_strategy(STRATEGY, b"%d" % self._rng.getrandbits(30), wait=True)
        self._acknowledge()

    def _checkpoint(self) -> None:
        self.manager.checkpoint()
        if self._crash.place:
            raise Crashed(self._crash.place)

    def _learn(self) -> None:
        """Take in what the exchange tells of orders, positions and account; durable with the trade."""
        with self.live.together(wait=True):
            for known in self.live.orders:
                order = self._find(known)
                if order is None or not is_open(order):
                    self.live.remove_order(known.id)
                else:
                    self.live.put_order(self._noted(order))
            self._here("in a group")
            self._take_in_positions()
            self.live.set_account(self._world.money())
        self.manager.checkpoint_on_trade()
        self._acknowledge()

    def _take_in_positions(self) -> None:
        before = {position.id: position for position in self.live.positions}
        for position in self._world.positions():
            side = Side.BUY if position.quantity > 0 else Side.SELL
            name = f"{position.symbol}:{side.leg}"
            known = before.pop(name, None)
            self.live.put_position(
                PositionState(
                    id=name,
                    symbol=position.symbol,
                    side=side,
                    quantity=abs(position.quantity),
                    entry_price=position.entry_price,
                    unrealized_pnl=position.unrealized_pnl(self._world.ledger.books[position.symbol].last),
                    opened_at=known.opened_at if known else self._clock.now_ns(),
                )
            )
        for name in before:
            self.live.remove_position(name)

    def _one_of_mine(self) -> Order | None:
        found = [order for known in self.live.orders if (order := self._find(known)) is not None and is_open(order)]
        return self._rng.choice(found) if found else None

    def _find(self, known: OrderState) -> Order | None:
        for namespace in Namespace:
            order = self._world.find(namespace, known.id)
            if order is not None:
                return order
        return None

    def _noted(self, order: Order) -> OrderState:
        request = order.request
        quantity = request.quantity or rounded(Decimal(1), self._world.spec(request.symbol).step)
        return OrderState(
            id=str(order.id),
            client_order_id=request.client_order_id,
            symbol=request.symbol,
            side=side_of(order),
            order_type=TYPES[request.kind],
            quantity=quantity,
            filled_quantity=order.filled,
            price=request.price if request.price is not None else request.trigger_price,
            status=STATUSES[order.status],
            created_at=order.created_ms * 1_000_000,
        )


def same_content(one: SystemState, other: SystemState) -> bool:
    """Whether two states hold the same records, whatever their order and time."""
    return content(one) == content(other)


def content(state: SystemState) -> tuple[object, ...]:
    """A state without its time and the order of its records."""
    return (
        state.account,
        frozenset(state.open_orders),
        frozenset(state.positions),
        frozenset(state.strategy_states or ()),
    )
