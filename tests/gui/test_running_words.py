"""While a recovery runs, its table says what happens to which order, and nothing else takes the room."""

from __future__ import annotations

from pathlib import Path

import pytest
from orphan_incident import exchange_after_the_crash, store_before_the_crash
from PySide6.QtGui import QFontMetrics

from crashdesk.execute import step_text
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision, Plan
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.jobs import Job, Progress
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.views.recovery_execute import ExecuteStep
from crashdesk_gui.views.status_line import StatusLine
from crashdesk_gui.widgets.text import TextLabel

NOW = 1_763_781_128_000_000_000


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    with StoreView(store_before_the_crash(tmp_path / "store", NOW)) as view:
        return OperatorRecovery(view, exchange_after_the_crash(NOW), who="ops").compare().plan


@pytest.fixture
def step(ui: UiContext, qtbot) -> ExecuteStep:
    made = ExecuteStep(ui, PlanWords(ui.display), TableExports(ui, None))
    qtbot.addWidget(made)
    made.resize(1040, 600)
    made.show()
    return made


def decisions(plan: Plan, *order_ids: str, note: str = "") -> list[Decision]:
    by_id = {each.live.id: each for each in plan.orphans}
    return [Decision(order_key=by_id[each].key, action=Action.CANCEL, who="ops", note=note) for each in order_ids]


def titles(step: ExecuteStep) -> list[str]:
    return [each.title for each in step.table.visible_columns()]


def doing(text: str, done: int = 0) -> Job:
    job = Job(lambda _progress: None, "Recovering", True, Progress(lambda: None))
    job.done, job.total, job.text = done, 2, text
    return job


def test_a_column_is_shown_while_it_has_something_to_say(step: ExecuteStep, plan: Plan) -> None:
    step.show_begun(plan, decisions(plan, "9001", "9002"))
    assert titles(step) == ["Decision", "Order", "Order id", "Progress"]
    step.show_begun(plan, decisions(plan, "9001", "9004", note="asked them"))
    assert {"Attention", "Note"} <= set(titles(step))


def test_what_will_be_done_is_not_said_of_what_is_being_done(step: ExecuteStep, plan: Plan) -> None:
    def shown() -> list[str]:
        return [each.text() for each in step.findChildren(TextLabel) if each.isVisible()]

    step.show_begun(plan, decisions(plan, "9001"))
    assert "Orders" in shown()
    assert "What will be done" not in shown()


@pytest.mark.parametrize("done", [0, 1])
def test_how_far_an_order_is_is_never_cut(step: ExecuteStep, plan: Plan, done: int, qtbot) -> None:
    step.show_begun(plan, decisions(plan, "9001", "9002"))
    verdict = plan.orphans[done]
    step.show_progress(doing(step_text(Action.CANCEL, verdict), done))
    qtbot.wait(1)
    model, column = step.table.model(), [each.id for each in step.table.record_model().columns].index("state")
    metrics = QFontMetrics(step.table.font())
    for row in range(model.rowCount()):
        text = model.index(row, column).data()
        assert metrics.horizontalAdvance(text) + 16 <= step.table.columnWidth(column), text


def test_the_bottom_line_names_the_order_as_the_table_does(ui: UiContext, plan: Plan, qtbot) -> None:
    line = StatusLine(ui)
    qtbot.addWidget(line)
    line._follow(doing(step_text(Action.CANCEL, plan.orphans[0])))
    texts = [each.text() for each in line.findChildren(TextLabel)]
    assert "cancelling buy 0.020 BTC/USDT:USDT at 36\u202f380.5" in [each.replace("\u2009", "\u202f") for each in texts]


def test_a_long_step_never_makes_the_window_wider(ui: UiContext, qtbot) -> None:
    line = StatusLine(ui)
    qtbot.addWidget(line)
    line._follow(doing("reading"))
    least = line.minimumSizeHint().width()
    long = f"cancelling buy {'123456789' * 20} BTC/USDT:USDT at 36380.5"
    line._follow(doing(long))
    assert line.minimumSizeHint().width() <= least + 96
    told = [each.toolTip() for each in line.findChildren(TextLabel) if each.toolTip().startswith("cancelling")]
    assert [each.replace("\u2009", "").replace("\u202f", "") for each in told] == [long], (
        "in full where there is no room"
    )
