"""The positions page: what the charts hold, how they are moved, what a click and an export give."""

import csv
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from strategies import ManualClock, account, position, state

from crashdesk import CheckpointInfo, Side, StateStore, SystemState
from crashdesk.exchange.records import (
    Coverage,
    ExchangeAccount,
    ExchangePosition,
    ExchangeSnapshot,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.inspection import StoreView
from crashdesk.operator_recovery import Comparison
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.rules import Rules
from crashdesk.storage.history import QuantityPoint
from crashdesk.storage.journal_records import JournalView
from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import PNG, SVG
from crashdesk_gui.session import Series, StoreSession
from crashdesk_gui.theme import DARK, ThemeManager, ThemeMode
from crashdesk_gui.views.positions_page import PositionsPage

NOW = 1_763_781_128_000_000_000
"""The clock of the `ui` fixture."""
MINUTE = 60_000_000_000
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"


def state_at(number: int, at: int) -> SystemState:
    legs = [position(quantity=Decimal("0.1000000000000000001") * (number + 1))]
    if number >= 2:
        legs.append(position(id="eth", symbol=ETH, side=Side.SELL, quantity=Decimal("3")))
    return state(at, account=account(equity=Decimal("10000.10") + number), positions=tuple(legs), open_orders=())


def look_again(session: StoreSession, qtbot) -> None:
    """Let the session read the store; a wish while it reads something else would be dropped."""
    qtbot.waitUntil(lambda: not session.watcher.busy)
    with qtbot.waitSignal(session.overview_changed):
        session.refresh()


@pytest.fixture
def session(tmp_path: Path, qtbot) -> Iterator[StoreSession]:
    clock = ManualClock(NOW)
    with StateStore(tmp_path / "store", clock=clock) as store:
        for number in range(6):
            store.save(state_at(number, NOW - (20 - number) * MINUTE))
    each = StoreSession(StoreView(tmp_path / "store", clock=clock), who="operator", clock=clock)
    yield each
    each.close()


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> PositionsPage:
    each = PositionsPage(ui, ask_path=lambda _parent, _title, name, _filter: str(tmp_path / name))
    qtbot.addWidget(each)
    each.resize(1000, 700)
    each.show()
    each.set_session(session)
    session.refresh()
    qtbot.waitUntil(lambda: each.showing_content)
    return each


def header(page: PositionsPage, lane: int) -> str:
    return page.charts._lanes[lane].header.text


def comparison(session: StoreSession, *, positions_read: bool = True) -> Comparison:
    status = ScopeStatus.READ if positions_read else ScopeStatus.FAILED
    reading = ScopeReading(scope=Scope(kind=ScopeKind.POSITIONS, market_type="swap"), status=status)
    known = session.view.latest()
    snapshot = ExchangeSnapshot(
        exchange="binanceusdm",
        account_label="main",
        started_at=NOW,
        finished_at=NOW,
        orders=(),
        positions=(ExchangePosition(symbol=ETH, side=Side.SELL, contracts=Decimal("3")),) if positions_read else (),
        account=ExchangeAccount(currency="USDT", equity=Decimal("9000.5")),
        coverage=Coverage(readings=(reading,)),
    )
    plan = reconcile(known.state, JournalView(), snapshot, Rules(now_ns=NOW))
    return Comparison(plan=plan, snapshot=snapshot, state=known.state, checkpoint=known.info)


def test_importing_the_page_does_not_import_the_plotting_library() -> None:
    code = "import sys, crashdesk_gui.views.positions_page; print('pyqtgraph' in sys.modules, 'numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split() == ["False", "False"]


def test_one_chart_per_symbol_then_equity_and_pnl_with_exact_values(page: PositionsPage) -> None:
    assert [[each.symbol or each.measure.value for each in lane] for lane in page.charts.lane_ids()] == [
        [BTC],
        [ETH],
        ["equity"],
        ["unrealized_pnl"],
    ]
    assert "0.6000000000000000006" in header(page, 0)
    page.charts.show_crosshair(NOW - 20 * MINUTE + 30_000_000_000)
    assert "0.1000000000000000001" in header(page, 0)
    assert "checkpoint 1" in page._figures.text() or "checkpoint 2" in page._figures.text()
    page.charts.show_crosshair(None)
    assert "0.6000000000000000006" in header(page, 0)


def test_a_value_holds_until_the_next_point(page: PositionsPage) -> None:
    curve = next(each for each in page._data.curves if each.id.symbol == ETH)
    assert curve.value_at(NOW - 19 * MINUTE) is None
    assert curve.value_at(NOW - 18 * MINUTE) == Decimal("-3")
    assert curve.value_at(NOW - 15 * MINUTE) == Decimal("-3")
    drawn = page.charts._lanes[1]._curves[curve.id]
    assert drawn.opts["stepMode"] == "right"
    assert drawn.opts["clipToView"]
    assert drawn.opts["autoDownsample"]


def test_a_click_chooses_the_nearest_checkpoint_and_selecting_marks_it(page: PositionsPage, qtbot) -> None:
    page.charts.chosen.emit(NOW - 17 * MINUTE - 20_000_000_000)
    with qtbot.waitSignal(page.checkpoint_selected) as told:
        page.charts.chosen.emit(NOW - 18 * MINUTE - 1)
    assert isinstance(told.args[0], CheckpointInfo)
    assert told.args[0].seq == 3
    with qtbot.assertNotEmitted(page.checkpoint_selected):
        page.select_checkpoint(5)
    line = page.charts._lanes[0].selection
    assert line.isVisible()
    assert round(line.value() * 1e9) == pytest.approx(NOW - 16 * MINUTE, abs=1000)
    with qtbot.waitSignal(page.checkpoint_selected) as told:
        qtbot.keyClick(page.charts, Qt.Key.Key_Left)
    assert told.args[0].seq == 4


def test_a_real_click_in_the_chart_arrives(page: PositionsPage, qtbot) -> None:
    box = page.charts._lanes[0].plot.vb.sceneBoundingRect()
    with qtbot.waitSignal(page.checkpoint_selected) as told:
        place = page.charts.mapFromScene(box.center())
        qtbot.mouseClick(
            page.charts.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(box.left()) + 3, place.y())
        )
    assert told.args[0].seq == 1


def test_range_buttons_and_zooming_by_hand(page: PositionsPage, qtbot) -> None:
    buttons = page.ranges.buttons()
    qtbot.mouseClick(buttons["1 h"], Qt.MouseButton.LeftButton)
    start, end = page.charts.visible_range
    assert end >= NOW
    assert start <= NOW - 20 * MINUTE
    assert buttons["1 h"].isChecked()
    qtbot.keyClick(page.charts, Qt.Key.Key_Plus)
    assert not any(button.isChecked() for button in buttons.values())
    inner = page.charts.visible_range
    assert inner[0] > start
    assert inner[1] < end
    qtbot.mouseClick(buttons["All"], Qt.MouseButton.LeftButton)
    assert page.charts.visible_range[0] == pytest.approx(NOW - 20 * MINUTE, abs=1000)


def test_the_crash_band_reaches_to_now(page: PositionsPage) -> None:
    lane = page.charts._lanes[0]
    assert lane._bands[-1].getRegion() == pytest.approx(((NOW - 15 * MINUTE) / 1e9, NOW / 1e9))
    assert "15 min" in lane._words.toPlainText()


def test_where_the_exchange_stands(page: PositionsPage, session: StoreSession) -> None:
    session.comparison = comparison(session)
    session.comparison_changed.emit(session.comparison)
    assert "! exchange now flat" in header(page, 0)
    assert "✓ exchange now ▼ short 3" in header(page, 1)
    assert "! exchange now 9\u202f000.5" in header(page, 2)
    assert "? exchange not read" in header(page, 3)
    session.comparison = comparison(session, positions_read=False)
    session.comparison_changed.emit(session.comparison)
    assert "? exchange not read" in header(page, 0)
    assert not page.charts._lanes[0]._marks


def test_picking_curves_is_remembered_for_the_store(
    page: PositionsPage, session: StoreSession, ui: UiContext, qtbot
) -> None:
    items = {
        page.picker._list.item(row).text(): page.picker._list.item(row) for row in range(page.picker._list.count())
    }
    assert set(items) == {"Equity", "Unrealized PnL", f"▲ {BTC} long", f"▼ {ETH} short"}
    items["Equity"].setCheckState(Qt.CheckState.Unchecked)
    items[f"▼ {ETH} short"].setCheckState(Qt.CheckState.Unchecked)
    assert len(page.charts.lane_ids()) == 2
    other = PositionsPage(ui)
    qtbot.addWidget(other)
    other.show()
    other.set_session(session)
    qtbot.waitUntil(lambda: other.showing_content)
    assert other.charts.lane_ids() == page.charts.lane_ids()


def test_exports(page: PositionsPage, tmp_path: Path, qtbot) -> None:
    page.export_values()
    page.export_picture(PNG)
    page.export_picture(SVG)
    files = {each: tmp_path / f"store-positions.{each}" for each in ("csv", "png", "svg")}
    qtbot.waitUntil(lambda: all(each.exists() and each.stat().st_size for each in files.values()))
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    btc = [row["value"] for row in rows if row["symbol"] == BTC]
    assert btc[:2] == ["0.1000000000000000001", "0.2000000000000000002"]
    assert [row["value"] for row in rows if row["measure"] == "equity"][-1] == "10005.10"
    assert QImage(str(files["png"])).width() == page.charts.viewport().width() * 2
    assert ET.parse(files["svg"]).getroot().tag.endswith("svg")


def test_new_points_appear_and_keep_a_range_chosen_by_hand(page: PositionsPage, session: StoreSession, qtbot) -> None:
    qtbot.keyClick(page.charts, Qt.Key.Key_Plus)
    before = page.charts.visible_range
    later = QuantityPoint(seq=7, at=NOW, quantity=Decimal("9.5"))
    legs = tuple(
        (symbol, side, (*points, later) if symbol == BTC else points) for symbol, side, points in session.series.legs
    )
    newest = msgspec.structs.replace(session.series.summaries[-1], seq=7, at=NOW)
    session.series = Series(legs=legs, summaries=(*session.series.summaries, newest))
    session.series_changed.emit(session.series)
    qtbot.waitUntil(lambda: "9.5" in header(page, 0))
    assert page.charts.visible_range == before


def test_the_charts_follow_the_theme(page: PositionsPage, themes: ThemeManager) -> None:
    themes.set_mode(ThemeMode.DARK)
    assert page.charts.backgroundBrush().color().name() == DARK.base
    curve = next(iter(page.charts._lanes[0]._curves.values()))
    assert curve.opts["pen"].color().name() == DARK.long
    assert DARK.long in header(page, 0)


def test_without_store_and_without_checkpoints(ui: UiContext, tmp_path: Path, qtbot) -> None:
    page = PositionsPage(ui)
    qtbot.addWidget(page)
    page.show()
    StateStore(tmp_path / "fresh").close()
    session = StoreSession(StoreView(tmp_path / "fresh"), who="operator", clock=ManualClock(NOW))
    page.set_session(session)
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: page._other is not None)
    assert not page.showing_content
    page.set_session(None)
    session.close()
