"""A store whose positions were recorded, and the page that draws them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from strategies import ManualClock, account, position, state

from crashdesk import Side, StateStore, SystemState
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
from crashdesk.storage.history import CheckpointSummary
from crashdesk.storage.journal_records import JournalView
from crashdesk_gui.context import UiContext
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.positions_page import PositionsPage

NOW = 1_763_781_128_000_000_000
"""The clock of the `ui` fixture."""
MINUTE = 60_000_000_000
HOUR = 60 * MINUTE
BTC, ETH, SOL = "BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT:USDT"


def state_at(number: int, at: int) -> SystemState:
    legs = [position(quantity=Decimal("0.1000000000000000001") * (number + 1))]
    if number >= 2:
        legs.append(position(id="eth", symbol=ETH, side=Side.SELL, quantity=Decimal("3")))
    return state(at, account=account(equity=Decimal("10000.10") + number), positions=tuple(legs), open_orders=())


def summary(seq: int, at: int) -> CheckpointSummary:
    """What a list of checkpoints says of one whose account was worth 100 at `at`, UNIX ns."""
    return CheckpointSummary(
        seq=seq, at=at, equity=Decimal(100), unrealized_pnl=Decimal(0), positions=1, orders=0, strategies=0, size=9
    )


@contextmanager
def charted_session(directory: Path) -> Iterator[StoreSession]:
    """A session of a store of six checkpoints a minute apart, the last of them a quarter of an hour ago."""
    clock = ManualClock(NOW)
    with StateStore(directory, clock=clock) as store:
        for number in range(6):
            store.save(state_at(number, NOW - (20 - number) * MINUTE))
    each = StoreSession(StoreView(directory, clock=clock), who="operator", clock=clock)
    yield each
    each.close()


def show(ui: UiContext, session: StoreSession, directory: Path, qtbot) -> PositionsPage:
    """The page with all its charts drawn; what it saves goes to `directory`."""
    page = PositionsPage(ui, ask_path=lambda _parent, _title, name, _filter: str(directory / name))
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.set_session(session)
    session.refresh()
    qtbot.waitUntil(lambda: page.showing_content and page.charts.complete)
    return page


def look_again(session: StoreSession, qtbot) -> None:
    """Let the session read the store; a wish while it reads something else would be dropped."""
    qtbot.waitUntil(lambda: not session.watcher.busy)
    with qtbot.waitSignal(session.overview_changed):
        session.refresh()


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


def uncheck_all(page: PositionsPage) -> None:
    for row in range(page.picker._list.count()):
        page.picker._list.item(row).setCheckState(Qt.CheckState.Unchecked)


def words(page: PositionsPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
