"""What is said of an order that the bot was about to send when it died: never more than the account can know."""

from __future__ import annotations

from pathlib import Path

import msgspec
from desk_after_crash import compare, session_after_crash
from orphan_incident import ExchangeInMemory, last_state, live, store_before_the_crash
from PySide6.QtCore import QObject

from crashdesk.reconcile.records import Plan
from crashdesk.state import SystemState
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.intents import IntentFates
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.theme import Status

NOW = 1_763_781_128_000_000_000


def just_placed(timestamp: int) -> SystemState:
    """What the bot last knew: its orders are so new that every exchange would remember them."""
    state = last_state(timestamp)
    orders = tuple(msgspec.structs.replace(each, created_at=timestamp) for each in state.open_orders)
    return msgspec.structs.replace(state, open_orders=orders)


def plan_with(exchange: ExchangeInMemory, directory: Path, qtbot) -> Plan:
    store = store_before_the_crash(directory / "store", NOW, state=just_placed)
    with session_after_crash(store, exchange, qtbot) as session:
        compare(session, qtbot)
        return session.comparison.plan


def fates(ui: UiContext) -> IntentFates:
    parent = QObject(ui.display)
    return IntentFates(PlanWords(ui.display, parent), parent)


def test_an_order_that_never_arrived_is_no_warning(ui: UiContext, tmp_path: Path, qtbot) -> None:
    plan = plan_with(ExchangeInMemory(NOW, [live("1001", NOW)], []), tmp_path, qtbot)
    ((status, sentence),) = fates(ui).told(plan)
    assert sentence.endswith("was about to be sent: it never arrived.")
    assert status is Status.OK
    assert fates(ui).status(plan) is Status.OK


def test_an_account_that_may_be_another_one_proves_nothing_of_it(ui: UiContext, tmp_path: Path, qtbot) -> None:
    plan = plan_with(ExchangeInMemory(NOW, [live("77", NOW)], []), tmp_path, qtbot)
    assert plan.denied
    ((status, sentence),) = fates(ui).told(plan)
    assert sentence.endswith("was about to be sent: this account does not know it.")
    assert status is Status.UNKNOWN
    assert fates(ui).status(plan) is Status.UNKNOWN
