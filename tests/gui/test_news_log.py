"""The log on the Activity page tells what happened to a store: that its bot crashed, and what each comparison found."""

import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from orphan_incident import MINUTE, DeskClock, ExchangeInMemory, exchange_after_the_crash, store_before_the_crash

from crashdesk.audit import AuditKind
from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.lock import DESK, HOLDER_NAME, read_holder
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.news_log import log_news
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.activity_page import ActivityPage

NOW = 1_763_781_128_000_000_000


@pytest.fixture
def exchange() -> ExchangeInMemory:
    return exchange_after_the_crash(NOW)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return store_before_the_crash(tmp_path / "store", NOW)


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
            "btc-grid: the bot crashed, last sign 14 min ago, at 2025-11-22 02:58:08 UTC; "
            "process 4711 on trader-1 ended without closing the store",
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
    assert "last sign 14 min ago" in lines(page, "not noted")[0][1]
    assert lines(page, "crashed") == []


def test_a_comparison_tells_what_it_found_against_what_and_what_was_not_read(
    page: ActivityPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    look(session, qtbot)
    compare(session, qtbot)
    qtbot.waitUntil(lambda: len(lines(page, "compared:")) == 1)
    level, whole = lines(page, "compared:")[0]
    assert level == logging.INFO
    assert whole.startswith("btc-grid: compared: 5 orphans, ")
    assert "); checkpoint 4 against binanceusdm; all 4 scopes read; plan " in whole
    exchange.unreadable[ScopeKind.POSITIONS] = "timed out after 10 s"
    compare(session, qtbot)
    qtbot.waitUntil(lambda: len(lines(page, "compared:")) == 2)
    level, part = lines(page, "compared:")[1]
    assert level == logging.WARNING
    assert "0 positions differ); checkpoint 4" in part
    assert "3 of 4 scopes read, not read: positions of all symbols (swap): timed out after 10 s; plan " in part


def compare(session: StoreSession, qtbot) -> None:
    with qtbot.waitSignal(session.comparison_changed):
        session.compare()
    qtbot.waitUntil(lambda: not session.busy)
