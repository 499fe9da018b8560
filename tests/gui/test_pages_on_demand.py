"""A page is made when it is first needed, and what nobody sees does no work."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from desk_operator import DeskOperator
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from crashdesk_gui.context import UiContext
from crashdesk_gui.desk_pages import Pages
from crashdesk_gui.models.activity import LogFeed
from crashdesk_gui.views.recovery_decide import DecideStep
from crashdesk_gui.widgets.table import RecordTableView


@pytest.fixture
def pages(ui: UiContext) -> Iterator[Pages]:
    """The pages of a window without a store."""
    log = LogFeed()
    made = Pages(ui, log)
    yield made
    made.make_no_more()
    for page_id in made.IDS:
        if made.is_made(page_id):
            made.page(page_id).close()
            made.page(page_id).deleteLater()
    log.close()


def test_only_the_page_that_is_asked_for_is_made_and_only_once(pages: Pages) -> None:
    history = pages.page("history")
    assert [page_id for page_id in pages.IDS if pages.is_made(page_id)] == ["history"]
    assert pages.history is history


def test_what_is_wished_of_a_page_waits_until_the_page_is_there(pages: Pages) -> None:
    told: list[str] = []
    pages.when_made("orphans", lambda: told.append("before"))
    assert told == []
    assert pages.orphans is not None
    assert told == ["before"]
    pages.when_made("orphans", lambda: told.append("after"))
    assert told == ["before", "after"]


def test_the_other_pages_are_made_while_nothing_else_is_to_be_done(pages: Pages, qtbot: Any) -> None:
    pages.make_the_rest()
    assert not any(pages.is_made(page_id) for page_id in pages.IDS), "not in the turn in which it is asked for"
    qtbot.waitUntil(lambda: all(pages.is_made(page_id) for page_id in pages.IDS), timeout=15_000)


def test_no_page_is_made_once_the_window_goes(pages: Pages, qtbot: Any) -> None:
    pages.make_the_rest()
    pages.make_no_more()
    qtbot.wait(200)
    assert not any(pages.is_made(page_id) for page_id in pages.IDS)


@pytest.mark.parametrize("name", ["OverviewPage", "HistorySide"])
def test_what_was_made_for_a_window_and_not_yet_taken_into_it_goes_with_it(pages: Pages, name: str) -> None:
    def beside_the_window() -> list[str]:
        return [each for each in (type(widget).__name__ for widget in QApplication.topLevelWidgets()) if each == name]

    pages.make_the_rest()
    # Turn by turn: it stands beside the window for one only.
    turns = itertools.takewhile(lambda _turn: not beside_the_window(), range(100_000))
    for _turn in turns:
        QCoreApplication.processEvents()
    assert beside_the_window() == [name]
    pages.make_no_more()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert beside_the_window() == []


def test_a_hidden_page_shows_the_news_when_it_is_gone_to_and_not_before(operator: DeskOperator) -> None:
    pages = operator.desk.pages
    operator.go_to("overview")
    orders = pages.orphans.findChild(RecordTableView).record_model()
    checkpoints = pages.history.table.record_model()
    before = checkpoints.shown_count()
    operator.session.compare()
    operator.wait_until_idle()
    assert operator.session.comparison is not None
    assert (orders.shown_count(), checkpoints.shown_count()) == (0, before)
    operator.go_to("orphans")
    assert orders.shown_count() == len(operator.session.comparison.plan.orphans) > 0
    operator.go_to("history")
    assert checkpoints.shown_count() == len(operator.session.overview.rows) > 0


def test_what_a_recovery_begins_with_is_made_before_anybody_goes_there(operator: DeskOperator) -> None:
    assert operator.session.comparison is not None
    assert operator.desk.window.current_page() == "overview"
    operator.wait_until(lambda: operator.desk.pages.recovery.findChild(DecideStep) is not None)
    assert operator.desk.window.current_page() == "overview"
