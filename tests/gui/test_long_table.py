"""The table of a hundred thousand records: its order, its filter, and what an update leaves where it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from crashdesk import CheckpointInfo
from crashdesk.storage.history import CheckpointSummary
from crashdesk.storage.journal_records import Cause
from crashdesk.storage.names import checkpoint_name
from crashdesk_gui.checkpoint_rows import CheckpointRow, CheckpointRows, Listing
from crashdesk_gui.context import UiContext
from crashdesk_gui.format import time_text
from crashdesk_gui.models.checkpoints import CheckpointModel, CheckpointTexts, checkpoint_filter
from crashdesk_gui.models.export import tsv_text
from crashdesk_gui.models.ranking import rank_decimals
from crashdesk_gui.models.time_texts import searched_texts
from crashdesk_gui.series import DecimalColumn, Series
from crashdesk_gui.theme import Status
from crashdesk_gui.widgets.table import RecordTableView

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
NOW = 1_763_781_128_000_000_000
MINUTE = 60_000_000_000
DIRECTORY = Path("checkpoints")


@dataclass(frozen=True)
class Told:
    """What a row is made of."""

    seq: int
    equity: str = "100"
    cause: Cause | None = Cause.PERIODIC
    problem: str = ""
    known: bool = True
    pinned: bool = False


def rows_of(*told: Told) -> CheckpointRows:
    records = []
    for each in told:
        at = NOW + each.seq * MINUTE
        info = CheckpointInfo(seq=each.seq, timestamp=at, directory=DIRECTORY, pinned=each.pinned)
        summary = CheckpointSummary(
            seq=each.seq,
            at=at,
            equity=Decimal(each.equity),
            unrealized_pnl=Decimal(0),
            positions=1,
            orders=2,
            strategies=0,
            size=99,
        )
        records.append(
            CheckpointRow(info=info, summary=summary if each.known else None, cause=each.cause, problem=each.problem)
        )
    return CheckpointRows.of(records)


def plain(*seqs: int) -> CheckpointRows:
    return rows_of(*(Told(seq) for seq in seqs))


@pytest.fixture
def model(ui: UiContext, qtbot: QtBot) -> CheckpointModel:
    return CheckpointModel(ui, CheckpointTexts())


def column(model: CheckpointModel, name: str) -> int:
    return [each.id for each in model.columns].index(name)


def seqs(model: CheckpointModel) -> list[int]:
    return [row.info.seq for row in model.shown_records()]


def test_a_row_says_of_its_checkpoint_what_the_records_said() -> None:
    rows = rows_of(
        Told(3, "10.5"), Told(4, known=False, problem="torn"), Told(7, "12.25", cause=Cause.TRADE, pinned=True)
    )
    first, corrupt, last = rows
    assert (first.info.seq, first.equity_change, first.summary and first.summary.equity) == (3, None, Decimal("10.5"))
    assert (corrupt.summary, corrupt.problem, corrupt.equity_change) == (None, "torn", None)
    assert (last.cause, last.info.pinned, last.equity_change) == (Cause.TRADE, True, Decimal("1.75"))
    assert rows.find(7) == last
    assert rows.find(5) is None


@given(
    st.lists(st.tuples(st.integers(0, 10**12 - 1), st.integers(-(10**18), 2**63 - 1)), unique_by=lambda each: each[0])
)
def test_a_listing_reads_every_name_that_a_store_writes(files: list[tuple[int, int]]) -> None:
    names = [checkpoint_name(seq, at) for seq, at in files]
    listing = Listing(
        DIRECTORY, [*names, ".checkpoint-000000000001-x.tmp", "notes.txt", *(f"{name}.pin" for name in names[::2])]
    )
    assert list(zip(listing.seqs.tolist(), listing.times.tolist(), strict=True)) == sorted(files)
    pinned = {seq for seq, _at in files[::2]}
    assert {int(seq) for seq in listing.seqs[listing.pinned]} == pinned
    assert [listing.info(place).name for place in range(len(files))] == [
        name for _seq, name in sorted(zip(files, names, strict=True))
    ]


def test_every_column_sorts_and_what_has_no_value_comes_last(model: CheckpointModel) -> None:
    model.set_source(rows_of(Told(1, "9"), Told(2, "10"), Told(3, known=False), Told(4, "9.5", cause=None)))
    assert seqs(model) == [4, 3, 2, 1], "the newest first"
    model.sort(column(model, "equity"), ASCENDING)
    assert seqs(model) == [1, 4, 2, 3]
    model.sort(column(model, "equity"), DESCENDING)
    assert seqs(model) == [2, 4, 1, 3]
    model.sort(column(model, "change"), ASCENDING)
    assert seqs(model) == [4, 2, 1, 3]
    for number in range(len(model.columns)):
        model.sort(number, DESCENDING)
        assert sorted(seqs(model)) == [1, 2, 3, 4]
    model.sort(-1)
    assert seqs(model) == [4, 3, 2, 1]


@given(
    st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-10, max_value=10)
        | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
        | st.sampled_from([Decimal("0E-8"), Decimal("1E+6"), Decimal("-0.0"), Decimal("1E+90")]),
        max_size=30,
    ),
    st.booleans(),
)
def test_decimals_are_in_order_by_their_exact_value_and_equal_ones_by_place(
    values: list[Decimal], negative: bool
) -> None:
    column = DecimalColumn.of(",".join(map(str, values)), negative=negative)
    told = np.arange(0, 2 * len(values), 2)
    ranking = rank_decimals(2 * len(values), told, column.fixed, lambda position: column.exact(position // 2))
    exact = [-value if negative else value for value in values]
    assert [place // 2 for place in ranking.present.tolist()] == sorted(range(len(values)), key=exact.__getitem__)
    assert ranking.absent.tolist() == list(range(1, 2 * len(values), 2))


def test_changes_that_floats_cannot_tell_apart_or_tell_apart_wrongly_are_in_order(model: CheckpointModel) -> None:
    # As floats 0.3 - 0.2 is less than 0.1, and two changes of a large amount are the same.
    equities = ("0.1", "0.2", "0.3", "0.4", "123456789012345678.0", "123456789012345678.7", "123456789012345678.8")
    model.set_source(rows_of(*(Told(number, equity) for number, equity in enumerate(equities, 1))))
    model.sort(column(model, "change"), ASCENDING)
    assert seqs(model) == [2, 3, 4, 7, 6, 5, 1]


def test_an_update_keeps_selection_and_order(model: CheckpointModel, ui: UiContext, qtbot: QtBot) -> None:
    view = RecordTableView(ui, model, "rows", accessible_name="Rows", remember=False)
    qtbot.addWidget(view)
    view.resize(600, 200)
    view.show()
    model.set_source(plain(*range(1, 400)))
    view.select_key(200)
    place = view.visualRect(view.currentIndex()).top()
    model.set_source(plain(*range(50, 420)))
    assert view.selected_keys() == [200]
    assert view.visualRect(view.currentIndex()).top() == place, "what arrives above pushes nothing"
    model.sort(column(model, "seq"), ASCENDING)
    assert (view.selected_keys(), model.row_of(200)) == ([200], 150)
    model.set_filter(lambda rows: rows.seqs % 2 == 0)
    assert view.selected_keys() == [200]
    assert model.shown_count() == 185
    view.selectAll()
    assert len(view.selected_records()) == 185


@settings(max_examples=60, deadline=None)
@given(
    contents=st.lists(st.sets(st.integers(1, 300), max_size=250), min_size=2, max_size=5),
    sorted_by=st.sampled_from([-1, 0, 5]),
    kept=st.sampled_from([1, 2, 3]),
)
def test_any_update_leaves_each_index_on_its_record(contents: list[set[int]], sorted_by: int, kept: int) -> None:
    model = MODELS.model()
    model.set_filter(lambda rows: rows.seqs % kept == 0)
    model.sort(sorted_by, ASCENDING)
    marks: dict[int, QPersistentModelIndex] = {}
    for content in contents:
        model.set_source(plain(*sorted(content)))
        wanted = {seq for seq in content if seq % kept == 0}
        assert sorted(seqs(model)) == sorted(wanted)
        for seq, mark in marks.items():
            found = model.record_at(mark.row()) if mark.isValid() else None
            assert (found.info.seq if found else None) == (seq if seq in wanted else None)
        marks = {seq: QPersistentModelIndex(model.index(model.row_of(seq), 1)) for seq in sorted(wanted)[::7]}


def test_the_model_keeps_qt_s_rules(model: CheckpointModel, qtmodeltester) -> None:
    qtmodeltester.check(model)
    model.set_source(plain(*range(1, 300)))
    model.sort(column(model, "equity"), DESCENDING)
    model.set_filter(lambda rows: rows.seqs % 3 == 0)
    model.set_source(plain(*range(20, 320)))
    model.set_filter(None)
    model.clear()


def test_a_filter_finds_what_is_on_the_screen(ui: UiContext) -> None:
    rows = rows_of(Told(41, cause=Cause.TRADE), Told(42, problem="the checksum is wrong"), Told(43, known=False))
    texts = CheckpointTexts()

    def kept(**wanted: object) -> list[int]:
        told = {"text": "", "cause": None, "integrity": None, "since": None} | wanted
        found = checkpoint_filter(texts=texts, ui=ui, **told)
        assert found is not None
        return rows.seqs[found.mask(rows)].tolist()

    assert kept(text="trade") == [41]
    assert kept(text="checksum") == [42]
    assert kept(text=ui.display.time(NOW + 43 * MINUTE).casefold()) == [43]
    assert kept(text="000000000042-") == [42]
    assert kept(integrity=Status.UNKNOWN) == [43]
    assert kept(integrity=Status.BAD) == [42]
    assert kept(since=NOW + 42 * MINUTE) == [42, 43]
    assert kept(text="nowhere") == []


def test_searched_times_are_those_that_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = plain(1, 2_000, 300_000)
    for zone in (None,):
        shown = [time_text(int(at), zone=zone).casefold().encode() for at in rows.times]
        assert all(time in text for time, text in zip(shown, searched_texts(rows, zone), strict=True))


@pytest.mark.parametrize(
    ("then", "at_hand"),
    [
        (range(1, 1_003), True),
        (range(400, 1_200), True),
        ([*range(1, 1_001, 7), 1_001], True),
        (range(400, 2_000), False),
        ([seq for seq in range(1_002) if seq != 1], False),
    ],
    ids=["appended", "pruned and appended", "thinned out", "many appended", "one came before"],
)
def test_what_is_looked_into_follows_the_rows(ui: UiContext, then: Iterable[int], at_hand: bool) -> None:
    texts, rows = CheckpointTexts(), plain(*then)
    assert not texts.knows_searched(plain(*range(1, 1_001)), ui)
    texts.searched(plain(*range(1, 1_001)), ui)
    assert texts.knows_searched(rows, ui) == at_hand
    assert list(texts.searched(rows, ui)) == list(searched_texts(rows, ui.display.tzinfo))
    assert texts.knows_searched(rows, ui)


def test_a_series_continues_another_only_when_it_was_appended_to() -> None:
    first = plain(1, 2).account
    longer = first.appended(plain(3).account)
    assert longer.continues(first)
    assert not plain(1, 2, 3).account.continues(first)
    assert Series((), longer).continues(Series((), first))
    assert np.array_equal(longer.seqs, [1, 2, 3])
    assert longer.exact_equity(2) == Decimal(100)


class _Models:
    """Hypothesis takes no fixtures of one test for all examples: the context is left here."""

    ui: UiContext

    def model(self) -> CheckpointModel:
        return CheckpointModel(self.ui, CheckpointTexts())


MODELS = _Models()


@pytest.fixture(autouse=True)
def _models(ui: UiContext, qtbot: QtBot) -> None:
    MODELS.ui = ui


def test_many_rows_are_copied_while_the_window_goes_on(ui: UiContext, qtbot: QtBot) -> None:
    model = CheckpointModel(ui, CheckpointTexts())
    view = RecordTableView(ui, model, "copied", accessible_name="Copied", remember=False)
    qtbot.addWidget(view)
    model.set_source(plain(*range(1, 4_001)))
    view.selectAll()
    QGuiApplication.clipboard().setText("before")
    view.copy_selection()
    assert QGuiApplication.clipboard().text() == "before"
    turns: list[int] = []
    ticking = QTimer(view, interval=0)
    ticking.timeout.connect(lambda: turns.append(1))
    ticking.start()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "before", timeout=20_000)
    assert turns
    assert QGuiApplication.clipboard().text() == tsv_text(model, view.selected_records(), view.visible_columns())
