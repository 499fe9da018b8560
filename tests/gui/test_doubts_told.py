"""A doubt is never called clean: what could not be told shows in the sentence, in the next step and in the conclusion."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import strategies as make
from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash
from recovery_builders import coverage, intent, leg, plan_of, snapshot
from strategies import T0, ManualClock

from crashdesk.cli_situation import verdict_line
from crashdesk.config import RecoveryConfig
from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision, IntentVerdict, IntentVerdictKind, Plan
from crashdesk.recovery import RecoveryManager
from crashdesk.report_conclusion import conclude
from crashdesk_gui.context import UiContext
from crashdesk_gui.reading.store import StoreReader
from crashdesk_gui.situation import Situation, Standing, Step, judge, next_step
from crashdesk_gui.views.overview_bot import bot_fact
from crashdesk_gui.views.overview_words import headline

MINUTE = 60_000_000_000
UNTOLD = IntentVerdict(kind=IntentVerdictKind.UNKNOWN, intent=intent(), live=None, evidence=())


def matching() -> Plan:
    """Nothing known, nothing found, all of it read."""
    return plan_of(make.state(open_orders=(), positions=()), snapshot(orders=(), positions=(), coverage=coverage()))


@pytest.mark.parametrize(
    ("doubt", "told"),
    [
        ({"intents": (UNTOLD,)}, "1 order may or may not have arrived at the exchange."),
        (
            {"journal_problem": "the journal was lost"},
            "The journal is in doubt: something may be missing from what is known.",
        ),
    ],
)
def test_what_nobody_could_tell_is_in_the_sentence_and_no_reason_to_start_the_bot(
    ui: UiContext, doubt: dict[str, object], told: str
) -> None:
    clean = Situation(standing=Standing.STOPPED, plan=matching())
    assert clean.clean
    assert "matches" in headline(clean, ui.display)
    plan = msgspec.structs.replace(matching(), **doubt)
    situation = Situation(standing=Standing.STOPPED, plan=plan)
    assert not situation.clean
    assert headline(situation, ui.display).endswith(told)
    assert "nothing differs" not in verdict_line(plan)
    assert next_step(plan, ()) is Step.RECOVER


def test_a_position_that_was_traded_at_the_same_quantity_differs_for_desk_and_terminal(ui: UiContext) -> None:
    known = make.state(
        open_orders=(), positions=(make.position(quantity=Decimal("0.25"), entry_price=Decimal(30_000)),)
    )
    held = leg(contracts=Decimal("0.25"), entry_price=Decimal(31_000), symbol=known.positions[0].symbol)
    plan = plan_of(known, snapshot(orders=(), positions=(held,), coverage=coverage()))
    assert "1 position differs" in verdict_line(plan)
    assert next_step(plan, ()) is Step.RECOVER
    averaged = leg(contracts=Decimal("0.25"), entry_price=Decimal("30000.0000000001"), symbol=held.symbol)
    plan = plan_of(known, snapshot(orders=(), positions=(averaged,), coverage=coverage()))
    assert "nothing differs" in verdict_line(plan)
    assert next_step(plan, ()) is Step.RESTART


def test_positions_that_were_not_read_never_match(ui: UiContext) -> None:
    state = make.state(open_orders=(), positions=())
    for unread, matches in (((), True), ((ScopeKind.POSITIONS,), False)):
        plan = plan_of(state, snapshot(orders=(), positions=(), coverage=coverage(unread)))
        running = Situation(standing=Standing.RUNNING, plan=plan)
        assert ("match" in headline(running, ui.display)) is matches


def test_a_bot_that_died_right_after_its_start_crashed(ui: UiContext, tmp_path: Path) -> None:
    """Its own start notes a recovery as the operator's does: who held the store last tells the two apart."""
    clock = ManualClock(T0)
    config = RecoveryConfig(checkpoint_dir=tmp_path)
    live = LiveState(clock=clock)
    live.restore(make.state())
    with RecoveryManager(live, config, clock=clock) as manager:
        manager.checkpoint()
    clock.now = T0 + MINUTE
    with RecoveryManager(LiveState(clock=clock), config, clock=clock) as manager:
        manager.recover()
        left = (tmp_path / "LOCK.holder").read_bytes()
    (tmp_path / "LOCK.holder").write_bytes(left)
    with StoreView(tmp_path, clock=clock) as view:
        overview = StoreReader(view, clock).look(lambda *_: None).overview
        situation = judge(overview, connected=False)
        assert situation.standing is Standing.STOPPED
        assert headline(situation, ui.display).startswith("The bot crashed ")
        assert "It ended without closing the store." in bot_fact(overview, situation, ui.display).note
        assert bot_fact(overview, situation, ui.display).answer == "Crashed"


def test_a_recovery_with_an_order_of_unknown_fate_is_not_concluded_as_true(tmp_path: Path) -> None:
    store_before_the_crash(tmp_path / "store", T0)
    clock = DeskClock(T0)
    with StoreView(tmp_path / "store", clock=clock) as view:
        recovery = OperatorRecovery(view, exchange_after_the_crash(T0), who="ops", clock=clock)
        comparison = recovery.compare()
        decisions = [Decision(order_key=each.key, action=Action.CANCEL, who="ops") for each in comparison.plan.orphans]
        report = recovery.execute(comparison, decisions, plan_id=comparison.plan.id)
    assert report.final is not None
    covered = msgspec.structs.replace(report.final, positions=())
    report = msgspec.structs.replace(report, final=covered)
    assert conclude(report).clean
    for doubt in ({"intents": (UNTOLD,)}, {"journal_problem": "the journal is damaged"}):
        final = msgspec.structs.replace(covered, **doubt)
        assert not conclude(msgspec.structs.replace(report, final=final)).clean
    first = msgspec.structs.replace(report.plan, journal_problem="the journal is damaged")
    assert not conclude(msgspec.structs.replace(report, plan=first)).clean
