"""An account that may be another one: nothing is cancelled or saved by the way, and nothing is a dead end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import strategies as make
from recovery_builders import ExchangeInMemory, leg, live
from rich.console import Console
from strategies import T0, ManualClock

from crashdesk.cli_recover import Wishes, account_confirmed
from crashdesk.config import StoreManifest, write_manifest
from crashdesk.errors import WrongAccount
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision, Plan
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

KNOWN = make.state(
    open_orders=(make.order(), make.order(id="2", client_order_id="grid-2")), positions=(make.position(),)
)
STRAY = live(id="77", client_order_id="grid-900")
CANCEL = Decision(order_key=STRAY.key, action=Action.CANCEL, who="kim")


@pytest.fixture
def view(tmp_path: Path) -> Iterator[StoreView]:
    directory = tmp_path / "store"
    with StateStore(directory, clock=ManualClock(T0)) as opened:
        opened.save(KNOWN)
        manifest = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
        write_manifest(directory, manifest, LocalFiles())
        Journal(directory, ManualClock(T0)).close()
    with StoreView(directory, clock=ManualClock(T0 + 60_000_000_000)) as opened_view:
        yield opened_view


def recovery(view: StoreView, exchange: ExchangeInMemory) -> OperatorRecovery:
    clock = ManualClock(T0 + 60_000_000_000)
    return OperatorRecovery(view, exchange, who="kim", clock=clock, account_locks=view.directory.parent / "locks")


def test_one_click_neither_cancels_nor_saves(view: StoreView) -> None:
    exchange = ExchangeInMemory(STRAY)
    desk = recovery(view, exchange)
    comparison = desk.compare()
    with pytest.raises(WrongAccount, match=r"may be another one.*Nothing was sent or saved"):
        desk.execute(comparison, [CANCEL], plan_id=comparison.plan.id)
    assert exchange.open_keys() == {STRAY.key}
    assert len(view.checkpoints()) == 1


def test_a_wiped_test_account_can_be_recovered_by_who_confirms_it(view: StoreView) -> None:
    desk = recovery(view, ExchangeInMemory(STRAY))
    comparison = desk.compare()
    report = desk.execute(comparison, [CANCEL], plan_id=comparison.plan.id, account_confirmed=True)
    assert report.saved is not None
    assert report.state is not None
    assert report.state.open_orders == ()


def test_a_recovery_is_not_resumed_with_the_keys_of_another_account(view: StoreView) -> None:
    right = ExchangeInMemory(live(), live(id="2", client_order_id="grid-2"), STRAY, positions=[leg()])
    desk = recovery(view, right)
    comparison = desk.compare()
    desk.execute(comparison, [CANCEL], plan_id=comparison.plan.id, stopped=lambda: True)
    interrupted = desk.interrupted()
    assert interrupted is not None
    other = ExchangeInMemory(STRAY)
    with pytest.raises(WrongAccount, match="may be another one"):
        recovery(view, other).resume(interrupted)
    assert other.open_keys() == {STRAY.key}
    assert recovery(view, right).resume(interrupted).saved is not None


def test_what_was_confirmed_once_is_resumed(view: StoreView) -> None:
    desk = recovery(view, ExchangeInMemory(STRAY))
    comparison = desk.compare()
    desk.execute(comparison, [CANCEL], plan_id=comparison.plan.id, stopped=lambda: True, account_confirmed=True)
    interrupted = desk.interrupted()
    assert interrupted is not None
    assert desk.resume(interrupted).saved is not None


@pytest.fixture
def denied(view: StoreView) -> Plan:
    return recovery(view, ExchangeInMemory(STRAY)).compare().plan


@pytest.mark.parametrize(("typed", "confirmed"), [("3", True), ("y", False), ("", False), ("2", False)])
def test_a_terminal_wants_the_number_of_what_is_given_up(
    denied: Plan, monkeypatch: pytest.MonkeyPatch, typed: str, confirmed: bool
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    asked: list[str] = []

    def type_in(question: str) -> str:
        asked.append(question)
        return typed

    assert account_confirmed(denied, Wishes(), Console(quiet=True), type_in) is confirmed
    assert "Type 3" in asked[0]


@pytest.mark.parametrize("wishes", [Wishes(save=True), Wishes(cancel_own=True)])
def test_no_option_says_it_beforehand(denied: Plan, monkeypatch: pytest.MonkeyPatch, wishes: Wishes) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    nobody: Callable[[str], str] = lambda question: pytest.fail("asked")  # noqa: E731
    with pytest.raises(WrongAccount):
        account_confirmed(denied, wishes, Console(quiet=True), nobody)
