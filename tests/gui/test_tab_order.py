"""Tab goes through every control of a page and comes back, in the order of reading; the keyboard is never trapped or lost."""

from __future__ import annotations

import pytest
from desk_operator import DeskOperator
from loopback_incident import OPEN_ORDERS, LoopbackIncident
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTabBar, QWidget

from crashdesk.demo.venue import FaultKind
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.focus import can_focus

PAGES = ("overview", "history", "positions", "orphans", "recovery", "activity")
MOST_STOPS = 120


def press(window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the keyboard is."""
    QTest.keyClick(window.focusWidget() or window, key, modifier)
    QApplication.processEvents()


def way_by_tab(window: QWidget, *, back: bool = False) -> list[QWidget]:
    """Where Tab stops, once around, beginning with what has the keyboard."""
    way: list[QWidget] = []
    for _ in range(MOST_STOPS):
        now = window.focusWidget()
        assert now is not None, "the keyboard is nowhere"
        if way and now is way[0]:
            return way
        assert now not in way, f"Tab never comes back to {way[0]}, it turns in a circle at {now}"
        way.append(now)
        press(window, Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab, _shift(back))
    raise AssertionError("Tab does not come back")


def _shift(back: bool) -> Qt.KeyboardModifier:
    return Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier


def controls(window: QWidget) -> set[QWidget]:
    """What Tab has to reach: everything that is visible, enabled, and not a label to copy text from."""
    return {each for each in window.findChildren(QWidget) if can_focus(each) and not isinstance(each, QLabel)}


@pytest.mark.parametrize("page", PAGES)
def test_tab_reaches_every_control_of_a_page_and_comes_back(onlooker: DeskOperator, page: str) -> None:
    window = onlooker.desk.window
    window.activateWindow()
    press(window, Qt.Key(Qt.Key.Key_1 + PAGES.index(page)), Qt.KeyboardModifier.ControlModifier)
    assert window.current_page() == page
    # The charts are prepared in the background when they are first gone to.
    onlooker.wait_until_idle()
    onlooker.wait_until(lambda: onlooker.desk.pages.page(page).complete)
    way = way_by_tab(window)
    assert not [each for each in way if isinstance(each, QLabel)], "Tab stops where there is nothing to press"
    missed = {each for each in controls(window) if each.window() is window} - set(way)
    assert missed == set()
    assert set(way_by_tab(window, back=True)) == set(way)


@pytest.mark.parametrize("step", [Step.CHECKPOINT, Step.COMPARE, Step.DECIDE, Step.EXECUTE])
def test_tab_goes_down_a_step_and_ends_at_what_goes_on(onlooker: DeskOperator, step: Step) -> None:
    page = onlooker.desk.pages.recovery
    onlooker.go_to("recovery")
    page.show_step(step)
    assert_tab_goes_down(onlooker.desk.window, page)


def test_tab_goes_down_every_step_in_whatever_order_they_were_gone_to_first(onlooker: DeskOperator) -> None:
    page = onlooker.desk.pages.recovery
    onlooker.go_to("recovery")
    backwards = [Step.EXECUTE, Step.DECIDE, Step.COMPARE, Step.CHECKPOINT]
    for step in backwards + backwards[::-1]:
        page.show_step(step)
        assert_tab_goes_down(onlooker.desk.window, page)


def assert_tab_goes_down(window: QWidget, page: QWidget) -> None:
    way = [each for each in way_by_tab(window) if page.isAncestorOf(each)]
    tops = [each.mapTo(page, QPoint(0, 0)).y() for each in way]
    first = tops.index(min(tops))
    assert tops[first:] + tops[:first] == sorted(tops), [type(each).__name__ for each in way]


def test_every_page_that_is_gone_to_has_the_keyboard(operator: DeskOperator) -> None:
    window = operator.desk.window
    # For the first time, and coming back.
    for page in (*PAGES[1:], *PAGES):
        press(window, Qt.Key(Qt.Key.Key_1 + PAGES.index(page)), Qt.KeyboardModifier.ControlModifier)
        shown = getattr(operator.desk.pages, page)
        now = window.focusWidget()
        assert shown is now or shown.isAncestorOf(now), page
        assert now.isVisible(), page
        assert now.isEnabled(), page


def test_the_arrows_on_the_tabs_leaf_through_the_pages(onlooker: DeskOperator) -> None:
    window = onlooker.desk.window
    tabs = window.findChild(QTabBar)
    onlooker.go_to(PAGES[0])
    tabs.setFocus()
    seen = [window.current_page()]
    for _ in range(5):
        press(window, Qt.Key.Key_Right)
        seen.append(window.current_page())
    assert tuple(seen) == PAGES
    assert window.focusWidget() is tabs


def test_the_keyboard_stays_on_a_button_that_was_closed_while_the_desk_worked(
    operator: DeskOperator, incident: LoopbackIncident
) -> None:
    window = operator.desk.window
    operator.go_to("overview")
    primary = operator.desk.pages.overview.primary
    primary.setFocus()
    incident.fail(FaultKind.HOLD, method="GET", path=OPEN_ORDERS, seconds=10)
    operator.session.compare()
    operator.wait_until(lambda: incident.venue.wait_until_held(0) is not None)
    operator.wait_until(lambda: not primary.isEnabled())
    assert can_focus(window.focusWidget())
    incident.venue.release()
    operator.wait_until_idle()
    assert window.focusWidget() is primary


def test_the_keyboard_follows_the_steps_and_never_lands_on_what_executes(
    operator: DeskOperator, incident: LoopbackIncident
) -> None:
    window, page = operator.desk.window, operator.desk.pages.recovery
    operator.go_to("recovery")
    page.show_step(Step.CHECKPOINT)
    page.next_button.setFocus()
    press(window, Qt.Key.Key_Return)
    operator.wait_until(lambda: page.step is Step.COMPARE and not operator.session.busy)
    assert window.focusWidget() is page.next_button
    press(window, Qt.Key.Key_Return)
    assert (page.step, window.focusWidget()) == (Step.DECIDE, page.next_button)
    press(window, Qt.Key.Key_Return)
    assert page.step is Step.EXECUTE
    for _ in range(5):
        press(window, Qt.Key.Key_Return)
        press(window, Qt.Key.Key_Space)
    assert window.focusWidget() is not page.danger_button
    assert operator.asked == []
    assert incident.cancel_requests == 0
