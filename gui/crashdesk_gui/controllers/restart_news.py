"""What the operator hears of a bot that was started again: that it runs, and what its start did at the exchange."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

import msgspec
from PySide6.QtCore import QCoreApplication, QObject

from crashdesk.audit import AuditEntry
from crashdesk.reconcile.records import OutcomeKind
from crashdesk.restored import Restored
from crashdesk.storage.journal_columns import last_start, outcomes_of_last_start
from crashdesk_gui.errors import told_together
from crashdesk_gui.log_sentences import failure_words, start_words
from crashdesk_gui.overview import Overview
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.ago_words import counted
from crashdesk_gui.widgets.banner import Banner, Words

translate = QCoreApplication.translate

_log = logging.getLogger(__name__)
_NOTHING: list[AuditEntry] = []
_OVER = (OutcomeKind.FILLED, OutcomeKind.ALREADY_CLOSED)


class StartNews(msgspec.Struct, frozen=True, kw_only=True):
    """What the journal tells of a start: the `outcomes` of its policy, and from what it `restored`, None where nothing says.

    `recovered` says that this was the state that the last recovery in this desk saved.
    """

    outcomes: tuple[AuditEntry, ...] = ()
    restored: Restored | None = None
    recovered: bool = False


class _RestartBanner(QObject):
    """Keeps the news in the banner true: it goes when the bot no longer runs, and takes the place of no newer message."""

    def __init__(self, banner: Callable[[], Banner], session: StoreSession) -> None:
        super().__init__(session)
        self._banner = banner
        self._words: Words = partial(restart_words, StartNews())
        banner().show_message(self._words, Tone.OK)

    def tell(self, news: StartNews) -> None:
        """Say what the start did, and look from now on whether the bot runs: what was read before is of before the start."""
        if self._banner().says(self._words):
            self._words = partial(restart_words, news)
            unproven = _counts(news.outcomes)[2]
            self._banner().show_message(self._words, Tone.WARNING if unproven else Tone.OK)
        self.follow()

    def follow(self) -> None:
        """Look from now on whether the bot runs."""
        self._session().overview_changed.connect(self._on_overview)

    def _on_overview(self, overview: Overview) -> None:
        if overview.presence is None or overview.presence.bot_runs:
            return
        if self._banner().says(self._words):
            self._banner().hide()
        self._session().overview_changed.disconnect(self._on_overview)
        self.deleteLater()

    def _session(self) -> StoreSession:
        return cast(StoreSession, self.parent())


def say_restarted(banner: Callable[[], Banner], session: StoreSession | None, owner: QObject) -> None:
    """Say that the bot runs, and as soon as its journal was asked what its start restored and did.

    That takes the place of no other message that came meanwhile, and goes when the bot no longer runs.
    """
    if session is None:
        banner().show_message(partial(restart_words, StartNews()), Tone.OK)
        return
    view, shown, report = session.view, _RestartBanner(banner, session), session.last_report
    _log.info("The bot of %s was started again from this desk.", view.name)

    def ask(_progress: object) -> StartNews:
        return _news(
            view.ask_journal(outcomes_of_last_start, _NOTHING),
            view.ask_journal(last_start, None),
            report.saved.seq if report is not None and report.saved is not None else None,
        )

    def told(news: StartNews) -> None:
        words = start_words(view.name, news.outcomes)
        if words:
            _log.info("%s", words)
        shown.tell(news)

    def failed(error: Exception) -> None:
        _log.warning("%s", failure_words(f"Reading what the start of the bot of {view.name} did", error))
        shown.follow()

    session.watcher.run(
        ask, title=translate("StoreSession", "Reading the store"), on_done=told, on_failed=failed, owner=owner
    )


def _news(outcomes: Sequence[AuditEntry], start: AuditEntry | None, saved: int | None) -> StartNews:
    """`saved` is the number of the checkpoint that the last recovery in this desk saved."""
    restored = None
    if start is not None and {"restored", "changes"} <= start.data.keys():
        restored = Restored(restored=start.data["restored"], changes=start.data["changes"])
    recovered = saved is not None and restored == Restored(restored=str(saved), changes="0")
    return StartNews(outcomes=tuple(outcomes), restored=restored, recovered=recovered)


def restart_words(news: StartNews) -> str:
    """That the bot runs, what it restored, and how many orders its start cancelled, found over, or could not handle."""
    counts = cancelled, over, rest = _counts(news.outcomes)
    sentences = [
        counted(
            cancelled,
            translate("Desk", "Its start cancelled 1 order of its own."),
            translate("Desk", "Its start cancelled {0} orders of its own."),
        ),
        counted(
            over,
            translate("Desk", "1 order of its own had filled or closed before its start could cancel."),
            translate("Desk", "{0} orders of its own had filled or closed before its start could cancel."),
        ),
        counted(
            rest,
            translate("Desk", "1 order of its own cannot be proven cancelled; Activity says why."),
            translate("Desk", "{0} orders of its own cannot be proven cancelled; Activity says why."),
        ),
    ]
    happened = [each for each, count in zip(sentences, counts, strict=True) if count]
    return told_together(_restored_words(news), *happened)


def _restored_words(news: StartNews) -> str:
    restored = news.restored
    if restored is None:
        return translate("Desk", "The bot runs again.")
    if news.recovered:
        return translate("Desk", "The bot runs again and has restored the recovered state.")
    told = {
        "0": translate("Desk", "The bot runs again and has restored checkpoint {0}."),
        "1": translate("Desk", "The bot runs again and has restored checkpoint {0} and 1 change after it."),
    }
    many = translate("Desk", "The bot runs again and has restored checkpoint {0} and {1} changes after it.")
    return told.get(restored.changes, many).format(restored.restored, restored.changes)


def _counts(outcomes: Sequence[AuditEntry]) -> tuple[int, int, int]:
    """How many orders were cancelled, were over before, and cannot be proven to be either."""
    kinds = [entry.data.get("outcome", "") for entry in outcomes]
    cancelled = kinds.count(OutcomeKind.CANCELLED.value)
    over = sum(kinds.count(kind.value) for kind in _OVER)
    return cancelled, over, len(kinds) - cancelled - over
