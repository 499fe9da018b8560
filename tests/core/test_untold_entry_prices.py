"""A position whose price of entry the exchange does not tell: what was known of it is kept, and nothing is never silent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from recovery_builders import BTC, LATER, ExchangeInMemory, leg, live, only_position, plan_of, snapshot
from strategies import T0, ManualClock

from crashdesk.audit import AuditKind
from crashdesk.config import RecoveryConfig, StoreManifest, write_manifest
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.plan import reconciled_state
from crashdesk.reconcile.records import Plan
from crashdesk.recovery import RecoveryManager
from crashdesk.report_conclusion import headline
from crashdesk.report_lines import summary_lines
from crashdesk.state import PositionState, Side
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore

NEW = "ETH/USDT:USDT"
KNOWN = make.position()


def after(known: tuple[PositionState, ...], *held: object) -> tuple[Plan, PositionState]:
    state = make.state(open_orders=(), positions=known)
    plan = plan_of(state, snapshot(positions=held))
    (saved,) = reconciled_state(state, plan, adopted=(), now_ns=LATER).positions
    return plan, saved


def said(plan: Plan) -> str:
    return "\n".join(item.text for item in only_position(plan).evidence)


def test_the_same_leg_keeps_what_was_known() -> None:
    plan, saved = after((KNOWN,), leg(entry_price=None))
    assert saved.entry_price == KNOWN.entry_price
    assert "entry price" not in said(plan)


def test_of_a_leg_that_was_traded_it_is_said_that_the_price_is_the_old_one() -> None:
    plan, saved = after((KNOWN,), leg(contracts=Decimal(1), entry_price=None))
    assert saved.entry_price == KNOWN.entry_price
    assert f"{KNOWN.entry_price} is kept as it was known, though the quantity changed" in said(plan)


@pytest.mark.parametrize("known", [(), (KNOWN,)], ids=["new", "turned"])
def test_of_a_new_leg_nothing_is_made_up_in_silence(known: tuple[PositionState, ...]) -> None:
    plan, saved = after(known, leg(side=Side.SELL, entry_price=None))
    assert saved.entry_price == 0
    assert "0 is saved in its place. Give the bot the right one before it computes profit" in said(plan)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    directory = tmp_path / "store"
    with StateStore(directory, clock=ManualClock(T0)) as opened:
        opened.save(make.state(positions=(KNOWN,)))
        manifest = StoreManifest(bot="grid", exchange="binanceusdm", client_order_id_prefix="grid-")
        write_manifest(directory, manifest, LocalFiles())
        Journal(directory, ManualClock(T0)).close()
    return directory


def exchange(entry_price: Decimal | None) -> ExchangeInMemory:
    return ExchangeInMemory(live(), positions=[leg(), leg(symbol=NEW, entry_price=entry_price)])


@pytest.mark.parametrize("entry_price", [None, Decimal(1900)])
def test_the_report_names_it_and_is_not_calm(store: Path, entry_price: Decimal | None) -> None:
    clock = ManualClock(LATER)
    with StoreView(store, clock=clock) as view:
        recovery = OperatorRecovery(
            view, exchange(entry_price), who="kim", clock=clock, account_locks=store.parent / "locks"
        )
        comparison = recovery.compare()
        report = recovery.execute(comparison, [], plan_id=comparison.plan.id)
    lines = "\n".join(summary_lines(report))
    assert ("1 position saved without an entry price" in headline(report)) is (entry_price is None)
    assert (f"{NEW} long: the exchange does not tell its entry price" in lines) is (entry_price is None)
    assert f"{BTC} long: the exchange does not tell" not in lines


def test_a_bot_that_starts_without_an_operator_is_told(store: Path) -> None:
    clock = ManualClock(LATER)
    config = RecoveryConfig(checkpoint_dir=store)
    with RecoveryManager(
        LiveState(clock=clock), config, exchange(None), clock=clock, account_locks=store.parent / "locks"
    ) as manager:
        result = manager.recover()
    assert result.sync_result is not None
    assert [each.symbol for each in result.sync_result.entries_untold] == [NEW]
    with StoreView(store, clock=clock) as view:
        problems = [entry.text for entry in view.audit_entries() if entry.kind is AuditKind.PROBLEM]
    assert any(f"the entry price of {NEW} long, and none is known" in text for text in problems)
