"""What was confirmed is what is sent: whatever moved while the dialog was open, nothing is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from desk_after_crash import compare, session_after_crash
from orphan_incident import ExchangeInMemory, store_before_the_crash
from PySide6.QtWidgets import QWidget
from recovery_desk import NOW, decide, files, look_again

from crashdesk.reconcile.records import Action
from crashdesk.storage.lock import HOLDER_NAME, LockHolder
from crashdesk.storage.store import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.cancellation import CancellationController
from crashdesk_gui.dialogs.confirm import Confirmation
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.session import StoreSession

Meanwhile = Callable[[StoreSession, ExchangeInMemory, object], object]


@pytest.fixture
def session(tmp_path: Path, exchange: ExchangeInMemory, qtbot) -> Iterator[StoreSession]:
    with session_after_crash(store_before_the_crash(tmp_path / "store", NOW), exchange, qtbot) as each:
        compare(each, qtbot)
        yield each
        qtbot.waitUntil(lambda: not each.busy)


def nothing(_session: StoreSession, _exchange: ExchangeInMemory, _qtbot) -> None:
    return


def one_order_more(session: StoreSession, _exchange: ExchangeInMemory, _qtbot) -> None:
    decide(session, "9003", Action.CANCEL)


def one_order_less(session: StoreSession, _exchange: ExchangeInMemory, _qtbot) -> None:
    decide(session, "9001", None)


def newer_comparison(session: StoreSession, exchange: ExchangeInMemory, qtbot) -> None:
    """The decisions are the same ones, on an order that is another one by now."""
    shown, decided = session.comparison.plan.id, session.decisions
    exchange.change("9001", filled=exchange.orders["9001"].amount / 2)
    compare(session, qtbot)
    assert (session.comparison.plan.id != shown, session.decisions) == (True, decided)


def connected_anew(session: StoreSession, exchange: ExchangeInMemory, _qtbot) -> None:
    session.connect_exchange(exchange)
    assert session.comparison is None


def bot_started(session: StoreSession, _exchange: ExchangeInMemory, qtbot) -> None:
    directory = session.view.directory
    holder = LockHolder(pid=os.getpid() + 1, host="trade-1", program="bot.py", purpose="btc-grid", acquired_at=NOW)
    with StateStore(directory, purpose="btc-grid") as bot:
        bot.acquire()
        (directory / HOLDER_NAME).write_bytes(msgspec.json.encode(holder))
        look_again(session, qtbot)
        qtbot.waitUntil(lambda: session.overview.presence.running)


@pytest.mark.parametrize(
    ("meanwhile", "sent"),
    [
        (nothing, True),
        (one_order_more, False),
        (one_order_less, False),
        (newer_comparison, False),
        (connected_anew, False),
        (bot_started, False),
    ],
)
def test_nothing_is_sent_of_what_moved_while_the_dialog_was_open(
    ui: UiContext, session: StoreSession, exchange: ExchangeInMemory, meanwhile: Meanwhile, sent: bool, qtbot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    def ask(_ui: UiContext, _question: Confirmation, _parent: QWidget | None) -> bool:
        meanwhile(session, exchange, qtbot)
        return True

    before = files(session.view.directory)
    controller = CancellationController(ui, PlanWords(ui.display, window), ask=ask, parent=window)
    assert (controller.execute(session) is not None) is sent
    qtbot.waitUntil(lambda: not session.busy and (session.report is not None) is sent)
    assert bool(exchange.cancelled) is sent
    assert session.report is None or session.report.problem == ""
    assert (files(session.view.directory) == before) is not sent
