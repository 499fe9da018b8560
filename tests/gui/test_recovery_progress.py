"""How far an execution is, from what it tells of its steps."""

from orphan_incident import exchange_after_the_crash, store_before_the_crash

from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import OperatorRecovery
from crashdesk.reconcile.records import Action, Decision
from crashdesk_gui.views.recovery_execute import ActionState, action_rows, rows_at

NOW = 1_763_781_128_000_000_000


def test_an_order_is_under_way_while_the_exchange_wants_a_pause(tmp_path) -> None:
    with StoreView(store_before_the_crash(tmp_path / "store", NOW)) as view:
        plan = OperatorRecovery(view, exchange_after_the_crash(NOW), who="ops").compare().plan
    rows = action_rows(plan, [Decision(order_key=v.key, action=Action.CANCEL, who="ops") for v in plan.orphans])
    doing = f"cancel {plan.orphans[1].key}"
    for text in (doing, f"{doing}: waiting 12 s for the exchange's limit"):
        states = [row.state for row in rows_at(rows, 1, text)]
        assert states[:3] == [ActionState.FINISHED, ActionState.WORKING, ActionState.WAITING]
    assert {row.state for row in rows_at(rows, 0, "reading positions")} == {ActionState.FINISHED}
