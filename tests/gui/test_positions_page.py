"""The positions page: what the charts hold, how they are moved, what a click and an export give."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np
import pytest
from positions_desk import (
    BTC,
    ETH,
    HOUR,
    MINUTE,
    NOW,
    charted_session,
    comparison,
    header,
    look_again,
    show,
    state_at,
    uncheck_all,
    words,
)
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPicture, QWheelEvent
from PySide6.QtWidgets import QApplication
from strategies import ManualClock

from crashdesk import CheckpointInfo, Side, StateStore
from crashdesk.inspection import StoreView
from crashdesk.storage.history import QuantityPoint
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import Curve, CurveId, Measure
from crashdesk_gui.series import AccountSeries, LegSeries, Series
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import DARK, ThemeManager, ThemeMode
from crashdesk_gui.views.chart_picture import ChartPicture
from crashdesk_gui.views.charts import ChartStack
from crashdesk_gui.views.picture_words import PictureWords
from crashdesk_gui.views.positions_page import PositionsPage


@pytest.fixture
def session(tmp_path: Path) -> Iterator[StoreSession]:
    with charted_session(tmp_path / "store") as each:
        yield each


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> PositionsPage:
    return show(ui, session, tmp_path, qtbot)


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


def test_the_description_tells_what_the_crosshair_is_at(page: PositionsPage, session: StoreSession, qtbot) -> None:
    described = page.charts.accessibleDescription
    page.charts.show_crosshair(NOW - 19 * MINUTE + 1)
    assert "2025-11-22 02:53:08 UTC; checkpoint 2; " in described()
    assert "▲ long 0.2000000000000000002" in described()
    session.comparison = comparison(session)
    session.comparison_changed.emit(session.comparison)
    assert "! exchange now flat" in described()
    qtbot.keyClick(page.charts, Qt.Key.Key_Escape)
    assert "checkpoint 6" in described()


def test_where_little_time_is_shown_a_moment_is_told_to_the_millisecond(page: PositionsPage) -> None:
    assert page._moment.text() == "2025-11-22 02:57:08 UTC"
    page.charts.set_range(NOW - 16 * MINUTE, NOW - 16 * MINUTE + 10_000_000_000)
    page.charts.show_crosshair(NOW - 16 * MINUTE + 1_234_000_000)
    assert page._moment.text() == "2025-11-22 02:56:09.234 UTC"
    page.board.choose_range(None)
    assert page._moment.text() == "2025-11-22 02:56:09 UTC"


def test_one_checkpoint_alone_can_be_seen(ui: UiContext, tmp_path: Path, qtbot) -> None:
    clock = ManualClock(NOW)
    with StateStore(tmp_path / "one", clock=clock) as store:
        store.save(state_at(0, NOW - 20 * MINUTE))
    session = StoreSession(StoreView(tmp_path / "one", clock=clock), who="operator", clock=clock)
    page = PositionsPage(ui)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.set_session(session)
    session.refresh()
    qtbot.waitUntil(lambda: page.showing_content and page.charts.complete)
    start, end = page.charts.visible_range
    assert start < NOW - 20 * MINUTE < end
    picture, area = page.charts.viewport().grab().toImage(), page.charts.plot_area().toRect()
    blue = QColor(ui.theme.long)
    dot = [
        (x, y)
        for x in range(area.left() + 6, area.right())
        for y in range(area.top(), area.bottom())
        if picture.pixelColor(x, y) == blue
    ]
    assert len(dot) == 25
    session.close()


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


def test_without_a_curve_the_page_says_so_and_leads_back(page: PositionsPage, qtbot) -> None:
    before = page.charts.lane_ids()
    uncheck_all(page)
    assert not page.charts.isVisible()
    assert "No curve is shown" in words(page)
    page.take_focus()
    back = page.window().focusWidget()
    assert back.text() == "Show the default curves"
    qtbot.keyClick(back, Qt.Key.Key_Space)
    assert page.charts.lane_ids() == before
    assert page.charts.isVisible()
    assert "No curve is shown" not in words(page)
    assert page.window().focusWidget() is page.charts
    uncheck_all(page)
    page.picker._list.item(0).setCheckState(Qt.CheckState.Checked)
    assert page.charts.isVisible()


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
    made: list[tuple[QPicture, QSize]] = []
    words = PictureWords(title="store", span="", account="", moment="", legend=())
    ChartPicture(charts.scene, words, charts, lambda picture, size: made.append((picture, size)))
    qtbot.waitUntil(lambda: bool(made))
    picture, size = made[0]
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(ui.theme.base))
    painter = QPainter(image)
    picture.play(painter)
    painter.end()
    lane, caption = (size.height() - 124) / 20, 64
    assert all(has_line(image, caption + at * lane + 26, caption + (at + 1) * lane) for at in range(20))


def test_the_crosshair_follows_the_mouse_and_leaves_with_it(page: PositionsPage, qtbot) -> None:
    area, view = page.charts.plot_area(), page.charts.viewport()
    start, end = page.charts.visible_range
    qtbot.mouseMove(view, QPoint(round(area.center().x()), round(area.center().y())))
    qtbot.waitUntil(lambda: page.charts.scene.crosshair is not None)
    assert page.charts.scene.crosshair == pytest.approx((start + end) / 2, rel=0, abs=(end - start) / 100)
    QApplication.sendEvent(page.charts.canvas, QEvent(QEvent.Type.Leave))
    assert page.charts.scene.crosshair is None


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
