"""Where an operator stumbles: keys on red buttons, a report that vanishes, a lost journal, a store without its exchange."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from desk_keyboard import CTRL, Keyboard
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton, QTabBar

from crashdesk.config import write_manifest
from crashdesk.reconcile.records import Action
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import JOURNAL_NAME
from crashdesk.storage.store import StateStore
from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.views.recovery_path import Step
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.table import RecordTableView

RED = "Cancel 2 orders and recover"
DECLINED = "Nothing was cancelled and nothing was saved."


def is_red(widget: Any) -> bool:
    return isinstance(widget, QPushButton) and widget.text() == RED


@pytest.fixture
def keyboard(operator: DeskOperator) -> Keyboard:
    return Keyboard(operator)


# Keys


def test_enter_on_the_red_button_opens_the_question_and_declining_is_said(
    keyboard: Keyboard, incident: LoopbackIncident
) -> None:
    operator = keyboard.operator
    operator.to_execution()
    keyboard.tab_to(is_red)
    keyboard.in_dialog(lambda dialog: keyboard.press(Qt.Key.Key_Return))
    keyboard.press(Qt.Key.Key_Return)
    assert incident.cancel_requests == 0
    assert DECLINED in operator.words
    assert all("waiting" not in line for line in operator.rows("What will be done"))

    def deliberately(_dialog: object) -> None:
        keyboard.press(Qt.Key.Key_Tab)
        keyboard.press(Qt.Key.Key_Return)

    keyboard.in_dialog(deliberately)
    keyboard.tab_to(is_red)
    keyboard.press(Qt.Key.Key_Return)
    operator.wait_until(lambda: operator.session.report is not None)
    operator.wait_until_idle()
    assert incident.cancelled_ids == {incident.first, incident.second}
    assert DECLINED not in operator.words


def test_the_keyboard_is_on_the_next_step_first_and_then_on_the_facts(keyboard: Keyboard) -> None:
    overview = keyboard.operator.desk.pages.overview
    keyboard.operator.wait_until(lambda: keyboard.window.focusWidget() is overview.primary)
    keyboard.press(Qt.Key.Key_Tab)
    assert keyboard.focus.text() == "Compare again"
    keyboard.press(Qt.Key.Key_Tab)
    assert keyboard.focus is overview._known


def test_enter_on_an_orphan_leads_to_its_decisions_and_ctrl_enter_to_the_next_step(keyboard: Keyboard) -> None:
    operator = keyboard.operator
    keyboard.page(4)
    page = operator.desk.pages.orphans
    operator.wait_until(lambda: isinstance(keyboard.focus, RecordTableView))
    keyboard.press(Qt.Key.Key_Return)
    assert keyboard.focus is page.findChild(EvidencePanel).button(Action.CANCEL)
    keyboard.press(Qt.Key.Key_Return, CTRL)
    assert operator.desk.window.current_page() == "recovery"
    assert operator.desk.pages.recovery.step is Step.DECIDE
    keyboard.press(Qt.Key.Key_Return, CTRL)
    assert operator.desk.pages.recovery.step is Step.EXECUTE
    asked: list[str] = []
    keyboard.in_dialog(lambda dialog: (asked.append(dialog.windowTitle()), dialog.reject()))
    keyboard.press(Qt.Key.Key_Return, CTRL)
    assert asked[0].startswith("Cancel 2 orders on binanceusdm")


def test_enter_twice_cancels_nothing_that_is_not_ours(keyboard: Keyboard, incident: LoopbackIncident) -> None:
    operator = keyboard.operator
    keyboard.page(4)
    operator.wait_until(lambda: isinstance(keyboard.focus, RecordTableView))
    key = next(each.key for each in operator.session.comparison.plan.orphans if each.live.id == incident.manual)
    assert keyboard.focus.select_key(key)
    keyboard.press(Qt.Key.Key_Return)
    assert keyboard.focus is operator.desk.pages.orphans.findChild(EvidencePanel).button(Action.LEAVE)
    keyboard.press(Qt.Key.Key_Return)
    assert [each.action for each in operator.session.decisions if each.order_key == key] == [Action.LEAVE]


def test_a_heading_of_the_orphans_takes_no_selection_away(operator: DeskOperator, incident: LoopbackIncident) -> None:
    operator.go_to("orphans")
    page = operator.desk.pages.orphans
    table, panel = page.findChild(RecordTableView), page.findChild(EvidencePanel)
    chosen = table.current_record()
    headings = [row for row in range(table.model().rowCount()) if table.record_model().is_section(row)]
    place = QPoint(40, table.rowViewportPosition(headings[-1]) + 6)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert table.current_record() == chosen
    assert table.selected_records() == [chosen]
    assert panel.button(Action.CANCEL).isEnabled()

    table.selectAll()
    assert panel.button(Action.CANCEL).text() == "Cancel 4"
    table.select_first()
    assert panel.button(Action.CANCEL).text() == "Cancel order"


# The report


@pytest.fixture
def restarted(
    sit_down: Callable[..., DeskOperator], incident: LoopbackIncident
) -> tuple[DeskOperator, Callable[[], None]]:
    """A desk whose bot starts, which is: it holds the store."""
    bots: list[StateStore] = []

    def start() -> None:
        bot = StateStore(incident.directory, purpose="btc-grid", clock=incident.clock)
        bot.acquire()
        _belongs_to_another_process(incident)
        bots.append(bot)

    def stop() -> None:
        while bots:
            bots.pop().close()

    sitting = sit_down(restart_bot=start)
    sitting.open(incident.directory)
    yield sitting, stop
    stop()


def _belongs_to_another_process(incident: LoopbackIncident) -> None:
    import os

    import msgspec

    from crashdesk.storage.lock import HOLDER_NAME, LockHolder

    note = LockHolder(
        pid=os.getpid() + 1, host="trade-1", program="grid", purpose="btc-grid", acquired_at=incident.clock.now_ns()
    )
    (incident.directory / HOLDER_NAME).write_bytes(msgspec.json.encode(note))


def test_the_report_stays_while_the_bot_runs_and_until_a_recovery_is_begun(
    restarted: tuple[DeskOperator, Callable[[], None]],
) -> None:
    operator, stop = restarted
    recovery = operator.desk.pages.recovery
    operator.to_execution()
    operator.execute_to_the_end(RED)
    assert operator.desk.window.focusWidget() is recovery.next_button
    saved = operator.session.report.saved.seq
    assert f"The bot starts, restores checkpoint {saved} and trades on from there." in operator.words
    operator.press("Start the bot again")
    operator.wait_for_words("The bot runs again")
    operator.wait_until_idle()
    operator.look_again()
    assert recovery.step is Step.REPORT
    operator.wait_for_words("The store is in use again")
    assert "Recovered to checkpoint" in operator.words
    assert not operator.can_press("Continue")

    operator.go_to("activity")
    operator.press("See the report")
    assert (operator.desk.window.current_page(), recovery.step) == ("recovery", Step.REPORT)

    stop()
    operator.look_again()
    operator.wait_until_idle()
    operator.press("Compare again")
    operator.wait_until_idle()
    assert recovery.step is Step.COMPARE
    recovery._stepper.step(Step.REPORT).click()
    assert "Recovered to checkpoint" in operator.words
    assert operator.can_press("Start the bot again")


def test_an_adopted_order_is_no_orphan_any_more(operator: DeskOperator) -> None:
    stop = next(each for each in operator.session.comparison.plan.orphans if each.protective)
    operator.go_to("orphans")
    operator.decide(stop.live.id, Action.ADOPT)
    operator.to_execution()
    operator.execute_to_the_end(RED)
    assert "1, by a complete read: 1 not ours" in operator.words
    operator.go_to("overview")
    assert "1 not ours, untouched" in operator.words
    assert "protects a position" not in operator.words


def test_a_running_bot_leaves_nothing_to_continue(restarted: tuple[DeskOperator, Callable[[], None]]) -> None:
    operator, _stop = restarted
    operator.desk.restarting.start()
    operator.wait_for_words("The bot runs again")
    operator.wait_until_idle()
    operator.look_again()
    operator.go_to("recovery")
    operator.wait_for_words("The bot runs")
    assert not operator.can_press("Continue")


# The journal


def test_a_lost_journal_is_told_where_it_is_decided(
    sit_down: Callable[..., DeskOperator], incident: LoopbackIncident
) -> None:
    for path in incident.directory.glob(f"{JOURNAL_NAME}*"):
        path.unlink()
    operator = sit_down()
    operator.open(incident.directory)
    operator.go_to("orphans")
    sections = operator.table("Orphan orders, grouped by verdict").record_model()._sections
    assert sections[0].note == "not proposed: what the bot knew may be incomplete"
    operator.go_to("recovery")
    for step in (Step.DECIDE, Step.EXECUTE):
        operator.desk.pages.recovery.show_step(step)
        assert "What the bot knew may be incomplete, so nothing is proposed" in operator.words
    assert "1.  Then" not in operator.words


# The exchange that is gone


def test_a_store_without_its_exchange_keeps_its_pages_and_says_it_once(
    sit_down: Callable[..., DeskOperator], incident: LoopbackIncident
) -> None:
    demonstration = msgspec.structs.replace(incident.manifest, demonstration=True)
    write_manifest(incident.directory, demonstration, LocalFiles())
    incident.venue.close()
    operator = sit_down(opener=None)
    operator.desk.open_store(incident.directory)
    operator.wait_until(lambda: operator.desk.session is not None and operator.session.comparing_error is not None)
    operator.wait_until_idle()
    told = "This store is a demonstration's; its exchange ended with it."
    for page in ("overview", "orphans", "recovery", "orphans"):
        operator.go_to(page)
        assert operator.desk.window.findChild(QTabBar).isVisible()
    assert operator.words.count(told) == 1
    assert "status page" not in operator.words
    assert operator.can_press("Compare again")


def test_the_exchange_counts_as_connected_once_it_has_answered(
    sit_down: Callable[..., DeskOperator], incident: LoopbackIncident, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    operator = sit_down()
    operator.open(incident.directory)
    assert "is connected to binanceusdm" in caplog.text
    caplog.clear()
    incident.venue.close()
    another = sit_down()
    another.desk.open_store(incident.directory)
    another.wait_until(lambda: another.desk.session is not None and another.session.comparing_error is not None)
    assert "is connected to" not in caplog.text


def test_the_demonstrations_store_says_that_it_has_its_own_exchange(operator: DeskOperator) -> None:
    operator.go_to("history")
    before = operator.session.comparison
    operator.desk.window.connect_requested.emit()
    box = operator.desk.window.findChild(QMessageBox)
    assert box.text() == "This store belongs to the demonstration's own exchange."
    box.close()
    assert operator.session.comparison is before
    assert operator.desk.window.current_page() == "history"


def test_without_a_store_the_commands_say_why_they_cannot_be_given(sit_down: Callable[..., DeskOperator]) -> None:
    window = sit_down().desk.window
    assert not window.commands.action("connect").isEnabled()
    assert window.commands.action("connect").toolTip().startswith("Open a store first")


def test_a_refused_execution_is_told_once_with_the_way_on(operator: DeskOperator, incident: LoopbackIncident) -> None:
    operator.to_execution()
    bot = StateStore(incident.directory, purpose="btc-grid", clock=incident.clock)
    with operator.not_looking():
        bot.acquire()
        _belongs_to_another_process(incident)
        with operator.ending():
            operator.press(RED)
    bot.close()
    boxes = [
        each for each in operator.desk.window.findChildren(Banner) if each.isVisible() and "Recovering" in each.text
    ]
    assert len(boxes) == 1
    operator.look_again()
    operator.wait_until_idle()
    assert operator.can_press("Compare again")
