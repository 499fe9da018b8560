"""A panel that shows only a part of its lines ends with a whole one."""

from __future__ import annotations

import pytest
from desk_operator import DeskOperator
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from crashdesk_gui.context import UiContext
from crashdesk_gui.widgets.facts import Detail, DetailGrid
from crashdesk_gui.widgets.scroll import WholeLines

LONG = "a value that goes on for so many words that it needs several lines of the panel in which it is shown " * 3


def cut(area: QScrollArea) -> list[QWidget]:
    """The lines of which the lower edge shows only the upper part."""
    height, content = area.viewport().height(), area.widget()
    lines = [each for each in content.findChildren(QWidget) if each.isVisible() and not each.findChildren(QWidget)]
    tops = {each: each.mapTo(content, QPoint(0, 0)).y() for each in lines}
    return [each for each, top in tops.items() if top < height < top + each.height()]


def grid_in(ui: UiContext, details: list[Detail], height: int, qtbot) -> QScrollArea:
    grid = DetailGrid(ui)
    grid.set_details(details)
    area = WholeLines(grid)
    qtbot.addWidget(area)
    area.resize(260, height)
    area.show()
    settle()
    return area


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


@pytest.mark.parametrize("height", range(96, 136, 5))
def test_the_last_line_that_is_seen_is_whole(ui: UiContext, height: int, qtbot) -> None:
    area = grid_in(ui, [Detail(f"line {number}", str(number)) for number in range(30)], height, qtbot)
    assert cut(area) == []
    assert area.viewport().height() > height - 30, "not more is left free than a line"
    area.resize(260, height + 13)
    settle()
    assert cut(area) == []


def test_lines_that_come_later_are_whole_too(ui: UiContext, qtbot) -> None:
    area = grid_in(ui, [Detail("one", "1")], 111, qtbot)
    assert area.viewport().height() == 111
    area.widget().set_details([Detail(f"line {number}", str(number)) for number in range(30)])
    settle()
    assert area.verticalScrollBar().maximum() > 0
    assert cut(area) == []


def test_the_end_can_be_reached_and_what_is_too_high_is_begun(ui: UiContext, qtbot) -> None:
    area = grid_in(ui, [Detail("first", "1"), Detail("text", LONG), Detail("last", "9")], 100, qtbot)
    assert area.viewport().height() == 100, "a text of many lines is begun"
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    last = area.widget()._labels[-1][1]
    assert last.mapTo(area.viewport(), QPoint(0, last.height())).y() <= area.viewport().height()


def test_the_entry_and_the_summary_of_a_checkpoint_end_so(operator: DeskOperator) -> None:
    operator.desk.window.resize(1280, 800)
    for page in ("activity", "history"):
        operator.desk.window.show_page(page)
        settle()
        areas = [each for each in operator.desk.pages.page(page).findChildren(WholeLines) if each.isVisible()]
        assert areas
        for area in areas:
            assert cut(area) == []
