"""One incident, read at every place that counts its orphan orders: the same words stand for the same numbers."""

from __future__ import annotations

from desk_operator import DeskOperator
from PySide6.QtWidgets import QLabel, QTabBar

from crashdesk.contracts import plain
from crashdesk.reconcile.records import Action
from crashdesk_gui.log_sentences import comparison_words
from crashdesk_gui.views.overview_findings import FindingsPanel
from crashdesk_gui.views.recovery_path import Step
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
    worth = sum(each.notional for each in plan.needs_decision)
    money = operator.desk.ui.display.decimal(plain(worth))
    first = (f"\n{total}\n", f"{need} need your decision ({money}\u00a0USDT)")
    assert all(text in card(operator) for text in first)
    assert "\n1 protects a position, untouched\n1 not ours, untouched" in card(operator)
    log = comparison_words("btc-grid", plan)
    assert f"{total} orphan orders, of these {need} need a decision, {alone} untouched;" in log

    session.decide(plan.needs_decision[:1], None)
    told = footer(operator)
    assert told.startswith(f"Orphan orders {total} · cancel {need - 1} ({need - 1} proposed) · ")
    assert f"undecided 1 · untouched {alone}" in told
    assert badge(operator) == 1, "what was proposed and seen waits for nobody"
    shares = (f"\n{total}\n", "1 needs your decision", f"{need - 1} proposed for cancelling")
    assert all(text in card(operator) for text in shares)
    assert "decided" not in card(operator)
    assert "1 order needs your decision." in operator.sentence
    assert operator.can_press("Review the orphan orders")

    session.decide(plan.needs_decision[:1], Action.LEAVE)
    assert badge(operator) == 0
    assert all(text in card(operator) for text in (f"\n{total}\n", f"{need - 1} proposed for cancelling", "1 decided"))
    both = f"{need} orders: 1 decided, {need - 1} proposed for cancelling. Execute the recovery."
    assert operator.sentence.endswith(both)
    assert operator.can_press("Go to the recovery")

    session.decide(plan.needs_decision[1:], Action.CANCEL)
    assert f"· cancel {need - 1} · " in footer(operator), "the operator chose by hand what was proposed"
    assert all(text in card(operator) for text in (f"\n{total}\n", "all decided", f"{need} decided"))
    assert operator.sentence.endswith(f"{need} orders are decided: execute the recovery.")

    session.decide(plan.needs_decision, None)
    assert badge(operator) == need
    assert f"{need} need your decision" in card(operator)
    assert f"{need} orders need your decision." in operator.sentence


def test_what_the_desk_proposes_is_called_decided_nowhere_until_the_operator_did_something_to_it(
    operator: DeskOperator,
) -> None:
    need = len(operator.session.comparison.plan.needs_decision)
    operator.go_to("orphans")
    assert f"cancel {need} ({need} proposed)" in footer(operator)
    assert f"{need} proposed for cancelling" in card(operator)
    assert "decided" not in card(operator)
    assert operator.sentence.endswith(f"{need} orders are proposed for cancelling: execute the recovery.")
    operator.go_to("recovery")
    operator.desk.pages.recovery.show_step(Step.DECIDE)
    assert f"Only proposed for cancelling so far: {need}." in operator.words
    assert "decided on" not in operator.words
    operator.session.decide(operator.session.comparison.plan.needs_decision, Action.CANCEL)
    assert "proposed" not in operator.words
    operator.session.propose()
    assert f"Only proposed for cancelling so far: {need}." in operator.words


def test_the_badge_goes_as_soon_as_what_will_be_done_was_shown_order_by_order(operator: DeskOperator) -> None:
    need = len(operator.session.comparison.plan.needs_decision)
    operator.go_to("recovery")
    operator.desk.pages.recovery.show_step(Step.DECIDE)
    assert badge(operator) == need
    operator.press("Continue")
    assert operator.desk.pages.recovery.step is Step.EXECUTE
    assert badge(operator) == 0


def test_the_panel_of_the_orders_has_the_groups_of_their_page_and_no_line_for_nothing(operator: DeskOperator) -> None:
    table = "Orphan orders, grouped by verdict"
    operator.go_to("orphans")
    model = operator.table(table).record_model()
    headings = [model.index(row, 0).data() for row in range(model.rowCount()) if model.is_section(row)]
    operator.go_to("overview")
    panel = operator.desk.pages.overview.findChild(FindingsPanel)
    lines = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert [line for line in lines if line in headings] == headings
    assert "0" not in lines
