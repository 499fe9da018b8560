"""A number of which digits are missing is a wrong number: no table of the desk cuts one, however long it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from desk_operator import DeskOperator
from orphan_incident import (
    DeskClock,
    ExchangeInMemory,
    exchange_after_the_crash,
    last_state,
    live,
    store_before_the_crash,
)
from PySide6.QtCore import QSettings
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from strategies import account, order, position

from crashdesk.exchange.records import ExchangePosition, Market, Namespace
from crashdesk.state import OrderType, Side, SystemState
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Display
from crashdesk_gui.icons import Icons
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.table import RecordTableModel
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeManager, ThemeMode
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.number_texts import elided_between_numbers, widest_number
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text_lines import wrapped_height

NOW = 1_763_781_128_000_000_000
PEPE = "1000PEPE/USDT:USDT"
TINY, HUGE = Decimal("0.00000123"), Decimal("123456789.12345678")
DECIDING = {"decision", "symbol", "side", "price", "remaining", "age", "why"}
"""What the operator decides by."""
TELLING = {"order", "stops"}
"""Sentences made of numbers."""
LEAST, SMALL = (960, 600), (1024, 720)


class ExtremeExchange(ExchangeInMemory):
    def describe_market(self, symbol: str) -> Market | None:
        market = super().describe_market(symbol)
        assert market is not None
        return msgspec.structs.replace(market, price_step=Decimal("0.00000001"), amount_step=Decimal("0.00000001"))

    def read_prices(self, symbols: object) -> dict[str, Decimal]:
        return {PEPE: TINY, **super().read_prices(symbols)}  # type: ignore[arg-type]


def extreme_exchange(now_ns: int) -> ExchangeInMemory:
    big = {"symbol": PEPE, "price": TINY, "amount": HUGE}
    orders = [
        live("1001", now_ns, amount=HUGE, price=HUGE),
        live("9001", now_ns, **big),
        live("9002", now_ns, **(big | {"filled": Decimal("23456789.12345678"), "side": Side.SELL})),
        live(
            "9003",
            now_ns,
            **(big | {"client_order_id": "web_77aa01", "trigger_price": TINY, "side": Side.SELL, "reduce_only": True}),
            namespace=Namespace.CONDITIONAL,
            order_type=OrderType.STOP_LIMIT,
        ),
        live("9004", now_ns, client_order_id="x-a-client-order-id-of-36-characters", amount=HUGE, price=HUGE),
        live("9005", now_ns, client_order_id="", symbol=PEPE, price=TINY, amount=HUGE),
    ]
    leg = {"contracts": HUGE, "contract_size": Decimal("1"), "entry_price": TINY, "unrealized_pnl": -HUGE}
    return ExtremeExchange(now_ns, orders, [ExchangePosition(symbol=PEPE, side=Side.BUY, **leg)])


def extreme_state(timestamp: int) -> SystemState:
    held = position(
        id=f"{PEPE}:long", symbol=PEPE, quantity=HUGE - 1, entry_price=TINY, unrealized_pnl=-HUGE, opened_at=timestamp
    )
    return SystemState(
        timestamp=timestamp,
        account=account(equity=HUGE, balance=HUGE, available=HUGE, margin_used=HUGE, unrealized_pnl=-HUGE),
        positions=(held,),
        open_orders=(
            order(id="1001", client_order_id="grid-1001", quantity=HUGE, price=HUGE - 1),
            order(id="1003", client_order_id="grid-1003", symbol=PEPE, quantity=HUGE, price=TINY),
        ),
    )


INCIDENTS: dict[str, tuple[Callable[[int], ExchangeInMemory], Callable[[int], SystemState]]] = {
    "typical": (exchange_after_the_crash, last_state),
    "extreme": (extreme_exchange, extreme_state),
}


@pytest.fixture(scope="module", params=[(name, language) for name in INCIDENTS for language in ("en", "zh_CN")])
def desk(
    request: pytest.FixtureRequest,
    icons_of: Callable[[ThemeManager], Icons],
    themes_of_module: ThemeManager,
    tmp_path_factory: pytest.TempPathFactory,
    qapp: QApplication,
) -> Iterator[DeskOperator]:
    """A desk on that incident in that language; the tests of it only look."""
    name, language = request.param
    exchange, state = INCIDENTS[name]
    spoken = Languages(qapp, Language(language))
    directory = tmp_path_factory.mktemp("whole-numbers")
    store_before_the_crash(directory / "store", NOW, state=state)
    display = Display(now=lambda: NOW)
    settings = DeskSettings(QSettings(str(directory / "desk.ini"), QSettings.Format.IniFormat))
    ui = UiContext(themes_of_module, icons_of(themes_of_module), display, settings)
    each = DeskOperator(ui, QtBot(request), DeskClock(NOW))
    each.desk.open_store(directory / "store")
    each.wait_until(lambda: each.desk.session is not None and each.session.overview is not None)
    each.session.connect_exchange(exchange(NOW))
    each.session.compare()
    each.wait_until(lambda: each.session.comparison is not None)
    each.wait_until_idle()
    yield each
    each.close()
    display.deleteLater()
    spoken.close()


@pytest.fixture(scope="module")
def themes_of_module(qapp: QApplication) -> Iterator[ThemeManager]:
    manager = ThemeManager(qapp, ThemeMode.LIGHT)
    yield manager
    manager.deleteLater()


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def show(desk: DeskOperator, size: tuple[int, int]) -> Iterator[str]:
    """Goes to every place of the desk that has tables."""
    pages = desk.desk.pages
    for name in ("orphans", "history", "recovery", "activity"):
        desk.go_to(name)
        desk.desk.window.resize(*size)
        settle()
        if name == "history":
            desk.wait_until(lambda: pages.history.details.details is not None)
            for part in range(4):
                pages.history.details.show_part(part)
                settle()
                yield f"history, part {part}"
            pages.history.show_against_exchange()
            settle()
            yield "history against the exchange"
        elif name == "recovery":
            for step in (Step.CHECKPOINT, Step.COMPARE, Step.DECIDE, Step.EXECUTE):
                pages.recovery.show_step(step)
                settle()
                yield f"recovery, {step.name}"
        else:
            yield name


def cells(table: RecordTableView) -> Iterator[tuple[int, int, Column[object], str]]:
    model = table.record_model()
    for row in range(model.rowCount()):
        record = model.record_at(row)
        for place, column in enumerate(model.columns) if record is not None else ():
            if not table.isColumnHidden(place):
                yield row, place, column, column.text(record)


def is_whole(table: RecordTableView, row: int, place: int, column: Column[object], text: str) -> bool:
    metrics = table.metrics_of(column)
    room = table.columnWidth(place) - 16 - (22 if column.check else 0)
    if metrics.horizontalAdvance(text) <= room:
        return True
    high_enough = wrapped_height(table.font(), text, room) <= table.rowHeight(row)
    return column.wrap and high_enough and widest_number(metrics, text) <= room


@pytest.mark.parametrize("size", [SMALL, LEAST], ids=["small", "least"])
def test_no_table_of_the_desk_cuts_a_number(desk: DeskOperator, size: tuple[int, int]) -> None:
    cut, looked_at = [], 0
    for place in show(desk, size):
        for table in desk.desk.window.findChildren(RecordTableView):
            if not table.isVisible():
                continue
            for row, logical, column, text in cells(table):
                looked_at += column.numeric
                if (column.numeric or column.id in TELLING) and not is_whole(table, row, logical, column, text):
                    cut.append((place, column.id, text, table.columnWidth(logical)))
    assert cut == []
    assert looked_at > 60


@pytest.mark.parametrize("size", [SMALL, LEAST], ids=["small", "least"])
def test_what_the_operator_decides_by_is_whole_and_in_sight(desk: DeskOperator, size: tuple[int, int]) -> None:
    desk.go_to("orphans")
    desk.desk.window.resize(*size)
    settle()
    table = desk.desk.pages.orphans.content_focus()
    assert isinstance(table, RecordTableView)
    assert table.isVisible()
    assert {column.id for column in table.visible_columns()} >= DECIDING
    assert table.horizontalScrollBar().maximum() == 0
    cut = [
        (column.id, text, table.columnWidth(logical))
        for row, logical, column, text in cells(table)
        if column.id in DECIDING and not is_whole(table, row, logical, column, text)
    ]
    assert cut == []


def test_a_text_that_is_too_long_never_ends_within_a_number(qapp: QApplication) -> None:
    metrics = QFontMetrics(QApplication.font())
    text = "buy 0.03 BTC at 59\N{NARROW NO-BREAK SPACE}520.5 under grid-4"
    shown = {elided_between_numbers(metrics, text, width) for width in range(20, 400)}
    for each in shown:
        kept = each.removesuffix("…")
        assert text.startswith(kept.rstrip())
        assert each == text or not kept[-1:].isdigit()
    assert len(shown) > 10


def column_of(name: str, **changes: Any) -> Column[tuple[int, str]]:
    return Column(id=name, title=name, text=lambda row: row[1], **changes)


def shown_table(ui: UiContext, qtbot: QtBot, texts: list[str], columns: list[Column[Any]]) -> RecordTableView:
    model = RecordTableModel(columns, key=lambda row: row[0])
    view = RecordTableView(
        ui, model, "prices", accessible_name="Prices", store="s", giving_way=[each.id for each in columns[1:]]
    )
    model.setParent(view)
    qtbot.addWidget(view)
    model.set_records(enumerate(texts))
    view.resize(300, 200)
    view.show()
    settle()
    return view


def test_a_column_cannot_be_made_too_narrow_for_its_numbers(ui: UiContext, qtbot: QtBot) -> None:
    view = shown_table(ui, qtbot, ["123456789.12345678"], [column_of("price", numeric=True, width=200)])
    view.horizontalHeader().resizeSection(0, 40)
    settle()
    needed = view.metrics_of(view.record_model().columns[0]).horizontalAdvance("123456789.12345678")
    assert needed + 16 <= view.columnWidth(0) < 200


def test_a_column_grows_when_a_longer_number_comes_into_sight(ui: UiContext, qtbot: QtBot) -> None:
    texts = ["1"] * 500 + ["123456789.12345678"]
    view = shown_table(ui, qtbot, texts, [column_of("price", numeric=True, width=40)])
    assert view.columnWidth(0) == 40
    view.scrollToBottom()
    view.viewport().repaint()
    settle()
    assert view.columnWidth(0) >= 16 + view.metrics_of(view.record_model().columns[0]).horizontalAdvance(texts[-1])


def test_a_column_that_the_operator_wants_to_see_gives_way_no_more(ui: UiContext, qtbot: QtBot) -> None:
    columns = [column_of(name, width=200) for name in ("first", "second", "third")]
    view = shown_table(ui, qtbot, ["x"], columns)
    assert [each.id for each in view.visible_columns()] == ["first"]
    view._columns.show_column(1, True)
    assert [each.id for each in view.visible_columns()] == ["first", "second"]
    again = shown_table(ui, qtbot, ["x"], columns)
    assert [each.id for each in again.visible_columns()] == ["first", "second"]
    again.resize(700, 200)
    settle()
    assert [each.id for each in again.visible_columns()] == ["first", "second", "third"]
