"""A desk, or a session without one, whose store and exchange are in this process, on what a crash left."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash, store_before_the_crash
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from crashdesk.clock import Clock
from crashdesk.inspection import StoreView
from crashdesk.storage.lock import HOLDER_NAME, LockHolder
from crashdesk.storage.store import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.desk import Desk
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.session import StoreSession

NOW = 1_763_781_128_000_000_000
"""The clock of the `ui` fixture."""


@contextmanager
def desk_after_crash(
    ui: UiContext, app: QApplication, directory: Path, qtbot: Any, *, checkpoints: int = 4
) -> Iterator[Desk]:
    """Its store is compared with the exchange, which is its attribute `exchange`; whatever asks the operator hears yes.

    `ui` is one for windows, which dress themselves.
    """
    exchange = exchange_after_the_crash(NOW)
    languages = Languages(app)
    desk: Any = Desk(
        ui,
        who="ops",
        clock=DeskClock(NOW),
        open_exchange=lambda _manifest: exchange,
        confirm=lambda *_question: True,
        languages=languages,
    )
    desk.exchange = exchange
    desk.window.resize(1100, 700)
    desk.window.show()
    desk.open_store(store_before_the_crash(directory, NOW, checkpoints=checkpoints))
    qtbot.waitUntil(lambda: desk.session is not None and desk.session.comparison is not None and not desk.session.busy)
    yield desk
    desk.window.close()
    desk.close()
    desk.window.deleteLater()
    desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    languages.close()


@contextmanager
def session_after_crash(directory: Path, exchange: ExchangeInMemory, qtbot: Any) -> Iterator[StoreSession]:
    """It has read the store in `directory` and is connected to `exchange`; nothing is compared yet."""
    session = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    session.refresh()
    qtbot.waitUntil(lambda: session.overview is not None)
    session.connect_exchange(exchange)
    yield session
    session.close()


def compare(session: StoreSession, qtbot: Any) -> None:
    """Let the session compare its store with the exchange; returns when it has, and reads nothing more."""
    with qtbot.waitSignal(session.comparison_changed):
        session.compare()
    qtbot.waitUntil(lambda: not session.busy)


def speak(desk: Desk, qtbot: Any, language: Language = Language.CHINESE) -> None:
    """Choose a language in the menu; returns when the window that speaks it is there."""
    with qtbot.waitSignal(desk.window_changed):
        desk.window.commands.action(f"language-{language.value}").trigger()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def bot_at_work(directory: Path, clock: Clock | None = None) -> StateStore:
    """A bot of another process, which holds the store until it is closed."""
    bot = StateStore(directory, purpose="btc-grid", clock=clock or DeskClock(NOW))
    bot.acquire()
    note = LockHolder(pid=os.getpid() + 1, host="trade-1", program="grid", purpose="btc-grid", acquired_at=NOW)
    (directory / HOLDER_NAME).write_bytes(msgspec.json.encode(note))
    return bot
