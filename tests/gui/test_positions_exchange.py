"""Where the exchange stands beside what was recorded, and what it alone holds."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from positions_desk import BTC, ETH, NOW, SOL, charted_session, comparison, header, show, uncheck_all
from strategies import position, state

from crashdesk import Side
from crashdesk.exchange.records import (
    Coverage,
    ExchangePosition,
    ExchangeSnapshot,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.operator_recovery import Comparison
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.rules import Rules
from crashdesk.storage.journal_records import JournalView
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import CurveId, Measure
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.chart_scene import no_gaps, shape_lane
from crashdesk_gui.views.lane_words import held_legs, live_value
from crashdesk_gui.views.positions_page import PositionsPage


@pytest.fixture
def session(tmp_path: Path) -> Iterator[StoreSession]:
    with charted_session(tmp_path / "store") as each:
        yield each


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> PositionsPage:
    return show(ui, session, tmp_path, qtbot)


def test_a_side_that_the_history_never_held_is_not_called_flat(page: PositionsPage, session: StoreSession) -> None:
    flipped = ExchangePosition(symbol=BTC, side=Side.SELL, contracts=Decimal("0.4"))
    session.comparison = comparison(session, more=(flipped,))
    session.comparison_changed.emit(session.comparison)
    assert "! exchange now ▼ short 0.4" in header(page, 0)
    marks = page.charts.scene.marks
    long, short = (CurveId(Measure.QUANTITY, BTC, side) for side in Side)
    assert (marks[long].value, marks[long].same) == (0, False)
    assert (marks[short].value, marks[short].same) == (-0.4, False)
    # There is no curve of that leg, and all the same its mark is within what the chart shows.
    shape = shape_lane(page.charts.scene, 0, no_gaps(), 800, 100)
    assert shape.low < -0.4
    assert colours_beside(page, 0) >= {page.ui.theme.short, page.ui.theme.warning}


def test_what_only_the_exchange_holds_has_a_chart_of_its_own(
    page: PositionsPage, session: StoreSession, tmp_path: Path, qtbot
) -> None:
    stranger = ExchangePosition(symbol=SOL, side=Side.BUY, contracts=Decimal("5"))
    session.comparison = comparison(session, more=(stranger,))
    session.comparison_changed.emit(session.comparison)
    long = CurveId(Measure.QUANTITY, SOL, Side.BUY)
    assert [lane[0].symbol for lane in page.charts.lane_ids()] == [BTC, ETH, SOL, "", ""]
    assert header(page, 2) == f"{SOL}   (contracts)   flat   ! exchange now ▲ long 5 contracts"
    assert (page.charts.scene.marks[long].value, page.charts.scene.marks[long].same) == (5, False)
    qtbot.waitUntil(lambda: page.charts.complete)
    assert colours_beside(page, 2) >= {page.ui.theme.long, page.ui.theme.warning}
    page.saving.save_values()
    path = tmp_path / "store-positions.csv"
    qtbot.waitUntil(lambda: path.exists() and bool(path.stat().st_size))
    assert SOL not in path.read_text(), "no checkpoint tells of it"
    uncheck_all(page)
    assert page.charts.lane_ids() == [(long,)], "nobody has chosen not to see what nobody knew of"
    session.comparison = None
    session.comparison_changed.emit(None)
    assert page.charts.lane_ids() == []


def test_the_mark_of_a_side_is_drawn_as_that_side(page: PositionsPage, session: StoreSession) -> None:
    assert not colours_beside(page, 1) & {page.ui.theme.short, page.ui.theme.warning}
    session.comparison = comparison(session)
    session.comparison_changed.emit(session.comparison)
    beside = colours_beside(page, 1)
    assert page.ui.theme.short in beside
    assert page.ui.theme.warning not in beside


def test_one_balance_of_several_spot_markets_is_held_in_each_or_not_known() -> None:
    """A spot account tells one balance of an asset, under one of its symbols; in the others it is not flat."""
    first, second = (
        position(id=quote, symbol=f"BTC/{quote}", quantity=quantity)
        for quote, quantity in (("EUR", Decimal("0.1")), ("USDT", Decimal("0.2")))
    )
    known = state(NOW, positions=(first, second), open_orders=())
    curves = [CurveId(Measure.QUANTITY, each.symbol, Side.BUY) for each in (first, second)]
    scope = Scope(kind=ScopeKind.POSITIONS, market_type="spot", variant="balances")
    for held, values in ((Decimal("0.3"), [Decimal("0.1"), Decimal("0.2")]), (Decimal("0.25"), [None, None])):
        snapshot = ExchangeSnapshot(
            exchange="binance",
            account_label="main",
            started_at=NOW,
            finished_at=NOW,
            orders=(),
            positions=(ExchangePosition(symbol="BTC/EUR", side=Side.BUY, contracts=held, asset="BTC"),),
            account=None,
            coverage=Coverage(readings=(ScopeReading(scope=scope, status=ScopeStatus.READ),)),
        )
        plan = reconcile(known, JournalView(), snapshot, Rules(now_ns=NOW))
        compared = Comparison(plan=plan, snapshot=snapshot, state=known, checkpoint=None)
        assert [live_value(compared and compared.plan, curve) for curve in curves] == values
        assert set(held_legs(compared and compared.plan)) == {
            each for each, value in zip(curves, values, strict=True) if value
        }


def colours_beside(page: PositionsPage, lane: int) -> set[str]:
    """The colours at the right of a lane's plot, where the exchange is marked."""
    picture, area = page.charts.viewport().grab().toImage(), page.charts.plot_area(lane)
    ratio = picture.devicePixelRatio()
    across = range(int(area.right() * ratio) + 2, picture.width())
    down = range(int(area.top() * ratio), int(area.bottom() * ratio))
    return {picture.pixelColor(x, y).name() for x in across for y in down}


def test_where_the_exchange_stands(page: PositionsPage, session: StoreSession) -> None:
    session.comparison = comparison(session)
    session.comparison_changed.emit(session.comparison)
    assert "! exchange now flat" in header(page, 0)
    assert "✓ exchange now ▼ short 3" in header(page, 1)
    # What the account is worth moves with the market: that it is another value is nothing to look at.
    assert header(page, 2).endswith("   exchange now 9\u202f000.5")
    assert page.charts.scene.marks[CurveId(Measure.EQUITY)].same
    assert "? exchange not read" in header(page, 3)
    session.comparison = comparison(session, positions_read=False)
    session.comparison_changed.emit(session.comparison)
    assert "? exchange not read" in header(page, 0)
    assert [each.measure for each in page.charts.scene.marks] == [Measure.EQUITY]
