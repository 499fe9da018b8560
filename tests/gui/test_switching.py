"""What the operator has in hand stays in the hand when language, theme, density or zone are switched at three in the morning."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_after_crash import desk_after_crash, speak
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QScrollBar, QTabBar

from crashdesk.reconcile.records import Action
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.display import Zone
from crashdesk_gui.language import Language
from crashdesk_gui.theme import ThemeMode
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.page_state import PageState

MORE = 60
"""So many checkpoints that the history has to be scrolled."""


@pytest.fixture
def ui(window_ui: UiContext) -> UiContext:
    """What these tests open are windows."""
    return window_ui


@pytest.fixture
def desk(ui: UiContext, qapp: QApplication, tmp_path: Path, qtbot) -> Iterator[Desk]:
    with desk_after_crash(ui, qapp, tmp_path / "store", qtbot, checkpoints=MORE) as each:
        yield each


def lines(desk: Desk) -> list[str]:
    return [label.text() for label in desk.window.findChildren(QLabel) if label.isVisible()]


def test_selection_comparison_part_filter_and_place_of_the_history(desk: Desk, qtbot) -> None:
    desk.window.show_page("history")
    page = desk.pages.history
    page.filters.set_text("2")
    page.select_checkpoint(25)
    qtbot.waitUntil(lambda: page.details.details is not None)
    tabs = page.details.findChild(QTabBar)
    tabs.setCurrentIndex(2)
    page.table.verticalScrollBar().setValue(37)
    speak(desk, qtbot)
    page = desk.pages.history
    assert page.filters.text() == "2"
    assert page.table.current_record().info.seq == 25
    assert page.table.verticalScrollBar().value() == 37
    qtbot.waitUntil(lambda: page.details.details is not None)
    assert page.details.findChild(QTabBar).currentIndex() == 2
    page.show_against_exchange()
    qtbot.waitUntil(lambda: page.difference.model.shown_count() > 0)
    speak(desk, qtbot, Language.ENGLISH)
    page = desk.pages.history
    qtbot.waitUntil(lambda: page.difference.isVisible() and page.difference.model.shown_count() > 0)


def test_two_selected_checkpoints_stay_compared_on_a_page_that_is_not_in_front(desk: Desk, qtbot) -> None:
    desk.window.show_page("history")
    page = desk.pages.history
    page.select_checkpoint(30)
    selection = page.table.selectionModel()
    row = page.model.row_of(41)
    selection.select(page.model.index(row, 0), selection.SelectionFlag.Select | selection.SelectionFlag.Rows)
    desk.window.show_page("overview")
    speak(desk, qtbot)
    speak(desk, qtbot, Language.ENGLISH)
    desk.window.show_page("history")
    page = desk.pages.history
    assert sorted(page.table.selected_keys()) == [30, 41]
    qtbot.waitUntil(page.difference.isVisible)


def test_range_curves_and_mark_of_the_positions(desk: Desk, qtbot) -> None:
    desk.window.show_page("positions")
    qtbot.waitUntil(lambda: desk.pages.positions.board.data is not None)
    page = desk.pages.positions
    page.charts.zoom(0.5)
    page.select_checkpoint(20)
    seen, lanes = page.charts.visible_range, page.charts.lane_ids()
    speak(desk, qtbot)
    page = desk.pages.positions
    qtbot.waitUntil(lambda: page.board.data is not None)
    assert page.charts.visible_range == seen
    assert page.charts.lane_ids() == lanes
    assert page.charts.scene.selected is not None
    assert not any(button.isChecked() for button in page.ranges.buttons().values())
    list(page.ranges.buttons().values())[1].click()
    speak(desk, qtbot, Language.ENGLISH)
    page = desk.pages.positions
    qtbot.waitUntil(lambda: page.board.data is not None)
    assert page.ranges.buttons()["6 h"].isChecked()


def test_selected_and_checked_orphans_the_note_and_the_place(desk: Desk, qtbot) -> None:
    desk.window.show_page("orphans")
    page = desk.pages.orphans
    table = page._table
    keys = [each.key for each in table.record_model().shown_records()]
    table.select_key(keys[0])
    qtbot.keyClick(table, Qt.Key.Key_Space)
    table.select_key(keys[1])
    selection = table.selectionModel()
    index = table.record_model().index(table.record_model().row_of(keys[2]), 0)
    selection.select(index, selection.SelectionFlag.Select | selection.SelectionFlag.Rows)
    checked = {each.key for each in table.record_model().checked_records()}
    note = page._evidence.findChild(QLineEdit)
    note.setFocus()
    qtbot.keyClicks(note, "seen on the phone")
    table.verticalScrollBar().setValue(9)
    place = table.verticalScrollBar().value()
    speak(desk, qtbot)
    page = desk.pages.orphans
    table = page._table
    assert set(table.selected_keys()) == {keys[1], keys[2]}
    assert table.current_record().key == keys[1]
    assert {each.key for each in table.record_model().checked_records()} == checked
    assert keys[0] not in checked
    assert page._evidence.note == "seen on the phone"
    bar = table.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == min(place, bar.maximum()))


def test_a_note_on_an_order_without_a_decision_outlives_language_and_theme(desk: Desk, ui: UiContext, qtbot) -> None:
    desk.window.show_page("orphans")
    table = desk.pages.orphans._table
    keys = [each.verdict.key for each in table.record_model().shown_records() if each.decision is None]
    table.select_key(keys[0])
    note = desk.pages.orphans._evidence.findChild(QLineEdit)
    note.setFocus()
    qtbot.keyClicks(note, "half a no")
    table.select_key(keys[1])
    table.setFocus()
    speak(desk, qtbot)
    ui.themes.set_mode(ThemeMode.DARK)
    page = desk.pages.orphans
    assert page._evidence.note == ""
    page._table.select_key(keys[0])
    assert page._evidence.note == "half a no"
    page._evidence.button(Action.LEAVE).click()
    assert desk.session.taken[keys[0]].note == "half a no"


def test_step_checkpoint_and_selection_of_the_recovery(desk: Desk, qtbot) -> None:
    desk.window.show_page("recovery")
    page = desk.pages.recovery
    older = desk.session.overview.rows[3].info
    page.choose_checkpoint(older)
    speak(desk, qtbot)
    page = desk.pages.recovery
    assert page.step is Step.CHECKPOINT
    assert page._views.checkpoint.info == older
    for step in (Step.COMPARE, Step.DECIDE, Step.EXECUTE):
        desk.pages.recovery.show_step(step)
        speak(desk, qtbot, Language.CHINESE if step is Step.DECIDE else Language.ENGLISH)
        assert desk.pages.recovery.step is step
        assert desk.pages.recovery._views.checkpoint.info == older
    assert desk.pages.recovery._views.execute.table.record_model().shown_count() > 0


def test_steps_of_the_recovery_that_nobody_went_to_since_stand_as_they_were_left(desk: Desk, qtbot) -> None:
    desk.window.resize(1024, 560)
    desk.window.show_page("recovery")
    page = desk.pages.recovery
    page.show_step(Step.DECIDE)
    bar = page.findChild(QScrollArea, "recovery-differences").verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 20)
    bar.setValue(15)
    page.show_step(Step.EXECUTE)
    table = page._views.execute.table
    last = table.record_model().rowCount() - 1
    table.selectRow(last)
    chosen = table.selected_keys()
    assert last > 0
    assert chosen
    page.show_step(Step.CHECKPOINT)
    speak(desk, qtbot)
    speak(desk, qtbot, Language.ENGLISH)
    page = desk.pages.recovery
    page.show_step(Step.DECIDE)
    bar = page.findChild(QScrollArea, "recovery-differences").verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == 15)
    page.show_step(Step.EXECUTE)
    assert page._views.execute.table.selected_keys() == chosen


@pytest.mark.parametrize("way", ["language", "theme", "density", "another page", "another step", "news", "comparison"])
def test_what_differs_stays_scrolled_where_it_is_read(desk: Desk, ui: UiContext, qtbot, way: str) -> None:
    desk.window.resize(1024, 560)
    desk.window.show_page("recovery")
    desk.pages.recovery.show_step(Step.DECIDE)

    def bar() -> QScrollBar:
        return desk.pages.recovery.findChild(QScrollArea, "recovery-differences").verticalScrollBar()

    qtbot.waitUntil(lambda: bar().maximum() > 20)
    qtbot.wait(50)  # until it is laid out to the end
    place = bar().maximum() * 2 // 3
    bar().setValue(place)
    match way:
        case "language":
            speak(desk, qtbot)
            qtbot.wait(50)
            speak(desk, qtbot, Language.ENGLISH)
        case "theme":
            ui.themes.set_mode(ThemeMode.DARK)
        case "density":
            ui.display.set_compact(True)
            ui.display.set_compact(False)
        case "another page":
            desk.window.show_page("orphans")
            desk.window.show_page("recovery")
        case "another step":
            desk.pages.recovery.show_step(Step.EXECUTE)
            desk.pages.recovery.show_step(Step.DECIDE)
        case "news":
            desk.session.decisions_changed.emit()
            desk.session.overview_changed.emit(desk.session.overview)
        case "comparison":
            with qtbot.waitSignal(desk.session.comparison_changed):
                desk.session.compare()
            qtbot.waitUntil(lambda: not desk.session.busy)
    qtbot.wait(100)
    assert desk.pages.recovery.step is Step.DECIDE
    assert bar().value() == place


def test_another_store_gets_nothing_of_what_was_in_hand_in_this_one(desk: Desk, qtbot) -> None:
    desk.window.resize(1024, 560)
    desk.window.show_page("recovery")
    page = desk.pages.recovery
    page.show_step(Step.DECIDE)
    bar = page.findChild(QScrollArea, "recovery-differences").verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 20)
    bar.setValue(15)
    page.show_step(Step.CHECKPOINT)
    speak(desk, qtbot)
    desk.pages.set_session(None)  # another store could come, whose rows may have the same keys
    desk.pages.set_session(desk.session)
    page = desk.pages.recovery
    page.show_step(Step.DECIDE)
    bar = page.findChild(QScrollArea, "recovery-differences").verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 20)
    qtbot.wait(50)
    assert bar.value() == 0


def test_a_recovery_under_way_is_shown_on_and_can_be_stopped(desk: Desk, qtbot) -> None:
    cancelling, gate = threading.Event(), threading.Event()
    original = desk.exchange.cancel_order

    def slow(ref: object) -> object:
        cancelling.set()
        gate.wait(4)
        return original(ref)

    desk.exchange.cancel_order = slow
    undecided = [each for each in desk.session.comparison.plan.orphans if desk.session.taken.get(each.key) is None]
    desk.session.decide(undecided, Action.LEAVE, "looked at")
    desk.window.show_page("recovery")
    page = desk.pages.recovery
    page._run._cancellation._ask = lambda *_question: True
    page.show_step(Step.EXECUTE)
    page.danger_button.click()
    qtbot.waitUntil(cancelling.is_set)
    qtbot.waitUntil(lambda: "… working" in states(desk))
    speak(desk, qtbot)
    page = desk.pages.recovery
    assert page.step is Step.EXECUTE
    assert page.stop_button.isVisible()
    assert page.stop_button.isEnabled()
    assert "… 处理中" in states(desk)
    page.stop_button.click()
    speak(desk, qtbot, Language.ENGLISH)
    assert "Stopping after this order…" in lines(desk)
    gate.set()
    qtbot.waitUntil(lambda: desk.session.report is not None and not desk.session.busy)
    qtbot.waitUntil(lambda: desk.pages.recovery.step is Step.REPORT)


def states(desk: Desk) -> list[str]:
    model = desk.pages.recovery._views.execute.table.record_model()
    column = next(each for each in model.columns if each.id == "state")
    return [column.text(record) for record in model.shown_records()]


def test_entry_and_filter_of_the_activity(desk: Desk, qtbot) -> None:
    journal = desk.session.overview.entries
    desk.window.show_page("activity")
    page = desk.pages.activity
    field = page.findChild(FilterBar)
    field.set_text("checkpoint")
    qtbot.waitUntil(lambda: page.audit_view.record_model().shown_count() <= len(journal))
    chosen = page.audit_view.record_model().shown_records()
    if len(chosen) > 1:
        page.audit_view.select_key(chosen[1].seq)
    current = page.audit_view.current_record()
    speak(desk, qtbot)
    speak(desk, qtbot, Language.ENGLISH)
    assert desk.pages.activity.findChild(FilterBar).text() == "checkpoint"
    assert desk.pages.activity.audit_view.current_record() == current


def test_a_column_stays_scrolled(desk: Desk, qtbot) -> None:
    desk.window.resize(1024, 560)
    desk.window.show_page("overview")
    area = desk.pages.overview.findChild(QScrollArea, "situation")
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 20)
    area.verticalScrollBar().setValue(15)
    speak(desk, qtbot)
    area = desk.pages.overview.findChild(QScrollArea, "situation")
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() == 15)


def settle(qtbot, page: Callable[[], PageState], wanted: PageState) -> None:
    qtbot.waitUntil(lambda: page() == wanted)


@pytest.mark.parametrize("name", ["overview", "history", "positions", "orphans", "recovery", "activity"])
def test_theme_density_and_zone_take_nothing_out_of_the_hand(desk: Desk, ui: UiContext, qtbot, name: str) -> None:
    desk.window.show_page(name)
    page = desk.pages.page(name)
    if name == "history":
        # The page may show its newest checkpoint until then.
        with qtbot.waitSignal(page.checkpoint_selected, check_params_cb=lambda info: info.seq == 20):
            page.select_checkpoint(20)
        qtbot.waitUntil(lambda: page.details.details is not None)
        page.show_against_exchange()
        qtbot.waitUntil(lambda: page.difference.model.shown_count() > 2)
        page.difference.findChild(type(page.table)).selectRow(2)
    if name == "positions":
        qtbot.waitUntil(lambda: page.board.data is not None)
        page.charts.zoom(0.5)
    if name == "recovery":
        page.show_step(Step.DECIDE)
    if name == "orphans":
        page._table.selectRow(3)
    top = page.table.rowAt(0) if name == "history" else 0
    before = page.state()
    ui.display.set_zone(Zone.LOCAL)
    ui.themes.set_mode(ThemeMode.DARK)
    settle(qtbot, page.state, before)
    ui.display.set_compact(True)
    qtbot.wait(60)
    if name == "history":
        assert page.table.rowAt(0) == top
    ui.display.set_compact(False)
    ui.themes.set_mode(ThemeMode.LIGHT)
    ui.display.set_zone(Zone.UTC)
    settle(qtbot, page.state, before)
    assert page.isVisible()
