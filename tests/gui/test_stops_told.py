"""Before an operator lets the bot run again, every page says of every position whether stops protect it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies as make
from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash
from PySide6.QtWidgets import QLabel, QWidget
from recovery_builders import BTC, coverage, leg, plan_of, snapshot, stop

from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.reconcile.records import Plan
from crashdesk.state import OrderType, Side
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.plan_positions import PlanPositions
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.stop_lines import StopLines
from crashdesk_gui.session import StoreSession
from crashdesk_gui.situation import judge
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.overview_panels import NoticesPanel, PositionsPanel
from crashdesk_gui.views.recovery_page import RecoveryPage, Step

NOW = 1_763_781_128_000_000_000
ETH = "ETH/USDT:USDT"
HELD = (leg(contracts=Decimal("0.250")), leg(symbol=ETH, id="eth", side=Side.SELL, contracts=Decimal(2)))
KNOWN = make.order(id="9", client_order_id="", order_type=OrderType.STOP, side=Side.SELL, price=Decimal(34000))


def plan(*stops: Any, known: tuple[Any, ...] = (), unread: tuple[ScopeKind, ...] = ()) -> Plan:
    """A long BTC position and a short one in ETH, with these stops on the exchange."""
    return plan_of(
        make.state(open_orders=known, positions=()),
        snapshot(orders=stops, positions=HELD, coverage=coverage(unread)),
    )


HALF = stop(amount=Decimal("0.1"))
WHOLE = stop(amount=Decimal("0.25"))


@pytest.mark.parametrize(
    ("given", "btc", "eth"),
    [
        (plan(), ("none", Tone.TEXT), ("none", Tone.TEXT)),
        (plan(WHOLE), ("✓ all", Tone.TEXT), ("! none", Tone.WARNING)),
        (plan(HALF), ("! 0.1 of 0.250", Tone.WARNING), ("! none", Tone.WARNING)),
        (plan(known=(KNOWN,)), ("✕ none", Tone.DANGER), ("! none", Tone.WARNING)),
        (plan(unread=(ScopeKind.CONDITIONAL_ORDERS,)), ("? unknown", Tone.UNKNOWN), ("? unknown", Tone.UNKNOWN)),
        (plan(HALF, stop(id="8", amount=None)), ("? at least 0.1", Tone.UNKNOWN), ("! none", Tone.WARNING)),
    ],
)
def test_no_stop_is_never_calmer_than_a_part_of_one(
    ui: UiContext, qapp: object, given: Plan, btc: tuple[str, Tone], eth: tuple[str, Tone]
) -> None:
    parent = QWidget()
    words = PlanWords(ui.display, parent)
    column = next(each for each in PlanPositions(words, parent).model().columns if each.id == "stops")
    cells = {each.symbol: (column.text(each), column.tone(each)) for each in given.positions}
    assert cells == {BTC: btc, ETH: eth}
    told = {line.split()[1]: tone for line, tone in StopLines(words, parent).lines(given)}
    assert told == {BTC: btc[1], ETH: eth[1]}
    parent.deleteLater()


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


@pytest.fixture
def session(tmp_path: Path, qtbot) -> Iterator[StoreSession]:
    directory = store_before_the_crash(tmp_path / "store", NOW)
    each = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    each.connect_exchange(exchange_after_the_crash(NOW))
    each.compare()
    qtbot.waitUntil(lambda: each.comparison is not None and not each.busy)
    yield each
    each.close()


def test_every_page_on_the_way_to_the_restart_says_it(ui: UiContext, session: StoreSession, qtbot) -> None:
    part = "BTC/USDT:USDT ▲ long 0.260: stops cover 0.240 of 0.260."
    none = "ETH/USDT:USDT ▼ short 2.000: no stop on the exchange."
    assert session.comparison is not None
    positions, notices = PositionsPanel(ui), NoticesPanel(ui)
    page = RecoveryPage(ui)
    for widget in (positions, notices, page):
        qtbot.addWidget(widget)
    session.refresh()
    qtbot.waitUntil(lambda: session.overview is not None)
    positions.set_plan(session.comparison.plan)
    positions.show()
    qtbot.waitUntil(lambda: "!  no stop on the exchange" in words(positions))
    notices.set_situation(session.overview, judge(session.overview, connected=True, comparison=session.comparison))
    told = [text for text in notices.texts() if "stop" in text]
    assert told == ["Look at the stops of 2 position(s): ETH/USDT:USDT, BTC/USDT:USDT."]

    page.resize(1280, 800)
    page.show()
    page.set_session(session)
    page.show_step(Step.EXECUTE)
    qtbot.waitUntil(lambda: f"!  {part}" in words(page) and f"!  {none}" in words(page))
    session.execute()
    qtbot.waitUntil(lambda: session.report is not None and not session.busy)
    page.show_step(Step.REPORT)
    qtbot.waitUntil(lambda: "Positions and their stops" in words(page))
    assert f"!  {part}" in words(page)


def test_a_long_symbol_and_a_long_sentence_make_no_panel_wider_than_its_column(ui: UiContext, qtbot) -> None:
    long = "1000000MOGDOGE/USDT:USDT-261225-123456-C"
    known = make.order(id="9", symbol=long, order_type=OrderType.STOP, side=Side.SELL, price=Decimal(34000))
    given = plan_of(
        make.state(open_orders=(known,), positions=()),
        snapshot(positions=(leg(symbol=long), *HELD)),
    )
    panel = PositionsPanel(ui)
    qtbot.addWidget(panel)
    panel.set_plan(given)
    panel.show()
    qtbot.waitUntil(lambda: "though the last known state or the journal has one" in words(panel))
    assert panel.minimumSizeHint().width() <= 380, "half of a window of 1024 pixels, without the stores"
