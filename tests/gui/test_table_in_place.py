"""Whatever happens to a table's records one after the other, it stands as one that is made of the last ones alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt

from crashdesk_gui.context import UiContext
from crashdesk_gui.models.table import Column, RecordTableModel, Role, Section
from crashdesk_gui.widgets.table import RecordTableView

STATES = ("", "cancel", "leave it as it is")
GROUPS = ("ours", "theirs")


@dataclass(frozen=True)
class Facts:
    group: str
    price: Decimal | None


@dataclass(frozen=True)
class Row:
    id: int
    facts: Facts
    state: str = ""


COLUMNS = [
    Column[Row](id="state", title="State", text=lambda row: row.state, check=True, whole=True, width=24),
    Column[Row](id="price", title="Price", text=lambda row: str(row.facts.price), numeric=True, width=24),
    Column[Row](id="value", title="Value", text=lambda row: "—", sort=lambda row: row.facts.price),
]
FILTERS = (
    None,
    lambda row: row.state == "cancel",
    lambda row: row.id % 2 == 0,
    lambda row: row.facts.price is None or row.facts.price > 2,
)


def made(*, knows_what_is_fixed: bool, grouped: bool) -> RecordTableModel[Row]:
    """An empty table."""
    return RecordTableModel(
        COLUMNS,
        key=lambda row: row.id,
        checked=lambda row: row.state == "cancel",
        sections=[Section(id=each, title=each) for each in GROUPS] if grouped else (),
        section_of=lambda row: row.facts.group,
        fixed=(lambda row: row.facts) if knows_what_is_fixed else None,
        changing=("state",),
    )


def told(model: RecordTableModel[Row], row: int) -> list[Any]:
    """All that a row says."""
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.CheckStateRole, Role.SECTION, Role.RECORD)
    return [model.index(row, column).data(role) for column in range(len(COLUMNS)) for role in roles]


class Onlooker:
    """Sees of a table what it was told to look at anew, as a view does."""

    def __init__(self, model: RecordTableModel[Row]) -> None:
        self.model = model
        self.seen: dict[int, list[Any]] = {}
        for signal in (model.layoutChanged, model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(lambda *_told: self.seen.clear())
        model.dataChanged.connect(self._look_again)

    def _look_again(self, first: QModelIndex, last: QModelIndex, _roles: object) -> None:
        for row in range(first.row(), last.row() + 1):
            self.seen.pop(row, None)

    def look(self) -> list[list[Any]]:
        return [
            self.seen.setdefault(row, told(self.model, row) if row not in self.seen else [])
            for row in range(self.model.rowCount())
        ]


prices = st.none() | st.integers(0, 5).map(Decimal) | st.just(Decimal("123456789.00000001"))
facts = st.builds(Facts, st.sampled_from(GROUPS), prices)
ids = st.lists(st.integers(0, 7), unique=True, min_size=1)
sorts = st.tuples(st.just("sort"), st.integers(-1, len(COLUMNS) - 1), st.sampled_from(list(Qt.SortOrder)))
steps = st.one_of(
    st.tuples(st.just("decide"), ids, st.sampled_from(STATES)),
    st.tuples(st.just("decide"), ids, st.sampled_from(STATES)),
    st.tuples(st.just("mark"), ids, st.sampled_from(STATES)),
    st.tuples(st.just("filter"), st.sampled_from(FILTERS)),
    sorts,
    st.tuples(st.just("compare"), st.lists(st.tuples(st.integers(0, 7), facts), unique_by=lambda each: each[0])),
    st.tuples(st.just("again")),
)


def do(model: RecordTableModel[Row], step: tuple[Any, ...]) -> None:
    match step:
        case "decide", which, state:
            model.set_records([replace(row, state=state) if row.id in which else row for row in model.records()])
        case "mark", which, state:
            model.replace_records([replace(row, state=state) for row in model.records() if row.id in which])
            # Marked rows stay where they are until the table is told to look.
            model.set_records(model.records())
        case "filter", predicate:
            model.set_filter(predicate)
        case "sort", column, order:
            model.sort(column, order)
        case "compare", found:
            known = {row.id: row.state for row in model.records()}
            model.set_records([Row(number, each, known.get(number, "")) for number, each in found])
        case ("again",):
            model.set_records([replace(row) for row in model.records()])


@pytest.mark.parametrize("knows_what_is_fixed", [True, False])
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    first=st.dictionaries(st.integers(0, 7), facts, min_size=3),
    grouped=st.booleans(),
    sort=sorts,
    taken=st.lists(steps, min_size=1, max_size=12),
)
def test_a_table_stands_as_one_that_is_made_anew(
    ui: UiContext,
    knows_what_is_fixed: bool,
    first: dict[int, Facts],
    grouped: bool,
    sort: tuple[Any, ...],
    taken: list[tuple[Any, ...]],
) -> None:
    model = made(knows_what_is_fixed=knows_what_is_fixed, grouped=grouped)
    view = RecordTableView(ui, model, "rows", accessible_name="Rows", remember=False)
    onlooker = Onlooker(model)
    model.set_records([Row(number, each) for number, each in first.items()])
    predicate = None
    for step in (sort, *taken):
        do(model, step)
        predicate = step[1] if step[0] == "filter" else predicate
        fresh = made(knows_what_is_fixed=knows_what_is_fixed, grouped=grouped)
        fresh.set_filter(predicate)
        fresh.sort(model.sort_column, model.sort_order)
        fresh.set_records(model.records())
        assert onlooker.look() == [told(fresh, row) for row in range(fresh.rowCount())]
        assert model.checked_records() == fresh.checked_records()
        assert model.hidden_checked_count() == fresh.hidden_checked_count()
        assert model.shown_count() == fresh.shown_count()
        for row, record in enumerate(model.shown_records()):
            assert model.row_of(record.id) == row if not grouped else model.record_at(model.row_of(record.id)) == record
        for number in (0, 1):
            texts = [COLUMNS[number].text(record) for record in model.shown_records()]
            needed = max(map(view.fontMetrics().horizontalAdvance, texts), default=0)
            assert view.columnWidth(number) >= needed, "a number has no room"
    view.deleteLater()
    QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("knows_what_is_fixed", [True, False])
def test_a_decision_on_many_scattered_rows_is_seen_in_each(knows_what_is_fixed: bool) -> None:
    model = made(knows_what_is_fixed=knows_what_is_fixed, grouped=True)
    model.set_records([Row(number, Facts(GROUPS[number % 3 == 0], Decimal(number))) for number in range(400)])
    onlooker = Onlooker(model)
    onlooker.look()
    do(model, ("decide", range(1, 400, 2), "cancel"))
    assert onlooker.look() == [told(model, row) for row in range(model.rowCount())]
    assert [row.id for row in model.checked_records()] == list(range(1, 400, 2))
