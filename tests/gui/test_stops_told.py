"""Before an operator lets the bot run again, every page says of every position whether stops protect it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import strategies as make
from orphan_incident import DeskClock, exchange_after_the_crash, store_before_the_crash
from PySide6.QtWidgets import QLabel, QWidget
from recovery_builders import BTC, LATER, SECOND, coverage, leg, plan_of, snapshot, stop

from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.reconcile.records import Plan
from crashdesk.report_stops import plan_stops
from crashdesk.state import OrderType, Side
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Display
from crashdesk_gui.models.plan_positions import PlanPositions
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.stop_lines import StopLines
from crashdesk_gui.session import Overview, StoreSession
from crashdesk_gui.situation import Situation, Standing, judge
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.overview_panels import NoticesPanel, PositionsPanel
from crashdesk_gui.views.overview_positions import positions_fact
from crashdesk_gui.views.overview_words import headline
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
    told = {line.split()[1]: tone for line, tone in StopLines(words, parent).lines(plan_stops(given))}
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
    part = "BTC/USDT:USDT ▲ long 0.260: stops cover 0.240 of 0.260, by an order that is not the bot's."
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
    assert told == ["No stop protects ETH/USDT:USDT. Stops cover only 0.240 of 0.260 BTC/USDT:USDT."]

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


def test_what_is_wrong_with_many_stops_is_said_of_each_kind_and_shortened(ui: UiContext, qtbot) -> None:
    held = [leg(symbol=f"C{number}/USDT:USDT", id=f"c{number}") for number in range(5)]
    part = stop(symbol=BTC, amount=Decimal("0.1"))
    given = plan_of(make.state(open_orders=(), positions=()), snapshot(orders=(part,), positions=(*HELD, *held)))
    notices = NoticesPanel(ui)
    qtbot.addWidget(notices)
    notices.set_situation(Overview(), Situation(standing=Standing.STOPPED, plan=given))
    assert notices.texts() == [
        "No stop protects C0/USDT:USDT, C1/USDT:USDT, C2/USDT:USDT and 3 more. "
        "Stops cover only 0.1 of 0.250 BTC/USDT:USDT."
    ]


@pytest.mark.parametrize(
    ("client_order_id", "age_s", "told"),
    [
        ("web_1", 60, "stops cover all of it, by an order that is not the bot's"),
        ("", 60, "stops cover all of it, by an order that may not be the bot's"),
        ("grid-1", 60, "stops cover all of it"),
    ],
)
def test_a_stop_that_is_not_the_bots_is_told_as_one(
    ui: UiContext, qtbot, client_order_id: str, age_s: int, told: str
) -> None:
    given = plan(stop(amount=Decimal("0.25"), client_order_id=client_order_id, created_at=LATER - age_s * SECOND))
    panel = PositionsPanel(ui)
    qtbot.addWidget(panel)
    panel.set_plan(given)
    panel.show()
    qtbot.waitUntil(lambda: "stops cover all of it" in words(panel))
    assert told in words(panel).splitlines()
    lines = [line for line, _tone in StopLines(PlanWords(ui.display, panel), panel).lines(plan_stops(given))]
    assert lines[1] == f"✓  BTC/USDT:USDT ▲ long 0.250: {told}."


def test_the_headline_names_a_position_that_changed_sides(ui: UiContext) -> None:
    known = make.position(symbol=BTC, side=Side.SELL, quantity=Decimal("0.25"))
    given = plan_of(make.state(open_orders=(), positions=(known,)), snapshot(positions=HELD[:1]))
    flipped = Situation(standing=Standing.STOPPED, plan=given, differing=given.positions)
    assert headline(flipped, ui.display).endswith("1 position changed sides.")


def test_a_gap_elsewhere_does_not_silence_a_stop_that_cannot_be_told(
    ui: UiContext, session: StoreSession, qtbot
) -> None:
    """A stop without its amount is no matter of what could not be read, unless that could hold another stop."""
    assert session.comparison is not None
    session.refresh()
    qtbot.waitUntil(lambda: session.overview is not None)
    notices = NoticesPanel(ui)
    qtbot.addWidget(notices)
    for unread, told in ((ScopeKind.ACCOUNT, True), (ScopeKind.CONDITIONAL_ORDERS, False)):
        given = plan(WHOLE, stop(id="8", symbol=ETH, side=Side.BUY, amount=None, trigger_price=None), unread=(unread,))
        notices.set_situation(session.overview, Situation(standing=Standing.STOPPED, plan=given))
        assert (
            "ETH/USDT:USDT ▼ short 2 contracts: whether a stop protects it is not known." in notices.texts()
        ) is told


def test_cancelling_the_last_stop_is_told_after_the_recovery(ui: UiContext, session: StoreSession, qtbot) -> None:
    assert session.comparison is not None
    session.refresh()
    qtbot.waitUntil(lambda: session.overview is not None)
    session.execute()
    qtbot.waitUntil(lambda: session.report is not None and not session.busy)
    report = msgspec.structs.replace(session.report, plan=plan(WHOLE), final=plan())
    session.refresh()
    # A look that began while the recovery held the store still tells of that.
    qtbot.waitUntil(lambda: judge(session.overview, connected=True, report=report).settled)
    notices = NoticesPanel(ui)
    qtbot.addWidget(notices)
    notices.set_situation(session.overview, judge(session.overview, connected=True, report=report))
    assert any("stop" in text.lower() and BTC in text and ETH in text for text in notices.texts())


def test_no_position_known_and_none_read_is_not_flat(ui: UiContext, qtbot) -> None:
    """What could not be read is unknown, though the bot held nothing: before the recovery and after it."""
    panel = PositionsPanel(ui)
    qtbot.addWidget(panel)
    for unread, answer, status in (((), "None", Status.OK), ((ScopeKind.POSITIONS,), "Unknown", Status.UNKNOWN)):
        given = plan_of(make.state(open_orders=(), positions=()), snapshot(coverage=coverage(unread)))
        fact = positions_fact(Situation(standing=Standing.STOPPED, plan=given), ui.display)
        assert (fact.answer, fact.status) == (answer, status)
        panel.set_plan(given)
        panel.show()
        told = "None known; what the exchange has could not be read" if unread else "None, on both sides"
        qtbot.waitUntil(lambda told=told: told in words(panel))
    fact = positions_fact(Situation(standing=Standing.RECOVERED, plan=given, settled=True), ui.display)
    assert (fact.answer, fact.status) == ("Unknown", Status.UNKNOWN)


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


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        (plan(), Status.OK, ""),
        (plan(WHOLE), Status.DIFFERS, "1 without a stop"),
        (plan(HALF), Status.DIFFERS, "1 without a stop\n1 partly covered by stops"),
        (plan(known=(KNOWN,)), Status.BAD, "2 without a stop"),
        (plan(unread=(ScopeKind.CONDITIONAL_ORDERS,)), Status.UNKNOWN, "stops of 2 not known"),
    ],
)
def test_the_card_of_the_positions_is_no_calmer_than_their_stops(
    ui: UiContext, given: Plan, status: Status, told: str
) -> None:
    display = Display(now=lambda: LATER)
    matched = Situation(standing=Standing.RUNNING, plan=given)
    saved = Situation(standing=Standing.RECOVERED, plan=given, settled=True)
    for situation, calm in ((matched, "quantity and side equal"), (saved, "saved by the recovery")):
        fact = positions_fact(situation, display)
        assert (fact.status, fact.word) == (status, told or calm)
        assert told == "" or calm in fact.note
    recovered = headline(saved, ui.display)
    assert ("no stop" in recovered) is ("without a stop" in told)
    assert (recovered == "The state is recovered and saved.") is (told == "")
    display.deleteLater()
