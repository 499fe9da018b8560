"""After a recovery, History and Positions show what it started from: the last checkpoint and the journal's changes behind it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec
import pytest
from desk_operator import DeskOperator
from loopback_incident import BTC, LoopbackIncident
from positions_desk import summary
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from crashdesk import Side
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_account, encode_order, encode_position
from crashdesk.config import RecoveryConfig
from crashdesk.live import LiveState
from crashdesk.recovery import RecoveryManager
from crashdesk.storage.history import QuantityPoint
from crashdesk.storage.journal import Journal
from crashdesk.storage.store import StateStore
from crashdesk_gui.desk_words import health, situation_of
from crashdesk_gui.language import Languages
from crashdesk_gui.models.chart_data import CurveId, Measure, chart_data
from crashdesk_gui.models.chart_past import with_past
from crashdesk_gui.models.difference import Origin
from crashdesk_gui.series import AccountSeries, Known, LegSeries, Series
from crashdesk_gui.theme import Status

SECOND = 1_000_000_000
LAST, SAVED = 4, 5


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> Iterator[None]:
    languages = Languages(qapp)
    yield
    languages.close()


class Later:
    """A clock three seconds on at each look."""

    def __init__(self, now: int) -> None:
        self.now = now

    def now_ns(self) -> int:
        self.now += 3 * SECOND
        return self.now


@pytest.fixture
def recovered(incident: LoopbackIncident, operator: DeskOperator) -> DeskOperator:
    """The bot had changed four things since its last checkpoint when it died; an operator has recovered from them."""
    with StateStore(incident.directory, read_only=True) as store:
        state = store.load_latest()
    order = msgspec.structs.replace(state.open_orders[0], id="9001", client_order_id="grid-9001")
    grown = msgspec.structs.replace(state.positions[0], quantity=Decimal("0.260"))
    account = msgspec.structs.replace(state.account, balance=state.account.balance - 1)
    journal = Journal(incident.directory, Later(state.timestamp))  # type: ignore[arg-type]
    journal.commit([Change(ChangeKind.ORDER, encode_order(order))])
    journal.commit(
        [Change(ChangeKind.POSITION, encode_position(grown)), Change(ChangeKind.ACCOUNT, encode_account(account))]
    )
    journal.commit([Change(ChangeKind.ORDER_GONE, b"9001")])
    journal.close()
    operator.look_again()
    operator.session.compare()
    operator.wait_until_idle()
    operator.session.execute()
    operator.wait_until(lambda: operator.session.report is not None)
    operator.wait_until_idle()
    operator.look_again()
    operator.go_to("history")
    return operator


def restart(incident: LoopbackIncident) -> None:
    """The bot starts, saves three times and ends."""
    live = LiveState(clock=incident.clock)
    config = RecoveryConfig(checkpoint_dir=incident.directory)
    exchange = incident.open_exchange()
    with RecoveryManager(live, config, exchange, manifest=incident.manifest, clock=incident.clock) as manager:
        manager.recover()
        for _ in range(3):
            incident.clock.sleep(30)
            manager.checkpoint()


def test_the_changes_before_the_crash_are_named_before_and_after_the_bot_starts_again(
    recovered: DeskOperator, incident: LoopbackIncident
) -> None:
    report = recovered.session.report
    assert report is not None
    assert (report.plan.checkpoint_seq, report.plan.changes) == (LAST, 4)
    history = recovered.desk.pages.history
    history.select_checkpoint(SAVED)
    recovered.wait_for_words(f"Saved by a recovery from checkpoint {LAST} and 4 changes after it.")
    for _ in range(2):
        history.select_checkpoint(LAST)
        recovered.wait_for_words(
            "4 changes came after this checkpoint, the last at 2025-11-22 02:58:17 UTC. The recovery of"
        )
        recovered.press("Show the changes")
        rows = recovered.rows("Changes")
        assert [row.split(" | ")[1:4] for row in rows] == [
            ["02:58:11 UTC", "order", BTC],
            ["02:58:14 UTC", "position", BTC],
            ["02:58:14 UTC", "account", ""],
            ["02:58:17 UTC", "order", BTC],
        ]
        assert "▲ long 0.260 at" in rows[1]
        assert rows[3].endswith("no longer open")
        restart(incident)
        recovered.look_again()
        history.select_checkpoint(SAVED)
        recovered.wait_for_words("Saved by a recovery")


def test_the_difference_agrees_with_the_report(recovered: DeskOperator) -> None:
    report = recovered.session.report
    assert report is not None
    history = recovered.desk.pages.history
    selection = history.table.selectionModel()
    selection.clear()
    for seq in (LAST, SAVED):
        index = history.model.index(history.model.row_of(seq), 0)
        selection.select(index, QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows)
    recovered.wait_until(lambda: bool(history.difference.model.records()))
    lines = history.difference.model.records()
    by_journal = {
        (line.record.part.value, line.field): line.new for line in lines if line.record.origin is Origin.JOURNAL
    }
    assert by_journal.keys() == {("positions", "quantity"), ("account", "balance")}
    balance = next(line for line in lines if line.record.origin is Origin.RECOVERY and line.field == "balance")
    assert report.plan.live_account is not None
    assert (Decimal(balance.old), Decimal(balance.new)) == (
        report.plan.known_account.balance,
        report.plan.live_account.balance,
    )
    assert by_journal["account", "balance"] == balance.old
    recovered.wait_for_words("First what the journal's changes made of the older one")


def test_the_charts_hold_what_the_recovery_started_from(recovered: DeskOperator) -> None:
    recovered.desk.pages.history.select_checkpoint(LAST)
    recovered.go_to("positions")
    board = recovered.desk.pages.positions.board
    recovered.wait_until(lambda: board.data is not None and bool(board.data.past))
    board.select(LAST)
    QTest.keyClick(board.charts, Qt.Key.Key_Right)
    assert f"checkpoint {LAST} + 4 changes, from which a recovery started" in recovered.words
    assert "long 0.260" in board.charts.accessibleDescription()
    QTest.keyClick(board.charts, Qt.Key.Key_Right)
    assert f"checkpoint {SAVED}" in recovered.words
    QTest.keyClick(board.charts, Qt.Key.Key_Left)
    assert "from which a recovery started" in recovered.words


def test_history_goes_with_what_the_recovery_saved_and_calls_the_older_one_older(recovered: DeskOperator) -> None:
    history = recovered.desk.pages.history
    recovered.wait_until(lambda: [row.info.seq for row in history.table.selected_records()] == [SAVED])
    recovered.wait_until(lambda: history.details.row is not None and history.details.row.info.seq == SAVED)
    assert "This is not the last known state" not in recovered.words
    assert recovered.can_press("Recover from this…")
    history.select_checkpoint(LAST)
    recovered.wait_for_words(f"This is not the last known state: that is checkpoint {SAVED}.")
    offered = [each for each in history.findChildren(QPushButton) if each.text() == "Recover from this…"]
    assert [each.property("kind") for each in offered if each.isVisible()] == ["quiet"]


def test_an_older_checkpoint_compared_after_a_recovery_is_said_first_and_leads_to_the_last_known_state(
    recovered: DeskOperator,
) -> None:
    session = recovered.session
    report = session.report
    session.compare(session.view.store.find(LAST))
    recovered.wait_until_idle()
    recovered.go_to("overview")
    recovered.wait_for_words(f"This compares checkpoint {LAST}, not the last known state {SAVED}: ")
    situation = situation_of(session, ())
    assert health(situation, recovered.desk.ui.display)[0] is Status.DIFFERS
    assert report is not None
    assert report.state is not None
    known = {order.id for order in report.state.open_orders}
    proposed = [each.live.id for each in session.comparison.plan.orphans if each.preselected and each.live]
    assert known.isdisjoint(proposed)
    recovered.press("Compare the last known state")
    recovered.wait_until_idle()
    recovered.wait_until(lambda: session.comparison.checkpoint.seq == SAVED)
    assert "This compares checkpoint" not in recovered.words


def test_the_charts_show_the_exchange_as_the_recovery_read_it_last(recovered: DeskOperator) -> None:
    session = recovered.session
    assert session.report is not None
    assert session.report.final is not None
    account = session.report.final.live_account
    later = msgspec.structs.replace(account, equity=Decimal("7777.5"))
    read_at = session.report.final.made_at + SECOND
    final = msgspec.structs.replace(session.report.final, live_account=later, made_at=read_at)
    session.report = msgspec.structs.replace(session.report, final=final)
    recovered.go_to("positions")
    board = recovered.desk.pages.positions.board
    recovered.wait_until(lambda: board.data is not None and "exchange now" in board.charts.accessibleDescription())
    assert "7777.5" in board.charts.accessibleDescription().replace("\u202f", "")


# The curves


def test_what_held_behind_a_checkpoint_holds_until_the_next_one_and_no_longer() -> None:
    leg = LegSeries.of(BTC, Side.BUY, [QuantityPoint(seq=1, at=1000 * SECOND, quantity=Decimal("0.25"))])
    known = Known(
        at=1010 * SECOND,
        seq=1,
        changes=2,
        legs=((BTC, Side.BUY, Decimal("0.26")), ("ETH", Side.SELL, Decimal("-1"))),
        equity=Decimal("99.5"),
        unrealized=Decimal(0),
    )
    series = Series(
        [leg],
        AccountSeries.of([summary(1, 1000 * SECOND), summary(2, 2000 * SECOND), summary(3, 3000 * SECOND)]),
        None,
        (known,),
    )
    data = with_past(chart_data(series), series.past)
    curves = {curve.id: curve for curve in data.curves}
    long, new = CurveId(Measure.QUANTITY, BTC, Side.BUY), CurveId(Measure.QUANTITY, "ETH", Side.SELL)
    told = [
        [curves[each].value_at(at * SECOND) for at in (1005, 1010, 1999, 2000, 3000)]
        for each in (long, new, CurveId(Measure.EQUITY), CurveId(Measure.PNL))
    ]
    assert told == [
        [Decimal("0.25"), Decimal("0.26"), Decimal("0.26"), Decimal("0.25"), Decimal("0.25")],
        [None, Decimal(-1), Decimal(-1), Decimal(0), Decimal(0)],
        [Decimal(100), Decimal("99.5"), Decimal("99.5"), Decimal(100), Decimal(100)],
        [Decimal(0)] * 5,
    ]
    assert data.gaps.tolist() == [[1010 * SECOND, 2000 * SECOND], [2000 * SECOND, 3000 * SECOND]]
    assert data.past_at(1009 * SECOND) is None
    assert data.past_at(1500 * SECOND) == known
    assert data.past_at(2000 * SECOND) is None
    assert with_past(data, (msgspec.structs.replace(known, seq=3),)).curves == data.curves, (
        "behind the newest there is no next"
    )
