"""A bot that was started again may have cancelled orders by its start: the operator hears of it with the news that it runs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from orphan_incident import DeskClock
from PySide6.QtWidgets import QWidget

from crashdesk.audit import AuditKind
from crashdesk.inspection import StoreView
from crashdesk.restored import Restored
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_life import UNATTENDED
from crashdesk.storage.store import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.controllers.restart_news import StartNews, restart_words, say_restarted
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.widgets.banner import Banner

NOW = 1_763_781_128_000_000_000
STARTED = "The bot runs again."
RUNS = "The bot runs again and has restored checkpoint 5 and 116 changes after it."


@pytest.fixture
def session(directory: Path, qtbot) -> Iterator[StoreSession]:
    each = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    yield each
    each.close()


def start_of_the_bot(directory: Path, *outcomes: str) -> None:
    with contextlib.closing(Journal(directory, DeskClock(NOW))) as journal:
        journal.append(AuditKind.OUTCOME, "cancelled", who="ops", plan_id="by hand", data={"outcome": "cancelled"})
        journal.append(AuditKind.RECOVERY, "recovered: checkpoint 5", who="ops", plan_id="by hand")
        for outcome in outcomes:
            journal.append(AuditKind.OUTCOME, outcome, who=UNATTENDED, plan_id="unattended", data={"outcome": outcome})
        data = {"restored": "5", "changes": "116"}
        journal.append(AuditKind.RECOVERY, "the bot started: restored checkpoint 5", who="btc-grid", data=data)


@pytest.mark.parametrize(
    ("outcomes", "told", "tone"),
    [
        ((), RUNS, Tone.OK),
        (("cancelled",), f"{RUNS} Its start cancelled 1 order of its own.", Tone.OK),
        (
            ("cancelled", "filled", "already_closed", "unknown"),
            f"{RUNS} Its start cancelled 1 order of its own. "
            "2 orders of its own had filled or closed before its start could cancel. "
            "1 order of its own cannot be proven cancelled; Activity says why.",
            Tone.WARNING,
        ),
    ],
)
def test_the_banner_counts_what_the_start_did(
    ui: UiContext, directory: Path, session: StoreSession, outcomes: tuple[str, ...], told: str, tone: Tone, qtbot
) -> None:
    start_of_the_bot(directory, *outcomes)
    banner, owner = Banner(ui), QWidget()
    qtbot.addWidget(banner)
    qtbot.addWidget(owner)
    say_restarted(lambda: banner, session, owner)
    assert banner.text == STARTED
    qtbot.waitUntil(lambda: not session.watcher.busy and banner.text == told)
    assert banner._tone is tone


def test_the_log_names_the_store_whose_bot_was_started_again_and_what_its_start_did(
    ui: UiContext, directory: Path, session: StoreSession, caplog: pytest.LogCaptureFixture, qtbot
) -> None:
    caplog.set_level(logging.INFO)
    start_of_the_bot(directory, "cancelled", "cancelled", "filled")
    banner, owner = Banner(ui), QWidget()
    qtbot.addWidget(banner)
    qtbot.addWidget(owner)
    say_restarted(lambda: banner, session, owner)
    qtbot.waitUntil(lambda: not session.watcher.busy)
    assert caplog.messages == [
        "The bot of btc-grid was started again from this desk.",
        "The start of the bot of btc-grid cancelled 2 orders of its own, found 1 filled or closed, and left 0 not proven "
        "cancelled.",
    ]


@pytest.mark.parametrize("dismissed", [False, True])
def test_what_the_start_did_takes_the_place_of_no_newer_message(
    ui: UiContext, directory: Path, session: StoreSession, dismissed: bool, qtbot
) -> None:
    start_of_the_bot(directory, "cancelled")
    banner, owner = Banner(ui), QWidget()
    qtbot.addWidget(banner)
    qtbot.addWidget(owner)
    say_restarted(lambda: banner, session, owner)
    failure = "Comparing with the exchange: it could not be reached."
    if dismissed:
        banner.hide()
    else:
        banner.show_message(failure, Tone.DANGER)
    qtbot.waitUntil(lambda: not session.watcher.busy)
    qtbot.wait(20)
    assert (banner.isHidden(), banner.text) == (dismissed, STARTED if dismissed else failure)


def test_the_news_goes_as_soon_as_the_bot_no_longer_runs(
    ui: UiContext, directory: Path, session: StoreSession, qtbot
) -> None:
    start_of_the_bot(directory)
    banner, owner = Banner(ui), QWidget()
    qtbot.addWidget(banner)
    qtbot.addWidget(owner)
    with StateStore(directory, purpose="the grid bot") as bot:
        bot.acquire()
        say_restarted(lambda: banner, session, owner)
        qtbot.waitUntil(lambda: banner.text == RUNS and not session.watcher.busy)
        session.refresh()
        qtbot.waitUntil(lambda: session.overview is not None and not session.watcher.busy)
        assert not banner.isHidden()
    session.refresh()
    qtbot.waitUntil(banner.isHidden)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ("0", "The bot runs again and has restored checkpoint 5."),
        ("1", "The bot runs again and has restored checkpoint 5 and 1 change after it."),
    ],
)
def test_what_the_start_restored_is_counted(changes: str, told: str) -> None:
    assert restart_words(StartNews(restored=Restored(restored="5", changes=changes))) == told


def test_the_recovered_state_is_named_where_it_is_what_was_restored() -> None:
    restored = Restored(restored="5", changes="0")
    told = restart_words(StartNews(restored=restored, recovered=True))
    assert told == "The bot runs again and has restored the recovered state."
