"""A recovery that dies at any step, or that two people begin at once: never two requests for one order, nothing forgotten."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from recovery_builders import LATER, ExchangeInMemory, leg, live, reading
from strategies import T0, ManualClock

from crashdesk.audit import AuditEntry, AuditKind, broken_links
from crashdesk.config import StoreManifest, write_manifest
from crashdesk.errors import PlanChanged, StoreLocked
from crashdesk.exchange.records import (
    CancelAnswer,
    CancelStatus,
    Coverage,
    LookupStatus,
    OrderLookup,
    OrderRef,
    OrdersReading,
    ScopeKind,
)
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery, RecoveryReport
from crashdesk.reconcile.records import Action, Decision, OutcomeKind
from crashdesk.state import OrderStatus
from crashdesk.storage.database import DatabaseUnusable
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


@pytest.fixture
def fuse(monkeypatch: pytest.MonkeyPatch) -> Fuse:
    made = Fuse()
    for kind, name in ((Journal, "append"), (Journal, "dismiss"), (Journal, "commit"), (StateStore, "save_chunks")):
        real = getattr(kind, name)

        def through(self: Any, *args: Any, _real: Any = real, **more: Any) -> Any:
            return made.act(lambda: _real(self, *args, **more))

        monkeypatch.setattr(kind, name, through)
    return made


@pytest.fixture
def place(memory_path: Path, fuse: Fuse) -> Iterator[Place]:
    made = Place(memory_path / "store", fuse)
    yield made
    made.view.close()


def steps_of_a_whole_recovery(directory: Path, fuse: Fuse) -> int:
    place = Place(directory, fuse)
    comparison = place.recovery.compare()
    before = fuse.count
    assert place.recovery.execute(comparison, DECISIONS, plan_id=comparison.plan.id).saved is not None
    place.view.close()
    fuse.requests.clear()
    return fuse.count - before


@pytest.mark.scenario(35)
@pytest.mark.parametrize(
    ("before", "delay"),
    [(True, 0), (False, 0), (False, 3)],
    ids=["before it took effect", "after it took effect", "while it takes effect slowly"],
)
def test_a_crash_at_any_step_sends_nothing_twice_and_forgets_nothing(
    memory_path: Path, fuse: Fuse, before: bool, delay: int
) -> None:
    steps = steps_of_a_whole_recovery(memory_path / "whole", fuse)
    assert steps > 20
    for number in range(1, steps + 1):
        place = Place(memory_path / f"store-{number}", fuse)
        place.exchange.delay = delay
        comparison = place.recovery.compare()
        fuse.requests.clear()
        fuse.blow_at(number, before=before)
        with pytest.raises(Died):
            place.recovery.execute(comparison, DECISIONS, plan_id=comparison.plan.id)
        fuse.armed = False
        sent_before = len(fuse.requests)
        finish(place)
        after = [name for name, _ in fuse.requests[sent_before:]]
        assert after[:1] in ([], ["list"]), "it begins by reading"
        check_nothing_lost(place, f"step {number}")
        place.view.close()
        fuse.requests.clear()


def finish(place: Place) -> None:
    """What an operator does after the crash: resume what was begun, begin what was not."""
    interrupted = place.recovery.interrupted()
    if interrupted is not None:
        assert place.recovery.resume(interrupted).saved is not None
    elif not any(entry.kind is AuditKind.RECOVERY for entry in place.entries()):
        comparison = place.recovery.compare()
        report = place.recovery.execute(comparison, DECISIONS, plan_id=comparison.plan.id)
        assert report.saved is not None


def check_nothing_lost(place: Place, where: str) -> None:
    for order in (FIRST, SECOND_ORPHAN):
        assert place.cancels(order.key) <= 1, where
    assert {key for name, key in place.fuse.requests if name == "cancel"} <= {FIRST.key, SECOND_ORPHAN.key}
    assert place.recovery.interrupted() is None
    last = place.view.latest()
    assert last is not None
    assert {order.id for order in last.state.open_orders} == {"8389765", "5"}, where
    assert last.state.positions[0].quantity == Decimal("0.260")
    assert [item.note for item in place.view.journal_view().dismissals] == ["the hedge"]
    entries = place.entries()
    assert broken_links(entries) == []
    told = {entry.order_key: entry.data["outcome"] for entry in entries if entry.kind is AuditKind.OUTCOME}
    assert told.keys() == {decision.order_key for decision in DECISIONS}, where
    for order in (FIRST, SECOND_ORPHAN):
        is_open = order.key in place.exchange.open_keys()
        # A cancellation that never left is told as unknown, and the next comparison offers the order again.
        assert (told[order.key] == "unknown") is is_open, where
        assert (order.key in {v.key for v in place.recovery.compare().plan.needs_decision}) is is_open


def test_a_journal_that_fails_in_mid_batch_stops_it_and_the_report_tells_what_was_done(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = place.recovery.compare()
    real = Journal.append

    def failing(self: Journal, kind: AuditKind, text: str, **more: Any) -> Any:
        if kind in (AuditKind.OUTCOME, AuditKind.PROBLEM):
            raise DatabaseUnusable("journal.sqlite cannot be written: disk I/O error")
        return real(self, kind, text, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "append", failing)
        report = place.recovery.execute(comparison, DECISIONS, plan_id=comparison.plan.id)
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.CANCELLED]
    assert (report.saved, report.execution.stopped) == (None, True)
    assert "the audit log cannot be written any more" in report.problem
    finish(place)
    check_nothing_lost(place, "after a journal that failed")


def test_an_outcome_that_was_decided_otherwise_before_is_not_taken_for_what_is_decided_now(place: Place) -> None:
    """Stopped, decided anew, interrupted: what was left before is cancelled, what was adopted before is not in the state."""
    comparison = place.recovery.compare()
    adopt = Decision(order_key=ADOPTED.key, action=Action.ADOPT, who="kim")
    leave = Decision(order_key=FIRST.key, action=Action.LEAVE, who="kim")
    asked = iter([False, False, True])
    place.recovery.execute(
        comparison,
        [adopt, leave, DECISIONS[3]],
        plan_id=comparison.plan.id,
        stopped=lambda: next(asked),
    )
    anew = [
        Decision(order_key=FIRST.key, action=Action.CANCEL, who="kim"),
        Decision(order_key=ADOPTED.key, action=Action.LEAVE, who="kim"),
    ]
    place.recovery.execute(comparison, anew, plan_id=comparison.plan.id, stopped=lambda: True)
    interrupted = place.recovery.interrupted()
    assert interrupted is not None
    assert interrupted.done == frozenset()
    report = place.recovery.resume(interrupted)
    assert place.cancels(FIRST.key) == 1
    assert {outcome.order_key: outcome.kind for outcome in report.execution.outcomes} == {
        ADOPTED.key: OutcomeKind.LEFT,
        FIRST.key: OutcomeKind.CANCELLED,
    }
    assert report.state is not None
    assert {order.id for order in report.state.open_orders} == {"8389765"}


def test_an_adopted_order_is_saved_as_it_is_at_the_end(place: Place) -> None:
    comparison = place.recovery.compare()
    place.exchange.before_read = lambda: place.exchange.change(
        ADOPTED.key, filled=Decimal("0.004"), status=OrderStatus.PARTIALLY_FILLED
    )
    report = place.recovery.execute(comparison, [DECISIONS[1]], plan_id=comparison.plan.id)
    assert report.state is not None
    adopted = next(order for order in report.state.open_orders if order.id == "5")
    assert (adopted.quantity, adopted.filled_quantity) == (Decimal("0.010"), Decimal("0.004"))
    assert (adopted.price, adopted.client_order_id) == (ADOPTED.price, "web_5")


@pytest.mark.parametrize(
    ("status", "kind"), [(OrderStatus.FILLED, OutcomeKind.FILLED), (OrderStatus.CANCELLED, OutcomeKind.ALREADY_CLOSED)]
)
def test_an_adopted_order_that_vanished_before_the_end_is_not_adopted_and_not_said_to_be(
    place: Place, status: OrderStatus, kind: OutcomeKind
) -> None:
    comparison = place.recovery.compare()
    place.exchange.before_read = lambda: place.exchange.change(ADOPTED.key, filled=Decimal("0.010"), status=status)
    report = place.recovery.execute(comparison, [DECISIONS[1]], plan_id=comparison.plan.id)
    assert report.state is not None
    assert {order.id for order in report.state.open_orders} == {"8389765"}
    (outcome,) = report.execution.outcomes
    assert outcome.kind is kind
    assert "not in the saved state after all" in outcome.text
    assert [entry.data["outcome"] for entry in place.entries() if entry.kind is AuditKind.OUTCOME] == [
        "adopted",
        kind.value,
    ]


def test_an_adoption_stands_when_the_plan_is_carried_out_again_without_an_answer(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = place.recovery.compare()
    asked = iter([False, True])
    place.recovery.execute(comparison, DECISIONS[1:3], plan_id=comparison.plan.id, stopped=lambda: next(asked))
    monkeypatch.setattr(
        place.exchange,
        "read_order",
        lambda ref: OrderLookup(ref=ref, status=LookupStatus.UNKNOWN, reason="no answer in time", read_at=LATER),
    )
    report = place.recovery.execute(comparison, [DECISIONS[1]], plan_id=comparison.plan.id)
    assert report.state is not None
    assert {order.id for order in report.state.open_orders} == {"8389765", "5"}


class PerSymbolExchange(ExchangeInMemory):
    """Lists the open orders of the symbols that it is asked for, as many exchanges do; `lagging` ones are left out."""

    lagging: frozenset[str] = frozenset()

    def read_open_orders(self, symbols: Any) -> OrdersReading:
        listed = ExchangeInMemory.read_open_orders(self, symbols).orders
        return OrdersReading(
            orders=tuple(order for order in listed if order.symbol in symbols and order.key not in self.lagging),
            coverage=Coverage(
                readings=tuple(
                    reading(kind, symbol=symbol)
                    for symbol in symbols
                    for kind in (ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS)
                )
            ),
        )


@pytest.mark.parametrize("lagging", [False, True], ids=["listed", "missing from the last list"])
def test_an_adopted_order_stays_although_the_position_that_led_to_its_symbol_closed(
    place: Place, lagging: bool
) -> None:
    """Only the position told that the bot trades this symbol: at the end its orders are asked for all the same."""
    ether = live(id="9", client_order_id="web_9", symbol="ETH/USDT:USDT")
    exchange = PerSymbolExchange(live(), ether, positions=[leg(), leg(symbol="ETH/USDT:USDT")])
    recovery = OperatorRecovery(place.view, exchange, who="kim", clock=place.clock)
    comparison = recovery.compare()
    exchange.positions = [leg()]
    exchange.lagging = frozenset({ether.key} if lagging else ())
    report = recovery.execute(
        comparison, [Decision(order_key=ether.key, action=Action.ADOPT, who="kim")], plan_id=comparison.plan.id
    )
    assert report.problem == ""
    assert [outcome.kind for outcome in report.execution.outcomes] == [OutcomeKind.ADOPTED]
    assert report.state is not None
    assert {order.id for order in report.state.open_orders} == {"8389765", "9"}


@pytest.mark.usefixtures("impatient")
@pytest.mark.scenario(34)
@pytest.mark.parametrize("same_desk", [True, False], ids=["a double click", "two operators"])
def test_two_that_execute_at_the_same_moment_send_one_request(place: Place, same_desk: bool) -> None:
    other = place.recovery if same_desk else place.operator("lee")
    plans = [(place.recovery, place.recovery.compare())]
    plans.append((other, plans[0][1] if same_desk else other.compare()))
    within, go_on = threading.Event(), threading.Event()

    def hold(ref: OrderRef) -> None:
        within.set()
        assert go_on.wait(10)

    place.exchange.on_cancel = hold
    reports: list[RecoveryReport] = []

    def run(recovery: OperatorRecovery, comparison: Any) -> None:
        reports.append(recovery.execute(comparison, [DECISIONS[0]], plan_id=comparison.plan.id))

    first = threading.Thread(target=run, args=plans[0])
    first.start()
    assert within.wait(10)
    with pytest.raises(StoreLocked):
        run(*plans[1])
    go_on.set()
    first.join(10)
    with pytest.raises(PlanChanged):
        run(*plans[1])
    assert [report.saved is not None for report in reports] == [True]
    assert place.cancels(FIRST.key) == 1


_SECOND_PROCESS = """
import sys, json
sys.path[:0] = json.loads(sys.argv[3])
from test_execute_interrupted import second_operator
second_operator(sys.argv[1], sys.argv[2])
"""


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


@pytest.mark.scenario(34)
def test_an_operator_in_another_process_is_kept_out_while_and_after_this_one_executes(
    place: Place, tmp_path: Path
) -> None:
    sent = tmp_path / "requests.json"
    paths = json.dumps([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    arguments = [sys.executable, "-c", _SECOND_PROCESS, str(place.directory), str(sent), paths]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None

        def say() -> None:
            assert other.stdin is not None
            other.stdin.write("go\n")
            other.stdin.flush()

        def hear() -> str:
            assert other.stdout is not None
            return other.stdout.readline().strip()

        watchdog = threading.Timer(60, other.kill)
        watchdog.start()
        try:
            assert hear() == "compared"
            heard: list[str] = []

            def meanwhile(ref: OrderRef) -> None:
                say()
                heard.append(hear())

            place.exchange.on_cancel = meanwhile
            comparison = place.recovery.compare()
            report = place.recovery.execute(comparison, [DECISIONS[0]], plan_id=comparison.plan.id)
            assert report.saved is not None
            assert hear() == ""
            say()
            heard.append(hear())
            other.wait(30)
        finally:
            watchdog.cancel()
            with contextlib.suppress(OSError):
                other.kill()
    assert heard == ["StoreLocked", "PlanChanged"]
    assert [name for name, _ in json.loads(sent.read_text("utf-8"))] == ["list"]
    assert place.cancels(FIRST.key) == 1
