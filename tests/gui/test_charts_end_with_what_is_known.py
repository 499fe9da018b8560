"""The charts end with the last known state, which the exchange is compared with, and not with the newest checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from desk_operator import DeskOperator
from loopback_incident import BTC, ETH, LoopbackIncident
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crashdesk import Side
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_position
from crashdesk.storage.history import CheckpointSummary, QuantityPoint
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore
from crashdesk_gui.models.chart_data import CurveId, Measure, chart_data
from crashdesk_gui.series import AccountSeries, Known, LegSeries, Series

SECOND = 1_000_000_000


def summary(seq: int) -> CheckpointSummary:
    return CheckpointSummary(
        seq=seq,
        at=seq * SECOND,
        equity=Decimal(100 + seq),
        unrealized_pnl=Decimal(seq),
        positions=1,
        orders=0,
        strategies=0,
        size=9,
    )


def series(known: Known | None) -> Series:
    legs = [LegSeries.of(BTC, Side.BUY, [QuantityPoint(seq=1, at=SECOND, quantity=Decimal("12.06"))])]
    return Series(legs, AccountSeries.of([summary(1), summary(2)]), known)


def known(at: int, legs: Sequence[tuple[str, Side, Decimal]], equity: str = "102") -> Known:
    return Known(at=at, seq=2, changes=3, legs=tuple(legs), equity=Decimal(equity), unrealized=Decimal(2))


def test_a_leg_that_is_gone_is_flat_and_a_new_one_has_a_curve() -> None:
    data = chart_data(series(known(5 * SECOND, [(ETH, Side.SELL, Decimal("-0.5"))])))
    curves = {curve.id: curve for curve in data.curves}
    gone, new = curves[CurveId(Measure.QUANTITY, BTC, Side.BUY)], curves[CurveId(Measure.QUANTITY, ETH, Side.SELL)]
    assert (gone.latest, gone.value_at(4 * SECOND)) == (0, Decimal("12.06"))
    assert (new.latest, new.value_at(4 * SECOND)) == (Decimal("-0.5"), None)
    assert (data.last, data.end) == (2 * SECOND, 5 * SECOND)
    assert [curve.until for curve in data.curves] == [5 * SECOND] * 4


def test_values_that_are_as_the_checkpoint_says_get_no_point_of_their_own() -> None:
    data = chart_data(series(known(5 * SECOND, [(BTC, Side.BUY, Decimal("12.06"))], equity="101.5")))
    assert {curve.id.measure: len(curve) for curve in data.curves} == {
        Measure.QUANTITY: 1,
        Measure.EQUITY: 3,
        Measure.PNL: 2,
    }
    assert next(curve for curve in data.curves if curve.id.measure is Measure.EQUITY).latest == Decimal("101.5")


def test_a_change_that_a_clock_dates_before_the_checkpoint_counts_as_the_latest_all_the_same() -> None:
    data = chart_data(series(known(SECOND // 2, [])))
    assert data.end == 2 * SECOND
    assert next(curve for curve in data.curves if curve.id.symbol == BTC).latest == 0


def test_charts_and_overview_compare_the_exchange_with_the_same_state(
    incident: LoopbackIncident, operator: DeskOperator
) -> None:
    with StateStore(incident.directory, read_only=True) as store:
        position = store.load_latest().positions[0]
    live = operator.desk.session.comparison.plan.positions[0].live
    grown = msgspec.structs.replace(position, quantity=Decimal("0.270"), entry_price=live.entry_price)
    journal = Journal(incident.directory, incident.clock)
    journal.commit([Change(ChangeKind.POSITION, encode_position(grown))])
    journal.close()
    operator.look_again()
    operator.go_to("overview")
    operator.desk.window.refresh_requested.emit()
    operator.wait_until_idle()
    assert "1 of 1 matches" in operator.words

    operator.go_to("positions")
    board = operator.desk.pages.positions.board
    operator.wait_until(lambda: board.data is not None and board.data.known is not None)
    operator.wait_until(lambda: any("0.270" in board.charts.header_text(lane) for lane in range(len(board.lanes))))
    text = next(board.charts.header_text(lane) for lane in range(len(board.lanes)) if lane == 0)
    assert "long 0.270" in text
    assert "✓ exchange now ▲ long 0.27" in text
    assert f"last known state: checkpoint {board.data.known.seq} + 1 change" in operator.words
    QTest.keyClick(board.charts, Qt.Key.Key_End)
    assert f"checkpoint {board.data.seqs[-1]}" in operator.words
    QTest.keyClick(board.charts, Qt.Key.Key_Right)
    assert board.charts.scene.crosshair == board.data.end
    assert "long 0.270" in board.charts.accessibleDescription()
    assert "last known state" in board.charts.accessibleDescription()
    QTest.keyClick(board.charts, Qt.Key.Key_Left)
    assert board.charts.scene.crosshair == board.data.last
