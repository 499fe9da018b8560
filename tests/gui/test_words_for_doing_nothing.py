"""Undecided: nobody decided on it; leave: an operator did; left alone: it is not ours. The badge says what it counts."""

from desk_operator import DeskOperator
from PySide6.QtWidgets import QTabBar
from recovery_builders import live

from crashdesk.cli_text import order_note
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.orphans import OrphanRow, OrphanTable
from crashdesk_gui.models.plan_words import PlanWords

ORPHANS = "Orphan orders, grouped by verdict"


def badge_tip(operator: DeskOperator) -> str:
    tabs = operator.desk.window.findChild(QTabBar)
    found = [tabs.tabButton(place, QTabBar.ButtonPosition.RightSide) for place in range(tabs.count())]
    return next(badge.toolTip() for badge in found if badge is not None)


def test_the_badge_says_what_it_counts(onlooker: DeskOperator) -> None:
    plan = onlooker.session.comparison.plan
    assert len(plan.needs_decision) < len(plan.orphans)
    tip = badge_tip(onlooker)
    assert tip.startswith(f"{len(plan.needs_decision)} orphan orders wait for your decision")
    assert "left alone" in tip
    assert "left before" in tip


def orphan(kind: OrderVerdictKind, dismissed: str = "") -> OrderVerdict:
    return OrderVerdict(kind=kind, known=None, live=live(id=kind.value), facts=(), dismissed=dismissed)


def test_each_word_of_the_table_has_its_own_meaning(ui: UiContext) -> None:
    table = OrphanTable(PlanWords(ui.display))
    decision = next(column for column in table.columns if column.id == "decision")
    told = {}
    for verdict in (
        orphan(OrderVerdictKind.OWN_ORPHAN),
        orphan(OrderVerdictKind.AMBIGUOUS),
        orphan(OrderVerdictKind.FOREIGN),
        orphan(OrderVerdictKind.OWN_ORPHAN, "a hedge"),
    ):
        row = OrphanRow(key=verdict.key, verdict=verdict)
        told[verdict.kind, verdict.dismissed] = decision.text(row), decision.tooltip(row)
    assert told == {
        (OrderVerdictKind.OWN_ORPHAN, ""): ("undecided", "Nobody has decided on it yet."),
        (OrderVerdictKind.AMBIGUOUS, ""): ("undecided", "Nobody has decided on it yet."),
        (OrderVerdictKind.FOREIGN, ""): ("left alone", "It is not ours: nothing is done to it unless you decide so."),
        (OrderVerdictKind.OWN_ORPHAN, "a hedge"): ("left before", "Decided before: leave it. a hedge"),
    }


def test_what_an_operator_left_is_called_the_same_in_a_terminal() -> None:
    note = order_note(orphan(OrderVerdictKind.OWN_ORPHAN, "a hedge"))
    assert "left before: a hedge" in note
    assert "left alone" not in note
