"""Every page says what the last known state was put together from, and what may be missing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from orphan_incident import MINUTE, DeskClock, exchange_after_the_crash, store_before_the_crash
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from strategies import order

from crashdesk import CheckpointInfo
from crashdesk.changes import Change, ChangeKind
from crashdesk.codec import encode_order
from crashdesk.inspection import BotPresence, StoreView
from crashdesk.storage.journal import Journal
from crashdesk.storage.journal_records import JOURNAL_NAME, Cause
from crashdesk_gui.context import UiContext
from crashdesk_gui.language import Languages
from crashdesk_gui.models.checkpoint_choice import CheckpointChoice, CheckpointChoiceTexts
from crashdesk_gui.models.checkpoints import CheckpointTexts, checkpoint_filter
from crashdesk_gui.session import CheckpointRow, Overview, StoreSession
from crashdesk_gui.situation import Standing, Step, judge
from crashdesk_gui.views.history_page import HistoryPage
from crashdesk_gui.views.history_strip import mark_of
from crashdesk_gui.views.orphans_page import OrphansPage
from crashdesk_gui.views.overview_page import OverviewPage
from crashdesk_gui.views.recovery_page import RecoveryPage
from crashdesk_gui.views.recovery_page import Step as RecoveryStep
from crashdesk_gui.widgets.table import RecordTableView
from crashdesk_gui.widgets.timeline_marks import Mark

NOW = 1_763_781_128_000_000_000
LEARNT = Change(ChangeKind.ORDER, encode_order(order(id="9001", client_order_id="grid-9001")))
INFO = CheckpointInfo(seq=7, timestamp=NOW, directory=Path("checkpoints"))

Spoil = Callable[[Path], None]
Opener = Callable[..., StoreSession]


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> Iterator[None]:
    languages = Languages(qapp)
    yield
    languages.close()


@pytest.fixture
def opened(tmp_path: Path, qtbot) -> Iterator[Opener]:
    """Opens and compares a store with these changes after its newest checkpoint, spoilt in some way."""
    sessions: list[StoreSession] = []

    def open_one(changes: Sequence[Change] = (), spoil: Spoil = lambda _directory: None) -> StoreSession:
        directory = store_before_the_crash(tmp_path / "store", NOW, changes=changes)
        spoil(directory)
        session = StoreSession(StoreView(directory, clock=DeskClock(NOW)), who="ops", clock=DeskClock(NOW))
        sessions.append(session)
        session.refresh()
        qtbot.waitUntil(lambda: session.overview is not None)
        session.connect_exchange(exchange_after_the_crash(NOW))
        compare(session, qtbot)
        return session

    yield open_one
    for page in QApplication.topLevelWidgets():
        if isinstance(page, OverviewPage | HistoryPage | OrphansPage | RecoveryPage) and page._session in sessions:
            page.set_session(None)  # as the desk does before it closes a session
    for session in sessions:
        session.close()


def compare(session: StoreSession, qtbot) -> None:
    with qtbot.waitSignal(session.comparison_changed):
        session.compare()
    qtbot.waitUntil(lambda: not session.busy and not session.watcher.busy)


def without_journal(directory: Path) -> None:
    (directory / JOURNAL_NAME).unlink()


def with_a_ruined_journal(directory: Path) -> None:
    (directory / JOURNAL_NAME).write_bytes(b"no database at all" * 100)


def with_rotten_checkpoints(directory: Path) -> None:
    for file in (directory / "checkpoints").glob("*.zqck"):
        file.write_bytes(file.read_bytes()[:60])


def show(page: Any, session: StoreSession, qtbot) -> Any:
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.set_session(session)
    page.show()
    return page


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def choices(page: RecoveryPage) -> dict[int | None, str]:
    """Why each choice of the first step is proposed or not, by its number."""
    models = [table.record_model() for table in page.findChildren(RecordTableView)]
    model, why = next((model, column) for model in models for column in model.columns if column.id == "why")
    return {record.seq: why.text(record) for record in model.records()}


# A store with changes after its newest checkpoint


def test_the_overview_counts_the_age_from_the_last_change(opened: Opener, ui: UiContext, qtbot) -> None:
    session = opened([LEARNT])
    page = show(OverviewPage(ui), session, qtbot)
    shown = words(page)
    assert "No. 4, 02:58:08 UTC\n+ 1 change until 02:58:08 UTC" in shown
    assert "✓ intact" in shown
    assert "against checkpoint 4 + 1 change" in shown
    assert not any("journal" in text for text in page.notices.texts())
    assert "2 orders need your decision." in page.sentence


def test_the_recovery_says_which_rows_include_the_journal(opened: Opener, ui: UiContext, qtbot) -> None:
    session = opened([LEARNT, LEARNT])
    page = show(RecoveryPage(ui), session, qtbot)
    assert "What differs between the last known state (checkpoint 4 + 2 changes) and binanceusdm" in words(page)

    page.show_step(RecoveryStep.CHECKPOINT)
    assert "Recover from the last known state: checkpoint 4 + 2 changes, 14 min ago" in words(page)
    assert "orders 4, positions 1" in words(page)
    assert choices(page)[4] == "proposed, with 2 later changes"
    assert choices(page)[3] == "as it was, without later changes"


def test_an_orders_evidence_names_what_was_consulted(opened: Opener, ui: UiContext, qtbot) -> None:
    session = opened([LEARNT, LEARNT])
    page = show(OrphansPage(ui), session, qtbot)
    qtbot.waitUntil(lambda: "Unknown to the last known state (checkpoint 4 and 2 journalled changes)." in words(page))


def test_the_difference_with_the_exchange_says_that_it_includes_the_changes(
    opened: Opener, ui: UiContext, qtbot
) -> None:
    session = opened([LEARNT, LEARNT])
    page = show(HistoryPage(ui), session, qtbot)
    page.show_against_exchange()
    qtbot.waitUntil(lambda: "Checkpoint 4 + 2 changes → exchange" in words(page))
    page.select_checkpoint(3)
    page.show_against_exchange()
    qtbot.waitUntil(lambda: "Checkpoint 3 → exchange" in words(page))


def test_a_change_after_the_comparison_outdates_it(opened: Opener, qtbot) -> None:
    session = opened([LEARNT])
    assert judge(session.overview, connected=True, comparison=session.comparison).step is Step.REVIEW
    journal = Journal(session.view.directory, DeskClock(NOW + MINUTE))
    journal.commit([LEARNT])
    journal.close()
    qtbot.waitUntil(lambda: not session.watcher.busy)
    with qtbot.waitSignal(session.overview_changed):
        session.refresh()
    outdated = judge(session.overview, connected=True, comparison=session.comparison)
    assert (outdated.plan, outdated.step) == (None, Step.COMPARE)


# A store whose journal cannot be relied on


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(without_journal, "there is no journal in this store"), (with_a_ruined_journal, "journal.sqlite")],
)
def test_what_may_be_missing_is_said_once_with_what_to_do(
    opened: Opener, ui: UiContext, spoil: Spoil, reason: str, qtbot
) -> None:
    session = opened((), spoil)
    page = show(OverviewPage(ui), session, qtbot)
    assert "! something may be missing" in words(page)
    told = [
        text for text in page.notices.texts() if text.startswith("Something may be missing in the last known state")
    ]
    assert len(told) == 1
    assert reason in told[0]
    assert "what happened after the checkpoint is not known" in told[0]
    assert "Compare with the exchange; what it says decides." in told[0]
    assert "Nothing is in the audit log yet." not in words(page)

    recovery = show(RecoveryPage(ui), session, qtbot)
    recovery.show_step(RecoveryStep.CHECKPOINT)
    assert "Something may be missing" in words(recovery)
    recovery.show_step(RecoveryStep.COMPARE)
    assert words(recovery).count("what happened after the checkpoint is not known") == 1


# A store whose checkpoints are all rotten


def test_the_journal_alone_can_be_recovered_from(opened: Opener, ui: UiContext, qtbot) -> None:
    session = opened([LEARNT], with_rotten_checkpoints)
    assert session.overview.latest is None
    overview = show(OverviewPage(ui), session, qtbot)
    assert "! from the journal alone" in words(overview)
    assert any("No checkpoint can be used" in text for text in overview.notices.texts())
    assert "The bot stopped 14 minutes ago." in overview.sentence

    page = show(RecoveryPage(ui), session, qtbot)
    page.show_step(RecoveryStep.CHECKPOINT)
    assert "Recover from the last known state, 14 min ago" in words(page)
    assert "put together from the journal alone: 7 changes" in words(page)
    assert choices(page)[None] == "proposed: 7 changes, no checkpoint"
    assert page.next_button.isEnabled()
    page.next_button.click()
    qtbot.waitUntil(lambda: not session.busy)
    assert session.comparison.plan.compared == "7 journalled changes without a checkpoint"

    with qtbot.waitSignal(session.report_ready):
        session.execute()
    qtbot.waitUntil(lambda: not session.busy)
    assert session.report.saved is not None


def test_rotten_checkpoints_whose_journal_begins_later_are_no_state(opened: Opener, ui: UiContext, qtbot) -> None:
    def spoil(directory: Path) -> None:
        journal = Journal(directory, DeskClock(NOW))
        journal.trim(journal.last_change)
        journal.close()
        with_rotten_checkpoints(directory)

    session = opened([LEARNT], spoil)
    assert judge(session.overview, connected=True).standing is Standing.CORRUPT
    page = show(OverviewPage(ui), session, qtbot)
    assert "No checkpoint of this store can be trusted." in page.sentence
    assert "None valid" in words(page)


# Rules on their own


def overview(**changes: Any) -> Overview:
    fields: dict[str, Any] = {
        "latest": INFO,
        "rows": (CheckpointRow(info=INFO, summary=None, cause=Cause.RECOVERED),),
        "presence": BotPresence(running=False, holder=None),
    }
    return Overview(**(fields | changes))


@pytest.mark.parametrize(
    ("seen", "standing"),
    [
        (overview(), Standing.RECOVERED),
        (overview(known_changes=3, known_until=NOW + MINUTE), Standing.STOPPED),
        (overview(latest=None, rows=(), known_changes=3, known_until=NOW), Standing.STOPPED),
        (overview(latest=None, rows=()), Standing.EMPTY),
    ],
)
def test_changes_count_as_the_bots_work(seen: Overview, standing: Standing) -> None:
    assert judge(seen, connected=False).standing is standing


def test_a_shutdown_has_its_word_its_mark_and_its_filter(ui: UiContext, qapp: QApplication) -> None:
    row = CheckpointRow(info=INFO, summary=None, cause=Cause.SHUTDOWN)
    texts = CheckpointTexts()
    assert texts.cause(Cause.SHUTDOWN) == "end"
    assert mark_of(row) is Mark.SHUTDOWN
    keep = checkpoint_filter(text="", cause=Cause.SHUTDOWN, integrity=None, since=None, texts=texts, ui=ui)
    assert keep is not None
    assert keep(row)
    assert not keep(CheckpointRow(info=INFO, summary=None, cause=Cause.PERIODIC))
    model = CheckpointChoiceTexts(ui.display, texts).model()
    choice = CheckpointChoice(name="one", seq=7, timestamp=NOW, info=INFO, cause=Cause.SHUTDOWN)
    cause = next(column for column in model.columns if column.id == "cause")
    assert cause.text(choice) == "end"
