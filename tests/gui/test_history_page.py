"""The history page on a real store: what is listed, selected, compared, verified, exported."""

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from strategies import ManualClock, account, order, position, state

from crashdesk import CheckpointInfo, Side, StateStore, StoreManifest, StrategyState, SystemState
from crashdesk.audit import AuditKind
from crashdesk.config import write_manifest
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
from crashdesk.inspection import BotPresence, StoreView
from crashdesk.operator_recovery import Comparison
from crashdesk.reconcile.plan import reconcile
from crashdesk.reconcile.rules import rules_for
from crashdesk.state import OrderStatus, OrderType
from crashdesk.storage.files import LocalFiles
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import Cause, JournalView
from crashdesk.storage.lock import LockHolder
from crashdesk_gui.context import UiContext
from crashdesk_gui.exporting import JSON
from crashdesk_gui.models.columns import Role
from crashdesk_gui.models.difference import LineKind, count_kinds, exchange_lines, state_lines
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Status, Tone
from crashdesk_gui.views.history_actions import verify_bytes
from crashdesk_gui.views.history_page import HistoryPage
from crashdesk_gui.widgets.status import Chip
from crashdesk_gui.widgets.timeline import missing_spans

MINUTE = 60_000_000_000
NOW = 1_763_781_128_000_000_000
"""The clock of the `ui` fixture."""


def state_at(number: int, at: int) -> SystemState:
    return state(
        at,
        account=account(equity=Decimal("10000.10") + number),
        positions=(position(quantity=Decimal("0.250") + Decimal(number) / 1000),),
        open_orders=tuple(
            order(id=str(100 + number + each), client_order_id=f"bot-{number + each}") for each in range(3)
        ),
        strategy_states=(StrategyState(name="grid", state_data=bytes([number])),),
    )


def look_again(session: StoreSession, qtbot) -> None:
    """Let the session read the store; a wish while it reads something else would be dropped."""
    qtbot.waitUntil(lambda: not session.watcher.busy)
    with qtbot.waitSignal(session.overview_changed):
        session.refresh()


class Incident:
    """Five checkpoints a minute apart, an outage of an hour before the last two, the newest one damaged."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = ManualClock(NOW)
        directory.mkdir()
        write_manifest(directory, StoreManifest(bot="btc-mm", client_order_id_prefix="bot-"), LocalFiles())
        self.journal = Journal(directory, self.clock)
        self.infos: list[CheckpointInfo] = []
        times = [NOW - minutes * MINUTE for minutes in (80, 79, 78, 18, 17)]
        for number, at in enumerate(times):
            self.add(number, at, Cause.TRADE if number == 1 else Cause.PERIODIC)
        damaged = bytearray(self.infos[-1].path.read_bytes())
        damaged[100] ^= 0xFF
        self.infos[-1].path.write_bytes(damaged)

    def add(self, number: int, at: int, cause: Cause) -> CheckpointInfo:
        with StateStore(self.directory, clock=self.clock) as store:
            info = store.save(state_at(number, at))
        self.journal.commit(causes=[(info.seq, cause)])
        self.infos.append(info)
        return info


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    each = Incident(tmp_path / "store")
    yield each
    each.journal.close()


@pytest.fixture
def session(incident: Incident, qtbot) -> Iterator[StoreSession]:
    clock = ManualClock(NOW)
    each = StoreSession(StoreView(incident.directory, clock=clock), who="operator", clock=clock)
    yield each
    each.close()


class Answers:
    """Answers the file dialogs, and remembers what was to be shown in a file manager."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.saved: list[Path] = []
        self.shown: list[Path] = []

    def ask(self, _parent: object, _title: str, suggested: str, _filters: str) -> str:
        self.saved.append(self.directory / suggested)
        return str(self.saved[-1])

    def reveal(self, path: Path) -> bool:
        self.shown.append(path)
        return False


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    return Answers(tmp_path)


@pytest.fixture
def page(ui: UiContext, session: StoreSession, answers: Answers, qtbot) -> Iterator[HistoryPage]:
    each = HistoryPage(ui, ask_path=answers.ask, show_file=answers.reveal)
    qtbot.addWidget(each)
    each.resize(1080, 700)
    each.show()
    each.set_session(session)
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: each.details.details is not None)
    yield each
    each.set_session(None)  # as the desk does before it closes a session


def seqs(page: HistoryPage) -> list[int]:
    return [row.info.seq for row in page.model.shown_records()]


def select(page: HistoryPage, *numbers: int) -> None:
    page.table.selectionModel().clearSelection()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for number in numbers:
        page.table.selectionModel().select(page.model.index(page.model.row_of(number), 0), flags)


def cell(page: HistoryPage, seq: int, column: str) -> str:
    position = next(number for number, each in enumerate(page.model.columns) if each.id == column)
    return page.model.index(page.model.row_of(seq), position).data()


def test_newest_come_first_and_the_newest_valid_one_is_selected(page: HistoryPage, qtmodeltester) -> None:
    assert seqs(page) == [5, 4, 3, 2, 1]
    assert [row.info.seq for row in page.table.selected_records()] == [4]
    assert page.details.details.info.seq == 4
    assert cell(page, 5, "integrity") == "✕ damaged"
    assert cell(page, 4, "integrity") == "✓ intact"
    assert cell(page, 4, "change") == "+1.00"
    assert cell(page, 2, "cause") == "trade"
    assert page.details.orders.shown_count() == 3
    qtmodeltester.check(page.model)
    qtmodeltester.check(page.details.orders)


@pytest.mark.scenario(61)
def test_a_corrupt_checkpoint_says_why_and_cannot_be_recovered_from(page: HistoryPage, qtbot) -> None:
    wanted = []
    page.recover_wanted.connect(wanted.append)
    page.select_checkpoint(5)
    qtbot.waitUntil(lambda: page.details.details is not None and page.details.details.info.seq == 5)
    assert "checksum" in page.details._summary._problem.text()
    assert not page.details._recover.isEnabled()
    assert not page.details._tabs.isTabEnabled(2)
    page.select_checkpoint(3)
    qtbot.waitUntil(lambda: page.details.details is not None and page.details.details.info.seq == 3)
    qtbot.mouseClick(page.details._recover, Qt.MouseButton.LeftButton)
    assert [info.seq for info in wanted] == [3]


def test_while_a_bot_runs_nothing_is_recovered_and_the_page_says_why(page: HistoryPage, qtbot) -> None:
    wanted = []
    page.recover_wanted.connect(wanted.append)
    page.select_checkpoint(3)
    qtbot.waitUntil(lambda: page.details.row is not None and page.details.row.info.seq == 3)
    session = page._session
    assert session is not None
    assert session.overview is not None
    bot = LockHolder(pid=1, host="trade-1", program="bot.py", purpose="btc-grid", acquired_at=1)
    idle, held = session.overview.presence, BotPresence(running=True, holder=bot)
    session.overview = msgspec.structs.replace(session.overview, presence=held)
    session.overview_changed.emit(session.overview)
    why = "Stop the bot first: a recovery needs the store for itself."
    assert not page.details._recover.isEnabled()
    assert page.details._recover.toolTip() == page.details._recover.accessibleDescription() == why
    menu = page.context_menu(page.details.row)
    assert not menu.actions()[0].isEnabled()
    page.offers._recover()
    assert (wanted, page.banner.text) == ([], why)
    session.overview = msgspec.structs.replace(session.overview, presence=idle)
    session.overview_changed.emit(session.overview)
    assert page.details._recover.isEnabled()


def test_a_file_that_was_damaged_after_it_was_indexed_is_marked(
    page: HistoryPage, incident: Incident, session: StoreSession, qtbot
) -> None:
    info = session.overview.rows[0].info
    assert cell(page, info.seq, "integrity") == "✓ intact"
    info.path.write_bytes(info.path.read_bytes()[:100])
    session.recheck()
    qtbot.waitUntil(lambda: cell(page, info.seq, "integrity") == "✕ damaged")


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


def test_new_checkpoints_move_neither_selection_nor_scroll(
    page: HistoryPage, session: StoreSession, incident: Incident, qtbot
) -> None:
    for number in range(6, 60):
        incident.add(number, NOW - 60 * 1_000_000_000 + number, Cause.PERIODIC)
    look_again(session, qtbot)
    page.select_checkpoint(2)
    qtbot.wait(60)
    place = page.table.visualRect(page.model.index(page.model.row_of(2), 0)).top()
    assert page.table.verticalScrollBar().value() > 0
    incident.add(60, NOW, Cause.MANUAL)
    look_again(session, qtbot)
    assert seqs(page)[0] == incident.infos[-1].seq
    assert [row.info.seq for row in page.table.selected_records()] == [2]
    assert page.table.visualRect(page.model.index(page.model.row_of(2), 0)).top() == place


def test_a_checkpoint_that_vanishes_is_no_error(
    page: HistoryPage, session: StoreSession, incident: Incident, qtbot
) -> None:
    failures = []
    session.failed.connect(lambda *told: failures.append(told))
    incident.infos[3].path.unlink()
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: page.side.currentWidget() is page.side.hint)
    assert seqs(page) == [5, 3, 2, 1]
    assert failures == []


def test_filters_and_choosing_a_hidden_checkpoint(page: HistoryPage, qtbot) -> None:
    page.filters._combos["cause"].setCurrentIndex(page.filters._combos["cause"].findData(Cause.TRADE))
    assert seqs(page) == [2]
    page.filters.clear()
    page.filters._combos["integrity"].setCurrentIndex(page.filters._combos["integrity"].findData(Status.BAD))
    assert seqs(page) == [5]
    page.filters.clear()
    page.filters._combos["time"].setCurrentIndex(1)
    assert seqs(page) == [5, 4]
    page.select_checkpoint(1)
    assert seqs(page) == [5, 4, 3, 2, 1]
    assert page.table.current_record().info.seq == 1
    page.filters.set_text("trade")
    qtbot.waitUntil(lambda: seqs(page) == [2])


def test_a_click_on_the_strip_selects(page: HistoryPage, qtbot) -> None:
    strip = page.strip.timeline
    x = round(strip.x_of(NOW - 78 * MINUTE))
    with qtbot.waitSignal(page.checkpoint_selected) as chosen:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 40))
    assert chosen.args[0].seq == 3
    with qtbot.waitSignal(page.checkpoint_selected) as chosen:
        qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert chosen.args[0].seq == 2
    assert "1 h 00 min" in strip.tip_at(strip.x_of(NOW - 50 * MINUTE), 40)


def test_a_gap_counts_only_after_several_missed_checkpoints() -> None:
    times = [0, 60, 120, 310, 370]
    assert missing_spans(times, 60, 400) == ((120, 310),)
    assert missing_spans(times, 60, 1000) == ((120, 310), (370, 1000))
    assert missing_spans(times, 60, None) == ((120, 310),)
    assert missing_spans(times, 60, 500, stopped=True) == ((120, 310), (370, 500))
    assert missing_spans(times, 60, 430, stopped=True) == ((120, 310),)


def test_decisions_and_recoveries_are_marked(
    page: HistoryPage, session: StoreSession, incident: Incident, qtbot
) -> None:
    incident.clock.now = NOW - 40 * MINUTE
    incident.journal.append(AuditKind.DECISION, "cancel order 17", who="mara")
    look_again(session, qtbot)
    strip = page.strip.timeline
    assert "cancel order 17 (mara)" in strip.tip_at(strip.x_of(NOW - 40 * MINUTE), 6)


def test_verify_uses_both_checksums(page: HistoryPage, incident: Incident, qtbot) -> None:
    page.verbs.verify([incident.infos[3]])
    qtbot.waitUntil(page.banner.isVisible)
    assert "intact" in page.banner.text
    page.verbs.verify(incident.infos)
    qtbot.waitUntil(lambda: "5: " in page.banner.text)
    good = incident.infos[0].path.read_bytes()
    result = verify_bytes(incident.infos[0], good)
    assert result.stored == result.first == result.second
    assert verify_bytes(incident.infos[0], good[:-1]).problem
    assert verify_bytes(incident.infos[0], b"").problem


def test_pinning_is_written_and_shown(page: HistoryPage, incident: Incident, qtbot) -> None:
    pinned = incident.infos[3].path.with_name(incident.infos[3].path.name + ".pin")
    page.details._toggle_pin()
    qtbot.waitUntil(lambda: "pinned" in cell(page, 4, "pinned"))
    assert pinned.exists()
    page.details._toggle_pin()
    qtbot.waitUntil(lambda: cell(page, 4, "pinned") == "")
    assert not pinned.exists()


def test_exports_are_exact(page: HistoryPage, answers: Answers, qtbot) -> None:
    menu = {action.text(): action for action in page.context_menu(page.table.current_record()).actions()}
    menu["Checkpoint as JSON…"].trigger()
    qtbot.waitUntil(lambda: "Saved" in page.banner.text)
    saved = json.loads(answers.saved[-1].read_text())
    assert saved["account"]["equity"] == "10003.10"
    assert saved["positions"][0]["quantity"] == "0.253"
    menu["Its orders as CSV…"].trigger()
    qtbot.waitUntil(lambda: len(answers.saved) == 2 and answers.saved[-1].exists())
    rows = list(csv.DictReader(answers.saved[-1].read_text().splitlines()))
    assert [row["price"] for row in rows] == ["36450.0"] * 3
    page.offers.export_rows(JSON)
    qtbot.waitUntil(lambda: len(answers.saved) == 3 and answers.saved[-1].exists())
    assert [row["seq"] for row in json.loads(answers.saved[-1].read_text())] == [5, 4, 3, 2, 1]
    menu["Show in the file manager"].trigger()
    assert answers.shown[-1].name in page.banner.text
    menu["Copy rows"].trigger()
    assert "10003.10" in QGuiApplication.clipboard().text()


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


def test_without_store_and_without_checkpoints(ui: UiContext, tmp_path: Path, qtbot) -> None:
    page = HistoryPage(ui)
    qtbot.addWidget(page)
    page.show()
    assert not page.showing_content
    StateStore(tmp_path / "fresh").close()
    session = StoreSession(StoreView(tmp_path / "fresh"), who="operator", clock=ManualClock(NOW))
    page.set_session(session)
    look_again(session, qtbot)
    assert not page.showing_content
    assert page._other is not None
    page.set_session(None)
    session.close()
