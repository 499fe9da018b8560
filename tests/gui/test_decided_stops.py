"""What the recovery says of decisions that cancel a stop or another's order, and orphan orders while the bot runs."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QPushButton
from recovery_desk import NOW, Operator, compare, decide, look_again, show, words

from crashdesk.reconcile.records import Action
from crashdesk.storage.lock import HOLDER_NAME, LockHolder
from crashdesk.storage.store import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.orphans_page import OrphansPage


def test_a_stop_and_a_foreign_order_to_cancel_are_warned_of_on_the_way_and_in_the_dialog(
    ui: UiContext, session: StoreSession, tmp_path: Path, qtbot
) -> None:
    operator = Operator(tmp_path)
    operator.agrees = False
    page = show(ui, session, operator, qtbot)
    compare(page, session, qtbot)
    page.next_button.click()
    for order_id in ("9003", "9004", "9005"):
        decide(session, order_id, Action.CANCEL)
    assert "those that are not ours stay as they are" not in words(page)
    assert "Protecting a position: 1 order(s) to cancel." in words(page)
    page.next_button.click()
    after = [line for line in words(page).splitlines() if "BTC/USDT:USDT ▲ long" in line and "stop" in line]
    assert len(after) == 1, "what is superseded by what comes after it is not said as well"
    assert "After this:" in after[0]
    page.danger_button.click()
    (question,) = operator.asked
    assert any(each.text.startswith("After this:") and "BTC/USDT:USDT ▲ long" in each.text for each in question.alerts)


def test_while_the_bot_runs_no_orphan_order_is_decided_on(
    ui: UiContext, session: StoreSession, directory: Path, qtbot
) -> None:
    page = OrphansPage(ui)
    qtbot.addWidget(page)
    page.set_session(session)
    page.show()
    with qtbot.waitSignal(session.comparison_changed):
        session.compare()
    qtbot.waitUntil(lambda: not session.busy)
    onward = next(each for each in page.findChildren(QPushButton) if each.text() == "Continue to recovery")
    assert onward.isEnabled()
    with StateStore(directory, purpose="btc-grid") as bot:
        bot.acquire()
        holder = LockHolder(pid=os.getpid() + 1, host="trade-1", program="bot.py", purpose="btc-grid", acquired_at=NOW)
        (directory / HOLDER_NAME).write_bytes(msgspec.json.encode(holder))
        look_again(session, qtbot)
        qtbot.waitUntil(lambda: not onward.isEnabled())
        assert "btc-grid" in onward.toolTip()
        assert "is held by btc-grid" in words(page)
        assert "nothing is cancelled here while somebody else is at work on the store" in words(page)
        assert "own start cancels" not in words(page), "it has started"
        before = session.decisions
        page._deciding._decide(Action.LEAVE)
        assert session.decisions == before
    look_again(session, qtbot)
    qtbot.waitUntil(onward.isEnabled)
