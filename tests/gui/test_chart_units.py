"""What the values of a chart count stands beside its title, as soon as somebody has told."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from positions_desk import BTC, charted_session, comparison, header, show

from crashdesk import Side
from crashdesk.contracts import Contract
from crashdesk.exchange.records import ExchangeSnapshot
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.chart_data import CurveId, Measure
from crashdesk_gui.models.chart_export import unit_text
from crashdesk_gui.models.chart_units import Unit, units_of
from crashdesk_gui.session import StoreSession


@pytest.fixture
def session(tmp_path: Path) -> Iterator[StoreSession]:
    with charted_session(tmp_path / "store") as each:
        yield each


def quantity(symbol: str) -> CurveId:
    return CurveId(Measure.QUANTITY, symbol, Side.BUY)


def test_before_the_exchange_was_read_only_spot_amounts_are_known() -> None:
    unit = units_of(None)
    assert unit(quantity("BTC/USDT")) == Unit("BTC")
    assert not any(unit(each).known for each in (quantity(BTC), CurveId(Measure.EQUITY), quantity("odd")))


def test_units_for_programs_are_exact() -> None:
    assert [unit_text(each) for each in (Unit(), Unit("BTC"), Unit(contract=Contract()))] == ["", "BTC", "contract"]
    assert unit_text(Unit(contract=Contract(size=Decimal("0.010"), unit="BTC"))) == "contract of 0.010 BTC"


def test_titles_name_the_unit_of_their_axis(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> None:
    page = show(ui, session, tmp_path, qtbot)
    assert header(page, 2).startswith("Equity   10"), "nothing is claimed"
    assert "known when the exchange was read" in page.charts.scene.headers[2][0].tip
    compared = comparison(session)
    account = compared.snapshot.account
    assert account is not None
    assert isinstance(compared.snapshot, ExchangeSnapshot)
    snapshot = msgspec.structs.replace(compared.snapshot, account=msgspec.structs.replace(account, currency="USDC"))
    session.comparison = msgspec.structs.replace(compared, snapshot=snapshot)
    session.comparison_changed.emit(session.comparison)
    assert header(page, 0).startswith(f"{BTC}   (contracts)   ▲ long ")
    assert header(page, 2).startswith("Equity   (USDC)   10")
    assert header(page, 3).startswith("Unrealized PnL   (USDC)   ")
