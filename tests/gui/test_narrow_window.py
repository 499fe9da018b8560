"""At 1024 × 720 nothing has to be scrolled sideways: columns give way for lack of room, and come back with it."""

from __future__ import annotations

import pytest
from desk_operator import DeskOperator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QScrollArea

from crashdesk_gui.models.export import tsv_text
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.main_window import LEAST_SIZE
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.table import RecordTableView

ORPHANS = "Orphan orders, grouped by verdict"


def resize(operator: DeskOperator, width: int, height: int) -> None:
    operator.desk.window.resize(width, height)
    for _ in range(3):
        QApplication.processEvents()


def assert_nothing_scrolls_sideways(operator: DeskOperator) -> None:
    parts = [*operator.desk.window.findChildren(RecordTableView), *operator.desk.window.findChildren(QScrollArea)]
    shown = [each for each in parts if each.isVisible()]
    assert shown
    for part in shown:
        assert part.horizontalScrollBar().maximum() == 0, part.accessibleName()
        if isinstance(part, QScrollArea):
            assert part.widget().width() <= part.viewport().width(), part.accessibleName()


@pytest.mark.parametrize("page", ["overview", "orphans"])
def test_no_page_is_scrolled_sideways(onlooker: DeskOperator, page: str) -> None:
    resize(onlooker, 1024, 720)
    onlooker.go_to(page)
    resize(onlooker, 1024, 720)
    assert_nothing_scrolls_sideways(onlooker)


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.REPORT])
def test_no_step_of_a_recovery_is_scrolled_sideways(onlooker: DeskOperator, step: Step) -> None:
    resize(onlooker, 1024, 720)
    onlooker.go_to("recovery")
    onlooker.desk.pages.recovery.show_step(step)
    resize(onlooker, 1024, 720)
    assert_nothing_scrolls_sideways(onlooker)


def test_the_report_of_a_recovery_is_not_scrolled_sideways(operator: DeskOperator) -> None:
    resize(operator, 1024, 720)
    operator.to_execution()
    operator.execute_to_the_end("Cancel 2 orders and recover")
    assert operator.desk.pages.recovery.step is Step.REPORT
    resize(operator, 1024, 720)
    assert_nothing_scrolls_sideways(operator)


def test_columns_that_gave_way_come_back_with_the_room_and_are_copied_meanwhile(onlooker: DeskOperator) -> None:
    onlooker.go_to("orphans")
    resize(onlooker, 1024, 720)
    table = onlooker.table(ORPHANS)
    narrow = {column.id for column in table.visible_columns()}
    assert "client_order_id" not in narrow
    assert {"symbol", "side", "price", "remaining", "age", "why"} <= narrow
    table.select_first()
    table.copy_selection()
    copied = QGuiApplication.clipboard().text()
    assert table.selected_records()[0].live.client_order_id in copied

    resize(onlooker, 1600, 900)
    assert "client_order_id" in {column.id for column in table.visible_columns()}
    assert onlooker.desk.ui.settings.columns(onlooker.session.key, "orphans") is None
    assert copied == tsv_text(table.record_model(), table.selected_records(), table.visible_columns())


@pytest.mark.parametrize("page", ["history", "orphans", "activity"])
@pytest.mark.parametrize("width", [LEAST_SIZE.width(), 1024, 1280])
def test_no_table_ends_before_its_frame(onlooker: DeskOperator, page: str, width: int) -> None:
    resize(onlooker, width, 720)
    onlooker.go_to(page)
    resize(onlooker, width, 720)
    tables = [each for each in onlooker.desk.window.findChildren(RecordTableView) if each.isVisible()]
    assert tables
    for table in tables:
        assert table.horizontalHeader().length() >= table.viewport().width(), table.accessibleName()


def test_the_evidence_of_few_orders_is_read_without_scrolling(onlooker: DeskOperator) -> None:
    resize(onlooker, 1280, 800)
    onlooker.go_to("orphans")
    resize(onlooker, 1280, 800)
    area = next(each for each in onlooker.desk.window.findChildren(QScrollArea) if each.accessibleName() == "Evidence")
    assert area.verticalScrollBar().maximum() == 0


def test_the_window_is_never_smaller_than_its_pages_need_and_the_stores_give_way_first(onlooker: DeskOperator) -> None:
    window = onlooker.desk.window
    assert window.minimumSize() == LEAST_SIZE.boundedTo(window.screen().availableSize())
    page = onlooker.desk.pages.orphans
    onlooker.go_to("orphans")
    widths = []
    for width in (LEAST_SIZE.width(), 1024):
        resize(onlooker, width, LEAST_SIZE.height())
        widths.append(page.width())
    assert widths[1] - widths[0] < 1024 - LEAST_SIZE.width()
    resize(onlooker, *LEAST_SIZE.toTuple())
    assert_nothing_scrolls_sideways(onlooker)


def test_in_a_low_window_the_timeline_gives_way_before_a_word_is_cut(onlooker: DeskOperator) -> None:
    window = onlooker.desk.window
    onlooker.go_to("history")
    history = onlooker.desk.pages.history
    window.resize(1024, 720)
    onlooker.wait_until(history.strip.isVisible)
    history.banner.show_message("Two lines\nof bad news", Tone.WARNING)
    window.resize(1024, 600)
    onlooker.wait_until(history.strip.isHidden)
    onlooker.wait_until(lambda: history.side.height() >= history.side.minimumSizeHint().height())
    history.banner.hide()
    window.resize(1024, 720)
    onlooker.wait_until(history.strip.isVisible)
