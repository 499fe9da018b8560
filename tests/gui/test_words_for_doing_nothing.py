"""Undecided: nobody decided on it; leave: an operator did; untouched: it is not ours. The badge says what it counts.

A file says it with the word that the screen has in English, and never with another.
"""

import csv
import io
import json

import msgspec
import pytest
from desk_operator import DeskOperator
from PySide6.QtWidgets import QTabBar
from recovery_builders import live
from strategies import T0

from crashdesk.cli_text import order_note
from crashdesk.execute import Execution
from crashdesk.reconcile.records import OrderVerdict, OrderVerdictKind
from crashdesk.reconcile.words import decision_word
from crashdesk.recovery_report import RecoveryReport
from crashdesk.report import report_markdown
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.export import csv_text, json_text
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
    assert tip.startswith(f"{len(plan.needs_decision)} orphan orders need your decision.")
    assert "untouched" in tip
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
        (OrderVerdictKind.FOREIGN, ""): ("untouched", "It is not ours: nothing is done to it unless you decide so."),
        (OrderVerdictKind.OWN_ORPHAN, "a hedge"): ("left before", "Decided before: leave it. a hedge"),
    }


UNDECIDED = (
    (orphan(OrderVerdictKind.OWN_ORPHAN), "undecided"),
    (orphan(OrderVerdictKind.AMBIGUOUS), "undecided"),
    (orphan(OrderVerdictKind.FOREIGN), "untouched"),
    (orphan(OrderVerdictKind.OWN_ORPHAN, "a hedge"), "left before"),
)


@pytest.mark.parametrize(("verdict", "word"), UNDECIDED)
def test_a_file_says_it_with_the_word_of_the_screen(ui: UiContext, verdict: OrderVerdict, word: str) -> None:
    table = OrphanTable(PlanWords(ui.display))
    row = OrphanRow(key=verdict.key, verdict=msgspec.structs.replace(verdict, seen_at=T0))
    shown = next(column for column in table.columns if column.id == "decision").text(row)
    (in_csv,) = csv.DictReader(io.StringIO(csv_text(table, [row])))
    (in_json,) = json.loads(json_text(table, [row]))
    assert (shown, in_csv["decision"], in_json["decision"]) == (word, word, word)
    assert (in_json["outcome"], in_json["note"]) == (None, verdict.dismissed)


def test_the_report_says_it_with_the_word_of_the_screen(onlooker: DeskOperator) -> None:
    plan = onlooker.session.comparison.plan
    nothing = RecoveryReport(
        plan=plan,
        execution=Execution(plan_id=plan.id, outcomes=()),
        decisions=(),
        final=plan,
        state=None,
        saved=None,
        who="ops",
        started_at=plan.made_at,
        finished_at=plan.made_at,
    )
    told = report_markdown(nothing).partition("## Orphan orders\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split(" | ")] for line in told.splitlines() if "(order " in line]
    verdicts = {verdict.live.id: verdict for verdict in plan.orphans}
    assert len(rows) == len(verdicts) > 2
    for row in rows:
        verdict = verdicts[row[0].partition("(order ")[2].partition(")")[0]]
        assert row[2:5] == [decision_word(None, verdict), "—", "—"]
    assert {row[2] for row in rows} == {"undecided", "untouched"}


def test_what_an_operator_left_is_called_the_same_in_a_terminal() -> None:
    note = order_note(orphan(OrderVerdictKind.OWN_ORPHAN, "a hedge"))
    assert "left before: a hedge" in note
    assert "untouched" not in note
