"""How far an execution is, from what it tells of its steps."""

from orphan_incident import exchange_after_the_crash, store_before_the_crash

from crashdesk.execute import step_text
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk_gui.controllers.table_exports import TableExports
from crashdesk_gui.jobs import Job, Progress
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.views.recovery_execute import ActionState, ExecuteStep

NOW = 1_763_781_128_000_000_000


def test_an_order_is_under_way_while_the_exchange_wants_a_pause(tmp_path, ui, qtbot) -> None:
    with StoreView(store_before_the_crash(tmp_path / "store", NOW)) as view:
        plan = OperatorRecovery(view, exchange_after_the_crash(NOW), who="ops").compare().plan
    words = PlanWords(ui.display)
    step = ExecuteStep(ui, words, TableExports(ui, None))
    qtbot.addWidget(step)
    decisions = [Decision(order_key=v.key, action=Action.CANCEL, who="ops") for v in plan.orphans]
    finished, working, waiting = ActionState.FINISHED, ActionState.WORKING, ActionState.WAITING

    def states(done: int, text: str) -> list[ActionState]:
        job = Job(lambda _progress: None, "Recovering", True, Progress(lambda: None))
        job.done, job.text = done, text
        step.show_progress(job)
        return [row.state for row in step.table.record_model().records()]

    step.show_begun(plan, decisions)
    last = len(plan.orphans) - 1
    doing = [step_text(Action.CANCEL, verdict) for verdict in plan.orphans]
    assert states(0, doing[0]) == [working, *[waiting] * last]
    assert states(1, doing[1])[:3] == [finished, working, waiting]
    assert states(1, f"{doing[1]}: waiting 12 s for the exchange's limit")[:3] == [finished, working, waiting]
    assert states(last, doing[last]) == [*[finished] * last, working], "reports that were not seen are made up for"
    assert set(states(0, "reading positions")) == {finished}
    step.show_begun(plan, decisions, resuming=True)
    assert set(states(0, "reading positions")) == {waiting}, "it is read before the first order as well"
    assert states(0, doing[0])[0] is working
