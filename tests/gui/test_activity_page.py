"""The activity page: the audit log of a real journal."""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from activity_desk import listening_feed, shown_page, words
from orphan_incident import MINUTE, DeskClock, store_before_the_crash
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from crashdesk.audit import AuditEntry, AuditKind
from crashdesk.inspection import StoreView
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_life import UNATTENDED
from crashdesk_gui.audit_log import AuditLog
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Zone
from crashdesk_gui.format import GROUP_SEPARATOR
from crashdesk_gui.language import Language, Languages
from crashdesk_gui.models.activity import LogFeed, audit_columns, told_besides
from crashdesk_gui.models.audit_table import AuditModel
from crashdesk_gui.models.export import csv_text, json_text
from crashdesk_gui.models.table import RecordTableModel
from crashdesk_gui.session import StoreSession
from crashdesk_gui.views.activity_page import ActivityPage
from crashdesk_gui.widgets.filterbar import FilterBar

NOW = 1_763_781_128_000_000_000


ORDER = "normal:BTC/USDT:USDT:9001"


@pytest.fixture
def session(tmp_path: Path, qtbot) -> Iterator[StoreSession]:
    directory = store_before_the_crash(tmp_path / "store", NOW)
    write_entries(directory)
    each = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    each.refresh()
    qtbot.waitUntil(lambda: each.overview is not None)
    yield each
    each.close()


def write_entries(directory: Path) -> None:
    clock = DeskClock(NOW - 180 * MINUTE)
    journal = Journal(directory, clock)
    journal.append(AuditKind.RECOVERY, "recovered: checkpoint 3", who="btc-grid")
    clock.sleep(175 * 60)
    journal.append(AuditKind.DECISION, "cancel buy 0.020", who="ops", order_key=ORDER, data={"action": "cancel"})
    told = {"action": "cancel", "outcome": "refused", "sent": "true"}
    journal.append(AuditKind.OUTCOME, "the exchange said: too many", who="ops", order_key=ORDER, data=told)
    journal.close()


@pytest.fixture
def feed(qtbot) -> Iterator[LogFeed]:
    with listening_feed() as each:
        yield each


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "activity.csv"


@pytest.fixture
def page(ui: UiContext, session: StoreSession, feed: LogFeed, target: Path, qtbot) -> ActivityPage:
    return shown_page(ui, session, feed, target, qtbot)


def shown_entries(page: ActivityPage) -> list[AuditEntry]:
    return page.audit_view.record_model().shown_records()


def column(page: ActivityPage, column_id: str) -> list[str]:
    chosen = next(each for each in page.audit_view.record_model().columns if each.id == column_id)
    return [chosen.text(entry) for entry in shown_entries(page)]


def test_the_newest_entry_comes_first_and_an_outcome_has_its_glyph(page: ActivityPage) -> None:
    assert column(page, "kind") == ["outcome", "decision", "recovery"]
    assert column(page, "outcome") == ["✕ refused", "", ""]
    assert column(page, "order") == ["BTC/USDT:USDT 9001", "BTC/USDT:USDT 9001", ""]
    assert column(page, "action") == ["cancel", "cancel", ""]


def test_there_is_nothing_to_copy_before_there_is_an_entry(page: ActivityPage, session: StoreSession, qtbot) -> None:
    copy = next(each for each in page.findChildren(QPushButton) if each.text() == "Copy")
    assert copy.isEnabled()
    session.overview = msgspec.structs.replace(session.overview, entries=())
    session.overview_changed.emit(session.overview)
    qtbot.waitUntil(lambda: not copy.isEnabled())


def test_who_decided_unattended_can_be_read_whole(page: ActivityPage, session: StoreSession) -> None:
    unattended = msgspec.structs.replace(session.overview.entries[-1], who=UNATTENDED, seq=99)
    session.overview = msgspec.structs.replace(session.overview, entries=(*session.overview.entries, unattended))
    session.overview_changed.emit(session.overview)
    model, view = page.audit_view.record_model(), page.audit_view
    place = next(place for place, each in enumerate(model.columns) if each.id == "who")
    assert UNATTENDED in column(page, "who")
    assert view.columnWidth(place) > view.metrics_of(model.columns[place]).horizontalAdvance(UNATTENDED)


def test_the_head_names_the_zone_once_and_every_time_can_be_read_whole(page: ActivityPage, ui: UiContext) -> None:
    model, view = page.audit_view.record_model(), page.audit_view
    place = next(place for place, each in enumerate(model.columns) if each.id == "at")
    assert model.headerData(place, Qt.Orientation.Horizontal) == "Time · UTC"
    assert column(page, "at")[0] == "11-22 03:07:08"
    ui.display.set_zone(Zone.LOCAL)
    assert model.headerData(place, Qt.Orientation.Horizontal) == "Time"
    for text in column(page, "at"):
        assert view.fontMetrics().horizontalAdvance(text) < view.columnWidth(place)


def test_text_kind_and_time_filter(page: ActivityPage, qtbot) -> None:
    bar = page.findChild(FilterBar)
    for choose, expected in (
        (lambda: bar.set_text("TOO MANY"), ["outcome"]),
        (lambda: bar.set_text("9001"), ["outcome", "decision"]),
        (lambda: bar.set_text(""), ["outcome", "decision", "recovery"]),
    ):
        with qtbot.waitSignal(bar.changed):
            choose()
        assert column(page, "kind") == expected
    kind, time = bar._combos["kind"], bar._combos["time"]
    time.setCurrentIndex(1)
    assert column(page, "kind") == ["outcome", "decision"]
    kind.setCurrentIndex(kind.findData(AuditKind.RECOVERY))
    assert column(page, "kind") == []


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    languages = Languages(qapp, Language.CHINESE)
    yield
    languages.close()


@pytest.mark.usefixtures("chinese")
def test_a_long_log_is_searched_for_what_is_shown(
    ui: UiContext, session: StoreSession, feed: LogFeed, target: Path, qtbot
) -> None:
    page = shown_page(ui, session, feed, target, qtbot)
    texts = ("cancelled, 0 of 0.5 had filled", "about to cancel sell 0.5 of BTC/USDT:USDT at 61000")
    entries = [
        AuditEntry(seq=seq, at=NOW + seq, kind=AuditKind.PROBLEM, who="ops", text=texts[seq % 2])
        for seq in range(1, 6001)
    ]
    show_entries(session, entries)
    for wanted, count in (("已成交", 3000), ("即将撤单：卖出", 3000), ("cancelled", 0), ("问题", 6000), ("ops", 6000)):
        page.findChild(FilterBar).set_text(wanted)
        qtbot.waitUntil(lambda count=count: f"{count} / 6000" in words(page))
    page.findChild(FilterBar).set_text("已成交")
    show_entries(session, [*entries, msgspec.structs.replace(entries[-1], seq=6001, text=texts[0])])
    qtbot.waitUntil(lambda: "3001 / 6001" in words(page))


def show_entries(session: StoreSession, entries: list[AuditEntry]) -> None:
    session.overview = msgspec.structs.replace(session.overview, entries=AuditLog.of(entries))
    session.overview_changed.emit(session.overview)


def test_details_and_copy_tell_the_whole_entry(page: ActivityPage, qtbot) -> None:
    page.audit_view.select_first()

    qtbot.waitUntil(lambda: "the exchange said: too many" in words(page))
    assert "sent" in words(page)
    next(each for each in page.findChildren(QPushButton) if each.text() == "Copy").click()
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied["order_key"] == ORDER
    assert copied["hash"] == shown_entries(page)[0].hash


def test_export_writes_every_column_exactly(page: ActivityPage, target: Path, qtbot) -> None:
    export = next(each for each in page.findChildren(QPushButton) if each.text() == "Export")
    next(each for each in export.menu().actions() if "CSV" in each.text()).trigger()
    written = target.with_name("btc-grid-audit.csv")
    qtbot.waitUntil(written.exists)
    qtbot.waitUntil(lambda: f"Saved as {written}" in words(page))

    with written.open(newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 4
    first = dict(zip(rows[0], rows[1], strict=True))
    entry = shown_entries(page)[0]
    told = datetime.datetime.fromisoformat(first["at"])
    assert (int(told.timestamp()), first["hash"], first["order"], first["outcome"]) == (
        entry.at // 10**9,
        entry.hash,
        ORDER,
        "refused",
    )


def test_an_exported_entry_holds_all_that_is_shown_of_it_exactly(ui: UiContext) -> None:
    data = {
        "action": "leave",
        "outcome": "left",
        "sent": "false",
        "side": "buy",
        "amount": "0.0200000000000000001",
        "price": "",
        "verdict": "own_orphan",
        "evidence": 'exchange: Open, "0" filled.\nrule: Its prefix is grid-.',
        "mode": "live",
        "until": "03:12",
        "plan": "{}",
    }
    entry = AuditEntry(
        seq=7,
        at=NOW + 123456789,
        kind=AuditKind.OUTCOME,
        who="ops",
        text="left",
        order_key=ORDER,
        plan_id="p1",
        data=data,
    )
    model = AuditModel(ui.display)
    model.set_source(AuditLog.of([entry]))
    (in_json,) = json.loads(json_text(model, model.shown_records()))
    (in_csv,) = csv.DictReader(io.StringIO(csv_text(model, model.shown_records())))
    shown = [name for name, value in data.items() if value and name not in ("plan", "until")]
    assert {name: in_json[name] for name in shown} == {name: data[name] for name in shown}
    assert {name: in_csv[name] for name in shown} == {name: data[name] for name in shown}
    assert (in_json["other"], json.loads(in_csv["other"])) == ({"until": "03:12"}, {"until": "03:12"})
    assert in_json["at"].endswith(".123456789Z")
    assert (in_json["order"], in_json["plan_id"], in_json["seq"]) == (ORDER, "p1", 7)
    assert len(told_besides(entry)) == len([name for name in shown if name not in ("action", "outcome")]) + 1
    assert "plan" not in in_json
    assert set(in_csv) == set(in_json)


def test_no_store_and_an_empty_log_say_so(ui: UiContext, feed: LogFeed, tmp_path: Path, qtbot) -> None:
    page = ActivityPage(ui, feed)
    qtbot.addWidget(page)
    page.show()
    assert "No store is open" in words(page)
    directory = store_before_the_crash(tmp_path / "quiet", NOW)
    session = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
    page.set_session(session)
    session.refresh()
    qtbot.waitUntil(lambda: "Nothing has been decided or recovered in this store yet." in words(page))
    session.close()


def test_the_model_keeps_qt_s_rules(ui: UiContext, session: StoreSession, qtmodeltester) -> None:
    model = RecordTableModel(audit_columns(ui.display), key=lambda entry: entry.seq)
    qtmodeltester.check(model)
    model.set_records(session.overview.entries)
    model.set_records(session.overview.entries[1:])


@pytest.mark.parametrize("width", [784, 1054])
def test_what_is_short_takes_what_it_needs_and_the_evidence_the_rest(page: ActivityPage, width: int) -> None:
    page.resize(width, 640)
    for _ in range(3):
        QApplication.processEvents()
    view = page.audit_view
    model = view.record_model()
    widths = {each.id: view.columnWidth(place) for place, each in enumerate(model.columns)}
    for each in view.visible_columns():
        texts = [each.title, *(each.text(entry) for entry in shown_entries(page))]
        needed = max(view.metrics_of(each).horizontalAdvance(text) for text in texts)
        assert needed < widths[each.id], "it is cut"
        if each.id in ("kind", "action", "outcome"):
            assert widths[each.id] <= max(needed + 32, 64), "it stands partly empty"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (Language.ENGLISH, "cancel sell 0.04 BTC/USDT:USDT at 69 120: it is stale"),
        (Language.CHINESE, "撤单卖出 0.04 BTC/USDT:USDT，价格 69 120：it is stale"),
    ],
)
def test_the_evidence_leaves_the_order_s_id_to_the_column_beside_it(
    ui: UiContext, qapp: QApplication, language: Language, shown: str
) -> None:
    text = "cancel sell 0.04 BTC/USDT:USDT at 69120 (order 4810225005): it is stale"
    order = "normal:BTC/USDT:USDT:4810225005"
    entry = AuditEntry(seq=1, at=NOW, kind=AuditKind.DECISION, text=text, who="mara", order_key=order)
    spoken = Languages(qapp, language)
    try:
        column = {each.id: each for each in audit_columns(ui.display)}["text"]
        assert column.text(entry).replace(GROUP_SEPARATOR, " ") == shown
        assert "4810225005" in column.tooltip(entry)
        assert column.export(entry) == text
        elsewhere = msgspec.structs.replace(entry, order_key="normal:BTC/USDT:USDT:17")
        assert "4810225005" in column.text(elsewhere), "another order than that of the column"
    finally:
        spoken.close()
