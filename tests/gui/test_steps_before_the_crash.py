"""What the journal holds behind a checkpoint is drawn at its own times, and the value known last can be seen at every zoom."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import strategies as make
from positions_desk import BTC, ETH, show, summary
from strategies import ManualClock

from crashdesk import Side, StateStore
from crashdesk.changes import Change, ChangeKind, gone
from crashdesk.codec import encode_account, encode_position
from crashdesk.config import RecoveryConfig
from crashdesk.inspection import StoreView
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.history import QuantityPoint
from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import SVG
from crashdesk_gui.known_steps import KnownSteps, known_steps
from crashdesk_gui.models.chart_data import ChartData, CurveId, Measure, chart_data
from crashdesk_gui.models.chart_past import with_past
from crashdesk_gui.reading.store import StoreReader
from crashdesk_gui.series import AccountSeries, Known, LegSeries, Series
from crashdesk_gui.session import StoreSession

NOW = 1_763_781_128_000_000_000
SECOND = 1_000_000_000
LONG = CurveId(Measure.QUANTITY, BTC, Side.BUY)
EQUITY = CurveId(Measure.EQUITY)


def put(quantity: str, **changes: object) -> Change:
    return Change(ChangeKind.POSITION, encode_position(make.position(quantity=Decimal(quantity), **changes)))


def known(at: int, seq: int, steps: KnownSteps) -> Known:
    return Known(
        at=at,
        seq=seq,
        changes=4,
        legs=((BTC, Side.BUY, Decimal("0.5")),),
        equity=Decimal("99"),
        unrealized=Decimal(0),
        steps=steps,
    )


def drawn(seqs: int, last: Known | None = None, past: tuple[Known, ...] = ()) -> ChartData:
    leg = LegSeries.of(BTC, Side.BUY, [QuantityPoint(seq=1, at=60 * SECOND, quantity=Decimal("0.25"))])
    series = Series(
        [leg], AccountSeries.of([summary(seq, seq * 60 * SECOND) for seq in range(1, seqs + 1)]), last, past
    )
    return with_past(chart_data(series), series.past)


def points(data: ChartData, name: CurveId) -> list[tuple[int, Decimal]]:
    curve = next(each for each in data.curves if each.id == name)
    assert np.array_equal(curve.values, [float(curve.exact(index)) for index in range(len(curve))])
    return [(int(at), curve.exact(index)) for index, at in enumerate(curve.times)]


def test_what_became_durable_together_is_one_step_and_times_never_go_back() -> None:
    state = make.state(positions=(make.position(quantity=Decimal("0.25")),), open_orders=())
    at = state.timestamp
    poorer = Change(ChangeKind.ACCOUNT, encode_account(make.account(equity=Decimal("9999.1"))))
    found = known_steps(
        state,
        [
            (at + 5, put("0.3")),
            (at + 5, put("0.4")),
            (at + 9, poorer),
            (at + 7, put("1", id="eth", symbol=ETH, side=Side.SELL)),
            (at + 20, gone(ChangeKind.POSITION_GONE, "BTC/USDT:USDT:long")),
        ],
    )
    assert found.legs == (
        (BTC, Side.BUY, ((at + 5, Decimal("0.4")), (at + 20, Decimal(0)))),
        (ETH, Side.SELL, ((at + 9, Decimal(-1)),)),
    )
    assert found.equity == ((at + 9, Decimal("9999.1")),)
    assert found.unrealized == ()
    assert found.counts == ((at + 5, 2), (at + 9, 4), (at + 20, 5))


def test_the_curves_step_where_the_journal_says_and_end_with_what_is_known_last() -> None:
    end = 122 * SECOND
    steps = KnownSteps(
        legs=((BTC, Side.BUY, ((121 * SECOND, Decimal("0.75")), (end, Decimal("0.5")))),),
        equity=((121 * SECOND + 5, Decimal("99")),),
        counts=((121 * SECOND, 1), (121 * SECOND + 5, 2), (end, 4)),
    )
    data = drawn(2, known(end, 2, steps))
    assert points(data, LONG)[-3:] == [
        (60 * SECOND, Decimal("0.25")),
        (121 * SECOND, Decimal("0.75")),
        (end, Decimal("0.5")),
    ]
    assert points(data, EQUITY)[-1] == (121 * SECOND + 5, Decimal(99)), "no point where nothing changed"
    assert [data.changes_at(at) for at in (120 * SECOND, 121 * SECOND, end - 1, end)] == [0, 1, 2, 4]


def test_so_do_those_that_a_recovery_started_from() -> None:
    steps = KnownSteps(
        legs=((BTC, Side.BUY, ((61 * SECOND, Decimal("0.75")), (62 * SECOND, Decimal("0.5")))),),
        counts=((61 * SECOND, 1), (62 * SECOND, 4)),
    )
    data = drawn(3, past=(known(62 * SECOND, 1, steps),))
    assert points(data, LONG) == [
        (60 * SECOND, Decimal("0.25")),
        (61 * SECOND, Decimal("0.75")),
        (62 * SECOND, Decimal("0.5")),
        (120 * SECOND, Decimal("0.25")),
    ]
    assert [data.changes_at(at * SECOND) for at in (60, 61, 62, 119, 120)] == [0, 1, 4, 4, 0]


def test_times_before_the_checkpoint_are_drawn_at_the_checkpoint() -> None:
    steps = KnownSteps(legs=((BTC, Side.BUY, ((SECOND, Decimal("0.75")), (2 * SECOND, Decimal("0.5")))),))
    data = drawn(2, known(120 * SECOND, 2, steps))
    assert points(data, LONG)[-1] == (120 * SECOND, Decimal("0.5"))
    assert len(points(data, LONG)) == 2


def crashed(directory: Path) -> ManualClock:
    """A bot that died with three changes of its position behind its checkpoint, a quarter of a second apart."""
    clock = ManualClock(NOW - 600 * SECOND)
    live = LiveState(clock=clock)
    manager = RecoveryManager(live, RecoveryConfig(checkpoint_dir=directory), clock=clock)
    manager.recover()
    live.restore(make.state(timestamp=clock.now, positions=(make.position(),), open_orders=()))
    for _ in range(4):
        clock.sleep(60)
        manager.checkpoint()
    for quantity in ("0.5", "0.75", "0.125"):
        clock.sleep(0.25)
        live.put_position(make.position(quantity=Decimal(quantity)), wait=True)
    manager._saver.close()
    manager._log.close()
    manager._opened.close()
    return clock


def test_a_store_tells_its_steps_and_the_charts_show_them_when_one_zooms_in(
    ui: UiContext, tmp_path: Path, qtbot
) -> None:
    died = crashed(tmp_path / "store").now
    with StoreView(tmp_path / "store", clock=ManualClock(NOW)) as view:
        told = StoreReader(view, ManualClock(NOW)).look(lambda _done, _total, _text: None)
    assert told is not None
    assert told.series is not None
    assert told.series.known is not None
    quarter = SECOND // 4
    assert [at for at, _value in told.series.known.steps.legs[0][2]] == [died - 2 * quarter, died - quarter, died]

    clock = ManualClock(NOW)
    session = StoreSession(StoreView(tmp_path / "store", clock=clock), who="operator", clock=clock)
    page = show(ui, session, tmp_path, qtbot)
    charts, board = page.charts, page.board
    assert board.data is not None
    charts.show_crosshair(died - quarter - 1)
    assert "0.5" in charts.header_text(0)
    assert "+ 1 change" in board.moment_words[1]
    charts.show_crosshair(died - 1)
    assert "0.75" in charts.header_text(0)
    assert "+ 2 change" in board.moment_words[1]
    charts._take_range(died - 300_000_000, died + 100_000_000)
    start, end = charts.visible_range
    assert end - start == 400_000_000, "so near that the steps are apart"
    qtbot.waitUntil(lambda: charts.complete)
    session.close()


def test_a_value_that_held_too_short_to_be_seen_has_a_dot(ui: UiContext, tmp_path: Path, qtbot) -> None:
    crashed(tmp_path / "store")
    clock = ManualClock(NOW)
    session = StoreSession(StoreView(tmp_path / "store", clock=clock), who="operator", clock=clock)
    page = show(ui, session, tmp_path, qtbot)
    lane = page.charts.canvas._made()[0]
    ends = lane.plot.outlines.ends
    assert [curve for curve, _x, _y in ends] == [LONG]
    shape = page.charts.canvas._shapes[0]
    area = lane.plot.outlines.area
    value = shape.low + (area.bottom() - ends[0][2]) / area.height() * (shape.high - shape.low)
    assert abs(value - 0.125) < 1e-6
    session.close()


def test_a_line_that_ends_within_the_view_has_its_dot_and_one_that_goes_on_has_none(
    ui: UiContext, tmp_path: Path, qtbot
) -> None:
    died = crashed(tmp_path / "store").now
    clock = ManualClock(NOW)
    session = StoreSession(StoreView(tmp_path / "store", clock=clock), who="operator", clock=clock)
    page = show(ui, session, tmp_path, qtbot)
    page.charts._take_range(died - 100 * SECOND, died - SECOND // 4 + 1)
    qtbot.waitUntil(lambda: page.charts.complete)
    assert page.charts.canvas._shapes[0].ends == ()
    session.close()


@pytest.mark.parametrize("dies", [True, False])
def test_a_saved_picture_explains_the_dots_where_there_are_some(
    ui: UiContext, tmp_path: Path, qtbot, dies: bool
) -> None:
    clock = ManualClock(NOW)
    if dies:
        crashed(tmp_path / "store")
    else:
        with StateStore(tmp_path / "store", clock=clock) as store:
            for minutes in (3, 2, 1):
                store.save(make.state(NOW - minutes * 60 * SECOND, open_orders=()))
    session = StoreSession(StoreView(tmp_path / "store", clock=clock), who="operator", clock=clock)
    page = show(ui, session, tmp_path, qtbot)
    page.saving.save_picture(SVG)
    path = tmp_path / "store-positions.svg"
    qtbot.waitUntil(lambda: path.exists() and bool(path.stat().st_size))
    words = "".join(ET.fromstring(path.read_bytes()).itertext())
    assert ("held only for a moment" in words) is dies
    session.close()
