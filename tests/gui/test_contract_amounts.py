"""Where an amount counts contracts, the desk says so, and how many coins these are; half a protection is never calm."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import strategies as make
from orphan_incident import DeskClock, ExchangeInMemory, exchange_after_the_crash, store_before_the_crash
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget
from recovery_builders import intent, market, plan_of, snapshot

from crashdesk.exchange.records import Market
from crashdesk.inspection import StoreView
from crashdesk.reconcile.records import OrderVerdictKind
from crashdesk.storage.journal_records import JournalView
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.intents import IntentFates
from crashdesk_gui.models.orphan_reasons import reason_of
from crashdesk_gui.models.orphans import OrphanRow
from crashdesk_gui.models.plan_words import PlanWords
from crashdesk_gui.models.table_base import TableModel
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.chart_paint import fitted
from crashdesk_gui.views.evidence_panel import EvidencePanel
from crashdesk_gui.views.history_page import HistoryPage
from crashdesk_gui.views.orphans_page import OrphansPage
from crashdesk_gui.views.overview_panels import PositionsPanel
from crashdesk_gui.views.positions_page import PositionsPage

NOW = 1_763_781_128_000_000_000


class ByContracts(ExchangeInMemory):
    """The same exchange, where one contract is a hundredth of a coin."""

    def describe_market(self, symbol: str) -> Market | None:
        market = super().describe_market(symbol)
        return msgspec.structs.replace(market, contract_size=Decimal("0.01")) if market else None


@pytest.fixture
def session(tmp_path: Path, qtbot) -> Iterator[StoreSession]:
    directory = store_before_the_crash(tmp_path / "store", NOW)
    each = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    like = exchange_after_the_crash(NOW)
    orders = list(like.read_open_orders(()).orders)
    positions = [
        msgspec.structs.replace(position, contract_size=Decimal("0.01"))
        for position in like.read_positions(()).positions
    ]
    each.connect_exchange(ByContracts(NOW, orders, positions))
    each.compare()
    qtbot.waitUntil(lambda: each.comparison is not None and not each.busy)
    yield each
    each.close()


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_the_orphan_orders_name_contracts_and_coins(ui: UiContext, session: StoreSession, qtbot) -> None:
    page = OrphansPage(ui)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.set_session(session)
    page.show()
    plan = session.comparison.plan
    order = next(verdict for verdict in plan.orphans if verdict.live.id == "9001")
    said = PlanWords(ui.display)
    assert said.order(order.live, order.contract) == (
        "▲ buy 0.020 contracts (0.0002 BTC) of BTC/USDT:USDT at 36\u202f380.5"
    )
    assert said.remaining(order) == "0.015 / 0.020 contracts (0.0002 BTC)"
    assert "contracts (0.0002 BTC)" in words(page)


def test_an_order_that_was_about_to_be_sent_counts_contracts_too(ui: UiContext, qapp: object) -> None:
    sent = intent(client_order_id="grid-18", order_type="limit", quantity="5")
    plan = plan_of(
        make.state(open_orders=(), positions=()),
        snapshot(markets=(market(contract_size=Decimal("0.01")),)),
        with_journal=JournalView(intents=(sent,), pending=(sent,)),
    )
    parent = QWidget()
    (line,) = IntentFates(PlanWords(ui.display, parent), parent).lines(plan)
    assert line.startswith("▲ buy 5 contracts (0.05 BTC) of BTC/USDT:USDT at 36\u202f450.0 was about to be sent: ")
    parent.deleteLater()


def test_a_position_that_stops_cover_in_part_is_warned_of(ui: UiContext, session: StoreSession, qtbot) -> None:
    panel = PositionsPanel(ui)
    qtbot.addWidget(panel)
    panel.set_plan(session.comparison.plan)
    panel.show()
    qtbot.waitUntil(lambda: "BTC/USDT:USDT" in words(panel))
    shown = words(panel)
    assert "0.260 contracts (0.0026 BTC)" in shown
    assert "!  stops cover 0.240 of 0.260 contracts (0.0026 BTC)" in shown
    assert "no stop on the exchange" in shown


def why_of(row: OrphanRow) -> str:
    return reason_of(row.verdict).text


def test_adopting_what_another_program_marked_is_warned_of(ui: UiContext, session: StoreSession, qtbot) -> None:
    verdict = next(each for each in session.comparison.plan.orphans if each.kind is OrderVerdictKind.FOREIGN)
    panel = EvidencePanel(ui, PlanWords(ui.display), why_of)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_row(OrphanRow(key=verdict.key, verdict=verdict), None, "")
    assert "two programs" not in words(panel)
    told = f"another program or a person (client order id {verdict.live.client_order_id})"
    assert told in words(panel)
    marked = msgspec.structs.replace(verdict, other_program="web_")
    panel.show_row(OrphanRow(key=marked.key, verdict=marked), None, "")
    assert "starts with web_, which belongs to another program" in words(panel)
    assert told not in words(panel)
    own = next(each for each in session.comparison.plan.orphans if each.kind is OrderVerdictKind.OWN_ORPHAN)
    panel.show_row(OrphanRow(key=own.key, verdict=own), None, "")
    assert "looks like the order of another program" not in words(panel)


def test_the_ages_of_the_evidence_go_on(ui: UiContext, session: StoreSession, qtbot) -> None:
    verdict = next(each for each in session.comparison.plan.orphans if each.live.id == "9001")
    panel = EvidencePanel(ui, PlanWords(ui.display), why_of)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_row(OrphanRow(key=verdict.key, verdict=verdict), None, "")
    qtbot.waitUntil(lambda: "just now" in words(panel))
    ui.display._now = lambda: NOW + 3600 * 10**9
    ui.display.ticked.emit()
    assert "just now" not in words(panel)
    assert "ago" in words(panel)


def test_the_history_names_contracts_once_the_exchange_tells_their_size(
    ui: UiContext, session: StoreSession, qtbot
) -> None:
    session.refresh()
    qtbot.waitUntil(lambda: session.overview is not None)
    comparison, session.comparison = session.comparison, None
    page = HistoryPage(ui)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.set_session(session)
    page.show()
    qtbot.waitUntil(lambda: page.details.details is not None)
    assert cells(page.details.positions, "quantity") == ["0.250"]

    session.comparison = comparison
    session.comparison_changed.emit(comparison)
    assert cells(page.details.positions, "quantity") == ["0.250 contracts (0.0025 BTC)"]
    assert all("contracts (" in cell for cell in cells(page.details.orders, "quantity"))
    page.show_against_exchange()
    lines = page.difference.model
    qtbot.waitUntil(lambda: lines.shown_count() > 0)
    told = [cell for column in ("old", "new") for cell in cells(lines, column)]
    assert any("contracts (" in cell for cell in told)


def test_the_charts_name_contracts_and_coins_at_every_moment(ui: UiContext, session: StoreSession, qtbot) -> None:
    page = PositionsPage(ui)
    qtbot.addWidget(page)
    page.resize(1440, 800)
    page.show()
    page.set_session(session)
    session.refresh()
    qtbot.waitUntil(lambda: page.showing_content and page.charts.complete)
    assert "▲ long 0.250 contracts (0.0025 BTC)" in page.charts.header_text(0)
    assert "! exchange now ▲ long 0.260 contracts (0.0026 BTC)" in page.charts.header_text(0)
    qtbot.keyClick(page.charts, Qt.Key.Key_Home)
    assert "▲ long 0.250 contracts (0.0025 BTC)" in page.charts.header_text(0)
    assert "0.250 contracts (0.0025 BTC)" in page.charts.accessibleDescription()
    assert "! exchange now ▼ short 2.000 contracts (0.02 ETH)" in page.charts.header_text(1)
    assert "contract" not in page.charts.header_text(2)


def test_a_narrow_chart_drops_the_coins_and_never_a_digit_of_what_is_known(
    ui: UiContext, session: StoreSession, qtbot
) -> None:
    page = PositionsPage(ui)
    qtbot.addWidget(page)
    page.resize(1440, 800)
    page.show()
    page.set_session(session)
    session.refresh()
    qtbot.waitUntil(lambda: page.showing_content and page.charts.complete)
    parts = page.charts.scene.headers[0]
    fonts = {False: QFontMetrics(page.charts.scene.font), True: QFontMetrics(page.charts.scene.strong_font)}
    told = {width: [text for _part, text in fitted(parts, fonts, width)] for width in range(2000, 0, -10)}
    assert told[2000] == [part.text for part in parts]
    known = [texts[2] for texts in told.values() if len(texts) == 4]
    assert list(dict.fromkeys(known))[:3] == [
        "▲ long 0.250 contracts (0.0025 BTC)",
        "▲ long 0.250 contracts",
        "▲ 0.250 contracts",
    ]
    exchange = [texts[3] for texts in told.values() if len(texts) == 4]
    assert list(dict.fromkeys(exchange))[:4] == [
        "! exchange now ▲ long 0.260 contracts (0.0026 BTC)",
        "! exchange now ▲ long 0.260 contracts",
        "! exchange now ▲ 0.260 contracts",
        "! exchange now ▲ 0.260",
    ]
    # What does not fit at all is left out word by word: a number that is cut off would be another one.
    assert set(" ".join(texts[-1] for texts in told.values() if texts).split()) <= {
        "…",
        *(word for part in parts for said in (part.text, *part.shorter) for word in said.split()),
    }


def cells(model: TableModel, column_id: str) -> list[str]:
    column = next(each for each in model.columns if each.id == column_id)
    return [column.text(record) for record in model.shown_records()]
