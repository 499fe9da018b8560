"""What the history page says of two checkpoints, and of one and the exchange."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from history_desk import NOW, Answers, Incident, happened, opened, select, shown, state_at

from crashdesk import CheckpointInfo, Side, SystemState
from crashdesk.exchange.records import (
    Coverage,
    ExchangeAccount,
    ExchangeOrder,
    ExchangePosition,
    ExchangeSnapshot,
    Namespace,
    Scope,
    ScopeKind,
    ScopeReading,
    ScopeStatus,
)
from crashdesk.operator_recovery import Comparison
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.rules import rules_for
from crashdesk.state import OrderStatus, OrderType
from crashdesk.storage.journal_records import JournalView
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.columns import Role
from crashdesk_gui.models.difference import LineKind, count_kinds, exchange_lines, state_lines
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Tone
from crashdesk_gui.views.history_page import HistoryPage
from crashdesk_gui.widgets.status import Chip


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    with happened(tmp_path / "store") as each:
        yield each


@pytest.fixture
def session(incident: Incident, qtbot) -> Iterator[StoreSession]:
    with opened(incident) as each:
        yield each


@pytest.fixture
def page(ui: UiContext, session: StoreSession, tmp_path: Path, qtbot) -> Iterator[HistoryPage]:
    with shown(ui, session, Answers(tmp_path), qtbot) as each:
        yield each


def test_two_rows_show_what_was_added_removed_and_changed(page: HistoryPage, qtbot, qtmodeltester) -> None:
    select(page, 1, 3)
    qtbot.waitUntil(lambda: page.difference.model.shown_count() > 0)
    lines = {(line.record.kind, line.record.key, line.field): line for line in page.difference.model.shown_records()}
    assert lines[LineKind.CHANGED, "account", "equity"].old == "10000.10"
    assert lines[LineKind.CHANGED, "account", "equity"].new == "10002.10"
    assert lines[LineKind.REMOVED, "100", "quantity"].old == "0.010"
    assert lines[LineKind.ADDED, "104", "quantity"].new == "0.010"
    qtmodeltester.check(page.difference.model)
    page.difference.closed.emit()
    qtbot.waitUntil(lambda: len(page.table.selected_records()) == 1)


def test_what_is_there_no_more_is_no_error_and_what_is_new_not_all_right(page: HistoryPage, qtbot) -> None:
    select(page, 1, 3)
    qtbot.waitUntil(lambda: page.difference.model.shown_count() > 0)
    chips = {chip.text.rpartition(" ")[0] for chip in page.difference.findChildren(Chip)}
    assert {"+ added", "− gone"} <= chips
    assert not {LineKind.ADDED.tone, LineKind.REMOVED.tone} & {Tone.OK, Tone.DANGER}


def snapshot_of(known: SystemState) -> ExchangeSnapshot:
    def reading(kind: ScopeKind, status: ScopeStatus = ScopeStatus.READ) -> ScopeReading:
        return ScopeReading(scope=Scope(kind=kind, market_type="swap"), status=status)

    first = known.open_orders[0]
    live = ExchangeOrder(
        id=first.id,
        client_order_id=first.client_order_id,
        symbol=first.symbol,
        namespace=Namespace.NORMAL,
        side=first.side,
        order_type=first.order_type,
        status=OrderStatus.PARTIALLY_FILLED,
        amount=first.quantity,
        filled=Decimal("0.004"),
        price=first.price,
    )
    manual = ExchangeOrder(
        id="777",
        client_order_id="web-1",
        symbol=first.symbol,
        namespace=Namespace.NORMAL,
        side=Side.SELL,
        order_type=OrderType.LIMIT,
        status=OrderStatus.OPEN,
        amount=Decimal("0.5"),
        filled=Decimal("0"),
        price=Decimal("40000"),
    )
    where = known.positions[0]
    return ExchangeSnapshot(
        exchange="binanceusdm",
        account_label="main",
        started_at=NOW,
        finished_at=NOW,
        orders=(live, manual),
        positions=(ExchangePosition(symbol=where.symbol, side=where.side, contracts=where.quantity + 1),),
        account=ExchangeAccount(currency="USDT", equity=Decimal("9999")),
        coverage=Coverage(readings=tuple(reading(kind) for kind in ScopeKind)),
    )


def compare(session: StoreSession, info: CheckpointInfo) -> None:
    """As after a reading of the exchange."""
    known = session.view.store.load(info)
    snapshot = snapshot_of(known)
    rules = rules_for(session.view.manifest, now_ns=NOW, checkpoint_seq=info.seq)
    plan = reconcile(known, session.view.journal_view(), snapshot, rules)
    session.comparison = Comparison(plan=plan, snapshot=snapshot, state=known, checkpoint=info)
    session.comparison_changed.emit(session.comparison)


def test_against_the_exchange_shows_verdicts_of_any_checkpoint(page: HistoryPage, session: StoreSession, qtbot) -> None:
    page.show_against_exchange()
    assert page.difference.model.shown_count() == 0
    row = page.table.current_record()
    known = session.view.store.load(row.info)
    compare(session, row.info)
    qtbot.waitUntil(lambda: page.difference.model.shown_count() > 0)
    lines = {(line.record.kind, line.record.key, line.field): line for line in page.difference.model.shown_records()}
    assert lines[LineKind.CHANGED, known.open_orders[0].id, "filled_quantity"].new == "0.004"
    assert lines[LineKind.ADDED, "777", "side"].new == "sell"
    assert lines[LineKind.CHANGED, known.positions[0].id, "quantity"].new == "1.253"
    assert lines[LineKind.CHANGED, "account", "equity"].new == "9999"
    page.select_checkpoint(1)
    qtbot.waitUntil(lambda: page.details.details is not None and page.details.details.info.seq == 1)
    page.show_against_exchange()
    qtbot.waitUntil(lambda: any(line.old == "0.250" for line in page.difference.model.shown_records()))
    assert session.comparison.checkpoint.seq == row.info.seq


def test_the_evidence_of_a_line_is_read_in_full_under_the_differences(
    page: HistoryPage, session: StoreSession, qtbot
) -> None:
    page.show_against_exchange()
    compare(session, page.table.current_record().info)
    difference = page.difference
    qtbot.waitUntil(lambda: difference.model.shown_count() > 0)
    assert difference.evidence == "Select a line to read on what evidence it stands."
    line = next(each for each in difference.model.shown_records() if each.record.key == "777")
    assert line.record.why.count("\n") > 0
    assert difference.table.select_key((line.record, line.field))
    assert difference.evidence == f"order {line.record.symbol} 777\n{line.record.why}"
    assert difference.table.viewport().rect().contains(difference.table.visualRect(difference.table.currentIndex()))
    headings = [difference.model.index(row, 0).data(Role.SECTION) for row in range(difference.model.rowCount())]
    notes = {heading.section.note for heading in headings if heading is not None}
    assert "777" in notes
    assert not any(line.record.why in note for note in notes), "evidence cut short in a heading helps nobody"


def test_what_was_not_read_is_unknown_and_never_removed() -> None:
    known = state_at(0, NOW)
    snapshot = ExchangeSnapshot(
        exchange="binanceusdm",
        account_label="main",
        started_at=NOW,
        finished_at=NOW,
        orders=(),
        positions=(),
        account=None,
        coverage=Coverage(),
    )
    session_rules = rules_for(None, now_ns=NOW, checkpoint_seq=1)
    counts = count_kinds(exchange_lines(reconcile(known, JournalView(), snapshot, session_rules)))
    assert counts == {LineKind.ADDED: 0, LineKind.REMOVED: 0, LineKind.CHANGED: 0, LineKind.UNKNOWN: 5}


def test_equal_states_have_no_lines() -> None:
    assert state_lines(state_at(1, 1), state_at(1, 2)) == ()
