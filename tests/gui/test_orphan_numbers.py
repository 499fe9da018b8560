"""One incident, read at every place that counts its orphan orders: the same words stand for the same numbers."""

from __future__ import annotations

from desk_operator import DeskOperator
from PySide6.QtWidgets import QLabel, QTabBar

from crashdesk.reconcile.records import Action
from crashdesk_gui.log_sentences import comparison_words
from crashdesk_gui.widgets.facts import FactCard


def badge(operator: DeskOperator) -> int:
    """The count beside the title of the orphan orders, 0 for none."""
    tabs = operator.desk.window.findChild(QTabBar)
    names = [tabs.accessibleTabName(place) for place in range(tabs.count())]
    (told,) = [name for name in names if name.startswith("Orphan orders")]
    return int(told.partition(", ")[2] or 0)


def card(operator: DeskOperator) -> str:
    """All that the overview's card of the orphan orders says."""
    operator.go_to("overview")
    cards = operator.desk.pages.overview.findChildren(FactCard)
    texts = ["\n".join(label.text() for label in each.findChildren(QLabel)) for each in cards]
    return next(text for text in texts if "Orphan orders" in text)


def footer(operator: DeskOperator) -> str:
    operator.go_to("orphans")
    return next(line for line in operator.words.splitlines() if "· adopt " in line)


def test_every_place_says_the_same_numbers_until_all_is_decided_and_after_one_is_taken_back(
    operator: DeskOperator,
) -> None:
    session, plan = operator.session, operator.session.comparison.plan
    total, need = len(plan.orphans), len(plan.needs_decision)
    alone = total - need
    assert need >= 2
    assert alone >= 1
    assert f"{need} orders need your decision." in operator.sentence
    assert badge(operator) == need
    assert all(text in card(operator) for text in (f"\n{total}\n", f"{need} need your decision", f"{alone} left alone"))
    log = comparison_words("btc-grid", plan)
    assert f"{total} orphan orders, of these {need} need a decision, {alone} left alone;" in log

    session.decide(plan.needs_decision[:1], None)
    told = footer(operator)
    assert told.startswith(f"Orphan orders {total} · cancel {need - 1} · ")
    assert f"need your decision 1 · left alone {alone}" in told
    assert badge(operator) == 1, "what was proposed and seen is decided"
    assert all(text in card(operator) for text in (f"\n{total}\n", "1 needs your decision", f"{need - 1} decided"))
    assert "1 order needs your decision." in operator.sentence
    assert operator.can_press("Review the orphan orders")

    session.decide(plan.needs_decision[:1], Action.LEAVE)
    assert badge(operator) == 0
    assert all(text in card(operator) for text in (f"\n{total}\n", "all decided", f"{need} decided"))
    assert operator.sentence.endswith(f"{need} orders are decided: execute the recovery.")
    assert operator.can_press("Go to the recovery")

    session.decide(plan.needs_decision, None)
    assert badge(operator) == need
    assert f"{need} need your decision" in card(operator)
    assert f"{need} orders need your decision." in operator.sentence
