"""The history page on a real store: what is listed, selected, verified, exported."""

import csv
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from history_desk import (
    MINUTE,
    NOW,
    Answers,
    Incident,
    cell,
    happened,
    look_again,
    opened,
    seqs,
    shown,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from strategies import ManualClock

from crashdesk import StateStore
from crashdesk.audit import AuditKind
from crashdesk.inspection import BotPresence, StoreView
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.lock import LockHolder
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Zone
from crashdesk_gui.exporting import JSON
from crashdesk_gui.models import checkpoints
from crashdesk_gui.models.time_texts import searched_texts
from crashdesk_gui.packed_rows import PackedRows
from crashdesk_gui.session import StoreSession
from crashdesk_gui.theme import Status
from crashdesk_gui.views import history_page
from crashdesk_gui.views.history_actions import verify_bytes
from crashdesk_gui.views.history_page import HistoryPage
from crashdesk_gui.widgets.timeline import missing_spans


@pytest.fixture
def incident(tmp_path: Path) -> Iterator[Incident]:
    with happened(tmp_path / "store") as each:
        yield each


@pytest.fixture
def session(incident: Incident, qtbot) -> Iterator[StoreSession]:
    with opened(incident) as each:
        yield each


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    return Answers(tmp_path)


@pytest.fixture
def page(ui: UiContext, session: StoreSession, answers: Answers, qtbot) -> Iterator[HistoryPage]:
    with shown(ui, session, answers, qtbot) as each:
        yield each


def test_what_a_text_is_looked_for_in_is_written_by_a_worker(
    ui: UiContext, session: StoreSession, incident: Incident, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    writers: list[threading.Thread] = []

    def written(*told: Any) -> PackedRows:
        writers.append(threading.current_thread())
        return searched_texts(*told)

    # Five checkpoints stand for a hundred thousand.
    monkeypatch.setattr(checkpoints, "searched_texts", written)
    monkeypatch.setattr(checkpoints, "_FEW", 0)
    monkeypatch.setattr(history_page, "_LONG", 1)
    ui.settings.set_text(session.key, "history-filter", "0|0|0|trade")
    page = HistoryPage(ui)
    qtbot.addWidget(page)
    page.show()
    page.set_session(session)
    page.filters.settle()
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: seqs(page) == [2])
    assert [row.info.seq for row in page.table.selected_records()] == [2]
    incident.add(5, NOW - 10 * MINUTE, Cause.TRADE)
    look_again(session, qtbot)
    qtbot.waitUntil(lambda: seqs(page) == [6, 2])
    ui.display.set_zone(Zone.LOCAL)
    page.filters.set_text("000000000003-")
    qtbot.waitUntil(lambda: seqs(page) == [3])
    assert len(writers) >= 3
    assert threading.main_thread() not in writers
    page.set_session(None)


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
