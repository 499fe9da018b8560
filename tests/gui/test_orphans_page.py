"""The page of orphan orders: what is proposed, what a decision does and does not do, and when it may say "clean"."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from desk_after_crash import compare
from orphan_incident import DeskClock, ExchangeInMemory, store_before_the_crash
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from crashdesk.errors import ExchangeUnavailable
from crashdesk.exchange.permissions import KeyPermissions
from crashdesk.exchange.records import ScopeKind
from crashdesk.inspection import StoreView
from crashdesk.reconcile.records import Action, IntentVerdictKind
from crashdesk.state import OrderStatus
from crashdesk_gui.context import UiContext
from crashdesk_gui.models.orphans import OrphanRow
from crashdesk_gui.models.table import RecordTableModel
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.orphans_page import OrphansPage
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.text_lines import BreakingLabel

NOW = 1_763_781_128_000_000_000
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def session(tmp_path: Path, qtbot) -> Iterator[StoreSession]:
    directory = store_before_the_crash(tmp_path / "store", NOW)
    each = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    each.refresh()
    qtbot.waitUntil(lambda: each.overview is not None)
    yield each
    each.close()


@pytest.fixture
def page(ui: UiContext, session: StoreSession, qtbot) -> OrphansPage:
    shown = OrphansPage(ui)
    qtbot.addWidget(shown)
    shown.resize(1024, 640)
    shown.set_session(session)
    shown.show()
    return shown


@pytest.fixture
def compared(page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot) -> OrphansPage:
    session.connect_exchange(exchange)
    compare(session, qtbot)
    return page


def table(page: OrphansPage) -> RecordTableView:
    return page.findChild(RecordTableView)


def model(page: OrphansPage) -> RecordTableModel[OrphanRow]:
    return table(page).record_model()


def cell(page: OrphansPage, order_id: str, column_id: str) -> str:
    column = next(each for each in model(page).columns if each.id == column_id)
    return column.text(row(page, order_id))


def row(page: OrphansPage, order_id: str) -> OrphanRow:
    return next(each for each in model(page).records() if each.live.id == order_id)


def select(page: OrphansPage, order_id: str) -> None:
    assert table(page).select_key(row(page, order_id).verdict.key)


def words(widget: QWidget) -> str:
    """All text that is to be seen."""
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def button(page: QWidget, text: str) -> QPushButton:
    return next(each for each in page.findChildren(QPushButton) if each.isVisible() and each.text() == text)


def sections(page: OrphansPage) -> dict[str, list[str]]:
    """Order ids under each heading, as the rows stand."""
    found: dict[str, list[str]] = {}
    for number in range(model(page).rowCount()):
        record = model(page).record_at(number)
        if record is None:
            heading = model(page).index(number, 0).data()
            found[heading] = []
        else:
            found[heading].append(record.live.id)
    return found


@pytest.mark.scenario(74)
def test_orders_stand_under_their_verdict_and_only_what_is_provably_ours_is_proposed(compared: OrphansPage) -> None:
    assert sections(compared) == {
        "Ours, unknown to the bot": ["9001", "9002"],
        "Protects a position": ["9003"],
        "Not ours": ["9004"],
        "Cannot tell": ["9005"],
    }
    assert {each.live.id for each in model(compared).checked_records()} == {"9001", "9002"}
    assert "Orphan orders 5 · cancel 2 (2 proposed) · adopt 0 · leave 0 · undecided 1 · untouched 2" in words(compared)


def test_cells_are_exact_and_signed(compared: OrphansPage) -> None:
    assert cell(compared, "9001", "remaining") == "0.015 / 0.020"
    assert cell(compared, "9001", "notional") == "545.7075"
    assert cell(compared, "9001", "distance") == "−0.33 %"
    assert cell(compared, "9003", "price") == "trig. 35\N{NARROW NO-BREAK SPACE}100.0"
    assert cell(compared, "9002", "side") == "▼ sell"
    assert cell(compared, "9002", "why") == "in the bot's journal"
    in_full = model(compared).why_in_full(row(compared, "9002"))
    assert "about to send sell 0.010 at 36\N{NARROW NO-BREAK SPACE}721.0" in in_full


def test_the_keyboard_decides_and_nothing_reaches_the_exchange(
    compared: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    for order_id, key in (
        ("9003", Qt.Key.Key_A),
        ("9004", Qt.Key.Key_L),
        ("9005", Qt.Key.Key_C),
        ("9001", Qt.Key.Key_U),
    ):
        select(compared, order_id)
        qtbot.keyClick(table(compared), key, ALT)

    decided = {row(compared, key.order_key.rsplit(":", 1)[1]).live.id: key.action for key in session.decisions}
    assert decided == {"9002": Action.CANCEL, "9003": Action.ADOPT, "9004": Action.LEAVE, "9005": Action.CANCEL}
    assert "Orphan orders 5 · cancel 2 (1 proposed) · adopt 1 · leave 1 · undecided 1" in words(compared)
    assert {each.live.id for each in model(compared).checked_records()} == {"9002", "9005"}
    assert exchange.cancelled == []


def test_the_checkbox_means_cancel_and_follows_decisions(compared: OrphansPage, session: StoreSession, qtbot) -> None:
    select(compared, "9001")
    qtbot.keyClick(table(compared), Qt.Key.Key_Space)
    assert session.taken.get(row(compared, "9001").verdict.key) is None
    qtbot.keyClick(table(compared), Qt.Key.Key_Space)
    assert session.taken.get(row(compared, "9001").verdict.key).action is Action.CANCEL

    session.decide([row(compared, "9001").verdict], Action.LEAVE)
    assert "9001" not in {each.live.id for each in model(compared).checked_records()}


def test_a_note_is_kept_with_the_decision_it_was_written_for(
    compared: OrphansPage, session: StoreSession, qtbot
) -> None:
    select(compared, "9004")
    note = next(each for each in compared.findChildren(QLineEdit) if each.accessibleName() == "Note on the decision")
    qtbot.keyClicks(note, "asked the desk, theirs")
    qtbot.mouseClick(button(compared, "Leave"), Qt.MouseButton.LeftButton)
    select(compared, "9005")

    assert session.taken.get(row(compared, "9004").verdict.key).note == "asked the desk, theirs"
    assert note.text() == ""


def test_the_evidence_is_told_by_source_with_times(compared: OrphansPage, qtbot) -> None:
    select(compared, "9002")
    for fact in (
        "Unknown to checkpoint 4.",
        "The bot wrote down that it was about to send sell 0.010 at 36\N{NARROW NO-BREAK SPACE}721.0",
        "2025-11-22 02:58:08 UTC",
        "Open on the exchange: sell 0.010 at 36\N{NARROW NO-BREAK SPACE}721.0",
        "own prefix grid-",
        "grid-9002",
    ):
        qtbot.waitUntil(lambda fact=fact: fact in words(compared))
    select(compared, "9003")
    qtbot.waitUntil(lambda: "reduce-only against the open long position of 0.260 BTC/USDT:USDT" in words(compared))
    assert "protects a position" in [
        each.accessibleName() for each in compared.findChildren(QWidget) if each.isVisible()
    ]


def test_a_long_id_is_broken_into_lines_and_copied_whole(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    name = "grid-x40YYZ7Ae1b2c3d4e5f6a7b8c9d0e1f2_001234567890abcdef"
    exchange.change("9001", client_order_id=name)
    page.resize(816, 620)
    session.connect_exchange(exchange)
    compare(session, qtbot)
    select(page, "9001")
    shown = next(each for each in page.findChildren(BreakingLabel) if each.text() == name)
    area = page.findChild(QScrollArea, "evidence")
    inside = area.widget()
    qtbot.waitUntil(lambda: shown.mapTo(inside, shown.rect().bottomRight()).x() < inside.width())
    qtbot.waitUntil(lambda: shown.height() >= 3 * shown.fontMetrics().height())
    assert inside.width() <= area.viewport().width()
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)
    qtbot.keyClick(shown, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == name


def test_an_order_whose_amount_is_not_told_cannot_be_adopted(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.change("9001", amount=None)
    session.connect_exchange(exchange)
    compare(session, qtbot)
    select(page, "9001")
    qtbot.keyClick(table(page), Qt.Key.Key_A, ALT)
    assert not button(page, "Adopt").isEnabled()
    assert session.taken.get(row(page, "9001").verdict.key).action is Action.CANCEL


@pytest.mark.parametrize("typed", ["36721.0", "36\N{NARROW NO-BREAK SPACE}721.0"])
def test_a_number_is_found_with_and_without_the_gap_that_it_is_shown_with(
    compared: OrphansPage, typed: str, qtbot
) -> None:
    field = next(each for each in compared.findChildren(QLineEdit) if "Filter" in each.placeholderText())
    field.setText(typed)
    qtbot.waitUntil(lambda: [each.key for each in model(compared).shown_records()] == [row(compared, "9002").key])


def test_the_filter_says_what_it_hides_of_the_chosen(compared: OrphansPage, qtbot) -> None:
    field = next(each for each in compared.findChildren(QLineEdit) if "Filter" in each.placeholderText())
    qtbot.keyClicks(field, "eth")
    qtbot.waitUntil(lambda: model(compared).shown_count() == 2)
    assert "2 of 5 · 2 chosen for cancelling not shown" in words(compared)


def test_without_an_exchange_the_next_step_is_to_connect_one(page: OrphansPage, qtbot) -> None:
    assert not page.showing_content
    with qtbot.waitSignal(page.exchange_wanted):
        button(page, "Connect an exchange…").click()


def test_not_compared_offers_to_compare(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    session.connect_exchange(exchange)
    assert "Not compared yet" in words(page)
    with qtbot.waitSignal(session.comparison_changed):
        button(page, "Compare with the exchange").click()
    qtbot.waitUntil(lambda: page.showing_content)


def test_a_failed_comparison_says_what_it_means(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    def fail(_symbols: object) -> None:
        raise ExchangeUnavailable("binanceusdm did not answer within 10 s")

    monkeypatch.setattr(exchange, "read_positions", fail)
    session.connect_exchange(exchange)
    with qtbot.waitSignal(session.failed):
        session.compare()
    assert "did not answer within 10 s" in words(page)
    assert "What it means" in words(page)


@pytest.mark.parametrize(
    ("gap", "title"), [(False, "No orphan orders"), (True, "No orphan orders in what could be read")]
)
def test_all_clear_is_said_only_of_what_was_read(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot, gap: bool, title: str
) -> None:
    for order_id in ("9001", "9002", "9003", "9004", "9005"):
        exchange.change(order_id, status=OrderStatus.CANCELLED)
    if gap:
        exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "HTTP 503"
    session.connect_exchange(exchange)
    compare(session, qtbot)

    lines = words(page).splitlines()
    assert title in lines
    assert any("HTTP 503" in line for line in lines) is gap
    assert any("All 4 scopes were read" in line for line in lines) is not gap


def test_gaps_are_named_above_the_orders(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.unreadable[ScopeKind.CONDITIONAL_ORDERS] = "HTTP 503"
    session.connect_exchange(exchange)
    compare(session, qtbot)
    assert "conditional orders · swap · all symbols" in words(page)
    assert "9003" not in [each.live.id for each in model(page).records()]


@pytest.mark.scenario(29)
def test_an_executed_plan_is_closed_and_what_changed_comes_back_marked(
    compared: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.change("9002", filled=Decimal("0.004"))
    with qtbot.waitSignal(session.report_ready):
        session.execute()
    qtbot.waitUntil(lambda: not session.busy)
    assert cell(compared, "9001", "decision") == "✓ cancelled"
    assert cell(compared, "9002", "decision") == "! changed, not touched"
    before = session.decisions
    select(compared, "9004")
    qtbot.keyClick(table(compared), Qt.Key.Key_C, ALT)
    assert session.decisions == before

    compare(session, qtbot)
    assert cell(compared, "9002", "why").startswith("! Came back: not touched: it changed since it was shown")
    assert "9001" not in [each.live.id for each in model(compared).records()]


def test_a_key_that_can_only_read_is_told_before_anybody_decides(compared: OrphansPage, session: StoreSession) -> None:
    told = "it cannot cancel any, so none is proposed for cancelling"
    assert told not in words(compared)
    assert any(decision.action is Action.CANCEL for decision in session.decisions)
    (kept,) = (each for each in session.comparison.plan.orphans if each.live.id == "9004")
    session.decide([kept], Action.LEAVE)

    session.set_permissions(KeyPermissions(can_read=True, can_trade=False))
    assert told in words(compared)
    assert [(each.order_key, each.action) for each in session.decisions] == [(kept.key, Action.LEAVE)]
    assert not model(compared).checked_records()
    assert "this account's key can only read, so it cannot cancel them" in model(compared)._sections[0].note
    compared._propose()
    assert not any(decision.action is Action.CANCEL for decision in session.decisions)


def test_with_a_key_known_to_read_only_nothing_is_proposed_in_the_first_place(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    session.connect_exchange(exchange)
    session.set_permissions(KeyPermissions(can_read=True, can_trade=False))
    compare(session, qtbot)
    assert any(verdict.preselected for verdict in session.comparison.plan.orphans)
    assert session.decisions == ()


def test_what_was_in_flight_is_told_above_the_orders(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.change("9002", status=OrderStatus.FILLED, filled=Decimal("0.010"))
    session.connect_exchange(exchange)
    compare(session, qtbot)
    plan = session.comparison.plan
    assert [each.kind for each in plan.intents] == [IntentVerdictKind.FILLED]
    assert (
        "▼ sell 0.010 BTC/USDT:USDT at 36\N{NARROW NO-BREAK SPACE}721.0 was about to be sent: it was filled"
        in words(page)
    )


def test_continue_leads_to_the_recovery(compared: OrphansPage, qtbot) -> None:
    with qtbot.waitSignal(compared.page_wanted) as wanted:
        button(compared, "Continue to recovery").click()
    assert wanted.args == ["recovery"]


def test_order_ids_can_be_copied(compared: OrphansPage) -> None:
    select(compared, "9002")
    copy = next(
        each
        for each in compared.findChildren(QWidget)
        if each.accessibleName() == "Copy the order ids" and each.isVisible()
    )
    copy.click()
    assert QGuiApplication.clipboard().text() == "9002\tgrid-9002"


def test_another_session_replaces_everything(compared: OrphansPage, session: StoreSession) -> None:
    compared.set_session(None)
    session.decisions_changed.emit()
    assert "No store is open" in words(compared)


def test_the_model_keeps_qts_rules(compared: OrphansPage, qtmodeltester: Callable) -> None:
    qtmodeltester.check(model(compared))


def test_when_no_order_could_be_read_nothing_is_called_clear(
    page: OrphansPage, session: StoreSession, exchange: ExchangeInMemory, qtbot
) -> None:
    exchange.unreadable = dict.fromkeys((ScopeKind.ORDERS, ScopeKind.CONDITIONAL_ORDERS), "connection refused")
    session.connect_exchange(exchange)
    compare(session, qtbot)
    lines = words(page).splitlines()
    assert "Whether there are orphan orders is not known" in lines
    assert "connection refused" in lines
    assert not any(line.startswith("No orphan orders") for line in lines)
