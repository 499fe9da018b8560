"""Ten thousand orders in the desk: all are there, and the operator is never kept waiting for them."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from orphan_incident import DeskClock, ExchangeInMemory, live, store_before_the_crash
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QLineEdit

from crashdesk.inspection import StoreView
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.orphans_page import OrphansPage
from crashdesk_gui.widgets.filterbar import FilterBar
from crashdesk_gui.widgets.table import RecordTableView

NOW = 1_763_781_128_000_000_000
MANY = 10_000
LONGEST_S = 1.0
"""Work of the window's own thread without a look at the events, in seconds of its processor time."""


class Pulse:
    """How long the window's thread worked between two looks at its events; what other threads do does not count."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.beats = 0
        self._last = time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(0)

    def _beat(self) -> None:
        now = time.thread_time()
        self.longest_s = max(self.longest_s, now - self._last)
        self.beats += 1
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


@pytest.fixture
def session(tmp_path: Path, qtbot) -> Iterator[StoreSession]:
    directory = store_before_the_crash(tmp_path / "store", NOW)
    each = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    each.refresh()
    qtbot.waitUntil(lambda: each.overview is not None)
    yield each
    each.close()


@pytest.fixture
def pulse() -> Iterator[Pulse]:
    each = Pulse()
    yield each
    each.stop()


@pytest.mark.scenario(75)
def test_ten_thousand_orders_are_compared_shown_filtered_and_decided_on(
    ui: UiContext, session: StoreSession, pulse: Pulse, qtbot
) -> None:
    page = shown(ui, session, qtbot)
    session.connect_exchange(exchange_with(MANY))
    compare(session, qtbot)
    model = page.findChild(RecordTableView).record_model()
    assert len(model.records()) == MANY
    assert len(model.checked_records()) == MANY // 2

    field = next(each for each in page.findChildren(QLineEdit) if "Filter" in each.placeholderText())
    field.setText("web-51234")
    qtbot.waitUntil(lambda: model.shown_count() == 1, timeout=10_000)
    field.clear()
    qtbot.waitUntil(lambda: model.shown_count() == MANY, timeout=10_000)
    qtbot.waitUntil(beaten(pulse, pulse.beats + 2))
    assert pulse.longest_s < LONGEST_S


@pytest.mark.scenario(75)
def test_a_filter_that_is_typed_at_once_finds_what_it_should_and_says_no_number_before(
    ui: UiContext, session: StoreSession, pulse: Pulse, qtbot
) -> None:
    page = shown(ui, session, qtbot)
    exchange = exchange_with(MANY // 4)
    session.connect_exchange(exchange)
    compare(session, qtbot)
    model = page.findChild(RecordTableView).record_model()
    field = next(each for each in page.findChildren(QLineEdit) if "Filter" in each.placeholderText())
    field.setText("web-51234")
    page._filter.settle()
    assert page.findChild(FilterBar).findChild(QLabel).text() == "…"
    qtbot.waitUntil(lambda: [each.live.id for each in model.shown_records()] == ["51234"], timeout=10_000)
    assert (
        page.findChild(FilterBar).findChild(QLabel).text()
        == f"1 of {MANY // 4} · {MANY // 8} chosen for cancelling not shown"
    )

    # The next comparison has other orders under the same filter.
    del exchange.orders["51234"]
    exchange.orders["7"] = live("7", NOW, client_order_id="web-512345")
    compare(session, qtbot)
    qtbot.waitUntil(lambda: [each.live.id for each in model.shown_records()] == ["7"], timeout=10_000)
    qtbot.waitUntil(beaten(pulse, pulse.beats + 2))
    assert pulse.longest_s < LONGEST_S


def shown(ui: UiContext, session: StoreSession, qtbot) -> OrphansPage:
    page = OrphansPage(ui)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.set_session(session)
    page.show()
    return page


def exchange_with(orders: int) -> ExchangeInMemory:
    """Every second order is the bot's own."""
    numbers = range(50_000, 50_000 + orders)
    many = [live(str(n), NOW, client_order_id=f"{'grid' if n % 2 else 'web'}-{n}") for n in numbers]
    # An account that had never heard of any known order would be taken for another's.
    return ExchangeInMemory(NOW, [live("1001", NOW), *many], ())


def compare(session: StoreSession, qtbot) -> None:
    with qtbot.waitSignal(session.comparison_changed, timeout=60_000):
        session.compare()
    qtbot.waitUntil(lambda: not session.busy, timeout=60_000)


def beaten(pulse: Pulse, beats: int) -> Callable[[], bool]:
    return lambda: pulse.beats >= beats
