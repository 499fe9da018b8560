"""The recovery page: what is approved is done, nothing else; what hinders is said; what happened is proved."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from orphan_incident import ExchangeInMemory
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from recovery_desk import (
    NOW,
    Operator,
    button,
    cells,
    compare,
    decide,
    files,
    look_again,
    open_session,
    press,
    show,
    to_execution,
    words,
)

from crashdesk.errors import ExchangeUnavailable
from crashdesk.exchange.records import CancelAnswer, OrderRef, ScopeKind
from crashdesk.reconcile.records import Action
from crashdesk.report_file import report_name
from crashdesk.storage.lock import HOLDER_NAME, LockHolder
from crashdesk.storage.store import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.models import checkpoint_choice
from crashdesk_gui.models.checkpoint_choice import CheckpointChoiceTexts
from crashdesk_gui.models.plan import PlanTables
from crashdesk_gui.models.plan_positions import PlanPositions
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views import recovery_report
from crashdesk_gui.views.recovery_page import RecoveryPage, Step
from crashdesk_gui.widgets.stepper import Stepper


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture
def page(ui: UiContext, session: StoreSession, operator: Operator, qtbot) -> RecoveryPage:
    return show(ui, session, operator, qtbot)


def test_the_age_of_the_reading_goes_on_while_the_operator_decides(
    page: RecoveryPage, session: StoreSession, qtbot
) -> None:
    compare(page, session, qtbot)
    page.show_step(Step.DECIDE)
    read_at = session.comparison.snapshot.finished_at
    page.ui.display._now = lambda: read_at + 52_000_000_000
    page.ui.display.ticked.emit()
    assert "Read 52 s ago." in words(page)


def test_the_whole_way_from_the_checkpoint_to_the_report(
    page: RecoveryPage,
    session: StoreSession,
    exchange: ExchangeInMemory,
    operator: Operator,
    directory: Path,
    qtbot,
) -> None:
    assert page.step is Step.CHECKPOINT
    assert "Recover from the last known state: checkpoint 4, 14 min ago" in words(page)
    assert "Nothing is written, in the store or on the exchange, before you confirm the last step." in words(page)
    compare(page, session, qtbot)
    assert page.step is Step.COMPARE
    told = words(page).splitlines()
    assert "2 position(s) changed, 2 known order(s) changed or over, 3 orphan order(s) to decide on" in told
    assert any(line.startswith("4 of 4 scopes were read. ") for line in told)
    page.next_button.click()

    assert page.step is Step.DECIDE
    positions = cells(page, "Positions")
    assert any("! quantity differs | BTC/USDT:USDT | ▲ 0.250 | ▲ 0.260 | +0.01 |" in line for line in positions)
    assert any("! opened since | ETH/USDT:USDT | — | ▼ 2.000 | −2 |" in line for line in positions)
    stale = cells(page, "Orders that were known")
    assert any("! filled since" in line and "removed from the state, it is over" in line for line in stale)
    unproven = next(line for line in stale if "! gone, fate unproven" in line)
    assert "removed from the state, the exchange denies it" in unproven
    assert "it is over" not in unproven
    assert "5 orphan order(s): 2 to cancel · 0 to adopt · 0 to leave · 1 undecided · 2 untouched" in words(page)
    decide(session, "9003", Action.ADOPT)
    before = files(directory)
    page.next_button.click()

    assert page.step is Step.EXECUTE
    assert files(directory) == before
    assert exchange.cancelled == []
    assert page.danger_button.text() == "Cancel 2 orders and recover"
    press(page.danger_button, session, qtbot)

    assert page.step is Step.REPORT
    assert exchange.cancelled == ["9001", "9002"]
    assert {item.cells[4] for item in operator.asked[0].items} == {"9001", "9002"}
    assert "! Recovered to checkpoint 5, but stops do not cover every position" in words(page)
    assert "Place the missing stops on the exchange, unless the bot places its own." in words(page)
    outcomes = cells(page, "Outcomes")
    assert any(
        "✓ cancelled" in line and "0.005 of 0.020 had filled" in line and "s later)" in line for line in outcomes
    )
    assert any("✓ adopted" in line for line in outcomes)
    assert "2, by a complete read" in words(page)
    with StateStore(directory, read_only=True) as store:
        state = store.load_latest()
    assert {order.id for order in state.open_orders} == {"1001", "9003"}
    assert {(position.symbol, position.quantity) for position in state.positions} == {
        ("BTC/USDT:USDT", Decimal("0.260")),
        ("ETH/USDT:USDT", Decimal("2.000")),
    }


def test_what_the_headline_of_the_report_has_no_room_for_follows_it(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.refuse["9001"] = "-4131"
    exchange.deaf.add("1002")
    to_execution(page, session, qtbot)
    press(page.danger_button, session, qtbot)
    assert "! Recovered to checkpoint 5, but not every order could be handled" in words(page)
    assert "Not everything could be read: a part of the saved state is as it was known." in words(page)


def test_the_report_tells_the_money_and_what_filled(
    page: RecoveryPage, session: StoreSession, operator: Operator, qtbot
) -> None:
    to_execution(page, session, qtbot)
    press(page.danger_button, session, qtbot)
    told = words(page)
    assert "10\u202f212.75 USDT, before 10\u202f250.50, change \u221237.75" in told
    assert "10\u202f000.00 USDT, as it was known" in told
    assert "buy 0.010 BTC/USDT:USDT at 36\u202f400.0: 0.010 filled" in told
    button(page, "All sums, times and fees: export the report…").click()
    qtbot.waitUntil(lambda: f"Written to {operator.path}" in words(page))
    assert session.report is not None
    assert operator.suggested == f"{report_name(session.report)}.md"


def test_a_report_of_many_outcomes_says_the_result_first_and_then_all_of_it(
    page: RecoveryPage, session: StoreSession, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    monkeypatch.setattr(recovery_report, "_AT_ONCE", 1)
    to_execution(page, session, qtbot)
    first: list[str] = []
    session.report_ready.connect(lambda _report: first.append(words(page)))
    press(page.danger_button, session, qtbot)
    assert "! Recovered to checkpoint 5, but stops do not cover every position" in first[0]
    assert "2 cancelled" not in first[0]
    assert "Money and fills" not in first[0]
    qtbot.waitUntil(lambda: "2 cancelled" in words(page) and "Money and fills" in words(page))
    assert len(cells(page, "Outcomes")) == 2


def test_an_order_that_could_not_be_told_is_never_called_true(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    """Every list was read, and still the exchange gave no answer about one order: the state holds it as it was known."""
    exchange.deaf.add("1002")
    to_execution(page, session, qtbot)
    press(page.danger_button, session, qtbot)
    assert "what is true on the exchange" not in words(page)
    assert "Not everything could be read: a part of the saved state is as it was known." in words(page)


def test_a_bot_on_the_store_is_named_and_execution_is_closed(
    page: RecoveryPage, session: StoreSession, directory: Path, qtbot
) -> None:
    to_execution(page, session, qtbot)
    assert page.danger_button.isEnabled()
    with StateStore(directory, purpose="btc-grid") as bot:
        bot.acquire()
        # The lock is this process's; the note says that another one took it.
        holder = LockHolder(pid=os.getpid() + 1, host="trade-1", program="bot.py", purpose="btc-grid", acquired_at=NOW)
        (directory / HOLDER_NAME).write_bytes(msgspec.json.encode(holder))
        look_again(session, qtbot)
        qtbot.waitUntil(lambda: "btc-grid" in words(page))
        assert f"btc-grid (process {os.getpid() + 1} on trade-1" in words(page)
        assert not page.danger_button.isEnabled()
        page.danger_button.click()
        assert not session.busy
    look_again(session, qtbot)
    qtbot.waitUntil(page.danger_button.isEnabled)


def test_stopping_between_two_orders_saves_nothing_and_can_be_resumed(
    page: RecoveryPage,
    session: StoreSession,
    exchange: ExchangeInMemory,
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot,
) -> None:
    sent, go_on = threading.Event(), threading.Event()
    original = exchange.cancel_order

    def slow(ref: OrderRef) -> CancelAnswer:
        sent.set()
        assert go_on.wait(10)
        return original(ref)

    monkeypatch.setattr(exchange, "cancel_order", slow)
    to_execution(page, session, qtbot)
    before = files(directory)
    with qtbot.waitSignal(session.report_ready):
        page.danger_button.click()
        qtbot.waitUntil(sent.is_set)
        assert "Recovering…" in words(page)
        page.stop_button.click()
        go_on.set()
    assert "! Stopped before the end; nothing was saved" in words(page)
    assert exchange.cancelled == ["9001"]
    assert files(directory) == before

    qtbot.waitUntil(lambda: session.overview.interrupted is not None and not session.busy)
    look_again(session, qtbot)
    assert button(page, "Resume the recovery") is page.next_button
    assert "What was done stays done." in words(page)
    assert "still need your decision" not in words(page), "what is unfinished is resumed first"
    page.show_step(Step.DECIDE)
    assert "Decisions carried out: 1 of 2" in words(page)
    assert "Only proposed" not in words(page), "the operator has confirmed it"
    assert button(page, "Resume the recovery") is not page.next_button

    page.show_step(Step.CHECKPOINT)
    assert "Decided: 2 to cancel, 0 to adopt, 0 to leave." in words(page)
    assert (page.next_button.text(), page.again_button.text()) == ("Resume the recovery", "Compare with the exchange")
    assert (page.next_button.isEnabled(), page.again_button.isVisibleTo(page), page.again_button.isEnabled()) == (
        True,
    ) * 3
    press(page.next_button, session, qtbot)
    assert exchange.cancelled == ["9001", "9002"]
    assert "! Recovered to checkpoint 5" in words(page)
    look_again(session, qtbot)
    assert "was not finished" not in words(page)


def test_gaps_in_the_coverage_are_shown_with_their_reason(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.unreadable[ScopeKind.POSITIONS] = "HTTP 503"
    compare(page, session, qtbot)
    assert "! Not everything was read; in what was: 2 known order(s) changed or over, 3 orphan order(s)" in words(page)
    assert "3 of 4 scopes were read, not these: positions · swap · all symbols. What is in them is unknown" in words(
        page
    )
    assert any("✕ failed | positions" in line and "HTTP 503" in line for line in cells(page, "Coverage by scope"))
    page.next_button.click()
    assert any("? could not be read" in line and "not read" in line for line in cells(page, "Positions"))


@pytest.mark.scenario(63)
def test_a_damaged_newer_checkpoint_is_explained_and_cannot_be_chosen(
    ui: UiContext, directory: Path, exchange: ExchangeInMemory, qtbot
) -> None:
    newest = sorted((directory / "checkpoints").glob("*.zqck"))[-1]
    data = bytearray(newest.read_bytes())
    data[40] ^= 0xFF
    newest.write_bytes(data)
    session = open_session(directory, qtbot)
    try:
        session.connect_exchange(exchange)
        page = RecoveryPage(ui)
        qtbot.addWidget(page)
        page.set_session(session)
        page.show()
        assert "Recover from the last known state: checkpoint 3, 15 min ago" in words(page)
        assert "Newer, and not usable: 4:" in words(page)
        damaged = next(row.info for row in session.overview.rows if row.info.seq == 4)
        page.choose_checkpoint(damaged)
        assert "Checkpoint 4 cannot be used" in words(page)
        assert not page.next_button.isEnabled()
    finally:
        session.close()


def test_an_older_checkpoint_can_be_chosen_and_says_what_that_costs(
    page: RecoveryPage, session: StoreSession, qtbot
) -> None:
    page.choose_checkpoint(next(row.info for row in session.overview.rows if row.info.seq == 2))
    assert "This is not the last known state" in words(page)
    compare(page, session, qtbot)
    assert session.comparison.plan.checkpoint_seq == 2


def test_where_the_list_ends_history_has_the_older_checkpoints(
    page: RecoveryPage, session: StoreSession, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    older = "Older checkpoints: choose one in History, then “Recover from this…”"
    page.show_step(Step.CHECKPOINT)
    assert older not in [each.text() for each in page.findChildren(QPushButton) if each.isVisible()]
    monkeypatch.setattr(checkpoint_choice, "MOST_CHOICES", 1)
    page.show_step(Step.CHECKPOINT)
    assert len(cells(page, "Checkpoints to recover from")) < len(session.overview.rows)
    with qtbot.waitSignal(page.page_wanted) as wanted:
        button(page, older).click()
    assert wanted.args == ["history"]


@pytest.mark.scenario(34)
def test_a_plan_is_executed_once(page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, qtbot) -> None:
    to_execution(page, session, qtbot)
    press(page.danger_button, session, qtbot)
    assert not page.findChild(Stepper).step(Step.EXECUTE).isEnabled()
    page.findChild(Stepper).step(Step.DECIDE).click()
    assert page.step is Step.DECIDE
    assert not page.next_button.isEnabled()
    assert not page.danger_button.isVisible()
    assert exchange.cancelled == ["9001", "9002"]


def test_a_comparison_that_fails_leaves_the_report_where_it_is(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    to_execution(page, session, qtbot)
    press(page.danger_button, session, qtbot)

    def fail(_symbols: object) -> None:
        raise ExchangeUnavailable("binanceusdm did not answer within 10 s")

    monkeypatch.setattr(exchange, "read_positions", fail)
    with qtbot.waitSignal(session.failed):
        session.compare()
    qtbot.waitUntil(lambda: not session.busy)
    assert page.step is Step.REPORT
    assert "! Recovered to checkpoint 5" in words(page)


def test_the_comparison_says_what_is_missing_first_and_what_was_found(
    page: RecoveryPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.unreadable[ScopeKind.ACCOUNT] = "HTTP 503"
    compare(page, session, qtbot)
    assert cells(page, "Coverage by scope")[0].startswith("✕ failed | account")
    assert "Ours, unknown to the bot" in words(page)
    with qtbot.waitSignal(page.page_wanted) as wanted:
        button(page, "Orphan orders").click()
    assert wanted.args == ["orphans"]


def test_the_review_of_orphans_is_one_click_away(page: RecoveryPage, session: StoreSession, qtbot) -> None:
    compare(page, session, qtbot)
    page.next_button.click()
    with qtbot.waitSignal(page.page_wanted) as wanted:
        qtbot.mouseClick(button(page, "Review orphan orders"), Qt.MouseButton.LeftButton)
    assert wanted.args == ["orphans"]


def test_the_models_keep_qts_rules(
    ui: UiContext, page: RecoveryPage, session: StoreSession, qtbot, qtmodeltester: Callable
) -> None:
    compare(page, session, qtbot)
    plan = session.comparison.plan
    words = PlanWords(ui.display)
    tables = PlanTables(words, page)
    positions, known = PlanPositions(words, page).model(), tables.known_orders()
    positions.set_records(plan.positions)
    known.set_records(each for each in plan.orders if each.known)
    for model in (positions, known, tables.coverage(), CheckpointChoiceTexts(ui.display, page).model()):
        qtmodeltester.check(model)


def test_a_comparison_from_another_page_leads_to_the_decisions(
    ui: UiContext, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    page = RecoveryPage(ui)
    qtbot.addWidget(page)
    page.set_session(session)
    with qtbot.waitSignal(session.comparison_changed):
        session.compare()
    qtbot.waitUntil(lambda: not session.busy)
    assert page.step is Step.DECIDE
