"""What the last step asks, and what the report says afterwards: all that is done is named, before and after."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from orphan_incident import ExchangeInMemory
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from recovery_desk import (
    NOW,
    Operator,
    button,
    cells,
    compare,
    cut_cells,
    decide,
    files,
    look_again,
    press,
    show,
    to_execution,
    words,
)

from crashdesk.reconcile.records import Action
from crashdesk.storage.lock import HOLDER_NAME, LockHolder
from crashdesk.storage.store import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.main_window import MainWindow
from crashdesk_gui.views.pages import PageSpec
from crashdesk_gui.views.recovery_page import RecoveryPage, Step
from crashdesk_gui.widgets.banner import Banner
from crashdesk_gui.widgets.table import RecordTableView


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture
def page(ui: UiContext, session: StoreSession, operator: Operator, qtbot) -> RecoveryPage:
    return show(ui, session, operator, qtbot)


NOTE = "The stop of the hedge desk; they asked on the phone at 03:05 that the bot takes it over until Monday morning."


@pytest.mark.parametrize("width", [700, 1200])
def test_neither_what_proves_a_fate_nor_an_outcome_nor_its_note_is_cut(
    page: RecoveryPage, session: StoreSession, qtbot, width: int
) -> None:
    page.resize(width, 640)
    compare(page, session, qtbot)
    page.next_button.click()
    tables = {each.accessibleName(): each for each in page.findChildren(RecordTableView) if each.isVisible()}
    qtbot.waitUntil(lambda: not cut_cells(tables["Orders that were known"]))
    known = tables["Orders that were known"]
    assert known.height() >= known.horizontalHeader().height() + sum(map(known.rowHeight, range(2)))
    (hedge,) = (each for each in session.comparison.plan.orphans if each.live.id == "9003")
    session.decide([hedge], Action.ADOPT, NOTE)
    page.next_button.click()
    assert any(NOTE in line for line in cells(page, "What will be done"))
    press(page.danger_button, session, qtbot)
    assert any(NOTE in line for line in cells(page, "Outcomes"))
    outcomes = next(each for each in page.findChildren(RecordTableView) if each.accessibleName() == "Outcomes")
    qtbot.waitUntil(lambda: not cut_cells(outcomes))


def test_the_dialog_names_what_the_same_click_adopts_and_says_what_else_changes(
    page: RecoveryPage, session: StoreSession, operator: Operator, qtbot
) -> None:
    operator.agrees = False
    to_execution(page, session, qtbot)
    page.danger_button.click()
    alone = operator.asked.pop()
    assert alone.beside == ()
    decide(session, "9003", Action.ADOPT)
    decide(session, "9004", Action.LEAVE)
    page.danger_button.click()
    question = operator.asked.pop()
    assert [item.cells[4] for item in question.items] == ["9001", "9002"]
    (adopted,) = question.beside
    assert [item.cells[4] for item in adopted.items] == ["9003"]
    assert adopted.title == "Adopted into the recovered state, and not cancelled: 1 order"
    assert question.typed == "", "only what is cancelled asks for more"
    assert question.notes == (
        "Left on the exchange, and remembered: 1 order.",
        "No longer open, and removed from the saved state: 2 orders.",
        "Changed since, and saved as on the exchange now: 2 position(s).",
    )


def test_who_has_the_store_after_a_recovery_is_said_once_by_the_report(
    page: RecoveryPage, session: StoreSession, directory: Path, qtbot
) -> None:
    to_execution(page, session, qtbot)
    press(page.danger_button, session, qtbot)
    look_again(session, qtbot)
    assert "The bot's next start restores checkpoint" in words(page)
    with StateStore(directory, purpose="btc-grid") as bot:
        bot.acquire()
        holder = LockHolder(pid=os.getpid() + 1, host="trade-1", program="bot.py", purpose="btc-grid", acquired_at=NOW)
        (directory / HOLDER_NAME).write_bytes(msgspec.json.encode(holder))
        look_again(session, qtbot)
        qtbot.waitUntil(lambda: "The store is in use again: btc-grid" in words(page))
        assert "The bot's next start restores checkpoint" not in words(page)
        assert not [each.text for each in page.findChildren(Banner) if each.isVisible()]


@pytest.mark.scenario(72)
def test_declining_sends_nothing_and_saves_nothing(
    page: RecoveryPage,
    session: StoreSession,
    exchange: ExchangeInMemory,
    operator: Operator,
    directory: Path,
    qtbot,
) -> None:
    operator.agrees = False
    to_execution(page, session, qtbot)
    before = files(directory)
    page.danger_button.click()
    assert len(operator.asked) == 1
    assert not session.busy
    assert (exchange.cancelled, files(directory)) == ([], before)
    assert page.step is Step.EXECUTE


@pytest.mark.parametrize(
    ("order_id", "typed", "remark"),
    [
        ("9003", "3", "protects a position · not ours"),
        ("9004", "3", "not ours"),
        ("9005", "3", "cannot tell whose"),
        ("", "", ""),
    ],
)
def test_friction_grows_with_what_is_touched(
    page: RecoveryPage, session: StoreSession, operator: Operator, qtbot, order_id: str, typed: str, remark: str
) -> None:
    operator.agrees = False
    to_execution(page, session, qtbot)
    decide(session, order_id, Action.CANCEL)
    page.danger_button.click()
    question = operator.asked[0]
    assert question.typed == typed
    assert bool(question.reasons) is bool(typed)
    assert {item.cells[4]: item.remark for item in question.items}.get(order_id, "") == remark


def test_more_than_ten_orders_want_the_count_typed(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, operator: Operator, qtbot
) -> None:
    template = exchange.orders["9001"]
    for number in range(9):
        name = f"91{number:02d}"
        exchange.orders[name] = msgspec.structs.replace(template, id=name, client_order_id=f"grid-{name}")
    operator.agrees = False
    to_execution(page, session, qtbot)
    page.danger_button.click()
    assert (operator.asked[0].typed, len(operator.asked[0].items)) == ("11", 11)


def test_without_cancellations_nothing_is_asked(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, operator: Operator, qtbot
) -> None:
    to_execution(page, session, qtbot)
    for order_id in ("9001", "9002"):
        decide(session, order_id, Action.LEAVE)
    assert not page.danger_button.isVisible()
    press(page.next_button, session, qtbot)
    assert (operator.asked, exchange.cancelled) == ([], [])
    assert page.step is Step.REPORT


@pytest.mark.parametrize("step", ["execute", "report"])
def test_the_command_for_the_next_step_does_not_press_what_acts_at_once(
    window_ui: UiContext, session: StoreSession, operator: Operator, qtbot, step: str
) -> None:
    window = MainWindow(window_ui)
    qtbot.addWidget(window)
    page = RecoveryPage(window_ui, ask=operator.confirm, ask_path=operator.ask_path)
    window.add_page(PageSpec(id="recovery", title="Recovery", icon="recovery", make=lambda: page))
    page.set_session(session)
    page.set_restart_available(True)
    window.show()
    to_execution(page, session, qtbot)
    session.decide(session.comparison.plan.needs_decision, Action.LEAVE)
    assert "This button does it." in words(page)
    pressed: list[bool] = []
    page.restart_wanted.connect(lambda: pressed.append(True))
    if step == "report":
        press(page.next_button, session, qtbot)
    for _ in range(3):
        window.commands.action("next").trigger()
    assert window.focusWidget() is page.next_button
    assert (session.busy, pressed) == (False, [])
    assert page.step is (Step.EXECUTE if step == "execute" else Step.REPORT)
    qtbot.keyClick(page.next_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.step is Step.REPORT and not session.busy)
    assert pressed == ([True] if step == "report" else [])


def test_the_command_for_the_next_step_presses_what_asks(
    window_ui: UiContext, session: StoreSession, operator: Operator, qtbot
) -> None:
    operator.agrees = False
    window = MainWindow(window_ui)
    qtbot.addWidget(window)
    page = RecoveryPage(window_ui, ask=operator.confirm, ask_path=operator.ask_path)
    window.add_page(PageSpec(id="recovery", title="Recovery", icon="recovery", make=lambda: page))
    page.set_session(session)
    window.show()
    to_execution(page, session, qtbot)
    assert "This button asks once more." in words(page)
    for order_id in ("9001", "9002"):
        decide(session, order_id, None)
    assert "This button asks once more." in words(page)
    window.commands.action("next").trigger()
    assert len(operator.asked) == 1


def test_only_what_is_done_is_numbered_and_what_stays_is_told_beside(
    page: RecoveryPage, session: StoreSession, qtbot
) -> None:
    to_execution(page, session, qtbot)
    for order_id in ("9003", "9005"):
        decide(session, order_id, Action.ADOPT)
    decide(session, "9002", None)
    key = next(each.key for each in session.comparison.plan.orphans if each.live.id == "9004")
    session.write_note(key, "theirs")
    told = words(page).splitlines()
    steps = [line for line in told if line[:3] in {f"{number}. " for number in range(1, 9)}]
    assert [line[:2] for line in steps] == ["1.", "2.", "3."]
    assert "saved as a new checkpoint" in steps[-1]
    assert "! Not provably the bot's: 2 order(s) to adopt." in told
    assert "Untouched, since they are not ours: 1. These orders stay on the exchange." in told
    assert "! Not kept: 1 note(s) on orders without a decision. Choose Leave to keep a note." in told


def test_an_adopted_order_that_is_not_ours_is_marked(
    page: RecoveryPage, session: StoreSession, operator: Operator, qtbot
) -> None:
    operator.agrees = False
    to_execution(page, session, qtbot)
    decide(session, "9004", Action.ADOPT)
    page.danger_button.click()
    (adopted,) = operator.asked[0].beside
    assert [(item.remark, item.tone) for item in adopted.items] == [("not ours", Tone.WARNING)]


def test_what_becomes_of_an_own_order_without_a_decision_is_told_as_the_next_start_does_it(
    page: RecoveryPage, session: StoreSession, operator: Operator, qtbot
) -> None:
    operator.agrees = False
    to_execution(page, session, qtbot)
    decide(session, "9001", None)
    cancels = "The bot's own start cancels such orders, unless its configuration says otherwise."
    assert cancels in words(page)
    page.danger_button.click()
    assert operator.asked[0].decline == "Go back"
    page.back_button.click()
    assert cancels in words(page)
    assert all(cancels in question.text for question in operator.asked)


def test_an_own_order_that_protects_a_position_is_not_said_to_be_cancelled_by_the_start(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, operator: Operator, qtbot
) -> None:
    exchange.change("9003", client_order_id="grid-9003")
    operator.agrees = False
    to_execution(page, session, qtbot)
    assert "The bot's own start does not cancel what protects a position or is in doubt." in words(page)
    decide(session, "9001", None)
    assert "The bot's own start cancels 1 of them, unless its configuration says otherwise." in words(page)
    page.danger_button.click()
    assert "unknown to the bot: 2 of its own orders." in operator.asked[0].text


def test_own_orders_without_a_decision_are_asked_about_and_reported(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, operator: Operator, qtbot
) -> None:
    to_execution(page, session, qtbot)
    for order_id in ("9001", "9002"):
        decide(session, order_id, None)
    assert "1.  The exchange is read once more" in words(page)
    operator.agrees = False
    page.next_button.click()
    assert "unknown to the bot: 2 of its own orders." in operator.asked[0].text
    assert [item.cells[-1] for item in operator.asked[0].items] == ["9001", "9002"]
    assert page.step is Step.EXECUTE
    assert "Nothing was cancelled and nothing was saved." in words(page)

    operator.agrees = True
    press(page.next_button, session, qtbot)
    assert exchange.cancelled == []
    assert "2 of the bot's own orders left on the exchange for now, unknown to it." in words(page)


@pytest.mark.scenario(28, 33)
def test_changed_and_refused_orders_are_not_hidden_behind_success(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    to_execution(page, session, qtbot)
    exchange.change("9001", filled=Decimal("0.010"))
    exchange.refuse["9002"] = "-4131 counterparty best price"
    press(page.danger_button, session, qtbot)

    assert "! Recovered to checkpoint 5, but not every order could be handled" in words(page)
    assert "2 of 2 decisions could not be carried out" in words(page)
    outcomes = cells(page, "Outcomes")
    assert any("! changed, not touched" in line and "filled 0.005 → 0.010" in line for line in outcomes)
    assert any("✕ refused" in line and "-4131 counterparty best price" in line for line in outcomes)
    with qtbot.waitSignal(session.comparison_changed):
        page.again_button.click()
    qtbot.waitUntil(lambda: not session.busy)
    assert session.comparison.plan.checkpoint_seq == 5
    assert page.step is Step.COMPARE


def test_the_report_can_be_exported_copied_and_the_bot_started(
    page: RecoveryPage, session: StoreSession, operator: Operator, qtbot
) -> None:
    to_execution(page, session, qtbot)
    waiting = session.tally(accepted=True).waiting
    session.decide(waiting, Action.LEAVE)
    press(page.danger_button, session, qtbot)
    assert not page.next_button.isVisible()
    page.set_restart_available(True)
    with qtbot.waitSignal(page.restart_wanted):
        button(page, "Start the bot again").click()

    button(page, "Export HTML…").click()
    qtbot.waitUntil(lambda: f"Written to {operator.path}" in words(page))
    assert Path(operator.path).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    button(page, "Copy report").click()
    qtbot.waitUntil(lambda: "on the clipboard" in words(page))
    assert QGuiApplication.clipboard().text().startswith("# ! Recovered to checkpoint 5")
    operator.path = str(Path(operator.path) / "not" / "there.md")
    button(page, "Export Markdown…").click()
    qtbot.waitUntil(lambda: "Saving there.md: " in words(page))
    assert f"Saving there.md: Not a directory: {operator.path} Check the disk" in words(page)
