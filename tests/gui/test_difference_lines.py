"""What a line of a difference calls the price of an order: a limit and a trigger are different promises."""

from __future__ import annotations

from decimal import Decimal

from recovery_builders import live, plan_of, snapshot, stop
from strategies import order, state

from crashdesk import OrderState, OrderType
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.difference import DifferenceLine, DifferenceTexts, exchange_lines, state_lines
from crashdesk_gui.models.record_fields import fields_of

STOP = order(id="7", order_type=OrderType.STOP, price=Decimal("54400"))


def told(lines: tuple[DifferenceLine, ...]) -> list[tuple[str, str, str]]:
    return [(line.field, line.old, line.new) for line in lines if line.field in ("price", "trigger_price")]


def after(changed: OrderState) -> tuple[DifferenceLine, ...]:
    return state_lines(state(open_orders=(STOP,)), state(open_orders=(changed,)))


def test_a_stop_that_came_went_or_moved_tells_its_trigger() -> None:
    moved = order(id="7", order_type=OrderType.STOP, price=Decimal("54300"))
    assert told(state_lines(state(open_orders=()), state(open_orders=(STOP,)))) == [("trigger_price", "", "54400")]
    assert told(state_lines(state(open_orders=(STOP,)), state(open_orders=()))) == [("trigger_price", "54400", "")]
    assert told(after(moved)) == [("trigger_price", "54400", "54300")]


def test_an_order_that_got_another_type_tells_each_price_by_its_own_name() -> None:
    limit = order(id="7", order_type=OrderType.LIMIT, price=Decimal("54300"))
    assert told(after(limit)) == [("price", "", "54300"), ("trigger_price", "54400", "")]


def test_the_exchange_tells_a_trigger_beside_the_limit() -> None:
    fields = dict(fields_of(stop(price=Decimal("54300"), trigger_price=Decimal("54400"))))
    assert (fields["price"], fields["trigger_price"]) == ("54300", "54400")
    assert "trigger_price" not in dict(fields_of(live(price=Decimal("36450"))))


def test_a_stop_that_moved_on_the_exchange_tells_its_trigger(ui: UiContext) -> None:
    there = stop(id="7", client_order_id=STOP.client_order_id, amount=STOP.quantity, trigger_price=Decimal("54300"))
    known = order(id="7", side=there.side, order_type=OrderType.STOP, price=Decimal("54400"))
    lines = exchange_lines(plan_of(state(open_orders=(known,), positions=()), snapshot(orders=(there,), positions=())))
    assert told(lines) == [("trigger_price", "54400", "54300")]
    texts = DifferenceTexts(ui)
    line = next(each for each in lines if each.field == "trigger_price")
    assert (texts.field(line.field), texts.shown(line, line.new)) == ("trigger price", "54\u202f300")
