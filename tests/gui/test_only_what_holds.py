"""What was read once is called true only while it can be, and an older state that is compared is called so on every page."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
import strategies as make
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident
from PySide6.QtWidgets import QLabel
from recovery_builders import LATER, SECOND, leg, live, plan_of, snapshot

from crashdesk.reconcile.records import Plan, PositionVerdictKind
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Display
from crashdesk_gui.situation import Situation, Standing
from crashdesk_gui.theme import Status
from crashdesk_gui.views.overview_orphans import JUST_NOW_NS, orphans_fact
from crashdesk_gui.views.overview_panels import PositionsPanel
from crashdesk_gui.views.overview_positions import HOLDS_NS, positions_fact
from crashdesk_gui.views.recovery_path import Step


@pytest.mark.parametrize(
    ("passed", "status", "word"),
    [
        (60 * SECOND, Status.OK, "saved by the recovery"),
        (HOLDS_NS - SECOND, Status.OK, "saved by the recovery"),
        (HOLDS_NS, Status.UNKNOWN, "not compared since the recovery"),
    ],
)
def test_what_a_recovery_read_of_the_positions_gets_old(
    ui: UiContext, passed: int, status: Status, word: str, qtbot
) -> None:
    display = Display(now=lambda: LATER + passed)
    plan = plan_of(make.state(open_orders=()), snapshot(positions=(leg(),)))
    fact = positions_fact(Situation(standing=Standing.RECOVERED, plan=plan, settled=True), display)
    assert (fact.status, fact.word) == (status, word)
    assert fact.note.replace("\u00a0", " ") == f"read {display.age(LATER)}"
    assert ("As the exchange" in fact.answer) is (status is Status.OK)
    display.deleteLater()


def running(*created: int, client_order_id: str = "grid-99") -> tuple[Situation, Plan]:
    orders = tuple(
        live(id=str(number), client_order_id=client_order_id, created_at=at) for number, at in enumerate(created)
    )
    plan = plan_of(make.state(open_orders=(), positions=()), snapshot(orders=orders))
    return Situation(standing=Standing.RUNNING, plan=plan, tally=plan.tally), plan


def test_only_young_orders_may_have_been_placed_by_the_running_bot_just_now(ui: UiContext) -> None:
    young, old = LATER - 10 * SECOND, LATER - JUST_NOW_NS - SECOND
    told = [orphans_fact(running(*created)[0], ui.display).note for created in ((young, young), (young, old), (old,))]
    assert told[0] == "A running bot may have placed them just now."
    assert told[1] == "1 of them a running bot may have placed just now\n1 of them older than a minute"
    assert told[2] == "1 of them older than a minute"


def test_an_order_of_another_program_is_no_news_of_the_running_bot(ui: UiContext) -> None:
    situation, plan = running(LATER - 10 * SECOND, client_order_id="web-1")
    (verdict,) = plan.orphans
    assert verdict.left_alone
    note = orphans_fact(situation, ui.display).note
    assert "just now" not in note
    assert "1 not ours, untouched" in note


@pytest.mark.parametrize("contracts", ["0.250", "0.300"])
def test_a_position_whose_quantity_and_entry_price_differ_is_told_with_both(
    ui: UiContext, contracts: str, qtbot
) -> None:
    other = leg(contracts=Decimal(contracts), entry_price=Decimal("36520.5"))
    known = make.position(quantity=Decimal("0.25"))
    plan = plan_of(make.state(open_orders=(), positions=(known,)), snapshot(positions=(other,)))
    panel = PositionsPanel(ui)
    qtbot.addWidget(panel)
    panel.set_plan(plan)
    told = "\n".join(label.text() for label in panel.findChildren(QLabel)).replace("\u202f", "")
    assert "entry price 36500.1 → 36520.5" in told
    flipped = msgspec.structs.replace(plan.positions[0], kind=PositionVerdictKind.SIDE_FLIPPED)
    panel.set_plan(msgspec.structs.replace(plan, positions=(flipped,)))
    assert "entry price" not in "\n".join(label.text() for label in panel.findChildren(QLabel))


def test_every_page_says_that_an_older_state_is_compared(operator: DeskOperator, incident: LoopbackIncident) -> None:
    session = operator.session
    newest = session.overview.latest.seq
    session.compare(session.view.store.find(newest - 1))
    operator.wait_until_idle()
    words = f"This compares checkpoint {newest - 1}, not the last known state {newest}: orders that came since look unknown."
    operator.go_to("overview")
    assert words in operator.sentence
    operator.go_to("recovery")
    for step in (Step.COMPARE, Step.DECIDE, Step.EXECUTE):
        operator.desk.pages.recovery.show_step(step)
        assert words in operator.words
    operator.desk.pages.recovery.show_step(Step.CHECKPOINT)
    assert words not in operator.words
    operator.go_to("orphans")
    assert words in operator.words
    operator.press("Compare the last known state")
    operator.wait_until_idle()
    assert session.comparison.checkpoint.seq == newest
    assert words not in operator.words
