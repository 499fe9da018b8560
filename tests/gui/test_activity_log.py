"""The application's own log on the activity page: which lines are seen, and where who reads it is left."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from activity_desk import listening_feed, shown_page, words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Zone
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.activity_page import ActivityPage


@pytest.fixture
def feed(qtbot) -> Iterator[LogFeed]:
    with listening_feed() as each:
        yield each


@pytest.fixture
def page(ui: UiContext, session: StoreSession, feed: LogFeed, tmp_path: Path, qtbot) -> ActivityPage:
    return shown_page(ui, session, feed, tmp_path / "activity.csv", qtbot)


def test_an_empty_log_says_so(page: ActivityPage, feed: LogFeed, qtbot) -> None:
    assert "Nothing has been logged yet." in words(page)
    assert not page.log_view.isVisible()
    logging.getLogger("crashdesk_gui.test").warning("disk slow")
    qtbot.waitUntil(page.log_view.isVisible)
    assert "Nothing has been logged yet." not in words(page)


def test_the_log_comes_from_any_thread_in_order(page: ActivityPage, feed: LogFeed, qtbot) -> None:
    logger = logging.getLogger("crashdesk_gui.test")
    logger.setLevel(logging.INFO)

    def talk() -> None:
        for number in range(50):
            logger.info("line %s", number)
        try:
            raise OSError("disk gone")
        except OSError:
            logger.exception("saving failed")

    thread = threading.Thread(target=talk)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: page.log_view.record_model().shown_count() == 51)

    lines = page.log_view.record_model().shown_records()
    assert [line.text for line in lines[1:]] == [f"line {number}" for number in reversed(range(50))]
    assert lines[0].text.startswith("saving failed\nTraceback")
    assert lines[0].text.endswith("OSError: disk gone")


def test_every_time_of_the_log_can_be_read_whole_in_any_zone(
    page: ActivityPage, ui: UiContext, feed: LogFeed, qtbot
) -> None:
    talk(feed, 3, qtbot)
    view, model = page.log_view, page.log_view.record_model()
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Time · UTC"
    for zone in (Zone.UTC, Zone.LOCAL):
        ui.display.set_zone(zone)
        text = model.columns[0].text(model.record_at(0))
        assert ("UTC" in text or "+" in text or "-" in text) is (zone is Zone.LOCAL)
        assert view.fontMetrics().horizontalAdvance(text) < view.columnWidth(0)
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Time"


def test_the_newest_line_is_seen_without_scrolling_and_stays_seen_when_the_next_ones_come(
    page: ActivityPage, feed: LogFeed, qtbot
) -> None:
    talk(feed, 60, qtbot)
    assert top_line(page) == "line 59"
    talk(feed, 30, qtbot)
    assert top_line(page) == "line 89"
    page.resize(1024, 500)
    qtbot.wait(1)
    assert top_line(page) == "line 89"


def test_who_reads_older_lines_is_left_where_he_reads(page: ActivityPage, feed: LogFeed, qtbot) -> None:
    talk(feed, 60, qtbot)
    bar = page.log_view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    reading = top_line(page)
    assert reading != "line 59"
    talk(feed, 30, qtbot)
    assert top_line(page) == reading
    bar.setValue(0)
    talk(feed, 5, qtbot)
    assert top_line(page) == "line 94"


def test_who_sorts_the_oldest_first_follows_at_the_end_and_nowhere_else(
    page: ActivityPage, feed: LogFeed, qtbot
) -> None:
    talk(feed, 60, qtbot)
    page.log_view.sort_by(0, Qt.SortOrder.AscendingOrder)
    bar = page.log_view.verticalScrollBar()
    qtbot.wait(1)
    bar.setValue(bar.maximum())
    talk(feed, 30, qtbot)
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() // 2)
    reading = top_line(page)
    talk(feed, 30, qtbot)
    assert top_line(page) == reading


def talk(feed: LogFeed, count: int, qtbot) -> None:
    """Log so many lines, numbered on, and wait until they are shown."""
    logger = logging.getLogger("crashdesk_gui.test")
    logger.setLevel(logging.INFO)
    before = len(feed.lines)
    for number in range(before, before + count):
        # Every third is broken into several lines.
        logger.info("line %s%s", number, " of a sentence that is long" * 12 * (number % 3 == 0))
    with qtbot.waitSignal(feed.changed):
        qtbot.waitUntil(lambda: len(feed.lines) == before + count)
    qtbot.wait(1)


def top_line(page: ActivityPage) -> str:
    """The uppermost line that is to be seen."""
    view = page.log_view
    line = view.record_model().record_at(view.rowAt(1))
    assert line is not None
    return " ".join(line.text.split()[:2])


def test_a_chinese_desk_says_that_the_log_is_english(ui: UiContext, feed: LogFeed, qapp: QApplication, qtbot) -> None:
    spoken = Languages(qapp, Language.CHINESE)
    page = ActivityPage(ui, feed)
    qtbot.addWidget(page)
    assert any("日志以英文书写" in label.text() for label in page.findChildren(QLabel))
    spoken.close()
