"""The positions page: what the charts hold, how they are moved, what a click and an export give."""

import csv
import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
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
from crashdesk.storage.history import CheckpointSummary, QuantityPoint
from crashdesk.storage.journal_records import JournalView
from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import JSON, PNG, SVG
from crashdesk_gui.models.axis_ticks import time_ticks, value_ticks
from crashdesk_gui.models.chart_data import Curve, CurveId, Measure, chart_data
from crashdesk_gui.models.chart_steps import known_spans, outline
from crashdesk_gui.series import AccountSeries, LegSeries, Series
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import DARK, ThemeManager, ThemeMode
from crashdesk_gui.views.chart_picture import ChartPicture
from crashdesk_gui.views.chart_scene import LANE_HEIGHT
from crashdesk_gui.views.charts import ChartStack
from crashdesk_gui.views.positions_page import PositionsPage

NOW = 1_763_781_128_000_000_000
"""The clock of the `ui` fixture."""
MINUTE = 60_000_000_000
HOUR = 60 * MINUTE
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
    qtbot.waitUntil(lambda: each.showing_content and each.charts.complete)
    return each


def header(page: PositionsPage, lane: int) -> str:
    return page.board.charts.header_text(lane)


def comparison(
    session: StoreSession, *, positions_read: bool = True, more: tuple[ExchangePosition, ...] = ()
) -> Comparison:
    status = ScopeStatus.READ if positions_read else ScopeStatus.FAILED
    reading = ScopeReading(scope=Scope(kind=ScopeKind.POSITIONS, market_type="swap"), status=status)
    known = session.view.latest()
    snapshot = ExchangeSnapshot(
        exchange="binanceusdm",
        account_label="main",
        started_at=NOW,
        finished_at=NOW,
        orders=(),
        positions=(ExchangePosition(symbol=ETH, side=Side.SELL, contracts=Decimal("3")), *more)
        if positions_read
        else (),
        account=ExchangeAccount(currency="USDT", equity=Decimal("9000.5")),
        coverage=Coverage(readings=(reading,)),
    )
    plan = reconcile(known.state, JournalView(), snapshot, Rules(now_ns=NOW))
    return Comparison(plan=plan, snapshot=snapshot, state=known.state, checkpoint=known.info)


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
    assert page._figures.text() == "checkpoint 1"
    page.charts.show_crosshair(None)
    assert "0.6000000000000000006" in header(page, 0)


def test_a_value_holds_until_the_next_point(page: PositionsPage) -> None:
    curve = next(each for each in page.board.data.curves if each.id.symbol == ETH)
    assert curve.value_at(NOW - 19 * MINUTE) is None
    assert curve.value_at(NOW - 18 * MINUTE) == Decimal("-3")
    assert curve.value_at(NOW - 15 * MINUTE) == Decimal("-3")


def test_a_click_chooses_the_nearest_checkpoint_and_selecting_marks_it(page: PositionsPage, qtbot) -> None:
    page.charts.chosen.emit(NOW - 17 * MINUTE - 20_000_000_000)
    with qtbot.waitSignal(page.checkpoint_selected) as told:
        page.charts.chosen.emit(NOW - 18 * MINUTE - 1)
    assert isinstance(told.args[0], CheckpointInfo)
    assert told.args[0].seq == 3
    with qtbot.assertNotEmitted(page.checkpoint_selected):
        page.select_checkpoint(5)
    assert page.charts.scene.selected == NOW - 16 * MINUTE
    with qtbot.waitSignal(page.checkpoint_selected) as told:
        qtbot.keyClick(page.charts, Qt.Key.Key_Left)
    assert told.args[0].seq == 4


def test_a_real_click_in_the_chart_arrives(page: PositionsPage, qtbot) -> None:
    area = page.charts.plot_area()
    with qtbot.waitSignal(page.checkpoint_selected) as told:
        place = QPoint(round(area.left()) + 3, round(area.center().y()))
        qtbot.mouseClick(page.charts.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args[0].seq == 1


def test_the_keys_lead_from_checkpoint_to_checkpoint(page: PositionsPage, qtbot) -> None:
    qtbot.keyClick(page.charts, Qt.Key.Key_Home)
    assert page._figures.text() == "checkpoint 1"
    assert "0.1000000000000000001" in header(page, 0)
    qtbot.keyClick(page.charts, Qt.Key.Key_Right)
    assert page.charts.scene.crosshair == NOW - 19 * MINUTE
    assert "0.2000000000000000002" in header(page, 0)
    assert "0.2000000000000000002" in page.charts.accessibleDescription()
    with qtbot.waitSignal(page.checkpoint_selected) as told:
        qtbot.keyClick(page.charts, Qt.Key.Key_End)
    assert told.args[0].seq == 6


def wheel(charts: ChartStack, place: QPointF, delta: int) -> None:
    event = QWheelEvent(
        place,
        charts.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(charts.viewport(), event)


def test_the_wheel_zooms_around_the_pointer(page: PositionsPage) -> None:
    area = page.charts.plot_area()
    start, end = page.charts.visible_range
    place = QPointF(area.left() + area.width() / 4, area.center().y())
    still = start + (end - start) // 4
    wheel(page.charts, place, 120)
    inner = page.charts.visible_range
    assert inner[1] - inner[0] < end - start
    assert (still - inner[0]) / (inner[1] - inner[0]) == pytest.approx(0.25, abs=0.01)


def test_dragging_moves_and_with_shift_zooms_into_the_span(page: PositionsPage, qtbot) -> None:
    view, area = page.charts.viewport(), page.charts.plot_area()
    places = [QPoint(round(area.left() + area.width() * share), round(area.center().y())) for share in (0.25, 0.75)]
    start, end = page.charts.visible_range

    def drag(first: QPoint, last: QPoint, keys: Qt.KeyboardModifier) -> None:
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, keys, first)
        # pyqtgraph looks at the mouse a hundred times a second.
        qtbot.wait(20)
        left, place = Qt.MouseButton.LeftButton, QPointF(last)
        kind, where = QEvent.Type.MouseMove, view.mapToGlobal(place)
        QApplication.sendEvent(view, QMouseEvent(kind, place, where, Qt.MouseButton.NoButton, left, keys))
        qtbot.mouseRelease(view, left, keys, last)

    with qtbot.assertNotEmitted(page.checkpoint_selected):
        drag(places[0], places[1], Qt.KeyboardModifier.ShiftModifier)
    inner = page.charts.visible_range
    assert inner[0] == pytest.approx(start + (end - start) / 4, rel=0, abs=(end - start) / 100)
    assert inner[1] == pytest.approx(start + (end - start) * 3 / 4, rel=0, abs=(end - start) / 100)
    with qtbot.assertNotEmitted(page.checkpoint_selected):
        drag(places[0], places[1], Qt.KeyboardModifier.NoModifier)
    moved = page.charts.visible_range
    assert moved[0] < inner[0]
    assert moved[1] - moved[0] == pytest.approx(inner[1] - inner[0], rel=0, abs=1_000)


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


def test_the_crash_band_reaches_to_now_and_no_line_runs_through_it(page: PositionsPage) -> None:
    crash = page.charts.scene.crash
    assert (crash.start, crash.end) == (NOW - 15 * MINUTE, NOW)
    assert "15 min" in crash.text
    page.charts.show_crosshair(NOW - 5 * MINUTE)
    assert page._figures.text() == "after the last checkpoint, 6"
    page.charts.show_crosshair(None)
    page.board.choose_range(HOUR)
    area, picture = page.charts.plot_area(), page.charts.grab().toImage()
    ratio = picture.devicePixelRatio()
    start, end = page.charts.visible_range
    blue = QColor(page.ui.theme.long)

    def drawn_at(at: int) -> bool:
        x = round((area.left() + (at - start) / (end - start) * area.width()) * ratio)
        column = range(round(area.top() * ratio), round(area.bottom() * ratio))
        return any(picture.pixelColor(x, y) == blue for y in column)

    assert drawn_at(NOW - 15 * MINUTE - MINUTE // 2)
    assert not drawn_at(NOW - 7 * MINUTE)


def test_a_side_that_the_history_never_held_is_not_called_flat(page: PositionsPage, session: StoreSession) -> None:
    flipped = ExchangePosition(symbol=BTC, side=Side.SELL, contracts=Decimal("0.1"))
    session.comparison = comparison(session, more=(flipped,))
    session.comparison_changed.emit(session.comparison)
    assert "! exchange now ▼ short 0.1" in header(page, 0)


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
    assert [each.measure for each in page.charts.scene.marks] == [Measure.EQUITY]


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
    page.saving.save_values()
    page.saving.save_values(JSON)
    page.saving.save_picture(PNG)
    page.saving.save_picture(SVG)
    files = {each: tmp_path / f"store-positions.{each}" for each in ("csv", "json", "png", "svg")}
    qtbot.waitUntil(lambda: all(each.exists() and each.stat().st_size for each in files.values()))
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    btc = [row["value"] for row in rows if row["symbol"] == BTC]
    assert btc[:2] == ["0.1000000000000000001", "0.2000000000000000002"]
    assert [row["value"] for row in rows if row["measure"] == "equity"][-1] == "10005.10"
    assert json.loads(files["json"].read_text())[0]["value"] == btc[0]
    assert QImage(str(files["png"])).width() == page.charts.viewport().width() * 2
    assert ET.parse(files["svg"]).getroot().tag.endswith("svg")


def test_new_points_appear_and_keep_a_range_chosen_by_hand(page: PositionsPage, session: StoreSession, qtbot) -> None:
    qtbot.keyClick(page.charts, Qt.Key.Key_Plus)
    before = page.charts.visible_range
    old = session.series
    later = LegSeries.of(BTC, Side.BUY, [QuantityPoint(seq=7, at=NOW, quantity=Decimal("9.5"))])
    newest = AccountSeries.of([msgspec.structs.replace(old.account.summary(5), seq=7, at=NOW)])
    legs = (leg.appended(later) if leg.symbol == BTC else leg for leg in old.legs)
    session.series = Series(legs, old.account.appended(newest))
    session.series_changed.emit(session.series)
    qtbot.waitUntil(lambda: "9.5" in header(page, 0))
    assert page.charts.visible_range == before


def test_the_charts_follow_the_theme(page: PositionsPage, themes: ThemeManager) -> None:
    themes.set_mode(ThemeMode.DARK)
    corner = page.charts.grab().toImage().pixelColor(3, 3)
    assert corner.name() == DARK.base
    assert DARK.long in {part.colour for part in page.charts.scene.headers[0]}


def test_a_gap_between_checkpoints_is_told_and_not_crossed(ui: UiContext) -> None:
    times = [NOW, NOW + MINUTE, NOW + 20 * MINUTE, NOW + 21 * MINUTE]
    points = [QuantityPoint(seq=n + 1, at=at, quantity=Decimal(n + 1)) for n, at in enumerate(times)]
    summary = CheckpointSummary(
        seq=0, at=0, equity=Decimal(1), unrealized_pnl=Decimal(0), positions=1, orders=0, strategies=0, size=1
    )
    account = AccountSeries.of(msgspec.structs.replace(summary, seq=n + 1, at=at) for n, at in enumerate(times))
    data = chart_data(Series([LegSeries.of(BTC, Side.BUY, points)], account))
    assert data.gaps.tolist() == [[NOW + MINUTE, NOW + 20 * MINUTE]]
    assert [data.in_gap(at) for at in (NOW + MINUTE // 2, NOW + 5 * MINUTE, NOW + 20 * MINUTE)] == [False, True, False]
    view = (NOW, NOW + 21 * MINUTE)
    assert list(known_spans(data.gaps, view)) == [(NOW, NOW + MINUTE), (NOW + 20 * MINUTE, NOW + 21 * MINUTE)]
    before, after = (outline(data.curves[0], span, view, 210) for span in known_spans(data.gaps, view))
    assert before[0].tolist() == [0, 10, 10, 10]
    assert before[1].tolist() == [1, 1, 2, 2]
    assert after[0].tolist() == [200, 210, 210, 210]
    assert after[1].tolist() == [3, 3, 4, 4]


@given(
    seconds=st.lists(st.integers(0, 5_000), min_size=1, max_size=400, unique=True).map(sorted),
    start=st.integers(-100, 5_000),
    length=st.integers(1, 6_000),
    columns=st.integers(1, 50),
)
def test_the_line_on_the_screen_is_that_of_every_point(
    seconds: list[int], start: int, length: int, columns: int
) -> None:
    """Whatever is left out, each column shows the least and the greatest value that held in it."""
    times = np.array(seconds, dtype=np.int64) * 1_000_000_000
    values = np.array([(each * 7919) % 101 for each in seconds], dtype=np.float64)
    curve = Curve(CurveId(Measure.EQUITY), times, values, times, int(times[-1]), lambda index: Decimal(values[index]))
    view = (start * 1_000_000_000, (start + length) * 1_000_000_000)
    x, y = outline(curve, view, view, columns)
    within = (times >= view[0]) & (times <= min(view[1], times[-1]))
    held = curve.value_at(view[0])
    shown = {*values[within].tolist(), *([float(held)] if held is not None and view[0] <= times[-1] else [])}
    assert bool(len(x)) == bool(shown)
    if shown:
        assert (min(y), max(y)) == (min(shown), max(shown))
        assert np.all(np.diff(x) >= 0)
        assert x[-1] <= columns
    for at, value in zip(times[within].tolist(), values[within].tolist(), strict=True):
        place = (at - view[0]) * columns / (view[1] - view[0])
        near = y[np.abs(x - place) <= 1]
        assert near.min() <= value <= near.max()


def test_ticks_are_round_exact_and_in_the_zone() -> None:
    midnight = NOW - NOW % (24 * HOUR)
    east = timezone(timedelta(hours=5, minutes=30))
    assert [tick.text for tick in time_ticks(midnight - HOUR, midnight + HOUR, 4, UTC)] == [
        "23:00",
        "23:30",
        "2025-11-22",
        "00:30",
        "01:00",
    ]
    assert time_ticks(midnight, midnight + HOUR, 2, east)[0].text == "05:30"
    assert [tick.text for tick in time_ticks(midnight, midnight + 48 * HOUR, 2, east)] == ["2025-11-23", "2025-11-24"]
    assert value_ticks(-0.31, 0.3, 4) == [Decimal("-0.2"), Decimal("0.0"), Decimal("0.2")]
    assert value_ticks(9_990.0, 10_021.0, 3) == [10_000, 10_020]
    assert value_ticks(5.0, 5.0, 3) == []


def many_lanes(count: int) -> list[tuple[Curve, ...]]:
    times = np.array([NOW - HOUR, NOW - MINUTE], dtype=np.int64)
    return [
        (Curve(CurveId(Measure.QUANTITY, f"S{n:02}", Side.BUY), times, times / times[1] * n, times, NOW, Decimal),)
        for n in range(1, count + 1)
    ]


def test_lanes_that_do_not_fit_are_scrolled_and_all_are_in_the_picture(ui: UiContext, qtbot) -> None:
    charts = ChartStack(ui)
    qtbot.addWidget(charts)
    charts.resize(600, 400)
    charts.show()
    charts.set_limits(NOW - 2 * HOUR, NOW)
    charts.set_range(NOW - HOUR, NOW)
    charts.set_lanes(many_lanes(20))
    qtbot.waitUntil(lambda: charts.complete)
    blue = QColor(ui.theme.long)

    def has_line(picture: QImage, top: float, bottom: float) -> bool:
        rows = range(max(round(top), 0), min(round(bottom), picture.height()))
        return any(picture.pixelColor(300, y) == blue for y in rows)

    assert not charts.viewport().rect().contains(charts.plot_area(19).toRect())
    for _ in range(20):
        wheel(charts, QPointF(5, 100), -120 * 200)
    qtbot.waitUntil(lambda: charts.complete)
    last = charts.plot_area(19)
    assert charts.viewport().rect().contains(last.toRect())
    assert has_line(charts.viewport().grab().toImage(), last.top(), last.bottom())
    size, made = QSize(600, charts.least_height), []
    ChartPicture(charts.scene, size, charts, made.append)
    qtbot.waitUntil(lambda: bool(made))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(ui.theme.base))
    painter = QPainter(image)
    made[0].play(painter)
    painter.end()
    assert all(has_line(image, lane * LANE_HEIGHT + 26, (lane + 1) * LANE_HEIGHT) for lane in range(20))


def test_the_crosshair_follows_the_mouse_and_leaves_with_it(page: PositionsPage, qtbot) -> None:
    area, view = page.charts.plot_area(), page.charts.viewport()
    start, end = page.charts.visible_range
    qtbot.mouseMove(view, QPoint(round(area.center().x()), round(area.center().y())))
    qtbot.waitUntil(lambda: page.charts.scene.crosshair is not None)
    assert page.charts.scene.crosshair == pytest.approx((start + end) / 2, rel=0, abs=(end - start) / 100)
    QApplication.sendEvent(page.charts.canvas, QEvent(QEvent.Type.Leave))
    assert page.charts.scene.crosshair is None


PROCESS = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from crashdesk.clock import SystemClock
from crashdesk.inspection import StoreView
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Display
from crashdesk_gui.icons import Icons
from crashdesk_gui.session import StoreSession
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeManager, ThemeMode
from crashdesk_gui.views.positions_page import PositionsPage

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "pyqtgraph":
            print("imported by", "window" if threading.current_thread() is threading.main_thread() else "worker")

sys.meta_path.insert(0, Watch())
directory, way = Path(sys.argv[1]), sys.argv[2]
app = QApplication(["crashdesk"])
settings = DeskSettings(QSettings(str(directory / "desk.ini"), QSettings.Format.IniFormat))
themes, clock = ThemeManager(app, ThemeMode.LIGHT), SystemClock()
ui = UiContext(themes, Icons(themes), Display(zone=settings.zone(), compact=False, now=clock.now_ns), settings)
session = StoreSession(StoreView(directory / "store", clock=clock), who="operator", clock=clock)
page = PositionsPage(ui)
page.resize(900, 600)
page.set_session(session)
session.refresh()
assert "pyqtgraph" not in sys.modules

def look():
    if "crashdesk_gui.views.chart_canvas" in sys.modules and not page.isVisible() and not session.watcher.busy:
        page.show()
    if way == "opened at once":
        page.show()
    if page.charts.complete:
        print("drawn")
        if way != "left open":
            session.close()
            page.close()
        app.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(5)
QTimer.singleShot(20000, app.quit)
code = app.exec()
keep = [page, app, lambda: keep]
sys.exit(code)
"""


@pytest.mark.parametrize("way", ["closed", "opened at once", "left open"])
def test_pyqtgraph_is_imported_in_a_worker_and_the_process_ends_well(tmp_path: Path, way: str) -> None:
    with StateStore(tmp_path / "store") as store:
        for number in range(3):
            store.save(state_at(number, time.time_ns() - (3 - number) * MINUTE))
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "faulthandler", "-c", PROCESS, str(tmp_path), way]
    told = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split("\n")[:2] == ["imported by worker", "drawn"], told.stderr


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
