"""A bot whose exchange has a dead man's switch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from pathlib import Path

import strategies as make
from recovery_builders import LATER, SECOND, ExchangeInMemory, live, stop
from strategies import ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import RecoveryConfig, StoreManifest
from crashdesk.errors import CrashdeskError, ExchangeUnavailable
from crashdesk.exchange.cancel_after import CancelAllAfter
from crashdesk.inspection import StoreView
from crashdesk.recovery import RecoveryManager
from crashdesk.state import OrderStatus, SystemState
from crashdesk.switch_state import SwitchPosition

MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
STATE = make.state(timestamp=LATER, open_orders=(make.order(),), positions=())
PROTECTING = stop(id="6", client_order_id="grid-6")


class GateClock(ManualClock):
    """A thread that waits goes on when the test lets it, its pause later."""

    def __init__(self) -> None:
        super().__init__(LATER)
        self._permits = threading.Semaphore(0)
        self._waiting = threading.Semaphore(0)
        self.pauses: list[float] = []

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.pauses.append(seconds)
        self._waiting.release()
        while not event.is_set():
            if self._permits.acquire(timeout=0.005):
                self.sleep(seconds)
                break
        return event.is_set()

    def next(self) -> None:
        """Let the thread have its pause, and wait until it has done what comes then."""
        self.rest()
        self._permits.release()
        self.rest()
        self._waiting.release()

    def rest(self) -> None:
        assert self._waiting.acquire(timeout=5), "nobody waits"


class SwitchExchange(ExchangeInMemory):
    """An exchange with a switch for the whole account, which fires by its own clock."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(live(), PROTECTING)
        self._clock = clock
        self.due: int | None = None
        self.down = ""
        self.covers = CancelAllAfter()

    def arm_cancel_all_after(self, seconds: float, symbols: Collection[str]) -> CancelAllAfter:
        self._asked("arm_cancel_all_after")
        self.run_out()
        if self.down:
            raise ExchangeUnavailable(self.down)
        self.due = self._clock.now_ns() + int(seconds * SECOND) if seconds else None
        return self.covers

    def run_out(self) -> None:
        """Fire if it is time."""
        if self.due is not None and self._clock.now_ns() >= self.due:
            for key in self.open_keys():
                self.change(key, status=OrderStatus.CANCELLED, updated_at=self.due)
            self.due = None


class Plain:
    def snapshot(self) -> SystemState:
        return STATE

    def restore(self, state: SystemState) -> None:
        pass


class Bot:
    """A bot with a store, an exchange, and what it was told of failures."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = GateClock()
        self.exchange = SwitchExchange(self.clock)
        self.errors: list[CrashdeskError] = []
        self.heard: Callable[[], None] = lambda: None
        self.manager = self.start()

    def start(self) -> RecoveryManager:
        return RecoveryManager(
            Plain(),
            RecoveryConfig(checkpoint_dir=self.directory),
            self.exchange,
            manifest=MANIFEST,
            clock=self.clock,
            on_error=self.hear,
            account_locks=self.directory.with_name(f"{self.directory.name}-locks"),
        )

    def hear(self, error: CrashdeskError) -> None:
        self.errors.append(error)
        self.heard()

    def told(self) -> list[str]:
        with StoreView(self.directory, clock=self.clock) as view:
            return [entry.text for entry in view.audit_entries() if entry.kind is AuditKind.SWITCH]

    def position(self) -> SwitchPosition:
        with StoreView(self.directory, clock=self.clock) as view:
            state = view.dead_mans_switch()
        assert state is not None
        return state.position
