"""The incident of the demonstration at the real desk: a bot that trades is killed, an operator recovers it, it trades on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_operator import DeskOperator
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication

from crashdesk.demo.incident import Incident, stage_incident
from crashdesk.demo.venue import LedgerStatus, Namespace
from crashdesk.reconcile.records import Action
from crashdesk.storage.store import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Display
from crashdesk_gui.icons import Icons
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeManager

SEED = 1
"""With it the order in flight still rests when the operator comes."""
ORPHANS, OUTCOMES = "Orphan orders, grouped by verdict", "Outcomes"


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[Incident]:
    with stage_incident(tmp_path / "store", seed=SEED, hours=0.4, say=lambda _text: None) as incident:
        yield incident


@pytest.fixture
def at_the_desk(staged: Incident, themes: ThemeManager, tmp_path: Path, qtbot: Any) -> Iterator[DeskOperator]:
    assert QGuiApplication.platformName() == os.environ.get("CRASHDESK_TEST_PLATFORM", "offscreen")
    display = Display(now=staged.clock.now_ns)
    settings = DeskSettings(QSettings(str(tmp_path / "desk.ini"), QSettings.Format.IniFormat))
    ui = UiContext(themes, Icons(themes), display, settings)
    sitting = DeskOperator(ui, qtbot, staged.clock, restart_bot=staged.restart_bot)
    yield sitting
    sitting.close()
    display.deleteLater()


def in_flight(staged: Incident) -> Any:
    """The order whose reply the bot did not live to see, by the exchange's ledger."""
    return next(each for each in staged.ledger().orders if each.client_order_id == staged.happened.in_flight)


def test_from_the_crash_to_the_bot_that_trades_again(staged: Incident, at_the_desk: DeskOperator) -> None:
    operator, happened = at_the_desk, staged.happened
    orphan = in_flight(staged)
    assert orphan.is_open
    resting = {each.id for each in staged.ledger().open_orders}

    # Inspect.
    operator.open(staged.directory)
    assert operator.sentence.startswith("The bot crashed ")
    assert operator.sentence.endswith("1 order needs your decision.")
    operator.go_to("history")
    saved = len(operator.rows("Checkpoints"))
    assert saved >= 3
    operator.go_to("positions")
    operator.wait_until(lambda: operator.desk.pages.positions.showing_content)
    operator.go_to("overview")
    operator.press("Review the orphan orders")

    # Compare and decide: the bot's own is proposed for cancelling; the rest is adopted, left, or not decided.
    assert len(operator.rows(ORPHANS)) == 4
    assert "✕ cancel" in operator.row(ORPHANS, happened.in_flight)
    operator.decide(happened.protective_stop, Action.ADOPT)
    operator.decide(happened.manual_order, Action.LEAVE, "Kim's, by hand")
    operator.press("Continue to recovery")
    assert "1 to cancel · 1 to adopt · 1 to leave · 0 undecided · 1 untouched" in operator.words
    operator.press("Continue")

    # Refuse, then approve.
    with operator.answering(accept=False):
        operator.press("Cancel 1 order and recover")
    assert {each.id for each in staged.ledger().open_orders} == resting
    operator.execute_to_the_end("Cancel 1 order and recover")
    assert orphan.id in operator.asked[-1]
    assert "! Recovered to checkpoint" in operator.words
    assert "✓ cancelled" in operator.row(OUTCOMES, "✕ cancel")
    assert "it joins the recovered state" in operator.row(OUTCOMES, "✓ adopted")
    assert {each.id for each in staged.ledger().open_orders} == resting - {orphan.id}
    ended = staged.ledger().order(orphan.id)
    assert (ended.status, ended.cancelled_by) == (LedgerStatus.CANCELLED, orphan.placed_by)
    assert staged.ledger().order(happened.protective_stop, Namespace.CONDITIONAL).is_open

    with StateStore(staged.directory, read_only=True) as store:
        state = store.load_latest()
    assert {(each.symbol, each.quantity) for each in state.positions} == {
        (each.symbol, each.quantity) for each in staged.ledger().positions
    }
    assert orphan.id not in {each.id for each in state.open_orders}
    assert happened.protective_stop in {each.id for each in state.open_orders}

    # Restart.
    operator.press("Start the bot again")
    operator.wait_for_words("The bot runs again and has restored the recovered state.")
    operator.wait_until_idle()
    operator.look_again()
    operator.go_to("overview")
    assert operator.sentence.startswith("The bot is running.")
    operator.go_to("history")
    assert len(operator.rows("Checkpoints")) > saved
    assert [line for line in operator.rows("Checkpoints") if "recovered" in line]
    staged.stop_bot()
    operator.look_again()
    operator.go_to("overview")
    operator.wait_until(lambda: not operator.sentence.startswith("The bot is running"))


def test_the_bot_starts_while_the_plan_is_open(staged: Incident, at_the_desk: DeskOperator) -> None:
    operator = at_the_desk
    operator.open(staged.directory)
    operator.to_execution()
    assert operator.can_press("Cancel 1 order and recover")

    with operator.not_looking():
        staged.restart_bot()
        operator.execute_to_the_end("Cancel 1 order and recover")
        assert "Another process writes this store, most likely the bot." in operator.words
    operator.look_again()
    assert "The store is held by grid-mm (process " in operator.words
    assert not operator.can_press("Cancel 1 order and recover")
    operator.go_to("overview")
    assert operator.sentence.startswith("The bot is running.")

    staged.stop_bot()
    operator.look_again()
    operator.go_to("recovery")
    operator.wait_for_words("This comparison is out of date: ")
    assert not operator.can_press("Cancel 1 order and recover")
    assert "Another process writes this store" not in operator.words
    assert not [entry for entry in operator.session.view.audit_entries() if entry.who == "ops"]
