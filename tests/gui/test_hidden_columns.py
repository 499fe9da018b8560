"""A table that is too narrow for its columns says that some are hidden, which, and lets the operator have them back."""

from __future__ import annotations

from typing import Any

import pytest
from desk_operator import DeskOperator
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.columns import Column
from crashdesk_gui.models.table import RecordTableModel
from crashdesk_gui.widgets.hidden_columns import HiddenColumns
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text import TextStyle


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


@pytest.fixture
def view(ui: UiContext, qtbot: QtBot) -> RecordTableView:
    """Three columns of 200 pixels in a table of 300."""
    columns: list[Column[Any]] = [
        Column(id=name, title=name.title(), text=str, width=200) for name in ("first", "second", "third")
    ]
    model = RecordTableModel(columns, key=str)
    table = RecordTableView(ui, model, "orders", accessible_name="Orders", store="s", giving_way=("third", "second"))
    model.setParent(table)
    qtbot.addWidget(table)
    model.set_records(["x"])
    table.resize(300, 200)
    table.show()
    settle()
    return table


def mark_of(view: RecordTableView) -> HiddenColumns:
    return view.findChild(HiddenColumns)


def choose_in_menu(title: str) -> None:
    """Choose an entry of the menu that is about to open."""

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(each for each in menu.actions() if each.text() == title).trigger()
        menu.close()

    QTimer.singleShot(0, choose)


def test_the_header_says_how_many_columns_have_no_room_and_which(view: RecordTableView) -> None:
    mark = mark_of(view)
    assert mark.isVisible()
    assert mark.text().startswith("+2 column")
    assert mark.toolTip().startswith("There is no room for: Second, Third.")
    assert mark.accessibleName() == mark.toolTip()
    assert mark.geometry().right() < view.horizontalHeader().width()
    view.resize(700, 200)
    settle()
    assert not mark.isVisible()


def test_a_hidden_column_comes_back_from_its_mark_and_the_table_scrolls(view: RecordTableView) -> None:
    mark = mark_of(view)
    choose_in_menu("Third")
    mark.setFocus()
    mark.click()
    settle()
    assert [each.id for each in view.visible_columns()] == ["first", "third"]
    assert view.horizontalScrollBar().maximum() > 0
    assert mark.text().startswith("+1")
    choose_in_menu("Second")
    mark.click()
    settle()
    assert not mark.isVisible()


def test_a_column_that_the_operator_has_hidden_is_none_that_has_no_room(view: RecordTableView) -> None:
    view.resize(700, 200)
    choose_in_menu("Second")
    mark_of(view).click()
    settle()
    assert [each.id for each in view.visible_columns()] == ["first", "third"]
    assert not mark_of(view).isVisible()


def test_the_mark_covers_no_title(view: RecordTableView) -> None:
    header = view.horizontalHeader()
    assert header.width_for_titles() == mark_of(view).geometry().left()
    view.resize(700, 200)
    settle()
    assert header.width_for_titles() == header.viewport().width()


def test_the_mark_is_reached_by_the_keyboard_on_a_small_screen(onlooker: DeskOperator) -> None:
    window = onlooker.desk.window
    onlooker.go_to("orphans")
    window.resize(960, 600)
    settle()
    marks = [each for each in window.findChildren(HiddenColumns) if each.isVisible()]
    assert marks
    assert all(each.focusPolicy() & Qt.FocusPolicy.TabFocus for each in marks)


def test_the_last_title_stands_beside_the_mark_where_there_is_room(ui: UiContext, qtbot: QtBot) -> None:
    columns: list[Column[Any]] = [
        Column(id="text", title="Text", text=str, width=80, stretch=True),
        Column(id="gone", title="Gone", text=str, width=400),
        Column(id="end", title="Progress made", text=str, width=40),
    ]
    model = RecordTableModel(columns, key=str)
    table = RecordTableView(ui, model, "ends", accessible_name="Ends", remember=False, giving_way=("gone",))
    model.setParent(table)
    qtbot.addWidget(table)
    model.set_records(["x"])
    table.resize(400, 200)
    table.show()
    settle()
    title = QFontMetrics(TextStyle.SMALL.font()).horizontalAdvance("Progress made")
    assert mark_of(table).isVisible()
    assert table.columnViewportPosition(2) + 8 + title <= mark_of(table).geometry().left()


def test_one_more_column_gives_way_where_the_mark_would_cover_the_title_of_the_last(
    ui: UiContext, qtbot: QtBot
) -> None:
    columns: list[Column[Any]] = [
        Column(id="first", title="First", text=str, width=200),
        Column(id="count", title="Count", text=str, width=60),
        Column(id="gone", title="Gone", text=str, width=400),
    ]
    model = RecordTableModel(columns, key=str)
    table = RecordTableView(ui, model, "few", accessible_name="Few", remember=False, giving_way=("gone", "count"))
    model.setParent(table)
    qtbot.addWidget(table)
    model.set_records(["x"])
    table.resize(262, 200)
    table.show()
    settle()
    assert [each.id for each in table.visible_columns()] == ["first"]
    assert mark_of(table).text().startswith("+2")
    table.resize(320, 200)
    settle()
    assert [each.id for each in table.visible_columns()] == ["first", "count"]
