"""A leg that comes up on a symbol that is shown is drawn: a chart that says flat while the other side is held would mislead."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import strategies as make
from positions_desk import BTC, ETH, MINUTE, NOW, SOL, charted_session, header, look_again, show
from PySide6.QtCore import Qt
from strategies import ManualClock

from crashdesk import Side, StateStore
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import CurveId, Measure
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.positions_page import PositionsPage


@pytest.fixture
def session(tmp_path: Path) -> Iterator[StoreSession]:
    with charted_session(tmp_path / "store") as each:
        yield each


def turn_short(directory: Path) -> None:
    """The next checkpoint is short where the last one was long, and holds a symbol that none held before."""
    legs = (
        make.position(id="btc-short", side=Side.SELL, quantity=Decimal("0.7")),
        make.position(id="sol", symbol=SOL, quantity=Decimal("5")),
    )
    with StateStore(directory, clock=ManualClock(NOW)) as store:
        store.save(make.state(NOW - MINUTE, positions=legs, open_orders=()))


def leg(symbol: str, side: Side) -> CurveId:
    return CurveId(Measure.QUANTITY, symbol, side)


def wait_for(page: PositionsPage, curve: CurveId, qtbot) -> None:
    qtbot.waitUntil(lambda: page.board.data is not None and curve in page.board.data.curve_ids)


def test_the_other_side_of_a_shown_symbol_is_drawn_with_it(
    ui: UiContext, session: StoreSession, tmp_path: Path, qtbot
) -> None:
    page = show(ui, session, tmp_path, qtbot)
    turn_short(tmp_path / "store")
    look_again(session, qtbot)
    wait_for(page, leg(BTC, Side.SELL), qtbot)
    assert {leg(BTC, Side.SELL), leg(SOL, Side.BUY)} <= page.picker.shown(), "nothing was hidden, and nothing is"
    assert "▼ short 0.7" in header(page, 0)
    assert "flat" not in header(page, 0)


def test_what_was_hidden_stays_hidden(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> None:
    page = show(ui, session, tmp_path, qtbot)
    listed = page.picker._list
    items = [listed.item(row) for row in range(listed.count())]
    for item in items:
        if ETH in item.toolTip():
            item.setCheckState(Qt.CheckState.Unchecked)
    turn_short(tmp_path / "store")
    look_again(session, qtbot)
    wait_for(page, leg(BTC, Side.SELL), qtbot)
    shown = page.picker.shown()
    assert leg(BTC, Side.SELL) in shown
    assert not any(each.symbol in (ETH, SOL) for each in shown)


def test_so_it_is_the_next_time_the_store_is_opened(
    ui: UiContext, session: StoreSession, tmp_path: Path, qtbot
) -> None:
    page = show(ui, session, tmp_path, qtbot)
    page.picker._list.item(0).setCheckState(Qt.CheckState.Unchecked)
    turn_short(tmp_path / "store")
    look_again(session, qtbot)
    wait_for(page, leg(BTC, Side.SELL), qtbot)
    page.set_session(None)
    page.set_session(session)
    qtbot.waitUntil(lambda: page.showing_content)
    assert leg(BTC, Side.SELL) in page.picker.shown()
