"""The log on the Activity page tells what happened to a store: that its bot crashed, and what each comparison found."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from desk_after_crash import compare
from orphan_incident import MINUTE, DeskClock, ExchangeInMemory

from crashdesk.audit import AuditKind
from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.lock import DESK, HOLDER_NAME, read_holder
from crashdesk.storage.store import StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.news_log import log_news
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.activity_page import ActivityPage

NOW = 1_763_781_128_000_000_000


@pytest.fixture
def session(directory: Path, exchange: ExchangeInMemory) -> Iterator[StoreSession]:
    clock = DeskClock(NOW)
    each = StoreSession(StoreView(directory, clock=clock), who="ops", clock=clock)
    each.connect_exchange(exchange)
    yield each
    each.close()


@pytest.fixture
def page(ui: UiContext, session: StoreSession, qtbot) -> Iterator[ActivityPage]:
    feed, logger = LogFeed(), logging.getLogger("crashdesk_gui")
    level = logger.level
    logger.setLevel(logging.INFO)
    feed.listen(logger)
    shown = ActivityPage(ui, feed)
    qtbot.addWidget(shown)
    shown.set_session(session)
    shown.show()
    log_news(session)
    yield shown
    feed.close()
    logger.setLevel(level)


def note(directory: Path, **changes: object) -> None:
    """What the bot's note on the lock says from now on."""
    holder = read_holder(directory, LocalFiles())
    assert holder is not None
    holder = msgspec.structs.replace(holder, pid=4711, host="trader-1", **changes)
    (directory / HOLDER_NAME).write_bytes(msgspec.json.encode(holder))


def look(session: StoreSession, qtbot) -> None:
    with qtbot.waitSignal(session.overview_changed):
        session.refresh()


def lines(page: ActivityPage, word: str) -> list[tuple[int, str]]:
    found = page.log_view.record_model().records()
    return [(line.level, line.text) for line in found if word in line.text]


def test_a_crash_is_told_once_with_the_last_sign_of_life(
    page: ActivityPage, session: StoreSession, directory: Path, qtbot
) -> None:
    note(directory, released_at=None)
    look(session, qtbot)
    qtbot.waitUntil(lambda: bool(lines(page, "crashed")))
    assert lines(page, "crashed") == [
        (
            logging.WARNING,
            "The bot of btc-grid crashed: its last sign of life was 14 min ago, at 2025-11-22 02:58:08 UTC; "
            "process 4711 on trader-1 ended without closing the store.",
        )
    ]
    journal = Journal(directory, DeskClock(NOW))
    journal.append(AuditKind.DECISION, "left as it is", who="ops")
    journal.close()
    look(session, qtbot)
    note(directory, released_at=None, acquired_at=NOW - MINUTE)
    look(session, qtbot)
    qtbot.waitUntil(lambda: len(lines(page, "crashed")) == 2)


@pytest.mark.parametrize(
    "changes", [{"released_at": NOW}, {"released_at": None, "purpose": DESK}], ids=["orderly", "desk"]
)
def test_an_orderly_end_and_an_operator_are_no_crash(
    page: ActivityPage, session: StoreSession, directory: Path, changes: dict[str, object], qtbot
) -> None:
    note(directory, **changes)
    look(session, qtbot)
    logging.getLogger("crashdesk_gui.test").warning("the end")
    qtbot.waitUntil(lambda: bool(lines(page, "the end")))
    assert lines(page, "btc-grid") == []


def test_how_a_bot_ended_that_left_no_note_is_not_guessed(
    page: ActivityPage, session: StoreSession, directory: Path, qtbot
) -> None:
    (directory / HOLDER_NAME).unlink()
    look(session, qtbot)
    qtbot.waitUntil(lambda: bool(lines(page, "not noted")))
    assert "its last sign of life was 14 min ago" in lines(page, "not noted")[0][1]
    assert lines(page, "crashed") == []


def test_a_comparison_tells_what_it_found_against_what_and_what_was_not_read(
    page: ActivityPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    look(session, qtbot)
    compare(session, qtbot)
    qtbot.waitUntil(lambda: len(lines(page, "was compared")) == 1)
    level, whole = lines(page, "was compared")[0]
    assert level == logging.INFO
    assert whole.startswith(
        "btc-grid was compared with binanceusdm: 5 orphan orders, of these 3 need a decision, 2 untouched; 2 known "
    )
    assert whole.endswith(" compares checkpoint 4; all 4 scopes were read.")
    exchange.unreadable[ScopeKind.POSITIONS] = "timed out after 10 s"
    compare(session, qtbot)
    qtbot.waitUntil(lambda: len(lines(page, "was compared")) == 2)
    level, part = lines(page, "was compared")[0]
    assert level == logging.WARNING
    assert "0 positions differ. Plan " in part
    assert part.endswith("only 3 of 4 scopes were read, not positions of all symbols (swap): timed out after 10 s.")


def test_an_exchange_is_told_when_the_store_gets_it_and_once_more_when_it_has_answered(
    page: ActivityPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    session.connect_exchange(exchange)
    for _ in range(2):
        compare(session, qtbot)
    exchange.unreadable.update(dict.fromkeys(ScopeKind, "no route to host"))
    with qtbot.waitSignal(session.failed):
        session.compare()
    qtbot.waitUntil(lambda: bool(lines(page, "failed")))
    told = [text for _level, text in lines(page, "btc-grid")][::-1]
    assert told[0] == "btc-grid has its exchange, binanceusdm; whether the keys work shows at the first reading."
    assert told[1] == "btc-grid is connected to binanceusdm: the exchange has answered."
    assert [text.partition(":")[0] for text in told[2:4]] == ["btc-grid was compared with binanceusdm"] * 2
    assert told[4].startswith("Comparing btc-grid with its exchange failed with ExchangeError: nothing of the account")
    assert len(told) == 5, "what is still known after a failure was told before"


@contextlib.contextmanager
def held(directory: Path, **changes: Any) -> Iterator[None]:
    """Somebody elsewhere holds the store, and gives it back."""
    with StateStore(directory, clock=DeskClock(NOW)) as store:
        store.acquire()
        note(directory, released_at=None, **changes)
        yield
    note(directory, released_at=NOW, **changes)


@pytest.mark.parametrize(
    ("purpose", "taken", "given_back"),
    [
        (
            "btc-grid",
            "The bot of btc-grid has started: process 4711 on trader-1, at 2025-11-22 03:12:08 UTC.",
            "The bot of btc-grid has stopped and closed its store, at 2025-11-22 03:12:08 UTC.",
        ),
        (
            DESK,
            "An operator elsewhere holds btc-grid: the recovery desk, process 4711 on trader-1, since "
            "2025-11-22 03:12:08 UTC.",
            "The operator who held btc-grid elsewhere has given it back, at 2025-11-22 03:12:08 UTC.",
        ),
    ],
)
def test_who_takes_the_store_elsewhere_and_gives_it_back_is_told_once(
    page: ActivityPage, session: StoreSession, directory: Path, purpose: str, taken: str, given_back: str, qtbot
) -> None:
    note(directory, released_at=NOW - MINUTE)
    look(session, qtbot)
    with held(directory, purpose=purpose, acquired_at=NOW):
        look(session, qtbot)
        session.overview_changed.emit(session.overview)
    look(session, qtbot)
    session.overview_changed.emit(session.overview)
    qtbot.waitUntil(lambda: bool(lines(page, given_back)))
    assert [text for _level, text in lines(page, "btc-grid")] == [given_back, taken]


def test_a_bot_that_runs_when_its_store_is_opened_is_told(
    page: ActivityPage, session: StoreSession, directory: Path, qtbot
) -> None:
    with held(directory, acquired_at=NOW):
        look(session, qtbot)
    qtbot.waitUntil(lambda: bool(lines(page, "btc-grid")))
    assert [text for _level, text in lines(page, "btc-grid")] == [
        "The bot of btc-grid runs: process 4711 on trader-1, since 2025-11-22 03:12:08 UTC."
    ]
