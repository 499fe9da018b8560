"""The record table: what an update keeps, how it sorts and filters, what leaves it as text."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.export import csv_text, json_text, tsv_text
from crashdesk_gui.models.table import Column, RecordTableModel, Role, Section, SectionRow
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.table import RecordTableView


@dataclass(frozen=True)
class Order:
    id: int
    symbol: str
    price: Decimal | None
    own: bool = True


ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
COLUMNS = [
    Column[Order](id="symbol", title="Symbol", text=lambda order: order.symbol, check=True),
    Column[Order](
        id="price",
        title="Price",
        text=lambda order: f"{order.price} USDT",
        sort=lambda order: order.price,
        export=lambda order: order.price,
        numeric=True,
        tone=lambda order: Tone.SHORT if order.price is None else None,
    ),
]
SECTIONS = (Section(id=True, title="Ours", note="pre-selected"), Section(id=False, title="Not ours"))


def orders(count: int) -> list[Order]:
    return [
        Order(number, "BTC" if number % 2 else "ETH", Decimal(number * 37 % 101), number % 3 > 0)
        for number in range(count)
    ]


def plain_model(records: list[Order]) -> RecordTableModel[Order]:
    model = RecordTableModel(COLUMNS, key=lambda order: order.id, checked=lambda order: order.own)
    model.set_records(records)
    return model


def grouped_model(records: list[Order]) -> RecordTableModel[Order]:
    model = RecordTableModel(COLUMNS, key=lambda order: order.id, sections=SECTIONS, section_of=lambda order: order.own)
    model.set_records(records)
    return model


def shown_ids(model: RecordTableModel[Order]) -> list[int]:
    return [order.id for order in model.shown_records()]


@pytest.mark.parametrize("build", [plain_model, grouped_model])
def test_the_model_keeps_qts_rules_through_every_change(
    build: Callable[[list[Order]], RecordTableModel[Order]], qtmodeltester: object
) -> None:
    model = build(orders(40))
    qtmodeltester.check(model)
    model.sort(1, DESCENDING)
    model.set_filter(lambda order: order.symbol == "BTC")
    model.set_records([*orders(20), *(Order(number, "SOL", None) for number in range(100, 140))])
    model.set_filter(None)
    model.set_records(orders(300)[::-1])
    model.set_filter(lambda order: order.id % 2 == 0)
    model.set_filter(None)
    model.set_records([])
    model.set_records(orders(3))
    model.sort(-1)
    assert shown_ids(model) == [1, 2, 0] if build is grouped_model else [0, 1, 2]


def test_an_update_keeps_selection_current_row_and_scroll_position(ui: UiContext, qtbot: QtBot) -> None:
    model = plain_model(orders(200))
    view = RecordTableView(ui, model, "orders", accessible_name="Orders")
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.select_key(120)
    view.verticalScrollBar().setValue(100 * ui.display.row_height)
    top = model.record_at(view.rowAt(0))
    changed = replace(orders(200)[130], symbol="SOL")
    new = [Order(number, "NEW", Decimal(1)) for number in range(1000, 1010)]
    model.set_records([*new, *orders(130), changed, *orders(200)[131:]])
    assert view.current_record().id == 120
    assert [order.id for order in view.selected_records()] == [120]
    assert model.record_at(view.rowAt(0)) == top, "what the operator reads moved"
    model.sort(1, DESCENDING)
    assert [order.id for order in view.selected_records()] == [120]


def test_only_what_changed_is_told(qtbot: QtBot) -> None:
    model = plain_model(orders(50))
    told: list[tuple[int, int]] = []
    resets: list[None] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    model.modelReset.connect(lambda: resets.append(None))
    records = orders(50)
    records[7:9] = [replace(records[7], symbol="SOL"), replace(records[8], symbol="SOL")]
    records[20] = replace(records[20], symbol="SOL")
    model.set_records(records)
    assert told == [(7, 8), (20, 20)]
    model.set_records(list(records))
    assert len(told) == 2, "an equal record is no change"
    assert not resets


ids = st.lists(st.integers(0, 400), unique=True)


@settings(max_examples=60)
@given(before=ids, after=ids)
def test_persistent_indexes_follow_their_keys_between_any_two_orders(before: list[int], after: list[int]) -> None:
    model = plain_model([Order(number, "X", Decimal(number)) for number in before])
    held = {number: QPersistentModelIndex(model.index(row, 1)) for row, number in enumerate(before)}
    model.set_records([Order(number, "X", Decimal(number)) for number in after])
    assert shown_ids(model) == after
    for number, index in held.items():
        assert index.isValid() == (number in after)
        assert not index.isValid() or index.data(Role.KEY) == number


def test_a_scattered_change_costs_few_notices() -> None:
    model = plain_model(orders(2000))
    notices: list[str] = []
    model.rowsRemoved.connect(lambda: notices.append("removed"))
    model.rowsInserted.connect(lambda: notices.append("inserted"))
    model.layoutChanged.connect(lambda: notices.append("layout"))
    model.set_filter(lambda order: order.id % 2 == 0)
    model.set_filter(lambda order: order.id % 3 == 0)
    assert 0 < len(notices) <= 8


@settings(max_examples=60)
@given(st.lists(st.none() | st.decimals(allow_nan=False, allow_infinity=False)))
def test_decimals_sort_by_value_and_no_value_comes_last(prices: list[Decimal | None]) -> None:
    model = plain_model([Order(number, "X", price) for number, price in enumerate(prices)])
    numbers = [price for price in prices if price is not None]
    for direction in (ASCENDING, DESCENDING):
        model.sort(1, direction)
        shown = [order.price for order in model.shown_records()]
        assert shown[: len(numbers)] == sorted(numbers, reverse=direction == DESCENDING)
        assert shown[len(numbers) :] == [None] * (len(prices) - len(numbers))


def test_a_sorted_table_stays_sorted_when_records_change() -> None:
    model = plain_model(orders(30))
    model.sort(1, ASCENDING)
    model.set_records([*orders(20), Order(500, "SOL", Decimal("12.5")), replace(orders(30)[25], price=Decimal(0))])
    prices = [order.price for order in model.shown_records()]
    assert prices == sorted(prices)


def test_sections_head_their_rows_and_vanish_when_empty() -> None:
    model = grouped_model(orders(9))
    heads = [row for row in range(model.rowCount()) if model.is_section(row)]
    assert [model.index(row, 0).data(Role.SECTION) for row in heads] == [
        SectionRow(SECTIONS[0], 6),
        SectionRow(SECTIONS[1], 3),
    ]
    assert heads[0] == 0
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable
    model.sort(1, DESCENDING)
    assert model.is_section(0), "sorting works inside a section"
    model.set_filter(lambda order: not order.own)
    assert model.index(0, 0).data(Role.SECTION) == SectionRow(SECTIONS[1], 3)
    assert model.shown_count() == 3


def test_two_records_with_one_key_are_refused() -> None:
    model = plain_model([])
    with pytest.raises(ValueError, match="same key"):
        model.set_records([Order(1, "A", None), Order(1, "B", None)])


def test_a_record_says_whether_it_is_checked_and_the_filter_hides_none_from_the_count() -> None:
    model = plain_model(orders(10))
    own = [order.id for order in orders(10) if order.own]
    assert [order.id for order in model.checked_records()] == own
    assert model.hidden_checked_count() == 0
    model.set_filter(lambda order: order.id > 5)
    assert model.hidden_checked_count() == len([number for number in own if number <= 5])
    model.set_records([replace(order, own=order.id == 7) for order in orders(9)])
    assert [order.id for order in model.checked_records()] == [7]


def test_space_checks_the_selected_rows_and_a_click_checks_one(ui: UiContext, qtbot: QtBot) -> None:
    model = plain_model([replace(order, own=False) for order in orders(6)])

    def obey(wished: list[Order], checked: bool) -> None:
        ids = {order.id for order in wished}
        model.set_records([replace(each, own=checked) if each.id in ids else each for each in model.records()])

    def checked() -> list[int]:
        return [order.id for order in model.checked_records()]

    model.check_wanted.connect(obey)
    view = RecordTableView(ui, model, "orders", accessible_name="Orders")
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.selectAll()
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert checked() == [0, 1, 2, 3, 4, 5]
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert not checked()
    cell = view.visualRect(model.index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert checked() == [1]
    price = view.visualRect(model.index(2, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=price)
    assert checked() == [1], "only the checkbox's own cell checks"


def test_arrow_keys_pass_over_headings(ui: UiContext, qtbot: QtBot) -> None:
    model = grouped_model(orders(4))
    view = RecordTableView(ui, model, "orders", accessible_name="Orders")
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.select_first()
    seen = [view.current_record()]
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Down)
        seen.append(view.current_record())
    assert None not in seen, "a heading is nothing to stop at"
    assert seen[:4] == model.shown_records()
    assert seen[4:] == [seen[3]] * 2, "the end is the end"
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Up)
        assert view.current_record() is not None
    assert view.current_record() == seen[0]
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert view.current_record() == seen[0]
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert view.current_record() == seen[0]
    assert view.selected_records() == [seen[0]]


def test_copied_rows_are_exact_and_in_the_order_that_is_seen(ui: UiContext, qtbot: QtBot) -> None:
    model = plain_model([Order(1, "A\tB\nC", Decimal("1234567.8900")), Order(2, "D", None)])
    view = RecordTableView(ui, model, "orders", accessible_name="Orders")
    qtbot.addWidget(view)
    view.horizontalHeader().moveSection(1, 0)
    view.selectAll()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Price\tSymbol\n1234567.8900\tA B C\n\tD\n"


def test_exports_carry_exact_values() -> None:
    records = [Order(1, 'quote " and\nline', Decimal("0.10")), Order(2, "币", None)]
    model = plain_model(records)
    assert list(csv.reader(io.StringIO(csv_text(model, records), newline=""))) == [
        ["symbol", "price"],
        ['quote " and\nline', "0.10"],
        ["币", ""],
    ]
    assert json.loads(json_text(model, records)) == [
        {"symbol": 'quote " and\nline', "price": "0.10"},
        {"symbol": "币", "price": None},
    ]
    assert tsv_text(model, []) == "Symbol\tPrice\n"


def test_columns_are_remembered_per_store(ui: UiContext, qtbot: QtBot) -> None:
    def open_view(store: str) -> RecordTableView:
        view = RecordTableView(ui, plain_model(orders(3)), "orders", accessible_name="Orders", store=store)
        qtbot.addWidget(view)
        return view

    first = open_view("/one")
    first.horizontalHeader().moveSection(1, 0)
    first.setColumnWidth(1, 177)
    first.sort_by(1, DESCENDING)
    again = open_view("/one")
    assert [column.id for column in again.visible_columns()] == ["price", "symbol"]
    assert again.columnWidth(1) == 177
    assert (again.record_model().sort_column, again.record_model().sort_order) == (1, DESCENDING)
    assert [column.id for column in open_view("/two").visible_columns()] == ["symbol", "price"]
    again.set_store("/two")
    assert [column.id for column in again.visible_columns()] == ["symbol", "price"]
