"""What goes on around a desk while somebody clicks on it: an exchange whose ledger forgets nothing, a bot, other people."""

from __future__ import annotations

import contextlib
import os
import random
import threading
from collections.abc import Callable, Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from orphan_incident import BTC, ETH, PREFIX, DeskClock, ExchangeInMemory, exchange_after_the_crash, live

from crashdesk.changes import Mark, checkpoint_mark
from crashdesk.errors import CrashdeskError, ExchangeUnavailable
from crashdesk.exchange.records import (
    AccountReading,
    CancelAnswer,
    CancelStatus,
    ExchangeOrder,
    ExchangePosition,
    LookupStatus,
    Market,
    Namespace,
    OrderLookup,
    OrderRef,
    OrdersReading,
    PositionsReading,
    ScopeKind,
)
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk.state import OPEN_STATUSES, OrderStatus, OrderType, Side
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.lock import HOLDER_NAME, LockHolder
from crashdesk.storage.store import StateStore

DESK, SOMEBODY_ELSE = "desk", "somebody else"
PATIENCE_S = 30
DOWN, LIMITED = "the network is down", "too many requests"


class CancelRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A cancel request as it arrived: `told` is the order as it was told to that client last when it asked for it by itself."""

    who: str
    order_id: str
    told: ExchangeOrder | None


class Ledger:
    """What is true on the exchange, every cancel request that came, and how it answers the desk at the moment.

    While it is `held`, the desk's next question waits for its answer; `asked` is set then.
    """

    def __init__(self, clock: DeskClock) -> None:
        first = exchange_after_the_crash(clock.now_ns())
        self.clock = clock
        self.orders = first.orders
        self.positions = {(each.symbol, each.side): each for each in first.positions}
        self.requests: list[CancelRequest] = []
        self.trouble = ""
        self.unreadable: dict[ScopeKind, str] = {}
        self.refuses = False
        self.asked = threading.Event()
        self._free = threading.Event()
        self._free.set()

    def hold(self) -> None:
        """Let the desk wait for its next answer."""
        self.asked.clear()
        self._free.clear()

    def let_go(self) -> None:
        """Answer again."""
        self._free.set()
        self.asked.clear()

    @property
    def held(self) -> bool:
        return not self._free.is_set()

    def come_to(self) -> None:
        """Where a question of the desk arrives, in its worker thread."""
        if not self._free.is_set():
            self.asked.set()
            assert self._free.wait(PATIENCE_S), "nobody let the exchange answer again"

    def open_orders(self) -> dict[str, ExchangeOrder]:
        """What rests now, by id."""
        return {each.id: each for each in self.orders.values() if each.status in OPEN_STATUSES}


class Line(ExchangeInMemory):
    """One client's connection to the ledger. The desk's suffers what the ledger is told to do to it.

    `listed` and `told_positions` are what its last look told, and `reads_all` whether that was everything.
    """

    def __init__(self, ledger: Ledger, who: str) -> None:
        super().__init__(ledger.clock.now_ns(), (), ())
        self._ledger = ledger
        self._who = who
        self._told: dict[str, ExchangeOrder] = {}
        self.orders = ledger.orders
        self.listed: dict[str, ExchangeOrder] = {}
        self.told_positions: dict[tuple[str, Side], ExchangePosition] = {}
        self.reads_all = {"orders": False, "positions": False}

    def read_open_orders(self, symbols: Collection[str]) -> OrdersReading:
        self._arrive()
        answer = super().read_open_orders(symbols)
        self.listed = {each.id: each for each in answer.orders}
        self.reads_all["orders"] = answer.coverage.complete
        return answer

    def read_positions(self, symbols: Collection[str]) -> PositionsReading:
        self._arrive()
        self.positions = tuple(self._ledger.positions.values())
        answer = super().read_positions(symbols)
        self.told_positions = {(each.symbol, each.side): each for each in answer.positions}
        self.reads_all["positions"] = answer.coverage.complete
        return answer

    def read_account(self) -> AccountReading:
        self._arrive()
        return super().read_account()

    def read_order(self, ref: OrderRef) -> OrderLookup:
        self._arrive()
        if self._trouble:
            pause = 3.0 if self._trouble == LIMITED else None
            return OrderLookup(
                ref=ref,
                status=LookupStatus.UNKNOWN,
                reason=self._trouble,
                read_at=self.now_ns,
                retry_after_s=pause,
            )
        answer = super().read_order(ref)
        if answer.order is not None:
            self._told[answer.order.id] = answer.order
        return answer

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        self._arrive()
        request = CancelRequest(who=self._who, order_id=ref.id, told=self._told.get(ref.id))
        self._ledger.requests.append(request)
        if self._trouble == DOWN:
            return CancelAnswer(status=CancelStatus.UNKNOWN, reason=DOWN)
        if self._trouble == LIMITED:
            return CancelAnswer(status=CancelStatus.NOT_DONE, reason=LIMITED, retry_after_s=3.0)
        if self._who == DESK and self._ledger.refuses:
            return CancelAnswer(status=CancelStatus.NOT_DONE, reason="not now")
        if self._ledger.orders[ref.id].status not in OPEN_STATUSES:
            return CancelAnswer(status=CancelStatus.ABSENT, reason="no such order")
        self.change(ref.id, status=OrderStatus.CANCELLED)
        return CancelAnswer(status=CancelStatus.ACCEPTED)

    def describe_market(self, symbol: str) -> Market | None:
        self._arrive()
        if self._trouble:
            raise ExchangeUnavailable(self._trouble)
        return super().describe_market(symbol)

    @property
    def _trouble(self) -> str:
        return self._ledger.trouble if self._who == DESK else ""

    def _arrive(self) -> None:
        if self._who == DESK:
            self._ledger.come_to()
            every = dict.fromkeys(ScopeKind, self._trouble) if self._trouble else self._ledger.unreadable
            self.unreadable = dict(every)
        self.now_ns = self._ledger.clock.now_ns()


class World:
    """The ledger, the store's bot and other people. `happen` lets something happen, and says what.

    `before_others` and `after_others` are called around what happens, which may write to the store.
    """

    def __init__(self, directory: Path, clock: DeskClock, rng: random.Random) -> None:
        self.directory = directory
        self.clock = clock
        self.ledger = Ledger(clock)
        self.lines: list[Line] = []
        self.before_others: Callable[[], object] = lambda: None
        self.after_others: Callable[[], object] = lambda: None
        self._rng = rng
        self._bot: StateStore | None = None
        self._numbers = iter(range(20_000, 99_999))
        for _ in range(rng.choice([0, 0, 0, 12])):
            self._new_order()

    def connect(self, _manifest: object = None) -> Line:
        """The desk's connection, as it opens one."""
        self.lines.append(Line(self.ledger, DESK))
        return self.lines[-1]

    def is_own(self, order: ExchangeOrder) -> bool:
        """Whether the bot placed it, which its client order id tells here."""
        return order.client_order_id.startswith(PREFIX)

    def happen(self) -> str:
        """Something of what happens to a desk that is open for a long time."""
        event = self._rng.choice(_EVENTS if self._bot is None else [*_EVENTS, *[World._bot_comes_or_goes] * 6])
        self.clock.sleep(self._rng.choice([0.2, 5, 90]))
        self.before_others()
        told = event(self)
        self.after_others()
        return told

    def touch(self, order_id: str) -> str:
        """Something happens to just this order."""
        self.clock.sleep(0.2)
        order = self.ledger.orders[order_id]
        return self._rng.choice([self._fill, self._amended, self._cancelled_elsewhere])(order)

    def clear_up(self) -> None:
        """Everything works again, and no bot runs."""
        self.ledger.trouble = ""
        self.ledger.unreadable = {}
        self.ledger.refuses = False
        self.ledger.let_go()
        self._stop_bot()

    # The exchange

    def _some_open(self) -> ExchangeOrder | None:
        return self._rng.choice(list(self.ledger.open_orders().values()) or [None])  # type: ignore[list-item]

    def _set(self, order: ExchangeOrder, **changes: Any) -> None:
        self.ledger.orders[order.id] = msgspec.structs.replace(order, updated_at=self.clock.now_ns(), **changes)

    def _fill(self, which: ExchangeOrder | None = None) -> str:
        order = which or self._some_open()
        if order is None or order.amount is None or order.filled is None:
            return "nothing fills"
        part = order.filled + (order.amount - order.filled) / 2 if self._rng.random() < 0.5 else order.amount
        done = part == order.amount
        status = OrderStatus.FILLED if done else OrderStatus.PARTIALLY_FILLED
        self._set(order, filled=part, status=status, average=order.price)
        leg = self.ledger.positions.get((BTC, Side.BUY))
        if leg is not None and order.symbol == BTC and order.side is Side.BUY:
            more = leg.contracts + part - order.filled
            self.ledger.positions[BTC, Side.BUY] = msgspec.structs.replace(leg, contracts=more)
        return f"{order.id} fills to {part}"

    def _cancelled_elsewhere(self, which: ExchangeOrder | None = None) -> str:
        order = which or self._some_open()
        if order is None:
            return "nothing is left to cancel"
        self._set(order, status=OrderStatus.CANCELLED)
        return f"{order.id} is cancelled elsewhere"

    def _amended(self, which: ExchangeOrder | None = None) -> str:
        order = which or self._some_open()
        if order is None or order.amount is None:
            return "nothing is left to amend"
        if order.price is not None and self._rng.random() < 0.5:
            self._set(order, price=order.price - Decimal("1.5"))
        else:
            self._set(order, amount=order.amount + Decimal("0.005"))
        return f"{order.id} is amended"

    def _new_order(self) -> str:
        number = str(next(self._numbers))
        kinds: list[dict[str, Any]] = [
            {},
            {},
            {"client_order_id": f"web_{number}", "symbol": ETH, "price": Decimal("1880.20")},
            {"client_order_id": "", "symbol": ETH, "side": Side.SELL, "price": Decimal("2050.00")},
            {
                "namespace": Namespace.CONDITIONAL,
                "order_type": OrderType.STOP,
                "side": Side.SELL,
                "price": None,
                "trigger_price": Decimal("35000.0"),
                "reduce_only": True,
            },
        ]
        created = self.clock.now_ns() - self._rng.choice([1, 600]) * 1_000_000_000
        order = live(number, self.clock.now_ns(), **self._rng.choice(kinds), created_at=created, updated_at=created)
        self.ledger.orders[number] = order
        return f"{number} appears ({order.client_order_id or 'no client order id'})"

    def _position_moves(self) -> str:
        if (ETH, Side.SELL) in self.ledger.positions:
            del self.ledger.positions[ETH, Side.SELL]
            return "a position is closed"
        self.ledger.positions[ETH, Side.SELL] = ExchangePosition(
            symbol=ETH, side=Side.SELL, contracts=Decimal("1.500"), contract_size=Decimal("1")
        )
        return "a position is opened"

    def _weather(self) -> str:
        ledger = self.ledger
        foul = ledger.trouble or ledger.unreadable or ledger.refuses
        ledger.trouble, ledger.unreadable, ledger.refuses = "", {}, False
        kind = "fair" if foul else self._rng.choice([DOWN, LIMITED, "unread", "refuses"])
        if kind in (DOWN, LIMITED):
            ledger.trouble = kind
        elif kind == "unread":
            ledger.unreadable = {self._rng.choice(list(ScopeKind)): "timed out"}
        ledger.refuses = kind == "refuses"
        return f"weather: {kind}"

    # The store

    def _bot_comes_or_goes(self) -> str:
        if self._bot is not None:
            self._stop_bot()
            return "the bot stops"
        bot = StateStore(self.directory, purpose="btc-grid", clock=self.clock)
        with contextlib.suppress(CrashdeskError):
            bot.acquire()
            note = LockHolder(
                pid=os.getpid() + 1,
                host="trade-1",
                program="bot.py",
                purpose="btc-grid",
                acquired_at=self.clock.now_ns(),
            )
            (self.directory / HOLDER_NAME).write_bytes(msgspec.json.encode(note))
            self._bot = bot
            return "the bot starts"
        bot.close()
        return "the bot cannot start: the desk has the store"

    def _stop_bot(self) -> None:
        if self._bot is not None:
            self._bot.close()
            self._bot = None

    def _new_checkpoint(self) -> str:
        with contextlib.suppress(CrashdeskError), StateStore(self.directory, clock=self.clock) as store:
            if self._bot is None:
                store.acquire()
            writer = self._bot or store
            state = msgspec.structs.replace(writer.load_latest(), timestamp=self.clock.now_ns())
            journal = Journal(self.directory, self.clock)
            info = writer.save(state)
            mark = checkpoint_mark(Mark(info.seq, state.timestamp))
            journal.commit([mark], causes=[(info.seq, Cause.PERIODIC)])
            journal.close()
            return f"checkpoint {info.seq} appears"
        return "no checkpoint can be written"

    def _rot(self) -> str:
        names = sorted((self.directory / "checkpoints").glob("*.zqck"))
        if len(names) < 3 or self.ledger.held:
            return "nothing rots"
        data = bytearray(names[-1].read_bytes())
        data[len(data) // 2] ^= 1
        names[-1].write_bytes(data)
        return f"{names[-1].name} rots"

    def _another_desk_recovers(self) -> str:
        with StoreView(self.directory, clock=self.clock) as view:
            desk = OperatorRecovery(view, Line(self.ledger, SOMEBODY_ELSE), who="kim", clock=self.clock)
            try:
                compared = desk.compare()
                proposed = [each for each in compared.plan.orphans if each.preselected]
                chosen = [Decision(order_key=each.key, action=Action.CANCEL, who="kim") for each in proposed]
                desk.execute(compared, chosen, plan_id=compared.plan.id)
            except CrashdeskError as error:
                return f"another desk cannot recover: {type(error).__name__}"
        return f"another desk recovers and cancels {len(chosen)}"


_EVENTS: list[Callable[[World], str]] = [
    World._fill,
    World._fill,
    World._cancelled_elsewhere,
    World._amended,
    World._amended,
    World._new_order,
    World._new_order,
    World._position_moves,
    World._weather,
    World._weather,
    World._weather,
    World._bot_comes_or_goes,
    World._new_checkpoint,
    World._rot,
    World._another_desk_recovers,
]
