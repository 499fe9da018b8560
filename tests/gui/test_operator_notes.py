"""A note that an operator types beside an order is kept with the decision on it."""

from __future__ import annotations

from desk_operator import DeskOperator

from crashdesk.reconcile.records import Action


def test_a_note_typed_at_the_desk_goes_with_its_decision(operator: DeskOperator) -> None:
    operator.go_to("orphans")
    order = next(each.live for each in operator.session.comparison.plan.orphans)
    operator.decide(order.id, Action.LEAVE, note="asked the hedge desk")
    operator.decide(order.id, Action.LEAVE, note="they keep it")
    (kept,) = (each for each in operator.session.decisions if each.order_key == order.key)
    assert (kept.action, kept.note) == (Action.LEAVE, "they keep it")
