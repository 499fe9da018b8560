"""What happens to a store, for the log: who takes it and gives it back, what comparisons found, what recoveries came to."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable

from crashdesk.inspection import BotPresence
from crashdesk.operator_recovery import Comparison
from crashdesk_gui.controllers.problem_banner import work_of
from crashdesk_gui.log_sentences import (
    comparison_words,
    failure_words,
    presence_words,
    report_words,
    stop_words,
    task_words,
)
from crashdesk_gui.overview import Overview
from crashdesk_gui.session import StoreSession

_log = logging.getLogger(__name__)


def log_news(session: StoreSession) -> None:
    """Write what becomes of a store and of its bot into the log from now on."""
    name = session.view.name
    look = _bot_watcher(name)
    session.overview_changed.connect(look)
    session.exchange_changed.connect(_exchange_watcher(session))
    session.comparison_changed.connect(_comparison_watcher(session))
    session.report_ready.connect(lambda report: _log.info("%s", report_words(name, report)))
    session.failed.connect(
        lambda _what, error: _log.warning("%s", failure_words(task_words(name, work_of(error, session)), error))
    )
    if session.overview is not None:
        look(session.overview)


def log_opened(session: StoreSession) -> None:
    """Write that a store was opened."""
    _log.info("The store %s was opened from %s.", session.view.name, session.key)


def log_closed(session: StoreSession) -> None:
    """Write that a store was taken off the list."""
    _log.info("The store %s was taken off the list; its files stay as they are.", session.view.name)


def _exchange_watcher(session: StoreSession) -> Callable[[], None]:
    """Logs each exchange once, when the store gets it."""
    told: list[object] = []

    def look() -> None:
        if session.exchange is not None and told != [session.exchange]:
            told[:] = [session.exchange]
            words = "%s has its exchange, %s; whether the keys work shows at the first reading."
            _log.info(words, session.view.name, session.exchange.id)

    return look


def _comparison_watcher(session: StoreSession) -> Callable[[Comparison | None], None]:
    """Logs each plan once, and once that an exchange has answered."""
    answered: list[object] = []
    told: list[object] = []

    def look(found: Comparison | None) -> None:
        # What is told again after a failure, or after the operator stopped the next one, is no news.
        if found is None or (told and told[0] is found):
            return
        told[:] = [found]
        if session.exchange is not None and answered != [session.exchange]:
            answered[:] = [session.exchange]
            _log.info("%s is connected to %s: the exchange has answered.", session.view.name, session.exchange.id)
        level = logging.INFO if found.plan.coverage.complete else logging.WARNING
        _log.log(level, "%s", comparison_words(session.view.name, found.plan))

    return look


def _bot_watcher(name: str) -> Callable[[Overview], None]:
    """Logs once who takes the store and gives it back, and each crash; what this desk does itself is told otherwise."""
    crashes: list[object] = []
    before: list[BotPresence] = []

    def look(overview: Overview) -> None:
        presence = overview.presence
        if presence is None:
            return
        words = presence_words(name, before[-1] if before else None, presence)
        before[:] = [presence]
        if words and not _is_here(presence):
            _log.info("%s", words)
        crash = stop_words(name, overview)
        if crash and crashes != [presence.holder]:
            crashes[:] = [presence.holder]
            _log.warning("%s", crash)

    return look


def _is_here(presence: BotPresence) -> bool:
    holder = presence.holder
    return holder is not None and holder.by_hand and (holder.pid, holder.host) == (os.getpid(), socket.gethostname())
