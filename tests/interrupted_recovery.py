"""A recovery that a fuse ends at any step, and an exchange that counts the requests."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from recovery_builders import LATER, ExchangeInMemory, leg, live
from strategies import T0, ManualClock

from crashdesk.audit import AuditEntry
from crashdesk.config import StoreManifest, write_manifest
from crashdesk.errors import PlanChanged, StoreLocked
from crashdesk.exchange.records import CancelAnswer, CancelStatus, OrderLookup, OrderRef, OrdersReading
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk.state import OrderStatus
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

MANIFEST = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
FIRST = live(id="4", client_order_id="grid-4")
SECOND_ORPHAN = live(id="6", client_order_id="grid-6")
ADOPTED = live(id="5", client_order_id="web_5")
LEFT = live(id="7", client_order_id="web_7")
KNOWN = make.state(open_orders=(make.order(),))
DECISIONS = (
    Decision(order_key=FIRST.key, action=Action.CANCEL, who="kim"),
    Decision(order_key=ADOPTED.key, action=Action.ADOPT, who="kim"),
    Decision(order_key=LEFT.key, action=Action.LEAVE, who="kim", note="the hedge"),
    Decision(order_key=SECOND_ORPHAN.key, action=Action.CANCEL, who="kim"),
)


class Died(BaseException):
    """The desk's process, gone."""


class Fuse:
    """Blows at one action, before or after it took effect; counts them all, and notes the exchange's part."""

    def __init__(self) -> None:
        self.armed = False
        self.at, self.before, self.count = 0, True, 0
        self.requests: list[tuple[str, str]] = []

    def blow_at(self, number: int, *, before: bool) -> None:
        self.armed, self.at, self.before, self.count = True, number, before, 0

    def act(self, what: Callable[[], Any], request: tuple[str, str] | None = None) -> Any:
        self.count += 1
        mine = self.armed and self.count == self.at
        if mine and self.before:
            raise Died
        if request is not None:
            self.requests.append(request)
        result = what()
        if mine:
            raise Died
        return result


class CountedExchange(ExchangeInMemory):
    """Every request passes the fuse; what arrived is counted by order. A cancellation takes effect after `delay` reads."""

    def __init__(self, fuse: Fuse, *orders: Any, **more: Any) -> None:
        super().__init__(*orders, **more)
        self._fuse = fuse
        self.delay = 0
        self._cancelling: dict[str, int] = {}

    def read_open_orders(self, symbols: Any) -> OrdersReading:
        found: OrdersReading = self._fuse.act(lambda: ExchangeInMemory.read_open_orders(self, symbols), ("list", ""))
        return found

    def read_order(self, ref: OrderRef) -> OrderLookup:
        left = self._cancelling.pop(ref.key, None)
        if left is not None and left <= 1:
            self.change(ref.key, status=OrderStatus.CANCELLED)
        elif left is not None:
            self._cancelling[ref.key] = left - 1
        found: OrderLookup = self._fuse.act(lambda: ExchangeInMemory.read_order(self, ref), ("read", ref.key))
        return found

    def cancel_order(self, ref: OrderRef) -> CancelAnswer:
        answer: CancelAnswer = self._fuse.act(lambda: self._cancel(ref), ("cancel", ref.key))
        return answer

    def _cancel(self, ref: OrderRef) -> CancelAnswer:
        if not self.delay:
            return ExchangeInMemory.cancel_order(self, ref)
        self._cancelling[ref.key] = self.delay
        return CancelAnswer(status=CancelStatus.ACCEPTED)


class Place:
    """A store that a dead bot left, an exchange that counts, and whoever recovers it."""

    def __init__(self, directory: Path, fuse: Fuse) -> None:
        self.directory, self.fuse = directory, fuse
        self.clock = ManualClock(LATER)
        with StateStore(directory, clock=ManualClock(T0)) as store:
            store.save(KNOWN)
            write_manifest(directory, MANIFEST, LocalFiles())
            Journal(directory, ManualClock(T0)).close()
        self.exchange = CountedExchange(
            fuse, live(), FIRST, SECOND_ORPHAN, ADOPTED, LEFT, positions=[leg(contracts=Decimal("0.260"))]
        )
        self.view = StoreView(directory, clock=self.clock)
        self.recovery = self.operator()

    def operator(self, who: str = "kim") -> OperatorRecovery:
        return OperatorRecovery(self.view, self.exchange, who=who, clock=self.clock)

    def cancels(self, key: str) -> int:
        return self.fuse.requests.count(("cancel", key))

    def entries(self) -> list[AuditEntry]:
        return self.view.audit_entries()


def wired_fuse(monkeypatch: pytest.MonkeyPatch) -> Fuse:
    """A fuse that every write to journal and store passes, too."""
    made = Fuse()
    for kind, name in ((Journal, "append"), (Journal, "dismiss"), (Journal, "commit"), (StateStore, "save_chunks")):
        real = getattr(kind, name)

        def through(self: Any, *args: Any, _real: Any = real, **more: Any) -> Any:
            return made.act(lambda: _real(self, *args, **more))

        monkeypatch.setattr(kind, name, through)
    return made


def second_operator(directory: str, journal_of_requests: str) -> None:
    """Another desk's process: compares, says so, waits for a line, executes what it saw, and tells what came of it."""
    view = StoreView(directory, clock=ManualClock(LATER))
    fuse = Fuse()
    recovery = OperatorRecovery(
        view, CountedExchange(fuse, live(), FIRST, positions=[leg()]), who="lee", clock=ManualClock(LATER)
    )
    comparison = recovery.compare()
    for told in ("compared", ""):
        print(told, flush=True)
        sys.stdin.readline()
        try:
            recovery.execute(comparison, [DECISIONS[0]], plan_id=comparison.plan.id)
        except (StoreLocked, PlanChanged) as error:
            print(type(error).__name__, flush=True)
    Path(journal_of_requests).write_text(json.dumps(fuse.requests), "utf-8")
    view.close()
