"""What is decided is what is shown: proposals, decisions on many orders at once, and the counts under every filter and order."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import msgspec
import pytest
from desk_after_crash import NOW
from orphan_incident import ETH, ExchangeInMemory, exchange_after_the_crash, live
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from crashdesk.exchange.permissions import KeyPermissions
from crashdesk.exchange.records import ExchangeOrder
from crashdesk.reconcile.records import Action, Decision, Outcome, OutcomeKind
from crashdesk.state import Side
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.decisions import is_own
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.orphans_page import OrphansPage
from crashdesk_gui.widgets.table import RecordTableView

SO_MANY = 120
READ_ONLY = KeyPermissions(can_read=True, can_trade=False)


class Reviewer:
    """The page in an operator's hands, beside an account of what ought to be decided: the action by order id."""

    def __init__(self, page: OrphansPage, session: StoreSession, qtbot: Any) -> None:
        self.page, self.session, self.qtbot = page, session, qtbot
        self.table = page.findChild(RecordTableView)
        self.model = self.table.record_model()
        self.field = next(each for each in page.findChildren(QLineEdit) if "Filter" in each.placeholderText())
        self.ought: dict[str, Action] = {}

    def compare(self, proposed: set[str]) -> None:
        with self.qtbot.waitSignal(self.session.comparison_changed):
            self.session.compare()
        self.qtbot.waitUntil(lambda: not self.session.busy)
        self.propose(proposed)

    def propose(self, proposed: set[str]) -> None:
        """This is what the desk proposes now, and nobody has touched it."""
        self.ought = dict.fromkeys(proposed, Action.CANCEL)
        self.untouched = set(proposed)

    def filter(self, text: str) -> None:
        self.field.setText(text)
        self.page._filter.settle()

    def shown(self) -> list[str]:
        return [each.live.id for each in self.model.shown_records()]

    def press(self, key: Qt.Key, ids: list[str]) -> None:
        """Press a key that decides with these orders selected."""
        plain = key == Qt.Key.Key_Space
        self.qtbot.keyClick(
            self.table, key, Qt.KeyboardModifier.NoModifier if plain else Qt.KeyboardModifier.AltModifier
        )
        action = {Qt.Key.Key_C: Action.CANCEL, Qt.Key.Key_A: Action.ADOPT, Qt.Key.Key_L: Action.LEAVE}.get(key)
        if key == Qt.Key.Key_Space:
            action = None if all(self.ought.get(each) is Action.CANCEL for each in ids) else Action.CANCEL
            ids = [each for each in ids if self.ought.get(each) is not action]
        self.untouched -= set(ids)
        self.ought |= dict.fromkeys(ids, action)
        self.ought = {order_id: each for order_id, each in self.ought.items() if each is not None}

    def check(self) -> None:
        """What is decided, ticked and counted is what ought to be."""
        ids = {key: verdict.live.id for key, verdict in self.session.orphans.items()}
        assert {ids[each.order_key]: each.action for each in self.session.decisions} == self.ought
        chosen = {order_id for order_id, action in self.ought.items() if action is Action.CANCEL}
        assert {each.live.id for each in self.model.checked_records()} == chosen
        assert self.model.hidden_checked_count() == len(chosen - set(self.shown()))
        count = Counter(self.ought.values())
        verdicts = self.session.comparison.plan.orphans
        left_alone = sum(each.left_alone for each in verdicts if each.live.id not in self.ought)
        undecided = len(verdicts) - len(self.ought) - left_alone
        parts = f"adopt {count[Action.ADOPT]} · leave {count[Action.LEAVE]} · undecided {undecided}"
        assert self.session.decision_count.cancel == count[Action.CANCEL]
        told = next(each.text() for each in self.page.findChildren(QLabel) if "· cancel " in each.text())
        proposed = f" ({len(self.untouched)} proposed)" if self.untouched else ""
        assert told.startswith(f"Orphan orders {len(verdicts)} · cancel {count[Action.CANCEL]}{proposed} · {parts}")
        assert ("untouched" not in told) if left_alone == 0 else told.endswith(f"untouched {left_alone}")


@pytest.fixture
def proposed() -> set[str]:
    """The orders that are ours and protect nothing; see `exchange`."""
    return {"9001", "9002"} | {str(number) for number in range(50_000, 50_000 + SO_MANY) if number % 4 == 0}


@pytest.fixture
def exchange() -> ExchangeInMemory:
    """In turn: ours, ours and protecting the short ETH position, not ours, of nobody known."""
    found = exchange_after_the_crash(NOW)
    found.orders |= {each.id: each for each in map(_one_of_many, range(50_000, 50_000 + SO_MANY))}
    return found


def _one_of_many(number: int) -> ExchangeOrder:
    match number % 4:
        case 0:
            return live(str(number), NOW)
        case 1:
            return live(str(number), NOW, symbol=ETH, side=Side.BUY, reduce_only=True)
        case 2:
            return live(str(number), NOW, client_order_id=f"web-{number}")
        case _:
            return live(str(number), NOW, client_order_id="", symbol=ETH, side=Side.SELL)


@pytest.fixture
def reviewer(ui: UiContext, session: StoreSession, qtbot: Any) -> Reviewer:
    page = OrphansPage(ui)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.set_session(session)
    page.show()
    return Reviewer(page, session, qtbot)


def test_exactly_what_is_ours_and_protects_nothing_is_proposed(reviewer: Reviewer, proposed: set[str]) -> None:
    reviewer.compare(proposed)
    assert len(reviewer.model.records()) == SO_MANY + 5
    reviewer.check()
    reviewer.table.selectAll()
    reviewer.press(Qt.Key.Key_L, reviewer.shown())
    reviewer.check()
    reviewer.page._proposal.click()
    reviewer.propose(proposed)
    reviewer.check()


@pytest.mark.parametrize("when", ["before", "while comparing", "after"])
def test_with_a_key_that_can_only_read_nothing_is_proposed_whenever_that_becomes_known(
    reviewer: Reviewer, when: str
) -> None:
    if when == "before":
        reviewer.session.set_permissions(READ_ONLY)
    if when == "while comparing":
        reviewer.session.runner.started.connect(lambda _job: reviewer.session.set_permissions(READ_ONLY))
    reviewer.compare(set())
    if when == "after":
        reviewer.session.set_permissions(READ_ONLY)
    reviewer.check()
    reviewer.page._proposal.click()
    reviewer.check()
    reviewer.compare(set())
    reviewer.check()


def test_all_that_is_decided_on_is_what_the_filter_shows(reviewer: Reviewer, proposed: set[str]) -> None:
    reviewer.compare(proposed)
    reviewer.filter("web-")
    assert set(reviewer.shown()) == {str(number) for number in range(50_002, 50_000 + SO_MANY, 4)}
    reviewer.table.selectAll()
    reviewer.press(Qt.Key.Key_C, reviewer.shown())
    reviewer.check()
    reviewer.filter("")
    reviewer.check()


def test_what_deserves_attention_is_listed_before_all_others_however_many_they_are(
    ui: UiContext, reviewer: Reviewer, proposed: set[str]
) -> None:
    reviewer.compare(proposed)
    session, plan = reviewer.session, reviewer.session.comparison.plan
    asking = CancellationController(ui, PlanWords(ui.display), parent=reviewer.page)
    session.decide(plan.orphans, Action.CANCEL)
    cancelled = asking.question(plan, session.decisions)
    session.decide(plan.orphans[1:], Action.ADOPT)
    adopted = asking.question(plan, session.decisions)
    left = asking.question(plan, (), [each for each in plan.orphans if is_own(each)])
    assert cancelled is not None
    assert adopted is not None
    assert left is not None
    for items in (cancelled.items, adopted.beside[0].items, left.items):
        marked = [bool(each.remark) for each in items]
        assert marked == sorted(marked, reverse=True)
        assert 0 < sum(marked) < len(items)


def test_all_but_the_decision_and_the_reason_stays_while_the_verdict_is_the_same(
    reviewer: Reviewer, proposed: set[str]
) -> None:
    reviewer.compare(proposed)
    row = reviewer.model.records()[0]
    outcome = Outcome(order_key=row.key, action=Action.LEAVE, kind=OutcomeKind.REFUSED, text="refused: busy", at=1)
    decision = Decision(order_key=row.key, action=Action.LEAVE, who="ops", note="mine")
    others = [msgspec.structs.replace(row, decision=each) for each in (None, decision)]
    others += [msgspec.structs.replace(row, outcome=outcome), msgspec.structs.replace(row, before=outcome)]
    seen = {
        column.id: {(column.text(each), (column.sort or column.text)(each)) for each in (row, *others)}
        for column in reviewer.model.columns
    }
    assert {column_id for column_id, told in seen.items() if len(told) > 1} == {"decision", "why"}


def test_an_order_that_the_plan_does_not_know_is_not_decided_on(
    reviewer: Reviewer, exchange: ExchangeInMemory, proposed: set[str]
) -> None:
    reviewer.compare(proposed)
    gone = next(each for each in reviewer.session.comparison.plan.orphans if each.live.id == "50000")
    del exchange.orders["50000"]
    reviewer.compare(proposed - {"50000"})
    reviewer.session.decide([gone], Action.CANCEL)
    reviewer.check()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_filtered_sorted_decided_and_compared_anew_the_counts_are_right(
    reviewer: Reviewer, proposed: set[str], seed: int
) -> None:
    chance = random.Random(seed)
    reviewer.compare(proposed)
    for _ in range(40):
        match chance.choice(("filter", "sort", "all", "some", "some", "some", "texts", "compare")):
            case "filter":
                reviewer.filter(
                    chance.choice(("", "", "web-", "eth", "5001", "cancel", "undecided", "nothing has this"))
                )
            case "sort":
                column = chance.randrange(-1, len(reviewer.model.columns))
                reviewer.model.sort(column, chance.choice(list(Qt.SortOrder)))
            case "texts":
                reviewer.model.refresh_texts()
            case "compare" if chance.random() < 0.3:
                reviewer.compare(proposed)
            case "all":
                reviewer.table.selectAll()
                _press_any(reviewer, chance)
            case "some" if reviewer.shown():
                reviewer.table.clearSelection()
                reviewer.table.selectRow(reviewer.model.row_of(chance.choice(reviewer.model.shown_records()).key))
                _press_any(reviewer, chance)
        reviewer.check()


def _press_any(reviewer: Reviewer, chance: random.Random) -> None:
    keys = (Qt.Key.Key_C, Qt.Key.Key_A, Qt.Key.Key_L, Qt.Key.Key_U, Qt.Key.Key_Space)
    ids = [each.live.id for each in reviewer.table.selected_records()]
    if ids:
        reviewer.press(chance.choice(keys), ids)
